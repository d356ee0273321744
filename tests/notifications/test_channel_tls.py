"""The connection with the mail server: private, with the right server, and no password before it is."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from apprise import Apprise

from config.settings import Beveiliging
from notifications.channels import connection, smtp
from notifications.channels.connection import Mailserver, NoConnection, connect, strict_context
from notifications.channels.smtp import Afloop, KaderSMTP, Patience
from notifications.ports import free_port
from tests.notifications.post_office import DROP, Authority, PostOffice, an_authority, running_post_office

ALMERE = "griffie@almere.example"
BODY = "Subject: De nota\r\n\r\nGeachte griffier\r\n"
SECRET = "geheim%41/wachtwoord"
BOTH = pytest.mark.parametrize("beveiliging", [Beveiliging.STARTTLS, Beveiliging.TLS])


@pytest.fixture(scope="module")
def authority() -> Authority:
    return an_authority()


@pytest.fixture
def office(request: pytest.FixtureRequest, authority: Authority, tmp_path: Path) -> Iterator[PostOffice]:
    """With implicit TLS when the test is about that, else with STARTTLS."""
    callspec = getattr(request.node, "callspec", None)
    implicit = callspec is not None and callspec.params.get("beveiliging") is Beveiliging.TLS
    with running_post_office(implicit) as office:
        office.tls, office.offers = authority.server(tmp_path), ["PIPELINING", "STARTTLS"]
        yield office


def a_plugin(office: PostOffice, authority: Authority | None, beveiliging: Beveiliging = Beveiliging.STARTTLS, **more: Any) -> KaderSMTP:
    context = authority.trusted() if authority is not None else None
    defaults = {"afzender": "route@kaderroute.example", "host": "localhost", "port": office.port}
    return KaderSMTP(**{**defaults, "beveiliging": beveiliging, "context": context, **more})


def told(plugin: KaderSMTP) -> Afloop:
    channel = Apprise()
    channel.add(plugin)
    channel.notify(title=ALMERE, body=BODY)
    return plugin.outcome.afloop


@BOTH
def test_messages_go_over_one_private_connection_to_a_server_that_is_who_it_says(
    office: PostOffice, authority: Authority, beveiliging: Beveiliging
) -> None:
    office.accounts = {"kader": SECRET}
    plugin = a_plugin(office, authority, beveiliging, user="kader", password=SECRET)

    outcomes = [told(plugin), told(plugin)]
    plugin.close()

    assert outcomes == [Afloop.VERZONDEN] * 2 and len(office.taken) == 2 and office.connections == 1
    assert office.logged_in == [("kader", True)] and office.early > 0


@BOTH
@pytest.mark.parametrize("fault", ["unknown authority", "other name", "expired"])
def test_a_certificate_that_does_not_fit_means_nothing_is_sent(
    office: PostOffice, authority: Authority, tmp_path: Path, beveiliging: Beveiliging, fault: str
) -> None:
    office.accounts = {"kader": SECRET}
    if fault == "other name":
        office.tls = authority.server(tmp_path, "elders.example")
    if fault == "expired":
        office.tls = authority.server(tmp_path, days=-1)
    plugin = a_plugin(office, None if fault == "unknown authority" else authority, beveiliging, user="kader", password=SECRET)

    outcomes = [told(plugin), told(plugin)]

    assert outcomes == [Afloop.LATER] * 2 and office.taken == [] and office.logged_in == [] and office.connections == 1
    assert not [line for line in office.said if line.startswith(("MAIL", "AUTH"))]
    why = {"unknown authority": "staat ervoor in", "other name": "andere naam", "expired": "verlopen"}[fault]
    assert plugin.outcome.melding.startswith("Het certificaat van de mailserver klopt niet") and why in plugin.outcome.melding


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (None, "De mailserver biedt geen STARTTLS aan; zonder beveiliging is er niets verstuurd."),
        ("454 TLS nu niet", "De mailserver weigert STARTTLS (454); zonder beveiliging is er niets verstuurd."),
        (DROP, "De mailserver is niet bereikbaar (SMTPServerDisconnected)."),
        ("220 Maar niet heus", "De beveiligde verbinding met de mailserver komt niet tot stand"),
    ],
)
def test_without_starttls_nothing_is_sent(office: PostOffice, authority: Authority, answer: str | None, why: str) -> None:
    office.accounts = {"kader": SECRET}
    if answer is None:
        office.offers = ["PIPELINING"]
    else:
        office.verbs["STARTTLS"], office.tls = answer, None
    plugin = a_plugin(office, authority, user="kader", password=SECRET)

    told(plugin)

    assert plugin.outcome.afloop is Afloop.LATER and plugin.outcome.melding.startswith(why)
    assert not [line for line in office.said if line.startswith(("MAIL", "AUTH"))] and office.logged_in == []


def test_the_server_is_held_to_what_it_offers_once_private(office: PostOffice, authority: Authority) -> None:
    office.accounts = {"kader": SECRET}

    told(a_plugin(office, authority, user="kader", password=SECRET))

    assert [line.split()[0].upper() for line in office.said][:4] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


def test_what_a_stranger_adds_to_the_answer_before_the_connection_is_private_is_not_heard(office: PostOffice, authority: Authority) -> None:
    office.offers, office.verbs = ["STARTTLS"], {"STARTTLS": "220 Begin maar\r\n250-postkantoor\r\n250 PIPELINING"}

    assert told(a_plugin(office, authority)) is Afloop.VERZONDEN and office.early == 0


def test_a_refused_login_is_later_named_for_the_operator_and_not_tried_again(
    office: PostOffice, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    office.accounts = {"kader": "iets anders"}
    plugin = a_plugin(office, authority, user="kader", password=SECRET)
    with caplog.at_level(logging.DEBUG):
        outcomes = [told(plugin) for _ in range(3)]

    assert outcomes == [Afloop.LATER] * 3 and office.connections == 1 and office.taken == []
    assert plugin.outcome.melding == (
        "De mailserver weigert de gebruikersnaam of het wachtwoord (535 5.7.8); de beheerder moet dat herstellen."
    )
    office.accounts = {"kader": SECRET}
    plugin.close()
    assert told(plugin) is Afloop.VERZONDEN
    shown = [plugin.url(), plugin.url(privacy=True), str(plugin), repr(plugin), repr(vars(plugin)), caplog.text]
    assert not [text for text in shown if SECRET in text]


def test_a_login_that_the_server_cannot_judge_now_is_tried_again(office: PostOffice, authority: Authority) -> None:
    office.accounts, office.verbs = {"kader": SECRET}, {"AUTH": "454 4.7.0 Nu even niet"}
    plugin = a_plugin(office, authority, user="kader", password=SECRET)

    told(plugin)
    assert plugin.outcome.melding == "De mailserver kan de aanmelding nu niet behandelen (454 4.7.0)."
    office.verbs = {}

    assert told(plugin) is Afloop.VERZONDEN


@pytest.mark.parametrize("offer", [[], ["AUTH GSSAPI"]])
def test_a_server_without_a_login_that_we_know_is_later(office: PostOffice, authority: Authority, offer: list[str]) -> None:
    office.offers += offer

    assert told(plugin := a_plugin(office, authority, user="kader", password=SECRET)) is Afloop.LATER
    assert "aanmeld" in plugin.outcome.melding or "aanmelding" in plugin.outcome.melding


def test_a_server_that_only_knows_login_is_logged_in_to(office: PostOffice, authority: Authority) -> None:
    office.accounts, office.methods = {"kader": SECRET}, "LOGIN"

    assert told(a_plugin(office, authority, user="kader", password=SECRET)) is Afloop.VERZONDEN
    assert office.logged_in == [("kader", True)]


def test_a_password_outside_ascii_is_named_and_not_shown(office: PostOffice, authority: Authority) -> None:
    office.accounts = {"kader": SECRET}
    plugin = a_plugin(office, authority, user="kader", password="gehéím")

    assert told(plugin) is Afloop.LATER and "ASCII" in plugin.outcome.melding and "geh" not in plugin.outcome.melding


def test_an_unprotected_password_goes_to_this_machine_only(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    office.accounts = {"kader": SECRET}
    here = Mailserver("localhost", office.port, gebruiker="kader", wachtwoord=SECRET)

    connect(here, None, 5).close()
    with monkeypatch.context() as elsewhere, pytest.raises(NoConnection, match="KADER_SMTP_BEVEILIGING"):
        elsewhere.setattr(connection, "_on_this_machine", lambda smtp: False)
        connect(here, None, 5)

    assert office.logged_in == [("kader", False)] and SECRET not in repr(here)


def test_a_connection_asked_to_be_private_is_verified_also_when_nobody_says_how(office: PostOffice) -> None:
    with pytest.raises(NoConnection, match="certificaat"):
        connect(Mailserver("localhost", office.port, Beveiliging.STARTTLS), None, 5)

    context = strict_context()
    assert context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_the_authorities_are_read_once_for_all_connections_of_a_channel(
    office: PostOffice, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ssl.SSLContext] = []

    def counted() -> ssl.SSLContext:
        made.append(authority.trusted())
        return made[-1]

    monkeypatch.setattr(smtp, "strict_context", counted)
    office.hangs_up_after = 1
    plugin = a_plugin(office, None)

    assert [told(plugin) for _ in range(3)] == [Afloop.VERZONDEN] * 3 and office.connections == 3 and len(made) == 1


class _Keeper:
    """What a real mail server took, and from whom."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(session.auth_data, LoginPassword)
        self.taken.append((envelope.rcpt_tos, envelope.original_content or b"", session.auth_data.login.decode()))
        return "250 2.0.0 Bewaard"


