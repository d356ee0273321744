"""The values worked out by hand, on the calendar of the MRA as shipped; past its end nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines.facts import Status, Vrij
from statemachines.kalender import Onbekend, Werkkalender
from statemachines.route import Termijn
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_termijn
from tests.statemachines.planning.planmakers import DAY, WERK, every_day, is_werkdag_by_hand, walked

END = date(2030, 9, 1)


def with_days(stelsel: Stelsel, *equated: str, without: str = "") -> Werkkalender:
    """The calendar of the stelsel with days equated with a feestdag, and without the feestdagen of one name."""
    feiten = stelsel.kalenderfeiten
    extra = (
        Vrij(naam="Gelijkgesteld", vanaf=a_day(dag), tot_en_met=a_day(dag), bron="koninklijk besluit", status=Status.VOORBEELD)
        for dag in equated
    )
    kept = (vrij for vrij in feiten.feestdagen if vrij.naam != without)
    return Werkkalender(feiten.model_copy(update={"feestdagen": (*kept, *extra)}))


def test_ten_werkdagen_before_the_day_after_hemelvaart_2026_is_29_april_because_5_may_does_not_count(mra: Stelsel) -> None:
    shipped, without_5_may = mra.werkkalender, with_days(mra, without="Bevrijdingsdag")

    counted, miscounted = (kalender.before(a_day("2026-05-15"), 10) for kalender in (shipped, without_5_may))

    assert counted == a_day("2026-04-29")
    assert miscounted == a_day("2026-04-30")


def test_with_the_bridge_day_of_hemelvaart_equated_one_werkdag_before_the_monday_is_the_wednesday(mra: Stelsel) -> None:
    kalender = with_days(mra, "2026-05-15")

    assert kalender.before(a_day("2026-05-18"), 1) == a_day("2026-05-13")
    assert mra.werkkalender.before(a_day("2026-05-18"), 1) == a_day("2026-05-15")


def test_three_werkdagen_before_the_first_monday_of_2027_is_29_december(mra: Stelsel) -> None:
    assert mra.werkkalender.before(a_day("2027-01-04"), 3) == a_day("2026-12-29")


@pytest.mark.parametrize(("dag", "verwacht"), [("2026-04-03", "2026-04-07"), ("2026-12-25", "2026-12-28")])
def test_goede_vrijdag_and_kerst_roll_to_the_first_werkdag_after(mra: Stelsel, dag: str, verwacht: str) -> None:
    assert mra.werkkalender.roll(a_day(dag)) == a_day(verwacht)


def test_eight_weeks_from_1_june_2026_outside_the_summer_recess_end_on_wednesday_9_september(mra: Stelsel) -> None:
    termijn = Termijn.model_validate(a_termijn(weken=8, reces_telt=False))

    venster = mra.werkkalender.reactietermijn(a_day("2026-06-01"), termijn)

    assert not isinstance(venster, Onbekend)
    assert venster.tot_en_met.datum == a_day("2026-09-09")
    assert venster.tot_en_met.datum.weekday() == 2


@pytest.mark.parametrize("jaar", range(2020, 2030))
def test_5_may_is_a_feestdag_in_every_year_and_not_only_in_a_lustrum(mra: Stelsel, jaar: int) -> None:
    assert mra.werkkalender.feestdag(date(jaar, 5, 5)) == "Bevrijdingsdag"
    assert not mra.werkkalender.is_werkdag(date(jaar, 5, 5))


def test_the_werkdagen_of_the_library_are_those_of_the_law_on_every_day_from_2019_to_the_end(mra: Stelsel) -> None:
    kalender = mra.werkkalender

    differ = [day for day in every_day(kalender.vanaf, kalender.tot_en_met) if kalender.is_werkdag(day) != is_werkdag_by_hand(day)]

    assert (kalender.vanaf, kalender.tot_en_met) == (date(2019, 1, 1), END)
    assert differ == []


@given(ahead=st.integers(1, 4000), n=st.integers(0, 30))
def test_after_the_end_of_the_kalender_every_answer_is_onbekend(mra: Stelsel, ahead: int, n: int) -> None:
    kalender, day = mra.werkkalender, END + ahead * DAY

    answers = [kalender.before(day, n), kalender.after(day, n), kalender.roll(day)]
    termijnen = [kalender.reactietermijn(start, Termijn.model_validate(a_termijn())) for start in (day, END - 30 * DAY)]
    ordinals = [
        kalender.after_inverse(day.toordinal(), n),
        kalender.window_inverse(day.toordinal(), Termijn.model_validate(a_termijn())),
        kalender.roll_inverse(day.toordinal()),
    ]

    assert all(isinstance(answer, Onbekend) and "1 september 2030" in answer.waarom for answer in [*answers, *termijnen])
    assert ordinals == [None, None, None]


@given(back=st.integers(1, 4000), n=st.integers(0, 30))
def test_before_the_start_of_the_kalender_every_answer_is_onbekend(mra: Stelsel, back: int, n: int) -> None:
    kalender, day = mra.werkkalender, date(2019, 1, 1) - back * DAY

    answers = [kalender.before(day, n), kalender.after(day, n), kalender.roll(day)]

    assert all(isinstance(answer, Onbekend) for answer in answers)
    assert kalender.after_inverse(day.toordinal(), n) is None


def test_the_last_werkdagen_are_known_and_the_next_one_is_not(mra: Stelsel) -> None:
    kalender, last_friday = mra.werkkalender, date(2030, 8, 30)

    assert kalender.after(last_friday - DAY, 1) == last_friday
    assert isinstance(kalender.after(last_friday, 1), Onbekend)
    assert isinstance(kalender.roll(date(2030, 8, 31)), Onbekend)


@given(day=st.dates(date(2019, 4, 1), date(2030, 5, 1)), n=st.integers(0, 40))
def test_before_and_after_equal_a_walk_day_by_day(mra: Stelsel, day: date, n: int) -> None:
    kalender = mra.werkkalender

    assert kalender.before(day, n) == walked(kalender, day, -n)
    assert kalender.after(day, n) == walked(kalender, day, n)


@given(day=st.dates(date(2026, 3, 1), date(2027, 5, 1)), n=st.integers(0, 25))
def test_the_inverses_are_the_last_day_that_still_comes_out_in_time(day: date, n: int) -> None:
    d = day.toordinal()

    latest = max(r for r in range(d - 80, d + 1) if (out := WERK.after_day(r, n)) is not None and out <= d)
    rolls = max(r for r in range(d - 10, d + 1) if (out := WERK.roll_day(r)) is not None and out <= d)

    assert WERK.after_inverse(d, n) == latest
    assert WERK.roll_inverse(d) == rolls


@given(
    besluit=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    weken=st.integers(1, 12),
    reces_telt=st.booleans(),
    rolt=st.booleans(),
    verzending=st.integers(0, 8),
)
def test_a_reactietermijn_equals_a_count_day_by_day(besluit: date, weken: int, reces_telt: bool, rolt: bool, verzending: int) -> None:
    termijn = Termijn.model_validate(a_termijn(weken=weken, reces_telt=reces_telt, rolt=rolt, verzending_werkdagen=verzending))

    venster = WERK.reactietermijn(besluit, termijn)

    van = walked(WERK, besluit, verzending)
    while not WERK.is_werkdag(van):
        van += DAY
    einde, left = van, 7 * weken
    while left:
        einde += DAY
        left -= reces_telt or WERK.reces(einde) is None
    while rolt and not WERK.is_werkdag(einde):
        einde += DAY
    assert not isinstance(venster, Onbekend)
    assert (venster.van.datum, venster.tot_en_met.datum) == (van, einde)
    assert venster.van.waarom and venster.tot_en_met.waarom
