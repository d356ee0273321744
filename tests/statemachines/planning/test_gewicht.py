"""The weight of a route: counted by hand, against the plan that anybody can make of it, and the order from light to heavy."""

from __future__ import annotations

from datetime import date

import pytest

from statemachines.kalender import Moment
from statemachines.planning.gewicht import Gewicht, GewogenRoute, lightest_first, weigh
from statemachines.planning.planner import Planner
from statemachines.stelsel import Stelsel
from tests.makers import a_college_route, a_day, a_kalender, a_ronde, a_route, a_stap, a_stelsel, held_over
from tests.statemachines.planning.planmakers import AOB, a_plan

KALENDERS = [AOB, *(a_stelsel().model_dump(mode="json")["kalenders"])]


def weight(route: dict[str, object], op: str = "2026-01-05", **facts: object) -> Gewicht:
    stelsel = a_stelsel(routes=[route], **{"kalenders": KALENDERS, **facts})
    return weigh(Planner(stelsel, a_day(op)), stelsel.routes[0])


def test_a_route_through_bestuur_raden_and_av_weighs_what_people_count() -> None:
    gewicht = weight(a_route())

    assert (gewicht.stops, gewicht.vergaderingen, gewicht.raden, gewicht.colleges) == (4, 3, 4, 0)
    assert gewicht.ambtelijk == ("routering",)
    assert (gewicht.van, gewicht.tot_en_met, gewicht.weken, gewicht.onbekend) == (a_day("2026-01-15"), a_day("2026-06-26"), 23, "")


def test_colleges_that_adopt_are_asked_once_each_and_raden_not_at_all() -> None:
    gewicht = weight(a_college_route())

    assert (gewicht.stops, gewicht.vergaderingen, gewicht.raden, gewicht.colleges) == (3, 2, 0, 4)


def test_who_is_asked_in_two_rondes_counts_twice() -> None:
    stappen = [
        a_stap("routering", "voorbereiden", "aob", volgt="eerst"),
        a_stap("eerst", "raadplegen", "raden-staten", ronde=a_ronde("nog-eens")),
        a_stap("nog-eens", "raadplegen", "raden-staten", ronde=a_ronde("vaststelling")),
        a_stap("vaststelling", "vaststellen", "av", uitkomsten={"akkoord": "vastgesteld", **held_over("vaststelling")}),
    ]

    gewicht = weight(a_route(stappen=stappen, eindes=[{"slug": "vastgesteld", "naam": "Vastgesteld"}]))

    assert (gewicht.stops, gewicht.vergaderingen, gewicht.raden) == (4, 2, 8)


def test_gremia_side_by_side_and_advice_are_counted_and_a_combi_is_one_vergadering() -> None:
    def stappen(**rest: object) -> list[dict[str, object]]:
        return [
            a_stap("routering", "voorbereiden", "aob", volgt="vaststelling"),
            a_stap("vaststelling", "vaststellen", "av", uitkomsten={"akkoord": "vastgesteld", **held_over("vaststelling")}, **rest),
        ]

    advies = {"gremium": "bestuur", "over": "proces", "toelichting": "test"}
    naast, combi, advised = (
        weight(a_route(stappen=stappen(**rest), eindes=[{"slug": "vastgesteld", "naam": "Vastgesteld"}]))
        for rest in ({"naast": ["bestuur"]}, {"combi": "bestuur"}, {"adviezen": [advies]})
    )

    assert [g.vergaderingen for g in (naast, combi, advised)] == [3, 2, 2]
    assert [g.adviezen for g in (naast, combi, advised)] == [0, 0, 1]


