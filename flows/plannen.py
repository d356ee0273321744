"""Planning for people: try a plan, keep it, compare it with what was agreed, ask what if, look at a year.

Only ``keep_plan`` writes; everything else reads and stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from dossiers import journal, stand, stelsels
from dossiers.database import reading
from dossiers.teksten import read_teksten
from flows.gezegd import clean, keep_tekst
from flows.house import House
from flows.use_cases import Actor, Gedaan, write
from statemachines.dossier import Dossier, replay
from statemachines.errors import Unusable
from statemachines.facts import Schakelsoort
from statemachines.journal import Draft
from statemachines.kalender import written
from statemachines.payloads import Verwijzing
from statemachines.planning.afspraak import decide_plan, differences
from statemachines.planning.jaar import Jaarplan, year_of
from statemachines.planning.plan import Plan, explained
from statemachines.planning.planner import Opgelost, Planner, Planvraag
from statemachines.planning.scenario import (
    Gevoelig,
    Gevolg,
    Scenario,
    add_reces,
    change_termijn,
    compare,
    move_vergadering,
    other_facts,
    sensitivity,
)
from statemachines.planning.vraag import NOTHING, Wens, require_dates, require_wishes, vraag_of_dossier, vraag_of_route
from statemachines.stelsel import Stelsel

LONGEST_TERMIJN = 52
"""In weken."""


@dataclass(frozen=True)
class Slip:
    """A stap that was agreed for another day than it has now, with the reasons as people wrote them."""

    stap: str
    naam: str
    eerst: date | None
    nu: date | None
    gebeurd: bool
    werkdagen: int | None
    redenen: tuple[str, ...]


@dataclass(frozen=True)
class WatAls:
    """What a scenario does: one sentence that says what differs, how many dossiers were looked at, and which it touches."""

    zin: str
    dossiers: int
    gevolgen: tuple[Gevolg, ...]


def plan_route(house: House, feiten: Stelsel, route: str, op: date, vanaf: date, wens: Wens = NOTHING, na: str | None = None) -> Plan:
    """Tries a plan for a document that is not in routing yet, by these facts; ``na`` is the dossier that it must follow."""
    if vanaf < op and (wens.doel is None or wens.doel >= op):
        raise Unusable(f"Wat op {written(vanaf)} klaar was, kan niet meer worden gepland; kies {written(op)} of later.")
    vraag = vraag_of_route(feiten, feiten.route(route), route, vanaf, wens)
    planner = Planner(feiten, op)
    if na is None:
        return _checked(explained(planner, planner.solve_group([vraag])[0]), wens)
    with reading(house.engine) as connection:
        eerst = stand.load(connection, house.stelsel, na)
    if vraag.route.volgt_op is None or vraag.route.volgt_op.route != eerst.route.slug:
        raise Unusable(f"Route {route} volgt niet op dossier {na} (route {eerst.route.slug}); laat --na weg.")
    before = [] if eerst.ended else [vraag_of_dossier(eerst, feiten, op)]
    start = max(vanaf, eerst.sinds) if eerst.ended else vanaf
    chained = replace(vraag, na=na if before else None, vanaf=start)
    return _checked(explained(planner, planner.solve_group([*before, chained])[-1]), wens)


def plan_dossier(house: House, slug: str, op: date, wens: Wens = NOTHING) -> Plan:
    """Tries a plan for a dossier from where it stands on ``op``, by the facts that hold for it now."""
    with reading(house.engine) as connection:
        plan, *_ = _planned(connection, house, stand.load(connection, house.stelsel, slug), op, wens)
    return plan


def keep_plan(house: House, actor: Actor, slug: str, wens: Wens, reden: str) -> tuple[Gedaan, Plan]:
    """Plans a dossier and agrees on it: from here on these are its dates, and who was told another one is told."""
    clean(reden, "reden")
    kept: list[Plan] = []

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        plan, vraag, feiten = _planned(connection, house, dossier, actor.op, wens)
        draft = decide_plan(dossier, feiten, vraag, plan, keep_tekst(connection, house, slug, reden, "reden"), actor.op)
        kept.append(plan)
        return draft

    gedaan = write(house, actor, slug, decide)
    return gedaan, kept[0] if kept else plan_dossier(house, slug, actor.op)


def slips(house: House, slug: str, op: date) -> tuple[Slip, ...]:
    """What was agreed first for a dossier against what holds on ``op``, with every reason."""
    with reading(house.engine) as connection:
        entries = journal.read(connection, house.stelsel, slug)
        dossier = replay(entries, stelsels.by_digest(connection, house.stelsel, journal.digest_of(entries)))
        plan = None if dossier.ended else _planned(connection, house, dossier, op, NOTHING)[0]
        found = differences(dossier, entries, plan)
        ids = [reden.id for verschil in found for _, _, reden in verschil.redenen if isinstance(reden, Verwijzing)]
        texts = read_teksten(connection, house.stelsel, ids)
    return tuple(
        Slip(
            stap=v.stap,
            naam=v.naam,
            eerst=v.eerst,
            nu=v.nu,
            gebeurd=v.gebeurd,
            werkdagen=v.werkdagen,
            redenen=tuple(_reason(nr, dag, texts[r.id] if isinstance(r, Verwijzing) else r) for nr, dag, r in v.redenen),
        )
        for v in found
    )


def what_if(house: House, op: date, change: Callable[[Stelsel, Sequence[Planvraag]], Scenario]) -> WatAls:
    """What every running dossier would undergo if the facts were otherwise."""
    planner, was = solved(house, op)
    scenario = change(planner.stelsel, [opgelost.vraag for opgelost in was])
    return WatAls(scenario.zin, len(was), tuple(compare(planner, was, scenario)))


def sensitive(house: House, op: date) -> Iterator[Gevoelig]:
    """For every coming vergadering that a running dossier needs: what happens when it falls out."""
    return sensitivity(*solved(house, op))


def year(house: House, op: date, jaar: int) -> Jaarplan:
    """All running dossiers in one calendar year."""
    return year_of(*solved(house, op), jaar)


def scenario_of(
    *,
    gremium: str | None = None,
    van: date | None = None,
    naar: date | None = None,
    vervalt: bool = False,
    weken: int | None = None,
    route: str | None = None,
    reces: tuple[date | None, date | None] | None = None,
) -> Callable[[Stelsel, Sequence[Planvraag]], Scenario]:
    """The one change that is asked; Unusable when it is none or more than one, or when half of it is missing."""
    if sum((gremium is not None, weken is not None, reces is not None)) != 1:
        raise Unusable("Vraag een ding tegelijk: een vergadering van een gremium, een andere reactietermijn, of een reces erbij.")
    if gremium is None and (van is not None or naar is not None or vervalt):
        raise Unusable("Een vergadering die schuift of uitvalt is er een van een gremium; zeg welk.")
    if weken is None and route is not None:
        raise Unusable("Een route hoort bij een andere reactietermijn; geef ook het aantal weken.")
    if gremium is not None:
        if van is None or (naar is None) is not vervalt:
            raise Unusable("Zeg bij een gremium welke vergadering het is, en naar welke dag zij gaat of dat zij vervalt.")
        return lambda feiten, vragen: move_vergadering(feiten, vragen, gremium, van, naar)
    if weken is not None:
        if not 1 <= weken <= LONGEST_TERMIJN:
            raise Unusable(f"Een reactietermijn duurt 1 tot en met {LONGEST_TERMIJN} weken, niet {weken}.")
        return lambda feiten, vragen: change_termijn(feiten, vragen, weken, route)
    first, last = reces or (None, None)
    if first is None or last is None:
        raise Unusable("Geef van het reces allebei: de eerste en de laatste dag.")
    return lambda feiten, vragen: add_reces(feiten, vragen, first, last)


def scenario_of_agenda(
    bestand: Path | None, gremium: str | None, raad: str | None, op: date
) -> Callable[[Stelsel, Sequence[Planvraag]], Scenario]:
    """The vergaderdata of a gremium, or of the raad of a deelnemer, are those of an iCalendar file. Raises Unusable and UnknownSlug."""
    from config.agenda import read_agenda
    from config.voorstel import Bevestiging, name_of, propose, proposed

    if bestand is None or (gremium is None) == (raad is None):
        raise Unusable("Bij --agenda hoort een bestand, en --gremium of --raad: van wie deze vergaderdata zijn.")
    agenda = read_agenda(bestand)

    def change(feiten: Stelsel, vragen: Sequence[Planvraag]) -> Scenario:
        bevestigd = None if raad is None else Bevestiging(feiten.rollen[0].slug, op)
        soort = None if raad is None else Schakelsoort.RAAD
        voorstel = propose(feiten, agenda, gremium or raad or "", soort, "wat als", bevestigd, ook_vrij=False)
        return other_facts(
            proposed(feiten, voorstel), vragen, f"De vergaderdata van {name_of(feiten, voorstel)} zijn die van {agenda.bestand}."
        )

    return change


def read_zetten(words: Iterable[str]) -> dict[str, tuple[date, ...]]:
    """Stappen and the day each must have, typed as bestuur=2027-03-05, or for a ronde as raadpleging=2027-03-26..2027-06-04."""
    found: dict[str, tuple[date, ...]] = {}
    for word in words:
        stap, _, days = word.partition("=")
        if stap in found:
            raise Unusable(f"Stap '{stap}' staat er twee keer; geef een dag.")
        try:
            found[stap] = tuple(date.fromisoformat(day) for day in days.split("..", 1))
        except ValueError:
            raise Unusable(f"'{word}' is geen stap met een datum; schrijf het als av-vrijgave=2027-03-19.") from None
    return found


def accepted(house: House, op: date) -> Stelsel:
    """The facts accepted for the day ``op``."""
    with reading(house.engine) as connection:
        return stelsels.current(connection, house.stelsel, op)


def solved(house: House, op: date) -> tuple[Planner, list[Opgelost]]:
    """Every running dossier, planned by the facts accepted now."""
    with reading(house.engine) as connection:
        feiten = stelsels.current(connection, house.stelsel, op)
        vragen = [vraag_of_dossier(dossier, feiten, op) for dossier in stand.running(connection, house.stelsel)]
    planner = Planner(feiten, op)
    return planner, planner.solve(vragen)


def _planned(connection: Connection, house: House, dossier: Dossier, op: date, wens: Wens) -> tuple[Plan, Planvraag, Stelsel]:
    """A dossier planned by the facts accepted now, or by its own when its route has changed since."""
    feiten = stelsels.current(connection, house.stelsel, max(op, dossier.geopend))
    if not _goes_on_by(dossier, feiten):
        feiten = dossier.stelsel
    vraag = vraag_of_dossier(dossier, feiten, op, wens)
    before: list[Planvraag] = []
    if dossier.na is not None:
        eerst = stand.load(connection, house.stelsel, dossier.na)
        before = [] if eerst.ended else [vraag_of_dossier(eerst, feiten, op)]
    planner = Planner(feiten, op)
    return _checked(explained(planner, planner.solve_group([*before, vraag])[-1]), wens), vraag, feiten


def _goes_on_by(dossier: Dossier, feiten: Stelsel) -> bool:
    """Whether these facts have the same route, and everyone whom the record of the dossier names."""
    same_route = any(route == dossier.route for route in feiten.routes)
    gremia = {gremium.slug for gremium in dossier.stelsel.gremia} <= {gremium.slug for gremium in feiten.gremia}
    return same_route and gremia and {d.slug for d in dossier.stelsel.deelnemers} <= {d.slug for d in feiten.deelnemers}


def _checked(plan: Plan, wens: Wens) -> Plan:
    require_dates(plan)
    require_wishes(plan, wens)
    return plan


def _reason(nr: int, dag: date, tekst: str) -> str:
    return f"{tekst} (regel {nr}, {dag.day}-{dag.month}-{dag.year})" if nr else tekst
