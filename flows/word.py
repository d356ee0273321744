"""Documents for Word: Dutch, on A4, with the number of the page; whatever somebody typed stays text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from flows.opmaak import as_text

WIDE = 17.4
"""The width of the text on a page, in centimetres."""

FONT = "Arial"


def a_document(title: str, foot: str, size: int, made: date | None = None) -> Docx:
    """An empty document with ``foot`` and the page number on every page; ``size`` is that of its text in points."""
    document = Document()
    properties = document.core_properties
    properties.author, properties.language, properties.title, properties.comments = "Kaderroute", "nl-NL", as_text(title), ""
    if made is not None:
        properties.created = properties.modified = datetime(made.year, made.month, made.day, tzinfo=UTC)
    document.styles.element.xpath("w:docDefaults//w:lang")[0].set(qn("w:val"), "nl-NL")
    for name in ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Quote"):
        # Where the style names a font of the theme too, that one would win.
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        document.styles[name].font.name = FONT
    document.styles["Normal"].font.size, document.styles["Title"].font.size = Pt(size), Pt(20)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm((21 - WIDE) / 2)
    footer = section.footer.paragraphs[0]
    footer.text = f"{as_text(foot)} Bladzijde "
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)
    return document


def mark(row: Any, what: str) -> None:
    """Says that a row is never split over pages, or comes back on every page; python-docx has no word for it."""
    row._tr.get_or_add_trPr().append(OxmlElement(what))
