"""A plan and a year as pictures: everything has its place, nothing leaves the picture, no name becomes anything but text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from flows.planbeeld import plan_svg
from statemachines.facts import Verkiezing, Vrij
from statemachines.kalender import Moment, Onbekend
from statemachines.planning.plan import Plan, Stapplan
from statemachines.planning.vraag import Wens
from statemachines.route import StapRol
from statemachines.stelsel import Stelsel
from tests.flows.pictures import HOSTILE, SVG, assert_inside, assert_only_text, having, left_of, texts
from tests.makers import FACT, a_day
from tests.statemachines.planning.planmakers import DAY, a_plan, a_verkiezing, day_of

UNKNOWN = Onbekend("de kalender van het Bestuur loopt tot en met donderdag 31 december 2026")


def a_moment(day: str) -> Moment:
    return Moment(a_day(day), "bedacht voor een test")


def a_stapplan(slug: str, gepland: str | Onbekend, **changes: Any) -> Stapplan:
    bare = Stapplan(
        stap=slug,
        naam=f"Stap {slug}",
        gremium="bestuur",
        gremium_naam="Bestuur",
        rol=StapRol.ADVISEREN,
        ambtelijk=False,
        status="straks",
        is_ronde=False,
        gepland=a_moment(gepland) if isinstance(gepland, str) else gepland,
    )
    return replace(bare, **changes)


def a_bare_plan(*stappen: Stapplan, **changes: Any) -> Plan:
    plan = Plan(
        slug="nota-2026",
        route="nota",
        route_naam="Nota",
        op=a_day("2026-01-05"),
        digest="",
        terugblik=False,
        doel=a_moment("2026-12-18"),
        haalt=True,
        breekt=None,
        eerste_mogelijk=a_moment("2026-12-18"),
        weken=None,
        stappen=stappen,
        rondes=(),
    )
    return replace(plan, **changes)


def drawn(plan: Plan, recessen: tuple[Vrij, ...] = (), verkiezingen: tuple[Verkiezing, ...] = ()) -> Element:
    return ElementTree.fromstring(plan_svg(plan, recessen, verkiezingen))


def groups(picture: Element) -> dict[str, Element]:
    """The mark of every stap by its slug."""
    return {element.attrib["data-stap"]: element for element in having(picture, "stap")}


def mark_of(group: Element) -> Element:
    """The circle, diamond or bar of a stap: what is filled and is not its ring."""
    return next(shape for shape in group if shape.get("fill") not in (None, "none"))


def y_of(group: Element) -> float:
    shape = mark_of(group)
    if shape.tag == f"{SVG}rect":
        return float(shape.attrib["y"]) + float(shape.attrib["height"]) / 2
    return float(shape.get("cy") or shape.attrib["d"].split()[1].split("L")[0]) + (0 if shape.get("cy") else 8.5)


@pytest.mark.parametrize(
    ("route", "vanaf", "doel"),
    [
        ("voortgangsnota", "2026-02-01", "2026-12-11"),
        ("mra-agenda", "2026-02-01", None),
        ("jaarplan-begroting", "2026-02-01", "2027-03-19"),
    ],
)
def test_every_stap_of_a_real_plan_stands_in_the_picture_in_order_of_its_day(
    mra: Stelsel, route: str, vanaf: str, doel: str | None
) -> None:
    plan = a_plan(mra, vanaf, Wens(doel=a_day(doel) if doel else None), route)

    picture = drawn(plan, mra.kalenderfeiten.recessen, mra.verkiezingen)

    found = groups(picture)
    assert list(found) == [stap.stap for stap in plan.stappen]
    by_day = sorted((stap for stap in plan.stappen if not stap.is_ronde), key=lambda stap: day_of(stap.gepland))
    assert all(left_of(mark_of(found[a.stap])) < left_of(mark_of(found[b.stap])) for a, b in pairwise(by_day))
    assert_inside(picture)
    assert len(having(picture, "reces")) > 3


def test_the_picture_says_what_it_shows_to_who_cannot_see_it(mra: Stelsel) -> None:
    plan = a_plan(mra, "2026-02-01", route="mra-agenda")

    picture = drawn(plan)

    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("role") == "img"
    assert title is not None and title.text == "Plan van mra-agenda: MRA-Agenda"
    assert desc is not None and desc.text is not None
    assert desc.text.startswith("Haalt MRA Bestuur op vrijdag 4 juni 2027.")
    assert all(stap.naam in desc.text for stap in plan.stappen)


def test_a_gremium_has_one_lane_in_the_order_in_which_it_first_occurs() -> None:
    av: dict[str, Any] = {"gremium": "av", "gremium_naam": "Algemene Vergadering"}
    plan = a_bare_plan(a_stapplan("a", "2026-02-06"), a_stapplan("b", "2026-03-27", **av), a_stapplan("c", "2026-05-08"))

    picture = drawn(plan)

    assert [texts(lane) for lane in having(picture, "baan")] == [["Bestuur"], ["Algemene Vergadering"]]
    y = {slug: y_of(group) for slug, group in groups(picture).items()}
    assert y["a"] == y["c"] < y["b"]


def test_a_stap_within_the_slack_of_another_in_its_lane_gets_a_row_of_its_own() -> None:
    plan = a_bare_plan(
        a_stapplan("a", "2026-02-06", uiterlijk=a_moment("2026-06-19")),
        a_stapplan("b", "2026-05-08"),
        a_stapplan("c", "2026-09-11"),
    )

    found = groups(drawn(plan))

    assert y_of(found["a"]) == y_of(found["c"]) < y_of(found["b"])


def test_papers_stand_before_the_vergadering_and_slack_behind_it() -> None:
    days = {"aanleverdatum": a_moment("2026-02-20"), "uiterlijk": a_moment("2026-05-08")}
    plan = a_bare_plan(a_stapplan("a", "2026-03-06", **days))

    group = groups(drawn(plan))["a"]

    papers, slack = having(group, "aanleveren"), having(group, "speling")
    assert left_of(papers[0]) < left_of(mark_of(group)) == left_of(slack[0])
    assert float(slack[0].attrib["d"].split("H")[1]) > left_of(mark_of(group))


def test_a_ronde_is_a_bar_from_its_first_day_to_and_including_its_last() -> None:
    plan = a_bare_plan(
        a_stapplan("begin", "2026-03-25"),
        a_stapplan("ronde", "2026-05-20", is_ronde=True, van=a_moment("2026-03-25")),
        a_stapplan("eind", "2026-05-20"),
    )

    found = groups(drawn(plan))

    bar = mark_of(found["ronde"])
    left, right = left_of(bar), left_of(bar) + float(bar.attrib["width"])
    assert left < left_of(mark_of(found["begin"])) < left + 3
    assert right - 3 < left_of(mark_of(found["eind"])) < right


def test_a_stap_that_comes_too_late_shows_where_it_had_to_be() -> None:
    plan = a_bare_plan(a_stapplan("a", "2026-05-08", uiterlijk=a_moment("2026-03-06")), haalt=False, breekt="a")

    picture = drawn(plan)

    group = groups(picture)["a"]
    late = having(group, "te-laat")
    assert float(late[0].attrib["d"].split("H")[1]) < left_of(mark_of(group))
    assert having(group, "speling") == []
    assert "te laat: had eerder gemoeten" in texts(picture)


def test_what_has_been_is_hollow_a_besluit_is_a_diamond_and_kritiek_wears_a_ring() -> None:
    plan = a_bare_plan(
        a_stapplan("was", "2026-02-06", status="geweest"),
        a_stapplan("vrijgave", "2026-03-20", rol=StapRol.VRIJGEVEN),
        a_stapplan("ronde", "2026-05-20", is_ronde=True, rol=StapRol.VASTSTELLEN, van=a_moment("2026-03-25")),
        a_stapplan("slot", "2026-06-19", kritiek=True),
    )

    found = groups(drawn(plan))

    assert {slug: (mark_of(group).tag.removeprefix(SVG), mark_of(group).get("fill")) for slug, group in found.items()} == {
        "was": ("circle", "#ffffff"),
        "vrijgave": ("path", "#b00020"),
        "ronde": ("rect", "#0b6e4f"),
        "slot": ("circle", "#154273"),
    }
    assert [slug for slug, group in found.items() if having(group, "kritiek")] == ["slot"]


def test_an_unknown_day_stands_below_the_picture_with_its_reason() -> None:
    plan = a_bare_plan(
        a_stapplan("a", "2026-02-06", uiterlijk=UNKNOWN),
        a_stapplan("b", UNKNOWN, gremium="av", gremium_naam="Algemene Vergadering", uiterlijk=UNKNOWN),
        doel=UNKNOWN,
        haalt=None,
    )

    picture = drawn(plan)

    notes = [text.text for text in having(picture, "onbekend")]
    assert list(groups(picture)) == ["a"]
    assert notes == [
        f"Datum onbekend: Stap b (Algemene Vergadering). Reden: {UNKNOWN.waarom}.",
        f"Uiterste datum onbekend: Stap a (Bestuur). Reden: {UNKNOWN.waarom}.",
    ]
    assert having(picture, "doel") == []
    assert_inside(picture)


def test_a_plan_of_which_no_day_is_known_is_still_a_picture() -> None:
    plan = a_bare_plan(a_stapplan("a", UNKNOWN), doel=UNKNOWN, haalt=None)

    picture = drawn(plan)

    assert groups(picture) == {}
    assert "jan 2026" in texts(picture)
    assert_inside(picture)


def test_doel_peildatum_and_verkiezing_on_neighbouring_days_have_labels_apart() -> None:
    verkiezingen = [a_verkiezing(day, "2026-03-01", "2026-04-01") for day in ("2026-03-17", "2026-03-18", "2026-03-19")]
    stappen = a_stapplan("a", "2026-02-06"), a_stapplan("b", "2026-10-30")
    plan = a_bare_plan(*stappen, op=a_day("2026-03-18"), doel=a_moment("2026-03-18"))

    picture = drawn(plan, verkiezingen=tuple(verkiezingen))

    lines = [*having(picture, "doel"), *having(picture, "peildatum"), *having(picture, "verkiezing")]
    labels = sorted(text for line in lines for text in texts(line))
    assert labels == ["doel 18 maart 2026", "peildatum", "verkiezing", "verkiezing", "verkiezing"]
    assert_inside(picture)


def test_what_lies_outside_the_months_of_the_plan_is_not_drawn() -> None:
    reces = Vrij.model_validate({"naam": "Vroeger", "vanaf": "2025-07-01", "tot_en_met": "2025-08-01", **FACT})
    plan = a_bare_plan(a_stapplan("a", "2026-02-06"), op=a_day("2025-12-31"))

    picture = drawn(plan, (reces,), (a_verkiezing("2027-03-17", "2027-03-03", "2027-03-31"),))

    assert [having(picture, name) for name in ("reces", "verkiezing", "peildatum")] == [[], [], []]
    assert "reces" not in texts(picture)


def test_hostile_names_stay_text_and_inside_the_picture() -> None:
    stappen = [
        a_stapplan(str(i), "2026-06-19", naam=HOSTILE, gremium=str(i), gremium_naam=HOSTILE, status="straks" if i else "geweest")
        for i in range(3)
    ]
    unknown = a_stapplan("x", Onbekend(HOSTILE), naam=HOSTILE, gremium_naam=HOSTILE)
    verkiezing = a_verkiezing("2026-06-02", "2026-05-20", "2026-06-10").model_copy(update={"naam": HOSTILE})
    reces = Vrij.model_validate({"naam": HOSTILE, "vanaf": "2026-06-03", "tot_en_met": "2026-06-12", **FACT})

    picture = drawn(a_bare_plan(*stappen, unknown, slug=HOSTILE, route_naam=HOSTILE), (reces,), (verkiezing,))

    assert_only_text(picture)
    assert_inside(picture)


def test_eight_lanes_over_two_years_stay_readable() -> None:
    gremia = [f"Een overleg met een tamelijk lange naam over onderwerp {i}" for i in range(8)]
    first = a_day("2026-01-02")
    stappen = [
        replace(
            a_stapplan(str(i), UNKNOWN, gremium=str(i % 8), gremium_naam=gremia[i % 8]),
            gepland=Moment(first + i * 45 * DAY, "test"),
            aanleverdatum=Moment(first + (i * 45 - 14) * DAY, "test"),
            uiterlijk=Moment(first + (i * 45 + 120) * DAY, "test"),
        )
        for i in range(15)
    ]

    picture = drawn(a_bare_plan(*stappen, doel=a_moment("2027-12-17")))

    assert len(groups(picture)) == 15
    assert [label.text for label in having(picture, "maand")][:5] == ["jan 2026", "apr", "jul", "okt", "jan 2027"]
    assert_inside(picture)
