"""However the files are damaged, they load or are refused in sentences."""

from __future__ import annotations

import io
import random
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config import MRA
from config.loading import Report, check, load_adressen, load_stelsel
from statemachines.errors import FactsRefused
from statemachines.planning.raadsweg import raadswegen
from statemachines.stelsel import Stelsel

OP = date(2026, 11, 23)
FILES = sorted(str(path.relative_to(MRA)) for path in MRA.rglob("*.yaml"))
TEXTS = {name: (MRA / name).read_text(encoding="utf-8") for name in FILES}
TREES = {name: YAML(typ="safe", pure=True).load(text) for name, text in TEXTS.items()}
SCRAPS = [
    "&a",
    "*a",
    "!!int x",
    "? [",
    "{",
    "}",
    "- ",
    ":",
    "\t",
    "%YAML 1.1\n---\n",
    "<<: 1",
    "'",
    '"\\ud800"',
    "\x00",
    "…",
    "\n---\n",
    "|\n",
    "~",
]
VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    10**30,
    1.5,
    float("nan"),
    "",
    "x" * 5000,
    "{0}",
    "{naam.x}",
    "mra",
    [],
    [[]],
    {},
    {"": None},
    date.min,
    date.max,
]
ONE_FOR_ALL = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _survives(name: str, content: str) -> None:
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(shutil.copytree(MRA, Path(parent) / MRA.name))
        (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        report = check(folder, OP)
        assert all(problem.zin and problem.regel >= 1 for problem in report.problems)
        if report.stelsel is None:
            with pytest.raises(FactsRefused):
                load_stelsel(folder)
        else:
            _used(report.stelsel)
        try:
            load_adressen(folder)
        except FactsRefused as refused:
            assert refused.problems


def _used(stelsel: Stelsel) -> None:
    """Facts that were accepted can also be used."""
    assert Stelsel.model_validate_json(stelsel.canonical).digest == stelsel.digest
    for gremium in stelsel.gremia:
        stelsel.vergaderingen(gremium.slug)
    for route in stelsel.routes:
        stelsel.main_line(route.slug)
    assert stelsel.naam_van("raad-almere")
    facts = (stelsel.deelnemers, stelsel.ritmes, stelsel.raadskalenders, stelsel.verkiezingen, stelsel.werkkalender)
    assert len(raadswegen(*facts, OP)) == len(stelsel.deelnemers)


@ONE_FOR_ALL
@given(name=st.sampled_from(FILES), seed=st.integers(0, 10**9))
def test_text_cut_off_mixed_up_or_strewn_with_scraps_never_ends_in_a_traceback(name: str, seed: int) -> None:
    rng, text = random.Random(seed), TEXTS[name]
    at, to = sorted((rng.randrange(len(text)), rng.randrange(len(text))))
    lines = text.splitlines(keepends=True)

    edits: list[Callable[[], str]] = [
        lambda: text[:at],
        lambda: text[:at] + text[to:],
        lambda: text[:at] + rng.choice(SCRAPS) + text[at:],
        lambda: "".join(rng.sample(lines, len(lines))),
        lambda: "".join(line for line in lines if rng.random() > 0.02),
        lambda: text + rng.choice(lines),
    ]

    _survives(name, rng.choice(edits)())


@ONE_FOR_ALL
@given(name=st.sampled_from(FILES), seed=st.integers(0, 10**9))
def test_values_taken_away_swapped_or_replaced_never_end_in_a_traceback(name: str, seed: int) -> None:
    rng, tree = random.Random(seed), TREES[name]
    spots = list(_spots(tree, ()))

    damaged: Any = tree
    for _ in range(rng.randint(1, 3)):
        spot, other = rng.choice(spots), rng.choice(spots)
        damaged = _edit(damaged, spot, rng.choice(["drop", "swap", "set"]), rng.choice([*VALUES, _at(tree, other)]))

    out = io.StringIO()
    YAML(typ="safe", pure=True).dump(damaged, out)
    _survives(name, out.getvalue())


def _spots(tree: Any, where: tuple[Any, ...]) -> Any:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield (*where, key)
        yield from _spots(value, (*where, key))


def _at(tree: Any, where: tuple[Any, ...]) -> Any:
    for key in where:
        tree = tree[key]
    return tree


def _edit(tree: Any, where: tuple[Any, ...], how: str, value: Any) -> Any:
    """The tree with one spot dropped, set, or its key given another name."""
    if not where:
        return value
    head, *rest = where
    if isinstance(tree, dict) and head in tree:
        if rest:
            return {key: _edit(item, tuple(rest), how, value) if key == head else item for key, item in tree.items()}
        if how == "drop":
            return {key: item for key, item in tree.items() if key != head}
        if how == "swap":
            return {str(value)[:20] if key == head else key: item for key, item in tree.items()}
        return {**tree, head: value}
    if isinstance(tree, list) and isinstance(head, int) and head < len(tree):
        if rest:
            return [_edit(item, tuple(rest), how, value) if i == head else item for i, item in enumerate(tree)]
        return tree[:head] + tree[head + 1 :] if how == "drop" else [*tree[:head], value, *tree[head + 1 :]]
    return tree


def test_damage_is_seen_at_all(spoiled: Callable[..., Report]) -> None:
    report = spoiled("gremia.yaml", "gremia:", "gremia: {")

    assert report.stelsel is None
