"""The agenda of one meeting as people get it: its days, its empty parts, Markdown, Word, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from jsonschema import Draft202012Validator
from sqlalchemy import event, func, select

from dossiers.database import reading
from dossiers.tables import journaal
from flows.agendabestand import as_docx, as_markdown
from flows.agendatekst import parts
from flows.house import House
from flows.schemas import FOLDER, schema_of
from flows.word import WIDE
from statemachines.errors import NoVergaderingInTime, UnknownSlug
from statemachines.facts import Status
from tests.flows.agendamakers import AANHOUDEN, accepts, agenda, begun, busy, decides, opens
from tests.flows.commands import Kader, kader, released
from tests.flows.test_cli_bad_input import assert_refused, counted
from tests.makers import a_day

__all__ = ["begun", "busy", "kader", "released"]

EMPTY = (
    "Er is sinds donderdag 9 april 2026 niets veranderd.",
    "Er is niets nieuws, er zijn geen uitzonderingen en er botst niets.",
    "Van geen enkele ronde is bekend dat een raad haar niet haalt.",
    "Er staan geen acties open.",
)


def test_every_part_says_so_when_there_is_nothing(begun: House) -> None:
    text = as_markdown(agenda(begun))

    assert all(zin in text for zin in EMPTY), text
    assert text.count("Er ligt nog niets voor deze vergadering.") == 4
    assert len(parts(agenda(begun))) == 5


def test_any_day_will_do_for_secretarissen_without_a_calendar_and_the_day_before_is_an_aanname(begun: House) -> None:
    found = agenda(begun, "secretarissen", "2026-05-04")

    assert (found.vorige, found.vorige_status, found.status) == (a_day("2026-04-20"), Status.AANNAME, Status.AANNAME)
    assert "twee weken eerder was, is een aanname" in found.let_op[0] and "20 april 2026 (aanname)" in as_markdown(found)


@pytest.mark.parametrize(
    ("day", "zin"),
    [
        ("2026-05-02", "Zaterdag 2 mei 2026 is geen werkdag; kies voor Secretarissen een werkdag, zoals maandag 4 mei 2026."),
        ("2026-04-27", "Maandag 27 april 2026 is geen werkdag; kies voor Secretarissen een werkdag, zoals dinsdag 28 april 2026."),
        ("0001-01-01", "is te ver weg: de werkdagenkalender loopt van"),
        ("9999-12-31", "is te ver weg: de werkdagenkalender loopt van"),
    ],
)
def test_secretarissen_do_not_meet_on_a_day_that_is_free_or_unknown(begun: House, day: str, zin: str) -> None:
    with pytest.raises(NoVergaderingInTime, match=zin):
        agenda(begun, "secretarissen", day)


def test_a_day_on_which_nobody_meets_names_the_nearest_days_that_are_there(begun: House) -> None:
    with pytest.raises(NoVergaderingInTime) as other_day:
        agenda(begun, "aob", "2026-05-08")
    with pytest.raises(NoVergaderingInTime, match="op geen enkele dag die bekend is"):
        agenda(begun, "raadtafel")
    with pytest.raises(UnknownSlug, match="wel: aob, secretarissen, bestuur"):
        agenda(begun, "kerstman")

    dag = "daarvoor op donderdag 7 mei 2026 en daarna op donderdag 11 juni 2026"
    assert str(other_day.value) == f"AOB vergadert niet op vrijdag 8 mei 2026; wel {dag}."


def test_the_first_meeting_that_is_known_tells_everything_and_an_invented_calendar_is_called_voorbeeld(begun: House) -> None:
    opens(begun, "eerst", "2026-01-05")

    found = agenda(begun, "aob", "2026-02-12", op="2026-02-01")

    assert (found.vorige, [v.nr for v in found.veranderd]) == (None, [1])
    assert found.let_op[0] == "De vergaderdata van AOB zijn een voorbeeld: zij zijn verzonnen."
    assert "is niet bekend; daarom staat alles" in found.let_op[1]
    assert "(voorbeeld)" in as_markdown(found)


def test_preparing_writes_nothing_and_asks_as_often_for_many_dossiers_as_for_few(house: House) -> None:
    accepts(house)
    asked: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts: list[int] = []
    for slug in ("een", "twee", "drie"):
        opens(house, slug, "2026-04-10")
        decides(house, slug, "bestuur", "2026-04-15", AANHOUDEN)
        asked.clear()
        assert len(agenda(house).veranderd) == 2 * (len(counts) + 1)
        counts.append(len(asked))

    with reading(house.engine) as connection:
        rows = connection.execute(select(func.count()).select_from(journaal)).scalar_one()

    assert len(set(counts)) == 1 and not any(word in asked[-1] for word in ("INSERT", "UPDATE"))
    assert rows == 6


MARKUP = "Nota | <b>vet</b> [x](http://a.example) {{ 7*7 }} *ster* # kop \ufffe"


def test_whatever_is_typed_stays_text_in_markdown_and_in_word(begun: House) -> None:
    opens(begun, "opmaak", "2026-04-10", titel=MARKUP)
    decides(begun, "opmaak", "bestuur", "2026-04-15", AANHOUDEN, reden="=1+1 | <script>")

    text, document = as_markdown(agenda(begun)), Document(BytesIO(as_docx(agenda(begun))))

    assert "### Nota \\| \\<b\\>vet\\</b\\> \\[x\\](http://a.example) \\{\\{ 7\\*7 \\}\\} \\*ster\\* \\# kop" in text
    assert "=1+1 \\| \\<script\\>" in text
    shown = [paragraph.text for paragraph in document.paragraphs] + [cell.text for table in document.tables for cell in table._cells]
    assert MARKUP.rstrip(" \ufffe") in shown and any("=1+1 | <script>" in cell for cell in shown)


def test_the_word_document_is_a4_with_headings_and_tables_that_fit_and_go_on_over_pages(busy: House) -> None:
    document = Document(BytesIO(as_docx(agenda(busy))))

    section = document.sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings == [deel.kop for deel in parts(agenda(busy))]
    assert document.tables and all(sum(c.width.cm for c in table.columns) == pytest.approx(WIDE, abs=0.1) for table in document.tables)
    heads = [row._tr.xpath("./w:trPr/w:tblHeader") for table in document.tables for row in table.rows]
    assert sum(map(bool, heads)) == len(document.tables) and len(heads) > len(document.tables)
    assert "Intern" in section.footer.paragraphs[0].text and document.core_properties.author == "Kaderroute"


def test_the_command_shows_writes_and_gives_what_its_schema_says(released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    line = "agenda aob 2027-04-08 --op 2027-04-02"

    shown, markdown, data = released(line), released(f"{line} --als md"), released(f"{line} --json")
    word, kept = released(f"{line} --als docx"), released(f"{line} --als md --naar agenda.md")

    assert shown.code == 0 and "4. Raden in de knel" in shown.out and "gemeenteraad van Almere: reactie" in shown.out
    assert "docx" not in shown.err and markdown.out.startswith("# Ambtelijk overleg bestuurszaken: donderdag 8 april 2027\n")
    schema = json.loads((FOLDER / "agenda.json").read_text(encoding="utf-8"))
    assert schema == schema_of("agenda"), "renew with make schema"
    Draft202012Validator(schema).validate(data.data)
    assert data.data["vergaderingen"][0]["punten"] == [] and data.data["rondes"][0]["loopt"] is True
    assert word.out == "Geschreven in agenda-aob-2027-04-08.docx.\n" and Document(str(tmp_path / "agenda-aob-2027-04-08.docx")).tables
    assert kept.code == 0 and (tmp_path / "agenda.md").read_text(encoding="utf-8") == markdown.out


REFUSED = [
    "agenda aob 2027-04-09",
    "agenda kerstman 2027-04-08",
    "agenda colleges 2027-04-08",
    "agenda aob morgen",
    "agenda aob 2027-02-30",
    "agenda aob",
    "agenda",
    "agenda aob 2027-04-08 --als pdf",
    "agenda aob 2027-04-08 --als aob",
    "agenda aob 2027-04-08 --als md --json",
    "agenda aob 2027-04-08 --naar nota.docx",
    "agenda aob 2027-04-08 --als docx --naar nota.md",
    "agenda aob 2027-04-08 --als docx --naar geen-map/nota.docx",
    "agenda aob 2027-04-08 --als docx --naar bezet.docx",
    "agenda aob 2027-04-08 --als docx --naar map.docx",
    "agenda aob 2027-04-08 --stelsel bestaat-niet",
    "agenda aob 2027-04-08 --op 1999-01-01",
]


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_prepared_is_one_sentence_and_nothing_is_written(
    released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bezet.docx").write_text("werk van iemand", encoding="utf-8")
    (tmp_path / "map.docx").mkdir()
    before, files = counted(tmp_path), sorted(tmp_path.rglob("*.docx"))

    said = released(line if "--op" in line or "2027" not in line else f"{line} --op 2027-04-02")

    assert_refused(said, line)
    assert counted(tmp_path) == before and sorted(tmp_path.rglob("*.docx")) == files
    assert (tmp_path / "bezet.docx").read_text(encoding="utf-8") == "werk van iemand"


def test_every_page_says_that_it_rests_on_an_invented_calendar(begun: House) -> None:
    foot = Document(BytesIO(as_docx(agenda(begun)))).sections[0].footer.paragraphs[0].text

    known = replace(agenda(begun), status=Status.BRON, vorige_status=Status.BRON, vergaderingen=())

    assert foot.startswith("VOORBEELD. AOB: ")
    assert "VOORBEELD" not in Document(BytesIO(as_docx(known))).sections[0].footer.paragraphs[0].text
