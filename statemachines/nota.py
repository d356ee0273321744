"""The Nota van Beantwoording: inbreng split into points, and for each point an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from statemachines.facts import Model, Slug
from statemachines.payloads import Payload, Verwijzing


class Overname(StrEnum):
    """What is done with a point."""

    OVERGENOMEN = "overgenomen"
    DEELS = "deels-overgenomen"
    NIET = "niet-overgenomen"


class Punt(Model):
    """One point of the inbreng that entry ``inbreng`` holds, and its answer: ``oordeel`` with the reason in ``antwoord``.

    ``effect`` says what changes in the document. A point that says the same as another names it in ``gelijkluidend`` and has its
    answer. A point that fell away keeps its number, so that no other gets it.
    """

    slug: Slug
    inbreng: int
    tekst: Verwijzing
    onderdeel: str = ""
    oordeel: Overname | None = None
    antwoord: Verwijzing | None = None
    effect: Verwijzing | None = None
    gelijkluidend: Slug | None = None
    vervallen: bool = False


class Antwoorden(Payload):
    """Points as they are from now on; points that are not named stay as they were."""

    punten: tuple[Punt, ...]


@dataclass(frozen=True)
class Gegeven:
    """Inbreng that can be answered: entry ``nr``, given by ``orgaan`` of the deelnemer or deelregio ``wie``.

    ``namens`` is who spoke, ``telt`` whether it came in time, ``bundelt`` the entries that a deelregio brings together,
    ``vervangt`` the entry of earlier inbreng of the same organ in whose place this one comes.
    """

    nr: int
    orgaan: str
    wie: str
    stap: str
    bezoek: int
    namens: str | None
    telt: bool
    tekst: Verwijzing | None
    bundelt: tuple[int, ...] = ()
    vervangt: int | None = None


Punten = Mapping[str, Punt]


def living(punten: Punten) -> Iterator[Punt]:
    """The points that did not fall away."""
    return (punt for punt in punten.values() if not punt.vervallen)


def numbered(gegeven: Iterable[Gegeven], punten: Punten) -> dict[int, str]:
    """For each inbreng that nobody split yet, the number that it has as one whole point."""
    split = {punt.inbreng for punt in living(punten)}
    last = Counter[str]()
    for slug in punten:
        wie, _, number = slug.rpartition("-")
        last[wie] = max(last[wie], int(number))
    found = {}
    for given in gegeven:
        if given.nr not in split:
            last[given.wie] += 1
            found[given.nr] = f"{given.wie}-{last[given.wie]}"
    return found


def replaced(gegeven: Iterable[Gegeven]) -> set[int]:
    """The numbers of the inbreng in whose place the same speaker gave another in the same ronde."""
    last: dict[tuple[str, str, int, str | None], int] = {}
    gone = set()
    for given in gegeven:
        key = (given.orgaan, given.stap, given.bezoek, given.namens)
        if key in last:
            gone.add(last[key])
        last[key] = given.nr
    return gone


def unanswered(gegeven: tuple[Gegeven, ...], punten: Punten) -> tuple[str, ...]:
    """The points that still lack an answer; inbreng in time that nobody split counts as one point."""
    gone = replaced(gegeven)
    whole = numbered(gegeven, punten)
    waiting = [whole[given.nr] for given in gegeven if given.nr in whole and given.telt and given.nr not in gone]
    return (*(punt.slug for punt in living(punten) if not is_answered(punt, punten)), *waiting)


def is_answered(punt: Punt, punten: Punten) -> bool:
    """Whether a point has an answer of its own or that of the point that says the same."""
    same = punten.get(punt.gelijkluidend or "")
    return punt.oordeel is not None or (same is not None and same.oordeel is not None and not same.vervallen)
