"""Commands about messages: lijst and bezorg; the group that the others join."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from flows.cli.dutch import group
from flows.cli.options import Database, Json, Stelsel, choice, house_for
from flows.cli.output import as_json, say, table

bericht = group("Wat er verteld moet worden, en wat er verteld is.", "Voorbeeld: kader bericht lijst --status klaargezet")


def _status(text: str) -> str:
    from dossiers.outbox import Status

    return choice(text, [status.value for status in Status], "status")


Dossier = Annotated[str | None, typer.Option("--dossier", help="Alleen van dit dossier.", show_default=False)]
Soort = Annotated[str | None, typer.Option("--soort", help="Alleen deze soort, zoals inbrengmoment-geopend.", show_default=False)]
Ontvanger = Annotated[str | None, typer.Option("--ontvanger", help="Alleen aan deze ontvanger, zoals griffie-almere.", show_default=False)]
Stand = Annotated[str | None, typer.Option("--status", parser=_status, help="Alleen met deze status: klaargezet.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    bericht.command("lijst", epilog="Voorbeeld: kader bericht lijst --status klaargezet")(lijst)
    bericht.command("bezorg", epilog="Voorbeeld: kader bericht bezorg")(bezorg)
    app.add_typer(bericht, name="bericht")


def lijst(
    dossier: Dossier = None,
    soort: Soort = None,
    ontvanger: Ontvanger = None,
    status: Stand = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon wie wat hoort, en of het bezorgd is."""
    from dossiers import journal, outbox
    from dossiers.database import reading

    house = house_for(database, stelsel)
    with reading(house.engine) as connection:
        journal.require(connection, house.stelsel, dossier)
        found = outbox.rows(connection, house.stelsel, dossier, soort, ontvanger, outbox.Status(status) if status else None)
        if json:
            as_json(list(found))
            return
        cells = ((b.key, b.status.value, b.aangemaakt[:10], b.vrijgegeven_door, b.pogingen, b.melding) for b in found)
        table("", ["Bericht", "Status", "Gemaakt", "Vrijgegeven door", "Pogingen", "Melding"], cells)


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

    from notifications.deliver import closed_until, deliver

    house = house_for(database, stelsel)
    wacht = None if nu else closed_until(house.engine, house.stelsel, house.now())
    sent = deliver(house.engine, house.stelsel, house.settings.post, house.now, f"cli-{uuid4().hex[:8]}", nu)
    done = Counter(b.status.value for b in sent)
    if json:
        as_json(done)
    else:
        say(", ".join(f"{status}: {count}" for status, count in sorted(done.items())) or wacht or "Er was niets te bezorgen.")
