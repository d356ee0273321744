"""What a model refuses, as Dutch sentences that say what would be possible."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from config.sources import Source, Where

M = TypeVar("M", bound=BaseModel)

_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED = {
    "string_type": "tekst",
    "int_type": "een heel getal",
    "bool_type": "true of false",
    "tuple_type": "een lijst",
    "dict_type": "een blok met sleutels",
    "mapping_type": "een blok met sleutels",
    "model_type": "een blok met sleutels",
    "model_attributes_type": "een blok met sleutels",
}


def parse(source: Source, where: Where, model: type[M]) -> M | None:
    """The value at ``where`` as a model, or None with every problem noted in the source.

    Strict: a number is no text and a date is written as 2027-03-12.
    """
    try:
        return model.model_validate_json(json.dumps(source.at(where)), strict=True)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = tuple(step for step in detail["loc"] if step != "[key]")
            source.refuse((*where, *loc), sentence(detail, model))
        return None


def sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """One refusal in Dutch: which key, what stands there, what is possible."""
    loc = tuple(step for step in detail["loc"] if step != "[key]")
    key = next((step for step in reversed(loc) if isinstance(step, str)), "")
    kind, value, ctx = detail["type"], _shown(detail["input"]), detail.get("ctx", {})
    wat = f"'{key}'" if key else "Dit"
    if kind == "missing":
        return "Hier ontbreekt 'bron': schrijf waar dit feit vandaan komt." if key == "bron" else f"Hier ontbreekt '{key}'."
    if kind == "extra_forbidden":
        return f"De sleutel {_shown(key)} kent niemand hier; wel: {', '.join(_keys(model, loc[:-1]))}."
    if kind == "enum":
        known = ", ".join(_QUOTED.findall(str(ctx.get("expected", ""))))
        return f"{value} bestaat niet als {_noun(loc, key)}; wel: {known}."
    if kind.startswith("date"):
        return f"{wat} is geen datum zoals 2027-03-12, maar {value}."
    if kind == "string_pattern_mismatch":
        return f"{wat} mag alleen kleine letters, cijfers en koppeltekens hebben, niet {value}."
    if kind == "string_too_short":
        return f"{wat} mag niet leeg zijn."
    if kind == "string_too_long":
        return f"{wat} mag hoogstens {ctx.get('max_length')} tekens lang zijn."
    if kind == "too_short":
        return f"{wat} moet er minstens {ctx.get('min_length')} hebben."
    if kind in ("greater_than_equal", "less_than_equal"):
        grens = f"minstens {ctx.get('ge')}" if kind == "greater_than_equal" else f"hoogstens {ctx.get('le')}"
        return f"{wat} moet {grens} zijn, niet {value}."
    if kind in _EXPECTED:
        return f"{wat} moet {_EXPECTED[kind]} zijn, niet {value}."
    return f"{wat} heeft geen waarde die kan: {value}."


def _noun(loc: Where, key: str) -> str:
    """A wrong key of a mapping is named after the mapping: an uitkomst stands under ``uitkomsten``."""
    return {"uitkomsten": "uitkomst", "organen": "kring"}.get(str(loc[-2]) if len(loc) > 1 else "", key)


def _shown(value: object) -> str:
    if value is None:
        return "niets"
    if isinstance(value, Mapping):
        return "een blok met sleutels"
    if isinstance(value, (list, tuple)):
        return "een lijst"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text if len(text) <= 40 else text[:39] + '…'}'"


def _keys(model: type[BaseModel], loc: Where) -> list[str]:
    """The keys that the model at ``loc`` has."""
    found: type[BaseModel] = model
    for step in loc:
        if isinstance(step, str) and step in found.model_fields:
            found = next(_models(found.model_fields[step].annotation), found)
    return list(found.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType) or get_args(annotation):
        for part in get_args(annotation):
            yield from _models(part)
