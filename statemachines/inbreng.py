"""What a deelnemer gives in a ronde, in the words of the field."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from statemachines.facts import Slug
from statemachines.payloads import Opening, Payload, Verwijzing


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
