"""Whatever people register, in whatever order: the projection equals its rebuild, the chain is whole, nobody hears twice."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from dossiers import journal, outbox, stand
from dossiers.database import reading, writing
from dossiers.tables import stand as stand_table
from dossiers.tables import termijnen
from flows import correcties, datums, use_cases
from flows.house import House
from flows.use_cases import Actor
from statemachines.errors import Refused
from statemachines.facts import Adres
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.kalender import Onbekend
from statemachines.ronde import RONDE_UITKOMSTEN
from statemachines.stelsel import Stelsel
from tests.conftest import Clock, a_house

SLUG = "het-stuk"
DAY = timedelta(days=1)


def an_actor(op: date) -> Actor:
    return Actor("aob", "cli", str(uuid4()), op)


def a_step(house: House, op: date, choice: int) -> None:
    """Something that a person or the clock does on this day, sensible or not."""
    with reading(house.engine) as connection:
        dossier = stand.load(connection, house.stelsel, SLUG)
    stap, ronde = dossier.route.stap(dossier.fase), dossier.ronde
    organen = list(ronde.standen) if ronde else ["raad-almere"]
    orgaan = organen[choice % len(organen)]
    match choice % 8:
        case 0 | 1 if stap is not None and stap.possible:
            uitkomst = stap.possible[choice % len(stap.possible)]
            use_cases.register_besluit(house, an_actor(op), SLUG, stap.gremium, uitkomst, op, reden="zomaar")
        case 2 | 3 if ronde is not None and ronde.antwoord == "besluit":
            use_cases.register_besluit(house, an_actor(op), SLUG, orgaan, sorted(RONDE_UITKOMSTEN)[choice % 3], op)
        case 2 | 3:
            use_cases.register_inbreng(house, an_actor(op), SLUG, orgaan, Inbreng(soort=InbrengSoort.REACTIE), op, tekst="tekst")
        case 4:
            list(use_cases.daily_round(house, op, "cli"))
        case 5:
            werkdag = dossier.stelsel.werkkalender.roll(op + 30 * DAY)
            assert not isinstance(werkdag, Onbekend)
            datums.move_datum(house, an_actor(op), SLUG, werkdag, "zomaar")
        case 6:
            correcties.revoke_besluit(house, an_actor(op), SLUG, dossier.laatste_zet, "vergissing")
        case _:
            use_cases.release(house, an_actor(op), None, None)
            with writing(house.engine) as connection:
                for bericht in outbox.claim(connection, house.stelsel, "test", house.now(), timedelta(minutes=5), 1000):
                    outbox.mark(connection, house.stelsel, bericht.key, "test", outbox.Status.VERZONDEN, None, house.now())


def projected(house: House) -> list[object]:
    with reading(house.engine) as connection:
        return [connection.execute(select(table).order_by(*table.primary_key)).all() for table in (stand_table, termijnen)]


@pytest.mark.parametrize("route", ["voortgangsnota", "jaarplan-begroting", "mra-agenda"])
@settings(max_examples=12)
@given(steps=st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 45)), min_size=3, max_size=14))
def test_the_projection_of_any_walk_equals_its_rebuild_and_the_record_is_whole(
    mra: Stelsel, mra_adressen: tuple[Adres, ...], route: str, steps: list[tuple[int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        house = a_house(f"sqlite:///{folder}/kader.db", Path(folder), Clock())
        op = date(2026, 1, 5)
        use_cases.accept_facts(house, an_actor(op), mra, mra_adressen, "begin")
        use_cases.open_dossier(house, an_actor(op), SLUG, route, "Het stuk", op)

        for choice, days in steps:
            op += days * DAY
            try:
                a_step(house, op, choice)
            except Refused:
                continue
        kept = projected(house)
        with writing(house.engine) as connection:
            for table in (stand_table, termijnen):
                connection.execute(table.delete())
        use_cases.rebuild(house)

        assert projected(house) == kept
        with reading(house.engine) as connection:
            assert list(journal.verify(connection, "mra")) == []
            sent = [b for b in outbox.rows(connection, "mra") if b.status is outbox.Status.VERZONDEN]
        opened = Counter((b.key.ontvanger, b.onderwerp) for b in sent if b.key.soort == "inbrengmoment-geopend")
        withdrawn = Counter((b.key.ontvanger, b.onderwerp) for b in sent if b.key.soort == "ingetrokken")
        assert all(count <= 1 + withdrawn[who] for who, count in opened.items())
        house.engine.dispose()
