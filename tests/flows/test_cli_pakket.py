"""``kader ronde pakket``: where the files land, what is printed, and what is refused."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from dossiers.outbox import Bericht
from flows.house import build_house
from flows.pakketten import publish_pakketten
from tests.flows.commands import SLUG, Kader, kader, released
from tests.makers import a_day
from tests.notifications.telling import rows

__all__ = ["kader", "released"]


def test_one_raad_gets_one_zip_in_the_folder_of_the_dossier(released: Kader, tmp_path: Path) -> None:
    said = released(f"ronde pakket {SLUG} --raad lelystad --op 2027-03-20")

    target = tmp_path / "openbaar" / "dossier" / SLUG / "raad-lelystad.zip"
    assert said.code == 0
    assert ZipFile(target).namelist()[:2] == ["lees-mij.txt", "1-aanbiedingsbrief-lelystad.docx"]
    assert "gemeenteraad van Lelystad" in said.out and "Gemeenteraad: waarschijnlijk uiterlijk dinsdag 25 mei 2027" in said.out
    assert said.out.splitlines()[-1] == f"1 pakket staat in {target.parent}."


def test_everyone_who_is_asked_gets_a_pakket_and_programs_read_where(released: Kader, tmp_path: Path) -> None:
    said = released(f"ronde pakket {SLUG} --op 2027-03-20 --json --naar {tmp_path / 'elders'}")

    written = sorted(str(path) for path in (tmp_path / "elders" / SLUG).iterdir())
    assert sorted(row["bestand"] for row in said.data) == written
    assert len(written) == 32
    assert {row["tot_en_met"] for row in said.data} == {"2027-05-25"}
    lelystad = next(row for row in said.data if row["orgaan"] == "raad-lelystad")
    assert [(eigen["wat"], eigen["dag"], eigen["niveau"]) for eigen in lelystad["eigen"]] == [
        ("Commissie", "2027-05-11", "ritme"),
        ("Gemeenteraad", "2027-05-25", "ritme"),
        ("Aanleveren bij uw griffie", "2027-04-29", "ritme"),
    ]


def test_a_pakket_is_made_anew_over_the_old_one(released: Kader, tmp_path: Path) -> None:
    released(f"ronde pakket {SLUG} --raad lelystad --op 2027-03-20")
    target = tmp_path / "openbaar" / "dossier" / SLUG / "raad-lelystad.zip"
    target.write_bytes(b"oud")

    assert released(f"ronde pakket {SLUG} --raad raad-lelystad --op 2027-03-20").code == 0

    assert ZipFile(target).testzip() is None


def test_what_cannot_be_made_is_refused_in_one_sentence_and_nothing_is_written(released: Kader, tmp_path: Path) -> None:
    (tmp_path / "bestand").write_text("bezet")
    lines = {
        "ronde pakket bestaat-niet --op 2027-03-20": "bestaat-niet",
        f"ronde pakket {SLUG} --raad zwolle --op 2027-03-20": f"'zwolle' is niet gevraagd in de ronde van {SLUG}; wel: a",
        f"ronde pakket {SLUG} --op 2027-03-01": "De ronde opende pas op 19-03-2027",
        f"ronde pakket {SLUG} --raad almere --op 2027-03-20 --naar {tmp_path / 'bestand'}": "is niet te schrijven",
    }

    refused = {line: released(line) for line in lines}

    assert {said.code for said in refused.values()} == {2}
    assert not [line for line, said in refused.items() if lines[line] not in said.err or said.err.count("\n") != 1]
    assert not (tmp_path / "openbaar").exists()


def test_without_an_open_ronde_there_are_no_pakketten(released: Kader) -> None:
    released("dagronde --op 2027-05-26")

    said = released(f"ronde pakket {SLUG} --op 2027-05-26")

    assert said.code == 2
    assert "een pakket is er alleen als een ronde open is" in said.err


def test_the_files_of_an_open_ronde_stand_where_the_mails_link_them_and_are_made_once(released: Kader, tmp_path: Path) -> None:
    house = build_house(f"sqlite:///{tmp_path / 'kader.db'}")

    made = publish_pakketten(house, a_day("2027-03-22")), publish_pakketten(house, a_day("2027-03-22"))

    links = {link for bericht in rows(house, "inbrengmoment-geopend") for link in linked(bericht)}
    site = {f"https://kaderroute.example/dossier/{SLUG}/{path.name}" for path in (tmp_path / "openbaar" / "dossier" / SLUG).glob("*.zip")}
    assert made == (len(site), 0) and links == site and len(site) == 32


def linked(bericht: Bericht) -> list[str]:
    found = bericht.context["pakketten"]
    assert isinstance(found, list)
    return [pakket["link"] for pakket in found]
