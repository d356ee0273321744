"""Writes a proposed calendar into the YAML of a stelsel; whatever it does not touch, comments too, stays as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.dates import format_date
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter

from config.loading import check
from config.voorstel import Voorstel, facts_of, name_of, proposed, rests
from statemachines.errors import FactsRefused, Unusable
from statemachines.facts import Raadskalender, Vergaderkalender
from statemachines.stelsel import Stelsel

__all__ = ["keep", "proposed"]

INDENT = 2
_YAML = ("*.yaml", "*.yml")


def keep(folder: Path, stelsel: Stelsel, voorstel: Voorstel) -> tuple[str, ...]:
    """Writes the voorstel into the folder of the stelsel and gives the files that changed.

    It is tried on a copy first: raises FactsRefused when the facts would contradict each other, Unusable when the folder
    cannot be written; then nothing is changed.
    """
    folder = folder.resolve()
    changed = dict(_changed(folder, stelsel, voorstel))
    with TemporaryDirectory() as temp:
        trial = Path(shutil.copytree(folder, Path(temp) / folder.name, ignore=_without_facts))
        for name, text in changed.items():
            (trial / name).parent.mkdir(exist_ok=True)
            (trial / name).write_text(text, encoding="utf-8")
        # Seen from the first day of all no calendar ends too soon: how far they reach is not what is asked here.
        problems = check(trial, date.min).problems
    if problems:
        raise FactsRefused(f"Er is niets geschreven, want dan kloppen de feiten niet: {problems[0]}", problems)
    _replace({folder / name: text for name, text in changed.items()})
    return tuple(f"{folder.name}/{name}" for name in changed)


def _without_facts(folder: str, names: list[str]) -> set[str]:
    """What a check does not read."""
    return {name for name in names if (Path(folder) / name).is_file() and not any(Path(name).match(kind) for kind in _YAML)}


def _replace(texts: Mapping[Path, str]) -> None:
    """Replaces every file at once or none: each is written next to its place first."""
    waiting = {path: path.with_name(f".{path.name}.nieuw") for path in texts}
    try:
        for path, beside in waiting.items():
            path.parent.mkdir(exist_ok=True)
            beside.write_text(texts[path], encoding="utf-8", newline="\r\n" if path.exists() and b"\r\n" in path.read_bytes() else "\n")
            if path.exists():
                shutil.copymode(path, beside)
        for path, beside in waiting.items():
            beside.replace(path)
    except OSError as error:
        raise Unusable(f"De map met de feiten is niet te beschrijven ({type(error).__name__}); er is niets veranderd.") from None
    finally:
        for beside in waiting.values():
            beside.unlink(missing_ok=True)


def _changed(folder: Path, stelsel: Stelsel, voorstel: Voorstel) -> Iterator[tuple[str, str]]:
    """The files that change, and what will stand in them."""
    place = folder / ("vergaderkalender" if voorstel.soort is None else "raadskalender")
    files = {path: _read(path) for kind in _YAML for path in sorted(place.glob(kind))}
    own = [path for path, text in files.items() if any(_blocks_of(text, voorstel))]
    home = next((path for path in [*own, *files] if path.stem == voorstel.van), own[0] if own else place / f"{voorstel.van}.yaml")
    new = facts_of(stelsel, voorstel)
    for path in dict.fromkeys([*own, home]):
        old = files.get(path, f"# Vergaderingen van {name_of(stelsel, voorstel)}.\nkalenders: []\n")
        text = edited(old, voorstel, new if path == home else None)
        if text != old:
            yield path.relative_to(folder).as_posix(), text


def _read(path: Path) -> str:
    text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def _blocks_of(text: str, voorstel: Voorstel) -> Iterator[CommentedMap]:
    return (block for block in _yaml().load(text)["kalenders"] if _concerns(voorstel, block))


def _concerns(voorstel: Voorstel, block: Mapping[str, Any]) -> bool:
    return all(str(block.get(key)) == value for key, value in voorstel.wie.items())


class _Voluit(RoundTripRepresenter):
    """Writes a day that occurs twice in full each time: references with '&' and '*' are refused on loading."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@dataclass(frozen=True)
class _Block:
    """The lines of one calendar; the comment above it is ``lines[start:dash]``."""

    start: int
    dash: int
    end: int


@dataclass(frozen=True)
class _Chunk:
    """Text of one calendar; ``vanaf`` is None for a calendar of somebody else."""

    text: str
    vanaf: date | None = None


