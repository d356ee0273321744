"""What really happened, planned again from the days that were found: two Voortgangsnota's and the termijn of MRA-Agenda 2.0."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from statemachines.errors import NoVergaderingInTime
from statemachines.facts import Raadskalender
from statemachines.kalender import Moment, Onbekend, Venster
from statemachines.planning.plan import Plan
from statemachines.planning.planner import Planner, Planvraag
from statemachines.planning.raadsweg import Niveau, Oordeel
from statemachines.planning.raden import counted
from statemachines.planning.vraag import Wens, require_dates
from statemachines.planning.waarschuwing import Soort, waarschuwingen
from statemachines.route import Termijn
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_termijn
from tests.statemachines.planning.planmakers import DAY, NOTA, a_plan, a_raadskalender, day_of, every_day, pins, planned, stap_of, walked

VRA = "regioraad-vervoerregio-amsterdam"
TODAY = "2026-11-24"


def found_days(*dagen: str) -> Raadskalender:
    """What was found of the regioraad of the Vervoerregio; between these days nothing is known."""
    changes: dict[str, Any] = {"vanaf": "2021-12-14", "tot_en_met": "2024-05-14", "volledig": False, "bevestigd_op": "2026-11-23"}
    return a_raadskalender(*dagen, deelnemer="vervoerregio-amsterdam", **changes)


@pytest.fixture(scope="module")
def then(mra: Stelsel) -> Stelsel:
    """The facts of those years: no ritme says anything about them, of one regioraad some days were found."""
    return mra.model_copy(update={"ritmes": (), "raadskalenders": (found_days("2021-12-14", "2022-03-01", "2024-05-14"),)})


def found(stelsel: Stelsel, vrijgave: str, vaststelling: str, op: str = TODAY) -> Plan:
    return a_plan(stelsel, vrijgave, Wens(doel=a_day(vaststelling), zet=pins(av_vrijgave=vrijgave)), route=NOTA, op=op)


YEARS = [
    ("2023-03-24", "2023-06-23", 13, "2023-03-31", "2023-05-26", "2023-06-05"),
    ("2024-03-22", "2024-06-14", 12, "2024-04-02", "2024-05-28", "2024-06-06"),
]


@pytest.mark.parametrize(("vrijgave", "vaststelling", "weken", "van", "tot_en_met", "veilig"), YEARS)
def test_the_voortgangsnota_of_2022_and_that_of_2023_are_explained_from_the_days_of_their_av(
    then: Stelsel, vrijgave: str, vaststelling: str, weken: int, van: str, tot_en_met: str, veilig: str
) -> None:
    plan = found(then, vrijgave, vaststelling)

    ronde = plan.rondes[0]
    assert plan.terugblik and plan.weken == weken
    assert (day_of(stap_of(plan, "av-vrijgave").gepland), day_of(plan.doel)) == (a_day(vrijgave), a_day(vaststelling))
    assert (ronde.van, ronde.tot_en_met, ronde.netto_weken) == (a_day(van), a_day(tot_en_met), 6.7)
    assert ronde.van == walked(then.werkkalender, a_day(vrijgave), 5)
    outside = [day for day in every_day(ronde.van + DAY, ronde.tot_en_met) if then.werkkalender.reces(day) is None]
    assert len(outside) == 56 - 9
    sluiting = stap_of(plan, "raadpleging").gepland
    assert isinstance(sluiting, Moment) and sluiting.waarom.startswith("8 weken na de verzending op ")


@pytest.mark.parametrize(("vrijgave", "vaststelling", "weken", "van", "tot_en_met", "veilig"), YEARS)
def test_both_termijnen_are_flagged_as_too_short_for_the_meivakantie_took_nine_days(
    then: Stelsel, vrijgave: str, vaststelling: str, weken: int, van: str, tot_en_met: str, veilig: str
) -> None:
    watch = {warning.soort: warning for warning in found(then, vrijgave, vaststelling).rondes[0].waarschuwingen}

    assert set(watch) == {Soort.KORT}
    assert watch[Soort.KORT].zin.startswith("De termijn telt 6,7 weken buiten het reces; veilig is 8")
    assert watch[Soort.KORT].beter == a_day(veilig)
    last_of_56 = [day for day in every_day(a_day(van) + DAY, a_day("2024-07-01")) if then.werkkalender.reces(day) is None][55]
    assert next(day for day in every_day(last_of_56, a_day("2024-07-01")) if then.werkkalender.is_werkdag(day)) == a_day(veilig)


@pytest.mark.parametrize(("vrijgave", "vaststelling", "weken", "van", "tot_en_met", "veilig"), YEARS)
def test_where_no_vergadering_of_that_time_is_known_the_plan_says_onbekend_and_a_terugblik_may_have_such_gaps(
    then: Stelsel, vrijgave: str, vaststelling: str, weken: int, van: str, tot_en_met: str, veilig: str
) -> None:
    terugblik, before = (found(then, vrijgave, vaststelling, op) for op in (TODAY, vrijgave))

    unknown = [stap.stap for stap in terugblik.stappen if isinstance(stap.gepland, Onbekend)]
    assert unknown == ["routering", "bestuur-concept", "beantwoording"]
    assert terugblik.haalt is None
    assert (terugblik.terugblik, before.terugblik) == (True, False)
    require_dates(terugblik)
    with pytest.raises(NoVergaderingInTime, match="Ambtelijk overleg bestuurszaken"):
        require_dates(before)


def test_of_2024_the_regioraad_really_had_one_vergadering_six_weeks_in_and_the_other_32_are_onbekend(then: Stelsel) -> None:
    raden = found(then, "2024-03-22", "2024-06-14").rondes[0].raden

    known = [raad for raad in raden if raad.oordeel is not Oordeel.ONBEKEND]
    assert [raad.orgaan for raad in known] == [VRA]
    regioraad = known[0]
    raad = regioraad.schakels[0]
    assert (regioraad.oordeel, regioraad.niveau, regioraad.breekt) == (Oordeel.HAALBAAR, Niveau.BEVESTIGD, "")
    assert (len(regioraad.schakels), raad.eerste, raad.laatste) == (1, a_day("2024-05-14"), a_day("2024-05-14"))
    assert (a_day("2024-05-14") - a_day("2024-04-02")).days == 6 * 7
    assert counted(raden) == {Oordeel.HAALBAAR: 1, Oordeel.KRAP: 0, Oordeel.NIET: 0, Oordeel.ONBEKEND: 32}


def test_of_2023_no_vergadering_of_any_raad_was_found_and_all_33_are_counted_as_onbekend_without_dates(then: Stelsel) -> None:
    raden = found(then, "2023-03-24", "2023-06-23").rondes[0].raden

    assert counted(raden) == {Oordeel.HAALBAAR: 0, Oordeel.KRAP: 0, Oordeel.NIET: 0, Oordeel.ONBEKEND: 33}
    assert sum(counted(raden).values()) == len(raden) == 33
    assert all(raad.schakels == () and raad.breekt for raad in raden)


@pytest.mark.parametrize(("vrijgave", "vaststelling", "weken", "van", "tot_en_met", "veilig"), YEARS)
def test_the_shipped_facts_say_the_same_for_invented_ritmes_do_not_reach_back(
    mra: Stelsel, then: Stelsel, vrijgave: str, vaststelling: str, weken: int, van: str, tot_en_met: str, veilig: str
) -> None:
    shipped, own = (found(stelsel, vrijgave, vaststelling).rondes[0] for stelsel in (mra, then))

    assert counted(shipped.raden) == counted(own.raden)
    assert [(raad.orgaan, raad.oordeel, raad.niveau, len(raad.schakels)) for raad in shipped.raden] == [
        (raad.orgaan, raad.oordeel, raad.niveau, len(raad.schakels)) for raad in own.raden
    ]


def test_a_window_that_was_really_published_is_planned_as_it_was(then: Stelsel) -> None:
    wens = Wens(doel=a_day("2023-06-23"), zet=pins(av_vrijgave="2023-03-24", raadpleging="2023-03-27 2023-05-19"))

    plan = a_plan(then, "2023-03-24", wens, route=NOTA, op=TODAY)

    assert (plan.rondes[0].van, plan.rondes[0].tot_en_met) == (a_day("2023-03-27"), a_day("2023-05-19"))
    assert stap_of(plan, "raadpleging").gepland == Moment(a_day("2023-05-19"), "zo gevraagd")
    assert len(plan.rondes[0].raden) == 33


def test_the_termijn_of_mra_agenda_2_0_is_flagged_for_it_ended_in_the_kerstvakantie_and_14_january_2020_would_have_served(
    mra: Stelsel,
) -> None:
    van, tot_en_met = a_day("2019-10-25"), a_day("2019-12-27")
    vraag = Planvraag("mra-agenda-2-0", mra.route("mra-agenda"), "raadpleging", van)
    raadpleging = vraag.stappen[0]

    watch = {w.soort: w for w in waarschuwingen(Planner(mra, a_day(TODAY)), vraag, raadpleging, van, tot_en_met)}

    # By hand: 26 and 27 October are herfstvakantie; 28 October to 20 December are 54 days; 21 December to 5 January are
    # kerstvakantie; the last 9 of 63 days run from 6 to 14 January.
    assert (tot_en_met - van).days == 9 * 7
    assert watch[Soort.RECES].beter == a_day("2020-01-14")
    assert watch[Soort.RECES].zin == (
        "De termijn eindigt op vrijdag 27 december 2019, in de Kerstvakantie; "
        "dinsdag 14 januari 2020 geeft evenveel dagen buiten het reces."
    )
    assert watch[Soort.KORT].beter == a_day("2020-01-07")
    assert set(watch) == {Soort.RECES, Soort.KORT}


def test_the_rule_of_today_would_have_given_mra_agenda_2_0_until_14_january_2020(mra: Stelsel) -> None:
    raadpleging = mra.route("mra-agenda").stap("raadpleging")
    assert raadpleging is not None and raadpleging.ronde is not None
    house_rule = raadpleging.ronde.termijn.model_copy(update={"verzending_werkdagen": 0})

    by_rule, as_it_was = (
        mra.werkkalender.reactietermijn(a_day("2019-10-25"), termijn)
        for termijn in (house_rule, Termijn.model_validate(a_termijn(weken=9, reces_telt=True)))
    )

    assert isinstance(by_rule, Venster) and isinstance(as_it_was, Venster)
    assert by_rule.tot_en_met.datum == date(2020, 1, 14)
    assert as_it_was.tot_en_met.datum == date(2019, 12, 27)
    assert "valt in de Kerstvakantie" in as_it_was.tot_en_met.waarom


def test_that_termijn_as_a_wish_stands_in_the_plan_with_its_warnings(mra: Stelsel) -> None:
    vraag = Planvraag("mra-agenda-2-0", mra.route("mra-agenda"), "raadpleging", a_day("2019-10-25"))
    fixed = Venster(Moment(a_day("2019-10-25"), "gevonden"), Moment(a_day("2019-12-27"), "gevonden"))
    known = Planvraag(vraag.slug, vraag.route, vraag.stap, vraag.vanaf, vensters={"raadpleging": fixed})

    plan = planned(mra, known, TODAY)[2]

    ronde = plan.rondes[0]
    assert (ronde.van, ronde.tot_en_met, ronde.netto_weken) == (a_day("2019-10-25"), a_day("2019-12-27"), 7.7)
    assert {warning.soort for warning in ronde.waarschuwingen} == {Soort.RECES, Soort.KORT}
    assert ronde.verschuivingen == ()
