"""What people read, on the command line: an example of every kind, a real message, as text, mail or picture."""

from __future__ import annotations

import os
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from flows import schermafdruk
from statemachines.stelsel import Stelsel
from tests.flows.commands import SLUG, Kader, kader, released
from tests.notifications.test_keuring import a_region

__all__ = ["kader", "released"]


def test_a_kind_can_be_shown_without_a_database(kader: Kader, tmp_path: Path) -> None:
    for soort in ("aankondiging", "maandbericht"):
        shown = kader(f"bericht toon {soort}")

        assert shown.code == 0 and shown.out.startswith("Onderwerp: ") and "VOORBEELD" in shown.out, shown.err
    assert not list(tmp_path.glob("*.db"))


def test_an_unknown_kind_is_refused_with_those_that_exist(released: Kader) -> None:
    for line in ("bericht toon brief", f"bericht toon brief --dossier {SLUG}"):
        said = released(line)

        assert said.code == 2 and said.err.startswith("Er is geen bericht 'brief' in het stelsel mra; wel: aankondiging, ")


def test_with_a_dossier_it_is_the_last_real_message_to_that_raad(released: Kader) -> None:
    shown = released(f"bericht toon inbrengmoment-geopend --dossier {SLUG} --raad diemen")

    assert shown.code == 0 and "Geachte griffier van de gemeente Diemen" in shown.out and "Voortgangsnota 2027" in shown.out


def test_without_a_message_that_fits_it_says_where_to_look(released: Kader) -> None:
    said = released(f"bericht toon uitkomst --dossier {SLUG}")

    assert (said.code, said.err) == (2, "Er is geen bericht dat hierbij past; 'kader bericht lijst' noemt ze alle.\n")


def test_a_mail_is_the_whole_mail_to_an_address_that_nobody_has(kader: Kader, tmp_path: Path) -> None:
    said = kader(f"bericht toon inbrengmoment-geopend --raad almere --als eml --naar {tmp_path / 'opening.eml'}")

    mail = message_from_bytes((tmp_path / "opening.eml").read_bytes(), policy=default)
    assert said.out == f"Bewaard in {tmp_path / 'opening.eml'}.\n"
    assert mail["To"].addresses[0].addr_spec == "griffie-almere@voorbeeld.example" and not mail.defects
    assert [part.get_content_type() for part in mail.walk() if not part.is_multipart()] == ["text/plain", "text/html", "text/calendar"]


def test_a_file_that_is_there_already_stays_as_it_is(kader: Kader, tmp_path: Path) -> None:
    (tmp_path / "mijn.html").write_text("van mij")

    said = kader(f"bericht toon uitkomst --als html --naar {tmp_path / 'mijn.html'}")

    assert said.code == 2 and "bestaat al" in said.err and (tmp_path / "mijn.html").read_text() == "van mij"


@pytest.mark.skipif(
    schermafdruk.browser() is None and os.environ.get("CI") != "true", reason="Geen browser gevonden; er is geen plaatje gemaakt."
)
def test_a_picture_is_as_wide_as_a_mail_and_as_high_as_it_is(kader: Kader, tmp_path: Path) -> None:
    sizes = []
    for soort in ("ingetrokken", "inbrengmoment-geopend"):
        said = kader(f"bericht toon {soort} --als png --naar {tmp_path / soort}.png")
        png = (tmp_path / f"{soort}.png").read_bytes()
        assert said.code == 0 and png.startswith(b"\x89PNG")
        sizes.append((int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")))

    (width, low), (same, high) = sizes
    assert width == same == 600 and 300 < low < high < 2000


def test_without_a_browser_there_is_no_picture_but_one_sentence(kader: Kader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schermafdruk, "browser", lambda: None)

    said = kader(f"bericht toon uitkomst --als png --naar {tmp_path / 'a.png'}")

    assert said.code == 2 and said.err.startswith("Voor een plaatje is een browser nodig, en die is er niet")
    assert not (tmp_path / "a.png").exists()


def test_the_page_with_all_kinds_shows_each_in_a_closed_frame(kader: Kader, mra: Stelsel, tmp_path: Path) -> None:
    said = kader(f"bericht soorten --naar {tmp_path / 'alle.html'}")

    page = (tmp_path / "alle.html").read_text(encoding="utf-8")
    assert said.code == 0 and page.count('<iframe sandbox title="') == page.count("<section ") == len(mra.berichten)
    assert "<script" not in page


def test_the_list_of_kinds_says_who_hears_them_and_whether_a_person_gives_them_free(kader: Kader, mra: Stelsel) -> None:
    listed, data = kader("bericht soorten"), kader("bericht soorten --json").data

    assert all(soort.slug in listed.out and soort.wanneer in listed.out for soort in mra.berichten)
    assert {s["slug"]: s["vrijgave"] for s in data} == {s.slug: s.vrijgave for s in mra.berichten}


def test_controleer_names_it_and_neem_over_writes_nothing(kader: Kader, tmp_path: Path) -> None:
    folder = a_region(tmp_path / "feiten", uitkomst__txt="{{ nergens }}")

    checked = kader(f"controleer --op 2026-06-01 --stelsel {folder}")
    taken = kader(f"stelsel neem-over --stelsel {folder}", "--reden", "Eigen sjabloon")

    assert checked.code == 2 and "mra/sjablonen/uitkomst.txt.j2:1: Bericht 'uitkomst' is hiermee niet te maken" in checked.out
    assert "1 probleem in mra." in checked.out
    assert taken.code == 2 and taken.err.startswith("De berichten in mra kloppen niet: 1 probleem is mra/sjablonen/uitkomst.txt.j2:1")
    assert not (tmp_path / "kader.db").exists() and "Traceback" not in taken.err
