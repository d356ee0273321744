"""For deelnemers that cannot make it: the smallest shift of a termijn that lets all, or the most, take part, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from statemachines.planning.planner import FITS, Opgelost, Planner, Planvraag
from statemachines.planning.raadsweg import Oordeel

LONGER_BY = 7 * 26
"""A termijn is tried up to so many kalenderdagen longer."""

RELEASES = 6
"""An earlier or later vrijgave is tried up to so many vergaderingen away."""


class Soort(StrEnum):
    """What is shifted."""

    EERDER = "eerder vrijgeven"
    LATER = "later vrijgeven"
    RUIMER = "langere termijn binnen de speling"
    LANGER = "langere termijn"


@dataclass(frozen=True)
class Verschuiving:
    """One shift: the termijn that results, how many of those whose calendar is known take part, and the vergadering that concludes.

    ``vrijgave`` is the vergadering that opens the termijn. ``doel`` is the concluding vergadering that
    results and ``vergaderingen_later`` how many vergaderingen that is after the planned one; 0 costs nothing.
    """

    soort: Soort
    vrijgave: date
    van: date
    tot_en_met: date
    doen_mee: int
    bekend: int
    doel: date | None
    vergaderingen_later: int | None


def verschuivingen(planner: Planner, opgelost: Opgelost, i: int) -> Iterator[Verschuiving]:
    """Per kind of shift the smallest that lets all deelnemers take part, or else the most; only shifts that let more take part.

    Nothing when the termijn is fixed already, no calendar is known, or everyone of whom it is known can make it.
    """
    vraag, stap = opgelost.vraag, opgelost.stappen[i]
    if stap.slug in vraag.vensters or i == 0:
        return
    now = _taking_part(planner, opgelost, i)
    if now is None or now[0] == now[1]:
        return
    for soort in Soort:
        best: Verschuiving | None = None
        for tried in _tries(planner, opgelost, i, soort):
            found = _shift(planner, opgelost, tried, i, soort)
            if found is None or found.doen_mee <= (best.doen_mee if best else now[0]):
                continue
            best = found
            if best.doen_mee == best.bekend:
                break
        if best is not None:
            yield best
            if soort is Soort.RUIMER and best.doen_mee == best.bekend:
                return


def _tries(planner: Planner, opgelost: Opgelost, i: int, soort: Soort) -> Iterator[Planvraag]:
    """The same vraag with one thing shifted, the smallest shift first."""
    vraag, stap = opgelost.alone, opgelost.stappen[i]
    release = opgelost.gedaan[i - 1]
    if release is None:
        return
    if soort in (Soort.RUIMER, Soort.LANGER):
        last = opgelost.gedaan_uiterlijk[i]
        days = [day for day in _answers(planner, opgelost, i) if soort is Soort.LANGER or (last is not None and day < last)]
        for day in days:
            yield replace(vraag, gezet={**vraag.gezet, stap.slug: date.fromordinal(day)})
        return
    reeks = planner.stelsel.vergaderingen(opgelost.stappen[i - 1].gremium)
    here = reeks.index_on(date.fromordinal(release))
    if here is None:
        return
    for step in range(1, RELEASES + 1):
        j = here + step if soort is Soort.LATER else here - step
        if 0 <= j < len(reeks.dagen) and reeks.dagen[j] >= planner.op and reeks.choices(release, reeks.dagen[j].toordinal()) is not None:
            # What has not begun yet and waits for nothing can begin today.
            free = soort is Soort.EERDER and not vraag.geweest and opgelost.vraag.na is None
            start = planner.op if free else vraag.vanaf
            gezet = {**vraag.gezet, opgelost.stappen[i - 1].slug: reeks.dagen[j]}
            yield replace(vraag, gezet=gezet, vanaf=min(start, vraag.vanaf))


def _answers(planner: Planner, opgelost: Opgelost, i: int) -> list[int]:
    """The werkdagen after the sluitingsdatum on which a deelnemer that is too late now would be done, the first one first."""
    ronde, window = opgelost.stappen[i].ronde, planner.venster(opgelost, i)
    if ronde is None or window is None:
        return []
    late = {weg.gedaan for _, weg in planner.wegen(ronde.kring, *window) if weg.gedaan is not None and weg.gedaan > window[1]}
    days = {planner.werk.roll_day(day) for day in late if day <= window[1] + LONGER_BY}
    return sorted(day for day in days if day is not None)


def _shift(planner: Planner, opgelost: Opgelost, tried: Planvraag, i: int, soort: Soort) -> Verschuiving | None:
    after = planner.solve_group([replace(tried, doel=None)])[0]
    window, part = planner.venster(after, i), _taking_part(planner, after, i)
    release = after.gedaan[i - 1]
    wanted = tried.gezet.get(after.stappen[i - 1].slug)
    if window is None or part is None or release is None:
        return None
    if soort in (Soort.EERDER, Soort.LATER) and (wanted is None or release != wanted.toordinal()):
        return None
    doel, planned = after.einde, opgelost.einde
    if doel is not None and planned is not None:
        doel = max(doel, planned) if opgelost.vraag.doel else doel
    later = None if doel is None or planned is None else opgelost.trajecten[tried.laatste].choices(planned, doel)
    return Verschuiving(
        soort=soort,
        vrijgave=date.fromordinal(release),
        van=date.fromordinal(window[0]),
        tot_en_met=date.fromordinal(window[1]),
        doen_mee=part[0],
        bekend=part[1],
        doel=None if doel is None else date.fromordinal(doel),
        vergaderingen_later=later,
    )


def _taking_part(planner: Planner, opgelost: Opgelost, i: int) -> tuple[int, int] | None:
    """How many deelnemers take part, of how many whose calendar is known; None when none is known."""
    ronde, window = opgelost.stappen[i].ronde, planner.venster(opgelost, i)
    if ronde is None or window is None:
        return None
    known = [weg.oordeel for _, weg in planner.wegen(ronde.kring, *window) if weg.oordeel is not Oordeel.ONBEKEND]
    return (sum(oordeel in FITS for oordeel in known), len(known)) if known else None
