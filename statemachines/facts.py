"""The facts of one stelsel as frozen models: deelnemers, gremia, calendars, roles and routes.

A fact says where it comes from: ``bron`` (a source that can be looked up) and ``status``: ``bron`` (found there),
``aanname`` (inferred or estimated) or ``voorbeeld`` (invented, shown as such wherever a user can see it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class Status(StrEnum):
    """How sure a fact is."""

    BRON = "bron"
    AANNAME = "aanname"
    VOORBEELD = "voorbeeld"


class Model(BaseModel):
    """Frozen, and no key that nobody reads. A changed copy computes again what was computed of the original."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields replaced."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            if self._computed_from(name, update or {}):
                del copied.__dict__[name]
        return copied

    def _computed_from(self, name: str, update: Mapping[str, Any]) -> bool:
        """Whether a kept value depends on any of the changed fields; all do, unless a model knows better."""
        return bool(update)


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
    """A government that takes part, from ``geldig_vanaf`` to and including ``geldig_tot``.

    ``leden`` are the deelnemers whose raden sit in its own regioraad: they are reached twice. ``griffie_bij`` is the deelnemer whose
    griffie serves this raad too.
    """

    slug: Slug
    naam: str
    soort: Slug
    deelregio: Slug | None = None
    geldig_vanaf: date
    geldig_tot: date | None = None
    opgevolgd_door: Slug | None = None
    leden: tuple[Slug, ...] = ()
    griffie_bij: Slug | None = None

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
    """One meeting day; ``aanleverdatum`` overrides the day that the aanlevertermijn gives.

    ``ook_vrij`` says that somebody means it although it is in the weekend or on a feestdag.
    """

    datum: date
    aanleverdatum: date | None = None
    soort: str = "gewoon"
    ook_vrij: bool = False


class Vergaderkalender(Fact):
    """A run of meeting days of one gremium that is known as a whole from ``vanaf`` to and including ``tot_en_met``.

    A run with ``volledig: false`` lists days that were found; between them nothing is known.
    """

    gremium: Slug
    vanaf: date
    tot_en_met: date
    volledig: bool
    bevestigd_door: Slug | None = None
    bevestigd_op: date | None = None
    vergaderingen: tuple[Vergadering, ...]


class Vrij(Fact):
    """Days without work (``gelijkgesteld`` with a feestdag) or a recess, both ends included."""

    naam: str
    vanaf: date
    tot_en_met: date


class Schakelsoort(StrEnum):
    """A stop of a document inside one deelnemer, in the order in which it passes them."""

    COLLEGE = "college"
    GRIFFIE = "aanleveren"
    AGENDACOMMISSIE = "agendacommissie"
    COMMISSIE = "commissie"
    RAAD = "raad"


class Herhaling(Model):
    """A day that comes back: every week, every other week from ``om_de_week_vanaf``, or the n-th ``weekdag`` of every month.

    ``weekdag`` is 0 for Monday; ``welke`` holds 1 to 5, or -1 for the last one, and is empty for every week.
    """

    weekdag: int = Field(ge=0, le=6)
    welke: tuple[int, ...] = ()
    om_de_week_vanaf: date | None = None


class Schakelritme(Model):
    """When one schakel meets: by its own ``herhaling``, or so many weeks or werkdagen before each vergadering of the raad.

    Its papers are due ``vooraf_werkdagen`` before its own vergadering.
    """

    soort: Schakelsoort
    herhaling: Herhaling | None = None
    eerder_weken: int | None = Field(default=None, ge=0, le=26)
    eerder_werkdagen: int | None = Field(default=None, ge=0, le=130)
    vooraf_werkdagen: int = Field(default=0, ge=0, le=60)


class Uitzondering(Model):
    """A vergadering that falls out, an extra one, or with both: one that moved."""

    soort: Schakelsoort
    vervalt: date | None = None
    extra: date | None = None


class Raadritme(Fact):
    """How a deelnemer usually meets: one line as people write it, and what it says; it holds from ``geldig_vanaf`` on.

    No schakel meets in a school holiday; the summer recess lasts ``zomerreces_weken_erna`` weeks longer. The answer is sent
    ``verzenden_werkdagen`` after the raad.
    """

    deelnemer: Slug
    ritme: str
    geldig_vanaf: date | None = None
    schakels: tuple[Schakelritme, ...] = Field(min_length=1)
    zomerreces_weken_erna: int = Field(default=0, ge=0, le=8)
    verzenden_werkdagen: int = Field(default=0, ge=0, le=30)
    uitzonderingen: tuple[Uitzondering, ...] = ()


class Raadskalender(Fact):
    """Vergaderingen of one schakel of a deelnemer that somebody confirmed.

    Between ``vanaf`` and ``tot_en_met`` (both included) these are all of them, unless ``volledig`` is false: then they were found.
    """

    deelnemer: Slug
    soort: Schakelsoort
    vanaf: date
    tot_en_met: date
    volledig: bool
    bevestigd_door: Slug
    bevestigd_op: date
    vergaderingen: tuple[Vergadering, ...]


class Verkiezing(Fact):
    """An election for the raad or Staten of some kinds of deelnemers, or of some deelnemers, and the recess around it, ends included."""

    naam: str
    datum: date
    soorten: tuple[Slug, ...] = ()
    deelnemers: tuple[Slug, ...] = ()
    reces_vanaf: date
    reces_tot_en_met: date

    def concerns(self, deelnemer: Deelnemer) -> bool:
        """Whether the raad or Staten of this deelnemer are elected."""
        return deelnemer.slug in self.deelnemers or deelnemer.soort in self.soorten


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
