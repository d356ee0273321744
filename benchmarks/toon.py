"""How fast the list opens: `kader toon` against importing SQLAlchemy Core alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.timing import in_turns, report


def run() -> None:
    """Whole processes, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KADER_MAP": folder, "KADER_ALS": "aob"}
        kader = str(Path(sys.executable).with_name("kader"))

        def call(*command: str) -> None:
            subprocess.run(command, check=True, capture_output=True, env=environment)

        call(kader, "stelsel", "neem-over", "--reden", "meting", "--op", "2026-01-02")
        call(kader, "open", "jaarplan-2027", "--route", "jaarplan-begroting", "--titel", "Jaarplan", "--op", "2026-01-05")
        for what, goal, command in (("kader toon", 1.3, ["toon"]), ("kader toon DOSSIER", 1.7, ["toon", "jaarplan-2027"])):
            a, b = in_turns(lambda c=command: call(kader, *c), lambda: call(sys.executable, "-c", "import sqlalchemy"), 9)  # type: ignore[misc]
            report(what, f"<= {goal} x import van SQLAlchemy Core", a / b <= goal, verhouding=a / b, ons_ms=1000 * a, kaal_ms=1000 * b)
