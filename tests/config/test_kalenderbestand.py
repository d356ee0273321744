"""A calendar that was read comes into the YAML in the place of what it replaces; everything else stays as people wrote it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from config.agenda import Agenda
from config.kalenderbestand import edited, keep, proposed
from config.loading import load_stelsel
from config.voorstel import Bevestiging, Voorstel, difference, facts_of, propose
from statemachines.errors import FactsRefused, UnknownSlug, Unusable
from statemachines.facts import Schakelsoort, Status, Vergadering, Vergaderkalender
from statemachines.stelsel import Stelsel

OP = date(2026, 11, 24)
BRON = "agendabestand av-2027.ics, gelezen op 24-11-2026"
AV = "vergaderkalender/av.yaml"
BESTAND = """\
# Vergaderingen van de AV.
kalenders:
  # Gevonden dagen.
  - gremium: av
    vanaf: 2026-01-01
    tot_en_met: 2026-12-31
    volledig: false
    bron: "site"  # gezien
    status: bron
    vergaderingen:
      - {datum: 2026-03-20}  # vrijdag
      - {datum: 2026-06-26, soort: extra}  # op het eiland
  # 2027, zie de brief
  - gremium: av
    vanaf: 2027-01-01
    tot_en_met: 2027-12-31
    volledig: true
    bron: brief
    status: voorbeeld
    vergaderingen:
      - {datum: 2027-03-19, aanleverdatum: 2027-03-01}  # vroeg
      - {datum: 2027-06-25}  # laat
      - {datum: 2027-12-10}  # kerst
  # van iemand anders
  - gremium: bestuur
    vanaf: 2027-01-01
    tot_en_met: 2027-12-31
    volledig: true
    bron: brief
    status: bron
    vergaderingen: []
