"""One set-up for all tests: quiet Prefect, repeatable Hypothesis, SQLite and PostgreSQL databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tests import postgres

_RUN = ExitStack()
if "KADERTEST_RUN" not in os.environ:  # the process that starts the workers makes the folder, its workers find it here
    os.environ["KADERTEST_RUN"] = str(_RUN.enter_context(postgres.run_folder()))
RUN = Path(os.environ["KADERTEST_RUN"])
for name in [name for name in os.environ if name.startswith(("KADER_", "PREFECT_", "PG"))]:
    del os.environ[name]
os.environ |= {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_HOME": str(RUN / f"prefect-{os.getpid()}"),
}

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402
from sqlalchemy import create_engine, text  # noqa: E402

from config import MRA  # noqa: E402
from config.loading import load_adressen, load_stelsel  # noqa: E402
from config.settings import Post, Settings  # noqa: E402
from dossiers.database import connect  # noqa: E402
from flows.house import House  # noqa: E402
from statemachines.facts import Adres  # noqa: E402
from statemachines.stelsel import Stelsel  # noqa: E402

settings.register_profile("kader", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("kader")


def pytest_unconfigure() -> None:
    """Ends PostgreSQL and removes what the run left; only where the folder was made."""
    _RUN.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if reason := postgres.why_not():
        terminalreporter.write_line(reason)


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A fresh empty database on PostgreSQL; without PostgreSQL skipped here and failed in CI."""
    if reason := postgres.why_not():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    socket, name = postgres.socket_of(RUN), f"t{uuid4().hex}"
    admin = create_engine(postgres.url_of(socket, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres.url_of(socket, name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kader.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


class Clock:
    """A clock that tests move by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def a_house(url: str, folder: Path, clock: Clock) -> House:
    return House(Settings(map=folder, database=url, stelsel=MRA, post=Post("127.0.0.1:0")), connect(url), clock)


@pytest.fixture
def house(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house on each kind of database, for the stelsel ``mra``; nothing accepted yet."""
    house = a_house(database_url, tmp_path, clock)
    yield house
    house.engine.dispose()


@pytest.fixture
def sqlite_house(tmp_path: Path, clock: Clock) -> Iterator[House]:
    """A house on SQLite alone, where the database makes no difference."""
    house = a_house(f"sqlite:///{tmp_path / 'kader.db'}", tmp_path, clock)
    yield house
    house.engine.dispose()


@pytest.fixture(scope="session")
def mra() -> Stelsel:
    """The facts of the MRA as shipped."""
    return load_stelsel(MRA)


@pytest.fixture(scope="session")
def mra_adressen() -> tuple[Adres, ...]:
    return load_adressen(MRA)
