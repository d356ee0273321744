"""Who sits there for us: vanuit the own gemeente or namens the deelregio, on a day; nobody is said as plainly as somebody."""

from __future__ import annotations

import pytest

from statemachines.errors import UnknownSlug
from statemachines.facts import Status
from statemachines.stelsel import Stelsel
from statemachines.zetels import seat_of, seats_along
from tests.makers import FACT, a_day, a_deelnemer, a_gremium, a_stelsel


def a_seat(functie: str, **waar: str) -> dict[str, str]:
    return {"functie": functie, "geldig_vanaf": "2026-01-01", **FACT, **waar}


def a_table() -> Stelsel:
    zetels = [
        a_seat("burgemeester", vanuit="almere"),
        a_seat("wethouder wonen", namens="oost", geldig_tot="2026-06-30"),
        a_seat("gedeputeerde", vanuit="flevoland", status="bron"),
    ]
    gremia = [{**a_gremium("bestuur", "Bestuur"), "zetels": zetels}, *(a_gremium(g, g) for g in ("aob", "av", "raden-staten", "colleges"))]
    deelnemers = [a_deelnemer("almere", deelregio="oost"), a_deelnemer("diemen", deelregio="west"), a_deelnemer("flevoland", "provincie")]
    deelregios = [{"slug": slug, "naam": slug.capitalize(), **FACT} for slug in ("oost", "west")]
    return a_stelsel(gremia=gremia, deelnemers=deelnemers, deelregios=deelregios)


def test_a_deelnemer_sits_there_vanuit_itself_and_namens_its_deelregio_as_long_as_the_seat_holds() -> None:
    stelsel = a_table()

    before, after = (seat_of(stelsel, "almere", "bestuur", a_day(dag)) for dag in ("2026-06-30", "2026-07-01"))

    assert before.functies == ("burgemeester, vanuit Almere", "wethouder wonen, namens deelregio Oost")
    assert after.functies == ("burgemeester, vanuit Almere",) and after.status is Status.VOORBEELD


def test_nobody_is_said_as_plainly_as_somebody() -> None:
    stelsel = a_table()

    nobody, somebody, invented = (seat_of(stelsel, wie, "bestuur", a_day("2026-07-01")) for wie in ("diemen", "flevoland", "almere"))

    assert (nobody.zin, nobody.status) == ("Bestuur: niemand vanuit of namens u", None)
    assert invented.zin.endswith("burgemeester, vanuit Almere (voorbeeld)")
    assert (somebody.zin, somebody.status) == ("Bestuur: gedeputeerde, vanuit Flevoland", Status.BRON)


def test_along_a_route_each_gremium_is_named_once() -> None:
    stelsel = a_table()

    found = [plaats.gremium for plaats in seats_along(stelsel, stelsel.route("nota"), "vrijgave", "almere", a_day("2026-07-01"))]

    assert found == ["bestuur", "av"]


def test_an_unknown_deelnemer_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownSlug, match=r"Er is geen deelnemer 'atlantis'.*almere, diemen"):
        seat_of(a_table(), "atlantis", "bestuur", a_day("2026-07-01"))
