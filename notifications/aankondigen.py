"""Announcing: a ronde that is agreed and opens weeks from now, its days when they change, and that it will not be held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dossiers.outbox import PENDING, TOLD, Klaar
from notifications.gehoor import Gehoor, hearers
from notifications.kijk import ANNOUNCED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED, OF_A_MOMENT, OF_A_PLAN, Kijk, Verschil, onderwerp
from notifications.messages import Context, common, may_be_named
from statemachines.gepland import GeplandeRonde, announced_between, planned_rondes, version_of
from statemachines.kalender import enumerated


def announcements(kijk: Kijk, verschil: Verschil) -> None:
    """Tells of a planned ronde in time, and again only when what was really told is no longer the plan."""
    soort = kijk.soort(ANNOUNCED)
    if soort is None:
        return
    known = dict.fromkeys((row.ontvanger, row.onderwerp) for row in kijk.told(OF_A_PLAN))
    current, asked = set(), {}
    for ronde in planned_rondes(kijk.dossier):
        vanaf, uiterlijk = announced_between(soort, ronde.van)
        about, in_time = onderwerp(ronde.stap, ronde.bezoek), vanaf <= kijk.op <= uiterlijk
        if kijk.op > ronde.van or not (in_time or any(about == other for _, other in known)):
            continue
        asked[about] = ronde.organen
        for ontvanger, gehoor in hearers(kijk.dossier.stelsel, soort, ronde.organen, via_deelregio=False).items():
            current.add((ontvanger, about))
            _announce(kijk, ronde, gehoor, in_time, verschil)
    planned = {onderwerp(ronde.stap, ronde.bezoek) for ronde in planned_rondes(kijk.dossier)}
    opened = {onderwerp(ronde.stap, ronde.bezoek) for ronde in kijk.dossier.rondes}
    for ontvanger, about in known:
        if (ontvanger, about) not in current:
            # Past its first day and not opened yet: what was told is not true, and nobody knows yet what will be.
            overdue = about in planned and about not in asked
            _not_announced(kijk, ontvanger, about, asked.get(about, ()), about in opened or overdue, verschil)


def _announce(kijk: Kijk, ronde: GeplandeRonde, gehoor: Gehoor, in_time: bool, verschil: Verschil) -> None:
    ontvanger, about = gehoor.ontvanger.slug, onderwerp(ronde.stap, ronde.bezoek)
    rows = list(kijk.told(OF_A_PLAN, ontvanger, about))
    last = next((row for row in rows if row.status in TOLD), None)
    sent = None if last is None or last.soort == NOT_ANNOUNCED else last.context
    same = sent is not None and _same(sent, ronde)
    # An announcement that a person did not give free in time has nothing to announce any more: the opening tells it.
    late = sent is None and not in_time
    waiting = [row for row in rows if row.status in PENDING]
    untrue = [row for row in waiting if late or same or row.soort == NOT_ANNOUNCED or not _same(row.context, ronde)]
    verschil.onwaar.extend((row, "De planning is nu anders, of het is te laat om aan te kondigen.") for row in untrue)
    if same or late or len(waiting) > len(untrue):
        return
    soort = ANNOUNCED if sent is None else ANNOUNCED_OTHERWISE
    verschil.klaar.append(Klaar(soort, ontvanger, ronde.versie, about, _context(kijk, ronde, gehoor, sent), needs_release=True))


def _not_announced(kijk: Kijk, ontvanger: str, about: str, asked: Sequence[str], silent: bool, verschil: Verschil) -> None:
    """What was announced and is not planned any more: not sent is withdrawn, and sent is told.

    ``silent`` says that nothing is told, for the ronde opened after all. Neither is it to whoever does not hear any more while one of
    its organs will still be asked: that is another agreement on who hears, and no other plan.
    """
    rows = list(kijk.told(OF_A_PLAN, ontvanger, about))
    verschil.onwaar.extend((row, "Dit is niet meer gepland.") for row in rows if row.status in PENDING and row.soort != NOT_ANNOUNCED)
    sent = next((row for row in rows if row.status in TOLD or row.soort == NOT_ANNOUNCED), None)
    if sent is None or sent.soort == NOT_ANNOUNCED or silent or any(kijk.told(OF_A_MOMENT, ontvanger, about)):
        return
    organen = sent.context.get("organen")
    if isinstance(organen, list) and set(organen) & set(asked):
        return
    public = may_be_named(kijk.dossier.stelsel, kijk.dossier.gebracht_door)
    reden = kijk.dossier.herroepen_om or (kijk.dossier.reden_zet if public else None)
    context = {**sent.context, "eerder_van": None, "eerder": None, "reden": {"tekst": reden.id} if reden else None}
    versie = version_of(kijk.dossier, kijk.dossier.nr, about.partition("/")[0])
    verschil.klaar.append(Klaar(NOT_ANNOUNCED, ontvanger, versie, about, context, needs_release=True))


def _same(told: Mapping[str, object], ronde: GeplandeRonde) -> bool:
    return (told["van"], told["tot_en_met"]) == (ronde.van.isoformat(), ronde.tot_en_met.isoformat())


def _context(kijk: Kijk, ronde: GeplandeRonde, gehoor: Gehoor, sent: Mapping[str, object] | None) -> Context:
    """What an announcement says: the kind of document and the days; its title may not be known outside yet."""
    dossier = kijk.dossier
    stelsel = dossier.stelsel
    soort = next((s.naam for s in stelsel.documentsoorten if s.slug == dossier.soort), dossier.route.naam)
    reden = dossier.reden_planning
    return {
        **common(dossier),
        "titel": soort,
        "als": gehoor.als.value,
        "wat": soort,
        "stap": ronde.naam,
        "grondslag": ronde.grondslag,
        "antwoord": ronde.antwoord.value,
        "organen": list(gehoor.organen),
        "orgaan": enumerated([stelsel.orgaan(slug).naam for slug in gehoor.organen]),
        "aanhef": gehoor.ontvanger.aanhef,
        "ontvanger_naam": gehoor.ontvanger.naam,
        "van": ronde.van.isoformat(),
        "tot_en_met": ronde.tot_en_met.isoformat(),
        "eerder_van": None if sent is None else sent["van"],
        "eerder": None if sent is None else sent["tot_en_met"],
        "reden": {"tekst": reden.id} if sent is not None and reden else None,
    }
