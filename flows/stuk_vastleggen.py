"""Flow: a versie of a document is registered."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import stukken
from flows.forms import Stukken
from flows.running import fill_in


@flow(name="stuk-vastleggen", flow_run_name="{formulier.dossier}: {formulier.stuk} {formulier.versie.value}", persist_result=False)
async def stuk_vastleggen(formulier: Stukken) -> State[Any]:
    """Leg een versie van een stuk vast, of wat er nu voor een versie geldt."""
    wat = stukken.Beschrijving(
        stuk=formulier.stuk,
        versie=formulier.versie,
        status=formulier.status,
        titel=formulier.titel,
        link=formulier.link,
        sha256=formulier.sha256,
        onderdelen=tuple(formulier.onderdelen),
        wijzigt=tuple(formulier.wijzigt),
        openbaar_vanaf=formulier.openbaar_vanaf,
    )
    return await fill_in(
        formulier,
        lambda house, actor: stukken.register_stuk(house, actor, formulier.dossier, wat, formulier.datum or actor.op),
        f"dossier:{formulier.dossier}",
    )
