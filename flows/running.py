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
from flows.house import AMSTERDAM, House, build_house, utc_now
from flows.use_cases import Actor, Gedaan
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
    """Who gives this opdracht; the run itself is the opdracht, so a run that is tried again writes once."""
    return Actor(als, via(), str(flow_run.id), op, verwacht)


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
    """One use case in a thread; a refusal comes back as its sentence."""
    try:
        return await asyncio.to_thread(do)
    except Refused as refusal:
        return str(refusal)


async def carry_out(house: House, op: date, do: Callable[[], Gedaan], *tags: str) -> State[Any]:
    """Runs a use case on one dossier and shows it: tags, page of the dossier, overview, and a state message in Dutch.

    A refusal ends the run as Cancelled with the sentence: nothing was written and nothing is broken.
    """
    await _tag(*tags)
    gedaan = await record(do)
    if isinstance(gedaan, str):
        return Cancelled(message=gedaan)
    await show_dossier(house, gedaan.slug, op)
    extra = f" {gedaan.klaargezet} berichten staan klaar." if gedaan.klaargezet else ""
    return Completed(message=f"Regel {gedaan.nr}: dossier {gedaan.slug} {gedaan.zin}.{extra}", data=vars(gedaan))


async def _tag(*tags: str) -> None:
    async with get_client() as client:
        await client.update_flow_run(UUID(str(flow_run.id)), tags=sorted({*flow_run.tags, *tags}))
