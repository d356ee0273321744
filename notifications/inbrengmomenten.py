"""Rondes as those who are asked hear of them: opened, moved to another date, or not any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dossiers.outbox import PENDING, TOLD, Klaar
from notifications import messages
from notifications.gehoor import Gehoor, hearers
from notifications.kijk import MOVED, OF_A_MOMENT, OPENED, WITHDRAWN, Kijk, Verschil, onderwerp
from statemachines.kalender import written
from statemachines.ronde import ANSWERED, Ronde
from statemachines.stelsel import Stelsel


def open_rondes(kijk: Kijk, verschil: Verschil) -> set[tuple[str, str]]:
    """Tells of the last ronde to those who can still answer; gives who that is, with what it is about."""
    ronde = kijk.dossier.ronde
    if ronde is None:
        return set()
    about = onderwerp(ronde.stap, ronde.bezoek)
    asked = asked_now(kijk, ronde)
    for gehoor in asked.values():
        _open_ronde(kijk, ronde, gehoor, verschil)
    return {(ontvanger, about) for ontvanger in asked}


def asked_now(kijk: Kijk, ronde: Ronde) -> Mapping[str, Gehoor]:
    """Every recipient with the organs of this ronde for which it can still answer on the day that is looked at.

    After a ronde has closed that is only who has uitstel or was asked again, until the next besluit.
    """
    dossier, soort = kijk.dossier, kijk.soort(OPENED)
    if soort is None:
        return {}
    return hearers(dossier.stelsel, soort, _can_answer(kijk, ronde), messages.inner_day(dossier, ronde) is not None)


def _can_answer(kijk: Kijk, ronde: Ronde) -> list[str]:
    found = []
    for slug, stand in ronde.standen.items():
        late = stand.uitstel is not None and not ronde.besloten and (stand.staat not in ANSWERED or stand.opnieuw is not None)
        if (ronde.open or late) and kijk.op <= ronde.until(slug) and kijk.dossier.stelsel.exists(slug, kijk.op):
            found.append(slug)
    return found


def _open_ronde(kijk: Kijk, ronde: Ronde, gehoor: Gehoor, verschil: Verschil) -> None:
    """A recipient hears of the opening once, and again only when what it was really told is no longer the date."""
    ontvanger, about = gehoor.ontvanger.slug, onderwerp(ronde.stap, ronde.bezoek)
    earlier = list(kijk.told(OF_A_MOMENT, ontvanger, about))
    last = next((row for row in earlier if row.status in TOLD), None)
    sent = None if last is None or last.soort == WITHDRAWN else last
    waiting = [row for row in earlier if row.status in PENDING]
    if sent is not None and not waiting and _is_told(sent.context, kijk.dossier.stelsel, ronde, gehoor.organen):
        return
    context = messages.inbrengmoment(kijk.dossier, ronde, gehoor, sent.context if sent is not None else None)
    # Who never got the first mail, for it was refused or taken back, must not be told that it changes.
    untrue = [
        row
        for row in waiting
        if row.soort == WITHDRAWN or not messages.same_moment(row.context, context) or (row.soort == MOVED and sent is None)
    ]
    verschil.onwaar.extend((row, f"De sluitingsdatum is nu {written(date.fromisoformat(str(context['tot_en_met'])))}.") for row in untrue)
    if len(waiting) > len(untrue) or (sent is not None and messages.same_moment(sent.context, context)):
        return
    if sent is None and all(ronde.standen[orgaan].staat in ANSWERED for orgaan in gehoor.organen):
        return
    whole = messages.with_own_dates(kijk, ronde, gehoor, context)
    verschil.klaar.append(Klaar(OPENED if sent is None else MOVED, ontvanger, ronde.datumversie, about, whole, needs_release=True))


def _is_told(told: messages.Context, stelsel: Stelsel, ronde: Ronde, organen: Sequence[str]) -> bool:
    """As `messages.same_moment`, without making all that would be said of it: mostly nothing is new."""
    opnieuw = max((s.opnieuw.isoformat() for slug in organen if (s := ronde.standen[slug]).opnieuw is not None), default=None)
    until = ((messages.told_until(told, stelsel.orgaan(slug).naam), ronde.until(slug).isoformat()) for slug in organen)
    return opnieuw in (None, told.get("opnieuw")) and all(then == now for then, now in until)


def closed_rondes(kijk: Kijk, current: set[tuple[str, str]], still: str | None, verschil: Verschil) -> None:
    """Inbrengmomenten that were told and are not open any more: not sent is withdrawn, sent and cut short is told.

    ``still`` is the moment that is open for others: nothing of it was cut short.
    """
    dossier = kijk.dossier
    last = dossier.ronde
    # Who hears less by another catalogue, or has uitstel and answered already, was not cut short: what its organs give still counts.
    counting = [slug for slug in last.standen if last.counts(kijk.op, slug)] if last is not None else []
    going_on = {dossier.stelsel.orgaan(slug).naam for slug in counting if dossier.stelsel.exists(slug, kijk.op)}
    ended = {onderwerp(r.stap, r.bezoek) for r in dossier.rondes if not r.open and r.complete}
    for ontvanger, about in dict.fromkeys((row.ontvanger, row.onderwerp) for row in kijk.live if row.soort in (OPENED, MOVED)):
        if (ontvanger, about) in current:
            continue
        rows = list(kijk.told(OF_A_MOMENT, ontvanger, about))
        verschil.onwaar.extend((row, "Het inbrengmoment is voorbij.") for row in rows if row.status in PENDING and row.soort != WITHDRAWN)
        sent = next((row for row in rows if row.status in TOLD or row.soort == WITHDRAWN), None)
        if sent is not None and sent.soort == WITHDRAWN and sent.status in PENDING and not any(row.status in TOLD for row in rows):
            verschil.onwaar.append((sent, "Het inbrengmoment is nooit verteld; er is niets om in te trekken."))
        if sent is None or sent.soort == WITHDRAWN or about in (*ended, still):
            continue
        if last is not None and about == onderwerp(last.stap, last.bezoek) and going_on & messages.names_in(sent.context):
            continue
        if date.fromisoformat(messages.last_told(sent.context)) >= kijk.op:
            context = messages.withdrawn(dossier, sent.context)
            verschil.klaar.append(Klaar(WITHDRAWN, ontvanger, dossier.datumversie, about, context, needs_release=True))
