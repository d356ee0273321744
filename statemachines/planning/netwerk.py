"""The exact planner: two passes over a network of knopen give the earliest and the last possible day of each, without search.

ER(v) = max(earliest, after(EF(p), gap)) and EF = F(ER); LF(v) = min(due, after_inverse(LR(s), gap)) and LR = B(LF).
Because every F is monotone and every B its exact inverse, a target can be met iff EF <= LF everywhere.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from statemachines.kalender import Werkkalender
from statemachines.planning.traject import Traject


@dataclass(frozen=True, slots=True)
class Knoop:
    """One thing to be done. ``na`` holds its predecessors: their index, lower than its own, and the werkdagen between.

    ``vroegst``: not ready before that day. ``gezet``: agreed for that day, so not done before it. ``uiterlijk``: it must be done by
    then; a knoop that ``streeft`` must otherwise be done when it first can.
    """

    traject: Traject
    na: tuple[tuple[int, int], ...] = ()
    vroegst: int | None = None
    gezet: int | None = None
    uiterlijk: int | None = None
    streeft: bool = False


@dataclass(frozen=True, slots=True)
class Tijden:
    """What the two passes found, per knoop; None is onbekend, and a last day also when nothing demands one."""

    klaar: list[int | None]
    gedaan: list[int | None]
    klaar_uiterlijk: list[int | None]
    gedaan_uiterlijk: list[int | None]


def first_late(gedaan: Sequence[int | None], gedaan_uiterlijk: Sequence[int | None]) -> int | None:
    """The index of the first that cannot be done in time; None when everything fits."""
    pairs = zip(gedaan, gedaan_uiterlijk, strict=True)
    return next((i for i, (first, last) in enumerate(pairs) if first is not None and last is not None and first > last), None)


def solve(knopen: Sequence[Knoop], werk: Werkkalender, was: Tijden | None = None, changed: Container[int] = ()) -> Tijden:
    """Both passes; ``knopen`` stand in an order in which predecessors come first.

    With ``was``, the answer for the same knopen before the trajecten of ``changed`` became others, only what that touches is
    asked again.
    """
    klaar, gedaan = _forward_pass(knopen, werk, was, changed)
    due = [done if knoop.streeft and knoop.uiterlijk is None else knoop.uiterlijk for knoop, done in zip(knopen, gedaan, strict=True)]
    return Tijden(klaar, gedaan, *_backward_pass(knopen, due, werk, was, changed))


def _forward_pass(
    knopen: Sequence[Knoop], werk: Werkkalender, was: Tijden | None, changed: Container[int]
) -> tuple[list[int | None], list[int | None]]:
    """The earliest day on which each knoop is ready and done."""
    klaar: list[int | None] = []
    gedaan: list[int | None] = []
    for i, knoop in enumerate(knopen):
        ready = knoop.vroegst
        for p, gap in knoop.na:
            done = gedaan[p]
            day = done if done is None or gap == 0 else werk.after_day(done, gap)
            if day is None:
                ready = None
                break
            ready = day if ready is None or day > ready else ready
        klaar.append(ready)
        if was is not None and ready == was.klaar[i] and i not in changed:
            gedaan.append(was.gedaan[i])
            continue
        first = None if ready is None else knoop.traject.forward(ready)
        gedaan.append(first if knoop.gezet is None else _agreed_or_later(knoop, knoop.gezet, ready, first))
    return klaar, gedaan


def _agreed_or_later(knoop: Knoop, gezet: int, ready: int | None, first: int | None) -> int | None:
    """The agreed day when it can be, else the first that can; where too little is known the agreed day holds unless it contradicts."""
    if first is not None:
        return max(first, gezet)
    last_ready = knoop.traject.back(gezet)
    fits = ready is None or ready <= (gezet if last_ready is None else last_ready)
    return gezet if fits else None


def _backward_pass(
    knopen: Sequence[Knoop], gedaan: list[int | None], werk: Werkkalender, was: Tijden | None, changed: Container[int]
) -> tuple[list[int | None], list[int | None]]:
    """The last day on which each knoop must be ready and done; ``gedaan`` comes in as the days that are demanded."""
    n = len(knopen)
    klaar: list[int | None] = [None] * n
    onbekend = [False] * n
    for i in range(n - 1, -1, -1):
        knoop = knopen[i]
        last = gedaan[i] = None if onbekend[i] else gedaan[i]
        if was is not None and last == was.gedaan_uiterlijk[i] and i not in changed:
            ready = was.klaar_uiterlijk[i]
        else:
            ready = None if last is None else knoop.traject.back(last)
        klaar[i] = ready
        lost = onbekend[i] or (last is not None and ready is None)
        for p, gap in knoop.na:
            day = ready if ready is None or gap == 0 else werk.after_inverse(ready, gap)
            onbekend[p] = onbekend[p] or lost or (ready is not None and day is None)
            before = gedaan[p]
            if day is not None and (before is None or day < before):
                gedaan[p] = day
    return klaar, gedaan
