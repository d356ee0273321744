"""What people do on a random walk, sensible or not: giving inbreng, papers and answers, deciding, moving dates, mending the record."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import note

from dossiers import nota
from flows import correcties, datums, stukken, use_cases
from flows.beantwoorden import Puntregel, answer_points
from flows.gezegd import Gezegd, Opgevolgd
from flows.plannen import keep_plan
from statemachines.facts import Adres
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort
from statemachines.nota import Overname
from statemachines.payloads import BesluitBron, Namens, Regime, Vaststelling, Versie, Vorm
from statemachines.planning.vraag import NOTHING
from statemachines.ronde import ANSWERED
from statemachines.route import ONWARD, AdviesOver, Antwoord, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stukstatus, Verzoekstaat
from tests.conftest import Clock, a_house
from tests.dossiers.walking import DAY, SLUG, Wandeling, texts_of

BEGINNINGS = (date(2026, 1, 5), date(2026, 8, 31))
"""From the second, a ronde runs over New Year, when Wijdemeren becomes part of Hilversum."""


class Inbrengen(Wandeling):
    """Giving inbreng and advice."""

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
            self.go(ronde.van)
            for orgaan in self.some(list(ronde.silent), 4):
                self.inbreng(orgaan, Inbreng(soort=InbrengSoort.REACTIE, namens=Namens.RAAD), self.op, f"{orgaan} wil meer groen.")

    def bundle(self) -> None:
        """A deelregio brings together what its deelnemers gave, or tries to with what others gave."""
        deelregio = self.one_of([d.slug for d in self.dossier.stelsel.deelregios])
        given = self.dossier.gegeven
        own = [g.nr for g in given if not g.bundelt and self.dossier.stelsel.deelnemer(g.wie).deelregio == deelregio]
        bundelt = own if self.one_of((True, False)) else self.some([g.nr for g in given], 2)
        self.inbreng(deelregio, Inbreng(soort=InbrengSoort.REACTIE, bundelt=tuple(bundelt)), self.a_datum(), "Samen vinden wij dit.")

    def advise(self, gremium: str) -> None:
        self.inbreng(gremium, Inbreng(soort=InbrengSoort.ADVIES, over=AdviesOver.PROCES), self.op, "Neem meer tijd.")

    def any_advice(self) -> None:
        """A gremium advises, or is asked to; asked or unasked, complete or not."""
        gremium = self.one_of(["raadtafel", "raadtafel", "directeurenoverleg", "bestuur", "platform-ruimte", "nergens"])
        soort = self.one_of([InbrengSoort.ADVIES, InbrengSoort.ADVIES, InbrengSoort.ADVIESVRAAG])
        inbreng = Inbreng(soort=soort, over=self.one_of([*AdviesOver, None]))
        self.inbreng(gremium, inbreng, self.a_datum(), "Neem meer tijd." if soort is InbrengSoort.ADVIES else None)


class Papieren(Wandeling):
    """Papers, and the answers of the Nota van Beantwoording."""

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
        if self.one_of((True, False)) and known:
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


class Besluiten(Inbrengen, Papieren):
    """Deciding."""

    def onward(self) -> bool:
        """What leads on, as it should be done: on the day of the vergadering, with every advice and every answer."""
        return self.lead_on(careful=True)

    def hasten(self) -> bool:
        """What leads on, without a look at the answers; now and then somebody allowed that."""
        return self.lead_on(careful=False)

    def lead_on(self, careful: bool) -> bool:
        dossier = self.dossier
        stap, naast, opening = dossier.route.stap(dossier.fase), dossier.naast, dossier.opening
        if stap is None or naast is None or opening is None:
            return False
        if dossier.open_ronde is not None:
            self.all_react()
            self.go(dossier.open_ronde.sluit_op + DAY)
            return self.round_()
        self.go((opening.zitting and opening.zitting.vergadering) or self.op)
        for missing in naast.missing:
            self.advise(missing)
        if careful:
            self.answer_all()
        allowed: dict[str, str] = (
            {"afwijking": "Er is haast.", "toegestaan_door": "voorzitter"} if not careful and self.maybe(True, 3) else {}
        )
        for gremium in naast.waiting or (stap.gremium,):
            uitkomst = next(u for u in ONWARD if stap.uitkomsten.get(u) == stap.onward)
            followed = [Opgevolgd(slug, True) for slug in self.dossier.naast.given] if self.dossier.naast else []
            self.besluit(gremium, uitkomst, self.op, adviezen=followed, **allowed)
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

    def decide_in_ronde(self) -> None:
        """A deelnemer decides in a ronde of besluiten."""
        asked = [slug for ronde in self.dossier.rondes if ronde.antwoord is Antwoord.BESLUIT for slug in ronde.standen]
        uitkomst = self.one_of([*ONWARD[:2], Uitkomst.NIET_INGESTEMD, Uitkomst.AANHOUDEN])
        self.besluit(self.one_of([*asked, "college-almere"]), uitkomst, self.a_datum())

    def all_decide(self) -> None:
        """Every college that still has to, decides today; the last one may close the ronde."""
        ronde = self.dossier.open_ronde
        if ronde is not None and ronde.antwoord is Antwoord.BESLUIT:
            self.go(ronde.van)
            for orgaan in list(ronde.silent)[: self.one_of((40, 12))]:
                self.besluit(orgaan, Uitkomst.AKKOORD, self.op)


class Datums(Wandeling):
    """Dates that move."""

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


class Herstel(Wandeling):
    """Mending the record."""

    def correct(self) -> None:
        """Something that was written is corrected, as far as that can be."""
        nr = self.one_of(range(1, self.dossier.nr + 2))
        rest: dict[str, Any] = self.one_of(
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

    def take_back(self) -> None:
        """The last besluit is revoked when everyone has just heard what it opened."""
        self.deliver()
        nr = self.dossier.laatste_zet
        self.attempt(f"herroep {nr}", lambda actor: correcties.revoke_besluit(self.house, actor, SLUG, nr, "Vergissing."))

    def erase(self) -> None:
        """A text or a person is erased, or one that is not there."""
        ids = [*texts_of(self.entries), "geen-tekst"]
        i = self.dice.randrange(len(ids))
        self.attempt(f"wis tekst {i}", lambda actor: correcties.erase(self.house, actor, SLUG, ids[i], "AVG-verzoek"))


class Mensen(Besluiten, Datums, Herstel):
    """All that people do."""


ANYTHING = (
    *("onward", "decide", "decide", "decide_in_ronde", "all_decide", "react", "react", "all_react", "all_react", "bundle", "any_advice"),
    *("describe", "ask_papers", "any_answers", "answer_all", "move", "postpone", "plan", "correct", "revoke", "erase"),
    *("passes", "passes", "passes", "deliver"),
)
"""What can happen on a walk, by the name of what does it."""


def a_regel(punt: nota.Notapunt, oordeel: Overname | None, same: str = "", slug: str | None = None) -> Puntregel:
    """A row of the Nota as somebody filled it in; without ``slug`` it stays the row that it was."""
    said = oordeel.value if oordeel and not same else ""
    tekst = punt.tekst or "Dit staat in de brief."
    return Puntregel(punt.punt if slug is None else slug, punt.inbreng, tekst, "", said, f"Wij doen dit {said}." if said else "", "", same)


@contextmanager
def a_walk(seed: int, facts: tuple[Stelsel, tuple[Adres, ...]], route: str, begin: date, goes: int) -> Iterator[Mensen]:
    """A dossier that was opened on ``begin`` and went on ``goes`` times as it should; what happened is told when a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        house = a_house(f"sqlite:///{folder}/kader.db", Path(folder), clock)
        walk = Mensen(house, clock, route, Random(seed), begin)
        walk.go(begin)
        use_cases.accept_facts(house, walk.actor, *facts, "begin")
        use_cases.open_dossier(house, walk.actor, SLUG, route, "Het stuk", begin, trekker="mra-directie")
        walk.look()
        try:
            for _ in range(goes):
                walk.onward()
            yield walk
        except BaseException:
            note(walk.told())
            raise
        finally:
            house.engine.dispose()
