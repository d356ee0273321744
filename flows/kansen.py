"""Who is asked in a ronde, where each stands, and whether it can still answer; for planners only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dossiers import stand, stelsels
from dossiers.database import reading
from dossiers.overzicht import Deelnemerregel, overzicht
from flows.house import House
from statemachines.dossier import Dossier
from statemachines.planning.kans import Kans, kansen_in, kansen_straks
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.vraag import vraag_of_dossier


@dataclass(frozen=True)
class Rondedeelnemer:
    """Where one deelnemer stands in a ronde, as the overzicht tells it, and whether it can still answer."""

    orgaan: str
    naam: str
    staat: str
    datum: date | None
    uitkomst: str | None
    behandelwijze: str
    geagendeerd_op: date | None
    kans: Kans


@dataclass(frozen=True)
class Rondebeeld:
    """The last ronde of a dossier, or with ``gepland`` the first one to come when nobody was asked yet.

    ``volgende`` names the next ronde to come after one that was opened; empty when there is none.
    """

    titel: str
    naam: str
    gepland: bool
    volgende: str
    deelnemers: tuple[Rondedeelnemer, ...]


def ronde_of(house: House, slug: str, op: date) -> Rondebeeld:
    """Who is asked, seen from ``op`` by the facts accepted for that day; without any ronde nobody. Raises UnknownSlug."""
    with reading(house.engine) as connection:
        verhaal = overzicht(connection, house.stelsel, slug)
        dossier = stand.load(connection, house.stelsel, slug)
        feiten = stelsels.current(connection, house.stelsel, max(op, dossier.geopend))
    planner = Planner(feiten, op)
    coming = _coming(planner, dossier)
    straks = "" if coming is None else coming[0].stappen[coming[1]].naam
    if dossier.ronde is not None:
        kansen = kansen_in(planner, dossier.ronde)
        deelnemers = tuple(_deelnemer(regel, kansen[regel.orgaan]) for regel in verhaal.ronde)
        return Rondebeeld(verhaal.titel, dossier.route.naam_van(dossier.ronde.stap), False, straks, deelnemers)
    kansen = {} if coming is None else kansen_straks(planner, *coming)
    to_come = (Rondedeelnemer(o, feiten.orgaan(o).naam, "nog niet gevraagd", None, None, "", None, kans) for o, kans in kansen.items())
    return Rondebeeld(verhaal.titel, straks, True, "", tuple(to_come))


def _deelnemer(regel: Deelnemerregel, kans: Kans) -> Rondedeelnemer:
    return Rondedeelnemer(
        orgaan=regel.orgaan,
        naam=regel.naam,
        staat=regel.staat,
        datum=regel.datum,
        uitkomst=regel.uitkomst,
        behandelwijze=regel.behandelwijze,
        geagendeerd_op=regel.geagendeerd_op,
        kans=kans,
    )


def _coming(planner: Planner, dossier: Dossier) -> tuple[Opgelost, int] | None:
    """The plan of a dossier from where it stands, and the index in it of the first ronde that is not open yet."""
    if dossier.ended:
        return None
    opgelost = planner.solve([vraag_of_dossier(dossier, planner.stelsel, planner.op)])[0]
    i = next((i for i in opgelost.vraag.rondes if opgelost.stappen[i].slug != dossier.fase), None)
    return None if i is None else (opgelost, i)
