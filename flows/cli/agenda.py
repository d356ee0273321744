"""Commands about a meeting that is prepared: agenda."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import Database, Json, Op, Stelsel, choice, day, house_for
from flows.cli.output import as_json, keep_file, say, table

if TYPE_CHECKING:
    from flows.agenda import Agenda

VORMEN = ["tabel", "md", "docx"]


def register(app: typer.Typer) -> None:
    """Adds this command."""
    app.command(epilog="Voorbeeld: kader agenda aob 2027-03-11\n\nVoorbeeld: kader agenda bestuur 2027-03-05 --als docx")(agenda)


def agenda(
    gremium: Annotated[str, typer.Argument(metavar="GREMIUM", help="Zoals aob, secretarissen, bestuur of av.", show_default=False)],
    datum: Annotated[date, typer.Argument(metavar="DATUM", parser=day, help="De dag van de vergadering.", show_default=False)],
    als: Annotated[
        str, typer.Option("--als", metavar="VORM", parser=lambda text: choice(text, VORMEN, "vorm"), help="tabel, md of docx.")
    ] = "tabel",
    naar: Annotated[
        Path | None,
        typer.Option("--naar", metavar="BESTAND", help="Het bestand; docx gewoon agenda-GREMIUM-DATUM.docx, hier.", show_default=False),
    ] = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Bereid een vergadering voor: wat er veranderde, wat nu beslist moet worden, de conceptagenda, raden in de knel, acties."""
    from statemachines.errors import Unusable

    if json and als != "tabel":
        raise Unusable("Kies een van beide: --als geeft een stuk om te lezen, --json geeft uitvoer voor programma's.")
    if naar is not None and als == "tabel":
        raise Unusable("Met --naar hoort --als md of --als docx.")
    if naar is not None and naar.suffix.lower() != f".{als}":
        raise Unusable(f"De naam '{naar.name}' eindigt niet op .{als}; geef het bestand een naam die past bij --als.")
    from flows.agenda import prepare

    house = house_for(database, stelsel)
    found = prepare(house, gremium, datum, op or house.today())
    if json:
        as_json(found)
        return
    if als == "tabel":
        _show(found)
        return
    from flows.agendabestand import as_docx, as_markdown

    if als == "md" and naar is None:
        say(as_markdown(found))
    else:
        target = naar or Path(f"agenda-{gremium}-{datum}.docx")
        keep_file(target, as_docx(found) if als == "docx" else f"{as_markdown(found)}\n".encode())
        say(f"Geschreven in {target}.")


def _show(found: Agenda) -> None:
    from flows.agendatekst import opening, parts, title

    say(title(found))
    for zin in opening(found):
        say(zin)
    for deel in parts(found):
        say("")
        say(deel.kop)
        if not deel.blokken:
            say(deel.leeg)
        for blok in deel.blokken:
            if blok.kop:
                say("")
                say(blok.kop)
            for zin in blok.zinnen:
                say(zin)
            if blok.rijen:
                table("", blok.kolommen, blok.rijen)
