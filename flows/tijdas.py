"""A picture along a time axis: heading, months, lanes, lines across them, legend and notes, laid out so that no text meets another."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from statemachines.kalender import DAY

LEFT, RIGHT = 226, 1096
"""Where the axis begins and ends, in pixels."""

_WIDTH, _MARGIN, _ROW, _LINE = 1120, 16, 26, 15
_LABEL = 68
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240)
_LEGEND = {
    "overleg": "overleg",
    "besluit": "besluit",
    "ronde": "reactietermijn",
    "geweest": "geweest",
    "kritiek": "kritiek: kan niet later",
    "stukken": "stukken aanleveren",
    "speling": "speling tot de laatst mogelijke",
    "te-laat": "te laat: had eerder gemoeten",
    "leeg": "vergadering zonder stukken",
    "gevuld": "vergadering met zoveel stukken",
    "raden": "reactietermijn raden en Staten",
    "colleges": "reactietermijn colleges",
    "botsing": "botsing: tegelijk iets gevraagd van dezelfde raden of colleges",
    "reces": "reces",
    "verkiezing": "verkiezing",
    "verkiezingstijd": "reces rond een verkiezing",
}
_ENVIRONMENT = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined)


@dataclass(frozen=True)
class Tijdas:
    """Whole months in order: ``first`` is the first day, ``end`` the day after the last. Answers are pixels, kept inside the picture."""

    first: date
    end: date

    def shows(self, day: date) -> bool:
        """Whether a day lies on the axis."""
        return self.first <= day < self.end

    def x(self, day: date) -> float:
        """Where a day begins."""
        inside = min(max(day, self.first), self.end)
        return round(LEFT + (inside - self.first).days / (self.end - self.first).days * (RIGHT - LEFT), 1)

    def mid(self, day: date) -> float:
        """The middle of a day."""
        return round((self.x(day) + self.x(day + DAY)) / 2, 1)

    def months(self) -> list[dict[str, Any]]:
        """Every month with its line; so many labels as fit, the year with the first and with every January."""
        first, end = (day.year * 12 + day.month - 1 for day in (self.first, self.end))
        count, starts = end - first, [date(number // 12, number % 12 + 1, 1) for number in range(first, end)]
        step = next((step for step in _STEPS if step * (RIGHT - LEFT) / count >= _LABEL), count)
        labelled = [month for month in starts if (month.year * 12 + month.month - 1) % step == 0]
        if not labelled or self.x(labelled[0]) - LEFT >= _LABEL:
            labelled.insert(0, starts[0])
        return [
            {"x": self.x(month), "label": self._label(month, month == labelled[0]) if month in labelled else ""}
            for month in starts
            if month in labelled or count <= 36
        ]

    def _label(self, month: date, with_year: bool) -> str:
        label = format_date(month, "MMM y" if with_year or month.month == 1 else "MMM", locale="nl")
        return label if self.x(month) + 4 + measured(label, 12) <= _WIDTH else ""


def axis_over(days: Sequence[date]) -> Tijdas:
    """The whole months that hold all these days."""
    last = max(days)
    return Tijdas(min(days).replace(day=1), date(last.year + last.month // 12, last.month % 12 + 1, 1))


@dataclass(frozen=True)
class Upright:
    """A line across all lanes, with a label to its left, below the lanes."""

    x: float
    label: str
    kind: str
    colour: str


class Vel:
    """A picture that grows downwards: heading, axis, lanes, labels of the uprights, legend, notes."""

    def __init__(self, axis: Tijdas, title: str, sentence: str) -> None:
        self._axis, self._title, self._sentence = axis, title, sentence
        self._head = _wrapped(self._sentence, _WIDTH - 2 * _MARGIN, 13)
        self._lanes: list[dict[str, Any]] = []
        self._top = self._y = 72 + len(self._head) * 18

    def lane(self, name: str, marks: Sequence[dict[str, Any]]) -> None:
        """A lane below the others; marks that would touch get a row of their own, and each its ``y``."""
        rows = _stacked([mark["span"] for mark in marks])
        lines = _wrapped(name, LEFT - 16 - _MARGIN, 12, bold=True, most=3)
        count = max(rows, default=0) + 1
        height = max(12 + _ROW * count, 14 + _LINE * len(lines))
        for mark, row in zip(marks, rows, strict=True):
            mark["y"] = self._y + round((height - _ROW * count) / 2 + _ROW * (row + 0.5), 1)
        first = self._y + height / 2 + 4 - _LINE * (len(lines) - 1) / 2
        self._lanes.append({"name": name, "lines": [(round(first + _LINE * i, 1), line) for i, line in enumerate(lines)]})
        self._y += height
        self._lanes[-1]["bottom"] = self._y

    def render(
        self,
        template: str,
        *,
        uprights: Sequence[Upright],
        recessen: Iterable[tuple[str, date, date]],
        shown: set[str],
        notes: Sequence[str],
        told: Sequence[str],
        **rest: Any,
    ) -> str:
        """The whole picture; ``shown`` says which marks the legend explains, ``told`` what it says to who cannot see it."""
        axis, bottom = self._axis, self._y
        inside = [(naam, van, einde) for naam, van, einde in recessen if van < axis.end and einde >= axis.first]
        labels, y = _labelled(uprights, bottom)
        legend, y = _legend([*shown, *(["reces"] if inside else [])], y + 24)
        lines = [line for note in notes for line in _wrapped(note, _WIDTH - 2 * _MARGIN, 12, most=12)]
        texts = [(y + 32 + 17 * i, line) for i, line in enumerate(lines)]
        desc = [self._sentence, *told, *notes]
        drawn = _ENVIRONMENT.get_template(template).render(
            title=self._title,
            heading=shortened(self._title, _WIDTH - 2 * _MARGIN, 18, bold=True),
            head=[(54 + 18 * i, line) for i, line in enumerate(self._head)],
            desc=" ".join(part if part.endswith(".") else f"{part}." for part in desc),
            width=_WIDTH,
            height=round((texts[-1][0] if texts else y) + 16),
            margin=_MARGIN,
            left=LEFT,
            right=RIGHT,
            top=self._top,
            bottom=bottom,
            months=axis.months(),
            lanes=self._lanes,
            recessen=[
                {"words": naam, "x": axis.x(van), "width": round(axis.x(einde + DAY) - axis.x(van), 1)} for naam, van, einde in inside
            ],
            uprights=labels,
            legend=legend,
            notes=texts,
            **rest,
        )
        return "\n".join(map(_plain, drawn.split("\n")))


def _stacked(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span the first row on which it touches no span that begins before it."""
    ends: list[float] = []
    rows = [0] * len(spans)
    for i in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[i]
        rows[i] = next((row for row, taken in enumerate(ends) if taken <= start), len(ends))
        ends[rows[i] : rows[i] + 1] = [end]
    return rows


