"""Command about messages: vrijgeef."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.bericht import Dossier, Soort, bericht
from flows.cli.options import Als, Database, Json, Op, Stelsel, actor_for, house_for
from flows.cli.output import as_json, say, table

if TYPE_CHECKING:
    from flows.vrijgeven import Klaarstaand


def register() -> None:
    """Adds this command."""
    bericht.command("vrijgeef", epilog="Voorbeeld: kader bericht vrijgeef --dossier voortgangsnota-2026 --ja --als secretaris-av")(vrijgeef)


def vrijgeef(
    dossier: Dossier = None,
    soort: Soort = None,
    ja: Annotated[bool, typer.Option("--ja", help="Geef vrij; zonder --ja ziet u alleen wat er vrij zou komen.")] = False,
    gezien: Annotated[
        str | None,
        typer.Option(
            "--gezien",
            metavar="KENMERK",
            help="Het kenmerk van de lijst die u zag; is de lijst veranderd, dan komt er niets vrij.",
            show_default=False,
        ),
    ] = None,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Geef klaargezette berichten vrij, nadat u aantal, lijst en een voorbeeld zag, en wie ze mist."""
    from flows import vrijgeven
    from flows.pakketten import publish_pakketten
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    if not ja:
        if gezien is not None:
            raise Unusable("--gezien hoort bij --ja; zonder --ja ziet u de lijst met haar kenmerk.")
        klaar = vrijgeven.look(house, op or house.today(), dossier, soort)
        if json:
            as_json(klaar)
        else:
            _show(klaar)
        return
    done = vrijgeven.release(house, actor_for(house, als, op, None), dossier, soort, gezien.strip().lower() if gezien else gezien)
    made = publish_pakketten(house, op or house.today()) if done.vrijgegeven else 0
    if json:
        as_json({**vars(done), "pakketten": made})
        return
    say(vrijgeven.said(done))
    if made:
        many = "1 pakket voor een griffie staat" if made == 1 else f"{made} pakketten voor griffies staan"
        say(f"{many} klaar in de map 'openbaar'.")


def _show(klaar: Klaarstaand) -> None:
    if not klaar.aantal:
        say("Er staat niets klaar.")
    else:
        _show_waiting(klaar)
    if klaar.hoort_niet:
        say("\nVoor wie er geen bericht is:")
        table("", ["Wie", "Dossier", "Waarom"], [(g.naam, g.dossier, g.waarom) for g in klaar.hoort_niet])
    if not klaar.aantal:
        return
    say(f"\n{klaar.verzending}")
    if klaar.tweede_persoon:
        say("Twee rollen moeten akkoord gaan: de eerste met --ja, daarna een andere.")
    many = "bericht" if klaar.aantal == 1 else "berichten"
    say(f"{klaar.aantal} {many}. Geef vrij met dezelfde opdracht en --ja --als ROL; met --gezien {klaar.gezien} alleen deze lijst.")


def _show_waiting(klaar: Klaarstaand) -> None:
    rows = [(b.soort, b.naam, b.dossier, b.akkoord_door) for b in klaar.berichten]
    if any(b.akkoord_door for b in klaar.berichten):
        table("Staat klaar", ["Soort", "Aan", "Dossier", "Akkoord van"], rows)
    else:
        table("Staat klaar", ["Soort", "Aan", "Dossier"], [row[:3] for row in rows])
    say("\nPer soort: " + ", ".join(f"{s.naam} {s.aantal}" for s in klaar.soorten) + ".")
    if klaar.voorbeeld is not None:
        say(f"\nZo leest {klaar.voorbeeld.naam} het:\n\nOnderwerp: {klaar.voorbeeld.onderwerp}\n\n{klaar.voorbeeld.tekst}")
    if klaar.ontbreekt:
        say("Wie dit niet bereikt:")
        table("", ["Wie", "Dossier", "Waarom"], [(g.naam, g.dossier, g.waarom) for g in klaar.ontbreekt])
    else:
        say("Elke ontvanger op deze lijst is te bereiken.")
