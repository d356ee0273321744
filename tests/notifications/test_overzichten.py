"""Overviews of a week and a month: from the first werkdag on, once, and what waits for a person once for all of a day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from dossiers.outbox import Status
from flows import use_cases, vrijgeven
from flows.house import House
from flows.periodiek import tell_overviews
from notifications.kijk import OPENED
from statemachines.facts import Adres
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.makers import a_day
from tests.notifications.telling import SLUG, an_actor, rows

WEEKLY, MONTHLY, WAITS = "aob-overzicht", "maandbericht", "wacht-op-vrijgave"


@pytest.fixture
def opened(sqlite_house: House, clock: Clock, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> House:
    clock.at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-05"), mra, mra_adressen, "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-01-05"), SLUG, "voortgangsnota", "De nota", a_day("2026-01-05"))
    return sqlite_house


def put(house: House, *days: str) -> list[int]:
    return [tell_overviews(house, a_day(day)) for day in days]


def of_a_kind(house: House, soort: str) -> Counter[str]:
    return Counter(b.key.ontvanger for b in rows(house, soort))


def test_a_week_is_told_once_whatever_round_comes_first(opened: House) -> None:
    first = put(opened, "2026-01-07", "2026-01-07", "2026-01-09")

    following = put(opened, "2026-01-12")

    assert first[0] > 0 and first[1:] == [0, 0] and following == [first[0]]
    assert set(of_a_kind(opened, WEEKLY).values()) == {2}


def test_weeks_in_which_the_round_was_down_are_not_told_afterwards(opened: House) -> None:
    put(opened, "2026-01-05")

    put(opened, "2026-02-09")

    assert set(of_a_kind(opened, WEEKLY).values()) == {2}


def test_a_council_for_which_nothing_plays_gets_no_maandbericht(opened: House) -> None:
    put(opened, "2026-01-05", "2026-02-02", "2026-03-02")

    assert rows(opened, MONTHLY) == []


def test_what_nobody_gives_free_is_told_once_after_a_werkdag(opened: House, clock: Clock) -> None:
    clock.at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    for day, gremium in (("2026-01-23", "bestuur"), ("2026-03-20", "av")):
        use_cases.register_besluit(opened, an_actor(day), SLUG, gremium, Uitkomst.AKKOORD, a_day(day))
    assert rows(opened, OPENED)

    told = [len(rows(opened, WAITS)) for day in ("2026-03-20", "2026-03-23", "2026-03-24") if put(opened, day) is not None]

    assert told[0] == 0 and told[1] > 0 and told[2] == told[1]


def test_a_reminder_to_give_free_is_taken_back_when_that_was_done_before_it_went(opened: House, clock: Clock) -> None:
    use_cases.register_besluit(opened, an_actor("2026-01-23"), SLUG, "bestuur", Uitkomst.AKKOORD, a_day("2026-01-23"))
    clock.at = datetime(2026, 3, 20, 9, tzinfo=UTC)
    use_cases.register_besluit(opened, an_actor("2026-03-20"), SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"))
    put(opened, "2026-03-23")

    vrijgeven.release(opened, an_actor("2026-03-23"), None, None)

    assert {b.status for b in rows(opened, WAITS)} == {Status.INGETROKKEN}
    assert put(opened, "2026-03-24") == [0]
