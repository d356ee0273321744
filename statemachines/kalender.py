"""Calendars as sorted lists: every question is a bisect, every answer carries its reason, and what is not known is Onbekend.

Bron: Algemene termijnenwet art. 3 for the days without work. For MRA-terms the law does not bind; counting so is a house rule.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_date

from statemachines.facts import Gremium, Kalenderfeiten, Vergadering, Vergaderkalender, Vrij
from statemachines.route import Termijn

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Onbekend:
    """The answer lies outside what a calendar knows; ``waarom`` says which calendar and how far it reaches."""

    waarom: str

    def __str__(self) -> str:
        return f"onbekend ({self.waarom})"


@dataclass(frozen=True)
class Moment:
    """A computed day with its derivation in Dutch."""

    datum: date
    waarom: str


@dataclass(frozen=True)
class Zitting:
    """A planned vergadering of a gremium with the day on which its papers are due; both with their reason."""

    gremium: str
    vergadering: Moment
    aanleverdatum: Moment


@dataclass(frozen=True)
class Venster:
    """The days on which inbreng can be given, both ends included, with the reason of the end."""

    van: Moment
    tot_en_met: Moment


@lru_cache(maxsize=4096)
def written(day: date) -> str:
    """A day as people write it: vrijdag 12 maart 2027."""
    return format_date(day, "EEEE d MMMM y", locale="nl")


def weeks_between(first: date, last: date) -> int:
    """Whole weeks from the one day to the other."""
    return (last - first).days // 7


def _days(vrij: Vrij) -> Iterator[date]:
    day = vrij.vanaf
    while day <= vrij.tot_en_met:
        yield day
        day += DAY


class Werkkalender:
    """Working days (not Saturday, Sunday or a feestdag) and recess of a region."""

    def __init__(self, feiten: Kalenderfeiten) -> None:
        self.vanaf, self.tot_en_met = feiten.vanaf, feiten.tot_en_met
        self._feestdag = {day: vrij.naam for vrij in feiten.feestdagen for day in _days(vrij)}
        self._reces = {day: vrij.naam for vrij in feiten.recessen for day in _days(vrij)}
        span = [self.vanaf + i * DAY for i in range((self.tot_en_met - self.vanaf).days + 1)]
        self._werkdagen = [day for day in span if day.weekday() < 5 and day not in self._feestdag]
        self._buiten_reces = [day for day in span if day not in self._reces]

    def knows(self, day: date) -> bool:
        """Whether the calendar reaches this day."""
        return self.vanaf <= day <= self.tot_en_met

    def onbekend(self) -> Onbekend:
        """Why an answer is not known."""
        return Onbekend(f"de werkdagenkalender loopt van {written(self.vanaf)} tot en met {written(self.tot_en_met)}")

    def feestdag(self, day: date) -> str | None:
        """The name of the feestdag on this day, if any."""
        return self._feestdag.get(day)

    def reces(self, day: date) -> str | None:
        """The name of the recess in which this day lies, if any."""
        return self._reces.get(day)

    def is_werkdag(self, day: date) -> bool:
        """Whether people work on this day; only for days that the calendar knows."""
        return day.weekday() < 5 and day not in self._feestdag

    def before(self, day: date, werkdagen: int) -> date | Onbekend:
        """The n-th werkdag strictly before ``day``; ``before(day, 0)`` is ``day``. It never rolls forward."""
        if werkdagen == 0 and self.knows(day):
            return day
        i = bisect_left(self._werkdagen, day) - werkdagen
        return self._werkdagen[i] if i >= 0 and self.knows(day) else self.onbekend()

    def after(self, day: date, werkdagen: int) -> date | Onbekend:
        """The n-th werkdag strictly after ``day``; ``after(day, 0)`` is ``day``."""
        if werkdagen == 0 and self.knows(day):
            return day
        i = bisect_right(self._werkdagen, day) + werkdagen - 1
        return self._werkdagen[i] if i < len(self._werkdagen) and self.knows(day) else self.onbekend()

    def roll(self, day: date) -> date | Onbekend:
        """The first werkdag on or after ``day``."""
        i = bisect_left(self._werkdagen, day)
        return self._werkdagen[i] if i < len(self._werkdagen) and self.knows(day) else self.onbekend()

    def skipped(self, first: date, last: date) -> str:
        """The feestdagen from ``first`` to and including ``last`` that fall on a weekday, as a clause; empty when there are none."""
        names = [
            f"{naam} ({day.day}-{day.month})" for day, naam in sorted(self._feestdag.items()) if first <= day <= last and day.weekday() < 5
        ]
        if not names:
            return ""
        rij = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " en " + names[-1]
        return f"; {rij} {'telt' if len(names) == 1 else 'tellen'} niet mee"

    def reactietermijn(self, besluit: date, termijn: Termijn) -> Venster | Onbekend:
        """The window that follows a besluit: it starts on the werkdag of the verzending, which does not count itself.

        ``termijn.weken`` is counted in kalenderdagen (7 a week), with or without recess as the route says.
        """
        verzonden = self.after(besluit, termijn.verzending_werkdagen)
        van = verzonden if isinstance(verzonden, Onbekend) else self.roll(verzonden)
        if isinstance(van, Onbekend):
            return van
        geteld = 7 * termijn.weken
        if termijn.reces_telt:
            einde = van + geteld * DAY
        else:
            i = bisect_right(self._buiten_reces, van) + geteld - 1
            if i >= len(self._buiten_reces):
                return self.onbekend()
            einde = self._buiten_reces[i]
        if not self.knows(einde):
            return self.onbekend()
        waarom = f"{termijn.weken} weken na de verzending op {written(van)}"
        namen = dict.fromkeys(naam for day, naam in sorted(self._reces.items()) if van < day <= einde)
        if not termijn.reces_telt and namen:
            waarom += f"; de dagen in {' en '.join(namen)} tellen niet mee"
        gerold = self.roll(einde) if termijn.rolt else einde
        if isinstance(gerold, Onbekend):
            return gerold
        if gerold != einde:
            waarom += f"; {written(einde)} is geen werkdag, dus de eerste werkdag daarna"
        if naam := self.reces(gerold):
            waarom += f"; let op: dit valt in de {naam}"
        reden_van = "de dag van de verzending"
        if termijn.verzending_werkdagen:
            reden_van += (
                f", {termijn.verzending_werkdagen} werkdagen na het besluit van {written(besluit)}{self.skipped(besluit + DAY, van)}"
            )
        return Venster(Moment(van, reden_van), Moment(gerold, waarom))


class Reeks:
    """The vergaderingen of one gremium: sorted days M and non-decreasing paper dates D."""

    def __init__(self, gremium: Gremium, kalenders: tuple[Vergaderkalender, ...], werk: Werkkalender) -> None:
        self.gremium, self._werk = gremium, werk
        known = sorted((v for k in kalenders for v in k.vergaderingen), key=lambda v: v.datum)
        self.dagen = [v.datum for v in known]
        self._status = {v.datum: k.status.value for k in kalenders for v in k.vergaderingen}
        self._runs: list[tuple[date, date]] = []
        for kalender in sorted((k for k in kalenders if k.volledig), key=lambda k: k.vanaf):
            if self._runs and kalender.vanaf <= self._runs[-1][1] + DAY:
                self._runs[-1] = (self._runs[-1][0], max(self._runs[-1][1], kalender.tot_en_met))
            else:
                self._runs.append((kalender.vanaf, kalender.tot_en_met))
        zittingen = [self._zitting(v) for v in known]
        deadline = date.max
        self._deadlines: list[date] = []
        for zitting in reversed(zittingen):
            deadline = min(deadline, zitting.aanleverdatum.datum)
            self._deadlines.insert(0, deadline)
        self._zittingen = zittingen

    def _zitting(self, vergadering: Vergadering) -> Zitting:
        datum, termijn = vergadering.datum, self.gremium.aanlevertermijn
        status = "" if self._status[datum] == "bron" else f", {self._status[datum]}"
        kalender = Moment(datum, f"vergaderkalender van {self.gremium.naam}{status}")
        due = vergadering.aanleverdatum
        if due is not None:
            return Zitting(self.gremium.slug, kalender, Moment(due, f"afgesproken voor de vergadering van {written(datum)}"))
        werkdag = self._werk.before(datum, termijn)
        if isinstance(werkdag, Onbekend):
            return Zitting(self.gremium.slug, kalender, Moment(datum, f"de dag van de vergadering; de aanleverdatum is {werkdag}"))
        waarom = f"{termijn} werkdagen voor {written(datum)}{self._werk.skipped(werkdag, datum - DAY)} ({self.gremium.bron})"
        return Zitting(self.gremium.slug, kalender, Moment(werkdag, waarom))

    def next_for(self, ready: date) -> Zitting | Onbekend:
        """The first vergadering whose papers are due on or after ``ready``.

        Onbekend when the days between are not known as a whole, or the calendar ends first.
        """
        return self._within_run(ready, bisect_left(self._deadlines, ready))

    def following(self, day: date) -> Zitting | Onbekend:
        """The first vergadering strictly after ``day``, whatever its aanleverdatum; Onbekend as in next_for."""
        return self._within_run(day, bisect_right(self.dagen, day))

    def _within_run(self, day: date, i: int) -> Zitting | Onbekend:
        run = next(((first, last) for first, last in self._runs if first <= day <= last), None)
        if run is None:
            return Onbekend(f"er is geen volledige vergaderkalender van {self.gremium.naam} rond {written(day)}")
        if i == len(self.dagen) or self.dagen[i] > run[1]:
            return Onbekend(f"de vergaderkalender van {self.gremium.naam} loopt tot en met {written(run[1])}")
        return self._zittingen[i]

    def on(self, day: date) -> Zitting | None:
        """The vergadering on this day, if there is one."""
        i = bisect_left(self.dagen, day)
        return self._zittingen[i] if i < len(self.dagen) and self.dagen[i] == day else None
