"""Reading a picture back: its marks and texts, and whether all of it stands where it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</text><script>alert("x")</script>&amp;\x00\u202e' + "W" * 300


def having(picture: Element, name: str) -> list[Element]:
    return [element for element in picture.iter() if element.get("class") == name]


def texts(element: Element) -> list[str]:
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def left_of(shape: Element) -> float:
    if (start := re.match(r"M([\d.]+) ", shape.get("d", ""))) is not None:
        return float(start[1])
    return float(shape.get("cx") or shape.attrib["x"])


def spans(text: Element) -> tuple[float, float, float]:
    """Left, right and baseline of a text, in a wide typeface."""
    size = float(text.attrib["font-size"]) * (1.1 if text.get("font-weight") else 1)
    width = sum(0.99 if char in "MW" else 0.3 if char in "il.,: " else 0.6 for char in "".join(text.itertext())) * size
    x = float(text.attrib["x"]) - {"end": width, "middle": width / 2}.get(text.get("text-anchor", ""), 0)
    return x, x + width, float(text.attrib["y"])


def points(picture: Element) -> Iterator[tuple[float, float]]:
    """The corners of all that is drawn."""
    for element in picture.iter():
        get = {key: float(value) for key, value in element.attrib.items() if re.fullmatch(r"-?[\d.]+", value)}
        if element.tag == f"{SVG}rect":
            yield get.get("x", 0), get.get("y", 0)
            yield get.get("x", 0) + get["width"], get.get("y", 0) + get["height"]
        elif element.tag == f"{SVG}circle":
            yield get["cx"] - get["r"], get["cy"] - get["r"]
            yield get["cx"] + get["r"], get["cy"] + get["r"]
        elif element.tag == f"{SVG}text":
            left, right, y = spans(element)
            yield left, y - float(element.attrib["font-size"])
            yield right, y + 3
        elif element.tag == f"{SVG}path" and "L8 -1" not in element.attrib["d"]:
            x = y = 0.0
            for letter, first, second in re.findall(r"([MLHV])([\d.-]+)(?: ([\d.-]+))?", element.attrib["d"]):
                x, y = (x, float(first)) if letter == "V" else (float(first), float(second) if second else y)
                yield x, y


def assert_inside(picture: Element) -> None:
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    outside = [(x, y) for x, y in points(picture) if not (0 <= x <= width and 0 <= y <= height)]
    assert outside == []
    for a, b in combinations(list(picture.iter(f"{SVG}text")), 2):
        (a_left, a_right, a_y), (b_left, b_right, b_y) = spans(a), spans(b)
        assert not (a_left < b_right and b_left < a_right and abs(a_y - b_y) < 11), (a.text, b.text)


def assert_only_text(picture: Element) -> None:
    """That HOSTILE occurs in the picture, as nothing but text."""
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert tags <= {"svg", "title", "desc", "defs", "pattern", "path", "rect", "text", "g", "circle"}
    assert any(text.startswith("</text><script>") for text in texts(picture))
