"""Flow: messages that were given free are delivered."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed

from config.settings import Modus
from flows.running import house_of_run, record, run_name, via
from notifications.deliver import closed_until, deliver


@flow(name="berichten-bezorgen", flow_run_name=run_name, persist_result=False)
async def berichten_bezorgen() -> State[Any]:
    """Bezorg wat vrijgegeven is, op de uren van het stelsel; in de proef in het postvak op deze computer."""
    with house_of_run() as house:
        # The demo plays a year in minutes, so it cannot wait for office hours or for the next day.
        nu = via() == "demo" and house.settings.post.modus is Modus.PROEF

        def send() -> tuple[Counter[str], str | None]:
            wacht = None if nu else closed_until(house.engine, house.stelsel, house.now())
            sent = deliver(house.engine, house.stelsel, house.settings.post, house.now, str(flow_run.id), nu)
            return Counter(b.status.value for b in sent), wacht

        done = await record(send)
        if isinstance(done, str):
            return Cancelled(message=done)
        counts, wacht = done
        said = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items())) or wacht or "Niets te bezorgen."
        return Completed(message=said, data=dict(counts))
