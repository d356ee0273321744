"""The ``kader`` command. Every use case works here with the Prefect server down."""

from __future__ import annotations

import sys

import flows.cli.bericht as bericht
import flows.cli.dienst as dienst
import flows.cli.dossier as dossier
import flows.cli.feiten as feiten
import flows.cli.record as record
from flows.cli.dutch import application, say_usage_error
from flows.cli.output import warn

app = application()
dossier.register(app)
bericht.register(app)
feiten.register(app)
record.register(app)
dienst.register(app)


def run() -> None:
    """The command as installed: exit 0, or 2 with one Dutch sentence when something is refused, or 1 for a bug."""
    from statemachines.errors import Refused

    if any("\ud800" <= char <= "\udfff" for word in sys.argv for char in word):
        warn("Er staan tekens op de regel die geen UTF-8 zijn; typ ze opnieuw.")
        sys.exit(2)
    try:
        sys.exit(app(standalone_mode=False))
    except Refused as refusal:
        warn(str(refusal))
        sys.exit(2)
    except Exception as error:
        if type(error).__name__ == "UnreachableForNow":
            warn(str(error))
            sys.exit(2)
        if say_usage_error(error):
            sys.exit(2)
        raise