@BOTH
def test_a_real_mail_server_takes_the_message_as_it_was_written(authority: Authority, tmp_path: Path, beveiliging: Beveiliging) -> None:
    keeper, context, implicit = _Keeper(), authority.server(tmp_path), beveiliging is Beveiliging.TLS

    def judge(server: SMTP, session: Session, envelope: Envelope, how: str, data: LoginPassword) -> AuthResult:
        return AuthResult(success=data.password == SECRET.encode(), auth_data=data)

    controller = Controller(
        keeper,
        hostname="127.0.0.1",
        port=(port := free_port(0)),
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=not implicit,
        auth_require_tls=not implicit,
        auth_required=True,
        authenticator=judge,
    )
    controller.start()
    try:
        plugin = a_plugin(
            PostOffice(f"localhost:{port}"), authority, beveiliging, user="kader", password=SECRET, patience=Patience(5, 5, 5)
        )
        body = BODY + ".punt\r\n..\r\n"
        channel = Apprise()
        channel.add(plugin)
        sent = [channel.notify(title=ALMERE, body=body) for _ in range(2)]
        plugin.close()
    finally:
        controller.stop()

    assert sent == [True, True] and plugin.outcome.melding == "250 2.0.0 Bewaard"
    assert keeper.taken == [([ALMERE], body.encode(), "kader")] * 2
