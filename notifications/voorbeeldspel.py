"""A made-up dossier, played through the real domain in memory, so that every kind of bericht comes about as it does for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection

from dossiers import journal, outbox, stand
from dossiers.outbox import PENDING, Bericht, Klaar, Status
from dossiers.tables import berichten
from notifications.audience import difference
from notifications.render import template_set
from statemachines.decide import Beslissing, decide_besluit
from statemachines.dossier import Dossier, replay
from statemachines.errors import Refused
from statemachines.journal import GENESIS, Draft, Kind, sealed
from statemachines.kalender import DAY, Onbekend
from statemachines.nota import Antwoorden, Overname, Punt
from statemachines.payloads import Afwijking, BesluitBron, Payload, Regime, Standpunt, Verwijzing
from statemachines.route import Stap, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.verloop import decide_due, due_day

ZINNEN = {
    "titel": "Voorbeeldnota",
    "reden": "De Raadtafel vraagt een maand extra",
    "besluit": "De reacties zijn verwerkt in het stuk",
    "verbeterd": "De reacties zijn verwerkt in het stuk en in de bijlage",
    "inbreng": "Meer aandacht voor de bus in het landelijk gebied",
    "antwoord": "Het stuk noemt nu de bus; geld is er dit jaar niet voor",
    "effect": "Hoofdstuk 3 is aangevuld",
    "standpunt": "Wij willen dit deel eerst in de eigen raad bespreken",
}
"""What people wrote in the made-up dossier, by id."""


class Spel:
    """Dossiers that nobody keeps: their journal, projection and outbox in one connection to a database in memory."""

    def __init__(self, connection: Connection, stelsel: Stelsel, raad: str | None = None) -> None:
        self.connection, self.stelsel, self.naam, self.raad = connection, stelsel, stelsel.kop.slug, raad
        self.sjablonen = template_set(stelsel.sjablonen).digest

    def tekst(self, wat: str) -> Verwijzing:
        """The reference to one of `ZINNEN`."""
        return Verwijzing(id=wat, sha256=sealed("", ZINNEN[wat]))

    def dossier(self, slug: str) -> Dossier:
        """The dossier by its journal."""
        return replay(journal.read(self.connection, self.naam, slug), self.stelsel)

    def write(self, slug: str, draft: Draft, op: date) -> Dossier:
        """Writes an entry on ``op``; gives the dossier after it."""
        before = journal.read(self.connection, self.naam, slug) if draft.soort is not Kind.GEOPEND else []
        nr, vorige = (before[-1].nr + 1, before[-1].hash) if before else (1, GENESIS)
        draft = replace(draft, payload=self._few_asked(draft.payload))
        opdracht = str(uuid5(NAMESPACE_URL, f"voorbeeld/{slug}/{nr}"))
        entry = journal.append(
            self.connection,
            self.naam,
            slug,
            draft,
            nr=nr,
            vorige=vorige,
            vastgelegd=moment(op),
            door="voorbeeld",
            via="cli",
            opdracht=opdracht,
        )
        after = replay([*before, entry], self.stelsel)
        stand.project(self.connection, after)
        return after

    def _few_asked(self, payload: Payload) -> Payload:
        """A ronde asks one organ of each kind, and the one that is looked for: the own dates of all would take seconds to find."""
        opent = getattr(payload, "opent", None)
        if opent is None or opent.ronde is None:
            return payload
        ronde = opent.ronde.model_copy(update={"gevraagd": few_of(self.stelsel, opent.ronde.gevraagd, self.raad)})
        return payload.model_copy(update={"opent": opent.model_copy(update={"ronde": ronde})})

    def put(self, slug: str, klaar: Iterable[Klaar], op: date) -> None:
        """Puts messages in the outbox."""
        outbox.put(self.connection, self.naam, slug, klaar, self.sjablonen, moment(op))

    def tell(self, slug: str, op: date) -> None:
        """Puts what must be told on ``op``, withdraws what became untrue, as a round does."""
        verschil = difference(self.dossier(slug), op, outbox.told(self.connection, self.naam, slug), self.stelsel)
        outbox.withdraw(self.connection, self.naam, [row.key for row, _ in verschil.onwaar], "onwaar", moment(op))
        self.put(slug, verschil.klaar, op)

    def arrive(self, slug: str) -> None:
        """Everything that waits for this dossier goes out and arrives."""
        waiting = berichten.c.status.in_([status.value for status in PENDING])
        gone = berichten.update().where(berichten.c.slug == slug, waiting).values(status=Status.VERZONDEN.value)
        self.connection.execute(gone)

    def rows(self, slug: str | None = None, soort: str | None = None) -> list[Bericht]:
        """The messages so far, in order of making."""
        return list(outbox.rows(self.connection, self.naam, slug, soort))

    def decide(self, slug: str, stap: Stap, op: date) -> Dossier:
        """The gremia of this stap decide so that the document goes on, on their vergadering, and it is recorded on ``op``."""
        dossier = self.dossier(slug)
        nr = dossier.laatste_zet
        gremia = dossier.naast.waiting if dossier.naast is not None and dossier.naast.gremia else (stap.gremium,)
        for gremium in gremia:
            dossier = self.write(slug, self._besluit(dossier, stap, gremium, op), op)
            if dossier.laatste_zet != nr:
                break
        return dossier

    def _besluit(self, dossier: Dossier, stap: Stap, gremium: str, op: date) -> Draft:
        zitting = dossier.opening.zitting if dossier.opening else None
        on_time = zitting is not None and zitting.vergadering is not None and dossier.sinds <= zitting.vergadering <= op
        datum = zitting.vergadering if zitting is not None and zitting.vergadering is not None and on_time else op
        bron = BesluitBron.BESLUITENLIJST if on_time else BesluitBron.SCHRIFTELIJKE_RONDE
        anders = next((d.slug for d in self.stelsel.deelnemers if d.takes_part(datum)), None) if dossier.rondes else None
        standpunten = (Standpunt(van=anders, regime=Regime.INHOUDELIJK, tekst=self.tekst("standpunt")),) if anders else ()
        rol = self.stelsel.rollen[0].slug
        for afwijking in (None, Afwijking(reden=self.tekst("reden"), toegestaan_door=rol)):
            try:
                wat = Beslissing(
                    gremium, onward(stap), datum, bron, self.tekst("besluit"), stap.slug, afwijking=afwijking, standpunten=standpunten
                )
                return decide_besluit(dossier, wat, op)
            except Refused:
                if afwijking is not None:
                    raise
        raise AssertionError("the loop returns or raises")

    def lapse(self, slug: str) -> Dossier:
        """The open ronde runs to its end."""
        dossier = self.dossier(slug)
        while (day := due_day(dossier)) is not None:
            dossier = self.write(slug, decide_due(dossier), day)
        return dossier

    def answer(self, slug: str, op: date) -> Dossier:
        """Every inbreng gets an answer."""
        dossier = self.dossier(slug)
        tekst, antwoord, effect = (self.tekst(wat) for wat in ("inbreng", "antwoord", "effect"))
        punten = tuple(
            Punt(slug=f"{g.wie}-{i}", inbreng=g.nr, tekst=tekst, oordeel=Overname.DEELS, antwoord=antwoord, effect=effect)
            for i, g in enumerate(dossier.gegeven, 1)
        )
        return self.write(slug, self.draft(dossier, Kind.ANTWOORD, op, Antwoorden(punten=punten)), op) if punten else dossier

    def draft(self, dossier: Dossier, soort: Kind, op: date, payload: Payload) -> Draft:
        """An entry about the stap where the dossier is."""
        stap = dossier.route.stap(dossier.fase) or dossier.route.stappen[-1]
        return Draft(soort, op, stap.slug, dossier.bezoek, stap.gremium, payload)

    def werkdag(self, day: date) -> date:
        """This day, or the first werkdag after it. Raises Refused where the calendar ends."""
        found = self.stelsel.werkkalender.roll(day)
        if isinstance(found, Onbekend):
            raise Refused(found.waarom)
        return found

    def later(self, day: date, werkdagen: int) -> date:
        """So many werkdagen after a day. Raises Refused where the calendar ends."""
        for _ in range(werkdagen):
            day = self.werkdag(day + DAY)
        return day


def few_of(stelsel: Stelsel, organen: Iterable[str], raad: str | None) -> tuple[str, ...]:
    """One of these organs of each kind, that of ``raad`` first."""
    kinds: dict[str, str] = {}
    for orgaan in organen:
        wie = stelsel.deelnemer(stelsel.orgaan(orgaan).deelnemer)
        kinds.setdefault(f"{wie.slug == raad} {wie.soort} {wie.deelregio is None} {wie.griffie_bij is None}", orgaan)
    return tuple(kinds[kind] for kind in sorted(kinds, reverse=True))


def onward(stap: Stap) -> Uitkomst:
    """The uitkomst with which a document goes on from here."""
    for uitkomst in (Uitkomst.AKKOORD, *stap.uitkomsten):
        if stap.uitkomsten.get(uitkomst) == stap.onward:
            return uitkomst
    return next(iter(stap.uitkomsten))


def moment(op: date) -> str:
    """Nine in the morning of a day, as the outbox keeps it."""
    return f"{op.isoformat()}T09:00:00+00:00"


def clock(op: date) -> datetime:
    """The same as a moment."""
    return datetime.fromisoformat(moment(op))


def local(aangemaakt: str) -> date:
    """The day of such a moment."""
    return date.fromisoformat(aangemaakt[:10])
