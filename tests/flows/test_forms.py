"""The forms as Prefect draws them, and what a run does with what cannot be read."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prefect.utilities.callables import parameter_schema
from ruamel.yaml import YAML

from flows import forms, velden
from flows.gezegd import clean, role_slug
from flows.opmaak import as_text, legible
from flows.running import actor_of_run
from statemachines.errors import Unusable
from tests.flows.test_cli_bad_input import english_in

ROOT = Path(__file__).parents[2]


def the_schemas() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every form and part of a form that a deployment shows: the deployment, the model, its schema."""
    for deployment in YAML(typ="safe", pure=True).load(ROOT / "prefect.yaml")["deployments"]:
        file, _, function = deployment["entrypoint"].partition(":")
        flow = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), function)
        for model, schema in parameter_schema(flow.fn).definitions.items():
            yield deployment["name"], model, schema


def test_every_field_of_every_form_has_a_dutch_title_and_says_what_belongs_in_it() -> None:
    seen = list(the_schemas())

    assert {"Besluiten", "Minderheid", "AdviesGedaan", "Verzetten", "Opvragen", "VerzoekAntwoord", "Ronde"} <= {m for _, m, _ in seen}
    for deployment, model, schema in seen:
        about = getattr(forms, model).__doc__
        assert schema["description"] not in ("", about) and not english_in(schema["description"]), (deployment, model)
        for name, field in schema["properties"].items():
            assert field.get("title") and field.get("description"), (deployment, model, name)
            assert not english_in(f"{field['title']} {field['description']}"), (deployment, model, name)


def test_every_form_says_above_its_fields_what_it_is_for() -> None:
    said = [
        schema["description"]
        for deployment, model, schema in the_schemas()
        if model not in ("Minderheid", "Vervallen", "AdviesGedaan", "Ronde")
    ]

    assert len(set(said)) == len(said)


@pytest.mark.parametrize("name", ["Jan Jansen van de Griffie", "jan jansen", "", "-", "a--b", "x" * 61])
def test_a_name_of_a_person_is_no_role(name: str) -> None:
    with pytest.raises(Unusable, match="kan geen naam van een rol zijn"):
        role_slug(name)
    with pytest.raises(Unusable, match="kan geen naam van een rol zijn"):
        actor_of_run(name, date(2026, 12, 1))


@pytest.mark.parametrize("day", ["2026-02-30", "morgen"])
def test_a_day_that_cannot_be_read_is_kept_to_be_refused_in_dutch(day: str) -> None:
    form = forms.Verzetten.model_validate({"als": "aob", "dossier": "x", "naar": day, "op": day, "reden": "x"})

    assert form.onleesbaar is not None and form.onleesbaar.count(f"'{day}' geen datum; schrijf hem als 2027-03-12.") == 2
    assert "Bij 'Nieuwe datum' is" in form.onleesbaar
    assert forms.Ronde.model_validate({"op": day}).onleesbaar and forms.Ronde().onleesbaar is None


def test_a_form_that_is_wrong_in_another_way_is_still_an_error() -> None:
    with pytest.raises(ValueError, match="reden"):
        forms.Verzetten.model_validate({"als": "aob", "dossier": "x", "naar": "morgen"})
    assert velden.Formulier.model_validate({"als": " AOB "}).als == "aob"


@pytest.mark.parametrize("char", ["\x07", "\x7f", "\x85", "\x9b", "\u202e", "\u2066"])
def test_what_is_not_seen_but_turns_a_text_around_is_refused_and_never_shown(char: str) -> None:
    with pytest.raises(Unusable, match="In de tekst staan onzichtbare stuurtekens"):
        clean(f"a{char}b", "tekst")

    assert clean("een\n\ttwee \u200d", "tekst") == "een\n\ttwee \u200d"
    assert (as_text(f"a{char}b"), legible(f"a{char}b")) == ("ab", "a?b")


def test_a_sentence_about_a_text_has_the_right_article() -> None:
    for wat, begin in (("antwoord", "Het antwoord"), ("tekst van punt 1", "De tekst van punt 1"), ("reden", "De reden")):
        with pytest.raises(Unusable, match=f"^{begin} is 11 tekens lang; het mogen er 10 zijn.$"):
            clean("x" * 11, wat, longest=10)


def test_a_message_is_never_endless() -> None:
    assert legible("kort") == "kort" and len(legible("x" * 100_000)) == 2001


@pytest.mark.parametrize(
    "given",
    [
        {"namens": "raad"},
        {"vorm": "brief"},
        {"vastgesteld_op": "2026-12-01"},
        {"vervallen": [{"van": "zandvoort", "regime": "inhoudelijk"}]},
    ],
)
def test_whatever_a_correction_replaces_does_not_go_with_revoking(given: dict[str, Any]) -> None:
    form = {"als": "aob", "dossier": "x", "regel": 2, "reden": "x"}

    assert forms.Corrigeren.model_validate(form | given).replaces and not forms.Corrigeren.model_validate(form).replaces
