"""The service: server, deployments of prefect.yaml, a worker, the mailbox of proof mode; all ending together."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Modus
from flows.house import House
from flows.server import client_environment, mark_stale_runs_crashed, running_server
from notifications.inbox import running_inbox
from statemachines.errors import UnreachableForNow

POOL = "kader"
CODE = Path(__file__).resolve().parent.parent


def serve(house: House, say: Callable[[str], None], stop: threading.Event) -> None:
    """Runs the service until ``stop`` is set; says where to look. Raises UnreachableForNow when a part does not start."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    folder = house.settings.map
    with running_inbox(folder / "postvak", smtp_port=8025, http_port=8026) as inbox, running_server(folder) as server:
        environment = {
            **client_environment(folder, server.api_url),
            "KADER_HOME": str(CODE),
            "KADER_MAP": str(folder),
            "KADER_DATABASE": house.settings.database,
            "KADER_STELSEL": str(house.settings.stelsel),
        }
        if house.settings.post.modus is Modus.PROEF:
            environment["KADER_SMTP"] = inbox.smtp
        os.environ.update(environment)
        asyncio.run(mark_stale_runs_crashed(server.api_url))
        _prefect(folder, "work-pool", "create", POOL, "--type", "process", "--overwrite")
        _prefect(folder, "--no-prompt", "deploy", "--all")
        with _worker(folder):
            say(f"Prefect: {server.ui_url}")
            say(f"Postvak van de proef: {inbox.url}")
            say("Stop met Ctrl-C.")
            stop.wait()


def _prefect(folder: Path, *command: str) -> None:
    with (folder / "prefect-deploy.log").open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *command], cwd=CODE, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise UnreachableForNow(f"Prefect kon '{' '.join(command)}' niet uitvoeren; zie {folder / 'prefect-deploy.log'}.")


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    with (folder / "prefect-worker.log").open("ab") as log:
        guard = subprocess.Popen(
            [sys.executable, "-m", "flows.guard", sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"],
            cwd=CODE,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        if guard.stdin is not None:
            guard.stdin.close()
        guard.wait(timeout=30)
