"""The agenda of one meeting, for the advisers who prepare it: what changed, what to decide now, what comes, what is in trouble.

Everything is read from the running dossiers in one pass; nothing is stored. What stands here is for planners only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dossiers import outbox, stand, stelsels
from dossiers.database import reading
from dossiers.teksten import read_teksten
from flows.agendapunten import Bekeken, Conceptagenda, agendas, calendar_status, urgent_day
from flows.house import House
from flows.knelpunten import Botsing, Rondezorg, clashes, worries
from flows.ongehoord import needs_telling, untold
from flows.openstaand import Actie, actions
from flows.sindsdien import Ingebracht, Uitzondering, Verandering, brought_in, changes, days_away, exceptions, journals, read
from statemachines.errors import NoVergaderingInTime
from statemachines.facts import Laag, Status
from statemachines.kalender import Onbekend, written
from statemachines.opening import no_meeting
from statemachines.planning.planner import Planner
from statemachines.planning.vraag import vraag_of_dossier
from statemachines.stelsel import Stelsel

INTERVAL = 14
"""Days between two meetings of a gremium whose calendar is not known. Bron: aanname; the secretarissen meet every two weeks."""


@dataclass(frozen=True)
class Agenda:
    """Everything for one meeting. ``vorige`` is the day of the one before it; None when nobody knows: then ``veranderd`` is everything.

    ``status`` and ``vorige_status`` say how sure these days are, ``let_op`` are sentences about that.
    """

    gremium: str
    naam: str
    datum: date
    status: Status
    op: date
    vorige: date | None
    vorige_status: Status
    let_op: tuple[str, ...]
    veranderd: tuple[Verandering, ...]
    ingebracht: tuple[Ingebracht, ...]
    uitzonderingen: tuple[Uitzondering, ...]
    botsingen: tuple[Botsing, ...]
    vergaderingen: tuple[Conceptagenda, ...]
    rondes: tuple[Rondezorg, ...]
    acties: tuple[Actie, ...]


@dataclass(frozen=True)
class _Dag:
    """The meeting, the one before it and the one after it."""

    status: Status
    vorige: date | None
    vorige_status: Status
    volgende: date | None
    let_op: tuple[str, ...]


def prepare(house: House, gremium: str, datum: date, op: date) -> Agenda:
    """The agenda of the meeting of a gremium on ``datum``, as it stands on ``op``.

    Raises UnknownSlug for a gremium, and NoVergaderingInTime for a day on which it does not meet or nobody works.
    """
    with reading(house.engine) as connection:
        feiten = stelsels.current(connection, house.stelsel, op)
        dag = _day_of(connection, feiten, gremium, datum, op)
        gelezen = [read(connection, entries, dag.vorige, op) for entries in journals(connection, house.stelsel, dag.vorige, op)]
        texts = read_teksten(connection, house.stelsel, [ident for g in gelezen for ident in g.texts()])
        wachtend: dict[str, list[str]] = defaultdict(list)
        for bericht in outbox.rows(connection, house.stelsel, status=outbox.Status.KLAARGEZET):
            wachtend[bericht.key.slug].append(bericht.key.soort)
        onverteld = [
            found
            for g in gelezen
            if (ronde := needs_telling(g.dossier, op)) is not None
            for found in untold(g.dossier, texts[g.dossier.titel.id], ronde, outbox.told(connection, house.stelsel, g.dossier.slug))
        ]
    planner = Planner(feiten, op)
    vragen = [vraag_of_dossier(g.dossier, feiten, op) for g in gelezen if not g.dossier.ended]
    plans = {opgelost.vraag.slug: opgelost for opgelost in planner.solve(vragen)}
    bekeken = [Bekeken(g.dossier, texts[g.dossier.titel.id], plans.get(g.dossier.slug)) for g in gelezen]
    concepten = {g.dossier.slug: g.concepten for g in gelezen}
    return Agenda(
        gremium=gremium,
        naam=feiten.gremium(gremium).naam,
        datum=datum,
        status=dag.status,
        op=op,
        vorige=dag.vorige,
        vorige_status=dag.vorige_status,
        let_op=dag.let_op,
        veranderd=tuple(change for g in gelezen for change in changes(g, texts)),
        ingebracht=tuple(brought_in(g.dossier, texts) for g in gelezen if 1 in g.nieuw),
        uitzonderingen=(*(found for g in gelezen for found in exceptions(g, texts)), *onverteld),
        botsingen=tuple(clashes(planner, bekeken, op)),
        vergaderingen=tuple(agendas(feiten, bekeken, gremium, datum, op)),
        rondes=tuple(worries(planner, bekeken)),
        acties=actions(bekeken, concepten, wachtend, op, dag.volgende),
    )


def _day_of(connection: Connection, feiten: Stelsel, gremium: str, datum: date, op: date) -> _Dag:
    wie, reeks = feiten.gremium(gremium), feiten.vergaderingen(gremium)
    let_op = [f"Deze vergadering is al geweest; u ziet de stand van {written(op)}."] if datum < op else []
    if not reeks.dagen and wie.laag is Laag.AMBTELIJK:
        _refuse_no_werkdag(feiten, wie.naam, datum)
        vorige, volgende = (days_away(datum, days) for days in (-INTERVAL, INTERVAL))
        zin = f"Van {wie.naam} is geen vergaderkalender bekend. Dat de vorige vergadering twee weken eerder was, is een aanname."
        return _Dag(Status.AANNAME, vorige, Status.AANNAME, volgende, (zin, *let_op))
    if reeks.index_on(datum) is None:
        if not _urgent(connection, feiten, gremium, datum):
            raise NoVergaderingInTime(no_meeting(reeks, datum))
        let_op.append("Dit is een extra vergadering met spoed; zij staat niet in de kalender.")
    vorige = next((day for day in reversed(reeks.dagen) if day < datum), None)
    status = calendar_status(feiten, gremium, datum)
    vorige_status = status if vorige is None else calendar_status(feiten, gremium, vorige)
    if Status.VOORBEELD in (status, vorige_status):
        let_op.append(f"De vergaderdata van {wie.naam} zijn een voorbeeld: zij zijn verzonnen.")
    if vorige is None:
        let_op.append("Wanneer de vorige vergadering was, is niet bekend; daarom staat alles wat er gebeurde bij 'Wat er is veranderd'.")
    elif reeks.choices(vorige.toordinal(), datum.toordinal()) is None:
        let_op.append(f"Niet alle vergaderingen na {written(vorige)} zijn bekend; misschien was er later nog een.")
    return _Dag(status, vorige, vorige_status, next((day for day in reeks.dagen if day > datum), None), tuple(let_op))


def _refuse_no_werkdag(feiten: Stelsel, naam: str, datum: date) -> None:
    """A gremium of civil servants meets on any werkdag, and on no other day."""
    werk = feiten.werkkalender
    if not werk.knows(datum):
        raise NoVergaderingInTime(f"{written(datum).capitalize()} is te ver weg: {werk.onbekend().waarom}; kies een andere dag.")
    if not werk.is_werkdag(datum):
        later = werk.roll(datum)
        ander = "" if isinstance(later, Onbekend) else f", zoals {written(later)}"
        raise NoVergaderingInTime(f"{written(datum).capitalize()} is geen werkdag; kies voor {naam} een werkdag{ander}.")


def _urgent(connection: Connection, feiten: Stelsel, gremium: str, datum: date) -> bool:
    """Whether a running dossier is on its way to this gremium on a day outside the calendar."""
    running = stand.running(connection, feiten.kop.slug)
    return any(urgent_day(d) == datum and (stap := d.route.stap(d.fase)) is not None and stap.gremium == gremium for d in running)
