"""The agenda of one meeting, for several dossiers at several stappen, through the use cases on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from flows import correcties, datums, plannen, stukken, use_cases, vrijgeven
from flows.agenda import Agenda
from flows.agendabestand import as_markdown
from flows.agendapunten import Adviesstand, Agendapunt, Conceptagenda, Zekerheid
from flows.gezegd import Gezegd
from flows.house import House
from flows.knelpunten import Botsingsoort, Rondezorg, Zorgsoort
from flows.openstaand import Actie, Actiesoort
from statemachines.errors import NoVergaderingInTime
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.payloads import Namens, Regime, Vaststelling, Versie
from statemachines.planning.vraag import Wens
from statemachines.route import AdviesOver, Uitkomst
from statemachines.stukken import Stukstatus
from tests.conftest import Clock
from tests.flows.agendamakers import AANHOUDEN, AOB, BESTUUR, accepts, advises, agenda, an_actor, begun, busy, decides, opens, reacts
from tests.makers import FACT, a_day, a_kalender

__all__ = ["begun", "busy"]


def changed(found: Agenda) -> list[tuple[str, int]]:
    return [(v.dossier, v.nr) for v in found.veranderd]


def meeting(found: Agenda, gremium: str, datum: str) -> Conceptagenda:
    return next(ag for ag in found.vergaderingen if (ag.gremium, ag.datum) == (gremium, a_day(datum)))


def item(found: Agenda, gremium: str, datum: str, dossier: str) -> Agendapunt:
    return next(punt for punt in meeting(found, gremium, datum).punten if punt.dossier == dossier)


def actie(found: Agenda, soort: Actiesoort, dossier: str) -> Actie | None:
    return next((a for a in found.acties if (a.soort, a.dossier) == (soort, dossier)), None)


def test_only_what_happened_since_the_previous_meeting_is_told(busy: House) -> None:
    found = agenda(busy)

    assert found.vorige == a_day("2026-04-09")
    assert changed(found) == [("nieuw", 1)]
    assert found.veranderd[0].zin == "In routing gebracht door AOB; naar 'Vrijgave'; trekker MRA Directie"
    assert changed(agenda(busy, datum="2026-04-09")) == [("bestuur-nu", 2), ("nieuw", 1), ("raden", 2)]


def test_a_besluit_registered_after_the_previous_meeting_is_told_however_old_it_is(begun: House, clock: Clock) -> None:
    opens(begun, "nota-laat", "2026-02-10")
    clock.at = datetime(2026, 4, 10, 9, tzinfo=UTC)
    decides(begun, "nota-laat", "bestuur", "2026-03-20", laat="2026-04-10")

    found = agenda(begun)

    assert [(v.nr, v.nagekomen) for v in found.veranderd] == [(2, True)]
    assert "later vastgelegd" in as_markdown(found)
    assert changed(agenda(begun, op="2026-04-09")) == [], "on 9 April nobody knew it yet"


def test_what_follows_in_the_journal_on_a_later_day_was_registered_late_whatever_the_clock_says(begun: House) -> None:
    opens(begun, "nota-laat", "2026-02-10")
    decides(begun, "nota-laat", "bestuur", "2026-03-20")
    reacts(begun, "nota-laat", "almere", "2026-04-15")
    use_cases.register_inbreng(
        begun, an_actor("2026-04-16"), "nota-laat", "laren", Inbreng(soort=InbrengSoort.GEEN_OPVATTING), a_day("2026-04-02")
    )

    found = agenda(begun)

    assert [(v.nr, v.nagekomen) for v in found.veranderd] == [(3, False), (4, True)]


def test_a_corrected_besluit_and_a_revoked_one_are_told_as_such(busy: House) -> None:
    correcties.correct(busy, an_actor("2026-04-20"), "bestuur-nu", 2, "Verslag", vaststelling=Vaststelling.VASTGESTELD)
    decides(busy, "nieuw", "bestuur", "2026-05-08", AANHOUDEN, afwijking="Er is haast", toegestaan_door="voorzitter")
    exceptional = agenda(busy, op="2026-05-10").uitzonderingen
    correcties.revoke_besluit(busy, an_actor("2026-05-09"), "nieuw", 2, "Verkeerde uitkomst")

    found = {(v.dossier, v.nr): v for v in agenda(busy, op="2026-05-10").veranderd}
    earlier = {(v.dossier, v.nr): v for v in agenda(busy, datum="2026-04-09").veranderd}

    assert found["bestuur-nu", 3].zin == "Regel 2 gecorrigeerd: vaststelling (nu staat er: Bestuur: aanhouden (verslag vastgesteld))"
    assert earlier["bestuur-nu", 2].gecorrigeerd_in == 3
    assert found["nieuw", 2].herroepen and found["nieuw", 3].zin.startswith("Regel 2 herroepen (dat was: Bestuur: aanhouden (afwijking")
    assert found["nieuw", 3].toelichting == "Verkeerde uitkomst"
    after = agenda(busy, op="2026-05-10")
    assert [u.soort for u in (*exceptional, *after.uitzonderingen)] == ["afwijking", "niet verteld", "niet verteld"]
    assert [a.dossier for a in after.acties if a.soort is Actiesoort.VERSLAG] == ["raden"]


def test_a_reason_and_a_minority_position_stand_beside_the_besluit_and_the_letter_of_a_raad_does_not(busy: House) -> None:
    gezegd = Gezegd("laren", Regime.INHOUDELIJK, "Wij doen niet mee")
    decides(busy, "bestuur-nu", "bestuur", "2026-04-10", AANHOUDEN, reden="De cijfers ontbreken", standpunten=[gezegd])
    reacts(busy, "raden", "almere", "2026-04-15", namens=Namens.COLLEGE)

    found = {(v.dossier, v.nr): v.toelichting for v in agenda(busy).veranderd}

    assert found["bestuur-nu", 3] == "De cijfers ontbreken; eerst 8-5-2026, nu 19-6-2026; Laren (inhoudelijk): Wij doen niet mee"
    assert found["raden", 3] == ""
    assert not {"Mevrouw", "Brief"} & set(as_markdown(agenda(busy)).split())


def test_a_dossier_that_just_ended_is_told_and_its_verslag_stays_an_action_after_that(busy: House) -> None:
    decides(busy, "nieuw", "bestuur", "2026-05-08", Uitkomst.INTREKKEN, reden="Ingehaald", laat="2026-05-09")

    just, later = agenda(busy, op="2026-05-10"), agenda(busy, datum="2026-07-09", op="2026-07-01")
    much_later = agenda(busy, datum="2026-12-10", op="2026-12-01")

    assert ("nieuw", 2) in changed(just) and not any(p.dossier == "nieuw" for ag in just.vergaderingen[1:] for p in ag.punten)
    assert "nieuw" not in [slug for slug, _ in changed(later)]
    verslag = actie(later, Actiesoort.VERSLAG, "nieuw")
    assert verslag is not None and (verslag.voor, verslag.te_laat) == (a_day("2026-06-19"), True)
    assert actie(much_later, Actiesoort.VERSLAG, "nieuw") is None


def test_what_is_new_and_what_was_exceptional_is_there_to_decide_on(busy: House) -> None:
    decides(busy, "nieuw", "bestuur", "2026-04-15")
    datums.move_datum(busy, an_actor("2026-04-16"), "bestuur-nu", a_day("2026-04-24"), "Het moet voor de zomer", spoed="voorzitter")

    found = agenda(busy)

    assert [(i.dossier, i.door, i.trekker, i.staat_bij) for i in found.ingebracht] == [("nieuw", "AOB", "MRA Directie", "Raadpleging")]
    assert [(u.dossier, u.soort, u.reden, u.toegestaan_door) for u in found.uitzonderingen] == [
        ("bestuur-nu", "spoed", "Het moet voor de zomer", "voorzitter"),
        ("nieuw", "afwijking", "De Raadtafel vergadert later", "voorzitter"),
    ]


def clash(found: Agenda, soort: Botsingsoort) -> list[tuple[tuple[str, ...], str]]:
    return [(b.dossiers, b.zin) for b in found.botsingen if b.soort is soort]


def test_rondes_at_once_and_a_termijn_that_is_too_short_clash(busy: House) -> None:
    plannen.keep_plan(busy, an_actor("2026-04-10"), "nieuw", Wens(weken=4), "Er is haast")
    decides(busy, "nieuw", "bestuur", "2026-04-15")

    found = agenda(busy)

    twice = "Deze twee vragen 4 raden tegelijk, van woensdag 15 april 2026 tot en met vrijdag 15 mei 2026."
    assert (("raden", "nieuw"), twice) in clash(found, Botsingsoort.RONDES)
    short = "'Raadpleging': De termijn telt 7,3 weken buiten het reces; veilig is 8, dus tot en met woensdag 10 juni 2026."
    moved = "'Raadpleging': Eerst was afgesproken: vrijdag 8 mei 2026 tot en met vrijdag 5 juni 2026."
    assert clash(found, Botsingsoort.TERMIJN) == [(("nieuw",), short), (("nieuw",), moved)]


def test_a_stap_without_a_date_and_a_meeting_that_vanished_are_named(busy: House) -> None:
    accepts(busy, "2026-04-17", kalenders=[AOB, a_kalender("bestuur", "2026-06-19"), a_kalender("av", "2026-06-26", "2026-09-25")])

    found = agenda(busy)
    accepts(busy, "2026-04-18", kalenders=[AOB, BESTUUR])
    without_av = agenda(busy)

    gone = clash(found, Botsingsoort.VERVALLEN)
    assert (("bestuur-nu",), "De vergadering van vrijdag 8 mei 2026 voor 'Vrijgave' staat niet meer in de kalender.") in gone
    nowhere = dict(clash(without_av, Botsingsoort.ZONDER_DATUM))
    assert nowhere[("raden",)].startswith("'Vaststelling' heeft geen datum: er is geen volledige vergaderkalender van Algemene Vergadering")


def test_a_target_that_slipped_out_of_reach_names_the_stap_that_breaks_it(busy: House) -> None:
    plannen.keep_plan(busy, an_actor("2026-04-16"), "nieuw", Wens(doel=a_day("2026-09-25")), "Zo afgesproken")
    for day in ("2026-05-08", "2026-06-19", "2026-09-11"):
        decides(busy, "nieuw", "bestuur", day, AANHOUDEN)

    found = clash(agenda(busy, datum="2026-12-10", op="2026-09-12"), Botsingsoort.DOEL)

    assert [dossiers for dossiers, _ in found] == [("nieuw",)]
    assert found[0][1].startswith(
        "Vrijdag 25 september 2026 wordt niet gehaald: 'Vrijgave' kan op zijn vroegst klaar zijn op vrijdag 30 oktober"
    )


def test_the_aob_sees_the_coming_agendas_of_the_gremia_that_it_prepares(busy: House) -> None:
    found = agenda(busy)

    days = [(ag.gremium, ag.datum, [punt.dossier for punt in ag.punten]) for ag in found.vergaderingen]
    assert days == [
        ("bestuur", a_day("2026-05-08"), ["bestuur-nu", "nieuw"]),
        ("bestuur", a_day("2026-06-19"), []),
        ("av", a_day("2026-06-26"), ["raden"]),
        ("av", a_day("2026-09-25"), ["bestuur-nu", "nieuw"]),
    ]
    assert [ag.gremium for ag in agenda(busy, "secretarissen", "2026-04-28").vergaderingen] == ["bestuur", "bestuur", "av", "av"]
    own = agenda(busy, "bestuur", "2026-05-08")
    assert [(ag.gremium, ag.datum) for ag in own.vergaderingen] == [("bestuur", a_day("2026-05-08")), ("bestuur", a_day("2026-06-19"))]


def test_an_item_says_who_carries_it_to_what_end_when_papers_are_due_and_how_sure_it_is(busy: House) -> None:
    plannen.keep_plan(busy, an_actor("2026-04-16"), "nieuw", Wens(zet={"vaststelling": (a_day("2026-12-18"),)}), "Na de zomer")
    wat = stukken.Beschrijving("oplegger", Versie.CONCEPT, Stukstatus.INTERN)
    stukken.register_stuk(busy, an_actor("2026-04-17"), "nieuw", wat, a_day("2026-04-17"))

    found, december = agenda(busy), agenda(busy, "av", "2026-12-18")

    now = item(found, "bestuur", "2026-05-08", "nieuw")
    assert (now.doel, now.trekker, now.aanleverdatum, now.oplegger) == ("ter vrijgave", "MRA Directie", a_day("2026-04-22"), "concept")
    other = item(found, "av", "2026-06-26", "raden")
    assert (other.doel, other.trekker, other.oplegger, other.zekerheid) == ("ter vaststelling", None, None, Zekerheid.VERWACHT)
    assert (now.zekerheid, item(december, "av", "2026-12-18", "nieuw").zekerheid) == (Zekerheid.VAST, Zekerheid.AFGESPROKEN)
    assert "trekker onbekend" in as_markdown(found)


def test_the_advice_beside_an_item_is_there_asked_or_missing(busy: House) -> None:
    advises(busy, "nieuw", "2026-04-17")
    vraag = Inbreng(soort=InbrengSoort.ADVIESVRAAG, over=AdviesOver.INHOUD)
    use_cases.register_inbreng(busy, an_actor("2026-04-17"), "nieuw", "secretarissen", vraag, a_day("2026-04-17"))

    found = agenda(busy)

    here = {a.gremium: (a.stand, a.datum) for a in item(found, "bestuur", "2026-05-08", "nieuw").adviezen}
    assert here == {"raadtafel": (Adviesstand.BINNEN, a_day("2026-04-17")), "secretarissen": (Adviesstand.GEVRAAGD, None)}
    assert [a.stand for a in item(found, "bestuur", "2026-05-08", "bestuur-nu").adviezen] == [Adviesstand.ONTBREEKT]
    missing = actie(found, Actiesoort.ADVIES, "bestuur-nu")
    assert missing is not None and missing.eigenaar == "AOB" and missing.voor == a_day("2026-05-08")
    assert "zonder dit advies sluit de stap niet" in missing.zin
    assert [a.zin for a in found.acties if a.soort is Actiesoort.ADVIES and a.dossier == "nieuw"] == [
        "Het advies van Secretarissen voor 'Vrijgave' is gevraagd en nog niet binnen."
    ]


def test_an_urgent_meeting_outside_the_calendar_has_an_agenda(busy: House) -> None:
    datums.move_datum(busy, an_actor("2026-04-16"), "bestuur-nu", a_day("2026-04-24"), "Het moet voor de zomer", spoed="voorzitter")

    found, own = agenda(busy, datum="2026-04-09"), agenda(busy, "bestuur", "2026-04-24")

    extra = meeting(found, "bestuur", "2026-04-24")
    assert [punt.dossier for punt in extra.punten] == ["bestuur-nu"] and "met spoed" in extra.waarom
    assert meeting(found, "bestuur", "2026-05-08").punten[0].dossier == "nieuw"
    assert own.vergaderingen[0].datum == a_day("2026-04-24") and "extra vergadering met spoed" in " ".join(own.let_op)
    with pytest.raises(NoVergaderingInTime):
        agenda(busy, "av", "2026-04-24")


def test_an_agenda_looked_at_afterwards_says_so_and_what_was_handled(busy: House) -> None:
    decides(busy, "nieuw", "bestuur", "2026-05-08", laat="2026-05-09")

    found = agenda(busy, "bestuur", "2026-05-08", op="2026-05-11")

    assert item(found, "bestuur", "2026-05-08", "nieuw").zekerheid is Zekerheid.BEHANDELD
    assert found.let_op[0] == "Deze vergadering is al geweest; u ziet de stand van maandag 11 mei 2026."


def test_every_open_action_has_an_owner(busy: House) -> None:
    reacts(busy, "raden", "almere", "2026-04-15", namens=Namens.RAAD)
    when = a_day("2026-04-16")
    stukken.ask_papers(busy, an_actor("2026-04-16"), "raden", "laren", "cijfers", "directie", a_day("2026-04-17"), when)

    found, after = agenda(busy), agenda(busy, datum="2026-06-11", op="2026-05-11")

    owners = {(a.soort, a.dossier): (a.eigenaar, a.voor, a.te_laat) for a in found.acties}
    bestuur = "secretaris van het Bestuur"
    assert owners[Actiesoort.STUKKEN, "bestuur-nu"] == (f"{bestuur} (trekker onbekend)", a_day("2026-04-22"), False)
    assert owners[Actiesoort.STUKKEN, "nieuw"] == ("MRA Directie", a_day("2026-04-22"), False)
    assert owners[Actiesoort.VERSLAG, "raden"] == (bestuur, a_day("2026-05-08"), False)
    assert owners[Actiesoort.BERICHTEN, "raden"] == (bestuur, a_day("2026-03-20"), True)
    assert owners[Actiesoort.VERZOEK, "raden"] == ("MRA Directie", a_day("2026-04-17"), True)
    assert owners[Actiesoort.PUNTEN, "raden"] == ("AOB (trekker onbekend)", None, False)
    assert "almere-1" in (actie(found, Actiesoort.PUNTEN, "raden") or found.acties[0]).zin
    due = actie(after, Actiesoort.BESLUIT, "nieuw")
    assert due is not None and (due.eigenaar, due.voor, due.te_laat) == (bestuur, a_day("2026-05-08"), True)
    assert actie(after, Actiesoort.STUKKEN, "nieuw") is None and actie(found, Actiesoort.BESLUIT, "nieuw") is None
    assert [a.voor or date.max for a in found.acties] == sorted(a.voor or date.max for a in found.acties)


def test_papers_that_are_due_after_the_next_meeting_are_no_action_yet(busy: House) -> None:
    assert actie(agenda(busy, datum="2026-04-09"), Actiesoort.STUKKEN, "nieuw") is not None
    assert actie(agenda(busy, datum="2026-03-12"), Actiesoort.STUKKEN, "nieuw") is None


def raden(found: Agenda, dossier: str) -> Rondezorg:
    return next(zorg for zorg in found.rondes if zorg.dossier == dossier)


def test_raden_that_cannot_make_a_running_or_planned_ronde_are_named_with_the_reason(busy: House) -> None:
    raad = {"soort": "raad", "herhaling": {"weekdag": 3, "welke": [1]}, "vooraf_werkdagen": 5}
    ritmes = [{"deelnemer": slug, "ritme": "test", "schakels": [raad], **FACT} for slug in ("almere", "diemen")]
    slow = {**ritmes[1], "schakels": [{**raad, "vooraf_werkdagen": 60}]}
    accepts(busy, "2026-04-17", ritmes=[ritmes[0], slow])

    found = agenda(busy)

    running, planned = raden(found, "raden"), raden(found, "nieuw")
    assert (running.loopt, running.gevraagd, planned.loopt, planned.gevraagd) == (True, 4, False, 4)
    assert [(r.orgaan, r.soort) for r in running.raden] == [("raad-diemen", Zorgsoort.PAST_NIET)]
    assert "gemeenteraad pas op" in running.raden[0].reden and "(ritme, voorbeeld)" in running.raden[0].reden
    assert [r.orgaan for r in planned.raden] == ["raad-diemen"] and running.onbekend == 2


def test_who_answered_or_has_uitstel_enough_is_in_no_trouble(busy: House) -> None:
    raad = {"soort": "raad", "herhaling": {"weekdag": 3, "welke": [4]}, "vooraf_werkdagen": 60}
    ritmes = [{"deelnemer": slug, "ritme": "test", "schakels": [raad], **FACT} for slug in ("almere", "diemen", "laren")]
    accepts(busy, "2026-04-11", ritmes=ritmes)
    before = raden(agenda(busy), "raden")

    reacts(busy, "raden", "almere", "2026-04-15", namens=Namens.RAAD)
    datums.give_uitstel(busy, an_actor("2026-04-15"), "raden", ["diemen"], a_day("2026-10-15"), "Reces")

    after = raden(agenda(busy), "raden")
    assert [r.orgaan for r in before.raden] == ["raad-almere", "raad-diemen", "raad-laren"]
    assert ([r.orgaan for r in after.raden], after.gevraagd) == (["raad-laren"], 3)


def never_told(found: Agenda) -> list[tuple[str, str]]:
    return [(u.dossier, u.zin) for u in found.uitzonderingen if u.soort == "niet verteld"]


def test_messages_that_nobody_gave_free_are_an_exception_when_the_ronde_closes_soon_and_after_it(busy: House) -> None:
    reacts(busy, "raden", "almere", "2026-04-15", namens=Namens.RAAD)
    zin = "De berichten over 'Raadpleging' zijn nooit vrijgegeven; 3 raden weten van niets."

    early, soon = agenda(busy), agenda(busy, op="2026-05-10")
    list(use_cases.daily_round(busy, a_day("2026-06-08"), "cli"))
    after = agenda(busy, datum="2026-06-11", op="2026-06-08")

    assert never_told(early) == [] and never_told(soon) == never_told(after) == [("raden", zin)]
    assert f"niet verteld, 20-3-2026: {zin}" in as_markdown(after)


def test_nobody_is_unaware_when_the_messages_were_given_free(busy: House) -> None:
    vrijgeven.release(busy, an_actor("2026-03-20"), "raden", None)

    assert never_told(agenda(busy, datum="2026-06-11", op="2026-06-08")) == []


def test_who_must_decide_sees_which_points_still_lack_an_answer(busy: House) -> None:
    reacts(busy, "raden", "almere", "2026-04-15", namens=Namens.RAAD)
    list(use_cases.daily_round(busy, a_day("2026-06-01"), "cli"))

    deciding = as_markdown(agenda(busy, "av", "2026-06-26", "2026-06-08"))
    aob = as_markdown(agenda(busy, "aob", "2026-06-11", "2026-06-08"))

    assert "### Nog zonder antwoord" in deciding and "almere-1" in deciding.partition("## 3.")[0]
    assert "### Nog zonder antwoord" not in aob
