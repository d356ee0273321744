"""Two years of the MRA as people live them: dossiers, councils, planners and a secretariat on a clock that moves, all by dice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select

from dossiers import outbox, stand
from dossiers.database import reading, writing
from dossiers.nota import nota
from dossiers.outbox import GEEN_DOSSIER, TOLD, Bericht, Status
from dossiers.tables import stand as stand_table
from dossiers.tables import termijnen
from flows import correcties, datums, use_cases, vrijgeven
from flows.beantwoorden import Puntregel, answer_points
from flows.house import House
from flows.periodiek import whole_round
from flows.plannen import keep_plan
from flows.use_cases import Actor
from notifications.kijk import OPENED
from statemachines.dossier import Dossier
from statemachines.due import LOPEND
from statemachines.errors import Refused
from statemachines.facts import Adres, Kring
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort
from statemachines.kalender import DAY
from statemachines.nota import Overname
from statemachines.payloads import BesluitBron, Namens
from statemachines.planning.kans import kansen_in
from statemachines.planning.planner import Planner
from statemachines.planning.vraag import NOTHING, Wens
from statemachines.ronde import Ronde
from statemachines.route import Antwoord, StapRol, Uitkomst
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.notifications.true_today import untrue

FIRST, LAST = date(2026, 1, 5), date(2027, 12, 30)
OPENINGS = (
    ("voortgangsnota-2025", "voortgangsnota", FIRST),
    ("mra-agenda-2028", "mra-agenda", date(2026, 1, 12)),
    ("verstedelijking", "afgeleid-kaderdocument", date(2026, 7, 6)),
    ("jaarplan-2027", "jaarplan-begroting", date(2026, 8, 31)),
    ("voortgangsnota-2026", "voortgangsnota", date(2026, 8, 31)),  # its ronde runs over New Year, when Wijdemeren ends
    ("begroting-2028", "meerjarenbegroting", date(2026, 11, 2)),
    ("teruggedraaid", "afgeleid-kaderdocument", date(2027, 1, 11)),
    ("afgeblazen", "voortgangsnota", date(2027, 4, 5)),
    ("jaarplan-2028", "jaarplan-begroting", date(2027, 8, 30)),
)
VERGETEN = "begroting-2028"
"""Nobody gives its opening free."""
TERUGGEDRAAID = "teruggedraaid"
"""The besluit that opened its ronde is revoked when everyone has heard of it."""
AFGEBLAZEN = "afgeblazen"
"""Withdrawn when its ronde was announced."""
VERZET = "voortgangsnota-2025"
"""Its sluitingsdatum moves."""
AANGEHOUDEN = ("mra-agenda-2028", "jaarplan-2027", "jaarplan-2028", "begroting-2028")
"""Gremia hold these over, up to three times."""
HEEN_EN_WEER = "verstedelijking"
"""Its sluitingsdatum moves and moves back before anybody heard of it."""
GEEN_ADRES = frozenset({"griffie-oostzaan", "adviseur-oostzaan"})
"""Nobody knows where these can be reached."""


@dataclass(frozen=True)
class Bezorgd:
    """A message that reached somebody, and on which day; ``onwaar`` says what in it was not true on that day."""

    dag: date
    bericht: Bericht
    onwaar: tuple[str, ...]


@dataclass(frozen=True)
class Gevraagd:
    """One organ in one ronde: who hears for it, and until when it could still start its own way, seen when the ronde opened.

    ``past`` says whether its own way fits in the termijn; None when that is not known.
    """

    slug: str
    onderwerp: str
    orgaan: str
    griffie: str
    kring: Kring
    van: date
    laatste: date
    past: bool | None


@dataclass
class Jaren:
    """The two years; what was seen is kept for the tests to judge."""

    house: House
    clock: Clock
    feiten: Stelsel
    dice: Random = field(default_factory=lambda: Random(2026))
    day: date = FIRST
    bezorgd: list[Bezorgd] = field(default_factory=list)
    gevraagd: dict[tuple[str, str, str], Gevraagd] = field(default_factory=dict)
    gaf: dict[tuple[str, str, str], date] = field(default_factory=dict)
    gemist: list[tuple[date, Bericht]] = field(default_factory=list)
    geweigerd: list[str] = field(default_factory=list)
    onbezocht: list[str] = field(default_factory=list)
    gebeurd: Counter[str] = field(default_factory=Counter)
    agenda: dict[date, list[Callable[[], object]]] = field(default_factory=dict)
    _loaded: dict[str, Dossier] = field(default_factory=dict)
    _waited: set[date] = field(default_factory=set)
    _seen: set[tuple[str, str, date]] = field(default_factory=set)

    def play(self, adressen: tuple[Adres, ...]) -> None:
        self._go(FIRST)
        use_cases.accept_facts(self.house, self.actor, self.feiten, adressen, "begin")
        for slug, route, op in OPENINGS:
            self._later(op, lambda slug=slug, route=route: self._open(slug, route))  # type: ignore[misc]
        self._later(date(2026, 11, 9), self._other_catalogue)
        while self.day <= LAST:
            self._live()
            self._go(min(self._next_days()))

    @property
    def actor(self) -> Actor:
        return Actor("aob", "cli", str(uuid4()), self.day)

    def _go(self, day: date) -> None:
        self.day = day
        self.clock.at = datetime.combine(day, time(9), UTC)

    def _werkdag(self, day: date) -> date:
        found = self.feiten.werkkalender.roll(day)
        assert isinstance(found, date)
        return found

    def _later(self, day: date, do: Callable[[], object]) -> None:
        self.agenda.setdefault(self._werkdag(day), []).append(do)

    def _next_days(self) -> Iterator[date]:
        """The first werkdag of the next week, and whatever is known to come before it."""
        yield self._werkdag(self.day + (7 - self.day.weekday()) * DAY)
        yield from (day for day in self.agenda if day > self.day)
        with reading(self.house.engine) as connection:
            later = select(func.min(termijnen.c.vanaf)).where(termijnen.c.vanaf > self.day)
            first = connection.execute(later).scalar()
        if first is not None:
            yield self._werkdag(first)
        for dossier in self.dossiers():
            zitting = dossier.opening.zitting if dossier.opening else None
            if zitting is not None and zitting.vergadering is not None and zitting.vergadering > self.day:
                yield zitting.vergadering

    def dossiers(self) -> list[Dossier]:
        with reading(self.house.engine) as connection:
            for slug, nr in connection.execute(select(stand_table.c.slug, stand_table.c.nr)):
                if slug not in self._loaded or self._loaded[slug].nr != nr:
                    self._loaded[slug] = stand.load(connection, self.house.stelsel, slug)
        return [self._loaded[slug] for slug in sorted(self._loaded)]

    # A day.

    def _live(self) -> None:
        for do in self.agenda.pop(self.day, []):
            try:
                do()
            except Refused as refusal:
                self.geweigerd.append(f"{self.day}: {refusal}")
        for dossier in self.dossiers():
            zitting = dossier.opening.zitting if dossier.opening else None
            if zitting is not None and zitting.vergadering == self.day:
                self._decide(dossier)
        list(whole_round(self.house, self.day, "cli"))
        self._look()
        self._give_free()
        self._deliver()

    def _look(self) -> None:
        """Councils that hear of a ronde make up their minds; a dossier with an open ronde must be one that the round visits."""
        with reading(self.house.engine) as connection:
            due = set(stand.due_slugs(connection, self.house.stelsel, self.day))
            lopend = {row.slug for row in connection.execute(select(termijnen.c.slug).where(termijnen.c.wat == LOPEND))}
        for dossier in self.dossiers():
            ronde = dossier.open_ronde
            if ronde is None:
                continue
            if dossier.slug not in lopend or (self.day > ronde.van and dossier.slug not in due):
                self.onbezocht.append(f"{self.day} {dossier.slug}")
            if (dossier.slug, ronde.stap, ronde.van) not in self._seen:
                self._seen.add((dossier.slug, ronde.stap, ronde.van))
                self._opens(dossier, ronde)

    def _give_free(self) -> None:
        """Mostly the same day, sometimes the next; the opening of one dossier never."""
        tomorrow = self._werkdag(self.day + DAY)
        if self.day not in self._waited and self.dice.random() < 0.3:
            self._waited.add(tomorrow)
            self.agenda.setdefault(tomorrow, [])
            return
        for dossier in self.dossiers():
            if dossier.slug != VERGETEN or dossier.open_ronde is None:
                with suppress(Refused):
                    vrijgeven.release(self.house, self.actor, dossier.slug, None)

    def _deliver(self) -> None:
        now, here = self.house.now(), {dossier.slug: dossier for dossier in self.dossiers()}
        with writing(self.house.engine) as connection:
            for bericht in outbox.claim(connection, self.house.stelsel, "post", now, timedelta(minutes=5), 10_000):
                status, niet_voor = self._arrives(bericht)
                assert outbox.mark(connection, self.house.stelsel, bericht.key, "post", status, None, now, niet_voor)
                if status in TOLD:
                    slug = bericht.key.slug
                    wrong = () if slug == GEEN_DOSSIER else tuple(untrue(here[slug], bericht, self.day, self.feiten))
                    self.bezorgd.append(Bezorgd(self.day, bericht, wrong))
                elif status is Status.MISLUKT:
                    self.gemist.append((self.day, bericht))

    def _arrives(self, bericht: Bericht) -> tuple[Status, datetime | None]:
        luck = self.dice.random()
        if bericht.key.ontvanger in GEEN_ADRES or luck < 0.01:
            return Status.MISLUKT, None
        if luck < 0.03 and bericht.pogingen < 3:
            return Status.VRIJGEGEVEN, self.house.now() + timedelta(minutes=60)
        return (Status.ONBEKEND if luck < 0.04 else Status.VERZONDEN), self.house.now() + timedelta(days=9999)

    # People.

    def _open(self, slug: str, route: str) -> None:
        use_cases.open_dossier(self.house, self.actor, slug, route, f"Titel van {slug}", self.day)
        self._later(self.day + DAY, lambda: self._plan(slug))
        if slug in (HEEN_EN_WEER, "begroting-2028"):
            self._later(self.day + 28 * DAY, lambda: self._plan(slug, Wens(weken=9)))

    def _plan(self, slug: str, wens: Wens = NOTHING) -> None:
        keep_plan(self.house, self.actor, slug, wens, "Zo is het afgesproken")
        self.gebeurd["gepland"] += 1

    def _other_catalogue(self) -> None:
        """Councils are reminded earlier, and an adviser does not hear the announcement any more."""
        other: dict[str, dict[str, Any]] = {"herinnering": {"werkdagen": 12}, "aankondiging": {"wie": ("griffie", "statengriffie")}}
        berichten = tuple(soort.model_copy(update=other.get(soort.slug, {})) for soort in self.feiten.berichten)
        self.feiten = self.feiten.model_copy(update={"berichten": berichten})
        assert use_cases.accept_facts(self.house, self.actor, self.feiten, (), "andere afspraken") is not None
        self.gebeurd["andere catalogus"] += 1

    def _decide(self, dossier: Dossier) -> None:
        stap = dossier.route.stap(dossier.fase)
        assert stap is not None
        uitkomst = next(u for u in stap.possible if stap.uitkomsten[u] == stap.onward)
        if dossier.slug == AFGEBLAZEN and stap.rol is StapRol.VRIJGEVEN:
            uitkomst = Uitkomst.INTREKKEN
            self.gebeurd["ingetrokken"] += 1
        elif (
            Uitkomst.AANHOUDEN in stap.uitkomsten
            and dossier.slug in AANGEHOUDEN
            and self.gebeurd["aangehouden"] < 3
            and self.dice.random() < 0.4
        ):
            uitkomst = Uitkomst.AANHOUDEN
            self._later(self.day + 3 * DAY, lambda: self._plan(dossier.slug))
            self.gebeurd["aangehouden"] += 1
        if dossier.open_punten and uitkomst is not Uitkomst.AANHOUDEN:
            self._answer_the_nota(dossier)
        gremia = dossier.naast.waiting if dossier.naast is not None and dossier.naast.gremia else (stap.gremium,)
        for gremium in gremia:
            use_cases.register_besluit(self.house, self.actor, dossier.slug, gremium, uitkomst, self.day, reden="Zo besloot men")

    def _answer_the_nota(self, dossier: Dossier) -> None:
        with reading(self.house.engine) as connection:
            waiting = [punt for punt in nota(connection, self.house.stelsel, dossier.slug).punten if punt.punt in dossier.open_punten]
        first, *others = waiting
        answer = Puntregel(first.punt, first.inbreng, first.tekst, oordeel=Overname.OVERGENOMEN.value, antwoord="Dat doen wij.")
        same = [Puntregel(punt.punt, punt.inbreng, punt.tekst, gelijkluidend=first.punt) for punt in others]
        answer_points(self.house, self.actor, dossier.slug, [answer, *same])

    def _opens(self, dossier: Dossier, ronde: Ronde) -> None:
        kansen, about = kansen_in(Planner(self.feiten, ronde.van), ronde), f"{ronde.stap}/{ronde.bezoek}"
        for orgaan in ronde.standen:
            wie, kans = dossier.stelsel.orgaan(orgaan), kansen[orgaan]
            laatste = kans.tot if kans.haalt and kans.tot is not None else ronde.tot_en_met
            key = (dossier.slug, about, orgaan)
            self.gevraagd[key] = Gevraagd(*key, wie.ontvanger.slug, ronde.kring, ronde.van, laatste, kans.haalt)
            self._council(dossier.slug, ronde, orgaan)
        until, slug = ronde.tot_en_met, dossier.slug
        asked = [o for o in ronde.standen if dossier.stelsel.exists(o, until)]
        if ronde.antwoord is Antwoord.INBRENG:
            self._later(ronde.van + 21 * DAY, lambda: self._uitstel(slug, asked[3:6], self._werkdag(until + 14 * DAY)))
        if slug == VERZET:
            self._later(ronde.van + 14 * DAY, lambda: self._move(slug, self._werkdag(until + 7 * DAY)))
        if slug == HEEN_EN_WEER:
            self._later(ronde.van + 16 * DAY, lambda: self._move(slug, self._werkdag(until + 7 * DAY)))
            self._later(ronde.van + 16 * DAY, lambda: self._move(slug, until))
        if slug == TERUGGEDRAAID and not self.gebeurd["herroepen"] and ronde.antwoord is Antwoord.INBRENG:
            self._later(ronde.van + 2 * DAY, lambda: self._revoke(slug))

    def _council(self, slug: str, ronde: Ronde, orgaan: str) -> None:
        """Some answer early, some late, some never, some only tell what they will do with it."""
        span, luck = (ronde.tot_en_met - ronde.van).days, self.dice.random()
        early, late = self._on_monday(ronde.van, span // 6), self._on_monday(ronde.van, span * 4 // 5)
        if ronde.antwoord is Antwoord.BESLUIT:
            self._later(early if luck < 0.5 else late, lambda: self._besluit(slug, orgaan))
            return
        if luck < 0.25:
            self._later(early, lambda: self._inbreng(slug, ronde, orgaan, InbrengSoort.REACTIE))
        elif luck < 0.65:
            self._later(late, lambda: self._inbreng(slug, ronde, orgaan, InbrengSoort.REACTIE))
        elif luck < 0.8:
            self._later(early, lambda: self._inbreng(slug, ronde, orgaan, InbrengSoort.BEHANDELING))

    def _on_monday(self, van: date, days: int) -> date:
        day = van + max(days, 3) * DAY
        return self._werkdag(day + (7 - day.weekday()) % 7 * DAY)

    def _besluit(self, slug: str, orgaan: str) -> None:
        use_cases.register_besluit(self.house, self.actor, slug, orgaan, Uitkomst.AKKOORD, self.day)

    def _inbreng(self, slug: str, ronde: Ronde, orgaan: str, soort: InbrengSoort) -> None:
        answers = soort is InbrengSoort.REACTIE
        inbreng = Inbreng(
            soort=soort, namens=Namens.RAAD if answers else None, behandelwijze=None if answers else Behandelwijze.BESPREEKSTUK
        )
        use_cases.register_inbreng(self.house, self.actor, slug, orgaan, inbreng, self.day, tekst="Meer groen." if answers else None)
        self.gaf.setdefault((slug, f"{ronde.stap}/{ronde.bezoek}", orgaan), self.day)
        self.gebeurd[soort.value] += 1

    def _uitstel(self, slug: str, voor: list[str], until: date) -> None:
        datums.give_uitstel(self.house, self.actor, slug, voor, until, "Zij vroegen erom")
        self.gebeurd["uitstel"] += 1

    def _move(self, slug: str, naar: date) -> None:
        datums.move_datum(self.house, self.actor, slug, naar, "Meer tijd")
        self.gebeurd["verzet"] += 1

    def _revoke(self, slug: str) -> None:
        dossier = next(d for d in self.dossiers() if d.slug == slug)
        correcties.revoke_besluit(self.house, self.actor, slug, dossier.laatste_zet, "Het besluit was niet genomen")
        self.gebeurd["herroepen"] += 1
        self._later(self.day + 7 * DAY, lambda: self._again(slug))

    def _again(self, slug: str) -> None:
        """The Bestuur decides in writing after all."""
        bron = BesluitBron.SCHRIFTELIJKE_RONDE
        use_cases.register_besluit(self.house, self.actor, slug, "bestuur", Uitkomst.AKKOORD, self.day, bron=bron)

    def openings(self) -> dict[tuple[str, str, str], date]:
        """When each recipient last heard that a ronde opened."""
        found: dict[tuple[str, str, str], date] = {}
        for b in self.bezorgd:
            if b.bericht.key.soort == OPENED:
                found[b.bericht.key.slug, b.bericht.onderwerp, b.bericht.key.ontvanger] = b.dag
        return found
