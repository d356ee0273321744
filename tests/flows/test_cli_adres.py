"""``kader adres`` as the secretariat uses it: from an address that somebody gives to what a council missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dossiers import adressen
from dossiers.adressen import Adresstatus
from dossiers.database import connect, writing
from tests.flows.commands import SLUG, Kader, Said, kader, released
from tests.notifications.test_bezorgrapport import a_report, fields

__all__ = ["kader", "released"]

WIE = "griffie-almere"
EERST = "griffie@almere.example"
NIEUW = "raadsgriffie@almere.example"


@pytest.fixture
def begun(kader: Kader) -> Kader:
    """The facts of the MRA accepted, with an example address for everyone."""
    assert kader("stelsel neem-over --op 2026-01-02", "--reden", "Begin").code == 0
    return kader


def doet(kader: Kader, line: str, *more: str) -> Said:
    said = kader(line, *more)
    assert said.code == 0, said.err
    return said


def states(kader: Kader, wie: str = WIE) -> list[tuple[str, str | None]]:
    return [(regel["status"], regel["adres"]) for regel in kader(f"adres toon {wie} --json").data]


# --- the life of an address ---


def test_an_address_is_given_confirmed_and_ended_and_everything_stays_to_be_seen(begun: Kader) -> None:
    given = doet(begun, f"adres geef {WIE} {NIEUW} --notitie Opgegeven")
    doet(begun, f"adres bevestig {WIE}", "--notitie", "Nagebeld met de griffier")
    doet(begun, f"adres beeindig {WIE} --reden Opgeheven")

    assert given.out == f"{WIE}: {NIEUW} is opgegeven (regel 2).\n"
    assert states(begun) == [("voorbeeld", EERST), ("opgegeven", NIEUW), ("bevestigd", NIEUW), ("beeindigd", NIEUW)]
    regels = begun(f"adres toon {WIE} --json").data
    assert [regel["notitie"] for regel in regels][1:] == ["Opgegeven", "Nagebeld met de griffier", "Opgeheven"]
    assert {regel["door"] for regel in regels} == {"aob"}


def test_another_address_must_be_confirmed_again(begun: Kader) -> None:
    doet(begun, f"adres geef {WIE} {NIEUW} --notitie x")
    doet(begun, f"adres bevestig {WIE} --notitie x")
    doet(begun, f"adres geef {WIE} {EERST} --notitie x")

    assert states(begun)[-1] == ("opgegeven", EERST)
    assert begun(f"adres lijst --ontvanger {WIE} --json").data["bevestigd"] == 0


@pytest.mark.parametrize(
    ("before", "line", "zin"),
    [
        ([], "geef griffie-elders a@elders.example --notitie x", "Er is geen ontvanger 'griffie-elders'"),
        ([], "geef almere a@almere.example --notitie x", "bedoelde u griffie-almere of adviseur-almere"),
        ([], f"geef {WIE} geen-adres --notitie x", "Dit is geen mailadres"),
        ([], f"geef {WIE} a@b.example,c@d.example --notitie x", "Dit is geen mailadres"),
        ([], f"geef {WIE} Griffie<a@b.example> --notitie x", "Dit is geen mailadres"),
        ([], f"geef {WIE} büro@almere.example --notitie x", "Dit is geen mailadres"),
        ([], f"geef {WIE} {'a' * 250}@almere.example --notitie x", "Dit is geen mailadres"),
        ([], f"geef {WIE} {NIEUW} --notitie a@b.example", "geen mailadres: die blijft staan"),
        ([f"geef {WIE} {NIEUW} --notitie x"], f"geef {WIE} {NIEUW} --notitie x", "heeft dit adres al, met status opgegeven"),
        ([], f"bevestig {WIE} --notitie x", "is een voorbeeld"),
        ([f"beeindig {WIE} --reden x"], f"bevestig {WIE} --notitie x", "heeft geen adres in gebruik (beeindigd)"),
        ([f"onbestelbaar {WIE} --reden x"], f"beeindig {WIE} --reden x", "heeft geen adres in gebruik (onbestelbaar)"),
        ([], f"beeindig {WIE} --reden {'x' * 501}", "501 tekens lang"),
        ([], "gemist griffie-elders", "Er is geen ontvanger"),
        ([], "toon griffie-elders", "Er is geen ontvanger"),
        ([], "lijst --ontvanger griffie-elders", "Er is geen ontvanger"),
        ([], "lijst --status weg", "mogelijk is: voorbeeld, opgegeven, bevestigd, beeindigd, onbestelbaar"),
        ([], "wis --voor 2999-01-01 --ja", "moet nog komen"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_changes(begun: Kader, before: list[str], line: str, zin: str) -> None:
    for command in before:
        doet(begun, f"adres {command}")
    known = states(begun)

    said = begun(f"adres {line}")

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1) and zin in said.err
    assert states(begun) == known


def test_an_empty_note_is_refused(begun: Kader) -> None:
    said = begun(f"adres geef {WIE} {NIEUW}", "--notitie", "  ")

    assert (said.code, said.err) == (2, "De notitie is leeg; vul een tekst in.\n")


@pytest.mark.parametrize(
    "line",
    [
        f"geef {WIE} {NIEUW} --notitie x",
        f"bevestig {WIE} --notitie x",
        f"beeindig {WIE} --reden x",
        f"onbestelbaar {WIE} --reden x",
        "rapport weg.eml",
        f"afmelden {WIE} --soort maandbericht",
        f"aanmelden {WIE} --soort maandbericht",
        "wis --voor 2026-01-01 --ja",
    ],
)
def test_who_writes_says_in_which_role(begun: Kader, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.delenv("KADER_ALS")

    said = begun(f"adres {line}")

    assert (said.code, said.err) == (2, "Zeg met --als (of KADER_ALS) in welke rol u dit doet, bijvoorbeeld --als aob.\n")


# --- who can be reached ---


def test_the_list_says_the_mode_and_how_many_are_confirmed(begun: Kader) -> None:
    before = doet(begun, "adres lijst --op 2026-03-01")
    doet(begun, f"adres geef {WIE} {NIEUW} --notitie x")
    doet(begun, f"adres bevestig {WIE} --notitie Nagebeld")
    after = doet(begun, "adres lijst --op 2026-03-01 --status bevestigd")

    data = begun("adres lijst --op 2026-03-01 --json").data
    many = data["ontvangers"]
    assert before.out.startswith("Modus proef: alle post gaat naar het postvak op deze computer. 0 van de ")
    assert f" 1 van de {many} ontvangers heeft een bevestigd adres." in after.out
    assert NIEUW in after.out and "Nagebeld" in after.out and after.out.count("@") == 1
    expected = {"statengriffie-flevoland", "adviseur-laren", "leden-laren", "deelregiosecretaris-ijmond", "secretaris-av", "aob"}
    assert expected <= {b["ontvanger"] for b in data["adressen"]}
    assert len(data["adressen"]) == many


def test_who_cannot_be_reached_depends_on_the_mode(begun: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    doet(begun, f"adres geef {WIE} {NIEUW} --notitie x")
    doet(begun, f"adres bevestig {WIE} --notitie x")
    doet(begun, "adres onbestelbaar griffie-laren --reden x")
    proef = begun("adres lijst --ontbreekt --op 2026-03-01 --json").data
    monkeypatch.setenv("KADER_MODUS", "echt")
    monkeypatch.setenv("KADER_SMTP", "mail.kaderroute.example:587")
    echt = begun("adres lijst --ontbreekt --op 2026-03-01 --json").data
    shown = doet(begun, "adres lijst --ontbreekt --op 2026-03-01")

    assert [(b["ontvanger"], b["waarom_niet"]) for b in proef["adressen"]] == [
        ("griffie-laren", "Het adres van griffie-laren is onbestelbaar; leg een nieuw adres vast.")
    ]
    assert len(echt["adressen"]) == echt["ontvangers"] - 1 and WIE not in {b["ontvanger"] for b in echt["adressen"]}
    assert shown.out.startswith("Modus echt: post gaat via mail.kaderroute.example:587 naar bevestigde adressen.")


def test_who_is_no_deelnemer_any_more_stays_in_the_list_as_long_as_an_address_is_used(begun: Kader) -> None:
    wie = "griffie-wijdemeren"
    before, after = (begun(f"adres lijst --op {op} --json").data for op in ("2026-12-31", "2027-01-01"))
    doet(begun, f"adres beeindig {wie} --reden x")
    ended = begun("adres lijst --op 2027-01-01 --json").data

    naam = {b["ontvanger"]: b["naam"] for b in (*before["adressen"], *after["adressen"])}[wie]
    assert naam == "griffie van Wijdemeren (nu geen ontvanger)"
    assert before["ontvangers"] - after["ontvangers"] == 3 and len(after["adressen"]) == len(before["adressen"])
    assert wie not in {b["ontvanger"] for b in ended["adressen"]}


# --- in earnest ---


@pytest.mark.parametrize(
    "line",
    [
        f"adres geef {WIE} {NIEUW} --notitie x --op 2026-03-01",
        f"inbreng {SLUG} --van almere --tekst Brief --op 2026-03-01",
        "stelsel neem-over --reden x --op 2026-03-01",
        "bericht vrijgeef --ja --op 2026-03-01",
        "dagronde --op 2026-03-01",
    ],
)
def test_in_earnest_only_today_is_written(begun: Kader, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("KADER_MODUS", "echt")
    monkeypatch.setenv("KADER_SMTP", "mail.kaderroute.example:587")

    said = begun(line)

    assert said.code == 2 and "In modus echt schrijft u alleen vanaf vandaag" in said.err
    assert begun(f"adres geef {WIE} {NIEUW} --notitie x").code == 0


def test_the_demo_is_not_played_in_earnest(kader: Kader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KADER_MODUS", "echt")
    monkeypatch.setenv("KADER_SMTP", "mail.kaderroute.example:587")

    said = kader("demo --eindig")

    assert said.code == 2 and "kan niet in modus echt" in said.err and not (tmp_path / "demo").exists()


# --- mail that comes back ---


def a_file(folder: Path, raw: bytes) -> str:
    path = folder / "rapport.eml"
    path.write_bytes(raw)
    return str(path)


def test_a_delivery_report_marks_who_has_this_address_now(begun: Kader, tmp_path: Path) -> None:
    said = doet(begun, f"adres rapport {a_file(tmp_path, a_report(fields()))}")

    marked, hint = said.out.splitlines()
    assert marked == f"{WIE}: onbestelbaar. Bezorgrapport: 5.1.1, het adres bestaat niet."
    assert hint == f"Wat deze ontvanger miste, ziet u met: kader adres gemist {WIE}"
    assert states(begun) == [("voorbeeld", EERST), ("onbestelbaar", EERST)]


@pytest.mark.parametrize(
    ("before", "report", "zin"),
    [
        ([], fields("delayed", "4.4.1"), "Niets gemarkeerd: de bezorging is uitgesteld (4.4.1); blijvend is alleen 'failed' met 5.x.x."),
        ([], fields("failed", "4.4.7"), "Niets gemarkeerd: de bezorging is mislukt (4.4.7); blijvend is alleen 'failed' met 5.x.x."),
        ([], fields(final="rfc822; wie@elders.example"), "Niets gemarkeerd: het adres in dit rapport is van geen enkele ontvanger."),
        ([f"geef {WIE} {NIEUW} --notitie x"], fields(), f"Niets gemarkeerd: {WIE} gebruikt dit adres niet meer."),
        ([f"onbestelbaar {WIE} --reden x"], fields(), f"Niets gemarkeerd: {WIE} gebruikt dit adres niet meer."),
    ],
)
def test_a_report_that_says_nothing_for_good_of_an_address_in_use_marks_nothing(
    begun: Kader, tmp_path: Path, before: list[str], report: str, zin: str
) -> None:
    for command in before:
        doet(begun, f"adres {command}")
    known = states(begun)

    said = doet(begun, f"adres rapport {a_file(tmp_path, a_report(report))}")

    assert said.out == f"{zin}\n" and states(begun) == known


def test_one_address_of_two_recipients_is_marked_for_both(begun: Kader, tmp_path: Path) -> None:
    doet(begun, f"adres geef adviseur-almere {EERST.title()} --notitie x")

    done = begun(f"adres rapport {a_file(tmp_path, a_report(fields()))} --json").data

    assert [uitslag["ontvangers"] for uitslag in done] == [["adviseur-almere", WIE]]
    assert states(begun)[-1][0] == states(begun, "adviseur-almere")[-1][0] == "onbestelbaar"


@pytest.mark.parametrize("name", ["rapport.eml", "weg.eml", "."])
def test_a_file_that_is_no_report_or_is_not_there_is_refused(begun: Kader, tmp_path: Path, name: str) -> None:
    a_file(tmp_path, b"Subject: Afwezig\r\n\r\nIk ben er niet.")

    said = begun("adres rapport", str(tmp_path / name))

    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1) and ("geen bezorgrapport" in said.err or "niet te lezen" in said.err)


def test_what_could_not_be_delivered_is_what_this_council_missed(released: Kader, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = doet(released, f"adres gemist {WIE} --op 2027-04-02")
    doet(released, "adres beeindig griffie-diemen --reden x --op 2027-04-02")
    doet(released, f"bericht vrijgeef --dossier {SLUG} --ja --op 2027-04-02")
    monkeypatch.setenv("KADER_SMTP", "127.0.0.1:1")
    doet(released, "bericht bezorg --nu")

    found = released("adres gemist griffie-diemen --op 2027-04-02 --json").data
    shown = doet(released, "adres gemist griffie-diemen --op 2027-04-02")

    assert nothing.out == f"{WIE} heeft voor zover bekend niets gemist.\n"
    assert {(g["dossier"], g["soort"], g["status"]) for g in found} == {(SLUG, "inbrengmoment-geopend", "mislukt")}
    assert [g["ook_verteld"] for g in found] == [[]] and "niemand" in shown.out and "Gemist door griffie-diemen" in shown.out


# --- signing off, erasing ---


def test_a_kind_that_may_be_off_can_be_signed_off_and_on_again(begun: Kader) -> None:
    line = f"{WIE} --soort maandbericht"

    said = [doet(begun, f"adres {what} {line}").out for what in ("afmelden", "afmelden", "aanmelden", "aanmelden")]

    assert said == [
        f"{WIE} is afgemeld voor maandbericht.\n",
        f"{WIE} was al afgemeld voor maandbericht.\n",
        f"{WIE} is aangemeld voor maandbericht.\n",
        f"{WIE} was al aangemeld voor maandbericht.\n",
    ]


@pytest.mark.parametrize(
    ("wie", "soort", "zin"),
    [
        (WIE, "uitkomst", "kunnen niet uit"),
        (WIE, "inbrengmoment-geopend", "kunnen niet uit"),
        (WIE, "nieuws", "Er is geen soort bericht 'nieuws'; uit kan:"),
        ("griffie-elders", "maandbericht", "Er is geen ontvanger"),
    ],
)
def test_a_griffie_cannot_sign_off_from_what_it_must_hear(begun: Kader, wie: str, soort: str, zin: str) -> None:
    said = begun(f"adres afmelden {wie} --soort {soort}")

    assert said.code == 2 and zin in said.err


def test_erasing_first_says_how_much_and_keeps_what_is_used(begun: Kader) -> None:
    doet(begun, f"adres geef {WIE} {NIEUW} --notitie x")
    morgen = "2100-01-01"

    asked = doet(begun, f"adres wis --voor {morgen}").out
    untouched = states(begun)
    done = doet(begun, f"adres wis --voor {morgen} --ja --op {morgen}").out
    shown = doet(begun, f"adres toon {WIE}").out

    assert asked == "1 oud adres te wissen. Wis met dezelfde opdracht en --ja --als ROL; dat is niet terug te draaien.\n"
    assert done == "1 oud adres gewist.\n" and untouched[0] == ("voorbeeld", EERST)
    assert states(begun) == [("voorbeeld", None), ("opgegeven", NIEUW)] and "gewist" in shown
    assert doet(begun, f"adres wis --voor {morgen} --ja --op {morgen}").out == "0 oude adressen gewist.\n"


def test_the_daily_round_erases_what_ended_longer_ago_than_the_term(begun: Kader, tmp_path: Path) -> None:
    doet(begun, f"adres geef {WIE} {NIEUW} --notitie x")
    engine = connect(f"sqlite:///{tmp_path / 'kader.db'}")
    with writing(engine) as connection:
        for wie, ended in (("oude-rol", timedelta(days=370)), ("jonge-rol", timedelta(days=350))):
            moment = (datetime.now(UTC) - ended).isoformat()
            adressen.add(connection, "mra", wie, Adresstatus.BEEINDIGD, f"{wie}@post.example", "gestopt", "aob", moment)
    engine.dispose()

    doet(begun, "dagronde")

    assert states(begun, "oude-rol") == [("beeindigd", None)]
    assert states(begun, "jonge-rol") == [("beeindigd", "jonge-rol@post.example")]
    assert states(begun) == [("voorbeeld", EERST), ("opgegeven", NIEUW)]
