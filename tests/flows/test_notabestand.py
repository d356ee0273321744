"""The work sheet of the Nota van Beantwoording: what people write in it stays text, and what they change comes back by punt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from dossiers.nota import Nota, Notapunt
from flows import notabestand
from flows.notabestand import Werkblad, read_work_sheet
from flows.notastuk import as_docx, as_markdown
from flows.notatabel import KENMERK, KOLOMMEN, LONGEST_CELL, UITLEG, work_sheet
from flows.notaverschil import Verschil, compare
from statemachines.errors import JournalMovedOn, Unusable

DANGEROUS = ('=HYPERLINK("http://x.example")', "+1", "-1", "@SOM(1)", "\t=1+1", "#N/B", "TRUE", "12-3-2027", "_x0041_", "007", "{=1}")
Edit = Callable[[Worksheet], object]


def a_punt(punt: str = "almere-1", **changes: Any) -> Notapunt:
    wie = punt.rpartition("-")[0]
    fields = {
        "inbreng": 5,
        "orgaan": f"raad-{wie}",
        "van": f"gemeenteraad van {wie.capitalize()}",
        "spreekt": "raad",
        "tekst": "Betrek raden eerder.",
        **dict.fromkeys(("onderdeel", "oordeel", "antwoord", "effect", "gelijkluidend"), ""),
        "te_laat": False,
    }
    return Notapunt(punt=punt, **{**fields, **changes})


def a_nota(*punten: Notapunt, **changes: Any) -> Nota:
    found = punten or (
        a_punt(
            onderdeel="deel 3", oordeel="deels-overgenomen", antwoord="Stukken komen eerder.\n\nEen ronde extra past niet.", effect="Zie 3"
        ),
        a_punt("almere-2", tekst="Noem de IJmeerlijn."),
        a_punt("diemen-1", inbreng=6, gelijkluidend="almere-1"),
        a_punt(
            "zandvoort-1",
            inbreng=7,
            van="college van B en W van Zandvoort",
            spreekt="college; geen standpunt van de raad",
            tekst="Meer geld voor de kust.",
        ),
    )
    fields: dict[str, Any] = {
        "dossier": "nota-2027",
        "titel": "Nota 2027",
        "route": "Nota",
        "nr": 9,
        "stil": ("gemeenteraad van Laren",),
        "open": ("almere-2", "zandvoort-1"),
        "voorbeeld": False,
        "stand_op": date(2027, 6, 1),
    }
    return Nota(punten=found, **{**fields, **changes})


def column(sheet: Worksheet, kop: str) -> int:
    return next(i for i in range(1, sheet.max_column + 1) if sheet.cell(1, i).value == kop)


def put(row: int, **values: Any) -> Edit:
    """Types values in a row, by the field of a Notapunt."""
    koppen = {kolom.veld: kolom.kop for kolom in KOLOMMEN}

    def edit(sheet: Worksheet) -> None:
        for veld, value in values.items():
            sheet.cell(row, column(sheet, koppen[veld])).value = value

    return edit


def edited(path: Path, *edits: Edit) -> Path:
    """The work sheet after somebody worked in it."""
    book = load_workbook(path)
    for edit in edits:
        edit(book["Nota"])
    book.save(path)
    return path


@pytest.fixture
def blad(tmp_path: Path) -> Path:
    path = tmp_path / "nota.xlsx"
    path.write_bytes(work_sheet(a_nota()))
    return path


def difference(path: Path, nota: Nota | None = None, vervalt: tuple[str, ...] = ()) -> Verschil:
    return compare(read_work_sheet(path), nota or a_nota(), vervalt)


def changes(verschil: Verschil) -> list[tuple[int, str, str, str, str]]:
    return [(w.rij, w.punt, w.kolom, w.was, w.wordt) for w in verschil.wijzigingen]


def test_the_work_sheet_shows_each_punt_once_and_offers_the_oordelen(blad: Path) -> None:
    book = load_workbook(blad)
    sheet = book["Nota"]

    rows = list(sheet.iter_rows(values_only=True))
    (offered,) = sheet.data_validations.dataValidation

    assert rows[0] == tuple(kolom.kop for kolom in KOLOMMEN)
    assert [(row[0], row[1], row[6], row[9]) for row in rows[1:]] == [
        ("almere-1", 5, "deels overgenomen", None),
        ("almere-2", 5, None, None),
        ("diemen-1", 6, None, "almere-1"),
        ("zandvoort-1", 7, None, None),
    ]
    assert offered.formula1 == '"overgenomen,deels overgenomen,niet overgenomen"' and "G2" in offered.sqref
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:J5")
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows(min_row=2) for cell in row)
    assert sheet["A2"].fill.fgColor.rgb != sheet["E2"].fill.fgColor.rgb
    assert (book[KENMERK].sheet_state, book[UITLEG].sheet_state) == ("hidden", "visible")
    assert "voor" not in str(book[UITLEG]["A3"].value).lower() and "nota-2027" in str(book[UITLEG]["B3"].value)


def test_a_row_is_high_enough_for_its_texts_and_grows_when_somebody_types_more(blad: Path) -> None:
    packed = ZipFile(blad).read("xl/worksheets/sheet1.xml").decode()

    assert '<row r="2" ht="45">' in packed


@pytest.mark.parametrize("tekst", DANGEROUS)
def test_whatever_a_text_begins_with_it_stays_text_in_every_file(tmp_path: Path, tekst: str) -> None:
    nota = a_nota(a_punt(tekst=tekst, onderdeel=tekst, antwoord=tekst, oordeel="overgenomen", effect=tekst, van=tekst), titel=tekst)
    (tmp_path / "nota.xlsx").write_bytes(work_sheet(nota))

    book = load_workbook(tmp_path / "nota.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    document = Document(BytesIO(as_docx(nota)))

    assert {cell.data_type for cell in cells if cell.value != 5} == {"s"} and all(cell.quotePrefix for cell in cells if cell.value != 5)
    assert tekst.strip() in [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Quote"]
    assert not difference(tmp_path / "nota.xlsx", nota).wijzigingen


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_unchanged_work_sheet_changes_nothing_whatever_people_wrote(
    tmp_path_factory: pytest.TempPathFactory, een: str, twee: str
) -> None:
    nota = a_nota(a_punt(tekst=een, effect=twee), a_punt("almere-2", tekst=twee, onderdeel=een), titel=een, stil=(twee,))
    path = tmp_path_factory.getbasetemp() / "hypothesis.xlsx"
    path.write_bytes(work_sheet(nota))

    verschil = difference(path, nota)
    as_docx(nota), as_markdown(nota)

    assert (verschil.wijzigingen, verschil.regels, verschil.weggelaten) == ((), (), ())


def test_a_text_that_fits_in_no_cell_is_refused_before_it_is_cut_off() -> None:
    with pytest.raises(Unusable, match="past niet in een cel van Excel"):
        work_sheet(a_nota(a_punt(tekst="\U0001f6a2" * (LONGEST_CELL // 2 + 1))))


def test_only_what_somebody_changed_comes_back(blad: Path) -> None:
    edited(blad, put(3, oordeel="Niet  overgenomen ", antwoord=" Dat staat elders. ", effect="="), put(5, onderdeel="deel 1"))
    load = load_workbook(blad)
    load["Nota"]["I3"].data_type = "s"
    load.save(blad)

    verschil = difference(blad)

    assert changes(verschil) == [
        (3, "almere-2", "Oordeel", "", "niet-overgenomen"),
        (3, "almere-2", "Antwoord", "", "Dat staat elders."),
        (3, "almere-2", "Effect op het stuk", "", "="),
        (5, "zandvoort-1", "Onderdeel", "", "deel 1"),
    ]
    assert [(r.punt, r.inbreng, r.oordeel, r.antwoord) for r in verschil.regels] == [
        ("almere-2", 5, "niet-overgenomen", "Dat staat elders."),
        ("zandvoort-1", 7, "", ""),
    ]
    assert (verschil.veranderd, verschil.nieuw, verschil.weggelaten) == (2, 0, ())


def reversed_with_own_columns(sheet: Worksheet) -> None:
    """Sorts the other way round, with blank rows between, own columns before and among, and a title above."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    sheet.delete_rows(1, sheet.max_row)
    sheet.append(["Werkblad van Jan Voorbeeld", *[None] * 11])
    for row in [rows[0], *rows[:0:-1]]:
        sheet.append(["Wie doet het?" if row is rows[0] else "ik", *row[:5], date(2027, 3, 1), *row[5:]])
        sheet.append([])
        sheet.append(["alleen een eigen aantekening"])
    sheet.row_dimensions[8].hidden = True
    sheet.cell(100_000, 2).value = "   "


