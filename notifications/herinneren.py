"""Reminders: to those who support a gremium, and once in a ronde to a council of which nothing was heard."""

from __future__ import annotations

from datetime import date

from dossiers.outbox import PENDING, TOLD, Klaar
from notifications import messages
from notifications.gehoor import Gehoor, hearers
from notifications.inbrengmomenten import asked_now
from notifications.kijk import OF_A_MOMENT, Kijk, Verschil, onderwerp
from statemachines.berichten import Aanleiding, Berichtsoort, at, known_kinds
from statemachines.due import Due, reminders
from statemachines.kalender import Onbekend
from statemachines.planning.planner import FITS
from statemachines.planning.raadsweg import Niveau
from statemachines.ronde import Ronde, Stand

OF_GREMIA = (Aanleiding.STUKKEN_VERWACHT, Aanleiding.STUKKEN_TE_LAAT, Aanleiding.BESLUIT_VERWACHT, Aanleiding.VERSLAG_VERWACHT)

REST = 5
"""Werkdagen after a council heard of the opening in which nobody is reminded of it. Bron: aanname."""


def reminders_of_gremia(kijk: Kijk, verschil: Verschil) -> None:
    """What a secretaris must do for a vergadering; once, and withdrawn when it is not true any more."""
    dossier = kijk.dossier
    true_now: dict[tuple[str, str, int], Due] = {}
    for due in reminders(dossier):
        if due.holds(kijk.op):
            true_now[due.wat, due.ontvanger, due.datumversie] = due
    slugs = {soort.slug for stelsel in (dossier.stelsel, kijk.feiten) for soort in known_kinds(stelsel) if soort.bij in OF_GREMIA}
    known = set()
    for row in kijk.live:
        if row.soort in slugs:
            key = (row.soort, row.ontvanger, row.datumversie)
            known.add(key)
            if row.status in PENDING and key not in true_now:
                verschil.onwaar.append((row, "Het dossier is verder of het moment is voorbij."))
    for key in sorted(true_now.keys() - known):
        soort, ontvanger, datumversie = key
        verslag = next((v for v in dossier.verslagen if v.nr == datumversie), None) if _is_of_verslag(kijk, soort) else None
        context = messages.verslag(dossier, ontvanger, verslag) if verslag is not None else messages.herinnering(dossier, ontvanger)
        about = onderwerp(dossier.fase, dossier.bezoek)
        verschil.klaar.append(Klaar(soort, ontvanger, datumversie, about, context, needs_release=False))


def _is_of_verslag(kijk: Kijk, slug: str) -> bool:
    soort = kijk.soort(slug)
    return soort is not None and soort.bij is Aanleiding.VERSLAG_VERWACHT


def council_reminders(kijk: Kijk, verschil: Verschil) -> None:
    """One reminder in a ronde, to whoever heard of it and of whom neither an answer nor a behandelwijze is known."""
    stelsel, ronde = kijk.dossier.stelsel, kijk.dossier.open_ronde
    slugs = {s.slug for feiten in (stelsel, kijk.feiten) for s in known_kinds(feiten) if s.bij is Aanleiding.RONDE_ZONDER_REACTIE}
    waiting = [row for row in kijk.live if row.soort in slugs and row.status in PENDING]
    asked = asked_now(kijk, ronde) if ronde is not None and waiting else {}
    for row in waiting:
        gehoor = asked.get(row.ontvanger)
        if ronde is None or gehoor is None or not _silent(ronde, gehoor) or str(row.context["laatste"]) < kijk.op.isoformat():
            verschil.onwaar.append((row, "Er is intussen een antwoord, of het moment is voorbij."))
    if ronde is None or not kijk.is_ronde:
        return
    about = onderwerp(ronde.stap, ronde.bezoek)
    for soort in at(kijk.feiten, Aanleiding.RONDE_ZONDER_REACTIE):
        for gehoor in hearers(stelsel, soort, _all_silent(kijk, ronde), via_deelregio=False).values():
            told = kijk.told([*slugs, *OF_A_MOMENT], gehoor.ontvanger.slug, about)
            if {row.soort in slugs for row in told if row.soort in slugs or row.status in TOLD} == {False}:
                _remind(kijk, soort, ronde, gehoor, verschil)


