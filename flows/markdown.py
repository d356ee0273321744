"""Texts that stay what they are, in Markdown and in files; and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from unicodedata import category


def markdown_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table with a head, as lines."""
    cells = list(head)
    return [
        "| " + " | ".join(cells) + " |",
        "|" + " --- |" * len(cells),
        *("| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows),
    ]


def plain(text: str) -> str:
    """A text that stays text: no table, markup, link or HTML can grow out of it."""
    return re.sub(r"([\\`*_{}\[\]<>()#|!~&])", r"\\\1", " ".join(text.split())).replace("\\(", "(").replace("\\)", ")")


def short_day(day: date | None) -> str:
    """A day as 12-3-2027; None as onbekend."""
    return "onbekend" if day is None else f"{day.day}-{day.month}-{day.year}"


def as_text(text: str) -> str:
    """A text as a file may hold it: no control characters, line ends as one character, no space around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or not (category(c) in ("Cc", "Cs") or c in "\ufffe\uffff")).strip()
