"""Commands about what is given: inbreng of deelnemers, and advice of gremia."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from flows.cli.dossier import report
from flows.cli.options import (
    Als,
    Database,
    Datum,
    Json,
    Op,
    Opdracht,
    Slug,
    Stelsel,
    Verwacht,
    actor_for,
    adviesover,
    behandelwijze,
    day,
    house_for,
    inbrengsoort,
    namens,
    regel,
    versie,
    vorm,
)

Stuk = Annotated[str | None, typer.Option("--stuk", help="Het stuk waar dit over gaat, zoals voortgangsnota.", show_default=False)]
VersieVan = Annotated[
    str | None, typer.Option("--versie", parser=versie, metavar="VERSIE", help="Welke versie van dat stuk.", show_default=False)
]
Onderdelen = Annotated[list[str] | None, typer.Option("--onderdeel", help="Een onderdeel van dat stuk; mag vaker.", show_default=False)]

Namens = Annotated[
    str | None, typer.Option("--namens", parser=namens, metavar="WIE", help="Zoals raad, staten of college.", show_default=False)
]
Vorm = Annotated[
    str | None, typer.Option("--vorm", parser=vorm, metavar="VORM", help="Zoals raadsbesluit, motie of brief.", show_default=False)
]
VastgesteldOp = Annotated[
    date | None, typer.Option("--vastgesteld-op", metavar="DATUM", parser=day, help="Wanneer de raad besloot.", show_default=False)
]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(
        epilog="Voorbeeld: kader inbreng voortgangsnota-2026 --van almere --namens raad --tekst 'Brief van de raad' --als mra-directie"
    )(inbreng)
    app.command(
        epilog="Voorbeeld: kader advies voortgangsnota-2026 --van raadtafel --over proces --tekst 'Geef raden een maand meer' --als aob"
    )(advies)


def inbreng(
    slug: Slug,
    van: Annotated[str, typer.Option("--van", help="De deelnemer, zoals almere; of een deelregio die bundelt.", show_default=False)],
    soort: Annotated[
        str,
        typer.Option("--soort", parser=inbrengsoort, metavar="SOORT", help="Zoals reactie, geen-opvatting of behandeling."),
    ] = "reactie",
    tekst: Annotated[str | None, typer.Option("--tekst", help="De openbare tekst van de inbreng.", show_default=False)] = None,
    indiener: Annotated[
        str | None, typer.Option("--indiener", help="Wie ondertekende; kan later gewist worden.", show_default=False)
    ] = None,
    spreekt: Namens = None,
    vorm_van: Vorm = None,
    vastgesteld_op: VastgesteldOp = None,
    behandeling: Annotated[
        str | None,
        typer.Option(
            "--behandelwijze", parser=behandelwijze, metavar="WIJZE", help="Zoals hamerstuk of voor-kennisgeving.", show_default=False
        ),
    ] = None,
    geagendeerd_op: Annotated[
        date | None, typer.Option("--geagendeerd-op", metavar="DATUM", parser=day, help="De dag van de agenda.", show_default=False)
    ] = None,
    stuk: Stuk = None,
    versie_van: VersieVan = None,
    onderdelen: Onderdelen = None,
    bundelt: Annotated[
        list[int] | None,
        typer.Option(
            "--bundelt", metavar="REGEL", parser=regel, help="Van een deelregio: de inbreng die zij bundelt; mag vaker.", show_default=False
        ),
    ] = None,
    vervangt: Annotated[
        int | None,
        typer.Option("--vervangt", metavar="REGEL", parser=regel, help="De eerdere reactie die hiermee vervalt.", show_default=False),
    ] = None,
    als: Als = None,
    datum: Datum = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg vast wat een raad, Staten of regioraad meegeeft, of hoe ver die is."""
    from flows import use_cases
    from statemachines import payloads
    from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    given = Inbreng(
        soort=InbrengSoort(soort),
        namens=payloads.Namens(spreekt) if spreekt else None,
        vorm=payloads.Vorm(vorm_van) if vorm_van else None,
        vastgesteld_op=vastgesteld_op,
        behandelwijze=Behandelwijze(behandeling) if behandeling else None,
        geagendeerd_op=geagendeerd_op,
        stuk=stuk,
        versie=payloads.Versie(versie_van) if versie_van else None,
        onderdelen=tuple(onderdelen or ()),
        bundelt=tuple(bundelt or ()),
        vervangt=vervangt,
    )
    report(use_cases.register_inbreng(house, actor, slug, van, given, datum or actor.op, tekst=tekst, indiener=indiener), json)


def advies(
    slug: Slug,
    van: Annotated[str, typer.Option("--van", help="Het gremium dat adviseert, zoals raadtafel.", show_default=False)],
    vraag: Annotated[bool, typer.Option("--vraag", help="Leg vast dat het advies is gevraagd; het is er nog niet.")] = False,
    over: Annotated[
        str | None, typer.Option("--over", parser=adviesover, metavar="WAT", help="proces of inhoud.", show_default=False)
    ] = None,
    tekst: Annotated[str | None, typer.Option("--tekst", help="De openbare tekst van het advies.", show_default=False)] = None,
    stuk: Stuk = None,
    versie_van: VersieVan = None,
    onderdelen: Onderdelen = None,
    als: Als = None,
    datum: Datum = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg een advies vast naast het besluit van de stap waar het dossier nu is, gevraagd of ongevraagd."""
    from flows import use_cases
    from statemachines.inbreng import Inbreng, InbrengSoort
    from statemachines.payloads import Versie
    from statemachines.route import AdviesOver

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    given = Inbreng(
        soort=InbrengSoort.ADVIESVRAAG if vraag else InbrengSoort.ADVIES,
        over=AdviesOver(over) if over else None,
        stuk=stuk,
        versie=Versie(versie_van) if versie_van else None,
        onderdelen=tuple(onderdelen or ()),
    )
    report(use_cases.register_inbreng(house, actor, slug, van, given, datum or actor.op, tekst=tekst), json)
