"""Flow: a plan is tried or kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from config.loading import load_stelsel
from flows import plannen
from flows.forms import Plannen
from flows.house import House
from flows.planpagina import plan_page
from flows.planzinnen import verdict
from flows.running import actor_of_run, carry_out, house_of_run, record
from flows.use_cases import Gedaan
from statemachines.errors import Unusable
from statemachines.planning.plan import Plan
from statemachines.planning.vraag import Wens
from statemachines.stelsel import Stelsel


@flow(name="routering-plannen", flow_run_name="Plan {formulier.wat}", persist_result=False)
async def routering_plannen(formulier: Plannen) -> State[Any]:
    """Probeer een plan, of leg het vast."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        found: list[tuple[Plan, Stelsel]] = []

        def keep() -> Gedaan:
            wens = _wens(formulier)
            if not formulier.reden:
                raise Unusable("Geef bij vastleggen een reden: waarom is dit zo afgesproken?")
            actor = actor_of_run(formulier.als, house.writing_day(formulier.op))
            gedaan, plan = plannen.keep_plan(house, actor, formulier.wat, wens, formulier.reden)
            found.append((plan, plannen.accepted(house, op)))
            return gedaan

        if formulier.vastleggen:
            state = await carry_out(house, op, keep, f"dossier:{formulier.wat}")
        else:
            refused = await record(lambda: found.append(_tried(house, formulier, op)))
            state = Cancelled(message=refused) if isinstance(refused, str) else Completed(message=verdict(found[0][0]))
        for plan, feiten in found:
            page = plan_page(plan, feiten, formulier.vastleggen)
            await acreate_markdown_artifact(page, key=f"plan-{formulier.wat}", description=verdict(plan))
        return state


def _tried(house: House, formulier: Plannen, op: date) -> tuple[Plan, Stelsel]:
    feiten = load_stelsel(house.settings.stelsel)
    wens = _wens(formulier)
    if any(route.slug == formulier.wat for route in feiten.routes):
        return plannen.plan_route(house, feiten, formulier.wat, op, formulier.vanaf or op, wens, formulier.na), feiten
    if formulier.vanaf is not None or formulier.na is not None:
        raise Unusable(f"'{formulier.wat}' is geen route; 'stuk klaar vanaf' en 'na dossier' horen bij een route die nog moet beginnen.")
    return plannen.plan_dossier(house, formulier.wat, op, wens), plannen.accepted(house, op)


def _wens(formulier: Plannen) -> Wens:
    return Wens(doel=formulier.vaststelling, zet=plannen.read_zetten((formulier.zet or "").split()), weken=formulier.weken)
