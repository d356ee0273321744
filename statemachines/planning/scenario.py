"""What if: facts that could be otherwise, and what that does to every dossier. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from statemachines.errors import NoVergaderingInTime, Refused
from statemachines.facts import Orgaan, Status, Vergaderkalender, Vrij
from statemachines.kalender import Onbekend, Werkkalender, written
from statemachines.opening import meets, no_meeting
from statemachines.planning.planner import FITS, Opgelost, Planner, Planvraag, groups
from statemachines.planning.raadsweg import Weg
from statemachines.planning.traject import reeksen_of
from statemachines.route import Stap
from statemachines.stelsel import Stelsel

Uitval = tuple[tuple[str, ...], tuple[str, ...]]
"""The organs that drop out of a ronde, and those that come in."""


@dataclass(frozen=True)
class Verschoven:
    """A stap (or the sluitingsdatum of a ronde) that comes on another day; None is onbekend."""

    stap: str
    naam: str
    was: date | None
    wordt: date | None


@dataclass(frozen=True)
class Gevolg:
    """What a scenario does to one dossier.

    ``doel`` is the concluding vergadering that was agreed, or else planned; ``mist`` says that it is missed now and was not before.
    ``vallen_af`` and ``komen_erbij`` are the organs that can no longer, or can now, answer in time.
    """

    slug: str
    doel: date | None
    einde_was: date | None
    einde_wordt: date | None
    mist: bool
    verschoven: tuple[Verschoven, ...]
    vallen_af: tuple[str, ...]
    komen_erbij: tuple[str, ...]


@dataclass(frozen=True)
class Gevoelig:
    """A vergadering on which dossiers depend: if it falls out, ``missen`` miss their concluding vergadering and ``schuiven`` move."""

    gremium: str
    naam: str
    datum: date
    missen: tuple[str, ...]
    schuiven: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """Other facts, the same vragen under them, and one sentence that says what differs."""

    zin: str
    stelsel: Stelsel
    vragen: tuple[Planvraag, ...]


def move_vergadering(stelsel: Stelsel, vragen: Iterable[Planvraag], gremium: str, van: date, naar: date | None) -> Scenario:
    """A vergadering moves to another day, or falls out (``naar`` is None). Raises Refused when that cannot be."""
    reeks = stelsel.vergaderingen(gremium)
    if reeks.index_on(van) is None:
        raise NoVergaderingInTime(no_meeting(reeks, van))
    if naar is not None:
        _require_day(stelsel.werkkalender, naar)
        if reeks.index_on(naar) is not None:
            raise Refused(f"{reeks.gremium.naam} vergadert al op {written(naar)}; kies een andere dag, of --vervalt.")
    kalenders = tuple(_moved(kalender, van, naar) if kalender.gremium == gremium else kalender for kalender in stelsel.kalenders)
    wat = "vervalt" if naar is None else f"gaat naar {written(naar)}"
    return Scenario(
        f"De vergadering van {reeks.gremium.naam} op {written(van)} {wat}.",
        stelsel.model_copy(update={"kalenders": kalenders}),
        tuple(_relocated(vraag, gremium, van, naar) for vraag in vragen),
    )


def change_termijn(stelsel: Stelsel, vragen: Iterable[Planvraag], weken: int, route: str | None = None) -> Scenario:
    """Every raadpleging that has not been opened yet (of one route) is so many weken long."""
    waar = "elke route" if route is None else f"route {stelsel.route(route).slug}"

    def changed(vraag: Planvraag) -> Planvraag:
        ronde = vraag.raadpleging
        if ronde is None or ronde.slug in vraag.vensters or route not in (None, vraag.route.slug):
            return vraag
        gezet = {slug: day for slug, day in vraag.gezet.items() if slug != ronde.slug}
        return replace(vraag, weken={**vraag.weken, ronde.slug: weken}, gezet=gezet)

    return Scenario(f"De reactietermijn van {waar} is {weken} weken.", stelsel, tuple(changed(vraag) for vraag in vragen))


def add_reces(stelsel: Stelsel, vragen: Iterable[Planvraag], vanaf: date, tot_en_met: date) -> Scenario:
    """The whole region also has recess from ``vanaf`` up to and including ``tot_en_met``."""
    if tot_en_met < vanaf:
        raise Refused(f"Een reces kan niet eindigen op {written(tot_en_met)}, voor het begin op {written(vanaf)}.")
    if not (stelsel.werkkalender.knows(vanaf) and stelsel.werkkalender.knows(tot_en_met)):
        raise Refused(f"Dit reces ligt niet in de kalender: {stelsel.werkkalender.onbekend().waarom}.")
    vrij = Vrij(naam="reces dat wordt geprobeerd", vanaf=vanaf, tot_en_met=tot_en_met, bron="wat als", status=Status.VOORBEELD)
    feiten = stelsel.kalenderfeiten.model_copy(update={"recessen": (*stelsel.kalenderfeiten.recessen, vrij)})
    zin = f"Het is ook reces van {written(vanaf)} tot en met {written(tot_en_met)}."
    return Scenario(zin, stelsel.model_copy(update={"kalenderfeiten": feiten}), tuple(vragen))


def other_facts(stelsel: Stelsel, vragen: Iterable[Planvraag], zin: str) -> Scenario:
    """Other calendars, of gremia or raden; what was agreed for a vergadering that is not in them lapses."""

    def left(vraag: Planvraag) -> Planvraag:
        stappen = {stap.slug: stap for stap in vraag.stappen if stap.ronde is None}
        gone = {slug for slug, day in vraag.gezet.items() if slug in stappen and not meets(stelsel, stappen[slug], day)}
        return replace(vraag, gezet={slug: day for slug, day in vraag.gezet.items() if slug not in gone}) if gone else vraag

    return Scenario(zin, stelsel, tuple(left(vraag) for vraag in vragen))


def compare(before: Planner, was: Sequence[Opgelost], scenario: Scenario) -> list[Gevolg]:
    """What the scenario does to each dossier that it touches; dossiers that it does not touch are not planned again."""
    after = Planner(scenario.stelsel, before.op, like=before)
    return list(gevolgen(before, was, after, replanned(before, was, after, scenario.vragen)))


def replanned(before: Planner, was: Sequence[Opgelost], after: Planner, vragen: Sequence[Planvraag]) -> list[Opgelost]:
    """The plans under other facts; ``vragen`` stand in the order of ``was``.

    A plan of which every stap gives the same answers stays what it is.
    """
    same_days = before.werk.same_werkdagen(after.werk)
    if all(vraag.na is None for vraag in vragen):
        return [_replanned([o], [vraag], after, same_days)[0] for o, vraag in zip(was, vragen, strict=True)]
    old = {opgelost.vraag.slug: opgelost for opgelost in was}
    found = [_replanned([old[vraag.slug] for vraag in groep], groep, after, same_days) for groep in groups(vragen)]
    by_slug = {opgelost.vraag.slug: opgelost for groep in found for opgelost in groep}
    return [by_slug[opgelost.vraag.slug] for opgelost in was]


def _replanned(was: Sequence[Opgelost], groep: Sequence[Planvraag], after: Planner, same_days: bool) -> Sequence[Opgelost]:
    for opgelost, vraag in zip(was, groep, strict=True):
        if not same_days or opgelost.vraag is not vraag:
            return after.solve_group(groep)
        if not _unchanged(opgelost, after):
            break
    else:
        return was
    return after.solve_again(was) if all(o.vraag is vraag for o, vraag in zip(was, groep, strict=True)) else after.solve_group(groep)


def _unchanged(opgelost: Opgelost, after: Planner) -> bool:
    """Whether every stap still turns the same first and last days into the same answers; then the two passes find the same."""
    for i, new in after.differing(opgelost).items():
        old = opgelost.trajecten[i]
        ready, done, last = opgelost.klaar[i], opgelost.gedaan[i], opgelost.gedaan_uiterlijk[i]
        if ready is not None and new.forward(ready) != old.forward(ready):
            return False
        if last is not None and new.back(last) != opgelost.klaar_uiterlijk[i]:
            return False
        if done is not None and last is not None and new.choices(done, last) != old.choices(done, last):
            return False
    return True


def sensitivity(before: Planner, was: Sequence[Opgelost]) -> Iterator[Gevoelig]:
    """For every coming vergadering that a plan uses: what happens when it falls out, the most serious first per gremium and day."""
    vragen = [opgelost.vraag for opgelost in was]
    for gremium, datum in sorted(_used(before, was)):
        gevolgen = compare(before, was, move_vergadering(before.stelsel, vragen, gremium, datum, None))
        missen = tuple(gevolg.slug for gevolg in gevolgen if gevolg.mist)
        schuiven = tuple(gevolg.slug for gevolg in gevolgen if gevolg.verschoven and not gevolg.mist)
        if missen or schuiven:
            yield Gevoelig(gremium, before.stelsel.gremium(gremium).naam, datum, missen, schuiven)


def _used(planner: Planner, was: Sequence[Opgelost]) -> set[tuple[str, date]]:
    found = set()
    for opgelost in was:
        for stap, done in zip(opgelost.stappen, opgelost.gedaan, strict=True):
            if stap.ronde is not None or done is None:
                continue
            day = date.fromordinal(done)
            for reeks in reeksen_of(planner.stelsel, stap, combi=True):
                if day >= planner.op and reeks.index_on(day) is not None:
                    found.add((reeks.gremium.slug, day))
    return found


def gevolgen(before: Planner, was: Sequence[Opgelost], after: Planner, now: Sequence[Opgelost]) -> Iterator[Gevolg]:
    """What differs between two plannings of the same dossiers, in order."""
    raden_too = before.raadswegen is not after.raadswegen
    kept: dict[object, Uitval] = {}
    for old, new in zip(was, now, strict=True):
        if old is new and not raden_too:
            continue
        moved = () if old.gedaan == new.gedaan else tuple(_moves(old, new))
        off, on = _raden(before, old, after, new, kept)
        doel = new.vraag.doel.toordinal() if new.vraag.doel else old.einde
        missed_now = doel is not None and (new.einde is None or new.einde > doel)
        missed_before = old.vraag.doel is not None and (old.einde is None or old.einde > old.vraag.doel.toordinal())
        mist = missed_now and not missed_before
        if moved or off or on or mist:
            yield Gevolg(old.vraag.slug, _day(doel), _day(old.einde), _day(new.einde), mist, moved, off, on)


def _moves(old: Opgelost, new: Opgelost) -> Iterator[Verschoven]:
    for stap, was, wordt in zip(old.stappen, old.gedaan, new.gedaan, strict=True):
        if was != wordt:
            yield Verschoven(stap.slug, stap.naam, _shown(stap, was), _shown(stap, wordt))


def _raden(before: Planner, old: Opgelost, after: Planner, new: Opgelost, kept: dict[object, Uitval]) -> Uitval:
    """Who can no longer, or can now, answer in one of the rondes of a dossier; ``kept`` remembers it per pair of termijnen."""
    off: dict[str, None] = {}
    on: dict[str, None] = {}
    for i in old.vraag.rondes:
        if (old.klaar[i], old.gedaan[i]) == (new.klaar[i], new.gedaan[i]) and before.raadswegen is after.raadswegen:
            continue
        was, now, ronde = before.venster(old, i), after.venster(new, i), old.stappen[i].ronde
        if ronde is None or was is None or now is None:
            continue
        key = (ronde.kring, was, now)
        if key not in kept:
            kept[key] = _changed_raden(before.wegen(ronde.kring, *was), after.wegen(ronde.kring, *now))
        off |= dict.fromkeys(kept[key][0])
        on |= dict.fromkeys(kept[key][1])
    return tuple(off), tuple(on)


def _changed_raden(was: Sequence[tuple[Orgaan, Weg]], now: Sequence[tuple[Orgaan, Weg]]) -> Uitval:
    fitted = {orgaan.slug for orgaan, weg in was if weg.oordeel in FITS}
    fits = {orgaan.slug for orgaan, weg in now if weg.oordeel in FITS}
    asked = [orgaan.slug for orgaan, _ in now]
    return tuple(s for s in asked if s in fitted - fits), tuple(s for s in asked if s in fits - fitted)


def _day(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _shown(stap: Stap, done: int | None) -> date | None:
    """The vergadering, or the sluitingsdatum: a ronde is done on the day after it."""
    return None if done is None else date.fromordinal(done - 1 if stap.ronde is not None else done)


def _moved(kalender: Vergaderkalender, van: date, naar: date | None) -> Vergaderkalender:
    """A calendar without the vergadering on ``van``; where it was, the one on ``naar`` comes."""
    if all(v.datum != van for v in kalender.vergaderingen):
        return kalender
    rest = [v for v in kalender.vergaderingen if v.datum != van]
    if naar is not None:
        extra = next(v for v in kalender.vergaderingen if v.datum == van).model_copy(update={"datum": naar, "aanleverdatum": None})
        rest = sorted([*rest, extra], key=lambda v: v.datum)
    return kalender.model_copy(update={"vergaderingen": tuple(rest)})


def _relocated(vraag: Planvraag, gremium: str, van: date, naar: date | None) -> Planvraag:
    """What was agreed for a vergadering goes along with it, or lapses with it; the vergadering that concludes too."""
    own = {stap.slug for stap in vraag.stappen if gremium in (stap.gremium, *stap.naast, stap.combi)}
    hit = {slug for slug, day in vraag.gezet.items() if slug in own and day == van}
    doel = vraag.doel
    if naar is not None and doel == van and vraag.stappen[vraag.laatste].slug in own:
        doel = naar
    if not hit and doel == vraag.doel:
        return vraag
    gezet = {slug: (naar if slug in hit else day) for slug, day in vraag.gezet.items()}
    return replace(vraag, gezet={slug: day for slug, day in gezet.items() if day is not None}, doel=doel)


def _require_day(werk: Werkkalender, day: date) -> None:
    """Raises Refused for a day on which no gremium meets."""
    if not werk.knows(day):
        raise Refused(f"{written(day)} ligt niet in de kalender: {werk.onbekend().waarom}.")
    if not werk.is_werkdag(day):
        later = werk.roll(day)
        anders = "" if isinstance(later, Onbekend) else f"; de eerste werkdag daarna is {written(later)}"
        raise Refused(f"{written(day)} is geen werkdag{anders}.")
