"""The facts of one stelsel as frozen models: deelnemers, gremia, calendars, roles and routes.

A fact says where it comes from: ``bron`` (a source that can be looked up) and ``status``: ``bron`` (found there),
``aanname`` (inferred or estimated) or ``voorbeeld`` (invented, shown as such wherever a user can see it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Status(StrEnum):
    """How sure a fact is."""

    BRON = "bron"
    AANNAME = "aanname"
    VOORBEELD = "voorbeeld"


class Model(BaseModel):
    """Frozen, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(Model):
    """Something that others decided, with its source."""

    bron: str = Field(min_length=1)
    status: Status


class Laag(StrEnum):
    """Who meets in a gremium; an ambtelijke stop is never shown to councils or the public."""

    AMBTELIJK = "ambtelijk"
    BESTUURLIJK = "bestuurlijk"
    VOLKSVERTEGENWOORDIGING = "volksvertegenwoordiging"


class Kring(StrEnum):
    """Which organ of every deelnemer is asked in a ronde."""

    RADEN_STATEN = "raden-staten"
    COLLEGES = "colleges"


class OrgaanVorm(Model):
    """How an organ of one kind of deelnemer is called; ``{naam}`` stands for the deelnemer.

    ``contact`` is the recipient who hears for it (``griffie`` or ``adviseur``), ``aanhef`` how a mail addresses that recipient.
    """

    voorvoegsel: Slug
    naam: str
    aanhef: str
    contact: Slug
    contact_naam: str


class Soort(Fact):
    """A kind of deelnemer (gemeente, provincie, vervoerregio) and its two organs."""

    slug: Slug
    naam: str
    organen: Mapping[Kring, OrgaanVorm]


class Deelregio(Fact):
    """A part of the region on whose behalf a bestuurder can sit."""

    slug: Slug
    naam: str


class Deelnemer(Fact):
    """A government that takes part, from ``geldig_vanaf`` to and including ``geldig_tot``."""

    slug: Slug
    naam: str
    soort: Slug
    deelregio: Slug | None = None
    geldig_vanaf: date
    geldig_tot: date | None = None
    opgevolgd_door: Slug | None = None

    def takes_part(self, op: date) -> bool:
        """Whether this is a deelnemer on the day ``op``; both ends count."""
        return self.geldig_vanaf <= op and (self.geldig_tot is None or op <= self.geldig_tot)


class Zetel(Fact):
    """A seat in a gremium: a function, never a person, *vanuit* a deelnemer or *namens* a deelregio."""

    functie: str
    vanuit: Slug | None = None
    namens: Slug | None = None
    geldig_vanaf: date
    geldig_tot: date | None = None


class Gremium(Fact):
    """A body that meets; papers are due ``aanlevertermijn`` werkdagen before a vergadering."""

    slug: Slug
    naam: str
    laag: Laag
    rol: str
    secretaris: Slug
    aanlevertermijn: int = Field(ge=0, le=60)
    zetels: tuple[Zetel, ...] = ()


class Vergadering(Model):
    """One meeting day; ``aanleverdatum`` overrides the day that the aanlevertermijn gives."""

    datum: date
    aanleverdatum: date | None = None
    soort: str = "gewoon"


class Vergaderkalender(Fact):
    """A run of meeting days of one gremium that is known as a whole from ``vanaf`` to and including ``tot_en_met``.

    A run with ``volledig: false`` lists days that were found; between them nothing is known.
    """

    gremium: Slug
    vanaf: date
    tot_en_met: date
    volledig: bool
    vergaderingen: tuple[Vergadering, ...]


class Vrij(Fact):
    """Days without work (``gelijkgesteld`` with a feestdag) or a recess, both ends included."""

    naam: str
    vanaf: date
    tot_en_met: date


class Begrip(Fact):
    """A term of the field and what it means."""

    term: str
    betekenis: str


class Rol(Fact):
    """A role that registers or hears something: the slug used with ``--als`` and as a recipient."""

    slug: Slug
    naam: str


class Documentsoort(Fact):
    """A kind of kaderdocument and the route that it takes."""

    slug: Slug
    naam: str
    cyclus: str
    route: Slug | None = None


class Herinneringen(Fact):
    """When reminders go, in werkdagen: before the aanleverdatum, and after the vergadering."""

    stukken_verwacht_vooraf: int = Field(ge=0, le=60)
    besluit_verwacht_na: int = Field(ge=0, le=60)


class Kalenderfeiten(Fact):
    """Working days and recess of the region, as far as they are known.

    ``feestdagen`` are the days of ATW art. 3 with those that the stelsel adds; both hold from ``vanaf`` to and including ``tot_en_met``.
    """

    vanaf: date
    tot_en_met: date
    feestdagen: tuple[Vrij, ...]
    recessen: tuple[Vrij, ...]


class Mailgegevens(Fact):
    """What every mail of this stelsel carries: sender, mailbox that people read, site."""

    afzender_naam: str
    afzender: str
    antwoord_aan: str
    website: str
    lijst_id: str


class Ontvanger(Model):
    """Somebody who can be told: an id, how to name it and how to greet it; never an address."""

    slug: str
    naam: str
    aanhef: str


class Orgaan(Model):
    """An organ of one deelnemer: the raad of Almere, the college of Almere."""

    slug: str
    naam: str
    deelnemer: Slug
    kring: Kring
    ontvanger: Ontvanger


class Kop(Fact):
    """The head of a stelsel: which region, and on whose facts it rests."""

    slug: Slug
    naam: str
    voluit: str


class Adres(Fact):
    """Where a recipient can be reached. Kept apart from the facts so that it can be erased; never part of a digest."""

    ontvanger: Slug
    adres: str
