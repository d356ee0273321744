"""Commands about a ronde: toon, verzet, uitstel, vraag-opnieuw."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dossier import Reden, report
from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Opdracht, Slug, Stelsel, Verwacht, actor_for, day, house_for, rol
from flows.cli.output import as_json, say, table

if TYPE_CHECKING:
    from flows.kansen import Rondebeeld

TotEnMet = Annotated[date, typer.Argument(metavar="DATUM", parser=day, help="De laatste dag om te reageren.", show_default=False)]
Voor = Annotated[list[str], typer.Option("--voor", metavar="DEELNEMER", help="Voor wie, zoals almere; mag vaker.", show_default=False)]
ronde = group("Wie er gevraagd is, wat er binnen is, en tot wanneer.", "Voorbeeld: kader ronde toon voortgangsnota-2026")


FITS = {True: "past", False: "past niet", None: "onbekend"}
"""Whether the own vergaderingen of a deelnemer still fit."""


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    ronde.command("toon", epilog="Voorbeeld: kader ronde toon voortgangsnota-2026 --waarom")(toon)
    ronde.command(
        "verzet", epilog="Voorbeeld: kader ronde verzet voortgangsnota-2026 2027-06-14 --reden 'Advies van de Raadtafel' --als aob"
    )(verzet)
    ronde.command(
        "uitstel", epilog="Voorbeeld: kader ronde uitstel voortgangsnota-2026 2027-06-14 --voor almere --reden 'Raad is later' --als aob"
    )(uitstel)
    ronde.command(
        "vraag-opnieuw",
        epilog="Voorbeeld: kader ronde vraag-opnieuw voortgangsnota-2026 2027-06-14 --voor almere --reden 'Nieuwe versie' --als aob",
    )(vraag_opnieuw)
    app.add_typer(ronde, name="ronde")


def verzet(
    slug: Slug,
    naar: Annotated[date, typer.Argument(metavar="DATUM", parser=day, help="De nieuwe sluitingsdatum of vergadering.", show_default=False)],
    reden: Reden,
    spoed: Annotated[
        str | None,
        typer.Option("--spoed", metavar="ROL", parser=rol, help="Wie een vergadering buiten de kalender toestond.", show_default=False),
    ] = None,
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
    report(datums.move_datum(house, actor_for(house, als, op, opdracht, verwacht), slug, naar, reden, spoed=spoed), json)


def uitstel(
    slug: Slug,
    tot_en_met: TotEnMet,
    voor: Voor,
    reden: Reden,
    als: Als = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Geef een of meer deelnemers uitstel; de sluitingsdatum van de anderen blijft."""
    from flows import datums

    house = house_for(database, stelsel)
    report(datums.give_uitstel(house, actor_for(house, als, op, opdracht, verwacht), slug, voor, tot_en_met, reden), json)


def vraag_opnieuw(
    slug: Slug,
    tot_en_met: TotEnMet,
    voor: Voor,
    reden: Reden,
    als: Als = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Vraag een of meer deelnemers opnieuw om een reactie; wat zij al gaven, blijft staan."""
    from flows import datums

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    report(datums.give_uitstel(house, actor, slug, voor, tot_en_met, reden, opnieuw=True), json)


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
    from statemachines.planning.kans import Kansstatus

    if beeld.gepland:
        say(f"Bij dossier {slug} is nog niemand om een reactie gevraagd.")
    if not beeld.deelnemers:
        return
    columns = ["Deelnemer", "Stand", "Op", "Besluit", "Behandeling", "Geagendeerd", "Kan nog?", "Vanaf", "Tot", "Eigen weg"]
    if waarom:
        columns = ["Deelnemer", "Kan nog?", "Vanaf", "Tot", "Waarom"]
    settled = (Kansstatus.BINNEN, Kansstatus.TE_LAAT)
    cells: dict[str, list[object]] = {
        "Deelnemer": [d.naam for d in beeld.deelnemers],
        "Stand": [d.staat for d in beeld.deelnemers],
        "Op": [d.datum for d in beeld.deelnemers],
        "Besluit": [d.uitkomst for d in beeld.deelnemers],
        "Behandeling": [d.behandelwijze for d in beeld.deelnemers],
        "Geagendeerd": [d.geagendeerd_op for d in beeld.deelnemers],
        "Kan nog?": [d.kans.status.label for d in beeld.deelnemers],
        "Vanaf": [d.kans.vanaf if d.kans.status is Kansstatus.NOG_NIET else None for d in beeld.deelnemers],
        "Tot": [d.kans.tot for d in beeld.deelnemers],
        "Eigen weg": ["" if d.kans.status in settled else FITS[d.kans.haalt] for d in beeld.deelnemers],
        "Waarom": [d.kans.waarom for d in beeld.deelnemers],
    }
    shown = [column for column in columns if any(cells[column])]
    welke = f"'{beeld.naam}' komt nog" if beeld.gepland else f"laatste ronde, '{beeld.naam}'"
    table(f"{beeld.titel}: {welke}, gezien vanaf {op:%d-%m-%Y}", shown, zip(*(cells[column] for column in shown), strict=True))
    if beeld.volgende:
        say(f"Daarna komt nog een ronde: '{beeld.volgende}'.")
