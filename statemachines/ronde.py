"""A ronde: everyone who is asked side by side within a stap, each on the same flat machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from statemachines.facts import Kring
from statemachines.machine import FlatMachine
from statemachines.payloads import Verwijzing
from statemachines.route import Antwoord, Sluiting, Uitkomst


class Deelname(StrEnum):
    """Where one deelnemer stands in a ronde."""

    UITGENODIGD = "uitgenodigd"
    REACTIE = "reactie"
    GEEN_OPVATTING = "geen-opvatting"
    BESLUIT = "besluit"
    GEEN_REACTIE = "geen-reactie"
    TE_LAAT = "te-laat"

    @property
    def label(self) -> str:
        """As people read it."""
        return _LABELS[self]


_LABELS = {
    Deelname.UITGENODIGD: "kan reageren",
    Deelname.REACTIE: "reactie ontvangen",
    Deelname.GEEN_OPVATTING: "geen opvatting (besluit)",
    Deelname.BESLUIT: "besluit genomen",
    Deelname.GEEN_REACTIE: "geen reactie ontvangen",
    Deelname.TE_LAAT: "reactie te laat ontvangen",
}

ANSWERED = frozenset({Deelname.REACTIE, Deelname.GEEN_OPVATTING, Deelname.BESLUIT})
"""The deelnemer has given what was asked."""

RONDE_UITKOMSTEN = frozenset({Uitkomst.AKKOORD, Uitkomst.AKKOORD_MET_WIJZIGINGEN, Uitkomst.NIET_INGESTEMD})
"""What a deelnemer can decide in a ronde of besluiten; anything else is not yet a besluit."""

LAPSES = "verloopt"
TOO_LATE = "reageert-te-laat"

_OPEN = [Deelname.UITGENODIGD, Deelname.GEEN_REACTIE, Deelname.TE_LAAT]
DEELNAME = FlatMachine(
    "deelname",
    [staat.value for staat in Deelname],
    [
        *[
            (dest, source.value, dest)
            for dest in (Deelname.REACTIE.value, Deelname.GEEN_OPVATTING.value)
            for source in (*_OPEN, Deelname.REACTIE, Deelname.GEEN_OPVATTING)
        ],
        *[(Deelname.BESLUIT.value, source.value, Deelname.BESLUIT.value) for source in (*_OPEN, Deelname.BESLUIT)],
        (LAPSES, Deelname.UITGENODIGD.value, Deelname.GEEN_REACTIE.value),
        (TOO_LATE, Deelname.UITGENODIGD.value, Deelname.TE_LAAT.value),
        (TOO_LATE, Deelname.GEEN_REACTIE.value, Deelname.TE_LAAT.value),
        (TOO_LATE, Deelname.TE_LAAT.value, Deelname.TE_LAAT.value),
    ],
)
"""Silence never becomes consent, an answer is never lost, a revised answer replaces the earlier one."""


@dataclass(frozen=True)
class Stand:
    """Where one deelnemer stands, by which entry, and what it decided where a besluit was asked.

    ``namens`` is who spoke. ``ontvangen``, ``behandelwijze``, ``geagendeerd_op`` and ``concept`` (the day of a concept onder
    voorbehoud) only tell how far it is. ``uitstel`` is its own sluitingsdatum, ``opnieuw`` the day on which it was asked again,
    and ``reden`` why.
    """

    orgaan: str
    staat: Deelname = Deelname.UITGENODIGD
    nr: int | None = None
    datum: date | None = None
    uitkomst: Uitkomst | None = None
    namens: str | None = None
    ontvangen: date | None = None
    behandelwijze: str | None = None
    geagendeerd_op: date | None = None
    concept: date | None = None
    uitstel: date | None = None
    opnieuw: date | None = None
    reden: Verwijzing | None = None

    @property
    def waiting(self) -> bool:
        """Whether an answer is still waited for: none was given, or it was asked again since."""
        again = self.opnieuw is not None and (self.datum is None or self.datum < self.opnieuw)
        return self.staat not in ANSWERED or again


@dataclass(frozen=True)
class Ronde:
    """Who was asked and until when; ``van`` and ``tot_en_met`` are both days on which inbreng counts.

    ``datumversie`` is the number of the entry that last set these dates, ``vastgelegd`` the moment on which that was written.
    ``overgenomen`` names the organs whose deelnemer ended while it was open, with the organ that took each place. ``besloten`` turns
    true with the first besluit after
    the ronde closed: from then on nothing in it changes any more.
    """

    stap: str
    bezoek: int
    kring: Kring
    antwoord: Antwoord
    sluit: Sluiting
    van: date
    tot_en_met: date
    waarom: str
    datumversie: int
    standen: Mapping[str, Stand]
    overgenomen: Mapping[str, str] = field(default_factory=dict)
    open: bool = True
    besloten: bool = False
    vastgelegd: str = ""

    @property
    def complete(self) -> bool:
        """Everyone has given what was asked."""
        return not any(stand.waiting for stand in self.standen.values())

    @property
    def silent(self) -> tuple[str, ...]:
        """The deelnemers that have given nothing in time."""
        return tuple(slug for slug, stand in self.standen.items() if stand.staat not in ANSWERED)

    @property
    def sluit_op(self) -> date:
        """The last day on which somebody whose answer is waited for still can."""
        return max([self.tot_en_met, *(s.uitstel for s in self.standen.values() if s.uitstel and s.waiting)])

    def concerns(self, orgaan: str) -> bool:
        """Whether this organ was asked, also when another has taken its place since."""
        return orgaan in self.standen or orgaan in self.overgenomen

    def until(self, orgaan: str) -> date:
        """The sluitingsdatum of one organ, uitstel included."""
        stand = self.standen.get(orgaan)
        return max(self.tot_en_met, stand.uitstel) if stand is not None and stand.uitstel is not None else self.tot_en_met

    def counts(self, datum: date, orgaan: str) -> bool:
        """Whether an answer of this day, registered now, still counts."""
        return not self.besloten and datum <= self.until(orgaan)


@dataclass(frozen=True)
class Naast:
    """The rondes beside the besluit of a stap: the ``gremia`` that decide side by side, and the ``adviezen``, asked or unasked.

    The gremium that leads comes first in ``gremia``; the document goes on when all of them have decided. An advice never decides;
    a ``verplicht`` one must be in before the stap closes. Each stands on the same machine as a deelnemer in a ronde.
    """

    gremia: Mapping[str, Stand]
    adviezen: Mapping[str, Stand]
    verplicht: frozenset[str]

    @property
    def waiting(self) -> tuple[str, ...]:
        """The gremia that still have to decide."""
        return tuple(slug for slug, stand in self.gremia.items() if stand.staat not in ANSWERED)

    @property
    def given(self) -> dict[str, Stand]:
        """The advice that is in."""
        return {slug: stand for slug, stand in self.adviezen.items() if stand.staat in ANSWERED}

    @property
    def missing(self) -> tuple[str, ...]:
        """Required advice that is not in."""
        return tuple(slug for slug in self.adviezen if slug in self.verplicht and slug not in self.given)


def answer(stand: Stand, given: Deelname, counts: bool, nr: int, datum: date, uitkomst: Uitkomst | None = None) -> Stand:
    """The standing after an answer; one that no longer counts never displaces one that did."""
    staat = DEELNAME.fire(stand.staat.value, given.value if counts else TOO_LATE)
    return stand if staat is None else replace(stand, staat=Deelname(staat), nr=nr, datum=datum, uitkomst=uitkomst)


def lapse(stand: Stand) -> Stand:
    """The standing after the termijn has ended."""
    staat = DEELNAME.fire(stand.staat.value, LAPSES)
    return stand if staat is None else replace(stand, staat=Deelname(staat))
