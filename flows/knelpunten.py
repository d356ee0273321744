"""What does not fit: vergaderingen and rondes that clash, stappen without a date, and raden that cannot make a ronde."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flows.agendapunten import Bekeken
from statemachines.dossier import Dossier
from statemachines.facts import Status
from statemachines.kalender import written
from statemachines.opening import meets
from statemachines.planning.jaar import year_of
from statemachines.planning.kans import Kans, Kansstatus, kansen_in
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.raadsweg import Niveau, Oordeel
from statemachines.planning.raden import Raadplan, raden_of
from statemachines.planning.waarschuwing import waarschuwingen
from statemachines.planning.zonder_datum import why_undated
from statemachines.ronde import ANSWERED


class Botsingsoort(StrEnum):
    """What does not fit."""

    RONDES = "rondes tegelijk"
    TERMIJN = "termijn"
    DOEL = "doel niet haalbaar"
    VERVALLEN = "vergadering vervallen"
    ZONDER_DATUM = "zonder datum"


@dataclass(frozen=True)
class Botsing:
    """Something that does not fit, of one or two dossiers, in a sentence."""

    soort: Botsingsoort
    dossiers: tuple[str, ...]
    titels: tuple[str, ...]
    zin: str


class Zorgsoort(StrEnum):
    """Why an organ cannot make a ronde: its own way does not fit in it, or what it gives now does not count any more."""

    PAST_NIET = "past niet"
    TE_LAAT = "te laat"


@dataclass(frozen=True)
class Raadzorg:
    """An organ that cannot answer in time, and why."""

    orgaan: str
    naam: str
    soort: Zorgsoort
    reden: str


@dataclass(frozen=True)
class Rondezorg:
    """A ronde with the organs that cannot make it. ``loopt``: it runs now; else these are the days as planned, both included.

    ``gevraagd`` counts those who still have to answer; of the others among them ``moet_nu`` counts who can if they act now, ``onbekend``
    of whose vergaderingen too little is known.
    """

    dossier: str
    titel: str
    stap: str
    naam: str
    van: date
    tot_en_met: date
    loopt: bool
    gevraagd: int
    moet_nu: int
    onbekend: int
    raden: tuple[Raadzorg, ...]


def clashes(planner: Planner, bekeken: Sequence[Bekeken], op: date) -> Iterator[Botsing]:
    """Everything about running dossiers that does not fit from ``op`` on."""
    titels = {seen.dossier.slug: seen.titel for seen in bekeken}
    plans = [seen.opgelost for seen in bekeken if seen.opgelost is not None]
    years = (year_of(planner, plans, year) for year in sorted({op.year, min(op.year + 1, date.max.year)}))
    for twice in dict.fromkeys(found for year in years for found in year.botsingen if found.tot_en_met >= op):
        both = (twice.eerste, twice.tweede)
        zin = f"Deze twee vragen {twice.raden} raden tegelijk, van {written(twice.van)} tot en met {written(twice.tot_en_met)}."
        yield Botsing(Botsingsoort.RONDES, both, tuple(titels[slug] for slug in both), zin)
    for seen in bekeken:
        if seen.opgelost is None:
            continue
        for soort, zin in _own_clashes(planner, seen.dossier, seen.opgelost):
            yield Botsing(soort, (seen.dossier.slug,), (seen.titel,), zin)


def _own_clashes(planner: Planner, dossier: Dossier, opgelost: Opgelost) -> Iterator[tuple[Botsingsoort, str]]:
    for naam, day in _vanished(planner, dossier, opgelost):
        yield Botsingsoort.VERVALLEN, f"De vergadering van {written(day)} voor '{naam}' staat niet meer in de kalender."
    breaks, doel = opgelost.breaks, opgelost.vraag.doel
    if breaks is not None and doel is not None:
        stap, first, last = opgelost.stappen[breaks], opgelost.gedaan[breaks], opgelost.gedaan_uiterlijk[breaks]
        assert first is not None and last is not None
        kan, moest = (written(date.fromordinal(day)) for day in (first, last))
        zin = (
            f"{written(doel).capitalize()} wordt niet gehaald: '{stap.naam}' kan op zijn vroegst klaar zijn op {kan}; dat moest op {moest}."
        )
        yield Botsingsoort.DOEL, zin
    for i, stap in enumerate(opgelost.stappen):
        window = planner.venster(opgelost, i)
        if stap.ronde is not None and window is not None:
            van, einde = (date.fromordinal(day) for day in window)
            for waarschuwing in waarschuwingen(planner, opgelost.vraag, stap, van, einde):
                yield Botsingsoort.TERMIJN, f"'{stap.naam}': {waarschuwing.zin}"
    first = next((i for i, done in enumerate(opgelost.gedaan) if done is None), None)
    if first is not None:
        daarna = ", en wat daarna komt ook niet" if first + 1 < len(opgelost.stappen) else ""
        zin = f"'{opgelost.stappen[first].naam}' heeft geen datum{daarna}: {why_undated(planner, opgelost, first)}."
        yield Botsingsoort.ZONDER_DATUM, zin


def _vanished(planner: Planner, dossier: Dossier, opgelost: Opgelost) -> Iterator[tuple[str, date]]:
    """Days that were set or agreed for a stap to come and that by the facts of now nobody meets on."""
    days = {stap.stap: stap.vergadering for stap in (dossier.planning.stappen if dossier.planning else ())}
    if dossier.opening is not None and dossier.opening.zitting is not None:
        days[dossier.opening.stap] = dossier.opening.zitting.vergadering
    for stap in opgelost.stappen:
        day = days.get(stap.slug)
        if stap.ronde is None and day is not None and day >= planner.op:
            was = meets(dossier.stelsel, stap, day)
            if was and not meets(planner.stelsel, stap, day):
                yield stap.naam, day


def worries(planner: Planner, bekeken: Iterable[Bekeken]) -> Iterator[Rondezorg]:
    """Every ronde that runs or is planned in which an organ cannot answer in time, must act now, or of whom too little is known."""
    for seen in bekeken:
        for zorg in (*_running(planner, seen), *_planned(planner, seen)):
            if zorg.raden or zorg.moet_nu or zorg.onbekend:
                yield zorg


def _running(planner: Planner, seen: Bekeken) -> Iterator[Rondezorg]:
    ronde, stelsel = seen.dossier.ronde, seen.dossier.stelsel
    waiting = [slug for slug, stand in ronde.standen.items() if stand.staat not in ANSWERED] if ronde else []
    if ronde is None or not any(ronde.counts(planner.op, slug) for slug in waiting):
        return
    kansen = {slug: kans for slug, kans in kansen_in(planner, ronde).items() if slug in waiting}
    found = {slug: soort for slug, kans in kansen.items() if (soort := _trouble(kans)) is not None}
    others = [kans for slug, kans in kansen.items() if slug not in found]
    yield Rondezorg(
        dossier=seen.dossier.slug,
        titel=seen.titel,
        stap=ronde.stap,
        naam=seen.dossier.route.naam_van(ronde.stap),
        van=ronde.van,
        tot_en_met=ronde.tot_en_met,
        loopt=True,
        gevraagd=len(waiting),
        moet_nu=sum(kans.status is Kansstatus.MOET_NU and kans.niveau is not Niveau.GEEN for kans in others),
        onbekend=sum(kans.niveau is Niveau.GEEN for kans in others),
        raden=tuple(Raadzorg(slug, stelsel.orgaan(slug).naam, soort, kansen[slug].waarom) for slug, soort in found.items()),
    )


def _trouble(kans: Kans) -> Zorgsoort | None:
    if kans.status is Kansstatus.TE_LAAT:
        return Zorgsoort.TE_LAAT
    return Zorgsoort.PAST_NIET if kans.haalt is False else None


def _planned(planner: Planner, seen: Bekeken) -> Iterator[Rondezorg]:
    for i, stap in enumerate(seen.opgelost.stappen if seen.opgelost else ()):
        assert seen.opgelost is not None
        window = planner.venster(seen.opgelost, i)
        here = stap.slug == seen.dossier.fase and seen.dossier.open_ronde is not None
        if stap.ronde is None or window is None or here:
            continue
        raden = list(raden_of(planner, stap.ronde.kring, window))
        late = [raad for raad in raden if raad.oordeel is Oordeel.NIET]
        van, einde = (date.fromordinal(day) for day in window)
        yield Rondezorg(
            dossier=seen.dossier.slug,
            titel=seen.titel,
            stap=stap.slug,
            naam=stap.naam,
            van=van,
            tot_en_met=einde,
            loopt=False,
            gevraagd=len(raden),
            moet_nu=0,
            onbekend=sum(raad.oordeel is Oordeel.ONBEKEND for raad in raden),
            raden=tuple(Raadzorg(raad.orgaan, raad.naam, Zorgsoort.PAST_NIET, _breaks(raad)) for raad in late),
        )


def _breaks(raad: Raadplan) -> str:
    status = f", {raad.status.value}" if raad.status not in (None, Status.BRON) else ""
    return f"{raad.breekt} ({raad.niveau.value}{status})"
