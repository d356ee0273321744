"""A stelsel: every fact of one region together, as one value with a digest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from statemachines.berichten import DEELREGIO, LEDEN, Berichtsoort, Verzending
from statemachines.errors import UnknownSlug
from statemachines.facts import (
    Begrip,
    Deelnemer,
    Deelregio,
    Documentsoort,
    Gremium,
    Herinneringen,
    Kalenderfeiten,
    Kop,
    Kring,
    Mailgegevens,
    Model,
    Ontvanger,
    Orgaan,
    Raadritme,
    Raadskalender,
    Rol,
    Soort,
    Vergaderkalender,
    Verkiezing,
)
from statemachines.kalender import Werkkalender
from statemachines.lidwoord import met_lidwoord
from statemachines.machine import FlatMachine, main_line
from statemachines.reeks import Reeks
from statemachines.route import Route

_COMPUTED_FROM: Mapping[str, frozenset[str] | None] = {
    "canonical": None,
    "digest": None,
    "werkkalender": frozenset({"kalenderfeiten"}),
    "_main_lines": frozenset({"routes"}),
    "_reeksen": frozenset({"gremia", "kalenders", "kalenderfeiten"}),
    "_organen": frozenset({"deelnemers", "soorten"}),
    "_organen_van": frozenset({"deelnemers", "soorten"}),
    "_deelnemers": frozenset({"deelnemers"}),
    "ending": frozenset({"deelnemers"}),
}
"""From which facts each kept value is computed; None for all of them."""


class Stelsel(Model):
    """Frozen facts; whatever is computed from them is kept with them.

    ``sjablonen`` are the templates of mails that this stelsel puts in the place of those that are shipped, by file name.
    """

    kop: Kop
    mail: Mailgegevens
    herinneringen: Herinneringen | None = None
    rollen: tuple[Rol, ...]
    soorten: tuple[Soort, ...]
    deelregios: tuple[Deelregio, ...]
    deelnemers: tuple[Deelnemer, ...]
    gremia: tuple[Gremium, ...]
    kalenders: tuple[Vergaderkalender, ...]
    kalenderfeiten: Kalenderfeiten
    documentsoorten: tuple[Documentsoort, ...]
    begrippen: tuple[Begrip, ...]
    routes: tuple[Route, ...]
    ritmes: tuple[Raadritme, ...] = ()
    raadskalenders: tuple[Raadskalender, ...] = ()
    verkiezingen: tuple[Verkiezing, ...] = ()
    berichten: tuple[Berichtsoort, ...] = ()
    verzending: Verzending | None = None
    sjablonen: Mapping[str, str] = {}

    def _computed_from(self, name: str, update: Mapping[str, Any]) -> bool:
        facts = _COMPUTED_FROM[name]
        return bool(update) and (facts is None or not facts.isdisjoint(update))

    @cached_property
    def canonical(self) -> str:
        """The facts as canonical JSON: keys sorted, no spaces, dates as ISO text; what nobody wrote stays out.

        So facts that were accepted before a new kind of fact existed keep their digest.
        """
        return json.dumps(self.model_dump(mode="json", exclude_unset=True), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """sha256 of the canonical JSON; the name of this version of the facts."""
        return sha256(self.canonical.encode()).hexdigest()

    @cached_property
    def werkkalender(self) -> Werkkalender:
        """Working days and recess."""
        return Werkkalender(self.kalenderfeiten)

    @cached_property
    def _main_lines(self) -> dict[str, FlatMachine]:
        return {route.slug: main_line(route) for route in self.routes}

    @cached_property
    def _reeksen(self) -> dict[str, Reeks]:
        return {
            gremium.slug: Reeks(gremium, tuple(k for k in self.kalenders if k.gremium == gremium.slug), self.werkkalender)
            for gremium in self.gremia
        }

    @cached_property
    def _deelnemers(self) -> dict[str, Deelnemer]:
        return {deelnemer.slug: deelnemer for deelnemer in self.deelnemers}

    @cached_property
    def _organen_van(self) -> dict[tuple[str, Kring], Orgaan]:
        return {(orgaan.deelnemer, orgaan.kring): orgaan for orgaan in self._organen.values()}

    @cached_property
    def _organen(self) -> dict[str, Orgaan]:
        return {orgaan.slug: orgaan for kring in Kring for orgaan in self._organs_of(self.deelnemers, kring)}

    def _organs_of(self, deelnemers: tuple[Deelnemer, ...], kring: Kring) -> Iterator[Orgaan]:
        soorten = {soort.slug: soort for soort in self.soorten}
        for deelnemer in deelnemers:
            vorm = soorten[deelnemer.soort].organen[kring]
            serves = self._served_by(deelnemer, kring)
            yield Orgaan(
                slug=f"{vorm.voorvoegsel}-{deelnemer.slug}",
                naam=vorm.naam.format(naam=deelnemer.naam),
                deelnemer=deelnemer.slug,
                kring=kring,
                ontvanger=Ontvanger(
                    slug=f"{vorm.contact}-{serves.slug}",
                    naam=vorm.contact_naam.format(naam=serves.naam),
                    aanhef=vorm.aanhef.format(naam=serves.naam),
                ),
            )

    def _served_by(self, deelnemer: Deelnemer, kring: Kring) -> Deelnemer:
        """The deelnemer whose contact hears for this organ."""
        if deelnemer.griffie_bij is None or kring is not Kring.RADEN_STATEN:
            return deelnemer
        return self._deelnemers[deelnemer.griffie_bij]

    def heir(self, orgaan: str, op: date) -> Orgaan | None:
        """The organ that stands in the place of this one on the day ``op``: itself, or that of who succeeded its deelnemer."""
        found: Orgaan | None = self.orgaan(orgaan)
        while found is not None and not self._deelnemers[found.deelnemer].takes_part(op):
            found = self.orgaan_van(self._deelnemers[found.deelnemer].opgevolgd_door or "", found.kring)
        return found

    def route(self, slug: str) -> Route:
        """The route with this slug; raises UnknownSlug with the routes that exist."""
        found = next((route for route in self.routes if route.slug == slug), None)
        if found is None:
            known = ", ".join(route.slug for route in self.routes)
            raise UnknownSlug(f"Er is geen route '{slug}' in het stelsel {self.kop.slug}; wel: {known}.")
        return found

    def main_line(self, route: str) -> FlatMachine:
        """The machine of a route, built once for this version of the facts."""
        return self._main_lines[route]

    def deelnemer(self, slug: str) -> Deelnemer:
        """The deelnemer with this slug; raises UnknownSlug with those that exist."""
        if slug not in self._deelnemers:
            raise UnknownSlug(f"Er is geen deelnemer '{slug}' in het stelsel {self.kop.slug}; wel: {', '.join(self._deelnemers)}.")
        return self._deelnemers[slug]

    def gremium(self, slug: str) -> Gremium:
        """The gremium with this slug; raises UnknownSlug with the gremia that exist."""
        found = next((gremium for gremium in self.gremia if gremium.slug == slug), None)
        if found is None:
            known = ", ".join(gremium.slug for gremium in self.gremia)
            raise UnknownSlug(f"Er is geen gremium '{slug}' in het stelsel {self.kop.slug}; wel: {known}.")
        return found

    def vergaderingen(self, gremium: str) -> Reeks:
        """The meetings of a gremium as far as they are known."""
        return self._reeksen[self.gremium(gremium).slug]

    @cached_property
    def ending(self) -> tuple[Deelnemer, ...]:
        """The deelnemers that end and are succeeded by another."""
        return tuple(d for d in self.deelnemers if d.geldig_tot is not None and d.opgevolgd_door is not None)

    def organen(self, kring: Kring, op: date) -> tuple[Orgaan, ...]:
        """The organs of everyone who is deelnemer on the day ``op``."""
        return tuple(self._organs_of(tuple(d for d in self.deelnemers if d.takes_part(op)), kring))

    def orgaan(self, slug: str) -> Orgaan:
        """The organ with this slug; raises UnknownSlug."""
        if slug not in self._organen:
            raise UnknownSlug(f"Er is geen orgaan '{slug}' in het stelsel {self.kop.slug}.")
        return self._organen[slug]

    def exists(self, orgaan: str, op: date) -> bool:
        """Whether the deelnemer of this organ takes part on the day ``op``; raises UnknownSlug."""
        return self._deelnemers[self.orgaan(orgaan).deelnemer].takes_part(op)

    def orgaan_van(self, deelnemer: str, kring: Kring) -> Orgaan | None:
        """The organ of a deelnemer in a kring; None for an unknown deelnemer."""
        return self._organen_van.get((deelnemer, kring))

    def naam_van(self, slug: str) -> str:
        """How a gremium or organ is called; raises UnknownSlug with the gremia that exist."""
        return self._organen[slug].naam if slug in self._organen else self.gremium(slug).naam

    def afzender(self, slug: str) -> str:
        """How anybody who can give inbreng is called: an organ, a gremium or a deelregio; raises UnknownSlug."""
        deelregio = next((d.naam for d in self.deelregios if d.slug == slug), None)
        return self.naam_van(slug) if deelregio is None else f"deelregio {deelregio}"

    def contact_of(self, orgaan: str) -> str:
        """Which contact of its deelnemer hears for an organ, such as ``griffie``."""
        wie = self.orgaan(orgaan)
        soort = next(soort for soort in self.soorten if soort.slug == self.deelnemer(wie.deelnemer).soort)
        return soort.organen[wie.kring].contact

    def secretaris_van_deelregio(self, slug: str) -> Ontvanger:
        """Who hears for a deelregio through which deelnemers answer."""
        naam = self.afzender(slug)
        return Ontvanger(slug=f"{DEELREGIO}-{slug}", naam=f"secretaris van {naam}", aanhef=f"Geachte secretaris van {naam}")

    def leden(self, orgaan: str) -> Ontvanger:
        """The members of a raad, the Staten or the regioraad, through the list that its griffie keeps."""
        wie = self.orgaan(orgaan)
        leden = f"leden van {met_lidwoord(wie.naam)}"
        return Ontvanger(slug=f"{LEDEN}-{wie.deelnemer}", naam=leden, aanhef=f"Geachte {leden}")

    def ontvanger_van_rol(self, slug: str) -> Ontvanger:
        """A role (such as a secretaris) as recipient; raises UnknownSlug."""
        rol = next((rol for rol in self.rollen if rol.slug == slug), None)
        if rol is None:
            raise UnknownSlug(f"Er is geen rol '{slug}' in het stelsel {self.kop.slug}; wel: {', '.join(r.slug for r in self.rollen)}.")
        return Ontvanger(slug=rol.slug, naam=rol.naam, aanhef=f"Beste {rol.naam}")
