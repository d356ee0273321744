"""Loads the facts of one stelsel from its folder, or says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.checking import check_horizon, check_references
from config.sections import Found, Section
from config.sources import Data, Problem, Source, Where, read
from config.workdays import Kalenderbestand, build
from statemachines.errors import FactsRefused
from statemachines.facts import (
    Adres,
    Begrip,
    Deelnemer,
    Deelregio,
    Documentsoort,
    Gremium,
    Herinneringen,
    Kop,
    Mailgegevens,
    Rol,
    Soort,
    Status,
    Vergaderkalender,
)
from statemachines.route import Route
from statemachines.stelsel import Stelsel

KEYS = {
    "stelsel.yaml": ("kop", "mail", "herinneringen", "rollen", "soorten", "deelregios", "documentsoorten"),
    "deelnemers.yaml": ("deelnemers",),
    "gremia.yaml": ("gremia",),
    "begrippen.yaml": ("begrippen",),
    "adressen.yaml": ("adressen",),
    "kalender.yaml": ("bibliotheek", "extra_dagen", "extra_recessen"),
}
FOLDERS = ("vergaderkalender", "routes")


@dataclass(frozen=True)
class Aanname:
    """A fact that was not found but inferred (``aanname``) or invented (``voorbeeld``), and where it stands."""

    bestand: str
    regel: int
    groep: str
    naam: str
    status: Status
    bron: str


@dataclass(frozen=True)
class Report:
    """What a check found; ``stelsel`` is None when the facts cannot be used as they are."""

    problems: tuple[Problem, ...]
    aannames: tuple[Aanname, ...]
    stelsel: Stelsel | None

    @property
    def by_group(self) -> dict[tuple[str, Status], tuple[Aanname, ...]]:
        """What rests on assumptions, per kind of fact and status."""
        keys = dict.fromkeys((aanname.groep, aanname.status) for aanname in self.aannames)
        return {key: tuple(a for a in self.aannames if (a.groep, a.status) == key) for key in keys}


def load_stelsel(folder: Path) -> Stelsel:
    """The facts in a folder as one stelsel; raises FactsRefused with every problem of every file."""
    found = _find(folder)
    stelsel = _assemble(found)
    if stelsel is None:
        raise _refused(folder, _problems(found))
    return stelsel


def load_adressen(folder: Path) -> tuple[Adres, ...]:
    """Where the recipients of a stelsel can be reached; raises FactsRefused when the file itself is wrong."""
    source = _read(folder, "adressen.yaml")
    adressen = Section[Adres]("Adres van")
    adressen.add_list(source, "adressen", Adres, "ontvanger")
    adressen.refuse_twice()
    if source.problems:
        raise _refused(folder, tuple(sorted(set(source.problems))))
    return adressen.values


def check(folder: Path, op: date) -> Report:
    """Every problem of every file, seen from the day ``op``, and everything that rests on assumptions."""
    found = _find(folder)
    stelsel = _assemble(found)
    check_horizon(found, op)
    aannames = tuple(aanname for source in found.sources for aanname in _aannames(source, source.data, ()))
    return Report(_problems(found), aannames, stelsel)


def _refused(folder: Path, problems: tuple[Problem, ...]) -> FactsRefused:
    aantal = "1 probleem" if len(problems) == 1 else f"{len(problems)} problemen; het eerste"
    return FactsRefused(f"De feiten in {folder.name} kloppen niet: {aantal} is {problems[0]}", problems)


def _problems(found: Found) -> tuple[Problem, ...]:
    return tuple(sorted({problem for source in found.sources for problem in source.problems}))


def _read(folder: Path, name: str) -> Source:
    """One file with the keys on top that belong there."""
    source = read(folder / name, f"{folder.name}/{name}")
    keys = KEYS.get(name)
    if isinstance(source.data, dict) and keys is not None:
        for key in source.data:
            if key not in keys:
                source.refuse((key,), f"De sleutel '{key[:40]}' kent niemand hier; wel: {', '.join(keys)}.")
        for key in keys:
            if key not in source.data:
                source.refuse((), f"Hier ontbreekt '{key}'.")
    return source


def _listed(folder: Path, name: str) -> list[Source]:
    """The files of a folder inside the stelsel, by name; a folder that is not there or cannot be read is a problem."""
    try:
        names = sorted(path.name for path in (folder / name).iterdir() if path.suffix in (".yaml", ".yml"))
    except OSError:
        missing = Source(f"{folder.name}/{name}")
        missing.refuse((), "Deze map ontbreekt of is niet te lezen.")
        return [missing]
    return [_read(folder, f"{name}/{file}") for file in names]


def _strangers(folder: Path) -> Iterator[Source]:
    """Files that nobody reads: most likely a name was misspelt."""
    try:
        names = sorted(path.name for path in folder.iterdir() if path.suffix in (".yaml", ".yml") and path.name not in KEYS)
    except OSError:
        return
    for name in names:
        source = Source(f"{folder.name}/{name}")
        source.refuse((), f"Dit bestand leest niemand; bekende bestanden zijn: {', '.join(KEYS)} en de mappen {' en '.join(FOLDERS)}.")
        yield source


def _find(folder: Path) -> Found:
    folder = folder.resolve()
    if not folder.is_dir():
        missing = Source(folder.name)
        missing.refuse((), f"De map '{folder.name}' met het stelsel bestaat niet.")
        return Found(folder.name, [missing])
    sources = {name: _read(folder, name) for name in KEYS}
    kalenders, routes = (_listed(folder, name) for name in FOLDERS)
    found = Found(folder.name, [*sources.values(), *kalenders, *routes, *_strangers(folder)])
    _fill(found, sources, kalenders, routes)
    check_references(found)
    return found


def _fill(found: Found, sources: dict[str, Source], kalenders: list[Source], routes: list[Source]) -> None:
    head = sources["stelsel.yaml"]
    if head.has("kop"):
        found.kop.add(head, ("kop",), Kop)
    if head.has("mail"):
        found.mail.add(head, ("mail",), Mailgegevens)
    if head.has("herinneringen"):
        found.herinneringen.add(head, ("herinneringen",), Herinneringen)
    found.rollen.add_list(head, "rollen", Rol)
    found.soorten.add_list(head, "soorten", Soort)
    found.deelregios.add_list(head, "deelregios", Deelregio)
    found.documentsoorten.add_list(head, "documentsoorten", Documentsoort)
    found.deelnemers.add_list(sources["deelnemers.yaml"], "deelnemers", Deelnemer)
    found.gremia.add_list(sources["gremia.yaml"], "gremia", Gremium)
    found.begrippen.add_list(sources["begrippen.yaml"], "begrippen", Begrip, "term")
    found.adressen.add_list(sources["adressen.yaml"], "adressen", Adres, "ontvanger")
    for source in kalenders:
        found.kalenders.add_list(source, "kalenders", Vergaderkalender, "gremium")
    for source in routes:
        if isinstance(source.data, dict):
            found.routes.add(source, (), Route)
        else:
            found.routes.complete = False
    source = sources["kalender.yaml"]
    if isinstance(source.data, dict):
        item = found.kalender.add(source, (), Kalenderbestand)
        if item.value is not None:
            found.kalenderfeiten = build(source, item.value)


def _assemble(found: Found) -> Stelsel | None:
    """The stelsel, when nothing is wrong."""
    if found.kalenderfeiten is None or any(source.problems for source in found.sources):
        return None
    return Stelsel(
        kop=found.kop.values[0],
        mail=found.mail.values[0],
        herinneringen=found.herinneringen.values[0],
        rollen=found.rollen.values,
        soorten=found.soorten.values,
        deelregios=found.deelregios.values,
        deelnemers=found.deelnemers.values,
        gremia=found.gremia.values,
        kalenders=found.kalenders.values,
        kalenderfeiten=found.kalenderfeiten,
        documentsoorten=found.documentsoorten.values,
        begrippen=found.begrippen.values,
        routes=found.routes.values,
    )


_NAMED_BY = ("naam", "functie", "ontvanger", "term", "gremium", "slug")


def _aannames(source: Source, data: Data, where: Where) -> Iterator[Aanname]:
    if isinstance(data, dict):
        status = data.get("status")
        if status in (Status.AANNAME.value, Status.VOORBEELD.value):
            keys = [step for step in where if isinstance(step, str)]
            groep = keys[-1] if keys else "routes"
            naam = next((str(data[key]) for key in _NAMED_BY if data.get(key)), groep)
            waar = next((str(data[key]) for key in ("vanuit", "namens", "vanaf") if data.get(key)), "")
            naam = f"{naam} ({waar})" if waar else naam
            yield Aanname(source.bestand, source.line(where), groep, naam, Status(str(status)), str(data.get("bron", "")))
        for key, value in data.items():
            yield from _aannames(source, value, (*where, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _aannames(source, value, (*where, i))
