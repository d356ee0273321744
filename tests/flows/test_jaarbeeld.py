"""A year as a picture: what is on every agenda, which termijnen clash, and when nothing can be asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from flows.planbeeld import year_svg
from statemachines.facts import Kring
from statemachines.planning.jaar import Agendapunt, Botsing, Jaarplan, Jaarronde, Jaarzitting, Onbepaald, Periode, year_of
from statemachines.planning.planner import Planner
from statemachines.planning.vraag import Wens, vraag_of_route
from statemachines.stelsel import Stelsel
from tests.flows.pictures import HOSTILE, SVG, assert_inside, assert_only_text, having, left_of, texts
from tests.makers import a_day


def a_year(**changes: Any) -> Jaarplan:
    return replace(Jaarplan(2026, (), (), (), (), (), ()), **changes)


def a_zitting(gremium: str, day: str, stukken: int = 0) -> Jaarzitting:
    punten = tuple(Agendapunt(f"nota-{i}", "advies", "Advies") for i in range(stukken))
    return Jaarzitting(gremium, gremium.capitalize(), a_day(day), a_day(day) - timedelta(days=14), punten)


def a_ronde(slug: str, van: str, tot_en_met: str, kring: Kring = Kring.RADEN_STATEN) -> Jaarronde:
    return Jaarronde(slug, "Raadpleging", kring, a_day(van), a_day(tot_en_met), 33)


def drawn(year: Jaarplan) -> Element:
    return ElementTree.fromstring(year_svg(year))


def test_a_year_has_a_lane_per_gremium_and_marks_that_count_the_stukken() -> None:
    zittingen = (a_zitting("aob", "2026-01-15"), a_zitting("bestuur", "2026-02-06", 2), a_zitting("aob", "2026-03-12", 12))

    picture = drawn(a_year(zittingen=zittingen))

    circles = [circle for group in having(picture, "vergadering") for circle in group.iter(f"{SVG}circle")]
    by_x = sorted(circles, key=left_of)
    assert [texts(lane) for lane in having(picture, "baan")] == [["Aob"], ["Bestuur"]]
    assert [text for group in having(picture, "vergadering") for text in texts(group)] == ["2", "12"]
    assert [circle.get("fill") for circle in by_x] == ["#ffffff", "#154273", "#154273"]
    sizes = [float(circle.attrib["r"]) for circle in by_x]
    assert sizes[0] < sizes[1] < sizes[2]
    assert len(having(picture, "maand")) == 12
    assert_inside(picture)


def test_two_termijnen_that_hit_the_same_raden_are_red_where_they_overlap_and_nowhere_else() -> None:
    rondes = (
        a_ronde("eerste", "2026-02-01", "2026-04-30"),
        a_ronde("tweede", "2026-04-01", "2026-06-30"),
        a_ronde("derde", "2026-04-01", "2026-06-30", Kring.COLLEGES),
    )
    botsing = Botsing("eerste", "tweede", a_day("2026-04-01"), a_day("2026-04-30"), 33)

    picture = drawn(a_year(rondes=rondes, botsingen=(botsing,)))

    bars = {bar.attrib["y"]: bar for bar in having(picture, "termijn")}
    red = having(picture, "dubbel")
    assert len(bars) == 3
    assert [bars[part.attrib["y"]].get("fill") for part in red] == ["#0b6e4f", "#0b6e4f"]
    assert {left_of(part) for part in red} == {left_of(bars[red[1].attrib["y"]])}
    assert {"eerste", "tweede", "derde"} <= set(texts(picture))
    assert len(having(picture, "botsing")) == 1
    assert_inside(picture)


def test_a_termijn_that_runs_into_the_next_year_ends_with_the_picture() -> None:
    ronde = a_ronde("nota", "2026-12-20", "2027-02-20")

    picture = drawn(a_year(rondes=(ronde,)))

    bar, month = having(picture, "termijn")[0], having(picture, "maand")[-1]
    assert left_of(bar) > left_of(month)
    assert_inside(picture)


def test_a_year_shows_verkiezingen_reces_and_what_has_no_day_yet() -> None:
    year = a_year(
        verkiezingen=(Periode("gemeenteraadsverkiezingen", a_day("2026-03-04"), a_day("2026-04-01")),),
        recessen=(Periode("Zomervakantie", a_day("2026-07-04"), a_day("2026-08-16")),),
        onbepaald=(
            *(Onbepaald("nota", naam) for naam in ("Advies", "Vaststelling")),
            *(Onbepaald(f"nota-{i}", "Advies") for i in range(20)),
        ),
    )

    picture = drawn(year)

    notes = [text.text for text in having(picture, "onbekend")]
    assert "gemeenteraadsverkiezingen" in texts(picture)
    assert len(having(picture, "verkiezingstijd")) == len(having(picture, "reces")) == 1
    assert (notes[0], notes[-1], len(notes)) == ("Datum onbekend in nota: Advies, Vaststelling.", "En in nog 1 dossier.", 21)
    assert_inside(picture)


def test_a_real_year_shows_every_vergadering_and_every_termijn(mra: Stelsel) -> None:
    planner = Planner(mra, a_day("2026-01-05"))
    vragen = [
        vraag_of_route(mra, mra.route(route), f"{route}-{i}", a_day("2026-02-01"), Wens())
        for i in range(3)
        for route in ("voortgangsnota", "mra-agenda")
    ]
    year = year_of(planner, planner.solve(vragen), 2026)

    picture = drawn(year)

    assert len(having(picture, "vergadering")) == len(year.zittingen)
    assert len(having(picture, "termijn")) == len(year.rondes)
    assert len(having(picture, "botsing")) == len(year.botsingen) > 0
    assert_inside(picture)


def test_hostile_names_stay_text_and_inside_the_picture_of_a_year() -> None:
    year = a_year(
        zittingen=(Jaarzitting("g", HOSTILE, a_day("2026-01-01"), a_day("2026-01-01"), (Agendapunt(HOSTILE, HOSTILE, HOSTILE),)),),
        rondes=(a_ronde(HOSTILE, "2026-12-20", "2027-02-01"), a_ronde(HOSTILE, "2026-12-01", "2026-12-31")),
        botsingen=(Botsing(HOSTILE, HOSTILE, a_day("2026-12-20"), a_day("2026-12-31"), 33),),
        verkiezingen=(Periode(HOSTILE, a_day("2025-12-20"), a_day("2026-01-02")),),
        recessen=(Periode(HOSTILE, a_day("2025-12-20"), a_day("2026-01-04")),),
        onbepaald=(Onbepaald(HOSTILE, HOSTILE),),
    )

    picture = drawn(year)

    assert_only_text(picture)
    assert_inside(picture)