def test_where_a_calendar_does_not_reach_the_weeks_are_onbekend_with_the_reason() -> None:
    late = weight(a_route(), "2026-06-01")
    never = weight(a_route(), kalenders=[a_kalender("av", "2026-06-26")])
    no_end = weight(a_route(), kalenders=[AOB, a_kalender("bestuur", "2026-02-06")])

    assert (late.weken, late.van, late.tot_en_met) == (27, a_day("2026-06-11"), a_day("2026-12-18"))
    assert (never.weken, never.van, never.tot_en_met) == (None, None, None)
    assert never.onbekend == "er is geen volledige vergaderkalender van Ambtelijk overleg rond maandag 5 januari 2026"
    assert (no_end.weken, no_end.van, no_end.tot_en_met) == (None, a_day("2026-01-15"), None)
    assert no_end.onbekend.startswith("er is geen volledige vergaderkalender van Algemene Vergadering rond")


def test_a_ronde_beyond_the_calendar_of_werkdagen_is_what_is_not_known() -> None:
    long = a_ronde("vaststelling")
    long["termijn"] = {**long["termijn"], "weken": 52}
    route = a_route()
    route["stappen"][2]["ronde"] = long

    gewicht = weight(route, "2026-06-01")

    assert gewicht.weken is None
    assert gewicht.onbekend == "de werkdagenkalender loopt van donderdag 1 januari 2026 tot en met woensdag 30 juni 2027"
    assert gewicht.raden == 4


@pytest.mark.parametrize("op", ["2026-01-05", "2026-11-23", "2027-12-01"])
def test_every_shipped_route_weighs_as_its_plan_says(mra: Stelsel, op: str) -> None:
    planner = Planner(mra, a_day(op))

    for route in mra.routes:
        gewicht, plan = weigh(planner, route), a_plan(mra, op, route=route.slug)

        einde = plan.stap(route.stappen[route.concludes(route.stappen[0].slug)].slug)
        begin = plan.stap(route.stappen[0].slug)
        assert einde is not None and begin is not None
        moments = (begin.gepland, einde.gepland)
        assert (gewicht.van, gewicht.tot_en_met) == tuple(m.datum if isinstance(m, Moment) else None for m in moments)
        beside = sum(len(stap.naast) for stap in route.stappen)
        assert (gewicht.stops, gewicht.vergaderingen) == (len(plan.stappen), sum(not s.is_ronde for s in plan.stappen) + beside)
        assert gewicht.ambtelijk == tuple(s.stap for s in plan.stappen if s.ambtelijk)
        assert (gewicht.weken is None) is bool(gewicht.onbekend) is (gewicht.tot_en_met is None)
        if gewicht.tot_en_met is not None:
            assert gewicht.raden + gewicht.colleges == sum(len(ronde.raden) for ronde in plan.rondes)


def test_from_light_to_heavy_goes_by_stops_then_by_who_is_asked_then_by_weeks_and_onbekend_comes_last() -> None:
    def weighs(naam: str, stops: int, raden: int, colleges: int, weken: int | None) -> tuple[str, Gewicht]:
        return naam, Gewicht(date(2026, 1, 5), stops, stops, 0, (), raden, colleges, weken, None, None, "")

    stelsel = a_stelsel()
    light = [
        weighs("a", 3, 33, 33, 50),
        weighs("z", 4, 0, 0, 30),
        weighs("y", 4, 33, 0, 20),
        weighs("x", 4, 0, 33, 30),
        weighs("b", 4, 33, 0, 30),
        weighs("c", 4, 0, 33, None),
    ]
    routes = [(stelsel.routes[0].model_copy(update={"naam": naam}), gewicht) for naam, gewicht in light]

    ordered = lightest_first(reversed(routes))

    assert [route.naam for route, _ in ordered] == ["a", "z", "y", "b", "x", "c"]


def test_a_weighed_route_is_the_route_with_its_weight(mra: Stelsel) -> None:
    route = mra.route("voortgangsnota")
    gewicht = weigh(Planner(mra, a_day("2026-11-23")), route)

    data = GewogenRoute(**dict(route), gewicht=gewicht).model_dump(mode="json")

    assert {**data, "gewicht": None} == {**route.model_dump(mode="json"), "gewicht": None}
    assert (data["gewicht"]["weken"], data["gewicht"]["tot_en_met"]) == (28, "2027-06-25")
