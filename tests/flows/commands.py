"""The ``kader`` command for tests: run as installed, in this process, with a folder and database of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import flows.cli

SLUG = "voortgangsnota-2027"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Kader = Callable[..., Said]


@pytest.fixture
def kader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kader:
    """Runs the command as installed, in this process; the first word can be a whole command line without quotes."""
    for name in [name for name in os.environ if name.startswith("KADER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KADER_MAP", str(tmp_path))
    monkeypatch.setenv("KADER_ALS", "aob")

    def run(line: str, *more: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["kader", *line.split(), *more])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            flows.cli.run()
        said = capsys.readouterr()
        return Said(ended.value.code if isinstance(ended.value.code, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def released(kader: Kader) -> Kader:
    """A Voortgangsnota on which raden can react, and Almere did."""
    for line, more in (
        ("stelsel neem-over --op 2026-12-01", ["--reden", "Begin"]),
        (f"open {SLUG} --route voortgangsnota --op 2026-12-01", ["--titel", "Voortgangsnota 2027"]),
        (f"besluit {SLUG} --van bestuur --uitkomst akkoord --op 2027-01-22", []),
        (f"besluit {SLUG} --van av --uitkomst akkoord --op 2027-03-19", []),
        (f"inbreng {SLUG} --van almere --op 2027-04-01", ["--tekst", "Brief van de raad", "--indiener", "Mevrouw Voorbeeld"]),
    ):
        said = kader(line, *more)
        assert said.code == 0, said.err
    return kader
