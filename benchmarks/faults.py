"""``make faults``: deliverers killed 200 times among 10,000 messages; how far it is, and at the end one line of JSON.

With a number, so many kills: ``python -m benchmarks.faults 20``.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.notifications.kills import kill_deliverers

COUNT, KILLS = 10_000, 200


def run(kills: int) -> bool:
    """Whether nothing was lost and no kill cost more than one copy of the same mail."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = kill_deliverers(Path(folder), COUNT, kills, tell=lambda said: print(said, flush=True))
    whole = done.lost == done.changed == done.not_verzonden == 0 and done.copies <= done.kills
    print(json.dumps({"name": "faults", **asdict(done), "seconds": round(time.monotonic() - start), "ok": whole}))
    return whole


if __name__ == "__main__":
    sys.exit(not run(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
