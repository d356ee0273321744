"""The days on which a calendar file (iCalendar, .ics) has appointments. Texts of the file never leave this module: they may name people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, vDDDTypes, vRecur, vText
from recurring_ical_events import CalendarQuery

from statemachines.errors import Unusable
from statemachines.kalender import written

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""No agenda reaches further; what lies outside is a mistake in the file."""
_MARGIN = timedelta(days=2)
"""Days are asked of the library in the zone of each appointment, which can be a day off from Amsterdam."""
_WHEN = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE")
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""How the libraries fail on a file that is wrong in a way they did not expect."""
_WITHIN_A_DAY = {"SECONDLY", "MINUTELY", "HOURLY"}


@dataclass(frozen=True)
class Agenda:
    """What a file says about a period: its days, sorted and each once.

    ``afspraken`` and ``afgezegd`` count appointments in the period, every repetition for itself; ``andere`` counts appointments
    and series of the whole file that were not asked for.
    """

    bestand: str
    vanaf: date
    tot_en_met: date
    dagen: tuple[date, ...]
    afspraken: int
    afgezegd: int
    andere: int


def read_agenda(path: Path, zoek: str | None = None, vanaf: date | None = None, tot_en_met: date | None = None) -> Agenda:
    """The days in Amsterdam on which appointments begin whose title holds ``zoek`` (capitals do not count), cancelled ones left out.

    The period has both ends included and runs from the first to the last day that is found, unless it is given. Raises Unusable
    for a file that cannot be read, that holds nothing of this, or that repeats without end while ``tot_en_met`` is not given.
    """
    if vanaf is not None and tot_en_met is not None and tot_en_met < vanaf:
        raise Unusable(f"De periode eindigt op {written(tot_en_met)}, voor het begin op {written(vanaf)}; draai ze om.")
    naam = f"'{path.name}'"
    calendars = _parse(path, naam)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if not events:
        raise Unusable(f"In {naam} staat geen enkele afspraak.")
    _refuse_unreadable(events, naam)
    _told_apart(events)
    asked = {_uid(event) for event in events if _holds(event, zoek)}
    if not asked:
        raise Unusable(f"Geen van de {len(events)} afspraken in {naam} heeft '{zoek}' in de titel; kies een andere tekst bij --zoek.")
    wanted = [event for event in events if _uid(event) in asked]
    if tot_en_met is None and any(_endless(event) for event in wanted):
        raise Unusable(f"In {naam} staat een afspraak die zich zonder einde herhaalt; zeg met --tot-en-met tot welke dag dit bestand telt.")
    found = [
        (day, cancelled)
        for calendar in calendars
        for day, cancelled in _unfold(calendar, asked, zoek, naam, tot_en_met or LATEST)
        if (vanaf or EARLIEST) <= day <= (tot_en_met or LATEST)
    ]
    days = sorted(day for day, cancelled in found if not cancelled)
    if not days:
        raise Unusable(f"In {naam} staat in deze periode geen vergadering{_but_cancelled(len(found))}; kies een andere periode of --zoek.")
    return Agenda(
        bestand=path.name,
        vanaf=vanaf or days[0],
        tot_en_met=tot_en_met or days[-1],
        dagen=tuple(dict.fromkeys(days)),
        afspraken=len(days),
        afgezegd=len(found) - len(days),
        andere=sum(not _holds(event, zoek) for event in events),
    )


def _but_cancelled(afgezegd: int) -> str:
    return f" die doorgaat ({afgezegd} afgezegd)" if afgezegd else ""


def _parse(path: Path, naam: str) -> list[Calendar]:
    try:
        text = path.read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        raise Unusable(f"Het bestand {naam} bestaat niet.") from None
    except OSError as error:
        raise Unusable(f"Het bestand {naam} is niet te lezen ({type(error).__name__}).") from None
    try:
        found = Calendar.from_ical(text, multiple=True)
    except _BROKEN:
        found = []
    calendars = [component for component in found if isinstance(component, Calendar)]
    if not calendars:
        raise Unusable(f"{naam} is geen agendabestand in iCalendar; bewaar de agenda opnieuw als .ics.")
    return calendars


def _refuse_unreadable(events: Sequence[Component], naam: str) -> None:
    """Raises Unusable when it cannot be read when an appointment is: a day that is missing would not be seen."""
    wrong = sum(not _readable(event) for event in events)
    if wrong:
        van = "1 afspraak" if wrong == 1 else f"{wrong} afspraken"
        raise Unusable(f"Van {van} in {naam} is de datum of herhaling niet te lezen; bewaar de agenda opnieuw als .ics.")
    if any(str(freq).upper() in _WITHIN_A_DAY for event in events for rule in _rules(event) for freq in rule.get("FREQ", [])):
        raise Unusable(f"In {naam} herhaalt een afspraak zich meer dan eens per dag; dat kan geen vergadering zijn.")


def _readable(event: Component) -> bool:
    start = _start(event)
    broken = any(name in _WHEN for name, _ in event.errors)
    return not broken and start is not None and EARLIEST.year <= start.year <= LATEST.year


def _start(event: Component) -> date | None:
    found = event.get("DTSTART")
    return found.dt if isinstance(found, vDDDTypes) and isinstance(found.dt, date) else None


def _uid(event: Component) -> str:
    # Without a UID every appointment stands for itself.
    return str(event.get("UID") or id(event))


def _holds(event: Component, zoek: str | None) -> bool:
    return zoek is None or zoek.casefold() in str(event.get("SUMMARY", "")).casefold()


def _rules(event: Component) -> list[vRecur]:
    rules = event.get("RRULE", [])
    return [rule for rule in (rules if isinstance(rules, list) else [rules]) if isinstance(rule, vRecur)]


def _endless(event: Component) -> bool:
    return any("UNTIL" not in rule and "COUNT" not in rule for rule in _rules(event))


def _told_apart(events: Sequence[Component]) -> None:
    """Some programs give every appointment the same UID; the library would keep only the last of them."""
    seen: set[tuple[str, str]] = set()
    for i, event in enumerate(events):
        key = (_uid(event), str(event.get("SEQUENCE", "")))
        if "RECURRENCE-ID" not in event and key in seen:
            event["UID"] = vText(f"{key[0]}-{i}")
        seen.add(key)


def _unfold(calendar: Calendar, asked: set[str], zoek: str | None, naam: str, last: date) -> Iterator[tuple[date, bool]]:
    """Day and whether it was cancelled, of every appointment and repetition that was asked for."""
    calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VEVENT" or _uid(part) in asked]
    for event in calendar.walk("VEVENT"):
        for rule in _rules(event):
            _count_last_day(rule, _start(event))
    try:
        found = CalendarQuery(calendar).between(EARLIEST - _MARGIN, last + _MARGIN)
    except _BROKEN:
        raise Unusable(f"De herhaling van een afspraak in {naam} klopt niet; bewaar de agenda opnieuw als .ics.") from None
    withdrawn = str(calendar.get("METHOD", "")).upper() == "CANCEL"
    for event in found:
        start = _start(event)
        if start is not None and _holds(event, zoek):
            yield _day(start), withdrawn or str(event.get("STATUS", "")).upper() == "CANCELLED"


def _count_last_day(rule: vRecur, start: date | None) -> None:
    """Some programs end a series of moments on a day; the library would leave out the moment on that last day."""
    if isinstance(start, datetime) and "UNTIL" in rule:
        rule["UNTIL"] = [until if isinstance(until, datetime) else _end_of(until, start.tzinfo) for until in rule["UNTIL"]]


def _end_of(day: date, zone: tzinfo | None) -> datetime:
    end = datetime.combine(day, time(23, 59, 59), zone)
    return end if zone is None else end.astimezone(UTC)


def _day(moment: date) -> date:
    """The day in Amsterdam; a moment without a zone is local."""
    if not isinstance(moment, datetime):
        return moment
    return moment.date() if moment.tzinfo is None else moment.astimezone(AMSTERDAM).date()
