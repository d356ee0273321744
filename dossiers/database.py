"""Opening the database: SQLite or PostgreSQL, one transaction at a time, at the schema that this program knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from dossiers.tables import SCHEMA
from statemachines.errors import Refused, UnreachableForNow

BUSY_SECONDS = 30
"""How long a writer waits for another before it gives up."""


def connect(url: str) -> Engine:
    """An engine for ``url``; nothing is opened or made yet. Raises Refused for an address that is no database of ours."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise Refused(
                f"Database '{parsed.get_backend_name()}' kan niet; gebruik sqlite:///pad/naar/bestand of postgresql+psycopg://..."
            )
        if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
            raise Refused("Een database in het geheugen bewaart niets; gebruik sqlite:///pad/naar/bestand.")
        # An error of a statement would else repeat its values, so that an address or a text stood in a log.
        engine = create_engine(parsed, hide_parameters=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise Refused("Het database-adres is niet te lezen; gebruik sqlite:///pad/naar/bestand of postgresql+psycopg://...") from error
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("kader_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: everything or nothing. Makes an SQLite database that is not there yet.

    Waits for other writers; raises UnreachableForNow when that takes too long.
    """
    with _reachable(engine):
        _make_folder(engine)
        _upgrade_if_needed(engine)
        with engine.begin() as connection:
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look at the database. Raises Refused when it does not exist yet, UnreachableForNow when it cannot be reached."""
    if engine.dialect.name == "sqlite" and not _sqlite_exists(engine):
        raise Refused(f"Er is nog geen database ({engine.url.database}); begin met 'kader stelsel neem-over'.")
    with _reachable(engine):
        if engine not in _AT_SCHEMA and schema_of(engine) is None:
            raise Refused("De database is nog leeg; begin met 'kader stelsel neem-over'.")
        _upgrade_if_needed(engine)
        with engine.connect() as connection:
            yield connection.execution_options(kader_reading=True)


def _sqlite_exists(engine: Engine) -> bool:
    return bool(engine.url.database) and Path(str(engine.url.database)).exists()


def _make_folder(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        try:
            Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"De map van de database {engine.url.database} is niet te maken; kies een andere plaats.") from error


@contextmanager
def _reachable(engine: Engine) -> Iterator[None]:
    waar = engine.url.database if engine.dialect.name == "sqlite" else f"{engine.url.database} op {engine.url.host or 'deze computer'}"
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        raise UnreachableForNow(f"De database {waar} is nu niet bereikbaar, niet te schrijven of te lang bezet.") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        if "not a database" in str(error):
            raise Refused(f"Het bestand {waar} is geen database; kies een ander bestand.") from error
        raise


def schema_of(engine: Engine) -> str | None:
    """The migration at which the database is, or None for an empty one."""
    with engine.connect().execution_options(kader_reading=True) as connection:
        return _version(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


_AT_SCHEMA: WeakSet[Engine] = WeakSet()


def _upgrade_if_needed(engine: Engine) -> None:
    if engine in _AT_SCHEMA:
        return
    found = schema_of(engine)
    if found == SCHEMA:
        _AT_SCHEMA.add(engine)
        return
    if found is not None and found > SCHEMA:
        raise Refused(f"De database is van een nieuwere versie ({found}) dan dit programma ({SCHEMA}); werk kader eerst bij.")
    from dossiers.migrations import upgrade

    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('kader migraties', 0))"))
        if _version(connection) != SCHEMA:
            upgrade(connection)
    _AT_SCHEMA.add(engine)


def lock(connection: Connection, stelsel: str, naam: str) -> None:
    """Waits until nobody else writes to this dossier; held until the transaction ends.

    On SQLite the transaction holds the whole database already. What is read after this call cannot be overtaken, so a
    decision never has to be made twice.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:naam, 0))"), {"naam": f"{stelsel}/{naam}"})
