"""The proof of a route: an exhaustive walk of the real machines with two who are asked or decide side by side, and one sending back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from statemachines.machine import FlatMachine, main_line
from statemachines.naast import moving_uitkomst
from statemachines.ronde import ANSWERED, Deelname, Naast, Stand, answer, lapse
from statemachines.route import CLOSED, MOVES_NOTHING, REGISTERED, Antwoord, RondeRegel, Route, Sluiting, Stap, StapRol, Uitkomst

_ANY_DAY = date(2000, 1, 1)
MOST_PROVED = 64
_PROVED: dict[str, tuple[str, ...]] = {}
"""What was found of a route; the walk takes most of a check, and the facts of one command are checked more than once."""


class Node(NamedTuple):
    """Where a document can be: state of the main line, standing of two who are asked or decide side by side, times sent back, and whether
    inbreng waits for an answer."""

    fase: str
    standen: tuple[Stand, ...]
    terug: int
    onbeantwoord: bool


def unsound(route: Route) -> list[str]:
    """Everything that is wrong with a route as Dutch sentences; empty when it is sound.

    Sound: every name exists, every stap and ending can be reached, an ending can be reached from everywhere, every ronde can
    close, uitkomsten that leave the document where it is do so, and nothing is adopted while inbreng waits for an answer.
    """
    key = json.dumps(route.model_dump(mode="json"))
    if key not in _PROVED:
        if len(_PROVED) >= MOST_PROVED:
            _PROVED.clear()
        _PROVED[key] = tuple(_shape(route)) or tuple(_reach(route, main_line(route)))
    return list(_PROVED[key])


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
    stap = route.stap(node.fase)
    if stap is None:
        return
    if stap.ronde is not None:
        yield from _in_ronde(route, machine, node, stap, stap.ronde)
        return
    if node.onbeantwoord:
        yield node._replace(onbeantwoord=False)
    for trigger in machine.triggers(node.fase):
        moves = [(trigger, node.standen)] if not node.standen or trigger == REGISTERED else _side_by_side(stap, node, Uitkomst(trigger))
        for moved, standen in moves:
            if moved is None:
                yield node._replace(standen=standen)
                continue
            back = moved == Uitkomst.TERUGVERWIJZEN
            dest = machine.fire(node.fase, moved)
            waits = node.onbeantwoord and moved != REGISTERED and route.adopts(stap, Uitkomst(moved))
            if dest is not None and not (back and node.terug) and not waits:
                yield _enter(route, dest, node.terug + back, node.onbeantwoord)


def _side_by_side(stap: Stap, node: Node, uitkomst: Uitkomst) -> Iterator[tuple[str | None, tuple[Stand, ...]]]:
    """What follows when one of the gremia side by side decides: the trigger that fires, or None with the standing while it waits."""
    naast = Naast({stand.orgaan: stand for stand in node.standen}, {}, frozenset())
    for i, stand in enumerate(node.standen):
        moved = moving_uitkomst(naast, stap, stand.orgaan, uitkomst)
        after = stand if uitkomst in MOVES_NOTHING else answer(stand, Deelname.BESLUIT, True, 1, _ANY_DAY, uitkomst)
        yield (moved.value if moved else None), (*node.standen[:i], after, *node.standen[i + 1 :])


def _in_ronde(route: Route, machine: FlatMachine, node: Node, stap: Stap, ronde: RondeRegel) -> Iterator[Node]:
    given = [Deelname.BESLUIT] if ronde.antwoord is Antwoord.BESLUIT else [Deelname.REACTIE, Deelname.GEEN_OPVATTING]
    for i, stand in enumerate(node.standen):
        for wat in given:
            after = (*node.standen[:i], answer(stand, wat, True, 1, _ANY_DAY), *node.standen[i + 1 :])
            if after != node.standen:
                yield node._replace(standen=after)
    complete = all(stand.staat in ANSWERED for stand in node.standen)
    if (ronde.sluit is Sluiting.ALLEN and complete) or all(lapse(stand).staat is not Deelname.UITGENODIGD for stand in node.standen):
        dest = machine.fire(stap.slug, CLOSED)
        if dest is not None:
            reacted = any(stand.staat is Deelname.REACTIE for stand in node.standen)
            yield _enter(route, dest, node.terug, node.onbeantwoord or reacted)


def _enter(route: Route, fase: str, terug: int, onbeantwoord: bool) -> Node:
    stap = route.stap(fase)
    asked = ("een", "ander") if stap is not None and stap.ronde is not None else ()
    if stap is not None and stap.naast:
        asked = (stap.gremium, stap.naast[0])
    return Node(fase, tuple(Stand(orgaan) for orgaan in asked), terug, onbeantwoord)


def _adopted_by_deelnemers(route: Route, node: Node) -> bool:
    stap = route.stap(node.fase)
    return stap is not None and stap.ronde is not None and stap.rol in (StapRol.VASTSTELLEN, StapRol.BEKRACHTIGEN)


def _reach(route: Route, machine: FlatMachine) -> Iterator[str]:
    start = _enter(route, route.stappen[0].slug, 0, False)
    edges: dict[Node, set[Node]] = {}
    todo = [start]
    while todo:
        node = todo.pop()
        if node not in edges:
            edges[node] = set(_next(route, machine, node))
            todo += edges[node]
    reached = {node.fase for node in edges}
    for node, follow in edges.items():
        stap = route.stap(node.fase)
        closes = stap is not None and stap.ronde is not None
        if closes and any(after.onbeantwoord and (route.is_einde(after.fase) or _adopted_by_deelnemers(route, after)) for after in follow):
            yield f"Stap {node.fase}: hierna kan het stuk zijn vastgesteld zonder antwoord op de inbreng."
            break
    for deel in route.delen:
        if deel.slug not in reached:
            yield f"Route {route.slug}: '{deel.slug}' wordt nooit bereikt."
    ends = {node for node in edges if route.is_einde(node.fase)}
    while grown := {node for node, follow in edges.items() if node not in ends and follow & ends}:
        ends |= grown
    for fase in dict.fromkeys(node.fase for node in edges if node not in ends):
        yield f"Route {route.slug}: vanaf '{fase}' is geen einde te bereiken."
