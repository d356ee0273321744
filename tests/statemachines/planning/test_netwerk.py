"""The two passes find what a search through every choice of vergaderingen finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from statemachines.planning.netwerk import Knoop, Tijden, first_late, solve
from statemachines.planning.traject import Tussenruimte
from statemachines.reeks import Reeks
from tests.statemachines.planning.planmakers import FIRST, WERK, a_reeks, reeksen

HORIZON = FIRST + 200


@dataclass(frozen=True)
class Net:
    """Knopen, each with the gremium that handles it."""

    knopen: list[Knoop]
    reeksen: list[Reeks]

    def options(self, i: int) -> list[tuple[int, int]]:
        """Every vergadering of a knoop with the day on which its papers are due."""
        reeks = self.reeksen[i]
        return [(dag.toordinal(), reeks.zitting(k).aanleverdatum.datum.toordinal()) for k, dag in enumerate(reeks.dagen)]

    def before(self, i: int) -> set[int]:
        """A knoop and everything that it waits for."""
        return {i}.union(*(self.before(p) for p, _ in self.knopen[i].na))

    def after(self, i: int) -> set[int]:
        """A knoop and everything that waits for it and must be done by some day; empty when nothing demands anything."""
        later = set().union(*(self.after(s) for s, knoop in enumerate(self.knopen) if i in {p for p, _ in knoop.na}))
        return {i} | later if later or self.knopen[i].uiterlijk is not None else set()


def gapped(day: int, gap: int) -> int:
    found = WERK.after_day(day, gap)
    assert found is not None
    return found


def assignments(net: Net, among: set[int], *, starts: bool = True, ends: bool = True) -> Iterator[dict[int, int]]:
    """Every choice of a vergadering per knoop that can be: papers ready in time, nothing before what was agreed, all done when due."""
    order = sorted(among)
    for choice in product(*(net.options(i) for i in order)):
        days = {i: day for i, (day, _) in zip(order, choice, strict=True)}
        papers = {i: due for i, (_, due) in zip(order, choice, strict=True)}
        if all(_fits(net.knopen[i], i, days, papers, starts, ends) for i in order):
            yield days


def agreed_after_a_gap_in_what_is_known(net: Net, tijden: Tijden) -> bool:
    """Whether a knoop is agreed for some day while it is not known when it is ready: then that day holds."""
    return any(knoop.gezet is not None and ready is None for knoop, ready in zip(net.knopen, tijden.klaar, strict=True))


def _fits(knoop: Knoop, i: int, days: dict[int, int], papers: dict[int, int], starts: bool, ends: bool) -> bool:
    ready = [gapped(days[p], gap) for p, gap in knoop.na if p in days]
    if starts and knoop.vroegst is not None:
        ready.append(knoop.vroegst)
    agreed = knoop.gezet if starts else None
    return (
        all(day <= papers[i] for day in ready)
        and (agreed is None or days[i] >= agreed)
        and (not ends or knoop.uiterlijk is None or days[i] <= knoop.uiterlijk)
    )


@st.composite
def nets(draw: st.DrawFn, pins: bool = True) -> Net:
    """Two to five knopen: a line, with side branches, or two dossiers of which the second waits for the first.

    With ``pins`` some are agreed for a day; then every calendar knows one more vergadering, far away.
    """
    n = draw(st.integers(2, 5))
    calendars = [draw(reeksen(last=HORIZON, most=3 if pins else 4, longest=8, far=pins)) for _ in range(n)]
    knopen = []
    for i, reeks in enumerate(calendars):
        wanted = draw(st.sets(st.integers(0, i - 1), min_size=1, max_size=2)) if i else set()
        na = tuple((p, draw(st.integers(0, 12))) for p in sorted(wanted))
        vroegst = draw(st.integers(FIRST, FIRST + 60)) if i == 0 or draw(st.integers(0, 4)) == 0 else None
        gezet = draw(st.sampled_from(reeks.dagen[:-1])).toordinal() if pins and draw(st.integers(0, 4)) == 0 else None
        last = i == n - 1 or draw(st.integers(0, 3)) == 0
        uiterlijk = draw(st.integers(FIRST + 110, HORIZON + 30)) if last else None
        knopen.append(Knoop(reeks, na, vroegst=vroegst, gezet=gezet, uiterlijk=uiterlijk))
    return Net(knopen, calendars)


@settings(max_examples=150)
@given(net=nets() | nets(pins=False))
def test_the_earliest_day_of_every_knoop_is_that_of_the_best_choice(net: Net) -> None:
    tijden = solve(net.knopen, WERK)
    assume(not agreed_after_a_gap_in_what_is_known(net, tijden))

    for i in range(len(net.knopen)):
        best = min((days[i] for days in assignments(net, net.before(i), ends=False)), default=None)
        assert tijden.gedaan[i] == best


@settings(max_examples=150)
@given(net=nets() | nets(pins=False))
def test_the_last_vergadering_of_every_knoop_is_the_last_that_lets_all_that_follows_be_in_time(net: Net) -> None:
    tijden = solve(net.knopen, WERK)

    for i in range(len(net.knopen)):
        after = net.after(i)
        if not after:
            assert tijden.gedaan_uiterlijk[i] is None
            continue
        best = max((days[i] for days in assignments(net, after, starts=False)), default=None)
        last = tijden.gedaan_uiterlijk[i]
        possible = [dag.toordinal() for dag in net.reeksen[i].dagen if last is not None and dag.toordinal() <= last]
        assert max(possible, default=None) == best
        if best is not None:
            assert tijden.klaar_uiterlijk[i] == dict(net.options(i))[best]


@settings(max_examples=200)
@given(net=nets() | nets(pins=False))
def test_a_target_can_be_met_exactly_when_some_choice_meets_it(net: Net) -> None:
    tijden = solve(net.knopen, WERK)
    assume(not agreed_after_a_gap_in_what_is_known(net, tijden))

    met = None not in tijden.gedaan and first_late(tijden.gedaan, tijden.gedaan_uiterlijk) is None

    event("met" if met else "missed")
    assert met == any(True for _ in assignments(net, set(range(len(net.knopen)))))


@settings(max_examples=150)
@given(net=nets(pins=False))
def test_starting_on_the_last_day_meets_the_target_and_a_day_later_misses_it(net: Net) -> None:
    line = [
        replace(knoop, na=((i - 1, 3),) if i else (), vroegst=FIRST if i == 0 else None, uiterlijk=None)
        for i, knoop in enumerate(net.knopen)
    ]
    target = net.knopen[-1].uiterlijk
    line[-1] = replace(line[-1], uiterlijk=target)
    start = solve(line, WERK).klaar_uiterlijk[0]
    if start is None or start < FIRST or target is None:
        return

    on_time, too_late = (solve([replace(line[0], vroegst=day), *line[1:]], WERK) for day in (start, start + 1))

    event("tested")
    assert on_time.gedaan[-1] is not None and on_time.gedaan[-1] <= target
    assert first_late(on_time.gedaan, on_time.gedaan_uiterlijk) is None
    assert too_late.gedaan[-1] is None or too_late.gedaan[-1] > target


def a_line(*days: Sequence[int], **last: Any) -> list[Knoop]:
    knopen = [Knoop(a_reeks([FIRST + day for day in row]), ((i - 1, 0),) if i else ()) for i, row in enumerate(days)]
    return [replace(knopen[0], vroegst=FIRST), *knopen[1:-1], replace(knopen[-1], **last)]


def test_what_was_agreed_later_than_needed_moves_what_follows() -> None:
    knopen = a_line([10, 40], [20, 50], uiterlijk=FIRST + 50)

    planned, agreed = (solve([replace(knopen[0], gezet=day), knopen[1]], WERK) for day in (None, FIRST + 40))

    assert planned.gedaan == [FIRST + 10, FIRST + 20]
    assert agreed.gedaan == [FIRST + 40, FIRST + 50]
    assert first_late(agreed.gedaan, agreed.gedaan_uiterlijk) is None


@settings(max_examples=150)
@given(net=nets() | nets(pins=False), data=st.data())
def test_asking_only_what_changed_again_gives_what_all_of_it_would_give(net: Net, data: st.DataObject) -> None:
    changed = data.draw(st.sets(st.integers(0, len(net.knopen) - 1)))
    before = solve(net.knopen, WERK)
    other = [replace(k, traject=data.draw(reeksen(last=HORIZON, most=3))) if i in changed else k for i, k in enumerate(net.knopen)]

    again = solve(other, WERK, before, changed)

    assert again == solve(other, WERK)


def test_a_knoop_that_strives_has_no_slack_beyond_its_first_day_and_one_without_demand_has_no_last_day() -> None:
    striving = solve(a_line([10, 20, 30], [35, 60], streeft=True), WERK)
    free = solve(a_line([10, 20, 30], [35, 60]), WERK)

    assert (striving.gedaan[1], striving.gedaan_uiterlijk[1]) == (FIRST + 35, FIRST + 35)
    assert striving.gedaan_uiterlijk[0] == FIRST + 35
    assert free.gedaan_uiterlijk == [None, None]


def test_the_first_knoop_that_is_too_late_is_the_one_that_breaks() -> None:
    tijden = solve(a_line([10], [40], [50], uiterlijk=FIRST + 45), WERK)

    assert tijden.gedaan[2] == FIRST + 50
    assert tijden.gedaan_uiterlijk[2] == FIRST + 45
    assert first_late(tijden.gedaan, tijden.gedaan_uiterlijk) == 2


def test_two_dossiers_joined_by_a_gap_share_the_slack_of_the_second() -> None:
    first = [Knoop(a_reeks([FIRST + 40, FIRST + 75]), vroegst=FIRST, streeft=True)]
    second = [Knoop(a_reeks([FIRST + 60, FIRST + 90]), ((0, 10),), vroegst=FIRST, uiterlijk=FIRST + 90)]

    tijden = solve([*first, *second], WERK)

    assert tijden.gedaan == [FIRST + 40, FIRST + 60]
    assert tijden.gedaan_uiterlijk == [FIRST + 40, FIRST + 90]


@given(due=st.integers(FIRST + 60, HORIZON), gap=st.integers(1, 12))
def test_before_a_gap_the_last_day_is_the_last_one_from_which_the_gap_is_over_in_time(due: int, gap: int) -> None:
    nothing = Tussenruimte(WERK, 0)

    tijden = solve([Knoop(nothing, vroegst=FIRST), Knoop(nothing, ((0, gap),), uiterlijk=due)], WERK)

    assert tijden.gedaan_uiterlijk[0] == max(day for day in range(due - 40, due) if gapped(day, gap) <= due)


def test_a_gap_that_runs_past_the_werkdagen_that_are_known_is_onbekend_and_never_a_day() -> None:
    end = WERK.tot_en_met.toordinal()
    knopen = [Knoop(Tussenruimte(WERK, 0), vroegst=end - 3), Knoop(Tussenruimte(WERK, 0), ((0, 10),), uiterlijk=end)]

    tijden = solve(knopen, WERK)

    assert tijden.gedaan == [end - 3, None]
    assert first_late(tijden.gedaan, tijden.gedaan_uiterlijk) == 0
