"""What people can do. Each use case is one transaction: lock, replay, decide, append, project, tell; or nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from dossiers import adressen as adressen_of
from dossiers import journal, outbox, stand, stelsels, teksten
from dossiers.database import lock, reading, writing
from flows.gezegd import Gezegd, Opgevolgd, clean, keep_gevolgen, keep_standpunten, keep_tekst
from flows.house import House
from flows.ongehoord import closed_unheard
from notifications.audience import difference
from notifications.kijk import OTHERWISE
from notifications.render import template_set
from statemachines.decide import Beslissing, decide_besluit, decide_inbreng, decide_open
from statemachines.dossier import Dossier, extended, replay
from statemachines.errors import AlreadyExists, JournalMovedOn, NotAsked, Refused, Unusable
from statemachines.facts import Adres
from statemachines.inbreng import ADVIEZEN, Inbreng, InbrengSoort
from statemachines.journal import GENESIS, Draft, Entry
from statemachines.kalender import written
from statemachines.payloads import Afwijking, BesluitBron
from statemachines.route import Antwoord, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.verloop import decide_due, due_day

SYSTEM = "systeem"


@dataclass(frozen=True)
class Actor:
    """Who does something, how, for which opdracht (a UUID: the same one never writes twice), looking from which day.

    ``verwacht`` is the number of the last entry that this person saw; None for who does not say.
    """

    door: str
    via: str
    opdracht: str
    op: date
    verwacht: int | None = None


@dataclass(frozen=True)
class Gedaan:
    """What a use case did: the entry, where the dossier stands now, and what must be told because of it.

    ``klaargezet`` messages wait for a person, ``vanzelf`` reminders go by themselves. ``let_op`` is what somebody must look at.
    """

    slug: str
    nr: int
    fase: str
    fase_naam: str
    zin: str
    klaargezet: int
    vanzelf: int
    herhaald: bool = False
    let_op: str = ""


def accept_facts(house: House, actor: Actor, feiten: Stelsel, adressen: tuple[Adres, ...], reden: str) -> int | None:
    """Takes over a set of facts for dossiers that open from today on; None when nothing changed but addresses."""
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, "")
        nr = stelsels.accept(connection, feiten, actor.op, actor.door, clean(reden, "reden"), house.moment())
        adressen_of.take_examples(connection, house.stelsel, adressen, actor.door, house.moment())
        return nr


def open_dossier(
    house: House, actor: Actor, slug: str, route: str, titel: str, datum: date, na: str | None = None, trekker: str | None = None
) -> Gedaan:
    """Puts a kaderdocument in routing under the facts accepted now.

    ``na`` is the dossier that comes first, ``trekker`` the role that carries the document.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 60:
        raise Unusable(
            f"'{slug[:80]}' kan geen naam van een dossier zijn; gebruik kleine letters, cijfers en streepjes, zoals voortgangsnota-2026."
        )
    titel = clean(titel, "titel", longest=200)
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, slug)
        if earlier := journal.written_by(connection, house.stelsel, actor.opdracht):
            return _again(connection, house, earlier)
        if journal.exists(connection, house.stelsel, slug):
            raise AlreadyExists(f"Dossier {slug} bestaat al; kies een andere naam of bekijk het met 'kader toon {slug}'.")
        stelsel = stelsels.current(connection, house.stelsel, datum)
        if any(known.slug == slug for known in stelsel.routes):
            raise Unusable(f"'{slug}' is de naam van een route; geef het dossier een eigen naam, zoals {slug}-{datum.year}.")
        eerst = None if na is None else stand.load(connection, house.stelsel, na)
        kept = teksten.keep_tekst(connection, house.stelsel, slug, titel)
        draft = decide_open(stelsel, route, kept, datum, actor.op, eerst=eerst, trekker=trekker)
        entry = _append(connection, house, actor, slug, draft, 1, GENESIS)
        return _finish(connection, house, actor, replay([entry], stelsel), entry)


