"""Delivery reports as mail servers write them: who is said not to be reachable, for good or for now, and what is no report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import bezorgrapport
from notifications.bezorgrapport import Bezorgmelding, read_report
from statemachines.errors import Unusable


def a_report(
    *recipients: str, kind: str = "multipart/report; report-type=delivery-status", status: str = "message/delivery-status"
) -> bytes:
    """A report like that of Postfix; every recipient is a block of fields."""
    blocks = "\n\n".join(("Reporting-MTA: dns; mail.kaderroute.example\nArrival-Date: Fri, 9 Jan 2026 09:00:00 +0100", *recipients))
    return f"""\
From: Mail Delivery System <mailer-daemon@kaderroute.example>
To: kaderroute@kaderroute.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: {kind}; boundary="grens"

--grens
Content-Type: text/plain; charset=utf-8

I'm sorry to have to inform you that your message could not be delivered.

--grens
Content-Type: {status}

{blocks}

--grens
Content-Type: message/rfc822

To: griffie@almere.example
Subject: De nota

De brief.

--grens--
""".replace("\n", "\r\n").encode()


def fields(actie: str = "failed", code: str = "5.1.1", final: str = "rfc822; griffie@almere.example", extra: str = "") -> str:
    said = "smtp; 550 5.1.1 <griffie@almere.example> unknown"
    return f"{extra}Final-Recipient: {final}\nAction: {actie}\nStatus: {code}\nDiagnostic-Code: {said}"


def test_a_failure_for_good_names_the_address_the_code_and_what_it_means_without_the_address() -> None:
    [melding] = read_report(a_report(fields()))

    assert melding == Bezorgmelding(("griffie@almere.example",), "failed", "5.1.1")
    assert (melding.permanent, melding.waarom) == (True, "Bezorgrapport: 5.1.1, het adres bestaat niet.")


def test_the_address_that_we_wrote_goes_before_the_one_to_which_the_mail_server_passed_it_on() -> None:
    [melding] = read_report(
        a_report(fields(final="RFC822;postbus12@elders.example", extra="Original-Recipient: rfc822;<Griffie@Almere.example>\n"))
    )

    assert melding.adressen == ("griffie@almere.example", "postbus12@elders.example")


@pytest.mark.parametrize(
    ("actie", "code", "permanent", "read"),
    [
        ("failed", "5.1.1", True, "5.1.1"),
        ("Failed", "5.7.606 (Access denied)", True, "5.7.606"),
        ("failed", "4.4.7", False, "4.4.7"),
        ("delayed", "4.4.1", False, "4.4.1"),
        ("delayed", "5.1.1", False, "5.1.1"),
        ("delivered", "2.0.0", False, "2.0.0"),
        ("failed", "kapot", False, ""),
        ("failed", "15.1.1", False, ""),
    ],
)
def test_only_failed_with_a_code_of_five_is_for_good(actie: str, code: str, permanent: bool, read: str) -> None:
    [melding] = read_report(a_report(fields(actie, code)))

    assert (melding.permanent, melding.code, melding.actie) == (permanent, read, actie.lower())


def test_every_recipient_of_a_report_is_read_in_order() -> None:
    found = read_report(a_report(fields(), fields("delayed", "4.2.2", "rfc822; griffie@laren.example")))

    assert [(m.adressen[0], m.actie) for m in found] == [("griffie@almere.example", "failed"), ("griffie@laren.example", "delayed")]


def test_a_report_without_code_says_so() -> None:
    assert read_report(a_report(fields(code="")))[0].waarom == "Bezorgrapport: geen code."


def nested() -> bytes:
    """An ordinary mail with a report as attachment."""
    return b"Content-Type: message/rfc822\r\n\r\n" + a_report(fields())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"zomaar tekst",
        b"\x00\xff\xfe" * 1000,
        b"From: a@b.example\r\nSubject: Ik ben er niet\r\n\r\nAfwezig",
        a_report(fields(), kind="multipart/mixed"),
        a_report(fields(), status="text/plain"),
        a_report(fields(), status="message/disposition-notification"),
        nested(),
        b"Content-Type: multipart/report; boundary=x\r\n\r\nniets",
        b"Content-Type: multipart/report\r\n\r\nzonder grens",
        b"".join(b"Content-Type: multipart/report; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(3000)),
    ],
)
def test_what_is_no_report_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(Unusable, match="geen bezorgrapport"):
        read_report(raw)


@pytest.mark.parametrize("final", ["x400; /c=nl/s=griffie", "griffie@almere.example", "rfc822;", ""])
def test_a_report_without_a_mail_address_is_refused(final: str) -> None:
    with pytest.raises(Unusable, match="noemt geen ontvanger"):
        read_report(a_report(fields(final=final)))


def test_a_file_that_is_too_big_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bezorgrapport, "BIGGEST", 100)

    with pytest.raises(Unusable, match="groter dan"):
        read_report(a_report(fields()))


@given(st.binary(max_size=200), st.integers(0, 1200))
def test_a_damaged_report_is_read_or_refused_and_nothing_else(junk: bytes, at: int) -> None:
    good = a_report(fields(), fields("delayed", "4.2.2"))

    try:
        found = read_report(good[:at] + junk + good[at + len(junk) :])
    except Unusable as refusal:
        assert str(refusal).endswith(".")
    else:
        assert found and all(melding.adressen for melding in found)
