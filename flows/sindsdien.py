"""What happened since a previous meeting, as the journals tell it: changes, new dossiers, exceptions and besluiten still in concept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, exists, or_, select

from dossiers import journal, stelsels, tables
from dossiers.geschiedenis import Gebeurtenis, geschiedenis, references
from flows.house import AMSTERDAM
from flows.opmaak import short_day
from statemachines.dossier import Dossier, replay
from statemachines.journal import Entry, Kind, in_force, without_effect
from statemachines.payloads import Besluit, DatumsGezet, Gecorrigeerd, Vaststelling, Verwijzing

REMEMBERED = 183
"""For how many days after its end a dossier is still looked at: a verslag is adopted weeks to a quarter after the besluit."""

LONGEST = 300
"""How much of a reason is shown, in tekens; the whole of it stands in the story of the dossier."""

_REASONED = frozenset({Kind.BESLUIT, Kind.DATUMS_GEZET, Kind.GECORRIGEERD})
"""Kinds of entry whose text is a reason."""


@dataclass(frozen=True)
class Verandering:
    """One entry of a journal since the previous meeting, as a sentence.

    ``nagekomen``: dated before that meeting and registered after it. ``gecorrigeerd_in`` is the entry that corrected it later.
    """

    dossier: str
    titel: str
    nr: int
    datum: date
    zin: str
    toelichting: str
    herroepen: bool
    gecorrigeerd_in: int | None
    nagekomen: bool


@dataclass(frozen=True)
class Ingebracht:
    """A dossier that was put in routing since the previous meeting, by which gremium, and where it stands now."""

    dossier: str
    titel: str
    route: str
    datum: date
    door: str
    trekker: str | None
    staat_bij: str


@dataclass(frozen=True)
class Uitzondering:
    """An afwijking of the route, or an urgent vergadering (spoed), with its reason and the role that allowed it.

    Of messages that nobody gave free ("niet verteld") there is no reason, and nobody allowed it.
    """

    dossier: str
    titel: str
    nr: int
    datum: date
    soort: str
    zin: str
    reden: str
    toegestaan_door: str


@dataclass(frozen=True)
class Gelezen:
    """A dossier with its news.

    ``entries`` are all of them as they hold now, empty when nothing is new; ``nieuw`` says of each new one whether it came late.
    ``concepten`` are the besluiten whose verslag is not adopted, ``uitzonderingen`` the new entries that hold an exception.
    """

    dossier: Dossier
    entries: tuple[Entry, ...]
    nieuw: Mapping[int, bool]
    concepten: tuple[Entry, ...]
    uitzonderingen: tuple[Entry, ...]

    def texts(self) -> Iterator[str]:
        """The ids of the texts that are shown; what a deelnemer wrote is not repeated, nor who wrote it."""
        yield self.dossier.titel.id
        for entry in self.entries:
            if entry.nr in self.nieuw and entry.soort in _REASONED:
                yield from (reference.id for reference in references(entry))


def days_away(day: date, days: int) -> date | None:
    """The day so many kalenderdagen later, or earlier; None where the calendar of the world ends."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None


def journals(connection: Connection, stelsel: str, vorige: date | None, op: date) -> Iterator[list[Entry]]:
    """The journals of running dossiers, and of those that ended not long ago or in which something was written since."""
    yield from journal.running(connection, stelsel)
    s, j, since = tables.stand, tables.journaal, vorige or op
    written_down = j.c.vastgelegd.between(since.isoformat(), (days_away(op, 2) or op).isoformat())
    same = and_(j.c.stelsel == s.c.stelsel, j.c.slug == s.c.slug)
    lately = or_(s.c.sinds >= (days_away(op, -REMEMBERED) or op), exists().where(same, or_(j.c.datum >= since, written_down)))
    query = select(s.c.slug).where(s.c.stelsel == stelsel, s.c.geeindigd.is_(True), lately).order_by(s.c.slug)
    for slug in connection.execute(query).scalars().all():
        yield journal.read(connection, stelsel, slug)


def read(connection: Connection, entries: list[Entry], vorige: date | None, op: date) -> Gelezen:
    """A dossier by its entries, with what is new since the previous meeting."""
    dossier = replay(entries, stelsels.by_digest(connection, entries[0].stelsel, journal.digest_of(entries)))
    gremia = {gremium.slug for gremium in dossier.stelsel.gremia}
    without, nieuw, said = without_effect(entries), dict(_news(entries, vorige, op)), in_force(entries)
    holds = [entry for entry in said if entry.nr not in without]
    besluiten = ((entry, entry.payload) for entry in holds if isinstance(entry.payload, Besluit) and entry.orgaan in gremia)
    return Gelezen(
        dossier=dossier,
        entries=tuple(said) if nieuw else (),
        nieuw=nieuw,
        concepten=tuple(entry for entry, besluit in besluiten if besluit.vaststelling is Vaststelling.CONCEPT),
        uitzonderingen=tuple(entry for entry in holds if entry.nr in nieuw and _exception(entry) is not None),
    )


