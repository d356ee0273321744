"""Commands about planning: plan, wat-als, jaarplanning. Trying is free; only ``plan --vast`` writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dossier import report
from flows.cli.options import Database, Json, Op, Opdracht, Stelsel, Verwacht, actor_for, choice, day, house_for
from flows.cli.output import as_json, say
from flows.cli.plantekst import show_plan, show_sensitive, show_slips, show_what_if, show_year

if TYPE_CHECKING:
    from flows.house import House
    from statemachines.stelsel import Stelsel as Feiten


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    app.command(
        epilog="Voorbeeld: kader plan voortgangsnota --vaststelling 2027-06-25\n\n"
        "Voorbeeld: kader plan voortgangsnota-2026 --vast --reden 'Afgesproken in het AOB' --als aob"
    )(plan)
    app.command("wat-als", epilog="Voorbeeld: kader wat-als --gremium bestuur --van 2027-06-04 --vervalt")(wat_als)
    app.command(epilog="Voorbeeld: kader jaarplanning 2027")(jaarplanning)


@dataclass(frozen=True)
class Periode:
    """From and up to and including."""

    van: date
    tot_en_met: date


def weken(text: str) -> int:
    """The length of a termijn."""
    if not text.isdecimal() or not 1 <= int(text) <= 52:
        raise typer.BadParameter(f"'{text}' is geen lengte van een reactietermijn; dat is 1 tot en met 52 weken.")
    return int(text)


def jaar(text: str) -> int:
    """A calendar year."""
    if not text.isdecimal() or not 1900 <= int(text) <= 9998:
        raise typer.BadParameter(f"'{text}' is geen jaar, zoals 2027.")
    return int(text)


def periode(text: str) -> Periode:
    """Two days typed as 2027-07-03..2027-08-29."""
    van, sep, tot = text.partition("..")
    if not sep:
        raise typer.BadParameter(f"'{text}' is geen periode; schrijf die als 2027-07-03..2027-08-29.")
    return Periode(day(van), day(tot))


SVG = "svg"
Weken = Annotated[
    int | None, typer.Option("--weken", metavar="N", parser=weken, help="Een andere reactietermijn voor de raden.", show_default=False)
]


def plan(
    wat: Annotated[str, typer.Argument(metavar="ROUTE|DOSSIER", help="Een route, of een dossier.", show_default=False)],
    vaststelling: Annotated[
        date | None,
        typer.Option("--vaststelling", metavar="DATUM", parser=day, help="De vergadering die moet vaststellen.", show_default=False),
    ] = None,
    vanaf: Annotated[
        date | None,
        typer.Option("--vanaf", metavar="DATUM", parser=day, help="Vanaf wanneer het stuk klaar is; gewoon --op.", show_default=False),
    ] = None,
    zetten: Annotated[
        list[str] | None,
        typer.Option("--zet", metavar="STAP=DATUM", help="Zet een stap op een dag; mag vaker.", show_default=False),
    ] = None,
    lengte: Weken = None,
    na: Annotated[str | None, typer.Option("--na", metavar="DOSSIER", help="Het dossier dat eerst komt.", show_default=False)] = None,
    kort: Annotated[bool, typer.Option("--kort", help="Zonder de tabel per deelnemer en zonder de redenen van elke datum.")] = False,
    verschil: Annotated[bool, typer.Option("--verschil", help="Vergelijk met wat eerst was afgesproken.")] = False,
    vast: Annotated[bool, typer.Option("--vast", help="Leg dit plan van een dossier vast.")] = False,
    reden: Annotated[
        str | None,
        typer.Option(
            "--reden", help="Waarom; nodig bij --vast. Wie een aankondiging kreeg, leest dit als de data veranderen.", show_default=False
        ),
    ] = None,
    als: Annotated[
        str | None,
        typer.Option("--als", metavar="ROL|svg", envvar="KADER_ALS", help="Uw rol bij --vast; svg geeft een plaatje.", show_default=False),
    ] = None,
    op: Op = None,
    opdracht: Opdracht = None,
    verwacht: Verwacht = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Plan een route of dossier: wanneer het waar moet zijn, en welke raden het halen."""
    from statemachines.errors import Unusable

    if als == SVG and vast:
        raise Unusable("Kies een van beide: --als svg geeft een plaatje, --vast legt vast en vraagt uw rol.")
    if verschil and (vast or vaststelling or vanaf or zetten or lengte or na or als == SVG):
        raise Unusable("Met --verschil ziet u alleen wat er is afgesproken en wat ervan kwam; laat de andere opties weg.")
    if verschil:
        _verschil(house_for(database, stelsel), wat, op, json)
        return
    from flows import plannen
    from statemachines.planning.vraag import Wens

    house = house_for(database, stelsel)
    dag = op or house.today()
    wens = Wens(doel=vaststelling, zet=plannen.read_zetten(zetten or ()), weken=lengte)
    feiten = _facts_of_route(house, wat)
    if vast and (feiten is not None or not reden):
        raise Unusable(
            f"'{wat}' is een route; alleen het plan van een dossier kan vast. Breng het stuk eerst in routing met 'kader open'."
            if feiten is not None
            else "Zeg met --reden waarom dit plan wordt afgesproken; dan pas kan het vast."
        )
    if reden and not vast:
        raise Unusable("Met --reden hoort --vast: zonder --vast wordt er niets vastgelegd.")
    if feiten is not None:
        found = plannen.plan_route(house, feiten, wat, dag, vanaf or dag, wens, na)
    elif vanaf is not None or na is not None:
        raise Unusable(f"Dossier {wat} ligt al ergens; --vanaf en --na horen bij een route die nog moet beginnen.")
    elif vast:
        gedaan, found = plannen.keep_plan(house, actor_for(house, als, op, opdracht, verwacht), wat, wens, reden or "")
        if not json:
            report(gedaan, False)
    else:
        found = plannen.plan_dossier(house, wat, dag, wens)
    if json:
        as_json(found)
    elif als == SVG:
        from flows.planbeeld import plan_svg

        facts = feiten or plannen.accepted(house, dag)
        say(plan_svg(found, facts.kalenderfeiten.recessen, facts.verkiezingen))
    else:
        show_plan(found, kort)


