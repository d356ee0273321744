"""A calendar that was read from a file, as a proposal: whether it can be, and what it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from config.agenda import Agenda
from config.checking import without_work
from statemachines.errors import UnknownSlug, Unusable
from statemachines.facts import Deelnemer, Raadskalender, Schakelsoort, Status, Vergadering, Vergaderkalender
from statemachines.kalender import DAY, enumerated, written
from statemachines.stelsel import Stelsel

Kalender = TypeVar("Kalender", Vergaderkalender, Raadskalender)
MOST_NAMED = 10


@dataclass(frozen=True)
class Bevestiging:
    """Which role said that these days are right, and on which day."""

    door: str
    op: date


@dataclass(frozen=True)
class Voorstel:
    """All vergaderingen of a gremium, or of one schakel of a deelnemer, from ``vanaf`` up to and including ``tot_en_met``.

    ``soort`` is None for a gremium; of a deelnemer somebody always confirmed it. ``vrij`` are the days in the weekend or on a
    feestdag that somebody means all the same.
    """

    van: str
    soort: Schakelsoort | None
    vanaf: date
    tot_en_met: date
    dagen: tuple[date, ...]
    bron: str
    bevestigd: Bevestiging | None
    vrij: frozenset[date] = frozenset()

    @property
    def wie(self) -> dict[str, str]:
        """The keys by which a calendar of this gremium or schakel is known."""
        return {"gremium": self.van} if self.soort is None else {"deelnemer": self.van, "soort": self.soort.value}

    def overlaps(self, kalender: Vergaderkalender | Raadskalender) -> bool:
        """Whether a calendar has a day in the period."""
        return kalender.vanaf <= self.tot_en_met and self.vanaf <= kalender.tot_en_met

    def covers(self, day: date) -> bool:
        """Whether a day lies in the period."""
        return self.vanaf <= day <= self.tot_en_met


@dataclass(frozen=True)
class Verschil:
    """The days in the period that come, that go and that stay, each sorted."""

    nieuw: tuple[date, ...]
    vervalt: tuple[date, ...]
    blijft: tuple[date, ...]


@dataclass(frozen=True)
class Rest:
    """What stays of a calendar outside the period; ``welke`` are positions in its vergaderingen."""

    vanaf: date
    tot_en_met: date
    welke: tuple[int, ...]


def propose(
    stelsel: Stelsel, agenda: Agenda, van: str, soort: Schakelsoort | None, bron: str, bevestigd: Bevestiging | None, ook_vrij: bool
) -> Voorstel:
    """What the agenda proposes for a gremium (``soort`` None) or a schakel of a deelnemer.

    Raises UnknownSlug for a gremium, deelnemer or role that does not exist, and Unusable for days without work (unless
    ``ook_vrij``) and days that the calendar of the stelsel does not know.
    """
    if soort is None:
        stelsel.gremium(van)
        if bevestigd is not None:
            stelsel.ontvanger_van_rol(bevestigd.door)
    elif bevestigd is not None:
        _refuse_stranger(stelsel, _deelnemer(stelsel, van), bevestigd.door)
    werk = stelsel.werkkalender
    if not (werk.knows(agenda.vanaf) and werk.knows(agenda.tot_en_met)):
        periode = f"van {written(agenda.vanaf)} tot en met {written(agenda.tot_en_met)}"
        raise Unusable(f"De periode {periode} kan niet: {werk.onbekend()}; kies een kortere met --vanaf en --tot-en-met.")
    vrij = {day: naam for day in agenda.dagen if (naam := without_work(day, werk))}
    if vrij and not ook_vrij:
        _refuse_days_without_work(vrij)
    return Voorstel(van, soort, agenda.vanaf, agenda.tot_en_met, agenda.dagen, bron, bevestigd, frozenset(vrij))


def _deelnemer(stelsel: Stelsel, slug: str) -> Deelnemer:
    known = {deelnemer.slug: deelnemer for deelnemer in stelsel.deelnemers}
    if slug in known:
        return known[slug]
    near = get_close_matches(slug, known, n=1)
    wel = f"bedoelde u '{near[0]}'?" if near else f"wel: {', '.join(known)}."
    raise UnknownSlug(f"Er is geen deelnemer '{slug}' in het stelsel {stelsel.kop.slug}; {wel}")


def _refuse_stranger(stelsel: Stelsel, deelnemer: Deelnemer, door: str) -> None:
    organen = next(soort for soort in stelsel.soorten if soort.slug == deelnemer.soort).organen
    contacts = sorted({f"{vorm.contact}-{deelnemer.slug}" for vorm in organen.values()})
    if door not in contacts and door not in {rol.slug for rol in stelsel.rollen}:
        wel = f"wel kan: {', '.join(contacts)}, of een rol als {stelsel.rollen[0].slug}" if stelsel.rollen else enumerated(contacts)
        raise UnknownSlug(f"'{door}' is geen contact van {deelnemer.naam} en geen rol; {wel}.")


def _refuse_days_without_work(vrij: Mapping[date, str]) -> None:
    days = [f"{written(day)} ({naam})" for day, naam in vrij.items()]
    more = len(days) - MOST_NAMED
    named = days[:MOST_NAMED] + ([f"nog {more}"] if more > 0 else [])
    raise Unusable(f"In het weekend of op een feestdag wordt niet vergaderd: {enumerated(named)}; met --ook-vrij mag het toch.")


def name_of(stelsel: Stelsel, voorstel: Voorstel) -> str:
    """How the gremium or deelnemer is called."""
    named = stelsel.gremia if voorstel.soort is None else stelsel.deelnemers
    return next(found.naam for found in named if found.slug == voorstel.van)


def of_voorstel(voorstel: Voorstel, kalender: Vergaderkalender | Raadskalender) -> bool:
    """Whether a calendar is one of the same gremium or schakel."""
    return all(getattr(kalender, key, None) == value for key, value in voorstel.wie.items())


def known_days(stelsel: Stelsel, voorstel: Voorstel) -> dict[date, Vergadering]:
    """The vergaderingen that the stelsel has in the period now."""
    kalenders = stelsel.kalenders if voorstel.soort is None else stelsel.raadskalenders
    own = [kalender for kalender in kalenders if of_voorstel(voorstel, kalender)]
    return {v.datum: v for kalender in own for v in kalender.vergaderingen if voorstel.covers(v.datum)}


def difference(stelsel: Stelsel, voorstel: Voorstel) -> Verschil:
    """What the voorstel changes."""
    now, then = set(known_days(stelsel, voorstel)), set(voorstel.dagen)
    return Verschil(tuple(sorted(then - now)), tuple(sorted(now - then)), tuple(sorted(now & then)))


def rests(kalender: Vergaderkalender | Raadskalender, voorstel: Voorstel) -> Iterator[Rest]:
    """What stays of a calendar that overlaps: a run before the period, one after it, or nothing.

    A run of found days (``volledig: false``) in which no day is left says nothing, so it goes.
    """
    days = [vergadering.datum for vergadering in kalender.vergaderingen]
    before = (kalender.vanaf, min(kalender.tot_en_met, voorstel.vanaf - DAY))
    after = (max(kalender.vanaf, voorstel.tot_en_met + DAY), kalender.tot_en_met)
    for first, last in (before, after):
        welke = tuple(i for i, day in enumerate(days) if first <= day <= last)
        if first <= last and (kalender.volledig or welke):
            yield Rest(first, last, welke)


def facts_of(stelsel: Stelsel, voorstel: Voorstel) -> dict[str, Any]:
    """The new calendar as it is written down; of a day that stays, soort and aanleverdatum stay too."""
    known = known_days(stelsel, voorstel)
    bevestigd = voorstel.bevestigd
    return {
        **voorstel.wie,
        "vanaf": voorstel.vanaf,
        "tot_en_met": voorstel.tot_en_met,
        "volledig": True,
        **({} if bevestigd is None else {"bevestigd_door": bevestigd.door, "bevestigd_op": bevestigd.op}),
        "bron": voorstel.bron,
        "status": Status.BRON.value,
        "vergaderingen": [_row(known.get(day), day, voorstel) for day in voorstel.dagen],
    }


def _row(known: Vergadering | None, day: date, voorstel: Voorstel) -> dict[str, Any]:
    row: dict[str, Any] = {"datum": day} if known is None else known.model_dump(exclude_unset=True)
    return row | {"ook_vrij": True} if day in voorstel.vrij else row


def proposed(stelsel: Stelsel, voorstel: Voorstel) -> Stelsel:
    """The stelsel as it would be with the voorstel: what it had in the period is replaced."""
    facts = facts_of(stelsel, voorstel)
    if voorstel.soort is None:
        kalenders = (*_outside(stelsel.kalenders, voorstel), Vergaderkalender.model_validate(facts))
        return stelsel.model_copy(update={"kalenders": kalenders})
    raadskalenders = (*_outside(stelsel.raadskalenders, voorstel), Raadskalender.model_validate(facts))
    return stelsel.model_copy(update={"raadskalenders": raadskalenders})


def _outside(kalenders: tuple[Kalender, ...], voorstel: Voorstel) -> Iterator[Kalender]:
    for kalender in kalenders:
        if not (of_voorstel(voorstel, kalender) and voorstel.overlaps(kalender)):
            yield kalender
            continue
        for rest in rests(kalender, voorstel):
            left = tuple(kalender.vergaderingen[i] for i in rest.welke)
            yield kalender.model_copy(update={"vanaf": rest.vanaf, "tot_en_met": rest.tot_en_met, "vergaderingen": left})
