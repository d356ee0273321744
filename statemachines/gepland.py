"""Rondes that are agreed and not open yet: what can be announced of them, and between which days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from dateutil.relativedelta import relativedelta

from statemachines.berichten import Berichtsoort
from statemachines.dossier import Dossier
from statemachines.facts import Kring
from statemachines.route import Antwoord
from statemachines.stelsel import Stelsel

STAPPEN = 1000
"""More than a route has."""


@dataclass(frozen=True)
class GeplandeRonde:
    """A ronde to come with its agreed days, both included.

    ``versie`` is the number of what is told of it: by the entry of the plan and the place of its stap, for one plan has several rondes.
    """

    stap: str
    bezoek: int
    naam: str
    grondslag: str
    antwoord: Antwoord
    kring: Kring
    van: date
    tot_en_met: date
    versie: int
    stelsel: Stelsel = field(repr=False, compare=False)

    @cached_property
    def organen(self) -> tuple[str, ...]:
        """Who will be asked: everyone who is deelnemer on its first day."""
        return tuple(orgaan.slug for orgaan in self.stelsel.organen(self.kring, self.van))

    @property
    def eerste(self) -> str:
        """The contact of the first of them."""
        return self.stelsel.orgaan(self.organen[0]).ontvanger.slug if self.organen else ""


def planned_rondes(dossier: Dossier) -> Iterator[GeplandeRonde]:
    """Every ronde on the way to come of which the days were agreed, the first one first."""
    if dossier.ended or dossier.planning is None:
        return
    for stap in dossier.route.main_path(dossier.fase):
        agreed = dossier.planning.stap(stap.slug)
        here = stap.slug == dossier.fase
        if stap.ronde is None or here or agreed is None or agreed.van is None or agreed.tot_en_met is None:
            continue
        yield GeplandeRonde(
            stap=stap.slug,
            bezoek=dossier.bezoeken.get(stap.slug, 0) + 1,
            naam=stap.naam,
            grondslag=stap.ronde.grondslag,
            antwoord=stap.ronde.antwoord,
            kring=stap.ronde.kring,
            van=agreed.van,
            tot_en_met=agreed.tot_en_met,
            versie=version_of(dossier, dossier.planning_nr, stap.slug),
            stelsel=dossier.stelsel,
        )


def version_of(dossier: Dossier, nr: int, stap: str) -> int:
    """The number of what an entry says of the ronde of one stap."""
    return nr * STAPPEN + next(i for i, known in enumerate(dossier.route.stappen) if known.slug == stap)


def announced_between(soort: Berichtsoort, van: date) -> tuple[date, date]:
    """The first and the last day on which a ronde that opens on ``van`` is announced."""
    return van - relativedelta(weeks=soort.hoogstens_weken or 0), van - relativedelta(weeks=soort.weken or 0)
