"""One reminder in a ronde to a council of which nothing is known, by the daily round, before its last day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from flows import use_cases
from flows.datums import give_uitstel
from flows.house import House
from notifications.kijk import MOVED, OPENED, WITHDRAWN
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.makers import a_day
from tests.notifications.telling import GRIFFIES, SLUG, a_besluit, adressen, an_actor, let_arrive, move, round_on, rows, tally
from tests.notifications.test_aankondigen import with_catalogue

REMINDER = "herinnering"
IN_TIME = "2026-05-06"
"""Within ten werkdagen of the sluitingsdatum, 15 May."""


@pytest.fixture
def told(sqlite_house: House, mra: Stelsel) -> House:
    """Four griffies and their advisers heard of 15 May."""
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), with_catalogue(mra), adressen(), "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), SLUG, "nota", "De nota", a_day("2026-02-10"))
    a_besluit(sqlite_house, "2026-03-20", "bestuur")
    let_arrive(sqlite_house)
    return sqlite_house


def say(house: House, op: str, van: str, soort: InbrengSoort, **rest: Any) -> None:
    tekst = "Meer groen." if soort is InbrengSoort.REACTIE else None
    use_cases.register_inbreng(house, an_actor(op), SLUG, van, Inbreng(soort=soort, **rest), a_day(op), tekst=tekst)


def reminded(house: House) -> list[str]:
    return sorted(b.key.ontvanger for b in rows(house, REMINDER))


def accept_other(house: House, mra: Stelsel, op: str, changes: dict[str, dict[str, Any]]) -> None:
    use_cases.accept_facts(house, an_actor(op), with_catalogue(mra, changes), (), "andere afspraken")


def test_every_silent_griffie_is_reminded_once_and_not_long_before_its_last_day(told: House) -> None:
    early = round_on(told, "2026-04-20")

    again = [round_on(told, IN_TIME), round_on(told, IN_TIME), round_on(told, "2026-05-12")]

    assert early == 0 and again == [4, 0, 0]
    assert reminded(told) == GRIFFIES and {b.context["laatste"] for b in rows(told, REMINDER)} == {"2026-05-15"}


def test_who_heard_late_of_the_opening_is_left_in_peace_for_five_werkdagen(sqlite_house: House, mra: Stelsel, clock: Clock) -> None:
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), with_catalogue(mra), adressen(), "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), SLUG, "nota", "De nota", a_day("2026-02-10"))
    a_besluit(sqlite_house, "2026-03-20", "bestuur")
    clock.at = datetime(2026, 5, 6, 9, tzinfo=UTC)
    let_arrive(sqlite_house)

    at_once, later = round_on(sqlite_house, "2026-05-07"), round_on(sqlite_house, "2026-05-13")

    assert (at_once, later) == (0, 4)


def test_who_answered_told_its_behandelwijze_or_its_agenda_is_not_reminded(told: House) -> None:
    say(told, "2026-04-20", "almere", InbrengSoort.REACTIE)
    say(told, "2026-04-20", "diemen", InbrengSoort.BEHANDELING, behandelwijze=Behandelwijze.HAMERSTUK)
    say(told, "2026-04-20", "laren", InbrengSoort.ONTVANGEN, geagendeerd_op=a_day("2026-05-12"))

    round_on(told, IN_TIME)

    assert reminded(told) == ["griffie-flevoland"]


def test_nothing_that_people_write_puts_a_reminder(told: House) -> None:
    say(told, IN_TIME, "almere", InbrengSoort.REACTIE)

    assert reminded(told) == []


def test_a_reminder_that_still_waits_when_the_reaction_comes_is_withdrawn(told: House) -> None:
    round_on(told, IN_TIME)

    say(told, IN_TIME, "almere", InbrengSoort.REACTIE)

    assert {b.key.ontvanger for b in rows(told, REMINDER) if b.status.value == "ingetrokken"} == {"griffie-almere"}


def test_who_never_heard_of_the_ronde_is_not_reminded_of_it(sqlite_house: House, mra: Stelsel) -> None:
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), with_catalogue(mra), adressen(), "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), SLUG, "nota", "De nota", a_day("2026-02-10"))
    a_besluit(sqlite_house, "2026-03-20", "bestuur")

    round_on(sqlite_house, IN_TIME)

    assert reminded(sqlite_house) == []


def test_a_reminder_that_is_called_otherwise_from_now_on_is_not_told_again(told: House, mra: Stelsel) -> None:
    round_on(told, IN_TIME)

    accept_other(told, mra, IN_TIME, {REMINDER: {"slug": "herinnering-raad"}})

    assert round_on(told, "2026-05-07") == 0


@pytest.mark.parametrize("soort", [OPENED, MOVED, WITHDRAWN, REMINDER])
@pytest.mark.parametrize("changes", [{"wie": ["griffie"]}, {"aan": False}], ids=["adviser does not hear it", "switched off"])
def test_another_catalogue_withdraws_nothing_that_was_told(told: House, mra: Stelsel, soort: str, changes: dict[str, Any]) -> None:
    before = tally(told)

    accept_other(told, mra, "2026-04-01", {soort: changes})
    round_on(told, "2026-04-02")
    say(told, "2026-04-20", "almere", InbrengSoort.REACTIE)

    assert tally(told) == before


def test_another_catalogue_withdraws_nothing_from_who_has_uitstel_after_the_ronde_closed(told: House, mra: Stelsel) -> None:
    give_uitstel(told, an_actor("2026-05-12"), SLUG, ["almere"], a_day("2026-06-12"), "Zij vroegen erom")
    say(told, "2026-05-12", "almere", InbrengSoort.REACTIE)
    let_arrive(told)
    accept_other(told, mra, "2026-05-13", {OPENED: {"wie": ["griffie"]}})

    round_on(told, "2026-05-18")

    assert rows(told, WITHDRAWN) == []


def test_an_adviser_who_heard_the_opening_hears_the_change_the_withdrawal_and_the_outcome(told: House) -> None:
    move(told, "2026-04-10", "2026-05-22")
    let_arrive(told)

    a_besluit(told, "2026-06-26", "av")

    heard = [b.key.soort for b in rows(told) if b.key.ontvanger == "adviseur-almere"]
    assert sorted(heard) == sorted([OPENED, MOVED, "uitkomst"])
