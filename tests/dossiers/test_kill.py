"""All or nothing: a command that is killed, many writers at once, and the same opdracht more than once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from dossiers import journal, outbox
from dossiers.database import connect, reading
from flows import use_cases
from flows.house import House
from flows.use_cases import Actor, Gedaan
from statemachines.errors import Unusable
from statemachines.facts import Adres
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.conftest import Clock, a_house
from tests.makers import a_day

KADER = Path(sys.executable).with_name("kader")
SLUG = "voortgangsnota-2026"
KILLS = 10


def an_actor(op: str) -> Actor:
    return Actor("aob", "cli", str(uuid4()), a_day(op))


def an_opened(house: House, mra: Stelsel, adressen: tuple[Adres, ...], slug: str = SLUG) -> None:
    """A Voortgangsnota that waits for the AV of 20 March 2026."""
    use_cases.accept_facts(house, an_actor("2026-01-02"), mra, adressen, "begin")
    use_cases.open_dossier(house, an_actor("2026-01-05"), slug, "voortgangsnota", "Voortgangsnota 2026", a_day("2026-01-05"))
    use_cases.register_besluit(house, an_actor("2026-03-06"), slug, "bestuur", Uitkomst.AKKOORD, a_day("2026-03-06"))


def a_released(house: House, mra: Stelsel, adressen: tuple[Adres, ...]) -> None:
    an_opened(house, mra, adressen)
    use_cases.register_besluit(house, an_actor("2026-03-20"), SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"))


def written(house: House) -> tuple[int, int]:
    """How many entries and messages there are, of a record that is whole."""
    with reading(house.engine) as connection:
        assert list(journal.verify(connection, "mra")) == []
        return len(journal.read(connection, "mra", SLUG)), len(list(outbox.rows(connection, "mra")))


def the_besluit(folder: Path) -> subprocess.Popen[bytes]:
    """The AV releases, in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KADER_")} | {"KADER_MAP": str(folder), "KADER_ALS": "aob"}
    words = ["besluit", SLUG, "--van", "av", "--uitkomst", "akkoord", "--op", "2026-03-20"]
    return subprocess.Popen([KADER, *words], env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def until(log: Path, size: int, process: subprocess.Popen[bytes]) -> float:
    """Waits until the write-ahead log has this many bytes: 0 is when the database is opened, 1 when the first commit begins."""
    while not (log.exists() and log.stat().st_size >= size) and process.poll() is None:
        time.sleep(0.0002)
    return time.monotonic()


def test_a_besluit_that_is_killed_at_any_moment_is_there_whole_or_not_at_all(
    tmp_path: Path, clock: Clock, mra: Stelsel, mra_adressen: tuple[Adres, ...]
) -> None:
    (tmp_path / "begin").mkdir()
    begin = a_house(f"sqlite:///{tmp_path / 'begin' / 'kader.db'}", tmp_path, clock)
    an_opened(begin, mra, mra_adressen)
    before = written(begin)
    begin.engine.dispose()

    def a_copy(name: str) -> Path:
        return Path(shutil.copytree(tmp_path / "begin", tmp_path / name))

    folder = a_copy("heel")
    process = the_besluit(folder)
    opened = until(folder / "kader.db-wal", 0, process)
    assert process.wait(timeout=60) == 0
    takes = time.monotonic() - opened

    moments, endings = Random(2026), []
    for number in range(KILLS):
        folder = a_copy(f"poging-{number}")
        process = the_besluit(folder)
        committing = number % 2  # half of them right at the commit, the others anywhere
        until(folder / "kader.db-wal", committing, process)
        time.sleep(moments.uniform(0, 0.002 if committing else takes))
        process.kill()
        endings.append(process.wait(timeout=60))

        house = a_house(f"sqlite:///{folder / 'kader.db'}", folder, clock)
        found = written(house)
        assert found in (before, (before[0] + 1, before[1] + 66)), f"poging {number}"
        if found == before:
            use_cases.register_besluit(house, an_actor("2026-03-20"), SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"))
        assert written(house) == (before[0] + 1, before[1] + 66)
        house.engine.dispose()

    assert -signal.SIGKILL in endings


def at_once(number: int, do: Callable[[int], Gedaan]) -> list[Gedaan]:
    """Does the same thing ``number`` times, all starting together."""
    start = Barrier(number)

    def one(index: int) -> Gedaan:
        start.wait(30)
        return do(index)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def test_thirty_three_inbreng_at_once_all_succeed(house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    a_released(house, mra, mra_adressen)
    with reading(house.engine) as connection:
        opening = journal.read(connection, "mra", SLUG)[-1].payload.model_dump()["opent"]["ronde"]
    asked = opening["gevraagd"]
    entries, berichten = written(house)

    def give(index: int) -> Gedaan:
        own = replace(house, engine=connect(house.settings.database))  # as a process of its own would have
        try:
            datum = a_day("2026-04-10")
            return use_cases.register_inbreng(
                own, an_actor("2026-04-10"), SLUG, asked[index], Inbreng(soort=InbrengSoort.REACTIE), datum, tekst="Brief"
            )
        finally:
            own.engine.dispose()

    done = at_once(33, give)

    assert len(asked) == 33
    assert sorted(gedaan.nr for gedaan in done) == list(range(entries + 1, entries + 34))
    assert written(house) == (entries + 33, berichten)
    with reading(house.engine) as connection:
        given = [entry for entry in journal.read(connection, "mra", SLUG) if entry.soort.value == "Inbreng"]
    assert {entry.orgaan for entry in given} == set(asked)


def test_the_same_opdracht_from_eight_sides_at_once_writes_once(house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    an_opened(house, mra, mra_adressen)
    before = written(house)
    actor = an_actor("2026-03-20")

    done = at_once(8, lambda _: use_cases.register_besluit(house, actor, SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20")))
    later = use_cases.register_besluit(house, actor, SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"))

    (first,) = [gedaan for gedaan in done if not gedaan.herhaald]
    assert first.klaargezet == 66
    assert {(g.nr, g.fase, g.zin) for g in [*done, later]} == {(first.nr, first.fase, first.zin)}
    assert later.herhaald and later.klaargezet == 0
    assert written(house) == (before[0] + 1, before[1] + 66)


def test_the_same_dossier_opened_from_eight_sides_at_once_opens_once(house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    use_cases.accept_facts(house, an_actor("2026-01-02"), mra, mra_adressen, "begin")
    actor, datum = an_actor("2026-01-05"), a_day("2026-01-05")

    done = at_once(8, lambda _: use_cases.open_dossier(house, actor, SLUG, "voortgangsnota", "Voortgangsnota 2026", datum))

    assert [gedaan.herhaald for gedaan in done].count(False) == 1 and {gedaan.nr for gedaan in done} == {1}
    assert written(house) == (1, 0)


def test_six_rounds_at_the_same_time_lapse_a_ronde_once(house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    a_released(house, mra, mra_adressen)
    op = a_day("2026-06-20")

    def round_(_: int) -> Gedaan:
        return next(use_cases.daily_round(house, op, "cli", [SLUG]), Gedaan(SLUG, 0, "", "", "", 0, 0))

    at_once(6, round_)

    with reading(house.engine) as connection:
        soorten = [entry.soort.value for entry in journal.read(connection, "mra", SLUG)]
    assert soorten == ["Geopend", "Besluit", "Besluit", "Verlopen"]


def test_a_database_made_by_four_processes_at_once_is_made_once(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KADER_")} | {"KADER_MAP": str(tmp_path), "KADER_ALS": "aob"}
    words = [str(KADER), "stelsel", "neem-over", "--reden", "Begin"]

    processes = [subprocess.Popen(words, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(4)]
    endings = [(process.communicate()[0].decode(), process.returncode) for process in processes]

    assert {code for _, code in endings} == {0}, endings
    engine = create_engine(f"sqlite:///{tmp_path / 'kader.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM stelselversies")).scalar() == 1
    engine.dispose()


def test_an_opdracht_that_was_refused_can_succeed_later(house: House, mra: Stelsel, mra_adressen: tuple[Adres, ...]) -> None:
    an_opened(house, mra, mra_adressen)
    actor = an_actor("2026-03-20")

    with pytest.raises(Unusable):
        use_cases.register_besluit(
            house, actor, SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"), afwijking="", toegestaan_door="voorzitter"
        )
    done = use_cases.register_besluit(house, actor, SLUG, "av", Uitkomst.AKKOORD, a_day("2026-03-20"))

    assert not done.herhaald and done.klaargezet == 66
