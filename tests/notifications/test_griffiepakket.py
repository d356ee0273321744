"""A griffie's files: what stands in the ZIP of one council, that nothing else gets in, and that the same facts give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn

from flows.datums import give_uitstel
from flows.house import House
from flows.pakketten import pakketten
from flows.stukken import Beschrijving, register_stuk
from notifications.griffiepakket.inhoud import one_line
from notifications.griffiepakket.maken import FOLDER, FOR_RADEN
from statemachines.errors import Refused
from statemachines.payloads import Versie
from statemachines.stukken import Stukstatus
from tests.makers import FACT, a_day, a_deelnemer, a_kalender, a_ronde, a_route, a_stap, a_stelsel
from tests.notifications.telling import SLUG, a_besluit, a_released, an_actor, an_opened
from tests.statemachines.planning.planmakers import a_ritme
from tests.statemachines.planning.test_kans import CHAIN

OP = "2026-03-24"


def zip_of(house: House, raad: str = "almere", op: str = OP) -> bytes:
    (pakket,) = pakketten(house, SLUG, a_day(op), raad)
    return pakket.zip


def files_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as files:
        return {name: files.read(name) for name in files.namelist()}


def docs_of(content: bytes) -> dict[str, Docx]:
    return {name: Document(BytesIO(file)) for name, file in files_of(content).items() if name.endswith(".docx")}


def words_of(document: Docx) -> str:
    """Everything that stands in a Word file, in order, a paragraph or cell on each line; with the foot of its pages."""
    parts = [document.element.body, *(section.footer._element for section in document.sections)]
    paragraphs = (paragraph for part in parts for paragraph in part.iter(qn("w:p")))
    return "\n".join("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in paragraphs)


def all_words(content: bytes) -> str:
    lees_mij = files_of(content)["lees-mij.txt"].decode()
    return "\n".join([lees_mij, *map(words_of, docs_of(content).values())])


def words_in(content: bytes, naam: str) -> str:
    return next(words_of(document) for name, document in docs_of(content).items() if naam in name)


def a_colleges_ronde(house: House) -> None:
    an_opened(house, route="agenda")


def a_bekrachtiging(house: House) -> None:
    """The raden decide themselves; nobody had to release anything."""
    ronde = a_ronde("vaststelling", antwoord="besluit", grondslag="bekrachtiging van de eigen bijdrage")
    route = a_route(
        stappen=[
            a_stap("routering", "voorbereiden", "aob", volgt="bekrachtiging"),
            a_stap("bekrachtiging", "bekrachtigen", "raden-staten", ronde=ronde),
            a_route()["stappen"][-1] | {"uitkomsten": {**a_route()["stappen"][-1]["uitkomsten"], "terugverwijzen": "bekrachtiging"}},
        ]
    )
    an_opened(house, stelsel=a_stelsel(routes=[route]))


# --- what is in it ---


def test_a_raad_gets_five_word_files_and_first_a_text_that_names_them(sqlite_house: House) -> None:
    a_released(sqlite_house)

    names = list(files_of(content := zip_of(sqlite_house)))

    assert names == [
        "lees-mij.txt",
        "1-aanbiedingsbrief-almere.docx",
        "2-oplegger-almere.docx",
        "3-concept-raadsvoorstel-almere.docx",
        "4-raadsinformatiebrief-almere.docx",
        "5-antwoordformulier-almere.docx",
    ]
    lees_mij = files_of(content)["lees-mij.txt"].decode()
    assert all(name in lees_mij for name in names[1:])
    assert "- Laatste dag om te reageren: vrijdag 15 mei 2026 (deze dag telt mee)" in lees_mij
    assert "- over het proces en de data: secretaris-bestuur" in lees_mij


def test_staten_get_a_voorstel_and_a_letter_under_their_own_name(sqlite_house: House) -> None:
    a_released(sqlite_house)

    content = zip_of(sqlite_house, "flevoland")

    assert {"3-concept-statenvoorstel-flevoland.docx", "4-stateninformatiebrief-flevoland.docx"} <= files_of(content).keys()
    assert "Concept-voorstel aan Provinciale Staten van Flevoland" in words_in(content, "voorstel")
    assert "Standpunt van Gedeputeerde Staten" in words_in(content, "informatiebrief")


def test_a_college_gets_the_letter_the_oplegger_and_the_form_only(sqlite_house: House) -> None:
    a_colleges_ronde(sqlite_house)

    content = zip_of(sqlite_house)

    assert [name.partition("-")[2] for name in docs_of(content)] == [
        "aanbiedingsbrief-almere.docx",
        "oplegger-almere.docx",
        "antwoordformulier-almere.docx",
    ]
    assert "agendacommissie" not in all_words(content)
    assert "☐ het college van Almere" in words_in(content, "formulier")


def test_the_form_asks_what_the_record_needs_of_inbreng_and_is_filled_in_where_that_can_be(sqlite_house: House) -> None:
    a_released(sqlite_house)

    lines = words_in(zip_of(sqlite_house), "formulier").splitlines()

    assert {"De nota", SLUG, "gemeenteraad van Almere", "vrijdag 15 mei 2026", "antwoord@kaderroute.example"} <= set(lines)
    namens = ["de gemeenteraad van Almere", "het college, mede namens de gemeenteraad van Almere", "alleen het college"]
    asked = [*namens, "een commissie", "een fractie", "raadsbesluit", "motie", "brief", "verslag", "inbreng, zie bij 4", "geen opvatting"]
    assert [line.removeprefix("☐ ") for line in lines if line.startswith("☐")] == [*asked, "dit vervangt een eerder antwoord"]
    assert "Functie van de indiener (geen naam nodig)" in lines


def test_a_raad_of_which_a_besluit_is_asked_can_choose_what_it_decides(sqlite_house: House) -> None:
    a_bekrachtiging(sqlite_house)

    content = zip_of(sqlite_house, op="2026-02-16")

    form = words_in(content, "formulier")
    assert all(f"☐ {uitkomst}" in form for uitkomst in ("akkoord", "akkoord met wijzigingen", "niet ingestemd"))
    assert "Laatste dag om te besluiten" in words_in(content, "oplegger")
    assert "geen opvatting" not in all_words(content)
    assert "Wij vragen u om een besluit (bekrachtiging van de eigen bijdrage)" in words_in(content, "aanbiedingsbrief")


def test_the_letter_is_that_of_the_voorzitter_and_says_that_it_is_not_signed(sqlite_house: House) -> None:
    a_released(sqlite_house)

    letter = words_in(zip_of(sqlite_house), "aanbiedingsbrief")

    assert "Geachte griffier van Almere," in letter
    assert "De formele aanbieding is de brief die de voorzitter heeft getekend." in letter


def test_own_dates_by_a_ritme_are_a_question_to_the_griffie_and_to_be_checked_in_what_a_raad_reads(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(ritmes=[a_ritme(schakels=CHAIN, status="bron")]))

    almere, diemen = zip_of(sqlite_house), zip_of(sqlite_house, "diemen")

    assert "Gemeenteraad\nwaarschijnlijk uiterlijk donderdag 30 april 2026, klopt dit?" in words_in(almere, "oplegger")
    assert "Gemeenteraad\n[donderdag 30 april 2026: controleren voor gebruik]" in words_in(almere, "voorstel")
    assert "Uw agendacommissie beslist over uw agenda." in words_in(diemen, "oplegger")
    assert "waarschijnlijk" not in all_words(diemen) and "controleren" not in all_words(diemen)


def test_invented_calendars_are_shown_as_invented_in_every_file(sqlite_house: House) -> None:
    a_released(sqlite_house)

    content = zip_of(sqlite_house)

    assert all(words_of(document).startswith("VOORBEELD") for document in docs_of(content).values())
    assert files_of(content)["lees-mij.txt"].decode().startswith("VOORBEELD")


def test_real_calendars_are_not_shown_as_invented(sqlite_house: House) -> None:
    kalenders = [a_kalender("bestuur", "2026-03-20"), a_kalender("av", "2026-06-26")]
    a_released(sqlite_house, stelsel=a_stelsel(kalenders=[{**kalender, "status": "bron"} for kalender in kalenders]))

    assert "VOORBEELD" not in all_words(zip_of(sqlite_house))


def test_who_answers_through_a_deelregio_reads_until_when_and_who_does_not_reads_nothing_of_it(sqlite_house: House) -> None:
    stappen = a_route()["stappen"]
    stappen[2]["ronde"] = a_ronde("vaststelling", deelregio_werkdagen_eerder=10)
    deelregio = {"slug": "oost", "naam": "Oost", **FACT}
    deelnemers = [a_deelnemer("almere", deelregio="oost"), a_deelnemer("diemen")]
    a_released(sqlite_house, stelsel=a_stelsel(routes=[a_route(stappen=stappen)], deelregios=[deelregio], deelnemers=deelnemers))

    almere, diemen = all_words(zip_of(sqlite_house)), all_words(zip_of(sqlite_house, "diemen"))

    assert "Als u via uw deelregio antwoordt\nbij uw deelregio uiterlijk woensdag 29 april 2026" in almere
    assert "deelregio" not in diemen


def test_a_raad_with_uitstel_reads_its_own_sluitingsdatum(sqlite_house: House) -> None:
    a_released(sqlite_house)
    give_uitstel(sqlite_house, an_actor("2026-04-01"), SLUG, ["almere"], a_day("2026-05-29"), "De raad vergadert later")

    almere, diemen = (all_words(zip_of(sqlite_house, raad, "2026-04-01")) for raad in ("almere", "diemen"))

    assert "vrijdag 29 mei 2026" in almere and "15 mei" not in almere
    assert "vrijdag 15 mei 2026" in diemen and "29 mei" not in diemen


# --- what is not in it ---


def a_stuk(house: House, stuk: str, status: Stukstatus, **rest: Any) -> None:
    link = f"https://kaderroute.example/{stuk}.pdf"
    wat = Beschrijving(stuk, Versie.CONCEPT, status, titel=f"Titel van {stuk}", link=link, **rest)
    register_stuk(house, an_actor("2026-03-21"), SLUG, wat, a_day("2026-03-21"))


def test_only_documents_that_are_public_on_the_day_are_named(sqlite_house: House) -> None:
    a_released(sqlite_house)
    a_stuk(sqlite_house, "open-nota", Stukstatus.OPENBAAR)
    a_stuk(sqlite_house, "later-nota", Stukstatus.ONDER_EMBARGO, openbaar_vanaf=a_day("2026-04-10"))
    a_stuk(sqlite_house, "geheime-nota", Stukstatus.INTERN)

    before, after = all_words(zip_of(sqlite_house)), all_words(zip_of(sqlite_house, op="2026-04-10"))

    assert "Titel van open-nota (concept): https://kaderroute.example/open-nota.pdf" in before
    assert "later-nota" not in before and "later-nota.pdf" in after
    assert "geheime-nota" not in before + after


def test_ambtelijke_stops_and_what_planners_think_of_a_raad_are_in_no_file(sqlite_house: House) -> None:
    stelsel = a_stelsel(ritmes=[a_ritme(schakels=CHAIN), a_ritme("diemen", schakels=CHAIN)])
    a_released(sqlite_house, stelsel=stelsel)

    words = "\n".join(all_words(pakket.zip) for pakket in pakketten(sqlite_house, SLUG, a_day(OP))).lower()

    assert "de nota" in words
    assert not [word for word in ("ambtelijk", "aob", "routering", "haalbaar", "krap", "speling", "past niet") if word in words]


HOSTILE = [
    "{{ 7 * 7 }} {% for x in y %}",
    "{{ ''.__class__ }} {_{ titel }_} {%p if 1 %}",
    "</w:t></w:r></w:p><w:p><w:r><w:t>Ondergeschoven",
    "R&D <b>vet</b> \"aan\" 'elkaar'",
    "Woningen 🏘️ en 👨‍👩‍👧 voor iedereen",
    "=cmd|' /C calc'!A0",
    "a" * 200,
]


@pytest.mark.parametrize("titel", HOSTILE, ids=["tags", "more tags", "markup", "signs", "emoji", "formula", "long"])
def test_a_title_stays_text_in_every_file(sqlite_house: House, titel: str) -> None:
    a_released(sqlite_house, titel)

    content = zip_of(sqlite_house)

    # The library reads its own escapes in what it wrote; it fills nothing in after that.
    shown = titel.replace("{_{", "{{").replace("}_}", "}}").replace("\ufe0f", "")
    for name, document in docs_of(content).items():
        words = words_of(document).replace("\ufe0f", "")
        assert shown in words, name
        assert not [line for line in words.splitlines() if line == "Ondergeschoven"]
    assert titel.replace("\ufe0f", "") in files_of(content)["lees-mij.txt"].decode().replace("\ufe0f", "")


def test_a_text_is_told_on_one_line_without_signs_that_turn_it_around() -> None:
    assert one_line("De nota\r\nBcc: iedereen\tover\u202e alles\x07\ufffe") == "De nota Bcc: iedereen over alles"


# --- bytes ---


def test_the_same_facts_give_the_same_bytes_dated_by_the_ronde_alone(sqlite_house: House) -> None:
    a_released(sqlite_house)

    first, second = zip_of(sqlite_house), zip_of(sqlite_house)

    assert first == second
    outer = ZipFile(BytesIO(first))
    inner = ZipFile(BytesIO(outer.read("2-oplegger-almere.docx")))
    dates = {entry.date_time for files in (outer, inner) for entry in files.infolist()}
    assert dates == {(2026, 3, 20, 0, 0, 0)}
    made = Document(BytesIO(outer.read("2-oplegger-almere.docx"))).core_properties
    assert made.created == made.modified == datetime(2026, 3, 20, tzinfo=UTC)


# --- templates ---


@pytest.mark.parametrize("template", FOR_RADEN)
def test_a_template_is_on_a4_in_dutch_with_headings_and_tables_that_say_what_their_columns_are(template: str) -> None:
    document = Document(str(FOLDER / f"{template}.docx"))

    section = document.sections[0]
    headings = [p for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    languages = {lang.get(qn("w:val")) for lang in document.styles.element.iter(qn("w:lang"))}
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)  # type: ignore[union-attr]
    assert headings and languages == {"nl-NL"}
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in document.tables)


def test_every_template_is_used_and_nothing_in_it_stays_unfilled(sqlite_house: House) -> None:
    a_released(sqlite_house)

    words = all_words(zip_of(sqlite_house))

    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(FOR_RADEN)
    assert not [sign for sign in ("{{", "}}", "{%", "%}", "None") if sign in words]


def with_template(house: House, folder: Path, *lines: str) -> House:
    """The house of a region that has an oplegger of its own."""
    own = folder / "mra" / "sjablonen" / "oplegger.docx"
    own.parent.mkdir(parents=True)
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(own))
    return replace(house, settings=replace(house.settings, stelsel=folder / "mra"))


def test_a_template_of_a_region_goes_before_the_one_as_shipped(sqlite_house: House, tmp_path: Path) -> None:
    a_released(sqlite_house)
    house = with_template(sqlite_house, tmp_path, "Eigen oplegger van {{ regio }} voor {{ aan }}")

    content = zip_of(house)

    assert words_in(content, "oplegger").strip() == "Eigen oplegger van Testregio voor de gemeenteraad van Almere"
    assert "Antwoordformulier" in words_in(content, "formulier")


@pytest.mark.parametrize(
    "line",
    ["{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ dat_bestaat_niet }}", "{% if %}", "{{ titel.x.y }}", "{{ 1 / 0 }}"],
    ids=["out of the sandbox", "unknown word", "broken tag", "unknown part", "cannot be computed"],
)
def test_a_template_that_cannot_be_filled_in_is_refused_by_name(sqlite_house: House, tmp_path: Path, line: str) -> None:
    a_released(sqlite_house)
    house = with_template(sqlite_house, tmp_path, line)

    with pytest.raises(Refused, match=r"Het sjabloon 'oplegger\.docx' is niet in te vullen"):
        zip_of(house)


def test_a_template_that_is_no_word_file_is_refused_by_name(sqlite_house: House, tmp_path: Path) -> None:
    a_released(sqlite_house)
    house = with_template(sqlite_house, tmp_path)
    (tmp_path / "mra" / "sjablonen" / "oplegger.docx").write_bytes(b"geen Word")

    with pytest.raises(Refused, match=r"'oplegger\.docx' is geen bruikbaar Word-bestand"):
        zip_of(house)


def test_a_raad_with_a_closed_ronde_gets_no_files(sqlite_house: House) -> None:
    an_opened(sqlite_house)

    with pytest.raises(Refused, match="een pakket is er alleen als een ronde open is"):
        zip_of(sqlite_house)

    a_besluit(sqlite_house, "2026-03-20", "bestuur")
    with pytest.raises(Refused, match="'zwolle' is niet gevraagd in de ronde van nota-2026; wel: almere, diemen"):
        zip_of(sqlite_house, "zwolle")
