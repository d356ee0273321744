"""The vergaderingen of a gremium: when the next one is for which the papers can be ready, and until when they must be."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date

from statemachines.facts import Gremium, Vergadering, Vergaderkalender
from statemachines.kalender import DAY, Moment, Onbekend, Werkkalender, written

_NEVER = date.max.toordinal()


@dataclass(frozen=True)
class Zitting:
    """A planned vergadering of a gremium with the day on which its papers are due; both with their reason."""

    gremium: str
    vergadering: Moment
    aanleverdatum: Moment


class Reeks:
    """Sorted days M and non-decreasing paper dates D of one gremium, known as a whole within runs.

    Indexes count from 0 in ``dagen``. ``forward(r)`` and ``back(d)`` take and give ordinals, None is onbekend:
    ``forward(r) <= d`` iff ``r <= back(d)``.
    """

    def __init__(self, gremium: Gremium, kalenders: tuple[Vergaderkalender, ...], werk: Werkkalender) -> None:
        self.gremium, self._werk = gremium, werk
        self._known = sorted(((v, k) for k in kalenders for v in k.vergaderingen), key=lambda pair: pair[0].datum)
        self.dagen = [vergadering.datum for vergadering, _ in self._known]
        self._m = [dag.toordinal() for dag in self.dagen]
        self._runs = _joined(kalenders)
        self._spans = [(first.toordinal(), last.toordinal()) for first, last in self._runs]
        runs = [self._run_of(dag) for dag in self.dagen]
        self._from = [_NEVER if run is None else run[0].toordinal() for run in runs]
        self._to = [0 if run is None else run[1].toordinal() for run in runs]
        self._d = [self._own_deadline(vergadering) for vergadering, _ in self._known]
        for i in range(len(self._d) - 2, -1, -1):
            self._d[i] = min(self._d[i], self._d[i + 1])

    def _run_of(self, day: date) -> tuple[date, date] | None:
        return next((run for run in self._runs if run[0] <= day <= run[1]), None)

    def _own_deadline(self, vergadering: Vergadering) -> int:
        if vergadering.aanleverdatum is not None:
            return vergadering.aanleverdatum.toordinal()
        day = vergadering.datum.toordinal()
        return self._werk.before_day(day, self.gremium.aanlevertermijn) or day

    @property
    def meeting_days(self) -> list[int]:
        """M as ordinals."""
        return self._m

    @property
    def paper_days(self) -> list[int]:
        """D as ordinals."""
        return self._d

    def back_index(self, done: int) -> int | None:
        """Which vergadering is the last on or before ``done``; None when that is not known."""
        i = bisect_right(self._m, done) - 1
        return i if i >= 0 and done <= self._to[i] else None

    def forward(self, ready: int) -> int | None:
        """The day of the first vergadering for which papers of the day ``ready`` are in time."""
        i = bisect_left(self._d, ready)
        return self._m[i] if i < len(self._d) and self._from[i] <= ready else None

    def back(self, done: int) -> int | None:
        """The last day on which papers must be ready to be handled on or before ``done``."""
        i = bisect_right(self._m, done) - 1
        return self._d[i] if i >= 0 and done <= self._to[i] else None

    def surely(self, done: int) -> int | None:
        """The paper date of the last vergadering on or before ``done`` that is known; there may be later ones."""
        i = bisect_right(self._m, done) - 1
        return self._d[i] if i >= 0 else None

    def choices(self, first: int, last: int) -> int | None:
        """How many vergaderingen there are after ``first`` up to and including ``last``; None when not all days between are known."""
        low, high = min(first, last), max(first, last)
        if low == high:
            return 0
        if not any(begin <= low and high <= end for begin, end in self._spans):
            return None
        return bisect_right(self._m, last) - bisect_right(self._m, first)

    def zitting(self, i: int) -> Zitting:
        """The i-th vergadering with its reasons."""
        vergadering, kalender = self._known[i]
        datum, termijn = vergadering.datum, self.gremium.aanlevertermijn
        status = "" if kalender.status.value == "bron" else f", {kalender.status.value}"
        moment = Moment(datum, f"vergaderkalender van {self.gremium.naam}{status}")
        due = date.fromordinal(self._d[i])
        if vergadering.aanleverdatum is not None:
            waarom = f"afgesproken voor de vergadering van {written(datum)}"
        elif isinstance(self._werk.before(datum, termijn), Onbekend):
            waarom = f"de dag van de vergadering; de aanleverdatum is {self._werk.onbekend()}"
        else:
            waarom = f"{termijn} werkdagen voor {written(datum)}{self._werk.skipped(due, datum - DAY)} ({self.gremium.bron})"
        if self._d[i] != self._own_deadline(vergadering):
            waarom = f"niet later dan de aanleverdatum van de volgende vergadering, {written(self.dagen[i + 1])}"
        return Zitting(self.gremium.slug, moment, Moment(due, waarom))

    def next_for(self, ready: date) -> Zitting | Onbekend:
        """The first vergadering whose papers are due on or after ``ready``.

        Onbekend when the days between are not known as a whole, or the calendar ends first.
        """
        day = self.forward(ready.toordinal())
        return self.onbekend(ready) if day is None else self.zitting(bisect_left(self._m, day))

    def following(self, day: date) -> Zitting | Onbekend:
        """The first vergadering strictly after ``day``, whatever its aanleverdatum; Onbekend as in next_for."""
        i = bisect_right(self._m, day.toordinal())
        return self.zitting(i) if i < len(self._m) and self._from[i] <= day.toordinal() else self.onbekend(day)

    def onbekend(self, day: date) -> Onbekend:
        """Why the next or last vergadering seen from ``day`` is not known."""
        run = self._run_of(day)
        if run is None:
            return Onbekend(f"er is geen volledige vergaderkalender van {self.gremium.naam} rond {written(day)}")
        return Onbekend(f"de vergaderkalender van {self.gremium.naam} loopt van {written(run[0])} tot en met {written(run[1])}")

    def index_on(self, day: date) -> int | None:
        """Which vergadering is on this day, if there is one."""
        i = bisect_left(self.dagen, day)
        return i if i < len(self.dagen) and self.dagen[i] == day else None

    def on(self, day: date) -> Zitting | None:
        """The vergadering on this day, if there is one."""
        i = self.index_on(day)
        return None if i is None else self.zitting(i)


def _joined(kalenders: tuple[Vergaderkalender, ...]) -> list[tuple[date, date]]:
    """The runs of days that are known as a whole, those that touch joined."""
    runs: list[tuple[date, date]] = []
    for kalender in sorted((k for k in kalenders if k.volledig), key=lambda k: k.vanaf):
        if runs and kalender.vanaf <= runs[-1][1] + DAY:
            runs[-1] = (runs[-1][0], max(runs[-1][1], kalender.tot_en_met))
        else:
            runs.append((kalender.vanaf, kalender.tot_en_met))
    return runs
