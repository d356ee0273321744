"""A plan as people read it: dates with their reason, slack, what breaks, what was wished, what to watch and what shift would help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines.errors import NoVergaderingInTime, Refused
from statemachines.journal import Planning, StapGepland
from statemachines.kalender import Moment, Onbekend
from statemachines.planning.plan import Plan, Stapplan, explained
from statemachines.planning.planner import Opgelost, Planner, Planvraag
from statemachines.planning.verschuiving import RELEASES, Verschuiving, verschuivingen
from statemachines.planning.verschuiving import Soort as Schuif
from statemachines.planning.vraag import Wens, require_dates, require_wishes, vraag_of_route
from statemachines.planning.waarschuwing import Soort, Waarschuwing, waarschuwingen
from statemachines.route import StapRol
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_college_route, a_day, a_gremium, a_kalender, a_route, a_stap, a_stelsel, held_over
from tests.statemachines.planning.planmakers import (
    DAY,
    a_plan,
    a_raadskalender,
    a_ritme,
    applied,
    every_day,
    known_raden,
    pins,
    planned,
    walked,
)

NOTA = "voortgangsnota"
AOB = a_kalender("aob", "2026-01-15", "2026-02-12", "2026-03-12", "2026-04-16", "2026-05-14", "2026-06-11")


@pytest.fixture(scope="module")
def planner(mra: Stelsel) -> Planner:
    return Planner(mra, a_day("2026-01-01"))


def stap_of(plan: Plan, slug: str) -> Stapplan:
    found = plan.stap(slug)
    assert found is not None
    return found


def day_of(moment: Moment | Onbekend | None) -> date:
    assert isinstance(moment, Moment)
    return moment.datum


def days_of(plan: Plan) -> dict[str, str]:
    return {stap.stap: day_of(stap.gepland).isoformat() for stap in plan.stappen}


# --- a plan by hand ---


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


# --- what people wish ---


def test_a_stap_put_on_a_later_vergadering_stays_there_and_moves_what_follows(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-01-05", Wens(zet=pins(bestuur_concept="2026-04-10")), route=NOTA)

    assert day_of(stap_of(plan, "bestuur-concept").gepland) == a_day("2026-04-10")
    assert day_of(stap_of(plan, "av-vrijgave").gepland) == a_day("2026-06-26")


def test_a_sluitingsdatum_that_is_put_later_is_kept_and_the_reason_says_what_it_would_have_been(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-01-05", Wens(zet=pins(raadpleging="2026-06-09")), route=NOTA)

    ronde = stap_of(plan, "raadpleging").gepland
    assert isinstance(ronde, Moment) and ronde.datum == a_day("2026-06-09")
    assert ronde.waarom.startswith("zo afgesproken; zonder die afspraak vrijdag 22 mei 2026: 8 weken na de verzending")
    assert day_of(stap_of(plan, "beantwoording").gepland) == a_day("2026-07-03")


def test_a_stap_put_earlier_than_it_can_be_comes_when_it_can_and_that_is_refused_as_a_wish(mra: Stelsel) -> None:
    wens = Wens(zet=pins(av_vrijgave="2026-03-20"))

    plan = a_plan(mra, "2026-03-02", wens, route=NOTA)

    assert day_of(stap_of(plan, "av-vrijgave").gepland) == a_day("2026-06-26")
    with pytest.raises(NoVergaderingInTime, match=r"'AV geeft vrij' kan niet op vrijdag 20 maart 2026.* is vrijdag 26 juni 2026"):
        require_wishes(plan, wens)


@pytest.mark.parametrize(
    ("wens", "zin"),
    [
        (
            Wens(doel=date(2026, 6, 25)),
            "Algemene Vergadering vergadert niet op donderdag 25 juni 2026; "
            "wel daarvoor op vrijdag 20 maart 2026 en daarna op vrijdag 26 juni 2026.",
        ),
        (
            Wens(zet=pins(bestuur_concept="2026-03-07")),
            "MRA Bestuur vergadert niet op zaterdag 7 maart 2026; wel daarvoor op vrijdag 6 maart 2026 en daarna op vrijdag 10 april 2026.",
        ),
    ],
)
def test_a_day_without_vergadering_is_refused_with_the_nearest_ones(mra: Stelsel, wens: Wens, zin: str) -> None:
    with pytest.raises(NoVergaderingInTime) as refused:
        a_plan(mra, "2026-01-05", wens, route=NOTA)

    assert str(refused.value) == zin


@pytest.mark.parametrize(
    ("wens", "zin"),
    [
        (Wens(zet=pins(onzin="2026-03-06")), "'onzin' is geen stap die nog komt in route voortgangsnota; wel: routering, "),
        (Wens(zet=pins(av_vrijgave="2026-03-20 2026-06-26")), "'av-vrijgave' is een vergadering en heeft een dag, geen begin en einde"),
        (Wens(zet=pins(raadpleging="2026-06-01 2026-05-01")), "kan niet eindigen op vrijdag 1 mei 2026, voor het begin"),
        (Wens(zet=pins(raadpleging="2026-06-13")), "zaterdag 13 juni 2026 is geen werkdag"),
        (Wens(zet=pins(raadpleging="2030-09-02")), "1 september 2030"),
        (Wens(zet=pins(raadpleging="2026-04-01 2026-06-01"), weken=10), "laat --weken weg"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_one_sentence(mra: Stelsel, wens: Wens, zin: str) -> None:
    with pytest.raises(Refused) as refused:
        a_plan(mra, "2026-01-05", wens, route=NOTA)

    assert zin in str(refused.value) and str(refused.value).endswith(".")


@pytest.mark.parametrize("weken", [1, 6, 10, 12])
def test_another_number_of_weeks_makes_the_termijn_that_long(mra: Stelsel, weken: int) -> None:
    plan = a_plan(mra, "2026-01-05", Wens(weken=weken), route=NOTA)

    ronde = plan.rondes[0]
    asked = a_day("2026-03-27") + 7 * weken * DAY
    assert ronde.weken == weken
    assert ronde.tot_en_met == asked if mra.werkkalender.is_werkdag(asked) else ronde.tot_en_met > asked
    gepland = stap_of(plan, "raadpleging").gepland
    assert isinstance(gepland, Moment) and f"{weken} weken na de verzending" in gepland.waarom


def test_where_a_kalender_ends_the_plan_is_onbekend_from_there_and_cannot_be_used(mra: Stelsel) -> None:
    plan = a_plan(mra, "2028-07-20", route=NOTA)

    assert isinstance(plan.doel, Onbekend) and isinstance(plan.eerste_mogelijk, Onbekend)
    assert plan.haalt is None
    assert day_of(stap_of(plan, "bestuur-concept").gepland) == a_day("2028-10-06")
    unknown = [stap for stap in plan.stappen if isinstance(stap.gepland, Onbekend)]
    assert [stap.stap for stap in unknown] == ["beantwoording", "av-vaststelling"]
    with pytest.raises(NoVergaderingInTime, match=r"^'Bestuur beantwoordt de inbreng' heeft geen datum: .* 10 februari 2029\. Vul eerst"):
        require_dates(plan)


# --- gremia side by side, a combi-overleg, and time between stappen ---


def a_line_route(**advies: object) -> dict[str, object]:
    return a_route(
        stappen=[
            a_stap("routering", "voorbereiden", "aob", volgt="advies"),
            a_stap("advies", "adviseren", "bestuur", uitkomsten={"akkoord": "vaststelling", **held_over("advies")}, **advies),
            a_stap("vaststelling", "vaststellen", "av", uitkomsten={"akkoord": "vastgesteld", **held_over("vaststelling")}),
        ],
        eindes=[{"slug": "vastgesteld", "naam": "Vastgesteld"}],
    )


def a_line_stelsel(*kalenders: dict[str, object], **advies: object) -> Stelsel:
    gremia = [a_gremium("aob", "AOB", "ambtelijk", 3), *(a_gremium(g, g.upper()) for g in ("bestuur", "av", "platform", "combi"))]
    av = a_kalender("av", "2026-03-27", "2026-06-26")
    return a_stelsel(gremia=gremia, routes=[a_line_route(**advies)], kalenders=[AOB, av, *kalenders])


def test_a_combi_overleg_that_comes_earlier_is_taken_and_else_the_gremium_itself() -> None:
    earlier, later = (
        a_line_stelsel(a_kalender("bestuur", "2026-03-20"), a_kalender("combi", combi, "2026-05-29"), combi="combi")
        for combi in ("2026-02-27", "2026-03-23")
    )

    by_combi, by_itself = (stap_of(a_plan(stelsel, "2026-01-05"), "advies").gepland for stelsel in (earlier, later))

    assert isinstance(by_combi, Moment) and isinstance(by_itself, Moment)
    assert (by_combi.datum, by_itself.datum) == (a_day("2026-02-27"), a_day("2026-03-20"))
    assert "COMBI" in by_combi.waarom and "BESTUUR" in by_itself.waarom


def test_gremia_side_by_side_are_done_with_the_last_of_them_and_papers_are_due_for_the_first() -> None:
    stelsel = a_line_stelsel(a_kalender("bestuur", "2026-02-20"), a_kalender("platform", "2026-03-06"), naast=["platform"])

    advies = stap_of(a_plan(stelsel, "2026-01-05"), "advies")

    assert isinstance(advies.gepland, Moment) and advies.gepland.datum == a_day("2026-03-06")
    assert advies.gepland.waarom == "naast elkaar: BESTUUR op vrijdag 20 februari 2026; PLATFORM op vrijdag 6 maart 2026"
    assert day_of(advies.aanleverdatum) == a_day("2026-02-06")


@pytest.mark.parametrize(("werkdagen", "av"), [(0, "2026-03-27"), (15, "2026-03-27"), (16, "2026-06-26")])
def test_werkdagen_for_verwerking_lie_between_a_stap_and_the_papers_of_the_next(werkdagen: int, av: str) -> None:
    stelsel = a_line_stelsel(a_kalender("bestuur", "2026-02-20"), verwerking_werkdagen=werkdagen)

    plan = a_plan(stelsel, "2026-01-05")

    assert walked(stelsel.werkkalender, a_day("2026-02-20"), 15) == a_day("2026-03-13")
    assert day_of(plan.doel) == a_day(av)


# --- two dossiers of which one waits for the other ---


def joined(stelsel: Stelsel, werkdagen: int, **second: object) -> tuple[Planner, Opgelost, Opgelost]:
    first = vraag_of_route(stelsel, stelsel.route(NOTA), "eerst", a_day("2026-01-05"), Wens())
    waits = vraag_of_route(stelsel, stelsel.route("jaarplan-begroting"), "daarna", a_day("2026-01-05"), Wens())
    planner = Planner(stelsel, a_day("2026-01-05"))
    eerst, daarna = planner.solve([first, replace(waits, na="eerst", na_werkdagen=werkdagen, **second)])  # type: ignore[arg-type]
    return planner, eerst, daarna


@pytest.mark.parametrize(("werkdagen", "klaar", "routering"), [(0, "2026-06-26", "2026-08-20"), (40, "2026-08-21", "2026-09-10")])
def test_a_dossier_that_waits_starts_so_many_werkdagen_after_the_one_before_is_vastgesteld(
    mra: Stelsel, werkdagen: int, klaar: str, routering: str
) -> None:
    planner, eerst, daarna = joined(mra, werkdagen)

    plan = explained(planner, daarna)

    assert day_of(explained(planner, eerst).doel) == a_day("2026-06-26")
    assert daarna.klaar[0] == a_day(klaar).toordinal()
    assert day_of(stap_of(plan, "routering").gepland) == a_day(routering)


def test_a_route_that_follows_another_says_how_many_werkdagen_lie_between() -> None:
    volgt_op = {"route": "agenda", "werkdagen": 20, **FACT}
    stelsel = a_stelsel(routes=[a_route(volgt_op=volgt_op), a_college_route()])

    vraag = vraag_of_route(stelsel, stelsel.route("nota"), "nota", a_day("2026-01-05"), Wens())

    assert (vraag.na, vraag.na_werkdagen) == (None, 20)


def test_the_first_of_two_dossiers_is_late_when_the_second_cannot_meet_its_doel(mra: Stelsel) -> None:
    planner, eerst, daarna = joined(mra, 40, doel=a_day("2026-09-25"))

    plan = explained(planner, daarna)

    assert plan.haalt is False
    assert day_of(plan.eerste_mogelijk) == a_day("2026-12-11")
    assert eerst.gedaan_uiterlijk[-1] is not None and eerst.einde is not None and eerst.gedaan_uiterlijk[-1] < eerst.einde


def test_the_slack_of_the_second_dossier_reaches_back_into_the_first_only_as_far_as_its_own_doel(mra: Stelsel) -> None:
    first = vraag_of_route(mra, mra.route(NOTA), "eerst", a_day("2026-01-05"), Wens(doel=a_day("2026-09-25")))
    waits = vraag_of_route(mra, mra.route("jaarplan-begroting"), "daarna", a_day("2026-01-05"), Wens(doel=a_day("2027-12-10")))
    planner = Planner(mra, a_day("2026-01-05"))

    eerst, daarna = planner.solve([first, replace(waits, na="eerst", na_werkdagen=10)])

    assert (eerst.breaks, daarna.breaks) == (None, None)
    assert eerst.gedaan_uiterlijk[-1] == a_day("2026-09-25").toordinal()
    assert (daarna.choices(0) or 0) > 3


# --- what to watch ---


def warnings_of(stelsel: Stelsel, van: str, tot_en_met: str, afgesproken: Planning | None = None) -> dict[Soort, Waarschuwing]:
    route = stelsel.route(NOTA)
    stap = route.stap("raadpleging")
    assert stap is not None
    vraag = Planvraag("nota", route, "raadpleging", a_day(van), afgesproken=afgesproken)
    found = list(waarschuwingen(Planner(stelsel, a_day(van)), vraag, stap, a_day(van), a_day(tot_en_met)))
    assert all(warning.zin.endswith(".") for warning in found)
    return {warning.soort: warning for warning in found}


def test_a_termijn_with_eight_weeks_outside_recess_and_no_election_needs_no_warning(mra: Stelsel) -> None:
    assert warnings_of(mra, "2026-05-04", "2026-06-29") == {}


@pytest.mark.parametrize(
    ("van", "tot_en_met", "reces"),
    [
        ("2026-05-04", "2026-07-06", "Zomervakantie"),
        ("2026-10-19", "2026-12-21", "Kerstvakantie"),
        ("2026-08-17", "2026-10-12", "Herfstvakantie"),
    ],
)
def test_an_end_in_recess_is_named_with_a_day_that_gives_as_many_weeks_outside_it(
    mra: Stelsel, van: str, tot_en_met: str, reces: str
) -> None:
    found = warnings_of(mra, van, tot_en_met)[Soort.RECES]

    assert f"in de {reces}" in found.zin
    assert found.beter is not None
    weken = (a_day(tot_en_met) - a_day(van)).days / 7
    werk = mra.werkkalender
    assert werk.is_werkdag(found.beter) and werk.reces(found.beter) is None
    assert werk.net_weeks(a_day(van), found.beter) >= round(weken, 1)
    earlier = [day for day in every_day(a_day(tot_en_met), found.beter - DAY) if werk.is_werkdag(day) and werk.reces(day) is None]
    assert all(werk.net_weeks(a_day(van), day) < weken for day in earlier)


@pytest.mark.parametrize(
    ("van", "tot_en_met", "naam"),
    [
        ("2026-01-19", "2026-04-20", "gemeenteraadsverkiezingen 2026"),
        ("2027-01-11", "2027-03-17", "Provinciale Statenverkiezingen 2027"),
        ("2026-11-18", "2027-02-01", "herindelingsverkiezing Hilversum en Wijdemeren 2026"),
    ],
)
def test_a_termijn_that_runs_across_an_election_asks_for_a_reason(mra: Stelsel, van: str, tot_en_met: str, naam: str) -> None:
    found = warnings_of(mra, van, tot_en_met)[Soort.VERKIEZING]

    assert naam in found.zin and "geef daarvoor een reden" in found.zin


@pytest.mark.parametrize(("van", "tot_en_met"), [("2026-01-19", "2026-03-17"), ("2026-03-19", "2026-06-01")])
def test_the_day_before_or_after_an_election_is_not_across_it(mra: Stelsel, van: str, tot_en_met: str) -> None:
    assert Soort.VERKIEZING not in warnings_of(mra, van, tot_en_met)


def test_fewer_than_eight_weeks_outside_recess_is_short_and_the_first_werkdag_that_is_not_is_named(mra: Stelsel) -> None:
    found = warnings_of(mra, "2026-03-27", "2026-05-22")[Soort.KORT]

    assert found.zin == "De termijn telt 6,7 weken buiten het reces; veilig is 8, dus tot en met maandag 1 juni 2026."
    werk = mra.werkkalender
    better = next(
        d for d in every_day(a_day("2026-05-22"), a_day("2026-08-01")) if werk.is_werkdag(d) and werk.net_weeks(a_day("2026-03-27"), d) >= 8
    )
    assert found.beter == better == a_day("2026-06-01")


def test_a_termijn_that_differs_from_what_was_agreed_first_says_what_that_was(mra: Stelsel) -> None:
    def kept(einde: str) -> Planning:
        stap = StapGepland(stap="raadpleging", van=a_day("2026-05-04"), tot_en_met=a_day(einde), waarom="zo afgesproken")
        return Planning(doel=a_day("2026-09-25"), stappen=(stap,))

    moved, same = (warnings_of(mra, "2026-05-04", "2026-06-29", kept(einde)) for einde in ("2026-06-26", "2026-06-29"))

    assert moved[Soort.AFGESPROKEN].zin == "Eerst was afgesproken: maandag 4 mei 2026 tot en met vrijdag 26 juni 2026."
    assert same == {}


# --- what shift would help ---


def shifts_of(planner: Planner, opgelost: Opgelost) -> tuple[int, dict[Schuif, Verschuiving]]:
    i = next(i for i, stap in enumerate(opgelost.stappen) if stap.rol is StapRol.RAADPLEGEN)
    return i, {found.soort: found for found in verschuivingen(planner, opgelost, i)}


CASES = [
    ("2026-01-05", "2026-01-05", None),
    ("2026-01-05", "2026-01-05", "2026-12-11"),
    ("2026-01-05", "2026-06-15", "2027-03-19"),
    ("2026-01-05", "2026-08-20", None),
    ("2026-01-05", "2027-01-04", "2027-12-10"),
]


@pytest.mark.parametrize(("op", "vanaf", "doel"), CASES)
def test_every_shift_that_is_named_really_lets_that_many_take_part_at_that_cost(
    mra: Stelsel, op: str, vanaf: str, doel: str | None
) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day(vanaf), Wens(doel=None if doel is None else a_day(doel)))
    planner, opgelost, plan = planned(mra, vraag, op)
    i, found = shifts_of(planner, opgelost)
    av = mra.vergaderingen("av").dagen
    now = applied(planner, opgelost, i)[1]

    assert found
    for soort, shift in found.items():
        pin = {"raadpleging": shift.tot_en_met} if soort in (Schuif.RUIMER, Schuif.LANGER) else {"av-vrijgave": shift.vrijgave}
        after, part = applied(planner, opgelost, i, gezet=pin, vanaf=a_day(op) if soort is Schuif.EERDER else vraag.vanaf)
        window = planner.venster(after, i)
        assert part == shift.doen_mee > now
        assert shift.bekend == known_raden(planner, after, i)
        assert window == (shift.van.toordinal(), shift.tot_en_met.toordinal())
        assert after.gedaan[i - 1] == shift.vrijgave.toordinal() and shift.vrijgave >= a_day(op)
        planned_av, first_av = day_of(plan.doel), date.fromordinal(after.einde or 0)
        costs = max(first_av, planned_av) if doel else first_av
        assert shift.doel == costs
        assert shift.vergaderingen_later == sum(planned_av < day <= costs for day in av) - sum(costs < day <= planned_av for day in av)
    if Schuif.RUIMER in found:
        assert found[Schuif.RUIMER].vergaderingen_later == 0


@pytest.mark.parametrize(("op", "vanaf", "doel"), CASES)
def test_no_smaller_shift_of_its_kind_lets_as_many_take_part_and_none_lets_more(
    mra: Stelsel, op: str, vanaf: str, doel: str | None
) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day(vanaf), Wens(doel=None if doel is None else a_day(doel)))
    planner, opgelost, _ = planned(mra, vraag, op)
    i, found = shifts_of(planner, opgelost)
    release, close = (date.fromordinal(opgelost.gedaan[k] or 0) for k in (i - 1, i))
    now, werk, av = applied(planner, opgelost, i)[1], mra.werkkalender, mra.vergaderingen("av").dagen

    def longer(until: date) -> dict[date, int]:
        days = [day for day in every_day(close, until) if werk.is_werkdag(day)]
        return {day: applied(planner, opgelost, i, gezet={"raadpleging": day})[1] for day in days}

    def released(days: list[date], start: date) -> dict[date, int]:
        tried = {day: applied(planner, opgelost, i, gezet={"av-vrijgave": day}, vanaf=start) for day in days}
        return {day: part for day, (after, part) in tried.items() if after.gedaan[i - 1] == day.toordinal()}

    last = opgelost.gedaan_uiterlijk[i]
    assert last is not None
    by_kind = {
        Schuif.LANGER: longer(close + 181 * DAY),
        Schuif.RUIMER: longer(date.fromordinal(last - 1)),
        Schuif.LATER: released([day for day in av if day > release][:RELEASES], vraag.vanaf),
        Schuif.EERDER: released([day for day in av if a_day(op) <= day < release][::-1][:RELEASES], a_day(op)),
    }
    for soort, tried in by_kind.items():
        most = max([now, *tried.values()])
        if soort not in found:
            given_up = soort is Schuif.LANGER and Schuif.RUIMER in found and found[Schuif.RUIMER].doen_mee == found[Schuif.RUIMER].bekend
            assert most == now or given_up
            continue
        shift = found[soort]
        day = shift.tot_en_met if soort in (Schuif.RUIMER, Schuif.LANGER) else shift.vrijgave
        assert tried[day] == shift.doen_mee
        if shift.doen_mee < shift.bekend:
            assert shift.doen_mee == most
        nearer = [part for other, part in tried.items() if abs((other - release).days) < abs((day - release).days)]
        assert all(part < shift.doen_mee for part in nearer)


def test_no_shift_is_named_when_everyone_can_when_nothing_is_known_or_when_the_termijn_is_fixed(mra: Stelsel) -> None:
    stelsels = [
        a_stelsel(kalenders=[AOB, *a_stelsel().model_dump()["kalenders"]], ritmes=ritmes, raadskalenders=kalenders)
        for ritmes, kalenders in (
            ([], []),
            ([a_ritme(schakels=[{"soort": "raad", "herhaling": {"weekdag": 1}}]).model_dump()], []),
            ([], [a_raadskalender("2026-12-08").model_dump()]),
        )
    ]
    plans = [a_plan(stelsel, "2026-01-02") for stelsel in stelsels]
    fixed = a_plan(mra, "2026-01-05", Wens(zet=pins(raadpleging="2026-03-27 2026-05-22")), route=NOTA)

    assert [bool(plan.rondes[0].verschuivingen) for plan in plans] == [False, False, True]
    assert fixed.rondes[0].verschuivingen == ()


def test_an_earlier_release_is_never_proposed_for_a_day_that_has_passed(mra: Stelsel) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day("2026-08-20"), Wens())

    early, late = (shifts_of(*planned(mra, vraag, op)[:2])[1] for op in ("2026-01-05", "2026-08-20"))

    assert a_day("2026-01-05") <= early[Schuif.EERDER].vrijgave < a_day("2026-12-11")
    assert Schuif.EERDER not in late
