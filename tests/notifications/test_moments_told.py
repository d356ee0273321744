"""The mails about an inbrengmoment say who decides what until when, for each raad, and why a date or a moment changed."""

from __future__ import annotations

from flows import correcties, datums, use_cases
from flows.house import House
from notifications import messages
from statemachines.facts import Status
from statemachines.payloads import Namens
from statemachines.zetels import Plaats
from tests.makers import a_day, a_stelsel
from tests.notifications.telling import SLUG, a_besluit, a_released, an_actor, round_on
from tests.notifications.test_endings_told import a_besluit_ronde, a_told_with, arrive, as_of_before, give, told
from tests.notifications.test_uitkomst import shared_griffie


def test_raden_that_decide_read_that_it_is_before_them_and_that_silence_is_no_consent(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_besluit_ronde())

    read = told(sqlite_house, "laren", "inbrengmoment-geopend")

    assert "De nota ligt nu voor bij raden, Staten en regioraad, voor bekrachtiging." in read.tekst and "colleges" not in read.html
    assert "Ontvangen wij geen besluit? Dan staat dat zo in het overzicht; het geldt niet als instemming." in read.tekst
    assert read.onderwerp.startswith("De nota: besluiten kan tot en met ") and "Reageren" not in read.tekst


def test_two_raden_of_one_griffie_with_other_dates_are_each_named_with_their_own(sqlite_house: House) -> None:
    house = sqlite_house
    a_released(house, stelsel=shared_griffie())

    datums.give_uitstel(house, an_actor("2026-03-23"), SLUG, ["laren"], a_day("2026-05-29"), "De raad is later")

    both = "voor Almere tot en met vrijdag 15 mei 2026, voor Laren tot en met vrijdag 29 mei 2026"
    read = told(house, "almere", "inbrengmoment-geopend")
    assert read.onderwerp == f"De nota: reageren kan {both}"
    assert f"Reageren op De nota kan {both}" in read.tekst and f"- Reageren kan: vanaf vrijdag 20 maart 2026, {both}" in read.tekst


def test_a_shared_griffie_hears_nothing_new_when_one_of_its_raden_can_no_longer_answer(sqlite_house: House) -> None:
    house = sqlite_house
    a_released(house, stelsel=shared_griffie())
    arrive(house, "2026-03-20")
    datums.give_uitstel(house, an_actor("2026-05-04"), SLUG, ["laren"], a_day("2026-05-29"), "De raad van Laren is later")
    arrive(house, "2026-05-04")

    assert round_on(house, "2026-05-18") == 0


def test_a_gremium_in_which_two_raden_sit_is_named_once() -> None:
    one = Plaats("bestuur", "Bestuur", ("wethouder, vanuit Almere",), Status.BRON)
    other = Plaats("bestuur", "Bestuur", ("wethouder, vanuit Laren",), Status.BRON)

    seats = messages._public_seats(a_stelsel(), [one, other, Plaats("bestuur", "Bestuur", (), None)])

    assert seats == ["Bestuur: wethouder, vanuit Almere; wethouder, vanuit Laren"]


def test_who_already_reacted_and_is_asked_again_reads_that_its_reaction_stays(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    give(house, "laren", op="2026-04-01", namens=Namens.RAAD)

    datums.give_uitstel(house, an_actor("2026-05-04"), SLUG, ["laren"], a_day("2026-05-29"), "Deel 2 is nieuw", opnieuw=True)

    read = told(house, "laren", "datum-gewijzigd")
    assert "Uw eerdere reactie van woensdag 1 april 2026 blijft staan als u niets stuurt." in read.tekst
    assert "Ontvangen wij geen reactie" not in read.tekst and read.onderwerp.startswith("U wordt opnieuw gevraagd: De nota")


def test_who_is_asked_again_for_the_same_date_is_not_told_of_a_new_one(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    datums.give_uitstel(house, an_actor("2026-05-04"), SLUG, ["laren"], a_day("2026-05-29"), "De raad is later")
    arrive(house, "2026-05-04")

    datums.give_uitstel(house, an_actor("2026-05-06"), SLUG, ["laren"], a_day("2026-05-29"), "Deel 2 is nieuw", opnieuw=True)

    read = told(house, "laren", "datum-gewijzigd")
    assert "- Sluitingsdatum: vrijdag 29 mei 2026" in read.tekst and "- Waarom: Deel 2 is nieuw" in read.tekst
    assert "Eerst was dit" not in read.tekst + read.html and "Nieuwe" not in read.tekst + read.html


def test_a_withdrawal_says_why(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)

    a_besluit(house, "2026-04-10", "av", afwijking="De subsidie sluit", toegestaan_door="voorzitter")

    assert "Reden: De subsidie sluit" in told(house, "laren", "ingetrokken").tekst


def test_a_withdrawal_after_a_revoked_besluit_says_why_it_was_revoked(sqlite_house: House) -> None:
    house = sqlite_house
    nr = _released(house)

    correcties.revoke_besluit(house, an_actor("2026-03-23"), SLUG, nr, "Verkeerd overgenomen")

    assert "Reden: Verkeerd overgenomen" in told(house, "laren", "ingetrokken").tekst


def _released(house: House) -> int:
    use_cases.accept_facts(house, an_actor("2026-01-02"), a_stelsel(), (), "begin")
    use_cases.open_dossier(house, an_actor("2026-02-10"), SLUG, "nota", "De nota", a_day("2026-02-10"))
    nr = a_besluit(house, "2026-03-20", "bestuur")
    arrive(house, "2026-03-20")
    return nr


def test_a_message_of_before_is_withdrawn_with_the_words_that_it_had(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    as_of_before(house, "data", "nu", "per_raad", "kring", "ongewijzigd", "vraagt_opnieuw")
    assert round_on(house, "2026-04-09") == 0

    a_besluit(house, "2026-04-10", "av", afwijking="De subsidie sluit", toegestaan_door="voorzitter")

    tekst = told(house, "laren", "ingetrokken").tekst
    assert "dat de gemeenteraad van Laren tot en met vrijdag 15 mei 2026 aan de beurt was. Dat vervalt." in tekst


def test_a_new_date_after_a_message_of_before_names_the_old_one(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    as_of_before(house, "data", "nu", "per_raad", "kring", "ongewijzigd", "vraagt_opnieuw")

    datums.move_datum(house, an_actor("2026-04-02"), SLUG, a_day("2026-05-29"), "Meer tijd")

    tekst = told(house, "laren", "datum-gewijzigd").tekst
    assert "- Nieuwe sluitingsdatum: vrijdag 29 mei 2026" in tekst and "- Eerst was dit: vrijdag 15 mei 2026" in tekst
