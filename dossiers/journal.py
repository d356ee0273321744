"""Reading and appending the journal, and proving that nobody changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select

from dossiers.tables import journaal, stand, stelselversies
from dossiers.teksten import broken_seals
from statemachines.errors import RecordDamaged, UnknownSlug
from statemachines.journal import GENESIS, VERSIE, Draft, Entry, Kind, canonical, chain_hash, read_payload
from statemachines.payloads import DatumsGezet, Geopend

# Built once: at tens of microseconds each, making a statement costs as much as running it.
_READ = select(journaal).where(journaal.c.stelsel == bindparam("stelsel"), journaal.c.slug == bindparam("slug")).order_by(journaal.c.nr)
_WRITTEN_BY = select(journaal).where(journaal.c.stelsel == bindparam("stelsel"), journaal.c.opdracht == bindparam("opdracht"))
_APPEND = journaal.insert()
_ENVELOPE = ("stelsel", "slug", "nr", "v", "soort", "datum", "vastgelegd", "door", "via", "opdracht", "stap", "bezoek", "orgaan")


_UNKNOWN = "Er is geen dossier '{slug}' in het stelsel {stelsel}; 'kader toon' laat zien welke er zijn."


def _entry(row: Row[Any]) -> Entry:
    m = row._mapping
    soort = Kind(m["soort"])
    return Entry(**{**m, "soort": soort, "payload": read_payload(soort, m["v"], m["payload"])})


def read(connection: Connection, stelsel: str, slug: str) -> list[Entry]:
    """The journal of a dossier, oldest first; raises UnknownSlug when there is none."""
    entries = [_entry(row) for row in connection.execute(_READ, {"stelsel": stelsel, "slug": slug})]
    if not entries:
        raise UnknownSlug(_UNKNOWN.format(slug=slug, stelsel=stelsel))
    return entries


def running(connection: Connection, stelsel: str) -> Iterator[list[Entry]]:
    """The journals of the dossiers that have not ended, in order of slug; streamed, in one query."""
    here = and_(stand.c.stelsel == journaal.c.stelsel, stand.c.slug == journaal.c.slug)
    query = select(journaal).join(stand, here).where(journaal.c.stelsel == stelsel, stand.c.geeindigd.is_(False))
    rows = connection.execute(query.order_by(journaal.c.slug, journaal.c.nr).execution_options(yield_per=500))
    for _, entries in groupby((_entry(row) for row in rows), key=lambda entry: entry.slug):
        yield list(entries)


def require(connection: Connection, stelsel: str, slug: str | None) -> None:
    """Raises UnknownSlug when a dossier is named that was never opened."""
    if slug is not None and not exists(connection, stelsel, slug):
        raise UnknownSlug(_UNKNOWN.format(slug=slug, stelsel=stelsel))


def digest_of(entries: list[Entry]) -> str:
    """The version of the facts by which these entries go on: that of the opening, or the last that was taken over with a plan."""
    opened = entries[0].payload
    if not isinstance(opened, Geopend):
        raise RecordDamaged(f"Het journaal van {entries[0].slug} begint niet met het openen van het dossier.")
    later = (e.payload.digest for e in reversed(entries) if isinstance(e.payload, DatumsGezet) and e.payload.digest)
    return next(later, opened.digest)


def exists(connection: Connection, stelsel: str, slug: str) -> bool:
    """Whether a dossier with this slug was ever opened."""
    query = select(journaal.c.nr).where(journaal.c.stelsel == stelsel, journaal.c.slug == slug).limit(1)
    return connection.execute(query).first() is not None


def written_by(connection: Connection, stelsel: str, opdracht: str) -> Entry | None:
    """The entry that this opdracht wrote before, if it did."""
    row = connection.execute(_WRITTEN_BY, {"stelsel": stelsel, "opdracht": opdracht}).first()
    return None if row is None else _entry(row)


def append(
    connection: Connection,
    stelsel: str,
    slug: str,
    draft: Draft,
    *,
    nr: int,
    vorige: str,
    vastgelegd: str,
    door: str,
    via: str,
    opdracht: str,
) -> Entry:
    """Writes one entry after ``vorige``, the hash of entry ``nr - 1`` (GENESIS for the first)."""
    values: dict[str, Any] = {
        "stelsel": stelsel,
        "slug": slug,
        "nr": nr,
        "v": VERSIE,
        "soort": draft.soort.value,
        "datum": draft.datum,
        "vastgelegd": vastgelegd,
        "door": door,
        "via": via,
        "opdracht": opdracht,
        "stap": draft.stap,
        "bezoek": draft.bezoek,
        "orgaan": draft.orgaan,
    }
    payload = canonical(draft.payload)
    values |= {"payload": payload, "vorige": vorige, "hash": _hash(vorige, values, payload)}
    connection.execute(_APPEND, values)
    return Entry(**{**values, "soort": draft.soort, "payload": draft.payload})


def _hash(vorige: str, values: dict[str, Any], payload: str) -> str:
    return chain_hash(vorige, [v if isinstance(v := values[name], int) else str(v) for name in _ENVELOPE], payload)


def verify(connection: Connection, stelsel: str) -> Iterator[str]:
    """Every break in the record as a Dutch sentence: a changed or missing entry, a cut-off tail, a dossier that is gone."""
    versions = select(stelselversies.c.nr, stelselversies.c.digest, stelselversies.c.feiten).where(stelselversies.c.stelsel == stelsel)
    for nr, digest, feiten in connection.execute(versions):
        if sha256(feiten.encode()).hexdigest() != digest:
            yield f"Feiten: versie {nr} van het stelsel {stelsel} is veranderd na het overnemen."
    heads: dict[str, tuple[int, str]] = {}
    whole = select(journaal).where(journaal.c.stelsel == stelsel).order_by(journaal.c.slug, journaal.c.nr)
    rows = connection.execute(whole.execution_options(yield_per=500))
    for row in rows:
        m = dict(row._mapping)
        nr, vorige = heads.get(m["slug"], (0, GENESIS))
        if m["nr"] != nr + 1:
            yield f"Dossier {m['slug']}: na regel {nr} volgt regel {m['nr']}; er ontbreekt iets."
        elif m["vorige"] != vorige:
            yield f"Dossier {m['slug']}: regel {m['nr']} sluit niet aan op regel {nr}."
        elif m["hash"] != _hash(m["vorige"], m, m["payload"]):
            yield f"Dossier {m['slug']}: regel {m['nr']} is veranderd na het vastleggen."
        for ident in broken_seals(connection, stelsel, _references(json.loads(m["payload"]))):
            yield f"Dossier {m['slug']}: de tekst {ident} van regel {m['nr']} is veranderd na het vastleggen."
        heads[m["slug"]] = (m["nr"], m["hash"])
    projected = connection.execute(select(stand.c.slug, stand.c.nr, stand.c.hash).where(stand.c.stelsel == stelsel))
    yield from _compare_heads(((row.slug, row.nr, row.hash) for row in projected), heads)


def _references(value: object) -> dict[str, str]:
    """Every text or person that a payload names: id to digest."""
    if isinstance(value, dict):
        if value.keys() == {"id", "sha256"}:
            return {value["id"]: value["sha256"]}
        return {k: v for part in value.values() for k, v in _references(part).items()}
    return {}


def _compare_heads(standen: Iterable[tuple[str, int, str]], heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    seen = set()
    for slug, nr, digest in standen:
        seen.add(slug)
        if slug not in heads:
            yield f"Dossier {slug}: het journaal is weg, maar de stand zegt dat er {nr} regels zijn."
        elif heads[slug][0] < nr:
            yield f"Dossier {slug}: het journaal eindigt bij regel {heads[slug][0]}, maar de stand zegt dat er {nr} regels zijn."
        elif heads[slug] != (nr, digest):
            yield f"Dossier {slug}: de stand hoort bij regel {nr}, het journaal eindigt bij regel {heads[slug][0]}; draai 'kader herbouw'."
    for slug in heads.keys() - seen:
        yield f"Dossier {slug}: er is een journaal, maar geen stand; draai 'kader herbouw'."
