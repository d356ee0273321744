"""Messages about a ronde that nobody gave free, as an exception for the meeting: who was to be asked does not know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dossiers.outbox import Status, Told
from flows.sindsdien import Uitzondering
from notifications.kijk import OF_A_MOMENT
from statemachines.dossier import Dossier
from statemachines.facts import Kring
from statemachines.kalender import Onbekend
from statemachines.ronde import ANSWERED, Ronde

CLOSING = 5
"""Werkdagen before the sluitingsdatum from which messages that still wait are an exception. Bron: aanname."""

_NEVER = frozenset({Status.KLAARGEZET, Status.INGETROKKEN})


def needs_telling(dossier: Dossier, op: date) -> Ronde | None:
    """The last ronde when it has closed or closes soon and nothing was decided after it."""
    ronde = dossier.ronde
    if ronde is None or ronde.besloten:
        return None
    soon = dossier.stelsel.werkkalender.before(ronde.tot_en_met, CLOSING)
    return ronde if not ronde.open or (not isinstance(soon, Onbekend) and op >= soon) else None


def untold(dossier: Dossier, titel: str, ronde: Ronde, told: Iterable[Told]) -> Iterator[Uitzondering]:
    """The messages about a ronde that were never given free; ``told`` are all messages of its dossier."""
    found: dict[str, set[Status]] = {}
    for row in told:
        if row.soort in OF_A_MOMENT and row.onderwerp == f"{ronde.stap}/{ronde.bezoek}":
            found.setdefault(row.ontvanger, set()).add(row.status)
    never = [ontvanger for ontvanger, statussen in found.items() if statussen <= _NEVER]
    if not never:
        return
    naam = dossier.route.naam_van(ronde.stap)
    silent = sum(stand.staat not in ANSWERED for stand in ronde.standen.values())
    one, more = ("raad", "raden") if ronde.kring is Kring.RADEN_STATEN else ("college", "colleges")
    wie = f"1 {one} weet" if silent == 1 else f"{silent} {more} weten"
    zin = f"De berichten over '{naam}' zijn nooit vrijgegeven; {wie} van niets."
    if len(never) < len(found):
        zin = f"{len(never)} van de {len(found)} berichten over '{naam}' zijn nooit vrijgegeven."
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
