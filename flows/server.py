"""The embedded Prefect server: a child of ours that ends when we do, with everything it keeps in one folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dossiers.database import UnreachableForNow
from notifications.ports import free_port

START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """Where the server is."""

    api_url: str
    ui_url: str


def client_environment(folder: Path, api_url: str) -> dict[str, str]:
    """The settings of every process that talks to this server."""
    return {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_CLI_PROMPT": "false",
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
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def running_server(folder: Path, port: int = 4200) -> Iterator[Server]:
    """The server on 127.0.0.1, at ``port`` or else any free one, until the block ends or this process dies.

    Raises UnreachableForNow with the last lines of its log when it does not come up within two minutes.
    """
    (folder / "prefect").mkdir(parents=True, exist_ok=True)
    log = folder / "prefect-server.log"
    port = free_port(port)
    command = [sys.executable, "-m", "flows.guard", sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with log.open("wb") as out:
        guard = subprocess.Popen(
            [*command, "--port", str(port)],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**inherited, **_server_environment(folder)},
            cwd=folder,
            start_new_session=True,
        )
    try:
        _await_health(f"http://127.0.0.1:{port}/api/health", guard, log)
        yield Server(api_url=f"http://127.0.0.1:{port}/api", ui_url=f"http://127.0.0.1:{port}")
    finally:
        if guard.stdin is not None:
            guard.stdin.close()
        try:
            guard.wait(timeout=20)
        except subprocess.TimeoutExpired:
            guard.kill()


def _await_health(url: str, guard: subprocess.Popen[bytes], log: Path) -> None:
    import httpx

    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and guard.poll() is None:
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    tail = " | ".join(log.read_text(errors="replace").splitlines()[-5:])
    raise UnreachableForNow(f"De Prefect-server is niet gestart; het logboek {log} eindigt met: {tail}")
