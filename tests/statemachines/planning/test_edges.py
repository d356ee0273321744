"""Where calendars end, days were agreed that cannot be, or what is known stops: never a guess, never a contradiction."""

from __future__ import annotations

from dataclasses import replace

from statemachines.facts import Kring
from statemachines.kalender import Onbekend
from statemachines.planning.plan import explained
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import Niveau, Oordeel
from statemachines.planning.raden import counted, raden_of
from statemachines.planning.verschuiving import Soort
from statemachines.planning.vraag import Wens, vraag_of_route
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_gremium, a_kalender, a_stelsel
from tests.statemachines.planning.planmakers import (
    AOB,
    a_line_route,
    a_plan,
    a_raadskalender,
    a_ritme,
    a_walk,
    a_weg,
    day_of,
    pins,
    stap_of,
)

AV = a_kalender("av", "2026-03-27", "2026-06-26", "2026-09-25", "2026-12-18")
BESTUUR = a_kalender("bestuur", "2026-02-06", "2026-03-20", "2026-05-08", "2026-06-19", "2026-07-10", "2026-09-11")


def longer(kalender: dict[str, object], *dagen: str) -> dict[str, object]:
    """The calendar of 2026 goes on until half 2027, with these days."""
    vergaderingen = kalender["vergaderingen"]
    assert isinstance(vergaderingen, list)
    return {**kalender, "tot_en_met": "2027-06-30", "vergaderingen": [*vergaderingen, *({"datum": dag} for dag in dagen)]}


def test_whether_a_doel_is_met_is_onbekend_as_long_as_a_stap_before_it_has_no_date() -> None:
    stelsel = a_stelsel(kalenders=[AOB, AV])

    plan = a_plan(stelsel, "2026-02-03", Wens(doel=a_day("2026-03-27")))

    assert isinstance(stap_of(plan, "vrijgave").gepland, Onbekend)
    assert plan.haalt is None


def test_a_stap_agreed_for_a_day_before_it_can_be_ready_is_not_planned_on_that_day_when_no_later_one_is_known() -> None:
    stelsel = a_stelsel(kalenders=[AOB, BESTUUR, a_kalender("av", "2026-03-27")])

    plan = a_plan(stelsel, "2026-01-05", Wens(zet=pins(vaststelling="2026-03-27")))

    assert day_of(stap_of(plan, "raadpleging").gepland) == a_day("2026-04-07")
    gepland = stap_of(plan, "vaststelling").gepland
    assert isinstance(gepland, Onbekend) or gepland.datum > a_day("2026-04-07")
    assert plan.haalt is not True


def test_a_termijn_cannot_be_fixed_for_days_before_the_vrijgave_and_yet_meet_its_doel() -> None:
    stelsel = a_stelsel(kalenders=[AOB, BESTUUR, AV])
    wens = Wens(doel=a_day("2026-06-26"), zet=pins(raadpleging="2026-02-02 2026-04-01"))

    plan = a_plan(stelsel, "2026-04-01", wens)

    assert day_of(stap_of(plan, "vrijgave").gepland) == a_day("2026-05-08")
    assert plan.haalt is not True


def test_a_doel_is_met_by_a_combi_overleg_also_when_its_calendar_ends_before_the_doel() -> None:
    gremia = [a_gremium("aob", "AOB", "ambtelijk", 3), *(a_gremium(g, g.upper()) for g in ("bestuur", "av", "combi"))]
    kalenders = [
        AOB,
        longer(a_kalender("bestuur", "2026-02-06"), "2027-06-04"),
        longer(a_kalender("av", "2026-03-27"), "2027-02-26"),
        a_kalender("combi", "2026-12-04"),
    ]
    stelsel = a_stelsel(gremia=gremia, routes=[a_line_route(combi="combi")], kalenders=kalenders)

    plan = a_plan(stelsel, "2026-04-01", Wens(doel=a_day("2027-02-26")))

    assert day_of(stap_of(plan, "advies").gepland) == a_day("2026-12-04")
    assert day_of(plan.eerste_mogelijk) == a_day("2027-02-26")
    assert plan.haalt is not False


def test_an_earlier_release_is_not_proposed_for_a_day_before_the_dossier_that_comes_first_is_done() -> None:
    ritme = a_ritme().model_dump()
    kalender = a_raadskalender("2026-04-14", "2026-11-10", deelnemer="diemen").model_dump()
    stelsel = a_stelsel(kalenders=[AOB, BESTUUR, AV], ritmes=[ritme], raadskalenders=[kalender])
    planner, route = Planner(stelsel, a_day("2026-01-01")), stelsel.route("nota")
    first = vraag_of_route(stelsel, route, "eerst", a_day("2026-01-01"), Wens(zet=pins(vaststelling="2026-06-26")))
    waits = replace(vraag_of_route(stelsel, route, "daarna", a_day("2026-01-01"), Wens()), stap="vrijgave", na="eerst", na_werkdagen=5)

    eerst, daarna = planner.solve([first, waits])
    shifts = explained(planner, daarna).rondes[0].verschuivingen

    assert eerst.einde == a_day("2026-06-26").toordinal()
    assert all(shift.vrijgave > a_day("2026-06-26") for shift in shifts if shift.soort is Soort.EERDER)


def test_a_ritme_that_holds_from_a_day_within_the_termijn_proves_nothing_for_it_is_not_what_somebody_found() -> None:
    weg = a_weg(a_ritme(geldig_vanaf="2026-03-01"))

    found = a_walk(weg, "2026-02-16", "2026-04-15")

    assert found.niveau is not Niveau.BEVESTIGD
    assert found.oordeel is Oordeel.ONBEKEND


def test_no_raad_is_confirmed_for_a_termijn_that_opens_just_before_the_ritmes_of_2026_hold(mra: Stelsel) -> None:
    planner = Planner(mra, a_day("2025-12-01"))

    raden = list(raden_of(planner, Kring.RADEN_STATEN, (a_day("2025-12-19").toordinal(), a_day("2026-02-27").toordinal())))

    assert counted(raden)[Oordeel.HAALBAAR] == 0
    assert not any(raad.niveau is Niveau.BEVESTIGD for raad in raden)


def test_two_confirmed_calendars_that_touch_are_known_as_one() -> None:
    two = [
        a_raadskalender("2026-12-08"),
        a_raadskalender("2027-03-02", vanaf="2027-01-01", tot_en_met="2027-06-30"),
    ]
    one = a_raadskalender("2026-12-08", "2027-03-02", tot_en_met="2027-06-30")

    apart, whole = (a_walk(a_weg(None, *kalenders), "2026-12-01", "2027-02-01") for kalenders in (two, [one]))

    assert apart == whole
    assert apart.niveau is Niveau.BEVESTIGD


def test_a_raad_that_is_known_not_to_meet_in_the_termijn_any_more_is_niet_and_not_onbekend() -> None:
    weg = a_weg(None, a_raadskalender("2026-03-03"))

    found = a_walk(weg, "2026-04-01", "2026-06-01")

    assert (found.niveau, found.oordeel) == (Niveau.BEVESTIGD, Oordeel.NIET)


def test_a_raad_comes_after_its_commissie_also_when_both_calendars_were_confirmed_and_no_ritme_is_known() -> None:
    same_day = [a_raadskalender("2026-03-03", "2026-03-31"), a_raadskalender("2026-03-03", "2026-03-24", soort="commissie")]

    found = a_walk(a_weg(None, *same_day), "2026-02-02", "2026-04-30")

    assert found.eerste == (a_day("2026-03-03").toordinal(), a_day("2026-03-31").toordinal())
