"""Mode ``echt``: only confirmed addresses, the channels of roles, and nothing before its hours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from config.settings import Modus, Post
from dossiers.adressen import Adresstatus, add
from dossiers.database import writing
from dossiers.outbox import Status
from flows.house import House
from notifications.deliver import deliver
from statemachines.errors import Refused
from tests.conftest import Clock
from tests.flows.commands import Kader, kader
from tests.notifications.post_office import PostOffice
from tests.notifications.telling import GRIFFIES, as_read, rows
from tests.notifications.test_deliver import ALMERE, almere, given_free, office, sent

__all__ = ["kader", "office"]


def echt(office: PostOffice, **kanalen: str) -> Post:
    """Mode ``echt`` with a mail server on this machine."""
    return Post(office.smtp, modus=Modus.ECHT, kanalen={wie.replace("_", "-"): url for wie, url in kanalen.items()})


def test_in_mode_echt_only_confirmed_addresses_get_mail_also_outside_example(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)
    with writing(house.engine) as connection:
        add(connection, "mra", "griffie-almere", Adresstatus.BEVESTIGD, "griffie@almere.test", "gebeld", "aob", house.moment())

    list(deliver(house.engine, "mra", echt(office), house.now, "bezorger"))

    assert [adres for adres, _ in office.taken] == ["griffie@almere.test"]
    refused = {b.key.ontvanger: b.melding or "" for b in rows(house, status=Status.MISLUKT)}
    assert sorted(refused) == GRIFFIES[1:] and all("nog niet bevestigd" in melding for melding in refused.values())


def test_the_address_that_was_used_is_kept_by_its_number(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)
    with writing(house.engine) as connection:
        nr = add(connection, "mra", "griffie-almere", Adresstatus.OPGEGEVEN, ALMERE, "gebeld", "aob", house.moment())

    sent(house, office.smtp)

    assert {b.key.ontvanger: b.adres_nr for b in rows(house)} == {**dict.fromkeys(GRIFFIES, 1), "griffie-almere": nr}


@contextmanager
def running_webhook(status: int) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Somewhere that takes JSON over HTTP, with what it got."""
    got: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"json://127.0.0.1:{server.server_address[1]}/", got
        server.shutdown()


def test_who_has_a_channel_is_told_there_instead_of_by_mail(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)

    with running_webhook(200) as (url, got):
        list(deliver(house.engine, "mra", echt(office, griffie_almere=url), house.now, "bezorger"))

    bericht = next(b for b in rows(house) if b.key.ontvanger == "griffie-almere")
    read = as_read(house, bericht)
    assert [(said["title"], said["message"].strip()) for said in got] == [(read.onderwerp, read.tekst.strip())]
    assert almere(house) == (Status.VERZONDEN, "Bezorgd via het kanaal van griffie-almere.") and office.taken == []


def test_a_channel_that_does_not_take_it_is_tried_again_later(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    house = given_free(sqlite_house)
    with running_webhook(503) as (url, _):
        list(deliver(house.engine, "mra", echt(office, griffie_almere=url), house.now, "bezorger"))
    assert almere(house) == (Status.VRIJGEGEVEN, "Het kanaal van griffie-almere nam het bericht niet aan.")

    clock.at += timedelta(minutes=1)
    with running_webhook(200) as (url, got):
        list(deliver(house.engine, "mra", echt(office, griffie_almere=url), house.now, "bezorger"))

    assert len(got) == 1 and almere(house)[0] is Status.VERZONDEN


def test_in_the_proof_a_channel_is_not_used(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)

    with running_webhook(200) as (url, got):
        list(deliver(house.engine, "mra", Post(office.smtp, kanalen={"griffie-almere": url}), house.now, "bezorger"))

    assert got == [] and len(office.taken) == 4


@pytest.mark.parametrize("url", ["nergens://geheim", "geheim", "json://"])
def test_a_channel_that_cannot_be_read_is_refused_at_the_start_without_showing_it(
    sqlite_house: House, office: PostOffice, capfd: pytest.CaptureFixture[str], url: str
) -> None:
    house = given_free(sqlite_house)

    with pytest.raises(Refused, match="Het kanaal van secretaris-av is niet te lezen; zet in KADER_KANAAL_SECRETARIS_AV") as refusal:
        list(deliver(house.engine, "mra", echt(office, secretaris_av=url), house.now, "bezorger"))

    said = capfd.readouterr()
    assert "geheim" not in str(refusal.value) + said.out + said.err
    assert {b.status for b in rows(house)} == {Status.VRIJGEGEVEN}


def test_in_mode_echt_nothing_goes_before_its_hours(sqlite_house: House, office: PostOffice) -> None:
    house = given_free(sqlite_house)

    with pytest.raises(Refused, match="laat --nu weg"):
        list(deliver(house.engine, "mra", echt(office), house.now, "bezorger", nu=True))

    assert office.taken == []


def test_the_command_says_that_in_mode_echt_nothing_goes_at_once(kader: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADER_MODUS", "echt")
    monkeypatch.setenv("KADER_SMTP", "mail.voorbeeld.example:587")

    said = kader("bericht bezorg --nu")

    assert (said.code, said.out) == (2, "") and "In modus echt gaan berichten alleen op de afgesproken uren; laat --nu weg." in said.err