# einde
"""
LAYOUTS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "without indent": lambda text: text.replace("\n  ", "\n"),
    "deeper": lambda text: text.replace("\n  ", "\n      "),
    "a dash on its own line": lambda text: text.replace("  - gremium", "  -\n    gremium"),
    "days in quotes": lambda text: text.replace("datum: 2027-06-25", "datum: '2027-06-25'").replace(
        "vanaf: 2027-01-01", 'vanaf: "2027-01-01"'
    ),
    "another order of keys": lambda text: text.replace(
        "  - gremium: av\n    vanaf: 2027-01-01\n", "  - vanaf: 2027-01-01\n    gremium: av\n"
    ),
    "empty lines": lambda text: text.replace("  # 2027", "\n\n  # 2027"),
}


def a_voorstel(
    *dagen: date, van: str = "av", soort: Schakelsoort | None = None, vanaf: date | None = None, tot: date | None = None, door: str = ""
) -> Voorstel:
    return Voorstel(van, soort, vanaf or dagen[0], tot or dagen[-1], dagen, BRON, Bevestiging(door, OP) if door else None)


def an_agenda(*dagen: date) -> Agenda:
    return Agenda("av-2027.ics", dagen[0], dagen[-1], dagen, len(dagen), 0, 0)


def kalenders_in(text: str) -> list[Vergaderkalender]:
    return [Vergaderkalender.model_validate(block) for block in YAML(typ="safe", pure=True).load(text)["kalenders"]]


def with_kalenders(stelsel: Stelsel, text: str) -> Stelsel:
    return stelsel.model_copy(update={"kalenders": tuple(kalenders_in(text))})


def order(kalenders: object) -> list[str]:
    assert isinstance(kalenders, list | tuple)
    return sorted(map(repr, kalenders))


def test_a_calendar_comes_between_what_is_left_and_comments_stay_where_they_belong(stelsel: Stelsel) -> None:
    had = with_kalenders(stelsel, BESTAND)
    voorstel = a_voorstel(date(2027, 6, 18), date(2027, 6, 25), vanaf=date(2027, 6, 1), tot=date(2027, 9, 30), door="aob")

    text = edited(BESTAND, voorstel, facts_of(had, voorstel))

    before, _, rest = BESTAND.partition("    tot_en_met: 2027-12-31\n")
    assert text.startswith(before + "    tot_en_met: 2027-05-31\n")
    assert text.endswith(rest[rest.index("  # van iemand anders") :])
    changed = text[text.index("  # 2027, zie de brief") : text.index("  # van iemand anders")]
    assert changed == (
        "  # 2027, zie de brief\n"
        "  - gremium: av\n    vanaf: 2027-01-01\n    tot_en_met: 2027-05-31\n    volledig: true\n    bron: brief\n    status: voorbeeld\n"
        "    vergaderingen:\n      - {datum: 2027-03-19, aanleverdatum: 2027-03-01}  # vroeg\n"
        "  - gremium: av\n    vanaf: 2027-06-01\n    tot_en_met: 2027-09-30\n    volledig: true\n"
        f"    bevestigd_door: aob\n    bevestigd_op: 2026-11-24\n    bron: {BRON}\n    status: bron\n"
        "    vergaderingen:\n      - {datum: 2027-06-18}  # vrijdag\n      - {datum: 2027-06-25}  # vrijdag\n"
        "  - gremium: av\n    vanaf: 2027-10-01\n    tot_en_met: 2027-12-31\n    volledig: true\n    bron: brief\n    status: voorbeeld\n"
        "    vergaderingen:\n      - {datum: 2027-12-10}  # kerst\n"
    )


def test_found_days_of_which_none_is_left_go_and_a_day_that_stays_keeps_its_soort_and_aanleverdatum(stelsel: Stelsel) -> None:
    had = with_kalenders(stelsel, BESTAND)
    voorstel = a_voorstel(date(2026, 6, 26), date(2027, 3, 19), vanaf=date(2026, 2, 1), tot=date(2027, 12, 31))

    text = edited(BESTAND, voorstel, facts_of(had, voorstel))

    runs = [kalender for kalender in kalenders_in(text) if kalender.gremium == "av"]
    assert [(run.vanaf, run.tot_en_met, run.status) for run in runs] == [(date(2026, 2, 1), date(2027, 12, 31), Status.BRON)]
    assert runs[0].vergaderingen == (
        Vergadering(datum=date(2026, 6, 26), soort="extra"),
        Vergadering(datum=date(2027, 3, 19), aanleverdatum=date(2027, 3, 1)),
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_the_file_is_laid_out_it_says_what_was_proposed(stelsel: Stelsel, layout: str) -> None:
    before = LAYOUTS[layout](BESTAND)
    had = with_kalenders(stelsel, before)
    voorstel = a_voorstel(date(2027, 6, 18), vanaf=date(2026, 6, 1), tot=date(2027, 9, 30))

    text = edited(before, voorstel, facts_of(had, voorstel))

    assert before != BESTAND or layout == "as it is"
    assert order(kalenders_in(text)) == order(proposed(had, voorstel).kalenders)
    for comment in ("# Gevonden dagen.", "# vrijdag", "# 2027, zie de brief", "# kerst", "# van iemand anders", "# einde"):
        assert text.count(comment) == (2 if comment == "# vrijdag" else 1)
    assert "# op het eiland" not in text


@pytest.mark.parametrize(
    "before",
    [
        "kalenders: []\n",
        "kalenders: [{gremium: av, vanaf: 2027-01-01, tot_en_met: 2027-12-31, volledig: true, bron: b, status: bron, vergaderingen: []}]\n",
        "kalenders: [\n  {gremium: av, vanaf: 2027-01-01, tot_en_met: 2027-12-31, volledig: true,\n"
        "    bron: b, status: bron, vergaderingen: []}]\n",
    ],
)
def test_a_file_in_short_notation_is_written_out(stelsel: Stelsel, before: str) -> None:
    had = with_kalenders(stelsel, before)
    voorstel = a_voorstel(date(2027, 6, 18))

    text = edited(before, voorstel, facts_of(had, voorstel))

    assert order(kalenders_in(text)) == order(proposed(had, voorstel).kalenders)


DAYS = st.integers(0, 60).map(lambda n: date(2027, 1, 1) + timedelta(days=n))


@st.composite
def some_kalenders(draw: st.DrawFn) -> list[Vergaderkalender]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        first, last = sorted((draw(DAYS), draw(DAYS)))
        days = sorted(draw(st.sets(st.integers(0, (last - first).days), max_size=4)))
        found.append(
            Vergaderkalender(
                gremium=draw(st.sampled_from(["av", "bestuur"])),
                vanaf=first,
                tot_en_met=last,
                volledig=draw(st.booleans()),
                bron="brief",
                status=Status.BRON,
                vergaderingen=tuple(Vergadering(datum=first + timedelta(days=day)) for day in days),
            )
        )
    return found


@given(some_kalenders(), st.sets(DAYS, min_size=1, max_size=3), DAYS)
def test_the_file_says_what_was_proposed_and_nothing_of_its_own_overlaps(had: list[Vergaderkalender], dagen: set[date], tot: date) -> None:
    facts = [json.dumps(kalender.model_dump(mode="json", exclude_unset=True)) for kalender in had]
    before = "kalenders:\n" + "".join(f"  # kalender {i}\n  - {fact}\n" for i, fact in enumerate(facts))
    stelsel = Stelsel.model_construct(kalenders=tuple(had), raadskalenders=())
    voorstel = a_voorstel(*sorted(dagen), tot=max(tot, *dagen))

    text = edited(before, voorstel, facts_of(stelsel, voorstel))

    assert order(kalenders_in(text)) == order(proposed(stelsel, voorstel).kalenders)
    (new,) = (kalender for kalender in kalenders_in(text) if kalender.bron == BRON)
    others = [kalender for kalender in kalenders_in(text) if kalender.gremium == "av" and kalender != new]
    assert not [other for other in others if other.vanaf <= new.tot_en_met and new.vanaf <= other.tot_en_met]
    untouched = [i for i, kalender in enumerate(had) if kalender.gremium == "bestuur"]
    assert all(f"# kalender {i}\n" in text for i in untouched)


def test_what_is_kept_is_what_was_proposed_and_the_same_again_changes_nothing(kopie: Path) -> None:
    had = load_stelsel(kopie)
    voorstel = propose(had, an_agenda(date(2027, 3, 19), date(2027, 6, 18)), "av", None, BRON, Bevestiging("secretaris-av", OP), False)

    first = keep(kopie, had, voorstel)
    now = load_stelsel(kopie)
    again = keep(kopie, now, voorstel)

    assert (first, again) == (("mra/vergaderkalender/av.yaml",), ())
    assert order(now.kalenders) == order(proposed(had, voorstel).kalenders)
    assert difference(now, voorstel).blijft == voorstel.dagen


def test_a_calendar_that_ends_within_a_year_can_be_kept(kopie: Path) -> None:
    had = load_stelsel(kopie)
    voorstel = propose(had, an_agenda(date(2026, 12, 3), date(2027, 1, 14)), "directeurenoverleg", None, BRON, None, False)

    changed = keep(kopie, had, voorstel)

    assert changed == ("mra/vergaderkalender/directeurenoverleg.yaml",)
    assert load_stelsel(kopie).vergaderingen("directeurenoverleg").dagen == [date(2026, 12, 3), date(2027, 1, 14)]


def test_a_calendar_spread_over_files_is_replaced_in_all_of_them(kopie: Path) -> None:
    text = (kopie / AV).read_text(encoding="utf-8")
    head, mark, later = text.partition("  # 2028\n")
    (kopie / AV).write_text(head, encoding="utf-8")
    (kopie / "vergaderkalender/later.yml").write_bytes(f"kalenders:\n{mark}{later}".replace("\n", "\r\n").encode())
    had = load_stelsel(kopie)
    voorstel = propose(had, an_agenda(date(2027, 12, 10), date(2028, 12, 29)), "av", None, BRON, None, False)

    changed = keep(kopie, had, voorstel)

    now = load_stelsel(kopie)
    assert changed == ("mra/vergaderkalender/av.yaml", "mra/vergaderkalender/later.yml")
    assert order(now.kalenders) == order(proposed(had, voorstel).kalenders)
    assert b"\r\n  # 2028\r\n" in (kopie / "vergaderkalender/later.yml").read_bytes()


def test_a_file_of_which_nothing_is_left_stays_readable(kopie: Path) -> None:
    text = (kopie / AV).read_text(encoding="utf-8")
    head, _, later = text.partition("  # 2028\n")
    (kopie / AV).write_text(head, encoding="utf-8")
    (kopie / "vergaderkalender/later.yaml").write_text(f"# Later.\nkalenders:\n{later}", encoding="utf-8")
    had = load_stelsel(kopie)
    voorstel = a_voorstel(date(2028, 3, 17), vanaf=date(2028, 1, 1), tot=date(2028, 12, 31))

    keep(kopie, had, voorstel)

    assert (kopie / "vergaderkalender/later.yaml").read_text(encoding="utf-8") == "# Later.\nkalenders: []\n"
    assert order(load_stelsel(kopie).kalenders) == order(proposed(had, voorstel).kalenders)


def test_the_first_calendar_of_a_raad_gets_a_file_and_a_folder(kopie: Path) -> None:
    for path in (kopie / "raadskalender").iterdir():
        path.unlink()
    (kopie / "raadskalender").rmdir()
    had = load_stelsel(kopie)
    agenda = an_agenda(date(2027, 1, 28), date(2027, 2, 25))
    raad, college = (
        propose(had, agenda, "almere", soort, BRON, Bevestiging("griffie-almere", OP), False)
        for soort in (Schakelsoort.RAAD, Schakelsoort.COLLEGE)
    )

    changed = keep(kopie, had, raad)
    keep(kopie, load_stelsel(kopie), college)

    now = load_stelsel(kopie)
    assert changed == ("mra/raadskalender/almere.yaml",)
    assert (
        (kopie / "raadskalender/almere.yaml")
        .read_text(encoding="utf-8")
        .startswith("# Vergaderingen van Almere.\nkalenders:\n  - deelnemer: almere\n")
    )
    assert [(k.soort, k.bevestigd_door, k.bevestigd_op) for k in now.raadskalenders] == [
        (Schakelsoort.RAAD, "griffie-almere", OP),
        (Schakelsoort.COLLEGE, "griffie-almere", OP),
    ]
    assert order(now.raadskalenders) == order(proposed(proposed(had, raad), college).raadskalenders)


def test_what_contradicts_the_facts_is_refused_and_nothing_is_kept(kopie: Path) -> None:
    had = load_stelsel(kopie)
    voorstel = a_voorstel(date(2027, 1, 28), van="almere", soort=Schakelsoort.RAAD, door="niemand")

    with pytest.raises(FactsRefused, match=r"Er is niets geschreven.*almere.yaml:\d+: 'niemand' is geen contact van Almere"):
        keep(kopie, had, voorstel)

    assert not (kopie / "raadskalender/almere.yaml").exists()
    assert load_stelsel(kopie) == had


def test_a_folder_that_cannot_be_written_stays_whole(kopie: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    had = load_stelsel(kopie)
    before = {path: path.read_bytes() for path in kopie.rglob("*") if path.is_file()}

    def denied(path: Path, target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", denied)
    with pytest.raises(Unusable, match=r"De map met de feiten is niet te beschrijven \(PermissionError\); er is niets veranderd."):
        keep(kopie, had, a_voorstel(date(2027, 6, 18)))

    assert {path: path.read_bytes() for path in kopie.rglob("*") if path.is_file()} == before


def test_days_without_work_and_days_that_no_calendar_knows_are_refused_by_name(stelsel: Stelsel) -> None:
    free = an_agenda(date(2027, 5, 5), date(2027, 6, 4), date(2027, 6, 5))
    far = an_agenda(date(2027, 6, 4), date(2031, 6, 6))

    with pytest.raises(
        Unusable, match=r"niet vergaderd: woensdag 5 mei 2027 \(Bevrijdingsdag\) en zaterdag 5 juni 2027 \(een zaterdag\); met"
    ):
        propose(stelsel, free, "bestuur", None, BRON, None, False)
    with pytest.raises(Unusable, match="tot en met vrijdag 6 juni 2031 kan niet: onbekend"):
        propose(stelsel, far, "bestuur", None, BRON, None, True)
    taken = propose(stelsel, free, "bestuur", None, BRON, None, True)

    assert taken.dagen == free.dagen


def test_who_confirms_and_whose_calendar_it_is_must_exist(stelsel: Stelsel) -> None:
    agenda = an_agenda(date(2027, 6, 4))

    for van, soort, door, zin in (
        ("nergens", None, None, "Er is geen gremium 'nergens'"),
        ("av", None, "niemand", "Er is geen rol 'niemand'"),
        ("almer", Schakelsoort.RAAD, "aob", "Er is geen deelnemer 'almer' in het stelsel mra; bedoelde u 'almere'?"),
        ("zzz", Schakelsoort.RAAD, "aob", "Er is geen deelnemer 'zzz' in het stelsel mra; wel: "),
        (
            "almere",
            Schakelsoort.RAAD,
            "griffie-diemen",
            "geen contact van Almere en geen rol; wel kan: adviseur-almere, griffie-almere, of",
        ),
    ):
        with pytest.raises(UnknownSlug, match=zin):
            propose(stelsel, agenda, van, soort, BRON, Bevestiging(door, OP) if door else None, False)
