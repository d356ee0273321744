"""The mail about an ending says what each organ itself gave, why a point has no answer, and what a correction changed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from dossiers import journal
from dossiers.database import reading, writing
from dossiers.nota import nota
from dossiers.tables import berichten
from flows import correcties, use_cases, vrijgeven
from flows.gezegd import Gezegd
from flows.house import House
from flows.stukken import Beschrijving, register_stuk
from notifications import outcome
from notifications.render import Rendered
from statemachines.facts import Kring
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.payloads import Namens, Regime, Versie
from statemachines.ronde import Deelname, Ronde, Stand
from statemachines.route import Antwoord, Sluiting, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stukstatus
from tests.makers import FACT, a_day, a_deelnemer, a_ronde, a_route, a_stelsel
from tests.notifications.telling import SLUG, a_besluit, a_released, an_actor, as_read, let_arrive, round_on, rows
from tests.notifications.test_render import Page, one_line
from tests.notifications.test_uitkomst import answer_every_point, shared_griffie


def a_besluit_ronde() -> Stelsel:
    """The raden decide side by side, as on the route of bekrachtiging."""
    route = a_route(product="Overzicht van bijdragen")
    route["stappen"][2]["ronde"] = a_ronde("vaststelling", antwoord="besluit", grondslag="bekrachtiging")
    return a_stelsel(routes=[route])


def a_successor(tot: str = "2026-05-31") -> Stelsel:
    """Diemen ends on ``tot`` and Almere takes its place."""
    gone = a_deelnemer("diemen", geldig_tot=tot, opgevolgd_door="almere")
    return a_stelsel(deelnemers=[a_deelnemer("almere"), gone, a_deelnemer("laren"), a_deelnemer("flevoland", "provincie")])


def give(house: House, van: str, op: str = "2026-04-10", tekst: str | None = "Meer bussen", **rest: Any) -> int:
    inbreng = Inbreng(soort=rest.pop("soort", InbrengSoort.REACTIE), **rest)
    return use_cases.register_inbreng(house, an_actor(op), SLUG, van, inbreng, a_day(op), tekst=tekst).nr


def ended(house: House, op: str = "2026-06-26", **rest: Any) -> None:
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    a_besluit(house, op, "av", **rest)


def told(house: House, wie: str, soort: str = "uitkomst") -> Rendered:
    """What a griffie reads; HTML and text hold the same lines."""
    [bericht] = [b for b in rows(house, soort) if b.key.ontvanger == f"griffie-{wie}" and b.status.value == "klaargezet"]
    read = as_read(house, bericht)
    page = Page(read.html).text
    for zin in read.tekst.split("\n--\n")[0].splitlines():
        naam = zin.removeprefix("- ").split(": ", 1)[0]
        assert zin.startswith(("Lees ", "Bekijk ")) or one_line(naam) in page, zin
    return read


def arrive(house: House, op: str) -> None:
    """What waits is given free on ``op`` and goes out."""
    vrijgeven.release(house, an_actor(op), None, None)
    let_arrive(house)


def a_told_with(house: House, stelsel: Stelsel | None = None) -> None:
    a_released(house, stelsel=stelsel)
    arrive(house, "2026-03-20")


def test_having_no_opvatting_is_told_as_such_and_not_as_silence(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    give(house, "almere", soort=InbrengSoort.GEEN_OPVATTING, namens=Namens.RAAD, tekst=None)
    give(house, "flevoland", soort=InbrengSoort.GEEN_OPVATTING, namens=Namens.STATEN, tekst=None)

    ended(house)

    assert "Uw raad liet weten geen opvatting te hebben (vrijdag 10 april 2026)." in told(house, "almere").tekst
    assert "Uw Staten lieten weten geen opvatting te hebben (vrijdag 10 april 2026)." in told(house, "flevoland").tekst


def test_what_only_a_college_said_in_an_older_record_is_no_standpunt_of_the_raad() -> None:
    stand = Stand("raad-laren", Deelname.GEEN_OPVATTING, 7, a_day("2026-04-10"), namens="college")
    ronde = Ronde(
        "raadpleging", 1, Kring.RADEN_STATEN, Antwoord.INBRENG, Sluiting.TERMIJN, a_day("2026-03-20"), a_day("2026-05-15"), "", 5, {}
    )

    zin = outcome._reaction(ronde, stand, a_stelsel().orgaan("raad-laren"), None)

    assert zin == "Het college liet weten geen opvatting te hebben (vrijdag 10 april 2026); dat is geen standpunt van de raad."


def test_a_besluit_in_a_ronde_is_told_and_silence_there_is_no_consent(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house, a_besluit_ronde())
    a_besluit(house, "2026-04-10", "raad-almere", Uitkomst.NIET_INGESTEMD, reden="Te duur")

    ended(house, reden="Genoeg raden besloten")

    almere = told(house, "almere")
    assert "Uw raad besloot: niet ingestemd (vrijdag 10 april 2026)." in almere.tekst and "antwoord" not in almere.onderwerp
    assert "Van gemeenteraad van Laren is geen besluit ontvangen. Dat geldt niet als instemming." in told(house, "laren").tekst
    assert "Lees De nota, met Overzicht van bijdragen: " in almere.tekst and "de Overzicht" not in almere.html


def test_late_inbreng_is_kept_and_no_answer_to_it_is_promised(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    give(house, "almere", op="2026-05-20", namens=Namens.RAAD)

    ended(house)

    read = told(house, "almere")
    assert "Uw reactie kwam na de sluitingsdatum (vrijdag 15 mei 2026); zij is bewaard." in read.tekst
    assert "Dit kwam te laat. Het is bewaard en niet apart beantwoord." in read.tekst
    assert "volgt nog" not in read.tekst + read.html and read.onderwerp == "De nota: vastgesteld"


def test_replaced_inbreng_says_so_and_the_answer_is_promised_only_when_it_is_there(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    first = give(house, "almere", namens=Namens.RAAD)
    give(house, "almere", op="2026-04-20", tekst="Meer trams", namens=Namens.RAAD, vervangt=first)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    with reading(house.engine) as connection:
        assert nota(connection, "mra", SLUG).punten

    answer_every_point(house)
    a_besluit(house, "2026-06-26", "av")

    assert told(house, "almere").onderwerp == "De nota: vastgesteld, met het antwoord op uw inbreng"


def test_replaced_inbreng_without_an_answer_points_to_the_later_one(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    first = give(house, "almere", namens=Namens.RAAD)
    give(house, "almere", op="2026-04-20", tekst="Meer trams", namens=Namens.RAAD, vervangt=first)

    ended(house, afwijking="Spoed", toegestaan_door="voorzitter")

    assert "Dit is vervangen door uw latere reactie." in told(house, "almere").tekst


def test_an_adoption_without_all_answers_says_why_and_promises_none(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    give(house, "almere", namens=Namens.RAAD)

    ended(house, afwijking="De subsidie sluit", toegestaan_door="voorzitter")

    read = told(house, "almere")
    assert read.onderwerp == "De nota: vastgesteld"
    assert "- Reden van de afwijking: De subsidie sluit" in read.tekst
    assert "Hierop is geen antwoord vastgelegd: er is besloten zonder alle antwoorden." in read.tekst and "volgt nog" not in read.html


def test_a_griffie_of_two_raden_reads_which_raad_gave_what(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house, shared_griffie())
    give(house, "almere", namens=Namens.RAAD)

    ended(house, afwijking="Spoed", toegestaan_door="voorzitter")

    tekst = told(house, "almere").tekst
    assert "- Inbreng van gemeenteraad van Almere (raad): Meer bussen" in tekst
    assert "Van gemeenteraad van Laren is geen reactie ontvangen." in tekst


@pytest.mark.parametrize("tot", ["2026-04-30", "2026-05-31"])
def test_who_took_the_place_of_another_reads_whose_inbreng_it_was(sqlite_house: House, tot: str) -> None:
    house = sqlite_house
    a_told_with(house, a_successor(tot))
    give(house, "diemen", namens=Namens.RAAD)

    ended(house, afwijking="Spoed", toegestaan_door="voorzitter")

    tekst = told(house, "almere").tekst
    assert "- Inbreng van gemeenteraad van Diemen, waarvan u de plaats overnam (raad): Meer bussen" in tekst
    assert (
        "als contactpunt van de gemeenteraad van Almere (ook voor Diemen) (griffie van Almere)." in tekst
        and "Van gemeenteraad van Almere is geen" in tekst
    )


def test_who_heard_the_end_before_its_place_was_taken_makes_nothing_new_to_tell(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house, a_successor("2026-07-31"))
    give(house, "diemen", namens=Namens.RAAD)
    ended(house, afwijking="Spoed", toegestaan_door="voorzitter")
    arrive(house, "2026-06-26")

    assert round_on(house, "2026-08-03") == 0


def test_a_correction_says_what_changed(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    give(house, "almere", namens=Namens.RAAD)
    ended(house, afwijking="Spoed", toegestaan_door="voorzitter", reden="Verkeerd")
    arrive(house, "2026-06-26")

    answer_every_point(house)
    assert "Nieuw of gecorrigeerd is: wat er met uw inbreng is gedaan." in told(house, "almere", "uitkomst-gecorrigeerd").tekst
    arrive(house, "2026-06-26")
    with reading(house.engine) as connection:
        besluit = next(nr for nr in range(99, 0, -1) if _is_besluit(connection, nr))
    stand = [Gezegd("laren", Regime.INHOUDELIJK, "Te weinig bussen")]
    correcties.correct(house, an_actor("2026-07-01"), SLUG, besluit, "Verslag", waarom="Goed", standpunten=stand)

    assert "Nieuw of gecorrigeerd is: het besluit en wie er anders over denkt." in told(house, "laren", "uitkomst-gecorrigeerd").tekst


def _is_besluit(connection: Any, nr: int) -> bool:
    entries = journal.read(connection, "mra", SLUG)
    return any(entry.nr == nr and entry.soort.value == "Besluit" for entry in entries)


def test_a_revoked_ending_gives_the_reason(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    nr = a_besluit(house, "2026-06-26", "av")
    arrive(house, "2026-06-26")

    correcties.revoke_besluit(house, an_actor("2026-06-29"), SLUG, nr, "Het quorum ontbrak")

    assert "Reden van het herroepen: Het quorum ontbrak" in told(house, "laren", "uitkomst-gecorrigeerd").tekst


def test_a_revoked_ending_is_told_to_who_got_the_mail_of_before(sqlite_house: House) -> None:
    house = sqlite_house
    a_told_with(house)
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))
    nr = a_besluit(house, "2026-06-26", "av")
    arrive(house, "2026-06-26")
    as_of_before(house, "reacties", "beantwoord", "anders", "reden")

    correcties.revoke_besluit(house, an_actor("2026-06-29"), SLUG, nr, "Het quorum ontbrak")

    assert "Reden van het herroepen: Het quorum ontbrak" in told(house, "laren", "uitkomst-gecorrigeerd").tekst


def as_of_before(house: House, *new: str) -> None:
    """Every message as it was frozen before contexts had these keys."""
    for bericht in rows(house):
        context = {key: value for key, value in bericht.context.items() if key not in new}
        this = (berichten.c.soort == bericht.key.soort, berichten.c.ontvanger == bericht.key.ontvanger)
        with writing(house.engine) as connection:
            connection.execute(update(berichten).where(*this).values(context=json.dumps(context)))


def test_a_message_of_before_is_compared_by_what_it_could_say() -> None:
    point = {"punt": None, "oordeel": None}
    before = {"besluit": {"einde": "Vastgesteld"}, "standpunten": [], "antwoorden": [point]}
    now = {
        "besluit": {"einde": "Vastgesteld", "afwijking": None},
        "standpunten": [],
        "reacties": ["x"],
        "antwoorden": [{**point, "van": "y"}],
    }

    assert outcome.same_end(before, now)
    assert not outcome.same_end(before, {**now, "antwoorden": []})
    assert outcome.corrected(before, {**now, "besluit": {"einde": "Ingetrokken"}})["anders"] == "het besluit"


@pytest.mark.parametrize(("van", "naam"), [("amsterdam", "Amsterdam"), ("deelregio-amsterdam", "deelregio Amsterdam")])
def test_a_standpunt_of_a_gemeente_is_not_that_of_the_deelregio_with_its_name(sqlite_house: House, van: str, naam: str) -> None:
    house = sqlite_house
    deelregio = {"slug": van if naam != "Amsterdam" else "amsterdam", "naam": "Amsterdam", **FACT}
    own = [a_deelnemer("amsterdam"), a_deelnemer("laren")]
    a_told_with(house, a_stelsel(deelnemers=own, deelregios=[deelregio]))
    list(use_cases.daily_round(house, a_day("2026-05-18"), "cli"))

    said = [Gezegd(van, Regime.INHOUDELIJK, "Anders")]
    use_cases.register_besluit(house, an_actor("2026-06-26"), SLUG, "av", Uitkomst.AKKOORD, date(2026, 6, 26), standpunten=said)

    assert f"- {naam} (inhoudelijk): Anders" in told(house, "laren").tekst


def test_a_standpunt_names_no_part_of_a_document_that_was_not_public(sqlite_house: House) -> None:
    a_released(sqlite_house)
    let_arrive(sqlite_house)
    for stuk, status in (("geheim", Stukstatus.INTERN), ("open", Stukstatus.OPENBAAR)):
        wat = Beschrijving(stuk, Versie.CONCEPT, status, onderdelen=(f"deel {stuk}",))
        register_stuk(sqlite_house, an_actor("2026-04-01"), SLUG, wat, date(2026, 4, 1))
    said = [
        Gezegd(van, Regime.INHOUDELIJK, "Anders", (f"deel {stuk}",), stuk, Versie.CONCEPT)
        for van, stuk in (("almere", "geheim"), ("diemen", "open"))
    ]
    list(use_cases.daily_round(sqlite_house, date(2026, 5, 18), "cli"))
    use_cases.register_besluit(sqlite_house, an_actor("2026-06-26"), SLUG, "av", Uitkomst.AKKOORD, date(2026, 6, 26), standpunten=said)

    read = [as_read(sqlite_house, bericht).tekst for bericht in rows(sqlite_house, "uitkomst")]

    assert read and all("deel open" in tekst and "geheim" not in tekst for tekst in read)
