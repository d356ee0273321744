"""The closed set of entry kinds, their envelope, and the hash chain that holds them together.

An entry is a fact about one dossier that never changes. Its payload is canonical JSON; free text and persons are named by
digest only, so that erasing them leaves the chain intact. A new kind needs an ADR; an old version of a kind is upcast on reading.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256

from statemachines.errors import RecordDamaged
from statemachines.inbreng import Inbreng
from statemachines.nota import Antwoorden
from statemachines.payloads import Besluit, DatumsGezet, Gecorrigeerd, Geopend, Gewist, Opening, Payload, Verlopen
from statemachines.stukken import Stuk

GENESIS = "0" * 64
"""The hash before the first entry of a dossier."""


class Kind(StrEnum):
    """What an entry can be."""

    GEOPEND = "Geopend"
    DATUMS_GEZET = "DatumsGezet"
    BESLUIT = "Besluit"
    INBRENG = "Inbreng"
    VERLOPEN = "Verlopen"
    STUK = "Stuk"
    ANTWOORD = "Antwoord"
    GECORRIGEERD = "Gecorrigeerd"
    GEWIST = "Gewist"


_PAYLOADS: dict[Kind, type[Payload]] = {
    Kind.GEOPEND: Geopend,
    Kind.DATUMS_GEZET: DatumsGezet,
    Kind.BESLUIT: Besluit,
    Kind.INBRENG: Inbreng,
    Kind.VERLOPEN: Verlopen,
    Kind.STUK: Stuk,
    Kind.ANTWOORD: Antwoorden,
    Kind.GECORRIGEERD: Gecorrigeerd,
    Kind.GEWIST: Gewist,
}
VERSIE = 1
"""The version in which every kind is written today."""


@dataclass(frozen=True)
class Draft:
    """An entry that was decided on and is not yet written."""

    soort: Kind
    datum: date
    stap: str
    bezoek: int
    orgaan: str
    payload: Payload


@dataclass(frozen=True)
class Entry:
    """An entry as written. ``datum`` is the day in Amsterdam on which it happened, ``vastgelegd`` the UTC moment of writing."""

    stelsel: str
    slug: str
    nr: int
    v: int
    soort: Kind
    datum: date
    vastgelegd: str
    door: str
    via: str
    opdracht: str
    stap: str
    bezoek: int
    orgaan: str
    payload: Payload
    vorige: str
    hash: str


def in_force(entries: Sequence[Entry]) -> list[Entry]:
    """The entries as later corrections have them say; revoked ones are still there."""
    said = {entry.nr: entry for entry in entries}
    for entry in entries:
        if isinstance(entry.payload, Gecorrigeerd) and entry.payload.velden is not None:
            wrong = said[entry.payload.nr]
            changes = {name: getattr(entry.payload.velden, name) for name in entry.payload.velden.model_fields_set}
            said[wrong.nr] = replace(wrong, payload=wrong.payload.model_copy(update=changes))
    return list(said.values())


def revoked(entries: Iterable[Entry]) -> set[int]:
    """The numbers of the entries that have no effect any more."""
    return {e.payload.nr for e in entries if isinstance(e.payload, Gecorrigeerd) and e.payload.herroepen}


def without_effect(entries: Iterable[Entry]) -> set[int]:
    """The numbers of the entries that move or date nothing any more: revoked ones, and dates of a visit that a revoked one opened."""
    entries = list(entries)
    gone = revoked(entries)
    here: tuple[str, int] | None = None
    for entry in entries:
        opent = getattr(entry.payload, "opent", None)
        if entry.nr in gone or opent is None:
            continue
        if isinstance(entry.payload, DatumsGezet) and (opent.stap, opent.bezoek) != here:
            gone.add(entry.nr)
        else:
            here = (opent.stap, opent.bezoek)
    return gone


def only_agreed(entries: Iterable[Entry]) -> set[int]:
    """The numbers of the entries that agreed on stappen to come and left the dates of the current one as they were."""
    found: set[int] = set()
    here: Opening | None = None
    for entry in entries:
        opent = getattr(entry.payload, "opent", None)
        if isinstance(entry.payload, DatumsGezet) and entry.payload.planning is not None and opent == here:
            found.add(entry.nr)
        here = opent or here
    return found


def canonical(value: Payload) -> str:
    """Canonical JSON: sorted keys, no spaces, absent values left out, non-ASCII as it is."""
    data = value.model_dump(mode="json", exclude_none=True)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_payload(soort: Kind, v: int, text: str) -> Payload:
    """A stored payload as a model. Raises RecordDamaged for a kind or version that this program does not know."""
    if soort not in _PAYLOADS or v != VERSIE:
        raise RecordDamaged(f"Het journaal bevat '{soort.value}' versie {v}; deze versie van kader kent die niet.")
    return _PAYLOADS[soort].model_validate_json(text)


def chain_hash(vorige: str, envelope: Iterable[str | int], payload: str) -> str:
    """The hash of an entry: over the hash before it, every field of its envelope, and the payload as stored."""
    link = json.dumps([vorige, *envelope, payload], separators=(",", ":"), ensure_ascii=False)
    return sha256(link.encode()).hexdigest()


def sealed(zout: str, inhoud: str) -> str:
    """The digest by which an entry names a text or person; the salt makes it worthless once that is erased."""
    return sha256((zout + inhoud).encode()).hexdigest()
