"""What a besluit, an inbreng and a day that passes do to a dossier."""

from statemachines.due import VERLOPEN, due, volgende
from statemachines.ronde import Deelname
from tests.makers import a_day, a_stelsel
from tests.statemachines.journaling import Journaal

RADEN = ["raad-almere", "raad-diemen", "raad-laren", "staten-flevoland"]


def an_opened() -> Journaal:
    journaal = Journaal(a_stelsel())
    journaal.open(a_day("2026-02-10"))
    return journaal


def a_released() -> Journaal:
    journaal = an_opened()
    journaal.besluit("bestuur", "akkoord", a_day("2026-03-20"))
    return journaal


def an_answered_and_closed() -> Journaal:
    journaal = a_released()
    journaal.inbreng("raad-almere", a_day("2026-04-15"))
    journaal.lapse()
    return journaal


def test_opening_is_a_registration_by_the_aob_and_plans_the_first_vergadering_that_fits() -> None:
    dossier = an_opened().dossier

    zitting = dossier.opening.zitting if dossier.opening else None

    assert (dossier.fase, dossier.gebracht_door) == ("vrijgave", "aob")
    assert zitting and zitting.vergadering == a_day("2026-03-20")


def test_a_release_asks_everyone_who_is_deelnemer_and_freezes_until_when() -> None:
    dossier = a_released().dossier

    ronde = dossier.open_ronde

    assert ronde and list(ronde.standen) == RADEN
    assert (ronde.van, ronde.tot_en_met) == (a_day("2026-03-20"), a_day("2026-05-15"))
    assert due(dossier)[0].wat == VERLOPEN and due(dossier)[0].vanaf == a_day("2026-05-16")


def test_a_besluit_of_a_gremium_that_is_not_at_this_stap_is_refused_with_what_is_possible() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("av", "akkoord", a_day("2026-03-27")))

    assert zin.startswith(
        "Algemene Vergadering is nu niet aan de beurt: dossier nota-2026 staat bij 'Vrijgave' en daar beslist Bestuur (akkoord,"
    )


def test_a_besluit_while_raden_can_react_is_refused_with_the_sluitingsdatum() -> None:
    journaal = a_released()

    zin = journaal.unchanged_by(lambda: journaal.besluit("av", "akkoord", a_day("2026-04-01")))

    assert "daar wordt gereageerd tot en met vrijdag 15 mei 2026" in zin


def test_an_uitkomst_that_does_not_exist_at_a_stap_is_refused_with_those_that_do() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "terugverwijzen", a_day("2026-03-20")))

    assert (
        zin
        == "'terugverwijzen' kan niet bij 'Vrijgave'; mogelijk is: akkoord, aanhouden, intrekken, besproken zonder besluit, niet behandeld."
    )


def test_a_besluit_dated_after_the_day_of_looking_is_refused_and_an_older_one_is_normal() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "akkoord", a_day("2026-03-20"), op=a_day("2026-03-19")))
    later = journaal.besluit("bestuur", "akkoord", a_day("2026-03-20"), op=a_day("2026-06-01"))

    assert zin.startswith("vrijdag 20 maart 2026 ligt na donderdag 19 maart 2026")
    assert later.sinds == a_day("2026-03-20")


def test_a_besluit_from_before_the_dossier_came_to_the_stap_is_refused() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "akkoord", a_day("2026-02-06"), op=a_day("2026-04-01")))

    assert "ligt voor dinsdag 10 februari 2026" in zin


def test_aanhouden_keeps_the_visit_and_plans_the_next_vergadering() -> None:
    journaal = an_opened()

    dossier = journaal.besluit("bestuur", "aanhouden", a_day("2026-03-20"))

    assert (dossier.fase, dossier.bezoek) == ("vrijgave", 1)
    assert dossier.opening and dossier.opening.zitting and dossier.opening.zitting.vergadering == a_day("2026-05-08")


def test_an_uitkomst_that_changes_the_route_needs_a_reason() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "intrekken", a_day("2026-03-20"), reden=False))

    assert zin.startswith("Geef bij 'intrekken' een reden")


def test_terugverwijzen_makes_a_second_visit_with_a_ronde_of_its_own() -> None:
    journaal = an_answered_and_closed()
    journaal.besluit("av", "terugverwijzen", a_day("2026-06-26"))

    dossier = journaal.besluit("bestuur", "akkoord", a_day("2026-09-11"))

    assert (dossier.fase, dossier.bezoek) == ("raadpleging", 2)
    assert dossier.open_ronde and {stand.staat for stand in dossier.open_ronde.standen.values()} == {Deelname.UITGENODIGD}


