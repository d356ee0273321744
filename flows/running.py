"""How a use case becomes a run: one task in a thread, the dossier in tags, the answer in the state message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from dossiers.database import UnreachableForNow
from statemachines.errors import Refused

T = TypeVar("T")


async def _busy(_task: Any, _run: TaskRun, state: State) -> bool:
    """Only a database that is busy is tried again; a refusal never."""
    outcome = await state.aresult(raise_on_failure=False)
    return isinstance(outcome, UnreachableForNow)


@task(name="Vastleggen", retries=3, retry_delay_seconds=[1, 5, 20], retry_condition_fn=_busy, cache_policy=NO_CACHE, persist_result=False)
async def record(do: Callable[[], Any]) -> Any:
    """One use case, one transaction."""
    try:
        return await asyncio.to_thread(do)
    except Refused as refusal:
        return refusal
