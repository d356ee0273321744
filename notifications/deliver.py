"""Delivery: claim, send, mark each message at once. At least once, at most one copy more per crash, always the same Message-ID.

What is tried again, and how long: a failure that may pass after 1, 10 and 60 minutes and then every 4 hours, until it has lasted
`PATIENCE` and `ATTEMPTS` were made; then it is ``mislukt``. A message of which nobody knows whether it arrived is ``onbekend`` and is
sent once more after `DOUBT`, the same mail, unless the last day that it names is over then; what comes of that is the end of it. A
person is told of both.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine

from config.settings import Modus, Post
from dossiers import adressen, outbox, stelsels, verzamelpost
from dossiers.adressen import Adresregel
from dossiers.database import reading, writing
from dossiers.outbox import Bericht, Key, Status
from notifications.bezorgwegen import Bezorgweg, checked
from notifications.kijk import MOVED, OPENED
from notifications.mail import build
from notifications.messages import last_told
from notifications.onbestelbaar import tell_failure
from notifications.verzamelen import Mail, NotMade, joined_kinds, made, personen, same_person
from notifications.verzendtijd import AMSTERDAM, day_of, verzendtijd
from statemachines.errors import Refused
from statemachines.stelsel import Stelsel

LEASE = timedelta(minutes=30)
"""How long a claim holds; renewed when a tenth of it has passed. Longer than the slowest mail server may take over one message."""
BATCH = 50
RETRIES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(minutes=60), timedelta(hours=4))
"""How long to wait after the first, second, third and every later attempt."""
PATIENCE, ATTEMPTS = timedelta(days=5), 10
"""After so long since it was given free, and at least so many attempts, a failure that did not pass is final."""
DOUBT = timedelta(hours=24)
"""How long to wait after an answer was lost."""


@dataclass(frozen=True)
class Bezorgd:
    """What became of one message."""

    bericht: Bericht
    status: Status
    melding: str


@dataclass(frozen=True)
class _Ready:
    """A mail as it can be handed over; without ``raw`` it cannot, for the reason in ``melding``."""

    mail: Mail
    adres: str = ""
    adres_nr: int | None = None
    onderwerp: str = ""
    raw: str = ""
    melding: str = ""


def deliver(engine: Engine, stelsel: str, post: Post, now: Callable[[], datetime], eigenaar: str, nu: bool = False) -> Iterator[Bezorgd]:
    """Sends every message that is free to go and says of each what became of it, over ``post.verbindingen`` connections at once.

    Several deliverers can work at once, each under its own ``eigenaar``. In proof mode everything goes to the mailbox on this machine.
    With ``nu`` also outside the hours of the facts, and to who got a mail today already; refused in mode ``echt``. Raises Refused
    before anything is taken when a mail server or channel cannot be read.
    """
    if nu and post.modus is Modus.ECHT:
        raise Refused("In modus echt gaan berichten alleen op de afgesproken uren; laat --nu weg.")
    checked(post)
    stop = threading.Event()
    workers = [_Worker(engine, stelsel, post, now, f"{eigenaar}/{nr}", nu, stop) for nr in range(1, post.verbindingen + 1)]
    yield from workers[0].work() if len(workers) == 1 else _together(workers, stop)


def closed_until(engine: Engine, stelsel: str, moment: datetime) -> str | None:
    """In Dutch that nothing goes at this moment and when it does; None when it goes."""
    with reading(engine) as connection:
        feiten = _facts(connection, stelsel, moment)
    return None if feiten is None else verzendtijd(feiten).why_not(moment)


def _together(workers: list[_Worker], stop: threading.Event) -> Iterator[Bezorgd]:
    done: queue.Queue[Bezorgd | BaseException | None] = queue.Queue()

    def run(worker: _Worker) -> None:
        try:
            for bezorgd in worker.work():
                done.put(bezorgd)
        except BaseException as error:
            done.put(error)
        finally:
            done.put(None)

    # Daemons: who presses Ctrl-C twice does not wait for a mail server that is silent; the lease sees to what was taken.
    threads = [threading.Thread(target=run, args=(worker,), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    working = len(threads)
    try:
        while working:
            found = done.get()
            if isinstance(found, BaseException):
                raise found
            if found is None:
                working -= 1
            else:
                yield found
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class _Worker:
    """One connection: takes, hands over and marks until nothing is left that may go."""

    def __init__(
        self, engine: Engine, stelsel: str, post: Post, now: Callable[[], datetime], eigenaar: str, nu: bool, stop: threading.Event
    ) -> None:
        self.engine, self.stelsel, self.post, self.now, self.eigenaar, self.nu, self.stop = engine, stelsel, post, now, eigenaar, nu, stop
        self.held: set[Key] = set()
        self.renewed = now()

    def work(self) -> Iterator[Bezorgd]:
        with Bezorgweg(self.post) as weg:
            while not self.stop.is_set() and (taken := self._claim()):
                with self._handing_back(taken):
                    for ready in self._prepared(taken):
                        if self.stop.is_set():
                            break
                        yield from self._send(weg, ready)

    def _claim(self) -> list[Mail]:
        self.renewed = moment = self.now()
        with writing(self.engine) as connection:
            feiten = _facts(connection, self.stelsel, moment)
            if feiten is not None and not self.nu and not verzendtijd(feiten).is_open(moment):
                return []
            soorten = joined_kinds(feiten) if feiten is not None else frozenset[str]()
            mine = (self.eigenaar, moment, LEASE, BATCH)
            alone = outbox.claim(connection, self.stelsel, *mine, soorten)
            if alone:
                return [Mail((bericht,)) for bericht in alone]
            mails = verzamelpost.begun_mails(connection, self.stelsel, *mine)
            if not mails and soorten:
                wie = personen(connection, self.stelsel, self._kanalen)
                mails = verzamelpost.new_mails(connection, self.stelsel, soorten, wie, day_of(moment, self.nu), *mine)
            return [Mail(tuple(mail)) for mail in mails]

    @property
    def _kanalen(self) -> dict[str, str]:
        return dict(self.post.kanalen) if self.post.modus is Modus.ECHT else {}

    @contextmanager
    def _handing_back(self, taken: list[Mail]) -> Iterator[None]:
        self.held = {key for mail in taken for key in mail.keys}
        try:
            yield
        finally:
            if self.held:
                with writing(self.engine) as connection:
                    outbox.hand_back(connection, self.stelsel, self.held, self.eigenaar)

    def _prepared(self, taken: list[Mail]) -> list[_Ready]:
        """The mails as they go out; when a person has another address than the rest by now, without what is for that person."""
        ready: list[_Ready] = []
        moved: list[Key] = []
        with reading(self.engine) as connection:
            for mail in taken:
                found = {wie: self._usable(connection, wie) for wie in dict.fromkeys(key.ontvanger for key in mail.keys)}
                here, elsewhere = same_person(mail.berichten, {wie: regel for wie, (regel, _) in found.items()})
                ready += self._made(connection, Mail(tuple(here)), *found[mail.eerste.key.ontvanger])
                moved += [bericht.key for bericht in elsewhere]
        if moved:
            with writing(self.engine) as connection:
                outbox.hand_back(connection, self.stelsel, moved, self.eigenaar, uit_mail=True)
            self.held.difference_update(moved)
        return ready

    def _usable(self, connection: Connection, ontvanger: str) -> tuple[Adresregel | None, str]:
        return adressen.usable(connection, self.stelsel, ontvanger, self.post.modus is Modus.ECHT)

    def _made(self, connection: Connection, mail: Mail, regel: Adresregel | None, why: str) -> list[_Ready]:
        kanaal = mail.eerste.key.ontvanger in self._kanalen
        if not kanaal and (regel is None or regel.adres is None):
            return [_Ready(mail, melding=why)]
        try:
            rendered = made(connection, self.stelsel, mail)
        except NotMade as error:
            if len(mail.berichten) > 1:
                return self._without_the_broken(connection, mail, regel, why, error)
            return [_Ready(mail, melding=str(error))]
        if kanaal:
            return [_Ready(mail, onderwerp=rendered.onderwerp, raw=rendered.tekst)]
        assert regel is not None and regel.adres is not None
        try:
            raw = build(self.stelsel, mail.envelope, rendered, regel.adres, mail.naam).decode("ascii")
        except (ValueError, LookupError):
            return [_Ready(mail, melding=f"Het adres van {mail.eerste.key.ontvanger} is geen e-mailadres.")]
        except Exception as error:
            # Whatever the libraries for headers and agendas raise on what people wrote, the other mails must go.
            return [_Ready(mail, melding=str(NotMade(type(error).__name__)))]
        return [_Ready(mail, regel.adres, regel.nr, rendered.onderwerp, raw)]

    def _without_the_broken(self, connection: Connection, mail: Mail, regel: Adresregel | None, why: str, error: NotMade) -> list[_Ready]:
        alone = [self._made(connection, Mail((bericht,)), regel, why)[0] for bericht in mail.berichten]
        whole = [ready.mail.eerste for ready in alone if ready.raw]
        broken = [ready for ready in alone if not ready.raw]
        if not broken:  # given back they would make the same mail again, for ever
            return [_Ready(mail, melding=f"Deze berichten zijn niet samen in een mail te maken ({error.fout}).")]
        return [*broken, *(self._made(connection, Mail(tuple(whole)), regel, why) if whole else [])]

    def _send(self, weg: Bezorgweg, ready: _Ready) -> Iterator[Bezorgd]:
        if self.now() - self.renewed > LEASE / 10:
            self.renewed = self.now()
            with writing(self.engine) as connection:
                self.held = outbox.renew(connection, self.stelsel, self.eigenaar, self.held, self.renewed, LEASE)
        keys = set(ready.mail.keys)
        if not keys <= self.held:
            return
        status, melding = Status.MISLUKT, ready.melding
        if ready.raw:
            self.held -= keys  # from here on nobody knows whether it went, so it is not given back
            status, melding = weg.send(ready.mail.eerste, ready.adres, ready.onderwerp, ready.raw)
        self.held -= keys
        yield from self._marked(ready, status, melding)

    def _marked(self, ready: _Ready, status: Status, melding: str) -> list[Bezorgd]:
        moment = self.now()
        done = []
        with writing(self.engine) as connection:
            feiten = _facts(connection, self.stelsel, moment) if status in (Status.MISLUKT, Status.ONBEKEND, Status.VRIJGEGEVEN) else None
            for bericht in ready.mail.berichten:
                became, said, later = _after(bericht, status, melding, moment)
                if became is Status.ONBEKEND and later is not None and feiten is not None:
                    later = later if _holds(bericht, verzendtijd(feiten).next_opening(later)) else None
                mark = (connection, self.stelsel, bericht.key, self.eigenaar, became, said, moment, later, ready.adres_nr)
                if outbox.mark(*mark):
                    done.append(Bezorgd(bericht, became, said))
                    if feiten is not None:
                        tell_failure(connection, feiten, bericht, became, said, moment)
        return done


def _after(bericht: Bericht, status: Status, melding: str, moment: datetime) -> tuple[Status, str, datetime | None]:
    """What a message becomes by what was said of it, and before which moment it is not tried again."""
    doubted = bericht.may_have_arrived
    if status is Status.ONBEKEND:
        return (status, melding, None if doubted else moment + DOUBT)
    if status is not Status.VRIJGEGEVEN:
        return (status, melding, None)
    since = datetime.fromisoformat(bericht.vrijgegeven or bericht.aangemaakt)
    if moment - since > PATIENCE and bericht.pogingen + 1 >= ATTEMPTS:
        final = Status.ONBEKEND if doubted else Status.MISLUKT
        return (final, f"Na {bericht.pogingen + 1} pogingen gestopt. De laatste keer: {melding}", None)
    return (Status.ONBEKEND if doubted else status, melding, moment + RETRIES[min(bericht.pogingen, len(RETRIES) - 1)])


def _holds(bericht: Bericht, moment: datetime) -> bool:
    """Whether what it says can be done until some day, can still be done at this moment; true of what names no such day."""
    if bericht.key.soort not in (OPENED, MOVED) or "tot_en_met" not in bericht.context:
        return True
    return moment.astimezone(AMSTERDAM).date() <= date.fromisoformat(last_told(bericht.context))


def _facts(connection: Connection, stelsel: str, moment: datetime) -> Stelsel | None:
    """The facts of this day, or else the last that were accepted; None before any were."""
    for op in (moment.astimezone(AMSTERDAM).date(), date.max):
        digest = stelsels.current_digest(connection, stelsel, op)
        if digest is not None:
            return stelsels.by_digest(connection, stelsel, digest)
    return None
