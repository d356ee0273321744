"""The ``kader`` command. Every use case works here with the Prefect server down."""

from __future__ import annotations

import sys

import flows.cli.adres as adres
import flows.cli.agenda as agenda
import flows.cli.bericht as bericht
import flows.cli.berichtbeeld as berichtbeeld
import flows.cli.correctie as correctie
import flows.cli.dienst as dienst
import flows.cli.dossier as dossier
import flows.cli.feiten as feiten
import flows.cli.inbreng as inbreng
import flows.cli.kalender as kalender
import flows.cli.nota as nota
import flows.cli.pakket as pakket
import flows.cli.plan as plan
import flows.cli.record as record
import flows.cli.ronde as ronde
import flows.cli.stuk as stuk
import flows.cli.vrijgave as vrijgave
from flows.cli.dutch import MISTYPED, application, say_usage_error
from flows.cli.output import warn
from statemachines.errors import Refused, UnreachableForNow

app = application()
dossier.register(app)
inbreng.register(app)
correctie.register(app)
stuk.register(app)
ronde.register(app)
pakket.register(app)
bericht.register(app)
berichtbeeld.register()
vrijgave.register()
adres.register(app)
plan.register(app)
agenda.register(app)
feiten.register(app)
kalender.register(app)
nota.register(app)
record.register(app)
dienst.register(app)


def run() -> None:
    """The command as installed: exit 0, or 2 with one Dutch sentence when something is refused, or 1 for a bug."""
    if any("\ud800" <= char <= "\udfff" for word in sys.argv for char in word):
        warn("Er staan tekens op de regel die geen UTF-8 zijn; typ ze opnieuw.")
        sys.exit(2)
    try:
        sys.exit(app(standalone_mode=False))
    except (Refused, UnreachableForNow) as refusal:
        warn(str(refusal))
    except MISTYPED as mistake:
        say_usage_error(mistake)
    sys.exit(2)
