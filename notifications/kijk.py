"""One dossier on one day with what was told of it, and what has to be told now; shared by all occasions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from dossiers.outbox import Klaar, Told
from statemachines.berichten import Berichtsoort, kind
from statemachines.dossier import Dossier
from statemachines.facts import Raadskalender
from statemachines.planning.planner import Planner
from statemachines.planning.raadsweg import STALE
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
OTHERWISE = frozenset({MOVED, WITHDRAWN, CORRECTED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED})
"""Who hears one of these was told before what does not hold any more."""
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

    ``is_ronde``: it is the daily round that looks, which alone reminds raden; nothing that people write makes that due.
    Who hears, how, and what is known of the vergaderingen of a council goes by the facts of now; the dossier keeps those of its opening.
    """

    dossier: Dossier
    op: date
    live: Sequence[Told]
    feiten: Stelsel
    is_ronde: bool = True

    def told(self, soorten: Sequence[str], ontvanger: str | None = None, onderwerp: str | None = None) -> Iterator[Told]:
        """What was told, or will be, the last first."""
        rows = self._last_first if ontvanger is None else self._of_each.get(ontvanger, ())
        return (row for row in rows if row.soort in soorten and onderwerp in (None, row.onderwerp))

    @cached_property
    def _last_first(self) -> Sequence[Told]:
        return sorted(self.live, key=lambda row: row.datumversie, reverse=True)

    @cached_property
    def _of_each(self) -> Mapping[str, Sequence[Told]]:
        found: dict[str, list[Told]] = {}
        for row in self._last_first:
            found.setdefault(row.ontvanger, []).append(row)
        return found

    def soort(self, slug: str) -> Berichtsoort | None:
        """This kind in the catalogue, also when it is switched off; None for one that is not in it."""
        return kind(self.feiten, slug)

    def planner(self) -> Planner:
        """What is known of the vergaderingen of councils, seen from this day."""
        key = (self.feiten.digest, self.op)
        if key not in _PLANNERS:
            earlier = (p for (digest, day), p in _PLANNERS.items() if digest == self.feiten.digest and self._knew_the_same(day))
            planner = Planner(self.feiten, self.op, next(earlier, None))
            _PLANNERS.clear()
            _PLANNERS[key] = planner
        return _PLANNERS[key]

    def _knew_the_same(self, day: date) -> bool:
        """Whether on another day every calendar of a raad was known as far as on this one; finding them again takes long."""
        return all(_known_until(k, day) == _known_until(k, self.op) for k in self.feiten.raadskalenders)


def onderwerp(stap: str, bezoek: int) -> str:
    """What a message is about: a stap and which time the dossier was there."""
    return f"{stap}/{bezoek}"


def _known_until(kalender: Raadskalender, op: date) -> date:
    """Until when a confirmed calendar holds, seen from a day: one that grew too old says nothing of days to come."""
    return kalender.tot_en_met if op <= kalender.bevestigd_op + STALE else min(kalender.tot_en_met, op)
