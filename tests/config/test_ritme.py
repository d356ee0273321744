"""A rhythm is written in one line as people write it, and what cannot be meant is said in one sentence."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from config.ritme import MOST_RECES, MOST_VERZENDEN, MOST_VOORAF, MOST_WEKEN, MOST_WERKDAGEN, parse_ritme
from statemachines.facts import Herhaling, Raadritme, Schakelritme, Schakelsoort

COLLEGE, GRIFFIE, AGENDACOMMISSIE, COMMISSIE, RAAD = Schakelsoort
DINSDAG, WOENSDAG = 1, 2


def test_a_line_says_every_schakel_in_the_order_in_which_a_document_passes_them() -> None:
    line = (
        "Raad: laatste dinsdag;  commissie: 2 weken eerder ; aanleveren: 15 werkdagen eerder; COLLEGE: elke Dinsdag;"
        "agendacommissie: 13 werkdagen eerder; zomerreces: schoolvakantie + 1 week; verzenden: 3 werkdagen na de raad;"
    )

    gelezen = parse_ritme(line)

    assert gelezen.problems == ()
    assert gelezen.schakels == (
        Schakelritme(soort=COLLEGE, herhaling=Herhaling(weekdag=DINSDAG)),
        Schakelritme(soort=GRIFFIE, eerder_werkdagen=15),
        Schakelritme(soort=AGENDACOMMISSIE, eerder_werkdagen=13),
        Schakelritme(soort=COMMISSIE, eerder_weken=2),
        Schakelritme(soort=RAAD, herhaling=Herhaling(weekdag=DINSDAG, welke=(-1,))),
    )
    assert (gelezen.zomerreces_weken_erna, gelezen.verzenden_werkdagen) == (1, 3)


@pytest.mark.parametrize(
    ("wanneer", "herhaling"),
    [
        ("elke woensdag", Herhaling(weekdag=WOENSDAG)),
        ("om de week dinsdag vanaf 2026-01-06", Herhaling(weekdag=DINSDAG, om_de_week_vanaf=date(2026, 1, 6))),
        ("laatste dinsdag", Herhaling(weekdag=DINSDAG, welke=(-1,))),
        ("eerste woensdag", Herhaling(weekdag=WOENSDAG, welke=(1,))),
        ("3e en 1e woensdag", Herhaling(weekdag=WOENSDAG, welke=(1, 3))),
        ("tweede,vierde en laatste dinsdag", Herhaling(weekdag=DINSDAG, welke=(2, 4, -1))),
        ("derde, vijfde dinsdag", Herhaling(weekdag=DINSDAG, welke=(3, 5))),
    ],
)
def test_a_day_that_comes_back_is_written_in_words(wanneer: str, herhaling: Herhaling) -> None:
    gelezen = parse_ritme(f"raad: {wanneer}")

    assert gelezen.problems == ()
    assert [schakel.herhaling for schakel in gelezen.schakels] == [herhaling]


@pytest.mark.parametrize("wanneer", ["elke dinsdag", "3e en 5e dinsdag", "2 weken eerder", "15 werkdagen eerder"])
def test_every_schakel_can_say_how_long_before_it_the_papers_are_due(wanneer: str) -> None:
    gelezen = parse_ritme(f"commissie: {wanneer}, stukken 10 werkdagen vooraf; raad: laatste dinsdag")

    zonder = parse_ritme(f"commissie: {wanneer}; raad: laatste dinsdag")
    assert gelezen.problems == zonder.problems == ()
    assert gelezen.schakels[0] == zonder.schakels[0].model_copy(update={"vooraf_werkdagen": 10})


def test_what_a_line_leaves_out_is_not_there() -> None:
    gelezen = parse_ritme("raad: laatste dinsdag; zomerreces: schoolvakantie")

    assert [schakel.soort for schakel in gelezen.schakels] == [RAAD]
    assert (gelezen.zomerreces_weken_erna, gelezen.verzenden_werkdagen, gelezen.schakels[0].vooraf_werkdagen) == (0, 0, 0)


@pytest.mark.parametrize(
    ("line", "zinnen"),
    [
        ("", ["In dit ritme ontbreekt de raad; schrijf wanneer die vergadert, zoals 'raad: laatste dinsdag'."]),
        ("commissie: 2 weken eerder", ["In dit ritme ontbreekt de raad"]),
        (
            "raad laatste dinsdag",
            ["'raad laatste dinsdag' is niet te lezen: een deel van een ritme begint met college, aanleveren", "ontbreekt de raad"],
        ),
        ("kollege: elke dinsdag; raad: laatste dinsdag", ["'kollege: elke dinsdag' is niet te lezen"]),
        ("raad: soms", ["'raad: soms' is niet te lezen; bij raad kan 'elke dinsdag', 'om de week dinsdag vanaf 2026-01-06'"]),
        ("raad: zesde dinsdag", ["'raad: zesde dinsdag' is niet te lezen"]),
        ("raad: elke tuesday; college: elke dag", ["'raad: elke tuesday' is niet te lezen", "'college: elke dag' is niet te lezen"]),
        ("raad: laatste zondag", ["'raad: laatste zondag' komt nooit voor: in het weekend"]),
        ("raad: laatste dinsdag; college: elke zaterdag", ["'college: elke zaterdag' komt nooit voor"]),
        ("raad: 2 weken eerder", ["'raad: 2 weken eerder' kan niet: de raad heeft een eigen dag nodig"]),
        ("raad: 1e en eerste dinsdag", ["noemt dezelfde week twee keer"]),
        ("raad: elke dinsdag; raad: elke woensdag", ["'raad' staat meer dan een keer in dit ritme; laat er een staan."]),
        ("raad: om de week dinsdag vanaf 2026-02-30", ["de dag 2026-02-30 bestaat niet"]),
        ("raad: om de week dinsdag vanaf 2026-01-07", ["2026-01-07 is een woensdag, geen dinsdag"]),
        ("raad: elke dinsdag; commissie: 0 weken eerder", ["het moeten 1 tot en met 26 weken zijn"]),
        ("raad: elke dinsdag; commissie: 131 werkdagen eerder", ["het moeten 1 tot en met 130 werkdagen zijn"]),
        ("raad: elke dinsdag, stukken 61 werkdagen vooraf", ["het moeten 0 tot en met 60 werkdagen vooraf zijn"]),
        ("raad: elke dinsdag; zomerreces: schoolvakantie + 9 weken", ["het moeten 0 tot en met 8 weken zijn"]),
        ("raad: elke dinsdag; zomerreces: juli", ["bij zomerreces kan 'schoolvakantie' of 'schoolvakantie + 1 week'"]),
        ("raad: elke dinsdag; verzenden: morgen", ["bij verzenden kan '3 werkdagen na de raad'"]),
        (
            "raad: elke dinsdag; aanleveren: 9 werkdagen eerder; commissie: 2 weken eerder",
            ["'aanleveren: 9 werkdagen eerder' ligt niet voor 'commissie: 2 weken eerder'"],
        ),
        (
            "raad: elke dinsdag; aanleveren: 15 werkdagen eerder; agendacommissie: 3 weken eerder",
            ["'aanleveren: 15 werkdagen eerder' ligt niet voor 'agendacommissie"],
        ),
        (
            "raad: elke dinsdag; college: 2 weken eerder; commissie: 3 weken eerder",
            ["'college: 2 weken eerder' ligt niet voor 'commissie: 3 weken eerder'"],
        ),
    ],
)
def test_every_clause_that_cannot_be_meant_gives_one_sentence(line: str, zinnen: list[str]) -> None:
    gelezen = parse_ritme(line)

    assert len(gelezen.problems) == len(zinnen), gelezen.problems
    assert all(deel in zin for deel, zin in zip(zinnen, gelezen.problems, strict=True)), gelezen.problems


def test_a_schakel_on_its_own_day_is_not_compared_with_one_counted_back() -> None:
    gelezen = parse_ritme("raad: elke dinsdag; agendacommissie: elke maandag; aanleveren: 1 week eerder; commissie: 3 werkdagen eerder")

    assert gelezen.problems == ()


@pytest.mark.parametrize(
    ("model", "key", "most"),
    [
        (Schakelritme, "eerder_weken", MOST_WEKEN),
        (Schakelritme, "eerder_werkdagen", MOST_WERKDAGEN),
        (Schakelritme, "vooraf_werkdagen", MOST_VOORAF),
        (Raadritme, "zomerreces_weken_erna", MOST_RECES),
        (Raadritme, "verzenden_werkdagen", MOST_VERZENDEN),
    ],
)
def test_the_line_allows_as_much_as_the_facts_do(model: type[Schakelritme | Raadritme], key: str, most: int) -> None:
    rest = {"soort": RAAD, "deelnemer": "almere", "ritme": "raad", "schakels": [{"soort": RAAD}], "bron": "test", "status": "voorbeeld"}
    fields = {name: value for name, value in rest.items() if name in model.model_fields}

    model.model_validate({**fields, key: most})

    with pytest.raises(ValidationError):
        model.model_validate({**fields, key: most + 1})


WORDS = [
    "raad",
    "college",
    "commissie",
    "zomerreces",
    ":",
    ";",
    ",",
    " en ",
    "elke ",
    "1e",
    "laatste ",
    "dinsdag",
    "zondag",
    "999",
    " weken eerder",
]
WORDS += ["om de week dinsdag vanaf 9999-12-28", "stukken 5 werkdagen vooraf", "schoolvakantie", "²", "\x00", "İ"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map("".join)))
def test_whatever_stands_in_a_line_it_is_read_or_refused_in_sentences(line: str) -> None:
    gelezen = parse_ritme(line)

    assert gelezen.problems or RAAD in {schakel.soort for schakel in gelezen.schakels}
    assert all(zin.endswith(".") for zin in gelezen.problems)
