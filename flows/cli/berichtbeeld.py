"""Commands that show what people read: toon and soorten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.bericht import Dossier, Ontvanger, bericht
from flows.cli.options import Database, Json, Stelsel, choice, house_for
from flows.cli.output import as_json, keep_file, say, table

if TYPE_CHECKING:
    from dossiers.outbox import Bericht
    from flows.house import House
    from notifications.render import Rendered

VORMEN = ["txt", "html", "eml", "png"]
Naar = Annotated[
    Path | None, typer.Option("--naar", metavar="BESTAND", help="Bewaar het in dit bestand, dat er nog niet is.", show_default=False)
]


def register() -> None:
    """Adds these commands."""
    bericht.command("toon", epilog="Voorbeeld: kader bericht toon inbrengmoment-geopend --als png --naar opening.png")(toon)
    bericht.command("soorten", epilog="Voorbeeld: kader bericht soorten --naar berichten.html")(soorten)


def toon(
    soort: Annotated[
        str | None, typer.Argument(metavar="[SOORT]", help="De soort, zoals inbrengmoment-geopend.", show_default=False)
    ] = None,
    dossier: Dossier = None,
    raad: Annotated[
        str | None,
        typer.Option("--raad", metavar="DEELNEMER", help="Zoals een raad of deelnemer het leest: almere.", show_default=False),
    ] = None,
    ontvanger: Ontvanger = None,
    als: Annotated[
        str, typer.Option("--als", metavar="VORM", parser=lambda text: choice(text, VORMEN, "vorm"), help="txt, html, eml of png.")
    ] = "txt",
    donker: Annotated[bool, typer.Option("--donker", help="Het plaatje in donkere weergave.")] = False,
    naar: Naar = None,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon een bericht zoals de ontvanger het leest: het laatste echte dat erbij past, of met alleen een soort een voorbeeld."""
    house = house_for(database, stelsel)
    if soort is not None and dossier is None and ontvanger is None:
        found, rendered = _example(house, soort, raad)
    else:
        found, rendered = _newest(house, soort, dossier, raad, ontvanger)
    if als in ("txt", "html") and naar is None:
        say(rendered.html if als == "html" else f"Onderwerp: {rendered.onderwerp}\n\n{rendered.tekst}")
        return
    _give(_as_bytes(house, found, rendered, als, donker), als, naar)


def _example(house: House, soort: str, raad: str | None) -> tuple[Bericht, Rendered]:
    from config.loading import load_stelsel
    from notifications.render import render, template_set
    from notifications.voorbeelden import voorbeeld

    feiten = load_stelsel(house.settings.stelsel)
    found, teksten = voorbeeld(feiten, soort, raad)
    return found, render(template_set(feiten.sjablonen).bronnen, soort, found.context, teksten)


def _newest(house: House, soort: str | None, dossier: str | None, raad: str | None, ontvanger: str | None) -> tuple[Bericht, Rendered]:
    from collections import deque

    from config.loading import load_stelsel
    from dossiers import outbox
    from dossiers.database import reading
    from notifications.verzamelen import preview
    from notifications.voorbeelden import hearers_of, known_kind
    from statemachines.errors import UnknownSlug

    facts = load_stelsel(house.settings.stelsel) if soort is not None or raad is not None else None
    if facts is not None and soort is not None:
        known_kind(facts, soort)
    mine = hearers_of(facts, raad) if facts is not None and raad is not None else ()
    with reading(house.engine) as connection:
        rows = outbox.rows(connection, house.stelsel, dossier, soort, ontvanger)
        newest = deque((row for row in rows if raad is None or row.key.ontvanger in mine), maxlen=1)
        if not newest:
            raise UnknownSlug("Er is geen bericht dat hierbij past; 'kader bericht lijst' noemt ze alle.")
        return newest[0], preview(connection, house.stelsel, newest[0])


def _as_bytes(house: House, found: Bericht, rendered: Rendered, als: str, donker: bool) -> bytes:
    if als == "eml":
        from notifications.mail import build

        return build(house.stelsel, found, rendered, f"{found.key.ontvanger}@voorbeeld.example", found.mail)
    if als == "png":
        from flows.schermafdruk import picture

        return picture(rendered.html, donker=donker)
    return (rendered.html if als == "html" else f"Onderwerp: {rendered.onderwerp}\n\n{rendered.tekst}\n").encode()


def _give(content: bytes, als: str, naar: Path | None) -> None:
    """To a file, or as it is to a program that reads along; a screen cannot show a picture."""
    from statemachines.errors import Unusable

    if naar is not None:
        keep_file(naar, content)
        say(f"Bewaard in {naar}.")
    elif als == "png" and sys.stdout.isatty():
        raise Unusable("Een plaatje past niet op dit scherm; geef met --naar een bestand, zoals --naar bericht.png.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def soorten(naar: Naar = None, json: Json = False, stelsel: Stelsel = None) -> None:
    """Toon welke berichten er zijn: wie ze hoort, wanneer en hoe; met --naar een pagina met van elk bericht een voorbeeld."""
    from config.loading import load_stelsel
    from flows.berichtenpagina import page_of_all
    from statemachines.berichten import known_kinds

    house = house_for(None, stelsel)
    feiten = load_stelsel(house.settings.stelsel)
    if naar is not None:
        keep_file(naar, page_of_all(feiten).encode())
        say(f"Een pagina met {len(known_kinds(feiten))} soorten berichten is bewaard in {naar}.")
    elif json:
        as_json([soort.model_dump(mode="json") for soort in known_kinds(feiten)])
    else:
        cells = (
            (
                soort.slug,
                soort.naam,
                ", ".join(soort.wie),
                soort.wanneer,
                soort.tempo.value,
                "na vrijgave" if soort.vrijgave else "vanzelf",
                "aan" if soort.aan else "uit",
                soort.status.value,
            )
            for soort in known_kinds(feiten)
        )
        table("Soorten berichten", ["Soort", "Naam", "Wie", "Wanneer", "Tempo", "Gaat", "Aan of uit", "Status"], cells)
