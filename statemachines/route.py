"""A route is data: the ordered stappen of one kind of kaderdocument and what follows on which uitkomst."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from statemachines.facts import Fact, Kring, Model, Slug


class Uitkomst(StrEnum):
    """What a gremium can decide; a value is also the trigger of the machine."""

    AKKOORD = "akkoord"
    AKKOORD_MET_WIJZIGINGEN = "akkoord-met-wijzigingen"
    NIET_INGESTEMD = "niet-ingestemd"
    AANHOUDEN = "aanhouden"
    TERUGVERWIJZEN = "terugverwijzen"
    INTREKKEN = "intrekken"
    TER_KENNISNAME = "ter-kennisname"
    BESPROKEN_ZONDER_BESLUIT = "besproken-zonder-besluit"
    NIET_BEHANDELD = "niet-behandeld"

    @property
    def label(self) -> str:
        """The uitkomst as people write it."""
        return self.value.replace("-", " ")


MOVES_NOTHING = frozenset({Uitkomst.AANHOUDEN, Uitkomst.BESPROKEN_ZONDER_BESLUIT, Uitkomst.NIET_BEHANDELD})
"""Uitkomsten after which the document stays at its stap and is planned for the next vergadering."""

ONWARD = (Uitkomst.AKKOORD, Uitkomst.AKKOORD_MET_WIJZIGINGEN, Uitkomst.TER_KENNISNAME)

REGISTERED = "geregistreerd"
"""Trigger that leaves the first stap: being put in routing is a registration, never a besluit."""

CLOSED = "gesloten"
"""Trigger that leaves a stap when its ronde has closed."""


class StapRol(StrEnum):
    """What a stap does in the procedure."""

    VOORBEREIDEN = "voorbereiden"
    ADVISEREN = "adviseren"
    VRIJGEVEN = "vrijgeven"
    RAADPLEGEN = "raadplegen"
    BEANTWOORDEN = "beantwoorden"
    VASTSTELLEN = "vaststellen"
    BEKRACHTIGEN = "bekrachtigen"
    KENNISNEMEN = "kennisnemen"


class Antwoord(StrEnum):
    """What is asked of each deelnemer in a ronde."""

    INBRENG = "inbreng"
    BESLUIT = "besluit"


class Sluiting(StrEnum):
    """When a ronde closes: at the end of its termijn only, or also as soon as everyone has answered."""

    TERMIJN = "termijn"
    ALLEN = "allen"


class Termijn(Fact):
    """How long a ronde is open: the published sluitingsdatum is the same for everyone and counts in full.

    ``weken`` runs from the day after the verzending; ``verzending_werkdagen`` lie between the besluit and the verzending.
    With ``reces_telt: false`` days in recess are not counted; with ``rolt: true`` an end on a day that is no werkdag moves
    to the next werkdag.
    """

    weken: int = Field(ge=1, le=52)
    verzending_werkdagen: int = Field(default=0, ge=0, le=30)
    reces_telt: bool
    rolt: bool


class AdviesOver(StrEnum):
    """What an advice is about."""

    PROCES = "proces"
    INHOUD = "inhoud"


class AdviesRegel(Model):
    """An advice that a stap asks for beside its besluit; without a ``verplicht`` one the stap does not close."""

    gremium: Slug
    over: AdviesOver
    verplicht: bool = False
    toelichting: str


class RondeRegel(Model):
    """Who is asked side by side within a stap, on which grondslag, and when that closes.

    Silence closes as "geen reactie ontvangen" and nothing is inferred from it. A deelregio that bundles is asked to have its own
    deelnemers answer ``deelregio_werkdagen_eerder`` before the sluitingsdatum; None for no such day.
    """

    kring: Kring
    grondslag: str
    antwoord: Antwoord
    termijn: Termijn
    sluit: Sluiting
    volgt: Slug
    deelregio_werkdagen_eerder: int | None = Field(default=None, ge=1, le=60)


class VolgtOp(Fact):
    """The kaderdocument of another route that comes first, and the werkdagen between its ending and the first stap of this one."""

    route: Slug
    werkdagen: int = Field(ge=0, le=260)


class Stap(Model):
    """One stop of a route: a gremium that decides or advises, or a ronde among the deelnemers.

    ``naast`` are gremia that decide side by side with ``gremium``: the document goes on with the uitkomst of ``gremium`` when all of them
    have decided. A ``combi`` overleg can handle it instead of all of them. ``adviezen`` are asked beside the besluit.
    ``verwerking_werkdagen`` lie between this stap and the moment on which the document is ready for the next.
    """

    slug: Slug
    naam: str
    rol: StapRol
    gremium: Slug
    toelichting: str
    naast: tuple[Slug, ...] = ()
    combi: Slug | None = None
    adviezen: tuple[AdviesRegel, ...] = ()
    verwerking_werkdagen: int = Field(default=0, ge=0, le=130)
    uitkomsten: Mapping[Uitkomst, Slug] = Field(default_factory=dict)
    ronde: RondeRegel | None = None
    volgt: Slug | None = None

    @property
    def possible(self) -> tuple[Uitkomst, ...]:
        """The uitkomsten of this stap in the order in which people name them."""
        return tuple(uitkomst for uitkomst in Uitkomst if uitkomst in self.uitkomsten)

    @property
    def onward(self) -> str | None:
        """Where a document goes from here when nothing is held over, sent back or withdrawn."""
        if self.ronde is not None:
            return self.ronde.volgt
        return self.volgt or next((self.uitkomsten[uitkomst] for uitkomst in ONWARD if uitkomst in self.uitkomsten), None)


class Einde(Model):
    """An ending of a route."""

    slug: Slug
    naam: str


class Route(Fact):
    """The whole road of one kind of kaderdocument, valid from ``geldig_vanaf``."""

    slug: Slug
    naam: str
    geldig_vanaf: date
    toelichting: str
    product: str
    volgt_op: VolgtOp | None = None
    stappen: tuple[Stap, ...] = Field(min_length=2)
    eindes: tuple[Einde, ...] = Field(min_length=1)

    @property
    def delen(self) -> tuple[Stap | Einde, ...]:
        """Every state of the main line: the stappen and then the endings."""
        return (*self.stappen, *self.eindes)

    @cached_property
    def _stappen(self) -> dict[str, Stap]:
        return {stap.slug: stap for stap in self.stappen}

    @cached_property
    def _main_paths(self) -> dict[str, tuple[Stap, ...]]:
        return {slug: tuple(self._walk(slug)) for slug in self._stappen}

    def _walk(self, vanaf: str) -> Iterator[Stap]:
        seen: set[str] = set()
        slug: str | None = vanaf
        while slug in self._stappen and slug not in seen and slug is not None:
            seen.add(slug)
            yield self._stappen[slug]
            slug = self._stappen[slug].onward

    def stap(self, slug: str) -> Stap | None:
        """The stap with this slug, or None for an ending or an unknown name."""
        return self._stappen.get(slug)

    def main_path(self, vanaf: str) -> tuple[Stap, ...]:
        """The stappen from ``vanaf`` on when nothing is held over, sent back or withdrawn; each stap once."""
        return self._main_paths.get(vanaf, ())

    @cached_property
    def _concludes(self) -> dict[str, int]:
        paths = self._main_paths.items()
        return {slug: max((i for i, stap in enumerate(path) if stap.ronde is None), default=len(path) - 1) for slug, path in paths}

    def concludes(self, vanaf: str) -> int:
        """The index in ``main_path(vanaf)`` of the vergadering that concludes."""
        return self._concludes[vanaf]

    def adopts(self, stap: Stap, uitkomst: Uitkomst) -> bool:
        """Whether this besluit adopts the document, ends its route with consent, or lets the deelnemers adopt it."""
        if uitkomst not in ONWARD or uitkomst not in stap.uitkomsten:
            return False
        naar = self.stap(stap.uitkomsten[uitkomst])
        by_deelnemers = naar is not None and naar.ronde is not None and naar.rol in (StapRol.VASTSTELLEN, StapRol.BEKRACHTIGEN)
        return naar is None or by_deelnemers or stap.rol is StapRol.VASTSTELLEN

    def naam_van(self, fase: str) -> str:
        """How a stap or ending is called."""
        return next((deel.naam for deel in self.delen if deel.slug == fase), fase)

    def is_einde(self, fase: str) -> bool:
        """Whether this is an ending."""
        return any(einde.slug == fase for einde in self.eindes)
