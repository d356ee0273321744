"""What stood around each entry of a journal as it was written: the day that it moved, who still had to decide, who had been asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from statemachines.dossier import Dossier
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.journal import Entry, without_effect
from statemachines.payloads import Besluit, DatumsGezet, Gecorrigeerd, Opening
from statemachines.route import MOVES_NOTHING, Uitkomst


@dataclass(frozen=True)
class Rondom:
    """What stood around one entry.

    ``eerst`` and ``nu`` are the old and new day of the same stap where it moved one. ``wacht_op`` are the gremia side by side that still
    had to decide, ``leidt`` the one with whose other uitkomst the document went on, ``gevraagd`` says that an advice had been asked.
    """

    eerst: date | None = None
    nu: date | None = None
    wacht_op: tuple[str, ...] = ()
    leidt: str = ""
    gevraagd: bool = False


def rondom(dossier: Dossier, entries: Sequence[Entry]) -> dict[int, Rondom]:
    """What stood around every entry, by its number."""
    without = without_effect(entries)
    opened: dict[str, Opening] = {}
    decided: dict[tuple[str, int], dict[str, tuple[int, Uitkomst]]] = defaultdict(dict)
    asked: set[tuple[str, int, str]] = set()
    found = {}
    for entry in entries:
        here, opent = (entry.stap, entry.bezoek), getattr(entry.payload, "opent", None)
        eerst, nu = _moved(entry, opened, opent)
        wacht_op, leidt = _beside(dossier, entry, opened, decided[here])
        found[entry.nr] = Rondom(eerst, nu, wacht_op, leidt, (*here, entry.orgaan) in asked)
        match entry.payload:
            case Besluit(uitkomst=uitkomst) if uitkomst not in MOVES_NOTHING:
                decided[here][entry.orgaan] = (entry.nr, uitkomst)
            case Inbreng(soort=InbrengSoort.ADVIESVRAAG):
                asked.add((*here, entry.orgaan))
            case Gecorrigeerd(nr=nr, herroepen=True):
                for said in decided.values():
                    for orgaan in [slug for slug, (by, _) in said.items() if by == nr]:
                        del said[orgaan]
        if opent is not None:
            asked |= {(opent.stap, opent.bezoek, advies.gremium) for advies in opent.adviezen}
            if entry.nr not in without:
                opened[opent.stap] = opent
    return found


def day_of(opening: Opening | None) -> date | None:
    """The vergadering or sluitingsdatum of a stap."""
    if opening is None:
        return None
    return opening.ronde.tot_en_met if opening.ronde else opening.zitting.vergadering if opening.zitting else None


def _moved(entry: Entry, opened: dict[str, Opening], opent: Opening | None) -> tuple[date | None, date | None]:
    """The old and the new day of an entry that holds over, sends back or sets dates; of a stap that never had a day, none."""
    back = isinstance(entry.payload, Besluit) and entry.payload.uitkomst in (*MOVES_NOTHING, Uitkomst.TERUGVERWIJZEN)
    dated = isinstance(entry.payload, DatumsGezet) and entry.payload.uitstel is None
    if opent is None or opent.stap not in opened or not (back or dated):
        return None, None
    return day_of(opened[opent.stap]), day_of(opent)


def _beside(
    dossier: Dossier, entry: Entry, opened: dict[str, Opening], decided: dict[str, tuple[int, Uitkomst]]
) -> tuple[tuple[str, ...], str]:
    """For whom the document waits after a besluit of one of the gremia side by side, or whose uitkomst it goes on with."""
    stap, besluit = dossier.route.stap(entry.stap), entry.payload
    opening = opened.get(entry.stap)
    if stap is None or opening is None or not isinstance(besluit, Besluit) or entry.orgaan not in opening.naast:
        return (), ""
    if besluit.naar == entry.stap and besluit.opent is None:
        done = {*decided, *(() if besluit.uitkomst in MOVES_NOTHING else (entry.orgaan,))}
        return tuple(slug for slug in opening.naast if slug not in done), ""
    _, leading = decided.get(stap.gremium, (0, besluit.uitkomst))
    other = entry.orgaan != stap.gremium and besluit.afwijking is None and leading is not besluit.uitkomst
    return (), stap.gremium if other else ""
