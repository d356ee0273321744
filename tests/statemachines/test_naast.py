"""Beside the besluit: required advice, and gremia that decide side by side."""

from __future__ import annotations

from typing import Any

from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.naast import Gevolg
from statemachines.payloads import Afwijking
from statemachines.route import AdviesOver
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_gremium, a_kalender, a_route, a_stelsel
from tests.statemachines.journaling import REDEN, Journaal


def with_vrijgave(**more: Any) -> Stelsel:
    """The small stelsel, with more at the stap where the Bestuur releases, and a Raadtafel and a platform that meets a week later."""
    small = a_stelsel()
    route = a_route()
    route["stappen"][1] |= more
    gremia = [g.model_dump() for g in small.gremia] + [a_gremium("raadtafel", "Raadtafel"), a_gremium("platform", "Platform")]
    kalenders = [k.model_dump() for k in small.kalenders] + [a_kalender("platform", "2026-02-13", "2026-03-27")]
    return a_stelsel(gremia=gremia, kalenders=kalenders, routes=[route, small.routes[1].model_dump()])


ADVIES = [{"gremium": "raadtafel", "over": "proces", "verplicht": True, "toelichting": "test"}]
GIVEN = Inbreng(soort=InbrengSoort.ADVIES, over=AdviesOver.PROCES, tekst=REDEN)


def advise(journaal: Journaal, op: str) -> None:
    from statemachines.decide import decide_inbreng

    journaal.write(decide_inbreng(journaal.dossier, "raadtafel", GIVEN, a_day(op), a_day(op)))


def test_a_stap_does_not_close_without_the_advice_that_it_requires() -> None:
    journaal = Journaal(with_vrijgave(adviezen=ADVIES))
    journaal.open(a_day("2026-01-05"))

    missing = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "akkoord", a_day("2026-02-06")))
    held = journaal.besluit("bestuur", "aanhouden", a_day("2026-02-06"))
    advise(journaal, "2026-02-10")
    moved = journaal.besluit("bestuur", "akkoord", a_day("2026-03-20"), adviezen=(Gevolg("raadtafel", True),))

    assert missing.startswith("Het advies van Raadtafel is hier nodig en ontbreekt")
    assert held.fase == "vrijgave" and held.naast is not None and held.naast.missing == ("raadtafel",)
    assert moved.fase == "raadpleging"


def test_an_afwijking_allows_to_decide_without_required_advice_and_withdrawing_needs_none() -> None:
    spoed = Afwijking(reden=REDEN, toegestaan_door="voorzitter")
    allowed, withdrawn = Journaal(with_vrijgave(adviezen=ADVIES)), Journaal(with_vrijgave(adviezen=ADVIES))
    for journaal in (allowed, withdrawn):
        journaal.open(a_day("2026-01-05"))

    assert allowed.besluit("bestuur", "akkoord", a_day("2026-02-06"), afwijking=spoed).fase == "raadpleging"
    assert withdrawn.besluit("bestuur", "intrekken", a_day("2026-02-06")).ended


def test_advice_of_an_earlier_visit_is_not_asked_about_again() -> None:
    journaal = Journaal(with_vrijgave())
    journaal.open(a_day("2026-01-05"))
    advise(journaal, "2026-01-10")
    journaal.besluit("bestuur", "akkoord", a_day("2026-02-06"), adviezen=(Gevolg("raadtafel", False, REDEN),))
    journaal.lapse()
    journaal.besluit("av", "terugverwijzen", a_day("2026-06-26"))

    again = journaal.besluit("bestuur", "akkoord", a_day("2026-09-11"))

    assert again.fase == "raadpleging" and again.bezoeken["vrijgave"] == 2


def test_gremia_side_by_side_move_together_on_the_day_of_the_last_with_the_uitkomst_of_who_leads() -> None:
    journaal = Journaal(with_vrijgave(naast=["platform"]))
    opened = journaal.open(a_day("2026-01-05"))
    assert opened.opening and opened.opening.zitting and opened.opening.zitting.vergadering == a_day("2026-02-13")

    waits = journaal.besluit("bestuur", "akkoord", a_day("2026-02-06"))
    moved = journaal.besluit("platform", "akkoord", a_day("2026-02-13"))

    assert waits.fase == "vrijgave" and waits.naast is not None and waits.naast.waiting == ("platform",)
    assert waits.laatste_zet == 1
    assert moved.fase == "raadpleging" and moved.ronde is not None and moved.ronde.van == a_day("2026-02-13")


def test_the_order_in_which_gremia_side_by_side_are_registered_does_not_matter() -> None:
    first, last = Journaal(with_vrijgave(naast=["platform"])), Journaal(with_vrijgave(naast=["platform"]))
    days = {"bestuur": a_day("2026-02-06"), "platform": a_day("2026-02-13")}
    for journaal, order in ((first, ("bestuur", "platform")), (last, ("platform", "bestuur"))):
        journaal.open(a_day("2026-01-05"))
        for gremium in order:
            journaal.besluit(gremium, "akkoord", days[gremium], op=a_day("2026-02-20"))

    assert first.dossier.opening == last.dossier.opening and first.dossier.fase == last.dossier.fase == "raadpleging"


def test_the_leading_gremium_can_withdraw_at_once_and_the_other_cannot() -> None:
    journaal, other = Journaal(with_vrijgave(naast=["platform"])), Journaal(with_vrijgave(naast=["platform"]))
    for one in (journaal, other):
        one.open(a_day("2026-01-05"))

    assert journaal.besluit("bestuur", "intrekken", a_day("2026-02-06")).ended
    assert other.besluit("platform", "intrekken", a_day("2026-02-13")).fase == "vrijgave"
