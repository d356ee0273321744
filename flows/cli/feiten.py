"""Commands about facts: controleer, stelsel, route."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Stelsel, actor_for, choice, house_for
from flows.cli.output import as_json, say, table
from flows.cli.routetekst import show_route, show_routes

stelsel_app = group(
    "De feiten waarop alles rust, en welke versie geldt.", "Voorbeeld: kader stelsel neem-over --reden 'Nieuwe vergaderdata'"
)
route_app = group("De routes van de kaderdocumenten.", "Voorbeeld: kader route toon mra-agenda")


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(epilog="Voorbeeld: kader controleer --op 2027-01-01")(controleer)
    stelsel_app.command("neem-over", epilog="Voorbeeld: kader stelsel neem-over --reden 'Vergaderkalender 2027' --als aob")(neem_over)
    app.add_typer(stelsel_app, name="stelsel")
    route_app.command("toon", epilog="Voorbeeld: kader route toon voortgangsnota --als mermaid")(route_toon)
    app.add_typer(route_app, name="route")
    app.command(epilog="Voorbeeld: kader zetels almere --op 2027-01-01")(zetels)


def controleer(
    op: Op = None,
    aannames: Annotated[bool, typer.Option("--aannames", help="Noem elk feit dat op een aanname of voorbeeld rust.")] = False,
    json: Json = False,
    stelsel: Stelsel = None,
) -> None:
    """Controleer alle feiten en noem elk probleem met bestand en regel."""
    from config.loading import check
    from notifications.keuring import keuring

    house = house_for(None, stelsel)
    report = check(house.settings.stelsel, op or house.today())
    problems = (*report.problems, *(keuring(report.stelsel, house.settings.stelsel.resolve()) if report.stelsel else ()))
    if json:
        as_json({"problemen": problems, "aannames": report.aannames})
    else:
        for problem in problems:
            say(f"{problem.bestand}:{problem.regel}: {problem.zin}")
        if aannames:
            each = ((f"{a.bestand}:{a.regel}", a.naam, a.status.value, a.bron) for a in report.aannames)
            table("Rust op een aanname of voorbeeld", ["Waar", "Feit", "Status", "Bron"], each)
        else:
            groups = (
                (groep, status.value, len(found), f"{found[0].bestand}:{found[0].regel}")
                for (groep, status), found in report.by_group.items()
            )
            table("Rust op een aanname of voorbeeld (elk feit: --aannames)", ["Wat", "Status", "Aantal", "Te beginnen bij"], groups)
        problemen = "1 probleem" if len(problems) == 1 else f"{len(problems) or 'Geen'} problemen"
        say(f"{problemen} in {house.settings.stelsel.name}.")
    if problems:
        raise typer.Exit(2)


def neem_over(
    reden: Annotated[str, typer.Option("--reden", help="Waarom deze feiten nu gaan gelden.", show_default=False)],
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Laat de feiten in de bestanden gelden voor dossiers die vanaf nu openen; lopende dossiers houden de hunne."""
    from config.loading import load_adressen, load_stelsel
    from flows import use_cases
    from notifications.keuring import refuse_wrong_berichten

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, None)
    feiten = load_stelsel(house.settings.stelsel)
    refuse_wrong_berichten(feiten, house.settings.stelsel.resolve())
    nr = use_cases.accept_facts(house, actor, feiten, load_adressen(house.settings.stelsel), reden)
    if json:
        as_json({"stelsel": house.stelsel, "versie": nr, "digest": feiten.digest})
    elif nr is None:
        say(f"Stelsel {house.stelsel}: deze feiten golden al; alleen de adressen zijn opnieuw gelezen.")
    else:
        say(f"Stelsel {house.stelsel}: versie {nr} geldt voor dossiers die vanaf {actor.op:%d-%m-%Y} openen.")


def route_toon(
    route: Annotated[str | None, typer.Argument(metavar="[ROUTE]", help="De route; zonder naam: alle.", show_default=False)] = None,
    als: Annotated[
        str,
        typer.Option("--als", metavar="VORM", parser=lambda text: choice(text, ["tabel", "mermaid"], "vorm"), help="tabel of mermaid."),
    ] = "tabel",
    op: Op = None,
    json: Json = False,
    stelsel: Stelsel = None,
) -> None:
    """Vergelijk de routes op gewicht, of toon een route: waarom elke stap er is, wat volgt, en hoe zwaar zij is."""
    from config.loading import load_stelsel
    from statemachines.errors import Unusable
    from statemachines.picture import mermaid
    from statemachines.planning.gewicht import GewogenRoute, weigh
    from statemachines.planning.planner import Planner

    if json and als != "tabel":
        raise Unusable("Kies een van beide: --als geeft een plaatje, --json geeft uitvoer voor programma's.")
    house = house_for(None, stelsel)
    feiten = load_stelsel(house.settings.stelsel)
    if als == "mermaid":
        if route is None:
            raise Unusable("Noem een route; een plaatje is er van een route tegelijk.")
        say(mermaid(feiten.route(route)))
        return
    planner = Planner(feiten, op or house.today())
    weighed = [(found, weigh(planner, found)) for found in ([feiten.route(route)] if route else feiten.routes)]
    if json:
        data = [GewogenRoute(**dict(found), gewicht=gewicht).model_dump(mode="json") for found, gewicht in weighed]
        as_json(data[0] if route else data)
    elif route:
        show_route(feiten, *weighed[0])
    else:
        show_routes(feiten, weighed)


def zetels(
    deelnemer: Annotated[str, typer.Argument(metavar="DEELNEMER", help="Zoals almere of noord-holland.", show_default=False)],
    op: Op = None,
    json: Json = False,
    stelsel: Stelsel = None,
) -> None:
    """Toon wie er in elk gremium zit vanuit of namens een deelnemer; functies, geen personen."""
    from config.loading import load_stelsel
    from statemachines.errors import NotAsked
    from statemachines.kalender import written
    from statemachines.zetels import seat_of

    house = house_for(None, stelsel)
    feiten, dag = load_stelsel(house.settings.stelsel), op or house.today()
    wie = feiten.deelnemer(deelnemer)
    if not wie.takes_part(dag):
        volgt = f"; {feiten.deelnemer(wie.opgevolgd_door).naam} nam de plaats over" if wie.opgevolgd_door and dag > wie.geldig_vanaf else ""
        raise NotAsked(f"{wie.naam} doet op {written(dag)} niet mee{volgt}.")
    found = [seat_of(feiten, deelnemer, gremium.slug, dag) for gremium in feiten.gremia if gremium.zetels]
    if json:
        as_json(found)
    else:
        rows = ((p.naam, "; ".join(p.functies) or "niemand", p.status.value if p.status else "") for p in found)
        table(f"Wie er zit voor {wie.naam} op {dag:%d-%m-%Y}", ["Gremium", "Wie", "Status"], rows)
