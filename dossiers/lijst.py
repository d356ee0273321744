"""All dossiers at a glance, read from the projection alone so that the list opens at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from dossiers.tables import stand, teksten


@dataclass(frozen=True)
class Regel:
    """Where one dossier stands: who acts, on which day, and whether that day has passed."""

    slug: str
    titel: str
    route: str
    stap: str
    wie: str
    sinds: date
    moment: date | None
    wat: str
    op_tijd: str
    gegeven: int
    gevraagd: int
    geeindigd: bool
    nr: int


def lijst(connection: Connection, stelsel: str, op: date) -> Iterator[Regel]:
    """Every dossier, running ones first by their next moment; ``op`` decides what is late. Streamed."""
    query = (
        select(stand, teksten.c.tekst)
        .outerjoin(teksten, and_(teksten.c.stelsel == stand.c.stelsel, teksten.c.id == stand.c.titel))
        .where(stand.c.stelsel == stelsel)
        .order_by(stand.c.geeindigd, stand.c.moment.is_(None), stand.c.moment, stand.c.slug)
    )
    for row in connection.execute(query.execution_options(yield_per=500)):
        yield Regel(
            slug=row.slug,
            titel=row.tekst or "[gewist]",
            route=row.route_naam,
            stap=row.fase_naam,
            wie=row.wie,
            sinds=row.sinds,
            moment=row.moment,
            wat=row.moment_wat,
            op_tijd=_op_tijd(row.geeindigd, row.moment, row.moment_wat, row.waarom, op),
            gegeven=row.gegeven,
            gevraagd=row.gevraagd,
            geeindigd=row.geeindigd,
            nr=row.nr,
        )


def titel_ids(connection: Connection, stelsel: str) -> dict[str, str]:
    """Per running dossier the id of its erasable title."""
    query = select(stand.c.slug, stand.c.titel).where(stand.c.stelsel == stelsel, stand.c.geeindigd.is_(False))
    return {row.slug: row.titel for row in connection.execute(query)}


def _op_tijd(geeindigd: bool, moment: date | None, wat: str, waarom: str, op: date) -> str:
    if geeindigd:
        return "afgerond"
    if moment is None:
        return f"datum onbekend: {waarom}"
    if moment >= op:
        return "op tijd"
    days = (op - moment).days
    wacht = "de dagronde is nog niet gedraaid" if wat == "sluitingsdatum" else "het besluit is nog niet vastgelegd"
    return f"{days} {'dag' if days == 1 else 'dagen'} te laat: {wacht}"