def register_besluit(
    house: House,
    actor: Actor,
    slug: str,
    orgaan: str,
    uitkomst: Uitkomst,
    datum: date,
    *,
    bron: BesluitBron = BesluitBron.BESLUITENLIJST,
    reden: str | None = None,
    stap: str | None = None,
    afwijking: str | None = None,
    toegestaan_door: str | None = None,
    standpunten: Sequence[Gezegd] = (),
    adviezen: Sequence[Opgevolgd] = (),
) -> Gedaan:
    """Registers a besluit of a gremium, or of a deelnemer in a ronde of besluiten; an afwijking names who allowed it.

    ``standpunten`` are the minority positions, which anybody may read; ``adviezen`` say what was done with the advice that is in.
    """
    if (afwijking is None) != (toegestaan_door is None):
        raise Unusable("Geef bij een afwijking altijd allebei: de reden (--afwijking) en wie het toestond (--toegestaan-door).")

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        wie = deciding_organ(dossier, orgaan)
        exception = None
        if afwijking is not None and toegestaan_door is not None:
            dossier.stelsel.ontvanger_van_rol(toegestaan_door)
            exception = Afwijking(reden=keep_tekst(connection, house, slug, afwijking, "afwijking"), toegestaan_door=toegestaan_door)
        waarom = None if reden is None else keep_tekst(connection, house, slug, reden, "reden")
        kept = keep_standpunten(connection, house, slug, standpunten)
        followed = keep_gevolgen(connection, house, slug, adviezen)
        return decide_besluit(dossier, Beslissing(wie, uitkomst, datum, bron, waarom, stap, exception, kept, followed), actor.op)

    return write(house, actor, slug, decide)


def register_inbreng(
    house: House, actor: Actor, slug: str, van: str, inbreng: Inbreng, datum: date, *, tekst: str | None = None, indiener: str | None = None
) -> Gedaan:
    """Registers what is given in the ronde, or how far a deelnemer is; ``van`` is a deelnemer, one of its organs, or a deelregio.

    An advice is of a gremium, beside the besluit of the current stap.
    """

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        wie = None if indiener is None else teksten.keep_persoon(connection, house.stelsel, slug, clean(indiener, "indiener", longest=200))
        kept = None if tekst is None else keep_tekst(connection, house, slug, tekst, "tekst")
        given = inbreng.model_copy(update={"tekst": kept, "indiener": wie})
        return decide_inbreng(dossier, organ_of(dossier, van, inbreng.soort), given, datum, actor.op)

    return write(house, actor, slug, decide)


def daily_round(house: House, op: date, via: str, slugs: list[str] | None = None) -> Iterator[Gedaan]:
    """Does what is due on ``op``, a dossier at a time: lapses dated on their own day, then what must be told.

    Twice a day or after thirty days down is the same round. Yields each dossier for which something was written or told; a dossier
    that cannot go on stops no other, and is named by the Refused at the end.
    """
    if slugs is None:
        with reading(house.engine) as connection:
            slugs = list(stand.due_slugs(connection, house.stelsel, op))
    stuck: list[str] = []
    for slug in slugs:
        try:
            with writing(house.engine) as connection:
                lock(connection, house.stelsel, slug)
                dossier, lapsed = advance(connection, house, slug, via, op)
                let_op = "" if lapsed is None else closed_unheard(dossier, lapsed, outbox.told(connection, house.stelsel, slug))
                told = tell(connection, house, dossier, op, is_ronde=True)
                if lapsed is not None:
                    stand.project(connection, dossier)
        except Refused as refusal:
            stuck.append(f"{slug}: {refusal}")
            continue
        if lapsed is not None or any(told):
            yield Gedaan(slug, dossier.nr, dossier.fase, dossier.route.naam_van(dossier.fase), sentence(dossier), *told, let_op=let_op)
    if stuck:
        raise Refused(f"Niet elk dossier kon verder; de andere wel. {' '.join(stuck)}")