def test_sorting_filtering_own_columns_and_blank_rows_change_nothing(blad: Path) -> None:
    edited(blad, reversed_with_own_columns)

    verschil = difference(blad)

    assert (verschil.wijzigingen, verschil.regels, verschil.weggelaten) == ((), (), ())


def test_line_ends_and_codes_of_another_program_change_nothing(blad: Path) -> None:
    edited(blad, put(2, antwoord="Stukken komen eerder._x000D_\n\r\nEen ronde extra past niet.\r\n"))

    assert not difference(blad).wijzigingen


def test_what_another_program_adds_to_the_file_is_left_aside_without_a_warning(blad: Path, tmp_path: Path) -> None:
    own = '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    with ZipFile(blad) as packed, ZipFile(tmp_path / "excel.xlsx", "w") as added:
        for name in packed.namelist():
            content = packed.read(name)
            added.writestr(name, content.replace(b"</worksheet>", own.encode()) if name.endswith("sheet1.xml") else content)

    with catch_warnings():
        simplefilter("error")
        verschil = difference(tmp_path / "excel.xlsx")

    assert not verschil.wijzigingen


def test_a_code_of_excel_that_somebody_wrote_stays_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "nota.xlsx").write_bytes(work_sheet(a_nota(a_punt(tekst="Zie _x0041_ hier"))))

    cell = load_workbook(tmp_path / "nota.xlsx")["Nota"]["E2"]

    assert cell.value == "Zie _x005F_x0041_ hier"
    assert read_work_sheet(tmp_path / "nota.xlsx").rijen[0].tekst["tekst"] == "Zie _x0041_ hier"


