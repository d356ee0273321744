"""Runs a command that must not outlive whoever started it: when the pipe on standard input closes, its whole group ends.

Started as ``python -m flows.guard COMMAND ...`` as leader of a session of its own. Works the same on Linux and macOS,
also when the parent was killed.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

LOOK_SECONDS = 0.5
STOP_SECONDS = 10
GRACE_SECONDS = 0.3
"""What processes further down in the group get once the command itself has ended."""


def main() -> None:
    """Waits for the end of the command or of the pipe, whichever comes first, and then ends its own process group."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while child.poll() is None:
        if select.select([0], [], [], LOOK_SECONDS)[0] and not os.read(0, 1024):
            break
    os.killpg(0, signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while child.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
