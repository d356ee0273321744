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


EXAMPLE = "Deze weken rusten op een voorbeeldkalender."


def show_routes(feiten: Stelsel, weighed: Sequence[tuple[Route, Gewicht]]) -> None:
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
    termijnen = [route.slug for route, _ in weighed if route.slug not in aannames and any(map(_termijn_assumed, route.stappen))]
    examples = [route.slug for route, gewicht in weighed if _on_an_example(feiten, route, gewicht)]
    if weighed:
        _tell(
            f"Weken: van in routing tot de vergadering die afsluit, gezien vanaf {written(weighed[0][1].op)}; onbekend als een"
            " vergaderkalender niet zo ver reikt. Een route die op een andere volgt, telt alleen haar eigen weken."
        )
    if examples:
        every = len(examples) == sum(gewicht.weken is not None for _, gewicht in weighed)
        _tell(EXAMPLE if every else f"Op een voorbeeldkalender rusten de weken van: {', '.join(examples)}.")
    if aannames:
        _tell(f"Op een aanname rusten: {', '.join(aannames)}.")
    if termijnen:
        _tell(f"Op een aanname rust alleen de reactietermijn van: {', '.join(termijnen)}.")


def show_route(feiten: Stelsel, route: Route, gewicht: Gewicht) -> None:
    """One route: why each stap is there, what follows, its weight and its source."""
    from statemachines.kalender import enumerated

    rows = [(f"{stap.naam}\n({stap.slug})", _where(feiten, stap), stap.toelichting) for stap in route.stappen]
    table(route.naam, ["Stap", "Gremium en rol", "Waarom deze stap"], rows)
    say("")
    table("Wat volgt", ["Stap", "Uitkomst", "Naar"], (row for stap in route.stappen for row in _follows(stap)))
    say("")
    _tell(f"{_sentence(gewicht)} {EXAMPLE}" if _on_an_example(feiten, route, gewicht) else _sentence(gewicht))
    assumed = [f"'{stap.naam}'" for stap in route.stappen if _termijn_assumed(stap)]
    if assumed:
        _tell(f"De reactietermijn van {enumerated(assumed)} is een aanname.")
    _tell(f"Geldt vanaf {route.geldig_vanaf:%d-%m-%Y}, status {route.status.value}. Bron: {route.bron}.")


def _termijn_assumed(stap: Stap) -> bool:
    """Whether how long a ronde is open is no fact with a source."""
    from statemachines.facts import Status

    return stap.ronde is not None and stap.ronde.termijn.status is not Status.BRON


def _on_an_example(feiten: Stelsel, route: Route, gewicht: Gewicht) -> bool:
    """Whether a gremium of the route meets by an invented calendar in the weeks that were counted."""
    from statemachines.facts import Status

    if gewicht.van is None or gewicht.tot_en_met is None:
        return False
    gremia = {gremium for stap in route.stappen if stap.ronde is None for gremium in (stap.gremium, *stap.naast, stap.combi)}
    examples = (kalender for kalender in feiten.kalenders if kalender.status is Status.VOORBEELD and kalender.gremium in gremia)
    return any(gewicht.van <= meeting.datum <= gewicht.tot_en_met for kalender in examples for meeting in kalender.vergaderingen)


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
