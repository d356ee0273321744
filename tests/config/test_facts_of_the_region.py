"""The facts that come with the program are as the region is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from config import MRA
from config.loading import check, load_adressen
from statemachines.facts import Kring, Status
from statemachines.kalender import Onbekend
from statemachines.reeks import Zitting
from statemachines.route import Antwoord, StapRol, Uitkomst
from statemachines.soundness import unsound
from statemachines.stelsel import Stelsel

LAST_OF_2026, FIRST_OF_2027 = date(2026, 12, 31), date(2027, 1, 1)


def test_the_facts_have_no_problems_and_show_what_they_assume() -> None:
    report = check(MRA, date(2026, 11, 23))

    assert report.problems == ()
    assert report.stelsel is not None
    groepen = {"adressen", "gremia", "zetels", "kalenders", "termijn", "routes", "berichten", "verzending"}
    assert {groep for groep, _ in report.by_group} >= groepen
    assert all(aanname.status is not Status.BRON and aanname.regel > 0 for aanname in report.aannames)


@pytest.mark.parametrize(("op", "gemeenten", "deelnemers"), [(LAST_OF_2026, 30, 33), (FIRST_OF_2027, 29, 32)])
def test_wijdemeren_takes_part_until_the_last_day_of_2026(stelsel: Stelsel, op: date, gemeenten: int, deelnemers: int) -> None:
    taking_part = [d for d in stelsel.deelnemers if d.takes_part(op)]

    assert len(stelsel.deelnemers) == 33
    assert len(taking_part) == deelnemers
    assert len([d for d in taking_part if d.soort == "gemeente"]) == gemeenten
    assert ("wijdemeren" in {d.slug for d in taking_part}) == (op == LAST_OF_2026)


def test_hilversum_succeeds_wijdemeren(stelsel: Stelsel) -> None:
    wijdemeren = next(d for d in stelsel.deelnemers if d.slug == "wijdemeren")

    assert wijdemeren.opgevolgd_door == "hilversum"


def test_every_gemeente_has_a_deelregio_and_there_are_seven(stelsel: Stelsel) -> None:
    deelregios = {d.deelregio for d in stelsel.deelnemers if d.soort == "gemeente"}

    assert None not in deelregios
    assert len(deelregios) == len(stelsel.deelregios) == 7


def test_each_kind_of_deelnemer_has_its_own_raad_and_contact(stelsel: Stelsel) -> None:
    organen = {orgaan.slug: orgaan for kring in Kring for orgaan in stelsel.organen(kring, FIRST_OF_2027)}

    assert organen["raad-almere"].naam == "gemeenteraad van Almere"
    assert organen["raad-almere"].ontvanger.slug == "griffie-almere"
    assert organen["raad-almere"].ontvanger.aanhef == "Geachte griffier van de gemeente Almere"
    assert organen["staten-flevoland"].ontvanger.naam == "Statengriffie van Flevoland"
    assert organen["regioraad-vervoerregio-amsterdam"].naam == "regioraad van de Vervoerregio Amsterdam"
    assert organen["gs-noord-holland"].kring is Kring.COLLEGES
    assert len(organen) == 64


def test_everyone_who_can_be_told_has_an_address_that_leads_nowhere(stelsel: Stelsel) -> None:
    adressen = {adres.ontvanger: adres for adres in load_adressen(MRA)}

    organen = [orgaan for kring in Kring for orgaan in stelsel.organen(kring, LAST_OF_2026)]
    leden = {stelsel.leden(orgaan.slug).slug for orgaan in organen if orgaan.kring is Kring.RADEN_STATEN}
    deelregios = {stelsel.secretaris_van_deelregio(deelregio.slug).slug for deelregio in stelsel.deelregios}
    assert {orgaan.ontvanger.slug for orgaan in organen} | {rol.slug for rol in stelsel.rollen} | leden | deelregios == set(adressen)
    assert all(adres.adres.endswith(".example") and adres.status is Status.VOORBEELD for adres in adressen.values())


def test_every_deelnemer_has_one_seat_in_the_av(stelsel: Stelsel) -> None:
    zetels = stelsel.gremium("av").zetels

    assert {zetel.vanuit for zetel in zetels} == {deelnemer.slug for deelnemer in stelsel.deelnemers}
    assert len(zetels) == 33


def test_no_example_vergadering_falls_on_a_day_on_which_nobody_meets(stelsel: Stelsel) -> None:
    werk = stelsel.werkkalender

    voorbeelden = [(k.gremium, v.datum) for k in stelsel.kalenders if k.status is Status.VOORBEELD for v in k.vergaderingen]

    assert len(voorbeelden) > 150
    assert [(g, d) for g, d in voorbeelden if not werk.is_werkdag(d) or werk.reces(d) or (d.month, d.day) in {(12, 24), (12, 31)}] == []


def test_found_vergaderingen_are_never_called_a_whole_calendar(stelsel: Stelsel) -> None:
    found = [k for k in stelsel.kalenders if k.status is not Status.VOORBEELD]

    assert found
    assert not any(k.volledig for k in found)
    assert all(k.vanaf.year <= 2024 for k in found)


@pytest.mark.parametrize("gremium", ["aob", "av", "bestuur", "raadtafel", "pho-bw", "platform-ruimte"])
def test_example_calendars_run_without_a_gap_from_2026_to_2028(stelsel: Stelsel, gremium: str) -> None:
    reeks = stelsel.vergaderingen(gremium)

    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(0, 1000, 7)]
    assert all(isinstance(reeks.following(day), Zitting) for day in days)
    assert isinstance(reeks.following(date(2028, 12, 31)), Onbekend)


def test_every_gremium_of_a_stap_without_ronde_has_a_calendar(stelsel: Stelsel) -> None:
    gremia = {stap.gremium for route in stelsel.routes for stap in route.stappen if stap.ronde is None}

    assert gremia <= {kalender.gremium for kalender in stelsel.kalenders if kalender.volledig}


def test_every_route_is_sound_and_starts_with_a_registration_by_the_aob(stelsel: Stelsel) -> None:
    first = [route.stappen[0] for route in stelsel.routes]

    assert [sentence for route in stelsel.routes for sentence in unsound(route)] == []
    assert {(stap.slug, stap.gremium, stap.rol) for stap in first} == {("routering", "aob", StapRol.VOORBEREIDEN)}
    assert len(first) == 8


def test_two_moments_of_the_av_enclose_the_raden_in_the_voortgangsnota(stelsel: Stelsel) -> None:
    route = stelsel.route("voortgangsnota")

    road = ["routering"]
    while (stap := route.stap(road[-1])) is not None:
        road.append(stap.volgt or (stap.ronde.volgt if stap.ronde else stap.uitkomsten[Uitkomst.AKKOORD]))

    assert road == ["routering", "bestuur-concept", "av-vrijgave", "raadpleging", "beantwoording", "av-vaststelling", "vastgesteld"]


def test_the_mra_agenda_ends_with_a_besluit_of_every_college_and_never_passes_the_av(stelsel: Stelsel) -> None:
    route = stelsel.route("mra-agenda")

    ronde = next(stap.ronde for stap in route.stappen if stap.gremium == "colleges")
    conclusie = route.stap(ronde.volgt) if ronde else None
    assert ronde is not None and conclusie is not None
    assert (ronde.antwoord, ronde.kring) == (Antwoord.BESLUIT, Kring.COLLEGES)
    assert conclusie.rol is StapRol.KENNISNEMEN
    assert "av" not in {stap.gremium for stap in route.stappen}


def test_there_is_no_ronde_along_the_raden_for_jaarplan_and_begroting(stelsel: Stelsel) -> None:
    route = stelsel.route("jaarplan-begroting")

    assert all(stap.ronde is None for stap in route.stappen)
    assert route.status is Status.AANNAME


def test_three_terms_that_are_never_synonyms_are_explained_apart(stelsel: Stelsel) -> None:
    betekenis = {begrip.term: begrip.betekenis for begrip in stelsel.begrippen}

    three = [betekenis[term] for term in ("wensen en opvattingen", "zienswijze", "wensen en bedenkingen")]
    assert len(set(three)) == 3
