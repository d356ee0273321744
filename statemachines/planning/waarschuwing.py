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
        beter = _without_recess(planner, vraag, stap, van, tot_en_met)
        advies = "" if beter is None else f"; {written(beter)} geeft evenveel weken buiten het reces"
        yield Waarschuwing(Soort.RECES, f"De termijn eindigt op {written(tot_en_met)}, in de {reces}{advies}.", beter)
    for verkiezing in planner.stelsel.verkiezingen:
        if van <= verkiezing.datum <= tot_en_met:
            dag = written(verkiezing.datum)
            yield Waarschuwing(Soort.VERKIEZING, f"De termijn loopt over de {verkiezing.naam} van {dag}; geef daarvoor een reden.")
    weken = werk.net_weeks(van, tot_en_met)
    if weken < SAFE_WEEKS:
        beter = _weeks_later(planner, tot_en_met, van)
        tot = "" if beter is None else f", dus tot en met {written(beter)}"
        zin = f"De termijn telt {_number(weken)} weken buiten het reces; veilig is {SAFE_WEEKS}{tot}."
        yield Waarschuwing(Soort.KORT, zin, beter)
    eerder = vraag.afgesproken.stap(stap.slug) if vraag.afgesproken else None
    if eerder is not None and eerder.tot_en_met is not None and (eerder.van, eerder.tot_en_met) != (van, tot_en_met):
        was = f"{written(eerder.van)} tot en met {written(eerder.tot_en_met)}" if eerder.van else written(eerder.tot_en_met)
        yield Waarschuwing(Soort.AFGESPROKEN, f"Eerst was afgesproken: {was}.")


def _without_recess(planner: Planner, vraag: Planvraag, stap: Stap, van: date, tot_en_met: date) -> date | None:
    """The sluitingsdatum when the days in recess are not counted."""
    lost = (tot_en_met - van).days
    weken, rest = divmod(lost, 7)
    termijn = vraag.termijn(stap)
    if termijn is None:
        return None
    free = termijn.model_copy(update={"weken": weken + (1 if rest else 0), "reces_telt": False, "rolt": True, "verzending_werkdagen": 0})
    venster = planner.werk.reactietermijn(van, free)
    return None if isinstance(venster, Onbekend) else venster.tot_en_met.datum


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
