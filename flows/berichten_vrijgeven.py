"""Flow: messages are looked at, and given free by whoever looked."""

from __future__ import annotations

import re
from typing import Any

from prefect import flow
from prefect.artifacts import Artifact, acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from dossiers.vrijgave import Vrijgave
from flows import vrijgeven
from flows.forms import Vrijgeven
from flows.gezegd import role_slug
from flows.house import House
from flows.opmaak import legible
from flows.pakketten import publish_pakketten
from flows.running import actor_of_run, house_of_run, record
from flows.vrijgavepagina import release_page, summary
from flows.vrijgeven import Klaarstaand
from statemachines.errors import Unusable

KEY = "vrijgeven"
"""How the pages are called, followed by the role that looked."""


@flow(name="berichten-vrijgeven", flow_run_name="Vrijgeven: {formulier.waarvan}", persist_result=False)
async def berichten_vrijgeven(formulier: Vrijgeven) -> State[Any]:
    """Bekijk welke berichten klaarstaan, of geef vrij wat u bekeek."""
    with house_of_run() as house:
        return await (_give(house, formulier) if formulier.geef_vrij else _look(house, formulier))


async def _look(house: House, formulier: Vrijgeven) -> State[Any]:
    def look() -> Klaarstaand:
        role_slug(formulier.als)
        return vrijgeven.look(house, formulier.op or house.today(), formulier.dossier, formulier.soort)

    klaar = await record(look)
    if isinstance(klaar, str):
        return Cancelled(message=klaar)
    key = f"{KEY}-{formulier.als}"
    page = release_page(klaar, formulier.waarvan)
    await acreate_markdown_artifact(page, key=key, description=f"{summary(klaar)} Kenmerk {klaar.gezien}.")
    waar = f" Lijst en voorbeeld staan bij Artifacts, {key}." if klaar.aantal else ""
    return Completed(message=legible(f"{summary(klaar)}{waar}"), data={"aantal": klaar.aantal})


async def _give(house: House, formulier: Vrijgeven) -> State[Any]:
    gezien = await _last_seen(formulier.als)

    def give() -> Vrijgave:
        actor = actor_of_run(formulier.als, house.writing_day(formulier.op))
        if gezien is None:
            raise Unusable("Bekijk eerst wat er klaarstaat: vul het formulier in met 'Geef vrij' uit.")
        done = vrijgeven.release(house, actor, formulier.dossier, formulier.soort, gezien)
        if done.vrijgegeven:
            publish_pakketten(house, actor.op)
        return done

    done = await record(give)
    if isinstance(done, str):
        return Cancelled(message=done)
    return Completed(message=legible(vrijgeven.said(done)), data=vars(done))


async def _last_seen(als: str) -> str | None:
    """The code of the list that this role looked at last; None when it never looked."""
    page = await Artifact.aget(key=f"{KEY}-{als}")
    found = re.search(r"Kenmerk (\w+)\.$", (page.description if page else None) or "")
    return found[1] if found else None
