"""The own dates of one council in a ronde: the last commissie, raad and aanleverdatum that still fit, by what is known of its calendar.

A date is told as a fact only where somebody confirmed it; by a ritme it is a question, and where nothing is known there is no row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from statemachines.facts import Orgaan, Schakelsoort, Status
from statemachines.kalender import written
from statemachines.planning.planner import FITS, Planner
from statemachines.planning.raadsweg import Niveau, Weg
from statemachines.ronde import Ronde

GRIFFIE = "Aanleveren bij uw griffie"
"""What is due there: the papers for its first vergadering."""
MEETINGS = (Schakelsoort.COLLEGE, Schakelsoort.COMMISSIE, Schakelsoort.RAAD)
"""Of which schakels the day is told, in order; the college only where the college itself is asked."""


@dataclass(frozen=True)
class Eigen:
    """One own date: ``wat`` meets or is due, the last ``dag`` that fits, how well that is known, and the day as people read it."""

    wat: str
    dag: date
    niveau: Niveau
    zin: str


def eigen_data(planner: Planner, ronde: Ronde, orgaan: str) -> tuple[Eigen, ...]:
    """The last days within the termijn of an organ, in order: commissie, raad, aanleveren at its griffie (or its college alone).

    Empty where its own way does not fit or is not known, or where by the end another deelnemer answers in its place. Days before the
    day of the planner are left out.
    """
    until = ronde.until(orgaan).toordinal()
    asked = planner.wegen(ronde.kring, ronde.van.toordinal(), until)
    found = next(((wie, weg) for wie, weg in asked if wie.slug == orgaan), None)
    if found is None:
        return ()
    wie, weg = found
    kalender = planner.weg_of(wie, until)
    own = kalender.deelnemer.slug == wie.deelnemer
    if not own or weg.niveau is Niveau.GEEN or weg.oordeel not in FITS:
        return ()
    whole = all(row.niveau(ronde.van.toordinal(), until) is not Niveau.GEEN for row in kalender.schakels[ronde.kring])
    return tuple(eigen for eigen in _rows(planner, wie, weg, whole) if eigen.dag >= planner.op)


def _rows(planner: Planner, wie: Orgaan, weg: Weg, whole: bool) -> Iterator[Eigen]:
    """``whole`` says that all days are known: of days that were only found, nobody knows that they are the last."""
    days = dict(zip(weg.schakels, weg.laatste, strict=True))
    if len(weg.schakels) > 1:
        days.pop(Schakelsoort.COLLEGE, None)
    for soort in MEETINGS:
        if (day := days.get(soort)) is not None:
            yield _eigen(planner, wie, _naam(soort, wie), day, weg.niveau, whole)
    if (due := days.get(Schakelsoort.GRIFFIE)) is not None:
        yield _eigen(planner, wie, GRIFFIE, due, weg.niveau)
    elif (due := _first_papers(weg)) is not None:
        confirmed = weg.niveau is Niveau.BEVESTIGD and _is_given(planner, wie, due)
        yield _eigen(planner, wie, GRIFFIE, due, Niveau.BEVESTIGD if confirmed else Niveau.RITME)


def _first_papers(weg: Weg) -> int | None:
    """When papers are due for its first vergadering; None when nothing is said of that."""
    rows = zip(weg.schakels, weg.laatste, weg.aanleveren, strict=True)
    day, papers = next(((day, papers) for soort, day, papers in rows if soort is not Schakelsoort.COLLEGE), (None, None))
    return papers if papers is not None and day is not None and papers < day else None


def _is_given(planner: Planner, wie: Orgaan, due: int) -> bool:
    """Whether somebody gave this aanleverdatum; else it was counted back by the ritme."""
    given = (v.aanleverdatum for k in planner.stelsel.raadskalenders if k.deelnemer == wie.deelnemer for v in k.vergaderingen)
    return date.fromordinal(due) in given


def _naam(soort: Schakelsoort, wie: Orgaan) -> str:
    naam = wie.naam.partition(" van ")[0] if soort is not Schakelsoort.COMMISSIE else "commissie"
    return f"{naam[0].upper()}{naam[1:]}"


def _eigen(planner: Planner, wie: Orgaan, wat: str, ordinal: int, niveau: Niveau, whole: bool = True) -> Eigen:
    day = date.fromordinal(ordinal)
    if niveau is Niveau.BEVESTIGD:
        zin = f"uiterlijk {written(day)}" if whole else f"{written(day)} (de laatste die wij kennen)"
    else:
        zin = f"waarschijnlijk uiterlijk {written(day)}, klopt dit?"
    return Eigen(wat, day, niveau, f"{zin} (voorbeeld)" if _invented(planner, wie, niveau) else zin)


def _invented(planner: Planner, wie: Orgaan, niveau: Niveau) -> bool:
    """Whether these days rest on invented facts."""
    facts = planner.stelsel.raadskalenders if niveau is Niveau.BEVESTIGD else planner.stelsel.ritmes
    return any(fact.deelnemer == wie.deelnemer and fact.status is Status.VOORBEELD for fact in facts)
