"""Flow: messages that were given free are delivered."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from flows.running import house_of_run, record, run_name
from notifications.deliver import deliver


@flow(name="berichten-bezorgen", flow_run_name=run_name, persist_result=False)
async def berichten_bezorgen() -> State[Any]:
    """Bezorg wat vrijgegeven is; in de proef in het postvak op deze computer."""
    with house_of_run() as house:

        def send() -> Counter[str]:
            return Counter(b.status.value for b in deliver(house.engine, house.stelsel, house.settings.post, house.now, str(flow_run.id)))

        done = await record(send)
        if isinstance(done, str):
            return Cancelled(message=done)
        return Completed(
            message=", ".join(f"{status}: {count}" for status, count in sorted(done.items())) or "Niets te bezorgen.", data=dict(done)
        )
