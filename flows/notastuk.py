"""The Nota van Beantwoording as people read it: a document (docx), and the same in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from dossiers.nota import Nota, Notapunt
from flows.markdown import as_text, markdown_table, plain
from flows.notatabel import oordeel_label
from flows.word import a_document, mark
from statemachines.nota import Overname

TITEL = "Nota van Beantwoording"
NO_ANSWER, NOT_ANSWERED = "nog geen antwoord", "niet apart beantwoord"
SILENT = "Geen reactie ontvangen"


@dataclass(frozen=True)
class Puntstuk:
    """One punt as it is read: what was said, and labelled lines about what was done with it."""

    kop: str
    tekst: str
    regels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Deel:
    """What one deelnemer said through one speaker."""

    kop: str
    punten: tuple[Puntstuk, ...]
    telling: tuple[int, ...]
    """How many punten, and of these how many of each Overname, and how many that still lack an answer."""


def parts(nota: Nota) -> tuple[Deel, ...]:
    """The Nota per deelnemer and speaker, in the order of its punten."""
    known = {punt.punt: punt for punt in nota.punten}
    groups: dict[tuple[str, str], list[Notapunt]] = {}
    for punt in nota.punten:
        groups.setdefault((punt.orgaan, who(punt)), []).append(punt)
    return tuple(
        Deel(kop[:1].upper() + kop[1:], tuple(_piece(punt, nota, known) for punt in punten), _counted(punten, nota, known))
        for (_, kop), punten in groups.items()
    )


def _counted(punten: Sequence[Notapunt], nota: Nota, known: Mapping[str, Notapunt]) -> tuple[int, ...]:
    oordelen = [known.get(punt.gelijkluidend, punt).oordeel for punt in punten]
    return len(punten), *(oordelen.count(o) for o in Overname), sum(punt.punt in nota.open for punt in punten)


def who(punt: Notapunt) -> str:
    """Who said a punt. A college, commissie or fractie comes before its raad, so that nobody takes it for the raad."""
    spreker, _, niet = punt.spreekt.partition("; ")
    if niet:
        return f"{spreker}, via {punt.van} ({niet})"
    return f"{punt.van} ({spreker})" if spreker else punt.van


def _piece(punt: Notapunt, nota: Nota, known: Mapping[str, Notapunt]) -> Puntstuk:
    kop = f"Punt {punt.punt}" + (f", over {punt.onderdeel}" if punt.onderdeel else "") + (" (te laat ontvangen)" if punt.te_laat else "")
    carrier = known.get(punt.gelijkluidend)
    if carrier is not None:
        own = "" if as_text(carrier.tekst) == as_text(punt.tekst) else punt.tekst
        return Puntstuk(kop, own, (("Gelijkluidend met", f"punt {carrier.punt} van {who(carrier)}; het antwoord staat daar"),))
    others = "; ".join(f"punt {p.punt} van {who(p)}" for p in nota.punten if p.gelijkluidend == punt.punt)
    regels = (
        ("Ook ingebracht als", others),
        ("Oordeel", oordeel_label(punt.oordeel) or (NO_ANSWER if punt.punt in nota.open else NOT_ANSWERED)),
        ("Antwoord", punt.antwoord),
        ("Effect op het stuk", punt.effect),
    )
    return Puntstuk(kop, punt.tekst, tuple((label, text) for label, text in regels if text))


def _opening(nota: Nota) -> Iterator[str]:
    """What this is, as sentences."""
    yield f"Dit is de Nota van Beantwoording bij '{nota.titel}' (dossier {nota.dossier}, {nota.route})."
    yield (
        "Hierin staat per deelnemer wat er is ingebracht, wat daarmee is gedaan en waarom."
        " Brachten meer deelnemers hetzelfde punt in, dan staat het antwoord er een keer."
    )
    yield "Bij elke deelnemer staat wie er spreekt. Inbreng van een college, commissie of fractie is geen standpunt van de raad of Staten."
    if nota.open:
        heeft = "1 punt heeft" if len(nota.open) == 1 else f"{len(nota.open)} punten hebben"
        yield f"Dit is een concept: {heeft} nog geen antwoord."
    yield f"Stand na regel {nota.nr} van het journaal."


def _silence(nota: Nota) -> str:
    return f"Tot en met regel {nota.nr} is van deze deelnemers geen reactie ontvangen. Dat is geen instemming en geen afwijzing."


EXAMPLE = "Voorbeeld: dit dossier rust (deels) op bedachte gegevens."
_NOTHING = "Er is geen inbreng om te beantwoorden."
_HEAD = ("Wie", "Punten", *(oordeel_label(o.value).capitalize() for o in Overname), "Nog zonder antwoord")


def as_markdown(nota: Nota) -> str:
    """The Nota as Markdown, for pasting; no markup can grow out of what people wrote."""
    delen = parts(nota)
    lines = [f"# {TITEL}: {plain(as_text(nota.titel))}", ""]
    lines += [f"**{EXAMPLE}**", ""] if nota.voorbeeld else []
    for zin in _opening(nota):
        lines += [*_paragraphs(zin), ""]
    lines += ["## In het kort", "", *markdown_table(_HEAD, ((d.kop, *map(str, d.telling)) for d in delen)), ""] if delen else [_NOTHING, ""]
    for deel in delen:
        lines += [f"## {plain(as_text(deel.kop))}", ""]
        for punt in deel.punten:
            lines += [f"### {plain(as_text(punt.kop))}", ""]
            if punt.tekst:
                lines += [*(f"> {line}" if line else ">" for line in _paragraphs(punt.tekst)), ""]
            for label, text in punt.regels:
                first, *more = _paragraphs(text)
                lines += [f"**{label}:** {first}", *more, ""]
    if nota.stil:
        lines += [f"## {SILENT}", "", _silence(nota), "", *(f"- {_at_the_start(plain(as_text(naam)))}" for naam in nota.stil), ""]
    return "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    """Every line of a text as a paragraph of its own, with an empty line between them."""
    found = [_at_the_start(plain(line)) for line in as_text(text).split("\n") if line.strip()]
    return "\n\n".join(found).split("\n")


def _at_the_start(line: str) -> str:
    """A line that begins no list, and underlines nothing."""
    return re.sub(r"^(?:([-+=])|(\d+)([.)]))", lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line)


def as_docx(nota: Nota) -> bytes:
    """The Nota as a document for Word."""
    document = a_document(f"{TITEL}: {nota.titel}", f"{TITEL}, dossier {nota.dossier}, na regel {nota.nr}.", 11)
    document.styles["Quote"].paragraph_format.left_indent = Cm(0.6)
    if nota.voorbeeld:
        header = document.sections[0].header.paragraphs[0]
        header.text, header.alignment = "VOORBEELD", WD_ALIGN_PARAGRAPH.RIGHT
    delen = parts(nota)
    document.add_paragraph(TITEL, style="Title")
    document.add_paragraph(as_text(nota.titel), style="Subtitle")
    if nota.voorbeeld:
        document.add_paragraph().add_run(EXAMPLE).bold = True
    for zin in _opening(nota):
        document.add_paragraph(as_text(zin))
    if delen:
        _summary(document, delen)
    else:
        document.add_paragraph(_NOTHING)
    for deel in delen:
        document.add_heading(as_text(deel.kop), 1)
        for punt in deel.punten:
            _point(document, punt)
    if nota.stil:
        document.add_heading(SILENT, 1)
        document.add_paragraph(_silence(nota))
        for naam in nota.stil:
            document.add_paragraph(as_text(naam), style="List Bullet")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _point(document: Docx, punt: Puntstuk) -> None:
    document.add_heading(as_text(punt.kop), 2)
    for line in filter(str.strip, as_text(punt.tekst).split("\n")):
        document.add_paragraph(line.strip(), style="Quote")
    for label, text in punt.regels:
        first, *more = [line.strip() for line in as_text(text).split("\n") if line.strip()]
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(first).italic = text in (NO_ANSWER, NOT_ANSWERED)
        for line in more:
            document.add_paragraph(line)


def _summary(document: Docx, delen: tuple[Deel, ...]) -> None:
    document.add_heading("In het kort", 1)
    table = document.add_table(rows=1, cols=len(_HEAD), style="Light Grid Accent 1")
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, _HEAD, strict=True):
        cell.text = text
    for deel in delen:
        for cell, text in zip(table.add_row().cells, (deel.kop, *map(str, deel.telling)), strict=True):
            cell.text = as_text(text)
    widths = [Cm(5), Cm(1.7), *(Cm(2.6) for _ in Overname), Cm(2.1)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        mark(row, "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = Pt(8)
    mark(table.rows[0], "w:tblHeader")
