"""Runs a command that must not outlive whoever started it: when the pipe on standard input closes, its whole group ends.

Started as ``python -m flows.guard COMMAND ...`` as leader of a session of its own. Works the same on Linux and macOS,
also when the parent was killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Waits for the command or for the end of the pipe, whichever comes first."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def end_with_parent() -> None:
        while os.read(0, 1024):
            pass
        os.killpg(0, signal.SIGTERM)
        try:
            child.wait(timeout=10)
        finally:
            os.killpg(0, signal.SIGKILL)

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
