"""``kader kalender lees``: vergaderdata from an agenda file are shown first, and written only when somebody says so."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import MRA
from config.loading import load_stelsel
from statemachines.facts import Schakelsoort, Status
from tests.flows.commands import Kader, kader
from tests.flows.test_cli import AFTERWARDS, SLOW
from tests.flows.test_cli_bad_input import assert_refused

__all__ = ["kader"]

AGENDAS = Path(__file__).parents[1] / "agendas"
AV = f"kalender lees {AGENDAS}/outlook-av-2027.ics --gremium av --zoek vergadering --op 2026-11-24"
ALMERE = f"kalender lees {AGENDAS}/google-raad-almere.ics --raad almere --bevestigd-door griffie-almere --op 2026-11-24"
IN_THE_FILES = ("Mevrouw", "Bilateraal", "Raadzaal", "eiland", "in plaats van", "020 000", "twee dagen", "verplaatst")
REFUSED = {
    "outlook-av-2027.ics": "Zeg van wie deze agenda is: met --gremium (zoals av) of met --raad (zoals almere)",
    "outlook-av-2027.ics --gremium av --raad almere --bevestigd-door aob": "Zeg van wie deze agenda is",
    "outlook-av-2027.ics --raad almere": "Zeg met --bevestigd-door wie zegt dat deze data kloppen",
    "outlook-av-2027.ics --gremium av --soort raad": "Met --soort hoort --raad",
    "outlook-av-2027.ics --raad almere --bevestigd-door aob --soort partijtop": "is geen soort vergadering; mogelijk is: college",
    "outlook-av-2027.ics --gremium ab": "Er is geen gremium 'ab' in het stelsel mra; wel: aob",
    "outlook-av-2027.ics --raad almer --bevestigd-door aob": "Er is geen deelnemer 'almer'",
    "outlook-av-2027.ics --raad almere --bevestigd-door griffie-diemen": "is geen contact van Almere en geen rol",
    "outlook-av-2027.ics --gremium av --bevestigd-door Jan": "kan geen naam van een rol zijn",
    "outlook-av-2027.ics --gremium av --zoek Raadtafel": "heeft 'Raadtafel' in de titel",
    "outlook-av-2027.ics --gremium av --vanaf 2027-12-01 --tot-en-met 2027-11-30": "voor het begin op woensdag 1 december 2027",
    "outlook-av-2027.ics --gremium av --vanaf 2028-01-01": "staat in deze periode geen vergadering",
    "outlook-av-2027.ics --gremium av --tot-en-met 2032-01-01": "kies een kortere met --vanaf en --tot-en-met",
    "zonder-einde.ics --gremium bestuur": "zeg met --tot-en-met tot welke dag dit bestand telt",
    "vrije-dagen.ics --gremium bestuur": "woensdag 5 mei 2027 (Bevrijdingsdag) en zaterdag 5 juni 2027 (een zaterdag); met --ook-vrij",
    "stuk.ics --gremium bestuur": "is de datum of herhaling niet te lezen",
    "nergens.ics --gremium bestuur": "Het bestand 'nergens.ics' bestaat niet.",
    ". --gremium bestuur": "Het bestand 'agendas' is niet te lezen",
    "../makers.py --gremium bestuur": "is geen agendabestand in iCalendar",
}


@pytest.fixture
def feiten(tmp_path: Path, kader: Kader, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the facts that commands may change."""
    folder = tmp_path / "feiten" / MRA.name
    shutil.copytree(MRA, folder)
    monkeypatch.setenv("KADER_STELSEL", str(folder))
    return folder


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file()}


def test_without_ja_the_difference_is_shown_and_nothing_is_written(kader: Kader, feiten: Path) -> None:
    before = texts(feiten)

    said = kader(AV)

    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines[:2] == [
        "In outlook-av-2027.ics: 4 afspraken (overgeslagen: 1 met een andere titel).",
        "Vergaderingen van Algemene Vergadering van vrijdag 19 maart 2027 tot en met vrijdag 10 december 2027:",
    ]
    assert lines[4:9] == [
        "blijft │ vrijdag 19 maart 2027",
        "nieuw │ vrijdag 18 juni 2027",
        "vervalt │ vrijdag 25 juni 2027",
        "blijft │ vrijdag 24 september 2027",
        "blijft │ vrijdag 10 december 2027",
    ]
    assert lines[9] == "Nieuw: 1, vervalt: 1, blijft: 3."
    assert lines[10].startswith("Welke dossiers dit raakt is nog niet te zeggen. Er is nog geen database")
    assert "niets geschreven; geef dezelfde opdracht met --ja" in lines[11]
    assert (said.code, said.err, texts(feiten)) == (0, "", before)


def test_with_ja_the_days_are_written_with_source_date_and_who_confirmed(kader: Kader, feiten: Path) -> None:
    before = texts(feiten)

    said = kader(AV, "--bevestigd-door", "secretaris-av", "--bron", "mail van de secretaris", "--ja")

    (new,) = (k for k in load_stelsel(feiten).kalenders if k.gremium == "av" and k.bevestigd_door)
    assert said.out.endswith("Geschreven in mra/vergaderkalender/av.yaml; het geldt na 'kader stelsel neem-over'.\n")
    assert new.bron == "agendabestand outlook-av-2027.ics, gelezen op 24-11-2026; mail van de secretaris"
    assert (new.bevestigd_door, str(new.bevestigd_op), new.volledig, new.status) == ("secretaris-av", "2026-11-24", True, Status.BRON)
    assert [str(v.datum) for v in new.vergaderingen] == ["2027-03-19", "2027-06-18", "2027-09-24", "2027-12-10"]
    assert {name for name, text in texts(feiten).items() if before.get(name) != text} == {"vergaderkalender/av.yaml"}
    assert kader("controleer --op 2026-11-24").code == 0


