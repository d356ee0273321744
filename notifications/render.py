"""From a frozen context to subject, HTML and text, by the templates that were current when the message was put in the outbox.

Templates run sandboxed and escape what they are given; nothing from a title or reason can become markup, header or template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from statemachines.kalender import written
from statemachines.lidwoord import met_lidwoord

VERZAMELD = "verzameld"
"""The templates of a mail in which several messages travel."""
FORMS = ("onderwerp.txt", "html", "txt")
"""What each kind of message has a template for."""
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


@dataclass(frozen=True)
class Deel:
    """One message of several in a mail: its own subject and content, and why its recipient gets it."""

    onderwerp: str
    html: Markup
    tekst: str
    reden: str


def template_set(eigen: Mapping[str, str] = MappingProxyType({})) -> Sjablonen:
    """The templates as shipped, with those that a stelsel has of its own in their place; by file name."""
    return _template_set(tuple(sorted(eigen.items())))


@lru_cache(maxsize=8)
def _template_set(eigen: tuple[tuple[str, str], ...]) -> Sjablonen:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.j2"))}
    bronnen = json.dumps(files | dict(eigen), sort_keys=True, ensure_ascii=False)
    return Sjablonen(sha256(bronnen.encode()).hexdigest(), bronnen)


def templates_in(sjablonen: Sjablonen) -> tuple[str, ...]:
    """The names of the templates for a message in a set: those with all three forms."""
    files = json.loads(sjablonen.bronnen)
    names = sorted(name.removesuffix(".html.j2") for name in files if name.endswith(".html.j2") and not name.startswith("_"))
    return tuple(n for n in names if n != VERZAMELD and f"{n}.txt.j2" in files and f"{n}.onderwerp.txt.j2" in files)


@lru_cache(maxsize=64)
def _environment(bronnen: str, escapes: bool, alleen: str | None = None) -> SandboxedEnvironment:
    """``alleen`` leaves nothing of a message but that block."""
    files = json.loads(bronnen)
    if alleen is not None:
        files |= dict.fromkeys(("_basis.html.j2", "_basis.txt.j2"), f"{{% block {alleen} %}}{{% endblock %}}")
    return environment_of(files, escapes)


def environment_of(files: Mapping[str, str], escapes: bool) -> SandboxedEnvironment:
    """How templates are read and what they can use: their own context and each other, nothing else."""
    # Escaping by the name of a template would leave macros from a shared template unescaped in the HTML that imports them.
    environment = SandboxedEnvironment(
        # With the name of each template, so that what goes wrong in one says where.
        loader=FunctionLoader(lambda name: (files[name], name, None) if name in files else None),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["dag"] = lambda value: written(date.fromisoformat(value))
    environment.filters["de"] = met_lidwoord
    return environment


def render(bronnen: str, soort: str, context: Mapping[str, object], teksten: Mapping[str, str]) -> Rendered:
    """The message of this kind, by the template that its context names or else the one of that name.

    ``teksten`` are the erasable texts that the context names by id.
    """
    values = {name: _resolved(value, teksten) for name, value in context.items()}
    parts = _parts(bronnen, str(context.get("sjabloon", soort)), values)
    agenda = values.get("agenda")
    return Rendered(" ".join(parts["onderwerp.txt"].split()), parts["html"], parts["txt"], agenda if isinstance(agenda, Mapping) else None)


def render_parts(bronnen: str, soort: str, context: Mapping[str, object], teksten: Mapping[str, str]) -> dict[str, str]:
    """What the templates of a message give, untouched: ``onderwerp.txt``, ``html`` and ``txt``; for who checks them."""
    return _parts(bronnen, str(context.get("sjabloon", soort)), {name: _resolved(value, teksten) for name, value in context.items()})


def _parts(bronnen: str, sjabloon: str, values: Mapping[str, object]) -> dict[str, str]:
    return {vorm: _environment(bronnen, escapes=vorm == "html").get_template(f"{sjabloon}.{vorm}.j2").render(values) for vorm in FORMS}


def render_deel(bronnen: str, soort: str, context: Mapping[str, object], teksten: Mapping[str, str]) -> Deel:
    """The message of this kind as a part of a mail."""
    sjabloon = context.get("sjabloon", soort)
    values = {name: _resolved(value, teksten) for name, value in context.items()}

    def part(vorm: str, alleen: str | None) -> str:
        return _environment(bronnen, vorm == "html", alleen).get_template(f"{sjabloon}.{vorm}.j2").render(values)

    # Safe as it is: what stands in it was escaped when it was rendered.
    html = Markup(part("html", "inhoud"))
    return Deel(
        " ".join(part("onderwerp.txt", None).split()), html, part("txt", "inhoud").strip(), part("txt", "reden_van_bericht").strip()
    )


def render_together(bronnen: str, delen: Sequence[Deel], context: Mapping[str, object]) -> Rendered:
    """One mail with these messages; ``context`` says who sends it and who gets it."""
    redenen = list(dict.fromkeys(deel.reden for deel in delen))
    return render(bronnen, VERZAMELD, {**context, "sjabloon": VERZAMELD, "berichten": list(delen), "redenen": redenen}, {})


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
