"""Whatever a document goes through, forwards and backwards agree on every day of the year."""

from __future__ import annotations

from datetime import date

from hypothesis import event, given
from hypothesis import strategies as st

from statemachines.planning.traject import Keten, Lopend, Quorum, Reactietermijn, Traject, Tussenruimte, beside, counted, either, traject_of
from statemachines.reeks import Reeks
from statemachines.route import Termijn
from tests.makers import a_day, a_gremium, a_kalender, a_route, a_stap, a_stelsel, a_termijn, held_over
from tests.statemachines.planning.planmakers import FIRST, LAST, WERK, a_reeks, reeksen

YEAR = range(FIRST, LAST + 1)

termijnen = st.builds(
    lambda **changes: Reactietermijn(WERK, Termijn.model_validate(a_termijn(**changes))),
    weken=st.integers(1, 6),
    reces_telt=st.booleans(),
    rolt=st.booleans(),
    verzending_werkdagen=st.integers(0, 5),
)
leaves: st.SearchStrategy[Traject] = st.one_of(st.builds(Tussenruimte, st.just(WERK), st.integers(0, 12)), termijnen, reeksen())


@st.composite
def trajecten(draw: st.DrawFn, depth: int = 2) -> Traject:
    """Nested at most ``depth`` deep."""
    kind = draw(st.sampled_from(["leaf", "keten", "quorum", "beside", "either"])) if depth else "leaf"
    if kind == "leaf":
        return draw(leaves)
    delen = draw(st.lists(trajecten(depth - 1), min_size=1, max_size=3))
    match kind:
        case "keten":
            return Keten(delen)
        case "beside":
            return beside(delen)
        case "either":
            return either(delen)
        case _:
            return Quorum(delen, draw(st.integers(1, len(delen))))


@given(traject=trajecten())
def test_forward_never_goes_back_in_time_and_a_later_start_never_ends_earlier(traject: Traject) -> None:
    outcomes = [(r, done) for r in YEAR if (done := traject.forward(r)) is not None]

    assert all(done >= r for r, done in outcomes)
    assert [done for _, done in outcomes] == sorted(done for _, done in outcomes)


@given(traject=trajecten())
def test_done_by_a_day_exactly_when_ready_by_the_day_that_back_gives(traject: Traject) -> None:
    outcomes = [(r, done) for r in YEAR if (done := traject.forward(r)) is not None]
    limits = [(d, last) for d in YEAR if (last := traject.back(d)) is not None]

    ready_in_time = {d: {r for r, done in outcomes if done <= d} for d, _ in limits[::7]}

    event("both ways known" if outcomes and limits else "unknown")
    for d, last in limits[::7]:
        assert ready_in_time[d] == {r for r, _ in outcomes if r <= last}


@given(traject=trajecten())
def test_the_day_that_back_gives_is_in_time_and_the_day_after_is_not(traject: Traject) -> None:
    for d in YEAR:
        last = traject.back(d)
        if last is None or last < FIRST:
            continue
        on_time, too_late = traject.forward(last), traject.forward(last + 1)
        assert on_time is not None and on_time <= d
        assert too_late is None or too_late > d


@given(traject=trajecten(), data=st.data())
def test_choices_are_the_later_outcomes_up_to_and_including_the_last_day(traject: Traject, data: st.DataObject) -> None:
    outcomes = sorted({done for r in YEAR if (done := traject.forward(r)) is not None and done <= LAST})
    if not outcomes:
        return
    first = data.draw(st.sampled_from(outcomes))
    last = data.draw(st.integers(first, LAST))

    naive = sum(first < done <= last for done in outcomes)

    if isinstance(traject, Tussenruimte | Reactietermijn):
        assert traject.choices(first, last) is None
    if not isinstance(traject, Reeks):
        assert counted(traject, first, last) == naive
    if isinstance(traject, Keten | Quorum):
        assert traject.choices(first, last) == naive


@given(reeks=reeksen(), first=st.sampled_from(YEAR), last=st.sampled_from(YEAR))
def test_choices_of_one_gremium_are_its_vergaderingen_after_the_first_day(reeks: Reeks, first: int, last: int) -> None:
    if first <= last:
        assert reeks.choices(first, last) == sum(first < dag.toordinal() <= last for dag in reeks.dagen)


@given(reeks=reeksen(), r=st.sampled_from(YEAR))
def test_the_next_vergadering_is_the_first_whose_papers_are_due_in_time_one_by_one(reeks: Reeks, r: int) -> None:
    due = [reeks.zitting(i).aanleverdatum.datum.toordinal() for i in range(len(reeks.dagen))]

    first = next((dag.toordinal() for dag, papers in zip(reeks.dagen, due, strict=True) if papers >= r), None)

    assert due == sorted(due)
    assert all(papers <= dag.toordinal() for dag, papers in zip(reeks.dagen, due, strict=True))
    assert reeks.forward(r) == first


