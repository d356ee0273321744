"""What to watch about a termijn: an end in recess, an election within, too few weeks, or a promise that is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachines.kalender import DAY, Onbekend, written
from statemachines.planning.planner import Planner, Planvraag
from statemachines.planning.raden import SAFE_WEEKS
from statemachines.route import Stap


class Soort(StrEnum):
    """What there is to watch."""

    RECES = "reces"
    VERKIEZING = "verkiezing"
    KORT = "kort"
    AFGESPROKEN = "afgesproken"


@dataclass(frozen=True)
class Waarschuwing:
    """One thing to watch, in a sentence; ``beter`` is a sluitingsdatum that would serve, when there is one to name."""

    soort: Soort
    zin: str
    beter: date | None = None


def waarschuwingen(planner: Planner, vraag: Planvraag, stap: Stap, van: date, tot_en_met: date) -> Iterator[Waarschuwing]:
    """Everything to watch about a ronde from ``van`` up to and including ``tot_en_met``."""
    werk = planner.werk
    reces = werk.reces(tot_en_met)
    if reces is not None:
        beter = werk.outside_recess(van, (tot_en_met - van).days)
        advies = "" if isinstance(beter, Onbekend) else f"; {written(beter)} geeft evenveel dagen buiten het reces"
        zin = f"De termijn eindigt op {written(tot_en_met)}, in de {reces}{advies}."
        yield Waarschuwing(Soort.RECES, zin, None if isinstance(beter, Onbekend) else beter)
    for verkiezing in planner.stelsel.verkiezingen:
        if van <= verkiezing.datum <= tot_en_met:
            dag = written(verkiezing.datum)
            yield Waarschuwing(Soort.VERKIEZING, f"De termijn loopt over de {verkiezing.naam} van {dag}; geef daarvoor een reden.")
    weken = werk.net_weeks(van, tot_en_met)
    if weken < SAFE_WEEKS:
        later = _weeks_later(planner, tot_en_met, van)
        tot = "" if later is None else f", dus tot en met {written(later)}"
        zin = f"De termijn telt {_number(weken)} weken buiten het reces; veilig is {SAFE_WEEKS}{tot}."
        yield Waarschuwing(Soort.KORT, zin, later)
    eerder = vraag.afgesproken.stap(stap.slug) if vraag.afgesproken else None
    if eerder is not None and eerder.tot_en_met is not None and (eerder.van, eerder.tot_en_met) != (van, tot_en_met):
        was = f"{written(eerder.van)} tot en met {written(eerder.tot_en_met)}" if eerder.van else written(eerder.tot_en_met)
        yield Waarschuwing(Soort.AFGESPROKEN, f"Eerst was afgesproken: {was}.")


def _weeks_later(planner: Planner, tot_en_met: date, van: date) -> date | None:
    """The first werkdag on or after ``tot_en_met`` by which the safe number of weeks outside recess has passed."""
    day = tot_en_met
    while planner.werk.knows(day):
        if planner.werk.net_weeks(van, day) >= SAFE_WEEKS and planner.werk.is_werkdag(day) and planner.werk.reces(day) is None:
            return day
        day += DAY
    return None


def _number(weken: float) -> str:
    return f"{weken:g}".replace(".", ",")
