"""Commands about addresses: lijst, toon, geef, bevestig, beeindig, onbestelbaar, rapport, gemist, afmelden, aanmelden, wis."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.dutch import group
from flows.cli.options import Als, Database, Json, Op, Stelsel, actor_for, choice, day, house_for
from flows.cli.output import as_json, say, table

if TYPE_CHECKING:
    from dossiers.adressen import Adresregel

adres = group("Waar ontvangers te bereiken zijn; voor het secretariaat.", "Voorbeeld: kader adres lijst --ontbreekt")


def _status(text: str) -> str:
    from dossiers.adressen import Adresstatus

    return choice(text, [status.value for status in Adresstatus], "status van een adres")


Wie = Annotated[str, typer.Argument(metavar="ONTVANGER", help="Van wie, zoals griffie-almere.", show_default=False)]
Notitie = Annotated[
    str, typer.Option("--notitie", help="Hoe en bij wie nagegaan; een functie, geen naam en geen mailadres.", show_default=False)
]
Reden = Annotated[str, typer.Option("--reden", help="Waarom; geen naam en geen mailadres.", show_default=False)]
Een = Annotated[str | None, typer.Option("--ontvanger", help="Alleen deze ontvanger, zoals griffie-almere.", show_default=False)]
Stand = Annotated[str | None, typer.Option("--status", parser=_status, help="Alleen met deze status: bevestigd.", show_default=False)]
Soort = Annotated[str, typer.Option("--soort", help="De soort bericht, zoals maandbericht.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Adds these commands."""
    for naam, do, rest in (
        ("lijst", lijst, "--ontbreekt"),
        ("toon", toon, "griffie-almere"),
        ("geef", geef, "griffie-almere griffie@almere.example --notitie 'Opgegeven door de griffier, per mail' --als aob"),
        ("bevestig", bevestig, "griffie-almere --notitie 'Nagebeld met de griffie' --als aob"),
        ("beeindig", beeindig, "griffie-almere --reden 'De griffie gebruikt dit adres niet meer' --als aob"),
        ("onbestelbaar", onbestelbaar, "griffie-almere --reden 'Mail kwam terug' --als aob"),
        ("rapport", rapport, "onbestelbaar.eml --als aob"),
        ("gemist", gemist, "griffie-almere"),
        ("afmelden", afmelden, "griffie-almere --soort maandbericht --als aob"),
        ("aanmelden", aanmelden, "griffie-almere --soort maandbericht --als aob"),
        ("wis", wis, "--voor 2026-01-01 --ja --als aob"),
    ):
        adres.command(naam, epilog=f"Voorbeeld: kader adres {naam} {rest}")(do)
    app.add_typer(adres, name="adres")


