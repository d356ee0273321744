"""Small things to build tests from: a stelsel of three gemeenten and one provincie, and what people do in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from statemachines.facts import Kring
from statemachines.route import Route
from statemachines.stelsel import Stelsel

FACT = {"bron": "bedacht voor een test", "status": "voorbeeld"}


def a_day(text: str) -> date:
    return date.fromisoformat(text)


def a_stap(slug: str, rol: str, gremium: str, **rest: Any) -> dict[str, Any]:
    return {"slug": slug, "naam": slug.replace("-", " ").capitalize(), "rol": rol, "gremium": gremium, "toelichting": "test", **rest}


def held_over(slug: str) -> dict[str, str]:
    return dict.fromkeys(("aanhouden", "besproken-zonder-besluit", "niet-behandeld"), slug)


def a_termijn(**changes: Any) -> dict[str, Any]:
    return {"weken": 8, "reces_telt": False, "rolt": True, **FACT, **changes}


def a_ronde(volgt: str, **changes: Any) -> dict[str, Any]:
    return {
        "kring": "raden-staten",
        "grondslag": "wensen en opvattingen",
        "antwoord": "inbreng",
        "termijn": a_termijn(),
        "sluit": "termijn",
        "volgt": volgt,
        **changes,
    }


def a_route(**changes: Any) -> dict[str, Any]:
    """In routing, Bestuur releases, the raden react, the AV adopts."""
    return {
        "slug": "nota",
        "naam": "Nota",
        "geldig_vanaf": "2020-01-01",
        "toelichting": "test",
        "product": "concept",
        "stappen": [
            a_stap("routering", "voorbereiden", "aob", volgt="vrijgave"),
            a_stap(
                "vrijgave",
                "vrijgeven",
                "bestuur",
                uitkomsten={"akkoord": "raadpleging", "intrekken": "ingetrokken", **held_over("vrijgave")},
            ),
            a_stap("raadpleging", "raadplegen", "raden-staten", ronde=a_ronde("vaststelling")),
            a_stap(
                "vaststelling",
                "vaststellen",
                "av",
                uitkomsten={
                    "akkoord": "vastgesteld",
                    "terugverwijzen": "vrijgave",
                    "intrekken": "ingetrokken",
                    **held_over("vaststelling"),
                },
            ),
        ],
        "eindes": [{"slug": "vastgesteld", "naam": "Vastgesteld"}, {"slug": "ingetrokken", "naam": "Ingetrokken"}],
        **FACT,
        **changes,
    }


def a_college_route() -> dict[str, Any]:
    """The colleges adopt side by side; the Bestuur concludes that it was done."""
    colleges = a_ronde("conclusie", kring="colleges", antwoord="besluit", sluit="allen", grondslag="vaststelling")
    return a_route(
        slug="agenda",
        stappen=[
            a_stap("routering", "voorbereiden", "aob", volgt="colleges"),
            a_stap("colleges", "vaststellen", "colleges", ronde=colleges),
            a_stap(
                "conclusie",
                "kennisnemen",
                "bestuur",
                uitkomsten={"ter-kennisname": "vastgesteld", "intrekken": "ingetrokken", **held_over("conclusie")},
            ),
        ],
    )


def a_gremium(slug: str, naam: str, laag: str = "bestuurlijk", aanlevertermijn: int = 10) -> dict[str, Any]:
    return {
        "slug": slug,
        "naam": naam,
        "laag": laag,
        "rol": "test",
        "secretaris": f"secretaris-{slug}" if slug in ("bestuur", "av") else "aob",
        "aanlevertermijn": aanlevertermijn,
        **FACT,
    }


def a_kalender(gremium: str, *dagen: str, volledig: bool = True, jaar: int = 2026) -> dict[str, Any]:
    return {
        "gremium": gremium,
        "vanaf": f"{jaar}-01-01",
        "tot_en_met": f"{jaar}-12-31",
        "volledig": volledig,
        "vergaderingen": [{"datum": dag} for dag in dagen],
        **FACT,
    }


def a_deelnemer(slug: str, soort: str = "gemeente", **rest: Any) -> dict[str, Any]:
    return {"slug": slug, "naam": slug.capitalize(), "soort": soort, "geldig_vanaf": "2020-01-01", **FACT, **rest}


FEESTDAGEN_2026 = {
    "2026-01-01": "Nieuwjaarsdag",
    "2026-04-03": "Goede Vrijdag",
    "2026-04-06": "Tweede paasdag",
    "2026-04-27": "Koningsdag",
    "2026-05-05": "Bevrijdingsdag",
    "2026-05-14": "Hemelvaartsdag",
    "2026-05-25": "Tweede pinksterdag",
    "2026-12-25": "Eerste kerstdag",
    "2026-12-26": "Tweede kerstdag",
    "2027-01-01": "Nieuwjaarsdag",
}


def some_kalenderfeiten(*extra: str) -> dict[str, Any]:
    feestdagen = {**FEESTDAGEN_2026, **dict.fromkeys(extra, "Gelijkgestelde dag")}
    return {
        "vanaf": "2026-01-01",
        "tot_en_met": "2027-06-30",
        "feestdagen": [{"naam": naam, "vanaf": dag, "tot_en_met": dag, **FACT} for dag, naam in feestdagen.items()],
        "recessen": [{"naam": "Zomervakantie", "vanaf": "2026-07-04", "tot_en_met": "2026-08-16", **FACT}],
        **FACT,
    }


def a_stelsel(**changes: Any) -> Stelsel:
    """A complete stelsel as small as can be; ``changes`` replace whole parts."""
    vorm = {"aanhef": "Geachte griffier van {naam}", "contact": "griffie", "contact_naam": "griffie van {naam}"}
    adviseur = {"aanhef": "Beste adviseur van {naam}", "contact": "adviseur", "contact_naam": "adviseur van {naam}"}
    organen = {
        "gemeente": {
            Kring.RADEN_STATEN: {"voorvoegsel": "raad", "naam": "gemeenteraad van {naam}", **vorm},
            Kring.COLLEGES: {"voorvoegsel": "college", "naam": "college van {naam}", **adviseur},
        },
        "provincie": {
            Kring.RADEN_STATEN: {"voorvoegsel": "staten", "naam": "Provinciale Staten van {naam}", **vorm},
            Kring.COLLEGES: {"voorvoegsel": "gs", "naam": "Gedeputeerde Staten van {naam}", **adviseur},
        },
    }
    parts: dict[str, Any] = {
        "kop": {"slug": "mra", "naam": "Test", "voluit": "Testregio", **FACT},
        "mail": {
            "afzender_naam": "Test",
            "afzender": "route@kaderroute.example",
            "antwoord_aan": "antwoord@kaderroute.example",
            "website": "https://kaderroute.example",
            "lijst_id": "kader.kaderroute.example",
            **FACT,
        },
        "herinneringen": {"stukken_verwacht_vooraf": 5, "besluit_verwacht_na": 1, **FACT},
        "rollen": [{"slug": s, "naam": s, **FACT} for s in ("aob", "secretaris-bestuur", "secretaris-av", "voorzitter")],
        "soorten": [{"slug": s, "naam": s, "organen": o, **FACT} for s, o in organen.items()],
        "deelregios": [],
        "deelnemers": [a_deelnemer("almere"), a_deelnemer("diemen"), a_deelnemer("laren"), a_deelnemer("flevoland", "provincie")],
        "gremia": [
            a_gremium("aob", "Ambtelijk overleg", "ambtelijk", 3),
            a_gremium("bestuur", "Bestuur"),
            a_gremium("av", "Algemene Vergadering"),
            a_gremium("raden-staten", "Raden en Staten", "volksvertegenwoordiging", 0),
            a_gremium("colleges", "Colleges"),
        ],
        "kalenders": [
            a_kalender("bestuur", "2026-02-06", "2026-03-20", "2026-05-08", "2026-06-19", "2026-09-11", "2026-10-30", "2026-12-11"),
            a_kalender("av", "2026-03-27", "2026-06-26", "2026-09-25", "2026-12-18"),
        ],
        "kalenderfeiten": some_kalenderfeiten(),
        "documentsoorten": [{"slug": "nota", "naam": "Nota", "cyclus": "jaarlijks", "route": "nota", **FACT}],
        "begrippen": [],
        "routes": [a_route(), a_college_route()],
    }
    return Stelsel.model_validate(parts | changes)


def the_route(data: dict[str, Any]) -> Route:
    return Route.model_validate(data)
