"""The lists of facts in the files of a stelsel: each item with its place, also the items that could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from config.sentences import parse
from config.sources import Source, Where
from config.workdays import Kalenderbestand
from statemachines.berichten import Berichtsoort, Verzending
from statemachines.facts import (
    Adres,
    Begrip,
    Deelnemer,
    Deelregio,
    Documentsoort,
    Gremium,
    Kalenderfeiten,
    Kop,
    Mailgegevens,
    Raadritme,
    Raadskalender,
    Rol,
    Soort,
    Vergaderkalender,
    Verkiezing,
)
from statemachines.route import Route

M = TypeVar("M", bound=BaseModel)


@dataclass
class Place:
    """Where a fact stands."""

    source: Source
    where: Where

    def refuse(self, zin: str, *key: str | int) -> None:
        """Notes a problem with this fact, or with one key of it."""
        self.source.refuse((*self.where, *key), zin)

    @property
    def here(self) -> str:
        """File and line."""
        return f"{self.source.bestand}:{self.source.line(self.where)}"


@dataclass
class Item(Place, Generic[M]):
    """One fact with its place; ``value`` is None when it was refused, its name is kept so that nothing else is refused for it."""

    value: M | None
    naam: str


@dataclass
class Section(Generic[M]):
    """All facts of one kind; ``complete`` is false when a file could not be read and names may be missing."""

    soort: str
    items: list[Item[M]] = field(default_factory=list)
    complete: bool = True

    @property
    def used(self) -> Iterator[tuple[Item[M], M]]:
        """The facts that could be read."""
        return ((item, item.value) for item in self.items if item.value is not None)

    @property
    def values(self) -> tuple[M, ...]:
        """The facts that could be read, without their place."""
        return tuple(value for _, value in self.used)

    def get(self, naam: str) -> M | None:
        """The fact with this name, when it could be read."""
        return next((value for item, value in self.used if item.naam == naam), None)

    def add(self, source: Source, where: Where, model: type[M], key: str = "slug") -> Item[M]:
        """Reads one fact; ``key`` is what it is called by."""
        raw = source.at((*where, key))
        item = Item(source, where, parse(source, where, model), raw if isinstance(raw, str) else "")
        self.items.append(item)
        return item

    def add_list(self, source: Source, key: str, model: type[M], name: str = "slug") -> None:
        """Reads a list of facts at the top of a file."""
        raw = source.at((key,))
        if isinstance(raw, list):
            for i in range(len(raw)):
                self.add(source, (key, i), model, name)
            return
        self.complete = False
        if source.has(key):
            source.refuse((key,), f"'{key}' moet een lijst zijn.")

    def refuse_twice(self) -> None:
        """Notes every name that occurs more than once."""
        seen: dict[str, Item[M]] = {}
        for item in self.items:
            first = seen.setdefault(item.naam, item)
            if item.naam and first is not item:
                item.refuse(f"{self.soort} '{item.naam}' bestaat al ({first.here}).")

    def require(self, naam: str | None, by: Place, *key: str | int) -> None:
        """Notes a problem with ``by`` when it names something that is not here."""
        names = sorted({item.naam for item in self.items if item.naam})
        if naam is None or not self.complete or naam in names:
            return
        near = get_close_matches(naam, names, n=1)
        meer = " en meer" if len(names) > 12 else ""
        wel = f"bedoeld is misschien '{near[0]}'" if near else f"wel bestaat: {', '.join(names[:12])}{meer}"
        by.refuse(f"{self.soort} '{naam}' bestaat niet; {wel if names else 'er is er nog geen'}.", *key)


@dataclass
class Found:
    """Everything that stands in the files of one stelsel."""

    map_naam: str
    sources: list[Source]
    kop: Section[Kop] = field(default_factory=lambda: Section("Kop"))
    mail: Section[Mailgegevens] = field(default_factory=lambda: Section("Mail"))
    verzending: Section[Verzending] = field(default_factory=lambda: Section("Verzending"))
    berichten: Section[Berichtsoort] = field(default_factory=lambda: Section("Bericht"))
    sjablonen: dict[str, str] = field(default_factory=dict)
    rollen: Section[Rol] = field(default_factory=lambda: Section("Rol"))
    soorten: Section[Soort] = field(default_factory=lambda: Section("Soort"))
    deelregios: Section[Deelregio] = field(default_factory=lambda: Section("Deelregio"))
    documentsoorten: Section[Documentsoort] = field(default_factory=lambda: Section("Documentsoort"))
    deelnemers: Section[Deelnemer] = field(default_factory=lambda: Section("Deelnemer"))
    gremia: Section[Gremium] = field(default_factory=lambda: Section("Gremium"))
    begrippen: Section[Begrip] = field(default_factory=lambda: Section("Begrip"))
    adressen: Section[Adres] = field(default_factory=lambda: Section("Adres van"))
    kalenders: Section[Vergaderkalender] = field(default_factory=lambda: Section("Vergaderkalender"))
    routes: Section[Route] = field(default_factory=lambda: Section("Route"))
    ritmes: Section[Raadritme] = field(default_factory=lambda: Section("Ritme van"))
    raadskalenders: Section[Raadskalender] = field(default_factory=lambda: Section("Raadskalender van"))
    verkiezingen: Section[Verkiezing] = field(default_factory=lambda: Section("Verkiezing"))
    kalender: Section[Kalenderbestand] = field(default_factory=lambda: Section("Kalender"))
    kalenderfeiten: Kalenderfeiten | None = None

    @property
    def named(self) -> tuple[Section[Any], ...]:
        """The kinds of facts in which a name occurs once."""
        head = (self.rollen, self.soorten, self.deelregios, self.documentsoorten)
        return (*head, self.deelnemers, self.gremia, self.begrippen, self.adressen, self.routes, self.ritmes, self.verkiezingen)

    def contacts_of(self, deelnemer: Deelnemer) -> set[str]:
        """Who hears for the organs of a deelnemer (``griffie-almere``); empty when its soort could not be read."""
        soort = self.soorten.get(deelnemer.soort)
        return set() if soort is None else {f"{vorm.contact}-{deelnemer.slug}" for vorm in soort.organen.values()}
