"""Messages about a ronde that nobody gave free: who was to be asked does not know it. The daily round and the agenda say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dossiers.outbox import Status, Told
from flows.sindsdien import Uitzondering
from notifications.kijk import OF_A_MOMENT, onderwerp
from statemachines.dossier import Dossier
from statemachines.facts import Kring
from statemachines.journal import Entry
from statemachines.kalender import Onbekend
from statemachines.ronde import ANSWERED, Ronde

CLOSING = 5
"""Werkdagen before the sluitingsdatum from which messages that still wait are an exception. Bron: aanname."""

_NEVER = frozenset({Status.KLAARGEZET, Status.INGETROKKEN})


@dataclass(frozen=True)
class Ongehoord:
    """Of one ronde: how many messages about it wait, and how many of its recipients were never given one."""

    wachtend: int
    nooit: int
    ontvangers: int


def unheard(told: Iterable[Told], stap: str, bezoek: int) -> Ongehoord:
    """What nobody gave free about a ronde; ``told`` are all messages of its dossier."""
    about = [row for row in told if row.onderwerp == onderwerp(stap, bezoek)]
    found: dict[str, set[Status]] = {}
    for row in about:
        if row.soort in OF_A_MOMENT:
            found.setdefault(row.ontvanger, set()).add(row.status)
    wachtend = sum(row.status is Status.KLAARGEZET for row in about)
    return Ongehoord(wachtend, sum(statussen <= _NEVER for statussen in found.values()), len(found))


def closed_unheard(dossier: Dossier, lapsed: Entry, told: Iterable[Told]) -> str:
    """That a ronde closed while messages about it wait: those who did not react may not know of it. Empty when none wait."""
    wachtend = unheard(told, lapsed.stap, lapsed.bezoek).wachtend
    if not wachtend:
        return ""
    van = "1 bericht" if wachtend == 1 else f"{wachtend} berichten"
    naam = dossier.route.naam_van(lapsed.stap)
    return f"'{naam}' is gesloten, maar {van} erover gaf niemand vrij. Wie niet reageerde, wist er misschien niet van."


def needs_telling(dossier: Dossier, op: date) -> Ronde | None:
    """The last ronde when it has closed or closes soon and nothing was decided after it."""
    ronde = dossier.ronde
    if ronde is None or ronde.besloten:
        return None
    soon = dossier.stelsel.werkkalender.before(ronde.tot_en_met, CLOSING)
    return ronde if not ronde.open or (not isinstance(soon, Onbekend) and op >= soon) else None


def untold(dossier: Dossier, titel: str, ronde: Ronde, told: Iterable[Told]) -> Iterator[Uitzondering]:
    """That messages about a ronde were never given free, as an exception for the meeting."""
    found = unheard(told, ronde.stap, ronde.bezoek)
    if not found.nooit:
        return
    naam = dossier.route.naam_van(ronde.stap)
    silent = sum(stand.staat not in ANSWERED for stand in ronde.standen.values())
    one, more = ("raad", "raden") if ronde.kring is Kring.RADEN_STATEN else ("college", "colleges")
    wie = f"1 {one} weet" if silent == 1 else f"{silent} {more} weten"
    zin = f"De berichten over '{naam}' zijn nooit vrijgegeven; {wie} van niets."
    if found.nooit < found.ontvangers:
        zin = f"{found.nooit} van de {found.ontvangers} berichten over '{naam}' zijn nooit vrijgegeven."
    yield Uitzondering(
        dossier=dossier.slug,
        titel=titel,
        nr=ronde.datumversie,
        datum=ronde.van,
        soort="niet verteld",
        zin=zin,
        reden="",
        toegestaan_door="",
    )
