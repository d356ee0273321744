"""Random walks: one dossier on which people do anything, sensible or not, on days that only go forward.

A walk draws every choice from Hypothesis, so that it can be repeated and shrunk, and keeps what it saw for the tests to judge.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from hypothesis import note
from hypothesis import strategies as st
from sqlalchemy import Row, select

from dossiers import journal, nota, outbox, stand, tables
from dossiers.database import reading, writing
from flows import correcties, datums, stukken, use_cases
from flows.beantwoorden import Puntregel, answer_points
from flows.gezegd import Gezegd, Opgevolgd
from flows.house import House
from flows.plannen import keep_plan
from flows.use_cases import Actor
from statemachines.dossier import Dossier
from statemachines.errors import Refused
from statemachines.facts import Adres
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort, Namens, Vorm
from statemachines.journal import Entry
from statemachines.kalender import Onbekend
from statemachines.nota import Overname
from statemachines.payloads import BesluitBron, Regime, Vaststelling, Versie
from statemachines.planning.vraag import NOTHING
from statemachines.ronde import ANSWERED
from statemachines.route import ONWARD, AdviesOver, Antwoord, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stukstatus, Verzoekstaat
from tests.conftest import Clock, a_house

SLUG = "het-stuk"
DAY = timedelta(days=1)
BEGINNINGS = (date(2026, 1, 5), date(2026, 8, 31))
"""From the second, a ronde runs over New Year, when Wijdemeren becomes part of Hilversum."""

TABLES = (tables.journaal, tables.berichten, tables.teksten, tables.personen, tables.stand, tables.termijnen)
T = TypeVar("T")
Rows = dict[str, Sequence[Row[Any]]]


@dataclass(frozen=True)
class Gezien:
    """What one thing that somebody did came to: every row and the dossier before and after it, and the refusal if it was refused."""

    wat: str
    op: date
    before: Rows
    after: Rows
    was: Dossier
    dossier: Dossier
    refused: str | None


@dataclass
class Wandeling:
    """One dossier on its way; ``draw`` makes every choice. The clock and ``op`` stand on the same day."""

    house: House
    clock: Clock
    route: str
    draw: Callable[[st.SearchStrategy[Any]], Any]
    op: date
    seen: list[Gezien] = field(default_factory=list)

    # What is on record now.

    @property
    def dossier(self) -> Dossier:
        with reading(self.house.engine) as connection:
            return stand.load(connection, self.house.stelsel, SLUG)

    @property
    def entries(self) -> list[Entry]:
        with reading(self.house.engine) as connection:
            return journal.read(connection, self.house.stelsel, SLUG)

    @property
    def berichten(self) -> list[outbox.Bericht]:
        with reading(self.house.engine) as connection:
            return list(outbox.rows(connection, self.house.stelsel))

    def rows(self) -> Rows:
        with reading(self.house.engine) as connection:
            return {t.name: connection.execute(select(t).order_by(*t.primary_key)).all() for t in TABLES}

    # Choosing.

    def one_of(self, what: Sequence[T]) -> T:
        found: T = self.draw(st.sampled_from(what))
        return found

    def maybe(self, what: T, one_in: int = 2) -> T | None:
        return what if self.draw(st.integers(1, one_in)) == 1 else None

    def some(self, what: Sequence[T], most: int = 3) -> list[T]:
        found: list[T] = self.draw(st.lists(st.sampled_from(what), max_size=most, unique_by=str)) if what else []
        return found

    def a_datum(self) -> date:
        """Mostly today, often earlier, sometimes a day that has not come yet."""
        return self.op + self.one_of((0, 0, 0, 0, -3, -20, -70, 5)) * DAY

    def a_werkdag(self) -> date:
        werkdag = self.dossier.stelsel.werkkalender.roll(self.op + self.draw(st.integers(-10, 130)) * DAY)
        assert not isinstance(werkdag, Onbekend)
        return werkdag

    # Doing.

    @property
    def actor(self) -> Actor:
        return Actor("aob", "cli", str(uuid4()), self.op)

    def attempt(self, wat: str, do: Callable[[Actor], object]) -> bool:
        """Does something and keeps what it came to; a refusal is a fine answer. What was done may be sent again by a nervous hand."""
        actor, was = self.actor, self.dossier
        for wie in (wat, f"nog eens: {wat}") if self.maybe(True, 9) else (wat,):
            before, refused = self.rows(), None
            try:
                do(actor)
            except Refused as refusal:
                refused = str(refusal)
            self.seen.append(Gezien(wie, self.op, before, self.rows(), was, self.dossier, refused))
            was = self.dossier
        return self.seen[-1].refused is None

    def told(self) -> str:
        """The walk as somebody else can repeat it."""
        lines = [f"{s.op} {s.wat}: {s.refused or f'regel {s.dossier.nr}, {s.dossier.fase}'}" for s in self.seen]
        return "\n".join([f"route {self.route}", *lines])

    def go(self, op: date) -> None:
        """Time passes until ``op``."""
        self.op = max(op, self.op)
        self.clock.at = datetime.combine(self.op, time(9), UTC)

    def passes(self) -> None:
        """Days pass; mostly the round is done on the last of them."""
        self.go(self.op + self.draw(st.integers(0, 50)) * DAY)
        if not self.maybe(True, 4):
            self.round_()

    def round_(self) -> bool:
        return self.attempt("dagronde", lambda actor: list(use_cases.daily_round(self.house, actor.op, "cli")))

    def deliver(self) -> None:
        """What waits is given free and goes, but for a few that cannot be reached."""

        def do(actor: Actor) -> None:
            use_cases.release(self.house, actor, None, None)
            with writing(self.house.engine) as connection:
                taken = outbox.claim(connection, self.house.stelsel, "test", self.house.now(), timedelta(minutes=5), 1000)
                for i, bericht in enumerate(taken):
                    status = outbox.Status.MISLUKT if i % 10 == 9 else outbox.Status.VERZONDEN
                    outbox.mark(connection, self.house.stelsel, bericht.key, "test", status, None, self.house.now())

        self.attempt("bezorgen", do)

    # Deciding.

    def onward(self) -> bool:
        """What leads on, as it should be done: on the day of the vergadering, with every advice and every answer."""
        dossier = self.dossier
        stap, naast, opening = dossier.route.stap(dossier.fase), dossier.naast, dossier.opening
        if stap is None or naast is None or opening is None:
            return False
        if dossier.open_ronde is not None:
            self.go(dossier.open_ronde.sluit_op + DAY)
            return self.round_()
        self.go((opening.zitting and opening.zitting.vergadering) or self.op)
        for missing in naast.missing:
            self.advise(missing)
        self.answer_all()
        for gremium in naast.waiting or (stap.gremium,):
            uitkomst = next(u for u in ONWARD if stap.uitkomsten.get(u) == stap.onward)
            followed = [Opgevolgd(slug, True) for slug in self.dossier.naast.given] if self.dossier.naast else []
            self.besluit(gremium, uitkomst, self.op, adviezen=followed)
        return self.dossier.fase != dossier.fase

    def besluit(self, orgaan: str, uitkomst: Uitkomst, datum: date, **rest: Any) -> bool:
        return self.attempt(
            f"besluit van {orgaan}: {uitkomst.value} op {datum} {rest or ''}",
            lambda actor: use_cases.register_besluit(self.house, actor, SLUG, orgaan, uitkomst, datum, **rest),
        )

    def decide(self) -> None:
        """A gremium decides, mostly the one whose turn it is, with anything that can go with a besluit."""
        dossier = self.dossier
        stap, stelsel = dossier.route.stap(dossier.fase), dossier.stelsel
        turn = [stap.gremium, *stap.naast, *([stap.combi] if stap.combi else [])] if stap else []
        gremium = self.one_of([*turn * 4, "av", "bestuur", "raadtafel", "nergens"])
        uitkomst = self.one_of([*(stap.possible if stap else ()), *Uitkomst])
        rest: dict[str, Any] = {"bron": self.one_of(list(BesluitBron))}
        rest |= {"reden": "Dit is de reden."} if not self.maybe(True, 4) else {}
        rest |= {"afwijking": "Er is haast.", "toegestaan_door": "voorzitter"} if self.maybe(True, 4) else {}
        rest |= {"stap": self.one_of([s.slug for s in dossier.route.stappen])} if self.maybe(True, 8) else {}
        given = [*(dossier.naast.given if dossier.naast else ()), *self.some(["raadtafel"], 1)]
        said = [Opgevolgd(g, self.one_of((True, False)), self.maybe("Dit kan nu niet.")) for g in dict.fromkeys(given)]
        rest |= {"adviezen": said} if not self.maybe(True, 6) else {}
        rest |= {"standpunten": self.standpunten(stelsel)} if self.maybe(True, 4) else {}
        self.besluit(gremium, uitkomst, self.a_datum(), **rest)

    def standpunten(self, stelsel: Stelsel) -> list[Gezegd]:
        van = ["almere", "wijdemeren", "hilversum", "gooi-en-vechtstreek", "nergens"]
        return [Gezegd(slug, self.one_of(list(Regime)), f"{slug} ziet dit anders.", *self.a_plek()) for slug in self.some(van, 2)]

    def a_plek(self) -> tuple[tuple[str, ...], str | None, Versie | None]:
        """The part of the document that something is about."""
        stuk = self.one_of([None, None, *self.dossier.stukken])
        if stuk is None:
            return (), None, None
        versie = self.one_of(self.dossier.stukken[stuk])
        return tuple(self.some([*versie.onderdelen, "geen-onderdeel"], 1)), stuk, versie.versie

    def decide_in_ronde(self) -> None:
        """A deelnemer decides in a ronde of besluiten."""
        asked = [slug for ronde in self.dossier.rondes if ronde.antwoord is Antwoord.BESLUIT for slug in ronde.standen]
        uitkomst = self.one_of([*ONWARD[:2], Uitkomst.NIET_INGESTEMD, Uitkomst.AANHOUDEN])
        self.besluit(self.one_of([*asked, "college-almere"]), uitkomst, self.a_datum())

    def all_decide(self) -> None:
        """Every college that still has to, decides today; the last one may close the ronde."""
        ronde = self.dossier.open_ronde
        if ronde is not None and ronde.antwoord is Antwoord.BESLUIT:
            for orgaan in list(ronde.silent)[: self.one_of((40, 12))]:
                self.besluit(orgaan, Uitkomst.AKKOORD, self.op)

    # Giving inbreng and advice.

    def inbreng(self, van: str, inbreng: Inbreng, datum: date, tekst: str | None, indiener: str | None = None) -> bool:
        return self.attempt(
            f"inbreng van {van} op {datum}: {inbreng.model_dump(exclude_defaults=True, mode='json')} {tekst or 'zonder tekst'}",
            lambda actor: use_cases.register_inbreng(self.house, actor, SLUG, van, inbreng, datum, tekst=tekst, indiener=indiener),
        )

    def react(self) -> None:
        """A deelnemer gives inbreng of any kind, or tells how far it is; now and then one that was not asked."""
        rondes = self.dossier.rondes
        asked = [slug for ronde in rondes for slug in ronde.standen]
        answered = [slug for ronde in rondes for slug, s in ronde.standen.items() if s.staat in ANSWERED]
        van = self.one_of([*asked, *answered * 6, "raad-wijdemeren", "raad-hilversum", "almere", "amsterdam", "nergens"])
        onderdelen, stuk, versie = self.a_plek()
        soort = self.one_of([InbrengSoort.REACTIE] * 5 + list(InbrengSoort))
        tells = soort in (InbrengSoort.ONTVANGEN, InbrengSoort.BEHANDELING)
        inbreng = Inbreng(
            soort=soort,
            namens=None if tells else self.one_of([None, None, *Namens]),
            vorm=None if tells else self.one_of([None, *Vorm]),
            vastgesteld_op=self.maybe(self.op - 2 * DAY, 5),
            behandelwijze=self.one_of(list(Behandelwijze)) if soort is InbrengSoort.BEHANDELING else None,
            geagendeerd_op=self.maybe(self.op + 9 * DAY) if tells else None,
            stuk=stuk,
            versie=versie,
            onderdelen=onderdelen,
        )
        tekst = None if tells else self.one_of([None, "Wij missen het openbaar vervoer.", "Goed stuk."])
        self.inbreng(van, inbreng, self.a_datum(), tekst, self.maybe("De griffier", 4))

    def all_react(self) -> None:
        """A handful of raden react today, each in its own words."""
        ronde = self.dossier.open_ronde
        if ronde is not None and ronde.antwoord is Antwoord.INBRENG:
            for orgaan in self.some(list(ronde.silent), 4):
                self.inbreng(orgaan, Inbreng(soort=InbrengSoort.REACTIE, namens=Namens.RAAD), self.op, f"{orgaan} wil meer groen.")

    def bundle(self) -> None:
        """A deelregio brings together what its deelnemers gave, or tries to with what others gave."""
        deelregio = self.one_of([d.slug for d in self.dossier.stelsel.deelregios])
        given = self.dossier.gegeven
        own = [g.nr for g in given if g.orgaan != deelregio and self.dossier.stelsel.deelnemer(g.wie).deelregio == deelregio]
        bundelt = own if self.maybe(True) else self.some([g.nr for g in given], 2)
        self.inbreng(deelregio, Inbreng(soort=InbrengSoort.REACTIE, bundelt=tuple(bundelt)), self.a_datum(), "Samen vinden wij dit.")

    def advise(self, gremium: str) -> None:
        self.inbreng(gremium, Inbreng(soort=InbrengSoort.ADVIES, over=AdviesOver.PROCES), self.op, "Neem meer tijd.")

    def any_advice(self) -> None:
        """A gremium advises, or is asked to; asked or unasked, complete or not."""
        gremium = self.one_of(["raadtafel", "raadtafel", "directeurenoverleg", "bestuur", "platform-ruimte", "nergens"])
        soort = self.one_of([InbrengSoort.ADVIES, InbrengSoort.ADVIES, InbrengSoort.ADVIESVRAAG])
        inbreng = Inbreng(soort=soort, over=self.one_of([*AdviesOver, None]))
        self.inbreng(gremium, inbreng, self.a_datum(), "Neem meer tijd." if soort is InbrengSoort.ADVIES else None)

    # Papers and answers.

    def describe(self) -> None:
        """A versie of a document is registered, or said anew."""
        parts = ("inleiding", "groen", "wonen")
        status = self.one_of(list(Stukstatus))
        wat = stukken.Beschrijving(
            stuk=self.one_of(("visie", "bijlage")),
            versie=self.one_of(list(Versie)),
            status=status,
            titel=self.maybe("De visie"),
            onderdelen=self.some(parts),
            wijzigt=self.some([*parts, "geen-onderdeel"], 1),
            openbaar_vanaf=self.op + 7 * DAY if status is Stukstatus.ONDER_EMBARGO else None,
        )
        datum = self.a_datum()
        self.attempt(f"stuk op {datum}: {wat}", lambda actor: stukken.register_stuk(self.house, actor, SLUG, wat, datum))

    def ask_papers(self) -> None:
        """Papers are asked for, or something becomes of a request."""
        datum, known = self.a_datum(), list(self.dossier.verzoeken)
        if known and self.maybe(True):
            nr, staat, why = self.one_of([*known, 1]), self.one_of(list(Verzoekstaat)), self.maybe("Dit is er niet.")
            self.attempt(
                f"verzoek {nr} op {datum}: {staat.value} {why or ''}",
                lambda actor: stukken.answer_verzoek(self.house, actor, SLUG, nr, staat, datum, toelichting=why),
            )
            return
        van, until = self.one_of(("almere", "raad-diemen", "raadtafel", "nergens")), self.op + self.one_of((14, -90)) * DAY
        self.attempt(
            f"verzoek van {van} op {datum}, uiterlijk {until}",
            lambda actor: stukken.ask_papers(self.house, actor, SLUG, van, "cijfers", "mra-directie", until, datum),
        )

    def the_nota(self) -> nota.Nota:
        with reading(self.house.engine) as connection:
            return nota.nota(connection, self.house.stelsel, SLUG)

    def answers(self, regels: Sequence[Puntregel], vervallen: Sequence[str] = ()) -> bool:
        wat = "; ".join(f"{r.punt or 'nieuw'} bij {r.inbreng}: {r.oordeel or '-'} = {r.gelijkluidend or '-'}" for r in regels)
        return self.attempt(
            f"antwoorden {wat} vervallen {vervallen}",
            lambda actor: answer_points(self.house, actor, SLUG, regels, vervallen=vervallen),
        )

    def answer_all(self) -> None:
        """Every point that still lacks an answer gets one."""
        there = self.the_nota()
        regels = [a_regel(punt, Overname.DEELS) for punt in there.punten if punt.punt in there.open]
        if regels:
            self.answers(regels)

    def any_answers(self) -> None:
        """Points are split, answered, said to be the same as others, or fall away."""
        there = self.the_nota().punten
        if not there:
            return
        names = ["", "", *(punt.punt for punt in there), "geen-1"]
        regels = [
            a_regel(punt, self.one_of([None, *Overname]), self.one_of(names), punt.punt if self.one_of((1, 2, 3)) < 3 else "")
            for punt in self.some(there)
        ]
        self.answers(regels, self.some([p.punt for p in there], 1) if self.maybe(True, 3) else ())

    # Dates.

    def move(self) -> None:
        """The sluitingsdatum or vergadering moves, with haste or not, to a day that may be impossible."""
        naar, spoed = self.a_werkdag(), self.maybe("voorzitter", 3)
        self.attempt(
            f"verzet naar {naar} {spoed or ''}", lambda actor: datums.move_datum(self.house, actor, SLUG, naar, "Meer tijd.", spoed=spoed)
        )

    def postpone(self) -> None:
        """One, some or all get more time, or are asked again."""
        ronde = self.dossier.ronde
        asked = list(ronde.standen) if ronde else ["raad-almere"]
        voor = self.one_of([self.some([*asked, "raad-wijdemeren", "hilversum", "nergens"]), asked])
        until, again = self.a_werkdag(), self.one_of((False, False, True))
        self.attempt(
            f"uitstel {'opnieuw ' * again}tot {until} voor {voor if len(voor) < 5 else 'allen'}",
            lambda actor: datums.give_uitstel(self.house, actor, SLUG, voor, until, "Zij vroegen erom.", opnieuw=again),
        )

    def plan(self) -> None:
        self.attempt("plannen", lambda actor: keep_plan(self.house, actor, SLUG, NOTHING, "Zo gaat het lukken."))

    # Mending.

    def correct(self) -> None:
        """Something that was written is corrected, as far as that can be."""
        nr = self.one_of(range(1, self.dossier.nr + 2))
        rest = self.one_of(
            (
                {"tekst": "Zo bedoelden wij het."},
                {"waarom": "Dit was de reden."},
                {"bron": BesluitBron.VERSLAG},
                {"vaststelling": Vaststelling.GEWIJZIGD},
                {"standpunten": [Gezegd("almere", Regime.INHOUDELIJK, "Almere ziet dit anders.")]},
            )
        )
        self.attempt(f"correctie van {nr}: {rest}", lambda actor: correcties.correct(self.house, actor, SLUG, nr, "Fout.", **rest))

    def revoke(self) -> None:
        """The last besluit is revoked, or something that cannot be."""
        last = self.dossier.laatste_zet
        nr = self.one_of((last, last, last, max(last - 1, 1), self.dossier.nr))
        self.attempt(f"herroep {nr}", lambda actor: correcties.revoke_besluit(self.house, actor, SLUG, nr, "Vergissing."))

    def erase(self) -> None:
        """A text or a person is erased, or one that is not there."""
        ids = [*texts_of(self.entries), "geen-tekst"]
        i = self.draw(st.integers(0, len(ids) - 1))
        self.attempt(f"wis tekst {i}", lambda actor: correcties.erase(self.house, actor, SLUG, ids[i], "AVG-verzoek"))

    def step(self, wat: Sequence[str]) -> None:
        """One thing of these happens."""
        getattr(self, self.one_of(wat))()


ANYTHING = (
    *("onward", "decide", "decide", "decide_in_ronde", "all_decide", "react", "react", "all_react", "bundle", "any_advice"),
    *("describe", "ask_papers", "any_answers", "answer_all", "move", "postpone", "plan", "correct", "revoke", "erase"),
    *("passes", "passes", "passes", "deliver"),
)
"""What can happen on a walk, by the name of what does it."""


def a_regel(punt: nota.Notapunt, oordeel: Overname | None, same: str = "", slug: str | None = None) -> Puntregel:
    """A row of the Nota as somebody filled it in; without ``slug`` it stays the row that it was."""
    said = oordeel.value if oordeel and not same else ""
    tekst = punt.tekst or "Dit staat in de brief."
    return Puntregel(punt.punt if slug is None else slug, punt.inbreng, tekst, "", said, f"Wij doen dit {said}." if said else "", "", same)


def texts_of(entries: Sequence[Entry]) -> list[str]:
    """The ids of every text and person that the entries name, in order."""

    def ids(value: object) -> Iterator[str]:
        if isinstance(value, dict) and value.keys() == {"id", "sha256"}:
            yield value["id"]
        elif isinstance(value, dict | list):
            for part in value.values() if isinstance(value, dict) else value:
                yield from ids(part)

    return list(dict.fromkeys(ident for e in entries for ident in ids(e.payload.model_dump(mode="json"))))


@contextmanager
def a_walk(data: st.DataObject, facts: tuple[Stelsel, tuple[Adres, ...]], route: str, begin: date, goes: int) -> Iterator[Wandeling]:
    """A dossier that was opened on ``begin`` and went on ``goes`` times as it should; what happened is told when a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        house = a_house(f"sqlite:///{folder}/kader.db", Path(folder), clock)
        walk = Wandeling(house, clock, route, data.draw, begin)
        walk.go(begin)
        use_cases.accept_facts(house, walk.actor, *facts, "begin")
        use_cases.open_dossier(house, walk.actor, SLUG, route, "Het stuk", begin, trekker="mra-directie")
        try:
            for _ in range(goes):
                walk.onward()
            yield walk
        except BaseException:
            note(walk.told())
            raise
        finally:
            house.engine.dispose()
