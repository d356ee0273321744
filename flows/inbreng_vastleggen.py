"""Flow: inbreng of a raad, Staten or regioraad is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import use_cases
from flows.forms import Inbrengen
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="inbreng-vastleggen", flow_run_name="{formulier.dossier}: inbreng van {formulier.van}", persist_result=False)
async def inbreng_vastleggen(formulier: Inbrengen) -> State[Any]:
    """Leg vast wat een raad, Staten of regioraad meegeeft."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op, formulier.verwacht)
        return await carry_out(
            house,
            op,
            lambda: use_cases.register_inbreng(
                house,
                actor,
                formulier.dossier,
                formulier.van,
                formulier.given(),
                formulier.datum or op,
                tekst=formulier.tekst,
            ),
            f"dossier:{formulier.dossier}",
            f"deelnemer:{formulier.van}",
        )
