"""How a use case becomes a run: one task in a thread, the dossier in tags, the answer in the state message."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from flows.artifacts import show_dossier
from flows.gezegd import role_slug
from flows.house import AMSTERDAM, House, build_house, utc_now
from flows.opmaak import legible
from flows.use_cases import Actor, Gedaan
from flows.velden import Formulier, Invulling
from statemachines.errors import Refused, UnreachableForNow


@contextmanager
def house_of_run() -> Iterator[House]:
    """The house by the environment of this run."""
    house = build_house()
    try:
        yield house
    finally:
        house.engine.dispose()


def via() -> str:
    """How a run says that something was registered: through a form, or by the demo."""
    return os.environ.get("KADER_VIA", "prefect")


def actor_of_run(als: str, op: date, verwacht: int | None = None) -> Actor:
    """Who gives this opdracht; the run itself is the opdracht, so a run that is tried again writes once. Raises Unusable for no role."""
    return Actor(role_slug(als), via(), str(flow_run.id), op, verwacht)


def run_name() -> str:
    """How a run of the clock is called: what it does and for which day."""
    formulier = flow_run.parameters.get("formulier")
    op = getattr(formulier, "op", None) or utc_now().astimezone(AMSTERDAM).date()
    return f"{flow_run.flow_name} {op:%d-%m-%Y}"


async def _only_when_busy(_task: Any, _run: Any, state: State[Any]) -> bool:
    """A busy or absent database can be tried again; nothing else can."""
    outcome = await state.aresult(raise_on_failure=False)
    return isinstance(outcome, UnreachableForNow)


@task(
    name="vastleggen",
    retries=3,
    retry_delay_seconds=[1, 5, 20],
    retry_condition_fn=_only_when_busy,
    cache_policy=NO_CACHE,
    persist_result=False,
)
async def record(do: Callable[[], Any]) -> Any:
    """One use case in a thread; a refusal comes back as its sentence, and so does what cannot be read in the form."""
    formulier = flow_run.parameters.get("formulier")
    if isinstance(formulier, Invulling) and formulier.onleesbaar:
        return legible(formulier.onleesbaar)
    try:
        return await asyncio.to_thread(do)
    except Refused as refusal:
        return legible(str(refusal))


async def fill_in(formulier: Formulier, do: Callable[[House, Actor], Gedaan], *tags: str) -> State[Any]:
    """Carries out what a form asks, in the house of this run; ``do`` is refused before it begins when the form names no role."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        seen = getattr(formulier, "verwacht", None)
        return await carry_out(house, op, lambda: do(house, actor_of_run(formulier.als, house.writing_day(formulier.op), seen)), *tags)


async def carry_out(house: House, op: date, do: Callable[[], Gedaan], *tags: str) -> State[Any]:
    """Runs a use case on one dossier and shows it: tags, page of the dossier, overview, and a state message in Dutch.

    A refusal ends the run as Cancelled with the sentence: nothing was written and nothing is broken.
    """
    await _tag(*tags)
    gedaan = await record(do)
    if isinstance(gedaan, str):
        return Cancelled(message=gedaan)
    await show_dossier(house, gedaan.slug, op)
    many = gedaan.klaargezet
    extra = "" if not many else " 1 bericht staat klaar." if many == 1 else f" {many} berichten staan klaar."
    extra += f" Let op: {gedaan.let_op}" if gedaan.let_op else ""
    return Completed(message=legible(f"Regel {gedaan.nr}: dossier {gedaan.slug} {gedaan.zin}.{extra}"), data=vars(gedaan))


async def _tag(*tags: str) -> None:
    async with get_client() as client:
        await client.update_flow_run(UUID(str(flow_run.id)), tags=sorted({*flow_run.tags, *tags}))
