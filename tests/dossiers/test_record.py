"""What is written once stays: the databases themselves refuse to change it, and a change behind their back is found and named."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from dossiers import journal, outbox, stand, stelsels
from dossiers.database import connect, reading, schema_of, writing
from dossiers.tables import SCHEMA, personen, stelselversies, teksten, termijnen
from dossiers.tables import stand as stand_table
from flows import correcties, use_cases
from flows.house import House
from flows.use_cases import Actor
from statemachines.errors import JournalMovedOn, Refused, UnknownSlug, Unusable
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.route import Uitkomst
from tests.makers import a_day, a_route, a_stelsel


def an_actor(op: str, **rest: object) -> Actor:
    fields = {"door": "aob", "via": "cli", "opdracht": str(uuid4()), **rest}
    return Actor(op=a_day(op), **fields)  # type: ignore[arg-type]


def an_accepted(house: House) -> None:
    use_cases.accept_facts(house, an_actor("2026-01-02"), a_stelsel(), (), "begin")


def a_released(house: House, slug: str = "nota-2026") -> None:
    use_cases.open_dossier(house, an_actor("2026-02-10"), slug, "nota", "De nota", a_day("2026-02-10"))
    use_cases.register_besluit(house, an_actor("2026-03-20"), slug, "bestuur", Uitkomst.AKKOORD, a_day("2026-03-20"))


@pytest.fixture
def filled(house: House) -> House:
    """A house with one dossier in which raden can react and Almere did."""
    an_accepted(house)
    a_released(house)
    use_cases.register_inbreng(
        house,
        an_actor("2026-04-01"),
        "nota-2026",
        "almere",
        Inbreng(soort=InbrengSoort.REACTIE),
        a_day("2026-04-01"),
        tekst="Wij zijn het eens",
        indiener="Mevrouw Voorbeeld",
    )
    return house


COPY = "SELECT * FROM journaal WHERE nr = 1"
ATTEMPTS = [
    "UPDATE journaal SET door = 'iemand'",
    "DELETE FROM journaal WHERE nr = 3",
    "UPDATE stelselversies SET reden = 'anders'",
    "DELETE FROM stelselversies",
    "UPDATE teksten SET tekst = 'anders'",
    "UPDATE personen SET naam = 'anders'",
]
ON_SQLITE = [f"REPLACE INTO journaal {COPY}", f"INSERT OR REPLACE INTO journaal {COPY}", f"INSERT OR IGNORE INTO journaal {COPY}"]
ON_POSTGRESQL = [
    "TRUNCATE journaal",
    "TRUNCATE stelselversies",
    f"INSERT INTO journaal {COPY} ON CONFLICT (stelsel, slug, nr) DO UPDATE SET door = 'x'",
]


def test_the_database_refuses_to_change_what_is_written_once(filled: House) -> None:
    attempts = ATTEMPTS + (ON_SQLITE if filled.engine.dialect.name == "sqlite" else ON_POSTGRESQL)

    for attempt in attempts:
        with pytest.raises(DatabaseError, match="append-only"), filled.engine.begin() as connection:
            connection.execute(text(attempt))

    with reading(filled.engine) as connection:
        assert [entry.nr for entry in journal.read(connection, "mra", "nota-2026")] == [1, 2, 3]
        assert list(journal.verify(connection, "mra")) == []


def without_guards(house: House, statement: str) -> None:
    """What somebody with the whole database in hand could do."""
    with house.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("journaal", "teksten", "stelselversies"):
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("damage", "zin"),
    [
        ("UPDATE journaal SET door = 'iemand' WHERE nr = 2", "Dossier nota-2026: regel 2 is veranderd na het vastleggen."),
        ("UPDATE journaal SET payload = replace(payload, 'reactie', 'geen-opvatting') WHERE nr = 3", "regel 3 is veranderd"),
        ("DELETE FROM journaal WHERE nr = 2", "na regel 1 volgt regel 3; er ontbreekt iets"),
        ("DELETE FROM journaal WHERE nr = 3", "het journaal eindigt bij regel 2, maar de stand zegt dat er 3 regels zijn"),
        ("DELETE FROM journaal", "het journaal is weg, maar de stand zegt dat er 3 regels zijn"),
        ("DELETE FROM stand", "er is een journaal, maar geen stand"),
        ("UPDATE stand SET nr = 2", "de stand hoort bij regel 2, het journaal eindigt bij regel 3"),
        ("UPDATE stelselversies SET feiten = replace(feiten, '8', '9')", "versie 1 van het stelsel mra is veranderd na het overnemen"),
        ("UPDATE teksten SET tekst = 'anders' WHERE tekst LIKE 'Wij%'", "van regel 3 is veranderd na het vastleggen"),
    ],
)
def test_a_change_behind_the_back_of_the_database_is_found_and_named(filled: House, damage: str, zin: str) -> None:
    without_guards(filled, damage)

    with reading(filled.engine) as connection:
        found = list(journal.verify(connection, "mra"))

    assert any(zin in problem for problem in found), found


def test_the_projection_dropped_and_rebuilt_is_the_same(filled: House) -> None:
    a_released(filled, "nota-2027")

    def projected() -> list[object]:
        with reading(filled.engine) as connection:
            return [connection.execute(select(t).order_by(*t.primary_key)).all() for t in (stand_table, termijnen)]

    before = projected()
    with writing(filled.engine) as connection:
        for table in (stand_table, termijnen):
            connection.execute(table.delete())
    emptied = projected()
    count = use_cases.rebuild(filled)

    assert emptied == [[], []] and count == 2
    assert projected() == before


def test_erasing_a_text_or_person_removes_it_with_its_salt_and_the_chain_still_verifies(filled: House) -> None:
    with reading(filled.engine) as connection:
        tekst = connection.execute(select(teksten.c.id).where(teksten.c.tekst == "Wij zijn het eens")).scalar_one()
        persoon = connection.execute(select(personen.c.id)).scalar_one()

    correcties.erase(filled, an_actor("2026-04-02"), "nota-2026", tekst, "Verzoek van de raad")
    correcties.erase(filled, an_actor("2026-04-02"), "nota-2026", persoon, "Verzoek van de betrokkene")

    with reading(filled.engine) as connection:
        assert connection.execute(select(personen)).all() == []
        assert connection.execute(select(teksten.c.tekst)).scalars().all() == ["De nota"]
        assert list(journal.verify(connection, "mra")) == []
        assert [e.soort.value for e in journal.read(connection, "mra", "nota-2026")][-2:] == ["Gewist", "Gewist"]


def test_erasing_what_is_not_there_is_refused_and_writes_nothing(filled: House) -> None:
    with pytest.raises(UnknownSlug, match="heeft geen tekst of persoon met id 'x'"):
        correcties.erase(filled, an_actor("2026-04-02"), "nota-2026", "x", "zomaar")

    with reading(filled.engine) as connection:
        assert len(journal.read(connection, "mra", "nota-2026")) == 3


def test_no_name_address_or_free_text_stands_in_a_row_of_the_journal_or_the_outbox(filled: House) -> None:
    with reading(filled.engine) as connection:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("journaal", "berichten")]

    written = str(rows)
    assert "Voorbeeld" not in written and "Wij zijn" not in written and "De nota" not in written
    assert "griffie@" not in written and "griffie-almere" in written


def test_the_same_opdracht_again_returns_the_first_result_and_writes_nothing(filled: House) -> None:
    actor = an_actor("2026-04-03")
    first = use_cases.register_inbreng(filled, actor, "nota-2026", "diemen", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-03"))

    again = use_cases.register_inbreng(filled, actor, "nota-2026", "diemen", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-03"))

    assert (again.nr, again.fase, again.herhaald) == (first.nr, first.fase, True)
    with reading(filled.engine) as connection:
        assert len(journal.read(connection, "mra", "nota-2026")) == 4


def test_who_says_what_he_saw_is_refused_when_the_journal_moved_on(filled: House) -> None:
    with pytest.raises(JournalMovedOn, match="is intussen bij regel 3; u zag regel 2"):
        use_cases.register_inbreng(
            filled, an_actor("2026-04-03", verwacht=2), "nota-2026", "diemen", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-03")
        )

    done = use_cases.register_inbreng(
        filled, an_actor("2026-04-03", verwacht=3), "nota-2026", "diemen", Inbreng(soort=InbrengSoort.REACTIE), a_day("2026-04-03")
    )
    assert done.nr == 4


def test_changed_facts_hold_for_dossiers_that_open_later_and_not_for_those_that_run(filled: House) -> None:
    shorter = a_route()
    shorter["stappen"][2]["ronde"]["termijn"]["weken"] = 6
    changed = a_stelsel(routes=[shorter])

    nr = use_cases.accept_facts(filled, an_actor("2026-04-03"), changed, (), "kortere termijn")
    unchanged = use_cases.accept_facts(filled, an_actor("2026-04-03"), changed, (), "nog eens")
    use_cases.open_dossier(filled, an_actor("2026-04-07"), "nota-2027", "nota", "Nota", a_day("2026-04-07"))

    assert (nr, unchanged) == (2, None)
    with reading(filled.engine) as connection:
        running, later = (stand.load(connection, "mra", slug) for slug in ("nota-2026", "nota-2027"))
        assert connection.execute(select(stelselversies.c.nr, stelselversies.c.reden)).all() == [(1, "begin"), (2, "kortere termijn")]
    assert (running.stelsel.digest, later.stelsel.digest) == (a_stelsel().digest, changed.digest)
    assert later.route.stappen[2].ronde and later.route.stappen[2].ronde.termijn.weken == 6


def test_facts_read_back_from_the_database_have_the_digest_under_which_they_were_kept(filled: House) -> None:
    digest = a_stelsel().digest
    stelsels._PARSED.clear()

    with reading(filled.engine) as connection:
        kept = stelsels.by_digest(connection, "mra", digest)

    assert kept.digest == digest and kept == a_stelsel()


@pytest.mark.parametrize("titel", ["", "   ", "x" * 201, "Nota\x00", "Nota\x1b[31m", "Nota\ud800"])
def test_a_title_that_cannot_be_read_is_refused(sqlite_house: House, titel: str) -> None:
    an_accepted(sqlite_house)

    with pytest.raises(Unusable, match=r"De titel is|In de titel staan"):
        use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), "nota-2026", "nota", titel, a_day("2026-02-10"))


def test_without_accepted_facts_nothing_opens(sqlite_house: House) -> None:
    with pytest.raises(Refused, match="nog niet overgenomen"):
        use_cases.open_dossier(sqlite_house, an_actor("2026-02-10"), "nota-2026", "nota", "Nota", a_day("2026-02-10"))


def test_thirty_days_down_or_a_round_every_day_end_in_the_same_journal(house: House) -> None:
    an_accepted(house)
    for slug in ("elke-dag", "stil"):
        a_released(house, slug)

    for day in range(1, 30):
        list(use_cases.daily_round(house, date(2026, 5, day), "cli", ["elke-dag"]))
    for _ in range(2):
        list(use_cases.daily_round(house, date(2026, 5, 29), "cli"))

    with reading(house.engine) as connection:
        each, quiet = (journal.read(connection, "mra", slug) for slug in ("elke-dag", "stil"))
        assert [(e.soort, e.datum, e.payload.model_dump(exclude={"titel"})) for e in each] == [
            (e.soort, e.datum, e.payload.model_dump(exclude={"titel"})) for e in quiet
        ]
        assert each[-1].datum == date(2026, 5, 16)
        assert list(stand.due_slugs(connection, "mra", date(2026, 5, 29))) == []


def test_a_round_visits_only_what_is_due_and_not_told(house: House) -> None:
    an_accepted(house)
    for slug in ("een", "twee"):
        use_cases.open_dossier(house, an_actor("2026-02-10"), slug, "nota", "Nota", a_day("2026-02-10"))

    first = list(use_cases.daily_round(house, a_day("2026-02-27"), "cli"))
    second = list(use_cases.daily_round(house, a_day("2026-02-27"), "cli"))

    assert [(g.slug, g.klaargezet, g.vanzelf) for g in first] == [("een", 0, 1), ("twee", 0, 1)]
    assert second == []
    with reading(house.engine) as connection:
        assert {str(b.key) for b in outbox.rows(connection, "mra")} == {
            f"{s}/stukken-verwacht/secretaris-bestuur/1" for s in ("een", "twee")
        }


def test_a_reminder_that_was_not_sent_in_its_moment_is_withdrawn_by_the_round(house: House) -> None:
    an_accepted(house)
    use_cases.open_dossier(house, an_actor("2026-02-10"), "een", "nota", "Nota", a_day("2026-02-10"))
    list(use_cases.daily_round(house, a_day("2026-03-02"), "cli"))

    list(use_cases.daily_round(house, a_day("2026-03-09"), "cli"))

    with reading(house.engine) as connection:
        assert [(b.key.soort, b.status.value) for b in outbox.rows(connection, "mra")] == [("stukken-verwacht", "ingetrokken")]
        assert list(stand.due_slugs(connection, "mra", a_day("2026-03-09"))) == []


def test_a_database_of_a_newer_version_is_refused_and_left_alone(sqlite_house: House) -> None:
    an_accepted(sqlite_house)
    with sqlite_house.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Refused, match="nieuwere versie"), reading(connect(sqlite_house.settings.database)):
        pass

    assert schema_of(sqlite_house.engine) == "9999" > SCHEMA
