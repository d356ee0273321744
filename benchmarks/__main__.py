"""``make bench``: every benchmark, or those named."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = ("machine", "besluit", "dagronde", "toon", "planning", "bericht", "bezorging")

for name in sys.argv[1:] or ALL:
    import_module(f"benchmarks.{name}").run()
