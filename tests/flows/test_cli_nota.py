"""``kader nota``: written for people, filled in by people, and read back with the difference first; on a real database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from dossiers.nota import Nota
from flows import notaverschil
from flows.notabestand import Rij, Werkblad
from flows.notaverschil import Verschil
from statemachines.errors import Refused
from tests.flows.commands import SLUG, Kader, kader, released
from tests.flows.test_cli import AFTERWARDS, SLOW
from tests.flows.test_cli_bad_input import assert_refused, counted
from tests.flows.test_notabestand import Edit, edited, put
from tests.flows.test_notabestand_fouten import origin

__all__ = ["kader", "released"]

OP = "--op 2027-06-01"
SHEET = f"nota-{SLUG}.xlsx"


@pytest.fixture
def given(released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kader:
    """Almere (its raad), Zandvoort (only its college) and Diemen reacted; the termijn has passed."""
    monkeypatch.chdir(tmp_path)
    for line, tekst in (
        ("--van zandvoort --namens college", "Meer geld voor de kust"),
        ("--van diemen --namens raad", "=1+1"),
    ):
        said = released(f"inbreng {SLUG} {line} --op 2027-04-02", "--tekst", tekst)
        assert said.code == 0, said.err
    assert released("dagronde --op 2027-06-01").code == 0
    return released


def filled_in(kader: Kader, *edits: Edit, naam: str = SHEET) -> str:
    """A new work sheet that somebody worked in."""
    said = kader(f"nota {SLUG} --als xlsx --naar {naam}")
    assert said.code == 0, said.err
    return edited(Path(naam), *edits).name


def points(kader: Kader) -> dict[str, tuple[str, str, str, str]]:
    return {p["punt"]: (p["tekst"], p["oordeel"], p["antwoord"], p["gelijkluidend"]) for p in kader(f"nota {SLUG} --json").data["punten"]}


def test_without_a_form_the_nota_is_shown_with_who_speaks(given: Kader) -> None:
    said = given(f"nota {SLUG}")

    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert said.code == 0 and lines[1] == "Nota van Beantwoording: Voortgangsnota 2027"
    assert any("zandvoort-1 │ 5 │ college van B en W van Zandvoort (geen standpunt van de raad) │" in line for line in lines)
    assert "3 punten; nog zonder antwoord: almere-1, zandvoort-1, diemen-1." in lines
    assert lines[-1].startswith("Geen reactie ontvangen: ") and "gemeenteraad van Laren" in lines[-1] and "Diemen" not in lines[-1]


def test_who_spoke_what_was_corrected_and_who_had_no_opvatting_are_shown(given: Kader) -> None:
    for line, tekst in (
        ("--van huizen --namens fractie", "Minder regels"),
        ("--van laren --soort geen-opvatting --namens raad", "Wij zien ervan af"),
    ):
        assert given(f"inbreng {SLUG} {line} --datum 2027-04-03 {OP}", "--tekst", tekst).code == 0
    assert given(f"inbreng {SLUG} --van gooise-meren --datum 2027-05-31 {OP}").code == 0
    assert given(f"nota lees {filled_in(given, put(3, onderdeel='kust'))} --vast {OP}").code == 0
    assert given(f"corrigeer {SLUG} 5 {OP}", "--tekst", "Geld voor zee", "--reden", "Tikfout").code == 0

    said, data = given(f"nota {SLUG}"), given(f"nota {SLUG} --json").data

    van = {punt["punt"]: (punt["van"], punt["spreekt"]) for punt in data["punten"]}
    assert van["huizen-1"] == ("fractie in de gemeenteraad van Huizen", "fractie; geen standpunt van de raad")
    assert van["zandvoort-1"][0] == "college van B en W van Zandvoort" and van["gooise-meren-1"][1] == "niet vermeld namens wie"
    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert "Punt zandvoort-1: de tekst van de inbreng is daarna gecorrigeerd; kijk of dit punt nog klopt." in lines
    assert "Geen opvatting (besluit): Gemeenteraad van Laren (raad), 3 april 2027: Wij zien ervan af" in lines
    assert data["nagaan"] == ["zandvoort-1"] and [g["orgaan"] for g in data["geen_opvatting"]] == ["raad-laren"]
    assert "gemeenteraad van Laren" not in data["stil"]
    assert "(zonder tekst; zie de brief)" in given(f"nota {SLUG} --als md").out


def test_a_first_word_that_is_no_command_is_a_dossier(given: Kader) -> None:
    short, whole, first = given(f"nota {SLUG}"), given(f"nota toon {SLUG}"), given(f"nota --json {SLUG}")

    assert (short.code, first.code) == (0, 0) and short.out == whole.out and first.data["dossier"] == SLUG
    assert "Er is geen dossier 'bestaat-niet'" in given("nota bestaat-niet").err
    assert "kader nota DOSSIER|OPDRACHT" in given("nota --help").out


def test_each_form_becomes_a_file_and_markdown_can_be_pasted(given: Kader, tmp_path: Path) -> None:
    said = [given(f"nota {SLUG} --als {vorm}") for vorm in ("xlsx", "docx", "md")]
    elsewhere = given(f"nota {SLUG} --als md --naar {tmp_path}/de-nota.md")

    assert [one.code for one in [*said, elsewhere]] == [0, 0, 0, 0]
    assert said[0].out == f"Geschreven in {SHEET}: 3 punten.\n"
    assert load_workbook(SHEET)["Nota"]["F4"].value == "=1+1" and load_workbook(SHEET)["Nota"]["F4"].data_type == "s"
    assert "=1+1" in [p.text for p in Document(BytesIO(Path(f"nota-{SLUG}.docx").read_bytes())).paragraphs]
    assert "## College van B en W van Zandvoort (geen standpunt van de raad)" in said[2].out
    assert said[2].out == (tmp_path / "de-nota.md").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.glob("*n*ta*")) == ["de-nota.md", f"nota-{SLUG}.docx", SHEET]


def test_a_file_that_is_there_is_never_written_over(given: Kader) -> None:
    Path(SHEET).write_text("werk van iemand")

    said = given(f"nota {SLUG} --als xlsx")

    assert_refused(said, SHEET)
    assert Path(SHEET).read_text() == "werk van iemand"


def test_the_difference_is_shown_first_and_nothing_is_written(given: Kader, tmp_path: Path) -> None:
    blad = filled_in(given, put(2, oordeel="Niet  overgenomen", antwoord="Dat staat er al."), put(3, gelijkluidend="almere-1"))
    before = counted(tmp_path)

    said = given(f"nota lees {blad}")

    lines = [" ".join(line.split()) for line in said.out.splitlines()]
    assert lines == [
        f"Werkblad {SHEET} bij dossier {SLUG}, gemaakt na regel 7.",
        "Rij ┃ Punt ┃ Kolom ┃ Was ┃ Wordt",
        lines[2],
        "2 │ almere-1 │ Oordeel │ │ niet overgenomen",
        "2 │ almere-1 │ Antwoord │ │ Dat staat er al.",
        "3 │ zandvoort-1 │ Gelijkluidend met │ │ almere-1",
        "Verandert: 2 punten; nieuw: 0; vervalt: 0.",
        "Er is niets geschreven; geef dezelfde opdracht met --vast en --als om dit vast te leggen.",
    ]
    assert (said.code, said.err, counted(tmp_path)) == (0, "", before)


def test_with_vast_it_is_kept_and_the_same_file_again_changes_nothing(given: Kader, tmp_path: Path) -> None:
    blad = filled_in(given, put(2, oordeel="overgenomen", antwoord="Doen wij."), put(3, gelijkluidend="almere-1"))

    said = given(f"nota lees {blad} --vast {OP}")
    before = counted(tmp_path)
    again = given(f"nota lees {blad} --vast {OP}")
    data = given(f"nota lees {blad} --vast --json {OP}").data

    assert said.code == 0 and f"Regel 8: dossier {SLUG}" in said.out
    assert points(given) == {
        "almere-1": ("Brief van de raad", "overgenomen", "Doen wij.", ""),
        "zandvoort-1": ("Meer geld voor de kust", "", "", "almere-1"),
        "diemen-1": ("=1+1", "", "", ""),
    }
    assert again.out.endswith("Er is niets geschreven, want het stond er al precies zo.\n")
    assert (data["gemaakt_na_regel"], data["wijzigingen"], data["weggelaten"], data["vervalt"], data["gedaan"]) == (7, [], [], [], None)
    assert counted(tmp_path) == before
    assert given("journaal --controleer").code == 0


def test_an_inbreng_is_split_by_adding_a_row(given: Kader) -> None:
    blad = filled_in(given, put(2, tekst="Eerste punt"), put(9, inbreng=4, tekst="Tweede punt", onderdeel="deel 2"))

    said = given(f"nota lees {blad} --vast {OP} --json")

    assert said.data["gedaan"]["nr"] == 8 and [w["punt"] for w in said.data["wijzigingen"]] == ["almere-1", "", ""]
    assert list(points(given)) == ["almere-1", "almere-2", "zandvoort-1", "diemen-1"]
    assert [tekst for tekst, *_ in points(given).values()][:2] == ["Eerste punt", "Tweede punt"]


def test_a_row_that_is_added_takes_nothing_away(given: Kader) -> None:
    blad = filled_in(given, put(9, inbreng=4, tekst="Tweede punt"))

    assert given(f"nota lees {blad} --vast {OP}").code == 0

    assert [tekst for tekst, *_ in points(given).values()][:2] == ["Brief van de raad", "Tweede punt"]


def test_a_punt_falls_away_only_when_it_is_named(given: Kader) -> None:
    assert given(f"nota lees {filled_in(given, put(9, inbreng=4, tekst='Tweede punt'), put(2, tekst='Een'))} --vast {OP}").code == 0
    blad = filled_in(given, lambda sheet: sheet.delete_rows(3), naam="korter.xlsx")

    kept = given(f"nota lees {blad} --vast {OP}")
    gone = given(f"nota lees {blad} --vast --vervalt almere-2 {OP}")

    assert "Zonder rij in dit werkblad, en dus zoals het was: almere-2." in kept.out and "stond er al precies zo" in kept.out
    assert gone.code == 0 and "Vervalt: almere-2." in gone.out and "Regel 9: " in gone.out
    assert list(points(given)) == ["almere-1", "zandvoort-1", "diemen-1"]


def test_two_people_can_work_side_by_side_but_not_on_the_same_punt(given: Kader, tmp_path: Path) -> None:
    mine = filled_in(given, put(2, oordeel="overgenomen", antwoord="Doen wij."), naam="een.xlsx")
    other = filled_in(given, put(3, oordeel="niet overgenomen", antwoord="Past niet."), naam="twee.xlsx")
    same = filled_in(given, put(2, oordeel="niet overgenomen", antwoord="Nee."), naam="drie.xlsx")

    first, second = given(f"nota lees {mine} --vast {OP}"), given(f"nota lees {other} --vast {OP}")
    before = counted(tmp_path)
    third = given(f"nota lees {same} --vast {OP}")

    assert (first.code, second.code) == (0, 0)
    assert_refused(third, "drie.xlsx")
    assert "Rij 2: punt almere-1 is intussen ook door iemand anders veranderd" in third.err and counted(tmp_path) == before
    assert [oordeel for _, oordeel, *_ in points(given).values()] == ["overgenomen", "niet-overgenomen", ""]


def test_what_comes_between_the_difference_and_the_writing_is_noticed(given: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    blad = filled_in(given, put(2, oordeel="overgenomen", antwoord="Doen wij."))
    as_it_is = notaverschil.compared

    def meanwhile(blad: Werkblad, nota: Nota, vervalt: Sequence[str]) -> tuple[Verschil, list[tuple[Rij, Refused]]]:
        assert given(f"inbreng {SLUG} --van laren {OP}").code == 0
        return as_it_is(blad, nota, vervalt)

    monkeypatch.setattr(notaverschil, "compared", meanwhile)
    said = given(f"nota lees {blad} --vast {OP}")

    assert_refused(said, blad)
    assert "is intussen bij regel 8; u zag regel 7" in said.err and points(given)["almere-1"][1] == ""


BAD: dict[str, tuple[Edit, str]] = {
    "another dossier": (origin(2, 2, "jaarplan-2028"), "jaarplan-2028"),
    "another database": (origin(3, 2, "99"), "is dit de goede database?"),
    "formula": (put(2, antwoord="=1+1"), "Rij 2: bij 'Antwoord' staat een formule"),
    "answer without oordeel": (put(2, antwoord="Ja"), "Rij 2: geef bij punt almere-1 allebei"),
    "same as what has no answer": (put(2, gelijkluidend="diemen-1"), "Rij 2: punt almere-1 verwijst naar"),
    "oordeel without answer": (put(2, oordeel="overgenomen"), "Rij 2: geef bij punt almere-1 allebei"),
    "effect without answer": (put(2, effect="Zie 3"), "Rij 2: punt almere-1 heeft een effect op het stuk en nog geen antwoord"),
    "same as itself": (put(2, gelijkluidend="almere-1"), "Rij 2: bij 'Gelijkluidend met' staat het punt zelf"),
    "own answer too": (
        lambda s: [put(row, oordeel="overgenomen", antwoord="Ja", gelijkluidend=same)(s) for row, same in ((2, "diemen-1"), (4, None))],
        "Rij 2: punt almere-1 is gelijkluidend met diemen-1 en heeft dus geen eigen antwoord",
    ),
    "too long": (put(2, antwoord="x" * 20_001, oordeel="overgenomen"), "antwoord is 20001 tekens lang"),
    "part too long": (put(2, onderdeel="x" * 101), "Rij 2: de naam van een onderdeel is 101 tekens lang"),
    "same as new without answer": (
        lambda s: [put(9, punt="nieuw-1", inbreng=4, tekst="x")(s), put(2, gelijkluidend="nieuw-1")(s)],
        "Rij 2: punt almere-1 verwijst naar nieuw-1, maar dat punt heeft zelf geen antwoord",
    ),
    "college as raad": (put(3, spreekt="raad"), "hoort 'college; geen standpunt van de raad'"),
}


@pytest.mark.parametrize("wat", BAD)
def test_a_work_sheet_that_cannot_be_kept_is_refused_in_one_sentence(given: Kader, tmp_path: Path, wat: str) -> None:
    edit, sentence = BAD[wat]
    blad = filled_in(given, edit)
    before = counted(tmp_path)

    for line in (f"nota lees {blad} --vast --json {OP}", f"nota lees {blad}"):
        said = given(line)

        assert_refused(said, wat)
        assert sentence in said.err and counted(tmp_path) == before


def test_everything_that_is_wrong_is_named_with_its_row_before_anything_is_kept(given: Kader, tmp_path: Path) -> None:
    blad = filled_in(
        given,
        put(2, gelijkluidend="zandvoort-1"),
        put(3, gelijkluidend="almere-1"),
        put(4, effect="Zie 3"),
        put(9, inbreng=99, tekst="x"),
        put(10, inbreng=4, tekst="y", antwoord="Ja"),
    )
    before = counted(tmp_path)

    said = given(f"nota lees {blad}")

    assert (said.code, said.out, counted(tmp_path)) == (2, "", before)
    assert [line.partition("; ")[0] for line in said.err.splitlines()] == [
        "Rij 2: punt almere-1 verwijst naar zichzelf, in een kring (almere-1, zandvoort-1, almere-1)",
        "Rij 3: punt zandvoort-1 verwijst naar zichzelf, in een kring (zandvoort-1, almere-1, zandvoort-1)",
        "Rij 4: punt diemen-1 heeft een effect op het stuk en nog geen antwoord",
        "Rij 9: regel 99 is geen inbreng van dit dossier",
        "Rij 10: geef bij punt (nieuw) allebei: het oordeel (overgenomen, deels of niet) en het antwoord met de reden.",
        "Er is niets geschreven, want 5 dingen in het werkblad kloppen niet.",
    ]


def test_a_punt_can_say_the_same_as_one_that_is_split_off_in_the_same_work_sheet(given: Kader) -> None:
    new = put(9, punt="nieuw-1", inbreng=4, tekst="Tweede punt", oordeel="overgenomen", antwoord="Ja")
    blad = filled_in(given, put(3, gelijkluidend="nieuw-1"), new)

    first, again = given(f"nota lees {blad} --vast {OP}"), given(f"nota lees {blad} --vast {OP}")

    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert "nieuw-1, bij regel 4" in first.out and "stond er al precies zo" in again.out
    assert points(given)["almere-2"][1:] == ("overgenomen", "Ja", "") and points(given)["zandvoort-1"][3] == "almere-2"


def test_an_inbreng_without_text_that_is_split_has_its_own_name_first(given: Kader) -> None:
    for _ in range(2):
        assert given(f"inbreng {SLUG} --van huizen --namens fractie --datum 2027-04-03 {OP}").code == 0
    nr = next(p["inbreng"] for p in given(f"nota {SLUG} --json").data["punten"] if p["punt"] == "huizen-1")

    said = given(f"nota lees {filled_in(given, put(12, inbreng=nr, tekst='Een'), put(13, inbreng=nr, tekst='Twee'))} --vast {OP}")

    assert said.code == 0, said.err
    kept = {p["punt"]: (p["inbreng"] - nr, p["tekst"]) for p in given(f"nota {SLUG} --json").data["punten"] if p["punt"] > "h"}
    assert (kept["huizen-1"], kept["huizen-2"], kept["huizen-3"]) == ((0, "Een"), (1, ""), (0, "Twee"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (f"nota {SLUG} --als odt", "'odt' is geen vorm; mogelijk is: xlsx, docx, md"),
        (f"nota {SLUG} --als xlsx --json", "Kies een van beide"),
        (f"nota {SLUG} --naar x.xlsx", "Met --naar hoort --als"),
        (f"nota {SLUG} --als docx --naar x.xlsx", "De naam 'x.xlsx' eindigt niet op .docx"),
        (f"nota {SLUG} --als docx --naar nergens/x.docx", "is niet te schrijven"),
        (f"nota {SLUG} teveel", "Er staat te veel op de regel: teveel"),
        ("nota lees nergens.xlsx", "Het bestand 'nergens.xlsx' bestaat niet"),
        ("nota lees .", "is niet te lezen"),
        ("nota lees kader.db", "is geen Excel-bestand"),
        ("nota lees", "BESTAND.xlsx ontbreekt"),
    ],
)
def test_a_line_that_cannot_be_done_says_why(given: Kader, tmp_path: Path, line: str, sentence: str) -> None:
    files = sorted(tmp_path.glob("[!k]*"))

    said = given(line)

    assert_refused(said, line)
    assert sentence in said.err and sorted(tmp_path.glob("[!k]*")) == files


def test_without_a_role_nothing_is_kept(given: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blad = filled_in(given, put(2, oordeel="overgenomen", antwoord="Ja"))
    before = counted(tmp_path)
    monkeypatch.delenv("KADER_ALS")

    said = given(f"nota lees {blad} --vast {OP}")

    assert_refused(said, blad)
    assert "--als" in said.err and counted(tmp_path) == before


def test_the_nota_loads_no_prefect_and_no_library_for_files_unless_it_needs_one(given: Kader, tmp_path: Path) -> None:
    filled_in(given)
    for line, forbidden in ((f"nota lees {SHEET}", SLOW), (f"nota {SLUG} --json", (*SLOW, "openpyxl", "docx"))):
        program = AFTERWARDS.format(words=line.split(), forbidden=forbidden)

        done = subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "KADER_MAP": str(tmp_path)}, capture_output=True, text=True
        )

        assert (done.returncode, done.stderr) == (0, "")
