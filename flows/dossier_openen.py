"""Flow: a kaderdocument goes in routing."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Openen
from flows.running import fill_in


@flow(name="dossier-openen", flow_run_name="{formulier.dossier}: in routing", persist_result=False)
async def dossier_openen(formulier: Openen) -> State[Any]:
    """Breng een kaderdocument in routing."""
    return await fill_in(
        formulier,
        lambda house, actor: use_cases.open_dossier(
            house,
            actor,
            formulier.dossier,
            formulier.route,
            formulier.titel,
            formulier.datum or actor.op,
            na=formulier.na,
            trekker=formulier.trekker,
        ),
        f"dossier:{formulier.dossier}",
        f"route:{formulier.route}",
    )
