"""The ledger on the command line: who was told what, and why somebody did or did not get a mail."""

from __future__ import annotations

import json
import re
from itertools import chain

import pytest

from flows.cli.output import as_json_rows
from tests.flows.commands import SLUG, Kader, kader, released

__all__ = ["kader", "released"]

DIEMEN = f"{SLUG}/inbrengmoment-geopend/griffie-diemen/3"


def test_a_list_is_of_one_council_by_name_or_by_organ(released: Kader) -> None:
    whole = released("bericht lijst --json").data
    by_name = released("bericht lijst --raad diemen --json").data
    by_orgaan = released("bericht lijst --raad raad-diemen --json").data

    assert {b["key"]["ontvanger"] for b in by_name} == {"adviseur-diemen", "griffie-diemen"}
    assert by_name == by_orgaan == [b for b in whole if b["key"]["ontvanger"].endswith("-diemen")]
    assert released("bericht lijst --raad diemen --ontvanger griffie-laren --json").data == []
    assert released("bericht lijst --raad diemen --ontvanger griffie-laren").out == "Er is geen bericht dat hierbij past.\n"
    assert released("bericht lijst --raad diemen --soort uitkomst --json").data == []


def test_a_row_says_who_gave_it_free_with_which_template_and_dates(released: Kader) -> None:
    before = released("bericht lijst --ontvanger griffie-diemen --json").data
    released("bericht vrijgeef --ja --als secretaris-av")
    (after,) = released("bericht lijst --ontvanger griffie-diemen --json").data
    table = released("bericht lijst --ontvanger griffie-diemen").out

    assert [(b["bericht"], b["status"], b["vrijgegeven"], b["bezorgd"]) for b in before] == [(DIEMEN, "klaargezet", None, False)]
    assert (after["status"], after["vrijgegeven_door"], after["sjabloon"]) == ("vrijgegeven", "secretaris-av", "inbrengmoment-geopend")
    assert re.fullmatch("[0-9a-f]{64}", after["sjablonen"]) and after["sjablonen"][:8] in table
    assert after["data"]["tot_en_met"] == "2027-05-25" and "t/m 25-05-2027" in table
    assert [d["tot_en_met"] for d in after["per_orgaan"]] == ["2027-05-25"]
    assert "door secretaris-av" in table and DIEMEN in table


def test_the_ledger_holds_no_address(released: Kader) -> None:
    released("bericht vrijgeef --ja")

    said = [
        released(line).out
        for line in ("bericht lijst", "bericht lijst --json", f"bericht waarom {DIEMEN}", f"bericht waarom {DIEMEN} --json")
    ]

    assert all(said) and not any("@" in out for out in said)


def test_why_explains_a_key_with_and_without_its_version(released: Kader) -> None:
    with_version, without = released(f"bericht waarom {DIEMEN}"), released(f"bericht waarom {DIEMEN.removesuffix('/3')}")

    assert with_version.out == without.out
    assert with_version.out.startswith(f"{DIEMEN}: klaargezet\n- De regel: 'Opening' gaat uit als de reactietermijn opengaat.")
    assert "Regel 3 van het journaal maakte het waar (vrijdag 19 maart 2027, vastgelegd door aob)" in with_version.out
    assert "Nog niemand gaf het vrij" in with_version.out


def test_why_explains_what_did_not_go(released: Kader) -> None:
    told = released(f"bericht waarom {SLUG}/herinnering/griffie-almere --op 2027-05-01")
    data = released(f"bericht waarom {SLUG}/herinnering/griffie-almere --op 2027-05-01 --json").data

    assert told.out.startswith("herinnering aan griffie-almere: geen bericht\n- Van de gemeenteraad van Almere is er al een antwoord op ")
    assert [(v["bericht"], v["status"], v["ontvanger"]) for v in data] == [(None, None, "griffie-almere")]