def test_between_two_runs_that_do_not_touch_the_next_and_the_last_vergadering_are_onbekend() -> None:
    spring, autumn = a_kalender("g", "2026-02-05", "2026-03-05"), a_kalender("g", "2026-10-01", "2026-11-05")
    spring["tot_en_met"], autumn["vanaf"] = "2026-03-31", "2026-09-01"
    reeks = a_stelsel(gremia=[a_gremium("g", "G")], kalenders=[spring, autumn], routes=[]).vergaderingen("g")

    def ordinal(day: str) -> int:
        return a_day(day).toordinal()

    assert reeks.forward(ordinal("2026-02-10")) == ordinal("2026-03-05")
    assert reeks.forward(ordinal("2026-03-02")) is None
    assert reeks.forward(ordinal("2026-06-01")) is None
    assert reeks.back(ordinal("2026-03-31")) is not None
    assert reeks.back(ordinal("2026-04-01")) is None
    assert reeks.back(ordinal("2026-09-15")) is None
    assert reeks.back(ordinal("2026-10-01")) is not None


def test_runs_that_touch_are_one_run() -> None:
    first, second = a_kalender("g", "2026-02-05"), a_kalender("g", "2026-11-05")
    first["tot_en_met"], second["vanaf"] = "2026-06-30", "2026-07-01"
    reeks = a_stelsel(gremia=[a_gremium("g", "G")], kalenders=[first, second], routes=[]).vergaderingen("g")

    assert reeks.forward(a_day("2026-03-01").toordinal()) == a_day("2026-11-05").toordinal()


def test_a_quorum_is_done_with_the_nth_and_needs_enough_that_are_known() -> None:
    march, june, unknown = a_reeks([FIRST + 60]), a_reeks([FIRST + 150]), a_reeks([])

    done = [Quorum([june, unknown, march], nodig).forward(FIRST) for nodig in (1, 2, 3)]

    assert done == [FIRST + 60, FIRST + 150, None]
    assert beside([june, march]).forward(FIRST) == FIRST + 150
    assert either([june, march]).forward(FIRST) == FIRST + 60
    assert beside([june, march]).back(FIRST + 200) == FIRST + 60
    assert either([june, march]).back(FIRST + 200) == FIRST + 150


def test_a_ronde_with_fixed_days_is_done_on_its_day_for_what_is_ready_when_it_opens_and_for_nothing_later() -> None:
    lopend = Lopend(FIRST + 10, FIRST + 20)

    assert [lopend.forward(FIRST + day) for day in (0, 10, 11)] == [FIRST + 20, FIRST + 20, None]
    assert [lopend.back(FIRST + day) for day in (19, 20, 50)] == [None, FIRST + 10, FIRST + 10]
    assert lopend.choices(FIRST, LAST) is None


def test_a_stap_with_a_combi_overleg_takes_the_earlier_of_both_roads_and_gremia_side_by_side_wait_for_the_last() -> None:
    gremia = [*(a_gremium(slug, slug.upper(), aanlevertermijn=0) for slug in ("aob", "een", "twee", "combi", "bestuur", "av"))]
    advies = a_stap("advies", "adviseren", "een", naast=["twee"], combi="combi", uitkomsten={"akkoord": "vast", **held_over("advies")})
    route = a_route(
        stappen=[
            a_stap("routering", "voorbereiden", "aob", volgt="advies"),
            advies,
            a_stap("vast", "vaststellen", "av", uitkomsten={"akkoord": "vastgesteld", **held_over("vast")}),
        ]
    )
    kalenders = [a_kalender("een", "2026-02-05", "2026-03-05"), a_kalender("twee", "2026-02-12", "2026-04-09")]
    stelsel = a_stelsel(gremia=gremia, routes=[route], kalenders=[*kalenders, a_kalender("combi", "2026-02-10", "2026-06-11")])
    stap = stelsel.route("nota").stap("advies")
    assert stap is not None
    traject = traject_of(stelsel, stap)

    def outcome(ready: str) -> date | None:
        done = traject.forward(a_day(ready).toordinal())
        return None if done is None else date.fromordinal(done)

    assert outcome("2026-02-01") == a_day("2026-02-10")
    assert outcome("2026-02-11") == a_day("2026-03-05")
    assert outcome("2026-02-13") == a_day("2026-04-09")
    assert outcome("2026-03-06") == a_day("2026-06-11")
    assert traject.choices(a_day("2026-02-10").toordinal(), a_day("2026-12-31").toordinal()) == 3


def test_another_termijn_replaces_that_of_the_ronde() -> None:
    stelsel = a_stelsel()
    stap = stelsel.route("nota").stap("raadpleging")
    assert stap is not None and stap.ronde is not None
    ready = a_day("2026-01-05").toordinal()

    usual, shorter = (
        traject_of(stelsel, stap, termijn).forward(ready) for termijn in (None, stap.ronde.termijn.model_copy(update={"weken": 4}))
    )

    assert usual == ready + 56 + 1
    assert shorter == ready + 28 + 1


def test_outside_what_is_known_no_traject_guesses() -> None:
    far = date(2031, 1, 1).toordinal()
    delen: list[Traject] = [Tussenruimte(WERK, 3), Reactietermijn(WERK, Termijn.model_validate(a_termijn())), a_reeks([FIRST + 60])]

    for traject in [*delen, Keten(delen), beside(delen), either(delen)]:
        assert traject.forward(far) is None
        assert traject.back(far) is None
