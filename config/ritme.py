"""How a deelnemer usually meets, as people write it: one line of clauses ``naam: waarde``, parted by semicolons.

A line such as ``college: elke dinsdag; raad: laatste dinsdag; commissie: 2 weken eerder; aanleveren: 15 werkdagen eerder`` names
schakels, and besides them ``zomerreces`` and ``verzenden``. What is said ``eerder`` is counted back from each vergadering of the raad.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from config.sources import Source, Where
from statemachines.errors import Unusable
from statemachines.facts import Fact, Herhaling, Raadritme, Schakelritme, Schakelsoort, Slug, Uitzondering

WEEKDAGEN = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
SATURDAY = 5
MOST_WEKEN, MOST_WERKDAGEN, MOST_VOORAF, MOST_RECES, MOST_VERZENDEN = 26, 130, 60, 8, 30

_RANGEN = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5, "laatste": -1} | {f"{n}e": n for n in range(1, 6)}
_RANG = f"(?:{'|'.join(_RANGEN)})"
_DAG = f"(?P<dag>{'|'.join(WEEKDAGEN)})"
_AANTAL = "(?P<aantal>[0-9]{1,3})"
_ELKE = re.compile(f"elke {_DAG}")
_OM_DE_WEEK = re.compile(f"om de week {_DAG} vanaf (?P<vanaf>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})")
_IN_DE_MAAND = re.compile(f"(?P<rangen>{_RANG}(?:(?:, | en ){_RANG})*) {_DAG}")
_EERDER = re.compile(f"{_AANTAL} (?P<eenheid>weken|week|werkdagen|werkdag) eerder")
_STUKKEN = re.compile(f"(?P<wanneer>.+), stukken {_AANTAL} werkdag(?:en)? vooraf")
_ZOMERRECES = re.compile(rf"schoolvakantie(?: ?\+ ?{_AANTAL} (?:week|weken))?")
_VERZENDEN = re.compile(f"{_AANTAL} werkdag(?:en)? na de raad")

_SCHAKELS = {soort.value: soort for soort in Schakelsoort}
_OWN_DAY = "'elke dinsdag', 'om de week dinsdag vanaf 2026-01-06', 'laatste dinsdag' of '1e en 3e woensdag'"
_POSSIBLE = {naam: f"{_OWN_DAY}, of '2 weken eerder' en '15 werkdagen eerder' (dan de raad)" for naam in _SCHAKELS} | {
    "raad": _OWN_DAY,
    "zomerreces": "'schoolvakantie' of 'schoolvakantie + 1 week'",
    "verzenden": "'3 werkdagen na de raad'",
}


class Ritmeregel(Fact):
    """The rhythm of one deelnemer as it stands in the file; it holds from ``geldig_vanaf`` on."""

    deelnemer: Slug
    ritme: str
    geldig_vanaf: date | None = None
    uitzonderingen: tuple[Uitzondering, ...] = ()


@dataclass(frozen=True)
class Gelezen:
    """What a line says, schakels in the order in which a document passes them; with ``problems`` (Dutch sentences) it is not to be used."""

    schakels: tuple[Schakelritme, ...]
    zomerreces_weken_erna: int
    verzenden_werkdagen: int
    problems: tuple[str, ...]


def build_ritme(source: Source, where: Where, regel: Ritmeregel) -> Raadritme | None:
    """The rhythm that a line in a file means, or None with every problem noted at its line."""
    gelezen = parse_ritme(regel.ritme)
    for zin in gelezen.problems:
        source.refuse((*where, "ritme"), zin)
    if gelezen.problems:
        return None
    return Raadritme(
        deelnemer=regel.deelnemer,
        ritme=regel.ritme,
        geldig_vanaf=regel.geldig_vanaf,
        schakels=gelezen.schakels,
        zomerreces_weken_erna=gelezen.zomerreces_weken_erna,
        verzenden_werkdagen=gelezen.verzenden_werkdagen,
        uitzonderingen=regel.uitzonderingen,
        bron=regel.bron,
        status=regel.status,
    )


def parse_ritme(line: str) -> Gelezen:
    """Reads a rhythm; never raises: every clause that cannot be used gives one sentence in ``problems``."""
    problems: list[str] = []
    clauses: dict[str, str] = {}
    for clause in _clauses(line):
        naam, colon, value = (part.strip() for part in clause.partition(":"))
        if not colon or naam not in _POSSIBLE:
            problems.append(f"'{_short(clause)}' is niet te lezen: een deel van een ritme begint met {_names()} en een dubbele punt.")
        elif naam in clauses:
            problems.append(f"'{naam}' staat meer dan een keer in dit ritme; laat er een staan.")
        else:
            clauses[naam] = value
    schakels: list[Schakelritme] = []
    weken = werkdagen = 0
    for naam, value in clauses.items():
        try:
            if naam == "zomerreces":
                weken = _count(naam, value, _ZOMERRECES, MOST_RECES)
            elif naam == "verzenden":
                werkdagen = _count(naam, value, _VERZENDEN, MOST_VERZENDEN)
            else:
                schakels.append(_schakel(_SCHAKELS[naam], value))
        except Unusable as refused:
            problems.append(str(refused))
    schakels.sort(key=lambda schakel: list(Schakelsoort).index(schakel.soort))
    problems += _out_of_order(schakels, clauses)
    if Schakelsoort.RAAD.value not in clauses:
        problems.append("In dit ritme ontbreekt de raad; schrijf wanneer die vergadert, zoals 'raad: laatste dinsdag'.")
    return Gelezen(tuple(schakels), weken, werkdagen, tuple(problems))


def _clauses(line: str) -> Iterator[str]:
    text = re.sub(r" ?, ?", ", ", " ".join(line.lower().split()))
    return (clause.strip() for clause in text.split(";") if clause.strip())


def _names() -> str:
    return ", ".join(list(_POSSIBLE)[:-1]) + f" of {list(_POSSIBLE)[-1]}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _unreadable(naam: str, value: str) -> Unusable:
    return Unusable(f"'{_short(f'{naam}: {value}')}' is niet te lezen; bij {naam} kan {_POSSIBLE[naam]}.")


def _within(naam: str, value: str, aantal: str, least: int, most: int, wat: str) -> int:
    if not least <= int(aantal) <= most:
        raise Unusable(f"'{_short(f'{naam}: {value}')}' kan niet: het moeten {least} tot en met {most} {wat} zijn.")
    return int(aantal)


def _count(naam: str, value: str, pattern: re.Pattern[str], most: int) -> int:
    found = pattern.fullmatch(value)
    if found is None:
        raise _unreadable(naam, value)
    return _within(naam, value, found["aantal"] or "0", 0, most, "weken" if naam == "zomerreces" else "werkdagen")


def _schakel(soort: Schakelsoort, value: str) -> Schakelritme:
    """One schakel with its own day or counted back from the raad; raises Unusable."""
    stukken = _STUKKEN.fullmatch(value)
    wanneer = stukken["wanneer"] if stukken else value
    vooraf = _within(soort.value, value, stukken["aantal"], 0, MOST_VOORAF, "werkdagen vooraf") if stukken else 0
    eerder = _EERDER.fullmatch(wanneer)
    if eerder is None:
        return Schakelritme(soort=soort, herhaling=_herhaling(soort.value, value, wanneer), vooraf_werkdagen=vooraf)
    if soort is Schakelsoort.RAAD:
        raise Unusable(f"'{_short(f'raad: {value}')}' kan niet: de raad heeft een eigen dag nodig, zoals {_OWN_DAY}.")
    if eerder["eenheid"] in ("week", "weken"):
        weken = _within(soort.value, value, eerder["aantal"], 1, MOST_WEKEN, "weken")
        return Schakelritme(soort=soort, eerder_weken=weken, vooraf_werkdagen=vooraf)
    werkdagen = _within(soort.value, value, eerder["aantal"], 1, MOST_WERKDAGEN, "werkdagen")
    return Schakelritme(soort=soort, eerder_werkdagen=werkdagen, vooraf_werkdagen=vooraf)


def _herhaling(naam: str, value: str, wanneer: str) -> Herhaling:
    found = _ELKE.fullmatch(wanneer) or _OM_DE_WEEK.fullmatch(wanneer) or _IN_DE_MAAND.fullmatch(wanneer)
    if found is None:
        raise _unreadable(naam, value)
    groups = found.groupdict()
    weekdag = WEEKDAGEN.index(groups["dag"])
    if weekdag >= SATURDAY:
        raise Unusable(
            f"'{_short(f'{naam}: {value}')}' komt nooit voor: in het weekend is er geen vergadering; kies maandag tot en met vrijdag."
        )
    if "vanaf" in groups:
        return Herhaling(weekdag=weekdag, om_de_week_vanaf=_anchor(naam, value, weekdag, groups["vanaf"]))
    if "rangen" in groups:
        welke = [_RANGEN[rang] for rang in re.split(", | en ", groups["rangen"])]
        if len(set(welke)) < len(welke):
            raise Unusable(f"'{_short(f'{naam}: {value}')}' noemt dezelfde week twee keer; laat er een staan.")
        return Herhaling(weekdag=weekdag, welke=tuple(sorted(welke, key=lambda n: n % 7)))
    return Herhaling(weekdag=weekdag)


def _anchor(naam: str, value: str, weekdag: int, text: str) -> date:
    try:
        vanaf = date.fromisoformat(text)
    except ValueError:
        raise Unusable(f"'{_short(f'{naam}: {value}')}' kan niet: de dag {text} bestaat niet.") from None
    if vanaf.weekday() != weekdag:
        raise Unusable(f"'{_short(f'{naam}: {value}')}' kan niet: {text} is een {WEEKDAGEN[vanaf.weekday()]}, geen {WEEKDAGEN[weekdag]}.")
    return vanaf


def _out_of_order(schakels: list[Schakelritme], clauses: dict[str, str]) -> Iterator[str]:
    """Sentences on schakels counted back from the raad that do not lie before the next one; a week is five werkdagen."""
    counted = [(schakel, schakel.eerder_werkdagen or 5 * (schakel.eerder_weken or 0)) for schakel in schakels if schakel.herhaling is None]
    for (first, before), (second, after) in pairwise(counted):
        if before <= after:
            one, other = (f"'{_short(f'{schakel.soort}: {clauses[schakel.soort]}')}'" for schakel in (first, second))
            volgorde = ", ".join(_SCHAKELS)
            yield f"{one} ligt niet voor {other}; de volgorde is {volgorde}, en een week telt als 5 werkdagen."
