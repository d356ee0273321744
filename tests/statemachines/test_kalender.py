"""Days, counted as the Algemene termijnenwet counts them, against values worked out by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines.facts import Kalenderfeiten
from statemachines.kalender import Moment, Onbekend, Werkkalender
from statemachines.reeks import Zitting
from statemachines.route import Termijn
from tests.makers import a_day, a_gremium, a_kalender, a_stelsel, a_termijn, some_kalenderfeiten


def a_werkkalender(*extra: str) -> Werkkalender:
    return Werkkalender(Kalenderfeiten.model_validate(some_kalenderfeiten(*extra)))


@pytest.mark.parametrize(
    ("dag", "werkdagen", "verwacht"),
    [("2026-05-15", 10, "2026-04-29"), ("2027-01-04", 3, "2026-12-29"), ("2026-05-18", 1, "2026-05-15"), ("2026-05-18", 0, "2026-05-18")],
)
def test_werkdagen_before_a_day_skip_weekends_and_every_feestdag(dag: str, werkdagen: int, verwacht: str) -> None:
    kalender = a_werkkalender()

    gevonden = kalender.before(a_day(dag), werkdagen)

    assert gevonden == a_day(verwacht)


def test_a_day_equated_with_a_feestdag_does_not_count() -> None:
    kalender = a_werkkalender("2026-05-15")

    gevonden = kalender.before(a_day("2026-05-18"), 1)

    assert gevonden == a_day("2026-05-13")


@pytest.mark.parametrize(("dag", "verwacht"), [("2026-04-03", "2026-04-07"), ("2026-12-25", "2026-12-28"), ("2026-06-01", "2026-06-01")])
def test_rolling_goes_to_the_first_werkdag_on_or_after(dag: str, verwacht: str) -> None:
    assert a_werkkalender().roll(a_day(dag)) == a_day(verwacht)


def test_eight_weeks_outside_recess_from_1_june_2026_end_on_wednesday_9_september() -> None:
    termijn = Termijn.model_validate(a_termijn())

    venster = a_werkkalender().reactietermijn(a_day("2026-06-01"), termijn)

    assert not isinstance(venster, Onbekend)
    assert (venster.van.datum, venster.tot_en_met.datum) == (a_day("2026-06-01"), a_day("2026-09-09"))
    assert "Zomervakantie tellen niet mee" in venster.tot_en_met.waarom


def test_eight_weeks_with_recess_counted_end_in_recess_and_say_so() -> None:
    termijn = Termijn.model_validate(a_termijn(reces_telt=True))

    venster = a_werkkalender().reactietermijn(a_day("2026-06-01"), termijn)

    assert not isinstance(venster, Onbekend)
    assert venster.tot_en_met.datum == a_day("2026-07-27")
    assert "valt in de Zomervakantie" in venster.tot_en_met.waarom


@pytest.mark.parametrize(("rolt", "verwacht"), [(True, "2026-05-26"), (False, "2026-05-25")])
def test_a_termijn_that_ends_on_a_feestdag_rolls_only_where_the_route_says_so(rolt: bool, verwacht: str) -> None:
    termijn = Termijn.model_validate(a_termijn(rolt=rolt))

    venster = a_werkkalender().reactietermijn(a_day("2026-03-30"), termijn)

    assert not isinstance(venster, Onbekend)
    assert venster.tot_en_met.datum == a_day(verwacht)


def test_the_verzending_some_werkdagen_after_the_besluit_starts_the_termijn_and_does_not_count_itself() -> None:
    termijn = Termijn.model_validate(a_termijn(weken=1, verzending_werkdagen=2))

    venster = a_werkkalender().reactietermijn(a_day("2026-04-02"), termijn)

    assert not isinstance(venster, Onbekend)
    assert (venster.van.datum, venster.tot_en_met.datum) == (a_day("2026-04-08"), a_day("2026-04-15"))
    assert "Goede Vrijdag (3-4) en Tweede paasdag (6-4) tellen niet mee" in venster.van.waarom


def test_outside_the_kalender_the_answer_is_onbekend_and_never_a_day() -> None:
    kalender = a_werkkalender()
    beyond = [kalender.before(a_day("2026-01-02"), 5), kalender.after(a_day("2027-06-30"), 1), kalender.roll(a_day("2030-01-01"))]

    termijn = kalender.reactietermijn(a_day("2027-06-01"), Termijn.model_validate(a_termijn()))

    assert all(isinstance(answer, Onbekend) for answer in [*beyond, termijn])
    assert "2027" in str(beyond[0])


@given(st.dates(date(2026, 2, 1), date(2027, 5, 1)), st.integers(1, 20))
def test_before_and_after_equal_a_walk_day_by_day(dag: date, werkdagen: int) -> None:
    kalender = a_werkkalender()

    def walked(step: int) -> date:
        day, left = dag, werkdagen
        while left:
            day += timedelta(days=step)
            left -= kalender.is_werkdag(day)
        return day

    assert kalender.before(dag, werkdagen) == walked(-1)
    assert kalender.after(dag, werkdagen) == walked(1)


def test_the_next_vergadering_is_the_first_whose_stukken_can_still_be_on_time() -> None:
    reeks = a_stelsel().vergaderingen("bestuur")

    on_the_day, a_day_later = reeks.next_for(a_day("2026-03-06")), reeks.next_for(a_day("2026-03-07"))

    assert isinstance(on_the_day, Zitting) and on_the_day.vergadering.datum == a_day("2026-03-20")
    assert on_the_day.aanleverdatum == Moment(a_day("2026-03-06"), "10 werkdagen voor vrijdag 20 maart 2026 (bedacht voor een test)")
    assert isinstance(a_day_later, Zitting) and a_day_later.vergadering.datum == a_day("2026-05-08")
    assert "Koningsdag (27-4) en Bevrijdingsdag (5-5) tellen niet mee" in a_day_later.aanleverdatum.waarom


def test_after_the_last_known_vergadering_and_in_a_gap_the_next_one_is_onbekend() -> None:
    stelsel = a_stelsel(kalenders=[a_kalender("av", "2026-03-27", volledig=False), a_kalender("bestuur", "2026-02-06")])

    incomplete = stelsel.vergaderingen("av").next_for(a_day("2026-02-01"))
    ended = stelsel.vergaderingen("bestuur").next_for(a_day("2026-03-01"))

    assert isinstance(incomplete, Onbekend) and "geen volledige vergaderkalender" in incomplete.waarom
    assert isinstance(ended, Onbekend) and "31 december 2026" in ended.waarom


def test_an_agreed_aanleverdatum_overrides_the_rule_and_an_earlier_one_is_never_later_than_the_next() -> None:
    kalender = a_kalender("av", "2026-03-27", "2026-04-10")
    kalender["vergaderingen"][1]["aanleverdatum"] = "2026-03-02"
    reeks = a_stelsel(kalenders=[kalender], gremia=[a_gremium("av", "AV")], routes=[]).vergaderingen("av")

    after_the_agreed_day = reeks.next_for(a_day("2026-03-03"))

    assert isinstance(after_the_agreed_day, Onbekend)