def wat_als(
    gremium: Annotated[str | None, typer.Option("--gremium", metavar="GREMIUM", help="Zoals bestuur of av.", show_default=False)] = None,
    van: Annotated[
        date | None, typer.Option("--van", metavar="DATUM", parser=day, help="De vergadering die schuift.", show_default=False)
    ] = None,
    naar: Annotated[date | None, typer.Option("--naar", metavar="DATUM", parser=day, help="De nieuwe dag.", show_default=False)] = None,
    vervalt: Annotated[bool, typer.Option("--vervalt", help="De vergadering gaat niet door.")] = False,
    lengte: Weken = None,
    route: Annotated[str | None, typer.Option("--route", metavar="ROUTE", help="Bij --weken: alleen hier.", show_default=False)] = None,
    reces: Annotated[
        Periode | None,
        typer.Option("--reces", metavar="VAN..TOT", parser=periode, help="Een reces erbij.", show_default=False),
    ] = None,
    agenda: Annotated[
        Path | None,
        typer.Option("--agenda", metavar="BESTAND.ics", help="De vergaderdata van een gremium of raad zijn deze.", show_default=False),
    ] = None,
    raad: Annotated[
        str | None, typer.Option("--raad", metavar="DEELNEMER", help="Bij --agenda: van welke raad.", show_default=False)
    ] = None,
    gevoeligheid: Annotated[bool, typer.Option("--gevoeligheid", help="Laat elke vergadering eens uitvallen.")] = False,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Wat als een vergadering schuift of uitvalt, een termijn of reces anders wordt? Er wordt niets vastgelegd."""
    from flows import plannen
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    dag = op or house.today()
    if gevoeligheid and any((gremium, van, naar, vervalt, lengte, route, reces, agenda, raad)):
        raise Unusable("Met --gevoeligheid valt elke vergadering eens uit; laat de andere opties weg.")
    if gevoeligheid:
        rows = list(plannen.sensitive(house, dag))
        if json:
            as_json(rows)
        else:
            show_sensitive(rows)
        return
    if agenda is not None or raad is not None:
        change = plannen.scenario_of_agenda(agenda, gremium, raad, dag)
    else:
        change = plannen.scenario_of(
            gremium=gremium,
            van=van,
            naar=naar,
            vervalt=vervalt,
            weken=lengte,
            route=route,
            reces=(reces.van, reces.tot_en_met) if reces else None,
        )
    found = plannen.what_if(house, dag, change)
    if json:
        as_json(found)
    else:
        show_what_if(found)


def jaarplanning(
    welk: Annotated[int, typer.Argument(metavar="JAAR", parser=jaar, help="Het jaar, zoals 2027.", show_default=False)],
    als: Annotated[
        str, typer.Option("--als", metavar="VORM", parser=lambda text: choice(text, ["tabel", SVG], "vorm"), help="tabel of svg.")
    ] = "tabel",
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon een jaar: wat er op elke agenda staat, welke termijnen botsen, verkiezingen en reces."""
    from flows import plannen

    house = house_for(database, stelsel)
    found = plannen.year(house, op or house.today(), welk)
    if json:
        as_json(found)
    elif als == SVG:
        from flows.planbeeld import year_svg

        say(year_svg(found))
    else:
        show_year(found)


def _facts_of_route(house: House, wat: str) -> Feiten | None:
    """The facts in the files when ``wat`` is a route there; None for a dossier."""
    from config.loading import load_stelsel

    feiten = load_stelsel(house.settings.stelsel)
    return feiten if any(route.slug == wat for route in feiten.routes) else None


def _verschil(house: House, slug: str, op: date | None, json: bool) -> None:
    from flows import plannen

    found = plannen.slips(house, slug, op or house.today())
    if json:
        as_json(found)
    else:
        show_slips(slug, found)
