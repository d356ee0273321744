"""Commands about the Nota van Beantwoording: toon, lees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.cli.dossier import report
from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Slug, Stelsel, actor_for, choice, house_for
from flows.cli.output import as_json, keep_file, say, table, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dossiers.nota import Nota
    from flows.beantwoorden import Bezwaar
    from flows.house import House
    from flows.notabestand import Rij, Werkblad
    from flows.notaverschil import Verschil
    from statemachines.errors import Refused

VORMEN = ["xlsx", "docx", "md"]
nota_app = group(
    "De Nota van Beantwoording: elk punt van de inbreng met zijn antwoord.",
    "Voorbeeld: kader nota voortgangsnota-2026 --als xlsx",
    eerst="toon",
)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    nota_app.command(epilog="Voorbeeld: kader nota toon voortgangsnota-2026 --als docx --naar nota.docx")(toon)
    nota_app.command(
        epilog="Voorbeeld: kader nota lees nota-voortgangsnota-2026.xlsx\n\n"
        "Voorbeeld: kader nota lees nota-voortgangsnota-2026.xlsx --vast --als mra-directie"
    )(lees)
    app.add_typer(nota_app, name="nota")


def toon(
    slug: Slug,
    als: Annotated[
        str | None,
        typer.Option(
            "--als",
            metavar="VORM",
            parser=lambda text: choice(text, VORMEN, "vorm"),
            help="xlsx om in te vullen, docx om te lezen, md om te plakken.",
            show_default=False,
        ),
    ] = None,
    naar: Annotated[
        Path | None, typer.Option("--naar", metavar="BESTAND", help="Het bestand; gewoon nota-DOSSIER, hier.", show_default=False)
    ] = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon de Nota van Beantwoording van een dossier, of schrijf haar in een bestand."""
    from statemachines.errors import Unusable

    if json and als:
        raise Unusable("Kies een van beide: --als geeft een bestand, --json geeft uitvoer voor programma's.")
    if naar is not None and als is None:
        raise Unusable(f"Met --naar hoort --als; mogelijk is: {', '.join(VORMEN)}.")
    if naar is not None and naar.suffix.lower() != f".{als}":
        raise Unusable(f"De naam '{naar.name}' eindigt niet op .{als}; geef het bestand een naam die past bij --als.")
    found = _nota(house_for(database, stelsel), slug)
    if json:
        as_json(found)
    elif als is None:
        _show(found)
    elif als == "md" and naar is None:
        say(_written(found, als).decode().rstrip("\n"))
    else:
        target = naar or Path(f"nota-{slug}.{als}")
        keep_file(target, _written(found, als))
        say(f"Geschreven in {target}: {_number(len(found.punten), 'punt', 'punten')}.")


