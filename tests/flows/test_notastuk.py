"""The Nota van Beantwoording as a document and as Markdown: everybody's own answers, and nobody's view taken for that of the raad."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from dossiers.nota import GeenOpvatting, Ingebracht, Nota
from flows.notastuk import as_docx, as_markdown
from flows.notatabel import UITLEG, work_sheet
from tests.flows.test_notabestand import a_nota, a_punt, difference


def read_docx(nota: Nota) -> tuple[list[str], str]:
    document = Document(BytesIO(as_docx(nota)))
    headings = [p.text for p in document.paragraphs if p.style and (p.style.name or "").startswith("Heading")]
    return headings, "\n".join(p.text for p in document.paragraphs)


def test_the_document_gives_every_deelnemer_its_own_answers_and_each_answer_once() -> None:
    headings, text = read_docx(a_nota())

    assert headings == [
        "In het kort",
        "Gemeenteraad van Almere (raad)",
        "Punt almere-1, over deel 3",
        "Punt almere-2",
        "Gemeenteraad van Diemen (raad)",
        "Punt diemen-1",
        "College van B en W van Zandvoort (geen standpunt van de raad)",
        "Punt zandvoort-1",
        "Geen reactie ontvangen",
    ]
    assert text.count("Stukken komen eerder.") == text.count("Betrek raden eerder.") == 1
    assert "Gelijkluidend met: punt almere-1 van gemeenteraad van Almere (raad); het antwoord staat daar" in text
    assert "Ook ingebracht als: punt diemen-1 van gemeenteraad van Diemen (raad)" in text
    assert "Oordeel: deels overgenomen" in text and text.count("Oordeel: nog geen antwoord") == 2
    assert "Dit is een concept: 2 punten hebben nog geen antwoord." in text
    assert "Dat is geen instemming en geen afwijzing.\ngemeenteraad van Laren" in text


def test_a_punt_in_other_words_keeps_its_own_words_beside_the_answer_of_another() -> None:
    _, text = read_docx(
        a_nota(a_punt(oordeel="overgenomen", antwoord="Ja"), a_punt("diemen-1", tekst="Eerder graag.", gelijkluidend="almere-1"))
    )

    assert "Eerder graag.\nGelijkluidend met: punt almere-1" in text


def test_markdown_says_the_same_as_the_document() -> None:
    headings, text = read_docx(a_nota())

    found = as_markdown(a_nota())

    lines = [line.lstrip("#>- ").replace("*", "").replace("\\", "") for line in found.splitlines()]
    assert [line for line in text.splitlines() if line not in lines and line not in ("Nota van Beantwoording", "Nota 2027")] == []
    assert [line for line in headings if line not in lines] == []
    assert found.startswith("# Nota van Beantwoording: Nota 2027\n") and "| Gemeenteraad van Almere (raad) | 2 | 0 | 1 | 0 | 1 |" in found


def test_no_markup_grows_out_of_what_people_wrote() -> None:
    tekst = "# kop\n- lijst\n1. nummer\n2) nummer\n=====\n    code\n<b>vet</b> **vet** [link](http://x.example) | cel\n> citaat"

    found = as_markdown(a_nota(a_punt(tekst=tekst, antwoord=tekst, oordeel="overgenomen"), stil=("- x", "**y**")))

    quoted = [line.removeprefix("> ") for line in found.splitlines() if line.startswith("> ")]
    assert quoted == [
        "\\# kop",
        "\\- lijst",
        "1\\. nummer",
        "2\\) nummer",
        "\\=====",
        "code",
        "\\<b\\>vet\\</b\\> \\*\\*vet\\*\\* \\[link\\](http://x.example) \\| cel",
        "\\> citaat",
    ]
    assert "**Antwoord:** \\# kop\n\n\\- lijst\n" in found and "- \\- x\n- \\*\\*y\\*\\*\n" in found


def test_an_example_is_called_an_example_in_every_file(tmp_path: Path) -> None:
    nota = a_nota(voorbeeld=True)
    (tmp_path / "nota.xlsx").write_bytes(work_sheet(nota))
    document = Document(BytesIO(as_docx(nota)))
    book = load_workbook(tmp_path / "nota.xlsx")
    footer = book["Nota"].oddFooter

    assert "Voorbeeld: " in as_markdown(nota) and "Voorbeeld: " in read_docx(nota)[1]
    assert document.sections[0].header.paragraphs[0].text == "VOORBEELD"
    assert footer is not None and str(footer.left.text).startswith("VOORBEELD") and book[UITLEG]["A3"].value == "Voorbeeld"
    assert (book["Nota"]["A1"].value, book["Nota"].freeze_panes) == ("VOORBEELD", "C2")
    assert not difference(tmp_path / "nota.xlsx", nota).wijzigingen
    assert "oorbeeld" not in as_markdown(a_nota()) + read_docx(a_nota())[1]


def test_what_came_too_late_is_told_and_not_held_open() -> None:
    nota = a_nota(a_punt(te_laat=True), open=())

    headings, text = read_docx(nota)

    assert "Punt almere-1 (te laat ontvangen; bewaard)" in headings
    assert "Oordeel: niet apart beantwoord" in text and "concept" not in text
    assert load_workbook(BytesIO(work_sheet(nota)))["Nota"]["D2"].value == "raad; te laat ontvangen"


def test_without_inbreng_the_files_say_so(tmp_path: Path) -> None:
    nota = replace(a_nota(), punten=(), open=(), stil=())
    (tmp_path / "nota.xlsx").write_bytes(work_sheet(nota))

    assert "Er is geen inbreng om te beantwoorden." in as_markdown(nota) and "Er is geen inbreng" in read_docx(nota)[1]
    assert not difference(tmp_path / "nota.xlsx", nota).regels


def test_it_is_said_how_and_when_inbreng_came_and_what_became_of_it() -> None:
    came = (
        Ingebracht(5, date(2027, 4, 1), "motie", 6),
        Ingebracht(6, date(2027, 6, 2), "", None),
        Ingebracht(7, date(2027, 4, 3), "brief", None),
    )
    nota = a_nota(
        a_punt(),
        a_punt("almere-2", inbreng=6, te_laat=True, tekst=""),
        a_punt("diemen-1", inbreng=7, spreekt="niet vermeld namens wie"),
        ingebracht=came,
    )

    headings, text = read_docx(nota)

    assert "Ingebracht: motie, 1 april 2027; vervangen door de inbreng van 2 juni 2027 (regel 6) (punt almere-1)" in text
    assert "Ingebracht: 2 juni 2027; te laat ontvangen; bewaard (punt almere-2)" in text
    assert "Punt almere-2 (te laat ontvangen op 2 juni 2027; bewaard)" in headings
    assert "Gemeenteraad van Diemen (niet vermeld namens wie)" in headings
    assert "(zonder tekst; zie de brief)" in text and "(zonder tekst; zie de brief)" in as_markdown(nota)
    assert "Stand op 1 juni 2027." in text and "journaal" not in text


def test_having_no_opvatting_is_an_answer_and_stands_apart_from_silence() -> None:
    raad = GeenOpvatting("raad-laren", "gemeenteraad van Laren", "raad", date(2027, 4, 1), "Wij zien ervan af.", False)
    college = GeenOpvatting(
        "raad-diemen", "college van B en W van Diemen", "college; geen standpunt van de raad", date(2027, 6, 2), "", True
    )
    nota = a_nota(geen_opvatting=(raad, college))

    headings, text = read_docx(nota)

    assert headings[-2:] == ["Geen opvatting (besluit)", "Geen reactie ontvangen"]
    for said in (
        "Gemeenteraad van Laren (raad), 1 april 2027",
        "Wij zien ervan af.",
        "College van B en W van Diemen, te laat ontvangen op 2 juni 2027; bewaard;"
        " geen opvatting van het college, geen standpunt van de raad",
    ):
        assert said in text and said in as_markdown(nota).replace("\\", "")


def test_a_punt_of_inbreng_that_was_corrected_since_is_marked() -> None:
    nota = a_nota(nagaan=("almere-1", "diemen-1"))

    for text in (read_docx(nota)[1], as_markdown(nota).replace("**", "")):
        assert text.count("Let op: de tekst van de inbreng is daarna gecorrigeerd; kijk of dit punt nog klopt") == 2


def test_an_answer_stays_together_and_its_quote_with_its_oordeel() -> None:
    document = Document(BytesIO(as_docx(a_nota())))
    paragraphs = {p.text: p.paragraph_format for p in document.paragraphs}

    assert paragraphs["Betrek raden eerder."].keep_with_next and paragraphs["Oordeel: deels overgenomen"].keep_with_next
    assert paragraphs["Een ronde extra past niet."].left_indent is not None
