"""Commands about vergaderdata that others keep in their agenda: kalender lees."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dutch import group
from flows.cli.options import Database, Json, Op, Stelsel, choice, day, house_for, rol
from flows.cli.output import as_json, say, table
from flows.cli.plantekst import show_what_if

if TYPE_CHECKING:
    from config.agenda import Agenda
    from config.voorstel import Verschil, Voorstel
    from flows.house import House
    from flows.plannen import WatAls
    from statemachines.stelsel import Stelsel as Feiten

EXAMPLE = "Voorbeeld: kader kalender lees av-2027.ics --gremium av --zoek 'Algemene Vergadering'"
LONGEST_BRON = 300

kalender_app = group("Vergaderdata uit agendabestanden.", EXAMPLE)


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    kalender_app.command(
        epilog=f"{EXAMPLE}\n\nVoorbeeld: kader kalender lees raad-2027.ics --raad almere --bevestigd-door griffie-almere --ja"
    )(lees)
    app.add_typer(kalender_app, name="kalender")


def schakelsoort(text: str) -> str:
    """A stop of a document inside one deelnemer."""
    from statemachines.facts import Schakelsoort

    return choice(text, [soort.value for soort in Schakelsoort], "soort vergadering")


def bronvermelding(text: str) -> str:
    """Where a file comes from, on one line."""
    if not text.strip() or not text.isprintable() or len(text) > LONGEST_BRON:
        raise typer.BadParameter(f"een bron is een gewone regel tekst van hoogstens {LONGEST_BRON} tekens.")
    return text.strip()


def zoektekst(text: str) -> str:
    """A piece of a title."""
    if not text.strip():
        raise typer.BadParameter("een zoektekst kan niet leeg zijn.")
    return text.strip()


def lees(
    bestand: Annotated[Path, typer.Argument(metavar="BESTAND.ics", help="Het agendabestand (iCalendar).", show_default=False)],
    gremium: Annotated[str | None, typer.Option("--gremium", metavar="GREMIUM", help="Zoals bestuur of av.", show_default=False)] = None,
    raad: Annotated[
        str | None, typer.Option("--raad", metavar="DEELNEMER", help="Van een deelnemer, zoals almere.", show_default=False)
    ] = None,
    soort: Annotated[
        str | None,
        typer.Option(
            "--soort",
            metavar="SOORT",
            parser=schakelsoort,
            help="Bij --raad: college, aanleveren, agendacommissie, commissie of raad; gewoon raad.",
            show_default=False,
        ),
    ] = None,
    vanaf: Annotated[
        date | None,
        typer.Option(
            "--vanaf", metavar="DATUM", parser=day, help="Vanaf welke dag dit bestand telt; gewoon de eerste.", show_default=False
        ),
    ] = None,
    tot_en_met: Annotated[
        date | None,
        typer.Option("--tot-en-met", metavar="DATUM", parser=day, help="Tot en met welke dag; gewoon de laatste.", show_default=False),
    ] = None,
    zoek: Annotated[
        str | None,
        typer.Option("--zoek", metavar="TEKST", parser=zoektekst, help="Alleen afspraken met deze tekst in de titel.", show_default=False),
    ] = None,
    bevestigd_door: Annotated[
        str | None,
        typer.Option("--bevestigd-door", metavar="ROL", parser=rol, help="Wie zegt dat dit klopt; nodig bij --raad.", show_default=False),
    ] = None,
    bron: Annotated[
        str | None,
        typer.Option("--bron", metavar="TEKST", parser=bronvermelding, help="Waar het bestand vandaan komt.", show_default=False),
    ] = None,
    ook_vrij: Annotated[bool, typer.Option("--ook-vrij", help="Neem ook dagen in het weekend en op feestdagen.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Schrijf het in de feiten; anders ziet u alleen wat er verandert.")] = False,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Lees vergaderdata uit een agendabestand: eerst ziet u wat er verandert, met --ja wordt het geschreven."""
    _refuse_unclear(gremium, raad, soort, bevestigd_door)
    from config.agenda import read_agenda
    from config.kalenderbestand import keep
    from config.loading import load_stelsel
    from config.voorstel import Bevestiging, difference, propose
    from statemachines.facts import Schakelsoort

    house = house_for(database, stelsel)
    dag = op or house.today()
    feiten = load_stelsel(house.settings.stelsel)
    agenda = read_agenda(bestand, zoek, vanaf, tot_en_met)
    gelezen = f"agendabestand {agenda.bestand}, gelezen op {dag:%d-%m-%Y}"
    voorstel = propose(
        feiten,
        agenda,
        gremium or raad or "",
        None if gremium else Schakelsoort(soort or Schakelsoort.RAAD),
        f"{gelezen}; {bron}" if bron else gelezen,
        Bevestiging(bevestigd_door, dag) if bevestigd_door else None,
        ook_vrij,
    )
    verschil = difference(feiten, voorstel)
    geraakt = _touched(house, dag, voorstel)
    geschreven = keep(house.settings.stelsel, feiten, voorstel) if ja else None
    if json:
        gevolgen = None if isinstance(geraakt, str) else geraakt.gevolgen
        as_json({**_data(agenda, voorstel, verschil, geschreven), "gevolgen": gevolgen})
    else:
        _show(feiten, agenda, voorstel, verschil)
        say(f"Welke dossiers dit raakt is nog niet te zeggen. {geraakt}") if isinstance(geraakt, str) else show_what_if(geraakt)
        _show_written(geschreven)


