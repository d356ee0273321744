"""Texts as people typed them, checked and kept apart from the journal so that they can be erased."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from dossiers import teksten
from flows.house import House
from flows.opmaak import is_control
from statemachines.errors import Unusable
from statemachines.naast import Gevolg
from statemachines.payloads import Regime, Standpunt, Versie, Verwijzing

LONGEST_TEXT = 20_000
LONGEST_ROLE = 60
_NEUTER = ("antwoord", "effect")
"""Names of a text that take another article."""


@dataclass(frozen=True)
class Gezegd:
    """A minority position as somebody said it; ``van`` is a deelnemer or deelregio."""

    van: str
    regime: Regime
    tekst: str
    onderdelen: tuple[str, ...] = ()
    stuk: str | None = None
    versie: Versie | None = None


@dataclass(frozen=True)
class Opgevolgd:
    """What was done with the advice of a gremium: followed, or the reason why not."""

    gremium: str
    gevolgd: bool
    reden: str | None = None


def role_slug(text: str) -> str:
    """The slug of a role; never a name of a person, for a journal row holds no names. Raises Unusable."""
    if len(text) > LONGEST_ROLE or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise Unusable(f"'{text[:80]}' kan geen naam van een rol zijn; gebruik kleine letters, cijfers en streepjes, zoals aob.")
    return text


def clean(text: str, wat: str, longest: int = LONGEST_TEXT) -> str:
    """A text as it may be kept: not empty, no control characters but line ends. Raises Unusable."""
    text, naam = text.strip(), f"{'het' if wat.split(' ')[0] in _NEUTER else 'de'} {wat}"
    if not text:
        raise Unusable(f"{naam.capitalize()} is leeg; vul een tekst in.")
    if len(text) > longest:
        raise Unusable(f"{naam.capitalize()} is {len(text)} tekens lang; het mogen er {longest} zijn.")
    if any(map(is_control, text)):
        raise Unusable(f"In {naam} staan onzichtbare stuurtekens; haal die weg.")
    return text


def keep_tekst(connection: Connection, house: House, slug: str, tekst: str, wat: str) -> Verwijzing:
    """Keeps a text of a dossier as it was typed, and gives how an entry names it."""
    return teksten.keep_tekst(connection, house.stelsel, slug, clean(tekst, wat))


def keep_standpunten(connection: Connection, house: House, slug: str, standpunten: Sequence[Gezegd]) -> tuple[Standpunt, ...]:
    """Keeps the texts of minority positions, and gives the positions as an entry holds them."""
    return tuple(
        Standpunt(
            van=gezegd.van,
            regime=gezegd.regime,
            tekst=keep_tekst(connection, house, slug, gezegd.tekst, "tekst van het standpunt"),
            onderdelen=tuple(clean(onderdeel, "naam van een onderdeel", longest=100) for onderdeel in gezegd.onderdelen),
            stuk=gezegd.stuk,
            versie=gezegd.versie,
        )
        for gezegd in standpunten
    )


def keep_gevolgen(connection: Connection, house: House, slug: str, adviezen: Sequence[Opgevolgd]) -> tuple[Gevolg, ...]:
    """Keeps the reasons why advice was not followed, and gives what was done with each as a besluit takes it."""
    return tuple(
        Gevolg(a.gremium, a.gevolgd, None if a.reden is None else keep_tekst(connection, house, slug, a.reden, "reden bij een advies"))
        for a in adviezen
    )
