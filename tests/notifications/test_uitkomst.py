"""How it ended is told to who was asked, with its own answers; and who is reached twice, or for two raden at once, is told so."""

from __future__ import annotations

from dossiers.database import reading
from dossiers.nota import nota
from flows import datums, use_cases
from flows.beantwoorden import Puntregel, answer_points
from flows.house import House
from statemachines.facts import Adres
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.payloads import Namens
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_deelnemer, a_stelsel
from tests.notifications.telling import SLUG, a_besluit, a_released, a_told, an_actor, as_read, let_arrive, rows

ANSWER = "De Vervoerregio gaat daarover"


def give(house: House, van: str, tekst: str, namens: Namens, op: str = "2026-04-10") -> None:
    use_cases.register_inbreng(house, an_actor(op), SLUG, van, Inbreng(soort=InbrengSoort.REACTIE, namens=namens), a_day(op), tekst=tekst)


def answer_every_point(house: House) -> None:
    """The first point is answered, all others say the same."""
    with reading(house.engine) as connection:
        first, *others = nota(connection, "mra", SLUG).punten
    answered = [Puntregel(first.punt, first.inbreng, first.tekst, oordeel="niet-overgenomen", antwoord=ANSWER)]
    same = [Puntregel(punt.punt, punt.inbreng, punt.tekst, gelijkluidend=first.punt) for punt in others]
    answer_points(house, an_actor("2026-06-01"), SLUG, [*answered, *same])


def an_ended(house: House) -> None:
    a_told(house)
    give(house, "almere", "Meer bussen", Namens.RAAD)
    give(house, "diemen", "Meer trams", Namens.COLLEGE)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    answer_every_point(house)
    a_besluit(house, "2026-06-26", "av")


def test_each_council_reads_its_own_answers_and_those_of_nobody_else(house: House) -> None:
    an_ended(house)

    told = {b.key.ontvanger: as_read(house, b).tekst for b in rows(house, "uitkomst")}

    assert sorted(told) == ["griffie-almere", "griffie-diemen", "griffie-flevoland", "griffie-laren"]
    assert "Meer bussen" in told["griffie-almere"] and "Meer trams" not in told["griffie-almere"]
    assert "(college; geen standpunt van de raad): Meer trams" in told["griffie-diemen"]
    assert all(f"Niet overgenomen. {ANSWER}" in told[f"griffie-{wie}"] for wie in ("almere", "diemen"))
    assert "Van gemeenteraad van Laren is geen reactie ontvangen." in told["griffie-laren"] and ANSWER not in told["griffie-laren"]


def test_who_was_never_told_that_it_could_react_hears_nothing_of_the_end_unless_it_gave_inbreng(house: House) -> None:
    a_released(house)
    give(house, "almere", "Meer bussen", Namens.RAAD)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    answer_every_point(house)

    a_besluit(house, "2026-06-26", "av")

    assert [b.key.ontvanger for b in rows(house, "uitkomst")] == ["griffie-almere"]


def test_who_heard_that_it_was_withdrawn_does_not_hear_the_end_too(house: House) -> None:
    a_told(house)

    a_besluit(house, "2026-04-10", "av", Uitkomst.INTREKKEN, reden="Niet nodig", afwijking="Spoed", toegestaan_door="voorzitter")

    assert rows(house, "uitkomst") == [] and len(rows(house, "ingetrokken")) == 4


def test_who_heard_of_uitstel_is_not_withdrawn_while_the_ronde_waits(house: House) -> None:
    a_told(house)
    datums.give_uitstel(house, an_actor("2026-05-04"), SLUG, ["almere"], a_day("2026-05-29"), "De raad is later")
    let_arrive(house)

    list(use_cases.daily_round(house, a_day("2026-05-20"), "cli"))

    [uitstel] = rows(house, "datum-gewijzigd")
    assert uitstel.key.ontvanger == "griffie-almere" and uitstel.context["tot_en_met"] == "2026-05-29"
    assert "Waarom: De raad is later" in as_read(house, uitstel).tekst
    assert rows(house, "ingetrokken") == []


def test_who_is_asked_again_after_the_ronde_is_told_so(house: House) -> None:
    a_told(house)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))

    datums.give_uitstel(house, an_actor("2026-05-19"), SLUG, ["laren"], a_day("2026-05-29"), "Deel 2 is nieuw", opnieuw=True)

    [opnieuw] = rows(house, "datum-gewijzigd")
    assert opnieuw.key.ontvanger == "griffie-laren"
    assert "Wij vragen u opnieuw om een reactie." in as_read(house, opnieuw).tekst


def shared_griffie() -> Stelsel:
    """The griffie of Almere serves the raad of Laren as well."""
    own = [a_deelnemer("almere"), a_deelnemer("diemen"), a_deelnemer("laren", griffie_bij="almere"), a_deelnemer("flevoland", "provincie")]
    return a_stelsel(deelnemers=own)


def test_one_griffie_of_two_raden_gets_one_mail_that_names_both_and_each_date_when_they_differ(house: House) -> None:
    a_released(house, stelsel=shared_griffie())
    opened = {b.key.ontvanger: b for b in rows(house)}
    let_arrive(house)

    datums.give_uitstel(house, an_actor("2026-05-04"), SLUG, ["laren"], a_day("2026-05-29"), "De raad van Laren is later")

    assert sorted(opened) == ["griffie-almere", "griffie-diemen", "griffie-flevoland"]
    assert opened["griffie-almere"].context["orgaan"] == "gemeenteraad van Almere en gemeenteraad van Laren"
    [gewijzigd] = rows(house, "datum-gewijzigd")
    read = as_read(house, gewijzigd)
    assert read.onderwerp == "Nieuwe datum: De nota, reageren kan voor Laren tot en met vrijdag 29 mei 2026"
    assert "- gemeenteraad van Laren: tot en met vrijdag 29 mei 2026; eerst was dit vrijdag 15 mei 2026" in read.tekst
    assert "Voor de gemeenteraad van Almere verandert niets." in read.tekst and "Almere tot en met" not in read.tekst
    assert list(use_cases.daily_round(house, a_day("2026-05-18"), "cli")) is not None and len(rows(house, "datum-gewijzigd")) == 1


def test_a_council_that_is_reached_twice_is_told_so(sqlite_house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    house = sqlite_house
    use_cases.accept_facts(house, an_actor("2026-01-02"), mra, mra_adressen, "begin")
    use_cases.open_dossier(house, an_actor("2026-01-05"), SLUG, "voortgangsnota", "Voortgangsnota", a_day("2026-01-05"))
    a_besluit(house, "2026-01-23", "bestuur")
    a_besluit(house, "2026-03-20", "av")

    told = {b.key.ontvanger: as_read(house, b).tekst for b in rows(house)}

    assert "Ook gevraagd: regioraad van de Vervoerregio Amsterdam. Daar zit u ook in; het zijn aparte reacties." in told["griffie-diemen"]
    assert "Ook gevraagd: de raden van uw 14 gemeenten" in told["griffie-vervoerregio-amsterdam"]
    assert "Ook gevraagd" not in told["griffie-almere"]
