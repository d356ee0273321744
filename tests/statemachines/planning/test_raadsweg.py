"""The vergaderingen of a raad: which days a ritme gives, what somebody confirmed, and how well that is known."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines.facts import Kring, Raadritme, Schakelsoort
from statemachines.planning.raadsweg import Niveau, Oordeel, Weg, recurring
from tests.makers import a_day, a_stelsel
from tests.statemachines.planning.planmakers import (
    DAY,
    a_herhaling,
    a_raadskalender,
    a_ritme,
    a_verkiezing,
    a_walk,
    a_weg,
    days_of,
    free_by_hand,
    herhalingen,
    meetings_by_hand,
    raad_on,
    recurs_by_hand,
)

RADEN = Kring.RADEN_STATEN
WERK = a_stelsel().werkkalender
GEMEENTEN = a_verkiezing("2026-03-18", "2026-03-04", "2026-04-01", soorten=["gemeente"])


# --- which days a ritme gives ---


@pytest.mark.parametrize(
    ("herhaling", "dagen"),
    [
        (a_herhaling(1), ["2026-09-01", "2026-09-08", "2026-09-15", "2026-09-22", "2026-09-29"]),
        (a_herhaling(1, 2), ["2026-09-08"]),
        (a_herhaling(1, -1), ["2026-09-29"]),
        (a_herhaling(2, 1, 3), ["2026-09-02", "2026-09-16"]),
        (a_herhaling(2, 5), ["2026-09-30"]),
        (a_herhaling(3, 5), []),
        (a_herhaling(1, om_de_week_vanaf="2026-01-06"), ["2026-09-01", "2026-09-15", "2026-09-29"]),
        (a_herhaling(1, om_de_week_vanaf="2027-01-05"), ["2026-09-01", "2026-09-15", "2026-09-29"]),
    ],
)
def test_a_ritme_gives_the_days_of_september_2026_that_people_would_count(herhaling: dict[str, object], dagen: list[str]) -> None:
    weg = a_weg(raad_on(herhaling))

    found = [day for day in days_of(weg, "raad") if (day.year, day.month) == (2026, 9)]

    assert found == [a_day(dag) for dag in dagen]


@given(herhaling=herhalingen, weken=st.integers(0, 3), verkozen=st.booleans(), vanaf=st.none() | st.just("2026-06-10"))
def test_a_ritme_equals_a_look_at_every_day_of_the_calendar(
    herhaling: dict[str, object], weken: int, verkozen: bool, vanaf: str | None
) -> None:
    verkiezingen = [GEMEENTEN] if verkozen else []
    ritme = raad_on(herhaling, zomerreces_weken_erna=weken, geldig_vanaf=vanaf)

    found = days_of(a_weg(ritme, verkiezingen=verkiezingen), "raad")

    assert found == meetings_by_hand(WERK, ritme, Schakelsoort.RAAD, verkiezingen)
    assert not any(free_by_hand(WERK, ritme, verkiezingen, day) for day in found)


@given(herhaling=herhalingen, vanaf=st.dates(date(2026, 1, 1), date(2026, 12, 31)), lengte=st.integers(0, 400))
def test_what_comes_back_comes_back_from_the_first_to_and_including_the_last_day(
    herhaling: dict[str, object], vanaf: date, lengte: int
) -> None:
    rule = raad_on(herhaling).schakels[0].herhaling
    assert rule is not None

    found = list(recurring(rule, vanaf, vanaf + lengte * DAY))

    assert found == [day for day in (vanaf + i * DAY for i in range(lengte + 1)) if recurs_by_hand(rule, day)]


def test_a_raad_skips_feestdagen_the_school_holiday_its_own_longer_summer_and_the_recess_around_an_election() -> None:
    elke_maandag, elke_dinsdag = a_herhaling(0), a_herhaling(1)

    mondays = days_of(a_weg(raad_on(elke_maandag)), "raad")
    summer = days_of(a_weg(raad_on(elke_dinsdag, zomerreces_weken_erna=1)), "raad")
    election = days_of(a_weg(raad_on(elke_dinsdag), verkiezingen=[GEMEENTEN]), "raad")
    not_elected = days_of(a_weg(raad_on(elke_dinsdag), verkiezingen=[a_verkiezing("2026-03-18", "2026-03-04", "2026-04-01")]), "raad")

    assert a_day("2026-04-06") not in mondays and a_day("2026-04-13") in mondays
    assert [day.isoformat() for day in summer if date(2026, 6, 29) <= day <= date(2026, 9, 1)] == ["2026-06-30", "2026-08-25", "2026-09-01"]
    assert [day for day in election if day.month == 3 and day.year == 2026] == [a_day("2026-03-03")]
    assert len([day for day in not_elected if day.month == 3 and day.year == 2026]) == 5


def test_a_raad_that_moved_meets_on_the_new_day_and_not_on_the_old_one() -> None:
    moved = a_ritme(
        uitzonderingen=[{"soort": "raad", "vervalt": "2026-04-28", "extra": "2026-05-06"}, {"soort": "raad", "extra": "2026-01-13"}]
    )

    found = days_of(a_weg(moved), "raad")

    assert a_day("2026-04-28") not in found
    assert found[:6] == [a_day(day) for day in ("2026-01-13", "2026-01-27", "2026-02-24", "2026-03-31", "2026-05-06", "2026-05-26")]


def test_an_exception_of_one_schakel_leaves_the_others_alone() -> None:
    schakels = [{"soort": "commissie", "eerder_weken": 2}, {"soort": "raad", "herhaling": a_herhaling(1, -1)}]
    ritme = a_ritme(schakels=schakels, uitzonderingen=[{"soort": "commissie", "vervalt": "2026-03-17", "extra": "2026-03-24"}])

    weg = a_weg(ritme)

    assert [day for day in days_of(weg, "commissie") if day.month == 3 and day.year == 2026] == [a_day("2026-03-24")]
    assert a_day("2026-03-31") in days_of(weg, "raad")


def test_what_is_said_eerder_is_counted_back_from_every_raad_in_weeks_or_werkdagen_and_lands_on_a_werkdag() -> None:
    schakels = [
        {"soort": "aanleveren", "eerder_werkdagen": 15},
        {"soort": "commissie", "eerder_weken": 3},
        {"soort": "raad", "herhaling": a_herhaling(1, 4)},
    ]

    weg = a_weg(a_ritme(schakels=schakels))

    assert a_day("2026-04-28") in days_of(weg, "raad") and a_day("2026-05-26") in days_of(weg, "raad")
    assert a_day("2026-04-07") in days_of(weg, "commissie")
    assert a_day("2026-05-05") not in days_of(weg, "commissie") and a_day("2026-05-04") in days_of(weg, "commissie")
    assert a_day("2026-04-30") in days_of(weg, "aanleveren")


def test_a_schakel_counted_back_to_a_feestdag_comes_on_the_werkdag_before() -> None:
    schakels = [{"soort": "commissie", "eerder_weken": 1}, {"soort": "raad", "herhaling": a_herhaling(0, 2)}]

    weg = a_weg(a_ritme(schakels=schakels))

    assert a_day("2026-04-13") in days_of(weg, "raad")
    assert a_day("2026-04-02") in days_of(weg, "commissie")


def test_a_commissie_that_is_counted_back_into_recess_falls_out_but_papers_can_be_handed_in_there() -> None:
    schakels = [
        {"soort": "aanleveren", "eerder_weken": 3},
        {"soort": "commissie", "eerder_weken": 2},
        {"soort": "raad", "herhaling": a_herhaling(3, -1)},
    ]

    weg = a_weg(a_ritme(schakels=schakels))

    assert a_day("2026-08-27") in days_of(weg, "raad") and a_day("2026-08-06") in days_of(weg, "aanleveren")
    assert a_day("2026-08-13") not in days_of(weg, "commissie") and a_day("2026-09-10") in days_of(weg, "commissie")


# --- what is known, and how well ---


def test_without_ritme_and_calendar_nothing_is_known_and_no_date_is_given() -> None:
    found = a_walk(a_weg(), "2026-01-05", "2027-03-01")

    assert found == Weg(Niveau.GEEN, Oordeel.ONBEKEND)
    assert (found.eerste, found.laatste, found.aanleveren, found.gedaan, found.breekt) == ((), (), (), None, None)


def test_a_confirmed_calendar_replaces_the_ritme_within_its_days_and_only_there() -> None:
    kalender = a_raadskalender("2026-05-12", vanaf="2026-04-01", tot_en_met="2026-06-30")

    found = days_of(a_weg(a_ritme(), kalender), "raad")

    assert [day for day in found if day < date(2026, 10, 1)] == [
        a_day(day) for day in ("2026-01-27", "2026-02-24", "2026-03-31", "2026-05-12", "2026-08-25", "2026-09-29")
    ]


def test_a_list_of_found_days_adds_to_the_ritme_and_takes_nothing_away() -> None:
    kalender = a_raadskalender("2026-05-12", volledig=False)

    weg = a_weg(a_ritme(), kalender)

    assert {a_day("2026-05-12"), a_day("2026-05-26")} <= set(days_of(weg, "raad"))
    assert a_walk(weg, "2026-05-01", "2026-05-31").niveau is Niveau.RITME


@pytest.mark.parametrize(
    ("op", "niveau", "dagen"),
    [("2027-02-01", Niveau.BEVESTIGD, ["2027-04-13"]), ("2027-02-02", Niveau.RITME, ["2027-03-30", "2027-04-27"])],
)
def test_what_was_confirmed_longer_than_13_months_ago_says_nothing_about_days_to_come(op: str, niveau: Niveau, dagen: list[str]) -> None:
    kalender = a_raadskalender("2026-02-10", "2027-04-13", tot_en_met="2027-06-30")

    weg = a_weg(a_ritme(), kalender, op=op)

    assert a_walk(weg, "2027-03-01", "2027-04-30").niveau is niveau
    assert [day for day in days_of(weg, "raad") if date(2027, 3, 1) <= day <= date(2027, 4, 30)] == [a_day(dag) for dag in dagen]
    assert a_day("2026-02-10") in days_of(weg, "raad") and a_day("2026-02-24") not in days_of(weg, "raad")
    assert a_walk(weg, "2026-02-01", "2026-02-28").niveau is Niveau.BEVESTIGD


def test_the_level_is_the_lowest_of_all_schakels() -> None:
    schakels = [{"soort": "college", "herhaling": a_herhaling(1)}, {"soort": "raad", "herhaling": a_herhaling(1, -1)}]
    confirmed = [a_raadskalender("2026-03-31"), a_raadskalender("2026-03-03", soort="college")]

    def niveau(ritme: Raadritme | None, *kalenders: object) -> Niveau:
        return a_walk(a_weg(ritme, *kalenders), "2026-03-01", "2026-03-31").niveau  # type: ignore[arg-type]

    assert niveau(a_ritme(schakels=schakels)) is Niveau.RITME
    assert niveau(a_ritme(schakels=schakels), confirmed[0]) is Niveau.RITME
    assert niveau(a_ritme(schakels=schakels), *confirmed) is Niveau.BEVESTIGD
    assert niveau(None, *confirmed) is Niveau.BEVESTIGD


def test_a_confirmed_calendar_that_ends_within_the_termijn_leaves_the_rest_to_the_ritme() -> None:
    kalender = a_raadskalender("2026-05-12", vanaf="2026-04-01", tot_en_met="2026-05-31")

    assert a_walk(a_weg(a_ritme(), kalender), "2026-04-15", "2026-06-30").niveau is Niveau.RITME
    assert a_walk(a_weg(None, kalender), "2026-05-15", "2026-06-30") == Weg(Niveau.GEEN, Oordeel.ONBEKEND)


def test_a_ritme_says_nothing_about_a_termijn_that_opens_before_it_holds() -> None:
    weg = a_weg(a_ritme(geldig_vanaf="2026-03-01"))

    before, within = a_walk(weg, "2026-02-02", "2026-02-27"), a_walk(weg, "2026-03-02", "2026-03-31")

    assert before == Weg(Niveau.GEEN, Oordeel.ONBEKEND)
    assert within.niveau is Niveau.RITME


def test_found_days_prove_that_it_fits_and_never_that_it_does_not() -> None:
    weg = a_weg(None, a_raadskalender("2026-05-12", "2026-06-09", volledig=False))

    fits, once, unknown = (a_walk(weg, "2026-05-01", einde) for einde in ("2026-06-30", "2026-06-01", "2026-05-08"))

    assert (fits.oordeel, fits.niveau) == (Oordeel.HAALBAAR, Niveau.BEVESTIGD)
    assert (once.oordeel, once.niveau) == (Oordeel.HAALBAAR, Niveau.BEVESTIGD)
    assert unknown == Weg(Niveau.GEEN, Oordeel.ONBEKEND)
