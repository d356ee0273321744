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
from statemachines.facts import Kring, Model, Slug
from statemachines.route import Uitkomst

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


class Verwijzing(Model):
    """Names a text or person kept in a table of its own: its id and sha256(zout + inhoud)."""

    id: str
    sha256: str


class ZittingGezet(Model):
    """The vergadering for which a stap is planned, frozen; without dates ``waarom`` says why they are not known."""

    vergadering: date | None = None
    aanleverdatum: date | None = None
    waarom: str
    waarom_aanleverdatum: str = ""


class RondeGezet(Model):
    """A ronde as it opens, frozen: who is asked and from when until when, both days included;
    ``bron`` is the source of the length of the termijn."""

    kring: Kring
    gevraagd: tuple[str, ...]
    van: date
    tot_en_met: date
    waarom: str
    bron: str


class Opening(Model):
    """The stap to which an entry brings a dossier, with everything that it uses frozen."""

    stap: Slug
    bezoek: int
    zitting: ZittingGezet | None = None
    ronde: RondeGezet | None = None


class Payload(Model):
    """What a kind of entry says beyond its envelope."""


class Geopend(Payload):
    """A kaderdocument is put in routing, under one version of the facts; ``na`` is the dossier that comes first."""

    route: Slug
    soort: Slug
    titel: Verwijzing
    digest: str
    naar: Slug
    opent: Opening
    na: Slug | None = None


class StapGepland(Model):
    """For when a stap is agreed: its vergadering with the day on which papers are due, or its ronde with the weken of its termijn."""

    stap: Slug
    vergadering: date | None = None
    aanleverdatum: date | None = None
    van: date | None = None
    tot_en_met: date | None = None
    weken: int | None = None
    waarom: str


class Planning(Model):
    """The agreed dates of every stap to come, and the ``doel``: the vergadering that must conclude."""

    doel: date
    stappen: tuple[StapGepland, ...]

    def stap(self, slug: str) -> StapGepland | None:
        """What was agreed for a stap."""
        return next((stap for stap in self.stappen if stap.stap == slug), None)


class DatumsGezet(Payload):
    """Dates are set with a reason: those of the current stap, and with ``planning`` those of every stap to come.

    ``digest`` names the facts by which the dossier goes on from here.
    """

    opent: Opening
    reden: Verwijzing
    planning: Planning | None = None
    digest: str | None = None


class Afwijking(Model):
    """An exception recorded openly: why, and which role allowed it."""

    reden: Verwijzing
    toegestaan_door: Slug


class BesluitBron(StrEnum):
    """Where a besluit is recorded."""

    BESLUITENLIJST = "besluitenlijst"
    VERSLAG = "verslag"
    SCHRIFTELIJKE_RONDE = "schriftelijke-ronde"
    MANDAAT = "mandaat"


class Vaststelling(StrEnum):
    """Whether a later vergadering has adopted the verslag of a besluit; the route has moved at the concept."""

    CONCEPT = "concept"
    VASTGESTELD = "vastgesteld"
    GEWIJZIGD = "gewijzigd"


class Regime(StrEnum):
    """On organisation and frameworks the majority sets the course; on content a deelnemer may differ, in the open."""

    ORGANISATORISCH = "organisatorisch"
    INHOUDELIJK = "inhoudelijk"


class Standpunt(Model):
    """A minority position on a besluit, of a deelnemer or of a deelregio; ``onderdelen`` are the parts of the document that it is about."""

    van: Slug
    regime: Regime
    tekst: Verwijzing
    onderdelen: tuple[str, ...] = ()


class Besluit(Payload):
    """A gremium, or a deelnemer within a ronde, has decided; ``naar`` is where the dossier stands afterwards."""

    uitkomst: Uitkomst
    bron: BesluitBron
    naar: Slug
    opent: Opening | None = None
    reden: Verwijzing | None = None
    afwijking: Afwijking | None = None
    vaststelling: Vaststelling = Vaststelling.CONCEPT
    standpunten: tuple[Standpunt, ...] = ()


