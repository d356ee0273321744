"""What a recipient did not hear, and who else of the same deelnemer did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from dossiers.adressen import history, proved_undeliverable
from dossiers.outbox import Status
from dossiers.tables import berichten


@dataclass(frozen=True)
class Verteld:
    """Somebody else of the same deelnemer who was told of the same thing, and on which day."""

    ontvanger: str
    soort: str
    dag: str


@dataclass(frozen=True)
class Gemist:
    """A message that this recipient did not get, or may not have got; ``dag`` is the day on which that was seen or sent (ISO)."""

    dossier: str
    soort: str
    onderwerp: str
    datumversie: int
    status: str
    waarom: str
    dag: str
    ook_verteld: tuple[Verteld, ...]


def missed(connection: Connection, stelsel: str, ontvanger: str, others: Iterable[str]) -> list[Gemist]:
    """The messages that failed, whose fate is unknown, or that went to an address which proved undeliverable; the oldest first.

    ``others`` are the recipients of the same deelnemer; who got it at an address that proved undeliverable was not told either.
    """
    wie = {ontvanger, *others}
    bad = {(naam, nr) for naam in wie for regels in history(connection, stelsel, naam).values() for nr in proved_undeliverable(regels)}
    states = [Status.MISLUKT.value, Status.ONBEKEND.value, Status.VERZONDEN.value]
    query = select(
        berichten.c.slug,
        berichten.c.soort,
        berichten.c.ontvanger,
        berichten.c.datumversie,
        berichten.c.onderwerp,
        berichten.c.status,
        berichten.c.melding,
        berichten.c.afgehandeld,
        berichten.c.adres_nr,
    ).where(berichten.c.stelsel == stelsel, berichten.c.ontvanger.in_(wie), berichten.c.status.in_(states))
    rows = connection.execute(query.order_by(berichten.c.aangemaakt, berichten.c.slug, berichten.c.soort, berichten.c.ontvanger)).all()
    reached = [row for row in rows if row.status == Status.VERZONDEN and (row.ontvanger, row.adres_nr) not in bad]
    return [_gemist(row, reached) for row in rows if row.ontvanger == ontvanger and row not in reached]


def _gemist(row: Any, reached: Iterable[Any]) -> Gemist:
    heard = tuple(
        Verteld(other.ontvanger, other.soort, (other.afgehandeld or "")[:10])
        for other in reached
        if other.ontvanger != row.ontvanger and (other.slug, other.onderwerp) == (row.slug, row.onderwerp)
    )
    waarom = row.melding or ""
    if row.status == Status.VERZONDEN:
        waarom = "Het adres bleek later onbestelbaar."
    return Gemist(row.slug, row.soort, row.onderwerp, row.datumversie, row.status, waarom, (row.afgehandeld or "")[:10], heard)
