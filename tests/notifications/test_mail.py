"""The mail as it travels: the same row gives the same bytes, and any mail program can read them."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.outbox import Bericht, Key, Status
from flows.house import House
from notifications.kalenderitem import kalenderitem
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
    "website": "https://kaderroute.example",
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


def a_bericht(slug: str = "nota", soort: str = "geopend", ontvanger: str = "griffie-almere", nr: int = 3, **context: Any) -> Bericht:
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


def an_agenda(**changes: Any) -> dict[str, Any]:
    """What a recipient is told of one moment, titles in their place."""
    organen = [{"slug": "raad-almere", "naam": "gemeenteraad van Almere", "tot_en_met": "2026-05-15"}]
    moment = {"uid_van": "raadpleging", "sequence": 5, "vastgelegd": "2026-03-27T08:30:00+00:00", "vervallen": False, "organen": organen}
    return {**moment, "kort": ["Almere"], "op": "2026-05-15", "titel": "De nota", "wat": "Reageren", **changes}


def reference_build(stelsel: str, bericht: Bericht, rendered: Rendered, adres: str) -> bytes:
    """The same mail as the standard library makes it, slowly."""
    context, slug = bericht.context, bericht.key.slug
    naam, domein = str(context["afzender_naam"]), str(context["afzender"]).rpartition("@")[2]

    def digest(*parts: str) -> str:
        return sha256("\n".join(parts).encode()).hexdigest()[:48]

    def literal(text: str) -> str:
        return text.replace("=?", "= ?")

    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(literal(naam), addr_spec=str(context["afzender"]))
    mail["To"] = Address(literal(str(context["ontvanger_naam"])), addr_spec=adres)
    mail["Reply-To"] = str(context["antwoord_aan"])
    mail["Subject"] = literal(rendered.onderwerp)
    mail["Date"] = datetime.fromisoformat(bericht.aangemaakt)
    mail["Message-ID"] = f"<{digest(stelsel, str(bericht.key))}@{domein}>"
    mail["References"] = f"<{digest(stelsel, slug, bericht.key.ontvanger)}@{domein}>"
    mail["List-Id"] = literal(f"{naam} <{context['lijst_id']}>")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Kader-Dossier"] = slug
    mail["X-Kader-Soort"] = bericht.key.soort
    mail.set_content(rendered.tekst, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{digest(stelsel, str(bericht.key), 'deel')[:40]}")
    if rendered.agenda is not None:
        who = {"afzender": str(context["afzender"]), "antwoord_aan": str(context["antwoord_aan"])}
        item = kalenderitem(rendered.agenda, stelsel=stelsel, dossier=slug, url=f"{context['website']}/dossier/{slug}", **who)
        params = {"charset": "utf-8", "method": "PUBLISH", "name": "inbrengmoment.ics"}
        mail.add_attachment(item, maintype="text", subtype="calendar", filename="inbrengmoment.ics", params=params)
        mail.set_boundary(f"=_{digest(stelsel, str(bericht.key), 'geheel')[:40]}")
    mail["Content-Language"] = "nl"
    return mail.as_bytes(policy=SMTP.clone(max_line_length=998))


def shape(mail: EmailMessage) -> list[object]:
    """What a mail program makes of it: every header of every part as text, and every body."""
    return [
        (
            sorted((name, str(value)) for name, value in part.items() if part is mail or name != "MIME-Version"),
            None if part.is_multipart() else part.get_content(),
        )
        for part in mail.walk()
    ]


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
    assert [item.get_filename() for item in mail.iter_attachments()] == ["inbrengmoment.ics"]
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
TITLES = LINES.map(lambda text: one_line(text)[:400])
NAMEN = TITLES.map(lambda text: text.encode()[:36].decode(errors="ignore").strip())
"""In one encoded word: Python 3.11 reads a space between two of them in a name."""


@given(
    onderwerp=TITLES,
    naam=TITLES,
    tekst=st.lists(LINES, max_size=4),
    html=LINES,
    agenda=st.none() | TITLES.map(lambda t: an_agenda(titel=t)),
)
def test_whatever_is_written_travels_as_short_ascii_lines_and_reads_back(
    onderwerp: str, naam: str, tekst: list[str], html: str, agenda: dict[str, Any] | None
) -> None:
    rendered = Rendered(onderwerp, html, "\n".join(tekst), agenda)

    raw = build("mra", a_bericht(ontvanger_naam=naam), rendered, ADRES)

    assert raw.isascii() and raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert all(len(line) <= 78 or re.fullmatch(rb"[!-~]+: [!-~]+", line) for line in raw.split(b"\r\n"))
    mail = parsed(raw)
    assert mail.keys() == HEADERS
    assert str(mail["Subject"]).replace("= ?", "=?") == onderwerp.replace("= ?", "=?")
    assert content(mail, "plain").rstrip("\n") == rendered.tekst.rstrip("\n")
    assert content(mail, "html").rstrip("\n") == rendered.html.rstrip("\n")


@given(
    onderwerp=TITLES,
    naam=NAMEN,
    tekst=st.lists(LINES, max_size=4),
    html=LINES,
    agenda=st.none() | TITLES.map(lambda t: an_agenda(titel=t)),
)
def test_a_mail_program_reads_the_same_as_in_what_the_standard_library_builds(
    onderwerp: str, naam: str, tekst: list[str], html: str, agenda: dict[str, Any] | None
) -> None:
    bericht, rendered = a_bericht(ontvanger_naam=naam), Rendered(onderwerp, html, "\n".join(tekst), agenda)

    ours, theirs = build("mra", bericht, rendered, ADRES), reference_build("mra", bericht, rendered, ADRES)

    assert shape(parsed(ours)) == shape(parsed(theirs))


WORSE = [
    "De \u202enota\u202c",
    "a,b;c:d <e@f.example>",
    'Zeg "nota" \\ plan',
    "x" * 5000,
    "é" * 5000,
    "a.\n.\n..b \t\n",
    "\x00nul\x07 en \x1b[1m",
]


@pytest.mark.parametrize("nasty", [*NASTY, *WORSE], ids=lambda nasty: ascii(nasty[:20]))
def test_what_is_nasty_reads_the_same_too(nasty: str) -> None:
    titel = one_line(nasty)
    naam = titel.encode()[:36].decode(errors="ignore").strip()
    bericht, rendered = a_bericht(ontvanger_naam=naam, afzender_naam=naam), Rendered(titel, nasty, nasty, an_agenda(titel=nasty, wat=nasty))

    ours, theirs = build("mra", bericht, rendered, ADRES), reference_build("mra", bericht, rendered, ADRES)

    assert shape(parsed(ours)) == shape(parsed(theirs))


@pytest.mark.parametrize("nasty", [*NASTY, *WORSE], ids=lambda nasty: ascii(nasty[:20]))
def test_a_name_that_needs_more_encoded_words_reads_back(nasty: str) -> None:
    naam = one_line(nasty)

    head = build("mra", a_bericht(ontvanger_naam=naam), a_rendered(), ADRES).partition(b"\r\nReply-To")[0].decode()

    decoded = str(make_header(decode_header(head.partition("\r\nTo: ")[2].replace("\r\n", ""))))
    found, adres = decoded.removesuffix(">").rsplit(" <", 1) if "=?utf-8" in head else parseaddr(decoded)
    assert (found.replace("= ?", "=?"), adres) == (naam, ADRES)


def test_a_message_without_a_moment_has_nothing_attached() -> None:
    mail = parsed(build("mra", a_bericht(), a_rendered(), ADRES))

    assert [part.get_content_type() for part in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_moment_travels_as_an_attachment_beside_what_people_read() -> None:
    mail = parsed(build("mra", a_bericht(), replace(a_rendered(), agenda=an_agenda()), ADRES))

    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    (item,) = mail.iter_attachments()
    assert item.get_content_disposition() == "attachment" and item.get_filename() == "inbrengmoment.ics"
    assert (item.get_param("method"), item.get_param("charset"), item.get_param("name")) == ("PUBLISH", "utf-8", "inbrengmoment.ics")
    assert "\r\nSUMMARY:Reageren kan tot en met vandaag: De nota" in item.get_content()


def test_no_encoded_word_is_longer_than_mail_programs_must_read() -> None:
    long = "één besluit " * 30

    head = build("mra", a_bericht(ontvanger_naam=long, afzender_naam=long), a_rendered(long), ADRES).partition(b"\r\n\r\n")[0]

    words = re.findall(rb"=\?utf-8\?.\?[^?]*\?=", head)
    assert len(words) > 15 and max(map(len, words)) <= 75


def test_the_addresses_to_unsubscribe_at_stay_whole_however_long() -> None:
    mailto, https = "mailto:afmelden@kaderroute.example?subject=af%20" + "m" * 200, "https://kaderroute.example/af/" + "a-" * 400

    raw = build("mra", a_bericht(afmelden={"mailto": mailto, "https": https}), a_rendered(), ADRES)

    assert f"\r\nList-Unsubscribe: <{mailto}>,\r\n <{https}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    mail = parsed(raw)
    assert mail["List-Unsubscribe"] == f"<{mailto}>, <{https}>"
    assert [name for name in mail.keys() if name not in HEADERS] == ["List-Unsubscribe", "List-Unsubscribe-Post"]  # noqa: SIM118


@pytest.mark.parametrize("https", [None, ""])
def test_one_press_unsubscribes_only_where_a_page_can_hear_it(https: str | None) -> None:
    raw = build("mra", a_bericht(afmelden={"mailto": "afmelden@kaderroute.example", "https": https}), a_rendered(), ADRES)

    assert b"\r\nList-Unsubscribe: <mailto:afmelden@kaderroute.example>\r\n" in raw
    assert b"One-Click" not in raw


def test_messages_that_travel_together_have_the_message_id_of_their_mail() -> None:
    together = [build("mra", bericht, a_rendered(), ADRES, mail_id="mail-7") for bericht in (a_bericht(), a_bericht(nr=4))]

    ids = {str(parsed(raw)["Message-ID"]) for raw in together}
    assert ids == {message_id("mra", a_bericht(), "mail-7")} and ids != {message_id("mra", a_bericht())}
    assert len({parsed(raw).get_boundary() for raw in together}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"antwoord_aan": "a@b.example\r\nBcc: iedereen@elders.example"},
        {"afzender": "a@b.example\nBcc: iedereen@elders.example"},
        {"afzender_naam": "Kader\r\nBcc: iedereen@elders.example"},
        {"ontvanger_naam": "griffie\n\nBeste"},
        {"lijst_id": "a>\r\nBcc: iedereen@elders.example"},
        {"slug": "nota\r\nBcc: iedereen@elders.example"},
        {"soort": "geopend\n"},
        {"afmelden": {"mailto": "a@b.example>\r\nBcc: iedereen@elders.example", "https": None}},
        {"afmelden": {"mailto": "a@b.example", "https": "https://b.example/>, <https://elders.example"}},
        {"afmelden": {"mailto": "a@b.example", "https": "https://b.example/é"}},
        {"afmelden": {"mailto": "a@b.example", "https": "https://b.example/" + "a" * 1000}},
    ],
)
def test_a_value_that_would_begin_a_header_of_its_own_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        build("mra", a_bericht(**changes), a_rendered(), ADRES)


def test_a_subject_of_two_lines_is_refused() -> None:
    with pytest.raises(ValueError):
        build("mra", a_bericht(), a_rendered("Reageren\r\nBcc: iedereen@elders.example"), ADRES)


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
        "griffie..almere@almere.example",
        "g" * 250 + "@almere.example",
    ],
)
def test_an_address_that_is_none_is_refused(adres: str) -> None:
    with pytest.raises(ValueError):
        build("mra", a_bericht(), a_rendered(), adres)


def test_the_bytes_are_the_same_after_apprise_changed_how_headers_are_encoded() -> None:
    naam = "griffie van Coördinatië 😀"
    lines = "import sys; from tests.notifications.test_mail import ADRES, a_bericht, a_rendered; from notifications.mail import build; "
    made = f"sys.stdout.buffer.write(build('mra', a_bericht(ontvanger_naam={naam!r}), a_rendered({naam!r}), ADRES))"

    without, after = (
        subprocess.run([sys.executable, "-c", first + lines + made], capture_output=True, check=True).stdout
        for first in ("", "import apprise.plugins.email; ")
    )

    assert without == after and b"Subject: =?utf-8?" in after
