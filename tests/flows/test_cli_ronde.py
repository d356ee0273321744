"""``kader ronde toon`` and ``kader route toon`` as planners use them: who can still answer and why, and which route is lighter."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pytest

from tests.flows.commands import SLUG, Kader, Said, kader, released

__all__ = ["kader", "released"]

WIDE = 100


def column(out: str, title: str) -> list[str]:
    """The cells of one column of a printed table."""
    rows = [[cell.strip() for cell in re.split("[│┃]", line)] for line in out.splitlines() if "│" in line or "┃" in line]
    return [row[rows[0].index(title)] for row in rows[1:]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, kader: Kader) -> Kader:
    """The command on a terminal of 100 columns."""

    def run(line: str, *more: str) -> Said:
        monkeypatch.setenv("COLUMNS", str(WIDE))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        return kader(line, *more)

    return run


def plain(out: str) -> list[str]:
    """Its lines without colours."""
    return re.sub("\x1b\\[[0-9;]*m", "", out).splitlines()


# --- a ronde ---


def test_a_ronde_says_of_every_deelnemer_whether_it_can_still_answer_until_when_and_whether_its_own_way_fits(released: Kader) -> None:
    early, late, over = (released(f"ronde toon {SLUG} --op {op}").out for op in ("2027-04-06", "2027-05-20", "2027-05-26"))

    assert early.startswith("Voortgangsnota 2027: laatste ronde, 'Wensen en opvattingen', gezien vanaf 06-04-2027")
    assert Counter(column(early, "Kan nog?")) == {"kan nog": 29, "moet nu": 2, "binnen": 1}
    assert Counter(column(late, "Kan nog?")) == {"moet nu": 31, "binnen": 1}
    assert Counter(column(over, "Kan nog?")) == {"te laat": 31, "binnen": 1}
    almere, lelystad, uithoorn, aalsmeer = (
        next(line for line in early.splitlines() if naam in line) for naam in ("Almere", "Lelystad", "Uithoorn", "Aalsmeer")
    )
    assert re.search(r"reactie ontvangen.*01-04-2027.*binnen.*25-05-2027 │\s*$", almere)
    assert re.search(r"kan nog .*20-04-2027 │ past *$", lelystad)
    assert re.search(r"kan nog .*25-05-2027 │ onbekend *$", uithoorn) and re.search(r"25-05-2027 │ past niet *$", aalsmeer)


def test_columns_in_which_nothing_stands_are_left_out(released: Kader) -> None:
    before = released(f"ronde toon {SLUG} --op 2027-04-06").out
    released(f"inbreng {SLUG} --van diemen --soort behandeling --behandelwijze hamerstuk --geagendeerd-op 2027-04-22 --op 2027-04-06")
    after = released(f"ronde toon {SLUG} --op 2027-04-06").out

    assert not any(titel in before for titel in ("Besluit", "Behandeling", "Geagendeerd", "Vanaf"))
    diemen = next(line for line in after.splitlines() if "Diemen" in line)
    assert re.search(r"hamerstuk *│ 22-04-2027 *│ kan nog *│ 22-04-2027 │ past", diemen)


def test_waarom_gives_a_sentence_for_everyone(released: Kader) -> None:
    said = released(f"ronde toon {SLUG} --op 2027-04-06 --waarom")

    sentences = column(said.out, "Waarom")
    assert len(sentences) == 32 and all(sentence.endswith(".") for sentence in sentences)
    assert "Of de eigen weg past, is onbekend: van deze vergaderingen is niets bekend; na vandaag nog 31 werkdagen" in said.out
    assert "een reactie van het college telt nog tot en met dinsdag 25 mei 2027." in said.out
    assert "Stand" not in said.out


def test_before_anybody_is_asked_the_ronde_to_come_is_shown_as_planned_and_then_as_agreed(kader: Kader) -> None:
    kader("stelsel neem-over --op 2026-12-01 --reden Begin")
    kader(f"open {SLUG} --route voortgangsnota --titel Nota --op 2026-12-01")
    planned = kader(f"ronde toon {SLUG} --op 2026-12-02 --waarom").out
    assert kader(f"plan {SLUG} --vast --op 2026-12-02 --kort", "--reden", "Zo afgesproken").code == 0
    agreed = kader(f"ronde toon {SLUG} --op 2026-12-02 --waarom").out
    data = kader(f"ronde toon {SLUG} --op 2026-12-02 --json").data

    assert planned.startswith(f"Bij dossier {SLUG} is nog niemand om een reactie gevraagd.\nNota: 'Wensen en opvattingen' komt nog,")
    assert "zo is het gepland, gezien vanaf woensdag 2 december 2026." in planned and "zo is het afgesproken." in agreed
    assert set(column(agreed, "Kan nog?")) == {"nog niet"}
    assert {(d["staat"], d["kans"]["vanaf"], d["kans"]["sluit"]) for d in data} == {("nog niet gevraagd", "2027-03-30", "2027-05-25")}
    assert set(column(agreed, "Vanaf")) == {"30-03-2027"} and set(column(agreed, "Tot")) == {"25-05-2027"}


def test_a_route_without_any_ronde_asks_nobody(kader: Kader) -> None:
    kader("stelsel neem-over --op 2026-12-01 --reden Begin")
    kader("open t-2027 --route termijnagenda --titel Termijnagenda --op 2026-12-01")

    said = kader("ronde toon t-2027 --op 2026-12-02")

    assert said.out == "Bij dossier t-2027 is nog niemand om een reactie gevraagd.\n"
    assert kader("ronde toon t-2027 --op 2026-12-02 --json").data == []


def test_seen_from_before_the_dossier_or_after_its_end_a_ronde_is_still_shown(released: Kader) -> None:
    early = released(f"ronde toon {SLUG} --op 2026-11-02")
    released("dagronde --op 2027-05-26")
    assert released(f"besluit {SLUG} --van bestuur --uitkomst intrekken --op 2027-06-04", "--reden", "Vervalt").code == 0
    ended = released(f"ronde toon {SLUG} --op 2027-06-07")

    assert set(column(early.out, "Kan nog?")) == {"nog niet", "binnen"} and set(column(early.out, "Vanaf")) == {"30-03-2027", ""}
    assert (ended.code, set(column(ended.out, "Kan nog?"))) == (0, {"te laat", "binnen"})


def test_uitstel_for_one_deelnemer_moves_only_its_own_day(released: Kader) -> None:
    given = released(f"ronde uitstel {SLUG} 2027-06-11 --voor diemen --op 2027-04-06", "--reden", "De raad vergadert op 3 juni")
    assert given.code == 0, given.err

    data = {d["orgaan"]: d["kans"] for d in released(f"ronde toon {SLUG} --op 2027-05-28 --json").data}

    assert (data["raad-diemen"]["sluit"], data["raad-laren"]["sluit"]) == ("2027-06-11", "2027-05-25")
    assert (data["raad-diemen"]["status"], data["raad-laren"]["status"]) == ("moet-nu", "te-laat")


def test_after_the_first_ronde_the_next_one_is_named(kader: Kader) -> None:
    kader("stelsel neem-over --op 2026-12-01 --reden Begin")
    kader("open agenda --route mra-agenda --titel MRA-Agenda --op 2026-12-01")
    for van, op in (("pho-bw", "2027-01-15"), ("platform-ruimte", "2027-02-12"), ("bestuur", "2027-03-05")):
        assert kader(f"besluit agenda --van {van} --uitkomst akkoord --op {op}").code == 0

    said = kader("ronde toon agenda --op 2027-03-08")

    assert said.out.endswith("Daarna komt nog een ronde: 'Colleges stellen vast'.\n")
    assert set(column(said.out, "Kan nog?")) == {"nog niet"}


def test_what_kan_nog_says_never_reaches_the_public_half(released: Kader) -> None:
    line = f"toon {SLUG} --openbaar --op 2027-04-02"
    public = released(line).out + released(f"{line} --json").out

    assert not any(word in public for word in ("kan nog", "kan-nog", "moet nu", "past niet", "eigen weg"))


# --- routes ---


def test_routes_are_compared_by_weight_the_lightest_first(kader: Kader) -> None:
    said = kader("route toon --op 2026-11-23")

    assert column(said.out, "Route")[0] == "jaarplan-begroting" and column(said.out, "Route")[-1] == "mra-agenda"
    stops = [int(cell) for cell in column(said.out, "Stops")]
    assert stops == sorted(stops)
    mra_agenda = next(line for line in said.out.splitlines() if line.startswith("mra-agenda"))
    assert [cell.strip() for cell in mra_agenda.split("│")] == ["mra-agenda", "MRA-Agenda", "9", "7", "77", "32", "32"]
    assert "gezien vanaf maandag 23 november 2026" in said.out
    rusten, termijn = said.out.splitlines()[-2:]
    assert rusten.startswith("Op een aanname rusten: ") and "mra-agenda" in rusten and "voortgangsnota" not in rusten
    assert termijn.startswith("Op een aanname rust alleen de reactietermijn van: ") and "voortgangsnota" in termijn
    assert "Deze weken rusten op een voorbeeldkalender." in said.out


def test_a_route_says_why_each_stap_is_there_what_follows_and_how_heavy_it_is(kader: Kader) -> None:
    said, later = kader("route toon voortgangsnota --op 2026-11-23"), kader("route toon mra-agenda --op 2027-12-01")
    data = kader("route toon voortgangsnota --op 2026-11-23 --json").data

    assert all(stap["toelichting"] in said.out and stap["slug"] in said.out for stap in data["stappen"])
    assert "(voorbereiden, ambtelijk)" in said.out
    assert re.search(r"av-vrijgave *│ akkoord, akkoord met wijzigingen *│ raadpleging", said.out)
    assert re.search(r"^ +│ niet ingestemd, terugverwijzen *│ bestuur-concept", said.out, re.MULTILINE)
    assert re.search(r"raadpleging *│ ronde gesloten *│ beantwoording", said.out) and "in routing gebracht" in said.out
    assert (
        "Gewicht: 6 stops, 5 vergaderingen, 1 advies erbij, 32 raden, Staten en regioraad gevraagd. Gezien vanaf maandag 23 november 2026 "
        "duurt het 28 weken: in routing op donderdag 10 december 2026, klaar op vrijdag 25 juni 2027. "
        "Deze weken rusten op een voorbeeldkalender.\n"
        "De reactietermijn van 'Wensen en opvattingen' is een aanname.\n"
    ) in said.out
    assert "Geldt vanaf 22-12-2021, status bron. Bron: metropoolregioamsterdam.nl" in said.out
    assert "32 colleges gevraagd. Gezien vanaf woensdag 1 december 2027 is onbekend hoeveel weken het duurt: de vergaderkal" in later.out


@pytest.mark.parametrize(
    "line", ["route toon --op 2026-11-23", "route toon mra-agenda --op 2027-12-01", "route toon afgeleid-kaderdocument --op 2026-11-23"]
)
def test_a_route_fits_a_terminal_of_100_columns_and_breaks_between_words(terminal: Kader, line: str) -> None:
    said = plain(terminal(line).out)

    assert max(map(len, said)) <= WIDE and len(said) > 10
    assert line.split()[2] != "mra-agenda" or "portefeuillehoudersoverleg" in "\n".join(said)


def test_a_ronde_fits_a_terminal_of_100_columns(released: Kader, terminal: Kader) -> None:
    table, reasons = (plain(terminal(f"ronde toon {SLUG} --op 2027-04-06{rest}").out) for rest in ("", " --waarom"))

    assert max(map(len, table)) <= WIDE >= max(map(len, reasons))
    assert sum("kan nog" in line for line in table) == 29 and any("20-04-2027" in line for line in table)


def test_json_says_of_a_deelnemer_whether_it_can_still_answer_and_of_a_route_what_it_weighs(released: Kader) -> None:
    ronde = {d["orgaan"]: d for d in released(f"ronde toon {SLUG} --op 2027-04-06 --json").data}
    route = released("route toon mra-agenda --op 2027-12-01 --json").data
    routes = released("route toon --op 2026-11-23 --json").data

    almere, lelystad = ronde["raad-almere"], ronde["raad-lelystad"]["kans"]
    assert (almere["datum"], almere["kans"]["status"], almere["kans"]["niveau"]) == ("2027-04-01", "binnen", "ritme")
    assert (lelystad["status"], lelystad["tot"], lelystad["sluit"], lelystad["haalt"]) == ("kan-nog", "2027-04-20", "2027-05-25", True)
    assert route["gewicht"]["weken"] is None and route["gewicht"]["ambtelijk"] == ["routering"]
    assert all(weighed["gewicht"]["stops"] == len(weighed["stappen"]) for weighed in routes)
