"""Who hears of a ronde: the contact of each organ that is asked, the adviser of its college, and the deelregio through which it answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from statemachines.berichten import CONTACT, DEELREGIO, Berichtsoort
from statemachines.facts import Kring, Ontvanger
from statemachines.stelsel import Stelsel


class Hoedanigheid(StrEnum):
    """As what somebody hears of it."""

    CONTACT = "contact"
    ADVISEUR = "adviseur"
    DEELREGIO = "deelregio"


@dataclass(frozen=True)
class Gehoor:
    """One recipient with the organs for which it hears, in the order in which they were asked."""

    ontvanger: Ontvanger
    als: Hoedanigheid
    organen: tuple[str, ...]


def hearers(stelsel: Stelsel, soort: Berichtsoort, organen: Iterable[str], via_deelregio: bool) -> Mapping[str, Gehoor]:
    """Everyone who hears of a ronde in which these organs are asked, by recipient; contacts first.

    Beside the griffie of a raad the adviser of its college hears; not the other way round. ``via_deelregio`` says that the deelnemers
    of a deelregio answer through it.
    """
    asked = list(organen)
    found: dict[str, Gehoor] = {}
    for slug in asked:
        if CONTACT in soort.wie or stelsel.contact_of(slug) in soort.wie:
            _hears(found, stelsel.orgaan(slug).ontvanger, Hoedanigheid.CONTACT, slug)
    for slug in asked if CONTACT not in soort.wie else ():
        wie = stelsel.orgaan(slug)
        college = stelsel.orgaan_van(wie.deelnemer, Kring.COLLEGES) if wie.kring is Kring.RADEN_STATEN else None
        if college is not None and stelsel.contact_of(college.slug) in soort.wie:
            _hears(found, college.ontvanger, Hoedanigheid.ADVISEUR, slug)
    for slug in asked if via_deelregio and DEELREGIO in soort.wie else ():
        deelregio = stelsel.deelnemer(stelsel.orgaan(slug).deelnemer).deelregio
        if deelregio is not None:
            _hears(found, stelsel.secretaris_van_deelregio(deelregio), Hoedanigheid.DEELREGIO, slug)
    return found


def _hears(found: dict[str, Gehoor], ontvanger: Ontvanger, als: Hoedanigheid, orgaan: str) -> None:
    known = found.get(ontvanger.slug, Gehoor(ontvanger, als, ()))
    found[ontvanger.slug] = replace(known, organen=(*known.organen, orgaan))
