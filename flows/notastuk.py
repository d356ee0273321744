"""The Nota van Beantwoording as people read it: a document (docx), and the same in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from dossiers.nota import GeenOpvatting, Nota, Notapunt
from flows.notatabel import oordeel_label
from flows.opmaak import as_text, markdown_table, plain
from flows.word import a_document, mark
from statemachines.kalender import enumerated, written
from statemachines.nota import Overname

TITEL = "Nota van Beantwoording"
NO_ANSWER, NOT_ANSWERED = "nog geen antwoord", "niet apart beantwoord"
SILENT, OPINIONLESS = "Geen reactie ontvangen", "Geen opvatting (besluit)"
NO_TEXT = "(zonder tekst; zie de brief)"
CORRECTED = "de tekst van de inbreng is daarna gecorrigeerd; kijk of dit punt nog klopt"


@dataclass(frozen=True)
class Puntstuk:
    """One punt as it is read: what was said, and labelled lines about what was done with it."""

    kop: str
    tekst: str
    regels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Deel:
    """What one deelnemer said through one speaker; ``inbreng`` says how each inbreng came."""

    kop: str
    inbreng: tuple[str, ...]
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
        Deel(
            _capital(kop),
            tuple(_arrivals(punten, nota)),
            tuple(_piece(punt, nota, known) for punt in punten),
            _counted(punten, nota, known),
        )
        for (_, kop), punten in groups.items()
    )


def _arrivals(punten: Sequence[Notapunt], nota: Nota) -> Iterator[str]:
    """The form and day of each inbreng behind these punten, and what became of it."""
    how = {found.nr: found for found in nota.ingebracht}
    for nr in dict.fromkeys(punt.inbreng for punt in punten):
        if (found := how.get(nr)) is not None:
            mine = [punt for punt in punten if punt.inbreng == nr]
            later = how.get(found.vervangen_door or 0)
            parts = (
                ", ".join(filter(None, (found.vorm, day_of(found.datum)))),
                "te laat ontvangen; bewaard" if mine[0].te_laat else "",
                f"vervangen door de inbreng van {day_of(later.datum)} (regel {later.nr})" if later is not None else "",
            )
            yield f"Ingebracht: {'; '.join(filter(None, parts))} ({enumerated([f'punt {punt.punt}' for punt in mine])})"


def day_of(day: date) -> str:
    """A day without the name of the day: 7 mei 2026."""
    return written(day).partition(" ")[2]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(punten: Sequence[Notapunt], nota: Nota, known: Mapping[str, Notapunt]) -> tuple[int, ...]:
    oordelen = [known.get(punt.gelijkluidend, punt).oordeel for punt in punten]
    return len(punten), *(oordelen.count(o) for o in Overname), sum(punt.punt in nota.open for punt in punten)


def who(said: Notapunt | GeenOpvatting) -> str:
    """Who said something, and in whose name; nobody takes a college, commissie or fractie for its raad."""
    spreker, _, niet = said.spreekt.partition("; ")
    return f"{said.van} ({niet or spreker})" if spreker else said.van


def without_opvatting(nota: Nota) -> Iterator[tuple[str, str]]:
    """Who said to have no opvatting and when, as a line, and in what words."""
    for said in nota.geen_opvatting:
        spreker, _, niet = said.spreekt.partition("; ")
        what = f"; geen opvatting van {'het' if spreker == 'college' else 'de'} {spreker}, {niet}" if niet else ""
        naam = said.van if niet else who(said)
        late = "te laat ontvangen op " if said.te_laat else ""
        yield f"{_capital(naam)}, {late}{day_of(said.datum)}{'; bewaard' if said.te_laat else ''}{what}", said.tekst


def late(punt: Notapunt, nota: Nota) -> str:
    """That a punt came too late and when; empty for what came in time."""
    day = next((f" op {day_of(found.datum)}" for found in nota.ingebracht if found.nr == punt.inbreng), "")
    return f"te laat ontvangen{day}; bewaard" if punt.te_laat else ""


def _piece(punt: Notapunt, nota: Nota, known: Mapping[str, Notapunt]) -> Puntstuk:
    kop = f"Punt {punt.punt}" + (f", over {punt.onderdeel}" if punt.onderdeel else "") + (f" ({late(punt, nota)})" if punt.te_laat else "")
    check = (("Let op", CORRECTED),) if punt.punt in nota.nagaan else ()
    carrier = known.get(punt.gelijkluidend)
    if carrier is not None:
        own = "" if as_text(carrier.tekst) == as_text(punt.tekst) else punt.tekst
        same = ("Gelijkluidend met", f"punt {carrier.punt} van {who(carrier)}; het antwoord staat daar")
        return Puntstuk(kop, own, (*check, same))
    others = "; ".join(f"punt {p.punt} van {who(p)}" for p in nota.punten if p.gelijkluidend == punt.punt)
    regels = (
        *check,
        ("Ook ingebracht als", others),
        ("Oordeel", oordeel_label(punt.oordeel) or (NO_ANSWER if punt.punt in nota.open else NOT_ANSWERED)),
        ("Antwoord", punt.antwoord),
        ("Effect op het stuk", punt.effect),
    )
    return Puntstuk(kop, punt.tekst or NO_TEXT, tuple((label, text) for label, text in regels if text))


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
    yield f"Stand op {day_of(nota.stand_op)}."


def _silence(nota: Nota) -> str:
    return f"Tot en met {day_of(nota.stand_op)} is van deze deelnemers geen reactie ontvangen. Dat is geen instemming en geen afwijzing."


_ANSWERED_ALL_THE_SAME = "Deze deelnemers lieten weten dat zij geen opvatting hebben. Dat is een antwoord, en iets anders dan geen reactie."
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
        for line in deel.inbreng:
            lines += [*_paragraphs(line), ""]
        for punt in deel.punten:
            lines += [f"### {plain(as_text(punt.kop))}", ""]
            if punt.tekst:
                lines += [*(f"> {line}" if line else ">" for line in _paragraphs(punt.tekst)), ""]
            for label, text in punt.regels:
                first, *more = _paragraphs(text)
                lines += [f"**{label}:** {first}", *more, ""]
    if nota.geen_opvatting:
        lines += [f"## {OPINIONLESS}", "", _ANSWERED_ALL_THE_SAME, ""]
        for line, tekst in without_opvatting(nota):
            lines += [*_paragraphs(line), "", *(f"> {quoted}" if quoted else ">" for quoted in _paragraphs(tekst) if tekst), ""]
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
    document = a_document(
        f"{TITEL}: {nota.titel}", f"{TITEL}, dossier {nota.dossier}, stand op {day_of(nota.stand_op)}.", 11, nota.stand_op
    )
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
        for line in deel.inbreng:
            document.add_paragraph(as_text(line)).paragraph_format.keep_with_next = True
        for punt in deel.punten:
            _point(document, punt)
    if nota.geen_opvatting:
        document.add_heading(OPINIONLESS, 1)
        document.add_paragraph(_ANSWERED_ALL_THE_SAME).paragraph_format.keep_with_next = True
        for line, tekst in without_opvatting(nota):
            document.add_paragraph(as_text(line)).paragraph_format.keep_with_next = bool(tekst)
            _quote(document, tekst)
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
    for paragraph in _quote(document, punt.tekst):
        paragraph.paragraph_format.keep_with_next = True
    for label, text in punt.regels:
        first, *more = [line.strip() for line in as_text(text).split("\n") if line.strip()]
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(first).italic = text in (NO_ANSWER, NOT_ANSWERED)
        paragraph.paragraph_format.keep_with_next = label in _BEFORE_ANSWER and (label, text) != punt.regels[-1]
        for line in more:
            document.add_paragraph(line).paragraph_format.left_indent = Cm(0.6)


_BEFORE_ANSWER = ("Let op", "Ook ingebracht als", "Oordeel")


def _quote(document: Docx, tekst: str) -> list[Paragraph]:
    lines = filter(str.strip, as_text(tekst).split("\n"))
    return [document.add_paragraph(line.strip(), style="Quote") for line in lines]


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
