"""A daily round with 100 dossiers due, among 1,000 and among 100,000: cost and memory follow what is due."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from benchmarks.timing import report, seconds
from config import MRA
from config.loading import load_adressen, load_stelsel
from config.settings import Post, Settings
from dossiers.database import connect
from flows import use_cases
from flows.house import House
from flows.use_cases import Actor

OPENED, OP, DUE = date(2026, 1, 5), date(2026, 1, 9), 100


def _filled(folder: Path, total: int) -> House:
    """100 dossiers whose papers are due on OP; the others are copies of a row that is due much later."""
    house = House(
        Settings(folder, f"sqlite:///{folder / 'kader.db'}", MRA, Post("127.0.0.1:0")), connect(f"sqlite:///{folder / 'kader.db'}")
    )
    use_cases.accept_facts(house, Actor("aob", "cli", str(uuid4()), OPENED), load_stelsel(MRA), load_adressen(MRA), "meting")
    for n in range(DUE):
        use_cases.open_dossier(house, Actor("aob", "cli", str(uuid4()), OPENED), f"nu-{n}", "jaarplan-begroting", "Jaarplan", OPENED)
    with house.engine.begin() as connection:
        for table, change in (("journaal", "opdracht"), ("stand", ""), ("termijnen", "vanaf")):
            columns = [row[1] for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")]
            new = {
                "slug": "'straks-' || n",
                "opdracht": "'o' || n",
                "vanaf": "date(vanaf, '+2 years')",
                "tot_en_met": "date(tot_en_met, '+2 years')",
            }
            values = ", ".join(new[c] if c == "slug" or c == change or (c == "tot_en_met" and change) else c for c in columns)
            series = f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {total - DUE})"
            connection.execute(text(f"{series} INSERT INTO {table} SELECT {values} FROM s, {table} WHERE slug = 'nu-0'"))
        connection.exec_driver_sql("ANALYZE")
    return house


def measure(total: int) -> dict[str, float]:
    """Seconds of one round and the memory that it added, in a process of its own."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        house = _filled(Path(folder), total)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        done: list[int] = []
        took = seconds(lambda: done.append(sum(1 for _ in use_cases.daily_round(house, OP, "cli"))))
        assert done == [DUE], done
        return {"seconds": took, "added_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, "total_kb": before}


def run() -> None:
    """Each size three times in turns, in processes of their own."""
    taken: dict[int, list[dict[str, float]]] = {1_000: [], 100_000: []}
    for _ in range(3):
        for total, measured in taken.items():
            command = [sys.executable, "-c", f"import json; from benchmarks.dagronde import measure; print(json.dumps(measure({total})))"]
            measured.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    small, large = (min(m["seconds"] for m in taken[total]) for total in taken)
    report(
        "dagronde, 100 van N",
        "N = 100.000 <= 1,3 x N = 1.000",
        large / small <= 1.3,
        verhouding=large / small,
        bij_1000=small,
        bij_100000=large,
    )
    a, b = (min(m["added_kb"] + m["total_kb"] for m in taken[total]) for total in taken)
    report("geheugen van de dagronde", "N = 100.000 <= 1,2 x N = 1.000", b / a <= 1.2, verhouding=b / a, kb_bij_1000=a, kb_bij_100000=b)
