"""What a dossier is waiting for: pure functions of its replayed state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from statemachines.dossier import Dossier
from statemachines.kalender import Onbekend, enumerated
from statemachines.ronde import ANSWERED
from statemachines.verloop import due_day


class Wat(StrEnum):
    """What falls due."""

    VERLOPEN = "verlopen"
    STUKKEN_VERWACHT = "stukken-verwacht"
    BESLUIT_VERWACHT = "besluit-verwacht"


@dataclass(frozen=True)
class Due:
    """Something that is due from ``vanaf`` to and including ``tot_en_met`` (None: until it has happened).

    A lapse is an entry to be written; the others are reminders for ``ontvanger``.
    """

    wat: Wat
    ontvanger: str
    vanaf: date
    tot_en_met: date | None
    datumversie: int

    def holds(self, op: date) -> bool:
        """Whether this is true on the day ``op``."""
        return self.vanaf <= op and (self.tot_en_met is None or op <= self.tot_en_met)


@dataclass(frozen=True)
class Volgende:
    """The next moment of a dossier as planners see it: who acts, on which day, and why that day."""

    wie: str
    moment: date | None
    wat: str
    waarom: str
    gevraagd: int = 0
    gegeven: int = 0


def due(dossier: Dossier) -> tuple[Due, ...]:
    """Everything that falls due if nothing else happens first."""
    lapse = due_day(dossier)
    if lapse is not None:
        return (Due(Wat.VERLOPEN, "", lapse, None, dossier.datumversie),)
    zitting = dossier.opening.zitting if dossier.opening else None
    stap = dossier.route.stap(dossier.fase)
    if zitting is None or zitting.vergadering is None or zitting.aanleverdatum is None or stap is None:
        return ()
    termijnen, werk = dossier.stelsel.herinneringen, dossier.stelsel.werkkalender
    gremia = dossier.naast.waiting if dossier.naast and dossier.naast.gremia else (stap.gremium,)
    secretarissen = list(dict.fromkeys(dossier.stelsel.gremium(gremium).secretaris for gremium in gremia))
    vooraf = werk.before(zitting.aanleverdatum, termijnen.stukken_verwacht_vooraf)
    na = werk.after(zitting.vergadering, termijnen.besluit_verwacht_na)
    known = []
    if not isinstance(vooraf, Onbekend):
        known += [Due(Wat.STUKKEN_VERWACHT, s, vooraf, zitting.aanleverdatum, dossier.datumversie) for s in secretarissen]
    if not isinstance(na, Onbekend):
        known += [Due(Wat.BESLUIT_VERWACHT, s, na, None, dossier.datumversie) for s in secretarissen]
    return tuple(known)


def volgende(dossier: Dossier) -> Volgende:
    """Who acts next and when; without a date ``waarom`` says why it is not known."""
    stap = dossier.route.stap(dossier.fase)
    if stap is None or dossier.opening is None:
        return Volgende("niemand", None, "afgesloten", "")
    wie = dossier.stelsel.gremium(stap.gremium).naam
    if dossier.naast is not None and dossier.naast.gremia:
        wie = enumerated([dossier.stelsel.gremium(gremium).naam for gremium in dossier.naast.waiting])
    ronde = dossier.open_ronde
    if ronde is not None:
        gegeven = sum(stand.staat in ANSWERED for stand in ronde.standen.values())
        return Volgende(wie, ronde.sluit_op, "sluitingsdatum", ronde.waarom, len(ronde.standen), gegeven)
    zitting = dossier.opening.zitting
    return Volgende(wie, zitting.vergadering if zitting else None, "vergadering", zitting.waarom if zitting else "")
