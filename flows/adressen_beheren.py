"""Addresses of recipients as the secretariat keeps them: given, confirmed, ended, undeliverable, erased; and who signed off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from config.checking import MAILADRES
from dossiers import adressen, afmeldingen, stelsels
from dossiers.adressen import Adresregel, Adresstatus
from dossiers.database import lock, reading, writing
from flows import ontvangers
from flows.adressen_inzien import facts_with
from flows.gezegd import clean
from flows.house import AMSTERDAM, House
from flows.use_cases import Actor
from notifications.bezorgrapport import Bezorgmelding, read_report
from statemachines.berichten import kind, known_kinds, mag_uit
from statemachines.errors import NotCorrectable, UnknownSlug, Unusable

LONGEST_NOTE = 500
LONGEST_ADDRESS = 254
"""RFC 5321, 4.5.3.1.3, without the signs around it."""


@dataclass(frozen=True)
class Uitslag:
    """What was done with one recipient of a delivery report; ``ontvangers`` are those that were marked onbestelbaar."""

    ontvangers: tuple[str, ...]
    zin: str


def give(house: House, actor: Actor, ontvanger: str, adres: str, notitie: str) -> Adresregel:
    """Keeps an address that somebody gave; it must be confirmed before real mail goes there."""
    adres = adres.strip()
    if len(adres) > LONGEST_ADDRESS or not MAILADRES.fullmatch(adres):
        raise Unusable("Dit is geen mailadres; geef een enkel adres zonder naam ervoor, zoals griffie@almere.example.")
    with _changing(house) as connection:
        ontvangers.require(stelsels.current(connection, house.stelsel, actor.op), ontvanger)
        now = adressen.current(connection, house.stelsel, ontvanger)
        if now is not None and now.in_use and now.adres == adres and now.status is not Adresstatus.VOORBEELD:
            raise NotCorrectable(f"{ontvanger} heeft dit adres al, met status {now.status.value}; er is niets veranderd.")
        return _keep(connection, house, actor, ontvanger, Adresstatus.OPGEGEVEN, adres, _note(notitie, "notitie"))


def confirm(house: House, actor: Actor, ontvanger: str, notitie: str) -> Adresregel:
    """The secretariat checked this address; ``notitie`` says how and with whom (a function, no name)."""
    with _changing(house) as connection:
        now = _in_use(connection, house, ontvanger, actor.op)
        if now.status is Adresstatus.VOORBEELD:
            raise NotCorrectable(f"Het adres van {ontvanger} is een voorbeeld; leg eerst met 'kader adres geef' het echte adres vast.")
        return _keep(connection, house, actor, ontvanger, Adresstatus.BEVESTIGD, now.adres, _note(notitie, "notitie"))


def end(house: House, actor: Actor, ontvanger: str, reden: str) -> Adresregel:
    """This address is not used any more."""
    with _changing(house) as connection:
        now = _in_use(connection, house, ontvanger, actor.op)
        return _keep(connection, house, actor, ontvanger, Adresstatus.BEEINDIGD, now.adres, _note(reden, "reden"))


def mark_undeliverable(house: House, actor: Actor, ontvanger: str, reden: str) -> Adresregel:
    """Mail to this address comes back."""
    with _changing(house) as connection:
        now = _in_use(connection, house, ontvanger, actor.op)
        return _keep(connection, house, actor, ontvanger, Adresstatus.ONBESTELBAAR, now.adres, _note(reden, "reden"))


def take_report(house: House, actor: Actor, raw: bytes) -> list[Uitslag]:
    """Marks the recipients onbestelbaar to whose address now used a delivery report says that mail failed for good.

    Raises Unusable for what is no delivery report; nothing is written then.
    """
    meldingen = read_report(raw)
    with _changing(house) as connection:
        return [_take(connection, house, actor, melding) for melding in meldingen]


def sign_off(house: House, actor: Actor, ontvanger: str, soort: str) -> bool:
    """Tells a recipient nothing more of one kind; False when that was so already. Raises NotCorrectable for a kind that stays on."""
    with _changing(house) as connection:
        feiten = stelsels.current(connection, house.stelsel, actor.op)
        ontvangers.require(feiten, ontvanger)
        if kind(feiten, soort) is None:
            possible = ", ".join(known.slug for known in known_kinds(feiten) if known.uit_te_zetten) or "geen enkele"
            raise UnknownSlug(f"Er is geen soort bericht '{soort[:80]}'; uit kan: {possible}.")
        if not mag_uit(feiten, soort):
            raise NotCorrectable(f"Berichten van de soort '{soort}' kunnen niet uit; geef met 'kader adres geef' een ander adres op.")
        return afmeldingen.sign_off(connection, house.stelsel, ontvanger, soort, actor.door, house.moment())


def sign_on(house: House, actor: Actor, ontvanger: str, soort: str) -> bool:
    """Tells a recipient of one kind again; False when it was not signed off."""
    with _changing(house) as connection:
        facts_with(connection, house, ontvanger, actor.op)
        return afmeldingen.sign_on(connection, house.stelsel, ontvanger, soort)


def erase(house: House, actor: Actor, voor: date) -> int:
    """Erases what ended or was replaced before this day in Amsterdam; gives the number of rows. The day must have been."""
    if voor > actor.op:
        raise Unusable(f"{voor:%d-%m-%Y} moet nog komen; wissen kan voor een dag tot en met {actor.op:%d-%m-%Y}.")
    with _changing(house) as connection:
        return adressen.erase_ended(connection, house.stelsel, _midnight(voor))


def erase_after_retention(house: House) -> int:
    """Erases what ended or was replaced longer ago than the facts of today allow; gives the number of rows. Without a term nothing."""
    with reading(house.engine) as connection:
        digest = stelsels.current_digest(connection, house.stelsel, house.today())
        verzending = stelsels.by_digest(connection, house.stelsel, digest).verzending if digest is not None else None
        before = house.now() - relativedelta(months=verzending.bewaar_maanden) if verzending is not None else None
        if before is None or not adressen.ended_before(connection, house.stelsel, before):
            return 0
    with _changing(house) as connection:
        return adressen.erase_ended(connection, house.stelsel, before)


def erasable(house: House, voor: date) -> int:
    """How many addresses would be erased for this day; writes nothing."""
    with reading(house.engine) as connection:
        return len(adressen.ended_before(connection, house.stelsel, _midnight(voor)))


@contextmanager
def _changing(house: House) -> Iterator[Connection]:
    """One transaction in which nobody else changes facts or addresses."""
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, "")
        yield connection


def _take(connection: Connection, house: House, actor: Actor, melding: Bezorgmelding) -> Uitslag:
    if not melding.permanent:
        actie = {"delayed": "is uitgesteld", "failed": "is mislukt"}.get(melding.actie, f"kreeg '{melding.actie[:20]}'")
        return Uitslag(
            (), f"Niets gemarkeerd: de bezorging {actie} ({melding.code or 'geen code'}); blijvend is alleen 'failed' met 5.x.x."
        )
    histories = adressen.history(connection, house.stelsel)
    held = {wie for wie, regels in histories.items() if any((r.adres or "").lower() in melding.adressen for r in regels)}
    if not held:
        return Uitslag((), "Niets gemarkeerd: het adres in dit rapport is van geen enkele ontvanger.")
    hit = [wie for wie in sorted(held) if histories[wie][-1].in_use and (histories[wie][-1].adres or "").lower() in melding.adressen]
    for wie in hit:
        _keep(connection, house, actor, wie, Adresstatus.ONBESTELBAAR, histories[wie][-1].adres, melding.waarom)
    if not hit:
        return Uitslag((), f"Niets gemarkeerd: {', '.join(sorted(held))} gebruikt dit adres niet meer.")
    return Uitslag(tuple(hit), f"{', '.join(hit)}: onbestelbaar. {melding.waarom}")


def _keep(
    connection: Connection, house: House, actor: Actor, ontvanger: str, status: Adresstatus, adres: str | None, notitie: str
) -> Adresregel:
    moment = house.moment()
    nr = adressen.add(connection, house.stelsel, ontvanger, status, adres, notitie, actor.door, moment)
    return Adresregel(ontvanger, nr, status, adres, notitie, actor.door, moment)


def _note(text: str, wat: str) -> str:
    """A note stays when the address is erased, so it may not hold one."""
    text = clean(text, wat, longest=LONGEST_NOTE)
    if "@" in text:
        raise Unusable(f"Noem in de {wat} geen mailadres: die blijft staan als het adres gewist wordt. Noem een functie, zoals 'griffier'.")
    return text


def _in_use(connection: Connection, house: House, ontvanger: str, op: date) -> Adresregel:
    facts_with(connection, house, ontvanger, op)
    now = adressen.current(connection, house.stelsel, ontvanger)
    if now is None or not now.in_use:
        stand = "nog geen adres" if now is None else f"geen adres in gebruik ({now.status.value})"
        raise NotCorrectable(f"{ontvanger} heeft {stand}; leg er eerst een vast met 'kader adres geef'.")
    return now


def _midnight(dag: date) -> datetime:
    """The moment at which this day begins in Amsterdam."""
    return datetime.combine(dag, time(), AMSTERDAM).astimezone(UTC)
