"""The own dates of a council: worked out by hand, a fact only where somebody confirmed them, and absent where they say nothing."""

from __future__ import annotations

from typing import Any

import pytest

from notifications.eigen_data import Eigen, eigen_data
from statemachines.facts import Kring, Raadskalender
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import Niveau
from statemachines.ronde import Stand
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_deelnemer, a_stelsel
from tests.statemachines.planning.planmakers import a_herhaling, a_raadskalender, a_ritme
from tests.statemachines.planning.test_kans import CHAIN, an_open_ronde

WORDS = {"status": "bron"}


def a_region(*kalenders: Raadskalender, schakels: list[Any] | None = None, status: str = "bron") -> Stelsel:
    ritmes = [a_ritme(schakels=schakels, status=status)] if schakels else []
    return a_stelsel(deelnemers=[a_deelnemer("almere")], ritmes=ritmes, raadskalenders=kalenders)


def told(stelsel: Stelsel, op: str = "2026-09-01", orgaan: str = "raad-almere", **ronde: Any) -> tuple[Eigen, ...]:
    return eigen_data(Planner(stelsel, a_day(op)), an_open_ronde(**{"standen": {orgaan: Stand(orgaan)}, **ronde}), orgaan)


def as_lines(found: tuple[Eigen, ...]) -> list[str]:
    return [f"{eigen.wat}: {eigen.zin}" for eigen in found]


def test_a_ritme_gives_the_last_days_that_fit_as_a_question() -> None:
    stelsel = a_region(schakels=CHAIN)

    found = told(stelsel)

    assert as_lines(found) == [
        "Commissie: waarschijnlijk uiterlijk donderdag 15 oktober 2026, klopt dit?",
        "Gemeenteraad: waarschijnlijk uiterlijk donderdag 29 oktober 2026, klopt dit?",
        "Aanleveren bij uw griffie: waarschijnlijk uiterlijk donderdag 8 oktober 2026, klopt dit?",
    ]
    assert {eigen.niveau for eigen in found} == {Niveau.RITME}


def test_an_invented_ritme_is_shown_as_invented() -> None:
    stelsel = a_region(schakels=CHAIN, status="voorbeeld")

    found = told(stelsel)

    assert len(found) == 3
    assert all(eigen.zin.endswith("klopt dit? (voorbeeld)") for eigen in found)


def test_confirmed_days_are_facts_and_an_aanleverdatum_that_nobody_gave_is_none() -> None:
    given = [{"datum": "2026-10-15", "aanleverdatum": "2026-10-01"}]
    raad = a_raadskalender("2026-09-24", "2026-10-29", **WORDS)
    commissie = a_raadskalender("2026-09-10", "2026-10-15", soort="commissie", **WORDS)
    with_papers = a_raadskalender(soort="commissie", vergaderingen=given, **WORDS)

    bare, whole = told(a_region(raad, commissie)), told(a_region(raad, with_papers))

    assert as_lines(bare) == ["Commissie: uiterlijk donderdag 15 oktober 2026", "Gemeenteraad: uiterlijk donderdag 29 oktober 2026"]
    assert as_lines(whole) == [*as_lines(bare), "Aanleveren bij uw griffie: uiterlijk donderdag 1 oktober 2026"]
    assert {eigen.niveau for eigen in whole} == {Niveau.BEVESTIGD}


def test_an_aanleverdatum_counted_back_from_confirmed_days_stays_a_question() -> None:
    schakels = [{"soort": "raad", "herhaling": a_herhaling(3, -1), "vooraf_werkdagen": 10}]
    stelsel = a_region(a_raadskalender("2026-10-29", **WORDS), schakels=schakels)

    found = told(stelsel)

    assert as_lines(found) == [
        "Gemeenteraad: uiterlijk donderdag 29 oktober 2026",
        "Aanleveren bij uw griffie: waarschijnlijk uiterlijk donderdag 15 oktober 2026, klopt dit?",
    ]


def test_a_raad_with_uitstel_has_the_days_of_its_own_sluitingsdatum() -> None:
    stelsel = a_region(schakels=CHAIN)

    found = told(stelsel, standen={"raad-almere": Stand("raad-almere", uitstel=a_day("2026-11-27"))})

    assert [eigen.dag for eigen in found if eigen.wat == "Gemeenteraad"] == [a_day("2026-11-26")]


def test_days_that_have_passed_are_left_out() -> None:
    stelsel = a_region(schakels=CHAIN)

    found = told(stelsel, op="2026-10-09")

    assert [eigen.wat for eigen in found] == ["Commissie", "Gemeenteraad"]


def test_of_a_day_that_was_only_found_nobody_says_that_it_is_the_last() -> None:
    stelsel = a_region(a_raadskalender("2026-09-24", volledig=False, **WORDS))

    found = told(stelsel)

    assert as_lines(found) == ["Gemeenteraad: donderdag 24 september 2026 (de laatste die wij kennen)"]


@pytest.mark.parametrize(
    ("stelsel", "ronde"),
    [
        (a_region(), {}),
        (a_region(schakels=CHAIN), {"tot_en_met": a_day("2026-09-11")}),
    ],
    ids=["nothing is known", "its way does not fit"],
)
def test_there_is_no_row_when(stelsel: Stelsel, ronde: dict[str, Any]) -> None:
    assert told(stelsel, **ronde) == ()


def test_a_raad_whose_gemeente_ends_within_the_termijn_is_not_told_the_days_of_its_successor() -> None:
    deelnemers = [a_deelnemer("almere", geldig_tot="2026-10-01", opgevolgd_door="diemen"), a_deelnemer("diemen")]
    stelsel = a_stelsel(deelnemers=deelnemers, ritmes=[a_ritme("diemen", schakels=CHAIN)])

    assert told(stelsel, orgaan="raad-almere") == ()
    assert told(stelsel, orgaan="raad-diemen")


def test_a_raad_that_the_facts_of_now_do_not_know_has_no_own_dates() -> None:
    stelsel = a_region(schakels=CHAIN)

    assert told(stelsel, orgaan="raad-zwolle") == ()


def test_a_college_hears_of_its_own_last_day() -> None:
    stelsel = a_region(schakels=CHAIN)

    found = told(stelsel, orgaan="college-almere", kring=Kring.COLLEGES)

    assert as_lines(found) == ["College: waarschijnlijk uiterlijk dinsdag 27 oktober 2026, klopt dit?"]