def test_a_row_without_punt_splits_an_inbreng_and_sends_what_was_there_along(blad: Path) -> None:
    edited(blad, put(9, inbreng="7", tekst="Derde punt", gelijkluidend="ALMERE-1"))

    verschil = difference(blad)

    assert changes(verschil) == [(9, "", "Punt van de inbreng", "", "Derde punt"), (9, "", "Gelijkluidend met", "", "almere-1")]
    assert [(r.punt, r.inbreng, r.tekst) for r in verschil.regels] == [
        ("zandvoort-1", 7, "Meer geld voor de kust."),
        ("", 7, "Derde punt"),
    ]
    assert (verschil.veranderd, verschil.nieuw) == (0, 1)


def test_a_work_sheet_read_again_adds_nothing_twice(blad: Path) -> None:
    edited(blad, put(9, inbreng=7, tekst="Derde punt"), put(3, onderdeel="deel 1"))
    punten = [replace(punt, onderdeel="deel 1") if punt.punt == "almere-2" else punt for punt in a_nota().punten]

    verschil = difference(blad, a_nota(*punten, a_punt("zandvoort-2", inbreng=7, tekst="Derde punt"), nr=10))

    assert (verschil.wijzigingen, verschil.regels) == ((), ())


def test_a_new_row_can_have_a_name_that_other_rows_refer_to(blad: Path) -> None:
    edited(
        blad,
        put(3, gelijkluidend="nieuw-1"),
        put(9, punt="Nieuw-1", inbreng=7, tekst="Derde punt", oordeel="overgenomen", antwoord="Ja"),
    )
    kept = a_punt("zandvoort-2", inbreng=7, tekst="Derde punt", oordeel="overgenomen", antwoord="Ja")
    same = [replace(punt, gelijkluidend="zandvoort-2") if punt.punt == "almere-2" else punt for punt in a_nota().punten]

    first, again = difference(blad), difference(blad, a_nota(*same, kept, nr=10))

    assert (first.veranderd, first.nieuw) == (1, 1) and {(w.punt, w.naam) for w in first.wijzigingen} == {("almere-2", ""), ("", "nieuw-1")}
    assert [(r.punt, r.naam, r.gelijkluidend, r.rij) for r in first.regels if r.rij] == [
        ("almere-2", "", "nieuw-1", 3),
        ("", "nieuw-1", "", 9),
    ]
    assert (again.wijzigingen, again.regels) == ((), ())


def test_every_row_that_cannot_be_kept_is_named_at_once(blad: Path) -> None:
    edited(blad, put(3, tekst=None), put(4, inbreng=7))

    with pytest.raises(Unusable, match=r"^Rij 3: .*leeg.*\nRij 4: .*staat vast.*$"):
        difference(blad)

    edited(blad, put(3, oordeel="prima"), put(4, antwoord=True))
    with pytest.raises(Unusable, match=r"^Rij 3: 'prima' is geen oordeel.*\nRij 4: bij 'Antwoord'.*$"):
        difference(blad)


