"""Addresses on both databases: history that nobody can rewrite, what may be used in which mode, and what is erased when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from dossiers import adressen, outbox, tables
from dossiers.adressen import Adresregel, Adresstatus, proved_undeliverable, usable
from dossiers.database import reading, writing
from dossiers.gemist import Gemist, Verteld, missed
from dossiers.outbox import Key, Klaar, Status
from flows.house import House
from tests.conftest import Clock

WIE = "griffie-almere"
REAL = "griffie@almere." + "nl"
VOORBEELD, OPGEGEVEN, BEVESTIGD, BEEINDIGD, ONBESTELBAAR = Adresstatus


def keep(house: House, *known: tuple[Adresstatus, str | None], wie: str = WIE) -> None:
    with writing(house.engine) as connection:
        for status, adres in known:
            adressen.add(connection, house.stelsel, wie, status, adres, "gezegd", "aob", house.moment())


def addresses(house: House, wie: str = WIE) -> list[str | None]:
    with reading(house.engine) as connection:
        return [regel.adres for regel in adressen.history(connection, house.stelsel, wie)[wie]]


# --- nothing is edited away ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE adressen SET adres = 'ander@almere.example'",
        "UPDATE adressen SET status = 'bevestigd'",
        "UPDATE adressen SET notitie = 'iets anders', adres = NULL",
        "UPDATE adressen SET door = 'directie', adres = NULL",
        "UPDATE adressen SET nr = 7, adres = NULL",
        "DELETE FROM adressen",
    ],
)
def test_the_database_refuses_to_rewrite_or_remove_what_was_known_of_an_address(house: House, statement: str) -> None:
    keep(house, (OPGEGEVEN, "a@almere.example"))

    with pytest.raises(DatabaseError, match="append-only"), house.engine.begin() as connection:
        connection.execute(text(statement))

    assert addresses(house) == ["a@almere.example"]


def test_postgresql_cannot_be_emptied_and_sqlite_not_be_written_over(house: House) -> None:
    keep(house, (OPGEGEVEN, "a@almere.example"))
    statement = {
        "postgresql": "TRUNCATE adressen",
        "sqlite": "INSERT OR REPLACE INTO adressen SELECT stelsel, ontvanger, nr, status, 'b@almere.example', '', '', '' FROM adressen",
    }[house.engine.dialect.name]

    with pytest.raises(DatabaseError, match="append-only"), house.engine.begin() as connection:
        connection.execute(text(statement))

    assert addresses(house) == ["a@almere.example"]


def test_an_error_of_the_database_repeats_no_address(house: House) -> None:
    keep(house, (OPGEGEVEN, REAL))
    row = {"stelsel": house.stelsel, "ontvanger": WIE, "nr": 1, "status": "opgegeven", "adres": REAL}

    with pytest.raises(DatabaseError) as caught, house.engine.begin() as connection:
        connection.execute(tables.adressen.insert().values(**row, notitie="", door="aob", vastgelegd=""))

    assert REAL not in str(caught.value)


def test_only_the_address_can_be_erased_and_it_does_not_come_back(house: House) -> None:
    keep(house, (OPGEGEVEN, "a@almere.example"))

    with house.engine.begin() as connection:
        connection.execute(text("UPDATE adressen SET adres = NULL"))
    with pytest.raises(DatabaseError, match="append-only"), house.engine.begin() as connection:
        connection.execute(text("UPDATE adressen SET adres = 'a@almere.example'"))

    with reading(house.engine) as connection:
        [regel] = adressen.history(connection, house.stelsel)[WIE]
    assert (regel.adres, regel.status, regel.notitie, regel.door) == (None, OPGEGEVEN, "gezegd", "aob")


# --- which address may be used ---


@pytest.mark.parametrize(
    ("known", "proef", "echt"),
    [
        ([], "Er is geen adres van", "Er is geen adres van"),
        ([(VOORBEELD, "a@almere.example")], "", "nog niet bevestigd"),
        ([(OPGEGEVEN, "a@almere.EXAMPLE")], "", "nog niet bevestigd"),
        ([(BEVESTIGD, "a@almere.example")], "", ""),
        ([(BEVESTIGD, REAL)], "In de proef", ""),
        ([(BEVESTIGD, REAL), (OPGEGEVEN, "a@almere.example")], "", "nog niet bevestigd"),
        ([(BEVESTIGD, "a@almere.example"), (BEEINDIGD, "a@almere.example")], "is beeindigd", "is beeindigd"),
        ([(BEVESTIGD, "a@almere.example"), (ONBESTELBAAR, "a@almere.example")], "is onbestelbaar", "is onbestelbaar"),
        ([(BEVESTIGD, None)], "is gewist", "is gewist"),
    ],
)
def test_mail_goes_in_proof_mode_to_examples_and_in_earnest_to_confirmed_addresses(
    sqlite_house: House, known: Sequence[tuple[Adresstatus, str | None]], proef: str, echt: str
) -> None:
    keep(sqlite_house, *known)

    with reading(sqlite_house.engine) as connection:
        found = [usable(connection, sqlite_house.stelsel, WIE, modus_echt) for modus_echt in (False, True)]

    for (regel, waarom), expected in zip(found, (proef, echt), strict=True):
        assert expected in waarom and (regel is None) == bool(expected) == bool(waarom)
        assert "@" not in waarom
        assert regel is None or (regel.nr, regel.adres) == (len(known), known[-1][1])


# --- erasing ---


def test_only_what_ended_or_was_replaced_before_the_moment_is_erased(house: House, clock: Clock) -> None:
    begin = clock.at
    keep(house, (OPGEGEVEN, "een@almere.example"))
    clock.at = begin + timedelta(days=10)
    keep(house, (OPGEGEVEN, "twee@almere.example"))
    keep(house, (BEVESTIGD, "weg@laren.example"), (BEEINDIGD, "weg@laren.example"), wie="griffie-laren")
    keep(house, (BEVESTIGD, "nu@diemen.example"), wie="griffie-diemen")
    clock.at = begin + timedelta(days=20)
    keep(house, (BEVESTIGD, "twee@almere.example"))

    erased = []
    for days in (10, 11, 11, 21):
        with writing(house.engine) as connection:
            erased.append(adressen.erase_ended(connection, house.stelsel, begin + timedelta(days=days)))

    assert erased == [0, 3, 0, 1]
    assert addresses(house) == [None, None, "twee@almere.example"]
    assert (addresses(house, "griffie-laren"), addresses(house, "griffie-diemen")) == ([None, None], ["nu@diemen.example"])


def test_another_stelsel_keeps_its_addresses(sqlite_house: House) -> None:
    with writing(sqlite_house.engine) as connection:
        for status in (BEVESTIGD, BEEINDIGD):
            adressen.add(connection, "elders", WIE, status, "a@elders.example", "gezegd", "aob", sqlite_house.moment())

        assert adressen.erase_ended(connection, sqlite_house.stelsel, datetime(2100, 1, 1, tzinfo=UTC)) == 0
        assert [regel.adres for regel in adressen.history(connection, "elders")[WIE]] == ["a@elders.example"] * 2


# --- who missed what ---


@pytest.mark.parametrize(
    ("states", "bad"),
    [
        ([VOORBEELD, OPGEGEVEN, BEVESTIGD], set()),
        ([VOORBEELD, OPGEGEVEN, BEVESTIGD, ONBESTELBAAR], {2, 3, 4}),
        ([OPGEGEVEN, ONBESTELBAAR, OPGEGEVEN, BEVESTIGD], {1, 2}),
        ([OPGEGEVEN, BEEINDIGD, OPGEGEVEN, ONBESTELBAAR, OPGEGEVEN], {3, 4}),
    ],
)
def test_an_address_proves_undeliverable_from_the_row_that_gave_it(states: list[Adresstatus], bad: set[int]) -> None:
    regels = [Adresregel(WIE, nr, status, None, "", "aob", "") for nr, status in enumerate(states, start=1)]

    assert proved_undeliverable(regels) == bad


def tell(
    house: House, ontvanger: str, status: Status, adres_nr: int | None, soort: str = "geopend", onderwerp: str = "raadpleging/1"
) -> None:
    """A message of which this became."""
    key = Key("nota", soort, ontvanger, 3)
    with writing(house.engine) as connection:
        outbox.put(connection, house.stelsel, "nota", [Klaar(soort, ontvanger, 3, onderwerp, {}, False)], "d" * 64, house.moment())
        outbox.claim(connection, house.stelsel, "deze", house.now(), timedelta(minutes=5), 10)
        outbox.mark(connection, house.stelsel, key, "deze", status, "550 no such user", house.now())
        connection.execute(
            text("UPDATE berichten SET adres_nr = :nr WHERE ontvanger = :wie AND soort = :soort"),
            {"nr": adres_nr, "wie": ontvanger, "soort": soort},
        )


def test_who_could_not_be_reached_missed_it_and_is_told_who_else_of_the_deelnemer_heard(house: House) -> None:
    keep(house, (BEVESTIGD, "a@almere.example"), (ONBESTELBAAR, "a@almere.example"), (OPGEGEVEN, "b@almere.example"))
    keep(house, (BEVESTIGD, "c@almere.example"), wie="adviseur-almere")
    keep(house, (BEVESTIGD, "d@almere.example"), (ONBESTELBAAR, "d@almere.example"), wie="leden-almere")
    tell(house, WIE, Status.VERZONDEN, 1)
    tell(house, WIE, Status.VERZONDEN, 3, soort="gewijzigd")
    tell(house, WIE, Status.MISLUKT, None, soort="uitkomst", onderwerp="vaststelling/1")
    tell(house, WIE, Status.ONBEKEND, 3, soort="herinnering", onderwerp="raadpleging/2")
    tell(house, "adviseur-almere", Status.VERZONDEN, 1)
    tell(house, "leden-almere", Status.VERZONDEN, 1)
    tell(house, "griffie-laren", Status.VERZONDEN, 1)

    with reading(house.engine) as connection:
        found = missed(connection, house.stelsel, WIE, {"adviseur-almere", "leden-almere"})

    day = "2026-01-01"
    assert sorted(found, key=lambda g: g.soort) == [
        Gemist(
            "nota",
            "geopend",
            "raadpleging/1",
            3,
            "verzonden",
            "Het adres bleek later onbestelbaar.",
            day,
            (Verteld("adviseur-almere", "geopend", day),),
        ),
        Gemist("nota", "herinnering", "raadpleging/2", 3, "onbekend", "550 no such user", day, ()),
        Gemist("nota", "uitkomst", "vaststelling/1", 3, "mislukt", "550 no such user", day, ()),
    ]


def test_a_message_of_which_the_address_row_was_not_kept_counts_as_told(sqlite_house: House) -> None:
    keep(sqlite_house, (BEVESTIGD, "a@almere.example"), (ONBESTELBAAR, "a@almere.example"))
    tell(sqlite_house, WIE, Status.VERZONDEN, None)

    with reading(sqlite_house.engine) as connection:
        assert missed(connection, sqlite_house.stelsel, WIE, ()) == []
