"""The embedded Prefect server: a child of ours that ends when we do, with everything it keeps in one folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from notifications.ports import free_port
from statemachines.errors import UnreachableForNow

START_SECONDS = 120
STOP_SECONDS = 20
KEEP = timedelta(days=730)
"""How long Prefect keeps runs with their pages: longer than any kaderdocument is on its way (Prefect itself says 90 days)."""


@dataclass(frozen=True)
class Server:
    """Where the server is."""

    api_url: str
    ui_url: str


def client_environment(folder: Path, api_url: str) -> dict[str, str]:
    """The settings of every process that talks to this server; Prefect reads them when it is first imported."""
    return {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
    }


def _server_environment(folder: Path) -> dict[str, str]:
    """What the server itself needs. Old runs and events are cleaned up: the record is in our own database, not here."""
    return {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_UI_API_URL": "/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(int(KEEP.total_seconds())),
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def running_server(folder: Path, port: int = 4200) -> Iterator[Server]:
    """The server on 127.0.0.1, at ``port`` or else any free one, until the block ends or this process dies.

    Raises UnreachableForNow with the last lines of its log when it does not come up within two minutes.
    """
    folder = folder.absolute()
    (folder / "prefect").mkdir(parents=True, exist_ok=True)
    log = folder / "prefect-server.log"
    number = free_port(port)
    guard = _start(folder, number, log)
    try:
        if not _healthy(number, folder, guard) and free_port(number) != number:
            _end(guard)
            number = free_port(0)
            guard = _start(folder, number, log)
        if not _healthy(number, folder, guard):
            tail = " | ".join(log.read_text(errors="replace").splitlines()[-5:])
            raise UnreachableForNow(f"De Prefect-server is niet gestart; het logboek {log} eindigt met: {tail}")
        yield Server(api_url=f"http://127.0.0.1:{number}/api", ui_url=f"http://127.0.0.1:{number}")
    finally:
        _end(guard)


def _start(folder: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flows.guard", sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with log.open("wb") as out:
        return subprocess.Popen(
            [*command, "--port", str(port)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**inherited, **_server_environment(folder)},
            cwd=folder,
            start_new_session=True,
        )


def _end(guard: subprocess.Popen[bytes]) -> None:
    if guard.stdin is not None:
        guard.stdin.close()
    try:
        guard.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(guard.pid, signal.SIGKILL)
        guard.wait()


def _healthy(port: int, folder: Path, guard: subprocess.Popen[bytes]) -> bool:
    """Whether our own server answers; another one that took the port a moment earlier has another home."""
    import httpx

    api = f"http://127.0.0.1:{port}/api"
    end = time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False, timeout=2) as client:
        while time.monotonic() < end and guard.poll() is None:
            with suppress(httpx.HTTPError, ValueError):
                if client.get(f"{api}/health").status_code == 200:
                    ours = client.get(f"{api}/admin/settings").json()["home"] == str(folder / "prefect")
                    if ours:
                        return True
            time.sleep(0.2)
    return False


async def mark_stale_runs_crashed(api_url: str) -> int:
    """Ends runs that an earlier, killed service left busy; gives how many. The record does not depend on them.

    To be called before anything of this service runs: every busy run is then one of the past.
    """
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    busy = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    wanted = FlowRunFilter(state=FlowRunFilterState(type=busy))
    message = "De dienst stopte tijdens deze opdracht. Kijk met 'kader journaal' of er iets is vastgelegd."
    marked = 0
    async with PrefectClient(api_url) as client:
        while runs := await client.read_flow_runs(flow_run_filter=wanted):
            for run in runs:
                await client.set_flow_run_state(run.id, Crashed(message=message), force=True)
            marked += len(runs)
    return marked
