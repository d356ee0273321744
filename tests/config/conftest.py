"""A copy of the facts that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config import MRA
from config.loading import Report, check, load_stelsel
from statemachines.stelsel import Stelsel

OP = date(2026, 11, 23)


@pytest.fixture(scope="session")
def stelsel() -> Stelsel:
    """The facts as they are."""
    return load_stelsel(MRA)


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    """A copy of the folder under its own name."""
    return Path(shutil.copytree(MRA, tmp_path / MRA.name))


@pytest.fixture
def spoiled(kopie: Path) -> Callable[..., Report]:
    """Replaces text once in one file of the copy and checks it."""

    def spoil(bestand: str, oud: str, nieuw: str, op: date = OP) -> Report:
        path = kopie / bestand
        text = path.read_text(encoding="utf-8")
        assert oud in text, f"{bestand} has no '{oud}': this test spoils nothing"
        path.write_text(text.replace(oud, nieuw, 1), encoding="utf-8")
        return check(kopie, op)

    return spoil
