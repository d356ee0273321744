"""The agenda of one meeting as a file: in Markdown, and as a Word document."""

from __future__ import annotations

from io import BytesIO

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from flows.agenda import Agenda
from flows.agendatekst import INTERN, Blok, invented, opening, parts, title
from flows.opmaak import as_text, markdown_table, plain
from flows.word import WIDE, a_document, mark

SHADE = "D9E2F3"
CELL = "Tabel"
"""The name and the id of the style in which cells are written."""


def as_markdown(agenda: Agenda) -> str:
    """The agenda in Markdown; whatever somebody typed stays text."""
    lines = [f"# {plain(title(agenda))}", ""]
    for zin in opening(agenda):
        lines += [plain(zin), ""]
    for deel in parts(agenda):
        lines += [f"## {deel.kop}", ""]
        if not deel.blokken:
            lines += [plain(deel.leeg), ""]
        for blok in deel.blokken:
            lines += [f"### {plain(blok.kop)}", ""] if blok.kop else []
            for zin in blok.zinnen:
                lines += [plain(zin), ""]
            lines += [*markdown_table(blok.kolommen, blok.rijen), ""] if blok.rijen else []
    return "\n".join(lines).rstrip()


def as_docx(agenda: Agenda) -> bytes:
    """The agenda as a Word document: A4, headings, tables whose head returns on every page; whatever somebody typed stays text."""
    foot = f"{'VOORBEELD. ' if invented(agenda) else ''}{title(agenda)}. {INTERN}"
    document = a_document(title(agenda), foot, 10, agenda.op)
    cells = document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = document.styles["Normal"]
    cells.font.size, cells.paragraph_format.space_before, cells.paragraph_format.space_after = Pt(8.5), Pt(1), Pt(1)
    document.sections[0].footer.paragraphs[0].style = cells
    document.add_paragraph(as_text(title(agenda)), style="Title")
    for zin in opening(agenda):
        document.add_paragraph(as_text(zin))
    for deel in parts(agenda):
        document.add_heading(deel.kop, 1)
        if not deel.blokken:
            document.add_paragraph(as_text(deel.leeg))
        for blok in deel.blokken:
            if blok.kop:
                document.add_heading(as_text(blok.kop), 2)
            for zin in blok.zinnen:
                # A sentence above a table stays with it when a page ends.
                document.add_paragraph(as_text(zin)).paragraph_format.keep_with_next = bool(blok.rijen)
            if blok.rijen:
                _table_of(document, blok)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _table_of(document: Docx, blok: Blok) -> None:
    table = document.add_table(rows=1 + len(blok.rijen), cols=len(blok.kolommen), style="Table Grid")
    table.autofit = False
    widths = [Cm(WIDE * breedte / sum(blok.breedtes)) for breedte in blok.breedtes]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, texts in zip(table.rows, (blok.kolommen, *blok.rijen), strict=True):
        mark(row, "w:cantSplit")
        for cell, width, text in zip(row.cells, widths, texts, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            # By its id: by its name python-docx looks through every style for every cell.
            paragraph._p.style = CELL
            paragraph.add_run(as_text(text)).bold = texts is blok.kolommen
    head = table.rows[0]
    mark(head, "w:tblHeader")
    for cell in head.cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), SHADE)
        cell._tc.get_or_add_tcPr().append(shade)
    document.add_paragraph(style=CELL)
