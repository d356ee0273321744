"""Commands about the record: journaal, herbouw, wis, dagronde."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.options import Als, Database, Json, Op, Opdracht, Slug, Stelsel, actor_for, house_for
from flows.cli.output import as_json, say, table, warn


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(epilog="Voorbeeld: kader journaal voortgangsnota-2026\n\nVoorbeeld: kader journaal --controleer")(journaal)
    app.command(epilog="Voorbeeld: kader herbouw")(herbouw)
    app.command(epilog="Voorbeeld: kader wis voortgangsnota-2026 4be0... --grond 'Verzoek van de betrokkene' --als aob")(wis)
    app.command(epilog="Voorbeeld: kader dagronde --op 2027-03-15")(dagronde)


def journaal(
    slug: Annotated[str | None, typer.Argument(metavar="[DOSSIER]", help="De naam van het dossier.", show_default=False)] = None,
    controleer: Annotated[bool, typer.Option("--controleer", help="Bewijs dat niemand het journaal veranderde.")] = False,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon het journaal van een dossier, of controleer alle journalen."""
    from dossiers import journal
    from dossiers.database import reading
    from dossiers.overzicht import overzicht
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    if controleer:
        with reading(house.engine) as connection:
            problems = list(journal.verify(connection, house.stelsel))
        if json:
            as_json({"problemen": problems})
        else:
            for problem in problems:
                say(problem)
            say("De journalen zijn heel en de stand klopt ermee." if not problems else f"{len(problems)} gevonden.")
        if problems:
            raise typer.Exit(2)
        return
    if slug is None:
        raise Unusable("Noem een dossier, of geef --controleer om alle journalen te controleren.")
    with reading(house.engine) as connection:
        entries = journal.read(connection, house.stelsel, slug)
        verhaal = overzicht(connection, house.stelsel, slug)
    if json:
        as_json([{**vars(entry), "payload": entry.payload.model_dump(mode="json", exclude_none=True)} for entry in entries])
        return
    rows = [
        (e.nr, e.datum, e.soort.value, g.zin, e.door, e.via, e.vastgelegd[:19], " ".join(g.verwijzingen), e.hash[:12])
        for e, g in zip(entries, verhaal.geschiedenis, strict=True)
    ]
    table(f"Journaal van {slug}", ["Nr", "Datum", "Soort", "Wat", "Door", "Via", "Vastgelegd (UTC)", "Teksten", "Hash"], rows)


def herbouw(json: Json = False, database: Database = None, stelsel: Stelsel = None) -> None:
    """Maak de stand opnieuw uit de journalen."""
    from flows import use_cases

    house = house_for(database, stelsel)
    count = use_cases.rebuild(house)
    if json:
        as_json({"dossiers": count})
    else:
        say(f"De stand van {count} {'dossier' if count == 1 else 'dossiers'} is opnieuw gemaakt uit het journaal.")


def wis(
    slug: Slug,
    ident: Annotated[
        str, typer.Argument(metavar="ID", help="De id van de tekst of persoon; 'kader journaal' noemt ze.", show_default=False)
    ],
    grond: Annotated[str, typer.Option("--grond", help="Op welke grond er gewist wordt; schrijf hier geen naam.", show_default=False)],
    als: Als = None,
    op: Op = None,
    opdracht: Opdracht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Wis een tekst of persoon voorgoed; het journaal blijft te controleren."""
    from flows import correcties

    house = house_for(database, stelsel)
    gedaan = correcties.erase(house, actor_for(house, als, op, opdracht), slug, ident, grond)
    if json:
        as_json(gedaan)
    else:
        say(f"Regel {gedaan.nr}: de tekst is gewist uit dossier {slug}.")


def dagronde(op: Op = None, json: Json = False, database: Database = None, stelsel: Stelsel = None) -> None:
    """Doe wat vandaag moet: termijnen die aflopen, herinneringen die gaan, oude adressen die weg moeten."""
    from flows.periodiek import whole_round

    house = house_for(database, stelsel)
    dag = house.writing_day(op)
    done = []
    for gedaan in whole_round(house, dag, "cli"):
        done.append(gedaan)
        if not json:
            say(f"{gedaan.slug}: {gedaan.zin}; {gedaan.klaargezet} klaargezet, {gedaan.vanzelf} gaat vanzelf.")
            if gedaan.let_op:
                warn(f"Let op, {gedaan.slug}: {gedaan.let_op}")
    if json:
        as_json(done)
    else:
        say(f"Dagronde van {dag:%d-%m-%Y}: {len(done)} {'dossier' if len(done) == 1 else 'dossiers'}.")
