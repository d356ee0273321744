"""The points of the Nota: who replaces whom, and names that stay whatever is recorded later."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from statemachines.nota import Gegeven, Overname, Punt, Punten, number_of, numbered, replaced, unanswered, wrong_reference
from statemachines.payloads import Verwijzing

TEKST = Verwijzing(id="t", sha256="0")


def gegeven(nr: int, wie: str = "almere", namens: str | None = "fractie", vervangt: int | None = None) -> Gegeven:
    return Gegeven(nr, f"raad-{wie}", wie, "inbreng", 1, namens, True, TEKST, vervangt=vervangt)


def a_punt(slug: str, inbreng: int, gelijkluidend: str | None = None, answered: bool = False, vervallen: bool = False) -> Punt:
    oordeel, antwoord = (Overname.NIET, TEKST) if answered else (None, None)
    return Punt(
        slug=slug, inbreng=inbreng, tekst=TEKST, oordeel=oordeel, antwoord=antwoord, gelijkluidend=gelijkluidend, vervallen=vervallen
    )


def test_two_fracties_of_one_raad_are_two_voices() -> None:
    two = (gegeven(4), gegeven(5))

    assert (replaced(two), unanswered(two, {})) == ({}, ("almere-1", "almere-2"))


def test_inbreng_is_replaced_only_by_later_inbreng_of_the_same_organ_that_says_so() -> None:
    given = (gegeven(4), gegeven(5, "diemen", vervangt=4), gegeven(6, vervangt=4), gegeven(7, vervangt=8), gegeven(8))

    assert replaced(given) == {4: 6}
    assert unanswered(given, {}) == ("diemen-1", "almere-2", "almere-3", "almere-4")
    assert unanswered(given[:3], {"almere-1": a_punt("almere-1", 4)}) == ("diemen-1", "almere-2")


DOINGS = st.lists(st.tuples(st.sampled_from(["inbreng", "split", "drop"]), st.sampled_from(["almere", "diemen"]), st.integers(0, 9)))


@given(DOINGS)
def test_a_name_once_shown_stays_whatever_is_recorded_later(doings: list[tuple[str, str, int]]) -> None:
    given: list[Gegeven] = []
    punten: dict[str, Punt] = {}
    first: dict[int, str] = {}
    for doing, wie, which in doings:
        whole = numbered(given, punten)
        if doing == "inbreng":
            given.append(gegeven(len(given) + 4, wie))
        elif doing == "split" and given:
            one = given[which % len(given)]
            there = [*punten, *whole.values()]
            after = max(number_of(slug) for slug in there if slug.startswith(one.wie)) + 1
            punten[f"{one.wie}-{after}"] = a_punt(f"{one.wie}-{after}", one.nr)
            if one.nr in whole:
                punten[whole[one.nr]] = a_punt(whole[one.nr], one.nr)
        elif punten:
            slug = sorted(punten)[which % len(punten)]
            punten[slug] = a_punt(slug, punten[slug].inbreng, vervallen=True)

        now = numbered(given, punten)
        for nr, slug in now.items():
            assert first.setdefault(nr, slug) == slug
            assert slug not in punten or punten[slug].inbreng == nr
        assert len(set(now.values())) == len(now)


def test_what_was_recorded_under_an_older_numbering_keeps_its_name() -> None:
    punten: Punten = {slug: a_punt(slug, 4) for slug in ("almere-1", "almere-3")}

    assert numbered((gegeven(4), gegeven(5), gegeven(9)), punten) == {5: "almere-2", 9: "almere-4"}


def test_a_wrong_reference_is_called_what_it_is() -> None:
    punten = {
        punt.slug: punt
        for punt in (
            a_punt("a-1", 1, "a-1"),
            a_punt("a-2", 1, "a-3"),
            a_punt("a-3", 1, "a-2"),
            a_punt("a-4", 1, "a-5"),
            a_punt("a-5", 1, "a-6"),
            a_punt("a-6", 1, answered=True),
            a_punt("a-7", 1, "a-8"),
            a_punt("a-8", 1),
            a_punt("a-9", 1, "b-1"),
        )
    }

    said = {slug: wrong_reference(punt, punten) for slug, punt in punten.items()}

    assert said["a-1"] is not None and "verwijst naar zichzelf;" in said["a-1"]
    assert said["a-2"] is not None and "zichzelf, in een kring (a-2, a-3, a-2)" in said["a-2"]
    assert said["a-4"] is not None and "maar dat verwijst zelf naar a-6" in said["a-4"]
    assert (said["a-5"], said["a-6"], said["a-8"]) == (None, None, None)
    assert said["a-7"] is not None and "maar dat punt heeft zelf geen antwoord" in said["a-7"]
    assert said["a-9"] is not None and "'b-1', maar dat punt is er niet" in said["a-9"]
