"""What if: only what is touched is planned again, and the answer is that of planning everything again."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines.errors import NoVergaderingInTime, Refused, UnknownSlug
from statemachines.planning.jaar import year_of
from statemachines.planning.planner import Opgelost, Planner, Planvraag
from statemachines.planning.scenario import (
    Scenario,
    add_reces,
    change_termijn,
    compare,
    gevolgen,
    move_vergadering,
    replanned,
    sensitivity,
)
from statemachines.planning.vraag import Wens, vraag_of_route
from statemachines.stelsel import Stelsel
from tests.makers import a_day
from tests.statemachines.planning.planmakers import a_ritme

OP = a_day("2026-01-05")
ROUTES = ("voortgangsnota", "jaarplan-begroting", "mra-agenda")


def some_vragen(mra: Stelsel, starts: list[tuple[str, int]]) -> list[Planvraag]:
    return [vraag_of_route(mra, mra.route(route), f"dossier-{i}", OP + timedelta(days), Wens()) for i, (route, days) in enumerate(starts)]


def planned(mra: Stelsel, vragen: list[Planvraag]) -> tuple[Planner, list[Opgelost]]:
    planner = Planner(mra, OP)
    return planner, planner.solve(vragen)


def anew(planner: Planner, was: list[Opgelost], scenario: Scenario) -> list[Opgelost]:
    return Planner(scenario.stelsel, OP).solve(scenario.vragen)


def days(opgelost: Opgelost) -> tuple[object, ...]:
    slack = [opgelost.choices(i) for i in range(len(opgelost.stappen))]
    return (*map(tuple, (opgelost.klaar, opgelost.gedaan, opgelost.klaar_uiterlijk, opgelost.gedaan_uiterlijk)), slack)


@st.composite
def scenarios(draw: st.DrawFn, mra: Stelsel, vragen: list[Planvraag]) -> Scenario:
    kind = draw(st.sampled_from(["verplaatst", "vervalt", "termijn", "reces"]))
    if kind == "termijn":
        return change_termijn(mra, vragen, draw(st.integers(1, 20)), draw(st.sampled_from([None, *ROUTES])))
    if kind == "reces":
        van = OP + timedelta(draw(st.integers(0, 600)))
        return add_reces(mra, vragen, van, van + timedelta(draw(st.integers(0, 60))))
    gremium = draw(st.sampled_from(["bestuur", "av", "aob", "pho-bw", "platform-ruimte"]))
    day = draw(st.sampled_from([day for day in mra.vergaderingen(gremium).dagen if day >= OP]))
    if kind == "vervalt":
        return move_vergadering(mra, vragen, gremium, day, None)
    free = [d for n in range(-60, 61) if (d := day + timedelta(n)).year < 2029 and mra.werkkalender.is_werkdag(d) and d >= OP]
    return move_vergadering(
        mra, vragen, gremium, day, draw(st.sampled_from([d for d in free if d not in mra.vergaderingen(gremium).dagen]))
    )


@given(data=st.data(), starts=st.lists(st.tuples(st.sampled_from(ROUTES), st.integers(0, 500)), min_size=1, max_size=6))
def test_planning_only_what_a_scenario_touches_equals_planning_everything_again(
    mra: Stelsel, data: st.DataObject, starts: list[tuple[str, int]]
) -> None:
    vragen = some_vragen(mra, starts)
    before, was = planned(mra, vragen)
    scenario = data.draw(scenarios(mra, vragen))

    after = Planner(scenario.stelsel, OP, like=before)
    again = replanned(before, was, after, scenario.vragen)

    full = anew(before, was, scenario)
    assert [days(o) for o in again] == [days(o) for o in full]
    assert compare(before, was, scenario) == list(gevolgen(before, was, Planner(scenario.stelsel, OP), full))


@given(data=st.data(), gap=st.integers(0, 40), starts=st.lists(st.integers(0, 400), min_size=2, max_size=4))
def test_dossiers_that_wait_for_each_other_are_touched_together(mra: Stelsel, data: st.DataObject, gap: int, starts: list[int]) -> None:
    vragen = some_vragen(mra, [("jaarplan-begroting", start) for start in starts])
    chained = [vragen[0], *(Planvraag(**{**vars(v), "na": f"dossier-{i}", "na_werkdagen": gap}) for i, v in enumerate(vragen[1:]))]
    before, was = planned(mra, chained)
    scenario = data.draw(scenarios(mra, chained))

    again = replanned(before, was, Planner(scenario.stelsel, OP, like=before), scenario.vragen)

    assert [days(o) for o in again] == [days(o) for o in anew(before, was, scenario)]
    for first, then in pairwise(was):
        if first.einde is not None and then.klaar[0] is not None:
            assert then.klaar[0] >= (mra.werkkalender.after_day(first.einde, gap) or 0)


def test_a_plan_that_a_scenario_does_not_touch_is_not_made_again(mra: Stelsel) -> None:
    vragen = some_vragen(mra, [("jaarplan-begroting", 0), ("mra-agenda", 0)])
    before, was = planned(mra, vragen)
    scenario = move_vergadering(mra, vragen, "pho-bw", a_day("2026-03-18"), None)

    again = replanned(before, was, Planner(scenario.stelsel, OP, like=before), scenario.vragen)

    assert again[0] is was[0]


def test_a_dossier_misses_its_av_when_the_vergadering_before_it_falls_out(mra: Stelsel) -> None:
    vragen = some_vragen(mra, [("jaarplan-begroting", 0)])
    before, was = planned(mra, vragen)
    bestuur = date.fromordinal(was[0].gedaan[1] or 0)

    (gevolg,) = compare(before, was, move_vergadering(mra, vragen, "bestuur", bestuur, None))

    assert (gevolg.mist, gevolg.doel, gevolg.einde_was) == (True, gevolg.einde_was, a_day("2026-03-20"))
    assert gevolg.einde_wordt == a_day("2026-06-26")
    assert [v.stap for v in gevolg.verschoven] == ["bestuur", "av"]


def test_what_was_agreed_for_a_vergadering_goes_along_with_it(mra: Stelsel) -> None:
    vraag = vraag_of_route(
        mra, mra.route("jaarplan-begroting"), "d", OP, Wens(doel=a_day("2026-06-26"), zet={"bestuur": (a_day("2026-04-10"),)})
    )
    before, was = planned(mra, [vraag])

    later = compare(before, was, move_vergadering(mra, [vraag], "bestuur", a_day("2026-04-10"), a_day("2026-04-17")))
    doel = compare(before, was, move_vergadering(mra, [vraag], "av", a_day("2026-06-26"), a_day("2026-07-03")))

    assert [(v.was, v.wordt) for v in later[0].verschoven] == [(a_day("2026-04-10"), a_day("2026-04-17"))] and not later[0].mist
    assert (doel[0].doel, doel[0].einde_wordt, doel[0].mist) == (a_day("2026-07-03"), a_day("2026-07-03"), False)


def test_a_council_calendar_that_becomes_known_changes_who_can_make_it(mra: Stelsel) -> None:
    vragen = some_vragen(mra, [("voortgangsnota", 0)])
    before, was = planned(mra, vragen)
    ritmes = (*mra.ritmes, a_ritme("uithoorn", schakels=[{"soort": "raad", "herhaling": {"weekdag": 3}}]))
    known = Scenario("Uithoorn geeft een ritme door.", mra.model_copy(update={"ritmes": ritmes}), tuple(vragen))

    (gevolg,) = compare(before, was, known)

    assert gevolg.komen_erbij == ("raad-uithoorn",) and gevolg.vallen_af == () and gevolg.verschoven == ()


def test_sensitivity_names_for_every_needed_vergadering_who_misses_and_who_moves(mra: Stelsel) -> None:
    vragen = some_vragen(mra, [("jaarplan-begroting", 0), ("voortgangsnota", 30)])
    before, was = planned(mra, vragen)

    rows = {(row.gremium, row.datum): row for row in sensitivity(before, was)}

    for (gremium, datum), row in rows.items():
        found = compare(before, was, move_vergadering(mra, vragen, gremium, datum, None))
        assert row.missen == tuple(g.slug for g in found if g.mist)
    assert rows[("bestuur", a_day("2026-03-06"))].missen == ("dossier-0", "dossier-1")
    assert all(datum >= OP for _, datum in rows)


@pytest.mark.parametrize(
    ("gremium", "van", "naar", "error", "says"),
    [
        ("bestuur", "2026-03-07", None, NoVergaderingInTime, "wel daarvoor op vrijdag 6 maart 2026 en daarna op vrijdag 10 april 2026"),
        ("bestuur", "2026-03-06", "2026-04-10", Refused, "vergadert al op vrijdag 10 april 2026"),
        ("bestuur", "2026-03-06", "2026-04-06", Refused, "maandag 6 april 2026 is geen werkdag; de eerste werkdag daarna is dinsdag 7"),
        ("bestuur", "2026-03-06", "2035-04-06", Refused, "ligt niet in de kalender"),
        ("kerstman", "2026-03-06", None, UnknownSlug, "Er is geen gremium 'kerstman'"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(
    mra: Stelsel, gremium: str, van: str, naar: str | None, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        move_vergadering(mra, [], gremium, a_day(van), a_day(naar) if naar else None)


def test_a_recess_upside_down_or_outside_the_calendar_is_refused(mra: Stelsel) -> None:
    with pytest.raises(Refused, match="voor het begin"):
        add_reces(mra, [], a_day("2026-05-02"), a_day("2026-05-01"))
    with pytest.raises(Refused, match="ligt niet in de kalender"):
        add_reces(mra, [], a_day("2036-05-02"), a_day("2036-06-01"))
    with pytest.raises(UnknownSlug, match="Er is geen route"):
        change_termijn(mra, [], 8, "kerstroute")


def test_a_year_counts_the_load_of_every_vergadering(mra: Stelsel) -> None:
    vragen = some_vragen(mra, [("jaarplan-begroting", 0), ("jaarplan-begroting", 1), ("voortgangsnota", 0)])
    planner, was = planned(mra, vragen)

    jaar = year_of(planner, was, 2026)

    load = {(z.gremium, z.datum): len(z.punten) for z in jaar.zittingen}
    assert load[("bestuur", a_day("2026-03-06"))] == 3 and load[("av", a_day("2026-03-20"))] == 3
    assert sum(load.values()) == sum(stap.ronde is None for o in was for stap in o.stappen)
    assert {z.gremium for z in jaar.zittingen} >= {"aob", "bestuur", "av", "raadtafel"}
    assert jaar.botsingen == () and len(jaar.rondes) == 1
