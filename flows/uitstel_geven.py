"""Flow: some deelnemers, or all, get more time in a ronde."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import datums
from flows.forms import Uitstellen
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="uitstel-geven", flow_run_name="{formulier.dossier}: uitstel", persist_result=False)
async def uitstel_geven(formulier: Uitstellen) -> State[Any]:
    """Geef deelnemers uitstel, of vraag hen opnieuw."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op, formulier.verwacht)
        slug, tot, reden = formulier.dossier, formulier.tot_en_met, formulier.reden
        return await carry_out(
            house,
            op,
            lambda: (
                datums.give_uitstel(house, actor, slug, formulier.voor, tot, reden, opnieuw=formulier.opnieuw)
                if formulier.voor or formulier.opnieuw
                else datums.move_datum(house, actor, slug, tot, reden)
            ),
            f"dossier:{formulier.dossier}",
        )
