"""What an entry says beyond its envelope: the payload of each kind that moves or dates a dossier, or mends its record.

Free text and persons are named by digest only, so that erasing them leaves the chain of entries intact.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from statemachines.facts import Kring, Model, Slug
from statemachines.route import AdviesOver, Uitkomst


class Versie(StrEnum):
    """How far a document is."""

    CONCEPT = "concept"
    TACHTIG_PROCENT = "80-procent"
    DEFINITIEF = "definitief"
    NOTA = "nota-van-beantwoording"


class Namens(StrEnum):
    """Who speaks."""

    RAAD = "raad"
    STATEN = "staten"
    COLLEGE_MEDE_NAMENS_RAAD = "college-mede-namens-raad"
    COLLEGE = "college"
    COMMISSIE = "commissie"
    FRACTIE = "fractie"


class Vorm(StrEnum):
    """In what form inbreng came."""

    RAADSBESLUIT = "raadsbesluit"
    MOTIE = "motie"
    BRIEF = "brief"
    VERSLAG = "verslag"


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
    ``bron`` is the source of the length of the termijn. ``deelregio_tot_en_met`` is the inner day for who answers through a deelregio."""

    kring: Kring
    gevraagd: tuple[str, ...]
    van: date
    tot_en_met: date
    waarom: str
    bron: str
    deelregio_tot_en_met: date | None = None


class AdviesGevraagd(Model):
    """An advice that a stap asks for, frozen as it opens."""

    gremium: Slug
    over: AdviesOver
    verplicht: bool


class Opening(Model):
    """The stap to which an entry brings a dossier, with everything that it uses frozen.

    ``naast`` are the gremia that decide side by side, the one that leads first; empty when one decides alone.
    """

    stap: Slug
    bezoek: int
    zitting: ZittingGezet | None = None
    ronde: RondeGezet | None = None
    naast: tuple[Slug, ...] = ()
    adviezen: tuple[AdviesGevraagd, ...] = ()


class Payload(Model):
    """What a kind of entry says beyond its envelope."""


class Geopend(Payload):
    """A kaderdocument is put in routing, under one version of the facts.

    ``na`` is the dossier that comes first, ``trekker`` the role that carries the document through its route.
    """

    route: Slug
    soort: Slug
    titel: Verwijzing
    digest: str
    naar: Slug
    opent: Opening
    na: Slug | None = None
    trekker: Slug | None = None


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


class Uitstel(Model):
    """More time for some organs in one ronde, up to and including ``tot_en_met``; with ``opnieuw`` they are asked again."""

    stap: Slug
    bezoek: int
    organen: tuple[str, ...]
    tot_en_met: date
    opnieuw: bool = False


class DatumsGezet(Payload):
    """Dates are set with a reason: those of the current stap, and with ``planning`` those of every stap to come.

    ``digest`` names the facts by which the dossier goes on from here. ``uitstel`` gives some organs another sluitingsdatum.
    ``toegestaan_door`` is the role that allowed an urgent vergadering outside the calendar.
    """

    opent: Opening
    reden: Verwijzing
    planning: Planning | None = None
    digest: str | None = None
    uitstel: Uitstel | None = None
    toegestaan_door: Slug | None = None


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
    """A minority position on a besluit, of a deelnemer or of a deelregio.

    ``onderdelen`` are the parts of the document that it is about, ``stuk`` and ``versie`` which document that was.
    """

    van: Slug
    regime: Regime
    tekst: Verwijzing
    onderdelen: tuple[str, ...] = ()
    stuk: Slug | None = None
    versie: Versie | None = None


class Opvolging(Model):
    """What a besluit did with an advice (entry ``nr``): followed, or the reason why not."""

    nr: int
    gremium: Slug
    gevolgd: bool
    reden: Verwijzing | None = None


class Besluit(Payload):
    """A gremium, or a deelnemer within a ronde, has decided; ``naar`` is where the dossier stands afterwards.

    ``vergadering`` is the day of the meeting at which it did, None for one in writing, by mandaat, or outside the known calendar.
    """

    uitkomst: Uitkomst
    bron: BesluitBron
    vergadering: date | None = None
    naar: Slug
    opent: Opening | None = None
    reden: Verwijzing | None = None
    afwijking: Afwijking | None = None
    vaststelling: Vaststelling = Vaststelling.CONCEPT
    standpunten: tuple[Standpunt, ...] = ()
    adviezen: tuple[Opvolging, ...] = ()


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
    adviezen: tuple[Opvolging, ...] | None = None
    tekst: Verwijzing | None = None
    namens: Namens | None = None
    vorm: Vorm | None = None
    vastgesteld_op: date | None = None


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