def test_why_explains_a_whole_council(released: Kader) -> None:
    told = released(f"bericht waarom --dossier {SLUG} --raad diemen --op 2027-04-02")

    assert [block.partition("\n")[0] for block in told.out.split("\n\n")] == [
        "aankondiging aan griffie-diemen: geen bericht",
        f"{DIEMEN}: klaargezet",
        "herinnering aan griffie-diemen: geen bericht",
        "uitkomst aan griffie-diemen: geen bericht",
        "aankondiging aan adviseur-diemen: geen bericht",
        f"{DIEMEN.replace('griffie', 'adviseur')}: klaargezet",
        "herinnering aan adviseur-diemen: geen bericht",
        "uitkomst aan adviseur-diemen: geen bericht",
        "maandbericht aan leden-diemen: geen bericht",
    ]


def test_a_key_that_is_about_no_dossier_begins_with_a_dash(released: Kader) -> None:
    said = released("bericht waarom -/maandbericht/leden-almere --op 2027-04-02 --json")

    assert [(v["soort"], v["ontvanger"]) for v in said.data] == [("maandbericht", "leden-almere")]


@pytest.mark.parametrize(
    ("line", "phrase"),
    [
        ("bericht waarom", "geef --dossier en --raad samen"),
        (f"bericht waarom {DIEMEN} --raad diemen", "niet allebei"),
        (f"bericht waarom --dossier {SLUG}", "geef --dossier en --raad samen"),
        ("bericht waarom x", "'x' noemt geen bericht; schrijf DOSSIER/SOORT/ONTVANGER"),
        ("bericht waarom a//b", "noemt geen bericht"),
        (f"bericht waarom {DIEMEN}/4", "noemt geen bericht"),
        (f"bericht waarom {DIEMEN[:-1]}x", "noemt geen bericht"),
        (f"bericht waarom {DIEMEN[:-1]}²", "noemt geen bericht"),
        (f"bericht waarom {DIEMEN[:-1]}9", f"Er is geen bericht met versie 9; wel: {DIEMEN}."),
        (f"bericht waarom {DIEMEN}{'0' * 40}", "Er is geen bericht met versie"),
        ("bericht waarom nergens/uitkomst/griffie-almere", "Er is geen dossier 'nergens'"),
        (f"bericht waarom {SLUG}/felicitatie/griffie-almere", "Er is geen soort bericht 'felicitatie'; wel: aankondiging,"),
        (f"bericht waarom {SLUG}/uitkomst/griffie-almeer", "Er is geen ontvanger 'griffie-almeer'"),
        (f"bericht waarom --dossier {SLUG} --raad almeer", "Er is geen raad of deelnemer 'almeer'"),
        ("bericht waarom --dossier nergens --raad almere", "Er is geen dossier 'nergens'"),
        ("bericht lijst --soort openin", "Er is geen soort bericht 'openin'; wel: aankondiging,"),
        ("bericht lijst --ontvanger griffie-almeer --json", "Er is geen ontvanger 'griffie-almeer'"),
        ("bericht lijst --raad almeer", "Er is geen raad of deelnemer 'almeer'"),
        ("bericht lijst --dossier nergens --json", "Er is geen dossier 'nergens'"),
    ],
)
def test_what_names_no_bericht_is_refused_in_one_sentence(released: Kader, line: str, phrase: str) -> None:
    said = released(line)

    assert (said.code, said.out) == (2, "")
    assert phrase in said.err and said.err.count("\n") == 1


def test_without_a_mail_server_it_says_that_nothing_arrived_and_why(released: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADER_SMTP", "127.0.0.1:9")
    released("bericht vrijgeef --ja --als secretaris-av")

    said = released("bericht bezorg --nu")

    assert said.out.startswith("vrijgegeven: ")
    assert "kwam niet aan en gaat later opnieuw. De melding: " in said.out


def test_rows_are_printed_one_by_one_and_are_json_together(capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> chain[object]:
        return chain([{"a": 1}], (_printed_so_far() for _ in range(1)))

    def _printed_so_far() -> object:
        return {"eerder": capsys.readouterr().out}

    as_json_rows(rows())
    rest = capsys.readouterr().out
    as_json_rows([])
    empty = capsys.readouterr().out
    as_json_rows([{"a": 1}, {"b": [2]}])

    assert '"a": 1' in json.loads(rest[1:].strip().removesuffix("]"))["eerder"]
    assert json.loads(empty) == []
    assert json.loads(capsys.readouterr().out) == [{"a": 1}, {"b": [2]}]