def lijst(
    ontvanger: Een = None,
    status: Stand = None,
    ontbreekt: Annotated[bool, typer.Option("--ontbreekt", help="Alleen wie nu geen mail kan krijgen, met de reden.")] = False,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Toon van elke ontvanger het adres, en in welke modus er gemaild wordt."""
    from dossiers.adressen import Adresstatus
    from flows.adressen_inzien import listing

    house = house_for(database, stelsel)
    found = listing(house, op or house.today(), ontvanger, Adresstatus(status) if status else None, ontbreekt)
    if json:
        as_json(found)
        return
    waarheen = {
        "proef": "alle post gaat naar het postvak op deze computer",
        "echt": f"post gaat via {house.settings.post.smtp} naar bevestigde adressen",
    }[found.modus]
    hebben = "heeft" if found.bevestigd == 1 else "hebben"
    say(f"Modus {found.modus}: {waarheen}. {found.bevestigd} van de {found.ontvangers} ontvangers {hebben} een bevestigd adres.")
    if not found.adressen:
        say("Niemand." if not ontbreekt else "Er ontbreekt niemand.")
        return
    columns, cells = ["Ontvanger", "Naam", "Adres", "Status"], [[b.ontvanger, b.naam, b.adres, b.status] for b in found.adressen]
    last = [b.waarom_niet if ontbreekt else b.notitie for b in found.adressen]
    table("", [*columns, "Waarom geen mail" if ontbreekt else "Notitie"], [[*row, end] for row, end in zip(cells, last, strict=True)])


def toon(ontvanger: Wie, op: Op = None, json: Json = False, database: Database = None, stelsel: Stelsel = None) -> None:
    """Toon wat er ooit van het adres van een ontvanger bekend was; de laatste regel geldt."""
    from flows.adressen_inzien import history_of

    house = house_for(database, stelsel)
    regels = history_of(house, ontvanger, op or house.today())
    if json:
        as_json(regels)
    elif not regels:
        say(f"Van {ontvanger} is nooit een adres vastgelegd.")
    else:
        cells = ((r.nr, r.status.value, r.adres or "gewist", r.notitie, r.door, r.vastgelegd[:10]) for r in regels)
        table("", ["Nr", "Status", "Adres", "Notitie", "Door", "Vastgelegd"], cells)


def geef(
    ontvanger: Wie,
    adres: Annotated[str, typer.Argument(metavar="ADRES", help="Het mailadres, zonder naam ervoor.", show_default=False)],
    notitie: Notitie,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Leg een adres vast dat iemand opgaf; het vorige blijft in de geschiedenis staan."""
    from flows.adressen_beheren import give

    house = house_for(database, stelsel)
    _report(give(house, actor_for(house, als, op, None), ontvanger, adres, notitie), json)


def bevestig(
    ontvanger: Wie,
    notitie: Notitie,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Bevestig het adres van een ontvanger, nadat u het bij die ontvanger hebt nagegaan."""
    from flows.adressen_beheren import confirm

    house = house_for(database, stelsel)
    _report(confirm(house, actor_for(house, als, op, None), ontvanger, notitie), json)


def beeindig(
    ontvanger: Wie,
    reden: Reden,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Beeindig een adres: er gaat niets meer naartoe."""
    from flows.adressen_beheren import end

    house = house_for(database, stelsel)
    _report(end(house, actor_for(house, als, op, None), ontvanger, reden), json)


def onbestelbaar(
    ontvanger: Wie,
    reden: Reden,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Zeg dat mail aan een adres terugkomt: er gaat niets meer naartoe."""
    from flows.adressen_beheren import mark_undeliverable

    house = house_for(database, stelsel)
    _report(mark_undeliverable(house, actor_for(house, als, op, None), ontvanger, reden), json)
    if not json:
        say(f"Wat deze ontvanger miste, ziet u met: kader adres gemist {ontvanger}")


def rapport(
    bestand: Annotated[Path, typer.Argument(metavar="BESTAND", help="De mail van de mailserver, bewaard als .eml.", show_default=False)],
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Lees een bezorgrapport en markeer wie blijvend niet te bereiken is."""
    from flows.adressen_beheren import take_report
    from notifications.bezorgrapport import BIGGEST
    from statemachines.errors import Unusable

    house = house_for(database, stelsel)
    actor = actor_for(house, als, op, None)
    try:
        with bestand.open("rb") as file:
            raw = file.read(BIGGEST + 1)
    except (OSError, ValueError) as error:
        raise Unusable(f"'{bestand}' is niet te lezen ({type(error).__name__}); noem de mail die als .eml is bewaard.") from None
    done = take_report(house, actor, raw)
    if json:
        as_json(done)
        return
    for uitslag in done:
        say(uitslag.zin)
        for wie in uitslag.ontvangers:
            say(f"Wat deze ontvanger miste, ziet u met: kader adres gemist {wie}")


def gemist(ontvanger: Wie, op: Op = None, json: Json = False, database: Database = None, stelsel: Stelsel = None) -> None:
    """Toon wat een ontvanger niet kreeg, en wie van dezelfde deelnemer het wel hoorde."""
    from flows.adressen_inzien import missed_by

    house = house_for(database, stelsel)
    found = missed_by(house, ontvanger, op or house.today())
    if json:
        as_json(found)
    elif not found:
        say(f"{ontvanger} heeft voor zover bekend niets gemist.")
    else:
        heard = ["\n".join(f"{v.ontvanger} ({v.soort}, {v.dag})" for v in g.ook_verteld) or "niemand" for g in found]
        cells = ((g.dossier, g.soort, g.dag, g.status, g.waarom, wie) for g, wie in zip(found, heard, strict=True))
        table(f"Gemist door {ontvanger}", ["Dossier", "Soort", "Op", "Status", "Waarom", "Wel verteld aan"], cells)


def afmelden(
    ontvanger: Wie,
    soort: Soort,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Meld een ontvanger af voor een soort bericht die uit mag."""
    from flows.adressen_beheren import sign_off

    house = house_for(database, stelsel)
    changed = sign_off(house, actor_for(house, als, op, None), ontvanger, soort)
    _signed(ontvanger, soort, "afgemeld", changed, json)


def aanmelden(
    ontvanger: Wie,
    soort: Soort,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Meld een ontvanger weer aan voor een soort bericht."""
    from flows.adressen_beheren import sign_on

    house = house_for(database, stelsel)
    changed = sign_on(house, actor_for(house, als, op, None), ontvanger, soort)
    _signed(ontvanger, soort, "aangemeld", changed, json)


def wis(
    voor: Annotated[
        date, typer.Option("--voor", metavar="DATUM", parser=day, help="Wat voor deze dag eindigde of vervangen is.", show_default=False)
    ],
    ja: Annotated[bool, typer.Option("--ja", help="Wis echt; zonder --ja ziet u alleen hoeveel het er zijn.")] = False,
    als: Als = None,
    op: Op = None,
    json: Json = False,
    database: Database = None,
    stelsel: Stelsel = None,
) -> None:
    """Wis oude adressen voorgoed; wie wat hoorde, en wanneer, blijft staan."""
    from flows.adressen_beheren import erasable, erase

    house = house_for(database, stelsel)
    count = erase(house, actor_for(house, als, op, None), voor) if ja else erasable(house, voor)
    if json:
        as_json({"gewist" if ja else "te_wissen": count})
        return
    many = f"{count} {'oud adres' if count == 1 else 'oude adressen'}"
    say(f"{many} gewist." if ja else f"{many} te wissen. Wis met dezelfde opdracht en --ja --als ROL; dat is niet terug te draaien.")


def _report(regel: Adresregel, json: bool) -> None:
    if json:
        as_json(regel)
    else:
        say(f"{regel.ontvanger}: {regel.adres} is {regel.status.value} (regel {regel.nr}).")


def _signed(ontvanger: str, soort: str, wat: str, changed: bool, json: bool) -> None:
    if json:
        as_json({"ontvanger": ontvanger, "soort": soort, "veranderd": changed})
    else:
        say(f"{ontvanger} is {wat} voor {soort}." if changed else f"{ontvanger} was al {wat} voor {soort}.")
