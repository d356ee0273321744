"""The catalogue of berichten: which kinds there are, who hears them, at which occasion, and how they go out."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from statemachines.facts import Fact, Slug

if TYPE_CHECKING:
    from statemachines.stelsel import Stelsel


class Aanleiding(StrEnum):
    """The occasion of a bericht: what is true of a dossier, or which day of the week or month it is."""

    RONDE_GEPLAND = "ronde-gepland"
    PLAN_GEWIJZIGD = "plan-gewijzigd"
    PLAN_VERVALLEN = "plan-vervallen"
    RONDE_GEOPEND = "ronde-geopend"
    DATUM_GEWIJZIGD = "datum-gewijzigd"
    RONDE_VERVALLEN = "ronde-vervallen"
    RONDE_ZONDER_REACTIE = "ronde-zonder-reactie"
    BESLOTEN = "besloten"
    BESLUIT_GECORRIGEERD = "besluit-gecorrigeerd"
    STUKKEN_VERWACHT = "stukken-verwacht"
    STUKKEN_TE_LAAT = "stukken-te-laat"
    BESLUIT_VERWACHT = "besluit-verwacht"
    VERSLAG_VERWACHT = "verslag-verwacht"
    WACHT_OP_VRIJGAVE = "wacht-op-vrijgave"
    ONBESTELBAAR = "onbestelbaar"
    ELKE_WEEK = "elke-week"
    ELKE_MAAND = "elke-maand"


class Tempo(StrEnum):
    """``meteen``: a mail of its own. ``verzameld``: at most one mail a day per person; what comes on the same day goes in one."""

    METEEN = "meteen"
    VERZAMELD = "verzameld"


STANDARD = {
    Aanleiding.RONDE_GEPLAND: "aankondiging",
    Aanleiding.PLAN_GEWIJZIGD: "aankondiging-gewijzigd",
    Aanleiding.PLAN_VERVALLEN: "aankondiging-ingetrokken",
    Aanleiding.RONDE_GEOPEND: "inbrengmoment-geopend",
    Aanleiding.DATUM_GEWIJZIGD: "datum-gewijzigd",
    Aanleiding.RONDE_VERVALLEN: "ingetrokken",
    Aanleiding.BESLOTEN: "uitkomst",
    Aanleiding.BESLUIT_GECORRIGEERD: "uitkomst-gecorrigeerd",
}
"""Occasions that belong together, so that each has one kind with a fixed name; it can be switched off, not doubled."""

CONTACT = "contactpunt"
"""Who hears: whoever is the contact of the organ that is asked, and nobody beside it."""
SECRETARIS = "secretaris"
"""Who hears: the secretaris of the gremium that a bericht is about."""
DEELREGIO = "deelregiosecretaris"
"""Who hears: the secretaris of a deelregio through which deelnemers answer."""
LEDEN = "leden"
"""Who hears: the members of a raad, the Staten or the regioraad, through the list that their griffie keeps."""

_TERM: dict[Aanleiding, tuple[str, ...]] = {
    Aanleiding.RONDE_GEPLAND: ("weken", "hoogstens_weken"),
    Aanleiding.RONDE_ZONDER_REACTIE: ("werkdagen",),
    Aanleiding.STUKKEN_VERWACHT: ("werkdagen",),
    Aanleiding.STUKKEN_TE_LAAT: ("werkdagen",),
    Aanleiding.BESLUIT_VERWACHT: ("werkdagen",),
    Aanleiding.VERSLAG_VERWACHT: ("werkdagen",),
    Aanleiding.WACHT_OP_VRIJGAVE: ("werkdagen",),
}
"""Which numbers an occasion needs: weken or werkdagen before the moment, or werkdagen after it."""


class Berichtsoort(Fact):
    """One kind of bericht.

    ``wie`` are contacts of organs (``griffie``), roles (``aob``), or one of the words below. ``bij`` is its
    occasion; ``werkdagen``, ``weken`` and ``hoogstens_weken`` say how long before or after it. With ``vrijgave`` it waits for a person. A
    recipient may sign off when ``uit_te_zetten``; with ``aan: false`` nobody hears it.
    """

    slug: Slug
    naam: str
    wie: tuple[Slug, ...] = Field(min_length=1)
    bij: Aanleiding
    wanneer: str
    sjabloon: Slug
    tempo: Tempo
    vrijgave: bool
    uit_te_zetten: bool = False
    aan: bool = True
    werkdagen: int | None = Field(default=None, ge=0, le=60)
    weken: int | None = Field(default=None, ge=0, le=104)
    hoogstens_weken: int | None = Field(default=None, ge=0, le=104)

    @property
    def misses(self) -> tuple[str, ...]:
        """The numbers that its occasion needs and that are not there."""
        return tuple(name for name in _TERM.get(self.bij, ()) if getattr(self, name) is None)


class Verzending(Fact):
    """When mail that a person gave free goes out: on werkdagen, from ``vanaf`` up to ``tot`` (HH:MM in Amsterdam).

    With ``tweede_persoon`` two roles must give it free. ``bewaar_maanden`` after an address was ended it is erased.
    """

    vanaf: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    tot: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    tweede_persoon: bool = False
    bewaar_maanden: int = Field(ge=1, le=240)


def catalogue(stelsel: Stelsel) -> tuple[Berichtsoort, ...]:
    """Every kind that is told; facts accepted before there was a catalogue have the seven kinds of that time."""
    return tuple(soort for soort in stelsel.berichten or _before_the_catalogue(stelsel) if soort.aan)


def known_kinds(stelsel: Stelsel) -> tuple[Berichtsoort, ...]:
    """Every kind, also those that are switched off."""
    return stelsel.berichten or _before_the_catalogue(stelsel)


def kind(stelsel: Stelsel, slug: str) -> Berichtsoort | None:
    """The kind with this slug; None for one that is not in the catalogue."""
    return next((soort for soort in known_kinds(stelsel) if soort.slug == slug), None)


def at(stelsel: Stelsel, bij: Aanleiding) -> tuple[Berichtsoort, ...]:
    """The kinds that are told at an occasion."""
    return tuple(soort for soort in catalogue(stelsel) if soort.bij is bij)


def mag_uit(stelsel: Stelsel, slug: str) -> bool:
    """Whether a recipient may sign off from a kind."""
    soort = kind(stelsel, slug)
    return soort is not None and soort.uit_te_zetten


def _before_the_catalogue(stelsel: Stelsel) -> tuple[Berichtsoort, ...]:
    termijnen = stelsel.herinneringen
    assert termijnen is not None
    vooraf, na = termijnen.stukken_verwacht_vooraf, termijnen.besluit_verwacht_na

    def told(slug: str, bij: Aanleiding, *wie: str, werkdagen: int | None = None) -> Berichtsoort:
        return Berichtsoort(
            slug=slug,
            naam=slug,
            wie=wie or (CONTACT,),
            bij=bij,
            wanneer="zoals voor de catalogus",
            sjabloon=slug,
            tempo=Tempo.METEEN,
            vrijgave=not wie,
            werkdagen=werkdagen,
            bron=termijnen.bron,
            status=termijnen.status,
        )

    return (
        told("inbrengmoment-geopend", Aanleiding.RONDE_GEOPEND),
        told("datum-gewijzigd", Aanleiding.DATUM_GEWIJZIGD),
        told("ingetrokken", Aanleiding.RONDE_VERVALLEN),
        told("uitkomst", Aanleiding.BESLOTEN),
        told("uitkomst-gecorrigeerd", Aanleiding.BESLUIT_GECORRIGEERD),
        told("stukken-verwacht", Aanleiding.STUKKEN_VERWACHT, SECRETARIS, werkdagen=vooraf),
        told("besluit-verwacht", Aanleiding.BESLUIT_VERWACHT, SECRETARIS, werkdagen=na),
    )
