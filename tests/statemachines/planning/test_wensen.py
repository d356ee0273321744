"""What people wish of a plan, and what follows from gremia side by side, a combi-overleg, and a dossier that waits for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from statemachines.errors import NoVergaderingInTime, Refused
from statemachines.kalender import Moment
from statemachines.planning.plan import explained
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.vraag import Wens, require_wishes, vraag_of_route
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_college_route, a_day, a_gremium, a_kalender, a_route, a_stelsel
from tests.statemachines.planning.planmakers import (
    AOB,
    DAY,
    NOTA,
    a_line_route,
    a_plan,
    day_of,
    pins,
    stap_of,
    walked,
)


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


# --- gremia side by side, a combi-overleg, and time between stappen ---


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
