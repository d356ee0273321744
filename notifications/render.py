"""From a frozen context to subject, HTML and text, by the templates that were current when the message was put in the outbox.

Templates run sandboxed and escape what they are given; nothing from a title or reason can become markup, header or template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from statemachines.kalender import written

FOLDER = Path(__file__).parent / "templates" / "berichten"


@dataclass(frozen=True)
class Sjablonen:
    """A set of templates with the digest that names it."""

    digest: str
    bronnen: str


@dataclass(frozen=True)
class Rendered:
    """What a recipient reads; ``agenda`` is what its calendar item says, for a message that has one."""

    onderwerp: str
    html: str
    tekst: str
    agenda: Mapping[str, Any] | None = None


@cache
def template_set() -> Sjablonen:
    """The templates as shipped."""
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.j2"))}
    bronnen = json.dumps(files, sort_keys=True, ensure_ascii=False)
    return Sjablonen(sha256(bronnen.encode()).hexdigest(), bronnen)


def soorten() -> tuple[str, ...]:
    """The kinds of message that have templates."""
    return tuple(sorted(path.name.removesuffix(".html.j2") for path in FOLDER.glob("*.html.j2") if not path.name.startswith("_")))


@lru_cache(maxsize=16)
def _environment(bronnen: str, escapes: bool) -> SandboxedEnvironment:
    # Escaping by the name of a template would leave macros from a shared template unescaped in the HTML that imports them.
    environment = SandboxedEnvironment(
        loader=DictLoader(json.loads(bronnen)),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dag"] = lambda value: written(date.fromisoformat(value))
    return environment


def render(bronnen: str, soort: str, context: Mapping[str, object], teksten: Mapping[str, str]) -> Rendered:
    """The message of this kind; ``teksten`` are the erasable texts that the context names by id."""
    values = {name: _resolved(value, teksten) for name, value in context.items()}
    parts = {
        vorm: _environment(bronnen, escapes=vorm == "html").get_template(f"{soort}.{vorm}.j2").render(values)
        for vorm in ("onderwerp.txt", "html", "txt")
    }
    agenda = values.get("agenda")
    return Rendered(" ".join(parts["onderwerp.txt"].split()), parts["html"], parts["txt"], agenda if isinstance(agenda, Mapping) else None)


def named_teksten(context: Mapping[str, object]) -> list[str]:
    """The ids of the erasable texts in a context."""
    return list(dict.fromkeys(_named(context)))


def _named(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if value.keys() == {"tekst"}:
            yield str(value["tekst"])
        else:
            yield from (ident for part in value.values() for ident in _named(part))
    elif isinstance(value, list):
        yield from (ident for part in value for ident in _named(part))


def _resolved(value: object, teksten: Mapping[str, str]) -> object:
    """The same value with every named text in its place, on one line."""
    if isinstance(value, Mapping):
        if value.keys() == {"tekst"}:
            return " ".join(teksten[str(value["tekst"])].split())
        return {key: _resolved(part, teksten) for key, part in value.items()}
    return [_resolved(part, teksten) for part in value] if isinstance(value, list) else value
