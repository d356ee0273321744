"""Loads the facts of one stelsel from its folder, or says everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from config.aannames import Aanname, aannames_in
from config.checking import check_horizon, check_references
from config.checking_berichten import check_berichten
from config.checking_raden import check_raden
from config.ritme import Ritmeregel, build_ritme
from config.sections import Found, Item, Section
from config.sources import Problem, Source, read
from config.workdays import Kalenderbestand, build
from statemachines.berichten import Berichtsoort, Verzending
from statemachines.errors import FactsRefused
from statemachines.facts import (
    Adres,
    Begrip,
    Deelnemer,
    Deelregio,
    Documentsoort,
    Gremium,
    Kop,
    Mailgegevens,
    Raadskalender,
    Rol,
    Soort,
    Status,
    Vergaderkalender,
    Verkiezing,
)
from statemachines.kalender import enumerated
from statemachines.route import Route
from statemachines.stelsel import Stelsel

KEYS = {
    "stelsel.yaml": ("kop", "mail", "rollen", "soorten", "deelregios", "documentsoorten"),
    "deelnemers.yaml": ("deelnemers",),
    "gremia.yaml": ("gremia",),
    "berichten.yaml": ("verzending", "berichten"),
    "begrippen.yaml": ("begrippen",),
    "adressen.yaml": ("adressen",),
    "kalender.yaml": ("bibliotheek", "extra_dagen", "extra_recessen"),
    "ritmes.yaml": ("ritmes",),
    "verkiezingen.yaml": ("verkiezingen",),
}
FOLDERS = ("vergaderkalender", "routes", "raadskalender")
OPTIONAL = ("ritmes.yaml", "verkiezingen.yaml", "raadskalender")
"""A stelsel can do without these: then no dates of raden are known."""
TEMPLATES = "sjablonen"
"""The folder with templates of mails that go before those that are shipped."""
_SUFFIXES = (".yaml", ".yml")


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
    aannames = tuple(aanname for source in found.sources for aanname in aannames_in(source))
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
        names = sorted(path.name for path in (folder / name).iterdir() if path.suffix in _SUFFIXES)
    except OSError:
        missing = Source(f"{folder.name}/{name}")
        missing.refuse((), "Deze map ontbreekt of is niet te lezen.")
        return [missing]
    return [_read(folder, f"{name}/{file}") for file in names]


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _strangers(paths: list[Path]) -> Iterator[Source]:
    """Files, and folders with files, that nobody reads: most likely a name was misspelt."""
    wel = f"bekende bestanden zijn: {', '.join(KEYS)} en de mappen {enumerated(FOLDERS)}."
    for path in paths:
        source = Source(f"{path.parent.name}/{path.name}")
        if path.suffix in _SUFFIXES and path.name not in KEYS:
            source.refuse((), f"Dit bestand leest niemand; {wel}")
            yield source
        elif path.name not in FOLDERS and any(inner.suffix in _SUFFIXES for inner in _inside(path)):
            source.refuse((), f"Deze map leest niemand; {wel}")
            yield source


def _templates(folder: Path) -> dict[str, str]:
    """The templates of mails that this stelsel has of its own, by file name."""
    return {path.name: path.read_text(encoding="utf-8", errors="replace") for path in _inside(folder) if path.suffix == ".j2"}


def _find(folder: Path) -> Found:
    folder = folder.resolve()
    if not folder.is_dir():
        missing = Source(folder.name)
        missing.refuse((), f"De map '{folder.name}' met het stelsel bestaat niet.")
        return Found(folder.name, [missing])
    paths = _inside(folder)
    absent = set(OPTIONAL) - {path.name for path in paths}
    sources = {name: _read(folder, name) for name in KEYS if name not in absent}
    kalenders, routes, raadskalenders = ([] if name in absent else _listed(folder, name) for name in FOLDERS)
    found = Found(folder.name, [*sources.values(), *kalenders, *routes, *raadskalenders, *_strangers(paths)])
    _fill(found, sources, kalenders, routes)
    _fill_raden(found, sources, raadskalenders)
    found.sjablonen = _templates(folder / TEMPLATES)
    check_references(found)
    check_raden(found)
    check_berichten(found)
    return found


def _fill(found: Found, sources: dict[str, Source], kalenders: list[Source], routes: list[Source]) -> None:
    head = sources["stelsel.yaml"]
    if head.has("kop"):
        found.kop.add(head, ("kop",), Kop)
    if head.has("mail"):
        found.mail.add(head, ("mail",), Mailgegevens)
    found.rollen.add_list(head, "rollen", Rol)
    found.soorten.add_list(head, "soorten", Soort)
    found.deelregios.add_list(head, "deelregios", Deelregio)
    found.documentsoorten.add_list(head, "documentsoorten", Documentsoort)
    found.deelnemers.add_list(sources["deelnemers.yaml"], "deelnemers", Deelnemer)
    found.gremia.add_list(sources["gremia.yaml"], "gremia", Gremium)
    found.berichten.add_list(sources["berichten.yaml"], "berichten", Berichtsoort)
    if sources["berichten.yaml"].has("verzending"):
        found.verzending.add(sources["berichten.yaml"], ("verzending",), Verzending)
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


def _fill_raden(found: Found, sources: dict[str, Source], raadskalenders: list[Source]) -> None:
    if source := sources.get("ritmes.yaml"):
        regels = Section[Ritmeregel]("Ritme van")
        regels.add_list(source, "ritmes", Ritmeregel, "deelnemer")
        for item in regels.items:
            ritme = None if item.value is None else build_ritme(source, item.where, item.value)
            found.ritmes.items.append(Item(source, item.where, ritme, item.naam))
    if source := sources.get("verkiezingen.yaml"):
        found.verkiezingen.add_list(source, "verkiezingen", Verkiezing, "naam")
    for source in raadskalenders:
        found.raadskalenders.add_list(source, "kalenders", Raadskalender, "deelnemer")


def _assemble(found: Found) -> Stelsel | None:
    """The stelsel, when nothing is wrong."""
    if found.kalenderfeiten is None or any(source.problems for source in found.sources):
        return None
    # What nobody wrote stays out, so that older facts keep their digest.
    raden: dict[str, Any] = {
        "ritmes": found.ritmes.values,
        "raadskalenders": found.raadskalenders.values,
        "verkiezingen": found.verkiezingen.values,
        "sjablonen": found.sjablonen,
    }
    return Stelsel(
        kop=found.kop.values[0],
        mail=found.mail.values[0],
        rollen=found.rollen.values,
        soorten=found.soorten.values,
        deelregios=found.deelregios.values,
        deelnemers=found.deelnemers.values,
        gremia=found.gremia.values,
        kalenders=found.kalenders.values,
        kalenderfeiten=found.kalenderfeiten,
        documentsoorten=found.documentsoorten.values,
        begrippen=found.begrippen.values,
        berichten=found.berichten.values,
        verzending=found.verzending.values[0],
        routes=found.routes.values,
        **{key: values for key, values in raden.items() if values},
    )
