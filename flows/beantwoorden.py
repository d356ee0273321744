"""Answering inbreng: rows of the Nota van Beantwoording as people filled them in become points with answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from dossiers.nota import Nota, nota_of, nota_teksten
from dossiers.teksten import read_teksten
from flows.gezegd import clean, keep_tekst
from flows.house import House
from flows.use_cases import Actor, Gedaan, write
from statemachines.bijdragen import decide_antwoorden
from statemachines.dossier import Dossier
from statemachines.errors import Refused, UnknownSlug
from statemachines.journal import Draft
from statemachines.nota import Overname, Punt, number_of, numbered
from statemachines.payloads import Verwijzing


@dataclass(frozen=True)
class Puntregel:
    """One row as somebody filled it in; ``punt`` is empty for a new point of entry ``inbreng``."""

    punt: str
    inbreng: int
    tekst: str
    onderdeel: str = ""
    oordeel: str = ""
    antwoord: str = ""
    effect: str = ""
    gelijkluidend: str = ""


def answer_points(house: House, actor: Actor, slug: str, regels: Sequence[Puntregel], *, vervallen: Sequence[str] = ()) -> Gedaan:
    """Records how inbreng is split and what is answered; a point that is in no row stays as it was, unless it is ``vervallen``.

    Inbreng that nobody split yet stays a point of its own beside those that are split off. Raises Refused when nothing changes.
    """

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        there = nota_of(dossier, read_teksten(connection, house.stelsel, nota_teksten(dossier)))
        keep = _Keeper(connection, house, slug, dossier, there)
        new = [punt for regel in regels if (punt := keep.punt(regel)) is not None]
        gone = [dossier.punten[punt].model_copy(update={"vervallen": True}) for punt in _known(dossier, vervallen)]
        return decide_antwoorden(dossier, [*keep.whole(new), *new, *gone], actor.op, actor.op)

    return write(house, actor, slug, decide)


def _known(dossier: Dossier, vervallen: Sequence[str]) -> Sequence[str]:
    for punt in vervallen:
        if punt not in dossier.punten:
            raise UnknownSlug(f"Dossier {dossier.slug} heeft geen punt '{punt}' dat kan vervallen.")
    return vervallen


class _Keeper:
    """Makes points of rows; texts that stay the same keep their reference, so that nothing changes that nobody changed."""

    def __init__(self, connection: Connection, house: House, slug: str, dossier: Dossier, there: Nota) -> None:
        self.connection, self.house, self.slug, self.dossier = connection, house, slug, dossier
        self.there = {punt.punt: punt for punt in there.punten}
        self.wie = {given.nr: given.wie for given in dossier.gegeven}
        self.last = Counter[str]()
        for known in [*dossier.punten, *self.there]:
            wie = known.rpartition("-")[0]
            self.last[wie] = max(self.last[wie], number_of(known))
        self.seen: set[str] = set()

    def punt(self, regel: Puntregel) -> Punt | None:
        """The point of a row; None when the row says what was there already."""
        if regel.inbreng not in self.wie:
            wel = ", ".join(map(str, self.wie)) or "nog geen enkele"
            raise UnknownSlug(f"Regel {regel.inbreng} van dossier {self.slug} is geen inbreng die beantwoord kan worden; wel: {wel}.")
        slug = regel.punt.strip() or self._next(self.wie[regel.inbreng])
        if slug in self.seen:
            raise Refused(f"Punt {slug} staat er twee keer; elk punt heeft een regel.")
        self.seen.add(slug)
        if regel.punt and slug not in self.there:
            raise UnknownSlug(f"Dossier {self.slug} heeft geen punt '{slug}'; laat 'Punt' leeg voor een nieuw punt.")
        known, was = self.dossier.punten.get(slug), self.there.get(slug)
        if was is not None and self._same(regel, was):
            return None
        oordeel = regel.oordeel.strip().lower().replace(" ", "-")
        if oordeel and oordeel not in [o.value for o in Overname]:
            raise Refused(f"'{regel.oordeel}' bij punt {slug} is geen oordeel; mogelijk is: {', '.join(o.value for o in Overname)}.")
        given = next(g for g in self.dossier.gegeven if g.nr == regel.inbreng)
        return Punt(
            slug=slug,
            inbreng=regel.inbreng,
            tekst=self._kept(regel.tekst, was.tekst if was else None, known.tekst if known else given.tekst, f"tekst van punt {slug}"),
            onderdeel=clean(regel.onderdeel, "naam van een onderdeel", longest=100) if regel.onderdeel.strip() else "",
            oordeel=Overname(oordeel) if oordeel else None,
            antwoord=self._optional(regel.antwoord, was.antwoord if was else None, known.antwoord if known else None, "antwoord"),
            effect=self._optional(regel.effect, was.effect if was else None, known.effect if known else None, "effect"),
            gelijkluidend=regel.gelijkluidend.strip() or None,
        )

    def whole(self, new: Sequence[Punt]) -> list[Punt]:
        """Inbreng that was one point so far and stays one, for another point was split off or says the same."""
        named = {punt.inbreng for punt in new} | {self.there[p.gelijkluidend].inbreng for p in new if p.gelijkluidend in self.there}
        made = {punt.slug for punt in new}
        whole = numbered(self.dossier.gegeven, self.dossier.punten)
        return [
            Punt(slug=whole[given.nr], inbreng=given.nr, tekst=given.tekst)
            for given in self.dossier.gegeven
            if given.nr in named and given.nr in whole and whole[given.nr] not in made and given.tekst is not None
        ]

    def _next(self, wie: str) -> str:
        self.last[wie] += 1
        return f"{wie}-{self.last[wie]}"

    @staticmethod
    def _same(regel: Puntregel, was: object) -> bool:
        names = ("tekst", "onderdeel", "oordeel", "antwoord", "effect", "gelijkluidend")
        return all(getattr(regel, name).strip() == getattr(was, name) for name in names)

    def _kept(self, tekst: str, was: str | None, known: Verwijzing | None, wat: str) -> Verwijzing:
        return known if known is not None and was == tekst.strip() else keep_tekst(self.connection, self.house, self.slug, tekst, wat)

    def _optional(self, tekst: str, was: str | None, known: Verwijzing | None, wat: str) -> Verwijzing | None:
        return self._kept(tekst, was, known, wat) if tekst.strip() else None
