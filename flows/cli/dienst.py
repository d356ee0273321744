"""Commands that run something for long: demo and start."""

from __future__ import annotations

import json as json_module
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import Database, Stelsel, house_for
from flows.cli.output import say, table, warn

if TYPE_CHECKING:
    from flows.house import House


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(epilog="Voorbeeld: kader demo --eindig")(demo)
    app.command(epilog="Voorbeeld: kader start")(start)


def demo(
    eindig: Annotated[bool, typer.Option("--eindig", help="Stop vanzelf en sluit af met een regel JSON.")] = False,
    stelsel: Stelsel = None,
) -> None:
    """Speel een jaar na met drie kaderdocumenten; alles is VOORBEELD en gaat naar een postvak op deze computer."""
    import os
    import shutil
    import threading
    import time

    from config.loading import load_stelsel
    from config.settings import Modus, from_environment
    from flows.house import build_house
    from flows.server import client_environment, running_server
    from notifications.inbox import running_inbox
    from statemachines.errors import Refused

    begin = time.monotonic()
    settings = from_environment(os.environ, stelsel=stelsel)
    if settings.post.modus is Modus.ECHT:
        raise Refused("De demo speelt met bedachte berichten en kan niet in modus echt; zet KADER_MODUS op proef.")
    load_stelsel(settings.stelsel)  # what is wrong with the facts is said before anything starts
    folder = settings.map / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    warn("VOORBEELD: de vergaderdata, besluiten en reacties in deze demo zijn bedacht. Er wordt niets echt verstuurd.")
    warn("De Prefect-server start; dat duurt 5 tot 15 seconden.")
    with running_inbox(folder / "postvak", smtp_port=8025, http_port=8026) as inbox, running_server(folder) as server:
        os.environ.update(client_environment(folder, server.api_url))
        os.environ.update({"KADER_MAP": str(folder), "KADER_DATABASE": f"sqlite:///{folder / 'kader.db'}", "KADER_SMTP": inbox.smtp})
        os.environ.update({"KADER_VIA": "demo", "KADER_ALS": "demo"})
        if stelsel is not None:
            os.environ["KADER_STELSEL"] = str(stelsel)
        house = build_house()
        from flows.demo import play

        played = play(house, _tell)
        _end_table(house)
        say(f"Prefect: {server.ui_url}")
        say(f"Postvak: {inbox.url}")
        if not eindig:
            say("Stop met Ctrl-C.")
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                say("")
    say(json_module.dumps({**vars(played), "seconds": round(time.monotonic() - begin, 1)}))


def _tell(day: date, wat: str) -> None:
    warn(f"{day:%d-%m-%Y}  {wat}")


def _end_table(house: House) -> None:
    from dossiers import outbox
    from dossiers.database import reading
    from dossiers.lijst import lijst

    with reading(house.engine) as connection:
        regels = list(lijst(connection, house.stelsel, date.max))
        per_dossier: dict[str, dict[str, int]] = {}
        for bericht in outbox.rows(connection, house.stelsel):
            kinds = per_dossier.setdefault(bericht.key.slug, {})
            kinds[bericht.key.soort] = kinds.get(bericht.key.soort, 0) + 1
    rows = [(r.titel, r.stap, ", ".join(f"{soort} {n}" for soort, n in sorted(per_dossier.get(r.slug, {}).items()))) for r in regels]
    table("Waar alles nu staat (VOORBEELD)", ["Dossier", "Staat bij", "Berichten per soort"], rows)


def start(database: Database = None, stelsel: Stelsel = None) -> None:
    """Draai de dienst: Prefect, formulieren, dagronde en het postvak van de proef."""
    import threading

    from flows.service import serve

    house = house_for(database, stelsel)
    warn("De dienst start; dat duurt ongeveer een halve minuut.")
    serve(house, say, threading.Event())
