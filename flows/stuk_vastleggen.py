"""Flow: a versie of a document is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stukken
from flows.forms import Stukken
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="stuk-vastleggen", flow_run_name="{formulier.dossier}: {formulier.stuk} {formulier.versie.value}", persist_result=False)
async def stuk_vastleggen(formulier: Stukken) -> State[Any]:
    """Leg een versie van een stuk vast, of wat er nu voor een versie geldt."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op, formulier.verwacht)
        wat = stukken.Beschrijving(
            stuk=formulier.stuk,
            versie=formulier.versie,
            status=formulier.status,
            titel=formulier.titel,
            link=formulier.link,
            sha256=formulier.sha256,
            onderdelen=tuple(formulier.onderdelen),
            wijzigt=tuple(formulier.wijzigt),
            openbaar_vanaf=formulier.openbaar_vanaf,
        )
        return await carry_out(
            house,
            op,
            lambda: stukken.register_stuk(house, actor, formulier.dossier, wat, formulier.datum or op),
            f"dossier:{formulier.dossier}",
        )
