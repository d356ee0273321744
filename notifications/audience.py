"""Who must hear what: the difference between what is true now and what each recipient was last told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from dossiers.outbox import PENDING, TOLD, Klaar, Status, Told
from notifications import messages
from statemachines.dossier import Dossier
from statemachines.due import Wat, due
from statemachines.kalender import written
from statemachines.ronde import ANSWERED, Ronde

OPENED = "inbrengmoment-geopend"
MOVED = "datum-gewijzigd"
WITHDRAWN = "ingetrokken"


@dataclass(frozen=True)
class Verschil:
    """What has to be put in the outbox, and what in it became untrue before it was sent, with the reason."""

    klaar: list[Klaar] = field(default_factory=list)
    onwaar: list[tuple[Told, str]] = field(default_factory=list)


def difference(dossier: Dossier, op: date, told: Sequence[Told]) -> Verschil:
    """What is true of this dossier on ``op`` and not told yet, and what is told, not sent, and no longer true."""
    live = [row for row in told if row.status is not Status.INGETROKKEN]
    verschil = Verschil()
    _reminders(dossier, op, live, verschil)
    ronde = dossier.open_ronde
    if ronde is not None and op <= ronde.tot_en_met:
        for orgaan in ronde.standen:
            if dossier.stelsel.exists(orgaan, op):
                _open_ronde(dossier, ronde, orgaan, live, verschil)
    _closed_rondes(dossier, op, live, verschil)
    return verschil


def _reminders(dossier: Dossier, op: date, live: Iterable[Told], verschil: Verschil) -> None:
    true_now = {(d.wat.value, d.ontvanger, d.datumversie) for d in due(dossier) if d.wat is not Wat.VERLOPEN and d.holds(op)}
    known = set()
    for row in live:
        if row.soort not in (OPENED, MOVED, WITHDRAWN):
            key = (row.soort, row.ontvanger, row.datumversie)
            known.add(key)
            if row.status in PENDING and key not in true_now:
                verschil.onwaar.append((row, "Het dossier is verder of het moment is voorbij."))
    for soort, ontvanger, datumversie in sorted(true_now - known):
        context = messages.herinnering(dossier)
        verschil.klaar.append(Klaar(soort, ontvanger, datumversie, _onderwerp(dossier.fase, dossier.bezoek), context, needs_release=False))


def _open_ronde(dossier: Dossier, ronde: Ronde, orgaan: str, live: Iterable[Told], verschil: Verschil) -> None:
    """A recipient hears of the opening once, and again only when what it was really told is no longer the date."""
    ontvanger = dossier.stelsel.orgaan(orgaan).ontvanger.slug
    earlier = list(_told_of(live, ontvanger, _onderwerp(ronde.stap, ronde.bezoek)))
    last = next((row for row in earlier if row.status in TOLD), None)
    sent = None if last is None or last.soort == WITHDRAWN else last
    true_text = ronde.tot_en_met.isoformat()
    waiting = [row for row in earlier if row.status in PENDING]
    # Who never got the first mail, for it was refused or taken back, must not be told that it changes.
    untrue = [
        row for row in waiting if row.soort == WITHDRAWN or row.context["tot_en_met"] != true_text or (row.soort == MOVED and sent is None)
    ]
    verschil.onwaar.extend((row, f"De sluitingsdatum is nu {written(ronde.tot_en_met)}.") for row in untrue)
    if len(waiting) > len(untrue) or (sent is not None and sent.context["tot_en_met"] == true_text):
        return
    if sent is None and ronde.standen[orgaan].staat in ANSWERED:
        return
    context = messages.inbrengmoment(dossier, ronde, orgaan, eerder=None if sent is None else str(sent.context["tot_en_met"]))
    soort = OPENED if sent is None else MOVED
    verschil.klaar.append(Klaar(soort, ontvanger, ronde.datumversie, _onderwerp(ronde.stap, ronde.bezoek), context, needs_release=True))


def _closed_rondes(dossier: Dossier, op: date, live: Sequence[Told], verschil: Verschil) -> None:
    """Inbrengmomenten that were told and are not open any more: not sent is withdrawn, sent and cut short is told."""
    ronde = dossier.open_ronde
    current = _onderwerp(ronde.stap, ronde.bezoek) if ronde is not None and op <= ronde.tot_en_met else None
    ended = {_onderwerp(r.stap, r.bezoek) for r in dossier.rondes if not r.open and r.complete}
    for ontvanger, onderwerp in dict.fromkeys((row.ontvanger, row.onderwerp) for row in live if row.soort in (OPENED, MOVED)):
        if onderwerp == current:
            continue
        rows = list(_told_of(live, ontvanger, onderwerp))
        verschil.onwaar.extend((row, "Het inbrengmoment is voorbij.") for row in rows if row.status in PENDING and row.soort != WITHDRAWN)
        sent = next((row for row in rows if row.status in TOLD or row.soort == WITHDRAWN), None)
        if sent is not None and sent.soort == WITHDRAWN and sent.status in PENDING and not any(row.status in TOLD for row in rows):
            verschil.onwaar.append((sent, "Het inbrengmoment is nooit verteld; er is niets om in te trekken."))
        if sent is None or sent.soort == WITHDRAWN or onderwerp in ended:
            continue
        if date.fromisoformat(str(sent.context["tot_en_met"])) >= op:
            context = {**sent.context, "eerder": sent.context["tot_en_met"], "reden": None}
            verschil.klaar.append(Klaar(WITHDRAWN, ontvanger, dossier.datumversie, onderwerp, context, needs_release=True))


def _told_of(live: Iterable[Told], ontvanger: str, onderwerp: str) -> Iterator[Told]:
    """What this recipient was told of an inbrengmoment, the last first."""
    rows = [row for row in live if row.soort in (OPENED, MOVED, WITHDRAWN) and row.ontvanger == ontvanger and row.onderwerp == onderwerp]
    return iter(sorted(rows, key=lambda row: row.datumversie, reverse=True))


def _onderwerp(stap: str, bezoek: int) -> str:
    return f"{stap}/{bezoek}"