def edited(text: str, voorstel: Voorstel, new: Mapping[str, Any] | None) -> str:
    """The text of a file with the period cut out of the calendars of the voorstel, and the ``new`` calendar put in its place."""
    data = _yaml().load(text)
    kalenders = data["kalenders"]
    if not kalenders:
        data["kalenders"] = CommentedSeq([] if new is None else [_fresh(new, INDENT)])
        return text if new is None else _dumped(data)
    if kalenders.fa.flow_style():
        kalenders.fa.set_block_style()
        return edited(_dumped(data), voorstel, new)
    lines = text.splitlines(keepends=True)
    blocks = _layout(lines, data)
    indent = len(lines[blocks[0].dash]) - len(lines[blocks[0].dash].lstrip())
    chunks = [chunk for block, found in zip(blocks, kalenders, strict=True) for chunk in _cut(lines, block, found, voorstel, indent)]
    if new is not None:
        chunks.insert(_place(chunks, voorstel), _Chunk(_dumped(CommentedSeq([_fresh(new, indent)]), indent)))
    if not chunks:
        data["kalenders"] = CommentedSeq()
        return _dumped(data)
    return "".join([*lines[: blocks[0].start], *(chunk.text for chunk in chunks), *lines[blocks[-1].end :]])


def _layout(lines: list[str], data: CommentedMap) -> list[_Block]:
    """Where each calendar stands, with the comment above it."""
    top = data.lc.key("kalenders")[0]
    starts: list[tuple[int, int]] = []
    for i in range(len(data["kalenders"])):
        dash = data["kalenders"].lc.item(i)[0]
        while not lines[dash].lstrip().startswith("-"):
            dash -= 1
        start, indent = dash, len(lines[dash]) - len(lines[dash].lstrip())
        while start - 1 > top and _is_comment(lines[start - 1], indent):
            start -= 1
        starts.append((start, dash))
    end = min((data.lc.key(key)[0] for key in data if data.lc.key(key)[0] > top), default=len(lines))
    ends = [*(start for start, _ in starts[1:]), end]
    return [_Block(start, dash, last) for (start, dash), last in zip(starts, ends, strict=True)]


def _is_comment(line: str, indent: int) -> bool:
    """Whether a line is empty or a comment that is not about something deeper."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) <= indent)


def _cut(lines: list[str], block: _Block, found: CommentedMap, voorstel: Voorstel, indent: int) -> Iterator[_Chunk]:
    whole = "".join(lines[block.start : block.end])
    if not _concerns(voorstel, found):
        yield _Chunk(whole)
        return
    model = Vergaderkalender if voorstel.soort is None else Raadskalender
    kalender = model.model_validate(found)
    if not voorstel.overlaps(kalender):
        yield _Chunk(whole, kalender.vanaf)
        return
    heading = "".join(lines[block.start : block.dash])
    for rest in rests(kalender, voorstel):
        own = _yaml(indent).load("".join(lines[block.dash : block.end]))
        own[0]["vanaf"], own[0]["tot_en_met"] = rest.vanaf, rest.tot_en_met
        for i in reversed(range(len(kalender.vergaderingen))):
            if i not in rest.welke:
                del own[0]["vergaderingen"][i]
        yield _Chunk(heading + _dumped(own, indent), rest.vanaf)
        heading = ""


def _place(chunks: list[_Chunk], voorstel: Voorstel) -> int:
    """Where the new calendar comes: in order of time among those of its own, else at the end."""
    own = [i for i, chunk in enumerate(chunks) if chunk.vanaf is not None]
    later = [i for i in own if (vanaf := chunks[i].vanaf) is not None and vanaf > voorstel.vanaf]
    return later[0] if later else own[-1] + 1 if own else len(chunks)


def _fresh(new: Mapping[str, Any], indent: int) -> CommentedMap:
    """A calendar with one line for each vergadering, and the day of the week behind it."""
    days = CommentedSeq()
    for i, vergadering in enumerate(new["vergaderingen"]):
        row = CommentedMap(vergadering)
        row.fa.set_flow_style()
        days.append(row)
        days.yaml_add_eol_comment(format_date(vergadering["datum"], "EEEE", locale="nl"), i, column=2 * indent + 25)
    return CommentedMap({**new, "vergaderingen": days})


def _yaml(indent: int = INDENT) -> YAML:
    yaml = YAML(typ="rt")
    yaml.Representer = _Voluit
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=indent + 2, offset=indent)
    return yaml


def _dumped(data: CommentedMap | CommentedSeq, indent: int = INDENT) -> str:
    text = StringIO()
    _yaml(indent).dump(data, text)
    return text.getvalue()
