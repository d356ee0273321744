"""What there is to watch about a termijn, in a sentence, with a sluitingsdatum that would serve."""

from __future__ import annotations

import pytest

from statemachines.payloads import Planning, StapGepland
from statemachines.planning.planner import Planner, Planvraag
from statemachines.planning.waarschuwing import Soort, Waarschuwing, waarschuwingen
from statemachines.stelsel import Stelsel
from tests.makers import a_day
from tests.statemachines.planning.planmakers import (
    DAY,
    NOTA,
    every_day,
)


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


def test_a_termijn_of_broken_weeks_that_ends_in_recess_gets_a_day_that_gives_at_least_as_many(mra: Stelsel) -> None:
    found = warnings_of(mra, "2026-05-04", "2026-07-09")[Soort.RECES]

    assert found.beter is not None
    assert mra.werkkalender.net_weeks(a_day("2026-05-04"), found.beter) >= round(66 / 7, 1)


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
