"""Commands about a dossier: open, besluit, corrigeer, herroep, toon."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import (
    Als,
    Database,
    Datum,
    Json,
    Op,
    Opdracht,
    Slug,
    Standpunten,
    Stelsel,
    Verwacht,
    actor_for,
    besluitbron,
    house_for,
    read_gevolgen,
    read_standpunten,
    uitkomst,
)
from flows.cli.output import as_json, say, table
from flows.cli.verhaal import show_public, show_story

if TYPE_CHECKING:
    from flows.use_cases import Gedaan

Adviezen = Annotated[
    list[str] | None,
    typer.Option(
        "--advies", metavar="WIE:GEVOLGD", help="Als raadtafel:gevolgd, of raadtafel:niet-gevolgd:reden; mag vaker.", show_default=False
    ),
]
Reden = Annotated[str, typer.Option("--reden", help="Waarom; dit wordt bewaard en verteld.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command("open", epilog="Voorbeeld: kader open voortgangsnota-2026 --route voortgangsnota --titel 'Voortgangsnota 2026' --als aob")(
        open_
    )
    app.command(epilog="Voorbeeld: kader besluit voortgangsnota-2026 --van bestuur --uitkomst akkoord --als secretaris-bestuur")(besluit)
    app.command(epilog="Voorbeeld: kader toon voortgangsnota-2026")(toon)


def open_(
    slug: Slug,
    route: Annotated[str, typer.Option("--route", help="De route, zoals voortgangsnota; 'kader route toon' noemt ze.", show_default=False)],
    titel: Annotated[str, typer.Option("--titel", help="De titel zoals raden die lezen.", show_default=False)],
    als: Als = None,
    na: Annotated[str | None, typer.Option("--na", metavar="DOSSIER", help="Het dossier dat eerst komt.", show_default=False)] = None,
    trekker: Annotated[
        str | None, typer.Option("--trekker", metavar="ROL", help="De rol die het stuk trekt, zoals mra-directie.", show_default=False)
    ] = None,
    datum: Datum = None,
    op: Op = None,
    opdracht: Opdracht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Breng een kaderdocument in routing."""
    from flows import use_cases

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht)
    report(use_cases.open_dossier(house, actor, slug, route, titel, datum or actor.op, na, trekker), json)


def besluit(
    slug: Slug,
    van: Annotated[str, typer.Option("--van", help="Het gremium, of in een ronde het orgaan zoals college-almere.", show_default=False)],
    uitkomst: Annotated[
        str, typer.Option("--uitkomst", parser=uitkomst, metavar="UITKOMST", help="Zoals akkoord of terugverwijzen.", show_default=False)
    ],
    als: Als = None,
    datum: Datum = None,
    reden: Annotated[
        str | None, typer.Option("--reden", help="Waarom; nodig als het besluit de route verandert.", show_default=False)
    ] = None,
    bron: Annotated[str, typer.Option("--bron", parser=besluitbron, metavar="BRON", help="Waar het besluit staat.")] = "besluitenlijst",
    stap: Annotated[str | None, typer.Option("--stap", help="De stap, als het gremium vaker voorkomt.", show_default=False)] = None,
    afwijking: Annotated[str | None, typer.Option("--afwijking", help="Reden om van de route af te wijken.", show_default=False)] = None,
    toegestaan_door: Annotated[
        str | None, typer.Option("--toegestaan-door", help="De rol die de afwijking toestond.", show_default=False)
    ] = None,
    standpunten: Standpunten = None,
    adviezen: Adviezen = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg een besluit vast."""
    from flows import use_cases
    from statemachines.payloads import BesluitBron
    from statemachines.route import Uitkomst

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    gedaan = use_cases.register_besluit(
        house,
        actor,
        slug,
        van,
        Uitkomst(uitkomst),
        datum or actor.op,
        bron=BesluitBron(bron),
        reden=reden,
        stap=stap,
        afwijking=afwijking,
        toegestaan_door=toegestaan_door,
        standpunten=read_standpunten(standpunten),
        adviezen=read_gevolgen(adviezen),
    )
    report(gedaan, json)


def toon(
    slug: Annotated[
        str | None, typer.Argument(metavar="[DOSSIER]", help="De naam van het dossier; zonder naam: alle.", show_default=False)
    ] = None,
    openbaar: Annotated[bool, typer.Option("--openbaar", help="Alleen wat raden en publiek mogen zien.")] = False,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon waar de dossiers staan, of het hele verhaal van een dossier."""
    from dossiers.database import reading

    house = house_for(database, stelsel)
    with reading(house.engine) as connection:
        if slug is None:
            from dossiers.lijst import lijst

            regels = lijst(connection, house.stelsel, op or house.today())
            if json:
                as_json([asdict(regel) for regel in regels])
            else:
                cells = (
                    (r.slug, r.titel, r.stap, r.wie, r.moment, r.wat, r.op_tijd, f"{r.gegeven}/{r.gevraagd}" if r.gevraagd else "")
                    for r in regels
                )
                table("", ["Dossier", "Stuk", "Staat bij", "Wie", "Moment", "Wat", "Op tijd", "Binnen"], cells)
            return
        from dossiers import overzicht as lezen

        verhaal = lezen.overzicht(connection, house.stelsel, slug)
    if openbaar:
        publiek = lezen.openbaar(verhaal, op or house.today())
        if json:
            as_json(publiek)
        else:
            show_public(publiek)
        return
    if json:
        as_json(verhaal)
        return
    show_story(verhaal)


def report(gedaan: Gedaan, json: bool) -> None:
    """What a use case did, in a sentence or two."""
    if json:
        as_json(gedaan)
        return
    eerder = "Deze opdracht was al uitgevoerd. " if gedaan.herhaald else ""
    say(f"{eerder}Regel {gedaan.nr}: dossier {gedaan.slug} {gedaan.zin}.")
    if gedaan.klaargezet:
        bericht = "1 bericht staat" if gedaan.klaargezet == 1 else f"{gedaan.klaargezet} berichten staan"
        say(f"{bericht} klaar; bekijk met 'kader bericht toon' en geef vrij met 'kader bericht vrijgeef'.")
    if gedaan.vanzelf:
        say("Er gaat vanzelf een herinnering naar wie aan zet is.")
