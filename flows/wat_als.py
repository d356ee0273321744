"""Flow: what if something were otherwise. Nothing is kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from flows import plannen
from flows.forms import WatAls
from flows.house import House
from flows.planpagina import sensitivity_page, what_if_page
from flows.planzinnen import touched
from flows.running import house_of_run, record, run_name


@flow(name="wat-als", flow_run_name=run_name, persist_result=False)
async def wat_als(formulier: WatAls) -> State[Any]:
    """Wat als een vergadering schuift, een termijn of reces anders wordt?"""
    with house_of_run() as house:
        op = formulier.op or house.today()
        answers: list[tuple[str, str]] = []
        refused = await record(lambda: answers.append(_answer(house, formulier, op)))
        if isinstance(refused, str):
            return Cancelled(message=refused)
        zin, page = answers[0]
        await acreate_markdown_artifact(page, key="wat-als", description=zin)
        return Completed(message=zin)


def _answer(house: House, formulier: WatAls, op: date) -> tuple[str, str]:
    """One sentence and the page."""
    if formulier.gevoeligheid:
        rows = list(plannen.sensitive(house, op))
        return f"{len(rows)} komende vergaderingen bekeken waarvan een dossier afhangt.", sensitivity_page(rows)
    days = formulier.reces_van, formulier.reces_tot_en_met
    change = plannen.scenario_of(
        gremium=formulier.gremium,
        van=formulier.van,
        naar=formulier.naar,
        vervalt=formulier.gremium is not None and formulier.naar is None,
        weken=formulier.weken,
        route=formulier.route,
        reces=None if days == (None, None) else days,
    )
    found = plannen.what_if(house, op, change)
    return f"{found.zin} {touched(found)}", what_if_page(found)
