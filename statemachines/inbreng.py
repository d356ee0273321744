"""What a deelnemer gives in a ronde, in the words of the field."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from statemachines.facts import Slug
from statemachines.payloads import Namens, Opening, Payload, Versie, Verwijzing, Vorm
from statemachines.route import AdviesOver


class InbrengSoort(StrEnum):
    """What a deelnemer gives in a ronde of inbreng; having no opvatting is a decision too.

    An advice is given by a gremium beside a besluit, asked (``ADVIESVRAAG``) or unasked. The last three answer nothing: they only
    tell how far a deelnemer is, and nobody is ever reminded of them.
    """

    REACTIE = "reactie"
    GEEN_OPVATTING = "geen-opvatting"
    ADVIES = "advies"
    ADVIESVRAAG = "adviesvraag"
    CONCEPT = "concept-onder-voorbehoud"
    ONTVANGEN = "ontvangst-bevestigd"
    BEHANDELING = "behandeling"


ADVIEZEN = frozenset({InbrengSoort.ADVIES, InbrengSoort.ADVIESVRAAG})
"""What concerns advice of a gremium beside a besluit, not a deelnemer in a ronde."""


OF_THE_RAAD = frozenset({Namens.RAAD, Namens.STATEN, Namens.COLLEGE_MEDE_NAMENS_RAAD})
"""Who speaks for the raad or Staten; a college, commissie or fractie alone does not."""


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

    ``vastgesteld_op`` is the day on which the raad decided on it, ``geagendeerd_op`` the day for which it is on the agenda. ``stuk``,
    ``versie`` and ``onderdelen`` say what it is about, ``over`` what an advice is about. ``bundelt`` are the entries of inbreng that a
    deelregio brings together; each stays what it is. ``vervangt`` is the entry of earlier inbreng of the same organ that this one replaces.
    """

    soort: InbrengSoort
    tekst: Verwijzing | None = None
    indiener: Verwijzing | None = None
    namens: Namens | None = None
    vorm: Vorm | None = None
    vastgesteld_op: date | None = None
    behandelwijze: Behandelwijze | None = None
    geagendeerd_op: date | None = None
    stuk: Slug | None = None
    versie: Versie | None = None
    onderdelen: tuple[str, ...] = ()
    over: AdviesOver | None = None
    bundelt: tuple[int, ...] = ()
    vervangt: int | None = None
    naar: Slug | None = None
    opent: Opening | None = None


def speaker(namens: str | None) -> str:
    """On whose behalf inbreng speaks, as people read it; who is not the raad or Staten never passes for them."""
    if namens is None:
        return ""
    naam = namens.replace("-", " ")
    return naam if Namens(namens) in OF_THE_RAAD else f"{naam}; geen standpunt van de raad"
