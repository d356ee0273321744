"""Why a stap of a plan has no date."""

from __future__ import annotations

from statemachines.kalender import Onbekend
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.traject import planned_zitting


def why_undated(planner: Planner, opgelost: Opgelost, i: int) -> str:
    """Which calendar does not reach, for the stap with index ``i`` that has no date: its own, or that of the first stap before it."""
    first = next((j for j in range(i) if opgelost.gedaan[j] is None), i)
    stap = opgelost.stappen[first]
    unknown = planner.werk.onbekend() if stap.ronde is not None else planned_zitting(planner.stelsel, stap, opgelost.klaar[first], None)
    assert isinstance(unknown, Onbekend)
    return unknown.waarom
