"""The mailbox of proof mode, over real SMTP and HTTP: keeps every message as it came and shows even hostile ones harmlessly."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notifications.inbox import LARGEST, PER_PAGE, SHOWN, Inbox, application, running_inbox

FROM = "mra@voorbeeld.example"


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with running_inbox(tmp_path / "postvak") as running:
        yield running


def a_mail(onderwerp: str = "Uw inbreng", aan: str = "griffie@almere.example", html: str | None = None, **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = FROM, aan, onderwerp
    mail["Date"] = "Fri, 27 Mar 2026 08:30:00 +0000"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Geachte griffier, dit is de tekst.")
    if html is not None:
        mail.add_alternative(html, subtype="html")
    return mail


def sent(inbox: Inbox, *mails: bytes | EmailMessage) -> None:
    with smtplib.SMTP(inbox.smtp_host, inbox.smtp_port, timeout=10) as server:
        for mail in mails:
            server.sendmail(FROM, ["griffie@almere.example"], mail if isinstance(mail, bytes) else mail.as_bytes(policy=SMTP))


def page(inbox: Inbox, path: str = "/", **query: str | int) -> str:
    answer = httpx.get(f"{inbox.url}{path}", params=query or None, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_message_is_kept_byte_for_byte_and_its_source_can_be_read(inbox: Inbox) -> None:
    mail = a_mail().as_bytes(policy=SMTP)

    sent(inbox, mail)

    assert inbox.raw() == [mail] and inbox.count() == 1
    assert httpx.get(f"{inbox.url}/bron/00000001").content == mail


def test_the_list_shows_the_newest_first_fifty_a_page(inbox: Inbox) -> None:
    sent(inbox, *(a_mail(f"Bericht nummer {n}.") for n in range(1, PER_PAGE + 3)))

    first, second = page(inbox), page(inbox, pagina=2)

    assert first.index(f"Bericht nummer {PER_PAGE + 2}.") < first.index("Bericht nummer 3.")
    assert "Bericht nummer 2." not in first and "Oudere berichten" in first
    assert "Bericht nummer 2." in second and "Bericht nummer 3." not in second and "Nieuwere berichten" in second


def test_messages_are_found_by_dossier_soort_and_ontvanger(inbox: Inbox) -> None:
    sent(inbox, a_mail("Een", "griffie@almere.example", X_Kader_Dossier="jaarplan-2027", X_Kader_Soort="inbrengmoment-geopend"))
    sent(inbox, a_mail("Twee", "griffie@zaanstad.example", X_Kader_Dossier="jaarplan-2027", X_Kader_Soort="datum-gewijzigd"))

    found = {
        zoek: [wie for wie in ("Een", "Twee") if f">{wie}</a>" in page(inbox, zoek=zoek)]
        for zoek in ("jaarplan", "DATUM-GEWIJZIGD", "almere", "jaarplan zaanstad", "almere datum", "00000001")
    }

    assert found["jaarplan"] == ["Een", "Twee"]
    assert found["DATUM-GEWIJZIGD"] == ["Twee"] and found["almere"] == ["Een"] and found["jaarplan zaanstad"] == ["Twee"]
    assert found["almere datum"] == [] and found["00000001"] == []


def test_a_message_page_shows_who_what_and_when_with_the_text_the_html_and_the_attachments(inbox: Inbox) -> None:
    mail = a_mail("=?utf-8?q?Co=C3=B6rdinatie?= van de ronde", html="<p>Geachte <b>griffier</b></p>")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="inbrengmoment.ics")

    sent(inbox, mail)

    shown = page(inbox, "/bericht/00000001")
    assert "Coördinatie van de ronde" in shown and "griffie@almere.example" in shown
    assert "vrijdag 27 maart 2026, 09:30 uur" in shown
    assert "Geachte griffier, dit is de tekst." in shown and "inbrengmoment.ics" in shown
    assert "<p>Geachte <b>griffier</b></p>" in unescape(shown)


def test_html_from_a_message_never_becomes_html_of_the_page(inbox: Inbox) -> None:
    evil = '"><script>alert(1)</script>'
    sent(inbox, a_mail(f"Onderwerp {evil}", html=f"<p>{evil}</p>", X_Kader_Dossier=evil))

    pages = [page(inbox), page(inbox, "/bericht/00000001"), page(inbox, zoek=evil)]

    assert all("<script" not in text for text in pages)
    assert '<iframe sandbox srcdoc="' in pages[1]


def test_the_page_runs_no_script_and_loads_nothing_from_elsewhere(inbox: Inbox) -> None:
    sent(inbox, a_mail(html='<img src="https://elders.example/pixel.png">'))

    for path in ("/", "/bericht/00000001", "/bron/00000001", "/bericht/99999999"):
        headers = httpx.get(f"{inbox.url}{path}").headers
        rules = headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules and "script-src" not in rules and "http" not in rules
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert httpx.get(f"{inbox.url}/bron/00000001").headers["Content-Type"].startswith("text/plain")


def test_another_site_cannot_read_the_mailbox_under_a_name_of_its_own(inbox: Inbox) -> None:
    assert httpx.get(inbox.url, headers={"Host": "elders.example"}).status_code == 400


def test_a_message_that_is_not_there_is_said_in_dutch(inbox: Inbox) -> None:
    for path in ("/bericht/00000009", "/bericht/..%2f..%2fetc", "/bron/" + "9" * 5000, "/anders"):
        answer = httpx.get(f"{inbox.url}{path}")

        assert answer.status_code == 404 and "Dit bericht is er niet" in answer.text


@pytest.mark.parametrize("pagina", ["0", "-1", "x", "999999", "9" * 5000, "²"])
def test_an_odd_page_number_gives_a_page(inbox: Inbox, pagina: str) -> None:
    sent(inbox, a_mail())

    assert "1 bericht<" in page(inbox, pagina=pagina)


def test_addresses_and_subjects_in_any_script_are_taken_and_shown(inbox: Inbox) -> None:
    mail = "From: mra@voorbeeld.example\r\nTo: büro@köln.example\r\nSubject: שלום 你好 Müller\r\n\r\nTekst\r\n".encode()

    with smtplib.SMTP(inbox.smtp_host, inbox.smtp_port) as server:
        server.sendmail(FROM, ["büro@köln.example"], mail, mail_options=["SMTPUTF8", "BODY=8BITMIME"])

    assert "שלום 你好 Müller" in page(inbox) and 'dir="auto"' in page(inbox)


def test_a_very_long_message_is_cut_on_the_page_and_whole_in_the_source(inbox: Inbox) -> None:
    mail = b"Subject: Lang\r\n\r\n" + b"regel van de tekst\r\n" * 500_000

    sent(inbox, mail)

    shown = page(inbox, "/bericht/00000001")
    assert "hier staat alleen het begin" in shown.lower() and len(shown) < 2 * SHOWN
    assert inbox.raw() == [mail]


def test_a_message_over_the_limit_is_refused_and_nothing_is_kept(inbox: Inbox) -> None:
    line = b"x" * 98 + b"\r\n"
    mail = b"Subject: Te groot\r\n\r\n" + line * (LARGEST // len(line) + 1)

    with pytest.raises(smtplib.SMTPResponseException) as refusal:
        sent(inbox, mail)

    assert refusal.value.smtp_code == 552 and inbox.count() == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.binary(max_size=400) | st.from_regex(rb"((Subject|To|Date|Content-Type|From): [ -~]{0,60}\r\n){1,6}\r\n[ -~]{0,80}"))
@example(b"")
@example(b"Content-Type: multipart/mixed\r\n\r\nzonder grens")
@example(b'Content-Type: text/plain; charset="bestaat-niet"\r\nContent-Transfer-Encoding: base64\r\n\r\n$$$')
@example(b"Content-Type: text/html; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n2AA=\r\n")
@example(b"To: =?utf-8?b?//8=?= <\r\nSubject: =?bestaat-niet?q?x?=\r\nDate: Mon, 99 Foo 0000 99:99\r\n\r\n")
@example(b"Date: Fri, 31 Dec 9999 23:59:59 -1200\r\nContent-Type: message/rfc822\r\n\r\n")
@example(b"To: [\r\nFrom: @@\r\nSubject: \xff\xfe\x00\r\nContent-Disposition: attachment; filename*=x'y\r\n\r\n")
def test_no_message_however_broken_takes_the_page_down(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.mktemp("stuk")
    (folder / "00000001.eml").write_bytes(raw)
    transport = httpx.ASGITransport(application(folder))

    statuses = [status_of(transport, path) for path in ("/", "/?zoek=x", "/bericht/00000001", "/bron/00000001")]

    assert statuses == [200, 200, 200, 200]


def test_parts_nested_deeper_than_python_can_follow_are_shown_as_unreadable(inbox: Inbox) -> None:
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(1500))

    sent(inbox, nested)

    assert "[onleesbaar]" in page(inbox, "/bericht/00000001")
    assert inbox.raw()[0].startswith(nested)


def status_of(transport: httpx.ASGITransport, path: str) -> int:
    async def asked() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return (await client.get(path)).status_code

    return asyncio.run(asked())


def test_ten_senders_at_once_lose_nothing(inbox: Inbox) -> None:
    senders = [threading.Thread(target=sent, args=(inbox, *(a_mail(f"{who}-{n}") for n in range(20)))) for who in range(10)]

    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    subjects = {line for raw in inbox.raw() for line in raw.splitlines() if line.startswith(b"Subject")}
    assert inbox.count() == 200 and len(subjects) == 200


def test_a_mailbox_that_starts_again_goes_on_numbering_and_takes_a_free_port(tmp_path: Path) -> None:
    with running_inbox(tmp_path) as first:
        sent(first, a_mail("eerste"))
        with running_inbox(tmp_path / "ander", smtp_port=first.smtp_port, http_port=int(first.url.rsplit(":", 1)[1])) as other:
            ports = {first.smtp_port, other.smtp_port, first.url, other.url}

    with running_inbox(tmp_path) as again:
        sent(again, a_mail("tweede"))
        subjects = [b"eerste" in raw for raw in again.raw()]

    assert len(ports) == 4
    assert subjects == [True, False]


def test_a_mailbox_that_ended_leaves_no_port_and_no_thread_behind(tmp_path: Path) -> None:
    before = threading.active_count()

    with running_inbox(tmp_path) as inbox:
        ports = (inbox.smtp_port, int(inbox.url.rsplit(":", 1)[1]))

    assert threading.active_count() == before
    for port in ports:
        with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            pass
