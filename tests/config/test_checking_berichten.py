"""The catalogue of berichten: everything in it that nobody could hear, or that says nothing, is named with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config import MRA
from config.loading import check, load_stelsel
from statemachines.berichten import STANDARD, Aanleiding, catalogue, mag_uit
from tests.makers import a_day, a_stelsel

BESTAND = "berichten.yaml"


def problems(tmp_path: Path, old: str, new: str) -> list[str]:
    folder = tmp_path / "mra"
    shutil.copytree(MRA, folder)
    text = (folder / BESTAND).read_text(encoding="utf-8")
    assert old in text
    (folder / BESTAND).write_text(text.replace(old, new, 1), encoding="utf-8")
    return [str(problem) for problem in check(folder, a_day("2026-11-27")).problems]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bij: ronde-gepland", "bij: ronde-gedroomd", "ronde-gedroomd"),
        ("wie: [griffie, statengriffie]\n", "wie: [griffie, kerstman]\n", "'kerstman' kan niets horen; wel: adviseur, aob,"),
        ("wie: [secretaris]\n    bij: stukken-verwacht", "wie: [aob]\n    bij: stukken-verwacht", "alleen de secretaris van het gremium"),
        ("    weken: 8\n", "", "Bericht 'aankondiging' bij 'ronde-gepland' heeft 'weken' nodig."),
        ("hoogstens_weken: 39", "hoogstens_weken: 8", "'hoogstens_weken' moet meer zijn dan 'weken'"),
        ("- slug: uitkomst\n", "- slug: afloop\n", "Het bericht bij 'besloten' heet altijd 'uitkomst'."),
        ("bij: datum-gewijzigd", "bij: ronde-vervallen", "Er is geen bericht bij datum-gewijzigd; zet het uit met 'aan: false'."),
        ("- slug: onbestelbaar\n", "- slug: uitkomst\n", "Bericht 'uitkomst' bestaat al"),
        ('tot: "17:00"', 'tot: "08:00"', "het einde ligt niet na het begin"),
        ('tot: "17:00"', 'tot: "25:00"', "tot"),
        ("tempo: verzameld\n", "tempo: straks\n", "tempo"),
        ("vrijgave: true", "vrijgave: true\n    kleur: rood", "kleur"),
    ],
)
def test_a_catalogue_that_cannot_work_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = problems(tmp_path, old, new)

    assert any(said in problem and f"mra/{BESTAND}:" in problem for problem in found), found


def test_the_shipped_catalogue_has_every_occasion_and_only_overviews_can_be_switched_off() -> None:
    stelsel = load_stelsel(MRA)

    assert {soort.bij for soort in catalogue(stelsel)} == set(Aanleiding)
    assert {soort.bij for soort in stelsel.berichten if soort.uit_te_zetten} == {Aanleiding.ELKE_WEEK, Aanleiding.ELKE_MAAND}
    assert mag_uit(stelsel, "maandbericht") and not mag_uit(stelsel, "uitkomst") and not mag_uit(stelsel, "bestaat-niet")


def test_what_opens_re_dates_withdraws_or_tells_a_besluit_waits_for_a_person_and_reminders_go_by_themselves() -> None:
    stelsel = load_stelsel(MRA)

    waits = {soort.slug for soort in stelsel.berichten if soort.vrijgave}

    assert waits == set(STANDARD.values())


def test_facts_from_before_the_catalogue_keep_the_seven_kinds_of_that_time() -> None:
    stelsel = a_stelsel()

    kinds = {soort.slug: soort for soort in catalogue(stelsel)}

    assert set(kinds) == {
        "besluit-verwacht",
        "datum-gewijzigd",
        "inbrengmoment-geopend",
        "ingetrokken",
        "stukken-verwacht",
        "uitkomst",
        "uitkomst-gecorrigeerd",
    }
    assert (kinds["stukken-verwacht"].werkdagen, kinds["besluit-verwacht"].werkdagen) == (5, 1)
    assert kinds["uitkomst"].vrijgave and not kinds["stukken-verwacht"].vrijgave


def test_a_kind_that_is_switched_off_is_known_and_not_told() -> None:
    stelsel = load_stelsel(MRA)
    off = tuple(s.model_copy(update={"aan": s.slug != "herinnering"}) for s in stelsel.berichten)

    changed = stelsel.model_copy(update={"berichten": off})

    assert "herinnering" not in {soort.slug for soort in catalogue(changed)}
    assert changed.digest != stelsel.digest
