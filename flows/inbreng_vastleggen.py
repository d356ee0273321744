"""Flow: inbreng of a raad, Staten or regioraad is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Inbrengen
from flows.running import fill_in


@flow(name="inbreng-vastleggen", flow_run_name="{formulier.dossier}: inbreng van {formulier.van}", persist_result=False)
async def inbreng_vastleggen(formulier: Inbrengen) -> State[Any]:
    """Leg vast wat een raad, Staten of regioraad meegeeft."""
    return await fill_in(
        formulier,
        lambda house, actor: use_cases.register_inbreng(
            house, actor, formulier.dossier, formulier.van, formulier.given(), formulier.datum or actor.op, tekst=formulier.tekst
        ),
        f"dossier:{formulier.dossier}",
        f"deelnemer:{formulier.van}",
    )
