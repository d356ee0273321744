"""Whatever people do, in whatever order, on whichever route: the record stays whole, nothing is lost, nobody hears twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import MRA
from config.loading import load_stelsel
from dossiers import journal
from dossiers.database import reading, writing
from dossiers.geschiedenis import Gebeurtenis
from dossiers.outbox import Status
from dossiers.tables import stand as stand_table
from dossiers.tables import termijnen
from dossiers.teksten import ERASED
from flows import use_cases
from notifications.kijk import MOVED, OF_THE_END, OPENED, OUTCOME, WITHDRAWN
from statemachines.dossier import Dossier, replay
from statemachines.facts import Adres
from statemachines.journal import Entry, Kind, in_force
from statemachines.payloads import Besluit, Gecorrigeerd, Gewist, Payload, Standpunt
from statemachines.ronde import ANSWERED, Deelname
from statemachines.route import ONWARD, Antwoord, Route, StapRol
from statemachines.stelsel import Stelsel
from tests.dossiers.doings import ANYTHING, BEGINNINGS, Mensen, a_walk
from tests.dossiers.walking import Gezicht, Gezien, Rows

ROUTES = load_stelsel(MRA).routes
ASKS_INBRENG = [r.slug for r in ROUTES if any(s.ronde is not None and s.ronde.antwoord is Antwoord.INBRENG for s in r.stappen)]
EVERY_ROUTE = [route.slug for route in ROUTES]

Facts = tuple[Stelsel, tuple[Adres, ...]]


@pytest.fixture(scope="session")
def facts(mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> Facts:
    return mra, mra_adressen


def walks(facts: Facts, routes: Sequence[str], wat: Sequence[str], judge: Callable[[Mensen], Iterator[str]], examples: int) -> Counter[str]:
    """Walks these routes many times, judges every walk, and counts what the walks came upon, so that no judgement is about nothing."""
    found: Counter[str] = Counter()
    begins, goes = st.sampled_from(BEGINNINGS), st.sampled_from((3, 2, 4, 0, 3, 5, 7))

    @settings(max_examples=examples)
    @given(route=st.sampled_from(routes), seed=st.integers(0, 2**32), begin=begins, goes=goes, steps=st.integers(1, 40))
    def walk_on(route: str, seed: int, begin: date, goes: int, steps: int) -> None:
        with a_walk(seed, facts, route, begin, goes) as walk:
            for _ in range(steps):
                walk.step(wat)
            found.update(judge(walk))

    walk_on()
    return found


def new_entries(entries: Sequence[Entry], step: Gezien) -> Sequence[Entry]:
    """What was written in this step."""
    return entries[step.before.dossier.nr : step.after.dossier.nr]


# The record.


def a_whole_record(walk: Mensen) -> Iterator[str]:
    entries = walk.entries
    for step in walk.seen:
        before, after = step.before.rows, step.after.rows
        assert after["journaal"][: len(before["journaal"])] == before["journaal"]
        if step.refused is not None or step.again:
            assert after == before
    for first, again in pairwise(walk.seen):
        if again.again:
            assert again.refused == first.refused
    kept = walk.now
    with reading(walk.house.engine) as connection:
        assert list(journal.verify(connection, "mra")) == []
    with writing(walk.house.engine) as connection:
        for table in (stand_table, termijnen):
            connection.execute(table.delete())
    use_cases.rebuild(walk.house)
    assert walk.look().rows == kept.rows
    yield from (e.soort.value for e in entries)
    yield from ("geweigerd" for step in walk.seen if step.refused is not None)
    yield from ("nog eens gestuurd" for step in walk.seen if step.again and step.refused is None)


def a_legal_past(walk: Mensen) -> Iterator[str]:
    entries, stelsel = walk.entries, walk.dossier.stelsel
    past = {n: replay(entries[:n], stelsel) for n in range(1, len(entries) + 1)}
    for step in walk.seen:
        assert past[step.after.dossier.nr] == step.after.dossier
    for n, dossier in past.items():
        assert dossier.nr == n
        assert dossier.fase in [deel.slug for deel in dossier.route.delen]
        legal(dossier)
        yield dossier.fase


def legal(dossier: Dossier) -> None:
    """The standings of every ronde are such as can be, and fit where the dossier is."""
    assert (dossier.opening is None) == (dossier.naast is None) == dossier.ended
    assert dossier.opening is None or dossier.opening.stap == dossier.fase
    assert all(not ronde.open for ronde in dossier.eerdere_rondes)
    if dossier.open_ronde is not None:
        assert dossier.open_ronde.stap == dossier.fase
    for ronde in dossier.rondes:
        for orgaan, stand in ronde.standen.items():
            assert stand.orgaan == orgaan
            assert (stand.nr is None) == (stand.datum is None) == (stand.staat in (Deelname.UITGENODIGD, Deelname.GEEN_REACTIE))
            assert stand.nr is None or stand.nr <= dossier.nr
            assert not ronde.open or stand.staat is not Deelname.GEEN_REACTIE
            asked = (Deelname.BESLUIT,) if ronde.antwoord is Antwoord.BESLUIT else (Deelname.REACTIE, Deelname.GEEN_OPVATTING)
            assert stand.staat not in ANSWERED or stand.staat in asked
            assert (stand.uitkomst is not None) == (ronde.antwoord is Antwoord.BESLUIT and stand.nr is not None)


def test_whatever_is_done_the_record_is_whole_and_a_refusal_or_a_repeated_opdracht_writes_nothing(facts: Facts) -> None:
    found = walks(facts, EVERY_ROUTE, ANYTHING, a_whole_record, 40)

    assert {*Kind, "geweigerd", "nog eens gestuurd"} <= found.keys()


def test_every_beginning_of_a_journal_is_a_dossier_that_could_be_as_people_saw_it_then(facts: Facts) -> None:
    found = walks(facts, EVERY_ROUTE, ANYTHING, a_legal_past, 30)

    assert {"raadpleging", "beantwoording", "colleges", "conclusie", "bekrachtiging", "vastgesteld"} <= found.keys()


# Mending it.

MENDING = (
    *("onward", "hasten", "decide", "decide_in_ronde", "react", "all_react", "any_advice", "describe", "answer_all", "passes"),
    *("correct", "revoke", "erase") * 3,
)


def nothing_lost(walk: Mensen) -> Iterator[str]:
    entries = walk.entries
    for step in walk.seen:
        written = [entry.payload for entry in new_entries(entries, step)]
        mends = [p for p in written if isinstance(p, Gecorrigeerd)]
        wiped = {p.id for p in written if isinstance(p, Gewist)}
        was, now = texts(step.before.rows), texts(step.after.rows)
        assert {ident: tekst for ident, tekst in was.items() if ident not in wiped} == {i: t for i, t in now.items() if i in was}
        assert not wiped & now.keys()
        told = {line.nr: line for line in step.after.verhaal.geschiedenis}
        assert all_named(step.before) <= all_named(step.after)
        for line in step.before.verhaal.geschiedenis:
            still_told(line, told[line.nr], {m.nr for m in mends if m.velden}, any(m.herroepen for m in mends), wiped)
        for m in mends:
            corrected_only_so(entries, m)
            yield "herroepen" if m.herroepen else "gecorrigeerd"
        yield from ("gewist" for _ in wiped)


def texts(rows: Rows) -> dict[str, str]:
    return {row.id: content for table in ("teksten", "personen") for row in rows[table] for *_, content in [tuple(row)]}


def all_named(seen: Gezicht) -> set[str]:
    """The ids of every text that the history of a dossier still names."""
    return {ident for line in seen.verhaal.geschiedenis for ident in line.verwijzingen}


def still_told(line: Gebeurtenis, now: Gebeurtenis, corrected: set[int], revoked: bool, wiped: set[str]) -> None:
    """What was told of an entry is told of it still, but for what was mended in it."""
    assert (now.datum, now.door) == (line.datum, line.door)
    assert now.herroepen == line.herroepen or revoked
    if line.nr in corrected:
        return
    assert sentence(now.zin) == sentence(line.zin)
    if wiped & set(line.verwijzingen):
        shown = [line.tekst, *line.standpunten, *line.adviezen], [now.tekst, *now.standpunten, *now.adviezen]
        assert shown[0] == shown[1] or sum(s.count(ERASED) for s in shown[1]) > sum(s.count(ERASED) for s in shown[0])
        return
    assert (now.tekst, [sentence(s) for s in now.standpunten], now.adviezen) == (
        line.tekst,
        [sentence(s) for s in line.standpunten],
        line.adviezen,
    )


def sentence(zin: str) -> str:
    """A sentence without what a later versie of a document adds to it."""
    return re.sub(r"; op eerdere versie, veranderd in [^)]*", "", zin)


def corrected_only_so(entries: Sequence[Entry], m: Gecorrigeerd) -> None:
    """A correction changes what it names in the entry that it names, and nothing else; what it adds stands beside what was there."""
    nr = next(e.nr for e in entries if e.payload == m)
    before, after = in_force(entries[: nr - 1]), in_force(entries[:nr])[: nr - 1]
    for was, now in zip(before, after, strict=True):
        if was.nr != m.nr or m.velden is None:
            assert now == was
            continue
        changed = {name for name in type(was.payload).model_fields if getattr(was.payload, name) != getattr(now.payload, name)}
        assert changed <= m.velden.model_fields_set and changed
        for name in {"standpunten", "adviezen"} & changed:
            assert whose(was.payload, name) <= whose(now.payload, name)


def whose(payload: Payload, name: str) -> set[tuple[str, ...]]:
    """Whose positions a besluit holds, or whose advice."""
    return {(s.van, s.regime) if isinstance(s, Standpunt) else (s.gremium,) for s in getattr(payload, name)}


def test_mending_never_loses_what_it_mends_and_leaves_all_else_as_it_reads(facts: Facts) -> None:
    found = walks(facts, EVERY_ROUTE, MENDING, nothing_lost, 30)

    assert {"gecorrigeerd", "herroepen", "gewist"} <= found.keys()


# Telling.

TELLING = (
    *("onward", "onward", "decide", "all_react", "all_decide", "move", "postpone", "postpone"),
    *("take_back", "take_back", "revoke", "passes", "round_", "deliver"),
)


def told_once(walk: Mensen) -> Iterator[str]:
    walk.deliver()
    heard: dict[tuple[str, str], list[str]] = {}
    ended: dict[str, list[str]] = {}
    for step in walk.seen:
        was = {tuple(row[:5]): row.status for row in step.before.rows["berichten"]}
        for row in sorted(step.after.rows["berichten"], key=lambda row: row.datumversie):
            if row.status in (Status.VERZONDEN, Status.ONBEKEND) and was.get(tuple(row[:5])) != row.status:
                if row.soort in OF_THE_END:
                    ended.setdefault(row.ontvanger, []).append(row.soort)
                elif row.soort in (OPENED, MOVED, WITHDRAWN):
                    heard.setdefault((row.ontvanger, row.onderwerp), []).append(row.soort)
    for told in heard.values():
        for i, soort in enumerate(told):
            assert (soort == OPENED) == (i == 0 or told[i - 1] == WITHDRAWN)
        yield from told
    for told in ended.values():
        assert [soort == OUTCOME for soort in told] == [True, *[False] * (len(told) - 1)]
        yield from told


def test_nobody_is_told_an_opening_twice_without_a_withdrawal_or_the_end_twice(facts: Facts) -> None:
    found = walks(facts, ASKS_INBRENG, TELLING, told_once, 36)

    assert {OPENED, MOVED, WITHDRAWN, OUTCOME} <= found.keys()


# Answering.

ANSWERING = (*("hasten", "all_react") * 3, "onward", "react", "bundle", "any_answers", "passes")


def adopted_with_answers(walk: Mensen) -> Iterator[str]:
    entries, stelsel = walk.entries, walk.dossier.stelsel
    for entry in entries[1:]:
        if isinstance(entry.payload, Besluit) and adopts(walk.dossier.route, entry):
            lacking = replay(entries[: entry.nr - 1], stelsel).open_punten
            assert not lacking or entry.payload.afwijking is not None
            yield "met afwijking" if lacking else "vastgesteld"
    yield from ("geweigerd" for step in walk.seen if step.refused and "staat nog geen antwoord" in step.refused)


def adopts(route: Route, entry: Entry) -> bool:
    """Whether a gremium let the document go on to its adoption, however the route calls that."""
    stap, besluit = route.stap(entry.stap), entry.payload
    assert isinstance(besluit, Besluit) and stap is not None
    naar = route.stap(besluit.naar)
    if stap.ronde is not None or besluit.naar not in [stap.uitkomsten[u] for u in ONWARD if u in stap.uitkomsten]:
        return False
    asks = naar is not None and naar.ronde is not None and naar.ronde.antwoord is Antwoord.BESLUIT
    return naar is None or asks or stap.rol is StapRol.VASTSTELLEN


def test_nothing_is_adopted_while_a_point_lacks_an_answer_unless_with_an_afwijking(facts: Facts) -> None:
    found = walks(facts, ASKS_INBRENG, ANSWERING, adopted_with_answers, 30)

    assert {"vastgesteld", "met afwijking", "geweigerd"} <= found.keys()
