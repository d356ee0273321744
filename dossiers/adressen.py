"""Where recipients can be reached: every change is a row of its own, and the last one counts. No other table holds an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select, tuple_

from dossiers.tables import adressen
from statemachines.facts import Adres


class Adresstatus(StrEnum):
    """How sure an address is; ``beeindigd`` and ``onbestelbaar`` are not used any more, for the reason in the note."""

    VOORBEELD = "voorbeeld"
    OPGEGEVEN = "opgegeven"
    BEVESTIGD = "bevestigd"
    BEEINDIGD = "beeindigd"
    ONBESTELBAAR = "onbestelbaar"


ENDED = frozenset({Adresstatus.BEEINDIGD, Adresstatus.ONBESTELBAAR})
"""Nothing goes there any more."""

_BEGINS = frozenset({Adresstatus.VOORBEELD, Adresstatus.OPGEGEVEN})
"""With these another address begins; the other states say something of the one before."""

_GONE = "staat niet meer in de bestanden van het stelsel"


@dataclass(frozen=True)
class Adresregel:
    """What was known of the address of a recipient from one moment on; ``adres`` is None after it was erased."""

    ontvanger: str
    nr: int
    status: Adresstatus
    adres: str | None
    notitie: str
    door: str
    vastgelegd: str

    @property
    def in_use(self) -> bool:
        """Whether it is an address that did not end."""
        return self.adres is not None and self.status not in ENDED


def current(connection: Connection, stelsel: str, ontvanger: str) -> Adresregel | None:
    """The address of a recipient as it stands now; None when nobody ever gave one."""
    query = select(adressen).where(adressen.c.stelsel == stelsel, adressen.c.ontvanger == ontvanger).order_by(adressen.c.nr.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _regel(row)


def usable(connection: Connection, stelsel: str, ontvanger: str, modus_echt: bool) -> tuple[Adresregel | None, str]:
    """The address to which mail to this recipient may go now, or None and in Dutch why not; the sentence never holds an address."""
    regel = current(connection, stelsel, ontvanger)
    waarom = why_not(regel, ontvanger, modus_echt)
    return (None, waarom) if waarom else (regel, "")


def why_not(regel: Adresregel | None, ontvanger: str, modus_echt: bool) -> str:
    """In Dutch why no mail may go to this address; empty when it may.

    In mode ``proef`` only to addresses under ``.example``, in mode ``echt`` only to what the secretariat confirmed.
    """
    if regel is None:
        return f"Er is geen adres van {ontvanger}."
    if regel.status in ENDED:
        return f"Het adres van {ontvanger} is {regel.status.value}; leg een nieuw adres vast."
    if regel.adres is None:
        return f"Het adres van {ontvanger} is gewist; leg een nieuw adres vast."
    if modus_echt and regel.status is not Adresstatus.BEVESTIGD:
        return f"Het adres van {ontvanger} is nog niet bevestigd; in modus echt gaat post alleen naar bevestigde adressen."
    if not modus_echt and not regel.adres.lower().endswith(".example"):
        return "In de proef gaat post alleen naar adressen die op .example eindigen."
    return ""


def add(
    connection: Connection, stelsel: str, ontvanger: str, status: Adresstatus, adres: str | None, notitie: str, door: str, vastgelegd: str
) -> int:
    """Keeps what is known of an address from now on; gives the number of the row."""
    last = select(func.max(adressen.c.nr)).where(adressen.c.stelsel == stelsel, adressen.c.ontvanger == ontvanger)
    nr = (connection.execute(last).scalar() or 0) + 1
    values = {"stelsel": stelsel, "ontvanger": ontvanger, "nr": nr, "status": status.value, "adres": adres}
    connection.execute(adressen.insert().values(**values, notitie=notitie, door=door, vastgelegd=vastgelegd))
    return nr


def take_examples(connection: Connection, stelsel: str, nieuwe: Iterable[Adres], door: str, vastgelegd: str) -> None:
    """The example addresses of the files, for who has none yet or only an example; what people gave stays."""
    known = {regel.ontvanger: regel for regel in everyone(connection, stelsel)}
    for nieuw in nieuwe:
        regel = known.pop(nieuw.ontvanger, None)
        same = regel is not None and regel.status is Adresstatus.VOORBEELD and regel.adres == nieuw.adres
        if not same and (regel is None or regel.status is Adresstatus.VOORBEELD or regel.notitie == _GONE):
            add(connection, stelsel, nieuw.ontvanger, Adresstatus.VOORBEELD, nieuw.adres, nieuw.bron, door, vastgelegd)
    for regel in known.values():
        if regel.status is Adresstatus.VOORBEELD:
            add(connection, stelsel, regel.ontvanger, Adresstatus.BEEINDIGD, regel.adres, _GONE, door, vastgelegd)


def everyone(connection: Connection, stelsel: str) -> list[Adresregel]:
    """The address of every recipient as it stands now, by recipient."""
    last = select(adressen.c.ontvanger, func.max(adressen.c.nr).label("nr")).where(adressen.c.stelsel == stelsel)
    newest = last.group_by(adressen.c.ontvanger).subquery()
    query = select(adressen).join(newest, and_(adressen.c.ontvanger == newest.c.ontvanger, adressen.c.nr == newest.c.nr))
    rows = connection.execute(query.where(adressen.c.stelsel == stelsel).order_by(adressen.c.ontvanger))
    return [_regel(row) for row in rows]


def history(connection: Connection, stelsel: str, ontvanger: str | None = None) -> dict[str, list[Adresregel]]:
    """Everything that was ever known of addresses, the oldest first, by recipient; of one recipient alone when it is named."""
    query = select(adressen).where(adressen.c.stelsel == stelsel).order_by(adressen.c.ontvanger, adressen.c.nr)
    if ontvanger is not None:
        query = query.where(adressen.c.ontvanger == ontvanger)
    found: dict[str, list[Adresregel]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.ontvanger].append(_regel(row))
    return dict(found)


def proved_undeliverable(regels: Sequence[Adresregel]) -> set[int]:
    """The numbers in the history of one recipient whose address could not be reached later on, before another one was given."""
    found: set[int] = set()
    same: list[int] = []
    for regel in regels:
        if regel.status in _BEGINS:
            same = []
        same.append(regel.nr)
        if regel.status is Adresstatus.ONBESTELBAAR:
            found.update(same)
    return found


def erase_ended(connection: Connection, stelsel: str, before: datetime) -> int:
    """Erases every address that ended or was replaced before this moment; gives the number of rows.

    That there was an address stays, and of what message it was the address; so does the one that is used now.
    """
    wanted = ended_before(connection, stelsel, before)
    if not wanted:
        return 0
    chosen = tuple_(adressen.c.ontvanger, adressen.c.nr).in_(wanted)
    return connection.execute(adressen.update().where(adressen.c.stelsel == stelsel, chosen).values(adres=None)).rowcount


def ended_before(connection: Connection, stelsel: str, before: datetime) -> list[tuple[str, int]]:
    """The rows (ontvanger, nr) that still hold an address which ended or was replaced before this moment."""
    return [
        (regel.ontvanger, regel.nr)
        for regels in history(connection, stelsel).values()
        for regel, end in zip(regels, _ends(regels), strict=True)
        if regel.adres is not None and end is not None and end < before
    ]


def _ends(regels: Sequence[Adresregel]) -> list[datetime | None]:
    """When each row of one recipient stopped to hold; None for the one that holds now."""
    after: list[Adresregel | None] = [*regels[1:], None]
    ended_by = [regel if regel.status in ENDED else later for regel, later in zip(regels, after, strict=True)]
    return [None if regel is None else datetime.fromisoformat(regel.vastgelegd) for regel in ended_by]


def _regel(row: Row[Any]) -> Adresregel:
    return Adresregel(row.ontvanger, row.nr, Adresstatus(row.status), row.adres, row.notitie, row.door, row.vastgelegd)
