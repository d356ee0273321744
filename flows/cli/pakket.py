"""The command for griffiepakketten: kader ronde pakket."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import Database, Json, Op, Slug, Stelsel, house_for
from flows.cli.output import as_json, say, table
from flows.cli.ronde import ronde


def register(app: typer.Typer) -> None:
    """Adds this command to the group ``ronde``, which stands in ``app`` already."""
    ronde.command("pakket", epilog="Voorbeeld: kader ronde pakket voortgangsnota-2026 --raad almere")(pakket)


def pakket(
    slug: Slug,
    raad: Annotated[
        str | None,
        typer.Option(
            "--raad", metavar="DEELNEMER", help="Alleen voor deze deelnemer, zoals almere; gewoon voor iedereen.", show_default=False
        ),
    ] = None,
    naar: Annotated[
        Path | None,
        typer.Option("--naar", metavar="MAP", help="De map voor de pakketten; gewoon 'openbaar/dossier' in KADER_MAP.", show_default=False),
    ] = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Maak voor elke griffie een pakket (ZIP) met brief, oplegger, concept-voorstel en antwoordformulier."""
    from flows.pakketten import write_pakketten

    house = house_for(database, stelsel)
    made = list(write_pakketten(house, slug, op or house.today(), raad, naar))
    if json:
        as_json([{"orgaan": p.orgaan, "naam": p.naam, "tot_en_met": p.tot_en_met, "eigen": p.eigen, "bestand": path} for p, path in made])
        return
    rows = [[p.naam, p.tot_en_met, "\n".join(f"{e.wat}: {e.zin}" for e in p.eigen), path.name] for p, path in made]
    table(f"Pakketten van {slug}", ["Voor", "Reageren tot en met", "Eigen data in het pakket", "Bestand"], rows)
    if made:
        say(f"{'1 pakket staat' if len(made) == 1 else f'{len(made)} pakketten staan'} in {made[0][1].parent}.")