def _labelled(uprights: Sequence[Upright], bottom: float) -> tuple[list[dict[str, Any]], float]:
    """The uprights from left to right, each going down to the first row where its label meets no other label or line."""
    placed: list[tuple[float, float, int]] = []
    found = []
    for upright in sorted(uprights, key=lambda upright: upright.x):
        label = shortened(upright.label, upright.x - 5 - _MARGIN, 12) if upright.label else ""
        start = upright.x - 9 - measured(label, 12)
        row = 0
        while label and any((on == row and right > start) or (on > row and right >= start) for _, right, on in placed):
            row += 1
        if label:
            placed.append((start, upright.x, row))
        end = bottom + (10 + _LINE * row + 8 if label else 0)
        found.append({"x": upright.x, "label": label, "kind": upright.kind, "colour": upright.colour, "end": end, "words": upright.label})
    return found, bottom + (12 + _LINE * (max(row for _, _, row in placed) + 1) if placed else 0)


def _legend(kinds: Iterable[str], y: float) -> tuple[list[dict[str, Any]], float]:
    """The marks that occur, in fixed order, on as many lines as they need."""
    wanted, x, found = set(kinds), float(_MARGIN), []
    for kind in (kind for kind in _LEGEND if kind in wanted):
        wide = 36 + measured(_LEGEND[kind], 12) + 16
        if x + wide > _WIDTH - _MARGIN and x > _MARGIN:
            x, y = float(_MARGIN), y + 24
        found.append({"kind": kind, "x": x, "y": y, "text": _LEGEND[kind]})
        x += wide
    return found, y


# --- text that stays where it belongs ---


def _plain(text: str) -> str:
    """The text without the characters that XML or a line cannot hold, or that turn the order of other characters."""
    return "".join(char if char.isprintable() else " " for char in text)


def measured(text: str, size: float, bold: bool = False) -> float:
    """At most how many pixels wide, measured for Verdana, the widest of the typefaces that are asked for."""
    return sum(map(_em, text)) * size * (1.14 if bold else 1)


def _em(char: str) -> float:
    if ord(char) > 0x24F:
        return 1.4
    if char in "mwMWQO@%&":
        return 1.1
    return 0.46 if char in "ijlftrI.,:;'|!()[]/- " else 0.79 if char.isupper() else 0.64


def shortened(text: str, room: float, size: float, bold: bool = False) -> str:
    """The text in one line, with an ellipsis where it does not fit."""
    return (_wrapped(text, room, size, bold=bold, most=1) or [""])[0]


def _wrapped(text: str, room: float, size: float, bold: bool = False, most: int = 6) -> list[str]:
    """The text in at most so many lines, broken between words, and inside a word that is too long for a line."""
    lines: list[str] = []
    rest = " ".join(_plain(text).split())
    while rest and measured(rest, size, bold) > room and len(lines) < most:
        last = len(lines) == most - 1
        ends = list(accumulate(measured(char, size, bold) for char in rest))
        fits = max(1, bisect_right(ends, room - (measured("…", size, bold) if last else 0)))
        cut = rest.rfind(" ", 0, fits + 1)
        lines.append(rest[:fits].rstrip() + "…" if last else rest[: cut if cut > 0 else fits])
        rest = "" if last else rest[cut if cut > 0 else fits :].lstrip()
    return [*lines, rest] if rest else lines
