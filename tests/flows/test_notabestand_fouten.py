"""Work sheets of the Nota van Beantwoording in which something cannot be read or kept: each row that is wrong is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.notatabel import KENMERK
from statemachines.errors import Refused
from tests.flows.test_notabestand import Edit, blad, column, difference, edited, put

__all__ = ["blad"]


def rename(kop: str, naar: str) -> Edit:
    return lambda sheet: sheet.cell(1, column(sheet, kop), naar)


def origin(row: int, column: int, value: str) -> Edit:
    """Changes a cell of the sheet Kenmerk."""
    return lambda sheet: book_of(sheet)[KENMERK].cell(row, column, value)


def without(naam: str) -> Edit:
    return lambda sheet: book_of(sheet).remove(book_of(sheet)[naam])


def book_of(sheet: Worksheet) -> Workbook:
    assert sheet.parent is not None
    return sheet.parent


BAD: dict[str, tuple[Edit, str]] = {
    "formula": (put(3, antwoord="=A1&B1"), "Rij 3: bij 'Antwoord' staat een formule"),
    "formula in new row": (put(9, inbreng="=5", tekst="x"), "Rij 9: bij 'Inbreng (regel)' staat een formule"),
    "error": (put(3, tekst="#REF!"), "Rij 3: bij 'Punt van de inbreng' staat een fout (#REF!)"),
    "date": (put(4, onderdeel=date(2027, 3, 12)), "Rij 4: bij 'Onderdeel' staat een datum"),
    "number": (put(4, onderdeel=3), "Rij 4: bij 'Onderdeel' staat een getal"),
    "boolean": (put(4, antwoord=True), "Rij 4: bij 'Antwoord' staat een getal of waar/onwaar"),
    "merged": (lambda s: s.merge_cells("H3:H4"), "Rij 3: hier zijn cellen samengevoegd (H3:H4)"),
    "missing column": (rename("Antwoord", "Reactie"), "ontbreekt de kolom 'Antwoord'"),
    "missing columns": (lambda s: s.delete_rows(1), "ontbreekt de kolommen 'Punt', 'Inbreng (regel)'"),
    "column twice": (lambda s: s.cell(1, 12, "antwoord"), "Rij 1: de kolom 'Antwoord' staat er twee keer"),
    "empty sheet": (lambda s: s.delete_rows(1, 9), "ontbreekt de kolommen"),
    "unknown punt": (put(3, punt="almere-99"), "Rij 3: 'almere-99' is geen punt van dit werkblad"),
    "punt twice": (put(3, punt="Almere-1"), "Rij 3: punt almere-1 staat ook op rij 2"),
    "oordeel": (put(3, oordeel="misschien"), "Rij 3: 'misschien' is geen oordeel; mogelijk is: overgenomen, deels overgenomen, niet"),
    "no punt and no inbreng": (put(9, tekst="Los punt"), "Rij 9: vul bij 'Inbreng (regel)' in"),
    "inbreng is no number": (put(9, tekst="x", inbreng="vijf"), "Rij 9: bij 'Inbreng (regel)' staat 'vijf'"),
    "inbreng is half": (put(9, tekst="x", inbreng=5.5), "Rij 9: regel 5.5 is geen inbreng van dit dossier; wel: 5, 6, 7"),
    "inbreng of nobody": (put(9, tekst="x", inbreng=4), "Rij 9: regel 4 is geen inbreng van dit dossier; wel: 5, 6, 7"),
    "new row of another": (put(9, tekst="x", inbreng=5, van="gemeenteraad van Diemen"), "Rij 9: regel 5 is van 'gemeenteraad van Almere'"),
    "new row without text": (put(9, inbreng=5, onderdeel="x"), "Rij 9: 'Punt van de inbreng' is leeg"),
    "new row twice": (lambda s: [put(n, inbreng=5, tekst="x")(s) for n in (9, 11)], "Rij 11 is gelijk aan rij 9"),
    "text emptied": (put(3, tekst=None), "Rij 3: 'Punt van de inbreng' is leeg"),
    "same as nothing": (put(3, gelijkluidend="laren-1"), "Rij 3: 'laren-1' bij 'Gelijkluidend met' is geen punt"),
    "shifted van": (put(3, van="gemeenteraad van Diemen"), "Rij 3: bij 'Van' hoort 'gemeenteraad van Almere'"),
    "shifted inbreng": (put(3, inbreng=6), "Rij 3: bij 'Inbreng (regel)' hoort '5' en er staat '6'"),
    "college as raad": (put(5, spreekt="raad"), "Rij 5: bij 'Spreekt namens' hoort 'college; geen standpunt van de raad'"),
    "same as itself": (put(3, gelijkluidend="almere-2"), "Rij 3: bij 'Gelijkluidend met' staat het punt zelf"),
    "same as itself, new": (put(9, punt="nieuw-1", inbreng=5, tekst="x", gelijkluidend="nieuw-1"), "staat het punt zelf"),
    "same as no new row": (put(3, gelijkluidend="nieuw-1"), "Rij 3: 'nieuw-1' bij 'Gelijkluidend met' is geen punt van dit dossier"),
    "inbreng is endless": (put(9, tekst="x", inbreng="9" * 5000), "Rij 9: bij 'Inbreng (regel)' staat '999"),
    "kenmerk is endless": (origin(3, 2, "9" * 5000), "Het blad 'Kenmerk' in 'nota.xlsx' is veranderd"),
    "no kenmerk": (without(KENMERK), "ontbreekt het blad 'Kenmerk'"),
    "kenmerk without number": (origin(3, 2, "negen"), "Het blad 'Kenmerk' in 'nota.xlsx' is veranderd"),
    "kenmerk without table": (origin(5, 1, "x"), "Het blad 'Kenmerk' in 'nota.xlsx' is veranderd"),
    "from the future": (origin(3, 2, "10"), "is gemaakt na regel 10 van dossier nota-2027, maar dat is hier pas bij regel 9"),
}


@pytest.mark.parametrize("wat", BAD)
def test_a_row_that_cannot_be_read_is_named_in_one_sentence(blad: Path, wat: str) -> None:
    edit, sentence = BAD[wat]
    edited(blad, edit)

    with pytest.raises(Refused) as refused:
        difference(blad)

    assert sentence in str(refused.value) and str(refused.value).endswith((".", "?")) and "\n" not in str(refused.value)
