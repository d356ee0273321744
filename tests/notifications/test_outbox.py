"""The outbox on both databases: each thing is in it once, and each message is in one pair of hands at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from dossiers import outbox, verzamelpost
from dossiers.database import reading, writing
from dossiers.outbox import Bericht, Key, Klaar, Status
from flows import use_cases
from flows.house import House
from notifications.verzendtijd import day_of
from tests.conftest import Clock
from tests.makers import a_stelsel
from tests.notifications.telling import adressen, an_actor, rows

LEASE = timedelta(minutes=30)


@pytest.fixture
def house(house: House) -> House:
    use_cases.accept_facts(house, an_actor("2026-01-02"), a_stelsel(), adressen(), "begin")
    return house


def put(house: House, *ontvangers: str, slug: str = "nota", soort: str = "geopend", needs_release: bool = False, **context: object) -> int:
    klaar = [Klaar(soort, wie, 3, "raadpleging/1", {"zin": "één", **context}, needs_release) for wie in ontvangers]
    with writing(house.engine) as connection:
        return outbox.put(connection, "mra", slug, klaar, "d" * 64, house.moment())


def claim(house: House, eigenaar: str, limit: int = 100) -> list[str]:
    with writing(house.engine) as connection:
        return [b.key.ontvanger for b in outbox.claim(connection, "mra", eigenaar, house.now(), LEASE, limit)]


def mark(house: House, eigenaar: str, ontvanger: str, status: Status, niet_voor: timedelta | None = None) -> bool:
    later = house.now() + niet_voor if niet_voor else None
    with writing(house.engine) as connection:
        return outbox.mark(connection, "mra", Key("nota", "geopend", ontvanger, 3), eigenaar, status, "gezegd", house.now(), later)


def by_ontvanger(berichten: Iterable[Bericht]) -> dict[str, Bericht]:
    return {b.key.ontvanger: b for b in berichten}


def test_the_same_key_is_put_in_once_and_what_stands_there_stays(house: House) -> None:
    first = put(house, "a", "b", zin="eerst")

    second = put(house, "b", "c", zin="later")

    assert (first, second, put(house)) == (2, 1, 0)
    assert {wie: b.context["zin"] for wie, b in by_ontvanger(rows(house)).items()} == {"a": "eerst", "b": "eerst", "c": "later"}


def test_another_datumversie_dossier_or_stelsel_is_another_message(house: House) -> None:
    put(house, "a")

    with writing(house.engine) as connection:
        again = [
            outbox.put(connection, stelsel, slug, [Klaar("geopend", "a", nr, "raadpleging/1", {}, True)], "d" * 64, house.moment())
            for stelsel, slug, nr in (("mra", "nota", 4), ("mra", "plan", 3), ("elders", "nota", 3))
        ]

    assert again == [1, 1, 1] and len(rows(house)) == 3


def test_what_two_deliverers_claim_never_overlaps(house: House) -> None:
    put(house, "a", "b", "c")

    taken = [claim(house, "een", 2), claim(house, "twee", 2), claim(house, "een", 2)]

    assert [len(batch) for batch in taken] == [2, 1, 0] and sorted(taken[0] + taken[1]) == ["a", "b", "c"]
    assert {b.status for b in rows(house)} == {Status.BEZIG} and {b.pogingen for b in rows(house)} == {1}


def test_a_lease_that_ended_is_taken_over_and_the_first_owner_can_say_nothing_more(house: House, clock: Clock) -> None:
    put(house, "a")
    claim(house, "een")

    clock.at += LEASE
    too_early = claim(house, "twee")
    clock.at += timedelta(seconds=1)
    taken = claim(house, "twee")

    assert (too_early, taken) == ([], ["a"])
    assert mark(house, "een", "a", Status.VERZONDEN) is False and rows(house)[0].status is Status.BEZIG
    assert mark(house, "twee", "a", Status.MISLUKT) is True
    assert (rows(house)[0].status, rows(house)[0].melding, rows(house)[0].pogingen) == (Status.MISLUKT, "gezegd", 2)


def test_what_is_marked_is_marked_once_and_not_claimed_again(house: House, clock: Clock) -> None:
    put(house, "a")
    claim(house, "een")

    marked = [mark(house, "een", "a", Status.ONBEKEND), mark(house, "een", "a", Status.VERZONDEN)]
    clock.at += timedelta(days=30)

    assert marked == [True, False] and claim(house, "een") == []
    assert rows(house)[0].status is Status.ONBEKEND and rows(house)[0].afgehandeld is not None


def test_a_message_that_must_wait_is_claimed_from_its_moment_on(house: House, clock: Clock) -> None:
    put(house, "a")
    claim(house, "een")

    mark(house, "een", "a", Status.VRIJGEGEVEN, timedelta(minutes=10))

    clock.at += timedelta(minutes=10, microseconds=-1)
    assert claim(house, "een") == [] and rows(house)[0].afgehandeld is None
    clock.at += timedelta(microseconds=1)
    assert claim(house, "een") == ["a"]


def test_only_what_waits_is_given_free_and_only_once(house: House) -> None:
    put(house, "a", "b", "c", needs_release=True)
    put(house, "weg")
    keys = [b.key for b in rows(house)]
    assert claim(house, "een") == ["weg"]

    with writing(house.engine) as connection:
        outbox.withdraw(connection, "mra", [keys[1]], "niet meer waar", house.moment())
        counts = [
            outbox.release(connection, stelsel, chosen, "aob", house.moment())
            for stelsel, chosen in (("mra", keys[:1]), ("elders", keys), ("mra", keys), ("mra", keys))
        ]

    assert counts == [1, 0, 1, 0]
    assert claim(house, "een") == ["a", "c"]


def test_only_what_is_not_sent_yet_is_withdrawn(house: House) -> None:
    put(house, "waiting", needs_release=True)
    put(house, "sent", "busy", "free")
    claim(house, "een", 2)
    busy, sent = sorted(w for w, b in by_ontvanger(rows(house)).items() if b.status is Status.BEZIG)
    mark(house, "een", sent, Status.VERZONDEN)

    with writing(house.engine) as connection:
        gone = outbox.withdraw(connection, "mra", [b.key for b in rows(house)], "Niet meer waar.", house.moment())

    found = by_ontvanger(rows(house))
    assert gone == 2 and found[sent].status is Status.VERZONDEN and found[busy].status is Status.BEZIG
    assert {b.melding for b in found.values() if b.status is Status.INGETROKKEN} == {"Niet meer waar."}


def test_counts_and_choices_tell_what_is_there(house: House) -> None:
    put(house, "a", "b", needs_release=True)
    put(house, "a", soort="gewijzigd")

    with reading(house.engine) as connection:
        counts = outbox.counts(connection, "mra")
        chosen = [b.key.soort for b in outbox.rows(connection, "mra", dossier="nota", ontvanger="a", status=Status.VRIJGEGEVEN)]

    assert counts == [("geopend", "klaargezet", 2), ("gewijzigd", "vrijgegeven", 1)] and chosen == ["gewijzigd"]


def test_many_deliverers_at_once_never_get_the_same_message(house: House) -> None:
    everyone = [f"griffie-{n:03d}" for n in range(60)]
    put(house, *everyone)
    start = threading.Barrier(6)
    taken: list[str] = []

    def deliver(eigenaar: str) -> None:
        start.wait()
        empty = 0
        while empty < 3:  # rows that another one holds are passed over, so that one empty look is not the end
            batch = claim(house, eigenaar, 7)
            taken.extend(batch)
            empty = 0 if batch else empty + 1

    threads = [threading.Thread(target=deliver, args=(f"bezorger-{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == everyone and {b.pogingen for b in rows(house)} == {1}


def test_the_same_thing_put_in_by_many_at_once_is_in_it_once(house: House) -> None:
    start = threading.Barrier(5)
    new: list[int] = []

    def tell() -> None:
        start.wait()
        new.append(put(house, "a", "b", "c"))

    threads = [threading.Thread(target=tell) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(new) == 3 and len(rows(house)) == 3


def test_what_is_handed_back_is_as_it_was_before_it_was_taken(house: House, clock: Clock) -> None:
    put(house, "a", "b")
    claim(house, "een")
    mark(house, "een", "b", Status.ONBEKEND, timedelta(minutes=5))
    clock.at += timedelta(minutes=5)
    assert claim(house, "twee") == ["b"]
    keys = [b.key for b in rows(house)]

    with writing(house.engine) as connection:
        for eigenaar in ("een", "twee", "vreemd"):
            outbox.hand_back(connection, "mra", keys, eigenaar)
            outbox.hand_back(connection, "mra", [], eigenaar)

    found = by_ontvanger(rows(house))
    assert {wie: (b.status, b.pogingen) for wie, b in found.items()} == {"a": (Status.VRIJGEGEVEN, 0), "b": (Status.ONBEKEND, 1)}
    assert sorted(claim(house, "drie")) == ["a", "b"]


def test_what_may_have_arrived_counts_as_told_while_it_is_tried_again(house: House, clock: Clock) -> None:
    put(house, "a")
    claim(house, "een")
    mark(house, "een", "a", Status.ONBEKEND, timedelta(hours=24))
    assert claim(house, "een") == []
    clock.at += timedelta(hours=24)
    claim(house, "een")

    with writing(house.engine) as connection:
        gone = outbox.withdraw(connection, "mra", [b.key for b in rows(house)], "niet meer waar", house.moment())

    assert gone == 0 and rows(house)[0].may_have_arrived and rows(house)[0].status in outbox.TOLD


def test_what_travels_together_is_taken_by_itself_only_when_it_was_begun_so(house: House, clock: Clock) -> None:
    put(house, "a")
    put(house, "a", soort="overzicht")
    put(house, "b", soort="overzicht")

    with writing(house.engine) as connection:
        alone = outbox.claim(connection, "mra", "een", house.now(), LEASE, 10, {"overzicht"})
        nobody = outbox.claim(connection, "mra", "een", house.now(), LEASE, 10, {"overzicht"})

    assert [(b.key.soort, b.key.ontvanger) for b in alone] == [("geopend", "a")] and nobody == []


def test_a_mail_of_more_than_a_hundred_messages_leaves_the_rest_for_the_next_day(house: House, clock: Clock) -> None:
    for nr in range(verzamelpost.MOST_IN_ONE + 5):
        put(house, "a", slug=f"nota-{nr:03d}", soort="overzicht")

    taken = [mails(house, clock.at), mails(house, clock.at), mails(house, clock.at + timedelta(days=1))]

    assert [[len(mail) for mail in found] for found in taken] == [[verzamelpost.MOST_IN_ONE], [], []]
    with writing(house.engine) as connection:
        for b in verzamelpost.begun_mails(connection, "mra", "twee", clock.at + timedelta(days=1), LEASE, 10)[0]:
            outbox.mark(connection, "mra", b.key, "twee", Status.VERZONDEN, None, clock.at)
    assert [len(mail) for mail in mails(house, clock.at + timedelta(days=2))] == [5]


def mails(house: House, now: datetime) -> list[list[Bericht]]:
    with writing(house.engine) as connection:
        return verzamelpost.new_mails(connection, "mra", {"overzicht"}, {}, day_of(now), "een", now, LEASE, 50)


def test_many_deliverers_at_once_never_give_a_person_two_mails(house: House) -> None:
    everyone = [f"griffie-{n:02d}" for n in range(20)]
    for nr in range(3):
        put(house, *everyone, slug=f"nota-{nr}", soort="overzicht")
    start = threading.Barrier(6)
    taken: list[list[Bericht]] = []

    def deliver() -> None:
        start.wait()
        while True:
            with writing(house.engine) as connection:
                found = verzamelpost.new_mails(connection, "mra", {"overzicht"}, {}, day_of(house.now()), "een", house.now(), LEASE, 4)
            if not found:
                return
            taken.extend(found)

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(mail[0].key.ontvanger for mail in taken) == everyone and {len(mail) for mail in taken} == {3}
