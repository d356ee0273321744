"""The ``kader`` command as people use it: on real facts of the MRA, with a database of its own and the Prefect server down."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from config import MRA
from notifications.inbox import running_inbox
from tests.flows.commands import SLUG, Kader, kader, released

__all__ = ["kader", "released"]

KADER = Path(sys.executable).with_name("kader")


def test_a_dossier_goes_from_its_facts_to_a_ronde_and_every_step_says_where_it_stands(kader: Kader) -> None:
    facts = kader("stelsel neem-over --op 2026-12-01", "--reden", "Begin")
    opened = kader(f"open {SLUG} --route voortgangsnota --op 2026-12-01", "--titel", "Voortgangsnota 2027")
    kader(f"besluit {SLUG} --van bestuur --uitkomst akkoord --op 2027-01-22")
    released = kader(f"besluit {SLUG} --van av --uitkomst akkoord --op 2027-03-19")
    given = kader(f"inbreng {SLUG} --van almere --op 2027-04-01")

    assert facts.out == "Stelsel mra: versie 1 geldt voor dossiers die vanaf 01-12-2026 openen.\n"
    assert opened.out.startswith(f"Regel 1: dossier {SLUG} staat bij 'Bestuur bespreekt het concept', vergadering vrijdag 22 januari 2027.")
    assert "reageren kan tot en met dinsdag 25 mei 2027.\n64 berichten staan klaar" in released.out
    assert given.out.startswith("Regel 4: ") and "klaar" not in given.out
    assert {said.err for said in (facts, opened, released, given)} == {""}


def test_toon_shows_every_dossier_on_one_line_and_says_when_it_is_late(released: Kader) -> None:
    table = released("toon --op 2027-04-01")
    (regel,) = released("toon --op 2027-04-01 --json").data
    late = released("toon --op 2027-05-27")

    line = table.out.splitlines()[-1]
    assert [line.count(text) for text in (SLUG, "Voortgangsnota 2027", "Wensen en opvattingen", "25-05-2027", "op tijd", "1/32")] == [1] * 6
    assert (regel["slug"], regel["stap"], regel["moment"], regel["op_tijd"]) == (SLUG, "Wensen en opvattingen", "2027-05-25", "op tijd")
    assert (regel["gegeven"], regel["gevraagd"]) == (1, 32)
    assert "2 dagen te laat: de dagronde is nog niet gedraaid" in late.out


def test_toon_of_a_dossier_tells_its_route_and_history_with_reasons(released: Kader) -> None:
    told = released(f"toon {SLUG}")
    data = released(f"toon {SLUG} --json").data

    assert "8 weken na de verzending op dinsdag 30 maart 2027" in told.out and "Ambtelijk overleg bestuurszaken" in told.out
    assert "Brief van de raad; Mevrouw Voorbeeld" in told.out
    assert (data["fase"], data["moment"]) == ("raadpleging", "2027-05-25")
    assert [stap["status"] for stap in data["stappen"]] == ["geweest", "geweest", "geweest", "nu", "straks", "straks"]
    for gebeurtenis in data["geschiedenis"]:
        assert gebeurtenis["zin"] in told.out


def test_toon_openbaar_holds_no_ambtelijke_stops_no_planning_and_not_who_is_silent(released: Kader) -> None:
    told = released(f"toon {SLUG} --openbaar --op 2027-04-02")
    as_json = released(f"toon {SLUG} --openbaar --op 2027-04-02 --json")

    for shown in (told.out, as_json.out):
        assert "Wensen en opvattingen" in shown and "Algemene Vergadering" in shown
        for secret in ("Ambtelijk", "aob", "waarom", "weken na", "voorbeeld", "aanleverdatum", "Mevrouw", "Diemen"):
            assert secret not in shown
    assert [reactie["naam"] for reactie in as_json.data["ronde"]] == ["gemeenteraad van Almere"]


def test_ronde_toon_names_every_deelnemer_that_was_asked(released: Kader) -> None:
    told = released(f"ronde toon {SLUG}")
    data = released(f"ronde toon {SLUG} --json").data

    assert len(data) == 32
    assert {d["staat"] for d in data} == {"kan reageren", "reactie ontvangen"}
    assert all(d["naam"] in told.out for d in data) and "Provinciale Staten van Noord-Holland" in told.out
    assert [d["datum"] for d in data if d["orgaan"] == "raad-almere"] == ["2027-04-01"] and "01-04-2027" in told.out


def test_a_moved_sluitingsdatum_is_recorded_with_its_reason(released: Kader) -> None:
    moved = released(f"ronde verzet {SLUG} 2027-06-14 --op 2027-04-02", "--reden", "Advies van de Raadtafel")
    told = released(f"toon {SLUG}")

    assert "reageren kan tot en met maandag 14 juni 2027" in moved.out
    assert "verzet naar maandag 14 juni 2027" in told.out and "Advies van de Raadtafel" in told.out


def test_a_wrong_besluit_can_be_revoked_while_it_is_the_last(kader: Kader) -> None:
    kader("stelsel neem-over --op 2026-12-01 --reden Begin")
    kader(f"open {SLUG} --route voortgangsnota --titel Nota --op 2026-12-01")
    kader(f"besluit {SLUG} --van bestuur --uitkomst akkoord --op 2027-01-22")

    revoked = kader(f"herroep {SLUG} 2 --op 2027-01-23 --json", "--reden", "Verkeerde uitkomst")
    told = kader(f"toon {SLUG}")

    assert (revoked.data["nr"], revoked.data["fase"]) == (3, "bestuur-concept")
    assert "MRA Bestuur: akkoord; naar 'AV geeft vrij' [herroepen]" in told.out


def test_the_same_opdracht_again_says_so_and_writes_nothing(released: Kader) -> None:
    line = f"inbreng {SLUG} --van diemen --op 2027-04-02 --opdracht 8f14e45f-ceea-467f-9f3a-0d1b2c3d4e5f"
    first = released(f"{line} --json").data

    again = released(line)

    assert again.out.startswith(f"Deze opdracht was al uitgevoerd. Regel {first['nr']}: ")
    assert len(released(f"journaal {SLUG} --json").data) == first["nr"] == 5


def test_who_says_what_he_saw_is_refused_when_there_is_more(released: Kader) -> None:
    said = released(f"inbreng {SLUG} --van diemen --op 2027-04-02 --verwacht 3")

    assert (said.code, said.out) == (2, "")
    assert said.err == f"Dossier {SLUG} is intussen bij regel 4; u zag regel 3. Kijk eerst wat er veranderde.\n"


def test_an_exception_is_recorded_openly_with_who_allowed_it(released: Kader) -> None:
    done = released(
        f"besluit {SLUG} --van av --uitkomst akkoord --stap av-vaststelling --op 2027-04-09 --toegestaan-door voorzitter",
        *("--afwijking", "Spoed"),
    )
    told = released(f"toon {SLUG}")

    assert done.code == 0, done.err
    assert "(afwijking, toegestaan door voorzitter)" in told.out and "Spoed" in told.out


def test_the_journal_is_shown_whole_and_proves_that_nobody_changed_it(released: Kader) -> None:
    shown = released(f"journaal {SLUG}")
    data = released(f"journaal {SLUG} --json").data
    checked = released("journaal --controleer")

    assert [entry["soort"] for entry in data] == ["Geopend", "Besluit", "Besluit", "Inbreng"]
    assert all(entry["hash"][:12] in shown.out and entry["soort"] in shown.out for entry in data)
    assert [entry["vorige"] for entry in data[1:]] == [entry["hash"] for entry in data[:-1]]
    assert "Brief" not in shown.out and "Mevrouw" not in shown.out
    assert (checked.code, checked.out) == (0, "De journalen zijn heel en de stand klopt ermee.\n")
    assert released("journaal --controleer --json").data == {"problemen": []}


def test_a_damaged_record_is_named_and_ends_with_two(released: Kader, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "kader.db") as database:
        database.execute("UPDATE stand SET nr = 3")

    checked, data = released("journaal --controleer"), released("journaal --controleer --json")

    assert (checked.code, data.code) == (2, 2)
    assert checked.out == f"{data.data['problemen'][0]}\n1 gevonden.\n" and "draai 'kader herbouw'" in checked.out


def test_herbouw_mends_the_projection(released: Kader, tmp_path: Path) -> None:
    before = released("toon --op 2027-04-01").out
    with sqlite3.connect(tmp_path / "kader.db") as database:
        database.execute("DELETE FROM stand")

    assert SLUG not in released("toon --op 2027-04-01").out
    assert released("herbouw").out == "De stand van 1 dossier is opnieuw gemaakt uit het journaal.\n"
    assert released("herbouw --json").data == {"dossiers": 1}
    assert released("toon --op 2027-04-01").out == before
    assert released("journaal --controleer").code == 0


def test_a_person_is_erased_for_good_and_the_chain_still_verifies(released: Kader) -> None:
    entry = released(f"journaal {SLUG} --json").data[3]
    persoon, tekst = entry["payload"]["indiener"]["id"], entry["payload"]["tekst"]["id"]

    told = released(f"wis {SLUG} {persoon} --op 2027-04-02", "--grond", "Verzoek van de betrokkene")
    data = released(f"wis {SLUG} {tekst} --op 2027-04-02 --json", "--grond", "Verzoek van de raad").data

    assert told.out == f"Regel 5: de tekst is gewist uit dossier {SLUG}.\n" and data["nr"] == 6
    shown = released(f"toon {SLUG}").out
    assert "Mevrouw" not in shown and "Brief" not in shown and shown.count("[gewist]") == 2
    assert released("journaal --controleer").code == 0


def test_messages_wait_for_release_and_then_reach_the_mailbox(released: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed, data = released("bericht lijst"), released("bericht lijst --json").data
    read = released("bericht toon --ontvanger griffie-diemen")
    html = released("bericht toon --ontvanger griffie-diemen --als html")
    before = released("bericht vrijgeef")
    waiting = [b for b in data if b["status"] == "klaargezet"]
    assert len(waiting) == 64 and [b["key"]["soort"] for b in data if b not in waiting] == ["verslag-vaststellen"]
    assert all(f"{SLUG}/inbrengmoment-geopend/{b['key']['ontvanger']}/3" in listed.out for b in waiting)
    assert read.out.startswith("Onderwerp: Voortgangsnota 2027: reageren kan tot en met") and "Geachte griffier" in read.out
    assert "<html" in html.out and "Geachte griffier" in html.out
    assert "64 berichten. Geef vrij met dezelfde opdracht" in before.out and released("bericht vrijgeef --json").data["aantal"] == 64

    with running_inbox(tmp_path / "postvak") as inbox:
        monkeypatch.setenv("KADER_SMTP", inbox.smtp)
        reminder = released("bericht bezorg --nu")
        freed = released("bericht vrijgeef --ja")
        delivered = released("bericht bezorg --nu")
        again = released("bericht bezorg --nu --json")
        arrived = inbox.count()

    assert reminder.out == "verzonden: 1\n"
    assert (freed.out, delivered.out, again.data) == ("64 berichten vrijgegeven.\n", "verzonden: 64\n", {})
    assert arrived == 65
    assert {b["vrijgegeven_door"] for b in released("bericht lijst --status verzonden --json").data} == {"aob", "systeem"}
    assert released("bericht vrijgeef").out == "Er staat niets klaar.\n"
    assert released("bericht vrijgeef --json").data["berichten"] == []
    assert released("bericht vrijgeef --ja --json").data == {"vrijgegeven": 0, "akkoord": 0, "pakketten": 0}


def test_a_mailbox_that_is_down_keeps_the_messages_for_later(released: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADER_SMTP", "127.0.0.1:1")
    released("bericht vrijgeef --ja")

    said = released("bericht bezorg --nu --json")

    assert said.code == 0 and said.data == {"vrijgegeven": 64}
    assert {b["pogingen"] for b in released("bericht lijst --status vrijgegeven --json").data} == {1}


def test_the_daily_round_lapses_the_ronde_once(released: Kader) -> None:
    first = released("dagronde --op 2027-05-26")
    again = released("dagronde --op 2027-05-26")
    data = released("dagronde --op 2027-05-27 --json").data

    assert first.out.startswith(f"{SLUG}: staat bij 'Bestuur beantwoordt de inbreng', vergadering ")
    assert first.out.endswith("Dagronde van 26-05-2027: 1 dossier.\n")
    assert again.out == "Dagronde van 26-05-2027: 0 dossiers.\n"
    assert all(gedaan["slug"] == SLUG for gedaan in data)
    assert "geen reactie ontvangen" in released(f"ronde toon {SLUG}").out


def test_routes_are_shown_as_table_picture_and_data(kader: Kader) -> None:
    all_routes, listed = kader("route toon"), kader("route toon --json").data
    table, data = kader("route toon voortgangsnota"), kader("route toon voortgangsnota --json").data
    picture = kader("route toon voortgangsnota --als mermaid")

    assert [route["slug"] for route in listed] == sorted(path.stem for path in (MRA / "routes").glob("*.yaml"))
    assert all(route["naam"] in all_routes.out for route in listed)
    for stap in data["stappen"]:
        assert stap["slug"] in table.out and stap["naam"] in picture.out
    assert picture.out.startswith(("stateDiagram", "flowchart", "---"))


def test_the_shipped_facts_have_no_problem_and_say_what_rests_on_assumptions(kader: Kader) -> None:
    told, data = kader("controleer --op 2026-11-23"), kader("controleer --op 2026-11-23 --json")
    listed = kader("controleer --op 2026-11-23 --aannames")

    assert (told.code, data.code) == (0, 0)
    assert told.out.endswith("Geen problemen in mra.\n") and data.data["problemen"] == []
    groups = Counter((a["groep"], a["status"]) for a in data.data["aannames"])
    counted = [[cell.strip() for cell in line.split("│")] for line in told.out.splitlines() if "│" in line]
    assert {(groep, status): int(aantal) for groep, status, aantal, _ in counted} == groups
    assert all(f"{a['bestand']}:{a['regel']}" in listed.out for a in data.data["aannames"])


def test_a_vergadering_of_the_av_on_a_sunday_is_named_with_file_and_line(kader: Kader, tmp_path: Path) -> None:
    facts = tmp_path / "mra"
    shutil.copytree(MRA, facts)
    kalender = facts / "vergaderkalender" / "av.yaml"
    kalender.write_text(kalender.read_text(encoding="utf-8").replace("2024-03-22", "2024-03-24"), encoding="utf-8")
    line = next(nr for nr, text in enumerate(kalender.read_text(encoding="utf-8").splitlines(), 1) if "2024-03-24" in text)

    told, data = kader("controleer --op 2026-11-23 --stelsel", str(facts)), kader("controleer --json --stelsel", str(facts))
    refused = kader("stelsel neem-over --reden Nieuw --stelsel", str(facts))

    assert (told.code, data.code, refused.code) == (2, 2, 2)
    problem = data.data["problemen"][0]
    assert problem["bestand"].endswith("vergaderkalender/av.yaml") and problem["regel"] == line and "zondag" in problem["zin"]
    assert told.out.startswith(f"{problem['bestand']}:{line}: {problem['zin']}\n") and told.out.endswith("1 probleem in mra.\n")
    assert "zondag" in refused.err and refused.err.count("\n") == 1


def test_facts_that_changed_are_a_new_version_and_the_same_facts_are_not(kader: Kader, tmp_path: Path) -> None:
    facts = tmp_path / "mra"
    shutil.copytree(MRA, facts)
    route = facts / "routes" / "voortgangsnota.yaml"
    kader("stelsel neem-over --reden Begin --stelsel", str(facts))
    route.write_text(route.read_text(encoding="utf-8").replace("weken: 8", "weken: 9"), encoding="utf-8")

    changed = kader("stelsel neem-over --json --reden Langer --stelsel", str(facts)).data
    same = kader("stelsel neem-over --reden Nogmaals --stelsel", str(facts))

    assert changed["versie"] == 2 and len(changed["digest"]) == 64
    assert same.out == "Stelsel mra: deze feiten golden al; alleen de adressen zijn opnieuw gelezen.\n"


def the_installed(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KADER_")} | {"KADER_MAP": str(folder), "KADER_ALS": "aob"}
    return subprocess.run([KADER, *words], env=environment, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_the_installed_command_ends_with_zero_or_with_two_and_one_line_on_the_error_channel(tmp_path: Path) -> None:
    done = the_installed(tmp_path, "stelsel", "neem-over", "--reden", "Begin")
    refused = the_installed(tmp_path, "toon", "nergens")
    mistyped = the_installed(tmp_path, "ton")

    assert (done.returncode, done.stderr) == (0, "") and done.stdout.startswith("Stelsel mra: versie 1")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "Er is geen dossier 'nergens' in het stelsel mra; 'kader toon' laat zien welke er zijn.\n"
    assert (mistyped.returncode, mistyped.stdout) == (2, "")
    assert mistyped.stderr == "De opdracht 'ton' bestaat niet (bedoelde u toon?); zie 'kader --help'.\n"


def test_a_bug_is_no_refusal_and_shows_a_traceback(kader: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("flows.house.build_house", broken)

    with pytest.raises(ZeroDivisionError):
        kader("toon")


AFTERWARDS = """
import sys
import flows.cli
sys.argv = ["kader", *{words}]
try:
    flows.cli.run()
