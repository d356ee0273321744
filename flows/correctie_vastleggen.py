"""Flow: what an entry said is corrected."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import correcties
from flows.forms import Corrigeren, followed, said
from flows.running import actor_of_run, carry_out, house_of_run


@flow(name="correctie-vastleggen", flow_run_name="{formulier.dossier}: correctie van regel {formulier.regel}", persist_result=False)
async def correctie_vastleggen(formulier: Corrigeren) -> State[Any]:
    """Corrigeer wat een regel zegt, of stel een verslag vast."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        actor = actor_of_run(formulier.als, op, formulier.verwacht)
        return await carry_out(
            house,
            op,
            lambda: correcties.correct(
                house,
                actor,
                formulier.dossier,
                formulier.regel,
                formulier.reden,
                bron=formulier.bron,
                waarom=formulier.waarom,
                vaststelling=formulier.vaststelling,
                standpunten=said(formulier.standpunten),
                adviezen=followed(formulier.adviezen),
                tekst=formulier.tekst,
            ),
            f"dossier:{formulier.dossier}",
        )
