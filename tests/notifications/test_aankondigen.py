"""Announcing a ronde that is agreed: in time, by its kind, again when the plan changes, and never because of another catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.outbox import Status
from flows import use_cases
from flows.house import House
from flows.plannen import keep_plan
from notifications.kijk import ANNOUNCED, ANNOUNCED_OTHERWISE, MOVED, NOT_ANNOUNCED, OPENED, OUTCOME, WITHDRAWN
from statemachines.planning.vraag import Wens
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_ronde, a_route, a_stap, a_stelsel, held_over
from tests.notifications.telling import ADVISEURS, GRIFFIES, SLUG, a_besluit, adressen, an_actor, let_arrive, round_on, rows, tally

KINDS = (ANNOUNCED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED, OPENED, MOVED, WITHDRAWN, "herinnering", OUTCOME)
MAY, JUNE = "2026-05-08", "2026-06-19"
"""Vergaderingen of the Bestuur, which release the nota for the raden the same day."""
LATER = "2026-08-28"
"""A later sluitingsdatum."""


def with_catalogue(mra: Stelsel, changes: dict[str, dict[str, Any]] | None = None, **rest: Any) -> Stelsel:
    """The small stelsel with the catalogue of the MRA, as far as it is about councils."""
    soorten = [soort.model_dump() | (changes or {}).get(soort.slug, {}) for soort in mra.berichten if soort.slug in KINDS]
    return a_stelsel(berichten=soorten, **rest)


@pytest.fixture
def stelsel(mra: Stelsel) -> Stelsel:
    return with_catalogue(mra)


@pytest.fixture
def opened(sqlite_house: House, stelsel: Stelsel) -> House:
    """In routing since 10 February, under a catalogue in which rondes are announced."""
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), stelsel, adressen(), "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), SLUG, "nota", "De geheime titel", a_day("2026-02-10"))
    return sqlite_house


def agree(house: House, op: str, vrijgave: str, doel: str | None = None, **zet: str) -> None:
    days = {"vrijgave": (a_day(vrijgave),), **{stap: (a_day(day),) for stap, day in zet.items()}}
    keep_plan(house, an_actor(op), SLUG, Wens(a_day(doel) if doel else None, days), "Zo is het afgesproken")


def test_a_planned_ronde_is_announced_by_its_kind_to_every_griffie_and_adviser(opened: House) -> None:
    agree(opened, "2026-02-11", JUNE)

    told = rows(opened, ANNOUNCED)

    assert sorted(b.key.ontvanger for b in told) == sorted([*GRIFFIES, *ADVISEURS])
    assert {b.status for b in told} == {Status.KLAARGEZET}
    assert {b.context["titel"] for b in told} == {"Nota"} and {b.context["van"] for b in told} == {JUNE}


def test_a_ronde_that_opens_within_eight_weeks_is_not_announced(opened: House) -> None:
    agree(opened, "2026-02-11", "2026-03-20")

    round_on(opened, "2026-02-12")

    assert rows(opened) == []


def test_what_nobody_gave_free_in_time_is_withdrawn_and_not_announced_late(opened: House) -> None:
    agree(opened, "2026-02-11", JUNE)

    round_on(opened, "2026-05-04")
    use_cases.register_besluit(opened, an_actor("2026-05-08"), SLUG, "bestuur", Uitkomst.AANHOUDEN, a_day("2026-05-08"))

    assert tally(opened) == {(ANNOUNCED, "ingetrokken"): 8}


def test_a_plan_that_changes_before_delivery_leaves_one_announcement_with_the_new_days(opened: House) -> None:
    agree(opened, "2026-02-11", MAY)

    agree(opened, "2026-02-12", JUNE, doel="2026-12-18")

    assert tally(opened) == {(ANNOUNCED, "ingetrokken"): 8, (ANNOUNCED, "klaargezet"): 8}
    assert {b.context["van"] for b in rows(opened, status=Status.KLAARGEZET)} == {JUNE}


def test_a_plan_that_changes_after_delivery_is_told_once_with_the_days_that_were_told(opened: House) -> None:
    agree(opened, "2026-02-11", MAY)
    let_arrive(opened)

    agree(opened, "2026-02-12", JUNE, doel="2026-12-18")
    round_on(opened, "2026-02-13")

    changed = rows(opened, ANNOUNCED_OTHERWISE)
    assert len(changed) == 8 and {b.context["eerder_van"] for b in changed} == {MAY}


def test_a_plan_that_changes_there_and_back_after_delivery_tells_nothing(opened: House) -> None:
    agree(opened, "2026-02-11", MAY)
    let_arrive(opened)
    until = str(rows(opened, ANNOUNCED)[0].context["tot_en_met"])

    agree(opened, "2026-02-12", MAY, raadpleging=LATER)
    agree(opened, "2026-02-13", MAY, raadpleging=until)

    assert tally(opened) == {(ANNOUNCED, "verzonden"): 8, (ANNOUNCED_OTHERWISE, "ingetrokken"): 8}


def test_a_document_that_is_withdrawn_is_told_to_who_heard_the_announcement_and_to_nobody_else(opened: House) -> None:
    agree(opened, "2026-02-11", JUNE)
    let_arrive(opened)

    a_besluit(opened, JUNE, "bestuur", Uitkomst.INTREKKEN, reden="Het stuk gaat niet door")

    assert tally(opened) == {(ANNOUNCED, "verzonden"): 8, (NOT_ANNOUNCED, "klaargezet"): 8}


def test_a_ronde_that_opens_ends_its_announcement_without_a_word(opened: House) -> None:
    agree(opened, "2026-02-11", JUNE)
    let_arrive(opened)

    a_besluit(opened, JUNE, "bestuur")

    assert tally(opened) == {(ANNOUNCED, "verzonden"): 8, (OPENED, "klaargezet"): 8}


@pytest.mark.parametrize("changes", [{"wie": ["griffie"]}, {"aan": False}], ids=["adviser does not hear it", "switched off"])
def test_another_catalogue_withdraws_no_announcement_and_tells_nothing_twice(opened: House, mra: Stelsel, changes: dict[str, Any]) -> None:
    agree(opened, "2026-02-11", JUNE)
    let_arrive(opened)
    before = tally(opened)

    use_cases.accept_facts(opened, an_actor("2026-02-16"), with_catalogue(mra, {ANNOUNCED: changes}), (), "andere afspraken")
    for day in ("2026-02-16", "2026-03-02"):
        round_on(opened, day)
        use_cases.register_besluit(opened, an_actor("2026-03-20"), SLUG, "bestuur", Uitkomst.NIET_BEHANDELD, a_day("2026-03-20"))

    assert tally(opened) == before


def test_two_rondes_of_one_plan_are_each_announced_to_an_adviser_who_hears_both(sqlite_house: House, mra: Stelsel) -> None:
    colleges = a_ronde("slot", kring="colleges", antwoord="besluit", sluit="allen", grondslag="vaststelling")
    released = {"akkoord": "raadpleging", "intrekken": "ingetrokken"}
    stappen = [
        a_stap("routering", "voorbereiden", "aob", volgt="vrijgave"),
        a_stap("vrijgave", "vrijgeven", "bestuur", uitkomsten={**released, **held_over("vrijgave")}),
        a_stap("raadpleging", "raadplegen", "raden-staten", ronde=a_ronde("colleges")),
        a_stap("colleges", "vaststellen", "colleges", ronde=colleges),
        a_stap("slot", "kennisnemen", "av", uitkomsten={"akkoord": "vastgesteld", "intrekken": "ingetrokken", **held_over("slot")}),
    ]
    feiten = with_catalogue(mra, routes=[a_route(stappen=stappen)])
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), feiten, adressen(), "begin")
    use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), SLUG, "nota", "De titel", a_day("2026-02-10"))

    agree(sqlite_house, "2026-02-11", "2026-05-08")
    told = {(b.key.ontvanger, b.onderwerp) for b in rows(sqlite_house, ANNOUNCED)}
    let_arrive(sqlite_house)
    a_besluit(sqlite_house, "2026-05-08", "bestuur", Uitkomst.INTREKKEN, reden="Het stuk gaat niet door")

    both = {("adviseur-almere", "raadpleging/1"), ("adviseur-almere", "colleges/1")}
    assert both <= told
    assert both <= {(b.key.ontvanger, b.onderwerp) for b in rows(sqlite_house, NOT_ANNOUNCED)}
