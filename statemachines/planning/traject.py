"""What a document goes through as a monotone function from the day on which it is ready to the day on which it is done.

Days are ordinals, None is onbekend. Every traject has an exact inverse: ``forward(r) <= d`` iff ``r <= back(d)``, wherever both
are known. ``choices(first, last)`` counts how often it can come out later than ``first`` and not later than ``last``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from statemachines.kalender import Moment, Onbekend, Werkkalender, written
from statemachines.reeks import Reeks, Zitting
from statemachines.route import Stap, Termijn
from statemachines.stelsel import Stelsel


class Traject(Protocol):
    """Anything that a document can go through."""

    def forward(self, ready: int) -> int | None:
        """The first day on which it is done when the document is ready on ``ready``."""

    def back(self, done: int) -> int | None:
        """The last day on which the document must be ready to be done on or before ``done``."""

    def choices(self, first: int, last: int) -> int | None:
        """How many later outcomes there are after ``first`` up to and including ``last``; None when it does not come in meetings."""

    def surely(self, done: int) -> int | None:
        """A day that is surely early enough to be done on or before ``done``, by what is known; ``back(done)`` when that is."""
        return self.back(done)


@dataclass(frozen=True, slots=True)
class Tussenruimte(Traject):
    """So many werkdagen between two things."""

    werk: Werkkalender
    werkdagen: int

    def forward(self, ready: int) -> int | None:
        return self.werk.after_day(ready, self.werkdagen)

    def back(self, done: int) -> int | None:
        return self.werk.after_inverse(done, self.werkdagen)

    def choices(self, first: int, last: int) -> int | None:
        return None


@dataclass(frozen=True, slots=True)
class Reactietermijn(Traject):
    """A ronde with a termijn; it is done on the day after the sluitingsdatum, which counts in full."""

    werk: Werkkalender
    termijn: Termijn
    minstens: int = 0

    def forward(self, ready: int) -> int | None:
        window = self.werk.window_of(ready, self.termijn, self.minstens)
        return None if window is None else window[1] + 1

    def back(self, done: int) -> int | None:
        return self.werk.window_inverse(done - 1, self.termijn, self.minstens)

    def choices(self, first: int, last: int) -> int | None:
        return None


@dataclass(frozen=True, slots=True)
class Lopend(Traject):
    """A ronde with fixed days: done on ``dag``, for a document that is ready on or before ``van``."""

    van: int
    dag: int

    def forward(self, ready: int) -> int | None:
        return self.dag if ready <= self.van else None

    def back(self, done: int) -> int | None:
        return self.van if done >= self.dag else None

    def choices(self, first: int, last: int) -> int | None:
        return None


@dataclass(frozen=True, slots=True)
class Keten(Traject):
    """One after the other."""

    delen: Sequence[Traject]

    def forward(self, ready: int) -> int | None:
        day: int | None = ready
        for deel in self.delen:
            if day is None:
                return None
            day = deel.forward(day)
        return day

    def back(self, done: int) -> int | None:
        day: int | None = done
        for deel in reversed(self.delen):
            if day is None:
                return None
            day = deel.back(day)
        return day

    def choices(self, first: int, last: int) -> int | None:
        return counted(self, first, last)


@dataclass(frozen=True, slots=True)
class Quorum(Traject):
    """Side by side, done when ``nodig`` of them are done. What is not known yet is not waited for as long as enough are known."""

    delen: Sequence[Traject]
    nodig: int

    def forward(self, ready: int) -> int | None:
        known = sorted(day for day in (deel.forward(ready) for deel in self.delen) if day is not None)
        return known[self.nodig - 1] if len(known) >= self.nodig else None

    def back(self, done: int) -> int | None:
        days = [deel.back(done) for deel in self.delen]
        if self.nodig < len(days) and any(day is not None for day in days):
            days = [deel.surely(done) if day is None else day for deel, day in zip(self.delen, days, strict=True)]
        known = sorted((day for day in days if day is not None), reverse=True)
        return known[self.nodig - 1] if len(known) >= self.nodig else None

    def choices(self, first: int, last: int) -> int | None:
        return counted(self, first, last)


def beside(delen: Sequence[Traject]) -> Traject:
    """All of them side by side: done when the last is done."""
    return Quorum(delen, len(delen))


def either(delen: Sequence[Traject]) -> Traject:
    """One of them is enough; a road that is not known is not taken."""
    return Quorum(delen, 1)


def counted(traject: Traject, first: int, last: int) -> int:
    """Counts later outcomes by being just too late for each."""
    count, day = 0, first
    while True:
        ready = traject.back(day)
        later = None if ready is None else traject.forward(ready + 1)
        if later is None or later > last or later <= day:
            return count
        count, day = count + 1, later


def traject_of(stelsel: Stelsel, stap: Stap, termijn: Termijn | None = None, minstens: int = 0) -> Traject:
    """What a document goes through at a stap; ``termijn`` replaces that of its ronde, which is at least ``minstens`` kalenderdagen long.

    A stap with a combi-overleg is handled there or by the gremia themselves, whichever comes first.
    """
    if stap.ronde is not None:
        return Reactietermijn(stelsel.werkkalender, termijn or stap.ronde.termijn, minstens)
    eigen = reeksen_of(stelsel, stap)
    self_done: Traject = eigen[0] if len(eigen) == 1 else beside(eigen)
    return self_done if stap.combi is None else either([self_done, stelsel.vergaderingen(stap.combi)])


def reeksen_of(stelsel: Stelsel, stap: Stap, combi: bool = False) -> list[Reeks]:
    """The calendars of the gremia that handle a stap side by side, its own gremium first; with ``combi`` also that of the combi-overleg."""
    slugs = [stap.gremium, *stap.naast, *([stap.combi] if combi and stap.combi else [])]
    return [stelsel.vergaderingen(gremium) for gremium in slugs]


def planned_zitting(stelsel: Stelsel, stap: Stap, ready: int | None, done: int | None) -> Zitting | Onbekend:
    """The vergadering by which a stap is done on ``done``; for gremia side by side that of the last, which names them all.

    Its aanleverdatum is the first one that comes.
    """
    if done is None:
        if ready is None:
            return Onbekend("de stap daarvoor heeft nog geen datum")
        return stelsel.vergaderingen(stap.gremium).onbekend(date.fromordinal(ready))
    day = date.fromordinal(done)
    if stap.combi is not None and (combi := stelsel.vergaderingen(stap.combi).on(day)) is not None:
        return combi
    own = [zitting for zitting in (_own(reeks, day, ready) for reeks in reeksen_of(stelsel, stap)) if zitting is not None]
    if not own:
        return Onbekend(f"de vergaderkalender van {stelsel.gremium(stap.gremium).naam} kent {written(day)} niet")
    last = max(own, key=lambda zitting: zitting.vergadering.datum)
    if len(own) == 1:
        return last
    namen = "; ".join(f"{stelsel.gremium(z.gremium).naam} op {written(z.vergadering.datum)}" for z in own)
    return Zitting(last.gremium, Moment(last.vergadering.datum, f"naast elkaar: {namen}"), min((z.aanleverdatum for z in own), key=_datum))


def _datum(moment: Moment) -> date:
    return moment.datum


def _own(reeks: Reeks, day: date, ready: int | None) -> Zitting | None:
    """The vergadering of one gremium by which a stap that is done on ``day`` passes it: on that day, else the first that can."""
    on = reeks.on(day)
    if on is not None or ready is None:
        return on
    first = reeks.next_for(date.fromordinal(ready))
    return None if isinstance(first, Onbekend) or first.vergadering.datum > day else first
