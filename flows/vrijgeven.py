"""Giving messages free: what waits, for whom, how it reads, who is missing and when it goes; and then giving it free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby

from sqlalchemy import Connection

from config.settings import Modus
from dossiers import adressen, journal, outbox, stand, stelsels, vrijgave
from dossiers.database import lock, reading, writing
from dossiers.outbox import GEEN_DOSSIER
from dossiers.vrijgave import Vrijgave, Wachtend
from flows.house import AMSTERDAM, House
from flows.periodiek import withdraw_settled
from flows.use_cases import Actor, advance, tell
from notifications.buiten_gehoor import left_out
from notifications.gehoor import Hoedanigheid
from notifications.kijk import OF_A_MOMENT
from notifications.verzamelen import Mail, NotMade, made
from notifications.verzendtijd import verzendtijd
from statemachines.berichten import Tempo, kind, known_kinds
from statemachines.errors import JournalMovedOn, Refused, Unusable
from statemachines.kalender import written
from statemachines.stelsel import Stelsel

DEMO = "demo"
"""The demo gives free by itself; anybody else is a role of the facts."""
CODE = 8
"""How long the code of a list is, in tekens."""


@dataclass(frozen=True)
class Aantal:
    """How many messages of one kind wait."""

    soort: str
    naam: str
    aantal: int


@dataclass(frozen=True)
class Regel:
    """One message that waits; ``akkoord_door`` is the role that agreed with it first, None while nobody did."""

    bericht: str
    soort: str
    dossier: str
    ontvanger: str
    naam: str
    akkoord_door: str | None


@dataclass(frozen=True)
class Voorbeeld:
    """One of the messages as its recipient will read it."""

    naam: str
    onderwerp: str
    tekst: str


@dataclass(frozen=True)
class Gemiste:
    """A recipient that will not hear it, and in Dutch why; the reason never holds an address."""

    dossier: str
    ontvanger: str
    naam: str
    waarom: str


@dataclass(frozen=True)
class Klaarstaand:
    """What waits for a person.

    ``ontbreekt`` are recipients of these messages whom no mail can reach, ``hoort_niet`` those of the open rondes for whom there is no
    message. ``gaat`` is the first moment (UTC) at which it can go, ``verzending`` says so in Dutch. ``gezien`` is the code of this list.
    """

    aantal: int
    soorten: tuple[Aantal, ...]
    berichten: tuple[Regel, ...]
    voorbeeld: Voorbeeld | None
    ontbreekt: tuple[Gemiste, ...]
    hoort_niet: tuple[Gemiste, ...]
    gaat: str
    verzending: str
    tweede_persoon: bool
    gezien: str


def look(house: House, op: date, dossier: str | None = None, soort: str | None = None) -> Klaarstaand:
    """What waits on the day ``op``, of one dossier or kind when that is named. Raises UnknownSlug, Unusable for a kind that is none."""
    with reading(house.engine) as connection:
        feiten, here = _chosen(connection, house, op, dossier, soort)
        slugs = dict.fromkeys([w.key.slug for w in here if soort is None or soort in OF_A_MOMENT] + ([dossier] if dossier else []))
        soorten = Counter(w.key.soort for w in here)
        now = house.now()
        opening = now if feiten is None else verzendtijd(feiten).next_opening(now)
        return Klaarstaand(
            aantal=len(here),
            soorten=tuple(Aantal(slug, _kind_name(feiten, slug), aantal) for slug, aantal in sorted(soorten.items())),
            berichten=tuple(Regel(str(w.key), w.key.soort, w.key.slug, w.key.ontvanger, _name(w), w.akkoord_door) for w in here),
            voorbeeld=_example(connection, house, here) if here else None,
            ontbreekt=tuple(_unreachable(connection, house, here)),
            hoort_niet=tuple(_not_hearing(connection, house, feiten, op, slugs)) if feiten is not None else (),
            gaat=opening.isoformat(),
            verzending=_when(feiten, now, opening, soorten),
            tweede_persoon=_by_two(feiten),
            gezien=seen_code(here),
        )


def release(house: House, actor: Actor, dossier: str | None, soort: str | None, gezien: str | None = None) -> Vrijgave:
    """Gives the waiting messages free, after a person has seen number, list and preview.

    What is not true any more on this day is withdrawn first, and what nobody has seen yet keeps waiting. With ``gezien``, the code of
    the list that was seen, another list is refused. When the facts ask for two persons, a first role agrees and another gives free.
    A dossier that cannot go on stops no other, and is named by the Refused at the end.
    """
    with reading(house.engine) as connection:
        feiten, here = _chosen(connection, house, actor.op, dossier, soort)
    if gezien is not None and gezien != seen_code(here):
        raise JournalMovedOn(
            f"Sinds u keek is de lijst veranderd: nu {_stand(len(here))} klaar. Kijk opnieuw, en geef vrij met het nieuwe kenmerk."
        )
    twee = _by_two(feiten)
    if feiten is not None and actor.via != DEMO:
        feiten.ontvanger_van_rol(actor.door)
    if twee and feiten is not None:
        _require_another(feiten, actor.door, here)
    done, stuck = Vrijgave(0, 0), []
    for slug, group in groupby(sorted(here, key=lambda w: w.key.slug), key=lambda w: w.key.slug):
        try:
            with writing(house.engine) as connection:
                lock(connection, house.stelsel, slug)
                if slug != GEEN_DOSSIER:
                    current, lapsed = advance(connection, house, slug, actor.via, actor.op)
                    tell(connection, house, current, actor.op)
                    if lapsed is not None:
                        stand.project(connection, current)
                keys = [w.key for w in group]
                done += vrijgave.give_free(connection, house.stelsel, slug, keys, actor.door, house.moment(), twee)
        except Refused as refusal:
            stuck.append(f"{slug}: {refusal}")
    if feiten is not None and done.vrijgegeven:
        withdraw_settled(house, feiten)
    if stuck:
        raise Refused(f"{said(done)} Niet elk dossier kon verder. {' '.join(stuck)}")
    return done


def said(done: Vrijgave) -> str:
    """What was given free and what was agreed with, as people read it."""
    given = f"{_berichten(done.vrijgegeven)} vrijgegeven."
    if not done.akkoord:
        return given
    agreed = f"Uw akkoord met {_berichten(done.akkoord)} is vastgelegd; een tweede, andere rol geeft ze vrij."
    return f"{given} {agreed}" if done.vrijgegeven else agreed


def seen_code(waiting: Iterable[Wachtend]) -> str:
    """A short code that differs for every other list of messages."""
    return sha256("\n".join(sorted(str(w.key) for w in waiting)).encode()).hexdigest()[:CODE]


def _chosen(
    connection: Connection, house: House, op: date, dossier: str | None, soort: str | None
) -> tuple[Stelsel | None, list[Wachtend]]:
    """The facts of this day (None before any were accepted), and what waits."""
    journal.require(connection, house.stelsel, dossier)
    digests = (stelsels.current_digest(connection, house.stelsel, day) for day in (op, date.max))
    digest = next((found for found in digests if found is not None), None)
    feiten = None if digest is None else stelsels.by_digest(connection, house.stelsel, digest)
    here = vrijgave.waiting(connection, house.stelsel, dossier, soort)
    known = [] if feiten is None else [known.slug for known in known_kinds(feiten) if known.vrijgave]
    if soort is not None and feiten is not None and not here and kind(feiten, soort) is None:
        raise Unusable(f"Er is geen soort bericht '{soort[:80]}'; op vrijgave wachten: {', '.join(known)}.")
    return feiten, here


def _by_two(feiten: Stelsel | None) -> bool:
    return feiten is not None and feiten.verzending is not None and feiten.verzending.tweede_persoon


def _require_another(feiten: Stelsel, door: str, here: Sequence[Wachtend]) -> None:
    """Raises Unusable for who agreed with all of it already."""
    if here and all(w.akkoord_door == door for w in here):
        raise Unusable(f"{door} ging al akkoord met {_deze(len(here))}; een tweede, andere rol moet vrijgeven.")


def _name(waiting: Wachtend) -> str:
    return str(waiting.bericht.context["ontvanger_naam"])


def _kind_name(feiten: Stelsel | None, slug: str) -> str:
    soort = None if feiten is None else kind(feiten, slug)
    return slug if soort is None else soort.naam


def _example(connection: Connection, house: House, here: Sequence[Wachtend]) -> Voorbeeld:
    """What a contact that is asked will read; without such a contact the first of the messages."""
    waiting = next((w for w in here if w.bericht.context.get("als") == Hoedanigheid.CONTACT), here[0])
    try:
        rendered = made(connection, house.stelsel, Mail((waiting.bericht,)))
    except NotMade as error:
        # It must not hide the list from who has to judge it.
        return Voorbeeld(_name(waiting), "", f"Dit bericht is niet te maken ({error.fout}). Geef het niet vrij.")
    return Voorbeeld(_name(waiting), rendered.onderwerp, rendered.tekst)


def _unreachable(connection: Connection, house: House, here: Sequence[Wachtend]) -> Iterator[Gemiste]:
    """Recipients of these messages whom no mail can reach in this mode; who is told elsewhere than by mail can be reached."""
    post = house.settings.post
    echt = post.modus is Modus.ECHT
    elsewhere = post.kanalen if echt else {}
    known = {regel.ontvanger: regel for regel in adressen.everyone(connection, house.stelsel)}
    for wie, slug, naam in dict.fromkeys((w.key.ontvanger, w.key.slug, _name(w)) for w in here):
        waarom = "" if wie in elsewhere else adressen.why_not(known.get(wie), wie, echt)
        if waarom:
            yield Gemiste(slug, wie, naam, waarom)


def _not_hearing(connection: Connection, house: House, feiten: Stelsel, op: date, slugs: Iterable[str]) -> Iterator[Gemiste]:
    for slug in slugs:
        if slug != GEEN_DOSSIER:
            dossier = stand.load(connection, house.stelsel, slug)
            for wie, waarom in left_out(dossier, op, outbox.told(connection, house.stelsel, slug), feiten):
                yield Gemiste(slug, wie.slug, wie.naam, waarom)


def _when(feiten: Stelsel | None, now: datetime, opening: datetime, soorten: Iterable[str]) -> str:
    """When what is given free now goes out, in Dutch."""
    local = opening.astimezone(AMSTERDAM)
    moment = f"op {written(local.date())}, vanaf {local.hour}:{local.minute:02d} uur"
    zin = "Wat u nu vrijgeeft, gaat meteen mee met de volgende bezorging." if opening == now else f"Wat u nu vrijgeeft, gaat {moment}."
    kinds = [] if feiten is None else [soort for slug in soorten if (soort := kind(feiten, slug)) is not None]
    joined = [soort.naam for soort in kinds if soort.tempo is Tempo.VERZAMELD]
    if joined:
        zin += f" Wie die dag al een mail kreeg, krijgt {' en '.join(sorted(joined))} de volgende werkdag."
    return zin


def _berichten(aantal: int) -> str:
    return "1 bericht" if aantal == 1 else f"{aantal} berichten"


def _stand(aantal: int) -> str:
    return f"{'staat' if aantal == 1 else 'staan'} {'er geen berichten' if not aantal else _berichten(aantal)}"


def _deze(aantal: int) -> str:
    return "dit bericht" if aantal == 1 else f"deze {aantal} berichten"
