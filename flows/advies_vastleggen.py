"""Flow: an advice beside a besluit is registered, or that it was asked for."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Adviseren
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="advies-vastleggen", flow_run_name="{formulier.dossier}: advies van {formulier.van}", persist_result=False)
async def advies_vastleggen(formulier: Adviseren) -> State[Any]:
    """Leg een advies vast, gevraagd of ongevraagd."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op, formulier.verwacht)
        return await carry_out(
            house,
            op,
            lambda: use_cases.register_inbreng(
                house, actor, formulier.dossier, formulier.van, formulier.given(), formulier.datum or op, tekst=formulier.tekst
            ),
            f"dossier:{formulier.dossier}",
            f"gremium:{formulier.van}",
        )
