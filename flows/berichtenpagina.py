"""One page with every kind of bericht: who hears it, when and how, with a real example, for the people who decide on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from notifications.render import render, template_set
from notifications.voorbeelden import voorbeeld
from statemachines.berichten import known_kinds
from statemachines.errors import Refused
from statemachines.stelsel import Stelsel

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined)


def page_of_all(stelsel: Stelsel) -> str:
    """The page as HTML. Each example stands in a frame of its own in which nothing can run and from which nothing can leave."""
    return _TEMPLATES.get_template("berichten.html.j2").render(naam=stelsel.kop.naam, soorten=list(_kinds(stelsel)))


def _kinds(stelsel: Stelsel) -> Iterator[dict[str, Any]]:
    bronnen = template_set(stelsel.sjablonen).bronnen
    for soort in known_kinds(stelsel):
        found: dict[str, Any] = {"soort": soort, "gelezen": None, "aan": None, "waarom_niet": None}
        try:
            bericht, teksten = voorbeeld(stelsel, soort.slug)
            found |= {"gelezen": render(bronnen, soort.slug, bericht.context, teksten), "aan": bericht.context["ontvanger_naam"]}
        except Refused as refusal:
            found["waarom_niet"] = str(refusal)
        yield found
