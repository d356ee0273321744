"""The whole daily round: old addresses go, every dossier does what is due, and what is told of no single dossier is put ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection

from dossiers import outbox, stand, stelsels
from dossiers.database import lock, writing
from dossiers.outbox import GEEN_DOSSIER
from flows.adressen_beheren import erase_after_retention
from flows.house import AMSTERDAM, House
from flows.use_cases import Gedaan, daily_round
from notifications.overzichten import overviews, settled, waits_for_release
from notifications.render import template_set
from statemachines.dossier import Dossier
from statemachines.errors import Refused
from statemachines.stelsel import Stelsel

SETTLED = "Wat hierin wachtte, is vrijgegeven of vervallen."


def whole_round(house: House, op: date, via: str) -> Iterator[Gedaan]:
    """Does everything of the day ``op``; yields each dossier for which something was written or told.

    What nobody may keep any longer goes first. A dossier that is stuck stops nothing else and is named by the Refused at the end.
    """
    erase_after_retention(house)
    stuck = None
    try:
        yield from daily_round(house, op, via)
    except Refused as refusal:
        stuck = refusal
    tell_overviews(house, op)
    if stuck is not None:
        raise stuck


def tell_overviews(house: House, op: date) -> int:
    """Puts in the outbox what is due on ``op``; twice on a day or after thirty days down gives each once. Gives the number that is new."""
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, GEEN_DOSSIER)
        digest = stelsels.current_digest(connection, house.stelsel, op)
        if digest is None:
            return 0
        feiten = stelsels.by_digest(connection, house.stelsel, digest)

        @cache
        def load(slug: str) -> Dossier:
            return stand.load(connection, house.stelsel, slug)

        _withdraw_settled(connection, house, feiten)
        klaar = [*overviews(connection, feiten, op, load), *waits_for_release(connection, feiten, op, _local, load)]
        if not klaar:
            return 0
        sjablonen = template_set(feiten.sjablonen)
        outbox.keep_sjablonen(connection, house.stelsel, sjablonen.digest, sjablonen.bronnen)
        return outbox.put(connection, house.stelsel, GEEN_DOSSIER, klaar, sjablonen.digest, house.moment())


def withdraw_settled(house: House, feiten: Stelsel) -> None:
    """Takes back reminders to give free that did not go yet and are not true any more."""
    with writing(house.engine) as connection:
        lock(connection, house.stelsel, GEEN_DOSSIER)
        _withdraw_settled(connection, house, feiten)


def _withdraw_settled(connection: Connection, house: House, feiten: Stelsel) -> None:
    keys = settled(connection, feiten)
    if keys:
        outbox.withdraw(connection, house.stelsel, keys, SETTLED, house.moment())


def _local(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(AMSTERDAM).date()
