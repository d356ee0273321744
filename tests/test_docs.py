"""What the guides show is what happens: every command in a console block runs, and prints exactly what stands below it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))


def commands(text: str) -> list[tuple[str, str]]:
    """Every command of a guide in order, with the output that stands below it."""
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    parts = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    return [(command.strip(), output.strip()) for command, _, output in (part.partition("\n") for part in parts)]


def run(command: str, folder: Path) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KADER_")}
    environment |= {"KADER_MAP": str(folder), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 2), f"{command}: {done.stderr}"
    return "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines()).strip()


@pytest.mark.parametrize("guide", [pytest.param(path, id=path.stem) for path in DOCS if commands(path.read_text(encoding="utf-8"))])
def test_a_guide_shows_what_its_commands_print(guide: Path, tmp_path: Path) -> None:
    for command, shown in commands(guide.read_text(encoding="utf-8")):
        assert run(command, tmp_path) == shown, command


def test_the_picture_in_the_guide_is_what_its_command_draws(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "plannen.md").read_text(encoding="utf-8")
    command = next(command for command, _ in commands(guide) if "--als svg" in command)

    run(command, tmp_path)

    assert (tmp_path / "plan.svg").read_text(encoding="utf-8") == (ROOT / "docs/beeld/plan-voortgangsnota.svg").read_text(encoding="utf-8")
