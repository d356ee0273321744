"""Accepted versions of the facts: what a running dossier was opened under never changes beneath it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from dossiers.tables import stelselversies
from statemachines.errors import Refused, UnknownSlug
from statemachines.stelsel import Stelsel

# Built once: every besluit asks it.
_CURRENT = (
    select(stelselversies.c.digest)
    .where(stelselversies.c.stelsel == bindparam("stelsel"), stelselversies.c.vanaf <= bindparam("op"))
    .order_by(stelselversies.c.nr.desc())
    .limit(1)
)
_PARSED: dict[str, Stelsel] = {}
"""Accepted facts never change, so a digest is parsed once per process."""


def accept(connection: Connection, stelsel: Stelsel, vanaf: date, door: str, reden: str, vastgelegd: str) -> int | None:
    """Keeps a version of the facts for dossiers opened on or after ``vanaf``; None when it is the current version already."""
    slug = stelsel.kop.slug
    if current_digest(connection, slug, date.max) == stelsel.digest:
        return None
    nr = (connection.execute(select(func.max(stelselversies.c.nr)).where(stelselversies.c.stelsel == slug)).scalar() or 0) + 1
    values = {"stelsel": slug, "digest": stelsel.digest, "nr": nr, "vanaf": vanaf, "door": door, "reden": reden, "vastgelegd": vastgelegd}
    connection.execute(stelselversies.insert().values(**values, feiten=stelsel.canonical))
    return nr


def current_digest(connection: Connection, stelsel: str, op: date) -> str | None:
    """The digest of the last version accepted for the day ``op``."""
    return connection.execute(_CURRENT, {"stelsel": stelsel, "op": op}).scalar()


def current(connection: Connection, stelsel: str, op: date) -> Stelsel:
    """The facts under which a dossier opens on the day ``op``; Refused when none were accepted."""
    digest = current_digest(connection, stelsel, op)
    if digest is None:
        raise Refused(f"Het stelsel {stelsel} is nog niet overgenomen voor deze datum; doe dat met 'kader stelsel neem-over --reden ...'.")
    return by_digest(connection, stelsel, digest)


def by_digest(connection: Connection, stelsel: str, digest: str) -> Stelsel:
    """One accepted version of the facts, parsed once per process."""
    if digest not in _PARSED:
        query = select(stelselversies.c.feiten).where(stelselversies.c.stelsel == stelsel, stelselversies.c.digest == digest).limit(1)
        feiten = connection.execute(query).scalar()
        if feiten is None:
            raise UnknownSlug(f"Versie {digest[:12]} van het stelsel {stelsel} is er niet.")
        _PARSED[digest] = Stelsel.model_validate_json(feiten)
    return _PARSED[digest]
