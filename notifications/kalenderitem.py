"""The calendar item that travels with a mail: for each orgaan the last day on which it can answer, for one's own agenda.

It is published and asks nothing of anybody. A newer one of the same stap replaces it: the UID stays, SEQUENCE rises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from icalendar import Calendar, Event, vUri

from statemachines.kalender import written

PRODUCT = "-//Kaderroute//inbrengmoment//NL"
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_URI = re.compile(r"[!-~]+")


def uid(stelsel: str, dossier: str, stap: str, orgaan: str, domein: str) -> str:
    """The name of an item in every agenda. It holds no date: an item whose date moved is still the same item."""
    return f"{sha256(chr(10).join((stelsel, dossier, stap, orgaan)).encode()).hexdigest()[:48]}@{domein}"


def kalenderitem(agenda: Mapping[str, Any], *, stelsel: str, dossier: str, url: str, afzender: str, antwoord_aan: str) -> bytes:
    """An iCalendar file (UTF-8) with one item per orgaan, a whole day on its sluitingsdatum; the same facts give the same bytes.

    ``agenda``: uid_van (the stap), sequence (the datumversie), vastgelegd (ISO, UTC), titel, wat (Reageren or Besluiten), vervallen, and
    organen, each with slug, naam and tot_en_met. The UIDs are in the domain of ``afzender``; questions go to ``antwoord_aan``.
    Raises ValueError for a url or address that could break the file and for an agenda with something missing.
    """
    if not _URI.fullmatch(url) or not _URI.fullmatch(antwoord_aan):
        raise ValueError("a url or address with a space, a line end or a sign outside ASCII")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    try:
        for event in _events(agenda, stelsel, dossier, url, afzender.rpartition("@")[2], antwoord_aan):
            calendar.add_component(event)
    except LookupError as error:
        raise ValueError(f"an agenda without {error}") from error
    return bytes(calendar.to_ical(sorted=False))


def _events(agenda: Mapping[str, Any], stelsel: str, dossier: str, url: str, domein: str, antwoord_aan: str) -> Iterator[Event]:
    vastgelegd = datetime.fromisoformat(str(agenda["vastgelegd"]))
    wat, titel = _text(agenda["wat"]), _text(agenda["titel"])
    for orgaan in agenda["organen"]:
        naam, dag = _text(orgaan["naam"]), date.fromisoformat(orgaan["tot_en_met"])
        what = f"{titel} ({naam})"
        summary, until = f"{wat} kan tot en met vandaag: {what}", f"{wat} kan tot en met {written(dag)}: {what}."
        if agenda["vervallen"]:
            summary, until = f"VERVALLEN: {what}", "Deze datum is vervallen. U hoeft hiervoor niets meer te doen."
        event = Event()
        event.add("uid", uid(stelsel, dossier, str(agenda["uid_van"]), str(orgaan["slug"]), domein))
        event.add("sequence", int(agenda["sequence"]))
        event.add("dtstamp", vastgelegd)
        event.add("last-modified", vastgelegd)
        event.add("dtstart", dag)
        event.add("dtend", dag + timedelta(days=1))
        event.add("summary", summary)
        event.add("description", f"{until}\n\n{url}")
        event.add("url", vUri(url))
        event.add("organizer", f"mailto:{antwoord_aan}")  # PUBLISH must name one (RFC 5546, 3.2.1)
        event.add("status", "CANCELLED" if agenda["vervallen"] else "CONFIRMED")
        event.add("transp", "TRANSPARENT")  # a last day is no meeting: it keeps nobody from being free
        yield event


def _text(value: object) -> str:
    """Without signs that no agenda may hold (RFC 5545, 3.3.11)."""
    return _NO_TEXT.sub(" ", str(value)).strip()
