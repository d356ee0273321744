"""Flow: a besluit is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Besluiten, followed, said
from flows.running import fill_in


@flow(name="besluit-vastleggen", flow_run_name="{formulier.dossier}: {formulier.van} {formulier.uitkomst.label}", persist_result=False)
async def besluit_vastleggen(formulier: Besluiten) -> State[Any]:
    """Leg vast wat een gremium of college besloot."""
    return await fill_in(
        formulier,
        lambda house, actor: use_cases.register_besluit(
            house,
            actor,
            formulier.dossier,
            formulier.van,
            formulier.uitkomst,
            formulier.datum or actor.op,
            bron=formulier.bron,
            reden=formulier.reden,
            stap=formulier.stap,
            afwijking=formulier.afwijking,
            toegestaan_door=formulier.toegestaan_door,
            standpunten=said(formulier.standpunten),
            adviezen=followed(formulier.adviezen),
        ),
        f"dossier:{formulier.dossier}",
        f"gremium:{formulier.van}",
    )
