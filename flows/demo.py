"""A simulated year with three dossiers, played through the same flows and use cases as the real work.

Everything in it is VOORBEELD: the calendar is invented and no council ever gave this inbreng.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from prefect.client.schemas.objects import State
from sqlalchemy import func, select

from config.loading import load_adressen, load_stelsel
from dossiers import outbox, stand
from dossiers.database import reading
from dossiers.nota import nota
from dossiers.tables import journaal, termijnen
from flows import use_cases, vrijgeven
from flows.beantwoorden import Puntregel, answer_points
from flows.berichten_bezorgen import berichten_bezorgen
from flows.besluit_vastleggen import besluit_vastleggen
from flows.dagronde import dagronde
from flows.dossier_openen import dossier_openen
from flows.forms import Besluiten, Inbrengen, Openen, Ronde
from flows.house import House
from flows.inbreng_vastleggen import inbreng_vastleggen
from flows.use_cases import Actor
from statemachines.dossier import Dossier
from statemachines.inbreng import InbrengSoort
from statemachines.kalender import written
from statemachines.nota import Overname
from statemachines.payloads import Namens
from statemachines.route import Antwoord, StapRol, Uitkomst

START, LAST_DAY = date(2026, 1, 5), date(2027, 6, 30)
SEED = 33
SILENT = 6
"""How many councils in a round say nothing."""
OPENINGS = (
    ("voortgangsnota-2025", "voortgangsnota", "Voortgangsnota 2025 (VOORBEELD)", date(2026, 1, 5)),
    ("mra-agenda-2028", "mra-agenda", "MRA-Agenda 2028-2032 (VOORBEELD)", date(2026, 1, 12)),
    ("jaarplan-2027", "jaarplan-begroting", "Jaarplan en begroting 2027 (VOORBEELD)", date(2026, 8, 24)),
)
Told = Callable[[date, str], None]


@dataclass(frozen=True)
class Played:
    """What a demo did; ``runs`` are flow runs, ``berichten`` delivered messages."""

    runs: int
    besluiten: int
    inbreng: int
    berichten: int


def play(house: House, tell: Told) -> Played:
    """Plays the whole year; ``tell`` hears every day on which something happens."""
    feiten = load_stelsel(house.settings.stelsel)
    actor = Actor("aob", "demo", str(uuid4()), START)
    use_cases.accept_facts(house, actor, feiten, load_adressen(house.settings.stelsel), "VOORBEELD: feiten voor de demo")
    runs = asyncio.run(_Year(house, tell).play())
    with reading(house.engine) as connection:
        counted = select(journaal.c.soort, func.count()).where(journaal.c.stelsel == house.stelsel).group_by(journaal.c.soort)
        kinds: dict[str, int] = {soort: count for soort, count in connection.execute(counted)}
        sent = sum(count for _, status, count in outbox.counts(connection, house.stelsel) if status == outbox.Status.VERZONDEN)
    return Played(runs, kinds.get("Besluit", 0), kinds.get("Inbreng", 0), sent)


class _Year:
    """Goes from day to day: what falls due, what gremia decide, what councils give."""

    def __init__(self, house: House, tell: Told) -> None:
        self.house, self.tell, self.random = house, tell, Random(SEED)
        self.runs = 0
        self.answers: dict[tuple[str, str, int], dict[str, date]] = {}
        self.held: set[str] = set()

    async def play(self) -> int:
        """The year; gives the number of flow runs."""
        day = START
        while day <= LAST_DAY:
            await self._live(day)
            upcoming = [other for other in self._days(day) if other > day]
            if not upcoming:
                break
            day = min(upcoming)
        return self.runs

    def _dossiers(self) -> list[Dossier]:
        with reading(self.house.engine) as connection:
            return [stand.load(connection, self.house.stelsel, slug) for slug in stand.slugs(connection, self.house.stelsel)]

    def _days(self, day: date) -> Iterator[date]:
        """Every day to come on which something happens, as far as is known now."""
        yield from (opening[3] for opening in OPENINGS)
        with reading(self.house.engine) as connection:
            later = (termijnen.c.stelsel == self.house.stelsel, termijnen.c.vanaf > day)
            first = connection.execute(select(func.min(termijnen.c.vanaf)).where(*later)).scalar()
        if first is not None:
            yield first
        for dossier in self._dossiers():
            zitting = dossier.opening.zitting if dossier.opening else None
            if zitting is not None and zitting.vergadering is not None:
                yield zitting.vergadering
            yield from self._answers(dossier).values()

    def _answers(self, dossier: Dossier) -> dict[str, date]:
        """On which day each deelnemer in the open ronde answers; seeded, and some stay silent where silence is possible."""
        ronde = dossier.open_ronde
        if ronde is None:
            return {}
        key = (dossier.slug, ronde.stap, ronde.bezoek)
        if key not in self.answers:
            given = list(ronde.standen)
            self.random.shuffle(given)
            speaking = given if ronde.antwoord is Antwoord.BESLUIT else given[SILENT:]
            span = (ronde.tot_en_met - ronde.van).days
            self.answers[key] = {orgaan: self._werkdag(dossier, ronde.van, span) for orgaan in speaking}
        return self.answers[key]

    def _werkdag(self, dossier: Dossier, van: date, span: int) -> date:
        day = dossier.stelsel.werkkalender.before(van + timedelta(days=self.random.randint(span // 3, span) + 1), 1)
        assert isinstance(day, date)
        return max(day, van)

    async def _live(self, day: date) -> None:
        for slug, route, titel, op in OPENINGS:
            if op == day:
                await self._run(
                    day,
                    f"{titel} in routing",
                    dossier_openen(Openen(dossier=slug, route=route, titel=titel, als="aob", op=day), return_state=True),
                )
        with reading(self.house.engine) as connection:
            due = any(True for _ in stand.due_slugs(connection, self.house.stelsel, day))
        if due:
            await self._run(day, "dagronde", dagronde(Ronde(op=day), return_state=True))
        for dossier in self._dossiers():
            for orgaan in [orgaan for orgaan, op in self._answers(dossier).items() if op == day]:
                await self._answer(day, dossier, orgaan)
            zitting = dossier.opening.zitting if dossier.opening else None
            if zitting is not None and zitting.vergadering == day:
                await self._decide(day, dossier)
        await self._send(day)

    async def _answer(self, day: date, dossier: Dossier, orgaan: str) -> None:
        naam = dossier.stelsel.orgaan(orgaan).naam
        ronde = dossier.open_ronde
        if ronde is not None and ronde.antwoord is Antwoord.BESLUIT:
            form = Besluiten(dossier=dossier.slug, van=orgaan, uitkomst=Uitkomst.AKKOORD, als="mra-directie", op=day)
            await self._run(day, f"{naam}: akkoord (VOORBEELD)", besluit_vastleggen(form, return_state=True))
            return
        soort = InbrengSoort.GEEN_OPVATTING if self.random.random() < 0.1 else InbrengSoort.REACTIE
        tekst = "VOORBEELD: voorbeeldreactie, geen echte inbreng" if soort is InbrengSoort.REACTIE else None
        namens = Namens.STATEN if orgaan.startswith("staten-") else Namens.RAAD
        inbreng = Inbrengen(dossier=dossier.slug, van=orgaan, soort=soort, tekst=tekst, namens=namens, als="mra-directie", op=day)
        await self._run(day, f"{naam}: voorbeeldreactie", inbreng_vastleggen(inbreng, return_state=True))

    async def _decide(self, day: date, dossier: Dossier) -> None:
        stap = dossier.route.stap(dossier.fase)
        assert stap is not None
        onward = [u for u in stap.possible if stap.uitkomsten[u] == stap.onward]
        uitkomst = onward[0]
        if dossier.slug.startswith("jaarplan") and stap.rol is not StapRol.VASTSTELLEN and dossier.slug not in self.held:
            self.held.add(dossier.slug)
            uitkomst = Uitkomst.NIET_BEHANDELD
        if dossier.open_punten:
            self._answer_the_nota(day, dossier)
        reden = "VOORBEELD: de colleges hebben besloten" if stap.rol is StapRol.KENNISNEMEN else None
        form = Besluiten(dossier=dossier.slug, van=stap.gremium, uitkomst=uitkomst, reden=reden, als="secretaris-bestuur", op=day)
        await self._run(
            day,
            f"{dossier.stelsel.gremium(stap.gremium).naam} over {dossier.slug}: {uitkomst.label}",
            besluit_vastleggen(form, return_state=True),
        )

    def _answer_the_nota(self, day: date, dossier: Dossier) -> None:
        """Everyone gave the same inbreng, so one answer will do and the others are gelijkluidend."""
        with reading(self.house.engine) as connection:
            waiting = [punt for punt in nota(connection, self.house.stelsel, dossier.slug).punten if punt.punt in dossier.open_punten]
        first, *others = waiting
        answer = Puntregel(
            first.punt, first.inbreng, first.tekst, oordeel=Overname.OVERGENOMEN.value, antwoord="VOORBEELD: voorbeeldantwoord"
        )
        same = [Puntregel(punt.punt, punt.inbreng, punt.tekst, gelijkluidend=first.punt) for punt in others]
        answer_points(self.house, Actor("mra-directie", "demo", str(uuid4()), day), dossier.slug, [answer, *same])
        self.tell(day, f"de Nota van Beantwoording van {dossier.slug}: {len(waiting)} punten, 1 voorbeeldantwoord")

    async def _send(self, day: date) -> None:
        given_free = vrijgeven.release(self.house, Actor("demo", "demo", str(uuid4()), day), None, None).vrijgegeven
        if given_free:
            self.tell(
                day, f"de demo geeft zelf {given_free} {'bericht' if given_free == 1 else 'berichten'} vrij; anders doet een mens dat"
            )
        with reading(self.house.engine) as connection:
            waiting = any(status == outbox.Status.VRIJGEGEVEN for _, status, _ in outbox.counts(connection, self.house.stelsel))
        if waiting:
            await self._run(day, "berichten bezorgen", berichten_bezorgen(return_state=True))

    async def _run(self, day: date, wat: str, run: Any) -> None:
        state: State[Any] = await run
        self.runs += 1
        if not state.is_completed():
            raise RuntimeError(f"{written(day)}, {wat}: {state.message}")
        self.tell(day, wat)
