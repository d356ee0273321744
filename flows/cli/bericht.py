"""Commands about messages: lijst, waarom and bezorg; the group that the others join."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from flows.cli.dutch import group
from flows.cli.options import Database, Json, Op, Stelsel, choice, house_for
from flows.cli.output import as_json, as_json_rows, say, table

if TYPE_CHECKING:
    from dossiers.grootboek import Boeking
    from flows.berichten_inzien import Verklaring

AT_ONCE = 500
"""Rows in one table; a longer list goes on in a next one, so that it can be read from the first row on."""

bericht = group("Wat er verteld moet worden, en wat er verteld is.", "Voorbeeld: kader bericht lijst --status klaargezet")


def _status(text: str) -> str:
    from dossiers.outbox import Status

    return choice(text, [status.value for status in Status], "status")


Dossier = Annotated[str | None, typer.Option("--dossier", help="Alleen van dit dossier.", show_default=False)]
Soort = Annotated[str | None, typer.Option("--soort", help="Alleen deze soort, zoals inbrengmoment-geopend.", show_default=False)]
Ontvanger = Annotated[str | None, typer.Option("--ontvanger", help="Alleen aan deze ontvanger, zoals griffie-almere.", show_default=False)]
Raad = Annotated[
    str | None,
    typer.Option("--raad", metavar="DEELNEMER", help="Alleen aan iedereen van deze raad of deelnemer, zoals almere.", show_default=False),
]
Stand = Annotated[str | None, typer.Option("--status", parser=_status, help="Alleen met deze status: klaargezet.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    bericht.command("lijst", epilog="Voorbeeld: kader bericht lijst --status klaargezet")(lijst)
    bericht.command("waarom", epilog="Voorbeeld: kader bericht waarom voortgangsnota-2026/herinnering/griffie-almere")(waarom)
    bericht.command("bezorg", epilog="Voorbeeld: kader bericht bezorg")(bezorg)
    app.add_typer(bericht, name="bericht")


def lijst(
    dossier: Dossier = None,
    raad: Raad = None,
    soort: Soort = None,
    ontvanger: Ontvanger = None,
    status: Stand = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon wie wat wanneer hoorde, met welk sjabloon en welke data, en of het bezorgd is."""
    from dossiers.database import reading
    from dossiers.outbox import Status
    from flows import berichten_inzien

    house = house_for(database, stelsel)
    with reading(house.engine) as connection:
        found = berichten_inzien.lijst(connection, house, dossier, raad, soort, ontvanger, Status(status) if status else None)
        first = next(found, None)
        if first is None:
            berichten_inzien.require_filters(house, soort, ontvanger)
        if json:
            as_json_rows(found if first is None else chain([first], found))
            return
        if first is None:
            say("Er is geen bericht dat hierbij past.")
            return
        rest = chain([first], found)
        while rows := list(islice(rest, AT_ONCE)):
            table("", ["Bericht", "Status", "Wanneer, en welke data erin staan", "Sjabloon"], [_cells(b) for b in rows])


def _cells(b: Boeking) -> tuple[str, ...]:
    """One bericht as a row; what is not known yet takes no line. On a terminal its key is broken where that can be read."""
    vrij = f"vrij {_dag(b.vrijgegeven)} door {b.vrijgegeven_door}" if b.vrijgegeven else None
    af = f"{b.status.value} {_dag(b.afgehandeld)}" if b.afgehandeld else None
    pogingen = f"{b.pogingen} pogingen" if b.pogingen > 1 else None
    mail = f"in mail {b.mail[:8]}" if b.mail else None
    data = ", ".join(f"{label} {_dag(b.data[name])}" for name, label in _SHOWN.items() if name in b.data)
    erin = f"erin: {data}" if data else None
    wanneer = filter(None, (f"klaar {_dag(b.klaargezet)}", vrij, af, pogingen, mail, None if b.bezorgd else b.melding, erin))
    parts = (b.key.slug, b.key.soort, f"{b.key.ontvanger}/{b.key.datumversie}")
    return ("/\n" if sys.stdout.isatty() else "/").join(parts), b.status.value, "\n".join(wanneer), b.sjablonen[:8]


_SHOWN = {"van": "van", "tot_en_met": "t/m", "eerder": "eerst t/m", "vergadering": "op", "aanleverdatum": "stukken"}


def _dag(moment: str) -> str:
    """The day of a moment (in Amsterdam) or of a date, as 12-03-2027."""
    from datetime import datetime

    from flows.house import AMSTERDAM

    seen = datetime.fromisoformat(moment)
    return f"{seen if seen.tzinfo is None else seen.astimezone(AMSTERDAM):%d-%m-%Y}"


def waarom(
    sleutel: Annotated[
        str | None, typer.Argument(metavar="BERICHT", help="Zoals de lijst het noemt; zonder versie het laatste.", show_default=False)
    ] = None,
    dossier: Dossier = None,
    raad: Raad = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg uit waarom iemand een bericht kreeg, of waarom niet."""
    from flows.berichten_inzien import explained, explained_for
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    if sleutel is not None and dossier is None and raad is None:
        found = [explained(house, sleutel, op or house.today())]
    elif sleutel is None and dossier is not None and raad is not None:
        found = explained_for(house, dossier, raad, op or house.today())
    else:
        raise Unusable("Noem een bericht zoals 'kader bericht lijst' het noemt, of geef --dossier en --raad samen; niet allebei.")
    if json:
        as_json(found)
    else:
        say("\n\n".join(_told(found)))


def _told(found: list[Verklaring]) -> Iterator[str]:
    for v in found:
        head = f"{v.bericht}: {v.status.value}" if v.bericht and v.status else f"{v.soort} aan {v.ontvanger}: geen bericht"
        yield "\n".join([head, *(f"- {zin}" for zin in v.zinnen)])


def bezorg(
    nu: Annotated[
        bool, typer.Option("--nu", help="Meteen, ook buiten de uren en aan wie vandaag al mail kreeg; alleen in de proef.")
    ] = False,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Bezorg wat vrijgegeven is, op de uren van het stelsel; in de proef in het postvak op deze computer."""
    from collections import Counter

    from dossiers.outbox import Status
    from notifications.deliver import closed_until, deliver

    house = house_for(database, stelsel)
    wacht = None if nu else closed_until(house.engine, house.stelsel, house.now())
    sent = deliver(house.engine, house.stelsel, house.settings.post, house.now, f"cli-{uuid4().hex[:8]}", nu)
    done: Counter[str] = Counter()
    later = None
    for b in sent:
        done[b.status.value] += 1
        later = b.melding if b.status is Status.VRIJGEGEVEN else later
    if json:
        as_json(done)
        return
    say(", ".join(f"{status}: {count}" for status, count in sorted(done.items())) or wacht or "Er was niets te bezorgen.")
    if later is not None:
        say(f"Wat nog vrijgegeven is, kwam niet aan en gaat later opnieuw. De melding: {later}")
