"""What lies on the coming agendas: for each vergadering the items, with who carries them, to what end, and what is still missing."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachines.dossier import Dossier
from statemachines.facts import Laag, Status
from statemachines.kalender import Onbekend
from statemachines.opening import meets
from statemachines.planning.planner import Opgelost
from statemachines.route import Stap, StapRol
from statemachines.stelsel import Stelsel

SHOWN = 2
"""How many coming vergaderingen of a gremium are shown."""

OPLEGGER = "oplegger"
"""The slug of the stuk that tells a vergadering what is asked of it."""

DOEL = {
    StapRol.VOORBEREIDEN: "ter voorbereiding",
    StapRol.ADVISEREN: "ter advisering",
    StapRol.VRIJGEVEN: "ter vrijgave",
    StapRol.RAADPLEGEN: "ter raadpleging",
    StapRol.BEANTWOORDEN: "ter beantwoording van de inbreng",
    StapRol.VASTSTELLEN: "ter vaststelling",
    StapRol.BEKRACHTIGEN: "ter bekrachtiging",
    StapRol.KENNISNEMEN: "ter kennisname",
}
"""To what end a document comes to a vergadering, by the rol of the stap."""

_DECIDES = frozenset({StapRol.VRIJGEVEN, StapRol.BEANTWOORDEN, StapRol.VASTSTELLEN})


class Zekerheid(StrEnum):
    """How sure it is that an item comes on this day."""

    VAST = "vast"
    AFGESPROKEN = "afgesproken"
    VERWACHT = "verwacht"
    BEHANDELD = "behandeld"


class Adviesstand(StrEnum):
    """How far an advice is; ``ONTBREEKT``: without it the stap does not close."""

    BINNEN = "binnen"
    GEVRAAGD = "gevraagd"
    ONTBREEKT = "ontbreekt"
    STRAKS = "wordt gevraagd"


@dataclass(frozen=True)
class Bekeken:
    """A dossier as it was read, with its title; ``opgelost`` is its plan, None for one that has ended."""

    dossier: Dossier
    titel: str
    opgelost: Opgelost | None


@dataclass(frozen=True)
class Advies:
    """An advice beside an item; ``datum`` is the day on which it came."""

    gremium: str
    naam: str
    stand: Adviesstand
    datum: date | None


@dataclass(frozen=True)
class Agendapunt:
    """An item. ``trekker`` is the name of a role, None when nobody was named; ``oplegger`` the versie that is there, None for none."""

    dossier: str
    titel: str
    stap: str
    stap_naam: str
    doel: str
    trekker: str | None
    aanleverdatum: date | None
    oplegger: str | None
    adviezen: tuple[Advies, ...]
    zekerheid: Zekerheid


@dataclass(frozen=True)
class Conceptagenda:
    """A coming vergadering with its items; without ``datum``, ``waarom`` says why no further one is known."""

    gremium: str
    naam: str
    datum: date | None
    status: Status
    waarom: str
    punten: tuple[Agendapunt, ...]


def calendar_status(stelsel: Stelsel, gremium: str, day: date) -> Status:
    """How sure a vergadering of a gremium is; one that is in no calendar is an aanname."""
    own = (kalender for kalender in stelsel.kalenders if kalender.gremium == gremium)
    return next((k.status for k in own if any(v.datum == day for v in k.vergaderingen)), Status.AANNAME)


def urgent_day(dossier: Dossier) -> date | None:
    """The vergadering outside the calendar that was set with spoed for the current stap; None when it has none."""
    stap = dossier.route.stap(dossier.fase)
    day = dossier.opening.zitting.vergadering if dossier.opening and dossier.opening.zitting else None
    return None if stap is None or day is None or meets(dossier.stelsel, stap, day) else day


def agendas(stelsel: Stelsel, bekeken: Iterable[Bekeken], gremium: str, datum: date, op: date) -> Iterator[Conceptagenda]:
    """The coming agendas of a gremium from ``datum`` on; for an ambtelijk gremium those of the gremia that it prepares."""
    wanted = _shown_gremia(stelsel, gremium)
    placed: dict[tuple[str, date], list[Agendapunt]] = {}
    urgent: dict[str, set[date]] = {}
    for seen in bekeken:
        for place, day, punt in _items(stelsel, seen, op):
            if place in wanted and day >= datum:
                placed.setdefault((place, day), []).append(punt)
                if stelsel.vergaderingen(place).index_on(day) is None and punt.zekerheid is Zekerheid.VAST:
                    urgent.setdefault(place, set()).add(day)
    for slug in wanted:
        yield from _coming(stelsel, slug, datum, placed, urgent.get(slug, set()))


def _shown_gremia(stelsel: Stelsel, gremium: str) -> tuple[str, ...]:
    if stelsel.gremium(gremium).laag is not Laag.AMBTELIJK:
        return (gremium,)
    stappen = [stap for route in stelsel.routes for stap in route.stappen if stap.ronde is None]
    if any(gremium in (stap.gremium, *stap.naast, stap.combi) for stap in stappen if stap.uitkomsten):
        return (gremium,)
    decides = {stap.gremium for stap in stappen if stap.rol in _DECIDES}
    return tuple(known.slug for known in stelsel.gremia if known.slug in decides) or (gremium,)


def _coming(
    stelsel: Stelsel, slug: str, datum: date, placed: dict[tuple[str, date], list[Agendapunt]], urgent: set[date]
) -> Iterator[Conceptagenda]:
    reeks, naam = stelsel.vergaderingen(slug), stelsel.gremium(slug).naam
    known = reeks.dagen[bisect_left(reeks.dagen, datum) :]
    days = sorted({*known[:SHOWN], *urgent})[:SHOWN]
    for day in days:
        waarom = "extra vergadering met spoed, buiten de kalender" if day in urgent else ""
        yield Conceptagenda(slug, naam, day, calendar_status(stelsel, slug, day), waarom, tuple(placed.get((slug, day), ())))
    if len(days) < SHOWN:
        waarom = reeks.onbekend(days[-1] if days else datum).waarom
        yield Conceptagenda(slug, naam, None, Status.AANNAME, waarom, ())


def _items(stelsel: Stelsel, seen: Bekeken, op: date) -> Iterator[tuple[str, date, Agendapunt]]:
    """Where a dossier was and comes: gremium, day, item. A stap that is agreed or forecast comes as the planner has it."""
    dossier, opgelost = seen.dossier, seen.opgelost
    for slug, left in dossier.verlaten.items():
        past = dossier.route.stap(slug)
        if past is not None and past.ronde is None:
            yield past.gremium, left, _item(stelsel, seen, past, None, Zekerheid.BEHANDELD)
    urgent = urgent_day(dossier)
    for i, stap in enumerate(opgelost.stappen if opgelost else ()):
        assert opgelost is not None
        done = opgelost.gedaan[i]
        if stap.ronde is not None or done is None:
            continue
        if i == 0 and urgent is not None and urgent >= op:
            yield stap.gremium, urgent, _item(stelsel, seen, stap, urgent, Zekerheid.VAST)
            continue
        for gremium, day in _meetings(stelsel, dossier if i == 0 else None, stap, opgelost.klaar[i], date.fromordinal(done)):
            yield gremium, day, _item(stelsel, seen, stap, day, _certainty(dossier, i, stap, date.fromordinal(done)), gremium)


def _meetings(stelsel: Stelsel, here: Dossier | None, stap: Stap, ready: int | None, done: date) -> Iterator[tuple[str, date]]:
    """The gremia that handle a stap that is done on ``done``, each with its own day; who has decided side by side does not come again."""
    if stap.combi is not None and stelsel.vergaderingen(stap.combi).index_on(done) is not None:
        yield stap.combi, done
        return
    waiting = here.naast.waiting if here is not None and here.naast is not None else ()
    for gremium in waiting or (stap.gremium, *stap.naast):
        reeks = stelsel.vergaderingen(gremium)
        if reeks.index_on(done) is not None:
            yield gremium, done
        elif ready is not None:
            first = reeks.next_for(date.fromordinal(ready))
            if not isinstance(first, Onbekend) and first.vergadering.datum <= done:
                yield gremium, first.vergadering.datum


def _certainty(dossier: Dossier, i: int, stap: Stap, done: date) -> Zekerheid:
    zitting = dossier.opening.zitting if i == 0 and dossier.opening else None
    if zitting is not None and zitting.vergadering == done:
        return Zekerheid.VAST
    agreed = dossier.planning.stap(stap.slug) if dossier.planning else None
    return Zekerheid.AFGESPROKEN if agreed is not None and agreed.vergadering == done else Zekerheid.VERWACHT


def _item(stelsel: Stelsel, seen: Bekeken, stap: Stap, day: date | None, zekerheid: Zekerheid, gremium: str | None = None) -> Agendapunt:
    dossier = seen.dossier
    versies = dossier.stukken.get(OPLEGGER, ())
    return Agendapunt(
        dossier=dossier.slug,
        titel=seen.titel,
        stap=stap.slug,
        stap_naam=stap.naam,
        doel=DOEL[stap.rol],
        trekker=dossier.stelsel.ontvanger_van_rol(dossier.trekker).naam if dossier.trekker else None,
        aanleverdatum=None if day is None else _papers(stelsel, dossier, stap, day, gremium or stap.gremium),
        oplegger=versies[-1].versie.value if versies else None,
        adviezen=() if zekerheid is Zekerheid.BEHANDELD else tuple(_advices(dossier, stap)),
        zekerheid=zekerheid,
    )


def _papers(stelsel: Stelsel, dossier: Dossier, stap: Stap, day: date, gremium: str) -> date | None:
    zitting = dossier.opening.zitting if dossier.opening and stap.slug == dossier.fase else None
    if zitting is not None and zitting.vergadering == day:
        return zitting.aanleverdatum
    on = stelsel.vergaderingen(gremium).on(day)
    return on.aanleverdatum.datum if on is not None else None


def _advices(dossier: Dossier, stap: Stap) -> Iterator[Advies]:
    """The advice beside a stap: given, asked or missing where the dossier is, and what will be asked at stappen to come."""
    naam_van, naast = dossier.stelsel.naam_van, dossier.naast
    if stap.slug != dossier.fase or naast is None:
        yield from (Advies(asked.gremium, naam_van(asked.gremium), Adviesstand.STRAKS, None) for asked in stap.adviezen)
        return
    for slug, stand in naast.adviezen.items():
        if slug in naast.given:
            yield Advies(slug, naam_van(slug), Adviesstand.BINNEN, stand.datum)
        else:
            yield Advies(slug, naam_van(slug), Adviesstand.ONTBREEKT if slug in naast.missing else Adviesstand.GEVRAAGD, None)
