"""Commands about documents: stuk leg-vast, toon, vraag, antwoord."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.dossier import report
from flows.cli.dutch import group
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
    choice,
    day,
    house_for,
    regel,
    rol,
    versie,
)
from flows.cli.output import as_json, say, table

stuk = group("De stukken van een dossier, en verzoeken om stukken.", "Voorbeeld: kader stuk toon voortgangsnota-2026")
Naam = Annotated[str, typer.Argument(metavar="STUK", help="De naam van het stuk, zoals voortgangsnota of oplegger.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    stuk.command(
        "leg-vast",
        epilog="Voorbeeld: kader stuk leg-vast voortgangsnota-2026 voortgangsnota --versie concept --status intern --als mra-directie",
    )(leg_vast)
    stuk.command("toon", epilog="Voorbeeld: kader stuk toon voortgangsnota-2026")(toon)
    stuk.command(
        "vraag", epilog="Voorbeeld: kader stuk vraag voortgangsnota-2026 bijlagen --van almere --uiterlijk 2027-04-01 --als mra-directie"
    )(vraag)
    stuk.command("antwoord", epilog="Voorbeeld: kader stuk antwoord voortgangsnota-2026 7 --staat verstrekt --als mra-directie")(antwoord)
    app.add_typer(stuk, name="stuk")


def stukstatus(text: str) -> str:
    """Who may see a document."""
    from statemachines.stukken import Stukstatus

    return choice(text, [s.value for s in Stukstatus], "status van een stuk")


def verzoekstaat(text: str) -> str:
    """What became of a request."""
    from statemachines.stukken import Verzoekstaat

    return choice(text, [s.value for s in Verzoekstaat], "uitkomst van een verzoek")


def leg_vast(
    slug: Slug,
    naam: Naam,
    welke: Annotated[
        str, typer.Option("--versie", parser=versie, metavar="VERSIE", help="Zoals concept, 80-procent of definitief.", show_default=False)
    ],
    status: Annotated[
        str, typer.Option("--status", parser=stukstatus, metavar="STATUS", help="intern, onder-embargo of openbaar.", show_default=False)
    ],
    titel: Annotated[str | None, typer.Option("--titel", help="De titel zoals raden die lezen.", show_default=False)] = None,
    link: Annotated[str | None, typer.Option("--link", help="Waar het stuk te vinden is.", show_default=False)] = None,
    bestand: Annotated[
        Path | None, typer.Option("--bestand", metavar="BESTAND", help="Het bestand; alleen zijn sha256 wordt bewaard.", show_default=False)
    ] = None,
    onderdelen: Annotated[
        list[str] | None, typer.Option("--onderdeel", help="Een onderdeel van het stuk; mag vaker.", show_default=False)
    ] = None,
    wijzigt: Annotated[
        list[str] | None,
        typer.Option(
            "--wijzigt", metavar="ONDERDEEL", help="Een onderdeel dat anders is dan in de vorige versie; mag vaker.", show_default=False
        ),
    ] = None,
    openbaar_vanaf: Annotated[
        date | None,
        typer.Option("--openbaar-vanaf", metavar="DATUM", parser=day, help="Bij een embargo: de eerste openbare dag.", show_default=False),
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
    """Leg een versie van een stuk vast, of wat er nu voor een versie geldt."""
    from flows import stukken
    from statemachines.payloads import Versie
    from statemachines.stukken import Stukstatus

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    wat = stukken.Beschrijving(
        stuk=naam,
        versie=Versie(welke),
        status=Stukstatus(status),
        titel=titel,
        link=link,
        sha256=stukken.sha256_of(bestand) if bestand else None,
        onderdelen=tuple(onderdelen or ()),
        wijzigt=tuple(wijzigt or ()),
        openbaar_vanaf=openbaar_vanaf,
    )
    report(stukken.register_stuk(house, actor, slug, wat, datum or actor.op), json)


def toon(slug: Slug, json: Json = False, database: Database = None, stelsel: Stelsel = None) -> None:
    """Toon de stukken van een dossier met hun versies, en de verzoeken om stukken."""
    from dossiers.database import reading
    from dossiers.overzicht import overzicht

    house = house_for(database, stelsel)
    with reading(house.engine) as connection:
        verhaal = overzicht(connection, house.stelsel, slug)
    if json:
        as_json({"stukken": verhaal.stukken, "verzoeken": verhaal.verzoeken})
        return
    if verhaal.stukken:
        named = ["Stuk", "Titel", "Versie", "Van", "Status", "Onderdelen", "Gewijzigd", "Link"]
        files = any(s.sha256 for s in verhaal.stukken)
        rows = [
            (s.stuk, s.titel, s.versie, s.datum, s.status, ", ".join(s.onderdelen), ", ".join(s.wijzigt), s.link)
            + ((s.sha256[:12],) if files else ())
            for s in verhaal.stukken
        ]
        table("Stukken", [*named, "Sha256"] if files else named, rows)
    else:
        say(f"Bij dossier {slug} zijn nog geen stukken vastgelegd.")
    if verhaal.verzoeken:
        asked = [(v.nr, v.stuk, v.van, v.datum, v.eigenaar, v.uiterlijk, v.staat) for v in verhaal.verzoeken]
        table("Verzoeken om stukken", ["Regel", "Stuk", "Van", "Op", "Wie zorgt ervoor", "Uiterlijk", "Staat"], asked)


def vraag(
    slug: Slug,
    naam: Naam,
    van: Annotated[str, typer.Option("--van", help="Wie het vraagt: een deelnemer of gremium.", show_default=False)],
    uiterlijk: Annotated[
        date, typer.Option("--uiterlijk", metavar="DATUM", parser=day, help="De laatste dag om te antwoorden.", show_default=False)
    ],
    eigenaar: Annotated[str, typer.Option("--eigenaar", metavar="ROL", parser=rol, help="De rol die ervoor zorgt.")] = "mra-directie",
    toelichting: Annotated[str | None, typer.Option("--toelichting", help="Wat er precies wordt gevraagd.", show_default=False)] = None,
    als: Als = None,
    datum: Datum = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg een verzoek vast om stukken die bij de directie liggen."""
    from flows import stukken

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    report(stukken.ask_papers(house, actor, slug, van, naam, eigenaar, uiterlijk, datum or actor.op, toelichting), json)


def antwoord(
    slug: Slug,
    nr: Annotated[int, typer.Argument(metavar="REGEL", parser=regel, help="De regel van het verzoek.", show_default=False)],
    staat: Annotated[
        str,
        typer.Option(
            "--staat", parser=verzoekstaat, metavar="STAAT", help="verstrekt of afgewezen; gevraagd: het loopt nog.", show_default=False
        ),
    ],
    eigenaar: Annotated[
        str | None, typer.Option("--eigenaar", metavar="ROL", parser=rol, help="Een andere rol die ervoor zorgt.", show_default=False)
    ] = None,
    toelichting: Annotated[str | None, typer.Option("--toelichting", help="Waarom; nodig bij afgewezen.", show_default=False)] = None,
    als: Als = None,
    datum: Datum = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg vast wat er met een verzoek om stukken is gedaan."""
    from flows import stukken
    from statemachines.stukken import Verzoekstaat

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, opdracht, verwacht)
    gedaan = stukken.answer_verzoek(
        house, actor, slug, nr, Verzoekstaat(staat), datum or actor.op, eigenaar=eigenaar, toelichting=toelichting
    )
    report(gedaan, json)
