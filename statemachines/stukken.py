"""The documents of a dossier: their versies, who may see them from when, and requests for papers that the directie keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from statemachines.facts import Model, Slug
from statemachines.payloads import Payload, Versie, Verwijzing


class Stukstatus(StrEnum):
    """Who may see a document; under embargo it becomes public on a day that is known."""

    INTERN = "intern"
    ONDER_EMBARGO = "onder-embargo"
    OPENBAAR = "openbaar"


class Verzoekstaat(StrEnum):
    """How far a request for papers is."""

    GEVRAAGD = "gevraagd"
    VERSTREKT = "verstrekt"
    AFGEWEZEN = "afgewezen"


class Verzoek(Model):
    """A request for papers, or what became of the one that entry ``nr`` made; ``eigenaar`` is the role that must see to it."""

    staat: Verzoekstaat
    eigenaar: Slug
    uiterlijk: date | None = None
    nr: int | None = None
    toelichting: Verwijzing | None = None


class Stuk(Payload):
    """A versie of a document as it is now, or with ``verzoek`` a request for papers.

    ``onderdelen`` is the flat list of its parts, ``wijzigt`` the parts of which somebody says that they differ from the versie before.
    The same versie again replaces what it says anew and leaves the rest as it was. ``sha256`` is that of the file, where one was given.
    """

    stuk: Slug
    versie: Versie | None = None
    titel: Verwijzing | None = None
    link: str | None = None
    sha256: str | None = None
    onderdelen: tuple[str, ...] = ()
    wijzigt: tuple[str, ...] = ()
    status: Stukstatus | None = None
    openbaar_vanaf: date | None = None
    verzoek: Verzoek | None = None


@dataclass(frozen=True)
class StukVersie:
    """One versie of a document, as entry ``nr`` last described it; ``datum`` is the day on which it first came.

    ``openbaar_op`` is the first day on which anybody may see it; None while it is internal.
    """

    nr: int
    datum: date
    versie: Versie
    status: Stukstatus
    openbaar_vanaf: date | None
    onderdelen: tuple[str, ...]
    wijzigt: tuple[str, ...]
    titel: Verwijzing | None
    link: str | None
    sha256: str | None
    openbaar_op: date | None


@dataclass(frozen=True)
class Aanvraag:
    """A request for papers by ``orgaan``; ``uiterlijk`` is the last day on which it should be answered, ``regels`` its log."""

    nr: int
    stuk: str
    orgaan: str
    datum: date
    eigenaar: str
    uiterlijk: date | None
    staat: Verzoekstaat
    regels: tuple[int, ...]


Stukken = Mapping[str, tuple[StukVersie, ...]]
"""Slug of a document to its versies, oldest first."""


def with_versie(stukken: Stukken, payload: Stuk, nr: int, datum: date) -> Stukken:
    """The documents after one more entry about a versie."""
    assert payload.versie is not None and payload.status is not None
    known = stukken.get(payload.stuk, ())
    same = next((found for found in known if found.versie is payload.versie), None)
    new = StukVersie(
        nr=nr,
        datum=same.datum if same else datum,
        versie=payload.versie,
        status=payload.status,
        openbaar_vanaf=payload.openbaar_vanaf,
        onderdelen=payload.onderdelen or (same.onderdelen if same else ()),
        wijzigt=payload.wijzigt or (same.wijzigt if same else ()),
        titel=payload.titel or (same.titel if same else None),
        link=payload.link or (same.link if same else None),
        sha256=payload.sha256 or (same.sha256 if same else None),
        openbaar_op=_public_from(payload, same, datum),
    )
    after = tuple(new if found is same else found for found in known) if same else (*known, new)
    return {**stukken, payload.stuk: after}


def _public_from(payload: Stuk, same: StukVersie | None, datum: date) -> date | None:
    """The first day on which anybody may see a versie; one that was public already stays so from that day."""
    if payload.status is Stukstatus.OPENBAAR:
        return min(same.openbaar_op, datum) if same is not None and same.openbaar_op is not None else datum
    return payload.openbaar_vanaf if payload.status is Stukstatus.ONDER_EMBARGO else None


def with_verzoek(verzoeken: Mapping[int, Aanvraag], payload: Stuk, nr: int, datum: date, orgaan: str) -> Mapping[int, Aanvraag]:
    """The requests for papers after one more entry about them."""
    verzoek = payload.verzoek
    assert verzoek is not None
    asked = verzoeken.get(verzoek.nr or 0)
    if asked is None:
        return {**verzoeken, nr: Aanvraag(nr, payload.stuk, orgaan, datum, verzoek.eigenaar, verzoek.uiterlijk, verzoek.staat, (nr,))}
    changed = replace(
        asked,
        eigenaar=verzoek.eigenaar,
        uiterlijk=verzoek.uiterlijk or asked.uiterlijk,
        staat=verzoek.staat,
        regels=(*asked.regels, nr),
    )
    return {**verzoeken, asked.nr: changed}


def changed_since(stukken: Stukken, stuk: str | None, versie: Versie | None, onderdelen: Iterable[str]) -> Iterator[Versie]:
    """The later versies of which somebody said that they change one of these onderdelen, the first one first.

    A position that names no onderdelen is about the whole document.
    """
    versies = stukken.get(stuk or "", ())
    i = next((i for i, found in enumerate(versies) if found.versie is versie), len(versies))
    named = set(onderdelen)
    return (found.versie for found in versies[i + 1 :] if (named & set(found.wijzigt) if named else found.wijzigt))
