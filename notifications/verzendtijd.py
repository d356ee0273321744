"""When mail goes out: on werkdagen, within the hours of the facts, in Amsterdam. Facts without such hours let it go at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dossiers.verzamelpost import Dag
from statemachines.berichten import Verzending
from statemachines.kalender import Werkkalender, written
from statemachines.stelsel import Stelsel

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
LONGEST_STRETCH = 30
"""No row of days on which nobody works is longer."""


@dataclass(frozen=True)
class Verzendtijd:
    """The hours of the facts, with the calendar that knows the werkdagen; a day that it does not know counts by its weekday."""

    verzending: Verzending | None
    kalender: Werkkalender

    def is_open(self, moment: datetime) -> bool:
        """Whether mail goes out at this moment; the last minute of the hours is not one of them."""
        return self.next_opening(moment) == moment

    def next_opening(self, moment: datetime) -> datetime:
        """This moment when mail goes out now, otherwise the first moment after it at which it does."""
        if self.verzending is None:
            return moment
        local = moment.astimezone(AMSTERDAM)
        for later in range(LONGEST_STRETCH):
            day = local.date() + later * DAY
            if not self.kalender.is_werkdag(day):
                continue
            opens, closes = (datetime.combine(day, time.fromisoformat(t), AMSTERDAM) for t in (self.verzending.vanaf, self.verzending.tot))
            if local < opens:
                return opens
            if local < closes:
                return moment
        raise AssertionError(f"a calendar without werkdagen from {local.date()} on")

    def why_not(self, moment: datetime) -> str | None:
        """In Dutch that nothing goes at this moment and when it does; None when it goes."""
        opening = self.next_opening(moment)
        if self.verzending is None or opening == moment:
            return None
        vanaf, tot = (_clock(time.fromisoformat(text)) for text in (self.verzending.vanaf, self.verzending.tot))
        return (
            f"Er gaat nu niets: berichten gaan op werkdagen tussen {vanaf} en {tot} uur. "
            f"Het volgende moment is {written(opening.date())}, {_clock(opening.time())} uur."
        )


def verzendtijd(stelsel: Stelsel) -> Verzendtijd:
    """When mail goes out by these facts."""
    return Verzendtijd(stelsel.verzending, stelsel.werkkalender)


def day_of(moment: datetime, ongeacht: bool = False) -> Dag:
    """The day in Amsterdam of this moment; ``ongeacht`` as in `Dag`."""
    day = moment.astimezone(AMSTERDAM).date()
    begin, morgen = (datetime.combine(d, time(), AMSTERDAM).astimezone(UTC) for d in (day, day + DAY))
    return Dag(begin, morgen, ongeacht)


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02d}"
