"""Flow: papers that lie with somebody are asked for."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stukken
from flows.forms import Opvragen
from flows.running import fill_in


@flow(name="stukken-opvragen", flow_run_name="{formulier.dossier}: {formulier.van} vraagt {formulier.stuk}", persist_result=False)
async def stukken_opvragen(formulier: Opvragen) -> State[Any]:
    """Leg een verzoek vast om stukken die bij de directie liggen."""
    return await fill_in(
        formulier,
        lambda house, actor: stukken.ask_papers(
            house,
            actor,
            formulier.dossier,
            formulier.van,
            formulier.stuk,
            formulier.eigenaar,
            formulier.uiterlijk,
            formulier.datum or actor.op,
            formulier.toelichting,
        ),
        f"dossier:{formulier.dossier}",
    )
