"""What planners and what anybody may read of a dossier."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dossiers.database import reading
from dossiers.overzicht import Openbaar, Overzicht, openbaar, overzicht, staat_of
from flows import stukken, use_cases
from flows.house import House
from statemachines.facts import Adres
from statemachines.payloads import Versie
from statemachines.ronde import Deelname, Stand
from statemachines.route import Antwoord
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stukstatus
from tests.conftest import Clock
from tests.flows.test_scenarios import FIRST, SLUG, an_actor, play

Tell = Callable[..., Overzicht]
BEGIN = {"op": date(2026, 1, 5), "doe": "open", "route": "voortgangsnota", "titel": "Voortgangsnota"}


@pytest.fixture
def tell(sqlite_house: House, clock: Clock, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> Tell:
    """Plays lines as a story has them, and gives what planners see afterwards."""
    use_cases.accept_facts(sqlite_house, an_actor(FIRST), mra, mra_adressen, "begin")

    def told(*regels: dict[str, Any]) -> Overzicht:
        for regel in regels:
            clock.at = datetime.combine(regel["op"], time(9), ZoneInfo("Europe/Amsterdam"))
            assert play(sqlite_house, regel) is None, play(sqlite_house, regel)
        with reading(sqlite_house.engine) as connection:
            return overzicht(connection, sqlite_house.stelsel, SLUG)

    return told


def a_besluit(op: str, van: str = "bestuur", uitkomst: str = "akkoord", **more: Any) -> dict[str, Any]:
    return {"op": date.fromisoformat(op), "doe": "besluit", "van": van, "uitkomst": uitkomst, **more}


def an_inbreng(op: str, van: str, **more: Any) -> dict[str, Any]:
    return {"op": date.fromisoformat(op), "doe": "inbreng", "van": van, **more}


def a_line(op: str, doe: str, **more: Any) -> dict[str, Any]:
    return {"op": date.fromisoformat(op), "doe": doe, **more}


def a_stuk(op: str, status: str, **more: Any) -> dict[str, Any]:
    return a_line(op, "stuk", **{"stuk": "geheim", "versie": "concept", "status": status, **more})


RELEASED = (BEGIN, a_besluit("2026-01-23"), a_besluit("2026-03-20", "av"))


def everything(public: Openbaar) -> list[str]:
    """All sentences of the public history, with what belongs to them."""
    return [part for f in public.geschiedenis for part in (f.zin, *f.toelichting, *f.standpunten, *f.adviezen)]


def shown(whole: Overzicht, op: str) -> list[str]:
    return everything(openbaar(whole, date.fromisoformat(op)))


# --- documents that are not public ---


def test_the_place_in_a_document_that_is_not_public_is_told_to_nobody(tell: Tell) -> None:
    place = {"stuk": "geheim", "versie": "concept", "onderdelen": ["hoofdstuk geheim"]}
    whole = tell(
        BEGIN,
        a_stuk("2026-01-06", "onder-embargo", openbaar_vanaf=date(2026, 5, 1), onderdelen=["hoofdstuk geheim"]),
        a_besluit("2026-01-23", standpunten=[{"van": "zandvoort", "regime": "inhoudelijk", "tekst": "Anders", **place}]),
        a_besluit("2026-03-20", "av"),
        an_inbreng("2026-04-10", "almere", namens="raad", tekst="Onze opvatting", **place),
        a_stuk("2026-04-11", "intern", versie="definitief", onderdelen=["hoofdstuk geheim"], wijzigt=["hoofdstuk geheim"]),
    )

    before, after = shown(whole, "2026-04-30"), shown(whole, "2026-05-01")

    assert not any("geheim" in zin or "definitief" in zin for zin in before)
    assert "Zandvoort (inhoudelijk): Anders" in before and "gemeenteraad van Almere: reactie (namens raad)" in before
    assert "gemeenteraad van Almere: reactie (namens raad), over hoofdstuk geheim van geheim (concept)" in after
    assert not any("veranderd in" in zin for zin in after)


def test_a_document_is_public_from_the_day_that_it_really_was(tell: Tell) -> None:
    whole = tell(
        BEGIN,
        a_stuk("2026-01-06", "onder-embargo", openbaar_vanaf=date(2026, 5, 1)),
        a_stuk("2026-02-10", "openbaar"),
        a_stuk("2026-02-20", "openbaar", titel="De nota"),
    )

    assert [(s.datum, s.openbaar_op) for s in whole.stukken] == [(date(2026, 1, 6), date(2026, 2, 10))]
    told = openbaar(whole, date(2026, 5, 2)).geschiedenis
    assert {(f.datum, f.zin) for f in told} == {(date(2026, 2, day), "Stuk geheim: concept (openbaar)") for day in (10, 20)}
    assert not shown(whole, "2026-02-09")


def test_what_is_not_said_again_of_a_versie_stays(tell: Tell, sqlite_house: House, clock: Clock) -> None:
    tell(BEGIN)
    first = stukken.Beschrijving("nota", Versie.CONCEPT, Stukstatus.INTERN, "De nota", "https://example.org/nota", "a" * 64, ("deel 1",))
    stukken.register_stuk(sqlite_house, an_actor(date(2026, 1, 6)), SLUG, first, date(2026, 1, 6))
    again = stukken.Beschrijving("nota", Versie.CONCEPT, Stukstatus.OPENBAAR, link="https://example.org/nieuw")
    stukken.register_stuk(sqlite_house, an_actor(date(2026, 1, 7)), SLUG, again, date(2026, 1, 7))

    (stuk,) = tell().stukken

    assert (stuk.titel, stuk.link, stuk.sha256, stuk.onderdelen) == ("De nota", "https://example.org/nieuw", "a" * 64, ("deel 1",))


# --- who speaks ---


def test_what_a_college_or_fractie_gives_never_stands_as_that_of_the_raad(tell: Tell) -> None:
    whole = tell(
        *RELEASED,
        an_inbreng("2026-04-11", "diemen", tekst="Wie zegt dit"),
        an_inbreng("2026-05-28", "laren", namens="fractie", tekst="Laat"),
    )

    staat = {d.naam: d.staat for d in whole.ronde}

    recorded_before = Stand("raad-velsen", Deelname.GEEN_OPVATTING, namens="college")
    assert staat_of(recorded_before, Antwoord.INBRENG) == "geen opvatting van het college; geen standpunt van de raad"
    assert staat["gemeenteraad van Laren"] == "reactie van een fractie te laat ontvangen; geen standpunt van de raad"
    assert "gemeenteraad van Diemen: reactie (namens wie is niet vermeld)" in [g.zin for g in whole.geschiedenis]
    late = "gemeenteraad van Laren: reactie (namens fractie; geen standpunt van de raad, te laat)"
    assert late in shown(whole, "2026-05-30")


def test_in_a_ronde_of_besluiten_the_uitkomst_is_public_after_the_end_and_silence_is_no_besluit(tell: Tell) -> None:
    lines = (
        a_line("2026-01-05", "open", route="mra-agenda", titel="MRA-Agenda"),
        a_besluit("2026-02-02", "pho-bw"),
        a_besluit("2026-03-02", "platform-ruimte"),
        a_besluit("2026-03-06"),
        a_besluit("2026-06-05"),
        a_besluit("2026-07-03"),
        a_besluit("2026-07-14", "college-almere", "niet-ingestemd", reden="Zie de brief"),
        a_line("2026-11-27", "dagronde"),
    )
    open_still = openbaar(tell(*lines), date(2026, 11, 27))
    ended = openbaar(tell(a_besluit("2026-12-11", uitkomst="niet-ingestemd", reden="Te weinig colleges")), date(2026, 12, 11))

    almere = "college van B en W van Almere"
    assert [(r.naam, r.staat) for r in open_still.ronde] == [(almere, "besluit genomen")]
    assert f"{almere}: besluit genomen" in everything(open_still) and "Zie de brief" not in everything(open_still)
    assert {r.staat for r in ended.ronde} == {"besloot: niet ingestemd", "geen besluit ontvangen"}
    assert {f"{almere}: niet ingestemd", "Zie de brief", "Te weinig colleges"} < set(everything(ended))


# --- stappen ---


def test_going_back_by_afwijking_skips_nothing(tell: Tell) -> None:
    back = a_besluit("2026-04-10", "av", "terugverwijzen", stap="av-vrijgave", reden="Fout", afwijking="Fout", toegestaan_door="voorzitter")
    whole = tell(*RELEASED, back)

    status = {s.slug: s.status for s in whole.stappen}

    assert status["bestuur-concept"] == "nu"
    assert {status[slug] for slug in ("raadpleging", "beantwoording", "av-vaststelling")} == {"straks"}


def test_a_second_visit_that_was_skipped_was_no_visit(tell: Tell) -> None:
    rest: dict[str, Any] = {"afwijking": "Haast", "toegestaan_door": "voorzitter"}
    whole = tell(
        BEGIN,
        a_besluit("2026-01-23"),
        a_besluit("2026-03-20", "av", "terugverwijzen", reden="Fout"),
        a_besluit("2026-03-27", "av", stap="av-vrijgave", **rest),
    )

    skipped = {s.slug: (s.status, s.overgeslagen) for s in whole.stappen}

    assert skipped["bestuur-concept"] == ("overgeslagen", "afwijking: Haast")
    assert skipped["av-vrijgave"] == ("geweest", "")


def test_the_route_names_every_gremium_side_by_side_or_the_combi_overleg_that_decided(tell: Tell) -> None:
    begin = (a_line("2026-03-02", "open", route="afgeleid-kaderdocument", titel="Strategie"), a_besluit("2026-03-18", "pho-bw"))
    before = {s.slug: s.gremium for s in tell(*begin).stappen}
    after = {s.slug: s.gremium for s in tell(a_besluit("2026-04-08", "combi-ruimte-mobiliteit")).stappen}

    assert before["platform"] == "Platform Ruimte en Platform Mobiliteit"
    assert after["platform"] != before["platform"] and "ombi" in after["platform"]


# --- advice ---


def test_planners_read_what_was_done_with_ambtelijk_advice_and_nobody_else(tell: Tell) -> None:
    lines = (
        BEGIN,
        a_line("2026-01-08", "advies", van="raadtafel", over="proces", tekst="Geef raden tijd"),
        a_line("2026-01-09", "advies", van="directeurenoverleg", over="inhoud", tekst="Ambtelijk geheim"),
    )
    before = shown(tell(*lines), "2026-01-20")
    done = [{"van": "raadtafel", "gevolgd": True}, {"van": "directeurenoverleg", "gevolgd": False, "reden": "Te duur"}]
    whole = tell(a_besluit("2026-01-23", adviezen=done))

    (besluit,) = (g for g in whole.geschiedenis if g.adviezen)
    assert len(besluit.adviezen) == 2 and any("Te duur" in zin for zin in besluit.adviezen)
    after = shown(whole, "2026-01-23")
    assert "MRA Raadtafel: ongevraagd advies over het proces" in before and "Geef raden tijd" not in before
    assert {"advies van MRA Raadtafel: gevolgd", "Geef raden tijd"} < set(after)
    assert not any("duur" in zin or "geheim" in zin or "regel" in zin for zin in after)


# --- the why, the old date, and what was mended ---


def test_anybody_reads_why_and_from_which_day_something_moved(tell: Tell) -> None:
    whole = tell(
        BEGIN,
        a_besluit("2026-01-23", uitkomst="aanhouden", reden="Eerst de cijfers"),
        a_besluit("2026-03-06"),
        a_besluit("2026-03-20", "av"),
        a_line("2026-04-02", "verzet", naar=date(2026, 6, 15), reden="Advies van de Raadtafel"),
    )

    told = {f.zin: f.toelichting for f in openbaar(whole, date(2026, 4, 3)).geschiedenis}

    assert told["MRA Bestuur: aanhouden"][-1] == "Eerst de cijfers"
    moved, why = told["Datum van 'Wensen en opvattingen' verzet naar maandag 15 juni 2026"]
    assert moved.startswith("van ") and moved.endswith(" naar maandag 15 juni 2026") and why == "Advies van de Raadtafel"


def test_a_correction_and_a_revoked_besluit_stay_in_sight(tell: Tell) -> None:
    whole = tell(
        BEGIN,
        a_besluit("2026-01-23"),
        a_line("2026-01-26", "corrigeer", regel=2, reden="Verslag gelezen", bron="verslag"),
        a_besluit("2026-03-20", "av"),
        a_line("2026-03-23", "herroep", regel=4, reden="Verkeerd ingevuld"),
    )

    before, after = (openbaar(whole, date(2026, 3, day)).geschiedenis for day in (22, 23))

    assert after[0].toelichting == ("gecorrigeerd op maandag 26 januari 2026: Verslag gelezen",)
    assert (before[-1].zin, before[-1].toelichting) == (after[-1].zin, ())
    assert after[-1].toelichting == ("herroepen op maandag 23 maart 2026: Verkeerd ingevuld",)


def test_how_a_raad_handles_a_document_is_its_own_and_a_concept_waits_for_the_end(tell: Tell) -> None:
    whole = tell(
        *RELEASED,
        an_inbreng("2026-03-30", "almere", soort="ontvangst-bevestigd"),
        an_inbreng("2026-03-31", "almere", soort="behandeling", behandelwijze="niet-geagendeerd"),
        an_inbreng("2026-04-10", "diemen", soort="concept-onder-voorbehoud", tekst="Het college stelt voor"),
        an_inbreng("2026-04-11", "laren", namens="raad", behandelwijze="hamerstuk", tekst="Goed"),
        a_line("2026-05-23", "dagronde"),
    )
    before = " ".join(shown(whole, "2026-05-23"))
    after = " ".join(shown(tell(a_besluit("2026-06-05", uitkomst="intrekken", reden="Vervalt")), "2026-06-05"))

    assert "gemeenteraad van Laren: reactie (namens raad)" in before
    assert not any(word in before for word in ("concept", "geagendeerd", "ontvangst", "hamerstuk"))
    assert "concept onder voorbehoud" in after and "geagendeerd" not in after and "Vervalt" in after


# --- a day in the past ---


def test_seen_from_a_day_nothing_is_told_that_happened_later(tell: Tell) -> None:
    whole = tell(*RELEASED, an_inbreng("2026-04-10", "almere", namens="raad"), a_line("2026-05-23", "dagronde"))

    early, asked, late = (openbaar(whole, date.fromisoformat(op)) for op in ("2026-02-01", "2026-04-09", "2026-05-23"))

    assert (early.stap, [f.zin for f in early.geschiedenis]) == ("AV geeft vrij", ["MRA Bestuur: akkoord; naar 'AV geeft vrij'"])
    assert [s.status for s in early.stappen] == ["geweest", "nu", "straks", "straks", "straks"] and early.stappen[1].moment is None
    assert (asked.stap, asked.ronde, len(asked.geschiedenis)) == ("Wensen en opvattingen", (), 2)
    assert [s.status for s in late.stappen] == ["geweest", "geweest", "geweest", "nu", "straks"] and len(late.ronde) == 1


def test_before_its_end_a_dossier_shows_no_silence_and_no_answers(tell: Tell) -> None:
    whole = tell(*RELEASED, a_line("2026-05-23", "dagronde"), a_besluit("2026-06-05", uitkomst="intrekken", reden="Vervalt"))

    before, after = openbaar(whole, date(2026, 6, 4)), openbaar(whole, date(2026, 6, 5))

    assert (before.stap, before.ronde) == ("Bestuur beantwoordt de inbreng", ())
    assert after.stap == "Ingetrokken" and {r.staat for r in after.ronde} == {"geen reactie ontvangen"}
