"""Commands about a ronde: toon, verzet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dossier import Reden, report
from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Opdracht, Slug, Stelsel, Verwacht, actor_for, day, house_for
from flows.cli.output import as_json, say, table

if TYPE_CHECKING:
    from flows.kansen import Rondebeeld

ronde = group("Wie er gevraagd is, wat er binnen is, en tot wanneer.", "Voorbeeld: kader ronde toon voortgangsnota-2026")


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    ronde.command("toon", epilog="Voorbeeld: kader ronde toon voortgangsnota-2026 --waarom")(toon)
    ronde.command(
        "verzet", epilog="Voorbeeld: kader ronde verzet voortgangsnota-2026 2027-06-14 --reden 'Advies van de Raadtafel' --als aob"
    )(verzet)
    app.add_typer(ronde, name="ronde")


def verzet(
    slug: Slug,
    naar: Annotated[date, typer.Argument(metavar="DATUM", parser=day, help="De nieuwe sluitingsdatum of vergadering.", show_default=False)],
    reden: Reden,
    als: Als = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Verzet de sluitingsdatum van de ronde, of de vergadering van de stap waar het dossier nu is."""
    from flows import datums

    house = house_for(database, stelsel)
    report(datums.move_datum(house, actor_for(house, als, op, opdracht, verwacht), slug, naar, reden), json)


def toon(
    slug: Slug,
    waarom: Annotated[bool, typer.Option("--waarom", help="Zeg bij elke deelnemer waarom het nog kan, nu moet of niet meer kan.")] = False,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon van elke deelnemer waar die staat in de laatste ronde, en of reageren nog kan; voor planners."""
    from flows.kansen import ronde_of

    house = house_for(database, stelsel)
    dag = op or house.today()
    beeld = ronde_of(house, slug, dag)
    if json:
        as_json(beeld.deelnemers)
    else:
        show(beeld, slug, dag, waarom)


def show(beeld: Rondebeeld, slug: str, op: date, waarom: bool) -> None:
    """A ronde as people read it; columns in which nothing stands are left out."""
    if beeld.gepland:
        say(f"Bij dossier {slug} is nog niemand om een reactie gevraagd.")
    if not beeld.deelnemers:
        return
    welke = "komt nog" if beeld.gepland else "laatste ronde"
    columns = ["Deelnemer", "Stand", "Op", "Besluit", "Behandeling", "Geagendeerd", "Kan nog?", "Tot"]
    if waarom:
        columns = ["Deelnemer", "Kan nog?", "Tot", "Waarom"]
    cells: dict[str, list[object]] = {
        "Deelnemer": [d.naam for d in beeld.deelnemers],
        "Stand": [d.staat for d in beeld.deelnemers],
        "Op": [d.datum for d in beeld.deelnemers],
        "Besluit": [d.uitkomst for d in beeld.deelnemers],
        "Behandeling": [d.behandelwijze for d in beeld.deelnemers],
        "Geagendeerd": [d.geagendeerd_op for d in beeld.deelnemers],
        "Kan nog?": [d.kans.status.label for d in beeld.deelnemers],
        "Tot": [d.kans.tot for d in beeld.deelnemers],
        "Waarom": [d.kans.waarom for d in beeld.deelnemers],
    }
    shown = [column for column in columns if any(cells[column])]
    title = f"{beeld.titel}: {welke}, '{beeld.naam}', gezien vanaf {op:%d-%m-%Y}"
    table(title, shown, zip(*(cells[column] for column in shown), strict=True))
    if beeld.volgende:
        say(f"Daarna komt nog een ronde: '{beeld.volgende}'.")
