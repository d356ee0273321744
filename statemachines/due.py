"""What a dossier is waiting for: pure functions of its replayed state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from statemachines.berichten import Aanleiding, at, catalogue
from statemachines.dossier import Dossier
from statemachines.gepland import announced_between, planned_rondes
from statemachines.kalender import DAY, Onbekend, enumerated
from statemachines.ronde import ANSWERED
from statemachines.verloop import due_day

VERLOPEN = "verlopen"
"""Something must be written that nobody decides."""
LOPEND = "ronde-loopt"
"""A ronde is open: whether somebody must be reminded depends on what is known of its own vergaderingen on that day."""


@dataclass(frozen=True)
class Due:
    """Something that is due from ``vanaf`` to and including ``tot_en_met`` (None: until it has happened).

    ``wat`` is VERLOPEN, LOPEND or the kind of a bericht for ``ontvanger``.
    """

    wat: str
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
    return (*_running(dossier), *_announcements(dossier), *_zitting(dossier), *_verslagen(dossier))


def reminders(dossier: Dossier) -> Iterator[Due]:
    """What those who support a gremium must be reminded of."""
    yield from _zitting(dossier)
    yield from _verslagen(dossier)


def _running(dossier: Dossier) -> Iterator[Due]:
    lapse, ronde = due_day(dossier), dossier.open_ronde
    if lapse is not None:
        yield Due(VERLOPEN, "", lapse, None, dossier.datumversie)
    if ronde is not None:
        yield Due(LOPEND, "", ronde.van + DAY, ronde.sluit_op, dossier.datumversie)


def _announcements(dossier: Dossier) -> Iterator[Due]:
    """When a planned ronde can be announced; the first who would hear of it stands for all."""
    for soort in at(dossier.stelsel, Aanleiding.RONDE_GEPLAND):
        for geplande in planned_rondes(dossier):
            vanaf, uiterlijk = announced_between(soort, geplande.van)
            yield Due(soort.slug, geplande.eerste, vanaf, uiterlijk, geplande.versie)


def _zitting(dossier: Dossier) -> Iterator[Due]:
    """Papers and a besluit that are expected for the vergadering of the stap."""
    zitting = dossier.opening.zitting if dossier.opening else None
    stap = dossier.route.stap(dossier.fase)
    if zitting is None or zitting.vergadering is None or zitting.aanleverdatum is None or stap is None:
        return
    gremia = dossier.naast.waiting if dossier.naast and dossier.naast.gremia else (stap.gremium,)
    secretarissen = list(dict.fromkeys(dossier.stelsel.gremium(gremium).secretaris for gremium in gremia))
    werk = dossier.stelsel.werkkalender
    for soort in catalogue(dossier.stelsel):
        vanaf: date | Onbekend
        until: date | None
        match soort.bij:
            case Aanleiding.STUKKEN_VERWACHT:
                vanaf, until = werk.before(zitting.aanleverdatum, soort.werkdagen or 0), zitting.aanleverdatum
            case Aanleiding.STUKKEN_TE_LAAT if _kept_without(dossier):
                vanaf, until = werk.after(zitting.aanleverdatum, soort.werkdagen or 0), zitting.vergadering
            case Aanleiding.BESLUIT_VERWACHT:
                vanaf, until = werk.after(zitting.vergadering, soort.werkdagen or 0), None
            case _:
                continue
        if not isinstance(vanaf, Onbekend):
            yield from (Due(soort.slug, s, vanaf, until, dossier.datumversie) for s in secretarissen)


def _kept_without(dossier: Dossier) -> bool:
    """Whether documents of this dossier are recorded, and none since it came to this stap."""
    versies = [versie for versies in dossier.stukken.values() for versie in versies]
    return bool(versies) and not any(versie.nr > dossier.laatste_zet for versie in versies)


def _verslagen(dossier: Dossier) -> Iterator[Due]:
    """A verslag is adopted at the next vergadering of the gremium."""
    for soort in at(dossier.stelsel, Aanleiding.VERSLAG_VERWACHT):
        for verslag in dossier.verslagen:
            following = dossier.stelsel.vergaderingen(verslag.gremium).following(verslag.vergadering)
            if isinstance(following, Onbekend):
                continue
            na = dossier.stelsel.werkkalender.after(following.vergadering.datum, soort.werkdagen or 0)
            if not isinstance(na, Onbekend):
                yield Due(soort.slug, dossier.stelsel.gremium(verslag.gremium).secretaris, na, None, verslag.nr)


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
