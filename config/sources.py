"""One YAML file as plain data that still knows on which line everything stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Data = str | int | bool | None | list["Data"] | dict[str, "Data"]
Where = tuple[str | int, ...]
"""The way to a value inside a file: keys and positions, from the top."""

TOO_DEEP = "Dit bestand is te diep genest."
_KINDS = frozenset({"str", "int", "float", "bool", "null", "timestamp", "merge", "value"})
_PLAIN = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong with the facts: file, line (from 1) and one Dutch sentence."""

    bestand: str
    regel: int
    zin: str

    def __str__(self) -> str:
        return f"{self.bestand}:{self.regel}: {self.zin}"


@dataclass
class Source:
    """A file that was read: its data, the line of every value, and what is wrong with it."""

    bestand: str
    data: Data = None
    lines: Mapping[Where, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, where: Where) -> int:
        """The line of a value, or of the nearest thing around it that is there."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def has(self, key: str) -> bool:
        """Whether this key stands on top of the file."""
        return isinstance(self.data, dict) and key in self.data

    def refuse(self, where: Where, zin: str) -> None:
        """Notes a problem with the value at ``where``."""
        self.problems.append(Problem(self.bestand, self.line(where), zin))

    def at(self, where: Where) -> Data:
        """The value at ``where``; None when there is none."""
        found: Data = self.data
        for step in where:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return None
        return found


def read(path: Path, bestand: str) -> Source:
    """Reads a file as YAML 1.2 with a mapping on top; never raises, whatever is wrong stands in ``problems``.

    Anchors, aliases and tags are refused: a fact is written where it holds.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        zin = "Dit bestand ontbreekt."
    except UnicodeDecodeError:
        zin = "Dit bestand is geen tekst in UTF-8."
    except OSError as error:
        zin = f"Dit bestand is niet te lezen ({type(error).__name__})."
    else:
        parsed = _parse(text)
        problems = [Problem(bestand, line, zin) for line, zin in parsed.faults]
        return Source(bestand, parsed.data, parsed.lines, problems)
    return Source(bestand, problems=[Problem(bestand, 1, zin)])


@dataclass
class _Parsed:
    """Plain data of a text, the line of every value, and what is more or less than plain YAML."""

    data: Data = None
    lines: dict[Where, int] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)


@lru_cache(maxsize=64)
def _parse(text: str) -> _Parsed:
    """Parses a text once per process: the pure parser is slow, and the same files are read again and again."""
    parsed = _Parsed()
    root = _compose(parsed, text)
    if parsed.faults:
        return parsed
    if root is None:
        parsed.faults.append((1, "Dit bestand is leeg."))
    elif not isinstance(root, MappingNode):
        parsed.faults.append((root.start_mark.line + 1, "Bovenaan dit bestand horen sleutels te staan, zoals 'naam: waarde'."))
    else:
        try:
            parsed.data = _Plain(parsed).convert(root, ())
        except RecursionError:
            parsed.faults.append((1, TOO_DEEP))
    return parsed


def _compose(parsed: _Parsed, text: str) -> Node | None:
    """The nodes of the text; this is the edge to a parser that fails in many ways, so every failure becomes a fault."""
    try:
        root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except RecursionError:
        parsed.faults.append((1, TOO_DEEP))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        lines = text.splitlines()
        shown = lines[line - 1].strip()[:60] if line <= len(lines) else ""
        bij = f" bij '{shown}'" if shown else ""
        parsed.faults.append(
            (max(1, min(line, len(lines))), f"Dit is geen geldige YAML{bij}; let op inspringen, dubbele punten en aanhalingstekens.")
        )
    except Exception as error:
        parsed.faults.append((1, f"Dit is geen geldige YAML ({type(error).__name__}); let op vreemde tekens."))
    else:
        return root
    return None


class _Plain:
    """Turns nodes into plain data and notes lines, duplicate keys and everything that is more than plain YAML."""

    def __init__(self, parsed: _Parsed) -> None:
        self._parsed = parsed
        self._seen: set[int] = set()

    def convert(self, node: Node, where: Where) -> Data:
        """The data of a node; the line of a key stands for its value."""
        self._parsed.lines.setdefault(where, node.start_mark.line + 1)
        if id(node) in self._seen or node.anchor:
            self._refuse(node, "Verwijzingen met '&' en '*' worden niet gebruikt; schrijf het feit voluit.")
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, where)
        if isinstance(node, SequenceNode):
            return [self.convert(item, (*where, i)) for i, item in enumerate(node.value)]
        return self._scalar(node)

    def _refuse(self, node: Node, zin: str) -> None:
        self._parsed.faults.append((node.start_mark.line + 1, zin))

    def _mapping(self, node: MappingNode, where: Where) -> Data:
        found: dict[str, Data] = {}
        keys = Counter(key.value for key, _ in node.value if isinstance(key, ScalarNode))
        for key, value in node.value:
            name = self._scalar(key) if isinstance(key, ScalarNode) else None
            if name is None:
                self._refuse(key, "Een sleutel is hier geen gewoon woord.")
                continue
            name = str(key.value)
            if name in found:
                self._refuse(key, f"De sleutel '{_short(name)}' staat hier {keys[name]} keer; laat er een staan.")
                continue
            self._parsed.lines[(*where, name)] = key.start_mark.line + 1
            found[name] = self.convert(value, (*where, name))
        return found

    def _scalar(self, node: Node) -> str | int | bool | None:
        tag, text = str(node.tag), str(node.value)
        kind = tag.removeprefix(_PLAIN)
        if kind not in _KINDS:
            self._refuse(node, f"De aanduiding '{_short(tag)}' wordt niet gebruikt; schrijf een gewone waarde.")
            return None
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            self._refuse(node, "Hier staat een teken dat niet bestaat.")
            return None
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind == "int" and _WHOLE.fullmatch(text):
            return int(text)
        return text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
