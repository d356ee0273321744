"""Mail that meets trouble: a slow, talkative or hurried mail server, a broken message, an address that is none."""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import update

from config.settings import Post
from dossiers import outbox
from dossiers.database import writing
from dossiers.outbox import Status
from dossiers.tables import berichten
from flows import use_cases, vrijgeven
from flows.house import House
from notifications.deliver import LEASE, Bezorgd, deliver
from notifications.render import template_set
from tests.conftest import Clock
from tests.makers import a_stelsel
from tests.notifications.telling import GRIFFIES, SLUG, a_besluit, adressen, an_actor, rows

NAMED = re.compile(rb"<([^>]+)>")


class Script:
    """A mail server that answers as told; it keeps every message and the commands of every connection."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.talks: list[list[bytes]] = []
        self.on_rcpt: Callable[[bytes], bytes] = lambda adres: b"250 goed"
        self.on_data: Callable[[bytes], bytes] = lambda mail: b"250 aangenomen"
        self.hangs_up_after = 10_000
        self.port = 0

    def talk(self, lines: Iterator[bytes], say: Callable[[bytes], None]) -> None:
        talk: list[bytes] = []
        self.talks.append(talk)
        say(b"220 klaar")
        for line in lines:
            talk.append(line[:4].upper().strip())
            if talk[-1] == b"DATA":
                say(b"354 toe maar")
                mail = b"".join(iter(lambda: next(lines), b".\r\n"))
                answer = self.on_data(mail)
                self.mails.append(mail)
                if not answer:
                    return
                say(answer)
                if talk.count(b"DATA") >= self.hangs_up_after:
                    return
            elif talk[-1] == b"RCPT":
                found = NAMED.search(line)
                assert found is not None
                say(self.on_rcpt(found[1]))
            else:
                say(b"250 goed")


@pytest.fixture
def server() -> Iterator[Script]:
    with running(Script()) as script:
        yield script


@contextmanager
def running(script: Script) -> Iterator[Script]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            def say(text: bytes) -> None:
                self.wfile.write(text + b"\r\n")

            script.talk(iter(self.rfile.readline, b""), say)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as listening:
        script.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield script
        listening.shutdown()


def a_freed(house: House, titel: str = "De nota", **adres: str) -> None:
    """Four griffies are asked and their messages were given free; ``adres`` replaces some (griffie_almere="...")."""
    use_cases.accept_facts(house, an_actor("2026-01-02"), a_stelsel(), adressen(**adres), "begin")
    use_cases.open_dossier(house, an_actor("2026-02-10"), SLUG, "nota", titel, an_actor("2026-02-10").op)
    a_besluit(house, "2026-03-20", "bestuur")
    vrijgeven.release(house, an_actor("2026-03-20"), None, "inbrengmoment-geopend")


def sent(house: House, server: Script, eigenaar: str = "een") -> list[Bezorgd]:
    return list(deliver(house.engine, "mra", Post(f"127.0.0.1:{server.port}"), house.now, eigenaar))


def states(house: House) -> dict[str, str]:
    return {b.key.ontvanger: b.status.value for b in rows(house, "inbrengmoment-geopend")}


def recipients(server: Script) -> list[str]:
    return sorted(str(message_from_bytes(mail, policy=default)["To"].addresses[0].username) for mail in server.mails)


def test_two_deliverers_at_once_send_every_bericht_once(house: House, server: Script) -> None:
    a_freed(house)

    threads = [threading.Thread(target=sent, args=(house, server, f"bezorger-{n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert recipients(server) == GRIFFIES
    assert set(states(house).values()) == {"verzonden"}
    assert sent(house, server) == []


def test_a_slow_mail_server_gives_nobody_a_bericht_twice(house: House, clock: Clock, server: Script) -> None:
    a_freed(house)

    def slowly(_: bytes) -> bytes:
        clock.at += LEASE * 0.6
        if not server.mails:
            return b"250 aangenomen"
        second = [b.bericht.key.ontvanger for b in sent(house, server, f"ander-{len(server.mails)}")] if len(server.mails) == 1 else []
        assert second == []
        return b"250 aangenomen"

    server.on_data = slowly
    sent(house, server)

    assert recipients(server) == GRIFFIES
    assert set(states(house).values()) == {"verzonden"}


def test_a_deliverer_whose_lease_was_taken_over_leaves_the_rest_to_the_other(house: House, clock: Clock, server: Script) -> None:
    a_freed(house)

    def stalled_once(_: bytes) -> bytes:
        if not server.mails:
            clock.at += LEASE * 2
            server.on_data = lambda mail: b"250 aangenomen"
            sent(house, server, "ander")
        return b"250 aangenomen"

    server.on_data = stalled_once
    done = sent(house, server)

    assert done == []
    assert Counter(recipients(server)).most_common() == [("griffie-almere", 2), *((g, 1) for g in GRIFFIES[1:])]
    assert len({message_from_bytes(mail)["Message-ID"] for mail in server.mails}) == 4


@pytest.mark.parametrize("adres", ["@post.example", "geen-apenstaart.example", "a b@post.example", "grïffie@post.example", "x@é.example"])
def test_an_address_that_is_none_keeps_nobody_else_from_a_bericht(sqlite_house: House, server: Script, adres: str) -> None:
    a_freed(sqlite_house, griffie_almere=adres)

    sent(sqlite_house, server)

    assert states(sqlite_house) == {"griffie-almere": "mislukt", **dict.fromkeys(GRIFFIES[1:], "verzonden")}
    melding = next(b.melding for b in rows(sqlite_house, status=Status.MISLUKT))
    assert melding is not None and "geen e-mailadres" in melding and adres not in melding


@pytest.mark.parametrize("change", [{"context": '{"titel":"zonder de rest"}'}, {"sjablonen": "weg"}])
def test_a_bericht_that_cannot_be_made_keeps_nobody_else_from_one(sqlite_house: House, server: Script, change: dict[str, str]) -> None:
    a_freed(sqlite_house)
    with writing(sqlite_house.engine) as connection:
        connection.execute(update(berichten).where(berichten.c.ontvanger == "griffie-almere").values(change))

    done = {b.bericht.key.ontvanger: b for b in sent(sqlite_house, server)}

    assert done["griffie-almere"].status is Status.MISLUKT and "niet te maken" in done["griffie-almere"].melding
    assert recipients(server) == GRIFFIES[1:]


@pytest.mark.parametrize("wrong", ["{{ 1 / (titel|length - titel|length) }}", "{{ 9.0 ** (titel|length * 9999) }}"])
def test_a_template_that_fails_on_one_title_keeps_nobody_else_from_a_bericht(sqlite_house: House, server: Script, wrong: str) -> None:
    a_freed(sqlite_house)
    bronnen = json.loads(template_set().bronnen) | {"inbrengmoment-geopend.txt.j2": wrong}
    with writing(sqlite_house.engine) as connection:
        outbox.keep_sjablonen(connection, "mra", "eigen", json.dumps(bronnen))
        connection.execute(update(berichten).where(berichten.c.ontvanger == "griffie-almere").values(sjablonen="eigen"))

    done = {b.bericht.key.ontvanger: b for b in sent(sqlite_house, server)}

    assert done["griffie-almere"].status is Status.MISLUKT and "niet te maken" in done["griffie-almere"].melding
    assert recipients(server) == GRIFFIES[1:]


def test_the_outbox_keeps_no_address_when_the_mail_server_repeats_it(sqlite_house: House, server: Script) -> None:
    a_freed(sqlite_house)
    server.on_rcpt = lambda adres: b"550 5.1.1 <" + adres.upper() + b">: onbekend" if b"almere" in adres else b"250 goed"
    server.on_data = lambda mail: b"250 aangenomen voor " + re.findall(rb"^To: .*<(.+)>", mail, re.MULTILINE)[0]

    sent(sqlite_house, server)

    assert states(sqlite_house) == {"griffie-almere": "mislukt", **dict.fromkeys(GRIFFIES[1:], "verzonden")}
    assert [b.melding for b in rows(sqlite_house) if "@" in str(b.melding)] == []


def test_a_mail_server_that_hangs_up_after_every_bericht_delays_none(sqlite_house: House, server: Script) -> None:
    a_freed(sqlite_house)
    server.hangs_up_after = 1

    sent(sqlite_house, server)

    assert set(states(sqlite_house).values()) == {"verzonden"}
    assert recipients(server) == GRIFFIES


def test_an_answer_that_is_lost_twice_is_unknown_and_the_bericht_is_not_sent_again(
    sqlite_house: House, clock: Clock, server: Script
) -> None:
    a_freed(sqlite_house)
    server.on_data = lambda mail: b"" if b"griffie-diemen@" in mail else b"250 aangenomen"

    for _ in range(4):
        sent(sqlite_house, server)
        clock.at += timedelta(days=3)

    assert states(sqlite_house) == {**dict.fromkeys(GRIFFIES, "verzonden"), "griffie-diemen": "onbekend"}
    assert recipients(server) == sorted([*GRIFFIES, "griffie-diemen"])
    assert len(set(server.mails)) == 4


def test_a_refused_recipient_is_not_followed_by_data(sqlite_house: House, server: Script) -> None:
    a_freed(sqlite_house)
    server.on_rcpt = lambda adres: b"550 onbekend" if b"almere" in adres else b"250 goed"

    sent(sqlite_house, server)

    assert [talk[:5] for talk in server.talks] == [[b"EHLO", b"MAIL", b"RCPT", b"RSET", b"MAIL"]]


@pytest.mark.parametrize("verbindingen", [1, 3])
def test_a_deliverer_that_stops_halfway_hands_back_what_it_did_not_send(house: House, server: Script, verbindingen: int) -> None:
    a_freed(house)

    delivery = deliver(house.engine, house.stelsel, Post(f"127.0.0.1:{server.port}", verbindingen=verbindingen), house.now, "een")
    next(delivery)
    delivery.close()  # type: ignore[attr-defined]
    gone = len(server.mails)
    attempts = {b.key.ontvanger: b.pogingen for b in rows(house)}
    rest = sent(house, server, "twee")

    assert 1 <= gone <= 4 and sum(attempts.values()) == gone
    assert len(rest) == len(GRIFFIES) - gone and len(server.mails) == len(GRIFFIES)
    assert set(states(house).values()) == {"verzonden"}
