"""Rondes that are agreed and not open yet: what can be announced of them, and between which days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from statemachines.berichten import Berichtsoort
from statemachines.dossier import Dossier
from statemachines.facts import Kring
from statemachines.route import Antwoord


@dataclass(frozen=True)
class GeplandeRonde:
    """A ronde to come with its agreed days, both included; ``organen`` are those who will be asked on its first day."""

    stap: str
    bezoek: int
    naam: str
    grondslag: str
    antwoord: Antwoord
    kring: Kring
    van: date
    tot_en_met: date
    organen: tuple[str, ...]
    eerste: str


def planned_rondes(dossier: Dossier) -> Iterator[GeplandeRonde]:
    """Every ronde on the way to come of which the days were agreed, the first one first."""
    if dossier.ended or dossier.planning is None:
        return
    for stap in dossier.route.main_path(dossier.fase):
        agreed = dossier.planning.stap(stap.slug)
        here = stap.slug == dossier.fase
        if stap.ronde is None or here or agreed is None or agreed.van is None or agreed.tot_en_met is None:
            continue
        organen = tuple(orgaan.slug for orgaan in dossier.stelsel.organen(stap.ronde.kring, agreed.van))
        yield GeplandeRonde(
            stap=stap.slug,
            bezoek=dossier.bezoeken.get(stap.slug, 0) + 1,
            naam=stap.naam,
            grondslag=stap.ronde.grondslag,
            antwoord=stap.ronde.antwoord,
            kring=stap.ronde.kring,
            van=agreed.van,
            tot_en_met=agreed.tot_en_met,
            organen=organen,
            eerste=dossier.stelsel.orgaan(organen[0]).ontvanger.slug if organen else "",
        )


def announced_between(soort: Berichtsoort, van: date) -> tuple[date, date]:
    """The first and the last day on which a ronde that opens on ``van`` is announced."""
    return van - relativedelta(weeks=soort.hoogstens_weken or 0), van - relativedelta(weeks=soort.weken or 0)
