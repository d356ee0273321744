"""Why somebody got a bericht and what came of it, and for every reason why somebody did not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dossiers import outbox
from dossiers.afmeldingen import sign_off
from dossiers.database import writing
from dossiers.grootboek import Boeking
from dossiers.outbox import Key, Status
from flows import adressen_beheren, plannen, use_cases
from flows.berichten_inzien import Verklaring, explained, explained_for
from flows.house import House
from notifications.waarom import Rondom, follows, waarom
from statemachines.berichten import kind
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort
from statemachines.planning.vraag import NOTHING
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.makers import FACT, a_day, a_stelsel
from tests.notifications.telling import SLUG, a_besluit, a_released, an_actor, an_opened, let_arrive, move, round_on, rows

NOW = datetime(2026, 3, 20, 9, 5, tzinfo=UTC)
COUNCIL = ("griffie", "adviseur", "deelregiosecretaris")


def a_soort(slug: str, bij: str, *wie: str, **rest: Any) -> dict[str, Any]:
    parts = {"slug": slug, "naam": slug.capitalize(), "wie": wie, "bij": bij, "wanneer": "als het zover is", "sjabloon": slug}
    return {**parts, "tempo": "meteen", "vrijgave": True, **FACT, **rest}


def with_catalogue(**changes: dict[str, Any]) -> Stelsel:
    """The small stelsel with a catalogue; ``changes`` by kind, with underscores."""
    soorten = [
        a_soort("aankondiging", "ronde-gepland", *COUNCIL, weken=8, hoogstens_weken=12),
        a_soort("aankondiging-gewijzigd", "plan-gewijzigd", *COUNCIL),
        a_soort("inbrengmoment-geopend", "ronde-geopend", *COUNCIL),
        a_soort("datum-gewijzigd", "datum-gewijzigd", *COUNCIL),
        a_soort("ingetrokken", "ronde-vervallen", *COUNCIL),
        a_soort("herinnering", "ronde-zonder-reactie", "griffie", werkdagen=10, vrijgave=False),
        a_soort("uitkomst", "besloten", *COUNCIL),
        a_soort("uitkomst-gecorrigeerd", "besluit-gecorrigeerd", *COUNCIL),
        a_soort("stukken-verwacht", "stukken-verwacht", "secretaris", werkdagen=5, vrijgave=False),
        a_soort("maandbericht", "elke-maand", "leden", uit_te_zetten=True, vrijgave=False),
    ]
    return a_stelsel(berichten=[{**soort, **changes.get(soort["slug"].replace("-", "_"), {})} for soort in soorten])


def opened(house: House) -> None:
    an_opened(house, stelsel=with_catalogue())


def released(house: House) -> None:
    a_released(house, stelsel=with_catalogue())


def told(house: House) -> None:
    released(house)
    let_arrive(house)


def answered(house: House) -> None:
    told(house)
    use_cases.register_inbreng(house, an_actor("2026-04-01"), SLUG, "almere", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-01"))


def handled(house: House) -> None:
    told(house)
    how = Inbreng(soort=InbrengSoort.BEHANDELING, behandelwijze=Behandelwijze.HAMERSTUK)
    use_cases.register_inbreng(house, an_actor("2026-04-01"), SLUG, "almere", how, a_day("2026-04-01"))


def scheduled(house: House) -> None:
    told(house)
    how = Inbreng(soort=InbrengSoort.BEHANDELING, geagendeerd_op=a_day("2026-05-07"))
    use_cases.register_inbreng(house, an_actor("2026-04-01"), SLUG, "almere", how, a_day("2026-04-01"))


def answered_before_it_was_told(house: House) -> None:
    an_opened(house, stelsel=with_catalogue(inbrengmoment_geopend={"aan": False}))
    a_besluit(house, "2026-03-20", "bestuur")
    use_cases.register_inbreng(house, an_actor("2026-03-23"), SLUG, "almere", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-03-23"))
    use_cases.accept_facts(house, an_actor("2026-03-24"), with_catalogue(), (), "weer aan")


def off(house: House) -> None:
    a_released(house, stelsel=with_catalogue(herinnering={"aan": False}))


def of_colleges(house: House) -> None:
    an_opened(house, route="agenda", stelsel=with_catalogue())


def planned(house: House) -> None:
    opened(house)
    plannen.keep_plan(house, an_actor("2026-02-10"), SLUG, NOTHING, "Zo afgesproken")


def closed(house: House) -> None:
    told(house)
    round_on(house, "2026-05-18")


def ended_unheard(house: House) -> None:
    released(house)
    round_on(house, "2026-05-18")
    a_besluit(house, "2026-06-26", "av")


def intrekking(house: House) -> None:
    opened(house)
    a_besluit(house, "2026-03-20", "bestuur", Uitkomst.INTREKKEN, reden="Niet meer nodig")


def signed_off(house: House) -> None:
    opened(house)
    with writing(house.engine) as connection:
        sign_off(connection, "mra", "leden-almere", "maandbericht", "aob", house.moment())


def without_address(house: House) -> None:
    opened(house)
    adressen_beheren.end(house, an_actor("2026-02-11"), "griffie-almere", "De griffie gebruikt dit niet meer")


REASONS: list[tuple[Callable[[House], None], str, str, str]] = [
    (off, f"{SLUG}/herinnering/griffie-almere", "2026-05-01", "'Herinnering' staat uit in de catalogus"),
    (told, f"{SLUG}/herinnering/adviseur-almere", "2026-05-01", "'Herinnering' is voor griffie; adviseur-almere hoort daar niet bij."),
    (signed_off, "-/maandbericht/leden-almere", "2026-03-01", "leden-almere is afgemeld voor 'Maandbericht'."),
    (opened, "-/maandbericht/leden-almere", "2026-03-01", "'Maandbericht' gaat niet over een dossier apart"),
    (opened, f"{SLUG}/maandbericht/leden-almere", "2026-03-01", "'Maandbericht' gaat niet over een dossier apart"),
    (without_address, f"{SLUG}/uitkomst/griffie-almere", "2026-03-01", "geen mail naartoe: Het adres van griffie-almere is beeindigd"),
    (opened, f"{SLUG}/inbrengmoment-geopend/griffie-almere", "2026-03-01", "nog geen ronde geopend; het dossier staat bij 'Vrijgave'"),
    (planned, f"{SLUG}/inbrengmoment-geopend/griffie-almere", "2026-03-01", "Afgesproken is dat 'Raadpleging' opengaat op"),
    (of_colleges, f"{SLUG}/inbrengmoment-geopend/griffie-almere", "2026-03-01", "griffie-almere is niet gevraagd in 'Colleges'"),
    (answered_before_it_was_told, f"{SLUG}/inbrengmoment-geopend/griffie-almere", "2026-03-24", "al antwoordde, hoort de opening niet"),
    (answered_before_it_was_told, f"{SLUG}/inbrengmoment-geopend/griffie-diemen", "2026-03-24", "de volgende dagronde zet het klaar"),
    (
        answered,
        f"{SLUG}/herinnering/griffie-almere",
        "2026-05-01",
        "Van de gemeenteraad van Almere is er al een antwoord op woensdag 1 april",
    ),
    (handled, f"{SLUG}/herinnering/griffie-almere", "2026-05-01", "is de behandelwijze bekend (hamerstuk); dan volgt geen herinnering"),
    (
        scheduled,
        f"{SLUG}/herinnering/griffie-almere",
        "2026-05-01",
        "Het staat op de agenda van de gemeenteraad van Almere (donderdag 7 mei",
    ),
    (released, f"{SLUG}/herinnering/griffie-almere", "2026-05-01", "hoorde nog niet van de opening"),
    (told, f"{SLUG}/herinnering/griffie-almere", "2026-04-01", "Het is te vroeg: de herinnering gaat uit vanaf woensdag 29 april 2026."),
    (told, f"{SLUG}/herinnering/griffie-almere", "2026-05-01", "Op vrijdag 1 mei 2026 is er wel reden voor"),
    (closed, f"{SLUG}/herinnering/griffie-almere", "2026-05-18", "De ronde is voorbij: reageren kon tot en met vrijdag 15 mei 2026."),
    (opened, f"{SLUG}/aankondiging/griffie-almere", "2026-02-11", "Er is geen ronde afgesproken die nog open moet gaan"),
    (planned, f"{SLUG}/aankondiging/griffie-almere", "2026-02-11", "Het is te laat: 'Raadpleging' opent op"),
    (planned, f"{SLUG}/aankondiging/griffie-almere", "2025-11-01", "Het is te vroeg: 'Raadpleging' opent op"),
    (planned, f"{SLUG}/aankondiging/adviseur-flevoland", "2026-01-10", "is er wel reden voor"),
    (planned, f"{SLUG}/aankondiging-gewijzigd/griffie-almere", "2026-02-11", "griffie-almere kreeg geen aankondiging"),
    (released, f"{SLUG}/datum-gewijzigd/griffie-almere", "2026-04-01", "wie de opening niet kreeg, hoort niet dat de datum verandert"),
    (told, f"{SLUG}/datum-gewijzigd/griffie-almere", "2026-04-01", "is niet anders dan griffie-almere hoorde (vrijdag 15 mei 2026)"),
    (released, f"{SLUG}/ingetrokken/griffie-almere", "2026-04-01", "er is niets om in te trekken"),
    (told, f"{SLUG}/ingetrokken/griffie-almere", "2026-04-01", "De ronde is open en niet vervallen."),
    (closed, f"{SLUG}/ingetrokken/griffie-almere", "2026-05-18", "De ronde is niet vervallen: hij liep tot het einde."),
    (told, f"{SLUG}/uitkomst/griffie-almere", "2026-04-01", "Het dossier is nog niet afgesloten: het staat bij 'Raadpleging'."),
    (ended_unheard, f"{SLUG}/uitkomst/griffie-almere", "2026-06-26", "hoorde niets van een ronde van dit dossier en gaf ook niets"),
    (intrekking, f"{SLUG}/aankondiging/griffie-almere", "2026-03-20", "het dossier is afgesloten ('Ingetrokken')"),
    (told, f"{SLUG}/uitkomst-gecorrigeerd/griffie-almere", "2026-04-01", "dan is er niets te verbeteren"),
    (opened, f"{SLUG}/stukken-verwacht/secretaris-bestuur", "2026-02-11", "Het is te vroeg: dit gaat uit vanaf"),
    (opened, f"{SLUG}/stukken-verwacht/secretaris-bestuur", "2026-03-19", "Het is te laat: dit kon tot en met vrijdag 6 maart 2026."),
    (opened, f"{SLUG}/stukken-verwacht/secretaris-av", "2026-02-11", "Er is nu niets van secretaris-av te verwachten"),
]


@pytest.mark.parametrize(("arrange", "sleutel", "op", "phrase"), REASONS, ids=[f"{a.__name__}-{k}-{op}" for a, k, op, _ in REASONS])
def test_why_there_is_no_bericht(sqlite_house: House, arrange: Callable[[House], None], sleutel: str, op: str, phrase: str) -> None:
    arrange(sqlite_house)

    found = explained(sqlite_house, sleutel, a_day(op))

    assert (found.bericht, found.status) == (None, None)
    assert phrase in " ".join(found.zinnen)


def a_boeking(**changes: Any) -> Boeking:
    moment = NOW.isoformat()
    whole = Boeking(
        bericht=f"{SLUG}/inbrengmoment-geopend/griffie-almere/2",
        key=Key(SLUG, "inbrengmoment-geopend", "griffie-almere", 2),
        naam="griffie van Almere",
        onderwerp="raadpleging/1",
        status=Status.VERZONDEN,
        klaargezet=moment,
        vrijgegeven=moment,
        vrijgegeven_door="secretaris-av",
        akkoord_door=None,
        pogingen=1,
        niet_voor=None,
        afgehandeld=moment,
        bezorgd=True,
        melding=None,
        sjabloon="inbrengmoment-geopend",
        sjablonen="5f" * 32,
        data={"tot_en_met": "2026-05-15"},
        per_orgaan=(),
        als="contact",
        orgaan="gemeenteraad van Almere",
        mail=None,
        adres_nr=1,
    )
    return replace(whole, **changes)


TOMORROW = (NOW + timedelta(hours=15)).isoformat()
WAITS = {"status": Status.VRIJGEGEVEN, "pogingen": 0, "afgehandeld": None}


@pytest.mark.parametrize(
    ("changes", "rondom", "phrase"),
    [
        ({}, {}, "Verzonden op vrijdag 20 maart 2026 om 10:05 uur, na 1 poging. Het was een mail op zichzelf."),
        ({"melding": "250 2.0.0 Ok"}, {}, "De uitkomst in woorden: 250 2.0.0 Ok"),
        ({"status": Status.MISLUKT, "pogingen": 3}, {}, "Mislukt op vrijdag 20 maart 2026 om 10:05 uur, na 3 pogingen."),
        ({"status": Status.ONBEKEND}, {}, "de mailserver kan het hebben aangenomen. Het telt als verteld."),
        ({"status": Status.BEZIG, "pogingen": 2}, {}, "Het wordt nu bezorgd (poging 2)."),
        ({"status": Status.INGETROKKEN, "melding": "Voorbij."}, {}, "De reden: Voorbij. "),
        ({"status": Status.INGETROKKEN}, {}, "Er kwam niets voor in de plaats."),
        ({"status": Status.INGETROKKEN, "vrijgegeven_door": None}, {}, "Niemand gaf het vrij."),
        ({**WAITS, "status": Status.KLAARGEZET, "vrijgegeven_door": None}, {}, "het wacht sinds vrijdag 20 maart 2026 om 10:05 uur."),
        (
            {**WAITS, "status": Status.KLAARGEZET, "vrijgegeven_door": None, "akkoord_door": "aob"},
            {},
            "Alleen aob is akkoord; er is nog een ander nodig.",
        ),
        ({"akkoord_door": "aob"}, {}, "Vrijgegeven door secretaris-av op vrijdag 20 maart 2026 om 10:05 uur. Aob was akkoord."),
        ({"vrijgegeven_door": "systeem"}, {}, "Dit gaat vanzelf; niemand hoeft het vrij te geven."),
        (WAITS, {}, "Het gaat mee met de volgende bezorging."),
        (WAITS, {"gesloten": "Er gaat nu niets."}, "Er gaat nu niets."),
        (WAITS, {"geen_adres": "Er is geen adres van griffie-almere."}, "Zo kan het niet aankomen: Er is geen adres van griffie-almere."),
        ({**WAITS, "niet_voor": TOMORROW}, {}, "kreeg die dag al een mail; dit reist mee vanaf zaterdag 21 maart 2026 om 1:05 uur."),
        ({**WAITS, "niet_voor": TOMORROW, "pogingen": 2}, {}, "Nog niet aangekomen, na 2 pogingen. De volgende poging is niet voor"),
        ({"mail": "9a" * 32}, {"samen": ("een/twee/drie/4",)}, "Het reist in mail 9a9a9a9a9a9a, samen met een/twee/drie/4."),
        ({"mail": "9a" * 32}, {}, "Het reist in mail 9a9a9a9a9a9a, alleen."),
        ({}, {"gevolgd": (a_boeking(bericht="a/b/c/5"),)}, "Daarna kwam a/b/c/5 (verzonden)."),
        ({"als": "adviseur"}, {}, "Griffie van Almere hoort het als adviseur van het college, dezelfde dag als de griffie."),
        ({"als": "deelregio"}, {}, "als secretaris van de deelregio waarlangs de gemeenteraad van Almere kan reageren."),
        ({"als": None, "orgaan": "Bestuur"}, {}, "Griffie van Almere: dit gaat over Bestuur."),
        ({}, {}, "Data erin: tot en met vrijdag 15 mei 2026."),
        ({}, {}, "met sjabloon 'inbrengmoment-geopend' (versie 5f5f5f5f5f5f)."),
    ],
)
def test_what_came_of_a_bericht(changes: dict[str, Any], rondom: dict[str, Any], phrase: str) -> None:
    soort = kind(with_catalogue(), "inbrengmoment-geopend")

    zinnen = waarom(a_boeking(**changes), soort, Rondom(NOW, **rondom))

    assert phrase in f"{' '.join(zinnen)} "


def test_a_kind_that_left_the_catalogue_or_is_off_is_said() -> None:
    uit = kind(with_catalogue(inbrengmoment_geopend={"aan": False}), "inbrengmoment-geopend")

    gone, silent = waarom(a_boeking(), None, Rondom(NOW)), waarom(a_boeking(), uit, Rondom(NOW))

    assert gone[0].startswith("De soort 'inbrengmoment-geopend' staat niet meer in de catalogus")
    assert silent[1] == "Deze soort staat nu uit; er komen geen nieuwe bij."


def test_only_what_is_about_the_same_for_the_same_recipient_follows() -> None:
    first = a_boeking()
    later = {"key": Key(SLUG, "datum-gewijzigd", "griffie-almere", 3)}

    assert follows(a_boeking(**later), first) and not follows(first, a_boeking(**later)) and not follows(first, first)
    assert not follows(a_boeking(**later, onderwerp="raadpleging/2"), first)
    assert not follows(a_boeking(key=Key(SLUG, "datum-gewijzigd", "griffie-diemen", 3)), first)
    assert not follows(a_boeking(key=Key(SLUG, "uitkomst", "griffie-almere", 3)), first)


def test_a_bericht_names_the_entry_that_made_it_true(house: House, clock: Clock) -> None:
    clock.at = NOW
    told(house)

    found = explained(house, f"{SLUG}/inbrengmoment-geopend/griffie-almere", a_day("2026-03-20"))

    assert (found.bericht, found.status) == (f"{SLUG}/inbrengmoment-geopend/griffie-almere/2", Status.VERZONDEN)
    assert found.zinnen[:2] == (
        "De regel: 'Inbrengmoment-geopend' gaat uit als het zover is. Dit is voor griffie, adviseur en deelregiosecretaris.",
        "Griffie van Almere hoort het als contact van de gemeenteraad van Almere.",
    )
    assert found.zinnen[2].startswith(
        "Regel 2 van het journaal maakte het waar (vrijdag 20 maart 2026, vastgelegd door aob): Bestuur: akkoord"
    )
    assert "Vrijgegeven door aob op vrijdag 20 maart 2026 om 10:05 uur." in found.zinnen


def test_what_was_withdrawn_names_its_reason_and_what_came_instead(sqlite_house: House) -> None:
    released(sqlite_house)
    move(sqlite_house, "2026-03-24", "2026-05-29")

    first = explained(sqlite_house, f"{SLUG}/inbrengmoment-geopend/griffie-almere/2", a_day("2026-03-24"))
    last = explained(sqlite_house, f"{SLUG}/inbrengmoment-geopend/griffie-almere", a_day("2026-03-24"))

    assert first.status is Status.INGETROKKEN and last.status is Status.KLAARGEZET
    assert "De reden: De sluitingsdatum is nu vrijdag 29 mei 2026." in " ".join(first.zinnen)
    assert f"In de plaats kwam {SLUG}/inbrengmoment-geopend/griffie-almere/3 (klaargezet)." in first.zinnen


def test_what_was_withdrawn_for_good_says_what_holds_now(sqlite_house: House) -> None:
    released(sqlite_house)
    round_on(sqlite_house, "2026-05-18")

    found = explained(sqlite_house, f"{SLUG}/inbrengmoment-geopend/griffie-almere", a_day("2026-05-18"))

    assert found.status is Status.INGETROKKEN
    assert found.zinnen[-1].startswith(
        "Nu geldt: De ronde is voorbij: de gemeenteraad van Almere kon reageren tot en met vrijdag 15 mei 2026."
    )


def test_berichten_of_one_mail_name_each_other(sqlite_house: House) -> None:
    released(sqlite_house)
    keys = [b.key for b in rows(sqlite_house) if b.key.ontvanger in ("griffie-almere", "adviseur-almere")]
    with writing(sqlite_house.engine) as connection:
        outbox.take(connection, "mra", keys, "post", NOW, timedelta(minutes=5), "ab" * 32)

    found = explained(sqlite_house, str(keys[0]), a_day("2026-03-20"))

    assert f"Het reist in mail abababababab, samen met {keys[1]}." in found.zinnen


def test_a_council_hears_per_recipient_what_it_did_and_did_not_get(sqlite_house: House) -> None:
    told(sqlite_house)

    by_name, by_orgaan = (explained_for(sqlite_house, SLUG, raad, a_day("2026-04-01")) for raad in ("almere", "raad-almere"))

    def of(found: list[Verklaring], wie: str) -> dict[str, Status | None]:
        return {v.soort: v.status for v in found if v.ontvanger == wie}

    assert by_name == by_orgaan
    assert of(by_name, "griffie-almere") == {
        "aankondiging": None,
        "inbrengmoment-geopend": Status.VERZONDEN,
        "herinnering": None,
        "uitkomst": None,
    }
    assert of(by_name, "adviseur-almere")["inbrengmoment-geopend"] is Status.VERZONDEN
    assert of(by_name, "leden-almere") == {"maandbericht": None}


def test_the_words_of_a_mail_server_are_told_without_the_address(sqlite_house: House) -> None:
    released(sqlite_house)
    key = next(b.key for b in rows(sqlite_house) if b.key.ontvanger == "griffie-almere")
    with writing(sqlite_house.engine) as connection:
        outbox.take(connection, "mra", [key], "post", NOW, timedelta(minutes=5))
        said = "550 5.1.1 <griffie-almere@post.example>: Recipient unknown"
        outbox.mark(connection, "mra", key, "post", Status.MISLUKT, said, NOW)

    found = explained(sqlite_house, str(key), a_day("2026-03-20"))

    assert "De uitkomst in woorden: 550 5.1.1 <(adres)>: Recipient unknown" in found.zinnen
