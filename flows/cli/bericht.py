"""Commands about messages: lijst, toon, vrijgeef, bezorg."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

import typer

from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Stelsel, actor_for, choice, house_for
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
    bericht.command("toon", epilog="Voorbeeld: kader bericht toon --dossier voortgangsnota-2026 --ontvanger griffie-almere")(toon)
    bericht.command("vrijgeef", epilog="Voorbeeld: kader bericht vrijgeef --dossier voortgangsnota-2026 --ja --als secretaris-av")(vrijgeef)
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


def toon(
    dossier: Dossier = None,
    soort: Soort = None,
    ontvanger: Ontvanger = None,
    als: Annotated[
        str, typer.Option("--als", metavar="VORM", parser=lambda text: choice(text, ["txt", "html"], "vorm"), help="txt of html.")
    ] = "txt",
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon het laatste bericht dat hierbij past zoals de ontvanger het leest."""
    from collections import deque

    from dossiers import outbox
    from dossiers.database import reading
    from notifications.deliver import preview
    from statemachines.errors import UnknownSlug

    house = house_for(database, stelsel)
    with reading(house.engine) as connection:
        newest = deque(outbox.rows(connection, house.stelsel, dossier, soort, ontvanger), maxlen=1)
        if not newest:
            raise UnknownSlug("Er is geen bericht dat hierbij past; 'kader bericht lijst' noemt ze alle.")
        rendered = preview(connection, house.stelsel, newest[0])
    say(rendered.html if als == "html" else f"Onderwerp: {rendered.onderwerp}\n\n{rendered.tekst}")


def vrijgeef(
    dossier: Dossier = None,
    soort: Soort = None,
    ja: Annotated[bool, typer.Option("--ja", help="Geef vrij; zonder --ja ziet u alleen wat er vrij zou komen.")] = False,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Geef klaargezette berichten vrij, nadat u aantal, lijst en een voorbeeld zag."""
    from dossiers import journal, outbox
    from dossiers.database import reading
    from flows import use_cases
    from notifications.deliver import preview

    house = house_for(database, stelsel)
    if ja:
        count = use_cases.release(house, actor_for(house, als, op, None), dossier, soort)
        if json:
            as_json({"vrijgegeven": count})
        else:
            say(f"{count} {'bericht' if count == 1 else 'berichten'} vrijgegeven.")
        return
    with reading(house.engine) as connection:
        journal.require(connection, house.stelsel, dossier)
        waiting = list(outbox.rows(connection, house.stelsel, dossier, soort, None, outbox.Status.KLAARGEZET))
        rendered = preview(connection, house.stelsel, waiting[0]) if waiting else None
    if json:
        as_json([str(b.key) for b in waiting])
        return
    if rendered is None:
        say("Er staat niets klaar.")
        return
    table("Staat klaar", ["Soort", "Aan", "Dossier"], [(b.key.soort, b.context["ontvanger_naam"], b.key.slug) for b in waiting])
    say(f"\nZo leest {waiting[0].context['ontvanger_naam']} het:\n\nOnderwerp: {rendered.onderwerp}\n\n{rendered.tekst}")
    say(f"{len(waiting)} {'bericht' if len(waiting) == 1 else 'berichten'}. Geef vrij met dezelfde opdracht en --ja --als ROL.")


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
