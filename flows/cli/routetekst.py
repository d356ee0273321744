"""Routes as people read them in a terminal: what each stap is for, and how heavy one route is beside the others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING

from flows.cli.output import say, table

if TYPE_CHECKING:
    from statemachines.planning.gewicht import Gewicht
    from statemachines.route import Route, Stap
    from statemachines.stelsel import Stelsel


def show_routes(weighed: Sequence[tuple[Route, Gewicht]]) -> None:
    """All routes side by side, the lightest first."""
    from statemachines.facts import Status
    from statemachines.kalender import written
    from statemachines.planning.gewicht import lightest_first

    rows = [
        (r.slug, r.naam, g.stops, g.vergaderingen, "onbekend" if g.weken is None else g.weken, g.raden, g.colleges)
        for r, g in lightest_first(weighed)
    ]
    table("Routes, de lichtste eerst", ["Route", "Naam", "Stops", "Vergaderingen", "Weken", "Raden", "Colleges"], rows)
    aannames = [route.slug for route, _ in weighed if route.status is not Status.BRON]
    if weighed:
        _tell(
            f"Weken: van in routing tot de vergadering die afsluit, gezien vanaf {written(weighed[0][1].op)}; onbekend als een"
            " vergaderkalender niet zo ver reikt. Een route die op een andere volgt, telt alleen haar eigen weken."
        )
    if aannames:
        _tell(f"Op een aanname rusten: {', '.join(aannames)}.")


def show_route(feiten: Stelsel, route: Route, gewicht: Gewicht) -> None:
    """One route: why each stap is there, what follows, its weight and its source."""
    rows = [(f"{stap.naam}\n({stap.slug})", _where(feiten, stap), stap.toelichting) for stap in route.stappen]
    table(route.naam, ["Stap", "Gremium en rol", "Waarom deze stap"], rows)
    say("")
    table("Wat volgt", ["Stap", "Uitkomst", "Naar"], (row for stap in route.stappen for row in _follows(stap)))
    say("")
    _tell(_sentence(gewicht))
    _tell(f"Geldt vanaf {route.geldig_vanaf:%d-%m-%Y}, status {route.status.value}. Bron: {route.bron}.")


def _where(feiten: Stelsel, stap: Stap) -> str:
    """Who handles it in which role, and who does so beside or instead of that."""
    from statemachines.facts import Laag

    gremium = feiten.gremium(stap.gremium)
    naast = [f"naast {feiten.gremium(slug).naam}" for slug in stap.naast]
    combi = [f"of {feiten.gremium(stap.combi).naam}"] if stap.combi else []
    advies = [f"advies van {feiten.gremium(advies.gremium).naam}" for advies in stap.adviezen]
    rol = f"({stap.rol.value}{', ambtelijk' if gremium.laag is Laag.AMBTELIJK else ''})"
    return "\n".join([gremium.naam, *naast, *combi, *advies, rol])


def _follows(stap: Stap) -> Iterator[tuple[str, str, str]]:
    """A line per destination, with every uitkomst that leads there."""
    led: dict[str, list[str]] = {}
    for uitkomst in stap.possible:
        led.setdefault(stap.uitkomsten[uitkomst], []).append(uitkomst.label)
    if stap.ronde:
        led.setdefault(stap.ronde.volgt, []).append("ronde gesloten")
    if stap.volgt:
        led.setdefault(stap.volgt, []).append("in routing gebracht")
    for i, (naar, uitkomsten) in enumerate(led.items()):
        yield stap.slug if i == 0 else "", ", ".join(uitkomsten), naar


def _sentence(gewicht: Gewicht) -> str:
    """The weight in words."""
    from statemachines.kalender import written

    parts = [f"{gewicht.stops} stops", f"{gewicht.vergaderingen} vergaderingen"]
    parts += [f"{gewicht.adviezen} {'advies' if gewicht.adviezen == 1 else 'adviezen'} erbij"] if gewicht.adviezen else []
    parts += [f"{gewicht.raden} raden, Staten en regioraad gevraagd"] if gewicht.raden else ["geen raden gevraagd"]
    parts += [f"{gewicht.colleges} colleges gevraagd"] if gewicht.colleges else []
    found = f"Gewicht: {', '.join(parts)}. Gezien vanaf {written(gewicht.op)}"
    if gewicht.van is None or gewicht.tot_en_met is None:
        return f"{found} is onbekend hoeveel weken het duurt: {gewicht.onbekend}."
    return f"{found} duurt het {gewicht.weken} weken: in routing op {written(gewicht.van)}, klaar op {written(gewicht.tot_en_met)}."


def _tell(text: str) -> None:
    """Sentences, wrapped between words where a terminal would break within one."""
    say(fill(text, get_terminal_size().columns) if sys.stdout.isatty() else text)
