"""Whatever is typed: exit 2, one Dutch sentence on the error channel, and nothing is written; never a traceback."""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer._click.core import Command, Context
from typer.core import TyperGroup
from typer.main import get_command

import flows.cli
from tests.flows.commands import SLUG, Kader, Said, kader, released

__all__ = ["kader", "released"]

ENGLISH = re.compile(
    r"\b(usage|error|errors|missing|invalid|no such|traceback|unknown|expected|unexpected|got|did you mean|input|should|value|"
    r"argument|arguments|required|requires|options|command|the|not|is not|must|cannot|exception|line|file|none|show|exit|and|"
    r"true|false|failed|unable|permission|denied|refused|please)\b",
    re.IGNORECASE,
)
OP = "--op 2027-04-02"
LONG = "x" * 300


def counted(folder: Path) -> dict[str, int]:
    """How many rows every table has."""
    if not (folder / "kader.db").exists():
        return {}
    with sqlite3.connect(folder / "kader.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def english_in(said: str) -> list[str]:
    """English words outside of what was typed or quoted."""
    return ENGLISH.findall(re.sub(r"'[^']*'|--[\w-]+|/\S+|\w+://\S*", "", said))


def assert_refused(said: Said, wat: str) -> None:
    assert (said.code, said.out) == (2, ""), f"{wat}: {said}"
    assert said.err.endswith((".\n", "?\n")) and said.err.count("\n") == 1, f"{wat}: {said.err}"
    assert not english_in(said.err), f"{wat}: {said.err}"


def commands(group: TyperGroup, path: str = "") -> Iterator[tuple[str, Command]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def the_app() -> TyperGroup:
    app = get_command(flows.cli.app)
    assert isinstance(app, TyperGroup)
    return app


ALL = dict(commands(the_app()))
MISTYPED = {
    "toon --jsno": "De optie --jsno bestaat niet (bedoelde u --json of --op?); zie 'kader toon --help'.",
    "bericht lijs": "De opdracht 'lijs' bestaat niet (bedoelde u lijst?); zie 'kader bericht --help'.",
    "xyzzy": "De opdracht 'xyzzy' bestaat niet; zie 'kader --help'.",
    "toon a b": "Er staat te veel op de regel: b; zie 'kader toon --help'.",
    "toon --op": "De optie --op mist een waarde; zie 'kader --help'.",
    "toon --json=1": "De optie --json krijgt geen waarde; zie 'kader --help'.",
    "toon --op 2026-02-30": "'2026-02-30' is geen datum; schrijf hem als 2027-03-12 (--op); zie 'kader toon --help'.",
    "dagronde --op morgen": "'morgen' is geen datum; schrijf hem als 2027-03-12 (--op); zie 'kader dagronde --help'.",
    f"ronde verzet {SLUG} 2026-02-30 --reden x": (
        "'2026-02-30' is geen datum; schrijf hem als 2027-03-12 (DATUM); zie 'kader ronde verzet --help'."
    ),
    f"herroep {SLUG} 0 --reden x": "'0' is geen regel van een journaal; dat is een getal vanaf 1 (REGEL); zie 'kader herroep --help'.",
}
REFUSED = [
    f"open 'Voortgangsnota 2028' --route voortgangsnota --titel Nota {OP}",
    f"open {'x' * 61} --route voortgangsnota --titel Nota {OP}",
    f"open ../x --route voortgangsnota --titel Nota {OP}",
    f"open nieuw --route bestaat-niet --titel Nota {OP}",
    f"open nieuw --route voortgangsnota --titel '' {OP}",
    f"open nieuw --route voortgangsnota --titel '   ' {OP}",
    f"open nieuw --route voortgangsnota --titel {LONG} {OP}",
    f"open nieuw --route voortgangsnota --titel 'Nota\x1b[31m' {OP}",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --datum 2027-04-03",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --datum 0001-01-01",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --datum morgen",
    f"open {SLUG} --route voortgangsnota --titel Nota {OP}",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --als 'Jan Jansen'",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --als {LONG}",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --als ''",
    f"open nieuw --route voortgangsnota --titel Nota {OP} --opdracht 12",
    f"besluit bestaat-niet --van av --uitkomst akkoord {OP}",
    f"besluit {SLUG} --van bestaat-niet --uitkomst akkoord {OP}",
    f"besluit {SLUG} --van av --uitkomst misschien {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --bron krant {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --stap bestaat-niet {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --afwijking Spoed {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --toegestaan-door voorzitter {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --afwijking Spoed --toegestaan-door bestaat-niet {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --afwijking '' --toegestaan-door voorzitter {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --verwacht -1 {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --verwacht x {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --verwacht 99999999999999999999 {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord {OP} --datum 2027-04-03",
    f"besluit {SLUG} --van av --uitkomst akkoord {OP} --datum 2020-01-01",
    f"inbreng bestaat-niet --van almere {OP}",
    f"inbreng {SLUG} --van bestaat-niet {OP}",
    f"inbreng {SLUG} --van almere --soort brief {OP}",
    f"inbreng {SLUG} --van diemen --tekst '' {OP}",
    f"inbreng {SLUG} --van diemen --tekst {'x' * 20_001} {OP}",
    f"inbreng {SLUG} --van diemen --tekst 'a\x07' {OP}",
    f"inbreng {SLUG} --van diemen --tekst 'a\x9b31m' {OP}",
    f"inbreng {SLUG} --van diemen --tekst 'a\u202eb' {OP}",
    f"inbreng {SLUG} --van diemen --indiener {LONG} {OP}",
    f"inbreng {SLUG} --van diemen {OP} --datum 2020-01-01",
    f"inbreng {SLUG} --van diemen --soort advies {OP}",
    f"inbreng {SLUG} --van diemen --stuk bestaat-niet --versie concept {OP}",
    f"inbreng {SLUG} --van diemen --versie concept {OP}",
    f"inbreng {SLUG} --van diemen --bundelt 3 {OP}",
    f"inbreng {SLUG} --van ijmond --tekst Samen {OP}",
    f"inbreng {SLUG} --van ijmond --tekst Samen --bundelt 99 {OP}",
    f"open nieuw --route voortgangsnota --titel Nota --trekker bestaat-niet {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --advies raadtafel {OP}",
    f"besluit {SLUG} --van av --uitkomst akkoord --standpunt 'almere:inhoudelijk:nota@prima::tekst' {OP}",
    f"advies {SLUG} --van bestaat-niet --over proces --tekst Ja {OP}",
    f"advies {SLUG} --van raadtafel --over iets --tekst Ja {OP}",
    f"advies {SLUG} --van raadtafel --over proces {OP}",
    f"advies {SLUG} --van raadtafel --tekst Ja {OP}",
    f"advies {SLUG} --van raadtafel --over proces --tekst Ja {OP} --datum 2020-01-01",
    f"advies bestaat-niet --van raadtafel --over proces --tekst Ja {OP}",
    f"stuk leg-vast {SLUG} Nota --versie concept --status intern {OP}",
    f"stuk leg-vast {SLUG} nota --versie half --status intern {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status geheim {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status openbaar --link javascript:alert {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status openbaar --link https://jan:geheim@kaderroute.example/x {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status openbaar --bestand /bestaat/niet {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status onder-embargo {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status openbaar --openbaar-vanaf 2027-05-01 {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status intern --onderdeel a --onderdeel a {OP}",
    f"stuk leg-vast {SLUG} nota --versie concept --status intern --wijzigt a {OP}",
    f"stuk toon bestaat-niet {OP}".replace(f" {OP}", ""),
    f"stuk vraag {SLUG} nota --van bestaat-niet --uiterlijk 2027-05-01 {OP}",
    f"stuk vraag {SLUG} nota --van almere --uiterlijk 2027-04-01 {OP}",
    f"stuk vraag {SLUG} nota --van almere --uiterlijk 2027-05-01 --eigenaar bestaat-niet {OP}",
    f"stuk antwoord {SLUG} 99 --staat verstrekt {OP}",
    f"stuk antwoord {SLUG} 1 --staat misschien {OP}",
    f"ronde uitstel {SLUG} 2027-04-05 --voor almere --reden x {OP}",
    f"ronde uitstel {SLUG} 2027-06-14 --voor bestaat-niet --reden x {OP}",
    f"ronde uitstel {SLUG} 2027-06-14 --voor almere --reden '' {OP}",
    f"ronde vraag-opnieuw {SLUG} 2027-04-01 --voor almere --reden x {OP}",
    f"ronde verzet {SLUG} 2027-06-14 --reden x --spoed bestaat-niet {OP}",
    f"herroep {SLUG} -- -3 --reden x",
    f"herroep {SLUG} -3 --reden x",
    f"herroep {SLUG} een --reden x",
    f"herroep {SLUG} 99999999999999999999 --reden x {OP}",
    f"herroep {SLUG} 2 --reden x {OP}",
    f"herroep bestaat-niet 2 --reden x {OP}",
    f"ronde verzet {SLUG} 2027-06-14 --reden '' {OP}",
    f"ronde verzet {SLUG} 2020-01-01 --reden x {OP}",
    f"ronde verzet {SLUG} 2027-06-13 --reden x {OP}",
    f"ronde verzet {SLUG} 9999-12-31 --reden x {OP}",
    f"ronde verzet bestaat-niet 2027-06-14 --reden x {OP}",
    "ronde toon bestaat-niet",
    "toon bestaat-niet",
    "toon bestaat-niet --openbaar",
    "journaal",
    "journaal bestaat-niet",
    f"wis {SLUG} bestaat-niet --grond x {OP}",
    f"wis bestaat-niet x --grond x {OP}",
    "bericht lijst --status zoek",
    "bericht toon --dossier bestaat-niet",
    "bericht toon --als pdf",
    "bericht vrijgeef --ja --als ''",
    "route toon bestaat-niet",
    "route toon voortgangsnota --als plaatje",
    "route toon --als mermaid",
    "route toon --als json",
    "route toon voortgangsnota --als mermaid --json",
    f"stelsel neem-over --reden '' {OP}",
    f"stelsel neem-over --reden {'x' * 20_001} {OP}",
    "stelsel neem-over --reden x --stelsel /bestaat/niet",
    "route toon --stelsel /bestaat/niet",
    "demo --stelsel /bestaat/niet",
    "toon --database geen-adres",
    "toon --database mysql://x",
    "toon --database postgresql+bestaatniet://x",
    "start --database geen-adres",
    "herbouw --database geen-adres",
    "dagronde --database mysql://x",
]


def test_a_mistyped_line_is_answered_with_what_is_wrong_and_where_the_help_is(kader: Kader, tmp_path: Path) -> None:
    for line, sentence in MISTYPED.items():
        said = kader(line)

        assert_refused(said, line)
        assert said.err == f"{sentence}\n"
    assert counted(tmp_path) == {}


@pytest.mark.parametrize("path", ALL)
def test_every_command_refuses_what_it_does_not_know(kader: Kader, tmp_path: Path, path: str) -> None:
    required = [param for param in ALL[path].params if param.required]

    lines = [f"{path} --bestaat-niet", f"{path} --help2", f"{path} -x", f"{path} een twee drie vier", *([path] if required else [])]
    for line in lines:
        assert_refused(kader(line), line)

    for param in required:
        others = [word for other in required if other is not param for word in (f"{other.opts[0]}=x" if "-" in other.opts[0] else "1",)]
        if "-" in param.opts[0]:
            said = kader(" ".join([path, *others]))
            assert said.code == 2 and said.out == "" and not english_in(said.err)
    assert counted(tmp_path) == {}


@pytest.mark.parametrize("group", ["", "bericht", "ronde", "route", "stelsel"])
def test_without_a_command_the_help_is_shown_and_the_sentence_says_so(kader: Kader, group: str) -> None:
    said = kader(group)

    path = f"kader {group}".strip()
    assert (said.code, said.err) == (2, f"Er ontbreekt een opdracht; zie '{path} --help'.\n")
    assert "Opdrachten" in said.out and "Voorbeeld: kader " in said.out


def test_what_is_refused_says_why_in_one_sentence_and_writes_nothing(released: Kader, tmp_path: Path) -> None:
    before = counted(tmp_path)

    for line in REFUSED:
        words = shlex.split(line)
        assert_refused(released(words[0], *words[1:]), line[:120])

    assert before["journaal"] == 4 and counted(tmp_path) == before


def test_without_a_role_nothing_is_written(released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KADER_ALS")
    before = counted(tmp_path)

    for line in (f"inbreng {SLUG} --van diemen", f"herroep {SLUG} 3 --reden x", "bericht vrijgeef --ja", "stelsel neem-over --reden x"):
        said = released(line)
        assert_refused(said, line)
        assert "--als" in said.err

    assert counted(tmp_path) == before


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("KADER_MODUS", "live", "toon"),
        ("KADER_MODUS", "", "toon"),
        ("KADER_ALS", "Jan Jansen", "stelsel neem-over --reden x"),
        ("KADER_DATABASE", "geen-adres", "toon"),
        ("KADER_STELSEL", "/bestaat/niet", "stelsel neem-over --reden x"),
        ("KADER_SMTP", "geen-adres", "bericht bezorg"),
        ("KADER_SMTP", "192.0.2.1:25", "bericht bezorg"),
        ("KADER_SMTP", "mail.example:25", "bericht bezorg"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    before = counted(tmp_path)
    monkeypatch.setenv(name, value)

    said = released(line)

    assert_refused(said, f"{name}={value}")
    assert counted(tmp_path) == before


def test_a_stelsel_that_does_not_exist_is_a_problem_with_exit_two(kader: Kader) -> None:
    told, data = kader("controleer --stelsel /bestaat/niet"), kader("controleer --json --stelsel /bestaat/niet")

    assert (told.code, data.code, told.err, data.err) == (2, 2, "", "")
    assert [problem["zin"] for problem in data.data["problemen"]] == ["De map 'niet' met het stelsel bestaat niet."]


@pytest.mark.parametrize("line", ["toon", f"toon {SLUG}", "journaal --controleer", "bericht lijst"])
def test_before_anything_is_accepted_reading_says_how_to_begin(kader: Kader, tmp_path: Path, line: str) -> None:
    said = kader(line)

    assert_refused(said, line)
    assert "begin met 'kader stelsel neem-over'" in said.err and not (tmp_path / "kader.db").exists()


def test_a_database_that_cannot_be_made_or_reached_is_named(kader: Kader, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("geen map")
    below_a_file = f"sqlite:///{tmp_path / 'bestand' / 'kader.db'}"
    is_a_folder, nobody = f"sqlite:///{tmp_path}", "postgresql+psycopg://kader@127.0.0.1:1/kader"

    made = kader("stelsel neem-over --reden x --database", below_a_file)
    for address in (is_a_folder, nobody):
        said = kader("stelsel neem-over --reden x --database", address)

        assert (said.code, said.out) == (2, "")
        assert said.err.startswith("De database ") and said.err.count("\n") == 1
    for refused in (made, kader("stelsel neem-over --reden x --database", "sqlite:////proc/kader/kader.db")):
        assert_refused(refused, "map")
        assert refused.err.startswith("De map van de database") and "kies een andere plaats" in refused.err


@pytest.mark.parametrize("line", ["toon \udcff", "open \udcff --route voortgangsnota --titel x", "bericht lijst --dossier a\udce9"])
def test_bytes_that_are_no_text_are_refused(kader: Kader, line: str) -> None:
    assert_refused(kader(line), "bytes")


def test_what_was_typed_is_shown_without_its_control_characters_and_not_without_end(released: Kader) -> None:
    coloured, endless = released("toon", "a\x1b[31m\u202ex"), released("toon", "x" * 100_000)

    assert coloured.code == endless.code == 2 and "a?[31m?x" in coloured.err
    assert len(endless.err) < 2100


@pytest.mark.parametrize("path", ["", "bericht", "ronde", "route", "stelsel", *ALL])
def test_every_help_page_is_dutch_and_gives_an_example(kader: Kader, path: str) -> None:
    said = kader(f"{path} --help")

    assert (said.code, said.err) == (0, "")
    assert f"Gebruik: {f'kader {path}'.strip()} " in said.out and "Toon deze uitleg." in said.out
    assert f"Voorbeeld: kader {path}".strip() in " ".join(said.out.split())
    assert not english_in(re.sub(r"<str>|\[OPTIES\]", "", said.out))


def test_every_example_of_the_help_is_a_line_that_the_command_understands(kader: Kader) -> None:
    for path, command in ALL.items():
        for example in re.findall(r"Voorbeeld: kader (.+)", command.epilog or ""):
            words = shlex.split(example.removeprefix(path).strip())
            context: Any = Context(command, info_name=path)
            command.parse_args(context, words)
            assert all(context.params[param.name] is not None for param in command.params if param.required), example


def test_who_sits_for_a_deelnemer_that_exists_no_more_is_refused_with_its_successor(kader: Kader) -> None:
    done = kader("zetels wijdemeren --op 2027-01-01")

    assert (done.code, done.err.strip()) == (2, "Wijdemeren doet op vrijdag 1 januari 2027 niet mee; Hilversum nam de plaats over.")
