"""A plan as people read it: every date with its reason, slack in vergaderingen, what breaks and what works."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines.errors import NoVergaderingInTime
from statemachines.kalender import Moment, Onbekend
from statemachines.planning.plan import Plan, explained
from statemachines.planning.planner import Planner
from statemachines.planning.vraag import Wens, require_dates, vraag_of_route
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_kalender, a_stelsel
from tests.statemachines.planning.planmakers import (
    AOB,
    NOTA,
    a_line_route,
    a_plan,
    day_of,
    stap_of,
)


@pytest.fixture(scope="module")
def planner(mra: Stelsel) -> Planner:
    return Planner(mra, a_day("2026-01-01"))


def days_of(plan: Plan) -> dict[str, str]:
    return {stap.stap: day_of(stap.gepland).isoformat() for stap in plan.stappen}


def test_a_voortgangsnota_that_is_ready_on_5_january_2026_is_vastgesteld_by_the_av_of_26_june(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-01-05", route=NOTA)

    assert days_of(plan) == {
        "routering": "2026-01-15",
        "bestuur-concept": "2026-03-06",
        "av-vrijgave": "2026-03-20",
        "raadpleging": "2026-05-22",
        "beantwoording": "2026-06-05",
        "av-vaststelling": "2026-06-26",
    }
    papers = {stap.stap: day_of(stap.aanleverdatum).isoformat() for stap in plan.stappen if not stap.is_ronde}
    assert papers == {
        "routering": "2026-01-08",
        "bestuur-concept": "2026-02-25",
        "av-vrijgave": "2026-03-06",
        "beantwoording": "2026-05-27",
        "av-vaststelling": "2026-06-12",
    }
    assert (plan.haalt, plan.breekt, plan.terugblik) == (True, None, False)
    assert (plan.rondes[0].van, plan.rondes[0].tot_en_met) == (a_day("2026-03-27"), a_day("2026-05-22"))


def test_the_slack_of_that_plan_is_counted_in_vergaderingen_and_the_routering_can_wait_for_february(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-01-05", route=NOTA)

    routering, concept, ronde = (stap_of(plan, slug) for slug in ("routering", "bestuur-concept", "raadpleging"))

    assert (routering.speling, routering.speling_vrij, routering.kritiek) == (1, 1, False)
    assert (day_of(routering.uiterlijk), day_of(routering.uiterlijk_aanleverdatum)) == (a_day("2026-02-12"), a_day("2026-02-05"))
    assert routering.marge_aanleveren == 3
    assert (concept.speling, concept.speling_werkdagen, concept.kritiek) == (0, 0, True)
    assert (concept.marge_aanleveren, day_of(concept.uiterlijk)) == (29, a_day("2026-03-06"))
    assert (ronde.speling_werkdagen, day_of(ronde.uiterlijk), ronde.kritiek) == (2, a_day("2026-05-26"), False)


def every_moment(plan: Plan) -> list[Moment]:
    names = ("gepland", "van", "aanleverdatum", "uiterlijk", "uiterlijk_aanleverdatum")
    values = [getattr(stap, name) for stap in plan.stappen for name in names]
    return [value for value in [*values, plan.doel, plan.eerste_mogelijk] if isinstance(value, Moment)]


@pytest.mark.parametrize("route", ["voortgangsnota", "mra-agenda", "jaarplan-begroting"])
@pytest.mark.parametrize("doel", [None, "2027-12-10"])
def test_every_date_of_a_plan_has_its_reason(mra: Stelsel, route: str, doel: str | None) -> None:
    wens = Wens(doel=None if doel is None or route == "mra-agenda" else a_day(doel))

    plan = a_plan(mra, "2026-01-05", wens, route=route)

    moments = every_moment(plan)
    assert len(moments) > 3 * len(plan.stappen)
    assert all(len(moment.waarom) > 10 for moment in moments)
    assert all(stap.naam and stap.gremium_naam for stap in plan.stappen)


def test_a_reason_names_source_and_skipped_days(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-01-05", Wens(doel=a_day("2026-12-11")), route=NOTA)

    routering = stap_of(plan, "routering").uiterlijk_aanleverdatum

    assert isinstance(routering, Moment)
    assert routering.waarom.startswith("5 werkdagen voor donderdag 7 mei 2026; Bevrijdingsdag (5-5) telt niet mee (memo bij de AV")


def test_a_doel_later_than_the_earliest_av_gives_slack_everywhere(mra: Stelsel) -> None:
    free = a_plan(mra, "2026-01-05", route=NOTA)

    later = a_plan(mra, "2026-01-05", Wens(doel=a_day("2026-12-11")), route=NOTA)

    assert (later.haalt, day_of(later.doel), day_of(later.eerste_mogelijk)) == (True, a_day("2026-12-11"), a_day("2026-06-26"))
    for slug in ("routering", "bestuur-concept", "av-vrijgave", "beantwoording"):
        assert stap_of(later, slug).gepland == stap_of(free, slug).gepland
        assert (stap_of(later, slug).speling or 0) > (stap_of(free, slug).speling or 0)
        assert not stap_of(later, slug).kritiek
    assert (stap_of(later, "av-vrijgave").speling, day_of(stap_of(later, "av-vrijgave").uiterlijk)) == (1, a_day("2026-06-26"))
    assert stap_of(later, "av-vaststelling").speling == 0


def test_thirty_six_werkdagen_of_slack_can_be_no_vergadering_at_all() -> None:
    stelsel = a_stelsel(
        routes=[a_line_route()],
        kalenders=[AOB, a_kalender("bestuur", "2026-03-06", "2026-06-19"), a_kalender("av", "2026-05-12")],
    )

    plan = a_plan(stelsel, "2026-01-02")

    advies = stap_of(plan, "advies")
    assert (advies.speling, advies.kritiek) == (0, True)
    assert (advies.speling_werkdagen or 0) > 30


def test_a_doel_that_comes_too_early_names_the_stap_that_breaks_and_the_first_av_that_works(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-02-20", Wens(doel=a_day("2026-06-26")), route=NOTA)

    assert plan.haalt is False
    assert plan.breekt == "routering"
    assert day_of(plan.eerste_mogelijk) == a_day("2026-12-11")
    assert day_of(plan.doel) == a_day("2026-06-26")
    breaks = stap_of(plan, "routering")
    assert day_of(breaks.gepland) > day_of(breaks.uiterlijk)
    assert (breaks.speling_werkdagen or 0) < 0 and breaks.speling is None


@given(
    vanaf=st.dates(date(2026, 1, 1), date(2027, 3, 1)),
    doel=st.sampled_from(["2026-06-26", "2026-09-25", "2026-12-11", "2027-03-19", "2027-12-10"]),
)
def test_a_doel_is_met_exactly_when_it_is_not_before_the_first_av_that_works(planner: Planner, vanaf: date, doel: str) -> None:
    route = planner.stelsel.route(NOTA)
    free, aimed = (vraag_of_route(planner.stelsel, route, slug, vanaf, Wens(day)) for slug, day in (("vrij", None), ("doel", a_day(doel))))

    first, found = (explained(planner, opgelost) for opgelost in planner.solve([free, aimed]))

    assert found.haalt is (a_day(doel) >= day_of(first.doel))
    assert (found.breekt is None) is found.haalt
    assert day_of(found.eerste_mogelijk) == day_of(first.doel)


@settings(max_examples=25)
@given(vanaf=st.dates(date(2026, 1, 1), date(2027, 1, 1)), doel=st.sampled_from(["2027-03-19", "2027-06-25", "2027-12-10"]))
def test_a_stap_put_on_its_last_vergadering_still_meets_the_doel_and_one_later_does_not(planner: Planner, vanaf: date, doel: str) -> None:
    mra = planner.stelsel
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", vanaf, Wens(doel=a_day(doel)))
    opgelost = planner.solve([vraag])[0]
    plan = explained(planner, opgelost)
    if not plan.haalt:
        return

    for stap in plan.stappen[:-1]:
        if stap.is_ronde:
            continue
        last = day_of(stap.uiterlijk)
        later = next(day for day in mra.vergaderingen(stap.gremium).dagen if day > last)
        put = [planner.solve([replace(vraag, gezet={stap.stap: day})])[0] for day in (last, later)]
        assert [found.breaks is None for found in put] == [True, False]
        count = sum(day_of(stap.gepland) < day <= last for day in mra.vergaderingen(stap.gremium).dagen)
        assert stap.speling == count
        assert stap.speling_vrij is not None and stap.speling_vrij <= count


def test_where_a_kalender_ends_the_plan_is_onbekend_from_there_and_cannot_be_used(mra: Stelsel) -> None:
    plan = a_plan(mra, "2028-07-20", route=NOTA)

    assert isinstance(plan.doel, Onbekend) and isinstance(plan.eerste_mogelijk, Onbekend)
    assert plan.haalt is None
    assert day_of(stap_of(plan, "bestuur-concept").gepland) == a_day("2028-10-06")
    unknown = [stap for stap in plan.stappen if isinstance(stap.gepland, Onbekend)]
    assert [stap.stap for stap in unknown] == ["beantwoording", "av-vaststelling"]
    with pytest.raises(NoVergaderingInTime, match=r"^'Bestuur beantwoordt de inbreng' heeft geen datum: .* 10 februari 2029\. Vul eerst"):
        require_dates(plan)
