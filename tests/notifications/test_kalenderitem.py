"""The calendar item: any agenda can read it, and a moved date changes the item that was there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar, Event

from notifications.kalenderitem import kalenderitem
from notifications.render import render
from tests.notifications.test_mail import an_agenda
from tests.notifications.test_render import NASTY, one_line

WHERE = {
    "stelsel": "mra",
    "dossier": "nota-2026",
    "url": "https://kaderroute.example/dossier/nota-2026",
    "afzender": "route@kaderroute.example",
    "antwoord_aan": "antwoord@kaderroute.example",
}


def an_orgaan(slug: str = "raad-almere", naam: str = "gemeenteraad van Almere", tot_en_met: str = "2026-05-15") -> dict[str, str]:
    return {"slug": slug, "naam": naam, "tot_en_met": tot_en_met}


def items(agenda: dict[str, Any], **where: str) -> list[Any]:
    calendar = Calendar.from_ical(kalenderitem(agenda, **{**WHERE, **where}))
    assert isinstance(calendar, Calendar) and calendar["METHOD"] == "PUBLISH" and not calendar.errors
    found = [part for part in calendar.walk() if part is not calendar]
    assert all(isinstance(event, Event) and not event.errors for event in found)
    return found


def test_the_last_day_stands_as_a_whole_day_in_the_agenda_and_keeps_nobody_from_being_free() -> None:
    (item,) = items(an_agenda())

    assert (item.decoded("dtstart"), item.decoded("dtend")) == (date(2026, 5, 15), date(2026, 5, 16))
    assert type(item.decoded("dtstart")) is date and item["TRANSP"] == "TRANSPARENT"
    assert item["SUMMARY"] == "Reageren kan tot en met vandaag: De nota (gemeenteraad van Almere)"
    assert item["DESCRIPTION"].startswith("Reageren kan tot en met vrijdag 15 mei 2026: De nota (gemeenteraad van Almere).")
    assert item["DESCRIPTION"].endswith("\n\nhttps://kaderroute.example/dossier/nota-2026") and item["URL"] == WHERE["url"]
    assert (item["STATUS"], item["SEQUENCE"], item["ORGANIZER"]) == ("CONFIRMED", 5, "mailto:antwoord@kaderroute.example")
    assert item.decoded("dtstamp") == item.decoded("last-modified") == datetime(2026, 3, 27, 8, 30, tzinfo=UTC)


def test_the_same_facts_give_the_same_bytes_in_lines_that_every_agenda_reads() -> None:
    agenda = an_agenda(titel="Één nota 😀, of twee; " * 250)

    raw = kalenderitem(agenda, **WHERE)

    assert raw == kalenderitem(dict(reversed(agenda.items())), **WHERE)
    assert raw.endswith(b"\r\n") and raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75 and all(line.decode() is not None for line in lines)


def test_a_moved_date_is_the_same_item_with_a_higher_number() -> None:
    (before,) = items(an_agenda())

    (after,) = items(an_agenda(sequence=9, vastgelegd="2026-04-02T09:00:00+00:00", organen=[an_orgaan(tot_en_met="2026-05-29")]))

    assert before["UID"] == after["UID"] and after["UID"].endswith("@kaderroute.example")
    assert after.decoded("dtstart") == date(2026, 5, 29) and after["SEQUENCE"] == 9


def test_an_item_belongs_to_one_stelsel_dossier_stap_and_orgaan() -> None:
    agenda = an_agenda()
    other = [
        items(agenda),
        items(agenda, stelsel="elders"),
        items(agenda, dossier="plan-2026"),
        items(an_agenda(uid_van="besluit")),
        items(an_agenda(organen=[an_orgaan("raad-laren")])),
    ]

    assert len({found[0]["UID"] for found in other}) == 5


def test_each_orgaan_of_a_recipient_has_its_own_item_on_its_own_day() -> None:
    found = items(an_agenda(organen=[an_orgaan(), an_orgaan("college-almere", "college van Almere", "2026-05-08")]))

    assert [item.decoded("dtstart") for item in found] == [date(2026, 5, 15), date(2026, 5, 8)]
    assert len({item["UID"] for item in found}) == 2
    assert "(college van Almere)" in found[1]["SUMMARY"]


def test_what_was_withdrawn_says_so_and_stays_the_same_item() -> None:
    (before,), (gone,) = items(an_agenda()), items(an_agenda(vervallen=True, sequence=7))

    assert gone["STATUS"] == "CANCELLED" and gone["SUMMARY"].startswith("VERVALLEN: De nota (")
    assert gone["UID"] == before["UID"] and "vervallen" in gone["DESCRIPTION"] and "tot en met" not in gone["DESCRIPTION"]


@pytest.mark.parametrize(
    "nasty",
    [
        *NASTY,
        "Nota\r\nATTENDEE:mailto:iedereen@elders.example",
        "Nota\nEND:VEVENT\nBEGIN:VALARM",
        "komma, puntkomma; dubbele punt: \\n en \\",
        "De \u202enota\u202c en \u200fplan",
        "\x00nul\x07bel\x85regel\u2028regel",
        "Zeer lang " * 500,
    ],
    ids=lambda nasty: ascii(nasty[:20]),
)
def test_nothing_in_a_title_becomes_a_line_of_its_own(nasty: str) -> None:
    (plain,) = items(an_agenda())

    (item,) = items(an_agenda(titel=nasty, wat=nasty, organen=[an_orgaan(naam=nasty)]))

    assert list(item.keys()) == list(plain.keys()) and not item.subcomponents
    readable = one_line("".join(sign if sign >= " " and sign not in "\x85\u2028" else " " for sign in nasty))
    assert one_line(item["SUMMARY"]) == f"{readable} kan tot en met vandaag: {readable} ({readable})"


@pytest.mark.parametrize(
    "where",
    [
        {"url": "https://kaderroute.example/a\r\nATTENDEE:mailto:iedereen@elders.example"},
        {"url": "https://kaderroute.example/één"},
        {"url": ""},
        {"antwoord_aan": "a@b.example\nATTENDEE:mailto:iedereen@elders.example"},
    ],
)
def test_a_url_or_address_that_would_break_the_file_is_refused(where: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        kalenderitem(an_agenda(), **{**WHERE, **where})


@pytest.mark.parametrize("name", ["uid_van", "sequence", "vastgelegd", "titel", "wat", "vervallen", "organen"])
def test_an_agenda_with_something_missing_is_refused_as_a_value(name: str) -> None:
    agenda = {key: value for key, value in an_agenda().items() if key != name}

    with pytest.raises(ValueError, match=name):
        kalenderitem(agenda, **WHERE)


def test_the_title_of_an_agenda_is_put_in_its_place_when_the_message_is_rendered() -> None:
    bronnen = '{"proef.html.j2": "h", "proef.txt.j2": "t", "proef.onderwerp.txt.j2": "o"}'

    rendered = render(bronnen, "proef", {"agenda": an_agenda(titel={"tekst": "t1"})}, {"t1": "De\nnota"})

    assert rendered.agenda is not None and rendered.agenda["titel"] == "De nota"
    assert render(bronnen, "proef", {}, {}).agenda is None