class InbrengSoort(StrEnum):
    """What a deelnemer gives in a ronde of inbreng; having no opvatting is a decision too.

    The last three answer nothing: they only tell how far a deelnemer is, and nobody is ever reminded of them.
    """

    REACTIE = "reactie"
    GEEN_OPVATTING = "geen-opvatting"
    CONCEPT = "concept-onder-voorbehoud"
    ONTVANGEN = "ontvangst-bevestigd"
    BEHANDELING = "behandeling"


class Namens(StrEnum):
    """Who speaks."""

    RAAD = "raad"
    STATEN = "staten"
    COLLEGE_MEDE_NAMENS_RAAD = "college-mede-namens-raad"
    COLLEGE = "college"
    COMMISSIE = "commissie"
    FRACTIE = "fractie"


OF_THE_RAAD = frozenset({Namens.RAAD, Namens.STATEN, Namens.COLLEGE_MEDE_NAMENS_RAAD})
"""Who speaks for the raad or Staten; a college, commissie or fractie alone does not."""


class Vorm(StrEnum):
    """In what form inbreng came."""

    RAADSBESLUIT = "raadsbesluit"
    MOTIE = "motie"
    BRIEF = "brief"
    VERSLAG = "verslag"


class Behandelwijze(StrEnum):
    """How a raad chose to handle a document; the choice is its own."""

    KENNISGEVING = "voor-kennisgeving"
    INFORMATIEBRIEF = "informatiebrief"
    BEELDVORMEND = "beeldvormend"
    COMMISSIE = "commissie-zonder-besluit"
    HAMERSTUK = "hamerstuk"
    BESPREEKSTUK = "bespreekstuk"
    NIET_GEAGENDEERD = "niet-geagendeerd"


class Inbreng(Payload):
    """A deelnemer gives inbreng in a ronde, or tells how far it is; ``naar`` is set when that closes the ronde.

    ``vastgesteld_op`` is the day on which the raad decided on it, ``geagendeerd_op`` the day for which it is on the agenda.
    """

    soort: InbrengSoort
    tekst: Verwijzing | None = None
    indiener: Verwijzing | None = None
    namens: Namens | None = None
    vorm: Vorm | None = None
    vastgesteld_op: date | None = None
    behandelwijze: Behandelwijze | None = None
    geagendeerd_op: date | None = None
    naar: Slug | None = None
    opent: Opening | None = None


class Verlopen(Payload):
    """The termijn of a ronde has ended; whoever gave nothing stands as "geen reactie ontvangen".

    With ``over_naar`` only the place of one organ has lapsed: its deelnemer exists no more, and this organ takes over.
    """

    naar: Slug
    opent: Opening | None = None
    over_naar: Slug | None = None


class Velden(Model):
    """What a correction puts in the place of what an entry said; None leaves it as it was. None of it moves a dossier."""

    bron: BesluitBron | None = None
    reden: Verwijzing | None = None
    vaststelling: Vaststelling | None = None
    standpunten: tuple[Standpunt, ...] | None = None
    tekst: Verwijzing | None = None


class Gecorrigeerd(Payload):
    """Corrects entry ``nr``, which stays in the record: revoked it has no effect any more, else ``velden`` replace what it said."""

    nr: int
    reden: Verwijzing
    herroepen: bool
    velden: Velden | None = None


class Gewist(Payload):
    """A text or person has been erased; the digest in the chain stays."""

    id: str
    grond: str


_PAYLOADS: dict[Kind, type[Payload]] = {
    Kind.GEOPEND: Geopend,
    Kind.DATUMS_GEZET: DatumsGezet,
    Kind.BESLUIT: Besluit,
    Kind.INBRENG: Inbreng,
    Kind.VERLOPEN: Verlopen,
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
