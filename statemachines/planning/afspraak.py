"""Keeping a plan, and telling later what became of it: what was agreed first, what holds now, and why it slipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import DossierEnded, NoVergaderingInTime, Refused
from statemachines.journal import Draft, Entry, Kind
from statemachines.kalender import Moment, Onbekend, written
from statemachines.opening import moved_ronde, moved_zitting
from statemachines.payloads import Besluit, DatumsGezet, Opening, Planning, StapGepland, Verwijzing
from statemachines.planning.plan import Plan, Stapplan
from statemachines.planning.planner import Planvraag
from statemachines.stelsel import Stelsel


def decide_plan(dossier: Dossier, stelsel: Stelsel, vraag: Planvraag, plan: Plan, reden: Verwijzing, op: date) -> Draft:
    """Agrees on the planned dates of every stap to come. ``stelsel`` holds the facts by which was planned.

    Raises Refused for a terugblik, for a plan that misses its doel or has gaps, and when nothing changes.
    """
    stap = dossier.route.stap(dossier.fase)
    if stap is None or dossier.opening is None:
        raise DossierEnded(f"Dossier {dossier.slug} is afgesloten; er valt niets meer te plannen.")
    if plan.vervallen is not None:
        nu = f"; nu wordt het {written(plan.doel.datum)}" if isinstance(plan.doel, Moment) else ""
        raise Refused(
            f"De vergadering van {written(plan.vervallen)}, die als doel was afgesproken, staat niet meer in de kalender{nu}. Kies met"
            " --vaststelling een ander doel."
        )
    if plan.terugblik:
        raise Refused("Dit is een terugblik: het doel ligt in het verleden. Zo'n plan kan niet worden vastgelegd.")
    planning = _planning(vraag, plan)
    opent = _opening(dossier, stelsel, plan.stap(stap.slug), op)
    same_facts = stelsel.digest == dossier.stelsel.digest
    if opent == dossier.opening and planning == dossier.planning and same_facts:
        raise Refused(f"Dit plan van {dossier.slug} is al zo afgesproken; er verandert niets.")
    payload = DatumsGezet(opent=opent, reden=reden, planning=planning, digest=None if same_facts else stelsel.digest)
    return Draft(Kind.DATUMS_GEZET, op, stap.slug, dossier.bezoek, stap.gremium, payload)


def _planning(vraag: Planvraag, plan: Plan) -> Planning:
    if plan.haalt is False and isinstance(plan.doel, Moment):
        anders = f"; {written(plan.eerste_mogelijk.datum)} kan wel" if isinstance(plan.eerste_mogelijk, Moment) else ""
        breekt = plan.stap(plan.breekt or "")
        waar = f" ('{breekt.naam}' past niet)" if breekt else ""
        raise NoVergaderingInTime(f"Dit plan haalt {written(plan.doel.datum)} niet{waar}{anders}.")
    if not isinstance(plan.doel, Moment):
        raise NoVergaderingInTime(f"Dit plan heeft geen einddatum: {plan.doel.waarom}. Vul eerst de kalender aan.")
    return Planning(doel=plan.doel.datum, stappen=tuple(_agreed(vraag, stap) for stap in plan.stappen if stap.status != "geweest"))


def _agreed(vraag: Planvraag, stap: Stapplan) -> StapGepland:
    if isinstance(stap.gepland, Onbekend):
        raise NoVergaderingInTime(f"'{stap.naam}' heeft geen datum: {stap.gepland.waarom}. Vul eerst de kalender aan.")
    day, waarom = stap.gepland.datum, stap.gepland.waarom
    if stap.is_ronde:
        van = stap.van.datum if stap.van else None
        return StapGepland(stap=stap.stap, van=van, tot_en_met=day, weken=vraag.weken.get(stap.stap), waarom=waarom)
    papers = stap.aanleverdatum.datum if isinstance(stap.aanleverdatum, Moment) else None
    return StapGepland(stap=stap.stap, vergadering=day, aanleverdatum=papers, waarom=waarom)


def _opening(dossier: Dossier, stelsel: Stelsel, here: Stapplan | None, op: date) -> Opening:
    """The current stap as the plan has it; unchanged when the plan leaves it where it is."""
    opening, stap = dossier.opening, dossier.route.stap(dossier.fase)
    assert opening is not None and stap is not None
    if here is None or isinstance(here.gepland, Onbekend):
        return opening
    if opening.ronde is not None:
        same = here.gepland.datum == (dossier.open_ronde.sluit_op if dossier.open_ronde else opening.ronde.tot_en_met)
        return opening if same else moved_ronde(stelsel, opening, here.gepland.datum, op)
    same = opening.zitting is not None and here.gepland.datum == opening.zitting.vergadering
    return opening if same else moved_zitting(stelsel, stap, opening, here.gepland.datum, op)


@dataclass(frozen=True)
class Verschil:
    """One stap: the day that was agreed first, the day now (``gebeurd`` when it really was on that day), and why it moved.

    ``werkdagen`` counts from the first to the second; positive is later. A reason is (entry number, day, id of the text or a sentence).
    """

    stap: str
    naam: str
    eerst: date | None
    nu: date | None
    gebeurd: bool
    werkdagen: int | None
    redenen: tuple[tuple[int, date, Verwijzing | str], ...]


def differences(dossier: Dossier, entries: Sequence[Entry], plan: Plan | None) -> tuple[Verschil, ...]:
    """What was agreed first against what holds now, per stap. Raises Refused when nothing was ever agreed."""
    kept = [(entry, entry.payload.planning) for entry in entries if isinstance(entry.payload, DatumsGezet) and entry.payload.planning]
    if not kept:
        raise Refused(f"Voor dossier {dossier.slug} is nog geen plan vastgelegd; doe dat met 'kader plan DOSSIER --vast'.")
    eerst = kept[0][1]
    return tuple(_difference(dossier, entries, kept, plan, agreed) for agreed in eerst.stappen)


def _difference(
    dossier: Dossier, entries: Sequence[Entry], kept: Sequence[tuple[Entry, Planning]], plan: Plan | None, agreed: StapGepland
) -> Verschil:
    eerst = agreed.vergadering or agreed.tot_en_met
    happened = dossier.verlaten.get(agreed.stap)
    now = plan.stap(agreed.stap) if plan else None
    nu = happened or (now.gepland.datum if now and isinstance(now.gepland, Moment) else None)
    if happened is not None and agreed.tot_en_met is not None:
        closed = next((ronde for ronde in dossier.rondes if ronde.stap == agreed.stap), None)
        nu = closed.tot_en_met if closed else nu
    werkdagen = None
    if eerst is not None and nu is not None:
        werkdagen = dossier.stelsel.werkkalender.werkdagen_between(eerst.toordinal(), nu.toordinal())
    redenen = tuple(_reasons(dossier, entries, kept, agreed, nu)) if nu != eerst else ()
    return Verschil(agreed.stap, dossier.route.naam_van(agreed.stap), eerst, nu, happened is not None, werkdagen, redenen)


def _reasons(
    dossier: Dossier, entries: Sequence[Entry], kept: Sequence[tuple[Entry, Planning]], agreed: StapGepland, nu: date | None
) -> Iterator[tuple[int, date, Verwijzing | str]]:
    """Every later agreement that moved this stap, every besluit that held the document up, with the reason on record."""
    last = agreed.vergadering or agreed.tot_en_met
    left = dossier.verlaten.get(agreed.stap)
    for entry in entries:
        if left is not None and entry.datum > left:
            break
        match entry.payload:
            case DatumsGezet() as gezet if entry.nr > kept[0][0].nr:
                found = gezet.planning.stap(agreed.stap) if gezet.planning else None
                day = (found.vergadering or found.tot_en_met) if found else _opened_day(gezet.opent, agreed.stap)
                if day is not None and day != last:
                    last = day
                    yield entry.nr, entry.datum, gezet.reden
            case Besluit() as besluit if entry.nr > kept[0][0].nr and besluit.naar in (entry.stap, *_before(dossier, entry.stap)):
                wie = dossier.stelsel.naam_van(entry.orgaan)
                yield entry.nr, entry.datum, besluit.reden or f"{wie}: {besluit.uitkomst.label}"
            case _:
                pass
    if last != nu and dossier.verlaten.get(agreed.stap) is None:
        yield 0, nu or dossier.sinds, "volgt uit de kalender en uit wat eerder schoof"


def _opened_day(opent: Opening, stap: str) -> date | None:
    if opent.stap != stap:
        return None
    return opent.ronde.tot_en_met if opent.ronde else opent.zitting.vergadering if opent.zitting else None


def _before(dossier: Dossier, stap: str) -> tuple[str, ...]:
    slugs = [s.slug for s in dossier.route.stappen]
    return tuple(slugs[: slugs.index(stap)]) if stap in slugs else ()
