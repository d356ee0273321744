"""Keeping a plan is a decision with a reason; trying one leaves no trace. On both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dossiers import journal, outbox, stand, stelsels
from dossiers.database import reading, writing
from dossiers.overzicht import openbaar, overzicht
from dossiers.tables import journaal
from flows import plannen, use_cases, vrijgeven
from flows.house import House
from flows.use_cases import Actor
from statemachines.errors import JournalMovedOn, Refused, Unusable
from statemachines.payloads import DatumsGezet
from statemachines.planning.vraag import NOTHING, Wens
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import a_day, a_kalender, a_route, a_stelsel
from tests.makers import a_stelsel as some_facts

SLUG = "nota-2026"
AV_DECEMBER = a_day("2026-12-18")


def an_actor(op: str, **rest: object) -> Actor:
    fields = {"door": "aob", "via": "cli", "opdracht": str(uuid4()), **rest}
    return Actor(op=a_day(op), **fields)  # type: ignore[arg-type]


def decides(house: House, gremium: str, op: str, uitkomst: Uitkomst = Uitkomst.AKKOORD, reden: str | None = None) -> None:
    use_cases.register_besluit(house, an_actor(op), SLUG, gremium, uitkomst, a_day(op), reden=reden)


@pytest.fixture
def opened(house: House) -> House:
    """A nota in routing, on its way to the Bestuur of 20 March."""
    use_cases.accept_facts(house, an_actor("2026-01-02"), a_stelsel(), (), "begin")
    use_cases.open_dossier(house, an_actor("2026-02-10"), SLUG, "nota", "De nota", a_day("2026-02-10"))
    return house


def entries_of(house: House) -> int:
    with reading(house.engine) as connection:
        return connection.execute(select(func.count()).select_from(journaal)).scalar_one()


def vergadering_of(house: House) -> date | None:
    with reading(house.engine) as connection:
        opening = stand.load(connection, "mra", SLUG).opening
    assert opening is not None and opening.zitting is not None
    return opening.zitting.vergadering


def sluitingsdatum_of(house: House) -> date:
    with reading(house.engine) as connection:
        ronde = stand.load(connection, "mra", SLUG).open_ronde
    assert ronde is not None
    return ronde.tot_en_met


def kept(house: House, op: str = "2026-02-11", reden: str = "Zo afgesproken", **wens: object) -> None:
    plannen.keep_plan(house, an_actor(op), SLUG, Wens(**wens), reden)  # type: ignore[arg-type]


def test_a_tried_plan_is_stored_nowhere(opened: House) -> None:
    before = entries_of(opened)

    plan = plannen.plan_dossier(opened, SLUG, a_day("2026-02-11"), Wens(doel=AV_DECEMBER))
    plannen.what_if(opened, a_day("2026-02-11"), plannen.scenario_of(gremium="bestuur", van=a_day("2026-03-20"), vervalt=True))

    assert plan.haalt and entries_of(opened) == before


def test_keeping_a_plan_is_one_entry_with_its_reason_that_survives_a_rebuild(opened: House) -> None:
    gedaan, plan = plannen.keep_plan(opened, an_actor("2026-02-11"), SLUG, Wens(doel=AV_DECEMBER), "Afgesproken in het AOB")

    with reading(opened.engine) as connection:
        entry = journal.read(connection, "mra", SLUG)[-1]
        assert isinstance(entry.payload, DatumsGezet) and entry.payload.planning is not None
        assert entry.payload.planning.doel == AV_DECEMBER and entry.payload.planning.stap("vaststelling") is not None
        assert [s.stap for s in entry.payload.planning.stappen] == ["vrijgave", "raadpleging", "vaststelling"]
    assert (gedaan.nr, plan.haalt) == (2, True)
    use_cases.rebuild(opened)
    with reading(opened.engine) as connection:
        assert list(journal.verify(connection, "mra")) == []


def test_a_kept_plan_steers_the_dossier_as_long_as_it_can_be_met(opened: House) -> None:
    kept(opened, zet={"vrijgave": (a_day("2026-05-08"),), "raadpleging": (a_day("2026-09-15"),)}, doel=AV_DECEMBER)

    waits = vergadering_of(opened)
    decides(opened, "bestuur", "2026-05-08")
    ends = sluitingsdatum_of(opened)
    list(use_cases.daily_round(opened, a_day("2026-09-16"), "cli"))

    assert (waits, ends, vergadering_of(opened)) == (a_day("2026-05-08"), a_day("2026-09-15"), AV_DECEMBER)


def test_a_termijn_is_never_shorter_than_agreed_and_moves_along_when_the_vrijgave_comes_later(opened: House) -> None:
    kept(opened, weken=4)
    agreed = plannen.plan_dossier(opened, SLUG, a_day("2026-02-12")).rondes[0]

    decides(opened, "bestuur", "2026-03-20", Uitkomst.AANHOUDEN)
    decides(opened, "bestuur", "2026-05-08")

    assert (agreed.van, agreed.tot_en_met) == (a_day("2026-03-20"), a_day("2026-04-17"))
    assert sluitingsdatum_of(opened) == a_day("2026-06-05")


def test_what_is_planned_after_sending_back_is_what_then_happens(opened: House) -> None:
    kept(opened, weken=4)
    decides(opened, "bestuur", "2026-03-20")
    list(use_cases.daily_round(opened, a_day("2026-04-20"), "cli"))
    decides(opened, "av", "2026-06-26", Uitkomst.TERUGVERWIJZEN, "Eerst de cijfers")

    planned = plannen.plan_dossier(opened, SLUG, a_day("2026-06-27")).rondes[0]
    decides(opened, "bestuur", "2026-09-11")

    assert planned.tot_en_met == sluitingsdatum_of(opened) == a_day("2026-10-09")


def test_a_vergadering_that_was_agreed_and_left_the_calendar_gives_way_to_the_first_that_can(opened: House) -> None:
    kept(opened, zet={"vaststelling": (AV_DECEMBER,)})
    without = a_stelsel(kalenders=[a_kalender("bestuur", "2026-03-20", "2026-05-08"), a_kalender("av", "2026-06-26", "2026-09-25")])
    use_cases.accept_facts(opened, an_actor("2026-02-20"), without, (), "AV van december vervalt")
    kept(opened, op="2026-02-21", doel=a_day("2026-06-26"), zet={})

    decides(opened, "bestuur", "2026-03-20")
    list(use_cases.daily_round(opened, a_day("2026-05-20"), "cli"))

    assert vergadering_of(opened) == a_day("2026-06-26")


def test_a_plan_by_newly_accepted_facts_takes_the_dossier_along_to_those_facts(opened: House) -> None:
    more = a_stelsel(
        kalenders=[a_kalender("bestuur", "2026-02-20", "2026-03-20", "2026-05-08"), a_kalender("av", "2026-06-12", "2026-09-25")]
    )
    use_cases.accept_facts(opened, an_actor("2026-02-11"), more, (), "AV van juni vervroegd")

    before = plannen.plan_dossier(opened, SLUG, a_day("2026-02-12"))
    kept(opened, op="2026-02-12")

    with reading(opened.engine) as connection:
        dossier = stand.load(connection, "mra", SLUG)
        assert dossier.stelsel.digest == before.digest == more.digest
        assert list(journal.verify(connection, "mra")) == []
    assert before.doel == plannen.plan_dossier(opened, SLUG, a_day("2026-02-12")).doel
    decides(opened, "bestuur", "2026-03-20")
    list(use_cases.daily_round(opened, a_day("2026-05-20"), "cli"))
    assert vergadering_of(opened) == a_day("2026-06-12")


def test_a_dossier_whose_route_has_changed_is_planned_by_the_facts_that_it_has(opened: House) -> None:
    changed = a_stelsel(routes=[a_route(naam="Andere nota"), *a_stelsel().model_dump()["routes"][1:]])
    use_cases.accept_facts(opened, an_actor("2026-02-11"), changed, (), "andere naam")

    plan = plannen.plan_dossier(opened, SLUG, a_day("2026-02-12"))

    assert plan.digest == a_stelsel().digest and plan.route_naam == "Nota"


@pytest.mark.parametrize(
    ("wens", "op", "says"),
    [
        (
            Wens(doel=a_day("2026-03-27")),
            "2026-02-11",
            "haalt vrijdag 27 maart 2026 niet ('Vrijgave' past niet); vrijdag 26 juni 2026 kan wel",
        ),
        (Wens(doel=a_day("2026-03-27")), "2026-04-11", "terugblik"),
        (Wens(zet={"vrijgave": (a_day("2026-03-21"),)}), "2026-02-11", "vergadert niet op zaterdag 21 maart 2026"),
        (Wens(zet={"routering": (a_day("2026-03-20"),)}), "2026-02-11", "is geen stap die nog komt in route nota; wel: vrijgave"),
        (Wens(zet={"vaststelling": (a_day("2026-03-27"),)}), "2026-02-11", "kan niet op vrijdag 27 maart 2026"),
        (Wens(zet={"raadpleging": (a_day("2026-04-01"),)}), "2026-02-11", "de termijn is dan korter dan afgesproken"),
        (Wens(weken=52), "2026-02-11", "Vul eerst de kalender aan"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_nothing_is_written(opened: House, wens: Wens, op: str, says: str) -> None:
    before = entries_of(opened)

    with pytest.raises(Refused, match=says.replace("(", r"\(").replace(")", r"\)")):
        plannen.keep_plan(opened, an_actor(op), SLUG, wens, "Zo afgesproken")

    assert entries_of(opened) == before


def test_the_same_plan_twice_or_without_reason_or_behind_the_times_is_refused(opened: House) -> None:
    kept(opened)

    with pytest.raises(Refused, match="er verandert niets"):
        kept(opened)
    with pytest.raises(Unusable, match="De reden is leeg"):
        kept(opened, reden=" ")
    with pytest.raises(JournalMovedOn):
        plannen.keep_plan(opened, an_actor("2026-02-11", verwacht=1), SLUG, Wens(doel=AV_DECEMBER), "anders")


def test_the_same_opdracht_keeps_a_plan_once(opened: House) -> None:
    actor = an_actor("2026-02-11")

    first, _ = plannen.keep_plan(opened, actor, SLUG, NOTHING, "Zo afgesproken")
    again, plan = plannen.keep_plan(opened, actor, SLUG, NOTHING, "Zo afgesproken")

    assert (first.nr, again.nr, again.herhaald, plan.slug) == (2, 2, True, SLUG)


def test_keeping_dates_of_later_stappen_repeats_no_reminder(opened: House) -> None:
    list(use_cases.daily_round(opened, a_day("2026-03-03"), "cli"))
    kept(opened, op="2026-03-03", doel=AV_DECEMBER)

    again = list(use_cases.daily_round(opened, a_day("2026-03-03"), "cli"))

    assert again == []


def test_who_was_told_a_sluitingsdatum_is_told_the_new_one_with_the_reason(opened: House) -> None:
    decides(opened, "bestuur", "2026-03-20")
    vrijgeven.release(opened, an_actor("2026-03-20"), SLUG, None)
    with writing(opened.engine) as connection:
        sent = outbox.claim(connection, "mra", "test", opened.now(), timedelta(minutes=5), 100)
        for bericht in sent:
            assert outbox.mark(connection, "mra", bericht.key, "test", outbox.Status.VERZONDEN, None, opened.now())

    gedaan, _ = plannen.keep_plan(
        opened, an_actor("2026-04-01"), SLUG, Wens(zet={"raadpleging": (a_day("2026-06-12"),)}), "De Raadtafel vraagt een maand extra"
    )

    assert len(sent) == 4 and gedaan.klaargezet == 4
    assert sluitingsdatum_of(opened) == a_day("2026-06-12")


def test_what_was_agreed_first_is_compared_with_what_happened_and_why(opened: House) -> None:
    kept(opened, doel=AV_DECEMBER)
    decides(opened, "bestuur", "2026-03-20", Uitkomst.AANHOUDEN, "De cijfers ontbreken")
    kept(opened, op="2026-04-01", doel=AV_DECEMBER, zet={"vrijgave": (a_day("2026-06-19"),)}, reden="Pas na de kadernota")
    decides(opened, "bestuur", "2026-06-19")

    found = {slip.stap: slip for slip in plannen.slips(opened, SLUG, a_day("2026-06-20"))}

    vrijgave = found["vrijgave"]
    assert (vrijgave.eerst, vrijgave.nu, vrijgave.gebeurd) == (a_day("2026-03-20"), a_day("2026-06-19"), True)
    assert vrijgave.redenen == ("De cijfers ontbreken (regel 3, 20-3-2026)", "Pas na de kadernota (regel 4, 1-4-2026)")
    assert vrijgave.werkdagen == 59
    assert found["vaststelling"].redenen == () and found["raadpleging"].redenen


def test_comparing_without_a_kept_plan_says_how_to_keep_one(opened: House) -> None:
    with pytest.raises(Refused, match="nog geen plan vastgelegd"):
        plannen.slips(opened, SLUG, a_day("2026-02-12"))


def test_a_besluit_that_was_not_recorded_in_time_is_planned_for_the_next_vergadering(opened: House) -> None:
    plan = plannen.plan_dossier(opened, SLUG, a_day("2026-03-23"))

    here = plan.stap("vrijgave")
    assert here is not None and getattr(here.gepland, "datum", None) == a_day("2026-05-08")


def test_the_year_names_every_vergadering_what_lies_there_and_which_termijnen_clash(opened: House) -> None:
    use_cases.open_dossier(opened, an_actor("2026-02-10"), "nota-2027", "nota", "De tweede", a_day("2026-02-10"))

    jaar = plannen.year(opened, a_day("2026-02-11"), 2026)

    bestuur = next(z for z in jaar.zittingen if z.datum == a_day("2026-03-20"))
    assert [punt.slug for punt in bestuur.punten] == [SLUG, "nota-2027"]
    assert [(b.eerste, b.tweede, b.raden) for b in jaar.botsingen] == [(SLUG, "nota-2027", 4)]
    assert (jaar.botsingen[0].van, jaar.botsingen[0].tot_en_met) == (jaar.rondes[0].van, jaar.rondes[0].tot_en_met)
    assert {z.datum.year for z in jaar.zittingen} == {2026} and [r.naam for r in jaar.recessen] == ["Zomervakantie"]


def following_facts() -> Stelsel:
    first = a_route(slug="eerst", naam="Eerst")
    second = a_route(volgt_op={"route": "eerst", "werkdagen": 20, "bron": "test", "status": "voorbeeld"})
    return some_facts(routes=[first, second])


def test_a_dossier_that_follows_another_is_planned_after_it_and_only_along_a_route_that_says_so(house: House) -> None:
    use_cases.accept_facts(house, an_actor("2026-01-02"), following_facts(), (), "begin")
    use_cases.open_dossier(house, an_actor("2026-01-05"), "agenda", "eerst", "De agenda", a_day("2026-01-05"))
    use_cases.open_dossier(house, an_actor("2026-01-05"), SLUG, "nota", "De nota", a_day("2026-01-05"), na="agenda")

    eerst = plannen.plan_dossier(house, "agenda", a_day("2026-01-06"))
    daarna = plannen.plan_dossier(house, SLUG, a_day("2026-01-06"))
    found = plannen.what_if(house, a_day("2026-01-06"), plannen.scenario_of(gremium="av", van=a_day("2026-06-26"), vervalt=True))

    first = daarna.stap("vrijgave")
    assert getattr(eerst.doel, "datum", None) == a_day("2026-06-26")
    assert first is not None and getattr(first.gepland, "datum", None) == a_day("2026-09-11")
    assert [gevolg.slug for gevolg in found.gevolgen] == ["agenda", SLUG]
    with pytest.raises(Refused, match="volgt niet op nota-2026"):
        use_cases.open_dossier(house, an_actor("2026-01-05"), "derde", "nota", "x", a_day("2026-01-05"), na=SLUG)


def test_accepted_facts_keep_their_digest_when_they_are_read_back(opened: House) -> None:
    with reading(opened.engine) as connection:
        digest = stelsels.current_digest(connection, "mra", a_day("2026-02-11"))
    fresh = Stelsel.model_validate_json(a_stelsel().canonical)

    assert digest == a_stelsel().digest == fresh.digest
    assert replace(plannen.plan_dossier(opened, SLUG, a_day("2026-02-11")), slug="x").digest == digest


def test_a_doel_that_left_the_calendar_is_said_and_not_kept(opened: House) -> None:
    kept(opened, doel=AV_DECEMBER)
    without = a_stelsel(kalenders=[a_stelsel().kalenders[0].model_dump(), a_kalender("av", "2026-03-27", "2026-06-26", "2026-09-25")])
    found = plannen.what_if(opened, a_day("2026-02-12"), plannen.scenario_of(gremium="av", van=AV_DECEMBER, vervalt=True))
    use_cases.accept_facts(opened, an_actor("2026-02-12"), without, (), "AV van december vervalt")

    plan = plannen.plan_dossier(opened, SLUG, a_day("2026-02-13"))

    assert [(g.einde_was, g.einde_wordt) for g in found.gevolgen] == [(AV_DECEMBER, a_day("2026-06-26"))]
    assert plan.vervallen == AV_DECEMBER and getattr(plan.doel, "datum", None) == a_day("2026-06-26")
    with pytest.raises(Refused, match="staat niet meer in de kalender; nu wordt het vrijdag 26 juni 2026"):
        kept(opened, op="2026-02-13", reden="Toch zo")


def test_a_termijn_that_was_agreed_longer_stays_as_long_when_the_vrijgave_slips(opened: House) -> None:
    kept(opened, zet={"raadpleging": (a_day("2026-06-12"),)}, doel=AV_DECEMBER)
    decides(opened, "bestuur", "2026-03-20", Uitkomst.AANHOUDEN)

    planned = plannen.plan_dossier(opened, SLUG, a_day("2026-03-23")).rondes[0]
    decides(opened, "bestuur", "2026-05-08")

    assert (a_day("2026-06-12") - a_day("2026-03-20")).days == (planned.tot_en_met - planned.van).days == 84
    assert sluitingsdatum_of(opened) == planned.tot_en_met == a_day("2026-07-31")


def test_what_councils_read_of_an_agreed_date_says_nothing_of_another_one(opened: House) -> None:
    kept(opened, zet={"raadpleging": (a_day("2026-06-12"),)}, doel=AV_DECEMBER)
    decides(opened, "bestuur", "2026-03-20")

    with reading(opened.engine) as connection:
        ronde = stand.load(connection, "mra", SLUG).ronde
        public = openbaar(overzicht(connection, "mra", SLUG), date(2030, 1, 1))
    assert ronde is not None and ronde.waarom == "84 dagen na de verzending op vrijdag 20 maart 2026, zo lang was afgesproken"
    assert not [feit for feit in public.geschiedenis if "Datum van" in feit.zin or "Plan" in feit.zin]


def test_the_begin_of_a_ronde_to_come_is_not_for_a_planner_to_choose(opened: House) -> None:
    with pytest.raises(Refused, match="geef alleen de sluitingsdatum"):
        kept(opened, zet={"raadpleging": (a_day("2026-04-01"), a_day("2026-05-31"))})
