"""By which way a message goes: over the connection with the mail server, or through the channel of a role."""

from __future__ import annotations

import ipaddress
import logging
from types import TracebackType
from typing import TYPE_CHECKING

from config.settings import KANAAL, Beveiliging, Modus, Post
from dossiers.outbox import Bericht, Status
from statemachines.errors import Refused

if TYPE_CHECKING:
    from apprise import Apprise

_STATUS = {
    "verzonden": Status.VERZONDEN,
    "later": Status.VRIJGEGEVEN,
    "geweigerd": Status.MISLUKT,
    "onbekend": Status.ONBEKEND,
}


def proof_mailbox(smtp: str) -> tuple[str, int]:
    """Host and port of the mailbox in proof mode; Refused for anything that is not on this machine."""
    host, number = _parted(smtp, "Het postvak", "127.0.0.1:8025")
    try:
        local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise Refused(f"Het postvak '{smtp}' is niet te lezen; schrijf het als 127.0.0.1:8025.") from None
    if not local:
        raise Refused(f"In de proef gaat post alleen naar een postvak op deze computer, zoals 127.0.0.1:8025; '{smtp}' ligt daarbuiten.")
    return host, number


def mail_server(post: Post) -> tuple[str, int]:
    """Host and port to which mail goes in this mode. Raises Refused."""
    if post.modus is Modus.PROEF:
        return proof_mailbox(post.smtp)
    return _parted(post.smtp, "De mailserver", "mail.uw-organisatie.nl:587")


def checked(post: Post) -> None:
    """Raises Refused when the mail server or a channel cannot be read; the sentence never shows the address of a channel."""
    mail_server(post)
    if post.modus is Modus.ECHT:
        for rol, url in post.kanalen.items():
            _channel(rol, url)


class Bezorgweg:
    """The ways of one worker, for use in a ``with``; one connection with the mail server, opened when it is needed."""

    def __init__(self, post: Post) -> None:
        from apprise import Apprise

        from notifications.channels.smtp import KaderSMTP

        host, port = mail_server(post)
        echt = post.modus is Modus.ECHT
        self._plugin = KaderSMTP(
            afzender="",
            host=host,
            port=port,
            beveiliging=post.beveiliging if echt else Beveiliging.GEEN,
            user=post.gebruiker if echt else "",
            password=post.wachtwoord if echt else "",
        )
        self._mail = Apprise()
        self._mail.add(self._plugin)
        self._kanalen = {rol: _channel(rol, url) for rol, url in post.kanalen.items()} if echt else {}

    def __enter__(self) -> Bezorgweg:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._plugin.close()

    def send(self, bericht: Bericht, adres: str, onderwerp: str, raw: str) -> tuple[Status, str]:
        """Hands over one message, and says what came of it: ``raw`` is the whole mail, or the text for a channel."""
        kanaal = self._kanalen.get(bericht.key.ontvanger)
        if kanaal is not None:
            arrived = kanaal.notify(title=onderwerp, body=raw, body_format="text")
            if arrived:
                return Status.VERZONDEN, f"Bezorgd via het kanaal van {bericht.key.ontvanger}."
            return Status.VRIJGEGEVEN, f"Het kanaal van {bericht.key.ontvanger} nam het bericht niet aan."
        self._plugin.afzender = str(bericht.context["afzender"])
        self._mail.notify(title=adres, body=raw)
        return _STATUS[self._plugin.outcome.afloop.value], self._plugin.outcome.melding


def _channel(rol: str, url: str) -> Apprise:
    from apprise import Apprise

    # Apprise writes addresses with their secrets to its log when it cannot use them.
    log = logging.getLogger("apprise")
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    kanaal = Apprise()
    if not kanaal.add(url):
        name = KANAAL + rol.upper().replace("-", "_")
        raise Refused(f"Het kanaal van {rol} is niet te lezen; zet in {name} een adres dat Apprise kent, of haal het weg.")
    return kanaal


def _parted(smtp: str, wat: str, zo: str) -> tuple[str, int]:
    host, _, port = smtp.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal():
        raise Refused(f"{wat} '{smtp}' is niet te lezen; schrijf het als {zo}.")
    return host.strip("[]"), int(port)
