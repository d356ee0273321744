"""Who hears what: the difference between what is true and what each recipient was told, through the use cases on both databases."""

from __future__ import annotations

from dossiers.outbox import Status
from flows import correcties, use_cases, vrijgeven
from flows.house import House
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.route import Uitkomst
from tests.makers import FACT, a_day, a_deelnemer, a_route, a_stelsel
from tests.notifications.telling import (
    ADVISEURS,
    CLOSES,
    GRIFFIES,
    SLUG,
    a_besluit,
    a_released,
    a_told,
    an_actor,
    an_opened,
    as_read,
    let_arrive,
    move,
    round_on,
    rows,
    tally,
)

OPENED = "inbrengmoment-geopend"


def test_an_opening_tells_every_griffie_once_and_waits_for_a_person(house: House) -> None:
    a_released(house)

    geopend = rows(house, OPENED)

    assert sorted(b.key.ontvanger for b in geopend) == GRIFFIES
    assert {b.status for b in geopend} == {Status.KLAARGEZET}
    assert {b.context["tot_en_met"] for b in geopend} == {CLOSES}


def test_doing_the_round_again_tells_nothing_new(house: House) -> None:
    a_released(house)
    before = rows(house)

    again = [round_on(house, "2026-03-20"), round_on(house, "2026-03-20"), round_on(house, "2026-05-01")]

    assert again == [0, 0, 0] and rows(house) == before


def test_a_ronde_of_colleges_is_told_to_their_advisers(house: House) -> None:
    an_opened(house, route="agenda")

    geopend = rows(house, OPENED)

    assert sorted(b.key.ontvanger for b in geopend) == ADVISEURS
    assert {b.context["antwoord"] for b in geopend} == {"besluit"}
    assert {str(b.context["stilte"])[-41:] for b in geopend} == {"overzicht; het geldt niet als instemming."}
    assert as_read(house, geopend[0]).onderwerp.startswith("De nota: besluiten kan tot en met ")