def test_a_punt_without_a_row_stays_unless_somebody_says_that_it_falls_away(blad: Path) -> None:
    edited(blad, lambda sheet: sheet.delete_rows(3))

    kept, gone = difference(blad), difference(blad, vervalt=("almere-2", "almere-2"))

    assert (kept.regels, kept.weggelaten, kept.vervalt) == ((), ("almere-2",), ())
    assert (gone.regels, gone.weggelaten, gone.vervalt) == ((), (), ("almere-2",))
    for punt, sentence in {"diemen-1": "Rij 3: punt diemen-1 staat nog", "laren-1": "'laren-1' is geen punt van dit werkblad"}.items():
        with pytest.raises(Unusable, match=sentence):
            difference(blad, vervalt=(punt,))


def changed_since(**fields: Any) -> Nota:
    punten = [replace(punt, **fields) if punt.punt == "almere-2" else punt for punt in a_nota().punten]
    return a_nota(*punten, nr=10)


def test_who_changed_the_same_punt_meanwhile_is_not_overwritten(blad: Path) -> None:
    edited(blad, put(3, onderdeel="deel 1"))
    gone = a_nota(*(punt for punt in a_nota().punten if punt.punt != "almere-2"), nr=10)

    for moved in (changed_since(antwoord="Al beantwoord"), changed_since(inbreng=8), gone):
        with pytest.raises(JournalMovedOn, match=r"Rij 3: punt almere-2 is intussen ook door iemand anders veranderd.*regel 9.*regel 10"):
            difference(blad, moved)

    edited(blad, lambda sheet: sheet.delete_rows(3))
    with pytest.raises(JournalMovedOn, match="Punt almere-2 is intussen"):
        difference(blad, changed_since(antwoord="Al beantwoord"), vervalt=("almere-2",))


def test_what_somebody_else_changed_in_other_punten_stays(blad: Path) -> None:
    edited(blad, put(5, onderdeel="deel 1"))

    verschil = difference(blad, changed_since(antwoord="Al beantwoord", oordeel="overgenomen"))

    assert [regel.punt for regel in verschil.regels] == ["zandvoort-1"]


def test_a_file_that_is_no_work_sheet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {name: tmp_path / name for name in ("tekst.xlsx", "wachtwoord.xlsx", "stuk.xlsx", "zip.xlsx", "leeg.xlsx", "groot.xlsx")}
    files["tekst.xlsx"].write_text("Punt;Antwoord")
    files["wachtwoord.xlsx"].write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    files["stuk.xlsx"].write_bytes(as_docx(a_nota()))
    with ZipFile(files["zip.xlsx"], "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types")
    Workbook().save(files["leeg.xlsx"])
    files["groot.xlsx"].write_bytes(work_sheet(a_nota()))

    def said(path: Path) -> str:
        with pytest.raises(Unusable) as refused:
            read_work_sheet(path)
        return str(refused.value)

    assert said(tmp_path / "nergens.xlsx") == "Het bestand 'nergens.xlsx' bestaat niet."
    assert "is niet te lezen" in said(tmp_path)
    for name in ("tekst.xlsx", "wachtwoord.xlsx", "stuk.xlsx", "zip.xlsx"):
        assert said(files[name]).startswith(f"'{name}' is geen Excel-bestand (xlsx), of het is beschadigd")
    assert "ontbreekt het blad 'Nota'" in said(files["leeg.xlsx"])
    monkeypatch.setattr(notabestand, "LARGEST", 1_000)
    assert "hoogstens 0 MB" in said(files["groot.xlsx"])


def test_reading_says_which_dossier_and_entry_a_work_sheet_was_made_from(blad: Path) -> None:
    found = read_work_sheet(blad)

    assert isinstance(found, Werkblad)
    assert (found.dossier, found.nr, list(found.eerst)) == ("nota-2027", 9, ["almere-1", "almere-2", "diemen-1", "zandvoort-1"])


def test_every_line_of_the_explanation_has_room(blad: Path) -> None:
    sheet = load_workbook(blad)[UITLEG]

    told = [(str(text), sheet.row_dimensions[row].height) for row in range(3, sheet.max_row + 1) if (text := sheet.cell(row, 2).value)]

    one = min(height for _, height in told)
    assert any(len(text) > 200 for text, _ in told)
    assert all(height >= one * -(-len(text) // 110) for text, height in told)
