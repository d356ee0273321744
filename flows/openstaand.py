"""What somebody still has to do for a dossier, and who: besluiten, papers, verslagen, berichten, requests, points and advice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from flows.agendapunten import Bekeken, urgent_day
from notifications.kijk import OPENED
from statemachines.dossier import Dossier
from statemachines.journal import Entry
from statemachines.kalender import Onbekend, enumerated, written
from statemachines.route import Stap, StapRol
from statemachines.stukken import Verzoekstaat

NAMED = 5
"""How many points are named; the others are counted."""


class Actiesoort(StrEnum):
    """What is to be done."""

    BESLUIT = "besluit vastleggen"
    STUKKEN = "stukken aanleveren"
    VERSLAG = "verslag vaststellen"
    BERICHTEN = "berichten vrijgeven"
    VERZOEK = "stukken verstrekken"
    PUNTEN = "inbreng beantwoorden"
    ADVIES = "advies uitbrengen"


@dataclass(frozen=True)
class Actie:
    """Something to be done by ``eigenaar`` (the name of a role), on or before ``voor`` where a day is known."""

    soort: Actiesoort
    dossier: str
    titel: str
    zin: str
    eigenaar: str
    voor: date | None
    te_laat: bool


def actions(
    bekeken: Iterable[Bekeken],
    concepten: Mapping[str, tuple[Entry, ...]],
    wachtend: Mapping[str, Sequence[str]],
    op: date,
    tot: date | None,
) -> tuple[Actie, ...]:
    """Everything open on ``op``, first what is due first; papers only when due on or before ``tot`` (None: all).

    ``concepten`` are per dossier the besluiten whose verslag is not adopted, ``wachtend`` the kinds of the messages
    that wait for release.
    """
    found = (
        actie
        for seen in bekeken
        for actie in (
            *_besluit(seen, op),
            *_stukken(seen, op, tot),
            *_verslag(seen, concepten.get(seen.dossier.slug, ()), op),
            *_berichten(seen, wachtend.get(seen.dossier.slug, ()), op),
            *_verzoeken(seen, op),
            *_punten(seen, op),
            *_adviezen(seen, op),
        )
    )
    return tuple(sorted(found, key=lambda actie: (actie.voor or date.max, actie.dossier, list(Actiesoort).index(actie.soort))))


def _actie(seen: Bekeken, soort: Actiesoort, zin: str, eigenaar: str, voor: date | None, op: date | None) -> Actie:
    late = voor is not None and op is not None and voor < op
    return Actie(soort, seen.dossier.slug, seen.titel, zin, eigenaar, voor, late)


def _secretaris(dossier: Dossier, gremium: str) -> str:
    return dossier.stelsel.ontvanger_van_rol(dossier.stelsel.gremium(gremium).secretaris).naam


def _trekker(dossier: Dossier, gremium: str) -> str:
    """Who carries the document; the secretaris of the gremium where nobody was named."""
    if dossier.trekker is not None:
        return dossier.stelsel.ontvanger_van_rol(dossier.trekker).naam
    return f"{_secretaris(dossier, gremium)} (trekker onbekend)"


class _Hier(NamedTuple):
    """The current stap with its vergadering and aanleverdatum."""

    stap: Stap
    vergadering: date
    aanleverdatum: date | None


def _here(dossier: Dossier) -> _Hier | None:
    """None in a ronde, at an ending, and without a date."""
    stap, zitting = dossier.route.stap(dossier.fase), dossier.opening.zitting if dossier.opening else None
    if stap is None or zitting is None or zitting.vergadering is None:
        return None
    return _Hier(stap, zitting.vergadering, zitting.aanleverdatum)


def _besluit(seen: Bekeken, op: date) -> Iterator[Actie]:
    here = _here(seen.dossier)
    if here is None or here.vergadering >= op:
        return
    stap, day, _ = here
    dossier = seen.dossier
    combi = stap.combi is not None and dossier.stelsel.vergaderingen(stap.combi).index_on(day) is not None
    waiting = dossier.naast.waiting if dossier.naast is not None else ()
    for gremium in (stap.combi or "",) if combi else waiting or (stap.gremium,):
        zin = f"Het besluit van {dossier.stelsel.gremium(gremium).naam} bij '{stap.naam}' is nog niet vastgelegd."
        yield _actie(seen, Actiesoort.BESLUIT, zin, _secretaris(dossier, gremium), day, op)


def _stukken(seen: Bekeken, op: date, tot: date | None) -> Iterator[Actie]:
    here = _here(seen.dossier)
    if here is None or here.aanleverdatum is None or here.vergadering < op or (tot is not None and here.aanleverdatum > tot):
        return
    stap, day, papers = here.stap, here.vergadering, here.aanleverdatum
    spoed = ", met spoed" if urgent_day(seen.dossier) is not None else ""
    check = " De aanleverdatum is geweest; ga na of de stukken er zijn." if papers < op else ""
    zin = f"De stukken voor '{stap.naam}' van {written(day)}{spoed}.{check}"
    yield _actie(seen, Actiesoort.STUKKEN, zin, _trekker(seen.dossier, stap.gremium), papers, op)


def _verslag(seen: Bekeken, concepten: Iterable[Entry], op: date) -> Iterator[Actie]:
    """A verslag is adopted by the next vergadering of the gremium."""
    for entry in concepten:
        gremium = seen.dossier.stelsel.gremium(entry.orgaan)
        following = seen.dossier.stelsel.vergaderingen(gremium.slug).following(entry.datum)
        voor = None if isinstance(following, Onbekend) else following.vergadering.datum
        zin = f"Het besluit van {gremium.naam} van {written(entry.datum)} (regel {entry.nr}) is nog een concept."
        yield _actie(seen, Actiesoort.VERSLAG, zin, _secretaris(seen.dossier, gremium.slug), voor, op)


def _berichten(seen: Bekeken, soorten: Sequence[str], op: date) -> Iterator[Actie]:
    """What opens a ronde must be told on the day it opens; the rest today."""
    if not soorten:
        return
    aantal, ronde = len(soorten), seen.dossier.open_ronde
    voor = ronde.van if ronde is not None and OPENED in soorten else op
    dossier, stap = seen.dossier, seen.dossier.route.stap(seen.dossier.fase)
    decided = any(gremium.slug == dossier.gebracht_door for gremium in dossier.stelsel.gremia)
    gremium = dossier.gebracht_door if decided else stap.gremium if stap is not None else dossier.route.stappen[0].gremium
    zin = "1 bericht wacht op vrijgave." if aantal == 1 else f"{aantal} berichten wachten op vrijgave."
    yield _actie(seen, Actiesoort.BERICHTEN, zin, _secretaris(dossier, gremium), voor, op)


def _verzoeken(seen: Bekeken, op: date) -> Iterator[Actie]:
    stelsel = seen.dossier.stelsel
    for asked in seen.dossier.verzoeken.values():
        if asked.staat is Verzoekstaat.GEVRAAGD:
            zin = f"'{asked.stuk}' is op {written(asked.datum)} gevraagd door {stelsel.naam_van(asked.orgaan)}."
            yield _actie(seen, Actiesoort.VERZOEK, zin, stelsel.ontvanger_van_rol(asked.eigenaar).naam, asked.uiterlijk, op)


def _punten(seen: Bekeken, op: date) -> Iterator[Actie]:
    dossier, stap, here = seen.dossier, seen.dossier.route.stap(seen.dossier.fase), _here(seen.dossier)
    punten = dossier.open_punten
    if not punten or stap is None:
        return
    answers = next((s for s in dossier.route.main_path(stap.slug) if s.rol is StapRol.BEANTWOORDEN), stap)
    meer = f" en {len(punten) - NAMED} andere" if len(punten) > NAMED else ""
    namen = ", ".join(punten[:NAMED]) if meer else enumerated(punten)
    zin = f"Nog geen antwoord op {len(punten)} {'punt' if len(punten) == 1 else 'punten'} van de inbreng: {namen}{meer}."
    yield _actie(seen, Actiesoort.PUNTEN, zin, _trekker(dossier, answers.gremium), here.aanleverdatum if here else None, op)


def _adviezen(seen: Bekeken, op: date) -> Iterator[Actie]:
    dossier, stap, here = seen.dossier, seen.dossier.route.stap(seen.dossier.fase), _here(seen.dossier)
    if dossier.naast is None or stap is None:
        return
    for slug in dossier.naast.adviezen:
        if slug not in dossier.naast.given:
            moet = "; zonder dit advies sluit de stap niet" if slug in dossier.naast.missing else ""
            zin = f"Het advies van {dossier.stelsel.gremium(slug).naam} voor '{stap.naam}' is gevraagd en nog niet binnen{moet}."
            yield _actie(seen, Actiesoort.ADVIES, zin, _secretaris(dossier, slug), here.vergadering if here else None, op)
