"""Flow: the vergadering of a dossier or the sluitingsdatum of its ronde is moved."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import datums
from flows.forms import Verzetten
from flows.running import fill_in


@flow(name="datum-verzetten", flow_run_name="{formulier.dossier}: datum verzet", persist_result=False)
async def datum_verzetten(formulier: Verzetten) -> State[Any]:
    """Verzet de vergadering waar een dossier staat, of de sluitingsdatum van de ronde die loopt."""
    return await fill_in(
        formulier,
        lambda house, actor: datums.move_datum(house, actor, formulier.dossier, formulier.naar, formulier.reden, spoed=formulier.spoed),
        f"dossier:{formulier.dossier}",
    )
