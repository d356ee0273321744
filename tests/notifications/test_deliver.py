"""Delivery over real SMTP: everyone gets one copy, and whatever a mail server does is told as it is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest
from apprise import Apprise

from config.settings import Post
from dossiers.outbox import Status
from flows import use_cases, vrijgeven
from flows.house import House
from notifications.bezorgwegen import proof_mailbox
from notifications.channels.smtp import Afloop, KaderSMTP
from notifications.deliver import Bezorgd, deliver
from notifications.inbox import Inbox, running_inbox
from statemachines.errors import Refused
from statemachines.facts import Adres
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.makers import a_day, a_stelsel
from tests.notifications.post_office import DROP, PostOffice, running_post_office
from tests.notifications.telling import GRIFFIES, SLUG, a_besluit, a_released, adressen, an_actor, as_read, move, rows

ALMERE = "griffie-almere@post.example"
REST = sorted(f"{griffie}@post.example" for griffie in GRIFFIES if griffie != "griffie-almere")


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    with running_inbox(tmp_path / "postvak") as inbox:
        yield inbox


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as office:
        yield office


def given_free(house: House, titel: str = "De nota") -> House:
    a_released(house, titel)
    assert vrijgeven.release(house, an_actor("2026-03-20"), None, None).vrijgegeven == 4
    return house


def sent(house: House, smtp: str, eigenaar: str = "bezorger") -> list[Bezorgd]:
    return list(deliver(house.engine, "mra", Post(smtp), house.now, eigenaar))


def almere(house: House) -> tuple[Status, str | None]:
    [bericht] = [b for b in rows(house) if b.key.ontvanger == "griffie-almere"]
    return bericht.status, bericht.melding


def test_everything_that_is_free_arrives_once_and_is_told_as_verzonden(house: House, inbox: Inbox) -> None:
    given_free(house)

    first, again = sent(house, inbox.smtp), sent(house, inbox.smtp)

    mails = [message_from_bytes(raw, policy=default) for raw in inbox.raw()]
    assert sorted(str(mail["To"].addresses[0].addr_spec) for mail in mails) == [ALMERE, *REST]
    assert [b.status for b in first] == [Status.VERZONDEN] * 4 and again == []
    assert {(b.status, b.melding) for b in rows(house)} == {(Status.VERZONDEN, "250 Bewaard")}


def test_what_no_person_gave_free_stays_here(sqlite_house: House, inbox: Inbox) -> None:
    a_released(sqlite_house)

    assert sent(sqlite_house, inbox.smtp) == [] and inbox.count() == 0


def test_two_deliverers_at_once_send_everybody_in_the_mra_one_copy(
    house: House, inbox: Inbox, mra: Stelsel, mra_adressen: tuple[Adres, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.deliver.BATCH", 4)
    house.now.at = datetime(2026, 3, 27, 10, tzinfo=UTC)  # type: ignore[attr-defined]
    use_cases.accept_facts(house, an_actor("2026-01-02"), mra, mra_adressen, "begin")
    use_cases.open_dossier(house, an_actor("2026-01-05"), SLUG, "voortgangsnota", "Voortgangsnota 2025", a_day("2026-01-05"))
    a_besluit(house, "2026-02-20", "bestuur")
    a_besluit(house, "2026-03-27", "av")
    freed = vrijgeven.release(house, an_actor("2026-03-27"), None, None).vrijgegeven
    done: list[Bezorgd] = []

    threads = [threading.Thread(target=lambda n=n: done.extend(sent(house, inbox.smtp, f"bezorger-{n}"))) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [message_from_bytes(raw)["Message-ID"] for raw in inbox.raw()]
    assert len(ids) == len(set(ids)) == len(done) == freed >= 33 and {b.status for b in rows(house)} == {Status.VERZONDEN}


def test_a_server_that_says_later_is_tried_again_after_1_10_and_60_minutes_and_then_every_4_hours(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    house = given_free(sqlite_house)
    office.rcpt[ALMERE] = "451 Probeer het later"

    waits = [timedelta(minutes=m) for m in (1, 10, 60, 240, 240)]
    assert [(b.status, b.melding) for b in sent(house, office.smtp) if b.status is not Status.VERZONDEN] == [
        (Status.VRIJGEGEVEN, "451 Probeer het later")
    ]
    for wait in waits:
        clock.at += wait - timedelta(seconds=1)
        assert sent(house, office.smtp) == []
        clock.at += timedelta(seconds=1)
        assert len(sent(house, office.smtp)) == 1
    assert almere(house) == (Status.VRIJGEGEVEN, "451 Probeer het later")
    office.rcpt.clear()
    clock.at += timedelta(hours=4)
    assert [b.status for b in sent(house, office.smtp)] == [Status.VERZONDEN]
    assert sorted(adres for adres, _ in office.taken) == [ALMERE, *REST]


@pytest.mark.parametrize("where", ["rcpt", "data", "dot"])
def test_a_server_that_refuses_is_told_to_a_person_and_not_tried_again(sqlite_house: House, office: PostOffice, where: str) -> None:
    house = given_free(sqlite_house)
    if where == "rcpt":
        office.rcpt[ALMERE] = "550 Onbekende ontvanger"
    else:
        setattr(office, where, "554 Onbekende ontvanger")

    sent(house, office.smtp)

    assert almere(house) == (Status.MISLUKT, f"{'550' if where == 'rcpt' else '554'} Onbekende ontvanger")
    assert sorted(adres for adres, _ in office.taken if where != "dot") == (REST if where == "rcpt" else [])
    assert sent(house, office.smtp) == []


def test_after_a_refusal_of_an_address_nothing_more_is_said_of_that_message(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)
    office.rcpt[ALMERE] = "550 Onbekende ontvanger"

    sent(house, office.smtp)

    said = [line.upper() for line in office.said]
    assert said[said.index(f"RCPT TO:<{ALMERE}>".upper()) + 1] == "RSET" and said.count("DATA") == 3


def test_a_connection_that_ends_before_the_message_was_given_is_tried_later(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)
    office.rcpt[ALMERE] = DROP

    sent(house, office.smtp)

    status, melding = almere(house)
    assert status is Status.VRIJGEGEVEN and (melding or "").startswith("De mailserver is niet bereikbaar")
    assert sorted(adres for adres, _ in office.taken) == REST


def test_a_connection_that_ends_after_the_message_was_given_is_unknown_and_the_same_mail_goes_once_more_a_day_later(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    house = given_free(sqlite_house)
    office.dot = DROP
    sent(house, office.smtp)
    status, melding = almere(house)
    assert status is Status.ONBEKEND and (melding or "").startswith("De mailserver gaf geen antwoord na het versturen")

    clock.at += timedelta(hours=24) - timedelta(seconds=1)
    assert sent(house, office.smtp) == []
    clock.at += timedelta(seconds=1)
    assert {b.status for b in sent(house, office.smtp)} == {Status.ONBEKEND}
    office.dot = "250 Bewaard"
    clock.at += timedelta(days=30)

    assert sent(house, office.smtp) == [] and almere(house)[0] is Status.ONBEKEND
    assert len(office.taken) == 8 and len(set(office.taken)) == 4


def test_what_may_have_arrived_is_not_sent_again_when_its_date_moved_meanwhile(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    house = given_free(sqlite_house)
    office.dot = DROP
    sent(house, office.smtp)
    office.dot = "250 Bewaard"
    move(house, "2026-03-23", "2026-05-29")
    assert vrijgeven.release(house, an_actor("2026-03-23"), None, None).vrijgegeven == 4

    clock.at += timedelta(hours=25)
    arrived = sent(house, office.smtp)

    assert {(b.bericht.key.soort, b.status) for b in arrived} == {("datum-gewijzigd", Status.VERZONDEN)} and len(arrived) == 4
    assert {b.status for b in rows(house, "inbrengmoment-geopend")} == {Status.ONBEKEND}


def test_what_may_have_arrived_is_not_sent_again_after_the_last_day_that_it_names(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    house = given_free(sqlite_house)
    clock.at = datetime(2026, 5, 15, 9, 0, tzinfo=UTC)
    office.dot = DROP
    sent(house, office.smtp)
    office.dot = "250 Bewaard"

    clock.at += timedelta(days=3)

    assert sent(house, office.smtp) == []
    assert {b.status for b in rows(house)} == {Status.ONBEKEND} and len(office.taken) == 4


@pytest.mark.parametrize(("answer", "becomes"), [("250 Bewaard", Status.VERZONDEN), ("550 Onbekend", Status.MISLUKT)])
def test_what_was_unknown_is_known_when_the_second_time_has_an_answer(
    sqlite_house: House, office: PostOffice, clock: Clock, answer: str, becomes: Status
) -> None:
    house = given_free(sqlite_house)
    office.dot = DROP
    sent(house, office.smtp)
    office.dot = answer

    clock.at += timedelta(hours=24)

    assert {b.status for b in sent(house, office.smtp)} == {becomes}
    assert {b.status for b in rows(house)} == {becomes}


def test_what_may_have_arrived_counts_as_told_while_the_server_says_later(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    house = given_free(sqlite_house)
    office.dot = DROP
    sent(house, office.smtp)
    office.dot = "451 Probeer het later"
    clock.at += timedelta(hours=24)

    assert {b.status for b in sent(house, office.smtp)} == {Status.ONBEKEND}
    office.dot = "250 Bewaard"
    clock.at += timedelta(minutes=10)

    assert {b.status for b in sent(house, office.smtp)} == {Status.VERZONDEN}


def test_a_failure_that_does_not_pass_in_five_days_is_final(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    house = given_free(sqlite_house)
    office.rcpt[ALMERE] = "451 Probeer het later"
    start, attempts = clock.at, 0

    while almere(house)[0] is not Status.MISLUKT:
        attempts += len([b for b in sent(house, office.smtp) if b.bericht.key.ontvanger == "griffie-almere"])
        clock.at += timedelta(hours=1)

    assert timedelta(days=5) < clock.at - start < timedelta(days=5, hours=8)
    assert almere(house)[1] == f"Na {attempts} pogingen gestopt. De laatste keer: 451 Probeer het later"


def test_a_deliverer_that_was_off_for_a_week_still_tries_ten_times(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    house = given_free(sqlite_house)
    office.rcpt[ALMERE] = "451 Probeer het later"
    clock.at += timedelta(days=7)

    for _ in range(9):
        sent(house, office.smtp)
        assert almere(house)[0] is Status.VRIJGEGEVEN
        clock.at += timedelta(hours=4)
    sent(house, office.smtp)

    assert almere(house)[0] is Status.MISLUKT


def test_a_server_that_is_not_there_is_tried_later(sqlite_house: House) -> None:
    house = given_free(sqlite_house)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))

        done = sent(house, f"127.0.0.1:{nobody.getsockname()[1]}")

    assert {b.status for b in done} == {Status.VRIJGEGEVEN} and len(done) == 4
    assert almere(house)[1] == "De mailserver is niet bereikbaar (ConnectionRefusedError)."


def test_lines_that_begin_with_a_dot_arrive_as_they_were_written(sqlite_house: House, inbox: Inbox) -> None:
    house = given_free(sqlite_house, titel=". ..nota\n.\n..")

    sent(house, inbox.smtp)

    mail = message_from_bytes(inbox.raw()[0], policy=default)
    body = mail.get_body(("plain",))
    bericht = next(b for b in rows(house) if str(mail["To"]).startswith(str(b.context["ontvanger_naam"])))
    assert "\n. ..nota . .. is vrijgegeven" in as_read(house, bericht).tekst
    assert body is not None and body.get_content().replace("\r\n", "\n").rstrip() == as_read(house, bericht).tekst.rstrip()


@pytest.mark.parametrize(
    ("adres", "zin"),
    [
        ("geen", "Het adres van griffie-almere is beeindigd; leg een nieuw adres vast."),
        ("griffie@almere.test", "In de proef gaat post alleen naar adressen die op .example eindigen."),
        ("griffie@almere.test>,<x@y.example", "Het adres van griffie-almere is geen e-mailadres."),
        ("@almere.example", "Het adres van griffie-almere is geen e-mailadres."),
        ("büro@köln.example", "Het adres van griffie-almere is geen e-mailadres."),
    ],
)
def test_without_an_address_for_the_proof_a_person_is_told_why_and_the_others_still_hear(
    sqlite_house: House, office: PostOffice, adres: str, zin: str
) -> None:
    house = given_free(sqlite_house)
    use_cases.accept_facts(house, an_actor("2026-03-20"), a_stelsel(), adressen(griffie_almere=adres), "adressen")

    sent(house, office.smtp)

    assert almere(house) == (Status.MISLUKT, zin)
    assert sorted(adres for adres, _ in office.taken) == REST


@pytest.mark.parametrize("smtp", ["10.0.0.1:25", "mail.voorbeeld.example:25", "127.0.0.1", "", "127.0.0.1:post", "0.0.0.0:25", "[::]:25"])
def test_a_mailbox_that_is_not_on_this_machine_is_refused_before_anything_is_taken(sqlite_house: House, smtp: str) -> None:
    house = given_free(sqlite_house)

    with pytest.raises(Refused, match=r"127\.0\.0\.1:8025"):
        sent(house, smtp)

    assert {b.status for b in rows(house)} == {Status.VRIJGEGEVEN}


def test_every_way_to_write_this_machine_is_understood() -> None:
    read = [proof_mailbox(smtp) for smtp in ("127.0.0.1:8025", "localhost:25", "[::1]:1", "127.0.0.9:2")]

    assert read == [("127.0.0.1", 8025), ("localhost", 25), ("::1", 1), ("127.0.0.9", 2)]


def test_apprise_carries_a_message_without_changing_it(office: PostOffice) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = "<b>vet</b> :smile: &amp;"
    mail.set_content("  # Kop\n\n.punt\n\n* een\n\ttab \\n :tada: [link](x) &nbsp;   \n\n\n", cte="quoted-printable")
    raw = mail.as_bytes()
    plugin = KaderSMTP(afzender="route@kaderroute.example", host="127.0.0.1", port=int(office.smtp.rpartition(":")[2]))
    channel = Apprise()
    channel.add(plugin)

    said = channel.notify(title=ALMERE, body=raw.decode("ascii"))
    plugin.close()

    [(adres, taken)] = office.taken
    assert said is True and plugin.outcome.afloop is Afloop.VERZONDEN and adres == ALMERE
    assert taken.replace(b"\r\n..", b"\r\n.").rstrip() == raw.rstrip()


def test_the_outcome_of_one_message_never_stands_for_the_next(office: PostOffice) -> None:
    plugin = KaderSMTP(afzender="route@kaderroute.example", host="127.0.0.1", port=int(office.smtp.rpartition(":")[2]))
    channel = Apprise()
    channel.add(plugin)
    channel.notify(title=ALMERE, body="Subject: een\r\n\r\neen")

    said = channel.notify(title=ALMERE, body="Subject: twee\r\n\r\nniet in ASCII: é")
    plugin.close()

    assert said is False and plugin.outcome.afloop is Afloop.LATER and len(office.taken) == 1


def test_several_connections_share_the_work_and_nobody_gets_it_twice(
    house: House, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.deliver.BATCH", 1)
    given_free(house)

    done = list(deliver(house.engine, "mra", Post(office.smtp, verbindingen=4), house.now, "bezorger"))

    assert len(done) == 4 and sorted(adres for adres, _ in office.taken) == [ALMERE, *REST]


def test_what_breaks_in_one_connection_is_said_and_ends_the_others(sqlite_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = given_free(sqlite_house)

    def broken(*_: object) -> None:
        raise RuntimeError("stuk")

    monkeypatch.setattr("notifications.bezorgwegen.Bezorgweg.send", broken)

    with pytest.raises(RuntimeError, match="stuk"):
        list(deliver(house.engine, "mra", Post("127.0.0.1:1", verbindingen=3), house.now, "bezorger"))

    assert {b.status for b in rows(house)} == {Status.BEZIG, Status.VRIJGEGEVEN}