def test_silence_is_recorded_as_geen_reactie_and_is_never_consent() -> None:
    dossier = an_answered_and_closed().dossier

    staten = {slug: stand.staat for slug, stand in dossier.ronde.standen.items()} if dossier.ronde else {}

    assert staten == dict.fromkeys(RADEN, Deelname.GEEN_REACTIE) | {"raad-almere": Deelname.REACTIE}
    assert dossier.fase == "vaststelling" and dossier.sinds == a_day("2026-05-16")


def test_inbreng_dated_in_the_termijn_counts_when_recorded_after_the_lapse_until_the_next_besluit() -> None:
    journaal = an_answered_and_closed()

    in_time = journaal.inbreng("raad-diemen", a_day("2026-05-15"), op=a_day("2026-05-20"))
    journaal.answer_all(a_day("2026-06-01"))
    journaal.besluit("av", "akkoord", a_day("2026-06-26"))
    too_late = journaal.inbreng("raad-laren", a_day("2026-05-15"), op=a_day("2026-07-01"))

    assert in_time.ronde and in_time.ronde.standen["raad-diemen"].staat is Deelname.REACTIE
    assert too_late.ronde and too_late.ronde.standen["raad-laren"].staat is Deelname.TE_LAAT
    assert too_late.fase == "vastgesteld"


def test_inbreng_dated_after_the_termijn_is_kept_as_too_late_and_displaces_nothing() -> None:
    journaal = an_answered_and_closed()

    journaal.inbreng("raad-almere", a_day("2026-05-18"))
    dossier = journaal.inbreng("raad-laren", a_day("2026-05-18"))

    assert dossier.ronde and dossier.ronde.standen["raad-almere"].staat is Deelname.REACTIE
    assert dossier.ronde.standen["raad-laren"].staat is Deelname.TE_LAAT


def test_inbreng_for_an_earlier_ronde_is_kept_there_as_too_late_and_touches_nothing_else() -> None:
    journaal = an_answered_and_closed()
    journaal.besluit("av", "terugverwijzen", a_day("2026-06-26"))
    second = journaal.besluit("bestuur", "akkoord", a_day("2026-09-11"))

    dossier = journaal.inbreng("raad-laren", a_day("2026-05-15"), op=a_day("2026-09-20"))

    assert dossier.eerdere_rondes[0].standen["raad-laren"].staat is Deelname.TE_LAAT
    assert (dossier.ronde, dossier.fase) == (second.ronde, "raadpleging")


def test_inbreng_of_who_was_not_asked_or_before_anyone_was_asked_is_refused() -> None:
    journaal, opened = a_released(), an_opened()

    stranger = journaal.unchanged_by(lambda: journaal.inbreng("college-almere", a_day("2026-04-01")))
    early = journaal.unchanged_by(lambda: journaal.inbreng("raad-almere", a_day("2026-03-19"), op=a_day("2026-04-01")))
    nobody = opened.unchanged_by(lambda: opened.inbreng("raad-almere", a_day("2026-02-11")))

    assert "college van Almere is niet gevraagd" in stranger
    assert "voor het begin van de reactietermijn op vrijdag 20 maart 2026" in early
    assert "nog niemand om inbreng gevraagd" in nobody


def test_nothing_moves_an_ended_dossier() -> None:
    journaal = an_opened()
    journaal.besluit("bestuur", "intrekken", a_day("2026-03-20"))

    besluit = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "akkoord", a_day("2026-05-08")))
    datum = journaal.unchanged_by(lambda: journaal.move(a_day("2026-05-08"), a_day("2026-04-01")))

    assert "is sinds vrijdag 20 maart 2026 afgesloten (Ingetrokken)" in besluit
    assert "is afgesloten" in datum


def test_colleges_that_all_decided_close_their_ronde_at_once_and_the_bestuur_only_concludes() -> None:
    journaal = Journaal(a_stelsel())
    journaal.open(a_day("2026-02-10"), route="agenda")
    for orgaan in ("college-almere", "college-diemen", "gs-flevoland"):
        journaal.besluit(orgaan, "akkoord", a_day("2026-02-20"))

    refused = journaal.unchanged_by(lambda: journaal.besluit("college-laren", "aanhouden", a_day("2026-02-27")))
    dossier = journaal.besluit("college-laren", "niet-ingestemd", a_day("2026-02-27"))

    assert "nog geen besluit" in refused
    assert dossier.fase == "conclusie"
    assert dossier.ronde and dossier.ronde.complete and dossier.ronde.standen["college-laren"].uitkomst == "niet-ingestemd"


