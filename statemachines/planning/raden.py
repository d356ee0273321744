"""For each deelnemer whether its own way fits in a termijn, in dates, with the schakel that breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from statemachines.facts import Kring, Orgaan, Schakelsoort, Status
from statemachines.kalender import written
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import Niveau, Oordeel, Raadsweg, Weg

SAFE_WEEKS = 8
"""Weeks outside recess that a raad needs to be safe. Bron: aanname in the domain study, 6 to 8 working weeks."""


@dataclass(frozen=True)
class Schakelplan:
    """One schakel of the way of a deelnemer: its first day in the termijn, its last, and when papers for that last one are due."""

    soort: Schakelsoort
    eerste: date | None
    laatste: date | None
    aanleveren: date | None


@dataclass(frozen=True)
class Raadplan:
    """Whether one organ can answer in time, on which level of knowledge that rests, and its dates; without dates at level geen.

    ``status`` is that of its ritme where it rests on one. ``netto_weken`` are weeks outside its own recess. ``breekt`` says what falls
    after the sluitingsdatum.
    """

    orgaan: str
    naam: str
    niveau: Niveau
    oordeel: Oordeel
    netto_weken: float
    schakels: tuple[Schakelplan, ...]
    status: Status | None = None
    breekt: str = ""
    opmerking: str = ""

    def schakel(self, soort: Schakelsoort) -> Schakelplan | None:
        """One schakel, when this deelnemer has it."""
        return next((schakel for schakel in self.schakels if schakel.soort is soort), None)


def raden_of(planner: Planner, kring: Kring, window: tuple[int, int]) -> Iterator[Raadplan]:
    """Everyone who is asked, in order."""
    van, einde = (date.fromordinal(day) for day in window)
    for orgaan, weg in planner.wegen(kring, *window):
        kalender = planner.weg_of(orgaan, window[1])
        dates = zip_longest(weg.schakels, weg.eerste, weg.laatste, weg.aanleveren)
        yield Raadplan(
            orgaan=orgaan.slug,
            naam=orgaan.naam,
            niveau=weg.niveau,
            oordeel=weg.oordeel,
            netto_weken=kalender.net_weeks(van, einde),
            schakels=tuple(Schakelplan(soort, *map(_day, days)) for soort, *days in dates),
            status=kalender.ritme.status if kalender.ritme is not None and weg.niveau is Niveau.RITME else None,
            breekt=_breaks(planner, orgaan, weg, einde),
            opmerking=_heir(planner, orgaan, kalender),
        )


def counted(raden: Iterable[Raadplan]) -> dict[Oordeel, int]:
    """How many deelnemers have each oordeel, every oordeel named."""
    count = Counter(raad.oordeel for raad in raden)
    return {oordeel: count[oordeel] for oordeel in Oordeel}


def _day(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _breaks(planner: Planner, orgaan: Orgaan, weg: Weg, einde: date) -> str:
    if weg.oordeel is Oordeel.ONBEKEND:
        if weg.niveau is Niveau.GEEN:
            return "van deze vergaderingen is niets bekend"
        return "de kalender reikt niet ver genoeg"
    if weg.breekt is None:
        return ""
    if weg.breekt == len(weg.eerste):
        return f"de reactie is pas na {written(einde)} verstuurd"
    day = _day(weg.eerste[weg.breekt])
    naam = schakelnaam(weg.schakels[weg.breekt], planner.stelsel.orgaan(orgaan.slug))
    return f"{naam} in deze termijn niet meer" if day is None else f"{naam} pas op {written(day)}"


def schakelnaam(soort: Schakelsoort, orgaan: Orgaan) -> str:
    """How people call a schakel of this organ."""
    return {
        Schakelsoort.RAAD: orgaan.naam.partition(" van ")[0],
        Schakelsoort.COLLEGE: "het college",
        Schakelsoort.GRIFFIE: "aanleveren bij de griffie",
        Schakelsoort.AGENDACOMMISSIE: "de agendacommissie",
        Schakelsoort.COMMISSIE: "de commissie",
    }[soort]


def _heir(planner: Planner, orgaan: Orgaan, kalender: Raadsweg) -> str:
    """Who answers when this deelnemer ends within the termijn."""
    own = planner.raadswegen[orgaan.deelnemer].deelnemer
    if kalender.deelnemer is own or own.geldig_tot is None:
        return ""
    return f"{own.naam} bestaat tot en met {written(own.geldig_tot)}; daarna reageert {kalender.deelnemer.naam}, met diens vergaderingen"
