"""What commands print: a table for people, JSON for programs, one sentence for a refusal."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from flows.opmaak import legible

UNBROKEN = 14
"""A column as narrow as this stays whole on a narrow terminal."""


def warn(sentence: str) -> None:
    """One sentence to the error channel."""
    print(legible(sentence), file=sys.stderr)


def say(sentence: str) -> None:
    """One sentence."""
    print(sentence)


def as_json(value: object) -> None:
    """A dataclass, or lists and mappings of them, as JSON with ISO dates."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def as_json_rows(rows: Iterable[object]) -> None:
    """As `as_json` prints a list, but every row as soon as it is there."""
    empty = True
    for row in rows:
        text = json.dumps(row, default=_plain, ensure_ascii=False, indent=2)
        print("[" if empty else ",", "\n  ", text.replace("\n", "\n  "), sep="", end="")
        empty = False
    print("[]" if empty else "\n]")


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return value.isoformat() if isinstance(value, date) else str(value)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as the terminal; without a terminal every cell is printed whole."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [[shown(cell) for cell in row] for row in rows]
    drawn = Table(title=title or None, title_justify="left", show_edge=False, pad_edge=False)
    for i, column in enumerate(columns):
        lines = [column, *(line for row in cells for line in row[i].splitlines())]
        # A day or a number is never broken; words give way first.
        longest = max(map(len, lines))
        drawn.add_column(column, overflow="fold", no_wrap=longest <= UNBROKEN, min_width=min(longest, UNBROKEN))
    for row in cells:
        drawn.add_row(*map(Text, row))
    console = Console(highlight=False)
    wide = Console(width=10_000).measure(drawn)
    console.width = max(console.width, wide.minimum) if console.is_terminal else wide.maximum
    console.print(drawn)


def shown(value: object) -> str:
    """A cell as people read it; a day as 12-03-2027."""
    if value is None:
        return ""
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else str(value)


def keep_file(target: Path, content: bytes) -> None:
    """Writes a file that is not there yet: what is there may hold work of somebody."""
    from statemachines.errors import Unusable

    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise Unusable(f"'{target.name}' bestaat al en blijft zoals het is; geef met --naar een andere naam.") from None
    except OSError as error:
        raise Unusable(f"'{target}' is niet te schrijven ({type(error).__name__}); kies met --naar een andere plaats.") from None
