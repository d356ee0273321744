"""A persisted besluit, the whole use case, against the raw driver writing the same rows in one transaction."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks.timing import in_turns, report
from config import MRA
from config.loading import load_adressen, load_stelsel
from config.settings import Post, Settings
from dossiers.database import connect
from flows import use_cases
from flows.house import House
from flows.use_cases import Actor
from statemachines.route import Uitkomst

OPENED, DAY = date(2026, 1, 5), date(2026, 1, 23)
TABLES = ("journaal", "stand", "termijnen")


def _house(url: str, folder: Path) -> House:
    house = House(Settings(folder, url, MRA, Post("127.0.0.1:0")), connect(url))
    feiten = load_stelsel(MRA)
    use_cases.accept_facts(house, replace(_actor(), op=OPENED), feiten, load_adressen(MRA), "meting")
    return house


def _actor() -> Actor:
    return Actor("aob", "cli", str(uuid4()), DAY)


def _our_besluit(house: House) -> Callable[[], object]:
    """Held over at each call: one entry, the stand and two due dates, in a journal that is replayed."""
    fresh = count()

    def one() -> object:
        return use_cases.register_besluit(house, _actor(), slugs[next(fresh) % len(slugs)], "bestuur", Uitkomst.AANHOUDEN, DAY)

    slugs = [f"dossier-{n}" for n in range(20)]
    for slug in slugs:
        use_cases.open_dossier(house, _actor(), slug, "jaarplan-begroting", "Jaarplan", OPENED)
    return one


def _rows(house: House) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    """What one such besluit leaves behind, taken from the database itself."""
    with house.engine.connect() as connection:
        found = {}
        for table in TABLES:
            result = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE slug = 'dossier-0'")
            found[table] = (list(result.keys()), [tuple(row) for row in result.all()][-2 if table == "termijnen" else -1 :])
    return found


def _bare(
    execute: Callable[[str, tuple[object, ...]], object], commit: Callable[[], object], mark: str, house: House
) -> Callable[[], object]:
    rows, number = _rows(house), count(1000)

    def one() -> None:
        nr = next(number)
        for table, (columns, values) in rows.items():
            if table == "termijnen":
                execute(f"DELETE FROM {table} WHERE stelsel = {mark} AND slug = {mark}", ("mra", "kaal"))
            for row in values:
                fields = dict(zip(columns, row, strict=True)) | {"slug": "kaal"}
                if table == "journaal":
                    fields |= {"nr": nr, "opdracht": str(uuid4())}
                if table == "stand":
                    sets = ", ".join(f"{c} = {mark}" for c in columns)
                    execute(f"UPDATE stand SET {sets} WHERE stelsel = {mark} AND slug = {mark}", (*fields.values(), "mra", "kaal"))
                else:
                    execute(
                        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})", tuple(fields.values())
                    )
        commit()

    return one


def run() -> None:
    """On SQLite with synchronous FULL, and on PostgreSQL with fsync off for both, where its programs are."""
    with tempfile.TemporaryDirectory() as folder:
        house = _house(f"sqlite:///{folder}/kader.db", Path(folder))
        ours = _our_besluit(house)
        ours()
        raw = sqlite3.connect(f"{folder}/kader.db", isolation_level=None)
        raw.execute("PRAGMA synchronous=FULL")

        def begin_and(sql: str, values: tuple[object, ...]) -> object:
            if not raw.in_transaction:
                raw.execute("BEGIN IMMEDIATE")
            return raw.execute(sql, values)

        _say("SQLite", ours, _bare(begin_and, lambda: raw.execute("COMMIT"), "?", house), 0.3)
        house.engine.dispose()
    from tests import postgres

    if reason := postgres.why_not():
        print(reason, file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder, postgres.run_folder() as run_folder:
        socket = postgres.socket_of(run_folder)
        house = _house(postgres.url_of(socket, "postgres"), Path(folder))
        ours = _our_besluit(house)
        ours()
        with psycopg.connect(f"host={socket} user=kader dbname=postgres") as driver:
            _say("PostgreSQL", ours, _bare(lambda sql, v: driver.execute(sql.encode(), v), driver.commit, "%s", house), 0.4)
        house.engine.dispose()


def _say(kind: str, ours: Callable[[], object], bare: Callable[[], object], goal: float) -> None:
    a, b = in_turns(ours, bare, 150)
    report(f"besluit op {kind}", f">= {goal} van de kale driver", b / a >= goal, verhouding=b / a, ons_ms=1000 * a, kaal_ms=1000 * b)
