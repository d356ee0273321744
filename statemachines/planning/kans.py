"""For each organ in a ronde, on one day: can it still answer, must it now, is it too late, or is it not open yet; and why.

For planners only. Too late is said only when nothing counts any more. Moet nu is the last chance on the own way, and all that comes after
it. Where the own way does not fit from the beginning, or is not known, only the werkdagen that are left decide: something still
counts (a reaction of the college, an extra vergadering), and ``haalt`` says that the own way is no part of it. So by the same facts a
status only moves forward: nog niet, kan nog, moet nu, te laat. Only other knowledge can move it back, such as a confirmed
calendar that grows too old within the termijn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachines.facts import Kring, Orgaan, Schakelsoort, Status
from statemachines.inbreng import OF_THE_RAAD, speaker
from statemachines.kalender import DAY, written
from statemachines.payloads import Namens
from statemachines.planning.planner import FITS, Opgelost, Planner
from statemachines.planning.raadsweg import Niveau, Oordeel
from statemachines.planning.raden import Raadplan, raden_of, schakelnaam
from statemachines.planning.zonder_datum import why_undated
from statemachines.ronde import ANSWERED, Ronde, Stand
from statemachines.route import Antwoord

URGENT = 10
"""Werkdagen: with fewer left an organ must act now whose own way does not fit or is not known. Bron: aanname."""


class Kansstatus(StrEnum):
    """Whether an organ can still answer."""

    NOG_NIET = "nog-niet"
    KAN_NOG = "kan-nog"
    MOET_NU = "moet-nu"
    TE_LAAT = "te-laat"
    BINNEN = "binnen"

    @property
    def label(self) -> str:
        """As people read it."""
        return self.value.replace("-", " ")


@dataclass(frozen=True)
class Kans:
    """Whether one organ can still answer on the day that is looked at, and why.

    ``vanaf`` and ``sluit`` are the first and the last day on which an answer counts, uitstel included; None when they are not known yet.
    ``tot`` is the last day for what ``waarom`` says can or must be done, never before the day that is looked at; None when nothing can.
    ``haalt`` says whether its own way still fits; None when that is not known or does not matter any more. ``niveau`` is what is known
    of its vergaderingen.
    """

    orgaan: str
    status: Kansstatus
    vanaf: date | None
    tot: date | None
    sluit: date | None
    haalt: bool | None
    niveau: Niveau
    waarom: str


def kansen_in(planner: Planner, ronde: Ronde) -> Mapping[str, Kans]:
    """For every organ in a ronde that was opened, seen from the day of the planner."""
    van, wegen = ronde.van.toordinal(), {}
    for until in {ronde.until(slug) for slug in ronde.standen}:
        raden = raden_of(planner, ronde.kring, (van, until.toordinal()))
        wegen[until] = {raad.orgaan: raad for raad in raden}
    return {slug: _kans(planner, ronde, stand, wegen[ronde.until(slug)].get(slug)) for slug, stand in ronde.standen.items()}


def kansen_straks(planner: Planner, opgelost: Opgelost, i: int) -> Mapping[str, Kans]:
    """For every organ that will be asked in the ronde of the stap with index ``i`` of a plan, which is not open yet."""
    stap, window = opgelost.stappen[i], planner.venster(opgelost, i)
    assert stap.ronde is not None
    if window is None:
        waarom = f"Wanneer de ronde opent, is onbekend: {why_undated(planner, opgelost, i)}."
        asked = planner.stelsel.organen(stap.ronde.kring, planner.op)
        return {o.slug: Kans(o.slug, Kansstatus.NOG_NIET, None, None, None, None, Niveau.GEEN, waarom) for o in asked}
    van, einde = (date.fromordinal(day) for day in window)
    eerder = opgelost.vraag.afgesproken.stap(stap.slug) if opgelost.vraag.afgesproken else None
    agreed = eerder is not None and (eerder.van, eerder.tot_en_met) == (van, einde)
    hoe = "zo is het afgesproken" if agreed else f"zo is het gepland, gezien vanaf {written(planner.op)}"
    waarom = f"De ronde opent op {written(van)} en sluit op {written(einde)}; {hoe}."
    return {
        raad.orgaan: Kans(raad.orgaan, Kansstatus.NOG_NIET, van, einde, einde, _fits(raad), raad.niveau, waarom)
        for raad in raden_of(planner, stap.ronde.kring, window)
    }


def _fits(raad: Raadplan) -> bool | None:
    return None if raad.oordeel is Oordeel.ONBEKEND else raad.oordeel in FITS


def _kans(planner: Planner, ronde: Ronde, stand: Stand, raad: Raadplan | None) -> Kans:
    """Where an organ stands; ``raad`` is its own way in the whole termijn, None when the facts of now do not know it."""
    op, until = planner.op, ronde.until(stand.orgaan)

    def found(status: Kansstatus, tot: date | None, haalt: bool | None, waarom: str) -> Kans:
        heir = f"; {raad.opmerking}" if raad is not None and raad.opmerking and status is not Kansstatus.BINNEN else ""
        niveau = Niveau.GEEN if raad is None else raad.niveau
        return Kans(stand.orgaan, status, ronde.van, tot, until, haalt, niveau, f"{waarom}{heir}.")

    if stand.staat in ANSWERED:
        open_until = until if ronde.counts(op, stand.orgaan) else None
        return found(Kansstatus.BINNEN, open_until, None, _answered(stand, open_until))
    if not ronde.counts(op, stand.orgaan):
        return found(Kansstatus.TE_LAAT, None, None, _over(ronde, stand, op))
    if op < ronde.van:
        return found(Kansstatus.NOG_NIET, until, _fits(raad) if raad else None, f"De ronde opent op {written(ronde.van)}")
    if stand.geagendeerd_op is not None and stand.geagendeerd_op >= (stand.opnieuw or ronde.van):
        return found(*_on_agenda(planner, ronde, stand.geagendeerd_op, until))
    if raad is None or raad.oordeel is Oordeel.ONBEKEND or not _known(planner, ronde, raad, until):
        return found(*_unknown(planner, raad, until))
    return found(*_own_way(planner, ronde, raad, until))


_Found = tuple[Kansstatus, date | None, bool | None, str]


def _answered(stand: Stand, open_until: date | None) -> str:
    since = f"{stand.staat.label.capitalize()}{f' op {written(stand.datum)}' if stand.datum else ''}"
    if stand.namens is None or Namens(stand.namens) in OF_THE_RAAD:
        return since
    zelf = f"; dat kan nog tot en met {written(open_until)}" if open_until else ""
    return f"{since}, van {speaker(stand.namens)}{zelf}"


def _over(ronde: Ronde, stand: Stand, op: date) -> str:
    until = ronde.until(stand.orgaan)
    if op <= until:
        return "Over het vervolg is al besloten; wat nu komt, telt niet meer mee"
    uitstel = f" (uitstel; voor de anderen {written(ronde.tot_en_met)})" if until != ronde.tot_en_met else ""
    late = f"; de reactie van {written(stand.datum)} kwam daarna" if stand.datum is not None else ""
    return f"De sluitingsdatum {written(until)}{uitstel} is voorbij{late}"


def _on_agenda(planner: Planner, ronde: Ronde, agenda: date, until: date) -> _Found:
    """A day that the organ gave itself says more than any rhythm."""
    if agenda > until:
        zin = f"Staat pas op de agenda van {written(agenda)}, na de sluitingsdatum; {_left(ronde, until)}"
        return _by_werkdagen(planner, until), until, False, zin
    if planner.op <= agenda:
        return Kansstatus.KAN_NOG, agenda, True, f"Staat op de agenda van {written(agenda)}; de sluitingsdatum is {written(until)}"
    zin = f"Stond op de agenda van {written(agenda)}; het antwoord is er nog niet en telt tot en met {written(until)}"
    return Kansstatus.MOET_NU, until, None, zin


def _by_werkdagen(planner: Planner, until: date) -> Kansstatus:
    """By what is left of the termijn alone; where the calendar of werkdagen does not reach, nothing is urgent by it."""
    left = _werkdagen(planner, until)
    return Kansstatus.MOET_NU if left is not None and left < URGENT else Kansstatus.KAN_NOG


def _werkdagen(planner: Planner, until: date) -> int | None:
    """The werkdagen after today up to and including ``until``; None when the calendar does not know them."""
    known = planner.werk.knows(planner.op) and planner.werk.knows(until)
    return planner.werk.werkdagen_between(planner.op.toordinal(), until.toordinal()) if known else None


def _known(planner: Planner, ronde: Ronde, raad: Raadplan, until: date) -> bool:
    """Whether its vergaderingen are known as a whole; a day that was only found says nothing of others."""
    rows = planner.weg_of(planner.stelsel.orgaan(raad.orgaan), until.toordinal()).schakels[ronde.kring]
    return all(row.niveau(ronde.van.toordinal(), until.toordinal()) is not Niveau.GEEN for row in rows)


def _unknown(planner: Planner, raad: Raadplan | None, until: date) -> _Found:
    """By the werkdagen that are left alone."""
    waarom = "Of de eigen weg past, is onbekend"
    found = raad.schakels[0].laatste if raad is not None and raad.schakels and raad.oordeel is not Oordeel.ONBEKEND else None
    if found is not None:
        wanneer = "is" if found >= planner.op else "was"
        waarom += f": de laatste bekende vergadering in de termijn {wanneer} op {written(found)}"
    elif raad is not None and raad.breekt:
        waarom += f": {raad.breekt}"
    haalt = True if found is not None and found >= planner.op else None
    left = _werkdagen(planner, until)
    rest = f"een antwoord telt tot en met {written(until)}, en {planner.werk.onbekend().waarom}"
    if left is not None:
        rest = f"na vandaag nog {'1 werkdag' if left == 1 else f'{left} werkdagen'}, tot en met {written(until)}"
    return _by_werkdagen(planner, until), until, haalt, f"{waarom}; {rest}"


def _own_way(planner: Planner, ronde: Ronde, raad: Raadplan, until: date) -> _Found:
    """By its own vergaderingen: the last ones with which it still fits, and whether the first of those is the next one."""
    op, orgaan, bron = planner.op, planner.stelsel.orgaan(raad.orgaan), _bron(raad)
    if raad.oordeel not in FITS:
        zin = f"De eigen weg past niet in de termijn: {raad.breekt} ({bron}); {_left(ronde, until)}"
        return _by_werkdagen(planner, until), until, False, zin
    weg = tuple(_weg(raad, orgaan))
    if len(weg) < len(raad.schakels):
        return _unknown(planner, raad, until)
    line = ", ".join(halte.zin for halte in weg)
    if op <= weg[0].stukken:
        eerste = planner.weg_of(orgaan, until.toordinal()).walk(ronde.kring, op.toordinal(), until.toordinal()).eerste[0]
        if eerste is not None and eerste < weg[0].dag.toordinal():
            return Kansstatus.KAN_NOG, weg[0].stukken, True, f"De eigen weg past nog, op zijn laatst zo: {line} ({bron})"
        return Kansstatus.MOET_NU, weg[0].stukken, True, f"Dit is de laatste kans op de eigen weg: {line} ({bron})"
    for halte in weg:
        if op <= halte.dag:
            papers = op <= halte.stukken < halte.dag
            moment, wat = (halte.stukken, f"stukken voor {halte.naam}") if papers else (halte.dag, halte.naam)
            zin = f"De laatste weg begon met {weg[0].zin}; nu komt {wat}, uiterlijk op {_short(moment)} ({bron})"
            return Kansstatus.MOET_NU, moment, None, f"{zin}; wie toen niet begon: {_left(ronde, until, _short)}"
    zin = f"De laatste vergadering die past, was {weg[-1].zin} ({bron}); een antwoord telt nog tot en met {_short(until)}"
    return Kansstatus.MOET_NU, until, None, zin


@dataclass(frozen=True)
class _Halte:
    """One schakel on the last way that still fits: its day, and the day on which its papers are due."""

    naam: str
    dag: date
    stukken: date

    @property
    def zin(self) -> str:
        stukken = f" (stukken {_short(self.stukken)})" if self.stukken != self.dag else ""
        return f"{self.naam} op {_short(self.dag)}{stukken}"


def _weg(raad: Raadplan, orgaan: Orgaan) -> Iterator[_Halte]:
    """The last way of an organ as far as its days are known."""
    after_commissie = raad.schakel(Schakelsoort.COMMISSIE) is not None
    for schakel in raad.schakels:
        naam, dag, stukken = schakelnaam(schakel.soort, orgaan), schakel.laatste, schakel.aanleveren
        if dag is None or stukken is None:
            return
        if schakel.soort is Schakelsoort.RAAD:
            naam = f"de {naam}" if naam[0].islower() else naam
            # That a raad comes a day after its commissie is an order, not a day on which papers are due.
            stukken = dag if after_commissie and stukken == dag - DAY else stukken
        yield _Halte(naam, dag, stukken)


def _bron(raad: Raadplan) -> str:
    if raad.niveau is Niveau.BEVESTIGD:
        return "bevestigde data"
    return "ritme" if raad.status in (None, Status.BRON) else f"ritme, {raad.status}"


def _left(ronde: Ronde, until: date, spelled: Callable[[date], str] = written) -> str:
    """What can still count when its own way does not fit."""
    if ronde.antwoord is Antwoord.INBRENG and ronde.kring is Kring.RADEN_STATEN:
        return f"een reactie van het college telt nog tot en met {spelled(until)}"
    return f"alleen een extra vergadering kan nog, tot en met {spelled(until)}"


def _short(day: date) -> str:
    """A day in a row of days."""
    return f"{day.day}-{day.month}-{day.year}"
