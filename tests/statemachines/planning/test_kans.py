"""Whether an organ can still answer: against a search day by day, and what the sentence says at every stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from statemachines.facts import Kring, Raadritme, Raadskalender
from statemachines.payloads import Planning, StapGepland
from statemachines.planning.kans import URGENT, Kans, Kansstatus, kansen_in, kansen_straks
from statemachines.planning.planner import Planner, Planvraag
from statemachines.planning.raadsweg import Niveau
from statemachines.ronde import Deelname, Ronde, Stand
from statemachines.route import Antwoord, Sluiting
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_deelnemer, a_stelsel
from tests.statemachines.planning.planmakers import DAY, a_herhaling, a_raadskalender, a_ritme, every_day, herhalingen, raad_on, walked

NOG_NIET, KAN_NOG, MOET_NU, TE_LAAT, BINNEN = Kansstatus
FORWARD = [NOG_NIET, KAN_NOG, MOET_NU, TE_LAAT]
VAN, EINDE = a_day("2026-09-01"), a_day("2026-10-30")
CHAIN = [
    {"soort": "college", "herhaling": a_herhaling(1), "vooraf_werkdagen": 3},
    {"soort": "aanleveren", "eerder_werkdagen": 15},
    {"soort": "commissie", "eerder_weken": 2},
    {"soort": "raad", "herhaling": a_herhaling(3, -1)},
]
"""By hand, for a sluitingsdatum of Friday 30 October 2026: college 6-10 (papers 1-10), griffie 8-10, commissie 15-10, raad 29-10."""


def a_region(*ritmes: Raadritme, kalenders: tuple[Raadskalender, ...] = ()) -> Stelsel:
    return a_stelsel(deelnemers=[a_deelnemer("almere")], ritmes=ritmes, raadskalenders=kalenders)


def an_open_ronde(stand: Stand | None = None, **changes: object) -> Ronde:
    whole = Ronde(
        stap="raadpleging",
        bezoek=1,
        kring=Kring.RADEN_STATEN,
        antwoord=Antwoord.INBRENG,
        sluit=Sluiting.TERMIJN,
        van=VAN,
        tot_en_met=EINDE,
        waarom="test",
        datumversie=3,
        standen={"raad-almere": stand or Stand("raad-almere")},
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def seen(stelsel: Stelsel, op: str | date, ronde: Ronde | None = None) -> Kans:
    kansen = kansen_in(Planner(stelsel, a_day(op) if isinstance(op, str) else op), ronde or an_open_ronde())
    (kans,) = kansen.values()
    return kans


# --- only forward, whatever is known ---

KNOWN: Mapping[str, Stelsel] = {
    "geen": a_region(),
    "gevonden": a_region(kalenders=(a_raadskalender("2026-09-15", "2026-10-13", volledig=False),)),
    "ritme": a_region(a_ritme()),
    "ritme, hele weg": a_region(a_ritme(schakels=CHAIN, verzenden_werkdagen=1)),
    "ritme, raad na de sluitingsdatum": a_region(raad_on(a_herhaling(1, 5))),
    "ritme, stukken ver vooraf": a_region(a_ritme(schakels=[{"soort": "raad", "herhaling": a_herhaling(1, 2), "vooraf_werkdagen": 60}])),
    "bevestigd": a_region(kalenders=(a_raadskalender("2026-09-15", "2026-10-13", "2026-11-10"),)),
    "bevestigd, geen in de termijn": a_region(kalenders=(a_raadskalender("2026-08-25", "2026-11-10"),)),
    "bevestigd, met aanleverdatum": a_region(
        kalenders=(a_raadskalender(vergaderingen=[{"datum": "2026-10-13", "aanleverdatum": "2026-09-20"}]),),
    ),
}
STANDS = {
    "niets": Stand("raad-almere"),
    "geagendeerd": Stand("raad-almere", geagendeerd_op=a_day("2026-10-08")),
    "te laat geagendeerd": Stand("raad-almere", geagendeerd_op=a_day("2026-11-19")),
    "uitstel": Stand("raad-almere", uitstel=a_day("2026-11-20")),
    "stil": Stand("raad-almere", Deelname.GEEN_REACTIE),
    "te laat": Stand("raad-almere", Deelname.TE_LAAT, datum=a_day("2026-11-05")),
}


@cache
def planner_of(known: str, op: date) -> Planner:
    return Planner(KNOWN[known], op)


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("stand", STANDS)
def test_over_two_years_a_status_only_moves_forward_and_never_asks_for_a_day_that_is_gone(known: str, stand: str) -> None:
    ronde = an_open_ronde(STANDS[stand])

    days = [(op, kansen_in(planner_of(known, op), ronde)["raad-almere"]) for op in every_day(date(2025, 10, 1), date(2027, 9, 30))]

    order = [FORWARD.index(kans.status) for _, kans in days]
    assert order == sorted(order) and {order[0], order[-1]} == {0, 3}
    for op, kans in days:
        assert (kans.status is TE_LAAT) is (op > ronde.until("raad-almere")) and (kans.status is NOG_NIET) is (op < VAN)
        assert kans.tot is None if kans.status is TE_LAAT else op <= (kans.tot or op) <= ronde.until("raad-almere")
        assert (kans.tot is None) is (kans.status is TE_LAAT)
        assert kans.waarom.endswith(".") and ".." not in kans.waarom and kans.waarom[0].isupper()


@given(
    college=herhalingen,
    raad=herhalingen,
    vooraf=st.integers(0, 12),
    verzenden=st.integers(0, 6),
    besluit=st.booleans(),
    met_college=st.booleans(),
)
def test_a_random_rhythm_moves_forward_too_and_kan_nog_means_that_one_more_chance_can_be_missed(
    college: dict[str, object], raad: dict[str, object], vooraf: int, verzenden: int, besluit: bool, met_college: bool
) -> None:
    schakels: list[dict[str, object]] = [{"soort": "raad", "herhaling": raad}]
    if met_college:
        schakels.insert(0, {"soort": "college", "herhaling": college, "vooraf_werkdagen": vooraf})
    stelsel = a_region(a_ritme(schakels=schakels, verzenden_werkdagen=verzenden))
    ronde = an_open_ronde(antwoord=Antwoord.BESLUIT if besluit else Antwoord.INBRENG)

    days = {op: seen(stelsel, op, ronde) for op in every_day(VAN, EINDE)}

    order = [FORWARD.index(kans.status) for kans in days.values()]
    assert order == sorted(order)
    assert all(kans.tot is not None and op <= kans.tot <= EINDE for op, kans in days.items())
    fits = {op: starts(stelsel, op) for op in (*days, EINDE + DAY)}
    event(f"fits at first: {fits[VAN]}")
    for op, kans in days.items():
        if kans.haalt:
            chance = next_chance(stelsel, op)
            assert fits[op] and (kans.status is KAN_NOG) is fits[min(chance + DAY, EINDE + DAY)]
        elif fits[VAN]:
            assert not fits[op] and kans.status is MOET_NU
        else:
            left = sum(stelsel.werkkalender.is_werkdag(day) for day in every_day(op + DAY, EINDE))
            assert kans.haalt is False and (kans.status is MOET_NU) is (left < URGENT)


def starts(stelsel: Stelsel, op: date) -> bool:
    """By trying: whether a document that starts on this day still makes it."""
    weg = Planner(stelsel, VAN).raadswegen["almere"]
    done = weg.walk(Kring.RADEN_STATEN, op.toordinal(), EINDE.toordinal()).gedaan
    return done is not None and done <= EINDE.toordinal()


def next_chance(stelsel: Stelsel, op: date) -> date:
    """The day on which papers are due for the first vergadering of the first schakel that can still be met."""
    row = Planner(stelsel, VAN).raadswegen["almere"].schakels[Kring.RADEN_STATEN][0]
    return date.fromordinal(min(day for day in row.d if day >= op.toordinal()))


# --- the whole way, stage by stage ---


@pytest.mark.parametrize(
    ("op", "status", "tot", "haalt", "zin"),
    [
        ("2026-08-31", NOG_NIET, "2026-10-30", True, "De ronde opent op dinsdag 1 september 2026."),
        (
            "2026-09-01",
            KAN_NOG,
            "2026-10-01",
            True,
            "De eigen weg past nog, op zijn laatst zo: het college op 6-10-2026 (stukken",
        ),
        ("2026-09-24", KAN_NOG, "2026-10-01", True, "de gemeenteraad op 29-10-2026 (ritme, voorbeeld)."),
        ("2026-09-25", MOET_NU, "2026-10-01", True, "Dit is de laatste kans op de eigen weg: het college op 6-10-2026 (stukken 1-"),
        ("2026-10-02", MOET_NU, "2026-10-06", None, "; nu komt het college, uiterlijk op 6-10-2026"),
        ("2026-10-07", MOET_NU, "2026-10-08", None, "; nu komt aanleveren bij de griffie, uiterlijk op 8-10-2026 (ritme, voorbeeld)"),
        ("2026-10-09", MOET_NU, "2026-10-15", None, "wie toen niet begon: een reactie van het college telt nog tot en met 30-10-2026."),
        ("2026-10-29", MOET_NU, "2026-10-29", None, "; nu komt de gemeenteraad, uiterlijk op 29-10-2026"),
        (
            "2026-10-30",
            MOET_NU,
            "2026-10-30",
            None,
            "De laatste vergadering die past, was de gemeenteraad op 29-10-2026",
        ),
        ("2026-10-31", TE_LAAT, None, None, "De sluitingsdatum vrijdag 30 oktober 2026 is voorbij."),
    ],
)
def test_the_own_way_by_hand_from_college_to_raad(op: str, status: Kansstatus, tot: str | None, haalt: bool | None, zin: str) -> None:
    kans = seen(KNOWN["ritme, hele weg"], op)

    assert (kans.status, kans.tot, kans.haalt) == (status, a_day(tot) if tot else None, haalt)
    assert zin in kans.waarom
    assert (kans.vanaf, kans.sluit, kans.niveau) == (VAN, EINDE, Niveau.RITME)


def test_a_raad_with_only_its_own_days_must_act_as_soon_as_the_last_vergadering_is_the_next() -> None:
    stelsel = KNOWN["ritme"]

    before, after = seen(stelsel, "2026-09-29"), seen(stelsel, "2026-09-30")

    assert (before.status, before.tot) == (KAN_NOG, a_day("2026-10-27"))
    assert (after.status, after.tot) == (MOET_NU, a_day("2026-10-27"))


def test_papers_are_named_until_they_are_due_and_the_order_of_commissie_and_raad_is_no_day_for_papers() -> None:
    commissie = {"soort": "commissie", "eerder_weken": 2, "vooraf_werkdagen": 5}
    raad = {"soort": "raad", "herhaling": a_herhaling(3, -1)}
    on_the_day_before = a_region(a_ritme(schakels=[{**raad, "vooraf_werkdagen": 1}]))
    way = a_region(a_ritme(schakels=[{"soort": "college", "herhaling": a_herhaling(1)}, commissie, raad]))

    due, over, ordered = (seen(way, op) for op in ("2026-10-08", "2026-10-09", "2026-10-28"))
    papers = seen(on_the_day_before, "2026-10-28")

    assert due.tot == a_day("2026-10-08") and "nu komt stukken voor de commissie, uiterlijk op 8-10-2026" in due.waarom
    assert over.tot == a_day("2026-10-15") and "nu komt de commissie, uiterlijk op 15-10-2026" in over.waarom
    assert ordered.tot == a_day("2026-10-29") and "nu komt de gemeenteraad, uiterlijk op 29-10-2026" in ordered.waarom
    assert papers.tot == a_day("2026-10-28") and "de gemeenteraad op 29-10-2026 (stukken 28-10-2026)" in papers.waarom


def test_a_raad_that_does_not_fit_is_not_too_late_and_is_told_what_still_counts() -> None:
    early, late = (seen(KNOWN["bevestigd, geen in de termijn"], op) for op in ("2026-09-01", "2026-10-20"))

    assert (early.status, early.haalt, early.tot) == (KAN_NOG, False, EINDE)
    assert early.waarom == (
        "De eigen weg past niet in de termijn: gemeenteraad pas op dinsdag 10 november 2026 (bevestigde data); "
        "een reactie van het college telt nog tot en met vrijdag 30 oktober 2026."
    )
    assert (late.status, late.haalt) == (MOET_NU, False)


def test_where_only_the_organ_itself_can_decide_an_extra_vergadering_is_all_that_is_left() -> None:
    raden = an_open_ronde(antwoord=Antwoord.BESLUIT)
    colleges = an_open_ronde(kring=Kring.COLLEGES, antwoord=Antwoord.BESLUIT, standen={"college-almere": Stand("college-almere")})
    never = a_region(
        a_ritme(schakels=[{"soort": "college", "herhaling": a_herhaling(1, 5)}, {"soort": "raad", "herhaling": a_herhaling(1)}])
    )

    raad = seen(KNOWN["bevestigd, geen in de termijn"], "2026-09-01", raden)
    college = seen(never, "2026-10-01", replace(colleges, van=a_day("2026-10-01")))
    asked_for_inbreng = seen(never, "2026-10-01", replace(colleges, van=a_day("2026-10-01"), antwoord=Antwoord.INBRENG))

    for kans in (raad, college, asked_for_inbreng):
        assert kans.haalt is False and "alleen een extra vergadering kan nog, tot en met vrijdag 30 oktober 2026." in kans.waarom


def test_without_any_calendar_the_werkdagen_decide_and_the_sentence_says_onbekend() -> None:
    ten_left = walked(a_region().werkkalender, EINDE, -URGENT)
    nine_left = walked(a_region().werkkalender, ten_left, 1)

    before, after, last = (seen(KNOWN["geen"], op) for op in (ten_left, nine_left, EINDE - DAY))

    assert (before.status, after.status, before.haalt, before.tot) == (KAN_NOG, MOET_NU, None, EINDE)
    assert before.waarom == (
        "Of de eigen weg past, is onbekend: van deze vergaderingen is niets bekend; na vandaag nog 10 werkdagen, "
        "tot en met vrijdag 30 oktober 2026."
    )
    assert "nog 1 werkdag, tot en met" in last.waarom


def test_a_vergadering_that_was_only_found_is_named_and_decides_nothing() -> None:
    before, after = (seen(KNOWN["gevonden"], op) for op in ("2026-10-13", "2026-10-14"))

    assert (before.status, before.haalt) == (KAN_NOG, True) and (after.status, after.haalt) == (KAN_NOG, None)
    assert "is onbekend: de laatste bekende vergadering in de termijn is op dinsdag 13 oktober 2026" in before.waarom
    assert "termijn was op dinsdag 13 oktober 2026" in after.waarom


def test_where_the_calendar_does_not_reach_the_sentence_says_so_and_nothing_is_guessed() -> None:
    beyond = an_open_ronde(van=a_day("2027-06-01"), tot_en_met=a_day("2027-07-15"))

    for known in KNOWN:
        kans = seen(KNOWN[known], "2027-06-29", beyond)

        assert (kans.status, kans.haalt) == (KAN_NOG, None)
        assert "onbekend" in kans.waarom and kans.waarom.endswith("tot en met woensdag 30 juni 2027.")


# --- what an organ has told, and what it was given ---


def test_an_answer_is_binnen_and_can_be_completed_until_the_ronde_ends() -> None:
    stand = Stand("raad-almere", Deelname.REACTIE, nr=5, datum=a_day("2026-09-20"), namens="raad")
    open_, over = (seen(KNOWN["ritme"], op, an_open_ronde(stand)) for op in ("2026-10-01", "2026-11-01"))

    assert [(kans.status, kans.tot) for kans in (open_, over)] == [(BINNEN, EINDE), (BINNEN, None)]
    assert open_.waarom == "Reactie ontvangen op zondag 20 september 2026."


def test_what_a_college_gave_does_not_pass_for_the_raad_which_can_still_speak() -> None:
    stand = Stand("raad-almere", Deelname.REACTIE, nr=5, datum=a_day("2026-09-20"), namens="college")

    kans = seen(KNOWN["ritme"], "2026-10-01", an_open_ronde(stand))

    assert kans.waarom == (
        "Reactie ontvangen op zondag 20 september 2026, van college; geen standpunt van de raad; "
        "dat kan nog tot en met vrijdag 30 oktober 2026."
    )


def test_uitstel_gives_one_organ_its_own_last_way() -> None:
    ronde = an_open_ronde(standen={"raad-almere": Stand("raad-almere", uitstel=a_day("2026-11-27")), "raad-diemen": Stand("raad-diemen")})
    stelsel = a_stelsel(deelnemers=[a_deelnemer("almere"), a_deelnemer("diemen")], ritmes=[a_ritme(), a_ritme("diemen")])

    during = kansen_in(Planner(stelsel, a_day("2026-10-20")), ronde)
    after = kansen_in(Planner(stelsel, a_day("2026-11-02")), ronde)
    over = kansen_in(Planner(stelsel, a_day("2026-11-28")), ronde)

    assert [(k.status, k.tot) for k in during.values()] == [(KAN_NOG, a_day("2026-11-24")), (MOET_NU, a_day("2026-10-27"))]
    assert [k.status for k in after.values()] == [MOET_NU, TE_LAAT]
    assert over["raad-almere"].waarom.startswith(
        "De sluitingsdatum vrijdag 27 november 2026 (uitstel; voor de anderen vrijdag 30 oktober 2026)"
    )


def test_once_the_dossier_was_decided_upon_nothing_counts_any_more() -> None:
    kansen = [seen(KNOWN["ritme"], op, an_open_ronde(open=False, besloten=True)) for op in (VAN, EINDE)]

    for kans in kansen:
        assert (kans.status, kans.tot) == (TE_LAAT, None)
        assert kans.waarom == "Over het vervolg is al besloten; wat nu komt, telt niet meer mee."


def test_the_day_that_a_raad_gave_for_its_agenda_goes_before_its_rhythm() -> None:
    ronde = an_open_ronde(STANDS["geagendeerd"])

    on_day, next_day = (seen(KNOWN["bevestigd, geen in de termijn"], op, ronde) for op in ("2026-10-08", "2026-10-09"))
    last_day = seen(KNOWN["ritme"], "2026-09-02", an_open_ronde(Stand("raad-almere", geagendeerd_op=EINDE)))
    again = seen(KNOWN["ritme"], "2026-10-26", an_open_ronde(replace(STANDS["geagendeerd"], opnieuw=a_day("2026-10-12"))))

    assert (on_day.status, on_day.tot, on_day.haalt) == (KAN_NOG, a_day("2026-10-08"), True)
    assert "Staat op de agenda van donderdag 8 oktober 2026" in on_day.waarom
    assert (next_day.status, next_day.tot) == (MOET_NU, EINDE) and "Stond op de agenda" in next_day.waarom
    assert last_day.haalt is True and "agenda" not in again.waarom


def test_who_takes_over_from_a_deelnemer_that_ends_answers_by_its_own_vergaderingen() -> None:
    deelnemers = [a_deelnemer("almere", geldig_tot="2026-09-30", opgevolgd_door="diemen"), a_deelnemer("diemen")]
    stelsel = a_stelsel(deelnemers=deelnemers, ritmes=[a_ritme("diemen")])

    kans = seen(stelsel, "2026-09-10")

    assert kans.haalt is True and "op 27-10-2026" in kans.waarom
    assert kans.waarom.endswith("; Almere bestaat tot en met woensdag 30 september 2026; daarna reageert Diemen, met diens vergaderingen.")


def test_a_confirmed_calendar_that_grows_too_old_is_other_knowledge_and_says_so() -> None:
    ronde = an_open_ronde(van=a_day("2027-01-04"), tot_en_met=a_day("2027-03-26"))
    old = a_region(kalenders=(a_raadskalender("2027-01-26", tot_en_met="2027-06-30", bevestigd_op="2025-12-31"),))

    fresh, stale = (seen(old, op, ronde) for op in ("2027-01-29", "2027-02-01"))

    assert (fresh.status, stale.status) == (MOET_NU, KAN_NOG)
    assert "onbekend" in stale.waarom


# --- a ronde that is not open yet ---


def kansen_of_plan(op: str, stelsel: Stelsel, afgesproken: Planning | None = None, **changes: object) -> Mapping[str, Kans]:
    planner = Planner(stelsel, a_day(op))
    vraag = Planvraag("nota", stelsel.route("nota"), "vrijgave", a_day(op), afgesproken=afgesproken)
    return kansen_straks(planner, planner.solve([replace(vraag, **changes)])[0], 1)  # type: ignore[arg-type]


def test_before_the_ronde_opens_everyone_is_told_from_when_by_the_plan() -> None:
    planned = kansen_of_plan("2026-02-02", a_region(a_ritme()))
    unfit = kansen_of_plan("2026-02-02", a_region(raad_on(a_herhaling(1), geldig_vanaf="2026-01-01"), kalenders=(a_raadskalender(),)))

    (kans,) = planned.values()
    assert (kans.status, kans.vanaf, kans.tot, kans.sluit) == (NOG_NIET, a_day("2026-03-20"), a_day("2026-05-15"), a_day("2026-05-15"))
    assert kans.waarom == (
        "De ronde opent op vrijdag 20 maart 2026 en sluit op vrijdag 15 mei 2026; zo is het gepland, gezien vanaf maandag 2 februari 2026."
    )
    assert kans.haalt is True and [k.haalt for k in unfit.values()] == [False]


def test_what_was_agreed_is_said_to_be_agreed_and_what_the_plan_makes_of_it_is_not() -> None:
    def agreed(einde: str) -> Planning:
        stap = StapGepland(stap="raadpleging", van=a_day("2026-03-20"), tot_en_met=a_day(einde), waarom="")
        return Planning(doel=a_day("2026-06-26"), stappen=(stap,))

    same = kansen_of_plan("2026-02-02", a_region(), agreed("2026-05-15"))
    other = kansen_of_plan("2026-02-02", a_region(), agreed("2026-05-08"))

    assert [kans.waarom.endswith("; zo is het afgesproken.") for kans in (*same.values(), *other.values())] == [True, False]


def test_where_no_vergadering_is_known_when_the_ronde_opens_is_onbekend() -> None:
    (kans,) = kansen_of_plan("2026-12-14", a_region(a_ritme())).values()

    assert (kans.status, kans.vanaf, kans.tot, kans.haalt) == (NOG_NIET, None, None, None)
    assert kans.waarom.startswith("Wanneer de ronde opent, is onbekend: de vergaderkalender van Bestuur loopt van donderdag 1 januari 2026")
