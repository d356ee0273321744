"""Command about messages: vrijgeef."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.bericht import Dossier, Soort, bericht
from flows.cli.options import Als, Database, Json, Op, Stelsel, actor_for, house_for
from flows.cli.output import as_json, say, table


def register() -> None:
    """Adds this command."""
    bericht.command("vrijgeef", epilog="Voorbeeld: kader bericht vrijgeef --dossier voortgangsnota-2026 --ja --als secretaris-av")(vrijgeef)


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
