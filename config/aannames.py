"""Which facts in a file rest on an assumption or an example."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from config.sources import Data, Source, Where
from statemachines.facts import Status

_NAMED_BY = ("naam", "functie", "ontvanger", "term", "gremium", "slug", "deelnemer")


@dataclass(frozen=True)
class Aanname:
    """A fact that was not found but inferred (``aanname``) or invented (``voorbeeld``), and where it stands."""

    bestand: str
    regel: int
    groep: str
    naam: str
    status: Status
    bron: str


def aannames_in(source: Source) -> Iterator[Aanname]:
    """Every fact in a file that was not found, from top to bottom."""
    return _walk(source, source.data, ())


def _walk(source: Source, data: Data, where: Where) -> Iterator[Aanname]:
    if isinstance(data, dict):
        status = data.get("status")
        if status in (Status.AANNAME.value, Status.VOORBEELD.value):
            keys = [step for step in where if isinstance(step, str)]
            groep = keys[-1] if keys else "routes"
            if groep == "kalenders" and "/raadskalender/" in source.bestand:
                groep = "raadskalenders"
            naam = next((str(data[key]) for key in _NAMED_BY if data.get(key)), groep)
            waar = next((str(data[key]) for key in ("vanuit", "namens", "vanaf") if data.get(key)), "")
            naam = f"{naam} ({waar})" if waar else naam
            yield Aanname(source.bestand, source.line(where), groep, naam, Status(str(status)), str(data.get("bron", "")))
        for key, value in data.items():
            yield from _walk(source, value, (*where, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _walk(source, value, (*where, i))
