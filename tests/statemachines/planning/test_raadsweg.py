"""The own way of a raad: which days a ritme gives, what somebody confirmed, and whether all of it fits before the sluitingsdatum."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from statemachines.facts import Kring, Raadritme, Schakelsoort
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import Niveau, Oordeel, Raadsweg, Weg, recurring
from statemachines.planning.raden import counted, raden_of
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_day, a_stelsel
from tests.statemachines.planning.planmakers import (
    DAY,
    a_herhaling,
    a_raadskalender,
    a_ritme,
    a_verkiezing,
    a_weg,
    days_of,
    free_by_hand,
    meetings_by_hand,
    recurs_by_hand,
    walked,
)

RADEN, COLLEGES = Kring.RADEN_STATEN, Kring.COLLEGES
WERK = a_stelsel().werkkalender
GEMEENTEN = a_verkiezing("2026-03-18", "2026-03-04", "2026-04-01", soorten=["gemeente"])


def a_walk(weg: Raadsweg, van: str, tot_en_met: str, kring: Kring = RADEN) -> Weg:
    return weg.walk(kring, a_day(van).toordinal(), a_day(tot_en_met).toordinal())


def raad_on(herhaling: dict[str, object], **rest: Any) -> Raadritme:
    return a_ritme(schakels=[{"soort": "raad", "herhaling": herhaling}], **rest)


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


RANGEN = st.sampled_from([1, 2, 3, 4, 5, -1])
herhalingen = st.one_of(
    st.builds(a_herhaling, st.integers(0, 4)),
    st.builds(lambda weekdag, welke: a_herhaling(weekdag, *welke), st.integers(0, 4), st.sets(RANGEN, min_size=1)),
    st.dates(date(2025, 6, 1), date(2027, 12, 31))
    .filter(lambda day: day.weekday() < 5)
    .map(lambda day: a_herhaling(day.weekday(), om_de_week_vanaf=day.isoformat())),
)


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


# --- whether it fits ---


def test_the_way_by_hand_college_griffie_commissie_raad_and_sending() -> None:
    schakels = [
        {"soort": "college", "herhaling": a_herhaling(1)},
        {"soort": "aanleveren", "eerder_werkdagen": 15},
        {"soort": "commissie", "eerder_weken": 2},
        {"soort": "raad", "herhaling": a_herhaling(3, -1)},
    ]
    weg = a_weg(a_ritme(schakels=schakels, verzenden_werkdagen=2))

    krap, niet, too_late = (a_walk(weg, "2026-09-02", einde) for einde in ("2026-11-02", "2026-10-28", "2026-10-30"))

    days = tuple(a_day(day).toordinal() for day in ("2026-09-08", "2026-10-08", "2026-10-15", "2026-10-29"))
    assert (krap.oordeel, krap.eerste, krap.gedaan) == (Oordeel.KRAP, days, a_day("2026-11-02").toordinal())
    assert krap.laatste == (a_day("2026-10-06").toordinal(), *days[1:])
    assert (niet.oordeel, niet.breekt) == (Oordeel.NIET, 3)
    assert (too_late.oordeel, too_late.breekt) == (Oordeel.NIET, 4)


def test_a_college_answers_by_its_own_vergaderingen_and_nothing_is_sent_on() -> None:
    schakels = [{"soort": "college", "herhaling": a_herhaling(1)}, {"soort": "raad", "herhaling": a_herhaling(3, -1)}]
    weg = a_weg(a_ritme(schakels=schakels, verzenden_werkdagen=5))

    college, raad = (a_walk(weg, "2026-09-01", "2026-09-08", kring) for kring in (COLLEGES, RADEN))

    assert (college.oordeel, college.gedaan) == (Oordeel.HAALBAAR, a_day("2026-09-01").toordinal())
    assert raad.oordeel is Oordeel.NIET


def test_the_raad_comes_after_the_commissie_also_when_both_meet_on_the_same_day() -> None:
    schakels = [{"soort": "commissie", "herhaling": a_herhaling(1, 2)}, {"soort": "raad", "herhaling": a_herhaling(1, 2, 4)}]

    found = a_walk(a_weg(a_ritme(schakels=schakels)), "2026-09-01", "2026-09-30")

    assert found.eerste == (a_day("2026-09-08").toordinal(), a_day("2026-09-22").toordinal())


def test_papers_that_are_due_before_a_schakel_count_and_an_agreed_aanleverdatum_comes_first() -> None:
    schakels = [{"soort": "raad", "herhaling": a_herhaling(1, -1), "vooraf_werkdagen": 10}]
    agreed = [{"datum": "2026-09-29", "aanleverdatum": "2026-09-24"}, {"datum": "2026-10-27"}]

    usual = a_walk(a_weg(a_ritme(schakels=schakels)), "2026-09-16", "2026-12-31")
    confirmed = a_walk(a_weg(a_ritme(schakels=schakels), a_raadskalender(vergaderingen=agreed)), "2026-09-16", "2026-12-31")

    assert usual.eerste == (a_day("2026-10-27").toordinal(),)
    assert confirmed.eerste == (a_day("2026-09-29").toordinal(),)


def own_days(ritme: Raadritme, weg: Raadsweg) -> list[tuple[list[date], int]]:
    """Per schakel its days, worked out by hand, and how many werkdagen before each its papers are due."""
    rows: list[tuple[list[date], int]] = []
    raden = meetings_by_hand(WERK, ritme, Schakelsoort.RAAD)
    for schakel in ritme.schakels:
        if schakel.herhaling is not None:
            days = meetings_by_hand(WERK, ritme, schakel.soort)
        else:
            days = []
            for raad in raden:
                day = raad - 7 * (schakel.eerder_weken or 0) * DAY
                if schakel.eerder_werkdagen is not None:
                    day = walked(WERK, raad, -schakel.eerder_werkdagen)
                while not WERK.is_werkdag(day):
                    day -= DAY
                days.append(day)
        rows.append((sorted(set(days)), schakel.vooraf_werkdagen))
    return rows


def ways(rows: list[tuple[list[date], int]], van: date, einde: date, sending: int, next_day: bool) -> list[tuple[date, ...]]:
    """Every combination of vergaderingen with which an answer is sent on or before ``einde``."""
    near = [[day for day in days if van <= day <= einde] for days, _ in rows]
    return [combi for combi in product(*near) if _works(combi, rows, van, einde, sending, next_day)]


def _works(combi: tuple[date, ...], rows: list[tuple[list[date], int]], van: date, einde: date, sending: int, next_day: bool) -> bool:
    ready = van
    for i, (day, (_, vooraf)) in enumerate(zip(combi, rows, strict=True)):
        if walked(WERK, day, -vooraf) < ready:
            return False
        if next_day and i == len(combi) - 1 and day <= ready and i:
            return False
        ready = day
    return walked(WERK, ready, sending) <= einde


@st.composite
def ritmes(draw: st.DrawFn) -> Raadritme:
    """A random raad, with a college, a commissie and what is counted back."""
    schakels: list[dict[str, object]] = [{"soort": "raad", "herhaling": draw(herhalingen), "vooraf_werkdagen": draw(st.integers(0, 6))}]
    if draw(st.booleans()):
        eerder: dict[str, object] = draw(
            st.sampled_from([{"eerder_weken": 1}, {"eerder_weken": 2}, {"herhaling": a_herhaling(1)}, {"herhaling": a_herhaling(3, 1, 3)}])
        )
        schakels.insert(0, {"soort": "commissie", **eerder, "vooraf_werkdagen": draw(st.integers(0, 5))})
    if draw(st.booleans()):
        schakels.insert(0, {"soort": "aanleveren", "eerder_werkdagen": draw(st.integers(5, 15))})
    if draw(st.booleans()):
        schakels.insert(0, {"soort": "college", "herhaling": draw(herhalingen)})
    return a_ritme(schakels=schakels, verzenden_werkdagen=draw(st.integers(0, 4)))


@settings(max_examples=150)
@given(ritme=ritmes(), van=st.dates(date(2026, 2, 1), date(2027, 3, 1)), lengte=st.integers(14, 75))
def test_a_way_equals_a_search_through_all_combinations_of_vergaderingen(ritme: Raadritme, van: date, lengte: int) -> None:
    weg, einde = a_weg(ritme), van + lengte * DAY
    rows, next_day = own_days(ritme, weg), any(schakel.soort is Schakelsoort.COMMISSIE for schakel in ritme.schakels)
    sending = ritme.verzenden_werkdagen

    found = weg.walk(RADEN, van.toordinal(), einde.toordinal())

    possible = ways(rows, van, einde, sending, next_day)
    event(found.oordeel.value)
    assert (found.oordeel in (Oordeel.HAALBAAR, Oordeel.KRAP)) == bool(possible)
    if not possible:
        assert found.oordeel in (Oordeel.NIET, Oordeel.ONBEKEND)
        return
    assert found.gedaan == min(walked(WERK, combi[-1], sending) for combi in possible).toordinal()
    assert found.eerste == tuple(min(days).toordinal() for days in zip(*possible, strict=True))
    assert found.laatste == tuple(max(days).toordinal() for days in zip(*possible, strict=True))
    missed = [
        ways(
            [(([d for d in days if d != miss] if i == j else days), vooraf) for j, (days, vooraf) in enumerate(rows)],
            van,
            einde,
            sending,
            next_day,
        )
        for i, miss in enumerate(date.fromordinal(day) for day in found.eerste if day is not None)
    ]
    assert (found.oordeel is Oordeel.KRAP) == (not all(missed))


# --- who answers ---


def test_the_raad_of_wijdemeren_answers_until_the_end_of_2026_and_after_that_hilversum_with_its_own_vergaderingen(mra: Stelsel) -> None:
    planner = Planner(mra, a_day("2026-06-01"))
    wijdemeren = mra.orgaan("raad-wijdemeren")
    within, across = ((a_day("2026-10-05").toordinal(), a_day(einde).toordinal()) for einde in ("2026-12-31", "2027-02-05"))

    ends_before, goes_over = ({raad.orgaan: raad for raad in raden_of(planner, RADEN, window)} for window in (within, across))

    assert planner.weg_of(wijdemeren, within[1]).deelnemer.slug == "wijdemeren"
    assert planner.weg_of(wijdemeren, across[1]).deelnemer.slug == "hilversum"
    assert ends_before["raad-wijdemeren"].opmerking == ""
    assert goes_over["raad-wijdemeren"].opmerking == (
        "Wijdemeren bestaat tot en met donderdag 31 december 2026; daarna reageert Hilversum, met diens vergaderingen"
    )
    assert goes_over["raad-wijdemeren"].schakels == goes_over["raad-hilversum"].schakels
    assert ends_before["raad-wijdemeren"].schakels != ends_before["raad-hilversum"].schakels
    assert goes_over["raad-hilversum"].opmerking == ""


@pytest.mark.parametrize(("van", "gevraagd"), [("2026-12-31", True), ("2027-01-01", False)])
def test_nothing_is_asked_of_wijdemeren_once_it_is_gone(mra: Stelsel, van: str, gevraagd: bool) -> None:
    planner = Planner(mra, a_day("2026-06-01"))

    raden = list(raden_of(planner, RADEN, (a_day(van).toordinal(), a_day("2027-03-05").toordinal())))

    assert ("raad-wijdemeren" in {raad.orgaan for raad in raden}) is gevraagd
    assert len(raden) == (33 if gevraagd else 32)


def test_for_every_raad_that_cannot_or_is_not_known_a_sentence_says_why_and_all_are_counted(mra: Stelsel) -> None:
    planner = Planner(mra, a_day("2026-01-05"))

    raden = list(raden_of(planner, RADEN, (a_day("2026-03-27").toordinal(), a_day("2026-05-22").toordinal())))

    assert sum(counted(raden).values()) == len(raden) == 33
    for raad in raden:
        assert bool(raad.breekt) == (raad.oordeel in (Oordeel.NIET, Oordeel.ONBEKEND))
        if raad.niveau is Niveau.GEEN:
            assert raad.schakels == ()
        else:
            assert all(
                schakel.aanleveren is None or schakel.laatste is None or schakel.aanleveren <= schakel.laatste for schakel in raad.schakels
            )


def test_the_weeks_of_a_raad_are_net_of_its_own_longer_recess_and_of_its_election() -> None:
    usual, longer = a_weg(a_ritme()), a_weg(a_ritme(zomerreces_weken_erna=2), verkiezingen=[GEMEENTEN])

    summer = [weg.net_weeks(a_day("2026-07-31"), a_day("2026-09-11")) for weg in (usual, longer)]
    spring = [weg.net_weeks(a_day("2026-03-03"), a_day("2026-04-14")) for weg in (usual, longer)]

    assert summer == [3.7, 1.7]
    assert spring == [6.0, round((42 - 29) / 7, 1)]


def test_a_stelsel_without_any_raadskalender_plans_all_the_same() -> None:
    planner = Planner(a_stelsel(ritmes=[], raadskalenders=[]), a_day("2026-01-01"))

    raden = list(raden_of(planner, RADEN, (a_day("2026-02-02").toordinal(), a_day("2026-04-01").toordinal())))

    assert [raad.oordeel for raad in raden] == [Oordeel.ONBEKEND] * 4
    assert {raad.breekt for raad in raden} == {"van deze vergaderingen is niets bekend"}
    assert FACT["status"] == "voorbeeld"