except SystemExit as ended:
    assert not ended.code, ended.code
loaded = [name for name in {forbidden} if name in sys.modules]
sys.exit(f"loaded: {{loaded}}" if loaded else 0)
"""
SLOW = ("prefect", "apprise", "uvicorn", "starlette", "aiosmtpd", "fastapi")
NOT_FOR_A_LIST = (
    *SLOW,
    "transitions",
    "ruamel",
    "ruamel.yaml",
    "sqlalchemy.orm",
    "statemachines.facts",
    "jinja2",
    "alembic",
    "flows.use_cases",
)


@pytest.mark.parametrize(
    ("line", "forbidden"),
    [
        ("toon", NOT_FOR_A_LIST),
        ("toon --json", NOT_FOR_A_LIST),
        (f"toon {SLUG}", SLOW),
        (f"journaal {SLUG}", SLOW),
        (f"ronde toon {SLUG}", SLOW),
        ("bericht lijst", SLOW),
        ("bericht toon", SLOW),
        ("route toon", SLOW),
    ],
)
def test_reading_loads_no_more_than_it_needs(released: Kader, tmp_path: Path, line: str, forbidden: tuple[str, ...]) -> None:
    program = AFTERWARDS.format(words=line.split(), forbidden=forbidden)

    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "KADER_MAP": str(tmp_path)}, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
