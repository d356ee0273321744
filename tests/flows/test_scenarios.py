"""The stories in tests/scenarios, told in Dutch, played through the use cases on SQLite and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from dossiers import journal, outbox, stand
from dossiers.database import reading, writing
from dossiers.nota import nota
from dossiers.overzicht import openbaar, overzicht
from flows import correcties, datums, stukken, use_cases, vrijgeven
from flows.agenda import prepare
from flows.agendabestand import as_markdown
from flows.beantwoorden import Puntregel, answer_points
from flows.gezegd import Gezegd, Opgevolgd
from flows.house import House
from flows.use_cases import Actor
from statemachines.dossier import Dossier
from statemachines.errors import Refused
from statemachines.facts import Adres
from statemachines.inbreng import Behandelwijze, Inbreng, InbrengSoort
from statemachines.kalender import Venster
from statemachines.payloads import BesluitBron, Namens, Regime, Vaststelling, Versie, Vorm
from statemachines.planning.gewicht import lightest_first, weigh
from statemachines.planning.planner import Planner, Planvraag
from statemachines.planning.waarschuwing import waarschuwingen
from statemachines.route import AdviesOver, Termijn, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import Stukstatus, Verzoekstaat
from statemachines.zetels import seats_along
from tests.conftest import Clock

FOLDER = Path(__file__).parent.parent / "scenarios"
SLUG = "het-stuk"
INBRENG = ("vastgesteld_op", "geagendeerd_op", "stuk", "onderdelen", "bundelt", "vervangt")
ENUMS = {"namens": Namens, "vorm": Vorm, "behandelwijze": Behandelwijze, "versie": Versie}
FIRST = date(2021, 12, 22)
WARNED: list[str] = []
"""What the last daily round said to look at."""


def stories() -> list[Any]:
    return [pytest.param(YAML(typ="safe", pure=True).load(path), id=path.stem) for path in sorted(FOLDER.glob("*.yaml"))]


@pytest.mark.parametrize("verhaal", stories())
def test_what_happened_is_what_the_story_tells(
    verhaal: dict[str, Any], house: House, clock: Clock, mra: Stelsel, mra_adressen: tuple[Adres, ...]
) -> None:
    use_cases.accept_facts(house, an_actor(FIRST), mra, mra_adressen, "begin")

    for i, regel in enumerate(verhaal["regels"], start=1):
        clock.at = datetime.combine(regel["op"], time(9), ZoneInfo("Europe/Amsterdam"))
        refusal = play(house, regel)

        wat = f"regel {i} ({regel['op']}, {regel['doe']})"
        assert (refusal is None) == ("geweigerd" not in regel), f"{wat}: {refusal}"
        assert regel.get("geweigerd", "") in (refusal or ""), f"{wat}: {refusal}"
        for key, expected in regel.get("dan", {}).items():
            assert seen(house, key, expected) == expected, f"{wat}: {key}"

    with reading(house.engine) as connection:
        assert list(journal.verify(connection, house.stelsel)) == []


def an_actor(op: date) -> Actor:
    return Actor("aob", "cli", str(uuid4()), op)


def play(house: House, regel: dict[str, Any]) -> str | None:
    """Does what a line says; gives the sentence of a refusal."""
    op, datum, actor = regel["op"], regel.get("datum", regel["op"]), an_actor(regel["op"])
    try:
        match regel["doe"]:
            case "open":
                use_cases.open_dossier(house, actor, SLUG, regel["route"], regel["titel"], datum)
            case "besluit":
                extra: dict[str, Any] = {name: regel.get(name) for name in ("reden", "stap", "afwijking", "toegestaan_door")}
                extra["standpunten"] = standpunten_in(regel)
                extra["adviezen"] = adviezen_in(regel)
                extra["bron"] = BesluitBron(regel.get("besluitbron", "besluitenlijst"))
                use_cases.register_besluit(house, actor, SLUG, regel["van"], Uitkomst(regel["uitkomst"]), datum, **extra)
            case "corrigeer":
                changes: dict[str, Any] = {name: regel.get(name) for name in ("waarom", "tekst")}
                changes |= {"standpunten": standpunten_in(regel), "adviezen": adviezen_in(regel)}
                changes["vaststelling"] = Vaststelling(regel["vaststelling"]) if "vaststelling" in regel else None
                changes["bron"] = BesluitBron(regel["bron"]) if "bron" in regel else None
                changes["namens"] = Namens(regel["namens"]) if "namens" in regel else None
                changes["vervallen"] = [(s["van"], Regime(s["regime"])) for s in regel.get("vervallen", [])]
                correcties.correct(house, actor, SLUG, regel["regel"], regel["reden"], datum=datum, **changes)
            case "herroep":
                correcties.revoke_besluit(house, actor, SLUG, regel["regel"], regel["reden"])
            case "besluit van alle andere colleges":
                for orgaan in (the_dossier(house).ronde or pytest.fail("geen ronde")).silent:
                    use_cases.register_besluit(house, an_actor(op), SLUG, orgaan, Uitkomst(regel["uitkomst"]), datum)
            case "inbreng":
                soort = InbrengSoort(regel.get("soort", "reactie"))
                told: dict[str, Any] = {name: regel[name] for name in INBRENG if name in regel}
                for name, kind in ENUMS.items():
                    told |= {name: kind(regel[name])} if name in regel else {}
                use_cases.register_inbreng(house, actor, SLUG, regel["van"], Inbreng(soort=soort, **told), datum, tekst=regel.get("tekst"))
            case "verzet":
                datums.move_datum(house, actor, SLUG, regel["naar"], regel["reden"], spoed=regel.get("spoed"))
            case "uitstel" | "vraag opnieuw" as wat:
                opnieuw = wat == "vraag opnieuw"
                datums.give_uitstel(house, actor, SLUG, regel["voor"], regel["tot_en_met"], regel["reden"], opnieuw=opnieuw)
            case "advies" | "adviesvraag" as soort:
                over = AdviesOver(regel["over"]) if "over" in regel else None
                advies = Inbreng(soort=InbrengSoort(soort), over=over)
                use_cases.register_inbreng(house, actor, SLUG, regel["van"], advies, datum, tekst=regel.get("tekst"))
            case "stuk":
                more = {name: regel[name] for name in ("titel", "link", "onderdelen", "wijzigt", "openbaar_vanaf") if name in regel}
                wat = stukken.Beschrijving(regel["stuk"], Versie(regel["versie"]), Stukstatus(regel["status"]), **more)
                stukken.register_stuk(house, actor, SLUG, wat, datum)
            case "verzoek om stukken":
                asked = (regel["van"], regel["stuk"], regel["eigenaar"], regel["uiterlijk"], datum)
                stukken.ask_papers(house, actor, SLUG, *asked, toelichting=regel.get("toelichting"))
            case "antwoord op verzoek":
                staat, reden = Verzoekstaat(regel["staat"]), regel.get("toelichting")
                stukken.answer_verzoek(house, actor, SLUG, regel["regel"], staat, datum, toelichting=reden)
            case "beantwoord":
                answer_points(house, actor, SLUG, points_in(house, regel["punten"]), vervallen=regel.get("vervallen", ()))
            case "kijk":
                pass
            case "dagronde":
                WARNED[:] = [gedaan.let_op for gedaan in use_cases.daily_round(house, op, "cli") if gedaan.let_op]
            case "vrijgeef":
                assert vrijgeven.release(house, actor, None, None).vrijgegeven
            case "bezorg":
                deliver_all(house)
            case unknown:
                pytest.fail(f"een verhaal kent '{unknown}' niet")
    except Refused as refusal:
        return str(refusal)
    return None


def points_in(house: House, said: list[dict[str, Any]]) -> list[Puntregel]:
    """Points as a story gives them; what it does not say stays as it is."""
    with reading(house.engine) as connection:
        there = {punt.punt: punt for punt in nota(connection, house.stelsel, SLUG).punten}
    names = ("tekst", "onderdeel", "oordeel", "antwoord", "effect", "gelijkluidend")
    found = []
    for row in said:
        was = there.get(row.get("punt", ""))
        cells = {name: row.get(name, getattr(was, name) if was else "") for name in names}
        found.append(Puntregel(punt=row.get("punt", ""), inbreng=row.get("inbreng", was.inbreng if was else 0), **cells))
    return found


def adviezen_in(regel: dict[str, Any]) -> list[Opgevolgd]:
    return [Opgevolgd(a["van"], a["gevolgd"], a.get("reden")) for a in regel.get("adviezen", [])]


def standpunten_in(regel: dict[str, Any]) -> list[Gezegd]:
    found = regel.get("standpunten", [])
    return [Gezegd(s["van"], Regime(s["regime"]), s["tekst"], tuple(s.get("onderdelen", ())), s.get("stuk"), versie_of(s)) for s in found]


def versie_of(said: dict[str, Any]) -> Versie | None:
    return Versie(said["versie"]) if "versie" in said else None


def deliver_all(house: House) -> None:
    """Every message that is free arrives; how that goes over SMTP is told elsewhere."""
    with writing(house.engine) as connection:
        for bericht in outbox.claim(connection, house.stelsel, "test", house.now(), timedelta(minutes=5), 1000):
            outbox.mark(connection, house.stelsel, bericht.key, "test", outbox.Status.VERZONDEN, None, house.now())


def the_dossier(house: House) -> Dossier:
    with reading(house.engine) as connection:
        return stand.load(connection, house.stelsel, SLUG)


def seen(house: House, key: str, expected: Any) -> Any:
    """What is true now of what a story expects."""
    dossier = the_dossier(house)
    ronde, zitting = dossier.ronde, dossier.opening.zitting if dossier.opening else None
    with reading(house.engine) as connection:
        rows = list(outbox.rows(connection, house.stelsel, SLUG))
    living = [b for b in rows if b.status is not outbox.Status.INGETROKKEN]
    match key:
        case "staat_bij":
            return dossier.fase
        case "afgesloten":
            return dossier.route.naam_van(dossier.fase) if dossier.ended else None
        case "sinds":
            return dossier.sinds
        case "bezoek":
            return dossier.bezoek
        case "regels":
            return dossier.nr
        case "vergadering":
            return (zitting.vergadering or "onbekend") if zitting else None
        case "reageren_tot_en_met":
            return ronde.tot_en_met if ronde else None
        case "klaargezet":
            return sum(b.status is outbox.Status.KLAARGEZET for b in living)
        case "soorten":
            return sorted({b.key.soort for b in rows})
        case "berichten":
            return dict(Counter(b.key.soort for b in living))
        case "binnen":
            return f"{len(ronde.standen) - len(ronde.silent)} van {len(ronde.standen)}" if ronde else None
        case "staat" | "behandeling":
            with reading(house.engine) as connection:
                regels = {dossier.stelsel.orgaan(d.orgaan).deelnemer: d for d in overzicht(connection, house.stelsel, SLUG).ronde}
            if key == "staat":
                return {deelnemer: regels[deelnemer].staat for deelnemer in expected}
            return {deelnemer: f"{regels[deelnemer].behandelwijze} {regels[deelnemer].geagendeerd_op}" for deelnemer in expected}
        case "het_verhaal" | "verzet":
            with reading(house.engine) as connection:
                told = {g.nr: g for g in overzicht(connection, house.stelsel, SLUG).geschiedenis}
            if key == "verzet":
                return {nr: f"van {told[nr].eerst} naar {told[nr].nu}" for nr in expected}
            return {nr: " | ".join([told[nr].zin, told[nr].tekst, *told[nr].standpunten, *told[nr].adviezen]) for nr in expected}
        case "waarschuwt":
            return WARNED
        case "staat_in":
            with reading(house.engine) as connection:
                told = {g.nr: g for g in overzicht(connection, house.stelsel, SLUG).geschiedenis}
            return {nr: told[nr].staat_in for nr in expected}
        case "open_punten":
            return list(dossier.open_punten)
        case "naast" | "stukken" | "verzoeken" | "overgeslagen":
            with reading(house.engine) as connection:
                whole = overzicht(connection, house.stelsel, SLUG)
            return {
                "naast": {n.gremium: n.staat for n in whole.naast},
                "stukken": [f"{s.stuk} {s.versie} ({s.status})" for s in whole.stukken],
                "verzoeken": [f"{v.stuk} van {v.van}: {v.staat}" for v in whole.verzoeken],
                "overgeslagen": {s.slug: s.overgeslagen for s in whole.stappen if s.overgeslagen},
            }[key]
        case "punten":
            with reading(house.engine) as connection:
                found = {p.punt: p for p in nota(connection, house.stelsel, SLUG).punten}
            return {slug: f"{found[slug].spreekt}: {found[slug].oordeel or found[slug].gelijkluidend or 'open'}" for slug in expected}
        case "openbare_stukken" | "openbaar_verhaal" | "openbare_punten":
            with reading(house.engine) as connection:
                public = openbaar(overzicht(connection, house.stelsel, SLUG), house.today())
            if key == "openbare_stukken":
                return [f"{s.stuk} {s.versie}" for s in public.stukken]
            if key == "openbare_punten":
                return [p.punt for p in public.punten]
            return [zin for zin in expected if any(zin in feit.zin for feit in public.geschiedenis)]
        case "openbare_standpunten":
            with reading(house.engine) as connection:
                public = openbaar(overzicht(connection, house.stelsel, SLUG), house.today())
            return [standpunt for feit in public.geschiedenis for standpunt in feit.standpunten]
        case "zetels":
            zetels = {w: [p.zin for p in seats_along(dossier.stelsel, dossier.route, dossier.fase, w, house.today())] for w in expected}
            return {wie: [zin for zin in zinnen if zin in zetels[wie]] for wie, zinnen in expected.items()}
        case "lichtste_eerst":
            planner = Planner(dossier.stelsel, house.today())
            weighed = lightest_first(
                (route, weigh(planner, route)) for route in dossier.stelsel.routes if any(route.slug in e for e in expected)
            )
            return [f"{r.slug}: {g.stops} stops, {g.vergaderingen} vergaderingen, {g.raden + g.colleges} gevraagd" for r, g in weighed]
        case "waarom_deze_stap":
            return {slug: stap.toelichting for slug in expected if (stap := dossier.route.stap(slug))}
        case "agenda":
            text = as_markdown(prepare(house, expected["van"], expected["datum"], house.today()))
            return {**expected, "zegt": [zin for zin in expected["zegt"] if zin in text]}
        case "termijn":
            rule = {name: expected[name] for name in ("weken", "reces_telt", "rolt")}
            termijn = Termijn.model_validate({**rule, "bron": "dit verhaal", "status": "voorbeeld"})
            venster = dossier.stelsel.werkkalender.reactietermijn(expected["verzonden"], termijn)
            assert isinstance(venster, Venster)
            return {**expected, "tot_en_met": venster.tot_en_met.datum}
        case "let_op":
            vraag = Planvraag(SLUG, dossier.route, "raadpleging", expected["van"])
            watch = waarschuwingen(
                Planner(dossier.stelsel, house.today()), vraag, vraag.stappen[0], expected["van"], expected["tot_en_met"]
            )
            return {**expected, "zinnen": [w.zin for w in watch]}
        case "deelname":
            named = {dossier.stelsel.orgaan(slug).deelnemer: stand.staat.label for slug, stand in ronde.standen.items()} if ronde else {}
            return {deelnemer: named[deelnemer] for deelnemer in expected}
    pytest.fail(f"een verhaal kent '{key}' niet")
