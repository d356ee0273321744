"""The projection: where each dossier stands and what falls due, always rebuildable from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, and_, bindparam, delete, exists, not_, or_, select, union

from dossiers import journal, stelsels
from dossiers.outbox import GEEN_DOSSIER, SYSTEEM, Status
from dossiers.tables import berichten, journaal, stand, termijnen
from statemachines.dossier import Dossier, replay
from statemachines.due import LOPEND, VERLOPEN, due, volgende

# Built once: at tens of microseconds each, making a statement costs as much as running it.
_PLACE, _DUE = stand.insert(), termijnen.insert()
_MOVE = (
    stand.update()
    .where(stand.c.stelsel == bindparam("van_stelsel"), stand.c.slug == bindparam("van_slug"))
    .values({column.name: bindparam(column.name) for column in stand.c if not column.primary_key})
)
_NOTHING_DUE = delete(termijnen).where(termijnen.c.stelsel == bindparam("van_stelsel"), termijnen.c.slug == bindparam("van_slug"))


def load(connection: Connection, stelsel: str, slug: str) -> Dossier:
    """The dossier by its journal, under the facts with which it was opened; raises UnknownSlug."""
    entries = journal.read(connection, stelsel, slug)
    return replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))


def project(connection: Connection, dossier: Dossier) -> None:
    """Writes where a dossier stands and what falls due, in the transaction of the entry that changed it."""
    stelsel, slug = dossier.stelsel.kop.slug, dossier.slug
    straks = volgende(dossier)
    values = {
        "nr": dossier.nr,
        "hash": dossier.hash,
        "digest": dossier.stelsel.digest,
        "route": dossier.route.slug,
        "route_naam": dossier.route.naam,
        "titel": dossier.titel.id,
        "fase": dossier.fase,
        "fase_naam": dossier.route.naam_van(dossier.fase),
        "bezoek": dossier.bezoek,
        "wie": straks.wie,
        "sinds": dossier.sinds,
        "geeindigd": dossier.ended,
        "moment": straks.moment,
        "moment_wat": straks.wat,
        "waarom": straks.waarom,
        "gevraagd": straks.gevraagd,
        "gegeven": straks.gegeven,
    }
    here = {"van_stelsel": stelsel, "van_slug": slug}
    if not connection.execute(_MOVE, {**here, **values}).rowcount:
        connection.execute(_PLACE, {"stelsel": stelsel, "slug": slug, **values})
    connection.execute(_NOTHING_DUE, here)
    rows = [
        {
            "stelsel": stelsel,
            "slug": slug,
            "wat": d.wat,
            "ontvanger": d.ontvanger,
            "vanaf": d.vanaf,
            "tot_en_met": d.tot_en_met,
            "datumversie": d.datumversie,
        }
        for d in due(dossier)
    ]
    if rows:
        connection.execute(_DUE, rows)


def slugs(connection: Connection, stelsel: str) -> list[str]:
    """Every dossier that has a journal."""
    return list(
        connection.execute(
            select(journaal.c.slug).where(journaal.c.stelsel == stelsel, journaal.c.nr == 1).order_by(journaal.c.slug)
        ).scalars()
    )


def running(connection: Connection, stelsel: str) -> Iterator[Dossier]:
    """Every dossier that has not ended, in order of slug."""
    for entries in journal.running(connection, stelsel):
        yield replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))


def with_open_ronde(connection: Connection, stelsel: str) -> Iterator[str]:
    """The dossiers in which a ronde is open, in order of slug."""
    query = select(termijnen.c.slug).where(termijnen.c.stelsel == stelsel, termijnen.c.wat == VERLOPEN).order_by(termijnen.c.slug)
    yield from connection.execute(query).scalars()


def due_slugs(connection: Connection, stelsel: str, op: date) -> Iterator[str]:
    """The dossiers that a round on ``op`` must visit, in order of slug; streamed.

    Something is due and not told (told is told: whatever became of a reminder in the outbox, it is not due any more), or a
    reminder that was not sent yet has outlived its moment and must be withdrawn, or a message came back from a deliverer and may
    have become untrue meanwhile.
    """
    same = and_(
        berichten.c.stelsel == termijnen.c.stelsel,
        berichten.c.slug == termijnen.c.slug,
        berichten.c.soort == termijnen.c.wat,
        berichten.c.ontvanger == termijnen.c.ontvanger,
        berichten.c.datumversie == termijnen.c.datumversie,
    )
    holds = and_(termijnen.c.vanaf <= op, or_(termijnen.c.tot_en_met.is_(None), termijnen.c.tot_en_met >= op))
    untold = select(termijnen.c.slug).where(
        termijnen.c.stelsel == stelsel, holds, or_(termijnen.c.wat.in_((VERLOPEN, LOPEND)), not_(exists().where(same)))
    )
    waiting = select(berichten.c.slug).where(
        berichten.c.stelsel == stelsel, berichten.c.status == Status.VRIJGEGEVEN.value, berichten.c.slug != GEEN_DOSSIER
    )
    outlived = waiting.where(berichten.c.vrijgegeven_door == SYSTEEM, not_(exists().where(same, holds)))
    came_back = waiting.where(berichten.c.pogingen > 0)
    both = union(untold, outlived, came_back).subquery()
    for row in connection.execute(select(both.c.slug).order_by(both.c.slug).execution_options(yield_per=500)):
        yield row.slug
