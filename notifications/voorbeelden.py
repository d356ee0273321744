"""A real message of every kind: made-up dossiers are played through the domain and the messages that come of it are kept.

So an example says what a real message says, with the calendars, names and rules of the stelsel itself. Nothing is written anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import create_engine

from dossiers import journal
from dossiers.outbox import GEEN_DOSSIER, Bericht, Status
from dossiers.tables import metadata
from notifications.gehoor import Hoedanigheid
from notifications.onbestelbaar import tell_failure
from notifications.overzichten import overviews, waits_for_release
from notifications.voorbeeldspel import ZINNEN, Spel, clock, few_of, local
from statemachines.berichten import Aanleiding, Berichtsoort, known_kinds
from statemachines.correctie import decide_correct, decide_revoke
from statemachines.datums import decide_datums
from statemachines.decide import Beslissing, decide_besluit, decide_inbreng, decide_open
from statemachines.dossier import Dossier
from statemachines.due import LOPEND, VERLOPEN, due
from statemachines.errors import Refused, UnknownSlug
from statemachines.facts import Kring
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.journal import Entry, Kind, in_force
from statemachines.kalender import DAY, Onbekend
from statemachines.payloads import BesluitBron, DatumsGezet, Planning, StapGepland, Velden, Versie
from statemachines.route import Antwoord, Route, Stap, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stuk, Stukstatus

HOOFD, PLAN, TERUG = "voorbeeld", "voorbeeld-gepland", "voorbeeld-teruggenomen"
MOST = 40
"""So many moves end every route; more is a road in circles."""
MARGIN = timedelta(days=90)
"""Of known vergaderingen after the end of the road: a date is moved, a plan is made, a verslag is adopted."""
_WAAROM_NIET = {
    Aanleiding.RONDE_GEPLAND: "geen ronde ver genoeg vooruit te plannen is",
    Aanleiding.PLAN_GEWIJZIGD: "geen ronde ver genoeg vooruit te plannen is",
    Aanleiding.PLAN_VERVALLEN: "geen ronde ver genoeg vooruit te plannen is",
    Aanleiding.RONDE_VERVALLEN: "geen besluit een ronde opent dat nog te herroepen is",
    Aanleiding.BESLOTEN: "de kalender niet tot het einde van de route reikt",
    Aanleiding.BESLUIT_GECORRIGEERD: "de kalender niet tot het einde van de route reikt",
    Aanleiding.VERSLAG_VERWACHT: "na een besluit geen volgende vergadering bekend is",
    Aanleiding.STUKKEN_TE_LAAT: "geen vergadering met een aanleverdatum bekend is",
}


def voorbeeld(stelsel: Stelsel, soort: str, raad: str | None = None) -> tuple[Bericht, Mapping[str, str]]:
    """A message of this kind and the texts that it names; ``raad`` is the deelnemer for whom it is made, where it is for one.

    Raises UnknownSlug for a kind or deelnemer that is not there, and Refused, with the reason, for a kind that cannot come about.
    """
    found = known_kind(stelsel, soort)
    made = [bericht for bericht in all_voorbeelden(stelsel, raad) if bericht.key.soort == soort]
    if not made:
        raise Refused(f"Van '{found.naam}' is in dit stelsel geen voorbeeld te maken, omdat {_why_not(found)}.")
    mine = hearers_of(stelsel, raad) if raad else ()
    return max(
        made,
        key=lambda b: (
            b.key.slug != TERUG,
            _rank(mine, b.key.ontvanger),
            b.context.get("als") == Hoedanigheid.CONTACT.value,
            len(json.dumps(b.context)),
        ),
    ), ZINNEN


def known_kind(stelsel: Stelsel, soort: str) -> Berichtsoort:
    """The kind of bericht with this slug; raises UnknownSlug with those that exist."""
    found = next((known for known in known_kinds(stelsel) if known.slug == soort), None)
    if found is None:
        wel = ", ".join(known.slug for known in known_kinds(stelsel))
        raise UnknownSlug(f"Er is geen bericht '{soort}' in het stelsel {stelsel.kop.slug}; wel: {wel}.")
    return found


def all_voorbeelden(stelsel: Stelsel, raad: str | None = None) -> tuple[Bericht, ...]:
    """Every message that comes of playing, also the same kind to several recipients; each is labelled VOORBEELD."""
    if raad is not None:
        stelsel.deelnemer(raad)
    # How it reads is another question: the same facts with other templates give the same messages.
    facts = stelsel.model_copy(update={"sjablonen": {}}) if stelsel.sjablonen else stelsel
    return _played(facts.digest, raad, _Hidden(facts))


class _Hidden:
    """A stelsel beside its digest: the digest is what an answer is remembered by."""

    def __init__(self, stelsel: Stelsel) -> None:
        self.stelsel = stelsel

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _played(_digest: str, raad: str | None, hidden: _Hidden) -> tuple[Bericht, ...]:
    try:
        _, _, begin = _begin(_digest, hidden)
    except Refused:
        return ()
    # What is switched off has an example too: somebody must see it before it is switched on.
    soorten = tuple(soort.model_copy(update={"aan": True}) for soort in known_kinds(hidden.stelsel))
    few = few_of(hidden.stelsel, [o.slug for kring in Kring for o in hidden.stelsel.organen(kring, begin)], raad)
    known = {hidden.stelsel.orgaan(orgaan).deelnemer for orgaan in few}
    # The own way of every council takes seconds to find, and only these are asked.
    eigen = {name: tuple(e for e in getattr(hidden.stelsel, name) if e.deelnemer in known) for name in ("ritmes", "raadskalenders")}
    stelsel = hidden.stelsel.model_copy(update={"berichten": soorten, **eigen})
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        spel = Spel(connection, stelsel, raad)
        for play in (_play_terug, _play_hoofd):
            # A calendar that ends halfway leaves the messages until there.
            with suppress(Refused):
                play(spel)
        rows = spel.rows()
    engine.dispose()
    return tuple(replace(row, context={**row.context, "voorbeeld": True}) for row in rows)


def _rondes(stelsel: Stelsel) -> list[tuple[Route, Stap]]:
    """The routes in which deelnemers are asked something, each with its first such stap; those that ask for inbreng first."""
    found = []
    for route in stelsel.routes:
        rondes = [stap for stap in route.main_path(route.stappen[0].slug) if stap.ronde is not None]
        rondes.sort(key=lambda stap: stap.ronde is None or stap.ronde.antwoord is not Antwoord.INBRENG)
        found += [(route, stap) for stap in rondes[:1]]
    return sorted(found, key=lambda pair: pair[1].ronde is None or pair[1].ronde.antwoord is not Antwoord.INBRENG)


@lru_cache(maxsize=8)
def _begin(_digest: str, hidden: _Hidden) -> tuple[Route, Stap, date]:
    """The route, its ronde, and the last day from which the calendars know the whole road; else what gets furthest."""
    stelsel = hidden.stelsel
    best: tuple[int, Route, Stap, date] | None = None
    for route, target in _rondes(stelsel):
        for day in _months(stelsel, route):
            with suppress(Refused):
                reached = _dry(stelsel, route, target, day)
                if best is None or reached > best[0]:
                    best = (reached, route, target, day)
            if best is not None and best[0] >= MOST:
                return best[1:]
    if best is None:
        raise Refused("In dit stelsel is geen dag bekend waarop een dossier met een ronde kan beginnen.")
    return best[1:]


def _months(stelsel: Stelsel, route: Route) -> Iterator[date]:
    """The first day of every month for which vergaderingen are known, the last one first."""
    known = list(_vergaderingen(stelsel))
    first = max(min(known, default=route.geldig_vanaf), route.geldig_vanaf).replace(day=1)
    day = max(known, default=first).replace(day=1)
    while day >= first:
        yield max(day, route.geldig_vanaf)
        day = (day - DAY).replace(day=1)


def _vergaderingen(stelsel: Stelsel) -> Iterator[date]:
    return (vergadering.datum for kalender in stelsel.kalenders for vergadering in kalender.vergaderingen)


def _dry(stelsel: Stelsel, route: Route, target: Stap, day: date) -> int:
    """How far a dossier comes from this day on with vergaderingen that are known; `MOST` for the end, with time for what follows."""
    engine = create_engine("sqlite://")
    moves = 0
    with engine.begin() as connection:
        metadata.create_all(connection)
        spel = Spel(connection, stelsel)
        dossier = _open(spel, HOOFD, route, day)
        with suppress(Refused):
            while not dossier.ended and moves < MOST:
                zitting = dossier.opening.zitting if dossier.opening else None
                if zitting is not None and zitting.vergadering is None:
                    break
                dossier = _move(spel, dossier)
                moves += 2 if dossier.ronde is not None and dossier.ronde.stap == target.slug else 1
    engine.dispose()
    if not dossier.ended:
        return moves
    return MOST if max(_vergaderingen(stelsel), default=day) >= dossier.sinds + MARGIN else MOST - 1


def _open(spel: Spel, slug: str, route: Route, day: date) -> Dossier:
    day = spel.werkdag(day)
    return spel.write(slug, decide_open(spel.stelsel, route.slug, spel.tekst("titel"), day, day), day)


def _move(spel: Spel, dossier: Dossier) -> Dossier:
    """The dossier one stap further, without telling anybody."""
    if dossier.open_ronde is not None:
        return spel.lapse(dossier.slug)
    stap = dossier.route.stap(dossier.fase)
    assert stap is not None
    return spel.decide(dossier.slug, stap, spel.later(_zitting(spel, dossier), 1))


def _zitting(spel: Spel, dossier: Dossier) -> date:
    """The vergadering of the stap; where none is known, two weeks after it began."""
    zitting = dossier.opening.zitting if dossier.opening else None
    return zitting.vergadering if zitting is not None and zitting.vergadering else spel.later(dossier.sinds, 10)


def _play_terug(spel: Spel) -> None:
    """A ronde opens, is told, and the besluit that opened it is revoked."""
    route, target, day = _begin(spel.stelsel.digest, _Hidden(spel.stelsel))
    dossier = _open(spel, TERUG, route, day)
    for _ in range(MOST):
        if dossier.ended or dossier.fase == target.slug:
            break
        dossier = _move(spel, dossier)
    if dossier.open_ronde is None:
        return
    van = spel.werkdag(dossier.open_ronde.van)
    spel.tell(TERUG, van)
    spel.arrive(TERUG)
    dossier = spel.write(TERUG, decide_revoke(dossier, dossier.laatste_zet, spel.tekst("reden"), van), van)
    spel.tell(TERUG, van)
    spel.arrive(TERUG)
    stap = dossier.route.stap(dossier.fase)
    if stap is not None and stap.ronde is None:
        besluit = Beslissing(stap.gremium, Uitkomst.INTREKKEN, van, BesluitBron.SCHRIFTELIJKE_RONDE, spel.tekst("reden"), stap.slug)
        spel.write(TERUG, decide_besluit(dossier, besluit, van), van)


def _play_hoofd(spel: Spel) -> None:
    """The whole road of one dossier, with everybody told of everything."""
    route, target, begin = _begin(spel.stelsel.digest, _Hidden(spel.stelsel))
    dossier = _open(spel, HOOFD, route, begin)
    stuk = Stuk(stuk="nota", versie=Versie.CONCEPT, status=Stukstatus.OPENBAAR)
    dossier = spel.write(HOOFD, spel.draft(dossier, Kind.STUK, dossier.geopend, stuk), dossier.geopend)
    for _ in range(MOST):
        if dossier.ended:
            break
        if dossier.open_ronde is not None:
            dossier = _ronde(spel, dossier) if dossier.fase == target.slug else spel.lapse(HOOFD)
            dossier = spel.answer(HOOFD, spel.werkdag(dossier.sinds))
            continue
        stap = dossier.route.stap(dossier.fase)
        assert stap is not None
        op = spel.later(_zitting(spel, dossier), 1)
        for day in sorted({dossier.sinds, op, *_due_days(dossier, dossier.sinds, op)}):
            spel.tell(HOOFD, day)
        spel.arrive(HOOFD)
        dossier = spel.decide(HOOFD, stap, op)
    if dossier.ended:
        _end(spel, dossier)


def _due_days(dossier: Dossier, first: date, last: date) -> Iterator[date]:
    return (d.vanaf for d in due(dossier) if d.wat not in (VERLOPEN, LOPEND) and first <= d.vanaf <= last)


def _ronde(spel: Spel, dossier: Dossier) -> Dossier:
    """A ronde as everybody hears of it: open, not released in time, one mail lost, reminded, moved, answered and over."""
    ronde = dossier.open_ronde
    assert ronde is not None
    van = spel.werkdag(ronde.van)
    spel.tell(HOOFD, van)
    waits = waits_for_release(spel.connection, spel.stelsel, spel.later(van, 2), local, spel.dossier)
    spel.put(GEEN_DOSSIER, waits, spel.later(van, 2))
    spel.arrive(HOOFD)
    giver = _giver(spel, dossier)
    _lose_one(spel, giver, van)
    with suppress(Refused):
        _plan(spel, van)
    with suppress(Refused):
        _overviews(spel, van)
    for day in _weekly(spel, van, ronde.tot_en_met):
        spel.tell(HOOFD, day)
    spel.arrive(HOOFD)
    op = spel.werkdag(ronde.tot_en_met - 7 * DAY)
    later = spel.werkdag(ronde.tot_en_met + 14 * DAY)
    dossier = spel.write(HOOFD, decide_datums(dossier, later, spel.tekst("reden"), op), op)
    spel.tell(HOOFD, op)
    spel.arrive(HOOFD)
    with suppress(Refused):
        given = Inbreng(soort=InbrengSoort.REACTIE, tekst=spel.tekst("inbreng"))
        dossier = spel.write(HOOFD, decide_inbreng(dossier, giver, given, op, op), op)
    return spel.lapse(HOOFD)


def _weekly(spel: Spel, van: date, tot_en_met: date) -> Iterator[date]:
    day = van + 7 * DAY
    while day <= tot_en_met:
        yield spel.werkdag(day)
        day += 7 * DAY


def _giver(spel: Spel, dossier: Dossier) -> str:
    """The organ that gives inbreng: that of the raad that is looked for, else the first."""
    assert dossier.ronde is not None
    asked = list(dossier.ronde.standen)
    return next((slug for slug in asked if spel.stelsel.orgaan(slug).deelnemer == spel.raad), asked[0])


def _lose_one(spel: Spel, orgaan: str, op: date) -> None:
    """The mail of one recipient comes back."""
    wie = spel.stelsel.orgaan(orgaan).ontvanger.slug
    lost = next((b for b in spel.rows(HOOFD) if b.key.ontvanger == wie), None)
    if lost is not None:
        tell_failure(spel.connection, spel.stelsel, lost, Status.MISLUKT, "550 5.1.1 deze mailbox bestaat niet", clock(op))


def _plan(spel: Spel, op: date) -> None:
    """Another dossier is planned and announced, its plan changes, and it is planned no more after the overviews were made."""
    route, target, _ = _begin(spel.stelsel.digest, _Hidden(spel.stelsel))
    assert target.ronde is not None
    dossier = _open(spel, PLAN, route, op)
    ahead = max((s.weken or 0 for s in known_kinds(spel.stelsel) if s.bij is Aanleiding.RONDE_GEPLAND), default=0)
    for extra in (14, 28):
        van = spel.werkdag(op + timedelta(weeks=ahead, days=extra))
        venster = spel.stelsel.werkkalender.reactietermijn(van, target.ronde.termijn)
        if isinstance(venster, Onbekend):
            raise Refused(venster.waarom)
        agreed = StapGepland(stap=target.slug, van=venster.van.datum, tot_en_met=venster.tot_en_met.datum, waarom=venster.tot_en_met.waarom)
        _agree(spel, dossier, Planning(doel=agreed.tot_en_met or van, stappen=(agreed,)), op)


def _agree(spel: Spel, dossier: Dossier, planning: Planning, op: date) -> None:
    assert dossier.opening is not None
    gezet = DatumsGezet(opent=dossier.opening, reden=spel.tekst("reden"), planning=planning)
    spel.write(PLAN, spel.draft(dossier, Kind.DATUMS_GEZET, op, gezet), op)
    spel.tell(PLAN, op)
    spel.arrive(PLAN)


def _overviews(spel: Spel, op: date) -> None:
    """The overviews of the next month, and then the planned dossier is planned no more."""
    first = spel.werkdag((op.replace(day=1) + 32 * DAY).replace(day=1))
    spel.put(GEEN_DOSSIER, overviews(spel.connection, spel.stelsel, first, spel.dossier), first)
    with suppress(UnknownSlug):
        dossier = spel.dossier(PLAN)
        if dossier.planning is not None:
            _agree(spel, dossier, Planning(doel=first, stappen=()), first)


def _end(spel: Spel, dossier: Dossier) -> None:
    """Everybody hears how it ended, and what was wrong in what they heard."""
    op = spel.werkdag(dossier.sinds)
    spel.tell(HOOFD, op)
    spel.arrive(HOOFD)
    slot = next((e for e in in_force(_entries(spel)) if e.nr == dossier.laatste_zet), None)
    if slot is not None and slot.soort is Kind.BESLUIT:
        velden = Velden(reden=spel.tekst("verbeterd"))
        day = max(op, slot.datum)
        spel.write(HOOFD, decide_correct(dossier, slot, velden, spel.tekst("reden"), day, day), day)
        spel.tell(HOOFD, day)
        spel.arrive(HOOFD)
    with suppress(Refused):
        _overviews(spel, op)
        for day in sorted(_due_days(dossier, op, date.max)):
            spel.tell(HOOFD, day)


def _entries(spel: Spel) -> list[Entry]:
    return journal.read(spel.connection, spel.naam, HOOFD)


def hearers_of(stelsel: Stelsel, raad: str) -> tuple[str, ...]:
    """Who hears for a deelnemer, the griffie of its raad first; raises UnknownSlug for one that is not there."""
    raden, *others = (stelsel.orgaan_van(stelsel.deelnemer(raad).slug, kring) for kring in (Kring.RADEN_STATEN, *Kring))
    first = (raden.ontvanger.slug, stelsel.leden(raden.slug).slug) if raden is not None else ()
    return tuple(dict.fromkeys((*first, *(orgaan.ontvanger.slug for orgaan in others if orgaan is not None))))


def _rank(mine: tuple[str, ...], ontvanger: str) -> int:
    return len(mine) - mine.index(ontvanger) if ontvanger in mine else 0


def _why_not(soort: Berichtsoort) -> str:
    return _WAAROM_NIET.get(soort.bij, "het in geen van zijn routes voorkomt binnen de bekende kalenders")
