"""Who must hear what: the difference between what is true now and what each recipient was last told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from dossiers.outbox import PENDING, TOLD, Klaar, Status, Told
from notifications import messages, outcome
from statemachines.dossier import Dossier
from statemachines.due import Wat, due
from statemachines.kalender import written
from statemachines.ronde import ANSWERED, Ronde, Stand

OPENED = "inbrengmoment-geopend"
MOVED = "datum-gewijzigd"
WITHDRAWN = "ingetrokken"
OUTCOME = "uitkomst"
CORRECTED = "uitkomst-gecorrigeerd"
OF_A_MOMENT = (OPENED, MOVED, WITHDRAWN)
OF_THE_END = (OUTCOME, CORRECTED)


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
    current = set()
    ronde = dossier.ronde
    if ronde is not None:
        for ontvanger, organen in _asked_now(dossier, ronde, op).items():
            current.add((ontvanger, _onderwerp(ronde.stap, ronde.bezoek)))
            _open_ronde(dossier, ronde, ontvanger, organen, live, verschil)
    still = _onderwerp(ronde.stap, ronde.bezoek) if ronde is not None and ronde.open and op <= ronde.sluit_op else None
    _closed_rondes(dossier, op, live, current, still, verschil)
    _outcome(dossier, op, live, verschil)
    return verschil


def _reminders(dossier: Dossier, op: date, live: Iterable[Told], verschil: Verschil) -> None:
    true_now = {(d.wat.value, d.ontvanger, d.datumversie) for d in due(dossier) if d.wat is not Wat.VERLOPEN and d.holds(op)}
    known = set()
    for row in live:
        if row.soort not in (*OF_A_MOMENT, *OF_THE_END):
            key = (row.soort, row.ontvanger, row.datumversie)
            known.add(key)
            if row.status in PENDING and key not in true_now:
                verschil.onwaar.append((row, "Het dossier is verder of het moment is voorbij."))
    for soort, ontvanger, datumversie in sorted(true_now - known):
        context = messages.herinnering(dossier, ontvanger)
        verschil.klaar.append(Klaar(soort, ontvanger, datumversie, _onderwerp(dossier.fase, dossier.bezoek), context, needs_release=False))


def _asked_now(dossier: Dossier, ronde: Ronde, op: date) -> dict[str, list[str]]:
    """Every recipient with the organs of this ronde for which it can still answer on ``op``.

    After a ronde has closed that is only who has uitstel or was asked again, until the next besluit.
    """
    found: dict[str, list[str]] = {}
    for slug, stand in ronde.standen.items():
        late = stand.uitstel is not None and not ronde.besloten and (stand.staat not in ANSWERED or stand.opnieuw is not None)
        if (ronde.open or late) and op <= ronde.until(slug) and dossier.stelsel.exists(slug, op):
            found.setdefault(dossier.stelsel.orgaan(slug).ontvanger.slug, []).append(slug)
    return found


def _open_ronde(dossier: Dossier, ronde: Ronde, ontvanger: str, organen: Sequence[str], live: Iterable[Told], verschil: Verschil) -> None:
    """A recipient hears of the opening once, and again only when what it was really told is no longer the date."""
    earlier = list(_told_of(live, ontvanger, _onderwerp(ronde.stap, ronde.bezoek)))
    last = next((row for row in earlier if row.status in TOLD), None)
    sent = None if last is None or last.soort == WITHDRAWN else last
    context = messages.inbrengmoment(dossier, ronde, organen, sent.context if sent is not None else None)
    waiting = [row for row in earlier if row.status in PENDING]
    # Who never got the first mail, for it was refused or taken back, must not be told that it changes.
    untrue = [
        row
        for row in waiting
        if row.soort == WITHDRAWN or not messages.same_moment(row.context, context) or (row.soort == MOVED and sent is None)
    ]
    verschil.onwaar.extend((row, f"De sluitingsdatum is nu {written(date.fromisoformat(str(context['tot_en_met'])))}.") for row in untrue)
    if len(waiting) > len(untrue) or (sent is not None and messages.same_moment(sent.context, context)):
        return
    if sent is None and all(ronde.standen[orgaan].staat in ANSWERED for orgaan in organen):
        return
    soort = OPENED if sent is None else MOVED
    verschil.klaar.append(Klaar(soort, ontvanger, ronde.datumversie, _onderwerp(ronde.stap, ronde.bezoek), context, needs_release=True))


def _closed_rondes(
    dossier: Dossier, op: date, live: Sequence[Told], current: set[tuple[str, str]], still: str | None, verschil: Verschil
) -> None:
    """Inbrengmomenten that were told and are not open any more: not sent is withdrawn, sent and cut short is told.

    ``still`` is the moment that is open for others: nothing of it was cut short.
    """
    ended = {_onderwerp(r.stap, r.bezoek) for r in dossier.rondes if not r.open and r.complete}
    for ontvanger, onderwerp in dict.fromkeys((row.ontvanger, row.onderwerp) for row in live if row.soort in (OPENED, MOVED)):
        if (ontvanger, onderwerp) in current:
            continue
        rows = list(_told_of(live, ontvanger, onderwerp))
        verschil.onwaar.extend((row, "Het inbrengmoment is voorbij.") for row in rows if row.status in PENDING and row.soort != WITHDRAWN)
        sent = next((row for row in rows if row.status in TOLD or row.soort == WITHDRAWN), None)
        if sent is not None and sent.soort == WITHDRAWN and sent.status in PENDING and not any(row.status in TOLD for row in rows):
            verschil.onwaar.append((sent, "Het inbrengmoment is nooit verteld; er is niets om in te trekken."))
        if sent is None or sent.soort == WITHDRAWN or onderwerp in (*ended, still):
            continue
        if date.fromisoformat(messages.last_told(sent.context)) >= op:
            context = messages.withdrawn(dossier, sent.context)
            verschil.klaar.append(Klaar(WITHDRAWN, ontvanger, dossier.datumversie, onderwerp, context, needs_release=True))


def _outcome(dossier: Dossier, op: date, live: Sequence[Told], verschil: Verschil) -> None:
    """How it ended, to everyone who was asked and heard of it or answered; when that changes afterwards, it is told corrected."""
    before = {row.ontvanger for row in live if row.soort in OF_THE_END}
    gone = {row.ontvanger for row in live if row.soort == WITHDRAWN} | {
        klaar.ontvanger for klaar in verschil.klaar if klaar.soort == WITHDRAWN
    }
    concerned = _concerned(dossier, op, live, gone) if dossier.ended else {}
    for ontvanger in dict.fromkeys([*concerned, *sorted(before)]):
        rows = sorted((r for r in live if r.soort in OF_THE_END and r.ontvanger == ontvanger), key=lambda r: r.datumversie, reverse=True)
        sent = next((row for row in rows if row.status in TOLD), None)
        context = outcome.uitkomst(dossier, concerned[ontvanger], op) if ontvanger in concerned else None
        if context is None and not dossier.ended and sent is not None and sent.context["besluit"] is not None:
            context = outcome.no_uitkomst(dossier, sent.context)
        waiting = [row for row in rows if row.status in PENDING]
        soort = OUTCOME if sent is None else CORRECTED
        untrue = [row for row in waiting if context is None or not outcome.same_end(row.context, context) or row.soort != soort]
        verschil.onwaar.extend((row, "Dit is niet meer hoe het dossier eindigde.") for row in untrue)
        if context is None or len(waiting) > len(untrue) or (sent is not None and outcome.same_end(sent.context, context)):
            continue
        if sent is not None and dossier.ended:
            context = outcome.corrected(sent.context, context)
        verschil.klaar.append(Klaar(soort, ontvanger, dossier.nr, dossier.fase, context, needs_release=True))


def _concerned(dossier: Dossier, op: date, live: Sequence[Told], gone: set[str]) -> dict[str, list[str]]:
    """Every recipient that must hear how it ended, with its organs: it heard that it was asked, or it gave something.

    ``gone`` are those who hear that they are not asked any more.
    """
    heard = {row.ontvanger for row in live if row.soort in OF_A_MOMENT and row.status in TOLD}
    gave = {given.orgaan for given in dossier.gegeven}
    told = {row.ontvanger for row in live if row.soort in OF_THE_END and row.status in TOLD}
    found: dict[str, list[str]] = {}
    for ronde in dossier.rondes:
        # Whose place passed to another during the ronde is not asked any more, and may have given something.
        passed = [g.orgaan for g in dossier.gegeven if not g.bundelt and (g.stap, g.bezoek) == (ronde.stap, ronde.bezoek)]
        for slug in dict.fromkeys([*ronde.standen, *passed]):
            stand = ronde.standen.get(slug, Stand(slug))
            own = dossier.stelsel.heir(slug, op)
            # Who heard the end itself, before another took its place, needs no heir to hear it.
            if own is None or (own.slug != slug and dossier.stelsel.orgaan(slug).ontvanger.slug in told - {own.ontvanger.slug}):
                continue
            ontvanger = own.ontvanger.slug
            if slug in gave or stand.staat in ANSWERED or (ontvanger in heard and ontvanger not in gone):
                organen = found.setdefault(ontvanger, [])
                organen.extend(orgaan for orgaan in (slug,) if orgaan not in organen)
    return found


def _told_of(live: Iterable[Told], ontvanger: str, onderwerp: str) -> Iterator[Told]:
    """What this recipient was told of an inbrengmoment, the last first."""
    rows = [row for row in live if row.soort in OF_A_MOMENT and row.ontvanger == ontvanger and row.onderwerp == onderwerp]
    return iter(sorted(rows, key=lambda row: row.datumversie, reverse=True))


def _onderwerp(stap: str, bezoek: int) -> str:
    return f"{stap}/{bezoek}"