def test_the_same_file_again_changes_nothing(kader: Kader, feiten: Path) -> None:
    kader(f"{AV} --ja")
    before = texts(feiten)

    said = kader(f"{AV} --ja")

    assert "Nieuw: 0, vervalt: 0, blijft: 4." in said.out and said.out.endswith("want het stond er al precies zo.\n")
    assert texts(feiten) == before


def test_the_days_of_a_raad_are_kept_apart_from_those_of_its_college(kader: Kader, feiten: Path) -> None:
    raad = kader(f"{ALMERE} --ja --json")
    college = kader(
        f"kalender lees {AGENDAS}/zonder-einde.ics --raad almere --soort college --zoek college --bevestigd-door aob",
        *["--vanaf", "2027-01-01", "--tot-en-met", "2027-01-31", "--op", "2026-11-24", "--ja", "--json"],
    )

    found = {k.soort: k for k in load_stelsel(feiten).raadskalenders if k.deelnemer == "almere"}
    assert raad.data["nieuw"] == ["2027-01-28", "2027-03-04", "2027-04-09"]
    assert {key: raad.data[key] for key in ("deelnemer", "soort", "afspraken", "afgezegd", "andere", "geschreven", "bestanden")} == {
        "deelnemer": "almere",
        "soort": "raad",
        "afspraken": 4,
        "afgezegd": 1,
        "andere": 0,
        "geschreven": True,
        "bestanden": ["mra/raadskalender/almere.yaml"],
    }
    assert (college.data["vanaf"], college.data["tot_en_met"], len(college.data["nieuw"])) == ("2027-01-01", "2027-01-31", 4)
    assert {soort: k.bevestigd_door for soort, k in found.items()} == {Schakelsoort.RAAD: "griffie-almere", Schakelsoort.COLLEGE: "aob"}
    assert len(found[Schakelsoort.RAAD].vergaderingen) == 3


def test_no_text_of_an_agenda_is_shown_or_kept(kader: Kader, feiten: Path) -> None:
    said = [
        kader(f"kalender lees {AGENDAS}/outlook-av-2027.ics --gremium av --op 2026-11-24 --ja"),
        kader(f"kalender lees {AGENDAS}/reeks-bestuur.ics --gremium bestuur --op 2026-11-24 --ja --json"),
        kader(f"{ALMERE} --ja"),
    ]

    everything = "".join([*(one.out + one.err for one in said), *(text for name, text in texts(feiten).items() if "kalender/" in name)])
    assert [one.code for one in said] == [0, 0, 0]
    assert [text for text in IN_THE_FILES if text in everything] == []


def test_days_without_work_are_taken_when_somebody_says_that_they_are_meant(kader: Kader, feiten: Path) -> None:
    said = kader(f"kalender lees {AGENDAS}/vrije-dagen.ics --gremium bestuur --ook-vrij --ja --json")

    vrij = [str(v.datum) for k in load_stelsel(feiten).kalenders for v in k.vergaderingen if v.ook_vrij]
    assert (said.code, said.data["nieuw"]) == (0, ["2027-05-05", "2027-06-05"])
    assert vrij == ["2027-05-05", "2027-06-05"]


@pytest.mark.parametrize("typed", REFUSED)
def test_whatever_cannot_be_read_is_refused_in_one_sentence_and_nothing_is_written(kader: Kader, feiten: Path, typed: str) -> None:
    before = texts(feiten)

    said = kader(f"kalender lees {AGENDAS}/{typed} --op 2026-11-24 --ja")

    assert_refused(said, typed)
    assert REFUSED[typed] in said.err
    assert texts(feiten) == before


@pytest.mark.parametrize(("option", "value"), [("--bron", " "), ("--bron", "a\x1b[31m"), ("--bron", "x" * 301), ("--zoek", " ")])
def test_a_text_that_says_nothing_or_hides_something_is_refused(kader: Kader, feiten: Path, option: str, value: str) -> None:
    said = kader(f"kalender lees {AGENDAS}/reeks-bestuur.ics --gremium bestuur --ja", option, value)

    assert_refused(said, value)


def test_reading_an_agenda_loads_no_prefect(tmp_path: Path) -> None:
    program = AFTERWARDS.format(words=AV.split(), forbidden=SLOW)

    ended = subprocess.run([sys.executable, "-c", program], env={**os.environ, "KADER_MAP": str(tmp_path)}, capture_output=True, text=True)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_before_anything_is_written_it_is_clear_which_dossiers_it_touches(kader: Kader, feiten: Path) -> None:
    assert kader("stelsel neem-over --op 2026-12-01 --als aob --reden Begin").code == 0
    opened = kader("open jaarplan-2028 --route jaarplan-begroting --als aob --op 2027-04-12", "--titel", "Jaarplan 2028")
    before = texts(feiten)

    said = kader(f"{AV} --op 2027-04-13")
    what_if = kader(f"wat-als --agenda {AGENDAS / 'outlook-av-2027.ics'} --gremium av --op 2027-04-13")
    data = kader(f"{AV} --op 2027-04-13 --json").data

    assert opened.code == 0, opened.err
    assert "1 lopend dossier bekeken; 1 geraakt, 0 missen de vaststelling." in said.out
    assert data["gevolgen"][0]["slug"] == "jaarplan-2028" and data["gevolgen"][0]["einde_wordt"] == "2027-06-18"
    assert what_if.out.startswith("De vergaderdata van Algemene Vergadering zijn die van outlook-av-2027.ics.\n1 lopend dossier bekeken; 1")
    assert texts(feiten) == before
