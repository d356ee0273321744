"""One dossier on one day with what was told of it, and what has to be told now; shared by all occasions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from dossiers.outbox import Klaar, Told
from statemachines.berichten import Berichtsoort, kind
from statemachines.dossier import Dossier
from statemachines.planning.planner import Planner
from statemachines.stelsel import Stelsel

OPENED = "inbrengmoment-geopend"
MOVED = "datum-gewijzigd"
WITHDRAWN = "ingetrokken"
OUTCOME = "uitkomst"
CORRECTED = "uitkomst-gecorrigeerd"
ANNOUNCED = "aankondiging"
ANNOUNCED_OTHERWISE = "aankondiging-gewijzigd"
NOT_ANNOUNCED = "aankondiging-ingetrokken"
OF_A_MOMENT = (OPENED, MOVED, WITHDRAWN)
OF_THE_END = (OUTCOME, CORRECTED)
OF_A_PLAN = (ANNOUNCED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED)

_PLANNERS: dict[tuple[str, date], Planner] = {}
"""The last ones: a round asks the same one for every dossier."""


@dataclass(frozen=True)
class Verschil:
    """What has to be put in the outbox, and what in it became untrue before it was sent, with the reason."""

    klaar: list[Klaar] = field(default_factory=list)
    onwaar: list[tuple[Told, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Kijk:
    """A dossier on the day ``op``, what of it was told or will be (``live``: nothing that was withdrawn), and the facts of now.

    Who hears, how, and what is known of the vergaderingen of a council goes by the facts of now; the dossier keeps those of its opening.
    """

    dossier: Dossier
    op: date
    live: Sequence[Told]
    feiten: Stelsel

    def told(self, soorten: Sequence[str], ontvanger: str | None = None, onderwerp: str | None = None) -> Iterator[Told]:
        """What was told, or will be, the last first."""
        rows = (
            row for row in self.live if row.soort in soorten and ontvanger in (None, row.ontvanger) and onderwerp in (None, row.onderwerp)
        )
        return iter(sorted(rows, key=lambda row: row.datumversie, reverse=True))

    def soort(self, slug: str) -> Berichtsoort | None:
        """This kind in the catalogue, also when it is switched off; None for one that is not in it."""
        return kind(self.feiten, slug)

    def planner(self) -> Planner:
        """What is known of the vergaderingen of councils, seen from this day."""
        key = (self.feiten.digest, self.op)
        if key not in _PLANNERS:
            _PLANNERS.clear()
            _PLANNERS[key] = Planner(self.feiten, self.op)
        return _PLANNERS[key]


def onderwerp(stap: str, bezoek: int) -> str:
    """What a message is about: a stap and which time the dossier was there."""
    return f"{stap}/{bezoek}"
