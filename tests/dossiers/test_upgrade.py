"""A database of an earlier version goes on with this program: nothing is lost, and what is open is looked at."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from dossiers import adressen
from dossiers.adressen import Adresstatus
from dossiers.database import connect, reading, schema_of
from dossiers.migrations import configuration
from dossiers.tables import SCHEMA


def at_the_first_schema(url: str) -> None:
    """A database as the first version made it, with one dossier in an open ronde, one address and one bericht."""
    engine = connect(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0001")
        connection.execute(text("INSERT INTO adressen VALUES ('mra', 'griffie-almere', 'griffie@almere.example', 'voorbeeld', 'bedacht')"))
        connection.execute(text("INSERT INTO termijnen VALUES ('mra', 'nota-2026', 'verlopen', '', '2026-05-16', NULL, 4)"))
        connection.execute(
            text(
                "INSERT INTO stand (stelsel, slug, nr, hash, digest, route, route_naam, titel, fase, fase_naam, bezoek, wie, sinds,"
                " geeindigd, moment_wat, waarom, gevraagd, gegeven)"
                " VALUES ('mra', 'nota-2026', 4, '', '', 'nota', 'Nota', '', 'raad', 'R', 1,"
                " 'raden', '2026-03-20', :nee, '', '', 4, 0)"
            ),
            {"nee": False},
        )
        connection.execute(
            text(
                "INSERT INTO berichten (stelsel, slug, soort, ontvanger, datumversie, onderwerp, status, context, sjablonen, aangemaakt,"
                " pogingen) VALUES ('mra', 'nota-2026', 'inbrengmoment-geopend', 'griffie-almere', 4, 'r/1', 'klaargezet', '{}', 'd',"
                " '2026-03-20T09:00:00+00:00', 0)"
            )
        )
    engine.dispose()


def test_an_upgrade_keeps_addresses_and_berichten_and_looks_at_an_open_ronde(database_url: str) -> None:
    at_the_first_schema(database_url)
    engine = connect(database_url)

    with reading(engine) as connection:
        known = adressen.current(connection, "mra", "griffie-almere")
        termijnen = connection.execute(text("SELECT wat, datumversie FROM termijnen ORDER BY wat")).all()
        berichten = connection.execute(text("SELECT status, mail, adres_nr, akkoord_door FROM berichten")).all()

    assert schema_of(engine) == SCHEMA
    assert known is not None and (known.nr, known.adres, known.status) == (1, "griffie@almere.example", Adresstatus.VOORBEELD)
    assert [tuple(row) for row in termijnen] == [("ronde-loopt", 4), ("verlopen", 4)]
    assert [tuple(row) for row in berichten] == [("klaargezet", None, None, None)]
    engine.dispose()
