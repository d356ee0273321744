"""Things to plan with, and the same answers worked out the slow way: day by day and by trying everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dateutil.easter import easter
from hypothesis import strategies as st

from statemachines.facts import Herhaling, Kalenderfeiten, Kring, Raadritme, Raadskalender, Schakelsoort, Verkiezing, Vrij
from statemachines.kalender import Moment, Onbekend, Werkkalender
from statemachines.planning.plan import Plan, Stapplan, explained
from statemachines.planning.planner import FITS, Opgelost, Planner, Planvraag
from statemachines.planning.raadsweg import Oordeel, Raadsweg, Weg
from statemachines.planning.vraag import NOTHING, Wens, vraag_of_route
from statemachines.reeks import Reeks
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_day, a_gremium, a_kalender, a_route, a_stap, a_stelsel, held_over, some_kalenderfeiten

DAY = timedelta(days=1)
NOTA = "voortgangsnota"
AOB = a_kalender("aob", "2026-01-15", "2026-02-12", "2026-03-12", "2026-04-16", "2026-05-14", "2026-06-11")
FIRST, LAST = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
"""The year in which vergaderingen are known; the werkdagen are known longer, on both sides."""


def a_wide_werkkalender() -> Werkkalender:
    return Werkkalender(Kalenderfeiten.model_validate({**some_kalenderfeiten(), "vanaf": "2025-01-01", "tot_en_met": "2029-12-31"}))


WERK = a_wide_werkkalender()


def a_reeks(dagen: Iterable[int], aanlevertermijn: int = 0, overrides: Mapping[int, int] | None = None) -> Reeks:
    """A gremium that meets on these days (ordinals); ``overrides`` says how many days before a vergadering its papers are due."""
    dates = sorted(map(date.fromordinal, dagen))
    kalender = a_kalender("g", *(day.isoformat() for day in dates))
    for i, vooraf in (overrides or {}).items():
        if i < len(dates):
            kalender["vergaderingen"][i]["aanleverdatum"] = (dates[i] - vooraf * DAY).isoformat()
    small = a_stelsel(gremia=[a_gremium("g", "G", aanlevertermijn=aanlevertermijn)], kalenders=[kalender], routes=[])
    return Reeks(small.gremium("g"), small.kalenders, WERK)


@st.composite
def reeksen(draw: st.DrawFn, last: int = LAST, most: int = 12, longest: int = 15, far: bool = False) -> Reeks:
    """A random gremium, now and then with an agreed aanleverdatum that differs; with ``far`` it also meets on the last day of the year."""
    dagen = draw(st.sets(st.integers(FIRST + 30, last), min_size=1, max_size=most)) | ({LAST} if far else set())
    overrides = draw(st.dictionaries(st.integers(0, most - 1), st.integers(0, 30), max_size=2))
    return a_reeks(dagen, draw(st.integers(0, longest)), overrides)


def planned(stelsel: Stelsel, vraag: Planvraag, op: str) -> tuple[Planner, Opgelost, Plan]:
    planner = Planner(stelsel, a_day(op))
    opgelost = planner.solve([vraag])[0]
    return planner, opgelost, explained(planner, opgelost)


def a_plan(stelsel: Stelsel, vanaf: str, wens: Wens = NOTHING, route: str = "nota", op: str | None = None) -> Plan:
    return planned(stelsel, vraag_of_route(stelsel, stelsel.route(route), route, a_day(vanaf), wens), op or vanaf)[2]


def stap_of(plan: Plan, slug: str) -> Stapplan:
    found = plan.stap(slug)
    assert found is not None
    return found


def day_of(moment: Moment | Onbekend | None) -> date:
    assert isinstance(moment, Moment)
    return moment.datum


def a_line_route(**advies: object) -> dict[str, object]:
    return a_route(
        stappen=[
            a_stap("routering", "voorbereiden", "aob", volgt="advies"),
            a_stap("advies", "adviseren", "bestuur", uitkomsten={"akkoord": "vaststelling", **held_over("advies")}, **advies),
            a_stap("vaststelling", "vaststellen", "av", uitkomsten={"akkoord": "vastgesteld", **held_over("vaststelling")}),
        ],
        eindes=[{"slug": "vastgesteld", "naam": "Vastgesteld"}],
    )


def pins(**zet: str) -> Mapping[str, tuple[date, ...]]:
    """``stap=dag`` or ``stap="dag dag"`` as a wens has it; an underscore stands for a hyphen."""
    return {slug.replace("_", "-"): tuple(a_day(dag) for dag in dagen.split()) for slug, dagen in zet.items()}


def applied(planner: Planner, opgelost: Opgelost, i: int, **changes: Any) -> tuple[Opgelost, int]:
    """The vraag without a doel and with other pins: its plan, and how many deelnemers take part in the ronde of stap ``i``."""
    tried = replace(opgelost.alone, doel=None, **changes)
    after = planner.solve_group([tried])[0]
    window, ronde = planner.venster(after, i), after.stappen[i].ronde
    assert window is not None and ronde is not None
    return after, sum(weg.oordeel in FITS for _, weg in planner.wegen(ronde.kring, *window))


def known_raden(planner: Planner, opgelost: Opgelost, i: int) -> int:
    window, ronde = planner.venster(opgelost, i), opgelost.stappen[i].ronde
    assert window is not None and ronde is not None
    return sum(weg.oordeel is not Oordeel.ONBEKEND for _, weg in planner.wegen(ronde.kring, *window))


# --- raden ---


def a_herhaling(weekdag: int, *welke: int, om_de_week_vanaf: str | None = None) -> dict[str, Any]:
    return {"weekdag": weekdag, "welke": welke, "om_de_week_vanaf": om_de_week_vanaf}


def a_ritme(deelnemer: str = "almere", **parts: Any) -> Raadritme:
    """A raad on the last Tuesday, unless ``schakels`` says otherwise."""
    schakels = parts.pop("schakels", [{"soort": "raad", "herhaling": a_herhaling(1, -1)}])
    return Raadritme.model_validate({"deelnemer": deelnemer, "ritme": "test", "schakels": schakels, **FACT, **parts})


def a_raadskalender(*dagen: str, soort: str = "raad", deelnemer: str = "almere", **changes: Any) -> Raadskalender:
    facts = {
        "deelnemer": deelnemer,
        "soort": soort,
        "vanaf": "2026-01-01",
        "tot_en_met": "2026-12-31",
        "volledig": True,
        "bevestigd_door": f"griffie-{deelnemer}",
        "bevestigd_op": "2026-01-01",
        "vergaderingen": [{"datum": dag} for dag in dagen],
        **FACT,
    }
    return Raadskalender.model_validate(facts | changes)


def a_verkiezing(datum: str, vanaf: str, tot_en_met: str, **wie: Any) -> Verkiezing:
    return Verkiezing.model_validate(
        {"naam": "verkiezing", "datum": datum, "reces_vanaf": vanaf, "reces_tot_en_met": tot_en_met, **FACT, **wie}
    )


def a_weg(
    ritme: Raadritme | None = None, *kalenders: Raadskalender, verkiezingen: Sequence[Verkiezing] = (), op: str = "2026-01-01"
) -> Raadsweg:
    stelsel = a_stelsel()
    return Raadsweg(stelsel.deelnemers[0], ritme, kalenders, verkiezingen, stelsel.werkkalender, a_day(op))


def days_of(weg: Raadsweg, soort: str, kring: Kring = Kring.RADEN_STATEN) -> list[date]:
    row = next(row for row in weg.schakels[kring] if row.soort.value == soort)
    return [date.fromordinal(day) for day in row.m]


def a_walk(weg: Raadsweg, van: str, tot_en_met: str, kring: Kring = Kring.RADEN_STATEN) -> Weg:
    return weg.walk(kring, a_day(van).toordinal(), a_day(tot_en_met).toordinal())


def raad_on(herhaling: dict[str, object], **rest: Any) -> Raadritme:
    return a_ritme(schakels=[{"soort": "raad", "herhaling": herhaling}], **rest)


RANGEN = st.sampled_from([1, 2, 3, 4, 5, -1])
herhalingen = st.one_of(
    st.builds(a_herhaling, st.integers(0, 4)),
    st.builds(lambda weekdag, welke: a_herhaling(weekdag, *welke), st.integers(0, 4), st.sets(RANGEN, min_size=1)),
    st.dates(date(2025, 6, 1), date(2027, 12, 31))
    .filter(lambda day: day.weekday() < 5)
    .map(lambda day: a_herhaling(day.weekday(), om_de_week_vanaf=day.isoformat())),
)


# --- the slow way ---


def every_day(first: date, last: date) -> Iterator[date]:
    return (first + i * DAY for i in range((last - first).days + 1))


def is_werkdag_by_hand(day: date, equated: Iterable[date] = ()) -> bool:
    """By the law and the moon: Algemene termijnenwet art. 3, with 5 May every year."""
    pasen = easter(day.year)
    koningsdag = date(day.year, 4, 27) if date(day.year, 4, 27).weekday() != 6 else date(day.year, 4, 26)
    feestdagen = {
        date(day.year, 1, 1),
        pasen - 2 * DAY,
        pasen + DAY,
        koningsdag,
        date(day.year, 5, 5),
        pasen + 39 * DAY,
        pasen + 50 * DAY,
        date(day.year, 12, 25),
        date(day.year, 12, 26),
    }
    return day.weekday() < 5 and day not in feestdagen and day not in equated


def walked(werk: Werkkalender, day: date, werkdagen: int) -> date:
    """So many werkdagen further, or back when negative, one day at a time."""
    step, left = DAY if werkdagen > 0 else -DAY, abs(werkdagen)
    while left:
        day += step
        left -= werk.is_werkdag(day)
    return day


def recurs_by_hand(herhaling: Herhaling, day: date) -> bool:
    if day.weekday() != herhaling.weekdag:
        return False
    if herhaling.om_de_week_vanaf is not None:
        return (day - herhaling.om_de_week_vanaf).days % 14 == 0
    nth, last = (day.day + 6) // 7, (day + 7 * DAY).month != day.month
    return not herhaling.welke or nth in herhaling.welke or (-1 in herhaling.welke and last)


def free_by_hand(werk: Werkkalender, ritme: Raadritme, verkiezingen: Iterable[Verkiezing], day: date) -> bool:
    """Whether a raad with this ritme does not meet on a day."""

    def longer(vrij: Vrij) -> date:
        weeks = ritme.zomerreces_weken_erna if vrij.naam == "Zomervakantie" else 0
        return vrij.tot_en_met + 7 * weeks * DAY

    recess = any(vrij.vanaf <= day <= longer(vrij) for vrij in werk.recessen)
    return recess or not werk.is_werkdag(day) or any(v.reces_vanaf <= day <= v.reces_tot_en_met for v in verkiezingen)


def meetings_by_hand(werk: Werkkalender, ritme: Raadritme, soort: Schakelsoort, verkiezingen: Iterable[Verkiezing] = ()) -> list[date]:
    """The days of a schakel with a herhaling, one calendar day at a time."""
    schakel = next(schakel for schakel in ritme.schakels if schakel.soort is soort)
    assert schakel.herhaling is not None
    gone = {u.vervalt for u in ritme.uitzonderingen if u.soort is soort}
    extra = {u.extra for u in ritme.uitzonderingen if u.soort is soort and u.extra}
    usual = {
        day
        for day in every_day(max(werk.vanaf, ritme.geldig_vanaf or werk.vanaf), werk.tot_en_met)
        if recurs_by_hand(schakel.herhaling, day) and day not in gone and not free_by_hand(werk, ritme, verkiezingen, day)
    }
    return sorted(usual | extra)
