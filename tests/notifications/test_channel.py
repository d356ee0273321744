"""The e-mail channel: whatever a mail server does, what is said of the message is true."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from apprise import Apprise

from notifications.channels.smtp import Afloop, KaderSMTP, Patience
from tests.notifications.post_office import DROP, SILENCE, PostOffice, running_post_office

AFZENDER = "route@kaderroute.example"
ALMERE = "griffie@almere.example"
DIEMEN = "griffie@diemen.example"
BODY = "Subject: De nota\r\n\r\nGeachte griffier\r\n"
LARGE = BODY + ("x" * 76 + "\r\n") * 300_000
"""More than fits in the buffers of any network on the way."""
SHORT = Patience(connect=0.3, command=0.3, data=0.3)
BOTH_WAYS = pytest.mark.parametrize("offers", [[], ["PIPELINING"]], ids=["one-by-one", "pipelined"])


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as office:
        yield office


@pytest.fixture
def plugin(office: PostOffice) -> Iterator[KaderSMTP]:
    plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=office.port)
    yield plugin
    plugin.close()


def told(plugin: KaderSMTP, adres: str = ALMERE, body: str = BODY) -> Afloop:
    """What became of a message that Apprise carried."""
    channel = Apprise()
    channel.add(plugin)
    assert channel.notify(title=adres, body=body) is (plugin.outcome.afloop is Afloop.VERZONDEN)
    return plugin.outcome.afloop


def recipients(office: PostOffice) -> list[str]:
    return [adres for adres, _ in office.taken]


@BOTH_WAYS
def test_messages_go_one_after_the_other_over_one_connection(office: PostOffice, plugin: KaderSMTP, offers: list[str]) -> None:
    office.offers = offers

    outcomes = [told(plugin, adres) for adres in (ALMERE, DIEMEN, ALMERE)]

    assert outcomes == [Afloop.VERZONDEN] * 3 and recipients(office) == [ALMERE, DIEMEN, ALMERE]
    assert office.connections == 1 and office.taken[0][1] == BODY.encode()
    assert (office.early == 0) is (offers == [])


def test_mail_rcpt_and_data_go_in_one_write_only_to_a_server_that_offers_it(office: PostOffice, plugin: KaderSMTP) -> None:
    office.offers = ["PIPELINING"]

    told(plugin)

    assert office.said[1:] == [f"MAIL FROM:<{AFZENDER}>", f"RCPT TO:<{ALMERE}>", "DATA"] and office.early == 2


@BOTH_WAYS
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "afloop"), [("451 4.3.2 Later", Afloop.LATER), ("550 5.7.1 Niet hier", Afloop.GEWEIGERD)])
def test_a_refusal_is_of_this_message_only_and_keeps_its_code(
    office: PostOffice, plugin: KaderSMTP, offers: list[str], verb: str, answer: str, afloop: Afloop
) -> None:
    office.offers, office.verbs = offers, {verb: answer}

    refused = told(plugin)
    outcome = plugin.outcome
    office.verbs = {}
    next_one = told(plugin, DIEMEN)

    assert (refused, next_one) == (afloop, Afloop.VERZONDEN) and recipients(office) == [DIEMEN] and office.connections == 1
    assert (outcome.melding, outcome.code, outcome.status) == (answer, int(answer[:3]), answer[4:9])


@BOTH_WAYS
@pytest.mark.parametrize(
    ("dot", "afloop"),
    [
        ("451 Later", Afloop.LATER),
        ("554 Nooit", Afloop.GEWEIGERD),
        ("250 2.0.0 Bewaard", Afloop.VERZONDEN),
        ("onzin", Afloop.ONBEKEND),
        ("354 Nog een keer", Afloop.ONBEKEND),
        (DROP, Afloop.ONBEKEND),
    ],
)
def test_the_answer_to_the_dot_decides(office: PostOffice, plugin: KaderSMTP, offers: list[str], dot: str, afloop: Afloop) -> None:
    office.offers, office.dot = offers, dot

    first = told(plugin)
    office.dot = "250 Bewaard"
    then = told(plugin, DIEMEN)

    assert (first, then) == (afloop, Afloop.VERZONDEN) and recipients(office) == [ALMERE, DIEMEN]


@pytest.mark.parametrize("lone_dot", ["554 Geen geldige ontvanger", "250 Goed", DROP, "421 Ik sluit"])
def test_a_server_that_asks_for_the_message_after_refusing_the_recipient_gets_a_lone_dot(
    office: PostOffice, plugin: KaderSMTP, lone_dot: str
) -> None:
    office.offers, office.asks_for_any_message, office.lone_dot = ["PIPELINING"], True, lone_dot
    office.rcpt[ALMERE] = "550 5.1.1 Onbekend"

    refused, outcome = told(plugin), plugin.outcome
    then = told(plugin, DIEMEN)

    assert refused is Afloop.GEWEIGERD and (outcome.code, outcome.status) == (550, "5.1.1")
    assert office.lone_dots == 1 and then is Afloop.VERZONDEN and recipients(office) == [DIEMEN]


def test_a_server_that_would_take_a_message_from_nobody_is_given_none(office: PostOffice, plugin: KaderSMTP) -> None:
    office.offers, office.verbs = ["PIPELINING"], {"MAIL": "550 Geen post van u"}
    office.asks_for_any_message = True

    refused = told(plugin)
    office.verbs = {}
    then = told(plugin, DIEMEN)

    assert (refused, then) == (Afloop.GEWEIGERD, Afloop.VERZONDEN) and recipients(office) == [DIEMEN]
    assert office.connections == 2


@BOTH_WAYS
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", [DROP, "421 4.3.2 Ik sluit"])
def test_a_connection_that_ends_before_the_message_was_given_is_later(
    office: PostOffice, plugin: KaderSMTP, offers: list[str], verb: str, answer: str
) -> None:
    office.offers, office.verbs = offers, {verb: answer}

    first = told(plugin)
    office.verbs = {}
    then = told(plugin)

    assert (first, then) == (Afloop.LATER, Afloop.VERZONDEN) and recipients(office) == [ALMERE] and office.connections == 2


@BOTH_WAYS
def test_a_server_that_hangs_up_between_messages_delays_none_and_gets_none_twice(
    office: PostOffice, plugin: KaderSMTP, offers: list[str]
) -> None:
    office.offers, office.hangs_up_after = offers, 1

    outcomes = [told(plugin, adres) for adres in (ALMERE, DIEMEN)]

    assert outcomes == [Afloop.VERZONDEN] * 2 and recipients(office) == [ALMERE, DIEMEN] and office.connections == 2


def test_a_server_that_keeps_hanging_up_is_asked_twice_and_no_more(office: PostOffice, plugin: KaderSMTP) -> None:
    told(plugin)
    office.verbs["MAIL"] = "421 Ik sluit"

    again = told(plugin, DIEMEN)

    assert again is Afloop.LATER and office.said.count(f"MAIL FROM:<{AFZENDER}>") == 3 and recipients(office) == [ALMERE]


def test_a_server_that_hangs_up_after_its_refusal_has_still_refused(office: PostOffice, plugin: KaderSMTP) -> None:
    office.offers, office.rcpt[ALMERE], office.verbs = ["PIPELINING"], "550 5.1.1 Onbekend", {"DATA": DROP}

    refused = told(plugin)

    assert refused is Afloop.GEWEIGERD and plugin.outcome.code == 550


@pytest.mark.parametrize("then", [DROP, SILENCE])
def test_a_connection_that_ends_halfway_the_message_is_later_as_the_server_cannot_have_it(then: str) -> None:
    with running_post_office(stops_at=1000) as office:
        office.then = then
        plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=office.port, patience=SHORT)

        halfway = told(plugin, body=LARGE)

    assert halfway is Afloop.LATER and plugin.outcome.melding.startswith("De verbinding brak tijdens het versturen")
    assert office.taken == []


@pytest.mark.parametrize(
    ("slow", "afloop"),
    [("EHLO", Afloop.LATER), ("MAIL", Afloop.LATER), ("RCPT", Afloop.LATER), ("DATA", Afloop.LATER), ("dot", Afloop.ONBEKEND)],
)
@BOTH_WAYS
def test_a_server_that_is_slower_than_we_wait_has_the_message_only_perhaps_after_the_dot(
    office: PostOffice, offers: list[str], slow: str, afloop: Afloop
) -> None:
    office.offers = offers
    plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=office.port, patience=SHORT)
    if slow == "dot":
        office.dot = SILENCE
    else:
        office.verbs[slow] = SILENCE

    told(plugin)

    assert plugin.outcome.afloop is afloop and office.connections == 1


def test_a_slow_server_is_not_made_to_keep_one_message_twice_as_long(office: PostOffice) -> None:
    plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=office.port, patience=SHORT)
    told(plugin)
    office.verbs["RCPT"] = SILENCE

    slow = told(plugin, DIEMEN)

    assert slow is Afloop.LATER and plugin.outcome.melding == "De mailserver is niet bereikbaar (TimeoutError)." and office.connections == 1


@pytest.mark.parametrize("greeting", ["554 Geen dienst", "421 Te druk", DROP, "onzin"])
def test_a_server_that_does_not_greet_is_later(office: PostOffice, plugin: KaderSMTP, greeting: str) -> None:
    office.greeting = greeting

    assert told(plugin) is Afloop.LATER and "mailserver" in plugin.outcome.melding


def test_a_server_that_is_not_there_is_later() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=nobody.getsockname()[1])

        assert told(plugin) is Afloop.LATER
    assert plugin.outcome.melding == "De mailserver is niet bereikbaar (ConnectionRefusedError)."


def test_a_server_that_says_how_large_a_message_may_be_hears_the_size_first(office: PostOffice, plugin: KaderSMTP) -> None:
    office.offers, office.verbs = ["PIPELINING", "SIZE 10"], {"MAIL": "552 5.3.4 Te groot"}

    refused = told(plugin)

    assert refused is Afloop.GEWEIGERD and f"MAIL FROM:<{AFZENDER}> SIZE={len(BODY)}" in office.said and office.taken == []


@pytest.mark.parametrize(
    "adres", ["griffie@almere.example\r\nDATA", "griffie@almere.example\nRSET", "büro@almere.example", "a\x00b@almere.example"]
)
def test_an_address_never_becomes_a_command(office: PostOffice, plugin: KaderSMTP, adres: str) -> None:
    refused = told(plugin, adres)

    assert refused is Afloop.GEWEIGERD and office.said == [] and adres not in plugin.outcome.melding


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_no_line_in_a_message_can_end_it(office: PostOffice, plugin: KaderSMTP, end: str) -> None:
    body = f".begin{end}.{end}MAIL FROM:<x@y.example>{end}..{end}slot"

    told(plugin, body=body)

    assert office.taken == [(ALMERE, b"..begin\r\n..\r\nMAIL FROM:<x@y.example>\r\n...\r\nslot\r\n")]
    assert len([line for line in office.said if line.startswith("MAIL")]) == 1


def test_what_a_server_said_is_kept_on_one_line_without_any_address(office: PostOffice, plugin: KaderSMTP) -> None:
    office.rcpt[ALMERE] = f"551-5.7.1 <{ALMERE.upper()}> is weg\r\n551 5.7.1 \x1b[31mschrijf naar ander@elders.example."

    told(plugin)

    assert plugin.outcome.melding == "551 5.7.1 <het adres> is weg 5.7.1 [31mschrijf naar een adres"
    assert (plugin.outcome.code, plugin.outcome.status) == (551, "5.7.1")
