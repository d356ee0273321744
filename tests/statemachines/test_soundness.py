"""The walk finds what is wrong with a route, and nothing where nothing is."""

from typing import Any

import pytest

from statemachines.machine import main_line
from statemachines.soundness import unsound
from tests.makers import a_college_route, a_ronde, a_route, a_stap, held_over, the_route


@pytest.mark.parametrize("data", [a_route(), a_college_route()])
def test_a_good_route_is_sound(data: dict[str, Any]) -> None:
    assert unsound(the_route(data)) == []


def with_stap(i: int, **changes: Any) -> dict[str, Any]:
    data = a_route()
    data["stappen"][i] = {k: v for k, v in {**data["stappen"][i], **changes}.items() if v is not None}
    return data


@pytest.mark.parametrize(
    ("data", "zin"),
    [
        (with_stap(1, uitkomsten={"akkoord": "nergens"}), "'nergens' is geen stap en geen einde"),
        (with_stap(1, uitkomsten={"akkoord": "vaststelling"}), "'raadpleging' wordt nooit bereikt"),
        (with_stap(3, uitkomsten={"terugverwijzen": "vrijgave"}), "'vastgesteld' wordt nooit bereikt"),
        (with_stap(3, uitkomsten=held_over("vaststelling")), "vanaf 'vaststelling' is geen einde te bereiken"),
        (with_stap(1, uitkomsten={"akkoord": "raadpleging", "aanhouden": "vaststelling"}), "na 'aanhouden' blijft een stuk"),
        (with_stap(1, uitkomsten={"akkoord": "vrijgave"}), "na 'akkoord' blijft een stuk"),
        (
            with_stap(1, uitkomsten={"akkoord": "raadpleging", "terugverwijzen": "vaststelling"}),
            "terugverwijzen gaat naar een eerdere stap",
        ),
        (with_stap(1, uitkomsten={"akkoord": "raadpleging", "intrekken": "vaststelling"}), "na intrekken volgt een einde"),
        (with_stap(1, uitkomsten={"akkoord": "raadpleging", "niet-ingestemd": "routering"}), "kan een stuk niet terug"),
        (with_stap(0, volgt=None), "geef precies een van"),
        (with_stap(2, volgt="vaststelling"), "geef precies een van"),
        (with_stap(2, slug="vrijgave"), "'vrijgave' komt meer dan een keer voor"),
        (with_stap(0, volgt=None, uitkomsten={"akkoord": "vrijgave"}), "alleen de eerste stap wordt geregistreerd"),
    ],
)
def test_an_unsound_route_is_named_in_a_sentence(data: dict[str, Any], zin: str) -> None:
    assert any(zin in found for found in unsound(the_route(data)))


def test_a_dead_end_behind_a_ronde_is_found() -> None:
    stappen = [
        a_stap("routering", "voorbereiden", "aob", volgt="raadpleging"),
        a_stap("raadpleging", "raadplegen", "raden-staten", ronde=a_ronde("wachtkamer")),
        a_stap("wachtkamer", "adviseren", "bestuur", uitkomsten=held_over("wachtkamer")),
    ]

    found = unsound(the_route(a_route(stappen=stappen)))

    assert "Route nota: vanaf 'raadpleging' is geen einde te bereiken." in found


def test_a_ronde_after_which_nobody_can_answer_the_inbreng_is_found() -> None:
    stappen = [
        a_stap("routering", "voorbereiden", "aob", volgt="raadpleging"),
        a_stap("raadpleging", "raadplegen", "raden-staten", ronde=a_ronde("colleges")),
        a_stap("colleges", "vaststellen", "colleges", ronde=a_ronde("slot", kring="colleges", antwoord="besluit", sluit="allen")),
        a_stap("slot", "kennisnemen", "bestuur", uitkomsten={"akkoord": "vastgesteld", "intrekken": "ingetrokken"}),
    ]

    found = unsound(the_route(a_route(stappen=stappen)))

    assert found == ["Stap raadpleging: hierna kan het stuk zijn vastgesteld zonder antwoord op de inbreng."]


def test_gremia_side_by_side_that_can_only_hold_over_are_a_dead_end() -> None:
    stappen = [
        a_stap("routering", "voorbereiden", "aob", volgt="vrijgave"),
        a_stap("vrijgave", "vrijgeven", "bestuur", naast=["raadtafel"], uitkomsten=held_over("vrijgave")),
    ]
    good = [*stappen[:1], {**stappen[1], "uitkomsten": {**held_over("vrijgave"), "akkoord": "vastgesteld", "intrekken": "ingetrokken"}}]

    assert "Route nota: vanaf 'vrijgave' is geen einde te bereiken." in unsound(the_route(a_route(stappen=stappen)))
    assert unsound(the_route(a_route(stappen=good))) == []


def test_a_machine_keeps_nothing_of_what_passed_through_it() -> None:
    machine = main_line(the_route(a_route()))

    fired = [machine.fire("vrijgave", "akkoord") for _ in range(3)]

    assert fired == ["raadpleging"] * 3
    assert machine.fire("vrijgave", "terugverwijzen") is None
    assert not machine._machine.models
