"""One real Prefect server for all tests that need one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flows.server import Server, running_server


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the server run on one xdist worker, so that one server is enough."""
    for item in items:
        if "prefect_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("prefect"))


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The embedded server, empty at the start of the test run; on a port of its own, so that a running service is left alone."""
    with running_server(tmp_path_factory.mktemp("prefect-server"), port=0) as server:
        yield server
