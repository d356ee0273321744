"""The embedded Prefect server: starts, shows its pages, keeps to its folder, and never outlives us."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Completed, Pending, Running
from pydantic import TypeAdapter

from flows import server as server_module
from flows.server import Server, mark_stale_runs_crashed, running_server
from notifications.ports import free_port
from statemachines.errors import UnreachableForNow

PARENT = """
import sys
from pathlib import Path
from flows.server import running_server

with running_server(Path(sys.argv[1]), port=0) as server:
    print(server.api_url, flush=True)
    sys.stdin.read()
"""


def answers(api_url: str) -> bool:
    try:
        return httpx.get(f"{api_url}/health", timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def within(seconds: float, true: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def a_parent(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that runs a server in this folder, and the address it printed."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout is not None
    return parent, parent.stdout.readline().strip()


def ended(parent: subprocess.Popen[str]) -> None:
    for stream in (parent.stdin, parent.stdout):
        if stream is not None:
            stream.close()
    parent.wait(30)


def test_the_pages_for_directors_answer_and_ask_the_server_they_came_from(prefect_server: Server) -> None:
    page = httpx.get(prefect_server.ui_url, follow_redirects=True)
    settings = httpx.get(f"{prefect_server.ui_url}/ui-settings").json()

    assert page.status_code == 200 and "text/html" in page.headers["content-type"]
    assert settings["api_url"] == "/api"


def test_the_server_keeps_nothing_outside_its_folder_and_tells_nobody(prefect_server: Server) -> None:
    settings = httpx.get(f"{prefect_server.api_url}/admin/settings").json()

    assert (Path(settings["home"]) / "prefect.db").exists()
    assert settings["home"] != os.environ["PREFECT_HOME"]
    assert settings["server"]["analytics_enabled"] is False
    assert settings["server"]["api"]["host"] == "127.0.0.1"
    kept = TypeAdapter(timedelta).validate_python(settings["server"]["services"]["db_vacuum"]["retention_period"])
    assert kept >= server_module.KEEP


def test_a_second_server_takes_another_port_than_the_one_that_is_taken(prefect_server: Server, tmp_path: Path) -> None:
    taken = int(prefect_server.ui_url.rsplit(":", 1)[1])

    with running_server(tmp_path, port=taken) as second:
        both = answers(prefect_server.api_url), answers(second.api_url)

    assert both == (True, True)
    assert second.api_url != prefect_server.api_url
    assert within(5, lambda: not answers(second.api_url)) and answers(prefect_server.api_url)


def test_a_server_that_loses_its_port_at_the_last_moment_starts_on_another(
    prefect_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = int(prefect_server.ui_url.rsplit(":", 1)[1])
    first_look = iter([taken])
    monkeypatch.setattr(server_module, "free_port", lambda wanted: next(first_look, None) or free_port(wanted))

    with running_server(tmp_path, port=taken) as second:
        home = httpx.get(f"{second.api_url}/admin/settings").json()["home"]

    assert second.api_url != prefect_server.api_url
    assert home == str(tmp_path / "prefect")


def test_a_server_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    parent, api_url = a_parent(tmp_path)
    try:
        assert answers(api_url)

        os.kill(parent.pid, signal.SIGKILL)

        assert within(10, lambda: not answers(api_url))
    finally:
        ended(parent)
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", int(api_url.split(":")[2].split("/")[0])))


def test_a_server_that_does_not_start_says_so_in_dutch_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / "prefect.db").write_bytes(b"dit is geen database" * 400)

    with pytest.raises(UnreachableForNow) as refusal, running_server(tmp_path, port=0):
        pass

    assert str(refusal.value).startswith("De Prefect-server is niet gestart; het logboek")
    assert "not a database" in (tmp_path / "prefect-server.log").read_text()


@flow
async def opdracht() -> None:
    """Stands for any flow."""


def test_runs_that_a_killed_service_left_busy_are_marked_crashed_with_the_reason(prefect_server: Server) -> None:
    async def left_by_a_service() -> list[UUID]:
        async with PrefectClient(prefect_server.api_url) as client:
            before: list[State[Any]] = [Running(), Pending(), Completed(message="Klaar.")]
            return [(await client.create_flow_run(opdracht, state=state)).id for state in before]

    async def found(runs: list[UUID]) -> list[FlowRun]:
        async with PrefectClient(prefect_server.api_url) as client:
            return [await client.read_flow_run(run) for run in runs]

    runs = asyncio.run(left_by_a_service())

    first = asyncio.run(mark_stale_runs_crashed(prefect_server.api_url))
    again = asyncio.run(mark_stale_runs_crashed(prefect_server.api_url))

    now = asyncio.run(found(runs))
    assert (first, again) == (2, 0)
    assert [run.state_name for run in now] == ["Crashed", "Crashed", "Completed"]
    assert all("kader journaal" in str(run.state and run.state.message) for run in now[:2])
