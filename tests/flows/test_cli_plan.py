"""``kader plan``, ``kader wat-als`` and ``kader jaarplanning`` as advisers use them, on the facts of the MRA."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.flows.commands import SLUG, Kader, kader, released
from tests.flows.test_cli_bad_input import assert_refused, counted

__all__ = ["kader", "released"]

OP = "--op 2026-12-02"


@pytest.fixture
def opened(kader: Kader) -> Kader:
    """A Voortgangsnota in routing on 1 December 2026."""
    assert kader("stelsel neem-over --op 2026-12-01", "--reden", "Begin").code == 0
    assert kader(f"open {SLUG} --route voortgangsnota --op 2026-12-01", "--titel", "Voortgangsnota 2027").code == 0
    return kader


def test_a_route_is_planned_without_any_database(kader: Kader, tmp_path: Path) -> None:
    said = kader("plan voortgangsnota --op 2026-01-05")

    assert said.code == 0 and said.err == "" and not (tmp_path / "kader.db").exists()
    for part in (
        "Haalt Algemene Vergadering op vrijdag 26 juni 2026.",
        "Tussen vrijgave en einde liggen 14 weken.",
        "Van de 33: ",
        "Let op: De termijn telt 6,7 weken buiten het reces; veilig is 8",
        "Wat helpt: de termijn laten lopen tot en met",
        "7 werkdagen voor vrijdag 6 maart 2026",
        "(voorbeeld)",
        "kritiek",
    ):
        assert part in said.out, part
    assert "2026-0" not in said.out, "a day is written as people write it"


def test_kort_leaves_out_the_raden_and_the_reasons(kader: Kader) -> None:
    said = kader("plan voortgangsnota --op 2026-01-05 --kort")

    assert "Van de 33: " in said.out and "gemeenteraad van Almere" not in said.out and "Waarom deze data" not in said.out


def test_a_target_that_cannot_be_met_names_the_stap_that_breaks_it_and_what_works(kader: Kader) -> None:
    said = kader("plan voortgangsnota --op 2026-03-10 --vaststelling 2026-06-26 --kort")

    assert said.code == 0
    assert "Haalt Algemene Vergadering op vrijdag 26 juni 2026 niet: 'In routing gebracht' kan op zijn vroegst" in said.out
    assert "De eerste die wel kan: vrijdag 11 december 2026." in said.out


def test_a_terugblik_explains_what_is_known_and_counts_what_is_not(kader: Kader) -> None:
    said = kader("plan voortgangsnota --vanaf 2024-02-01 --zet av-vrijgave=2024-03-22 --vaststelling 2024-06-14 --op 2026-11-24")

    assert said.code == 0 and said.out.startswith("Terugblik voor voortgangsnota")
    assert "Tussen vrijgave en einde liggen 12 weken." in said.out and "onbekend" in said.out
    assert "Van de 33: 1 haalbaar, 0 krap, 0 niet, 32 onbekend." in said.out


def test_the_term_of_the_mra_agenda_2_0_is_flagged_with_the_date_that_would_have_served(kader: Kader) -> None:
    said = kader("plan mra-agenda --vanaf 2019-09-02 --zet raadpleging=2019-10-25..2019-12-27 --vaststelling 2022-01-14 --kort")

    assert "De termijn eindigt op vrijdag 27 december 2019, in de Kerstvakantie; dinsdag 14 januari 2020 geeft evenveel dagen" in said.out


def test_a_plan_is_kept_compared_and_asked_what_if(opened: Kader) -> None:
    kept = opened(f"plan {SLUG} --vaststelling 2027-09-24 --vast {OP} --kort", "--reden", "Zo kunnen alle raden meedoen")
    opened(f"besluit {SLUG} --van bestuur --uitkomst aanhouden --op 2027-01-22", "--reden", "De cijfers ontbreken")
    verschil = opened(f"plan {SLUG} --verschil --op 2027-01-25")
    what_if = opened("wat-als --gremium av --van 2027-03-19 --vervalt --op 2027-01-25")
    sensitive = opened("wat-als --gevoeligheid --op 2027-01-25")

    assert kept.out.startswith(f"Regel 2: dossier {SLUG} staat bij 'Bestuur bespreekt het concept'")
    assert "De cijfers ontbreken (regel 3, 22-1-2027)" in verschil.out and "05-03-2027" in verschil.out
    assert what_if.out.startswith("De vergadering van Algemene Vergadering op vrijdag 19 maart 2027 vervalt.\n1 lopend dossier bekeken")
    assert "Als deze vergadering uitvalt" in sensitive.out


def test_a_picture_comes_out_as_svg(opened: Kader) -> None:
    for line in ("plan voortgangsnota --op 2026-01-05 --als svg", f"plan {SLUG} {OP} --als svg", f"jaarplanning 2027 {OP} --als svg"):
        said = opened(line)
        assert said.code == 0 and said.out.lstrip().startswith("<svg"), line


REFUSED = [
    "plan bestaat-niet",
    f"plan {SLUG} --vaststelling 2027-06-24 {OP}",
    f"plan voortgangsnota --vaststelling 2035-06-22 {OP}",
    f"plan voortgangsnota --vaststelling morgen {OP}",
    "plan voortgangsnota --op 2028-06-01",
    "plan voortgangsnota --weken 52 --op 2028-01-03",
    f"plan voortgangsnota --weken 0 {OP}",
    f"plan voortgangsnota --weken 53 {OP}",
    f"plan voortgangsnota --weken acht {OP}",
    f"plan voortgangsnota --vanaf 2010-01-01 {OP}",
    f"plan voortgangsnota --zet kerst=2027-03-05 {OP}",
    f"plan voortgangsnota --zet av-vrijgave {OP}",
    f"plan voortgangsnota --zet av-vrijgave=maart {OP}",
    f"plan voortgangsnota --zet av-vrijgave=2027-03-18 {OP}",
    f"plan voortgangsnota --zet av-vrijgave=2027-03-19..2027-03-20 {OP}",
    f"plan voortgangsnota --zet raadpleging=2027-05-30 {OP}",
    f"plan voortgangsnota --zet raadpleging=2027-05-30..2027-04-01 {OP}",
    f"plan voortgangsnota --zet raadpleging=2027-04-02 {OP}",
    f"plan voortgangsnota --zet raadpleging=2099-04-02 {OP}",
    f"plan jaarplan-begroting --weken 8 {OP}",
    f"plan voortgangsnota --na {SLUG} {OP}",
    f"plan voortgangsnota --na bestaat-niet {OP}",
    f"plan voortgangsnota --vast --reden x {OP}",
    f"plan {SLUG} --vast {OP}",
    f"plan {SLUG} --vast --reden '' {OP}",
    f"plan {SLUG} --vast --reden '  ' {OP}",
    f"plan {SLUG} --reden x {OP}",
    f"plan {SLUG} --vast --reden x --als '' {OP}",
    f"plan {SLUG} --vast --reden x --verwacht 9 {OP}",
    f"plan {SLUG} --vanaf 2027-01-01 {OP}",
    f"plan {SLUG} --verschil {OP}",
    f"plan {SLUG} --verschil --vast --reden x {OP}",
    f"plan {SLUG} --vast --reden x --als svg {OP}",
    f"plan voortgangsnota --zet raadpleging=2027-06-01 --zet raadpleging=2027-06-02 {OP}",
    f"plan voortgangsnota --vanaf 2026-01-05 {OP}",
    f"wat-als --gevoeligheid --gremium av {OP}",
    f"wat-als --weken 10 --van 2027-01-22 --vervalt {OP}",
    f"wat-als --gremium av --van 2027-03-19 --vervalt --route voortgangsnota {OP}",
    f"open voortgangsnota --route voortgangsnota --titel Nota {OP}",
    f"plan {SLUG} --vast --reden x --vaststelling 2026-12-11 {OP}",
    f"plan {SLUG} --vast --reden x --vaststelling 2026-09-25 {OP}",
    f"wat-als {OP}",
    f"wat-als --gremium bestuur {OP}",
    f"wat-als --gremium bestuur --van 2027-01-22 {OP}",
    f"wat-als --gremium bestuur --van 2027-01-22 --naar 2027-01-29 --vervalt {OP}",
    f"wat-als --gremium bestuur --van 2027-01-23 --vervalt {OP}",
    f"wat-als --gremium bestuur --van 2027-01-22 --naar 2027-01-24 {OP}",
    f"wat-als --gremium kerstman --van 2027-01-22 --vervalt {OP}",
    f"wat-als --weken 10 --route kerst {OP}",
    f"wat-als --weken 10 --reces 2027-01-01..2027-02-01 {OP}",
    f"wat-als --reces 2027-01-01 {OP}",
    f"wat-als --reces 2027-02-01..2027-01-01 {OP}",
    f"wat-als --reces 2099-02-01..2099-03-01 {OP}",
    f"jaarplanning dit-jaar {OP}",
    f"jaarplanning 0 {OP}",
    f"jaarplanning 2027 --als png {OP}",
]


@pytest.mark.parametrize("line", REFUSED)
def test_what_cannot_be_planned_is_one_sentence_and_nothing_is_written(opened: Kader, tmp_path: Path, line: str) -> None:
    before = counted(tmp_path)

    first, *more = shlex.split(line)
    said = opened(first, *more)

    assert_refused(said, line)
    assert counted(tmp_path) == before