def _touched(house: House, dag: date, voorstel: Voorstel) -> WatAls | str:
    """What the running dossiers would undergo; a sentence when there are none to look at."""
    from config.voorstel import proposed
    from flows import plannen
    from statemachines.errors import Refused
    from statemachines.planning.scenario import other_facts

    zin = "Met deze vergaderdata:"
    try:
        return plannen.what_if(house, dag, lambda feiten, vragen: other_facts(proposed(feiten, voorstel), vragen, zin))
    except Refused as refusal:
        return str(refusal)


def _refuse_unclear(gremium: str | None, raad: str | None, soort: str | None, bevestigd_door: str | None) -> None:
    from statemachines.errors import Unusable

    if (gremium is None) == (raad is None):
        raise Unusable("Zeg van wie deze agenda is: met --gremium (zoals av) of met --raad (zoals almere), een van de twee.")
    if raad is None and soort is not None:
        raise Unusable("Met --soort hoort --raad: een gremium heeft een soort vergadering.")
    if raad is not None and bevestigd_door is None:
        raise Unusable(f"Zeg met --bevestigd-door wie zegt dat deze data kloppen, bijvoorbeeld --bevestigd-door griffie-{raad}.")


def _data(agenda: Agenda, voorstel: Voorstel, verschil: Verschil, geschreven: tuple[str, ...] | None) -> dict[str, object]:
    return {
        **voorstel.wie,
        "vanaf": voorstel.vanaf,
        "tot_en_met": voorstel.tot_en_met,
        "nieuw": verschil.nieuw,
        "vervalt": verschil.vervalt,
        "blijft": verschil.blijft,
        "afspraken": agenda.afspraken,
        "afgezegd": agenda.afgezegd,
        "andere": agenda.andere,
        "bron": voorstel.bron,
        "bevestigd": voorstel.bevestigd,
        "geschreven": geschreven is not None,
        "bestanden": geschreven or (),
    }


def _show(feiten: Feiten, agenda: Agenda, voorstel: Voorstel, verschil: Verschil) -> None:
    from config.voorstel import name_of
    from statemachines.kalender import written

    overgeslagen = [f"{agenda.afgezegd} afgezegd"] if agenda.afgezegd else []
    overgeslagen += [f"{agenda.andere} met een andere titel"] if agenda.andere else []
    niet = f" (overgeslagen: {', '.join(overgeslagen)})" if overgeslagen else ""
    afspraken = "1 afspraak" if agenda.afspraken == 1 else f"{agenda.afspraken} afspraken"
    say(f"In {agenda.bestand}: {afspraken}{niet}.")
    naam = name_of(feiten, voorstel)
    wie = naam if voorstel.soort is None else f"{naam} ({voorstel.soort})"
    say(f"Vergaderingen van {wie} van {written(voorstel.vanaf)} tot en met {written(voorstel.tot_en_met)}:")
    rows = [(dag, wat) for wat in ("nieuw", "vervalt", "blijft") for dag in getattr(verschil, wat)]
    table("", ["Wat", "Dag"], ((wat, written(dag)) for dag, wat in sorted(rows)))
    say(f"Nieuw: {len(verschil.nieuw)}, vervalt: {len(verschil.vervalt)}, blijft: {len(verschil.blijft)}.")


def _show_written(geschreven: tuple[str, ...] | None) -> None:
    if geschreven is None:
        say("Er is niets geschreven; geef dezelfde opdracht met --ja om dit in de feiten te zetten.")
    elif geschreven:
        say(f"Geschreven in {', '.join(geschreven)}; het geldt na 'kader stelsel neem-over'.")
    else:
        say("Er is niets geschreven, want het stond er al precies zo.")
