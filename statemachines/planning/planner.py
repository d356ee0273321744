"""Plans dossiers by one version of the facts: their knopen, the two passes, and for each termijn the way of every deelnemer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from statemachines.facts import Kring, Orgaan, Vergaderkalender
from statemachines.kalender import Venster
from statemachines.payloads import Planning
from statemachines.planning.netwerk import Knoop, Tijden, first_late, solve
from statemachines.planning.raadsweg import Oordeel, Raadsweg, Weg, raadswegen
from statemachines.planning.traject import Lopend, Traject, reeksen_of, traject_of
from statemachines.route import Antwoord, Route, Stap, Termijn
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Planvraag:
    """What must be planned: a route from ``stap`` on, for which the document is ready on ``vanaf``.

    ``doel`` is the day on which the last vergadering must conclude. ``gezet`` holds per stap the day that was agreed for it (its
    vergadering, or the sluitingsdatum of its ronde), ``vensters`` the rondes whose days are fixed, ``weken`` another length for a
    termijn and ``minstens`` the kalenderdagen that were agreed for it. ``geweest`` holds the day on which each earlier stap was left.
    ``na`` is the dossier that comes first, with the werkdagen between. ``afgesproken`` is the planning that was kept last.
    """

    slug: str
    route: Route
    stap: str
    vanaf: date
    doel: date | None = None
    gezet: Mapping[str, date] = field(default_factory=dict)
    vensters: Mapping[str, Venster] = field(default_factory=dict)
    weken: Mapping[str, int] = field(default_factory=dict)
    minstens: Mapping[str, int] = field(default_factory=dict)
    geweest: Mapping[str, date] = field(default_factory=dict)
    na: str | None = None
    na_werkdagen: int = 0
    afgesproken: Planning | None = None

    @cached_property
    def stappen(self) -> tuple[Stap, ...]:
        """The stappen still to do, in order, when nothing is held over or sent back."""
        return self.route.main_path(self.stap)

    @property
    def laatste(self) -> int:
        """The index in ``stappen`` of the vergadering that concludes."""
        return self.route.concludes(self.stap)

    @cached_property
    def rondes(self) -> tuple[int, ...]:
        """The indexes in ``stappen`` of the rondes."""
        return tuple(i for i, stap in enumerate(self.stappen) if stap.ronde is not None)

    def termijn(self, stap: Stap) -> Termijn | None:
        """The termijn of a ronde, with the weken that are asked here."""
        if stap.ronde is None or stap.slug not in self.weken:
            return None if stap.ronde is None else stap.ronde.termijn
        return stap.ronde.termijn.model_copy(update={"weken": self.weken[stap.slug]})

    @property
    def raadpleging(self) -> Stap | None:
        """The first ronde to come in which inbreng is asked."""
        return next((stap for stap in self.stappen if stap.ronde is not None and stap.ronde.antwoord is Antwoord.INBRENG), None)


@dataclass(frozen=True, slots=True)
class Opgelost:
    """A planned dossier in ordinals: per stap when it is ready and done, first and last; ``netwerk`` is what it was planned in."""

    vraag: Planvraag
    stappen: tuple[Stap, ...]
    trajecten: tuple[Traject, ...]
    klaar: Sequence[int | None]
    gedaan: Sequence[int | None]
    klaar_uiterlijk: Sequence[int | None]
    gedaan_uiterlijk: Sequence[int | None]
    netwerk: tuple[list[Knoop], Tijden]

    @property
    def einde(self) -> int | None:
        """The day on which the last vergadering concludes at the earliest."""
        return self.gedaan[self.vraag.laatste]

    @property
    def alone(self) -> Planvraag:
        """The vraag by itself: what it waits for is the day on which it is ready."""
        ready = self.klaar[0]
        return self.vraag if ready is None else replace(self.vraag, na=None, vanaf=date.fromordinal(ready))

    @property
    def breaks(self) -> int | None:
        """The index of the first stap that cannot be done in time; None when everything fits."""
        return first_late(self.gedaan, self.gedaan_uiterlijk)

    def choices(self, i: int) -> int | None:
        """The slack of a stap in vergaderingen: how often it can still be later."""
        first, last = self.gedaan[i], self.gedaan_uiterlijk[i]
        return None if first is None or last is None else self.trajecten[i].choices(first, last)


class Planner:
    """Plans by one version of the facts, seen from the day ``op``; what was computed once is kept.

    ``like`` is a planner by facts that differ little: what those facts share is not computed again.
    """

    def __init__(self, stelsel: Stelsel, op: date, like: Planner | None = None) -> None:
        self.stelsel, self.op, self.werk = stelsel, op, stelsel.werkkalender
        self._trajecten: dict[tuple[int, str, int | None, int], tuple[Traject, frozenset[str], Route]] = {}
        self._wegen: dict[tuple[Kring, int, int], tuple[tuple[Orgaan, Weg], ...]] = {}
        self._raadswegen: Mapping[str, Raadsweg] | None = None
        self._paths: dict[tuple[object, ...], tuple[Traject, ...]] = {}
        self._differing: dict[tuple[object, ...], Mapping[int, Traject]] = {}
        if like is not None and like.stelsel.werkkalender is self.werk:
            changed = _changed_gremia(like.stelsel.kalenders, stelsel.kalenders)
            self._trajecten = {key: kept for key, kept in like._trajecten.items() if changed.isdisjoint(kept[1])}
            if all(getattr(like.stelsel, name) == getattr(stelsel, name) for name in _OF_RADEN):
                self._raadswegen, self._wegen = like.raadswegen, like._wegen

    def trajecten(self, vraag: Planvraag) -> tuple[Traject, ...]:
        """What the document of this vraag goes through, stap by stap."""
        if vraag.vensters:
            return tuple(self._traject(vraag, stap) for stap in vraag.stappen)
        key = _shape(vraag)
        if key not in self._paths:
            self._paths[key] = tuple(self._traject(vraag, stap) for stap in vraag.stappen)
        return self._paths[key]

    def _traject(self, vraag: Planvraag, stap: Stap) -> Traject:
        if stap.slug in vraag.vensters:
            venster = vraag.vensters[stap.slug]
            return Lopend(venster.van.datum.toordinal(), venster.tot_en_met.datum.toordinal() + 1)
        # By identity: a running dossier may have an older version of a route; the kept route keeps that identity taken.
        key = (id(vraag.route), stap.slug, vraag.weken.get(stap.slug), vraag.minstens.get(stap.slug, 0))
        if key not in self._trajecten:
            reeksen = [] if stap.ronde is not None else reeksen_of(self.stelsel, stap, combi=True)
            gremia = frozenset(reeks.gremium.slug for reeks in reeksen)
            self._trajecten[key] = traject_of(self.stelsel, stap, vraag.termijn(stap), key[3]), gremia, vraag.route
        return self._trajecten[key][0]

    def solve(self, vragen: Iterable[Planvraag]) -> list[Opgelost]:
        """Plans every vraag; those that wait for each other as one network."""
        vragen = list(vragen)
        found = {opgelost.vraag.slug: opgelost for groep in groups(vragen) for opgelost in self.solve_group(groep)}
        return [found[vraag.slug] for vraag in vragen]

    def solve_group(self, groep: Sequence[Planvraag]) -> list[Opgelost]:
        """Plans vragen that wait for each other, each after the one that it waits for."""
        knopen: list[Knoop] = []
        ends: dict[str, int] = {}
        for vraag in groep:
            start, stappen, laatste = len(knopen), vraag.stappen, vraag.laatste
            na = ((ends[vraag.na], vraag.na_werkdagen),) if vraag.na is not None and vraag.na in ends else ()
            agreed = self._agreed(vraag) if vraag.gezet or vraag.doel or vraag.vensters else {}
            doel = vraag.doel.toordinal() if vraag.doel else None
            vroegst: int | None = vraag.vanaf.toordinal()
            for i, (stap, traject) in enumerate(zip(stappen, self.trajecten(vraag), strict=True)):
                concludes = i == laatste
                knopen.append(Knoop(traject, na, vroegst, agreed.get(stap.slug), doel if concludes else None, concludes))
                na, vroegst = ((start + i, stap.verwerking_werkdagen),), None
            ends[vraag.slug] = start + laatste
        return _cut(groep, knopen, solve(knopen, self.werk))

    def _agreed(self, vraag: Planvraag) -> dict[str, int]:
        """Per stap the day before which it is not done because that was agreed: after a sluitingsdatum comes the day it is over.

        A vergadering that is not in the calendar any more binds nobody.
        """
        agreed = {slug: venster.tot_en_met.datum.toordinal() + 1 for slug, venster in vraag.vensters.items()}
        concludes = vraag.stappen[vraag.laatste].slug
        wanted = {**vraag.gezet, concludes: vraag.doel} if vraag.doel is not None else vraag.gezet
        for slug, day in wanted.items():
            stap = vraag.route.stap(slug)
            if stap is None or slug in agreed:
                continue
            if stap.ronde is not None:
                agreed[slug] = day.toordinal() + 1
            elif any(reeks.index_on(day) is not None for reeks in reeksen_of(self.stelsel, stap, combi=True)):
                agreed[slug] = day.toordinal()
        return agreed

    def differing(self, was: Opgelost) -> Mapping[int, Traject]:
        """By index the stappen that go through something else by these facts than by those of ``was``, and what.

        A ronde whose days are fixed does not depend on facts. The answer is the same for every vraag of this shape.
        """
        key = _shape(was.vraag)
        if key not in self._differing:
            pairs = zip(was.trajecten, self.trajecten(was.vraag), strict=True)
            self._differing[key] = {i: new for i, (old, new) in enumerate(pairs) if new is not old and not isinstance(new, Lopend)}
        return self._differing[key]

    def solve_again(self, was: Sequence[Opgelost]) -> list[Opgelost]:
        """A network that was planned by facts that counted the same werkdagen: only what differs, and what that moves, is asked again."""
        old, tijden = was[0].netwerk
        knopen, changed, first = list(old), set(), 0
        for opgelost in was:
            for i, traject in self.differing(opgelost).items():
                knoop = old[first + i]
                knopen[first + i] = Knoop(traject, knoop.na, knoop.vroegst, knoop.gezet, knoop.uiterlijk, knoop.streeft)
                changed.add(first + i)
            first += len(opgelost.stappen)
        return _cut([opgelost.vraag for opgelost in was], knopen, solve(knopen, self.werk, tijden, changed))

    def earliest(self, opgelost: Opgelost) -> Opgelost:
        """The same vraag without a doel: when it can be done at the earliest."""
        concludes = opgelost.stappen[opgelost.vraag.laatste].slug
        free = {slug: day for slug, day in opgelost.vraag.gezet.items() if slug != concludes}
        return self.solve_group([replace(opgelost.alone, doel=None, gezet=free)])[0]

    def venster(self, opgelost: Opgelost, i: int) -> tuple[int, int] | None:
        """First and last day of the ronde of a stap, as planned; None when that is not known."""
        stap, done = opgelost.stappen[i], opgelost.gedaan[i]
        fixed = opgelost.vraag.vensters.get(stap.slug)
        if fixed is not None:
            return fixed.van.datum.toordinal(), fixed.tot_en_met.datum.toordinal()
        termijn, ready = opgelost.vraag.termijn(stap), opgelost.klaar[i]
        minstens = opgelost.vraag.minstens.get(stap.slug, 0)
        window = None if termijn is None or ready is None else self.werk.window_of(ready, termijn, minstens)
        return None if window is None or done is None else (window[0], done - 1)

    @property
    def raadswegen(self) -> Mapping[str, Raadsweg]:
        """What is known of every deelnemer, by slug."""
        if self._raadswegen is None:
            s = self.stelsel
            self._raadswegen = raadswegen(s.deelnemers, s.ritmes, s.raadskalenders, s.verkiezingen, self.werk, self.op)
        return self._raadswegen

    def wegen(self, kring: Kring, van: int, tot_en_met: int) -> tuple[tuple[Orgaan, Weg], ...]:
        """For everyone who is asked in a termijn: whether its own way fits.

        A deelnemer that ends within the termijn passes its place to its successor: then the calendar of that one counts.
        """
        key = (kring, van, tot_en_met)
        if key not in self._wegen:
            asked = self.stelsel.organen(kring, date.fromordinal(van))
            self._wegen[key] = tuple((o, self.weg_of(o, tot_en_met).walk(kring, van, tot_en_met)) for o in asked)
        return self._wegen[key]

    def weg_of(self, orgaan: Orgaan, tot_en_met: int) -> Raadsweg:
        """The calendar by which an organ answers: its own, or that of whoever has taken over by the end of the termijn."""
        weg = self.raadswegen[orgaan.deelnemer]
        ends, heir = weg.deelnemer.geldig_tot, weg.deelnemer.opgevolgd_door
        return self.raadswegen[heir] if ends is not None and heir is not None and ends.toordinal() < tot_en_met else weg


_OF_RADEN = ("deelnemers", "ritmes", "raadskalenders", "verkiezingen")
"""The facts from which the way of a deelnemer follows."""

FITS = frozenset({Oordeel.HAALBAAR, Oordeel.KRAP})
"""The deelnemer can answer in time."""


def _cut(groep: Sequence[Planvraag], knopen: list[Knoop], t: Tijden) -> list[Opgelost]:
    """One answer per vraag of a network in which their knopen stand one after the other."""
    found, first = [], 0
    for vraag in groep:
        s = slice(first, first + len(vraag.stappen))
        trajecten = tuple([knoop.traject for knoop in knopen[s]])
        found.append(
            Opgelost(vraag, vraag.stappen, trajecten, t.klaar[s], t.gedaan[s], t.klaar_uiterlijk[s], t.gedaan_uiterlijk[s], (knopen, t))
        )
        first = s.stop
    return found


def groups(vragen: Sequence[Planvraag]) -> list[list[Planvraag]]:
    """Vragen that wait for each other together, each after the one that it waits for."""
    by_slug = {vraag.slug: vraag for vraag in vragen}
    found: dict[str, list[tuple[int, Planvraag]]] = {}
    for vraag in vragen:
        root, depth = vraag, 0
        while root.na in by_slug and root.na is not None and depth < len(vragen):
            root, depth = by_slug[root.na], depth + 1
        found.setdefault(root.slug, []).append((depth, vraag))
    return [[vraag for _, vraag in sorted(groep, key=lambda pair: pair[0])] for groep in found.values()]


def _shape(vraag: Planvraag) -> tuple[object, ...]:
    """What decides the trajecten of a vraag."""
    if not (vraag.vensters or vraag.weken or vraag.minstens):
        return (id(vraag.route), vraag.stap)
    return (id(vraag.route), vraag.stap, *vraag.vensters, *vraag.weken.items(), *vraag.minstens.items())


def _changed_gremia(was: Sequence[Vergaderkalender], now: Sequence[Vergaderkalender]) -> frozenset[str]:
    """The gremia whose calendars differ."""
    gremia = {kalender.gremium for kalender in (*was, *now)}
    return frozenset(g for g in gremia if [k for k in was if k.gremium == g] != [k for k in now if k.gremium == g])
