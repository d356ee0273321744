"""Addresses as the secretariat looks at them: who can be reached, what was known when, and what somebody did not hear."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.settings import Modus
from dossiers import adressen, stelsels
from dossiers.adressen import Adresregel, Adresstatus, why_not
from dossiers.database import reading
from dossiers.gemist import Gemist, missed
from flows import ontvangers
from flows.house import House
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Adresbeeld:
    """One recipient as the secretariat sees it; ``waarom_niet`` says in Dutch why no mail can go there, and is empty when it can."""

    ontvanger: str
    naam: str
    adres: str | None
    status: str
    notitie: str
    waarom_niet: str


@dataclass(frozen=True)
class Adreslijst:
    """The mode, how many recipients there are today and how many of them have a confirmed address, and those that were asked for."""

    modus: str
    ontvangers: int
    bevestigd: int
    adressen: list[Adresbeeld]


def listing(house: House, op: date, ontvanger: str | None = None, status: Adresstatus | None = None, ontbreekt: bool = False) -> Adreslijst:
    """The recipients of the day ``op``, and everybody else whose address is still in use.

    ``ontbreekt`` leaves only those to whom no mail can go in this mode.
    """
    modus = house.settings.post.modus
    with reading(house.engine) as connection:
        feiten = stelsels.current(connection, house.stelsel, op)
        known = {regel.ontvanger: regel for regel in adressen.everyone(connection, house.stelsel)}
    names, today = ontvangers.names(feiten), ontvangers.of_today(feiten, op)
    if ontvanger is not None and ontvanger not in known:
        ontvangers.require(feiten, ontvanger)
    left = sorted(wie for wie, regel in known.items() if wie not in today and regel.in_use)
    asked = [*today, *left] if ontvanger is None else [ontvanger]
    beelden = [_beeld(wie, _naam(wie, names, today), known.get(wie), modus is Modus.ECHT) for wie in asked]
    confirmed = sum(wie in known and known[wie].in_use and known[wie].status is Adresstatus.BEVESTIGD for wie in today)
    found = [b for b in beelden if (status is None or b.status == status.value) and (b.waarom_niet or not ontbreekt)]
    return Adreslijst(modus.value, len(today), confirmed, found)


def history_of(house: House, ontvanger: str, op: date) -> list[Adresregel]:
    """Everything that was known of the address of one recipient, the oldest first."""
    with reading(house.engine) as connection:
        facts_with(connection, house, ontvanger, op)
        return adressen.history(connection, house.stelsel, ontvanger).get(ontvanger, [])


def missed_by(house: House, ontvanger: str, op: date) -> list[Gemist]:
    """What this recipient did not hear, with who else of the same deelnemer heard it."""
    with reading(house.engine) as connection:
        feiten = facts_with(connection, house, ontvanger, op)
        return missed(connection, house.stelsel, ontvanger, ontvangers.beside(feiten, ontvanger))


def facts_with(connection: Connection, house: House, ontvanger: str, op: date) -> Stelsel:
    """The facts of the day ``op``, in which this recipient exists unless it ever had an address. Raises UnknownSlug."""
    feiten = stelsels.current(connection, house.stelsel, op)
    if adressen.current(connection, house.stelsel, ontvanger) is None:
        ontvangers.require(feiten, ontvanger)
    return feiten


def _naam(ontvanger: str, names: Mapping[str, str], today: Container[str]) -> str:
    naam = names.get(ontvanger, "")
    return naam if ontvanger in today else f"{naam} (nu geen ontvanger)".strip()


def _beeld(ontvanger: str, naam: str, regel: Adresregel | None, echt: bool) -> Adresbeeld:
    waarom = why_not(regel, ontvanger, echt)
    if regel is None:
        return Adresbeeld(ontvanger, naam, None, "", "", waarom)
    return Adresbeeld(ontvanger, naam, regel.adres, regel.status.value, regel.notitie, waarom)
