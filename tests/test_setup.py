"""The set-up itself: what is declared, locked, listed and started before any other test means something."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlalchemy import create_engine, text

from tests import postgres

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "notifications", "config", "dossiers", "statemachines")


def the_project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def the_locked() -> list[str]:
    """Each pinned distribution with its marker and hashes, as one line."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in lock.splitlines() if line and not line.lstrip().startswith("#")]


def the_declared() -> list[Requirement]:
    project = the_project()
    return [Requirement(line) for line in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]]


def test_every_locked_package_has_one_version_and_a_hash() -> None:
    locked = the_locked()

    without = [line for line in locked if not re.match(r"[\w.-]+(\[\w+])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)]

    assert len(locked) > 100
    assert without == []


def test_the_lock_names_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    found = re.findall(r"\S*://\S*|--(?:extra-)?index-url.*|--find-links.*", lock)

    assert found == []


def test_the_lock_holds_every_declared_dependency_within_its_range() -> None:
    versions: dict[str, list[str]] = {}
    for line in the_locked():
        name, _, version = line.split(" ")[0].partition("==")
        versions.setdefault(canonicalize_name(name.partition("[")[0]), []).append(version)

    outside = [
        f"{wanted} is locked at {versions.get(canonicalize_name(wanted.name))}"
        for wanted in the_declared()
        if not any(wanted.specifier.contains(version) for version in versions.get(canonicalize_name(wanted.name), []))
    ]

    assert outside == []


def test_every_declared_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()

    unexplained = [
        str(wanted)
        for wanted in the_declared()
        if not any(re.match(rf'\s+"{wanted.name}(?![\w.-])[^"]*",\s+# \w+', line) for line in lines)
    ]

    assert unexplained == []


def test_every_import_of_the_packages_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in the_project()["project"]["dependencies"]}
    known, distributions = {*sys.stdlib_module_names, *PACKAGES}, packages_distributions()

    strangers = [
        f"{source.relative_to(ROOT)} imports {name}"
        for package in PACKAGES
        for source in sorted((ROOT / package).rglob("*.py"))
        for name in imported_by(source)
        if name.partition(".")[0] not in known
        and declared.isdisjoint(canonicalize_name(dist) for dist in distributions_of(name, distributions))
    ]

    assert strangers == []


def imported_by(source: Path) -> list[str]:
    nodes = list(ast.walk(ast.parse(source.read_text(encoding="utf-8"))))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]


def distributions_of(name: str, known: Any) -> list[str]:
    """Who ships a module; several share ``ruamel``, so there the second part of the name tells."""
    first, second = [*name.split("."), ""][:2]
    return [f"{first}.{second}"] if first == "ruamel" else list(known.get(first, []))


def test_every_package_of_the_house_is_installed_checked_and_on_a_floor() -> None:
    tools = the_project()["tool"]

    floors = " | ".join(tools["importlinter"]["contracts"][0]["layers"]).split(" | ")

    assert sorted(tools["importlinter"]["root_packages"]) == sorted(PACKAGES)
    assert sorted(floors) == sorted(PACKAGES)
    assert set(tools["mypy"]["packages"]) == {*PACKAGES, "tests"}
    assert sorted(tools["setuptools"]["packages"]["find"]["include"]) == sorted(f"{package}*" for package in PACKAGES)
    assert sorted(path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in ("tests", "benchmarks")) == sorted(
        PACKAGES
    )


def test_make_help_lists_every_target() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)

    listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout

    assert {"help", "setup", "demo", "test", "check", "start", "lock", "bench", "clean"} <= set(targets)
    assert re.findall(r"^ +make ([a-z]+) +\S", listed, re.MULTILINE) == targets


def test_make_setup_without_a_fitting_python_says_what_is_needed(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).symlink_to(ROOT / name)

    refused = subprocess.run(["make", "setup", "PYTHON="], cwd=tmp_path, capture_output=True, text=True)

    assert refused.returncode != 0
    assert "needs Python 3.11 to 3.14" in refused.stderr
    assert "python3-venv" in refused.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_fresh_database_of_each_kind_is_empty_and_keeps_what_is_written(database_url: str) -> None:
    engine = create_engine(database_url)

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE stuk (slug TEXT PRIMARY KEY)"))
        connection.execute(text("INSERT INTO stuk VALUES ('jaarplan-2027')"))

    with engine.connect() as connection:
        assert connection.execute(text("SELECT slug FROM stuk")).scalars().all() == ["jaarplan-2027"]
    engine.dispose()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_test_run_that_is_ended_leaves_no_postgresql_and_no_folder(postgres_url: str, end: signal.Signals) -> None:
    assert postgres_url, "PostgreSQL can be started here"
    code = "from tests.postgres import *; import time\nwith run_folder() as run: print(socket_of(run), flush=True); time.sleep(60)"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert run.stdout is not None
    socket = Path(run.stdout.readline().strip())
    pid = int((socket / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    assert runs(pid)

    run.send_signal(end)
    run.communicate()

    for _ in range(300):
        if not socket.parent.exists() and not runs(pid):
            break
        time.sleep(0.1)
    assert not socket.parent.exists()
    assert not runs(pid)


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 passed, 1 skipped"), ("true", "1 passed, 1 error")])
def test_without_postgresql_its_tests_are_skipped_with_a_reason_but_fail_in_ci(ci: str, outcome: str) -> None:
    chosen = f"{Path(__file__).relative_to(ROOT)}::test_a_fresh_database_of_each_kind_is_empty_and_keeps_what_is_written"
    code = f"from tests import postgres; import pytest; postgres.PLACES = (); pytest.main(['-p', 'no:cacheprovider', '{chosen}'])"

    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"CI": ci, "PATH": ""}, capture_output=True, text=True)

    assert outcome in run.stdout
    assert "PostgreSQL is not tested: initdb, pg_ctl, postgres are not on this machine" in run.stdout


def test_all_workers_of_a_run_share_one_postgresql(postgres_url: str) -> None:
    with create_engine(postgres_url).connect() as connection:
        folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())

    assert folder.parent == Path(os.environ["KADERTEST_RUN"])
    assert str(postgres.socket_of(folder.parent)) == str(folder)
