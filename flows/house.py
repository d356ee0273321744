"""The one place of wiring: from settings and a clock to what the use cases need."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from config.settings import Modus, Settings, from_environment
from dossiers.database import connect
from statemachines.errors import Unusable

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def utc_now() -> datetime:
    """The moment of writing."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """A database, a stelsel and a clock. Nothing below the flows asks what time it is."""

    settings: Settings
    engine: Engine
    now: Callable[[], datetime] = utc_now

    @property
    def stelsel(self) -> str:
        """The slug of the stelsel that this house works for."""
        return self.settings.stelsel_slug

    def today(self) -> date:
        """The calendar day in Amsterdam."""
        return self.now().astimezone(AMSTERDAM).date()

    def writing_day(self, op: date | None) -> date:
        """The day from which something is written: the one that is said, or today. Raises Unusable for another day in mode ``echt``."""
        if self.settings.post.modus is Modus.ECHT and op not in (None, self.today()):
            raise Unusable("In modus echt schrijft u alleen vanaf vandaag; laat --op (of 'op' in het formulier) weg.")
        return op or self.today()

    def moment(self) -> str:
        """Now as it is written down: ISO text in UTC."""
        return self.now().astimezone(UTC).isoformat()


def build_house(database: str | None = None, stelsel: Path | None = None) -> House:
    """The house by the environment, with what the caller says going before it. Nothing is made or opened yet."""
    settings = from_environment(os.environ, database, stelsel)
    return House(settings, connect(settings.database))
