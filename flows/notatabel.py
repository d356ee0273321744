"""The Nota van Beantwoording as the work sheet (xlsx) that policy staff fill in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dossiers.nota import Nota, Notapunt
from flows.opmaak import as_text
from statemachines.errors import Unusable
from statemachines.kalender import written
from statemachines.nota import Overname

BLAD, UITLEG, KENMERK = "Nota", "Uitleg", "Kenmerk"
DOSSIER, REGEL = "Dossier", "Journaal tot en met regel"
EXAMPLE_MARK = "VOORBEELD"
LONGEST_CELL = 32_767
"""Characters (UTF-16 units) in one cell; Excel cuts off what is more."""
_ROWS_TO_COME = 2_000
"""So far below the last row the list of oordelen still drops down."""
_TEXT_FORMAT = "@"
_FONT, _INK, _GREY_INK = "Calibri", "1F3864", "595959"
_LINE, _HIGHEST = 15, 405
"""Height of a line and of the highest row, in points."""
_EDGE = Border(*(Side(style="thin", color="BFBFBF"),) * 4)


@dataclass(frozen=True)
class Kolom:
    """A column: the field of a Notapunt that it holds, its heading, its width in characters, and whether people fill it in."""

    veld: str
    kop: str
    breedte: int
    vrij: bool


KOLOMMEN = (
    Kolom("punt", "Punt", 18, False),
    Kolom("inbreng", "Inbreng (regel)", 10, False),
    Kolom("van", "Van", 22, False),
    Kolom("spreekt", "Spreekt namens", 20, False),
    Kolom("tekst", "Punt van de inbreng", 50, True),
    Kolom("onderdeel", "Onderdeel", 18, True),
    Kolom("oordeel", "Oordeel", 18, True),
    Kolom("antwoord", "Antwoord", 50, True),
    Kolom("effect", "Effect op het stuk", 34, True),
    Kolom("gelijkluidend", "Gelijkluidend met", 18, True),
)


class _Fitted(RowDimension):
    """A row that begins high enough for its texts, and grows when somebody types more."""

    @property
    def customHeight(self) -> bool:
        """Whether the height is what a person chose; then it would never grow."""
        return False


def cells_of(punt: Notapunt) -> dict[str, str]:
    """What stands in the row of a punt, by field."""
    cells = {kolom.veld: as_text(str(getattr(punt, kolom.veld))) for kolom in KOLOMMEN}
    return cells | {"spreekt": "; ".join(part for part in (cells["spreekt"], "te laat ontvangen" if punt.te_laat else "") if part)}


def oordeel_label(oordeel: str) -> str:
    """An oordeel as people read it."""
    return oordeel.replace("-", " ")


def work_sheet(nota: Nota) -> bytes:
    """The work sheet as a file. Whatever a text begins with, it stays text. Raises Unusable for a text that fits in no cell."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = BLAD
    rows = [cells_of(punt) for punt in nota.punten]
    _fill(sheet, nota, rows)
    _explain(book.create_sheet(UITLEG), nota)
    _keep_origin(book.create_sheet(KENMERK), nota, rows)
    book.properties.creator = "Kaderroute"
    book.properties.title = as_text(f"Nota van Beantwoording: {nota.titel}")
    book.properties.language = "nl-NL"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, nota: Nota, rows: Sequence[dict[str, str]]) -> None:
    first = 2 if nota.voorbeeld else 1
    if nota.voorbeeld:
        _warn_of_example(sheet)
    for i, kolom in enumerate(KOLOMMEN, first):
        head = _put(sheet, 1, i, kolom.kop)
        head.font = Font(name=_FONT, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_INK if kolom.vrij else "7F7F7F")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        column = sheet.column_dimensions[get_column_letter(i)]
        column.width = kolom.breedte
        column.number_format = "0" if kolom.veld == "inbreng" else _TEXT_FORMAT
        column.alignment = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(rows, 2):
        for i, kolom in enumerate(KOLOMMEN, first):
            value = row[kolom.veld]
            cell = _put(sheet, number, i, oordeel_label(value) if kolom.veld == "oordeel" else value)
            if kolom.veld == "inbreng":
                cell.value, cell.number_format = int(value), "0"
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if kolom.veld == "inbreng" else None)
            cell.border = _EDGE
            if not kolom.vrij:
                cell.fill, cell.font = PatternFill("solid", fgColor="EDEDED"), Font(name=_FONT, color=_GREY_INK)
        sheet.row_dimensions[number] = _Fitted(sheet, index=number, ht=_height(row))
    sheet.row_dimensions[1].height = 2 * _LINE
    sheet.freeze_panes = f"{get_column_letter(first + 1)}2"
    sheet.auto_filter.ref = f"{get_column_letter(first)}1:{get_column_letter(first + len(KOLOMMEN) - 1)}{len(rows) + 1}"
    _offer_oordelen(sheet, first, len(rows) + 1 + _ROWS_TO_COME)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    voorbeeld = "VOORBEELD. " if nota.voorbeeld else ""
    footer = sheet.oddFooter
    assert footer is not None
    footer.left.text = f"{voorbeeld}Nota van Beantwoording, dossier {nota.dossier}, stand op {written(nota.stand_op).partition(' ')[2]}"
    footer.right.text = "&P van &N"


def _warn_of_example(sheet: Worksheet) -> None:
    """Says VOORBEELD in a column of its own before the others: it stays in sight, is printed on every page, and is never read back."""
    head = _put(sheet, 1, 1, EXAMPLE_MARK)
    head.font, head.fill = Font(name=_FONT, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="C00000")
    head.alignment = Alignment(vertical="center", horizontal="center")
    sheet.column_dimensions["A"].width = 13


