"""The year of a region: what is on every agenda, which termijnen hit the same raden at once, elections and recess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from statemachines.facts import Kring
from statemachines.kalender import DAY
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.traject import reeksen_of


@dataclass(frozen=True)
class Agendapunt:
    """A document on an agenda."""

    slug: str
    stap: str
    naam: str


@dataclass(frozen=True)
class Jaarzitting:
    """A vergadering of a gremium, when papers are due, and what is planned for it."""

    gremium: str
    naam: str
    datum: date
    aanleverdatum: date
    punten: tuple[Agendapunt, ...]


@dataclass(frozen=True)
class Jaarronde:
    """A reactietermijn that runs in the year, both days included."""

    slug: str
    naam: str
    kring: Kring
    van: date
    tot_en_met: date
    gevraagd: int


@dataclass(frozen=True)
class Botsing:
    """Two reactietermijnen that ask something of the same ``raden`` (a number) on the same days, both ends included."""

    eerste: str
    tweede: str
    van: date
    tot_en_met: date
    raden: int


@dataclass(frozen=True)
class Periode:
    """A recess or election of the year; both days included."""

    naam: str
    van: date
    tot_en_met: date


@dataclass(frozen=True)
class Onbepaald:
    """A stap that has no date, and of which dossier."""

    slug: str
    naam: str


@dataclass(frozen=True)
class Jaarplan:
    """A year: vergaderingen in order of day, termijnen, what clashes, and what has no date yet."""

    jaar: int
    zittingen: tuple[Jaarzitting, ...]
    rondes: tuple[Jaarronde, ...]
    botsingen: tuple[Botsing, ...]
    recessen: tuple[Periode, ...]
    verkiezingen: tuple[Periode, ...]
    onbepaald: tuple[Onbepaald, ...]


def year_of(planner: Planner, opgelost: Sequence[Opgelost], jaar: int) -> Jaarplan:
    """All that is planned in a calendar year."""
    first, last = date(jaar, 1, 1), date(jaar, 12, 31)
    rondes = sorted(_rondes(planner, opgelost, first, last), key=lambda ronde: (ronde.van, ronde.slug))
    stelsel = planner.stelsel
    return Jaarplan(
        jaar=jaar,
        zittingen=tuple(sorted(_zittingen(planner, opgelost, first, last), key=lambda z: (z.datum, z.gremium))),
        rondes=tuple(rondes),
        botsingen=tuple(_clashes(planner, rondes)),
        recessen=tuple(Periode(r.naam, r.vanaf, r.tot_en_met) for r in planner.werk.recessen if r.vanaf <= last and r.tot_en_met >= first),
        verkiezingen=tuple(Periode(v.naam, v.reces_vanaf, v.reces_tot_en_met) for v in stelsel.verkiezingen if first <= v.datum <= last),
        onbepaald=tuple(
            Onbepaald(o.vraag.slug, stap.naam) for o in opgelost for stap, done in zip(o.stappen, o.gedaan, strict=True) if done is None
        ),
    )


def _zittingen(planner: Planner, opgelost: Sequence[Opgelost], first: date, last: date) -> Iterator[Jaarzitting]:
    punten: dict[tuple[str, date], list[Agendapunt]] = {}
    for plan in opgelost:
        for stap, done in zip(plan.stappen, plan.gedaan, strict=True):
            if stap.ronde is not None or done is None:
                continue
            day = date.fromordinal(done)
            for reeks in reeksen_of(planner.stelsel, stap, combi=True):
                if reeks.index_on(day) is not None:
                    punten.setdefault((reeks.gremium.slug, day), []).append(Agendapunt(plan.vraag.slug, stap.slug, stap.naam))
                    break
        for slug, left in plan.vraag.geweest.items():
            past = plan.vraag.route.stap(slug)
            if past is not None and past.ronde is None and planner.stelsel.vergaderingen(past.gremium).index_on(left) is not None:
                punten.setdefault((past.gremium, left), []).append(Agendapunt(plan.vraag.slug, slug, past.naam))
    for gremium in planner.stelsel.gremia:
        reeks = planner.stelsel.vergaderingen(gremium.slug)
        for i, day in enumerate(reeks.dagen):
            if first <= day <= last:
                zitting = reeks.zitting(i)
                on = tuple(punten.get((gremium.slug, day), ()))
                yield Jaarzitting(gremium.slug, gremium.naam, day, zitting.aanleverdatum.datum, on)


def _rondes(planner: Planner, opgelost: Sequence[Opgelost], first: date, last: date) -> Iterator[Jaarronde]:
    for plan in opgelost:
        for i, stap in enumerate(plan.stappen):
            window = planner.venster(plan, i)
            if stap.ronde is None or window is None:
                continue
            van, einde = (date.fromordinal(day) for day in window)
            if van <= last and einde >= first:
                asked = planner.stelsel.organen(stap.ronde.kring, van)
                yield Jaarronde(plan.vraag.slug, stap.naam, stap.ronde.kring, van, einde, len(asked))


def _clashes(planner: Planner, rondes: Sequence[Jaarronde]) -> Iterator[Botsing]:
    """Pairs of termijnen among the same kring that share days; everyone who is deelnemer on the first shared day is hit twice."""
    for a, b in combinations(rondes, 2):
        van, einde = max(a.van, b.van), min(a.tot_en_met, b.tot_en_met)
        if a.kring is b.kring and van + DAY <= einde:
            yield Botsing(a.slug, b.slug, van, einde, len(planner.stelsel.organen(a.kring, van)))
