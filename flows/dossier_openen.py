"""Flow: a kaderdocument goes in routing."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Openen
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="dossier-openen", flow_run_name="{formulier.dossier}: in routing", persist_result=False)
async def dossier_openen(formulier: Openen) -> State[Any]:
    """Breng een kaderdocument in routing."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op)
        return await carry_out(
            house,
            op,
            lambda: use_cases.open_dossier(
                house, actor, formulier.dossier, formulier.route, formulier.titel, formulier.datum or op, trekker=formulier.trekker
            ),
            f"dossier:{formulier.dossier}",
            f"route:{formulier.route}",
        )
