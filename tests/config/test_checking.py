"""Everything that is wrong with the facts is said at once: file, line and one Dutch sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config import MRA
from config.loading import Report, check, load_adressen, load_stelsel
from statemachines.errors import FactsRefused

OP = date(2026, 11, 23)
Spoil = Callable[..., Report]
ZETEL = "{functie: voorzitter, vanuit: amsterdam, geldig_vanaf"
DB = "    organen:\n      raden-staten:\n        voorvoegsel: raad"

WRONG = {
    "unknown deelregio": (
        "deelnemers.yaml",
        "deelregio: ijmond",
        "deelregio: ijmont",
        "Deelregio 'ijmont' bestaat niet; bedoeld is misschien",
    ),
    "unknown soort": ("deelnemers.yaml", "soort: provincie", "soort: land", "Soort 'land' bestaat niet; wel bestaat: gemeente"),
    "unknown opvolger": ("deelnemers.yaml", "opgevolgd_door: hilversum", "opgevolgd_door: hilversem", "bedoeld is misschien 'hilversum'"),
    "own opvolger": ("deelnemers.yaml", "opgevolgd_door: hilversum", "opgevolgd_door: wijdemeren", "zelf geen deelnemer"),
    "opvolger without end": ("deelnemers.yaml", "    geldig_tot: 2026-12-31\n", "", "heeft een opvolger maar geen 'geldig_tot'"),
    "end before begin": ("deelnemers.yaml", "geldig_tot: 2026-12-31", "geldig_tot: 2020-12-31", "dat is voor het begin"),
    "slug twice": ("deelnemers.yaml", "slug: almere", "slug: amsterdam", "Deelnemer 'amsterdam' bestaat al (mra/deelnemers.yaml:5)"),
    "key twice": ("deelnemers.yaml", "    naam: Almere\n", "    naam: Almere\n    naam: Almeere\n", "De sleutel 'naam' staat hier 2 keer"),
    "unknown secretaris": ("gremia.yaml", "secretaris: secretaris-av", "secretaris: secretaris-b", "Rol 'secretaris-b' bestaat niet"),
    "unknown deelnemer of a seat": ("gremia.yaml", "vanuit: noord-holland", "vanuit: holland", "Deelnemer 'holland' bestaat niet"),
    "seat that outlives its deelnemer": (
        "gremia.yaml",
        "geldig_tot: 2026-12-31, ",
        "",
        "blijft bestaan na 2026-12-31, de laatste dag van Wijdemeren",
    ),
    "seat of nobody": ("gremia.yaml", ZETEL, ZETEL.replace("vanuit: amsterdam, ", ""), "Een zetel is 'vanuit' een deelnemer of 'namens'"),
    "unknown laag": ("gremia.yaml", "laag: ambtelijk", "laag: boven", "'boven' bestaat niet als laag; wel: ambtelijk, bestuurlijk"),
    "text for a number": (
        "gremia.yaml",
        "aanlevertermijn: 10",
        "aanlevertermijn: tien",
        "'aanlevertermijn' moet een heel getal zijn, niet 'tien'",
    ),
    "number too large": (
        "gremia.yaml",
        "aanlevertermijn: 10",
        "aanlevertermijn: 99",
        "'aanlevertermijn' moet hoogstens 60 zijn, niet '99'",
    ),
    "missing bron": ("stelsel.yaml", "    bron: Gemeentewet art. 6\n", "", "Hier ontbreekt 'bron': schrijf waar dit feit vandaan komt"),
    "empty bron": ("stelsel.yaml", "bron: Gemeentewet art. 6", "bron: ''", "'bron' mag niet leeg zijn"),
    "unknown status": (
        "stelsel.yaml",
        "\n  status: bron",
        "\n  status: zeker",
        "'zeker' bestaat niet als status; wel: bron, aanname, voorbeeld",
    ),
    "unknown key": ("stelsel.yaml", "voluit:", "voluyt:", "De sleutel 'voluyt' kent niemand hier; wel: bron, status, slug, naam, voluit"),
    "unknown section": ("stelsel.yaml", "documentsoorten:", "documenten:", "De sleutel 'documenten' kent niemand hier"),
    "name that is no slug": ("stelsel.yaml", "slug: voorzitter", "slug: De Voorzitter", "alleen kleine letters, cijfers en koppeltekens"),
    "another name than the folder": ("stelsel.yaml", "slug: mra", "slug: arm", "het stelsel heet 'arm', maar de map heet 'mra'"),
    "unknown placeholder": ("stelsel.yaml", "gemeenteraad van {naam}", "gemeenteraad van {plaats}", "alleen {naam} staan"),
    "unknown kring": (
        "stelsel.yaml",
        DB,
        DB.replace("raden-staten", "raden"),
        "'raden' bestaat niet als kring; wel: raden-staten, colleges",
    ),
    "route of a documentsoort": ("stelsel.yaml", "route: voortgangsnota", "route: voortgang", "Route 'voortgang' bestaat niet"),
    "sender that is no address": ("stelsel.yaml", "afzender: kaderroute@kaderroute.example", "afzender: kaderroute", "is geen mailadres"),
    "address of nobody": (
        "adressen.yaml",
        "ontvanger: griffie-almere",
        "ontvanger: griffie-utrecht",
        "Ontvanger 'griffie-utrecht' bestaat niet",
    ),
    "address that is none": ("adressen.yaml", "griffie@almere.example", "griffie", "'griffie' is geen mailadres"),
    "calendar of an unknown gremium": ("vergaderkalender/av.yaml", "gremium: av", "gremium: avv", "Gremium 'avv' bestaat niet"),
    "vergadering on a zondag": (
        "vergaderkalender/av.yaml",
        "2024-03-22",
        "2024-03-24",
        "op zondag 24 maart 2024 kan niet: dat is een zondag",
    ),
    "vergadering on a feestdag": ("vergaderkalender/av.yaml", "2027-03-19", "2027-05-05", "kan niet: dat is Bevrijdingsdag"),
    "vergadering twice": (
        "vergaderkalender/av.yaml",
        "{datum: 2024-03-22}",
        "{datum: 2024-02-09}",
        "Deze vergadering staat er al (mra/vergaderkalender/av",
    ),
    "vergadering outside its run": (
        "vergaderkalender/av.yaml",
        "{datum: 2024-06-14}",
        "{datum: 2024-06-21}",
        "ligt niet tussen 2021-12-22 en 2024-06-14",
    ),
    "aanleverdatum after": (
        "vergaderkalender/av.yaml",
        "{datum: 2024-03-22}",
        "{datum: 2024-03-22, aanleverdatum: 2024-03-25}",
        "ligt na de vergadering",
    ),
    "no date": (
        "vergaderkalender/av.yaml",
        "datum: 2024-03-22",
        "datum: 22-3-2024",
        "'datum' is geen datum zoals 2027-03-12, maar '22-3-2024'",
    ),
    "calendar beyond the working days": (
        "vergaderkalender/av.yaml",
        "tot_en_met: 2028-12-31",
        "tot_en_met: 9999-12-31",
        "niet alle werkdagen bekend",
    ),
    "unknown uitkomst": (
        "routes/mra-agenda.yaml",
        "akkoord: platform",
        "prima: platform",
        "'prima' bestaat niet als uitkomst; wel: akkoord, ",
    ),
    "unknown stap": (
        "routes/mra-agenda.yaml",
        "akkoord: platform",
        "akkoord: podium",
        "'podium' is geen stap en geen einde van deze route",
    ),
    "unknown gremium of a stap": (
        "routes/mra-agenda.yaml",
        "gremium: pho-bw",
        "gremium: pho-bv",
        "Gremium 'pho-bv' bestaat niet; bedoeld is misschien 'pho-bw'",
    ),
    "unknown grondslag": (
        "routes/mra-agenda.yaml",
        "grondslag: wensen en opvattingen",
        "grondslag: wensen",
        "Begrip 'wensen' bestaat niet",
    ),
    "ending that is never reached": (
        "routes/mra-agenda.yaml",
        "eindes:",
        "eindes:\n  - {slug: nergens, naam: Nergens}",
        "'nergens' wordt nooit bereikt",
    ),
    "aanhouden that moves": ("routes/mra-agenda.yaml", "aanhouden: pho", "aanhouden: platform", "past daar niet bij"),
    "route named otherwise": (
        "routes/mra-agenda.yaml",
        "slug: mra-agenda",
        "slug: agenda",
        "De route heet 'agenda'; geef het bestand dezelfde naam",
    ),
    "alias": ("kalender.yaml", "extra_dagen: []", "extra_dagen: &geen []", "Verwijzingen met '&' en '*' worden niet gebruikt"),
    "tag": ("kalender.yaml", "land: NL", "land: !!python/name:os.system NL", "wordt niet gebruikt; schrijf een gewone waarde"),
    "broken YAML": ("begrippen.yaml", "  - term: zienswijze", "  - term: [zienswijze", "Dit is geen geldige YAML"),
}


@pytest.mark.parametrize("geval", WRONG, ids=str)
def test_what_is_wrong_is_said_with_its_place(spoiled: Spoil, kopie: Path, geval: str) -> None:
    bestand, oud, nieuw, verwacht = WRONG[geval]

    report = spoiled(bestand, oud, nieuw)

    said = [problem for problem in report.problems if verwacht.lower() in problem.zin.lower()]
    assert said, [str(problem) for problem in report.problems]
    assert report.stelsel is None
    assert (kopie.parent / said[0].bestand).name == Path(bestand).name
    assert 1 <= said[0].regel <= len((kopie / bestand).read_text(encoding="utf-8").splitlines())


def test_the_av_of_24_march_2024_is_found_on_its_own_line(spoiled: Spoil, kopie: Path) -> None:
    report = spoiled("vergaderkalender/av.yaml", "{datum: 2024-03-22}", "{datum: 2024-03-24}")

    [problem] = report.problems
    line = (kopie / "vergaderkalender/av.yaml").read_text(encoding="utf-8").splitlines()[problem.regel - 1]
    assert "2024-03-24" in line
    assert problem.zin == "De vergadering van av op zondag 24 maart 2024 kan niet: dat is een zondag."
    assert str(problem).startswith(f"mra/vergaderkalender/av.yaml:{problem.regel}: De vergadering")


def test_problems_of_several_files_are_said_together(spoiled: Spoil) -> None:
    spoiled("gremia.yaml", "aanlevertermijn: 10", "aanlevertermijn: tien")
    spoiled("routes/voortgangsnota.yaml", "akkoord: raadpleging", "akkoord: raad")
    report = spoiled("vergaderkalender/av.yaml", "2024-03-22", "2024-03-24")

    assert {problem.bestand for problem in report.problems} == {
        "mra/gremia.yaml",
        "mra/routes/voortgangsnota.yaml",
        "mra/vergaderkalender/av.yaml",
    }


def test_a_refused_fact_draws_no_other_problems_after_it(spoiled: Spoil) -> None:
    report = spoiled("deelnemers.yaml", "    naam: Almere\n", "")

    assert [problem.zin for problem in report.problems] == ["Hier ontbreekt 'naam'."]


def test_a_file_that_cannot_be_read_draws_no_other_problems_after_it(spoiled: Spoil) -> None:
    report = spoiled("deelnemers.yaml", "deelnemers:", "deelnemers: [")

    assert [problem.bestand for problem in report.problems] == ["mra/deelnemers.yaml"]


@pytest.mark.parametrize(
    ("inhoud", "verwacht"),
    [
        (b"", "Dit bestand is leeg."),
        (b"# alleen uitleg\n", "Dit bestand is leeg."),
        (b"- een\n- twee\n", "Bovenaan dit bestand horen sleutels te staan, zoals 'naam: waarde'."),
        (b"gremia: \xff\xfe", "Dit bestand is geen tekst in UTF-8."),
        (b"gremia: []\n---\ngremia: []\n", "Dit is geen geldige YAML"),
        (b"gremia: nee\n", "'gremia' moet een lijst zijn."),
        (b"gremia: " + b"[" * 5000, "Dit bestand is te diep genest."),
        (b"gremia: [nee]\n", "Dit moet een blok met sleutels zijn, niet 'nee'."),
    ],
)
def test_a_file_that_is_no_list_of_facts_is_refused_in_one_sentence(kopie: Path, inhoud: bytes, verwacht: str) -> None:
    (kopie / "gremia.yaml").write_bytes(inhoud)

    report = check(kopie, OP)

    assert any(problem.bestand == "mra/gremia.yaml" and verwacht in problem.zin for problem in report.problems), report.problems


def test_a_missing_file_a_stray_file_and_a_missing_folder_are_named(kopie: Path) -> None:
    (kopie / "gremia.yaml").rename(kopie / "gremai.yaml")
    (kopie / "routes").rename(kopie / "wegen")

    zinnen = {problem.bestand: problem.zin for problem in check(kopie, OP).problems}

    assert zinnen["mra/gremia.yaml"] == "Dit bestand ontbreekt."
    assert zinnen["mra/gremai.yaml"].startswith("Dit bestand leest niemand")
    assert zinnen["mra/routes"] == "Deze map ontbreekt of is niet te lezen."


@pytest.mark.parametrize("waar", ["bestaat-niet", "bestand"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, waar: str) -> None:
    (tmp_path / "bestand").touch()

    report = check(tmp_path / waar, OP)

    assert [problem.zin for problem in report.problems] == [f"De map '{waar}' met het stelsel bestaat niet."]
    with pytest.raises(FactsRefused, match="1 probleem is"):
        load_stelsel(tmp_path / waar)
    with pytest.raises(FactsRefused, match="Dit bestand ontbreekt"):
        load_adressen(tmp_path / waar)


def test_refused_facts_carry_every_problem_and_say_the_first(kopie: Path, spoiled: Spoil) -> None:
    report = spoiled("stelsel.yaml", "\n  status: bron", "\n  status: zeker")
    spoiled("gremia.yaml", "laag: ambtelijk", "laag: boven")

    with pytest.raises(FactsRefused) as refused:
        load_stelsel(kopie)

    assert len(refused.value.problems) == len(report.problems) + 1
    assert str(refused.value).startswith("De feiten in mra kloppen niet: 2 problemen; het eerste is mra/gremia.yaml:6: 'boven'")


@pytest.mark.parametrize(
    ("op", "kort"),
    [
        (date(2026, 11, 23), False),
        (date(2027, 12, 31), False),
        (date(2028, 1, 1), True),
        (date(2028, 2, 29), True),
        (date(9999, 12, 31), True),
    ],
)
def test_a_calendar_that_ends_within_a_year_is_a_problem_seen_from_that_day(op: date, kort: bool) -> None:
    report = check(MRA, op)

    said = [problem for problem in report.problems if problem.bestand == "mra/vergaderkalender/av.yaml"]
    assert [problem.zin for problem in said] == (
        ["De vergaderkalender van av loopt tot en met zondag 31 december 2028; dat is binnen een jaar."] if kort else []
    )
    assert report.stelsel is not None


def test_a_gap_between_two_runs_ends_the_run_that_is_seen(spoiled: Spoil) -> None:
    report = spoiled("vergaderkalender/av.yaml", "vanaf: 2027-01-01", "vanaf: 2027-01-02")

    assert [problem.zin for problem in report.problems] == [
        "De vergaderkalender van av loopt tot en met donderdag 31 december 2026; dat is binnen een jaar."
    ]


def test_the_same_facts_under_another_name_are_another_region(kopie: Path) -> None:
    ander = kopie.rename(kopie.parent / "elders")
    kop = ander / "stelsel.yaml"
    kop.write_text(kop.read_text(encoding="utf-8").replace("slug: mra\n", "slug: elders\n"), encoding="utf-8")

    stelsel = load_stelsel(ander)

    assert stelsel.kop.slug == "elders"
    assert len(stelsel.routes) == 8
