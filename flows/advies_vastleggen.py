"""Flow: an advice beside a besluit is registered, or that it was asked for."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Adviseren
from flows.running import fill_in


@flow(name="advies-vastleggen", flow_run_name="{formulier.dossier}: advies van {formulier.van}", persist_result=False)
async def advies_vastleggen(formulier: Adviseren) -> State[Any]:
    """Leg een advies vast, gevraagd of ongevraagd."""
    return await fill_in(
        formulier,
        lambda house, actor: use_cases.register_inbreng(
            house, actor, formulier.dossier, formulier.van, formulier.given(), formulier.datum or actor.op, tekst=formulier.tekst
        ),
        f"dossier:{formulier.dossier}",
        f"gremium:{formulier.van}",
    )
