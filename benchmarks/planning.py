"""Planning 1,000 dossiers of 12 stappen with 33 raden each against bare bisects over the same data, and one what-if over them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import mean
from time import perf_counter

from benchmarks.timing import report, seconds
from config import MRA
from config.loading import load_stelsel
from statemachines.facts import Kring, Status
from statemachines.planning.planner import Opgelost, Planner, Planvraag
from statemachines.planning.scenario import Gevolg, Scenario, compare, gevolgen, move_vergadering
from statemachines.reeks import Reeks
from statemachines.route import Einde, Route, Stap, StapRol
from statemachines.stelsel import Stelsel

OP, DOSSIERS = date(2026, 1, 5), 1_000
GREMIA = ("aob", "pho-bw", "platform-ruimte", "bestuur", "av", "", "bestuur", "av", "aob", "bestuur", "av", "bestuur")
"""Twelve stappen; the empty one is the ronde among the raden."""


def _route(stelsel: Stelsel) -> Route:
    ronde = next(stap for stap in stelsel.route("voortgangsnota").stappen if stap.ronde is not None).ronde
    assert ronde is not None
    stappen = []
    for i, gremium in enumerate(GREMIA):
        volgt = f"stap-{i + 1}" if i + 1 < len(GREMIA) else "klaar"
        common = {"slug": f"stap-{i}", "naam": f"Stap {i}", "toelichting": "meting"}
        if gremium:
            stappen.append(Stap(**common, rol=StapRol.ADVISEREN, gremium=gremium, volgt=volgt))
        else:
            regel = ronde.model_copy(update={"volgt": volgt})
            stappen.append(Stap(**common, rol=StapRol.RAADPLEGEN, gremium="raden-staten", ronde=regel))
    return Route(
        slug="meting",
        naam="Meting",
        geldig_vanaf=OP,
        toelichting="meting",
        product="meting",
        stappen=tuple(stappen),
        eindes=(Einde(slug="klaar", naam="Klaar"),),
        bron="meting",
        status=Status.VOORBEELD,
    )


def _vragen(route: Route) -> list[Planvraag]:
    return [Planvraag(f"dossier-{n}", route, "stap-0", OP + timedelta(days=n % 250)) for n in range(DOSSIERS)]


def plan_all(planner: Planner, vragen: Sequence[Planvraag]) -> tuple[list[Opgelost], int]:
    """The plans, and how many ways of deelnemers were judged."""
    found, ways = planner.solve(vragen), 0
    for opgelost in found:
        for i, stap in enumerate(opgelost.stappen):
            window = planner.venster(opgelost, i) if stap.ronde is not None else None
            if stap.ronde is not None and window is not None:
                ways += len(planner.wegen(stap.ronde.kring, *window))
    return found, ways


def _bare(planner: Planner, vragen: Sequence[Planvraag]) -> None:
    """Nothing but the bisects: two per stap and pass, two per schakel and pass of every deelnemer, for each dossier anew."""
    calendars = [planner.stelsel.vergaderingen(g) if g else None for g in GREMIA]
    lists = [(reeks.paper_days, reeks.meeting_days) if isinstance(reeks, Reeks) else ([], []) for reeks in calendars]
    rows = [row for weg in planner.raadswegen.values() for row in weg.schakels[Kring.RADEN_STATEN]]
    for vraag in vragen:
        day = vraag.vanaf.toordinal()
        for due, meets in lists:
            i = bisect_left(due, day)
            day = meets[i] if i < len(meets) else day + 60
        for due, meets in reversed(lists):
            j = bisect_right(meets, day) - 1
            day = due[j] if j >= 0 else day - 60
        for row in rows:
            i = bisect_left(row.d, day)
            j = bisect_right(row.m, day + 56) - 1
            day += (i < j) * 0


def _anew(before: Planner, was: Sequence[Opgelost], scenario: Scenario) -> tuple[list[Gevolg], float]:
    """The same answer with every dossier planned again from the facts, and its seconds; reading calendars of raden is not counted."""
    after = Planner(scenario.stelsel, OP)
    _ = after.raadswegen
    vragen = [replace(vraag) for vraag in scenario.vragen]
    begin = perf_counter()
    now, _ = plan_all(after, vragen)
    return list(gevolgen(before, was, after, now)), perf_counter() - begin


def _timed_plan(stelsel: Stelsel, route: Route) -> float:
    """Seconds to plan everything anew; reading the calendars of the raden is not counted, nothing else is known before."""
    planner, vragen = Planner(stelsel, OP), _vragen(route)
    _ = planner.raadswegen
    return seconds(lambda: plan_all(planner, vragen))


def run() -> None:
    """Both in one process, turn by turn; the calendars of the raden are made once for each planner."""
    stelsel = load_stelsel(MRA)
    route = _route(stelsel)
    vragen = _vragen(route)
    warm = Planner(stelsel, OP)
    plan_all(warm, vragen[:1])
    plans, bares = [], []
    for _ in range(5):
        plans.append(_timed_plan(stelsel, route))
        bares.append(seconds(lambda: _bare(warm, vragen)))
    _, ways = plan_all(Planner(stelsel, OP), vragen)
    ratio = min(plans) / min(bares)
    report(
        "planning, 1.000 dossiers x 12 stappen x 33 raden",
        "<= 1,5 x kale bisects",
        ratio <= 1.5,
        verhouding=ratio,
        ms=min(plans) * 1000,
        kaal_ms=min(bares) * 1000,
        beoordeeld=ways,
    )
    before = Planner(stelsel, OP)
    was, _ = plan_all(before, vragen)
    meetings = sorted({day for o in was for stap, day in zip(o.stappen, o.gedaan, strict=True) if stap.gremium == "bestuur" and day})
    whats, fulls, moved = [], [], []
    for day in meetings:
        scenario = move_vergadering(stelsel, vragen, "bestuur", date.fromordinal(day), None)
        assert compare(before, was, scenario) == _anew(before, was, scenario)[0]
        whats.append(min(seconds(lambda s=scenario: compare(before, was, s)) for _ in range(3)))
        fulls.append(min(_anew(before, was, scenario)[1] for _ in range(3)))
        moved.append(len(compare(before, was, scenario)))
    ratio = sum(whats) / sum(fulls)
    report(
        "wat als, een vergadering over 1.000 dossiers, gemiddeld over alle",
        "<= 0,5 x alles opnieuw",
        ratio <= 0.5,
        verhouding=ratio,
        ms=mean(whats) * 1000,
        opnieuw_ms=mean(fulls) * 1000,
        vergaderingen=len(meetings),
        geraakt_gemiddeld=mean(moved),
        slechtste=max(a / b for a, b in zip(whats, fulls, strict=True)),
    )
