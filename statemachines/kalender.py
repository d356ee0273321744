"""Working days and recess as sorted lists: every question is a bisect, every answer carries its reason, unknown is Onbekend.

Inside, a day is its ordinal (``date.toordinal``) and an answer outside the calendar is None; at the edge stand dates and Onbekend.

Bron: Algemene termijnenwet art. 3 for the days without work. For MRA-terms the law does not bind; counting so is a house rule.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_date

from statemachines.facts import Kalenderfeiten, Vrij
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
class Venster:
    """The days on which inbreng can be given, both ends included, with the reason of the end."""

    van: Moment
    tot_en_met: Moment


@lru_cache(maxsize=4096)
def written(day: date) -> str:
    """A day as people write it: vrijdag 12 maart 2027."""
    return format_date(day, "EEEE d MMMM y", locale="nl")


def enumerated(names: Sequence[str]) -> str:
    """Names as people write them in a row: a, b en c; nothing for none."""
    return " en ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def weeks_between(first: date, last: date) -> int:
    """Whole weeks from the one day to the other."""
    return (last - first).days // 7


def _days(vrij: Vrij) -> Iterator[date]:
    day = vrij.vanaf
    while day <= vrij.tot_en_met:
        yield day
        day += DAY


class Werkkalender:
    """Working days (not Saturday, Sunday or a feestdag) and recess of a region.

    Methods with ``day: int`` count in ordinals and have exact inverses: ``after(r, n) <= d`` iff ``r <= after_inverse(d, n)``.
    """

    def __init__(self, feiten: Kalenderfeiten) -> None:
        self.vanaf, self.tot_en_met = feiten.vanaf, feiten.tot_en_met
        self._first, self._last = feiten.vanaf.toordinal(), feiten.tot_en_met.toordinal()
        self._feestdag = {day: vrij.naam for vrij in feiten.feestdagen for day in _days(vrij)}
        self.recessen = tuple(sorted(feiten.recessen, key=lambda vrij: vrij.vanaf))
        self._reces = {day: vrij.naam for vrij in feiten.recessen for day in _days(vrij)}
        span = [self.vanaf + i * DAY for i in range((self.tot_en_met - self.vanaf).days + 1)]
        self._werkdagen = [day.toordinal() for day in span if day.weekday() < 5 and day not in self._feestdag]
        self._buiten_reces = [day.toordinal() for day in span if day not in self._reces]

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

    def same_werkdagen(self, other: Werkkalender) -> bool:
        """Whether both count the same days as werkdagen; their recess may differ."""
        return self is other or self._werkdagen == other._werkdagen

    def before_day(self, day: int, werkdagen: int) -> int | None:
        """The n-th werkdag strictly before ``day``; with 0 ``day`` itself. It never rolls forward."""
        if not self._first <= day <= self._last:
            return None
        i = bisect_left(self._werkdagen, day) - werkdagen
        return day if werkdagen == 0 else self._werkdagen[i] if i >= 0 else None

    def after_day(self, day: int, werkdagen: int) -> int | None:
        """The n-th werkdag strictly after ``day``; with 0 ``day`` itself."""
        if not self._first <= day <= self._last:
            return None
        i = bisect_right(self._werkdagen, day) + werkdagen - 1
        return day if werkdagen == 0 else self._werkdagen[i] if i < len(self._werkdagen) else None

    def after_inverse(self, day: int, werkdagen: int) -> int | None:
        """The last day r with ``after_day(r, werkdagen) <= day``."""
        if not self._first <= day <= self._last:
            return None
        i = bisect_right(self._werkdagen, day) - werkdagen
        return day if werkdagen == 0 else self._werkdagen[i] - 1 if i >= 0 and self._werkdagen[i] > self._first else None

    def roll_day(self, day: int) -> int | None:
        """The first werkdag on or after ``day``."""
        i = bisect_left(self._werkdagen, day)
        return self._werkdagen[i] if i < len(self._werkdagen) and day >= self._first else None

    def roll_inverse(self, day: int) -> int | None:
        """The last werkdag on or before ``day``: the last day that rolls to at most ``day``."""
        i = bisect_right(self._werkdagen, day) - 1
        return self._werkdagen[i] if i >= 0 and day <= self._last else None

    def window_of(self, besluit: int, termijn: Termijn, minstens: int = 0) -> tuple[int, int] | None:
        """First and last day of the reactietermijn that follows a besluit, both included; at least ``minstens`` kalenderdagen apart."""
        verzonden = self.after_day(besluit, termijn.verzending_werkdagen)
        van = None if verzonden is None else self.roll_day(verzonden)
        if van is None:
            return None
        einde = self._count(van, 7 * termijn.weken, termijn)
        if einde is not None and termijn.rolt:
            einde = self.roll_day(einde)
        if einde is not None and van + minstens > einde:
            einde = self.roll_day(van + minstens)
        return None if einde is None or einde > self._last else (van, einde)

    def window_inverse(self, einde: int, termijn: Termijn, minstens: int = 0) -> int | None:
        """The last day of the besluit whose reactietermijn ends on or before ``einde``."""
        if not self._first <= einde <= self._last:
            return None
        last = self.roll_inverse(einde) if termijn.rolt else einde
        if last is None:
            return None
        geteld = 7 * termijn.weken
        if termijn.reces_telt:
            van = last - geteld
        else:
            i = bisect_right(self._buiten_reces, last) - geteld
            if i < 0:
                return None
            van = self._buiten_reces[i] - 1
        longest = self.roll_inverse(einde)
        if minstens and longest is not None:
            van = min(van, longest - minstens)
        verzonden = self.roll_inverse(van)
        return None if verzonden is None else self.after_inverse(verzonden, termijn.verzending_werkdagen)

    def _count(self, van: int, geteld: int, termijn: Termijn) -> int | None:
        if termijn.reces_telt:
            return van + geteld
        i = bisect_right(self._buiten_reces, van) + geteld - 1
        return self._buiten_reces[i] if i < len(self._buiten_reces) else None

    def werkdagen_between(self, first: int, last: int) -> int:
        """How many werkdagen lie after ``first`` up to and including ``last``; negative when ``last`` comes first."""
        return bisect_right(self._werkdagen, last) - bisect_right(self._werkdagen, first)

    def outside_recess(self, van: date, dagen: int) -> date | Onbekend:
        """The werkdag on or after which so many kalenderdagen outside recess have passed since ``van``, which does not count."""
        i = bisect_right(self._buiten_reces, van.toordinal()) + dagen - 1
        return self.named(self.roll_day(self._buiten_reces[i]) if i < len(self._buiten_reces) else None)

    def net_weeks(self, van: date, tot_en_met: date) -> float:
        """Weeks outside recess in a reactietermijn: its kalenderdagen after ``van`` that lie in no recess, divided by 7."""
        days = bisect_right(self._buiten_reces, tot_en_met.toordinal()) - bisect_right(self._buiten_reces, van.toordinal())
        return round(days / 7, 1)

    def before(self, day: date, werkdagen: int) -> date | Onbekend:
        """The n-th werkdag strictly before ``day``; ``before(day, 0)`` is ``day``. It never rolls forward."""
        return self.named(self.before_day(day.toordinal(), werkdagen))

    def after(self, day: date, werkdagen: int) -> date | Onbekend:
        """The n-th werkdag strictly after ``day``; ``after(day, 0)`` is ``day``."""
        return self.named(self.after_day(day.toordinal(), werkdagen))

    def roll(self, day: date) -> date | Onbekend:
        """The first werkdag on or after ``day``."""
        return self.named(self.roll_day(day.toordinal()))

    def named(self, day: int | None) -> date | Onbekend:
        """An ordinal as a date; None as Onbekend."""
        return self.onbekend() if day is None else date.fromordinal(day)

    def skipped(self, first: date, last: date) -> str:
        """The feestdagen from ``first`` to and including ``last`` that fall on a weekday, as a clause; empty when there are none."""
        names = [
            f"{naam} ({day.day}-{day.month})" for day, naam in sorted(self._feestdag.items()) if first <= day <= last and day.weekday() < 5
        ]
        if not names:
            return ""
        return f"; {enumerated(names)} {'telt' if len(names) == 1 else 'tellen'} niet mee"

    def recess_in(self, first: date, last: date) -> tuple[str, ...]:
        """The names of the recesses that have a day from ``first`` to and including ``last``, each once."""
        return tuple(dict.fromkeys(vrij.naam for vrij in self.recessen if vrij.vanaf <= last and vrij.tot_en_met >= first))

    def reactietermijn(self, besluit: date, termijn: Termijn, minstens: int = 0) -> Venster | Onbekend:
        """The window that follows a besluit: it starts on the werkdag of the verzending, which does not count itself.

        ``termijn.weken`` is counted in kalenderdagen (7 a week), with or without recess as the route says. What was agreed to be longer
        stays at least ``minstens`` kalenderdagen long.
        """
        window = self.window_of(besluit.toordinal(), termijn, minstens)
        if window is None:
            return self.onbekend()
        van, einde = (date.fromordinal(day) for day in window)
        waarom = f"{termijn.weken} weken na de verzending op {written(van)}"
        namen = self.recess_in(van + DAY, einde)
        if not termijn.reces_telt and namen:
            waarom += f"; de dagen in {enumerated(namen)} tellen niet mee"
        geteld = self._count(window[0], 7 * termijn.weken, termijn)
        natural = self.window_of(besluit.toordinal(), termijn)
        if natural is not None and natural[1] != window[1]:
            waarom = f"{minstens} dagen na de verzending op {written(van)}, zo lang was afgesproken"
        elif geteld is not None and geteld != window[1]:
            waarom += f"; {written(date.fromordinal(geteld))} is geen werkdag, dus de eerste werkdag daarna"
        if naam := self.reces(einde):
            waarom += f"; let op: dit valt in de {naam}"
        reden_van = "de dag van de verzending"
        if termijn.verzending_werkdagen:
            reden_van += (
                f", {termijn.verzending_werkdagen} werkdagen na het besluit van {written(besluit)}{self.skipped(besluit + DAY, van)}"
            )
        return Venster(Moment(van, reden_van), Moment(einde, waarom))
