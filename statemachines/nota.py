"""The Nota van Beantwoording: inbreng split into points, and for each point an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import count

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
    """For each inbreng that nobody split yet, the number that it has as one whole point; it keeps that whatever is recorded later.

    Whoever splits an inbreng records this point too, and what is split off is numbered after everything that is there. So the numbers
    that no point has are those of the inbreng that waits, in order. An inbreng whose points all fell away has its first number again.
    """
    split = {punt.inbreng for punt in living(punten)}
    own: dict[int, str] = {}
    for slug in sorted(punten, key=number_of):
        own.setdefault(punten[slug].inbreng, slug)
    free: dict[str, Iterator[str]] = {}
    return {
        given.nr: own[given.nr] if given.nr in own else next(free.setdefault(given.wie, _free(given.wie, punten)))
        for given in gegeven
        if given.nr not in split
    }


def number_of(slug: str) -> int:
    """The number in the name of a point."""
    return int(slug.rpartition("-")[2])


def _free(wie: str, punten: Punten) -> Iterator[str]:
    return (slug for slug in (f"{wie}-{number}" for number in count(1)) if slug not in punten)


def replaced(gegeven: Iterable[Gegeven]) -> dict[int, int]:
    """The inbreng in whose place the same organ says to give another, each with the entry that comes in its place."""
    whose: dict[int, str] = {}
    gone: dict[int, int] = {}
    for given in gegeven:
        if given.vervangt is not None and whose.get(given.vervangt) == given.orgaan:
            gone[given.vervangt] = given.nr
        whose[given.nr] = given.orgaan
    return gone


def unanswered(gegeven: tuple[Gegeven, ...], punten: Punten) -> tuple[str, ...]:
    """The points that still lack an answer; inbreng in time that nobody split counts as one point, replaced inbreng as none."""
    gone = replaced(gegeven)
    whole = numbered(gegeven, punten)
    waiting = [whole[given.nr] for given in gegeven if given.nr in whole and given.telt and given.nr not in gone]
    return (*(punt.slug for punt in living(punten) if punt.inbreng not in gone and not is_answered(punt, punten)), *waiting)


def wrong_reference(punt: Punt, punten: Punten) -> str | None:
    """Why a point cannot say the same as the one that it names, as a Dutch sentence; None when it can."""
    naam = punt.gelijkluidend
    same = punten.get(naam or "")
    if naam is None or (same is not None and same.oordeel is not None and not same.vervallen and naam != punt.slug):
        return None
    start = f"Punt {punt.slug} verwijst naar"
    if naam == punt.slug:
        return f"{start} zichzelf; noem bij 'gelijkluidend' een ander punt, of geef een eigen antwoord."
    if same is None:
        return f"{start} '{naam[:80]}', maar dat punt is er niet."
    if same.vervallen:
        return f"{start} {naam}, maar dat punt is vervallen."
    ring = [punt.slug]
    while same is not None and same.gelijkluidend is not None and same.slug not in ring:
        ring.append(same.slug)
        same = punten.get(same.gelijkluidend)
    if same is not None and same.slug == punt.slug:
        return f"{start} zichzelf, in een kring ({', '.join([*ring, punt.slug])}); geef een van deze punten zelf een antwoord."
    if len(ring) > 1:
        return f"{start} {naam}, maar dat verwijst zelf naar {punten[naam].gelijkluidend}; verwijs naar het punt met het antwoord."
    return f"{start} {naam}, maar dat punt heeft zelf geen antwoord."


def is_answered(punt: Punt, punten: Punten) -> bool:
    """Whether a point has an answer of its own or that of the point that says the same."""
    same = punten.get(punt.gelijkluidend or "")
    return punt.oordeel is not None or (same is not None and same.oordeel is not None and not same.vervallen)
