"""How heavy a route is, so that a lighter one is as easy to choose: stops, vergaderingen, weeks, and how many are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from statemachines.facts import Kring, Laag
from statemachines.planning.planner import Opgelost, Planner, Planvraag
from statemachines.planning.zonder_datum import why_undated
from statemachines.route import Route


@dataclass(frozen=True)
class Gewicht:
    """The weight of a route when nothing is held over or sent back, for a document that is ready to be put in routing on ``op``.

    ``stops`` counts the stappen, rondes included. ``vergaderingen`` counts the meetings that handle the document: every stap that is no
    ronde, and each gremium that decides beside it; a combi-overleg that comes first makes it fewer. ``adviezen`` counts what is asked
    beside a besluit. ``ambtelijk`` are the stappen at a gremium of civil servants. ``raden`` and ``colleges`` count the requests to
    raden, Staten and regioraad and to colleges: who is asked in two rondes counts twice. ``van`` is the day in routing, ``tot_en_met``
    the vergadering that concludes, and ``weken`` the whole weeks between; without dates they are None and ``onbekend`` says why. A
    route that follows on another has its own weeks only.
    """

    op: date
    stops: int
    vergaderingen: int
    adviezen: int
    ambtelijk: tuple[str, ...]
    raden: int
    colleges: int
    weken: int | None
    van: date | None
    tot_en_met: date | None
    onbekend: str


class GewogenRoute(Route):
    """A route with its weight."""

    gewicht: Gewicht


def weigh(planner: Planner, route: Route) -> Gewicht:
    """The weight of a route by the facts of the planner, seen from its day."""
    vraag = Planvraag(route.slug, route, route.stappen[0].slug, planner.op)
    opgelost = planner.solve([vraag])[0]
    meetings = [stap for stap in vraag.stappen if stap.ronde is None]
    first, last = opgelost.gedaan[0], opgelost.einde
    known = first is not None and last is not None
    return Gewicht(
        op=planner.op,
        stops=len(vraag.stappen),
        vergaderingen=sum(1 + len(stap.naast) for stap in meetings),
        adviezen=sum(len(stap.adviezen) for stap in meetings),
        ambtelijk=tuple(stap.slug for stap in meetings if planner.stelsel.gremium(stap.gremium).laag is Laag.AMBTELIJK),
        raden=_requests(planner, opgelost, Kring.RADEN_STATEN),
        colleges=_requests(planner, opgelost, Kring.COLLEGES),
        weken=(last - first) // 7 if first is not None and last is not None else None,
        van=None if first is None else date.fromordinal(first),
        tot_en_met=None if last is None else date.fromordinal(last),
        onbekend="" if known else why_undated(planner, opgelost, vraag.laatste),
    )


def _requests(planner: Planner, opgelost: Opgelost, kring: Kring) -> int:
    """How many organs of a kring are asked; by who takes part on the day the ronde opens, or when that is not known on the day of today."""
    count = 0
    for i in opgelost.vraag.rondes:
        ronde, window = opgelost.stappen[i].ronde, planner.venster(opgelost, i)
        if ronde is not None and ronde.kring is kring:
            count += len(planner.stelsel.organen(kring, planner.op if window is None else date.fromordinal(window[0])))
    return count


def lightest_first(weights: Iterable[tuple[Route, Gewicht]]) -> list[tuple[Route, Gewicht]]:
    """Routes by stops, then by requests, then by weeks (not known comes last), then by name."""
    return sorted(weights, key=_heaviness)


def _heaviness(weighed: tuple[Route, Gewicht]) -> tuple[int, int, bool, int, str]:
    route, gewicht = weighed
    return gewicht.stops, gewicht.raden + gewicht.colleges, gewicht.weken is None, gewicht.weken or 0, route.naam
