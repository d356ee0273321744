"""Flow: what became of a request for papers is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stukken
from flows.forms import VerzoekAntwoord
from flows.running import fill_in


@flow(name="verzoek-beantwoorden", flow_run_name="{formulier.dossier}: verzoek {formulier.regel}", persist_result=False)
async def verzoek_beantwoorden(formulier: VerzoekAntwoord) -> State[Any]:
    """Leg vast wat er met een verzoek om stukken is gedaan."""
    return await fill_in(
        formulier,
        lambda house, actor: stukken.answer_verzoek(
            house,
            actor,
            formulier.dossier,
            formulier.regel,
            formulier.staat,
            formulier.datum or actor.op,
            eigenaar=formulier.eigenaar,
            toelichting=formulier.toelichting,
        ),
        f"dossier:{formulier.dossier}",
    )
