"""Where templates that are not ours are tried: a process of their own that may use little time and memory, and nothing else depends on.

Reads the templates and what to make with them as JSON, writes a line of JSON for each message: ``python -m notifications.keurkamer``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SECONDS = 15
"""So long may all templates of a stelsel take together; those that are shipped take less than one."""
MEMORY = 1 << 30
"""Bytes of memory."""
LONGEST = 100_000
"""Bytes of HTML: Gmail cuts off a longer mail."""


@dataclass(frozen=True)
class Proef:
    """What came of one message: its parts, or else what went wrong, in which template and line."""

    parts: Mapping[str, str]
    fout: str = ""
    bestand: str = ""
    regel: int = 1


def tried(bronnen: str, wat: Sequence[tuple[str, Mapping[str, object]]], teksten: Mapping[str, str], eigen: Sequence[str]) -> list[Proef]:
    """What came of the templates that are not ours (``eigen``), each compiled, and then of every message (kind and context) made.

    With ``eigen`` that happens in a process that is stopped when it takes too much; then the last of a shorter list says so.
    """
    if not eigen:
        return [_try(bronnen, soort, context, teksten) for soort, context in wat]
    given = json.dumps({"bronnen": bronnen, "wat": list(wat), "teksten": dict(teksten), "eigen": list(eigen)})
    command = [sys.executable, "-m", "notifications.keurkamer"]
    try:
        done = subprocess.run(command, input=given.encode(), stdout=subprocess.PIPE, timeout=SECONDS, check=False)
        lines = done.stdout
    except subprocess.TimeoutExpired as late:
        lines = late.stdout or b""
    found = list(_whole(lines.decode()))
    if len(found) < len(eigen) + len(wat):
        found.append(Proef({}, f"het duurt te lang (meer dan {SECONDS} seconden) of kost te veel geheugen"))
    return found


def _whole(lines: str) -> Iterator[Proef]:
    for line in lines.splitlines(keepends=True):
        if line.endswith("\n"):
            yield Proef(**json.loads(line))


def _compiled(bronnen: str, file: str) -> Proef:
    """A template made into a program; jinja2 reckons out what is constant in it, so that alone can take for ever."""
    from notifications.render import environment_of

    try:
        environment_of(json.loads(bronnen), escapes=True).get_template(file)
    except Exception as error:
        return Proef({}, _said(error), file, getattr(error, "lineno", 1))
    return Proef({})


def _try(bronnen: str, soort: str, context: Mapping[str, object], teksten: Mapping[str, str]) -> Proef:
    from notifications.render import render_parts

    try:
        parts = render_parts(bronnen, soort, context, teksten)
    except Exception as error:
        # A template is somebody else's program: whatever it raises is a mistake in it, told in one sentence.
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
        bestand, regel = (frames[-1].filename, frames[-1].lineno or 1) if frames else ("", 1)
        return Proef({}, _said(error), bestand, regel)
    if any(len(part.encode()) > LONGEST for part in parts.values()):
        return Proef({}, f"het bericht is langer dan {LONGEST // 1000} kB; mailprogramma's kappen het af")
    return Proef(parts)


_DUTCH = {
    "MemoryError": "het kost te veel geheugen",
    "OverflowError": "het maakt iets dat te groot is",
    "SecurityError": "het wil bij iets waar een sjabloon niet bij mag",
    "UndefinedError": "het gebruikt iets dat het bericht niet heeft",
    "TemplateNotFound": "het gebruikt een sjabloon dat er niet is",
    "RecursionError": "het gebruikt zichzelf",
}


def _said(error: Exception) -> str:
    kind = type(error).__name__
    detail = str(error)[:200].rstrip(".")
    return f"{_DUTCH.get(kind, 'het geeft een fout')}{f' ({detail})' if detail else ''}"


def _work() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except (ImportError, ValueError, OSError):
        pass  # Windows, or a machine that allows less already: the time-out of the parent remains.
    asked = json.load(sys.stdin.buffer)
    for file in asked["eigen"]:
        _tell(_compiled(asked["bronnen"], file))
    for soort, context in asked["wat"]:
        _tell(_try(asked["bronnen"], soort, context, asked["teksten"]))


def _tell(proef: Proef) -> None:
    print(json.dumps({"parts": dict(proef.parts), "fout": proef.fout, "bestand": proef.bestand, "regel": proef.regel}), flush=True)


if __name__ == "__main__":
    _work()
