"""Flow: what is due today."""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed

from flows import use_cases
from flows.adressen_beheren import erase_after_retention
from flows.artifacts import show_dossier, show_overview
from flows.forms import Ronde
from flows.house import House
from flows.running import house_of_run, record, run_name, via
from flows.use_cases import Gedaan


@flow(name="dagronde", flow_run_name=run_name, persist_result=False)
async def dagronde(formulier: Ronde = Ronde()) -> State[Any]:  # noqa: B008
    """Doe wat vandaag moet: termijnen die aflopen, herinneringen die gaan."""
    with house_of_run() as house:
        op = formulier.op or house.today()
        done = await record(lambda: _do(house, formulier.op))
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


def _do(house: House, op: date | None) -> list[Gedaan]:
    """What nobody may keep any longer goes first: a dossier that is stuck must not keep it."""
    dag = house.writing_day(op)
    erase_after_retention(house)
    return list(use_cases.daily_round(house, dag, via()))
