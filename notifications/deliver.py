"""Delivery: claim, send, mark each message at once. At least once, at most one copy more per crash, always the same Message-ID."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jinja2 import TemplateError
from sqlalchemy import Connection, Engine

from config.settings import Post
from dossiers import adressen, outbox
from dossiers.adressen import ENDED
from dossiers.database import reading, writing
from dossiers.outbox import Bericht, Status
from dossiers.teksten import read_teksten
from notifications.mail import build
from notifications.render import Rendered, named_teksten, render
from statemachines.errors import Refused

LEASE = timedelta(minutes=30)
"""How long a claim holds; renewed when a tenth of it has passed. Longer than the slowest mail server may take over one message."""
BATCH = 50
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=60), timedelta(hours=4))
"""How long to wait after the first, second, third and every later attempt."""


@dataclass(frozen=True)
class Bezorgd:
    """What became of one message."""

    bericht: Bericht
    status: Status
    melding: str


def proof_mailbox(smtp: str) -> tuple[str, int]:
    """Host and port of the mailbox in proof mode; Refused for anything that is not on this machine."""
    host, _, port = smtp.rpartition(":")
    try:
        local = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
        number = int(port)
    except ValueError:
        raise Refused(f"Het postvak '{smtp}' is niet te lezen; schrijf het als 127.0.0.1:8025.") from None
    if not local:
        raise Refused(f"In de proef gaat post alleen naar een postvak op deze computer, zoals 127.0.0.1:8025; '{smtp}' ligt daarbuiten.")
    return host.strip("[]"), number


def deliver(engine: Engine, stelsel: str, post: Post, now: Callable[[], datetime], eigenaar: str) -> Iterator[Bezorgd]:
    """Sends every message that is free to go and says of each what became of it. Several deliverers can work at once.

    In proof mode everything goes to the mailbox on this machine, and only to addresses under ``.example``.
    """
    host, port = proof_mailbox(post.smtp)
    while True:
        with writing(engine) as connection:
            batch = outbox.claim(connection, stelsel, eigenaar, now(), LEASE, BATCH)
        if not batch:
            return
        yield from _send_all(engine, stelsel, host, port, now, eigenaar, batch)


def preview(connection: Connection, stelsel: str, bericht: Bericht) -> Rendered:
    """A message of the outbox as its recipient will read it."""
    teksten = read_teksten(connection, stelsel, named_teksten(bericht.context))
    return render(outbox.read_sjablonen(connection, stelsel, bericht.sjablonen), bericht.key.soort, bericht.context, teksten)


def _send_all(
    engine: Engine, stelsel: str, host: str, port: int, now: Callable[[], datetime], eigenaar: str, batch: list[Bericht]
) -> Iterator[Bezorgd]:
    from apprise import Apprise

    from notifications.channels.smtp import KaderSMTP

    plugin = KaderSMTP(afzender="", host=host, port=port)
    channel = Apprise()
    channel.add(plugin)
    renewed, held = now(), {bericht.key for bericht in batch}
    try:
        with reading(engine) as connection:
            prepared = [(bericht, *_prepared(connection, stelsel, bericht)) for bericht in batch]
        for bericht, adres, raw in prepared:
            if now() - renewed > LEASE / 10:
                renewed = now()
                with writing(engine) as connection:
                    held = outbox.renew(connection, stelsel, eigenaar, held, renewed, LEASE)
            if bericht.key not in held:
                continue
            held.remove(bericht.key)
            if adres is None:
                status, melding = Status.MISLUKT, raw.decode()
            else:
                plugin.afzender = str(bericht.context["afzender"])
                channel.notify(title=adres, body=raw.decode("ascii"))
                status, melding = _status(plugin.outcome.afloop.value), plugin.outcome.melding
            later = now() + RETRIES[min(bericht.pogingen, len(RETRIES) - 1)] if status is Status.VRIJGEGEVEN else None
            with writing(engine) as connection:
                ours = outbox.mark(connection, stelsel, bericht.key, eigenaar, status, melding, now(), later)
            if ours:
                yield Bezorgd(bericht, status, melding)
    finally:
        plugin.close()
        if held:
            with writing(engine) as connection:
                for key in held:
                    outbox.mark(connection, stelsel, key, eigenaar, Status.VRIJGEGEVEN, None, now())


def _status(afloop: str) -> Status:
    return {"verzonden": Status.VERZONDEN, "later": Status.VRIJGEGEVEN, "geweigerd": Status.MISLUKT, "onbekend": Status.ONBEKEND}[afloop]


def _prepared(connection: Connection, stelsel: str, bericht: Bericht) -> tuple[str | None, bytes]:
    """The address and the bytes; without a usable address, None and the reason in Dutch."""
    known = adressen.current(connection, stelsel, bericht.key.ontvanger)
    adres = known.adres if known is not None and known.status not in ENDED else None
    if adres is None:
        return None, f"Er is geen adres van {bericht.key.ontvanger}.".encode()
    if not adres.endswith(".example"):
        return None, b"In de proef gaat post alleen naar adressen die op .example eindigen."
    try:
        rendered = preview(connection, stelsel, bericht)
    except (TemplateError, Refused, LookupError, TypeError, ValueError) as error:
        # One message that cannot be made must not keep all others from being sent.
        return None, f"Het bericht is niet te maken ({type(error).__name__}).".encode()
    try:
        return adres, build(stelsel, bericht, rendered, adres)
    except ValueError:
        return None, f"Het adres van {bericht.key.ontvanger} is geen e-mailadres.".encode()
