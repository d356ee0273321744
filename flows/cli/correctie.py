"""Commands that mend the record: corrigeer, herroep."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dossier import Adviezen, Reden, report
from flows.cli.inbreng import Namens, VastgesteldOp, Vorm
from flows.cli.options import (
    Als,
    Database,
    Json,
    Op,
    Opdracht,
    Slug,
    Standpunten,
    Stelsel,
    Verwacht,
    actor_for,
    besluitbron,
    choice,
    day,
    house_for,
    read_gevolgen,
    read_standpunten,
    regel,
    vaststelling,
)

if TYPE_CHECKING:
    from statemachines.payloads import Regime


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(epilog="Voorbeeld: kader corrigeer voortgangsnota-2026 3 --vaststelling vastgesteld --reden 'Verslag' --als aob")(corrigeer)
    app.command(epilog="Voorbeeld: kader herroep voortgangsnota-2026 4 --reden 'Verkeerde uitkomst ingevuld' --als aob")(herroep)


def read_vervallen(words: list[str] | None) -> tuple[tuple[str, Regime], ...]:
    """Minority positions that fall away, typed as zandvoort:inhoudelijk."""
    from statemachines.payloads import Regime

    pairs = (word.partition(":") for word in words or ())
    return tuple((van, Regime(choice(regime, [r.value for r in Regime], "regime"))) for van, _, regime in pairs)


def corrigeer(
    slug: Slug,
    nr: Annotated[int, typer.Argument(metavar="REGEL", parser=regel, help="De regel van het journaal.", show_default=False)],
    reden: Annotated[str, typer.Option("--reden", help="Waarom dit wordt gecorrigeerd.", show_default=False)],
    bron: Annotated[
        str | None, typer.Option("--bron", parser=besluitbron, metavar="BRON", help="Waar het besluit staat.", show_default=False)
    ] = None,
    waarom: Annotated[str | None, typer.Option("--waarom", help="De reden van het besluit zelf.", show_default=False)] = None,
    vaststelling: Annotated[
        str | None,
        typer.Option("--vaststelling", parser=vaststelling, metavar="STAND", help="vastgesteld of gewijzigd.", show_default=False),
    ] = None,
    standpunten: Standpunten = None,
    vervallen: Annotated[
        list[str] | None,
        typer.Option(
            "--vervalt",
            metavar="WIE:REGIME",
            help="Een standpunt dat er niet hoort, als zandvoort:inhoudelijk; mag vaker.",
            show_default=False,
        ),
    ] = None,
    adviezen: Adviezen = None,
    tekst: Annotated[str | None, typer.Option("--tekst", help="De openbare tekst van de inbreng.", show_default=False)] = None,
    spreekt: Namens = None,
    vorm_van: Vorm = None,
    vastgesteld_op: VastgesteldOp = None,
    als: Als = None,
    datum: Annotated[
        date | None,
        typer.Option(
            "--datum",
            metavar="DATUM",
            parser=day,
            help="De dag van de correctie, zoals de vergadering die het verslag vaststelde.",
            show_default=False,
        ),
    ] = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Corrigeer wat een regel zegt, of stel een verslag vast; wat er stond, blijft te vinden."""
    from flows import correcties
    from statemachines import payloads

    house = house_for(database, stelsel)
    gedaan = correcties.correct(
        house,
        actor_for(house, als, op, opdracht, verwacht),
        slug,
        nr,
        reden,
        bron=payloads.BesluitBron(bron) if bron else None,
        waarom=waarom,
        vaststelling=payloads.Vaststelling(vaststelling) if vaststelling else None,
        standpunten=read_standpunten(standpunten),
        vervallen=read_vervallen(vervallen),
        adviezen=read_gevolgen(adviezen),
        tekst=tekst,
        namens=payloads.Namens(spreekt) if spreekt else None,
        vorm=payloads.Vorm(vorm_van) if vorm_van else None,
        vastgesteld_op=vastgesteld_op,
        datum=datum,
    )
    report(gedaan, json)


def herroep(
    slug: Slug,
    nr: Annotated[int, typer.Argument(metavar="REGEL", parser=regel, help="De regel van het journaal.", show_default=False)],
    reden: Reden,
    als: Als = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Herroep het laatste besluit; het blijft in het journaal staan."""
    from flows import correcties

    house = house_for(database, stelsel)
    report(correcties.revoke_besluit(house, actor_for(house, als, op, opdracht, verwacht), slug, nr, reden), json)