def test_a_besluit_of_a_college_dated_in_the_termijn_counts_when_recorded_after_the_lapse_and_moves_nothing() -> None:
    journaal = Journaal(a_stelsel())
    journaal.open(a_day("2026-02-10"), route="agenda")
    closed = journaal.lapse()

    late = journaal.besluit("college-almere", "akkoord", a_day("2026-03-02"), op=a_day("2026-06-01"))

    assert (late.fase, late.opening, late.sinds) == ("conclusie", closed.opening, closed.sinds)
    assert late.ronde and late.ronde.standen["college-almere"].staat is Deelname.BESLUIT


def test_an_afwijking_lets_a_gremium_decide_at_its_own_stap_out_of_turn() -> None:
    from statemachines.payloads import Afwijking
    from tests.statemachines.journaling import REDEN

    journaal = an_opened()
    spoed = Afwijking(reden=REDEN, toegestaan_door="voorzitter")

    dossier = journaal.besluit("av", "akkoord", a_day("2026-03-27"), afwijking=spoed)

    assert dossier.fase == "vastgesteld"
    assert journaal.entries[-1].stap == "vaststelling"


def test_a_moved_sluitingsdatum_gets_its_own_datumversie_and_must_be_a_werkdag_ahead() -> None:
    journaal = a_released()

    holiday = journaal.unchanged_by(lambda: journaal.move(a_day("2026-05-25"), a_day("2026-05-01")))
    past = journaal.unchanged_by(lambda: journaal.move(a_day("2026-04-30"), a_day("2026-05-01")))
    dossier = journaal.move(a_day("2026-06-12"), a_day("2026-05-01"))

    assert "geen werkdag; de eerste werkdag daarna is dinsdag 26 mei 2026" in holiday
    assert "kies een datum die nog komt" in past
    assert dossier.ronde and (dossier.ronde.tot_en_met, dossier.ronde.datumversie) == (a_day("2026-06-12"), 3)
    assert dossier.opening and dossier.opening.ronde and "eerst vrijdag 15 mei 2026" in dossier.opening.ronde.waarom


def test_a_moved_vergadering_must_be_in_the_calendar_of_the_gremium() -> None:
    journaal = an_opened()

    none = journaal.unchanged_by(lambda: journaal.move(a_day("2026-04-17"), a_day("2026-03-01")))
    dossier = journaal.move(a_day("2026-05-08"), a_day("2026-03-01"))

    assert none == "Bestuur vergadert niet op vrijdag 17 april 2026; wel daarvoor op vrijdag 20 maart 2026 en daarna op vrijdag 8 mei 2026."
    assert volgende(dossier).moment == a_day("2026-05-08")


def test_only_the_last_besluit_can_be_revoked_and_only_before_anyone_answered_to_it() -> None:
    journaal, answered = a_released(), a_released()
    answered.inbreng("raad-almere", a_day("2026-04-15"))

    dossier = journaal.revoke(2, a_day("2026-03-21"))
    refused = answered.unchanged_by(lambda: answered.revoke(2, a_day("2026-04-16")))
    first = journaal.unchanged_by(lambda: journaal.revoke(1, a_day("2026-03-21")))

    assert (dossier.fase, dossier.open_ronde, len(journaal.entries)) == ("vrijgave", None, 3)
    assert "er is al inbreng" in refused
    assert "kan niet worden herroepen" in first


def test_a_lapse_cannot_be_revoked() -> None:
    journaal = an_answered_and_closed()

    zin = journaal.unchanged_by(lambda: journaal.revoke(4, a_day("2026-05-20")))

    assert zin == "Regel 4 van dossier nota-2026 is geen besluit; alleen een besluit kan worden herroepen."


def test_stukken_are_expected_five_werkdagen_before_they_are_due_and_a_besluit_one_werkdag_after_the_vergadering() -> None:
    dossier = an_opened().dossier

    wanneer = {d.wat: (d.ontvanger, d.vanaf, d.tot_en_met) for d in due(dossier)}

    assert wanneer == {
        "stukken-verwacht": ("secretaris-bestuur", a_day("2026-02-27"), a_day("2026-03-06")),
        "besluit-verwacht": ("secretaris-bestuur", a_day("2026-03-23"), None),
    }


def test_a_ronde_whose_end_lies_outside_the_calendar_is_not_opened() -> None:
    journaal = an_opened()

    zin = journaal.unchanged_by(lambda: journaal.besluit("bestuur", "akkoord", a_day("2027-06-01")))

    assert "heeft geen einddatum" in zin and "30 juni 2027" in zin
