"""Ratios between two ways of doing the same work, taken in turns so that a busy machine disturbs both."""

from __future__ import annotations

import json
from collections.abc import Callable
from statistics import median
from time import perf_counter


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin


def in_turns(ours: Callable[[], object], bare: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds of each, after one round to warm up."""
    ours(), bare()
    pairs = [(seconds(ours), seconds(bare)) for _ in range(rounds)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def report(what: str, goal: str, met: bool, **measured: float | int | str) -> None:
    """One JSON line."""
    rounded = {name: round(value, 6) if isinstance(value, float) else value for name, value in measured.items()}
    print(json.dumps({"wat": what, **rounded, "doel": goal, "gehaald": met}, ensure_ascii=False), flush=True)
