"""Random walks over the shipped routes: whatever people do, the record stays whole and an ending stays within reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines.dossier import Dossier, apply, replay
from statemachines.due import due
from statemachines.errors import Refused
from statemachines.kalender import Onbekend
from statemachines.ronde import ANSWERED, Deelname
from statemachines.route import Antwoord
from statemachines.stelsel import Stelsel
from tests.statemachines.journaling import Journaal

ROUTES = (
    *("voortgangsnota", "jaarplan-begroting", "mra-agenda", "meerjarenbegroting"),
    *("afgeleid-kaderdocument", "samenwerkingsafspraken", "termijnagenda", "bekrachtiging"),
)
DAY = timedelta(days=1)
FAR = date(2030, 1, 1)


def a_step(journaal: Journaal, choice: int) -> None:
    """Something that somebody does now, sensible or not; a refusal is a fine answer."""
    dossier = journaal.dossier
    day = dossier.sinds + (choice % 40) * DAY
    stap = dossier.route.stap(dossier.fase)
    organen = list(dossier.ronde.standen) if dossier.ronde else ["raad-almere"]
    possible = list(stap.possible) if stap and stap.possible else ["akkoord"]
    match choice % 9:
        case 0 | 1 | 2:
            gremium = stap.gremium if stap else "av"
            journaal.besluit(gremium, str(possible[choice % len(possible)]), day, op=FAR)
        case 3 | 4:
            ronde = dossier.ronde
            orgaan = organen[choice % len(organen)]
            if ronde is not None and ronde.antwoord is Antwoord.BESLUIT:
                journaal.besluit(orgaan, "akkoord", ronde.van + (choice % 90) * DAY, op=FAR)
            else:
                journaal.inbreng(orgaan, (ronde.van if ronde else day) + (choice % 90) * DAY, op=FAR)
        case 5:
            if dossier.open_ronde:
                journaal.lapse()
        case 6:
            werkdag = dossier.stelsel.werkkalender.roll(day + 30 * DAY)
            assert not isinstance(werkdag, Onbekend)
            journaal.move(werkdag, day)
        case 7:
            journaal.revoke(dossier.laatste_zet, FAR)
        case 8:
            journaal.besluit("raadtafel", "akkoord", day, op=FAR)


def to_the_end(journaal: Journaal) -> Dossier:
    """Whoever is at turn does what leads on, until nothing is left to do."""
    for _ in range(30):
        dossier = journaal.dossier
        stap = dossier.route.stap(dossier.fase)
        if stap is None:
            return dossier
        if dossier.open_ronde:
            journaal.lapse()
        else:
            onward = next(u for u in stap.possible if stap.uitkomsten[u] == stap.onward)
            if dossier.open_punten:
                journaal.answer_all(dossier.sinds)
            for gremium in (dossier.naast.waiting if dossier.naast else ()) or (stap.gremium,):
                journaal.besluit(gremium, onward.value, dossier.sinds, op=FAR)
    return journaal.dossier


@pytest.mark.parametrize("route", ROUTES)
@settings(max_examples=25)
@given(choices=st.lists(st.integers(0, 10_000), max_size=14))
def test_after_any_walk_the_journal_is_whole_and_an_ending_is_within_reach(mra: Stelsel, route: str, choices: list[int]) -> None:
    journaal = Journaal(mra)
    journaal.open(date(2026, 1, 5), route=route)

    for choice in choices:
        before = list(journaal.entries)
        try:
            a_step(journaal, choice)
        except Refused as refusal:
            assert journaal.entries == before
            assert str(refusal).endswith((".", "?")) and len(str(refusal)) < 600

    for i, entry in enumerate(journaal.entries):
        assert entry.nr == i + 1
        assert entry.vorige == (journaal.entries[i - 1].hash if i else "0" * 64)
        prefix = replay(journaal.entries[: i + 1], mra)
        assert prefix.ended or prefix.route.stap(prefix.fase) is not None
        assert all(d.datumversie <= prefix.nr for d in due(prefix))
        if prefix.open_ronde is not None and entry.datum == prefix.sinds:
            # Announced on the day of the besluit that opens it, at the latest: nobody hears of a ronde after it began.
            assert entry.datum <= prefix.open_ronde.van < prefix.open_ronde.tot_en_met
    assert to_the_end(journaal).ended


@pytest.mark.parametrize("route", ROUTES)
@settings(max_examples=15)
@given(choices=st.lists(st.integers(0, 10_000).filter(lambda n: n % 9 != 7), max_size=14))
def test_an_entry_applied_to_the_state_before_gives_the_state_of_replay(mra: Stelsel, route: str, choices: list[int]) -> None:
    journaal = Journaal(mra)
    state = journaal.open(date(2026, 1, 5), route=route)

    for choice in choices:
        seen = len(journaal.entries)
        try:
            a_step(journaal, choice)
        except Refused:
            continue
        for entry in journaal.entries[seen:]:
            state = apply(state, entry)

    replayed = journaal.dossier
    assert (state.fase, state.sinds, state.opening, state.ronde, state.datumversie) == (
        replayed.fase,
        replayed.sinds,
        replayed.opening,
        replayed.ronde,
        replayed.datumversie,
    )


@settings(max_examples=40)
@given(days=st.lists(st.integers(0, 120), min_size=1, max_size=33))
def test_an_answer_in_time_is_never_lost_and_silence_never_becomes_one(mra: Stelsel, days: list[int]) -> None:
    journaal = Journaal(mra)
    journaal.open(date(2026, 1, 5), route="voortgangsnota")
    journaal.besluit("bestuur", "akkoord", date(2026, 1, 23))
    ronde = journaal.besluit("av", "akkoord", date(2026, 3, 20)).open_ronde
    assert ronde is not None
    organen = list(ronde.standen)

    in_time = set()
    for i, offset in enumerate(days):
        datum = ronde.van + offset * DAY
        journaal.inbreng(organen[i], datum, op=FAR)
        if datum <= ronde.tot_en_met:
            in_time.add(organen[i])
    journaal.lapse()

    standen = journaal.dossier.ronde.standen if journaal.dossier.ronde else {}
    assert {slug for slug, stand in standen.items() if stand.staat in ANSWERED} == in_time
    late = set(organen[: len(days)]) - in_time
    assert all(standen[slug].staat is Deelname.TE_LAAT for slug in late)
    assert all(standen[slug].staat is Deelname.GEEN_REACTIE for slug in set(organen) - in_time - late)
