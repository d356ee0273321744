"""Plays decisions on a journal in memory, as a database would keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date

from statemachines import bijdragen, correctie, datums, decide, verloop
from statemachines.dossier import Dossier, replay
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.journal import GENESIS, VERSIE, Draft, Entry, canonical, chain_hash, read_payload
from statemachines.nota import Overname, Punt, numbered
from statemachines.payloads import BesluitBron, Verwijzing
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel

REDEN = Verwijzing(id="r", sha256="0")


@dataclass
class Journaal:
    """A dossier that is played: every method decides, writes and replays, from the last written day on."""

    stelsel: Stelsel
    entries: list[Entry] = field(default_factory=list)

    @property
    def dossier(self) -> Dossier:
        return replay(self.entries, self.stelsel)

    def write(self, draft: Draft) -> Dossier:
        vorige = self.entries[-1].hash if self.entries else GENESIS
        fields = {k: v for k, v in asdict(draft).items() if k != "payload"}
        text = canonical(draft.payload)
        nr = len(self.entries) + 1
        self.entries.append(
            Entry(
                stelsel="mra",
                slug="nota-2026",
                nr=nr,
                v=VERSIE,
                vastgelegd="2026-01-01T00:00:00+00:00",
                door="aob",
                via="cli",
                opdracht=str(nr),
                vorige=vorige,
                hash=chain_hash(vorige, [nr, *map(str, fields.values())], text),
                **{**fields, "payload": read_payload(draft.soort, VERSIE, text)},
            )
        )
        return self.dossier

    def open(self, op: date, route: str = "nota") -> Dossier:
        return self.write(decide.decide_open(self.stelsel, route, Verwijzing(id="t", sha256="0"), op, op))

    def besluit(self, van: str, uitkomst: str, datum: date, op: date | None = None, reden: bool = True, **rest: object) -> Dossier:
        wat = decide.Beslissing(van, Uitkomst(uitkomst), datum, BesluitBron.SCHRIFTELIJKE_RONDE, REDEN if reden else None, **rest)  # type: ignore[arg-type]
        return self.write(decide.decide_besluit(self.dossier, wat, op or datum))

    def inbreng(self, orgaan: str, datum: date, op: date | None = None, soort: str = "reactie") -> Dossier:
        return self.write(decide.decide_inbreng(self.dossier, orgaan, Inbreng(soort=InbrengSoort(soort)), datum, op or datum))

    def answer_all(self, op: date) -> Dossier:
        """Every point of inbreng that is still open gets an answer."""
        whole = numbered(self.dossier.gegeven, self.dossier.punten)
        punten = [Punt(slug=slug, inbreng=nr, tekst=REDEN, oordeel=Overname.OVERGENOMEN, antwoord=REDEN) for nr, slug in whole.items()]
        return self.write(bijdragen.decide_antwoorden(self.dossier, punten, op, op))

    def lapse(self) -> Dossier:
        return self.write(verloop.decide_due(self.dossier))

    def move(self, naar: date, op: date) -> Dossier:
        return self.write(datums.decide_datums(self.dossier, naar, REDEN, op))

    def revoke(self, nr: int, op: date) -> Dossier:
        return self.write(correctie.decide_revoke(self.dossier, nr, REDEN, op))

    def unchanged_by(self, attempt: Callable[[], object]) -> str:
        """The sentence with which an attempt is refused; fails when it is not, or when anything was written."""
        from statemachines.errors import Refused

        before = list(self.entries)
        try:
            attempt()
        except Refused as refusal:
            assert self.entries == before
            return str(refusal)
        raise AssertionError("this was not refused")