def reminded_between(kijk: Kijk, soort: Berichtsoort, ronde: Ronde, gehoor: Gehoor) -> tuple[date, date] | None:
    """The first and the last day on which a council is reminded of a ronde; None when the werkdagen are not known that far."""
    werk = kijk.dossier.stelsel.werkkalender
    rust = _rest(kijk, ronde, gehoor)
    if isinstance(rust, Onbekend):
        return None
    last = min(_last_day(kijk, ronde, orgaan, rust) for orgaan in gehoor.organen)
    vanaf = werk.before(last, soort.werkdagen or 0)
    return None if isinstance(vanaf, Onbekend) else (max(vanaf, rust), last)


def _remind(kijk: Kijk, soort: Berichtsoort, ronde: Ronde, gehoor: Gehoor, verschil: Verschil) -> None:
    about, rust = onderwerp(ronde.stap, ronde.bezoek), _rest(kijk, ronde, gehoor)
    if isinstance(rust, Onbekend) or kijk.op < rust:  # before the way of a council is looked for, which takes long
        return
    days = reminded_between(kijk, soort, ronde, gehoor)
    if days is None or not days[0] <= kijk.op <= days[1]:
        return
    last = days[1]
    context = messages.with_own_dates(kijk, ronde, gehoor, messages.inbrengmoment(kijk.dossier, ronde, gehoor, None))
    whole = {**context, "laatste": last.isoformat(), "past": last < ronde.until(gehoor.organen[0])}
    verschil.klaar.append(Klaar(soort.slug, gehoor.ontvanger.slug, ronde.datumversie, about, whole, needs_release=False))


def _rest(kijk: Kijk, ronde: Ronde, gehoor: Gehoor) -> date | Onbekend:
    """The first day after the rest that follows the opening, or the day on which it was heard when that came later."""
    rows = kijk.told(OF_A_MOMENT, gehoor.ontvanger.slug, onderwerp(ronde.stap, ronde.bezoek))
    heard = (date.fromisoformat(row.afgehandeld[:10]) for row in rows if row.afgehandeld is not None and row.status in TOLD)
    # Who looks back from an earlier day, or plays a year, hears on days that have not come yet.
    since = max((day for day in heard if day <= kijk.op), default=ronde.van)
    return kijk.dossier.stelsel.werkkalender.after(max(since, ronde.van), REST)


def _last_day(kijk: Kijk, ronde: Ronde, orgaan: str, rust: date) -> date:
    """The last day that still fits its own schedule: for its papers where that is known and still to come, else its sluitingsdatum."""
    own = _papers(kijk, ronde, orgaan)
    return own if own is not None and own >= max(rust, kijk.op) else ronde.until(orgaan)


def _papers(kijk: Kijk, ronde: Ronde, orgaan: str) -> date | None:
    """When papers are due for the last way of its own that fits in the termijn; None where nothing fits or its days are not known."""
    planner, wie, until = kijk.planner(), kijk.dossier.stelsel.orgaan(orgaan), ronde.until(orgaan).toordinal()
    if wie.deelnemer not in planner.raadswegen:
        return None
    own, van = planner.weg_of(wie, until), ronde.van.toordinal()
    weg = own.walk(ronde.kring, van, until)
    known = all(row.niveau(van, until) is not Niveau.GEEN for row in own.schakels[ronde.kring])
    if weg.oordeel not in FITS or not known or None in (*weg.laatste, *weg.aanleveren):
        return None
    return None if weg.aanleveren[0] is None else date.fromordinal(weg.aanleveren[0])


def _silent(ronde: Ronde, gehoor: Gehoor) -> bool:
    return any(_is_silent(ronde.standen[orgaan]) for orgaan in gehoor.organen)


def _all_silent(kijk: Kijk, ronde: Ronde) -> list[str]:
    return [slug for slug, stand in ronde.standen.items() if _is_silent(stand) and kijk.dossier.stelsel.exists(slug, kijk.op)]


def _is_silent(stand: Stand) -> bool:
    """Neither an answer nor how it will be handled is known."""
    return stand.waiting and stand.behandelwijze is None and stand.geagendeerd_op is None and stand.concept is None
