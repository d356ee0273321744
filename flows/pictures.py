"""The route of a dossier as a picture: what is behind, where it is, what is to come."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from textwrap import wrap
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dossiers.overzicht import Overzicht
from dossiers.stappen import Stapregel

_PER_ROW, _WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 4, 236, 128, 26, 30, 18
_LOOK = {
    "geweest": ("#e4f1ea", "#0b6e4f", "#123528", "✓"),
    "nu": ("#154273", "#154273", "#ffffff", "●"),
    "straks": ("#ffffff", "#8a94a3", "#30363f", "○"),
    "overgeslagen": ("#f3f4f6", "#c9ced6", "#6b7280", "–"),
}
_ENVIRONMENT = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined)


def route_svg(verhaal: Overzicht) -> str:
    """The stappen in order as boxes, four in a row; for planners and directors, ambtelijke stops included."""
    boxes = [_box(stap, i) for i, stap in enumerate(verhaal.stappen)]
    links = []
    for i, box in enumerate(boxes[1:], start=1):
        before, done = boxes[i - 1], verhaal.stappen[i - 1].status == "geweest"
        if before["y"] == box["y"]:
            line = {"x1": before["x"] + _WIDTH, "y1": before["y"] + _HEIGHT // 2, "x2": box["x"], "y2": box["y"] + _HEIGHT // 2}
        else:
            line = {"x1": before["x"] + _WIDTH // 2, "y1": before["y"] + _HEIGHT, "x2": box["x"] + _WIDTH // 2, "y2": box["y"]}
        links.append({**line, "done": done})
    rows = (len(boxes) + _PER_ROW - 1) // _PER_ROW
    columns = min(len(boxes), _PER_ROW)
    return _ENVIRONMENT.get_template("route.svg.j2").render(
        boxes=boxes,
        links=links,
        box_width=_WIDTH,
        box_height=_HEIGHT,
        width=2 * _MARGIN + columns * _WIDTH + (columns - 1) * _GAP_X,
        height=2 * _MARGIN + rows * _HEIGHT + (rows - 1) * _GAP_Y,
    )


def as_image(svg: str, alt: str) -> str:
    """The picture as a Markdown image that carries its own data; the only form that both Prefect UIs show; ``alt`` is plain words."""
    return f"![{alt}](data:image/svg+xml;base64,{b64encode(svg.encode()).decode()})"


def _box(stap: Stapregel, i: int) -> dict[str, Any]:
    fill, stroke, ink, mark = _LOOK[stap.status]
    return {
        "x": _MARGIN + (i % _PER_ROW) * (_WIDTH + _GAP_X),
        "y": _MARGIN + (i // _PER_ROW) * (_HEIGHT + _GAP_Y),
        "fill": fill,
        "stroke": stroke,
        "ink": ink,
        "mark": mark,
        "status": stap.status,
        "gremium": [_short(line, 28) for line in wrap(stap.gremium, 26)[:2]],
        "lines": [_short(line, 32) for line in wrap(stap.naam, 31)[:2]],
        "wanneer": _when(stap),
    }


def _when(stap: Stapregel) -> str:
    if stap.moment is None:
        return "datum nog onbekend" if stap.status == "nu" else ""
    day = f"{stap.moment.day}-{stap.moment.month}-{stap.moment.year}"
    if stap.van is not None and stap.status == "nu":
        return f"reageren tot en met {day}"
    return f"{day}: {stap.uitkomst}" if stap.status == "geweest" else day


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
