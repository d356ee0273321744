"""Feestdagen and school holidays agree with an independent copy, and stop where knowledge stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from config.loading import Report
from statemachines.kalender import Onbekend
from statemachines.stelsel import Stelsel

KNOWN = YAML(typ="safe", pure=True).load(Path(__file__).parent / "calendar.yaml")


def test_school_holidays_are_those_of_the_independent_copy(stelsel: Stelsel) -> None:
    expected = {(v["naam"], v["start"], v["eind"]) for v in KNOWN["schoolvakanties_regio_noord"]}

    ours = {(v.naam, v.vanaf, v.tot_en_met) for v in stelsel.kalenderfeiten.recessen if v.tot_en_met >= date(2019, 12, 21)}

    assert ours == expected


def test_feestdagen_are_those_of_the_independent_copy(stelsel: Stelsel) -> None:
    expected = {(v["datum"], v["naam"]) for v in KNOWN["feestdagen"]}

    ours = {(v.vanaf, v.naam) for v in stelsel.kalenderfeiten.feestdagen if 2023 <= v.vanaf.year <= 2028}

    assert ours == expected


def test_bevrijdingsdag_counts_every_year(stelsel: Stelsel) -> None:
    years = {v.vanaf.year for v in stelsel.kalenderfeiten.feestdagen if (v.vanaf.month, v.vanaf.day) == (5, 5)}

    assert years == set(range(2019, 2031))


def test_after_the_last_known_school_holiday_working_days_are_unknown(stelsel: Stelsel) -> None:
    answer = stelsel.werkkalender.after(date(2030, 9, 2), 1)

    assert isinstance(answer, Onbekend)
    assert "1 september 2030" in str(answer)


def test_asking_for_more_than_the_library_knows_is_a_problem(spoiled: Callable[..., Report]) -> None:
    report = spoiled("kalender.yaml", "tot_en_met: 2030-09-01", "tot_en_met: 2032-12-31")

    assert [p.zin for p in report.problems] == [
        "De bibliotheek holidays kent na 2030-09-01 niet alle schoolvakanties; kies een eerdere datum of een nieuwere versie."
    ]


def test_a_day_that_the_stelsel_adds_is_no_werkdag(spoiled: Callable[..., Report]) -> None:
    extra = "extra_dagen: [{naam: Brugdag, vanaf: 2027-05-07, tot_en_met: 2027-05-07, bron: test, status: voorbeeld}]"

    report = spoiled("kalender.yaml", "extra_dagen: []", extra)

    assert report.stelsel is not None
    assert report.stelsel.werkkalender.after(date(2027, 5, 4), 1) == date(2027, 5, 10)


def test_an_unknown_country_says_what_is_possible(spoiled: Callable[..., Report]) -> None:
    report = spoiled("kalender.yaml", "regio: Noord", "regio: Oost")

    assert "regio 'Oost'" in report.problems[0].zin
    assert "Noord, Midden of Zuid" in report.problems[0].zin
