"""What shift would let raden take part: each one tried out, and every smaller one too."""

from __future__ import annotations

from datetime import date

import pytest

from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.verschuiving import RELEASES, Verschuiving, verschuivingen
from statemachines.planning.verschuiving import Soort as Schuif
from statemachines.planning.vraag import Wens, vraag_of_route
from statemachines.route import StapRol
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_kalender, a_stelsel
from tests.statemachines.planning.planmakers import (
    AOB,
    DAY,
    NOTA,
    a_herhaling,
    a_plan,
    a_raadskalender,
    a_ritme,
    applied,
    day_of,
    every_day,
    known_raden,
    pins,
    planned,
)


def shifts_of(planner: Planner, opgelost: Opgelost) -> tuple[int, dict[Schuif, Verschuiving]]:
    i = next(i for i, stap in enumerate(opgelost.stappen) if stap.rol is StapRol.RAADPLEGEN)
    return i, {found.soort: found for found in verschuivingen(planner, opgelost, i)}


CASES = [
    ("2026-01-05", "2026-01-05", None),
    ("2026-01-05", "2026-01-05", "2026-12-11"),
    ("2026-01-05", "2026-06-15", "2027-03-19"),
    ("2026-01-05", "2026-08-20", None),
    ("2026-01-05", "2027-01-04", "2027-12-10"),
]


@pytest.mark.parametrize(("op", "vanaf", "doel"), CASES)
def test_every_shift_that_is_named_really_lets_that_many_take_part_at_that_cost(
    mra: Stelsel, op: str, vanaf: str, doel: str | None
) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day(vanaf), Wens(doel=None if doel is None else a_day(doel)))
    planner, opgelost, plan = planned(mra, vraag, op)
    i, found = shifts_of(planner, opgelost)
    av = mra.vergaderingen("av").dagen
    now = applied(planner, opgelost, i)[1]

    assert found
    for soort, shift in found.items():
        pin = {"raadpleging": shift.tot_en_met} if soort in (Schuif.RUIMER, Schuif.LANGER) else {"av-vrijgave": shift.vrijgave}
        after, part = applied(planner, opgelost, i, gezet=pin, vanaf=a_day(op) if soort is Schuif.EERDER else vraag.vanaf)
        window = planner.venster(after, i)
        assert part == shift.doen_mee > now
        assert shift.bekend == known_raden(planner, after, i)
        assert window == (shift.van.toordinal(), shift.tot_en_met.toordinal())
        assert after.gedaan[i - 1] == shift.vrijgave.toordinal() and shift.vrijgave >= a_day(op)
        planned_av, first_av = day_of(plan.doel), date.fromordinal(after.einde or 0)
        costs = max(first_av, planned_av) if doel else first_av
        assert shift.doel == costs
        assert shift.vergaderingen_later == sum(planned_av < day <= costs for day in av) - sum(costs < day <= planned_av for day in av)
    if Schuif.RUIMER in found:
        assert found[Schuif.RUIMER].vergaderingen_later == 0


@pytest.mark.parametrize(("op", "vanaf", "doel"), CASES)
def test_no_smaller_shift_of_its_kind_lets_as_many_take_part_and_none_lets_more(
    mra: Stelsel, op: str, vanaf: str, doel: str | None
) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day(vanaf), Wens(doel=None if doel is None else a_day(doel)))
    planner, opgelost, _ = planned(mra, vraag, op)
    i, found = shifts_of(planner, opgelost)
    release, close = (date.fromordinal(opgelost.gedaan[k] or 0) for k in (i - 1, i))
    now, werk, av = applied(planner, opgelost, i)[1], mra.werkkalender, mra.vergaderingen("av").dagen

    def longer(until: date) -> dict[date, int]:
        days = [day for day in every_day(close, until) if werk.is_werkdag(day)]
        return {day: applied(planner, opgelost, i, gezet={"raadpleging": day})[1] for day in days}

    def released(days: list[date], start: date) -> dict[date, int]:
        tried = {day: applied(planner, opgelost, i, gezet={"av-vrijgave": day}, vanaf=start) for day in days}
        return {day: part for day, (after, part) in tried.items() if after.gedaan[i - 1] == day.toordinal()}

    last = opgelost.gedaan_uiterlijk[i]
    assert last is not None
    by_kind = {
        Schuif.LANGER: longer(close + 181 * DAY),
        Schuif.RUIMER: longer(date.fromordinal(last - 1)),
        Schuif.LATER: released([day for day in av if day > release][:RELEASES], vraag.vanaf),
        Schuif.EERDER: released([day for day in av if a_day(op) <= day < release][::-1][:RELEASES], a_day(op)),
    }
    for soort, tried in by_kind.items():
        most = max([now, *tried.values()])
        if soort not in found:
            given_up = soort is Schuif.LANGER and Schuif.RUIMER in found and found[Schuif.RUIMER].doen_mee == found[Schuif.RUIMER].bekend
            assert most == now or given_up
            continue
        shift = found[soort]
        day = shift.tot_en_met if soort in (Schuif.RUIMER, Schuif.LANGER) else shift.vrijgave
        assert tried[day] == shift.doen_mee
        if shift.doen_mee < shift.bekend:
            assert shift.doen_mee == most
        nearer = [part for other, part in tried.items() if abs((other - release).days) < abs((day - release).days)]
        assert all(part < shift.doen_mee for part in nearer)