def _news(entries: Iterable[Entry], vorige: date | None, op: date) -> Iterator[tuple[int, bool]]:
    """The numbers of entries dated on or after the previous meeting, or registered after it: then with True.

    What comes in the journal after an entry of a later day was registered later too, whatever the clock said.
    """
    reached = False
    for entry in entries:
        if vorige is None or entry.datum >= vorige:
            reached = True
            yield entry.nr, False
        elif reached or vorige <= datetime.fromisoformat(entry.vastgelegd).astimezone(AMSTERDAM).date() <= op:
            yield entry.nr, True


def _exception(entry: Entry) -> tuple[Verwijzing, str] | None:
    """The reason of an afwijking or of spoed, and the role that allowed it."""
    match entry.payload:
        case Besluit(afwijking=afwijking) if afwijking is not None:
            return afwijking.reden, afwijking.toegestaan_door
        case DatumsGezet(reden=reden, toegestaan_door=rol) if rol is not None:
            return reden, rol
        case _:
            return None


def changes(gelezen: Gelezen, texts: Mapping[str, str]) -> Iterator[Verandering]:
    """What is new in a dossier, in the sentences of its story; corrected and revoked entries say so."""
    dossier = gelezen.dossier
    # A text that is not shown was not read.
    story = list(geschiedenis(dossier, gelezen.entries, defaultdict(tuple), defaultdict(str, texts)))
    reasoned = {entry.nr for entry in gelezen.entries if entry.soort in _REASONED}
    zinnen = {said.nr: said.zin for said in story}
    corrections = {entry.nr: entry.payload for entry in gelezen.entries if isinstance(entry.payload, Gecorrigeerd)}
    corrected_in = {payload.nr: nr for nr, payload in corrections.items() if payload.velden is not None}
    for said in story:
        if said.nr not in gelezen.nieuw:
            continue
        correction = corrections.get(said.nr)
        about = "" if correction is None else f" ({'dat was' if correction.herroepen else 'nu staat er'}: {zinnen[correction.nr]})"
        yield Verandering(
            dossier=dossier.slug,
            titel=texts[dossier.titel.id],
            nr=said.nr,
            datum=said.datum,
            zin=f"{said.zin}{about}",
            toelichting=_explained(said) if said.nr in reasoned else "",
            herroepen=said.herroepen,
            gecorrigeerd_in=corrected_in.get(said.nr),
            nagekomen=gelezen.nieuw[said.nr],
        )


def _explained(said: Gebeurtenis) -> str:
    """The reason, what moved, the minority positions and what was done with advice; not longer than one can oversee."""
    moved = f"eerst {short_day(said.eerst)}, nu {short_day(said.nu)}" if said.eerst != said.nu else ""
    text = "; ".join(" ".join(part.split()) for part in (said.tekst, moved, *said.standpunten, *said.adviezen) if part)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}..."


def brought_in(dossier: Dossier, texts: Mapping[str, str]) -> Ingebracht:
    """How a dossier came in routing."""
    return Ingebracht(
        dossier=dossier.slug,
        titel=texts[dossier.titel.id],
        route=dossier.route.naam,
        datum=dossier.geopend,
        door=dossier.stelsel.gremium(dossier.route.stappen[0].gremium).naam,
        trekker=dossier.stelsel.ontvanger_van_rol(dossier.trekker).naam if dossier.trekker else None,
        staat_bij=dossier.route.naam_van(dossier.fase),
    )


def exceptions(gelezen: Gelezen, texts: Mapping[str, str]) -> Iterator[Uitzondering]:
    """The exceptions that are new and hold."""
    dossier = gelezen.dossier
    for entry in gelezen.uitzonderingen:
        found = _exception(entry)
        assert found is not None
        reden, rol = found
        wie, waar = dossier.stelsel.naam_van(entry.orgaan), dossier.route.naam_van(entry.stap)
        what = f"{entry.payload.uitkomst.label} bij" if isinstance(entry.payload, Besluit) else "vergadert extra voor"
        yield Uitzondering(
            dossier=dossier.slug,
            titel=texts[dossier.titel.id],
            nr=entry.nr,
            datum=entry.datum,
            soort="afwijking" if isinstance(entry.payload, Besluit) else "spoed",
            zin=f"{wie}: {what} '{waar}'",
            reden=texts[reden.id],
            toegestaan_door=dossier.stelsel.ontvanger_van_rol(rol).naam,
        )
