"""What travels together when something goes wrong: a mail is never torn apart, and no mail that cannot be made is tried for ever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dossiers import outbox
from dossiers.database import writing
from dossiers.outbox import Status
from dossiers.tables import berichten
from flows.house import House
from notifications.render import template_set
from tests.conftest import Clock, a_house
from tests.notifications.post_office import PostOffice, running_post_office
from tests.notifications.telling import rows
from tests.notifications.test_verzamelen import begun, mails, put, sent


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as office:
        yield office


def test_a_mail_of_which_somebody_else_holds_one_message_waits_until_it_is_whole(
    postgres_url: str, office: PostOffice, clock: Clock, tmp_path_factory: pytest.TempPathFactory
) -> None:
    house = begun(a_house(postgres_url, tmp_path_factory.mktemp("huis"), clock), clock)
    put(house, "secretaris-av", "nota", "plan")
    office.dot = "451 Probeer het later"
    sent(house, office)
    office.dot, office.taken[:] = "250 Bewaard", []
    clock.at += timedelta(minutes=1)

    with house.engine.begin() as other:
        other.execute(select(berichten).where(berichten.c.slug == "nota").with_for_update()).all()
        while_held = sent(house, office)
    afterwards = sent(house, office)

    assert while_held == [] and len(afterwards) == 2
    [mail] = mails(office)
    assert mail["Subject"] == "2 berichten over kaderdocumenten"
    house.engine.dispose()


def test_messages_that_cannot_be_made_into_one_mail_are_told_to_a_person_and_not_tried_for_ever(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    house = begun(sqlite_house, clock)
    put(house, "secretaris-av", "nota", "plan")
    bronnen = json.loads(template_set().bronnen) | {"verzameld.txt.j2": "{{ 1 / (berichten|length - 2) }}"}
    with writing(house.engine) as connection:
        outbox.keep_sjablonen(connection, "mra", "eigen", json.dumps(bronnen))
        connection.execute(update(berichten).values(sjablonen="eigen"))

    sent(house, office)

    assert {b.key.slug: b.status for b in rows(house, "stukken-verwacht")} == dict.fromkeys(("nota", "plan"), Status.MISLUKT)
    [melding] = {b.melding for b in rows(house, "stukken-verwacht")}
    assert melding == "Deze berichten zijn niet samen in een mail te maken (ZeroDivisionError)."
    assert {b.key.soort for b in rows(house)} > {"stukken-verwacht"}
