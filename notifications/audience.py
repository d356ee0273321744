"""Who must hear what: the difference between what is true now and what each recipient was last told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from dossiers.outbox import PENDING, TOLD, Klaar, Status, Told
from notifications import outcome
from notifications.aankondigen import announcements
from notifications.gehoor import Gehoor, Hoedanigheid, hearers
from notifications.herinneren import council_reminders, reminders_of_gremia
from notifications.inbrengmomenten import closed_rondes, open_rondes
from notifications.kijk import CORRECTED, OF_A_MOMENT, OF_THE_END, OPENED, OUTCOME, WITHDRAWN, Kijk, Verschil
from notifications.kijk import onderwerp as subject
from statemachines.dossier import Dossier
from statemachines.ronde import ANSWERED, Stand
from statemachines.stelsel import Stelsel


def difference(dossier: Dossier, op: date, told: Sequence[Told], feiten: Stelsel | None = None, *, is_ronde: bool = True) -> Verschil:
    """What is true of this dossier on ``op`` and not told yet, and what is told, not sent, and no longer true.

    ``feiten`` are the facts of now, with their catalogue; without them those of the dossier. ``is_ronde`` as in Kijk.
    """
    kijk = Kijk(dossier, op, [row for row in told if row.status is not Status.INGETROKKEN], feiten or dossier.stelsel, is_ronde)
    verschil = Verschil()
    reminders_of_gremia(kijk, verschil)
    announcements(kijk, verschil)
    current = open_rondes(kijk, verschil)
    ronde = dossier.ronde
    still = subject(ronde.stap, ronde.bezoek) if ronde is not None and ronde.open and op <= ronde.sluit_op else None
    closed_rondes(kijk, current, still, verschil)
    council_reminders(kijk, verschil)
    _outcome(kijk, verschil)
    return Verschil(list(_by_the_catalogue(kijk, verschil.klaar)), verschil.onwaar)


def _by_the_catalogue(kijk: Kijk, klaar: Sequence[Klaar]) -> Iterator[Klaar]:
    """Without what is switched off, and each with the release and the template of its kind."""
    for message in klaar:
        soort = kijk.soort(message.soort)
        if soort is not None and soort.aan:
            context = {**message.context, "sjabloon": soort.sjabloon}
            yield replace(message, context=context, needs_release=soort.vrijgave)


def _outcome(kijk: Kijk, verschil: Verschil) -> None:
    """How it ended, to everyone who was asked and heard of it or answered; when that changes afterwards, it is told corrected."""
    dossier = kijk.dossier
    before = {row.ontvanger for row in kijk.told(OF_THE_END)}
    gone = {row.ontvanger for row in kijk.told([WITHDRAWN])} | {klaar.ontvanger for klaar in verschil.klaar if klaar.soort == WITHDRAWN}
    concerned = _concerned(kijk, gone) if dossier.ended else {}
    for ontvanger in dict.fromkeys([*concerned, *sorted(before)]):
        rows = list(kijk.told(OF_THE_END, ontvanger))
        sent = next((row for row in rows if row.status in TOLD), None)
        context = outcome.uitkomst(dossier, concerned[ontvanger], kijk.op) if ontvanger in concerned else None
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


def _concerned(kijk: Kijk, gone: set[str]) -> dict[str, Gehoor]:
    """Every recipient that must hear how it ended, with its organs: it heard that it was asked, or it gave something.

    ``gone`` are those who hear that they are not asked any more.
    """
    dossier, stelsel = kijk.dossier, kijk.dossier.stelsel
    heard = {row.ontvanger for row in kijk.told(OF_A_MOMENT) if row.status in TOLD}
    gave = {given.orgaan for given in dossier.gegeven}
    told = {row.ontvanger for row in kijk.told(OF_THE_END) if row.status in TOLD}
    found: dict[str, Gehoor] = {}
    for ronde in dossier.rondes:
        # Whose place passed to another during the ronde is not asked any more, and may have given something.
        passed = [g.orgaan for g in dossier.gegeven if not g.bundelt and (g.stap, g.bezoek) == (ronde.stap, ronde.bezoek)]
        asked = list(dict.fromkeys([*ronde.standen, *passed]))
        for slug in asked:
            stand = ronde.standen.get(slug, Stand(slug))
            own = stelsel.heir(slug, kijk.op)
            # Who heard the end itself, before another took its place, needs no heir to hear it.
            if own is None or (own.slug != slug and stelsel.orgaan(slug).ontvanger.slug in told - {own.ontvanger.slug}):
                continue
            wie = own.ontvanger
            if slug in gave or stand.staat in ANSWERED or (wie.slug in heard and wie.slug not in gone):
                known = found.get(wie.slug, Gehoor(wie, Hoedanigheid.CONTACT, ()))
                found[wie.slug] = replace(known, organen=tuple(dict.fromkeys((*known.organen, slug))))
        soort = kijk.soort(OPENED)
        beside = hearers(stelsel, soort, asked, via_deelregio=True) if soort is not None else {}
        for ontvanger, gehoor in beside.items():
            if gehoor.als is not Hoedanigheid.CONTACT and ontvanger in heard - gone:
                known = found.get(ontvanger, replace(gehoor, organen=()))
                found[ontvanger] = replace(known, organen=tuple(dict.fromkeys((*known.organen, *gehoor.organen))))
    return found
