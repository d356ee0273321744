"""What a dossier waits for: a ronde that runs, and rondes that are agreed and can be announced."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from statemachines.berichten import Aanleiding, Berichtsoort, at
from statemachines.due import Due
from statemachines.gepland import announced_between, version_of
from statemachines.stelsel import Stelsel

VAN = date(2026, 6, 26)


@pytest.fixture
def aankondiging(mra: Stelsel) -> Berichtsoort:
    return at(mra, Aanleiding.RONDE_GEPLAND)[0]


def test_a_ronde_is_announced_from_nine_months_up_to_and_including_eight_weeks_before_it_opens(aankondiging: Berichtsoort) -> None:
    vanaf, uiterlijk = announced_between(aankondiging, VAN)

    assert (vanaf, uiterlijk) == (VAN - timedelta(weeks=39), VAN - timedelta(weeks=8))


@pytest.mark.parametrize(("op", "holds"), [("2026-05-01", True), ("2026-05-04", True), ("2026-04-30", False), ("2026-05-05", False)])
def test_what_is_due_holds_on_its_first_and_on_its_last_day(op: str, holds: bool) -> None:
    due = Due("iets", "griffie-almere", date(2026, 5, 1), date(2026, 5, 4), 3)

    assert due.holds(date.fromisoformat(op)) is holds


def test_what_has_no_last_day_is_due_until_it_happened() -> None:
    assert Due("iets", "", date(2026, 5, 1), None, 3).holds(date(2030, 1, 1))


def test_no_two_rondes_of_any_two_plans_have_the_same_number(mra: Stelsel) -> None:
    for route in mra.routes:
        dossier = cast(Any, SimpleNamespace(route=route))

        numbers = [version_of(dossier, nr, stap.slug) for nr in range(1, 50) for stap in route.stappen]

        assert len(set(numbers)) == len(numbers) and numbers == sorted(numbers)