def rebuild(house: House) -> int:
    """Makes the projection again from the journal, a dossier at a time; gives their number.

    What the projection says of a dossier without a journal stays: it is the only trace that something is gone.
    """
    with reading(house.engine) as connection:
        known = stand.slugs(connection, house.stelsel)
    for slug in known:
        with writing(house.engine) as connection:
            lock(connection, house.stelsel, slug)
            stand.project(connection, stand.load(connection, house.stelsel, slug))
    return len(known)


def sentence(dossier: Dossier) -> str:
    """Where a dossier stands, as people say it."""
    naam = dossier.route.naam_van(dossier.fase)
    if dossier.ended:
        return f"afgesloten: {naam}"
    ronde = dossier.open_ronde
    if ronde is not None:
        return f"staat bij '{naam}', reageren kan tot en met {written(ronde.tot_en_met)}"
    zitting = dossier.opening.zitting if dossier.opening else None
    if zitting is None or zitting.vergadering is None:
        return f"staat bij '{naam}', datum onbekend"
    return f"staat bij '{naam}', vergadering {written(zitting.vergadering)}"


def deciding_organ(dossier: Dossier, wie: str) -> str:
    """The gremium or organ that decides; a deelnemer decides with the organ that was asked for its besluit. Raises UnknownSlug."""
    asked = (slug for ronde in dossier.rondes if ronde.antwoord is Antwoord.BESLUIT for slug in (*ronde.standen, *ronde.overgenomen))
    found = next((slug for slug in asked if dossier.stelsel.orgaan(slug).deelnemer == wie), wie)
    dossier.stelsel.naam_van(found)
    return found


def organ_of(dossier: Dossier, van: str, soort: InbrengSoort) -> str:
    """The organ that a deelnemer (or the organ itself) has in a ronde of this dossier, one of inbreng first; raises NotAsked.

    A deelregio speaks for itself, and so does a gremium that advises.
    """
    if soort in ADVIEZEN or any(deelregio.slug == van for deelregio in dossier.stelsel.deelregios):
        return van
    for ronde in sorted(dossier.rondes, key=lambda ronde: ronde.antwoord is not Antwoord.INBRENG):
        for slug in (*ronde.standen, *ronde.overgenomen):
            if van in (slug, dossier.stelsel.orgaan(slug).deelnemer):
                return slug
    if dossier.ronde is None:
        return van
    waar = dossier.route.naam_van(dossier.ronde.stap)
    raise NotAsked(f"'{van}' is niet gevraagd in '{waar}' van dossier {dossier.slug}; zie 'kader ronde toon {dossier.slug}'.")


def write(house: House, actor: Actor, slug: str, decide: Callable[[Connection, Dossier], Draft], *, lapse_first: bool = True) -> Gedaan:
    """One decision on one dossier: lock, replay, write every lapse that is due, decide, append, project, tell; or nothing at all.

    Without ``lapse_first`` it is decided on the dossier as it is on record.
    """
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, slug)
        if earlier := journal.written_by(connection, house.stelsel, actor.opdracht):
            return _again(connection, house, earlier)
        entries = journal.read(connection, house.stelsel, slug)
        if actor.verwacht is not None and actor.verwacht != entries[-1].nr:
            raise JournalMovedOn(
                f"Dossier {slug} is intussen bij regel {entries[-1].nr}; u zag regel {actor.verwacht}. Kijk eerst wat er veranderde."
            )
        dossier, _ = advance(connection, house, slug, actor.via, actor.op if lapse_first else date.min, entries)
        draft = decide(connection, dossier)
        entry = _append(connection, house, actor, slug, draft, dossier.nr + 1, dossier.hash)
        entries.append(entry)
        stelsel = stelsels.by_digest(connection, house.stelsel, journal.digest_of(entries))
        after = extended(dossier, entries) if stelsel is dossier.stelsel else replay(entries, stelsel)
        return _finish(connection, house, actor, after, entry)


