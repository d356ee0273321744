"""Texts that stay what they are, in Markdown and in files; and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from unicodedata import category

LONGEST_MESSAGE = 2000
"""How much of a message is shown, in tekens; a refusal that names many dossiers fits in it."""

_BIDI = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Characters that turn the direction of a text around, so that it reads as something else than it is."""


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
    return "".join(c for c in lines if not (is_control(c) or c in "\ufffe\uffff")).strip()


def is_control(char: str) -> bool:
    """Whether a character is not seen but does something to the text around it; the end of a line and a tab are none."""
    return char not in "\n\t" and (category(char) in ("Cc", "Cs") or char in _BIDI)


def legible(message: str) -> str:
    """A message as a screen may show it, whatever was typed: a control character is a question mark, and it is not endless."""
    shown = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
    return "".join("?" if is_control(char) else char for char in shown)
