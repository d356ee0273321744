"""The bytes of a real mail, with and without its calendar item, against `EmailMessage` making the same mail."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.timing import in_turns, report
from config import MRA
from config.settings import Post, Settings
from dossiers.database import connect
from dossiers.outbox import Bericht
from flows.house import House
from notifications.mail import build
from notifications.render import Rendered
from tests.notifications.telling import a_released, as_read, rows
from tests.notifications.test_mail import an_agenda, reference_build

TIMES = 50
Work = tuple[Bericht, Rendered, str]


def _real() -> tuple[Bericht, Rendered]:
    """What a griffie reads when an inbrengmoment opens."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'kader.db'}"
        house = House(Settings(Path(folder), url, MRA, Post("127.0.0.1:0")), connect(url))
        a_released(house, titel="Voortgangsnota Metropoolregio 2026: coördinatie")
        bericht = rows(house)[0]
        read = as_read(house, bericht)
        house.engine.dispose()
    return bericht, read


def _different(bericht: Bericht, read: Rendered) -> Iterator[Work]:
    """Another recipient, name and subject each time, so that nothing made for one message helps the next."""
    for n in count():
        key = replace(bericht.key, datumversie=n)
        context = {**bericht.context, "ontvanger_naam": f"griffie van gemeente {n}"}
        yield replace(bericht, key=key, context=context), replace(read, onderwerp=f"{read.onderwerp} {n}"), f"griffie-{n}@post.example"


def _all(maker: Callable[[str, Bericht, Rendered, str], bytes], work: Iterator[Work]) -> None:
    for _ in range(TIMES):
        maker("mra", *next(work))


def run() -> None:
    """In turns in one process; both ways make the calendar item anew for each message."""
    bericht, real = _real()
    for what, read in (("zonder agenda", replace(real, agenda=None)), ("met agenda", replace(real, agenda=an_agenda()))):
        ours, theirs = _different(bericht, read), _different(bericht, read)
        a, b = in_turns(lambda work=ours: _all(build, work), lambda work=theirs: _all(reference_build, work), 15)  # type: ignore[misc]
        report(
            f"bytes van een bericht, {what}",
            ">= 4 x EmailMessage",
            b / a >= 4,
            verhouding=b / a,
            ons_ms=1000 * a / TIMES,
            emailmessage_ms=1000 * b / TIMES,
            bytes=len(build("mra", *next(ours))),
        )
