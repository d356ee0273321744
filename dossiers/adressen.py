"""Where recipients can be reached: every change is a row of its own, and the last one counts. No other table holds an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

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

_GONE = "staat niet meer in de bestanden van het stelsel"


@dataclass(frozen=True)
class Adresregel:
    """The last that is known of the address of a recipient; ``adres`` is None after it was erased."""

    ontvanger: str
    nr: int
    status: Adresstatus
    adres: str | None
    notitie: str
    door: str
    vastgelegd: str


def current(connection: Connection, stelsel: str, ontvanger: str) -> Adresregel | None:
    """The address of a recipient as it stands now; None when nobody ever gave one."""
    query = select(adressen).where(adressen.c.stelsel == stelsel, adressen.c.ontvanger == ontvanger).order_by(adressen.c.nr.desc()).limit(1)
    row = connection.execute(query).first()
    return None if row is None else _regel(row)


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


def _regel(row: Row[Any]) -> Adresregel:
    return Adresregel(row.ontvanger, row.nr, Adresstatus(row.status), row.adres, row.notitie, row.door, row.vastgelegd)
