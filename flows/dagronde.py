"""Flow: what is due today."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from flows.artifacts import show_dossier, show_overview
from flows.forms import Ronde
from flows.periodiek import whole_round
from flows.running import house_of_run, record, run_name, via


@flow(name="dagronde", flow_run_name=run_name, persist_result=False)
async def dagronde(formulier: Ronde = Ronde()) -> State[Any]:  # noqa: B008
    """Doe wat vandaag moet: termijnen die aflopen, herinneringen die gaan."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        done = await record(lambda: list(whole_round(house, house.writing_day(formulier.op), via())))
        if isinstance(done, str):
            return Cancelled(message=done)
        for gedaan in done:
            await show_dossier(house, gedaan.slug, op)
        if not done:
            await show_overview(house, op)
        gedaan_aan = ", ".join(gedaan.slug for gedaan in done[:5]) + (" en meer" if len(done) > 5 else "")
        let_op = "".join(f" Let op, {gedaan.slug}: {gedaan.let_op}" for gedaan in done if gedaan.let_op)
        message = f"Dagronde van {op:%d-%m-%Y}: {len(done)} dossiers{f' ({gedaan_aan})' if done else ''}.{let_op}"
        return Completed(message=message, data=len(done))
