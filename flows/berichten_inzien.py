"""Berichten as the secretariat looks back at them: who was told what, and why somebody did or did not get a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.settings import Modus
from dossiers import adressen, journal, outbox, stelsels
from dossiers.afmeldingen import signed_off
from dossiers.database import reading
from dossiers.geschiedenis import geschiedenis
from dossiers.grootboek import Boeking, boekingen, in_mail
from dossiers.outbox import GEEN_DOSSIER, Status
from flows import ontvangers
from flows.house import House
from notifications.kijk import OF_A_PLAN, Kijk
from notifications.verzendtijd import verzendtijd
from notifications.waarom import Oorzaak, Rondom, follows, waarom
from notifications.waarom_niet import Wie, waarom_niet, zonder_dossier
from statemachines.berichten import LEDEN, Aanleiding, Berichtsoort, kind, known_kinds
from statemachines.dossier import Dossier, replay
from statemachines.errors import UnknownSlug, Unusable
from statemachines.facts import Kring
from statemachines.gepland import STAPPEN
from statemachines.journal import in_force
from statemachines.stelsel import Stelsel

_FIRST = (Aanleiding.RONDE_GEPLAND, Aanleiding.RONDE_GEOPEND, Aanleiding.RONDE_ZONDER_REACTIE, Aanleiding.BESLOTEN)
"""What a council hears of a dossier when nothing changes."""
_OF_NO_ENTRY = (Aanleiding.ELKE_WEEK, Aanleiding.ELKE_MAAND, Aanleiding.WACHT_OP_VRIJGAVE, Aanleiding.ONBESTELBAAR)
_HOW = "schrijf DOSSIER/SOORT/ONTVANGER, met eventueel /VERSIE, zoals 'kader bericht lijst' ze noemt; of geef --dossier en --raad"


@dataclass(frozen=True)
class Verklaring:
    """Why one recipient got a bericht, or (without ``bericht`` and ``status``) why it did not; ``zinnen`` in Dutch, in order."""

    bericht: str | None
    soort: str
    ontvanger: str
    status: Status | None
    zinnen: tuple[str, ...]


@dataclass(frozen=True)
class _Blik:
    """All that is known of one dossier (None for what is about none) on one day."""

    house: House
    connection: Connection
    op: date
    feiten: Stelsel
    kijk: Kijk | None
    oorzaken: dict[int, Oorzaak]
    af: frozenset[tuple[str, str]]


def lijst(
    connection: Connection,
    house: House,
    dossier: str | None,
    raad: str | None,
    soort: str | None,
    ontvanger: str | None,
    status: Status | None,
) -> Iterator[Boeking]:
    """What was told, streamed, the oldest first; ``raad`` is a deelnemer or one of its organs. Raises UnknownSlug."""
    if dossier != GEEN_DOSSIER:
        journal.require(connection, house.stelsel, dossier)
    wie = None if ontvanger is None else {ontvanger}
    if raad is not None:
        of_raad = set(recipients_of(stelsels.current(connection, house.stelsel, date.max), raad))
        wie = of_raad if wie is None else of_raad & wie
    return boekingen(connection, house.stelsel, dossier, soort, wie, status)


def require_filters(house: House, soort: str | None, ontvanger: str | None) -> None:
    """Refuses a kind or recipient that does not exist: nothing found must not look like nothing told. Raises UnknownSlug."""
    with reading(house.engine) as connection:
        feiten = stelsels.current(connection, house.stelsel, date.max)
    if soort is not None and kind(feiten, soort) is None:
        raise _no_kind(feiten, soort)
    if ontvanger is not None:
        ontvangers.require(feiten, ontvanger)


def _no_kind(feiten: Stelsel, soort: str) -> UnknownSlug:
    return UnknownSlug(f"Er is geen soort bericht '{soort[:80]}'; wel: {', '.join(s.slug for s in known_kinds(feiten))}.")


def recipients_of(feiten: Stelsel, raad: str) -> list[str]:
    """Who hears for a deelnemer, named by its slug or by one of its organs: its griffie, the adviser of its college, its members."""
    organen = {kring: orgaan for kring in Kring if (orgaan := feiten.orgaan_van(raad, kring)) is not None}
    if not organen:
        deelnemer = next((d.slug for d in feiten.deelnemers for k in Kring if (o := feiten.orgaan_van(d.slug, k)) and o.slug == raad), None)
        if deelnemer is None:
            known = ", ".join(d.slug for d in feiten.deelnemers)
            raise UnknownSlug(f"Er is geen raad of deelnemer '{raad[:80]}' in het stelsel {feiten.kop.slug}; wel: {known}.")
        return recipients_of(feiten, deelnemer)
    found = [orgaan.ontvanger.slug for orgaan in organen.values()]
    return list(dict.fromkeys([*found, *([feiten.leden(organen[Kring.RADEN_STATEN].slug).slug] if Kring.RADEN_STATEN in organen else [])]))


def explained(house: House, sleutel: str, op: date) -> Verklaring:
    """Why the bericht with this key was made and what came of it, or why there is none. Raises Unusable and UnknownSlug."""
    slug, soort, ontvanger, versie = _read(sleutel)
    with reading(house.engine) as connection:
        blik = _blik(connection, house, slug, op)
        every = list(boekingen(connection, house.stelsel, slug, None, {ontvanger}))
        rows = [b for b in every if b.key.soort == soort]
        known = kind(blik.feiten, soort)
        if rows:
            return _present(blik, _chosen(rows, versie), every)
        if known is None:
            raise _no_kind(blik.feiten, soort)
        ontvangers.require(blik.feiten, ontvanger)
        return _absent(blik, known, ontvanger)


def explained_for(house: House, slug: str, raad: str, op: date) -> list[Verklaring]:
    """What everybody of one deelnemer did and did not get about a dossier, and why; by recipient. Raises UnknownSlug."""
    with reading(house.engine) as connection:
        blik = _blik(connection, house, slug, op)
        return [verklaring for wie in recipients_of(blik.feiten, raad) for verklaring in _all_of(blik, slug, wie)]


def _chosen(rows: Sequence[Boeking], versie: int | None) -> Boeking:
    """The last one, or that of a versie."""
    if versie is None:
        return rows[-1]
    found = next((b for b in rows if b.key.datumversie == versie), None)
    if found is None:
        known = ", ".join(b.bericht for b in rows)
        raise UnknownSlug(f"Er is geen bericht met versie {versie}; wel: {known}.")
    return found


def _all_of(blik: _Blik, slug: str, ontvanger: str) -> Iterator[Verklaring]:
    rows = list(boekingen(blik.connection, blik.house.stelsel, slug, None, {ontvanger}))
    if ontvanger.startswith(f"{LEDEN}-") and not rows:
        for soort in known_kinds(blik.feiten):
            if LEDEN in soort.wie:
                yield _absent(blik, soort, ontvanger)
        return
    for soort in known_kinds(blik.feiten):
        mine = [b for b in rows if b.key.soort == soort.slug]
        yield from (_present(blik, b, rows) for b in mine)
        if not mine and soort.bij in _FIRST:
            yield _absent(blik, soort, ontvanger)
    gone = {b.key.soort for b in rows} - {soort.slug for soort in known_kinds(blik.feiten)}
    yield from (_present(blik, b, rows) for b in rows if b.key.soort in gone)


def _read(sleutel: str) -> tuple[str, str, str, int | None]:
    parts = sleutel.strip().split("/")
    if len(parts) not in (3, 4) or not all(parts) or (len(parts) == 4 and not (parts[3].isascii() and parts[3].isdecimal())):
        raise Unusable(f"'{sleutel[:120]}' noemt geen bericht; {_HOW}.")
    return parts[0], parts[1], parts[2], int(parts[3][:18]) if len(parts) == 4 else None


def _blik(connection: Connection, house: House, slug: str, op: date) -> _Blik:
    dossier: Dossier | None = None
    oorzaken: dict[int, Oorzaak] = {}
    if slug != GEEN_DOSSIER:
        dossier, oorzaken = _told_by_the_journal(connection, house.stelsel, slug)
    feiten = stelsels.current(connection, house.stelsel, op if dossier is None else max(op, dossier.geopend))
    kijk = None
    if dossier is not None:
        live = [row for row in outbox.told(connection, house.stelsel, slug) if row.status is not Status.INGETROKKEN]
        kijk = Kijk(dossier, op, live, feiten)
    return _Blik(house, connection, op, feiten, kijk, oorzaken, signed_off(connection, house.stelsel))


def _told_by_the_journal(connection: Connection, stelsel: str, slug: str) -> tuple[Dossier, dict[int, Oorzaak]]:
    """The dossier, and every entry as a sentence; what people wrote with it stays out."""
    entries = in_force(journal.read(connection, stelsel, slug))
    dossier = replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))
    told = geschiedenis(dossier, entries, {entry.nr: () for entry in entries}, _NoTexts())
    return dossier, {g.nr: Oorzaak(g.nr, g.datum, g.zin, g.door, g.herroepen) for g in told}


class _NoTexts(dict[str, str]):
    """In the place of texts that are not shown."""

    def __missing__(self, ident: str) -> str:
        return ""


def _present(blik: _Blik, boeking: Boeking, others: Sequence[Boeking]) -> Verklaring:
    soort, moment = kind(blik.feiten, boeking.key.soort), blik.house.now()
    oorzaak = None if soort is not None and soort.bij in _OF_NO_ENTRY else _cause(blik, boeking)
    mail = in_mail(blik.connection, blik.house.stelsel, boeking.mail) if boeking.mail is not None else []
    rondom = Rondom(
        moment=moment,
        oorzaak=oorzaak,
        samen=tuple(b.bericht for b in mail if b.key != boeking.key),
        gevolgd=tuple(b for b in others if follows(b, boeking)),
        geen_adres=_no_address(blik, boeking.key.ontvanger),
        gesloten=verzendtijd(blik.feiten).why_not(moment) or "",
    )
    zinnen = waarom(boeking, soort, rondom)
    if boeking.status is Status.INGETROKKEN and not rondom.gevolgd and soort is not None:
        zinnen += [f"Nu geldt: {zin}" for zin in _reasons(blik, soort, boeking.key.ontvanger)]
    return Verklaring(boeking.bericht, boeking.key.soort, boeking.key.ontvanger, boeking.status, tuple(zinnen))


def _cause(blik: _Blik, boeking: Boeking) -> Oorzaak | None:
    """The entry that a versie names; that of a plan names a stap too."""
    versie = boeking.key.datumversie
    return blik.oorzaken.get(versie // STAPPEN if boeking.key.soort in OF_A_PLAN and versie >= STAPPEN else versie)


def _absent(blik: _Blik, soort: Berichtsoort, ontvanger: str) -> Verklaring:
    return Verklaring(None, soort.slug, ontvanger, None, tuple(_reasons(blik, soort, ontvanger)))


def _reasons(blik: _Blik, soort: Berichtsoort, ontvanger: str) -> list[str]:
    wie = Wie(ontvanger, (ontvanger, soort.slug) in blik.af, _no_address(blik, ontvanger))
    return zonder_dossier(blik.feiten, soort, wie) if blik.kijk is None else waarom_niet(blik.kijk, soort, wie)


def _no_address(blik: _Blik, ontvanger: str) -> str:
    """In Dutch why no mail can go to a recipient; who is told through a channel of its own needs no address."""
    post = blik.house.settings.post
    if post.modus is Modus.ECHT and ontvanger in dict(post.kanalen):
        return ""
    return adressen.usable(blik.connection, blik.house.stelsel, ontvanger, post.modus is Modus.ECHT)[1]
