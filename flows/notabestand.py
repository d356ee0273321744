"""The work sheet of the Nota van Beantwoording as it comes back from policy staff: what it says, row by row."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from flows.notatabel import BLAD, DOSSIER, KENMERK, KOLOMMEN, REGEL
from flows.opmaak import as_text
from statemachines.errors import Unusable
from statemachines.nota import Overname

LARGEST = 50_000_000
"""Bytes that a work sheet may be, packed and unpacked."""
_HEAD_WITHIN = 20
"""The headings stand in one of the first rows."""


@dataclass(frozen=True)
class Rij:
    """A filled row: its number as people see it, and its texts by the field of a Notapunt."""

    nr: int
    tekst: Mapping[str, str]


@dataclass(frozen=True)
class Werkblad:
    """A work sheet as it came back; ``eerst`` is what each punt was when it was made, after entry ``nr`` of the dossier."""

    bestand: str
    dossier: str
    nr: int
    eerst: Mapping[str, Mapping[str, str]]
    rijen: tuple[Rij, ...]


def read_work_sheet(path: Path) -> Werkblad:
    """Reads a work sheet, in whatever order and with whatever columns and blank rows between.

    Raises Unusable for a file that is no work sheet, and for cells that are no text: a line for each row that has one.
    """
    book = _load(path)
    for naam in (BLAD, KENMERK):
        if naam not in book.sheetnames or not isinstance(book[naam], Worksheet):
            raise Unusable(f"In '{path.name}' ontbreekt het blad '{naam}'; maak het werkblad opnieuw met 'kader nota DOSSIER --als xlsx'.")
    dossier, nr, eerst = _origin(book[KENMERK], path.name)
    rijen = tuple(_rows(book[BLAD], path.name))
    seen: dict[str, int] = {}
    for rij in rijen:
        if (punt := rij.tekst["punt"]) and (first := seen.setdefault(punt, rij.nr)) != rij.nr:
            raise Unusable(f"Rij {rij.nr}: punt {punt} staat ook op rij {first}; maak 'Punt' leeg als dit een nieuw punt is.")
    return Werkblad(path.name, dossier, nr, eerst, rijen)


def _load(path: Path) -> Workbook:
    if not path.exists():
        raise Unusable(f"Het bestand '{path.name}' bestaat niet.")
    try:
        if (size := path.stat().st_size) <= LARGEST:
            content = BytesIO(path.read_bytes())
    except OSError as error:
        raise Unusable(f"Het bestand '{path.name}' is niet te lezen ({type(error).__name__}).") from None
    try:
        if size <= LARGEST:
            size = sum(part.file_size for part in ZipFile(content).infolist())
        if size <= LARGEST:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return load_workbook(content)
    except Exception as error:  # openpyxl fails in many ways on a file that is no work sheet
        kind = type(error).__name__
        raise Unusable(
            f"'{path.name}' is geen Excel-bestand (xlsx), of het is beschadigd of beveiligd met een wachtwoord ({kind})."
        ) from error
    raise Unusable(f"'{path.name}' is uitgepakt {size // 1_000_000} MB; een werkblad van een Nota is hoogstens {LARGEST // 1_000_000} MB.")


def _origin(sheet: Worksheet, bestand: str) -> tuple[str, int, dict[str, dict[str, str]]]:
    """What the sheet Kenmerk says: the dossier, its entry, and the punten as they were."""
    rows = [[_bare(cell) for cell in row] for row in sheet.iter_rows(max_col=len(KOLOMMEN), max_row=min(sheet.max_row, 100_000))]
    said = {row[0]: row[1] for row in rows[:4]}
    begin = next((i for i, row in enumerate(rows) if row == [kolom.kop for kolom in KOLOMMEN]), None)
    if begin is None or not said.get(DOSSIER) or not re.fullmatch(r"[0-9]{1,9}", said.get(REGEL, "")):
        raise Unusable(f"Het blad '{KENMERK}' in '{bestand}' is veranderd; maak het werkblad opnieuw en neem uw tekst daarin over.")
    fields = [kolom.veld for kolom in KOLOMMEN]
    punten = {row[0]: dict(zip(fields, row, strict=True)) for row in rows[begin + 1 :] if row[0]}
    return said[DOSSIER], int(said[REGEL]), punten


def _bare(cell: Cell | MergedCell) -> str:
    return _unescaped(str(cell.value)) if cell.value is not None else ""


def _unescaped(text: str) -> str:
    """A text without the codes in which Excel writes characters."""
    return as_text(re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text))


def _rows(sheet: Worksheet, bestand: str) -> Iterator[Rij]:
    # Only cells that exist: iter_rows would make a million empty ones for a sheet that is formatted to its end.
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        if isinstance(cell, Cell):
            rows.setdefault(row, {})[column] = cell
    wrong: list[str] = []
    head, columns = _heading(rows, bestand)
    _refuse_merged(sheet, head, set(columns.values()))
    for nr, cells in rows.items():
        if nr > head:
            here = {kolom.veld: cells.get(columns[kolom.veld]) for kolom in KOLOMMEN}
            try:
                tekst = {kolom.veld: _text(here[kolom.veld], nr, kolom.veld, kolom.kop) for kolom in KOLOMMEN}
            except Unusable as refusal:
                wrong.append(str(refusal))
                continue
            if any(tekst.values()):
                yield Rij(nr, tekst)
    if wrong:
        raise Unusable("\n".join(wrong))


def _heading(rows: Mapping[int, Mapping[int, Cell]], bestand: str) -> tuple[int, dict[str, int]]:
    """The row of the headings, and the column of each field."""
    wanted = {kolom.kop.casefold(): kolom for kolom in KOLOMMEN}
    found: dict[int, list[tuple[str, int]]] = {
        nr: [(wanted[kop].veld, i) for i, cell in cells.items() if (kop := _bare(cell).casefold()) in wanted]
        for nr, cells in list(rows.items())[:_HEAD_WITHIN]
    }
    head = max(found, key=lambda nr: len(found[nr]), default=0)
    columns = dict(found.get(head, ()))
    missing = [f"'{kolom.kop}'" for kolom in KOLOMMEN if kolom.veld not in columns]
    if missing:
        wat = f"de kolom {missing[0]}" if len(missing) == 1 else f"de kolommen {', '.join(missing)}"
        raise Unusable(f"Op het blad '{BLAD}' in '{bestand}' ontbreekt {wat}; zet de koppen terug zoals ze waren.")
    twice = next((kolom.kop for kolom in KOLOMMEN if [veld for veld, _ in found[head]].count(kolom.veld) > 1), None)
    if twice:
        raise Unusable(f"Rij {head}: de kolom '{twice}' staat er twee keer; geef uw eigen kolom een andere naam.")
    return head, columns


def _refuse_merged(sheet: Worksheet, head: int, columns: set[int]) -> None:
    for merged in sorted(sheet.merged_cells.ranges, key=lambda r: r.min_row):
        if merged.max_row >= head and columns & set(range(merged.min_col, merged.max_col + 1)):
            raise Unusable(f"Rij {merged.min_row}: hier zijn cellen samengevoegd ({merged.coord}); splits ze, want elke rij is een punt.")


def _text(cell: Cell | None, nr: int, veld: str, kop: str) -> str:
    """What a cell says, in the words that a Notapunt uses. Raises Unusable for what is no text."""
    if cell is None or cell.value is None:
        return ""
    match cell.data_type:
        case "f":
            _refuse(nr, kop, "staat een formule", "typ de tekst zelf")
        case "e":
            _refuse(nr, kop, f"staat een fout ({cell.value})", "typ de tekst zelf")
        case "d":
            _refuse(nr, kop, "staat een datum", "maak de cel op als tekst en typ hem opnieuw")
        case "n" if veld == "inbreng":
            return str(int(number)) if (number := float(str(cell.value))).is_integer() else str(number)
        case "n" | "b":
            _refuse(nr, kop, "staat een getal of waar/onwaar", "maak de cel op als tekst en typ hem opnieuw")
    text = _unescaped(str(cell.value))
    if veld == "oordeel" and text:
        oordeel = "-".join(re.split(r"[\s-]+", text.lower()))
        if oordeel not in [o.value for o in Overname]:
            possible = ", ".join(o.value.replace("-", " ") for o in Overname)
            raise Unusable(f"Rij {nr}: '{text[:80]}' is geen oordeel; mogelijk is: {possible}.")
        return oordeel
    if veld in ("punt", "gelijkluidend"):
        return text.lower()
    if veld == "inbreng" and text and not re.fullmatch(r"[0-9]{1,9}", text):
        _refuse(nr, kop, f"staat '{text[:80]}'", "dat is een regel van het journaal, een getal")
    return text


def _refuse(nr: int, kop: str, wat: str, wel: str) -> NoReturn:
    raise Unusable(f"Rij {nr}: bij '{kop}' {wat}; {wel}.")
