"""Whether the own way of every raad fits before the sluitingsdatum, against a search through all combinations, and who answers."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from statemachines.facts import Kring, Raadritme, Schakelsoort
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import Niveau, Oordeel
from statemachines.planning.raden import counted, raden_of
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_stelsel
from tests.statemachines.planning.planmakers import (
    DAY,
    a_herhaling,
    a_raadskalender,
    a_ritme,
    a_verkiezing,
    a_walk,
    a_weg,
    free_by_hand,
    herhalingen,
    meetings_by_hand,
    walked,
)

RADEN, COLLEGES = Kring.RADEN_STATEN, Kring.COLLEGES
WERK = a_stelsel().werkkalender
GEMEENTEN = a_verkiezing("2026-03-18", "2026-03-04", "2026-04-01", soorten=["gemeente"])


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


Row = tuple[list[date], int, dict[date, date]]
"""Days of a schakel, how many werkdagen before each its papers are due, and which day belongs to which vergadering of the raad."""


def own_days(ritme: Raadritme) -> list[Row]:
    """Per schakel its days, worked out by hand."""
    rows: list[Row] = []
    raden = meetings_by_hand(WERK, ritme, Schakelsoort.RAAD)
    for schakel in ritme.schakels:
        belongs: dict[date, date] = {}
        for raad in raden if schakel.herhaling is None else ():
            day = raad - 7 * (schakel.eerder_weken or 0) * DAY
            if schakel.eerder_werkdagen is not None:
                day = walked(WERK, raad, -schakel.eerder_werkdagen)
            while not WERK.is_werkdag(day):
                day -= DAY
            if schakel.soort is Schakelsoort.GRIFFIE or not free_by_hand(WERK, ritme, [], day):
                belongs[raad] = day
        days = meetings_by_hand(WERK, ritme, schakel.soort) if schakel.herhaling is not None else sorted(set(belongs.values()))
        rows.append((days, schakel.vooraf_werkdagen, belongs))
    return rows


def ways(rows: list[Row], van: date, einde: date, sending: int, next_day: bool) -> list[tuple[date, ...]]:
    """Every combination of vergaderingen with which an answer is sent on or before ``einde``."""
    near = [[day for day in days if van <= day <= einde] for days, _, _ in rows]
    return [combi for combi in product(*near) if _works(combi, rows, van, einde, sending, next_day)]


def _works(combi: tuple[date, ...], rows: list[Row], van: date, einde: date, sending: int, next_day: bool) -> bool:
    ready = van
    for i, (day, (_, vooraf, belongs)) in enumerate(zip(combi, rows, strict=True)):
        if walked(WERK, day, -vooraf) < ready or belongs.get(combi[-1], day) != day:
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
    rows, next_day = own_days(ritme), any(schakel.soort is Schakelsoort.COMMISSIE for schakel in ritme.schakels)
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
            [(([d for d in days if d != miss] if i == j else days), vooraf, own) for j, (days, vooraf, own) in enumerate(rows)],
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


def test_a_raad_handles_only_what_met_the_paper_date_of_that_same_vergadering() -> None:
    weekly = a_ritme(
        schakels=[
            {"soort": "aanleveren", "eerder_weken": 8},
            {"soort": "commissie", "eerder_weken": 2},
            {"soort": "raad", "herhaling": a_herhaling(3)},
        ]
    )

    found = a_weg(weekly).walk(RADEN, a_day("2026-03-30").toordinal(), a_day("2026-05-01").toordinal())

    assert found.oordeel is Oordeel.NIET
    # Hemelvaart is 14 May.
    assert [date.fromordinal(day).isoformat() for day in found.eerste if day] == ["2026-04-02", "2026-05-13", "2026-05-28"]
