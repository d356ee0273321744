"""A moving clock over two years of dossiers: who heard what, when, and whether it was so; with the counts per council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pytest
from sqlalchemy import select

from dossiers.database import reading
from dossiers.outbox import GEEN_DOSSIER, Key
from dossiers.tables import stand, termijnen
from flows import use_cases
from notifications.kijk import ANNOUNCED, ANNOUNCED_OTHERWISE, CORRECTED, MOVED, NOT_ANNOUNCED, OPENED, OUTCOME, WITHDRAWN
from statemachines.facts import Adres, Kring
from statemachines.stelsel import Stelsel
from tests.conftest import Clock, a_house
from tests.notifications.years import GEEN_ADRES, TERUGGEDRAAID, VERGETEN, VERZET, Gevraagd, Jaren

REMINDER = "herinnering"
BUDGET = (ANNOUNCED, OPENED, REMINDER, OUTCOME)
A_YEAR = 25


pytestmark = pytest.mark.xdist_group("twee-jaar")


@pytest.fixture(scope="module")
def jaren(mra: Stelsel, mra_adressen: tuple[Adres, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jaren]:
    folder, clock = tmp_path_factory.mktemp("jaren"), Clock()
    house = a_house(f"sqlite:///{folder / 'kader.db'}", folder, clock)
    jaren = Jaren(house, clock, mra)
    jaren.play(mra_adressen)
    yield jaren
    house.engine.dispose()


def test_all_that_can_happen_did_happen(jaren: Jaren) -> None:
    told = {b.bericht.key.soort for b in jaren.bezorgd}

    assert {ANNOUNCED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED, OPENED, MOVED, WITHDRAWN, REMINDER, OUTCOME, "maandbericht"} <= told
    assert {"reactie", "behandeling", "uitstel", "verzet", "herroepen", "ingetrokken", "aangehouden", "andere catalogus"} <= {
        *jaren.gebeurd
    }
    taken = [ronde.overgenomen for dossier in jaren.dossiers() for ronde in dossier.rondes if ronde.overgenomen]
    assert taken and all(places == {"raad-wijdemeren": "raad-hilversum"} for places in taken)


def test_every_council_hears_of_every_ronde_in_time_or_it_is_known_why_not(jaren: Jaren, capsys: pytest.CaptureFixture[str]) -> None:
    heard = jaren.openings()

    late = {asked: _why_not(jaren, asked) for asked in jaren.gevraagd.values() if not _in_time(heard, asked)}

    with capsys.disabled():
        print(f"\n{len(jaren.gevraagd)} keer gevraagd, {len(late)} keer niet op tijd gehoord")
        for asked, why in sorted(late.items(), key=lambda pair: (pair[1], pair[0].slug, pair[0].orgaan)):
            print(f"  {why or '???'}: {asked.orgaan} over {asked.slug} ({asked.onderwerp}), kon beginnen tot en met {asked.laatste}")
        unfit = Counter(asked.slug for asked in jaren.gevraagd.values() if asked.past is False)
        unknown = sum(asked.past is None for asked in jaren.gevraagd.values())
        print(f"  eigen weg past niet, gehoord voor de sluitingsdatum: {dict(unfit)}; eigen weg niet bekend: {unknown} keer")
    assert all(late.values())
    assert len(jaren.gevraagd) > 150 and len(late) < len(jaren.gevraagd) / 3
    assert {"geen adres", "niemand gaf het vrij"} <= {*late.values()}


def _in_time(heard: Mapping[tuple[str, str, str], date], asked: Gevraagd) -> bool:
    day = heard.get((asked.slug, asked.onderwerp, asked.griffie))
    return day is not None and day <= asked.laatste


def _why_not(jaren: Jaren, asked: Gevraagd) -> str:
    """Why a council could not hear in time; empty when there is no reason."""
    day = jaren.openings().get((asked.slug, asked.onderwerp, asked.griffie))
    missed = [b for _, b in jaren.gemist if (b.key.slug, b.onderwerp, b.key.ontvanger) == (asked.slug, asked.onderwerp, asked.griffie)]
    if asked.griffie in GEEN_ADRES:
        return "geen adres"
    if asked.slug == VERGETEN:
        return "niemand gaf het vrij"
    if missed:
        return "onbestelbaar"
    if day is None and (asked.slug, asked.onderwerp, asked.orgaan) in jaren.gaf:
        return "antwoordde voor de opening werd vrijgegeven"
    return "te laat vrijgegeven" if day is not None and (asked.laatste - asked.van).days < 7 else ""


def test_what_arrives_is_so_on_the_day_on_which_it_arrives(jaren: Jaren) -> None:
    wrong = [f"{b.dag} {b.bericht.key}: {', '.join(b.onwaar)}" for b in jaren.bezorgd if b.onwaar]

    assert wrong == []


def test_nobody_hears_the_same_thing_twice(jaren: Jaren) -> None:
    told = Counter(
        (b.bericht.key.soort, b.bericht.key.slug, b.bericht.onderwerp, b.bericht.key.ontvanger, _content(b.bericht.context))
        for b in jaren.bezorgd
        if b.bericht.key.slug != GEEN_DOSSIER
    )
    periods = Counter((b.bericht.key.soort, b.bericht.key.ontvanger, b.bericht.key.datumversie) for b in jaren.bezorgd)

    assert [key for key, times in told.items() if times > 1] == []
    assert [key for key, times in periods.items() if times > 1 and key[0] in ("maandbericht", "aob-overzicht")] == []


def _content(context: object) -> str:
    """What a message says, but for the number and the moment of the entry that it comes from."""
    assert isinstance(context, dict)
    return repr({key: value for key, value in sorted(context.items()) if key not in ("agenda", "regel")})


def test_an_opening_comes_once_unless_it_was_withdrawn_and_a_change_only_to_who_heard_it(jaren: Jaren) -> None:
    heard: dict[tuple[str, str, str], list[str]] = {}
    for b in jaren.bezorgd:
        if b.bericht.key.soort in (OPENED, MOVED, WITHDRAWN):
            heard.setdefault((b.bericht.key.slug, b.bericht.onderwerp, b.bericht.key.ontvanger), []).append(b.bericht.key.soort)

    for told in heard.values():
        for i, soort in enumerate(told):
            assert (soort == OPENED) == (i == 0 or told[i - 1] == WITHDRAWN)
    assert heard[TERUGGEDRAAID, "raadpleging/1", "griffie-almere"] == [OPENED, WITHDRAWN, OPENED]


def test_no_griffie_hears_more_than_it_was_promised(jaren: Jaren, capsys: pytest.CaptureFixture[str]) -> None:
    griffies = sorted({asked.griffie for asked in jaren.gevraagd.values() if asked.kring is Kring.RADEN_STATEN})
    mine = [b for b in jaren.bezorgd if b.bericht.key.ontvanger in griffies]

    a_year = Counter((b.bericht.key.ontvanger, b.dag.year) for b in mine)
    kinds = Counter((b.bericht.key.ontvanger, b.bericht.key.soort) for b in mine)
    per_dossier = Counter((b.bericht.key.ontvanger, b.bericht.key.slug) for b in mine if b.bericht.key.soort in BUDGET)

    shown = (*BUDGET, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED, MOVED, WITHDRAWN, CORRECTED)
    with capsys.disabled():
        print(f"\n{'':28} 2026 2027  {'  '.join(shown)}")
        for wie in griffies:
            cells = "  ".join(f"{kinds[wie, soort]:{len(soort)}}" for soort in shown)
            print(f"{wie:28} {a_year[wie, 2026]:4} {a_year[wie, 2027]:4}  {cells}")
    assert max(a_year.values()) <= A_YEAR and max(per_dossier.values()) <= len(BUDGET) + 1
    over = {key for key, times in per_dossier.items() if times > len(BUDGET)}
    assert {slug for _, slug in over} <= {TERUGGEDRAAID}
    assert min(a_year[wie, 2026] for wie in griffies if wie not in GEEN_ADRES) >= 5


def test_a_council_is_reminded_once_before_its_last_day_and_never_after_it_said_something(jaren: Jaren) -> None:
    reminders = [b for b in jaren.bezorgd if b.bericht.key.soort == REMINDER]

    each = Counter((b.bericht.key.slug, b.bericht.onderwerp, b.bericht.key.ontvanger) for b in reminders)
    openings = jaren.openings()

    assert len(reminders) > 20 and max(each.values()) == 1
    for b in reminders:
        assert openings[b.bericht.key.slug, b.bericht.onderwerp, b.bericht.key.ontvanger] <= b.dag
        asked = [a for a in jaren.gevraagd.values() if (a.slug, a.onderwerp, a.griffie) == _about(b.bericht.key, b.bericht.onderwerp)]
        assert any(jaren.gaf.get((a.slug, a.onderwerp, a.orgaan), b.dag) >= b.dag for a in asked) or not asked
        late = [a for a in asked if b.dag > a.laatste and a.slug != VERZET]
        assert not late or any((m.key.slug, m.key.ontvanger) == (b.bericht.key.slug, b.bericht.key.ontvanger) for _, m in jaren.gemist)


def _about(key: Key, onderwerp: str) -> tuple[str, str, str]:
    return key.slug, onderwerp, key.ontvanger


def test_a_dossier_with_an_open_ronde_is_visited_and_what_is_due_can_be_made_again(jaren: Jaren) -> None:
    def rows() -> list[object]:
        with reading(jaren.house.engine) as connection:
            return [connection.execute(select(t).order_by(*t.primary_key)).all() for t in (stand, termijnen)]

    before = rows()
    use_cases.rebuild(jaren.house)

    assert jaren.onbezocht == [] and rows() == before
