"""Command about messages: toon."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.bericht import Dossier, Ontvanger, Soort, bericht
from flows.cli.options import Database, Stelsel, choice, house_for
from flows.cli.output import say


def register() -> None:
    """Adds this command."""
    bericht.command("toon", epilog="Voorbeeld: kader bericht toon --dossier voortgangsnota-2026 --ontvanger griffie-almere")(toon)


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
