"""Which kinds of messages a recipient does not want; only of kinds that may be switched off."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dossiers.tables import afmeldingen


def signed_off(connection: Connection, stelsel: str) -> frozenset[tuple[str, str]]:
    """Every (ontvanger, soort) that somebody signed off."""
    rows = connection.execute(select(afmeldingen.c.ontvanger, afmeldingen.c.soort).where(afmeldingen.c.stelsel == stelsel))
    return frozenset((ontvanger, soort) for ontvanger, soort in rows)


def sign_off(connection: Connection, stelsel: str, ontvanger: str, soort: str, door: str, vastgelegd: str) -> bool:
    """Tells this recipient nothing more of this kind; False when that was so already."""
    if (ontvanger, soort) in signed_off(connection, stelsel):
        return False
    values = {"stelsel": stelsel, "ontvanger": ontvanger, "soort": soort, "door": door, "vastgelegd": vastgelegd}
    connection.execute(afmeldingen.insert().values(**values))
    return True


def sign_on(connection: Connection, stelsel: str, ontvanger: str, soort: str) -> bool:
    """Tells this recipient of this kind again; False when nobody had signed it off."""
    chosen = (afmeldingen.c.stelsel == stelsel, afmeldingen.c.ontvanger == ontvanger, afmeldingen.c.soort == soort)
    return bool(connection.execute(afmeldingen.delete().where(*chosen)).rowcount)
