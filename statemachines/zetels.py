"""Who sits at the table for a deelnemer: functions, never persons; no seat is said as plainly as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from statemachines.facts import Status
from statemachines.route import Route
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Plaats:
    """What a deelnemer has in one gremium on one day: each ``functies`` item says who sits there, and vanuit or namens what.

    ``status`` is the weakest of the seats; None when there is no seat.
    """

    gremium: str
    naam: str
    functies: tuple[str, ...]
    status: Status | None

    @property
    def zin(self) -> str:
        """As people read it."""
        label = "" if self.status in (None, Status.BRON) else f" ({self.status.value})"
        return f"{self.naam}: {'; '.join(self.functies) if self.functies else 'niemand vanuit of namens u'}{label}"


def seat_of(stelsel: Stelsel, deelnemer: str, gremium: str, op: date) -> Plaats:
    """The seats through which a deelnemer is represented in a gremium on ``op``; raises UnknownSlug."""
    wie, waar = stelsel.deelnemer(deelnemer), stelsel.gremium(gremium)
    valid = [z for z in waar.zetels if z.geldig_vanaf <= op and (z.geldig_tot is None or op <= z.geldig_tot)]
    own = [z for z in valid if z.vanuit == wie.slug]
    shared = [z for z in valid if wie.deelregio is not None and z.namens == wie.deelregio]
    deelregio = next((d.naam for d in stelsel.deelregios if d.slug == wie.deelregio), "")
    functies = (*(f"{z.functie}, vanuit {wie.naam}" for z in own), *(f"{z.functie}, namens deelregio {deelregio}" for z in shared))
    weakest = max((z.status for z in (*own, *shared)), key=list(Status).index, default=None)
    return Plaats(waar.slug, waar.naam, functies, weakest)


def seats_along(stelsel: Stelsel, route: Route, vanaf: str, deelnemer: str, op: date) -> Iterable[Plaats]:
    """The seats of a deelnemer in every gremium that handles the document from a stap on, each gremium once."""
    gremia = dict.fromkeys(stap.gremium for stap in route.main_path(vanaf) if stap.ronde is None)
    return (seat_of(stelsel, deelnemer, gremium, op) for gremium in gremia)
