"""Answering inbreng: rows of the Nota van Beantwoording as people filled them in become points with answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from dossiers import journal, stelsels
from dossiers.database import reading
from dossiers.nota import Nota, nota_of, nota_teksten
from dossiers.teksten import read_teksten
from flows.gezegd import clean, keep_tekst
from flows.house import House
from flows.use_cases import Actor, Gedaan, write
from statemachines.bijdragen import decide_antwoorden, objections
from statemachines.dossier import Dossier, replay
from statemachines.errors import Refused, UnknownSlug
from statemachines.journal import Draft
from statemachines.nota import Overname, Punt, number_of, numbered
from statemachines.payloads import Verwijzing


@dataclass(frozen=True)
class Puntregel:
    """One row as somebody filled it in; ``punt`` is empty for a new point of entry ``inbreng``.

    ``naam`` is what other rows call a new point, ``rij`` the number of the row as people see it; 0 when nobody typed it.
    """

    punt: str
    inbreng: int
    tekst: str
    onderdeel: str = ""
    oordeel: str = ""
    antwoord: str = ""
    effect: str = ""
    gelijkluidend: str = ""
    naam: str = ""
    rij: int = 0


@dataclass(frozen=True)
class Bezwaar:
    """Why a point cannot be recorded; ``rij`` is that of its row, 0 when it has none."""

    rij: int
    punt: str
    zin: str


def answer_points(house: House, actor: Actor, slug: str, regels: Sequence[Puntregel], *, vervallen: Sequence[str] = ()) -> Gedaan:
    """Records how inbreng is split and what is answered; a point that is in no row stays as it was, unless it is ``vervallen``.

    Inbreng that nobody split yet stays a point of its own beside those that are split off. Raises Refused when nothing changes.
    """

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        keeper = _Keeper(slug, dossier, _there(connection, house, dossier), partial(keep_tekst, connection, house, slug), regels)
        new = [punt for regel in regels if (punt := keeper.punt(regel)) is not None]
        return decide_antwoorden(dossier, keeper.all(new, vervallen), actor.op, actor.op)

    return write(house, actor, slug, decide)


def objections_to(house: House, slug: str, regels: Sequence[Puntregel], *, vervallen: Sequence[str] = ()) -> tuple[Bezwaar, ...]:
    """Everything for which ``answer_points`` would refuse these rows, in the order of the rows; nothing is written."""
    found: list[Bezwaar] = []
    with reading(house.engine) as connection:
        entries = journal.read(connection, house.stelsel, slug)
        dossier = replay(entries, stelsels.by_digest(connection, house.stelsel, journal.digest_of(entries)))
        keeper = _Keeper(slug, dossier, _there(connection, house, dossier), _unkept, regels)
    new: list[Punt] = []
    rows: dict[str, int] = {}
    for regel in regels:
        punt = keeper.slugs.get(id(regel), regel.punt)
        rows[punt] = regel.rij
        try:
            new += filter(None, [keeper.punt(regel)])
        except Refused as refusal:
            found.append(Bezwaar(regel.rij, punt, str(refusal)))
    wrong = {bezwaar.punt for bezwaar in found}
    try:
        changed = [punt for punt in keeper.all(new, vervallen) if dossier.punten.get(punt.slug) != punt]
    except Refused as refusal:
        return (*found, Bezwaar(0, "", str(refusal)))
    # What refers to a point that is wrong itself gets its own sentence when that one is right.
    found += [
        Bezwaar(rows.get(punt, 0), punt, str(refusal))
        for punt, refusal in objections(dossier, changed)
        if next((p.gelijkluidend for p in changed if p.slug == punt), None) not in wrong
    ]
    called = {keeper.slugs[id(regel)]: regel.naam or "(nieuw)" for regel in regels if id(regel) in keeper.slugs and not regel.punt}
    return tuple(replace(one, zin=_as_called(one.zin, called)) for one in sorted(found, key=lambda bezwaar: bezwaar.rij))


def _as_called(zin: str, called: Mapping[str, str]) -> str:
    """A sentence in which new points have the names that their writer gave, for nobody knows the real ones yet."""
    return re.sub(r"[\w-]+", lambda word: called.get(word[0], word[0]), zin)


def _there(connection: Connection, house: House, dossier: Dossier) -> Nota:
    return nota_of(dossier, read_teksten(connection, house.stelsel, nota_teksten(dossier)))


def _unkept(tekst: str, wat: str) -> Verwijzing:
    """A text that is checked only."""
    return Verwijzing(id="", sha256=clean(tekst, wat))


def _known(dossier: Dossier, vervallen: Sequence[str]) -> Sequence[str]:
    for punt in vervallen:
        if punt not in dossier.punten:
            raise UnknownSlug(f"Dossier {dossier.slug} heeft geen punt '{punt}' dat kan vervallen.")
    return vervallen


class _Keeper:
    """Makes points of rows; texts that stay the same keep their reference, so that nothing changes that nobody changed."""

    def __init__(
        self, slug: str, dossier: Dossier, there: Nota, keep: Callable[[str, str], Verwijzing], regels: Sequence[Puntregel]
    ) -> None:
        self.slug, self.dossier, self.keep = slug, dossier, keep
        self.there = {punt.punt: punt for punt in there.punten}
        self.given = {given.nr: given for given in dossier.gegeven}
        self.whole_names = numbered(dossier.gegeven, dossier.punten)
        self.last = Counter[str]()
        for known in [*dossier.punten, *self.there]:
            wie = known.rpartition("-")[0]
            self.last[wie] = max(self.last[wie], number_of(known))
        self.seen: set[str] = set()
        # A row can name one that comes after it, so every new point is numbered first.
        self.slugs = self._numbered(regels)
        self.named = {regel.naam: self.slugs[id(regel)] for regel in regels if regel.naam and id(regel) in self.slugs}

    def _numbered(self, regels: Sequence[Puntregel]) -> dict[int, str]:
        """The slug of each new row. Inbreng without a text is no point beside what is split off: the first of these is it."""
        taken = {regel.punt.strip() for regel in regels if regel.punt in self.there and not self._same(regel, self.there[regel.punt])}
        found: dict[int, str] = {}
        for regel in regels:
            if not regel.punt.strip() and (given := self.given.get(regel.inbreng)) is not None:
                whole = self.whole_names.get(given.nr)
                if given.tekst is None and whole is not None and whole not in taken:
                    found[id(regel)] = whole
                    taken.add(whole)
                else:
                    self.last[given.wie] += 1
                    found[id(regel)] = f"{given.wie}-{self.last[given.wie]}"
        return found

    def punt(self, regel: Puntregel) -> Punt | None:
        """The point of a row; None when the row says what was there already."""
        given = self.given.get(regel.inbreng)
        if given is None:
            wel = ", ".join(map(str, self.given)) or "nog geen enkele"
            raise UnknownSlug(f"Regel {regel.inbreng} van dossier {self.slug} is geen inbreng die beantwoord kan worden; wel: {wel}.")
        slug = regel.punt.strip() or self.slugs[id(regel)]
        if regel.punt and slug not in self.there:
            raise UnknownSlug(f"Dossier {self.slug} heeft geen punt '{slug}'; laat 'Punt' leeg voor een nieuw punt.")
        was = self.there.get(slug)
        if was is not None and self._same(regel, was):
            return None
        if slug in self.seen:
            raise Refused(f"Punt {slug} staat er twee keer; elk punt heeft een regel.")
        self.seen.add(slug)
        known = self.dossier.punten.get(slug)
        # An inbreng whose points all fell away is back as it came, under the name of the first of them.
        known = None if known is None or known.vervallen else known
        oordeel = regel.oordeel.strip().lower().replace(" ", "-")
        if oordeel and oordeel not in [o.value for o in Overname]:
            raise Refused(f"'{regel.oordeel}' bij punt {slug} is geen oordeel; mogelijk is: {', '.join(o.value for o in Overname)}.")
        return Punt(
            slug=slug,
            inbreng=regel.inbreng,
            tekst=self._kept(regel.tekst, was.tekst if was else None, known.tekst if known else given.tekst, f"tekst van punt {slug}"),
            onderdeel=clean(regel.onderdeel, "naam van een onderdeel", longest=100) if regel.onderdeel.strip() else "",
            oordeel=Overname(oordeel) if oordeel else None,
            antwoord=self._optional(regel.antwoord, was.antwoord if was else None, known.antwoord if known else None, "antwoord"),
            effect=self._optional(regel.effect, was.effect if was else None, known.effect if known else None, "effect"),
            gelijkluidend=self.named.get(same := regel.gelijkluidend.strip(), same) or None,
        )

    def all(self, new: Sequence[Punt], vervallen: Sequence[str]) -> list[Punt]:
        """New points, with what fell away and with inbreng that was one point so far and stays one, for another point was split off
        or says the same. Raises UnknownSlug."""
        gone = [self.dossier.punten[punt].model_copy(update={"vervallen": True}) for punt in _known(self.dossier, vervallen)]
        named = {punt.inbreng for punt in new} | {self.there[p.gelijkluidend].inbreng for p in new if p.gelijkluidend in self.there}
        made = {punt.slug for punt in new}
        whole = [
            Punt(slug=naam, inbreng=nr, tekst=tekst)
            for nr, naam in self.whole_names.items()
            if nr in named and naam not in made and (tekst := self.given[nr].tekst) is not None
        ]
        return [*whole, *new, *gone]

    @staticmethod
    def _same(regel: Puntregel, was: object) -> bool:
        names = ("tekst", "onderdeel", "oordeel", "antwoord", "effect", "gelijkluidend")
        return all(getattr(regel, name).strip() == getattr(was, name) for name in names)

    def _kept(self, tekst: str, was: str | None, known: Verwijzing | None, wat: str) -> Verwijzing:
        return known if known is not None and was == tekst.strip() else self.keep(tekst, wat)

    def _optional(self, tekst: str, was: str | None, known: Verwijzing | None, wat: str) -> Verwijzing | None:
        return self._kept(tekst, was, known, wat) if tekst.strip() else None
