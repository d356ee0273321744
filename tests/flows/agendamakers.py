"""Nota's at several stappen, for tests of the agenda of a meeting."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from flows import use_cases
from flows.agenda import Agenda, prepare
from flows.house import House
from flows.use_cases import Actor
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.route import AdviesOver, Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_day, a_gremium, a_kalender, a_route, a_stelsel

AKKOORD, AANHOUDEN = Uitkomst.AKKOORD, Uitkomst.AANHOUDEN
AOB = a_kalender("aob", "2026-02-12", "2026-03-12", "2026-04-09", "2026-05-07", "2026-06-11", "2026-07-09", "2026-12-10")
BESTUUR = a_kalender("bestuur", "2026-02-06", "2026-03-20", "2026-05-08", "2026-06-19", "2026-09-11", "2026-10-30")
AV = a_kalender("av", "2026-03-27", "2026-06-26", "2026-09-25", "2026-12-18")
ROLES = {
    "aob": "AOB",
    "secretaris-bestuur": "secretaris van het Bestuur",
    "secretaris-av": "secretaris van de AV",
    "voorzitter": "voorzitter",
    "directie": "MRA Directie",
}


def the_facts(**changes: Any) -> Stelsel:
    """Bestuur releases with the advice of the Raadtafel beside it, the AV adopts; the secretarissen have no calendar."""
    route = a_route()
    route["stappen"][1]["adviezen"] = [{"gremium": "raadtafel", "over": "proces", "verplicht": True, "toelichting": "test"}]
    parts = {
        "rollen": [{"slug": slug, "naam": naam, **FACT} for slug, naam in ROLES.items()],
        "gremia": [
            a_gremium("aob", "AOB", "ambtelijk", 3),
            a_gremium("secretarissen", "Secretarissen", "ambtelijk", 3),
            a_gremium("bestuur", "Bestuur"),
            a_gremium("raadtafel", "Raadtafel"),
            a_gremium("av", "Algemene Vergadering"),
            a_gremium("raden-staten", "Raden en Staten", "volksvertegenwoordiging", 0),
        ],
        "kalenders": [AOB, BESTUUR, AV],
        "routes": [route],
    }
    return a_stelsel(**{**parts, **changes})


def an_actor(op: str) -> Actor:
    return Actor(op=a_day(op), door="aob", via="cli", opdracht=str(uuid4()))


def opens(house: House, slug: str, op: str, trekker: str | None = None, titel: str | None = None, route: str = "nota") -> None:
    use_cases.open_dossier(house, an_actor(op), slug, route, titel or f"Nota {slug}", a_day(op), trekker=trekker)


def decides(house: House, slug: str, gremium: str, op: str, uitkomst: Uitkomst = AKKOORD, **rest: Any) -> None:
    if gremium == "bestuur" and uitkomst is AKKOORD:
        rest = {"afwijking": "De Raadtafel vergadert later", "toegestaan_door": "voorzitter", **rest}
    use_cases.register_besluit(house, an_actor(rest.pop("laat", op)), slug, gremium, uitkomst, a_day(op), **rest)


def reacts(house: House, slug: str, van: str, op: str, **rest: Any) -> None:
    given = Inbreng(soort=InbrengSoort.REACTIE, **rest)
    use_cases.register_inbreng(house, an_actor(op), slug, van, given, a_day(op), tekst="Brief", indiener="Mevrouw Voorbeeld")


def advises(house: House, slug: str, op: str) -> None:
    given = Inbreng(soort=InbrengSoort.ADVIES, over=AdviesOver.PROCES)
    use_cases.register_inbreng(house, an_actor(op), slug, "raadtafel", given, a_day(op), tekst="Geef raden meer tijd")


def accepts(house: House, op: str = "2026-01-02", **changes: Any) -> House:
    use_cases.accept_facts(house, an_actor(op), the_facts(**changes), (), "feiten")
    return house


@pytest.fixture
def begun(sqlite_house: House) -> House:
    """Facts accepted, nothing in routing."""
    return accepts(sqlite_house)


@pytest.fixture
def busy(begun: House) -> House:
    """Three nota's: one among the raden, one on its way to the Bestuur of 8 May, one in routing on 9 April with a trekker."""
    opens(begun, "raden", "2026-02-10")
    decides(begun, "raden", "bestuur", "2026-03-20")
    opens(begun, "bestuur-nu", "2026-02-20")
    decides(begun, "bestuur-nu", "bestuur", "2026-03-20", AANHOUDEN, laat="2026-03-21")
    opens(begun, "nieuw", "2026-04-09", "directie")
    return begun


def agenda(house: House, gremium: str = "aob", datum: str = "2026-05-07", op: str = "2026-04-20") -> Agenda:
    return prepare(house, gremium, a_day(datum), a_day(op))
