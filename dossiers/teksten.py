"""Free text and persons, kept outside the journal so that they can be erased without breaking it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from secrets import token_hex
from uuid import uuid4

from sqlalchemy import Connection, Table, delete, select

from dossiers.tables import personen, teksten
from statemachines.errors import UnknownSlug
from statemachines.journal import sealed
from statemachines.payloads import Verwijzing

ERASED = "[gewist]"
"""What is shown where a text or name was erased."""


def keep_tekst(connection: Connection, stelsel: str, slug: str, tekst: str) -> Verwijzing:
    """Keeps a text of a dossier and gives the reference by which an entry names it."""
    return _keep(connection, teksten, "tekst", stelsel, slug, tekst)


def keep_persoon(connection: Connection, stelsel: str, slug: str, naam: str) -> Verwijzing:
    """Keeps the name of a person and gives the reference by which an entry names it."""
    return _keep(connection, personen, "naam", stelsel, slug, naam)


def _keep(connection: Connection, table: Table, column: str, stelsel: str, slug: str, inhoud: str) -> Verwijzing:
    ident, zout = uuid4().hex, token_hex(16)
    connection.execute(table.insert().values({"stelsel": stelsel, "id": ident, "slug": slug, "zout": zout, column: inhoud}))
    return Verwijzing(id=ident, sha256=sealed(zout, inhoud))


def read_teksten(connection: Connection, stelsel: str, ids: Iterable[str]) -> dict[str, str]:
    """The texts and names behind these ids; an erased one reads as ``[gewist]``."""
    wanted = list(dict.fromkeys(ids))
    found = dict.fromkeys(wanted, ERASED)
    for table, column in ((teksten, teksten.c.tekst), (personen, personen.c.naam)):
        rows = connection.execute(select(table.c.id, column).where(table.c.stelsel == stelsel, table.c.id.in_(wanted)))
        found |= {ident: inhoud for ident, inhoud in rows}
    return found


def erase(connection: Connection, stelsel: str, slug: str, ident: str) -> None:
    """Deletes a text or person of this dossier with its salt; raises UnknownSlug when there is none with this id."""
    gone = 0
    for table in (teksten, personen):
        gone += connection.execute(delete(table).where(table.c.stelsel == stelsel, table.c.slug == slug, table.c.id == ident)).rowcount
    if not gone:
        raise UnknownSlug(f"Dossier {slug} heeft geen tekst of persoon met id '{ident}'; 'kader journaal {slug}' noemt de ids.")


def broken_seals(connection: Connection, stelsel: str, sealed_as: Mapping[str, str]) -> list[str]:
    """The ids (given with their digest in the journal) whose content no longer fits it; erased ones are not broken."""
    broken: list[str] = []
    for table, column in ((teksten, teksten.c.tekst), (personen, personen.c.naam)) if sealed_as else ():
        rows = connection.execute(select(table.c.id, table.c.zout, column).where(table.c.stelsel == stelsel, table.c.id.in_(sealed_as)))
        broken += [ident for ident, zout, inhoud in rows if sealed(zout, inhoud) != sealed_as[ident]]
    return broken
