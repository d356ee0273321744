"""What waits for a person: who agreed with it first, and giving it free by one or by two.

Whoever agreed is kept with the message (``akkoord_door``). What is told instead of it is another message, which begins without.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select, tuple_

from dossiers import outbox
from dossiers.outbox import Bericht, Key, Status
from dossiers.tables import berichten

_KEY = (berichten.c.slug, berichten.c.soort, berichten.c.ontvanger, berichten.c.datumversie)


@dataclass(frozen=True)
class Wachtend:
    """A message that waits, and the role that agreed with it; None while nobody did."""

    bericht: Bericht
    akkoord_door: str | None

    @property
    def key(self) -> Key:
        """Which message it is."""
        return self.bericht.key


@dataclass(frozen=True)
class Vrijgave:
    """How many messages were given free, and how many got the first of two agreements."""

    vrijgegeven: int
    akkoord: int

    def __add__(self, other: Vrijgave) -> Vrijgave:
        return Vrijgave(self.vrijgegeven + other.vrijgegeven, self.akkoord + other.akkoord)


def waiting(connection: Connection, stelsel: str, dossier: str | None = None, soort: str | None = None) -> list[Wachtend]:
    """Everything that waits for a person, in order of making."""
    query = select(berichten).where(berichten.c.stelsel == stelsel, berichten.c.status == Status.KLAARGEZET.value)
    for column, value in ((berichten.c.slug, dossier), (berichten.c.soort, soort)):
        query = query if value is None else query.where(column == value)
    rows = connection.execute(query.order_by(berichten.c.aangemaakt, *_KEY))
    return [Wachtend(outbox.as_bericht(row), row.akkoord_door) for row in rows]


def give_free(connection: Connection, stelsel: str, slug: str, keys: Collection[Key], door: str, moment: str, twee: bool) -> Vrijgave:
    """Gives those of these messages of one dossier free that still wait; the caller holds the lock of that dossier.

    With ``twee`` a message goes only when another role agreed before; otherwise this role agrees with it, and it keeps waiting.
    """
    if not twee:
        return Vrijgave(outbox.release(connection, stelsel, keys, door, moment), 0)
    chosen = set(keys)
    here = [w for w in waiting(connection, stelsel, slug) if w.key in chosen]
    second = [w.key for w in here if w.akkoord_door not in (None, door)]
    given = outbox.release(connection, stelsel, second, door, moment) if second else 0
    return Vrijgave(given, _agree(connection, stelsel, [w.key for w in here if w.akkoord_door is None], door))


def _agree(connection: Connection, stelsel: str, keys: Collection[Key], door: str) -> int:
    if not keys:
        return 0
    chosen = tuple_(*_KEY).in_([(k.slug, k.soort, k.ontvanger, k.datumversie) for k in keys])
    free = (berichten.c.status == Status.KLAARGEZET.value, berichten.c.akkoord_door.is_(None))
    return connection.execute(berichten.update().where(berichten.c.stelsel == stelsel, chosen, *free).values(akkoord_door=door)).rowcount
