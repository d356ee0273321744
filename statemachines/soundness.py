"""The proof of a route: an exhaustive walk of the real machines with two deelnemers and one sending back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from statemachines.machine import FlatMachine, main_line
from statemachines.ronde import ANSWERED, Deelname, Stand, answer, lapse
from statemachines.route import CLOSED, MOVES_NOTHING, Antwoord, Route, Sluiting, Stap, Uitkomst

_ANY_DAY = date(2000, 1, 1)

Node = tuple[str, tuple[Deelname, ...], int]
"""Where a document can be: state of the main line, standing of two deelnemers, times sent back."""


def unsound(route: Route) -> list[str]:
    """Everything that is wrong with a route as Dutch sentences; empty when it is sound.

    Sound: every name exists, every stap and ending can be reached, an ending can be reached from everywhere, every ronde can
    close, and uitkomsten that leave the document where it is do so.
    """
    shape = list(_shape(route))
    return shape or list(_reach(route, main_line(route)))


def _shape(route: Route) -> Iterator[str]:
    slugs = [deel.slug for deel in route.delen]
    for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        yield f"Route {route.slug}: '{slug}' komt meer dan een keer voor."
    for i, stap in enumerate(route.stappen):
        ways = sum((bool(stap.uitkomsten), stap.ronde is not None, stap.volgt is not None))
        if ways != 1:
            yield f"Stap {stap.slug}: geef precies een van 'uitkomsten', 'ronde' of 'volgt'."
        if (stap.volgt is not None) != (i == 0):
            yield f"Stap {stap.slug}: alleen de eerste stap wordt geregistreerd en heeft 'volgt'."
        dests = [*stap.uitkomsten.values(), *([stap.ronde.volgt] if stap.ronde else []), *([stap.volgt] if stap.volgt else [])]
        for dest in dests:
            if dest not in slugs:
                yield f"Stap {stap.slug}: '{dest}' is geen stap en geen einde van deze route; wel: {', '.join(slugs)}."
        yield from _meaning(route, stap, i)


def _meaning(route: Route, stap: Stap, i: int) -> Iterator[str]:
    earlier = {s.slug for s in route.stappen[:i]}
    for uitkomst, dest in stap.uitkomsten.items():
        if (uitkomst in MOVES_NOTHING) != (dest == stap.slug):
            yield f"Stap {stap.slug}: na '{uitkomst.label}' blijft een stuk waar het is of juist niet; '{dest}' past daar niet bij."
        if uitkomst is Uitkomst.TERUGVERWIJZEN and dest not in earlier:
            yield f"Stap {stap.slug}: terugverwijzen gaat naar een eerdere stap, niet naar '{dest}'."
        if dest == route.stappen[0].slug:
            yield f"Stap {stap.slug}: naar '{dest}' kan een stuk niet terug; die stap wordt alleen bij het openen geregistreerd."
        if uitkomst is Uitkomst.INTREKKEN and not route.is_einde(dest):
            yield f"Stap {stap.slug}: na intrekken volgt een einde, niet '{dest}'."


def _next(route: Route, machine: FlatMachine, node: Node) -> Iterator[Node]:
    fase, standen, terug = node
    stap = route.stap(fase)
    if stap is None:
        return
    if stap.ronde is None:
        for trigger in machine.triggers(fase):
            back = trigger == Uitkomst.TERUGVERWIJZEN
            dest = machine.fire(fase, trigger)
            if dest is not None and not (back and terug):
                yield _enter(route, dest, terug + back)
        return
    given = [Deelname.BESLUIT] if stap.ronde.antwoord is Antwoord.BESLUIT else [Deelname.REACTIE, Deelname.GEEN_OPVATTING]
    for i, staat in enumerate(standen):
        for wat in given:
            after = (*standen[:i], answer(Stand("x", staat), wat, True, 1, _ANY_DAY).staat, *standen[i + 1 :])
            if after != standen:
                yield (fase, after, terug)
    complete = all(staat in ANSWERED for staat in standen)
    if (stap.ronde.sluit is Sluiting.ALLEN and complete) or all(lapse(Stand("x", s)).staat is not Deelname.UITGENODIGD for s in standen):
        dest = machine.fire(fase, CLOSED)
        if dest is not None:
            yield _enter(route, dest, terug)


def _enter(route: Route, fase: str, terug: int) -> Node:
    stap = route.stap(fase)
    return (fase, (Deelname.UITGENODIGD,) * 2 if stap is not None and stap.ronde is not None else (), terug)


def _reach(route: Route, machine: FlatMachine) -> Iterator[str]:
    start = _enter(route, route.stappen[0].slug, 0)
    edges: dict[Node, set[Node]] = {}
    todo = [start]
    while todo:
        node = todo.pop()
        if node not in edges:
            edges[node] = set(_next(route, machine, node))
            todo += edges[node]
    reached = {node[0] for node in edges}
    for deel in route.delen:
        if deel.slug not in reached:
            yield f"Route {route.slug}: '{deel.slug}' wordt nooit bereikt."
    ends = {node for node in edges if route.is_einde(node[0])}
    while grown := {node for node, follow in edges.items() if node not in ends and follow & ends}:
        ends |= grown
    for fase in dict.fromkeys(node[0] for node in edges if node not in ends):
        yield f"Route {route.slug}: vanaf '{fase}' is geen einde te bereiken."