def _height(row: Mapping[str, str]) -> int:
    """How high a row must be for all of its texts to show, roughly, in points."""
    lines = (sum(-(-len(line) // (kolom.breedte - 2)) or 1 for line in row[kolom.veld].split("\n")) for kolom in KOLOMMEN)
    return min(_HIGHEST, _LINE * max(lines))


def _offer_oordelen(sheet: Worksheet, first: int, last: int) -> None:
    offered = DataValidation(type="list", formula1=f'"{",".join(oordeel_label(o.value) for o in Overname)}"', allow_blank=True)
    offered.errorTitle, offered.error = "Oordeel", "Kies een oordeel uit de lijst, of laat de cel leeg."
    offered.showErrorMessage = True
    letter = get_column_letter(next(i for i, kolom in enumerate(KOLOMMEN, first) if kolom.veld == "oordeel"))
    offered.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(offered)


_EXPLAINED = 105
"""How many characters of the explanation fit on a line of its column."""


def _explain(sheet: Worksheet, nota: Nota) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 92
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    _put(sheet, 1, 1, "Uitleg bij dit werkblad").font = Font(name=_FONT, bold=True, size=14, color=_INK)
    for number, (wat, uitleg) in enumerate(_told(nota), 3):
        _put(sheet, number, 1, wat).font = Font(name=_FONT, bold=True)
        _put(sheet, number, 2, uitleg)
        sheet.row_dimensions[number].height = _LINE * -(-len(uitleg) // _EXPLAINED)
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _told(nota: Nota) -> Iterable[tuple[str, str]]:
    """The explanation, a row at a time: a keyword and sentences."""
    if nota.voorbeeld:
        yield "Voorbeeld", "Dit dossier rust (deels) op bedachte gegevens."
    yield "Wat is dit?", f"Het werkblad van de Nota van Beantwoording bij '{nota.titel}' (dossier {nota.dossier})."
    yield "Stand", f"Alles tot en met regel {nota.nr} van het journaal staat erin."
    yield "Het blad 'Nota'", "Elk punt van de inbreng staat op een eigen rij."
    yield "Grijze kolommen", "Verander deze niet. Daaraan is te zien bij wie een punt hoort."
    yield "Punt van de inbreng", "Wat de deelnemer zegt, in het kort. U mag de tekst korter maken."
    yield "Onderdeel", "Over welk deel van het stuk het gaat. Mag leeg blijven."
    yield "Oordeel", f"Kies uit de lijst: {', '.join(oordeel_label(o.value) for o in Overname)}. Leeg is: nog geen antwoord."
    yield "Antwoord", "Waarom. Schrijf het zo dat de raad het kan lezen."
    yield "Effect op het stuk", "Wat er in het stuk verandert. Mag leeg blijven; hoort bij een antwoord."
    yield (
        "Gelijkluidend met",
        "Zegt een ander punt hetzelfde? Zet hier de naam van dat punt, zoals almere-1. Antwoord alleen daar.",
    )
    yield (
        "Een inbreng splitsen",
        "Voeg een rij toe. Laat 'Punt' leeg (of: nieuw-1). Zet bij 'Inbreng (regel)' het getal van de inbreng. Vul de rest in.",
    )
    yield (
        "Een nieuw punt noemen",
        "Zegt een ander punt hetzelfde als een nieuw punt? Geef het nieuwe punt bij 'Punt' een naam die begint met nieuw-, zoals nieuw-1."
        " Zet die naam bij 'Gelijkluidend met' van de andere rij. Bij het vastleggen krijgt het punt zijn echte naam.",
    )
    yield "Wat mag", "Sorteren, filteren, lege rijen en eigen kolommen. Eigen kolommen worden niet gelezen."
    yield "Wat niet mag", "Formules, samengevoegde cellen, en het blad 'Kenmerk' weghalen. Schrijf geen namen van personen op."
    yield "Een rij weghalen", "Dan blijft het punt zoals het was. Moet het vervallen, zeg dat dan bij het teruglezen: --vervalt PUNT."
    yield "Klaar?", "Bewaar als xlsx en geef: kader nota lees BESTAND. U ziet eerst wat er verandert. Met --vast legt u het vast."


def _keep_origin(sheet: Worksheet, nota: Nota, rows: Sequence[dict[str, str]]) -> None:
    """What the work sheet was made from, so that reading it back can tell whose change is whose."""
    head = [("Dit blad gebruikt 'kader nota lees'; verander het niet.",), (DOSSIER, nota.dossier), (REGEL, str(nota.nr)), ()]
    table = [tuple(kolom.kop for kolom in KOLOMMEN), *(tuple(row.values()) for row in rows)]
    for number, cells in enumerate([*head, *table], 1):
        for i, text in enumerate(cells, 1):
            _put(sheet, number, i, text)
    for i in range(1, len(KOLOMMEN) + 1):
        sheet.column_dimensions[get_column_letter(i)].width = 26
    sheet.sheet_state = "hidden"


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Puts a text in a cell as nothing but text: no formula, no number, no error, no hidden character."""
    # Excel reads _x0041_ as the letter A; _x005F_ is its way to write the underscore itself.
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", as_text(text))
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        raise Unusable(f"Een tekst van {len(text)} tekens past niet in een cel van Excel; kies --als docx of md, of splits de inbreng.")
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    cell.value = text
    cell.data_type = "s"
    cell.number_format = _TEXT_FORMAT
    cell.quotePrefix = True
    return cell