def lees(
    bestand: Annotated[Path, typer.Argument(metavar="BESTAND.xlsx", help="Het ingevulde werkblad.", show_default=False)],
    vast: Annotated[bool, typer.Option("--vast", help="Leg het vast; anders ziet u alleen wat er verandert.")] = False,
    vervalt: Annotated[
        list[str] | None,
        typer.Option("--vervalt", metavar="PUNT", help="Een punt zonder rij dat moet vervallen; mag vaker.", show_default=False),
    ] = None,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Lees een ingevuld werkblad: eerst ziet u wat er verandert, met --vast wordt het vastgelegd."""
    from dataclasses import replace

    from flows.beantwoorden import objections_to
    from flows.notabestand import read_work_sheet
    from flows.notaverschil import compared
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, None) if vast else None
    try:
        blad = read_work_sheet(bestand)
    except Unusable as refusal:
        _refuse(str(refusal).split("\n"))
    found = _nota(house, blad.dossier)
    verschil, wrong = compared(blad, found, vervalt or ())
    iets = bool(verschil.regels or verschil.vervalt)
    # Whoever looks first sees everything that would be refused later.
    objections = objections_to(house, blad.dossier, verschil.regels, vervallen=verschil.vervalt) if iets else ()
    if wrong or objections:
        _refuse(_sentences(blad, wrong, objections))
    gedaan = None
    if actor is not None and iets:
        from flows.beantwoorden import answer_points

        # What was compared is what was seen: when something comes between, nothing is written.
        seen = replace(actor, verwacht=found.nr)
        gedaan = answer_points(house, seen, blad.dossier, verschil.regels, vervallen=verschil.vervalt)
    if json:
        as_json(
            {
                "dossier": blad.dossier,
                "bestand": blad.bestand,
                "gemaakt_na_regel": blad.nr,
                "wijzigingen": verschil.wijzigingen,
                "weggelaten": verschil.weggelaten,
                "vervalt": verschil.vervalt,
                "gedaan": gedaan,
            }
        )
        return
    _show_difference(blad, verschil)
    if gedaan is not None:
        report(gedaan, False)
    elif not iets:
        say("Er is niets geschreven, want het stond er al precies zo.")
    else:
        say("Er is niets geschreven; geef dezelfde opdracht met --vast en --als om dit vast te leggen.")


def _refuse(zinnen: Sequence[str]) -> NoReturn:
    """Tells everything that is wrong with a work sheet, one sentence a line."""
    from statemachines.errors import Unusable

    if len(zinnen) == 1:
        raise Unusable(zinnen[0])
    for zin in zinnen:
        warn(zin)
    raise Unusable(f"Er is niets geschreven, want {len(zinnen)} dingen in het werkblad kloppen niet.")


def _sentences(blad: Werkblad, wrong: Sequence[tuple[Rij, Refused]], objections: Sequence[Bezwaar]) -> list[str]:
    """What is wrong in the order of the rows; what only follows from another mistake is left out."""
    rows = {rij.tekst["punt"]: rij for rij in blad.rijen if rij.tekst["punt"]}
    by_number = {rij.nr: rij for rij in blad.rijen}
    told = {rij.tekst["punt"] for rij, _ in wrong} - {""}
    found = [(rij.nr, str(refusal)) for rij, refusal in wrong]
    for one in objections:
        rij = by_number.get(one.rij) or rows.get(one.punt)
        if rij is None:
            found.append((0, one.zin))
        elif rij.tekst["gelijkluidend"] not in told:
            found.append((rij.nr, f"Rij {rij.nr}: {one.zin[:1].lower()}{one.zin[1:]}"))
    return list(dict.fromkeys(zin for _, zin in sorted(found)))


def _nota(house: House, slug: str) -> Nota:
    from dossiers.database import reading
    from dossiers.nota import nota

    with reading(house.engine) as connection:
        return nota(connection, house.stelsel, slug)


def _written(found: Nota, als: str) -> bytes:
    if als == "xlsx":
        from flows.notatabel import work_sheet

        return work_sheet(found)
    from flows.notastuk import as_docx, as_markdown

    return as_docx(found) if als == "docx" else as_markdown(found).encode()


def _show(found: Nota) -> None:
    from flows.notastuk import CORRECTED, EXAMPLE, NO_TEXT, OPINIONLESS, SILENT, late, who, without_opvatting
    from flows.notatabel import cells_of, oordeel_label

    if found.voorbeeld:
        say(EXAMPLE)
    if not found.punten:
        say(f"In dossier {found.dossier} is er geen inbreng om te beantwoorden.")
    else:
        rows = []
        for punt in found.punten:
            cells = cells_of(punt)
            oordeel = f"zie {cells['gelijkluidend']}" if cells["gelijkluidend"] else oordeel_label(cells["oordeel"])
            wie = "; ".join(filter(None, (who(punt), late(punt, found))))
            texts = (cells["tekst"] or NO_TEXT, cells["onderdeel"])
            rows.append((cells["punt"], cells["inbreng"], wie, *texts, oordeel, cells["antwoord"], cells["effect"]))
        head = ["Punt", "Regel", "Van", "Punt van de inbreng", "Onderdeel", "Oordeel", "Antwoord", "Effect op het stuk"]
        table(f"Nota van Beantwoording: {found.titel}", head, rows)
        say(f"{_number(len(found.punten), 'punt', 'punten')}; nog zonder antwoord: {', '.join(found.open) or 'geen'}.")
    for slug in found.nagaan:
        say(f"Punt {slug}: {CORRECTED}.")
    replaced = [f"regel {came.nr} door regel {came.vervangen_door}" for came in found.ingebracht if came.vervangen_door]
    if replaced:
        say(f"Vervangen inbreng, zonder antwoord nodig: {', '.join(replaced)}.")
    for line, tekst in without_opvatting(found):
        say(f"{OPINIONLESS}: {line}{f': {tekst}' if tekst else ''}")
    if found.stil:
        say(f"{SILENT}: {', '.join(found.stil)}.")


def _show_difference(blad: Werkblad, verschil: Verschil) -> None:
    from flows.notatabel import oordeel_label
    from statemachines.nota import Overname

    say(f"Werkblad {blad.bestand} bij dossier {blad.dossier}, gemaakt na regel {blad.nr}.")
    if verschil.wijzigingen:
        oordelen = {o.value: oordeel_label(o.value) for o in Overname}
        rows = (
            (
                w.rij,
                w.punt or f"{w.naam or 'nieuw'}, bij regel {w.inbreng}",
                w.kolom,
                oordelen.get(w.was, w.was),
                oordelen.get(w.wordt, w.wordt),
            )
            for w in verschil.wijzigingen
        )
        table("", ["Rij", "Punt", "Kolom", "Was", "Wordt"], rows)
    if verschil.weggelaten:
        say(f"Zonder rij in dit werkblad, en dus zoals het was: {', '.join(verschil.weggelaten)}.")
    if verschil.vervalt:
        say(f"Vervalt: {', '.join(verschil.vervalt)}.")
    say(f"Verandert: {_number(verschil.veranderd, 'punt', 'punten')}; nieuw: {verschil.nieuw}; vervalt: {len(verschil.vervalt)}.")


def _number(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
