"""Rhythms, calendars and elections of raden agree with each other and with the other facts, or it is said where they do not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config import MRA
from config.loading import Report, check, load_stelsel
from statemachines.facts import Schakelsoort, Status
from statemachines.stelsel import Stelsel

OP = date(2026, 11, 23)
Spoil = Callable[..., Report]
HUIZEN = "      - {soort: raad, extra: 2027-06-10}"
VRA = "raadskalender/vervoerregio-amsterdam.yaml"
WRONG = {
    "ritme of nobody": (
        "ritmes.yaml",
        "deelnemer: almere",
        "deelnemer: almer",
        "Deelnemer 'almer' bestaat niet; bedoeld is misschien 'almere'",
    ),
    "ritme twice": ("ritmes.yaml", "deelnemer: almere", "deelnemer: amsterdam", "Ritme van 'amsterdam' bestaat al (mra/ritmes.yaml:"),
    "ritme that is not understood": ("ritmes.yaml", "laatste donderdag", "vaak", "'raad: vaak' is niet te lezen"),
    "ritme after the working days": (
        "ritmes.yaml",
        "deelnemer: almere",
        "deelnemer: almere\n    geldig_vanaf: 9999-12-31",
        "geldt vanaf 9999-12-31 is geen dag",
    ),
    "schakel that is none": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: rad, extra: 2027-06-10}",
        "'rad' bestaat niet als soort; wel: college",
    ),
    "exception to a schakel that is not there": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: agendacommissie, extra: 2027-06-10}",
        "Dit ritme heeft geen agendacommissie",
    ),
    "exception that says nothing": ("ritmes.yaml", HUIZEN, "      - {soort: raad}", "Een uitzondering zegt welke vergadering 'vervalt'"),
    "extra on a zaterdag": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: raad, extra: 2027-06-12}",
        "zaterdag 12 juni 2027 kan niet: dat is een zaterdag",
    ),
    "extra on a feestdag": ("ritmes.yaml", HUIZEN, "      - {soort: commissie, extra: 2027-05-05}", "kan niet: dat is Bevrijdingsdag"),
    "extra after the working days": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: raad, extra: 2099-06-10}",
        "juni 2099 kan niet: onbekend (de werkdagenkalender",
    ),
    "extra on a day of the ritme": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: raad, extra: 2027-06-24}",
        "al een vergadering (raad); die is niet extra",
    ),
    "vervalt on a day without vergadering": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: raad, vervalt: 2027-06-10}",
        "Op donderdag 10 juni 2027 is er volgens dit ritme geen vergadering (raad)",
    ),
    "vervalt of a commissie on the day of the raad": (
        "ritmes.yaml",
        HUIZEN,
        "      - {soort: commissie, vervalt: 2027-06-24}",
        "geen vergadering (commissie)",
    ),
    "vervalt in the recess": ("ritmes.yaml", HUIZEN, "      - {soort: raad, vervalt: 2027-07-29}", "geen vergadering (raad)"),
    "day that falls out and is extra": (
        "ritmes.yaml",
        HUIZEN,
        f"{HUIZEN}\n      - {{soort: raad, vervalt: 2027-06-10}}",
        "kan niet zowel vervallen als extra zijn",
    ),
    "day named twice": ("ritmes.yaml", HUIZEN, f"{HUIZEN}\n{HUIZEN}", "De uitzondering op donderdag 10 juni 2027 staat er twee keer"),
    "verkiezing for nobody": ("verkiezingen.yaml", "    soorten: [gemeente]\n", "", "Een verkiezing is voor 'soorten' deelnemers"),
    "verkiezing of an unknown soort": (
        "verkiezingen.yaml",
        "[gemeente]",
        "[gemeent]",
        "Soort 'gemeent' bestaat niet; bedoeld is misschien 'gemeente'",
    ),
    "verkiezing of an unknown deelnemer": ("verkiezingen.yaml", "wijdemeren]", "weidemeren]", "Deelnemer 'weidemeren' bestaat niet"),
    "verkiezing outside its reces": (
        "verkiezingen.yaml",
        "datum: 2026-03-18",
        "datum: 2026-04-02",
        "ligt niet om de verkiezing op 2026-04-02 heen",
    ),
    "verkiezing on a zondag": (
        "verkiezingen.yaml",
        "datum: 2026-03-18",
        "datum: 2026-03-22",
        "zondag 22 maart 2026 kan niet: dat is een zondag",
    ),
    "verkiezing twice by name": (
        "verkiezingen.yaml",
        "naam: Provinciale Statenverkiezingen 2027",
        "naam: gemeenteraadsverkiezingen 2026",
        "bestaat al (mra/verkiezingen",
    ),
    "verkiezing twice by day": (
        "verkiezingen.yaml",
        "    datum: 2027-03-17\n    soorten: [provincie]\n    reces_vanaf: 2027",
        "    datum: 2026-03-18\n    soorten: [gemeente]\n    reces_vanaf: 2026",
        "voor gemeente staat er al (mra/verkiezingen",
    ),
    "kalender of nobody": (VRA, "deelnemer: vervoerregio-amsterdam", "deelnemer: vervoerregio", "Deelnemer 'vervoerregio' bestaat niet"),
    "kalender of no schakel": (VRA, "soort: raad", "soort: regioraad", "'regioraad' bestaat niet als soort; wel: college, aanleveren"),
    "confirmed by another": (
        VRA,
        "bevestigd_door: mra-directie",
        "bevestigd_door: griffie-almere",
        "'griffie-almere' is geen contact van Vervoerregio Amsterdam en geen rol; wel kan:",
    ),
    "confirmed on no day that is known": (
        VRA,
        "bevestigd_op: 2026-11-23",
        "bevestigd_op: 9999-12-31",
        "De dag van bevestigen, 9999-12-31, kan niet",
    ),
    "vergadering on a zondag": (
        VRA,
        "datum: 2022-03-01",
        "datum: 2022-03-06",
        "van vervoerregio-amsterdam (raad) op zondag 6 maart 2022 kan niet",
    ),
    "vergadering on a feestdag": (VRA, "datum: 2022-03-01", "datum: 2022-05-26", "kan niet: dat is Hemelvaartsdag"),
    "vergadering outside the kalender": (VRA, "vanaf: 2021-12-14", "vanaf: 2021-12-15", "ligt niet tussen 2021-12-15 en 2024-05-14"),
    "vergadering twice": (VRA, "datum: 2022-03-01", "datum: 2021-12-14", "Deze vergadering staat er al (mra/raadskalender/"),
    "kalender that ends before it begins": (
        VRA,
        "tot_en_met: 2024-05-14",
        "tot_en_met: 2020-05-14",
        "eindigt op 2020-05-14, voor het begin",
    ),
}


@pytest.mark.parametrize("geval", WRONG, ids=str)
def test_what_is_wrong_with_raden_is_said_with_its_place(spoiled: Spoil, kopie: Path, geval: str) -> None:
    bestand, oud, nieuw, verwacht = WRONG[geval]

    report = spoiled(bestand, oud, nieuw)

    said = [problem for problem in report.problems if verwacht in problem.zin]
    assert len(said) == 1, [str(problem) for problem in report.problems]
    assert report.stelsel is None
    regels = (kopie / bestand).read_text(encoding="utf-8").splitlines()
    assert said[0].bestand == f"mra/{bestand}" and 1 < said[0].regel <= len(regels)


def test_a_moved_vergadering_of_the_raad_moves_the_days_of_the_commissie_that_can_fall_out(spoiled: Spoil) -> None:
    moved = "      - {soort: raad, vervalt: 2027-05-27, extra: 2027-06-03}"

    report = spoiled("ritmes.yaml", moved, f"{moved}\n      - {{soort: commissie, vervalt: 2027-05-20}}")

    assert report.problems == ()


def test_two_whole_kalenders_of_one_schakel_cannot_overlap(kopie: Path) -> None:
    path = kopie / VRA
    run = path.read_text(encoding="utf-8").partition("kalenders:\n")[2].replace("volledig: false", "volledig: true")
    later = run.replace("vanaf: 2021-12-14", "vanaf: 2022-01-01").partition("    vergaderingen:")[0] + "    vergaderingen: []\n"
    path.write_text(f"kalenders:\n{run}{later}", encoding="utf-8")

    [problem] = check(kopie, OP).problems

    assert problem.zin.startswith(
        "Er is al een volledige kalender van vervoerregio-amsterdam (raad) voor een deel van deze dagen (mra/raad"
    )


def test_the_griffie_of_the_deelnemer_itself_can_confirm(spoiled: Spoil) -> None:
    report = spoiled(VRA, "bevestigd_door: mra-directie", "bevestigd_door: griffie-vervoerregio-amsterdam")

    assert report.problems == ()


def test_a_region_without_ritmes_kalenders_and_verkiezingen_of_raden_is_whole(kopie: Path, stelsel: Stelsel) -> None:
    (kopie / VRA).unlink()
    (kopie / "raadskalender").rmdir()
    for name in ("ritmes.yaml", "verkiezingen.yaml"):
        (kopie / name).unlink()

    found = load_stelsel(kopie)

    assert (found.ritmes, found.raadskalenders, found.verkiezingen) == ((), (), ())
    assert not {"ritmes", "raadskalenders", "verkiezingen"} & found.model_fields_set
    assert found.routes == stelsel.routes


def test_a_misspelt_folder_is_not_taken_for_an_absent_one(kopie: Path) -> None:
    (kopie / "raadskalender").rename(kopie / "raadskalenders")

    [problem] = check(kopie, OP).problems

    assert problem.bestand == "mra/raadskalenders"
    assert problem.zin.startswith("Deze map leest niemand; bekende bestanden zijn: stelsel.yaml, ")
    assert problem.zin.endswith("en de mappen vergaderkalender, routes en raadskalender.")


def test_an_example_kalender_of_a_raad_is_counted_apart_from_those_of_gremia(spoiled: Spoil) -> None:
    report = spoiled(VRA, "status: bron", "status: voorbeeld")

    [aanname] = report.by_group["raadskalenders", Status.VOORBEELD]
    assert aanname.naam == "vervoerregio-amsterdam (2021-12-14)"
    assert len(report.by_group["ritmes", Status.VOORBEELD]) == 28
    assert len(report.by_group["verkiezingen", Status.AANNAME]) == 3


def test_the_ritmes_that_come_with_the_program_are_examples_and_a_few_deelnemers_have_none(stelsel: Stelsel) -> None:
    with_ritme = {ritme.deelnemer for ritme in stelsel.ritmes}

    without = {deelnemer.slug for deelnemer in stelsel.deelnemers} - with_ritme
    assert without == {"beverwijk", "blaricum", "landsmeer", "oostzaan", "uithoorn"}
    assert {ritme.status for ritme in stelsel.ritmes} == {Status.VOORBEELD}
    assert {soort for ritme in stelsel.ritmes for soort in Schakelsoort if soort not in {s.soort for s in ritme.schakels}} == {
        Schakelsoort.COLLEGE,
        Schakelsoort.AGENDACOMMISSIE,
        Schakelsoort.COMMISSIE,
    }


def test_every_verkiezing_concerns_its_own_deelnemers(stelsel: Stelsel) -> None:
    concerned = {v.datum: {d.slug for d in stelsel.deelnemers if v.concerns(d)} for v in stelsel.verkiezingen}

    assert concerned[date(2026, 11, 18)] == {"hilversum", "wijdemeren"}
    assert concerned[date(2027, 3, 17)] == {"noord-holland", "flevoland"}
    assert len(concerned[date(2026, 3, 18)]) == 30
    assert all(v.status is not Status.BRON for v in stelsel.verkiezingen)


def test_found_days_of_the_regioraad_are_never_called_a_whole_calendar(stelsel: Stelsel) -> None:
    [kalender] = stelsel.raadskalenders

    assert [vergadering.datum for vergadering in kalender.vergaderingen] == [
        date(2021, 12, 14),
        date(2022, 3, 1),
        date(2022, 5, 17),
        date(2022, 7, 5),
        date(2024, 5, 14),
    ]
    assert not kalender.volledig
    assert {d.slug for d in stelsel.deelnemers} >= {kalender.deelnemer}
    assert check(MRA, OP).problems == ()