def test_no_shift_is_named_when_everyone_can_when_nothing_is_known_or_when_the_termijn_is_fixed(mra: Stelsel) -> None:
    stelsels = [
        a_stelsel(kalenders=[AOB, *a_stelsel().model_dump()["kalenders"]], ritmes=ritmes, raadskalenders=kalenders)
        for ritmes, kalenders in (
            ([], []),
            ([a_ritme(schakels=[{"soort": "raad", "herhaling": {"weekdag": 1}}]).model_dump()], []),
            ([], [a_raadskalender("2026-12-08").model_dump()]),
        )
    ]
    plans = [a_plan(stelsel, "2026-01-02") for stelsel in stelsels]
    fixed = a_plan(mra, "2026-01-05", Wens(zet=pins(raadpleging="2026-03-27 2026-05-22")), route=NOTA)

    assert [bool(plan.rondes[0].verschuivingen) for plan in plans] == [False, False, True]
    assert fixed.rondes[0].verschuivingen == ()


def test_of_releases_that_let_as_many_take_part_the_nearest_is_named() -> None:
    kalenders = [AOB, a_kalender("bestuur", "2026-02-06", "2026-03-20", "2026-05-08", "2026-06-19"), a_kalender("av", "2026-12-18")]
    never = a_raadskalender("2026-01-06", "2027-06-01", deelnemer="diemen", tot_en_met="2027-06-30")
    gone = [{"soort": "raad", "vervalt": day} for day in every_day(a_day("2026-02-01"), a_day("2026-04-15"))]
    may_on = a_ritme(schakels=[{"soort": "raad", "herhaling": a_herhaling(1)}], uitzonderingen=gone)
    stelsel = a_stelsel(kalenders=kalenders, ritmes=[may_on.model_dump()], raadskalenders=[never.model_dump()])

    shifts = {found.soort: found for found in a_plan(stelsel, "2026-01-02", Wens(doel=a_day("2026-12-18"))).rondes[0].verschuivingen}

    assert shifts[Schuif.LATER].vrijgave == a_day("2026-03-20")
    assert (shifts[Schuif.LATER].doen_mee, shifts[Schuif.LATER].bekend) == (1, 2)


def test_an_earlier_release_is_never_proposed_for_a_day_that_has_passed(mra: Stelsel) -> None:
    vraag = vraag_of_route(mra, mra.route(NOTA), "nota", a_day("2026-08-20"), Wens())

    waits = vraag_of_route(mra, mra.route(NOTA), "nota", a_day("2026-01-05"), Wens(zet=pins(av_vrijgave="2026-12-11")))

    early, late = (shifts_of(*planned(mra, vraag, op)[:2])[1] for op in ("2026-01-05", "2026-08-20"))

    assert a_day("2026-01-05") <= early[Schuif.EERDER].vrijgave < a_day("2026-12-11")
    assert Schuif.EERDER not in late
    passed = shifts_of(*planned(mra, waits, "2026-10-01")[:2])[1]
    assert Schuif.EERDER not in passed