def test_who_answered_before_anything_was_sent_hears_nothing_of_a_moved_date(house: House) -> None:
    a_released(house)
    use_cases.register_inbreng(house, an_actor("2026-03-23"), SLUG, "almere", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-03-23"))

    move(house, "2026-03-24", "2026-05-29")

    assert sorted(b.key.ontvanger for b in rows(house, status=Status.KLAARGEZET)) == GRIFFIES[1:]
    assert [b.key.ontvanger for b in rows(house, OPENED, Status.INGETROKKEN)].count("griffie-almere") == 1


def test_who_answered_after_it_was_told_hears_of_a_moved_date(house: House) -> None:
    a_told(house)
    use_cases.register_inbreng(house, an_actor("2026-04-01"), SLUG, "almere", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-01"))

    move(house, "2026-04-02", "2026-05-29")

    assert sorted(b.key.ontvanger for b in rows(house, "datum-gewijzigd")) == GRIFFIES


def test_a_date_moved_before_delivery_is_told_as_one_opening_and_the_withdrawn_one_stays_as_a_trace(house: House) -> None:
    a_released(house)

    new = move(house, "2026-03-23", "2026-05-29")

    assert new == 4
    assert tally(house) == {(OPENED, "ingetrokken"): 4, (OPENED, "klaargezet"): 4}
    assert {b.melding for b in rows(house, status=Status.INGETROKKEN)} == {"De sluitingsdatum is nu vrijdag 29 mei 2026."}
    assert {b.context["tot_en_met"] for b in rows(house, status=Status.KLAARGEZET)} == {"2026-05-29"}


def test_a_message_that_was_given_free_but_not_sent_is_withdrawn_as_well(house: House) -> None:
    a_released(house)
    vrijgeven.release(house, an_actor("2026-03-20"), None, None)

    move(house, "2026-03-23", "2026-05-29")

    assert tally(house) == {(OPENED, "ingetrokken"): 4, (OPENED, "klaargezet"): 4}


def test_a_date_moved_there_and_back_before_delivery_leaves_one_opening_with_the_first_date(house: House) -> None:
    a_released(house)

    move(house, "2026-03-23", "2026-05-29")
    move(house, "2026-03-24", CLOSES)

    assert tally(house) == {(OPENED, "ingetrokken"): 8, (OPENED, "klaargezet"): 4}
    assert {b.context["tot_en_met"] for b in rows(house, status=Status.KLAARGEZET)} == {CLOSES}


def test_a_date_moved_after_delivery_is_told_once_with_the_old_date_and_the_reason(house: House) -> None:
    a_told(house)

    new = move(house, "2026-04-02", "2026-05-29", "De Raadtafel vraagt meer tijd")

    gewijzigd = rows(house, "datum-gewijzigd")
    assert new == 4 and sorted(b.key.ontvanger for b in gewijzigd) == GRIFFIES and round_on(house, "2026-04-03") == 0
    tekst = as_read(house, gewijzigd[0]).tekst
    assert "Nieuwe sluitingsdatum: vrijdag 29 mei 2026" in tekst and "Eerst was dit: vrijdag 15 mei 2026" in tekst
    assert "Waarom: De Raadtafel vraagt meer tijd" in tekst


def test_a_date_moved_there_and_back_is_told_back_to_who_heard_it_and_not_to_who_did_not(house: House) -> None:
    a_told(house)
    move(house, "2026-04-02", "2026-05-29")

    assert move(house, "2026-04-03", CLOSES) == 0
    assert tally(house) == {(OPENED, "verzonden"): 4, ("datum-gewijzigd", "ingetrokken"): 4}

    move(house, "2026-04-07", "2026-05-29")
    let_arrive(house)
    assert move(house, "2026-04-08", CLOSES) == 4
    back = rows(house, "datum-gewijzigd", Status.KLAARGEZET)
    assert {(b.context["eerder"], b.context["tot_en_met"]) for b in back} == {("2026-05-29", CLOSES)}


def test_who_could_not_be_reached_hears_of_the_opening_and_not_of_a_change(house: House) -> None:
    a_released(house)
    let_arrive(house, Status.MISLUKT)

    move(house, "2026-04-02", "2026-05-29")

    assert tally(house) == {(OPENED, "mislukt"): 4, (OPENED, "klaargezet"): 4}


def test_what_may_have_arrived_counts_as_told(house: House) -> None:
    a_released(house)
    let_arrive(house, Status.ONBEKEND)

    move(house, "2026-04-02", "2026-05-29")

    assert tally(house) == {(OPENED, "onbekend"): 4, ("datum-gewijzigd", "klaargezet"): 4}


def test_a_ronde_cut_short_by_an_afwijking_is_withdrawn_for_who_was_told(house: House) -> None:
    a_told(house)

    a_besluit(house, "2026-04-10", "av", afwijking="Spoed", toegestaan_door="voorzitter")

    ingetrokken = rows(house, "ingetrokken")
    assert sorted(b.key.ontvanger for b in ingetrokken) == GRIFFIES and {b.status for b in ingetrokken} == {Status.KLAARGEZET}
    tekst = as_read(house, ingetrokken[0]).tekst
    assert "tot en met vrijdag 15 mei 2026 aan de beurt was. Dat vervalt." in tekst


def test_a_ronde_cut_short_before_delivery_is_told_to_nobody(house: House) -> None:
    a_released(house)

    a_besluit(house, "2026-04-10", "av", afwijking="Spoed", toegestaan_door="voorzitter")

    assert tally(house) == {(OPENED, "ingetrokken"): 4}


def test_a_ronde_that_ran_its_termijn_is_not_withdrawn(house: House) -> None:
    a_told(house)

    round_on(house, "2026-05-18")

    assert rows(house, "ingetrokken") == [] and (OPENED, "verzonden") in tally(house)


def test_a_ronde_that_every_college_answered_is_not_withdrawn(house: House) -> None:
    an_opened(house, route="agenda")
    let_arrive(house)

    for college in ("college-almere", "college-diemen", "college-laren", "gs-flevoland"):
        a_besluit(house, "2026-03-02", college)

    assert rows(house, "ingetrokken") == []


def revoked_and_released_again(house: House, delivered: bool) -> None:
    nr = a_besluit(house, "2026-03-20", "bestuur")
    let_arrive(house)
    correcties.revoke_besluit(house, an_actor("2026-03-23"), SLUG, nr, "Verkeerd overgenomen")
    if delivered:
        let_arrive(house)
    a_besluit(house, "2026-03-24", "bestuur")


def test_a_revoked_opening_is_withdrawn_for_who_was_told_and_opens_again_as_a_new_one(house: House) -> None:
    an_opened(house)

    revoked_and_released_again(house, delivered=True)

    count = tally(house)
    assert count[("ingetrokken", "verzonden")] == 4 and count[(OPENED, "klaargezet")] == 4
    assert count[("datum-gewijzigd", "klaargezet")] == 0


def test_a_withdrawal_that_nobody_heard_does_not_go_out_when_the_moment_opens_again(house: House) -> None:
    an_opened(house)

    revoked_and_released_again(house, delivered=False)

    count = tally(house)
    assert count[("ingetrokken", "ingetrokken")] == 4 and count[("ingetrokken", "klaargezet")] == 0
    assert count[(OPENED, "verzonden")] == 4 and count[("datum-gewijzigd", "klaargezet")] == 4


def test_a_reminder_for_papers_goes_by_itself_and_once(house: House) -> None:
    an_opened(house)
    assert rows(house) == []

    told = [round_on(house, "2026-03-03"), round_on(house, "2026-03-03"), round_on(house, "2026-03-06")]

    assert told == [1, 0, 0]
    [herinnering] = rows(house)
    assert (herinnering.key.soort, herinnering.key.ontvanger) == ("stukken-verwacht", "secretaris-bestuur")
    assert (herinnering.status, herinnering.vrijgegeven_door) == (Status.VRIJGEGEVEN, "systeem")


def test_a_reminder_whose_window_passed_is_not_sent_any_more(house: House) -> None:
    an_opened(house)

    round_on(house, "2026-03-23")

    assert [b.key.soort for b in rows(house)] == ["besluit-verwacht"]


def test_a_reminder_that_still_waits_when_the_besluit_comes_is_withdrawn(house: House) -> None:
    an_opened(house)
    round_on(house, "2026-03-23")

    a_besluit(house, "2026-03-24", "bestuur", Uitkomst.INTREKKEN, reden="Niet meer nodig")

    [herinnering] = rows(house)
    assert (herinnering.status, herinnering.melding) == (Status.INGETROKKEN, "Het dossier is verder of het moment is voorbij.")


def test_who_answers_through_its_deelregio_hears_until_when_it_must_answer_there(sqlite_house: House) -> None:
    route = a_route()
    route["stappen"][2]["ronde"]["deelregio_werkdagen_eerder"] = 10
    deelregio = {"slug": "flevopolder", "naam": "Flevopolder", **FACT}
    deelnemers = [a_deelnemer("almere") | {"deelregio": "flevopolder"}, a_deelnemer("diemen"), a_deelnemer("laren")]
    a_released(sqlite_house, stelsel=a_stelsel(routes=[route], deelregios=[deelregio], deelnemers=deelnemers))

    read = {b.key.ontvanger: as_read(sqlite_house, b) for b in rows(sqlite_house)}

    assert "Via uw deelregio: daar uiterlijk woensdag 29 april 2026" in read["griffie-almere"].tekst
    assert "daar uiterlijk woensdag 29 april 2026" in read["griffie-almere"].html
    assert "deelregio" not in read["griffie-diemen"].tekst
    let_arrive(sqlite_house)
    move(sqlite_house, "2026-04-01", "2026-05-22")
    moved = next(as_read(sqlite_house, b) for b in rows(sqlite_house, "datum-gewijzigd") if b.key.ontvanger == "griffie-almere")
    assert "Via uw deelregio: daar uiterlijk donderdag 7 mei 2026" in moved.tekst