def advance(
    connection: Connection, house: House, slug: str, via: str, op: date, entries: list[Entry] | None = None
) -> tuple[Dossier, Entry | None]:
    """The dossier with every lapse that is due on ``op`` written, and the last of those entries."""
    entries = journal.read(connection, house.stelsel, slug) if entries is None else entries
    dossier = replay(entries, stelsels.by_digest(connection, house.stelsel, journal.digest_of(entries)))
    lapsed = None
    while (day := due_day(dossier)) is not None and day <= op:
        system = Actor(SYSTEM, via, _lapse_opdracht(house, slug, dossier.nr), op)
        lapsed = _append(connection, house, system, slug, decide_due(dossier), dossier.nr + 1, dossier.hash)
        entries.append(lapsed)
        dossier = extended(dossier, entries)
    return dossier, lapsed


def _lapse_opdracht(house: House, slug: str, na: int) -> str:
    """The same lapse has the same opdracht, whichever round or command comes upon it."""
    return str(uuid5(NAMESPACE_URL, f"kader:{house.stelsel}/{slug}/verlopen/{na}"))


def _append(connection: Connection, house: House, actor: Actor, slug: str, draft: Draft, nr: int, vorige: str) -> Entry:
    return journal.append(
        connection,
        house.stelsel,
        slug,
        draft,
        nr=nr,
        vorige=vorige,
        vastgelegd=house.moment(),
        door=actor.door,
        via=actor.via,
        opdracht=actor.opdracht,
    )


def _finish(connection: Connection, house: House, actor: Actor, dossier: Dossier, entry: Entry) -> Gedaan:
    stand.project(connection, dossier)
    naam = dossier.route.naam_van(dossier.fase)
    return Gedaan(dossier.slug, entry.nr, dossier.fase, naam, sentence(dossier), *tell(connection, house, dossier, actor.op))


def _again(connection: Connection, house: House, entry: Entry) -> Gedaan:
    """The first result of an opdracht that comes again."""
    dossier = stand.load(connection, house.stelsel, entry.slug)
    naam = dossier.route.naam_van(dossier.fase)
    return Gedaan(entry.slug, entry.nr, dossier.fase, naam, sentence(dossier), 0, 0, herhaald=True)


def tell(connection: Connection, house: House, dossier: Dossier, op: date, *, is_ronde: bool = False) -> tuple[int, int]:
    """Puts in the outbox what must be told and withdraws what became untrue.

    Gives how many new messages wait for a person and how many go by themselves.
    """
    feiten = stelsels.current(connection, house.stelsel, max(op, dossier.geopend))
    verschil = difference(dossier, op, outbox.told(connection, house.stelsel, dossier.slug), feiten, is_ronde=is_ronde)
    while verschil.onwaar:
        withdrawn = [outbox.withdraw(connection, house.stelsel, [row.key], melding, house.moment()) for row, melding in verschil.onwaar]
        if all(withdrawn):
            break
        # A deliverer took one of them meanwhile: that one counts as told, so what must be told is another question now.
        verschil = difference(dossier, op, outbox.told(connection, house.stelsel, dossier.slug), feiten, is_ronde=is_ronde)
    if not verschil.klaar:
        return 0, 0
    outbox.let_rest(connection, house.stelsel, dossier.slug, {klaar.ontvanger for klaar in verschil.klaar if klaar.soort in OTHERWISE})
    sjablonen = template_set(feiten.sjablonen)
    outbox.keep_sjablonen(connection, house.stelsel, sjablonen.digest, sjablonen.bronnen)
    waiting, going = (
        outbox.put(
            connection,
            house.stelsel,
            dossier.slug,
            [klaar for klaar in verschil.klaar if klaar.needs_release is needs_release],
            sjablonen.digest,
            house.moment(),
        )
        for needs_release in (True, False)
    )
    return waiting, going
