"""What must hold for the catalogue of berichten: who hears, at which occasion, with which numbers."""

from __future__ import annotations

from collections import Counter

from config.sections import Found
from statemachines.berichten import CONTACT, DEELREGIO, LEDEN, SECRETARIS, STANDARD, Aanleiding
from statemachines.kalender import enumerated

_OF_GREMIUM = frozenset(
    {
        Aanleiding.STUKKEN_VERWACHT,
        Aanleiding.STUKKEN_TE_LAAT,
        Aanleiding.BESLUIT_VERWACHT,
        Aanleiding.VERSLAG_VERWACHT,
    }
)
"""Occasions of one gremium: only its secretaris hears them."""


def check_berichten(found: Found) -> None:
    """Notes every kind of bericht that nobody can hear, that lacks its numbers, or that does not fit its occasion."""
    found.berichten.refuse_twice()
    contacts = {vorm.contact for soort in found.soorten.values for vorm in soort.organen.values()}
    roles = {item.naam for item in found.rollen.items}
    complete = all(len(section.values) == len(section.items) and section.complete for section in (found.soorten, found.rollen))
    possible = contacts | roles | {SECRETARIS, DEELREGIO, LEDEN, CONTACT}
    for item, soort in found.berichten.used:
        for wie in soort.wie if complete else ():
            if wie not in possible:
                item.refuse(f"Bericht '{soort.slug}': '{wie}' kan niets horen; wel: {', '.join(sorted(possible))}.", "wie")
        if soort.bij in _OF_GREMIUM and set(soort.wie) != {SECRETARIS}:
            item.refuse(f"Bericht '{soort.slug}' gaat over een vergadering; daarvan hoort alleen de {SECRETARIS} van het gremium.", "wie")
        for name in soort.misses:
            item.refuse(f"Bericht '{soort.slug}' bij '{soort.bij}' heeft '{name}' nodig.", name)
        if soort.weken is not None and soort.hoogstens_weken is not None and soort.hoogstens_weken <= soort.weken:
            item.refuse(f"Bericht '{soort.slug}': 'hoogstens_weken' moet meer zijn dan 'weken'.", "hoogstens_weken")
        standard = STANDARD.get(soort.bij)
        if standard is not None and soort.slug != standard:
            item.refuse(f"Het bericht bij '{soort.bij}' heet altijd '{standard}'.", "slug")
    counted = Counter(soort.bij for soort in found.berichten.values)
    for item, soort in found.berichten.used:
        if counted[soort.bij] > 1 and soort.bij in STANDARD:
            item.refuse(f"Bij '{soort.bij}' hoort een bericht; er zijn er {counted[soort.bij]}.", "bij")
    absent = [bij.value for bij in STANDARD if found.berichten.complete and not counted[bij]]
    if absent and found.berichten.items:
        found.berichten.items[0].source.refuse(
            ("berichten",), f"Er is geen bericht bij {enumerated(absent)}; zet het uit met 'aan: false'."
        )
    for place, verzending in found.verzending.used:
        if verzending.vanaf >= verzending.tot:
            place.refuse(f"Er gaat post van {verzending.vanaf} tot {verzending.tot}; het einde ligt niet na het begin.", "tot")
