"""Tests about the house itself: that what is named exists, and that what exists is named."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from typer._click.core import Command
from typer.core import TyperGroup
from typer.main import get_command

import flows.cli
from config import MRA
from config.loading import load_stelsel
from dossiers import migrations
from dossiers.database import connect, schema_of, writing
from dossiers.tables import SCHEMA, metadata
from flows import forms
from notifications.render import FOLDER, VERZAMELD, template_set, templates_in
from statemachines.journal import VERSIE, Kind, read_payload

ROOT = Path(__file__).parents[1]
LONGEST = 400
REFUSES_OTHERS = ("tests/notifications/test_deliver.py", "tests/notifications/test_echt.py", "requirements.lock")
"""Proves that post to an address outside .example is refused, and so must name one."""


@cache
def the_files() -> tuple[Path, ...]:
    """Every file of the repository, also one that is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def all_commands(group: TyperGroup, path: str = "") -> Iterator[tuple[str, Command]]:
    for name, command in group.commands.items():
        yield f"{path}{name}", command
        if isinstance(command, TyperGroup):
            yield from all_commands(command, f"{path}{name} ")


def the_app() -> TyperGroup:
    app = get_command(flows.cli.app)
    assert isinstance(app, TyperGroup)
    return app


def test_every_command_has_help_and_an_example_of_itself() -> None:
    known = dict(all_commands(the_app()))

    silent = [path for path, command in known.items() if not (command.help or "").rstrip().endswith(".")]
    without_example = [path for path, command in known.items() if f"Voorbeeld: kader {path}" not in (command.epilog or "")]

    assert len(known) > 20
    assert (silent, without_example) == ([], [])


def test_every_option_says_what_it_is_for() -> None:
    silent = [
        f"{path} {param.opts[0]}"
        for path, command in all_commands(the_app())
        for param in command.params
        if not str(getattr(param, "help", None) or "").endswith(".") and not str(getattr(param, "help", "")).endswith("...")
    ]

    assert silent == []


def test_every_command_stands_in_a_guide() -> None:
    told = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])

    missing = [
        path
        for path, command in all_commands(the_app())
        if not isinstance(command, TyperGroup) and not re.search(rf"\b(kader|make) {path}\b", told)
    ]

    assert missing == []


def the_deployments() -> list[tuple[str, str]]:
    file = YAML(typ="safe", pure=True).load(ROOT / "prefect.yaml")
    return [(deployment["name"], deployment["entrypoint"]) for deployment in file["deployments"]]


@pytest.mark.parametrize(("name", "entrypoint"), the_deployments())
def test_every_deployment_starts_a_flow_that_takes_a_form_or_nothing(name: str, entrypoint: str) -> None:
    file, _, function = entrypoint.partition(":")

    module = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = next(node for node in module.body if isinstance(node, ast.AsyncFunctionDef) and node.name == function)

    (decorator,) = found.decorator_list
    assert isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "flow"
    assert {k.arg: ast.unparse(k.value) for k in decorator.keywords}["name"] == repr(name.lower().replace(" ", "-"))
    for parameter in found.args.args:
        form = getattr(forms, ast.unparse(parameter.annotation)) if parameter.annotation else None
        assert parameter.arg == "formulier" and isinstance(form, type) and issubclass(form, BaseModel)


def test_every_kind_of_message_has_its_three_templates_and_every_template_is_used() -> None:
    told = {soort.sjabloon for soort in load_stelsel(MRA).berichten}
    files = {path.name for path in FOLDER.glob("*.j2")}
    sources = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.j2")}

    assert set(templates_in(template_set())) == told
    assert {name for name in files if not name.startswith("_")} == {
        f"{soort}.{part}.j2" for soort in {*told, VERZAMELD} for part in ("html", "txt", "onderwerp.txt")
    }
    unused = [name for name in files if name.startswith("_") and not any(f'"{name}"' in source for source in sources.values())]
    assert unused == []


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_entry_has_a_payload(kind: Kind) -> None:
    with pytest.raises(ValidationError):
        read_payload(kind, VERSIE, "{}")


def test_migrations_are_contiguous_and_end_at_the_schema_of_the_program() -> None:
    folder = Path(migrations.__file__).parent
    script = ScriptDirectory(str(folder))

    revisions = [revision.revision for revision in script.walk_revisions()][::-1]
    names = sorted(path.name for path in (folder / "versions").glob("*.py"))

    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert script.get_current_head() == SCHEMA == revisions[-1]
    assert [name[:4] for name in names] == revisions


def test_migrated_tables_are_the_tables_of_the_program(database_url: str) -> None:
    engine = connect(database_url)

    with writing(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        difference = compare_metadata(context, metadata)

    assert schema_of(engine) == SCHEMA
    engine.dispose()
    assert difference == []


def test_every_table_begins_its_key_with_the_stelsel() -> None:
    first = {table.name: next(iter(table.primary_key.columns)).name for table in metadata.sorted_tables}

    assert set(first.values()) == {"stelsel"}, first


def test_no_python_file_is_longer_than_one_can_oversee() -> None:
    long = {
        name_of(path): length
        for path in the_files()
        if path.suffix == ".py" and (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}


def text_of(path: Path) -> str:
    """What stands in a file, of a Word file all its parts."""
    if path.suffix != ".docx":
        return path.read_text(encoding="utf-8")
    with ZipFile(path) as word:
        return "\n".join(word.read(name).decode() for name in word.namelist() if name.endswith((".xml", ".rels")))


def test_every_mail_address_lies_under_example() -> None:
    pattern = re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.([a-z]{2,})\b")

    found = [
        f"{name_of(path)}: {match.group()}"
        for path in the_files()
        if name_of(path) not in REFUSES_OTHERS
        for match in pattern.finditer(text_of(path))
        if match.group(1) != "example"
    ]

    assert found == []


def test_no_flow_module_hides_a_package_for_prefect_starts_flows_with_their_folder_first_on_the_path() -> None:
    installed = {*sys.stdlib_module_names, *packages_distributions()}

    assert {path.stem for path in (ROOT / "flows").glob("*.py")} & installed == set()


def test_no_module_is_called_after_what_it_is_not_about() -> None:
    vague = {"utils", "helpers", "manager", "base", "common", "misc"}

    named = [name_of(path) for path in the_files() if path.suffix == ".py" and vague & set(path.stem.split("_"))]

    assert named == []
