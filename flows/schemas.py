"""What ``--json`` gives, as JSON Schema; ``make schema`` writes it to ``docs/schema``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from dossiers.grootboek import Boeking
from dossiers.nota import Nota
from dossiers.overzicht import Openbaar, Overzicht
from flows.agenda import Agenda
from flows.berichten_inzien import Verklaring
from flows.kansen import Rondedeelnemer
from flows.plannen import Slip, WatAls
from statemachines.planning.gewicht import GewogenRoute
from statemachines.planning.jaar import Jaarplan
from statemachines.planning.plan import Plan
from statemachines.planning.scenario import Gevoelig

FOLDER = Path(__file__).parents[1] / "docs" / "schema"
DOCUMENTED: dict[str, Any] = {
    "dossier": Overzicht,
    "openbaar": Openbaar,
    "nota": Nota,
    "plan": Plan,
    "verschil": list[Slip],
    "wat-als": WatAls,
    "gevoeligheid": list[Gevoelig],
    "jaarplanning": Jaarplan,
    "ronde": list[Rondedeelnemer],
    "route": GewogenRoute,
    "agenda": Agenda,
    "berichten": list[Boeking],
    "waarom": list[Verklaring],
}


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one kind of output; Draft 2020-12."""
    return TypeAdapter(DOCUMENTED[name]).json_schema(mode="serialization")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in DOCUMENTED:
        text = json.dumps(schema_of(name), indent=1, ensure_ascii=False)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
