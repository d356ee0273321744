"""The own way of one deelnemer: college, griffie, agendacommissie, commissie and raad, by what is known of its calendar.

Levels of knowledge: ``geen`` (no dates), ``ritme`` (how it usually meets, an assumption) and ``bevestigd`` (days that somebody
confirmed; what was confirmed longer than 13 months ago says nothing any more about days to come).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from statemachines.facts import Deelnemer, Herhaling, Kring, Raadritme, Raadskalender, Schakelritme, Schakelsoort, Verkiezing
from statemachines.kalender import Werkkalender

STALE = relativedelta(months=13)
"""How long a confirmed calendar holds for days to come."""

SUMMER = 21
"""A school holiday longer than this many days is the summer one."""


class Niveau(StrEnum):
    """What is known of the calendar of a deelnemer, for a given termijn."""

    GEEN = "geen"
    RITME = "ritme"
    BEVESTIGD = "bevestigd"


class Oordeel(StrEnum):
    """Whether the own way of a deelnemer fits in a termijn; krap: with one vergadering missed it does not fit any more."""

    HAALBAAR = "haalbaar"
    KRAP = "krap"
    NIET = "niet"
    ONBEKEND = "onbekend"


@dataclass(frozen=True)
class Rij:
    """The vergaderingen of one schakel: sorted days M, non-decreasing paper dates D (ordinals), and the ranges that were confirmed.

    ``bij`` names for a vergadering of the raad the day in M that belongs to it, where the ritme counts back from the raad: a raad
    handles only what passed the days that belong to it. ``gevonden`` are the days in M that somebody gave. ``vanaf`` is the day from
    which the ritme gives all days; None without ritme.
    """

    soort: Schakelsoort
    m: list[int]
    d: list[int]
    bevestigd: tuple[tuple[int, int], ...]
    gevonden: tuple[int, ...]
    vanaf: int | None
    bij: Mapping[int, int]

    def niveau(self, van: int, tot_en_met: int) -> Niveau:
        """What is known of the days of a termijn."""
        if any(first <= van and tot_en_met <= last for first, last in self.bevestigd):
            return Niveau.BEVESTIGD
        return Niveau.RITME if self.vanaf is not None and self.vanaf <= van else Niveau.GEEN


@dataclass(frozen=True, slots=True)
class Weg:
    """The own way in one termijn, per schakel in order (ordinals): the first day on which it can be, the last, and its last paper date.

    ``gedaan`` is the first day on which its answer can be sent. ``breekt`` is the index of the first schakel that falls after the
    sluitingsdatum; the number of schakels itself means that only the sending comes too late.
    """

    niveau: Niveau
    oordeel: Oordeel
    gedaan: int | None = None
    schakels: tuple[Schakelsoort, ...] = ()
    eerste: tuple[int | None, ...] = ()
    laatste: tuple[int | None, ...] = ()
    aanleveren: tuple[int | None, ...] = ()
    breekt: int | None = None


class Raadsweg:
    """What is known of one deelnemer, seen from one day."""

    def __init__(
        self,
        deelnemer: Deelnemer,
        ritme: Raadritme | None,
        kalenders: Sequence[Raadskalender],
        verkiezingen: Sequence[Verkiezing],
        werk: Werkkalender,
        op: date,
    ) -> None:
        self.deelnemer, self.ritme, self._werk = deelnemer, ritme, werk
        self._recess = list(_recess(werk, ritme, [v for v in verkiezingen if v.concerns(deelnemer)]))
        self._verzenden = ritme.verzenden_werkdagen if ritme else 0
        self.schakels = self._rows(kalenders, op)

    def _rows(self, kalenders: Sequence[Raadskalender], op: date) -> dict[Kring, list[Rij]]:
        known = {soort: [k for k in kalenders if k.soort is soort] for soort in Schakelsoort}
        ritmes = {schakel.soort: schakel for schakel in self.ritme.schakels} if self.ritme else {}
        rows: dict[Schakelsoort, Rij] = {}
        with_commissie = bool(known[Schakelsoort.COMMISSIE]) or Schakelsoort.COMMISSIE in ritmes
        raad_soort = Schakelsoort.RAAD
        raad = self._row(raad_soort, ritmes.get(raad_soort), known[raad_soort], op, [], with_commissie)
        for soort in Schakelsoort:
            if soort is Schakelsoort.RAAD:
                rows[soort] = raad
            elif soort in ritmes or known[soort]:
                rows[soort] = self._row(soort, ritmes.get(soort), known[soort], op, raad.m, False)
        college = rows.get(Schakelsoort.COLLEGE)
        return {Kring.RADEN_STATEN: list(rows.values()), Kring.COLLEGES: [college] if college else []}

    def _row(
        self,
        soort: Schakelsoort,
        ritme: Schakelritme | None,
        kalenders: Sequence[Raadskalender],
        op: date,
        raden: list[int],
        next_day: bool,
    ) -> Rij:
        bij = dict(self._belonging(ritme, raden)) if ritme else {}
        days = {*self._usual(ritme), *bij.values()} if ritme else set()
        sure: list[tuple[int, int]] = []
        found: dict[int, date | None] = {}
        for kalender in kalenders:
            fresh = op <= kalender.bevestigd_op + STALE
            first, last = kalender.vanaf.toordinal(), kalender.tot_en_met.toordinal() if fresh else min(kalender.tot_en_met, op).toordinal()
            found |= {v.datum.toordinal(): v.aanleverdatum for v in kalender.vergaderingen if first <= v.datum.toordinal() <= last}
            if kalender.volledig and first <= last:
                sure.append((first, last))
                days = {day for day in days if not first <= day <= last}
        days |= found.keys()
        due = {day: papers.toordinal() for day, papers in found.items() if papers is not None}
        m = sorted(days)
        vooraf = ritme.vooraf_werkdagen if ritme else 0
        d = [due.get(day) or self._werk.before_day(day, vooraf) or day for day in m]
        for i in range(len(d) - 1, -1, -1):
            limit = m[i] - 1 if next_day else m[i]
            d[i] = min(d[i], limit, *d[i + 1 : i + 2])
        vanaf = None if ritme is None else (self.ritme.geldig_vanaf or self._werk.vanaf).toordinal() if self.ritme else None
        bij = {raad: day for raad, day in bij.items() if day in days}
        return Rij(soort, m, d, tuple(_joined(sure)), tuple(sorted(found)), vanaf, bij)

    def _usual(self, ritme: Schakelritme) -> Iterator[int]:
        """The days of its own herhaling, and extra ones."""
        exceptions = [u for u in (self.ritme.uitzonderingen if self.ritme else ()) if u.soort is ritme.soort]
        gone = {u.vervalt for u in exceptions if u.vervalt is not None}
        yield from (u.extra.toordinal() for u in exceptions if u.extra is not None)
        if ritme.herhaling is not None:
            start = max(self._werk.vanaf, self.ritme.geldig_vanaf) if self.ritme and self.ritme.geldig_vanaf else self._werk.vanaf
            for day in recurring(ritme.herhaling, start, self._werk.tot_en_met):
                if day not in gone and self._werk.is_werkdag(day) and not self._in_recess(day):
                    yield day.toordinal()

    def _belonging(self, ritme: Schakelritme, raden: list[int]) -> Iterator[tuple[int, int]]:
        """For each vergadering of the raad the day that is counted back from it."""
        gone = {u.vervalt for u in (self.ritme.uitzonderingen if self.ritme else ()) if u.soort is ritme.soort and u.vervalt is not None}
        for raad in raden if ritme.herhaling is None else ():
            if ritme.eerder_werkdagen is not None:
                before = self._werk.before_day(raad, ritme.eerder_werkdagen)
            else:
                before = self._werk.roll_inverse(raad - 7 * (ritme.eerder_weken or 0))
            # A day on which papers are due is no vergadering: it may lie in recess.
            rests = before is not None and ritme.soort is not Schakelsoort.GRIFFIE and self._in_recess(date.fromordinal(before))
            if before is not None and not rests and date.fromordinal(before) not in gone:
                yield raad, before

    def _in_recess(self, day: date) -> bool:
        return self._werk.reces(day) is not None or any(first <= day <= last for first, last in self._recess)

    def net_weeks(self, van: date, tot_en_met: date) -> float:
        """Weeks in which this deelnemer is not in recess: the days after ``van`` up to and including ``tot_en_met``, divided by 7."""
        days = (date.fromordinal(day) for day in range(van.toordinal() + 1, tot_en_met.toordinal() + 1))
        return round(sum(not self._in_recess(day) for day in days) / 7, 1)

    def walk(self, kring: Kring, van: int, tot_en_met: int) -> Weg:
        """Whether and how this deelnemer can answer from ``van`` up to and including ``tot_en_met``."""
        rows = self.schakels[kring]
        niveau = min((row.niveau(van, tot_en_met) for row in rows), key=list(Niveau).index, default=Niveau.GEEN)
        if niveau is Niveau.GEEN:
            return self._by_found_days(kring, van, tot_en_met)
        eerste = self._forward(rows, van)
        done = None if eerste[-1] is None else self._werk.after_day(eerste[-1], self._sending(kring))
        soorten = tuple(row.soort for row in rows)
        stuck = next((i for i, day in enumerate(eerste) if day is None), None)
        if done is None and (stuck is None or rows[stuck].niveau(van, tot_en_met) is not Niveau.BEVESTIGD):
            return Weg(niveau, Oordeel.ONBEKEND, None, soorten, eerste)
        last, papers = self._back(rows, self._werk.after_inverse(tot_en_met, self._sending(kring)))
        if done is None or done > tot_en_met:
            late = (i for i, day in enumerate(eerste) if day is None or day > tot_en_met)
            return Weg(niveau, Oordeel.NIET, done, soorten, eerste, last, papers, next(late, len(rows)))
        tight = any(first == latest for first, latest in zip(eerste, last, strict=True))
        return Weg(niveau, Oordeel.KRAP if tight else Oordeel.HAALBAAR, done, soorten, eerste, last, papers)

    def _by_found_days(self, kring: Kring, van: int, tot_en_met: int) -> Weg:
        """Where the calendar is not known as a whole a found day of the raad still proves that it fits, and never that it does not."""
        raad = next((row for row in self.schakels[kring] if row.soort is Schakelsoort.RAAD), None)
        found = [day for day in raad.gevonden if van < day <= tot_en_met] if raad else []
        if not found:
            return Weg(Niveau.GEEN, Oordeel.ONBEKEND)
        return Weg(Niveau.BEVESTIGD, Oordeel.HAALBAAR, found[0], (Schakelsoort.RAAD,), (found[0],), (found[-1],), (found[-1],))

    def _sending(self, kring: Kring) -> int:
        return self._verzenden if kring is Kring.RADEN_STATEN else 0

    @staticmethod
    def _forward(rows: Sequence[Rij], ready: int) -> tuple[int | None, ...]:
        """The first day of every schakel; of the raad the first vergadering whose own days can all be met."""
        loose = _through(rows, ready, None)
        if loose[-1] is None:
            return loose
        raad = rows[-1]
        for i in range(bisect_left(raad.m, loose[-1]), len(raad.m)):
            days = _through(rows, ready, raad.m[i])
            if days[-1] == raad.m[i]:
                return days
        return (*loose[:-1], None)

    @staticmethod
    def _back(rows: Sequence[Rij], done: int | None) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """The last day and the last paper date of every schakel, of the last vergadering of the raad whose own days can all be met."""
        raad = rows[-1]
        for i in range(-1 if done is None else bisect_right(raad.m, done) - 1, -1, -1):
            last, papers = _back_through(rows, i)
            if None not in last:
                return last, papers
        return (None,) * len(rows), (None,) * len(rows)


def _through(rows: Sequence[Rij], ready: int, raad: int | None) -> tuple[int | None, ...]:
    """The first days of a document that is ready on ``ready``, bound for one vergadering of the raad; None for whichever comes first."""
    days: list[int | None] = []
    day: int | None = ready
    for row in rows:
        own = None if raad is None else raad if row is rows[-1] else row.bij.get(raad)
        i = bisect_left(row.d, ready if day is None else day) if own is None else bisect_left(row.m, own)
        fits = day is not None and i < len(row.m) and row.d[i] >= day
        day = row.m[i] if fits else None
        days.append(day)
    return tuple(days)


def _back_through(rows: Sequence[Rij], i: int) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    """The last days and paper dates by which the i-th vergadering of the raad can still be reached."""
    raad = rows[-1].m[i]
    last: list[int | None] = [raad]
    papers: list[int | None] = [rows[-1].d[i]]
    done: int | None = rows[-1].d[i]
    for row in reversed(rows[:-1]):
        own = row.bij.get(raad)
        j = -1 if done is None else bisect_right(row.m, done) - 1 if own is None else bisect_left(row.m, own)
        fits = j >= 0 and done is not None and row.m[j] <= done
        last.append(row.m[j] if fits else None)
        done = row.d[j] if fits else None
        papers.append(done)
    return tuple(reversed(last)), tuple(reversed(papers))


def recurring(herhaling: Herhaling, vanaf: date, tot_en_met: date) -> Iterator[date]:
    """The days of a herhaling from ``vanaf`` up to and including ``tot_en_met``, whatever happens on them."""
    until = datetime.combine(tot_en_met, time.min)
    if herhaling.welke:
        days = [weekday(herhaling.weekdag, n) for n in herhaling.welke]
        rule = rrule(MONTHLY, byweekday=days, dtstart=datetime.combine(vanaf, time.min), until=until)
    elif herhaling.om_de_week_vanaf is not None:
        anchor = herhaling.om_de_week_vanaf
        first = vanaf + relativedelta(days=(anchor - vanaf).days % 14)
        rule = rrule(WEEKLY, interval=2, dtstart=datetime.combine(first, time.min), until=until)
    else:
        rule = rrule(WEEKLY, byweekday=herhaling.weekdag, dtstart=datetime.combine(vanaf, time.min), until=until)
    return (moment.date() for moment in rule)


def _recess(werk: Werkkalender, ritme: Raadritme | None, verkiezingen: Sequence[Verkiezing]) -> Iterator[tuple[date, date]]:
    """When a deelnemer does not meet besides the school holidays: a longer summer, and around elections; both ends included."""
    if ritme and ritme.zomerreces_weken_erna:
        for vrij in werk.recessen:
            if (vrij.tot_en_met - vrij.vanaf).days > SUMMER:
                yield vrij.tot_en_met, vrij.tot_en_met + relativedelta(weeks=ritme.zomerreces_weken_erna)
    for verkiezing in verkiezingen:
        yield verkiezing.reces_vanaf, verkiezing.reces_tot_en_met


def _joined(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges of days in order, those that touch as one."""
    run: tuple[int, int] | None = None
    for first, last in sorted(ranges):
        if run is not None and first <= run[1] + 1:
            run = (run[0], max(run[1], last))
            continue
        if run is not None:
            yield run
        run = (first, last)
    if run is not None:
        yield run


def raadswegen(
    deelnemers: Sequence[Deelnemer],
    ritmes: Sequence[Raadritme],
    kalenders: Sequence[Raadskalender],
    verkiezingen: Sequence[Verkiezing],
    werk: Werkkalender,
    op: date,
) -> Mapping[str, Raadsweg]:
    """The way of every deelnemer by slug, seen from ``op``."""
    by_slug = {ritme.deelnemer: ritme for ritme in ritmes}
    return {
        deelnemer.slug: Raadsweg(
            deelnemer, by_slug.get(deelnemer.slug), [k for k in kalenders if k.deelnemer == deelnemer.slug], verkiezingen, werk, op
        )
        for deelnemer in deelnemers
    }
