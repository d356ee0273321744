"""The mail as it travels: the same row gives the same bytes, and any mail program can read them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.outbox import Bericht, Key, Status
from flows.house import House
from notifications.mail import build, message_id
from notifications.render import Rendered
from tests.notifications.telling import a_released, as_read, rows
from tests.notifications.test_render import NASTY, one_line

CONTEXT = {
    "afzender": "route@kaderroute.example",
    "afzender_naam": "Kaderroute MRA",
    "antwoord_aan": "antwoord@kaderroute.example",
    "lijst_id": "mra.kaderroute.example",
    "ontvanger_naam": "griffie van Almere",
}
ADRES = "griffie@almere.example"
HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "References",
    "List-Id",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Kader-Dossier",
    "X-Kader-Soort",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
]


def a_bericht(slug: str = "nota", soort: str = "geopend", ontvanger: str = "griffie-almere", nr: int = 3, **context: str) -> Bericht:
    return Bericht(
        key=Key(slug, soort, ontvanger, nr),
        onderwerp="raadpleging/1",
        status=Status.BEZIG,
        context=CONTEXT | context,
        sjablonen="d" * 64,
        aangemaakt="2026-03-27T08:30:00.123456+00:00",
        vrijgegeven_door="aob",
        pogingen=0,
        afgehandeld=None,
        melding=None,
    )


def a_rendered(onderwerp: str = "De nota: reageren kan", tekst: str = "Geachte griffier,\n", html: str = "<p>Geachte</p>") -> Rendered:
    return Rendered(onderwerp, html, tekst)


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage) and mail.defects == [] and all(part.defects == [] for part in mail.walk())
    return mail


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_real_message_is_the_same_bytes_every_time_and_reads_back_as_it_was_written(sqlite_house: House) -> None:
    a_released(sqlite_house, titel="Coördinatie van de nota")
    bericht = rows(sqlite_house)[0]
    read = as_read(sqlite_house, bericht)

    raw = build("mra", bericht, read, ADRES)
    retry = build("mra", replace(bericht, pogingen=3, status=Status.BEZIG), as_read(sqlite_house, bericht), ADRES)

    mail = parsed(raw)
    assert raw == retry
    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert content(mail, "plain").rstrip() == read.tekst.rstrip() and content(mail, "html").rstrip() == read.html.rstrip()
    assert str(mail["Subject"]) == read.onderwerp


def test_the_headers_say_who_writes_to_whom_about_what_and_that_nobody_typed_it() -> None:
    mail = parsed(build("mra", a_bericht(), a_rendered(), ADRES))

    assert mail.keys() == HEADERS
    assert str(mail["From"]) == "Kaderroute MRA <route@kaderroute.example>" and str(mail["To"]) == f"griffie van Almere <{ADRES}>"
    assert (mail["Reply-To"], mail["List-Id"]) == ("antwoord@kaderroute.example", "Kaderroute MRA <mra.kaderroute.example>")
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"], mail["Content-Language"]) == ("auto-generated", "All", "nl")
    assert (mail["X-Kader-Dossier"], mail["X-Kader-Soort"]) == ("nota", "geopend")
    assert mail["Date"].datetime == datetime(2026, 3, 27, 8, 30, tzinfo=UTC)


def test_every_key_has_its_own_message_id_and_a_dossier_of_a_recipient_is_one_thread() -> None:
    different = [a_bericht(), a_bericht("plan"), a_bericht(soort="gewijzigd"), a_bericht(ontvanger="griffie-laren"), a_bericht(nr=4)]

    mails = [parsed(build("mra", bericht, a_rendered(), ADRES)) for bericht in different]

    ids = [str(mail["Message-ID"]) for mail in mails] + [message_id("elders", different[0])]
    assert len(set(ids)) == 6 and all(re.fullmatch(r"<[0-9a-f]{48}@kaderroute\.example>", found) for found in ids)
    assert ids[0] == message_id("mra", a_bericht())
    threads = [str(mail["References"]) for mail in mails]
    assert threads[0] == threads[2] == threads[4] and len(set(threads)) == 3
    assert len({mail.get_boundary() for mail in mails}) == 5


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_in_a_title_becomes_a_header(nasty: str) -> None:
    titel = one_line(nasty)

    raw = build("mra", a_bericht(ontvanger_naam=titel), a_rendered(titel, nasty, f"<p>{nasty}</p>"), ADRES)

    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert str(mail["Subject"]).replace("= ?", "=?") == titel
    assert [address.addr_spec for address in mail["To"].addresses] == [ADRES]


LINES = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85"), max_size=1500)


@given(onderwerp=LINES, tekst=st.lists(LINES, max_size=4), html=LINES)
def test_whatever_is_written_travels_as_short_ascii_lines_and_reads_back(onderwerp: str, tekst: list[str], html: str) -> None:
    rendered = Rendered(one_line(onderwerp)[:400], html, "\n".join(tekst))

    raw = build("mra", a_bericht(), rendered, ADRES)

    head, _, body = raw.partition(b"\r\n\r\n")
    assert raw.isascii() and raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998 and max(map(len, body.split(b"\r\n"))) <= 78
    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert content(mail, "plain").rstrip("\n") == rendered.tekst.rstrip("\n")
    assert content(mail, "html").rstrip("\n") == rendered.html.rstrip("\n")


@pytest.mark.parametrize(
    "adres",
    [
        "",
        "griffie",
        "griffie@",
        "@almere.example",
        "a@almere.example, b@almere.example",
        "a b@almere.example",
        "griffie@almere.example\r\nBcc: iedereen@elders.example",
        "Griffie <griffie@almere.example>",
        "büro@almere.example",
        "griffie@köln.example",
        "griffie@almere.example\x00",
    ],
)
def test_an_address_that_is_none_is_refused(adres: str) -> None:
    with pytest.raises(ValueError):
        build("mra", a_bericht(), a_rendered(), adres)
