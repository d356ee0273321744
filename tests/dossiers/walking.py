"""Random walks: one dossier on which people do anything, sensible or not, on days that only go forward.

A walk makes every choice with dice, so that its number repeats it, and keeps what it saw for the tests to judge.
What people do on it is in ``doings``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Row, select

from dossiers import journal, nota, outbox, stand, tables
from dossiers.database import reading, writing
from dossiers.overzicht import Overzicht, overzicht
from flows import use_cases, vrijgeven
from flows.house import House
from flows.use_cases import Actor
from statemachines.dossier import Dossier
from statemachines.errors import Refused
from statemachines.journal import Entry
from statemachines.kalender import Onbekend
from statemachines.payloads import Versie
from tests.conftest import Clock

SLUG = "het-stuk"
DAY = timedelta(days=1)
TABLES = (tables.journaal, tables.berichten, tables.teksten, tables.personen, tables.stand, tables.termijnen)
T = TypeVar("T")
Rows = dict[str, Sequence[Row[Any]]]


@dataclass(frozen=True)
class Gezicht:
    """All that there is to see at one moment: every row, the dossier that its journal tells, and its story."""

    rows: Rows
    dossier: Dossier
    verhaal: Overzicht


@dataclass(frozen=True)
class Gezien:
    """What one thing that somebody did came to: what there was before and after it, and the refusal if it was refused.

    ``again`` says that the same opdracht had been sent just before.
    """

    wat: str
    op: date
    before: Gezicht
    after: Gezicht
    refused: str | None
    again: bool


@dataclass
class Wandeling:
    """One dossier on its way; ``dice`` make every choice. The clock and ``op`` stand on the same day; ``now`` is what there is to see."""

    house: House
    clock: Clock
    route: str
    dice: Random
    op: date
    now: Gezicht = field(init=False)
    seen: list[Gezien] = field(default_factory=list)

    # Seeing.

    def look(self) -> Gezicht:
        """What there is to see now, read anew."""
        with reading(self.house.engine) as connection:
            rows: Rows = {t.name: connection.execute(select(t).order_by(*t.primary_key)).all() for t in TABLES}
            self.now = Gezicht(rows, stand.load(connection, self.house.stelsel, SLUG), overzicht(connection, self.house.stelsel, SLUG))
        return self.now

    @property
    def dossier(self) -> Dossier:
        return self.now.dossier

    @property
    def entries(self) -> list[Entry]:
        with reading(self.house.engine) as connection:
            return journal.read(connection, self.house.stelsel, SLUG)

    def the_nota(self) -> nota.Nota:
        with reading(self.house.engine) as connection:
            return nota.nota(connection, self.house.stelsel, SLUG)

    def told(self) -> str:
        """The walk as somebody else can repeat it."""
        lines = [f"{s.op} {s.wat}: {s.refused or f'regel {s.after.dossier.nr}, {s.after.dossier.fase}'}" for s in self.seen]
        return "\n".join([f"route {self.route}", *lines])

    # Choosing.

    def one_of(self, what: Sequence[T]) -> T:
        return self.dice.choice(what)

    def maybe(self, what: T, one_in: int = 2) -> T | None:
        return what if self.dice.randint(1, one_in) == 1 else None

    def some(self, what: Sequence[T], most: int = 3) -> list[T]:
        different = list(dict.fromkeys(what))
        return self.dice.sample(different, self.dice.randint(0, min(most, len(different))))

    def a_datum(self) -> date:
        """Mostly today, often earlier, sometimes a day that has not come yet."""
        return self.op + self.one_of((0, 0, 0, 0, -3, -20, -70, 5)) * DAY

    def a_werkdag(self) -> date:
        werkdag = self.dossier.stelsel.werkkalender.roll(self.op + self.dice.randint(-10, 130) * DAY)
        assert not isinstance(werkdag, Onbekend)
        return werkdag

    def a_plek(self) -> tuple[tuple[str, ...], str | None, Versie | None]:
        """The part of the document that something is about."""
        stuk = self.one_of([None, None, *self.dossier.stukken])
        if stuk is None:
            return (), None, None
        versie = self.one_of(self.dossier.stukken[stuk])
        return tuple(self.some([*versie.onderdelen, "geen-onderdeel"], 1)), stuk, versie.versie

    # Doing.

    @property
    def actor(self) -> Actor:
        return Actor("aob", "cli", str(uuid4()), self.op)

    def attempt(self, wat: str, do: Callable[[Actor], object]) -> bool:
        """Does something and keeps what it came to; a refusal is a fine answer. What was done may be sent again by a nervous hand."""
        actor = self.actor
        for again in (False, True) if self.maybe(True, 9) else (False,):
            before, refused = self.now, None
            try:
                do(actor)
            except Refused as refusal:
                refused = str(refusal)
            self.seen.append(Gezien(f"nog eens: {wat}" if again else wat, self.op, before, self.look(), refused, again))
        return self.seen[-1].refused is None

    def go(self, op: date) -> None:
        """Time passes until ``op``."""
        self.op = max(op, self.op)
        self.clock.at = datetime.combine(self.op, time(9), UTC)

    def passes(self) -> None:
        """Days pass; mostly the round is done on the last of them."""
        self.go(self.op + self.dice.randint(0, 50) * DAY)
        if not self.maybe(True, 4):
            self.round_()

    def round_(self) -> bool:
        return self.attempt("dagronde", lambda actor: list(use_cases.daily_round(self.house, actor.op, "cli")))

    def deliver(self) -> None:
        """What waits is given free and goes, but for a few that cannot be reached."""

        def do(actor: Actor) -> None:
            vrijgeven.release(self.house, actor, None, None)
            with writing(self.house.engine) as connection:
                taken = outbox.claim(connection, self.house.stelsel, "test", self.house.now(), timedelta(minutes=5), 1000)
                for i, bericht in enumerate(taken):
                    status = outbox.Status.MISLUKT if i % 10 == 9 else outbox.Status.VERZONDEN
                    outbox.mark(connection, self.house.stelsel, bericht.key, "test", status, None, self.house.now())

        self.attempt("bezorgen", do)

    def step(self, wat: Sequence[str]) -> None:
        """One thing of these happens."""
        getattr(self, self.one_of(wat))()


def texts_of(entries: Sequence[Entry]) -> list[str]:
    """The ids of every text and person that the entries name, in order."""

    def ids(value: object) -> Iterator[str]:
        if isinstance(value, dict) and value.keys() == {"id", "sha256"}:
            yield value["id"]
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                yield from ids(part)

    return list(dict.fromkeys(ident for e in entries for ident in ids(e.payload.model_dump(mode="json"))))
