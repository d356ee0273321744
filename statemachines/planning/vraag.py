"""What people ask to be planned, checked: a route from a day on, or a dossier from where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import DossierEnded, NoVergaderingInTime, Refused
from statemachines.kalender import Moment, Onbekend, Venster, written
from statemachines.opening import meets, no_meeting
from statemachines.planning.plan import Plan
from statemachines.planning.planner import Planvraag
from statemachines.planning.traject import reeksen_of
from statemachines.route import Route, Stap
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Wens:
    """What somebody wants of a plan.

    ``doel`` is the vergadering that must conclude, ``zet`` per stap the day that it must have (for a ronde its sluitingsdatum, or its
    first and last day), ``weken`` the length of the raadpleging.
    """

    doel: date | None = None
    zet: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    weken: int | None = None


NOTHING = Wens()
"""A plan as it comes out."""


def vraag_of_route(stelsel: Stelsel, route: Route, slug: str, vanaf: date, wens: Wens) -> Planvraag:
    """A document that still has to be put in routing, ready for that on ``vanaf``. Raises Refused for a wens that cannot be."""
    bare = Planvraag(slug, route, route.stappen[0].slug, vanaf, na_werkdagen=route.volgt_op.werkdagen if route.volgt_op else 0)
    return _wished(stelsel, bare, wens)


def vraag_of_dossier(dossier: Dossier, stelsel: Stelsel, op: date, wens: Wens = NOTHING) -> Planvraag:
    """A dossier from where it stands on ``op``, with what was agreed and what is fixed already. Raises DossierEnded and Refused.

    A vergadering that has passed without a besluit on record is planned anew, for the first one on or after ``op``.
    """
    stap, opening = dossier.route.stap(dossier.fase), dossier.opening
    if stap is None or opening is None:
        raise DossierEnded(f"Dossier {dossier.slug} is afgesloten; er valt niets meer te plannen.")
    gezet, vensters, weken, minstens = {}, {}, {}, {}
    for agreed in dossier.planning.stappen if dossier.planning else ():
        if agreed.weken is not None:
            weken[agreed.stap] = agreed.weken
        if agreed.stap != stap.slug and (day := agreed.vergadering or agreed.tot_en_met):
            gezet[agreed.stap] = day
        if agreed.van is not None and agreed.tot_en_met is not None:
            minstens[agreed.stap] = (agreed.tot_en_met - agreed.van).days
    if opening.ronde is not None:
        ronde = opening.ronde
        closes = dossier.open_ronde.sluit_op if dossier.open_ronde else ronde.tot_en_met
        vensters[stap.slug] = Venster(Moment(ronde.van, "zo is de ronde geopend"), Moment(closes, f"{ronde.waarom} ({ronde.bron})"))
    elif opening.zitting is not None and opening.zitting.vergadering is not None:
        gezet[stap.slug] = _not_past(stelsel, stap, opening.zitting.vergadering, op)
    bare = Planvraag(
        slug=dossier.slug,
        route=dossier.route,
        stap=stap.slug,
        vanaf=dossier.sinds,
        doel=dossier.planning.doel if dossier.planning else None,
        gezet=gezet,
        vensters=vensters,
        weken=weken,
        minstens=minstens,
        geweest=dossier.verlaten,
        na=dossier.na,
        na_werkdagen=dossier.route.volgt_op.werkdagen if dossier.route.volgt_op else 0,
        afgesproken=dossier.planning,
    )
    return _wished(stelsel, bare, wens)


def _not_past(stelsel: Stelsel, stap: Stap, day: date, op: date) -> date:
    """The agreed vergadering, or when it has passed the first one that has not."""
    if day >= op:
        return day
    coming = sorted(dag for reeks in reeksen_of(stelsel, stap, combi=True) for dag in reeks.dagen if dag >= op)
    return coming[0] if coming else day


def _wished(stelsel: Stelsel, bare: Planvraag, wens: Wens) -> Planvraag:
    gezet, vensters, weken, minstens = dict(bare.gezet), dict(bare.vensters), dict(bare.weken), dict(bare.minstens)
    for slug, days in wens.zet.items():
        stap = next((stap for stap in bare.stappen if stap.slug == slug), None)
        if stap is None:
            kan = ", ".join(stap.slug for stap in bare.stappen)
            raise Refused(f"'{slug}' is geen stap die nog komt in route {bare.route.slug}; wel: {kan}.")
        if stap.ronde is None:
            gezet[slug] = _vergadering(stelsel, stap, days)
        elif len(days) == 2:
            van, einde = _ordered(stap, *(_known(stelsel, day) for day in days))
            vensters[slug] = Venster(Moment(van, "zo gevraagd"), Moment(einde, "zo gevraagd"))
        elif slug in vensters:
            vensters[slug] = Venster(vensters[slug].van, Moment(_ordered(stap, vensters[slug].van.datum, days[0])[1], "zo gevraagd"))
        else:
            gezet[slug] = _werkdag(stelsel, days[0])
            minstens.pop(slug, None)
    if wens.weken is not None:
        ronde = bare.raadpleging
        if ronde is None or ronde.slug in vensters:
            raise Refused(f"Bij {bare.slug} komt geen raadpleging meer waarvan de termijn nog te kiezen is; laat --weken weg.")
        weken[ronde.slug] = wens.weken
        if ronde.slug not in wens.zet:
            gezet.pop(ronde.slug, None)
        minstens.pop(ronde.slug, None)
    concludes = bare.stappen[bare.laatste]
    doel = bare.doel if wens.doel is None else _vergadering(stelsel, concludes, (wens.doel,))
    if wens.doel is not None:
        gezet.pop(concludes.slug, None)
    return replace(bare, gezet=gezet, vensters=vensters, weken=weken, minstens=minstens, doel=doel)


def _vergadering(stelsel: Stelsel, stap: Stap, days: tuple[date, ...]) -> date:
    if len(days) != 1:
        raise Refused(f"'{stap.slug}' is een vergadering en heeft een dag, geen begin en einde.")
    if not meets(stelsel, stap, days[0]):
        raise NoVergaderingInTime(no_meeting(stelsel.vergaderingen(stap.gremium), days[0]))
    return days[0]


def _known(stelsel: Stelsel, day: date) -> date:
    if not stelsel.werkkalender.knows(day):
        raise Refused(f"{written(day)} is {stelsel.werkkalender.onbekend()}; kies een datum binnen de kalender.")
    return day


def _werkdag(stelsel: Stelsel, day: date) -> date:
    _known(stelsel, day)
    if not stelsel.werkkalender.is_werkdag(day):
        raise Refused(f"De sluitingsdatum {written(day)} is geen werkdag; kies een werkdag.")
    return day


def _ordered(stap: Stap, van: date, einde: date) -> tuple[date, date]:
    if einde < van:
        raise Refused(f"'{stap.naam}' kan niet eindigen op {written(einde)}, voor het begin op {written(van)}.")
    return van, einde


def require_dates(plan: Plan) -> None:
    """Raises NoVergaderingInTime when a stap to come has no date because a calendar ends too early; a terugblik may have gaps."""
    if plan.terugblik:
        return
    for stap in plan.stappen:
        if isinstance(stap.gepland, Onbekend):
            raise NoVergaderingInTime(f"'{stap.naam}' heeft geen datum: {stap.gepland.waarom}. Vul eerst de kalender aan.")


def require_wishes(plan: Plan, wens: Wens) -> None:
    """Raises NoVergaderingInTime when a stap cannot be on the day that was asked for it, with the first day that can."""
    for slug, days in wens.zet.items():
        stap = plan.stap(slug)
        if stap is not None and len(days) == 2 and days[1] >= plan.op:
            raise Refused(f"Wanneer '{stap.naam}' begint, volgt uit de vrijgave; geef alleen de sluitingsdatum, als {slug}={days[1]}.")
        if stap is not None and isinstance(stap.gepland, Moment) and stap.gepland.datum != days[-1]:
            waarom = "de termijn is dan korter dan afgesproken; kies ook --weken" if stap.is_ronde else "het stuk is dan nog niet klaar"
            raise NoVergaderingInTime(
                f"'{stap.naam}' kan niet op {written(days[-1])}: {waarom}. De eerste dag die kan is {written(stap.gepland.datum)}."
            )
