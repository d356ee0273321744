"""What ``--json`` gives is what docs/schema says, for every command that is documented."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from flows.schemas import DOCUMENTED, FOLDER, schema_of
from tests.flows.commands import SLUG, Kader, kader, released

__all__ = ["kader", "released"]

OP = "--op 2027-04-02"
SAID = {
    "dossier": f"toon {SLUG} --json",
    "openbaar": f"toon {SLUG} --openbaar {OP} --json",
    "nota": f"nota {SLUG} --json",
    "plan": f"plan {SLUG} {OP} --json",
    "verschil": f"plan {SLUG} --verschil {OP} --json",
    "wat-als": f"wat-als --gremium bestuur --van 2027-06-04 --vervalt {OP} --json",
    "gevoeligheid": f"wat-als --gevoeligheid {OP} --json",
    "jaarplanning": f"jaarplanning 2027 {OP} --json",
    "ronde": f"ronde toon {SLUG} {OP} --json",
    "route": f"route toon voortgangsnota --json {OP}",
    "berichten": f"bericht lijst --dossier {SLUG} --json",
    "waarom": f"bericht waarom --dossier {SLUG} --raad almere {OP} --json",
    "agenda": f"agenda bestuur 2027-06-04 {OP} --json",
}


def told(released: Kader) -> Kader:
    """A dossier with stukken, a request for papers, advice, a minority position, uitstel and a kept plan besides."""
    for line, more in (
        (f"stuk leg-vast {SLUG} nota --versie concept --status openbaar {OP} --onderdeel deel", ["--titel", "De nota"]),
        (f"stuk vraag {SLUG} kaarten --van almere --uiterlijk 2027-04-20 {OP}", []),
        (f"ronde uitstel {SLUG} 2027-06-01 --voor diemen {OP}", ["--reden", "De raad is later"]),
        (f"plan {SLUG} --vast {OP} --kort", ["--reden", "Zo afgesproken"]),
        (f"advies {SLUG} --van raadtafel --over proces {OP}", ["--tekst", "Geef raden tijd"]),
        (f"inbreng {SLUG} --van diemen --namens college {OP}", ["--tekst", "Meer bussen"]),
    ):
        said = released(line, *more)
        assert said.code == 0, said.err
    return released


def test_json_is_what_the_documented_schema_says(released: Kader) -> None:
    run = told(released)

    assert SAID.keys() == DOCUMENTED.keys()
    for name, line in SAID.items():
        schema = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        assert schema == schema_of(name), f"renew with make schema: {name}"
        said = run(line)
        assert said.code == 0, said.err
        Draft202012Validator(schema).validate(said.data)
        assert said.data, name


@pytest.mark.parametrize("name", ["dossier", "nota", "ronde"])
def test_a_documented_schema_refuses_what_lacks_a_field(released: Kader, name: str) -> None:
    data = released(SAID[name]).data
    first = data[0] if isinstance(data, list) else data
    first.pop(next(iter(first)))

    assert list(Draft202012Validator(schema_of(name)).iter_errors(data))
