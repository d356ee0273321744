"""Giving free: what a person sees first, what goes and what keeps waiting, and when a second person is asked for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from config.settings import Modus, Post
from dossiers import adressen, outbox, tables, vrijgave
from dossiers.adressen import Adresstatus
from dossiers.database import reading, writing
from dossiers.outbox import Klaar, Status
from dossiers.vrijgave import Vrijgave
from flows import use_cases, vrijgeven
from flows.forms import Vrijgeven
from flows.house import House
from flows.use_cases import Actor
from flows.vrijgavepagina import release_page
from flows.vrijgeven import Klaarstaand
from notifications.render import template_set
from statemachines.errors import JournalMovedOn, Refused, UnknownSlug, Unusable
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.flows.commands import SLUG as SHIPPED
from tests.flows.commands import Kader, kader, released
from tests.makers import FACT, a_day, a_stelsel
from tests.notifications.telling import GRIFFIES, SLUG, a_besluit, a_released, an_actor, an_opened, let_arrive, move, rows

__all__ = ["kader", "released"]

DAY = a_day("2026-03-20")
HOURS = {"vanaf": "08:30", "tot": "17:00", "bewaar_maanden": 12, **FACT}


def a_kind(slug: str, bij: str, **changes: Any) -> dict[str, Any]:
    kind = {"slug": slug, "naam": slug.capitalize(), "wie": ["griffie"], "bij": bij, "wanneer": "test", "sjabloon": slug}
    return {**kind, "tempo": "meteen", "vrijgave": True, **FACT, **changes}


def kinds(**changes: dict[str, Any]) -> list[dict[str, Any]]:
    """The kinds of a ronde and of its end; ``changes`` are for one of them (opening, gewijzigd, ingetrokken, uitkomst)."""
    return [
        a_kind("inbrengmoment-geopend", "ronde-geopend", naam="Opening", **changes.get("opening", {})),
        a_kind("datum-gewijzigd", "datum-gewijzigd", naam="Nieuwe datum", **changes.get("gewijzigd", {})),
        a_kind("ingetrokken", "ronde-vervallen", **changes.get("ingetrokken", {})),
        a_kind("uitkomst", "besloten", tempo="verzameld", **changes.get("uitkomst", {})),
    ]


def by_two() -> Stelsel:
    return a_stelsel(verzending={**HOURS, "tweede_persoon": True}, berichten=kinds())


def as_role(door: str, op: str = "2026-03-20") -> Actor:
    return Actor(door, "cli", str(uuid4()), a_day(op))


def freed(house: House) -> dict[str, str | None]:
    return {b.key.ontvanger: b.vrijgegeven_door for b in rows(house) if b.status is Status.VRIJGEGEVEN}


def agreed(house: House) -> set[str | None]:
    with reading(house.engine) as connection:
        return {w.akkoord_door for w in vrijgave.waiting(connection, "mra")}


def test_who_looks_sees_number_list_and_a_real_mail_and_nothing_changes(house: House) -> None:
    a_released(house, stelsel=a_stelsel(berichten=kinds()))

    klaar = vrijgeven.look(house, DAY, SLUG)

    assert (klaar.aantal, [(s.naam, s.aantal) for s in klaar.soorten]) == (4, [("Opening", 4)])
    assert [b.ontvanger for b in klaar.berichten] == GRIFFIES and {b.akkoord_door for b in klaar.berichten} == {None}
    assert klaar.voorbeeld is not None and klaar.voorbeeld.naam == "griffie van Almere"
    assert "vrijdag 15 mei 2026" in klaar.voorbeeld.onderwerp and "Geachte griffier van Almere" in klaar.voorbeeld.tekst
    assert (klaar.ontbreekt, klaar.hoort_niet, klaar.tweede_persoon) == ((), (), False)
    assert {b.status for b in rows(house)} == {Status.KLAARGEZET}


def test_nothing_waits_before_anything_was_decided_nor_before_there_are_facts(sqlite_house: House) -> None:
    with writing(sqlite_house.engine):
        pass
    empty = vrijgeven.look(sqlite_house, DAY)
    an_opened(sqlite_house)

    quiet = vrijgeven.look(sqlite_house, DAY, SLUG)

    assert (empty.aantal, quiet.aantal, quiet.voorbeeld, quiet.berichten) == (0, 0, None, ())
    with pytest.raises(UnknownSlug, match="niets"):
        vrijgeven.look(sqlite_house, DAY, "niets")
    with pytest.raises(Unusable, match="Er is geen soort bericht 'onzin'; op vrijgave wachten: inbrengmoment-geopend, datum-gewijzigd"):
        vrijgeven.release(sqlite_house, an_actor("2026-03-20"), None, "onzin")


def test_who_has_no_usable_address_is_named_with_the_reason_and_never_with_an_address(house: House) -> None:
    a_released(house)
    with writing(house.engine) as connection:
        adressen.add(connection, "mra", "griffie-laren", Adresstatus.BEEINDIGD, "weg@laren.example", "verhuisd", "aob", house.moment())
        adressen.add(connection, "mra", "griffie-diemen", Adresstatus.OPGEGEVEN, None, "gewist", "aob", house.moment())

    proef = vrijgeven.look(house, DAY)
    post = Post("127.0.0.1:0", modus=Modus.ECHT, kanalen={"griffie-almere": "json://127.0.0.1/"})
    echt = vrijgeven.look(replace(house, settings=replace(house.settings, post=post)), DAY)

    said = {g.naam: g.waarom for g in proef.ontbreekt}
    assert said == {
        "griffie van Diemen": "Het adres van griffie-diemen is gewist; leg een nieuw adres vast.",
        "griffie van Laren": "Het adres van griffie-laren is beeindigd; leg een nieuw adres vast.",
    }
    assert [g.ontvanger for g in echt.ontbreekt] == ["griffie-diemen", "griffie-flevoland", "griffie-laren"]
    assert "nog niet bevestigd" in echt.ontbreekt[1].waarom and "@" not in release_page(proef, "alles").split("## Zo leest het")[0]


def test_a_kind_that_is_off_leaves_the_whole_ronde_out_and_that_is_said(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(berichten=kinds(opening={"aan": False})))

    klaar = vrijgeven.look(sqlite_house, DAY, SLUG)

    assert klaar.aantal == 0 and sorted(g.ontvanger for g in klaar.hoort_niet) == GRIFFIES
    assert {g.waarom for g in klaar.hoort_niet} == {"De soort 'Opening' staat uit."}


def test_a_new_date_of_which_the_kind_is_off_is_told_to_nobody_and_that_is_said(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(berichten=kinds(gewijzigd={"aan": False})))
    let_arrive(sqlite_house)
    assert vrijgeven.look(sqlite_house, DAY, SLUG).hoort_niet == ()

    move(sqlite_house, "2026-04-10", "2026-05-29")

    assert {g.waarom for g in vrijgeven.look(sqlite_house, a_day("2026-04-10"), SLUG).hoort_niet} == {"De soort 'Nieuwe datum' staat uit."}


def test_who_is_asked_and_is_not_in_the_catalogue_is_named(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(berichten=kinds(opening={"wie": ["statengriffie"]})))

    assert {g.waarom for g in vrijgeven.look(sqlite_house, DAY, SLUG).hoort_niet} == {"De soort 'Opening' gaat niet naar 'griffie'."}


def test_an_earlier_message_that_did_not_arrive_is_named(sqlite_house: House) -> None:
    a_released(sqlite_house)
    failed = update(tables.berichten).where(tables.berichten.c.ontvanger == "griffie-diemen").values(status=Status.MISLUKT.value)
    with writing(sqlite_house.engine) as connection:
        connection.execute(failed)

    klaar = vrijgeven.look(sqlite_house, DAY)

    assert [(g.ontvanger, g.waarom) for g in klaar.hoort_niet] == [("griffie-diemen", "Een eerder bericht hierover kwam niet aan.")]


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-03-20T08:00", "Wat u nu vrijgeeft, gaat meteen mee met de volgende bezorging."),
        ("2026-03-20T05:00", "Wat u nu vrijgeeft, gaat op vrijdag 20 maart 2026, vanaf 8:30 uur."),
        ("2026-03-20T16:00", "Wat u nu vrijgeeft, gaat op maandag 23 maart 2026, vanaf 8:30 uur."),
        ("2026-04-04T09:00", "Wat u nu vrijgeeft, gaat op dinsdag 7 april 2026, vanaf 8:30 uur."),
    ],
)
def test_it_is_said_when_mail_goes_in_amsterdam_on_werkdagen(sqlite_house: House, clock: Clock, now: str, said: str) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(verzending=HOURS, berichten=kinds()))

    clock.at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert vrijgeven.look(sqlite_house, DAY).verzending == said


def test_a_kind_that_travels_with_others_may_come_a_day_later_and_that_is_said(sqlite_house: House) -> None:
    a_released(sqlite_house, stelsel=a_stelsel(berichten=kinds(opening={"tempo": "verzameld"})))

    assert vrijgeven.look(sqlite_house, DAY).verzending.endswith("Wie die dag al een mail kreeg, krijgt Opening de volgende werkdag.")


def test_with_the_code_of_what_was_seen_only_that_list_goes(house: House) -> None:
    a_released(house)
    seen = vrijgeven.look(house, DAY, SLUG).gezien
    use_cases.open_dossier(house, an_actor("2026-02-10"), "nota-2027", "nota", "Nog een", a_day("2026-02-10"))
    besluit = ("nota-2027", "bestuur", Uitkomst.AKKOORD, DAY)
    use_cases.register_besluit(house, an_actor("2026-03-20"), *besluit)

    with pytest.raises(JournalMovedOn, match="Sinds u keek is de lijst veranderd: nu staan 8 berichten klaar"):
        vrijgeven.release(house, an_actor("2026-03-20"), None, None, seen)
    assert freed(house) == {}
    done = vrijgeven.release(house, an_actor("2026-03-20"), SLUG, None, seen)

    assert done == Vrijgave(4, 0) and {b.key.slug for b in rows(house, status=Status.VRIJGEGEVEN)} == {SLUG}


def test_what_is_not_true_any_more_is_withdrawn_and_what_comes_instead_waits(house: House) -> None:
    a_released(house)
    seen = vrijgeven.look(house, DAY)

    done = vrijgeven.release(house, an_actor("2026-05-18"), None, None, seen.gezien)

    assert done == Vrijgave(0, 0) and {b.status for b in rows(house, "inbrengmoment-geopend")} == {Status.INGETROKKEN}


def test_two_roles_must_agree_and_the_list_shows_who_was_first(house: House) -> None:
    a_released(house, stelsel=by_two())

    first = vrijgeven.release(house, as_role("aob"), None, None)
    seen = vrijgeven.look(house, DAY)
    between = freed(house)
    second = vrijgeven.release(house, as_role("secretaris-av"), None, None)

    assert (first, between, second) == (Vrijgave(0, 4), {}, Vrijgave(4, 0))
    assert vrijgeven.said(first) == "Uw akkoord met 4 berichten is vastgelegd; een tweede, andere rol geeft ze vrij."
    assert {b.akkoord_door for b in seen.berichten} == {"aob"} and seen.tweede_persoon
    assert freed(house) == dict.fromkeys(GRIFFIES, "secretaris-av")


def test_the_same_role_twice_or_a_role_that_does_not_exist_gives_nothing_free(house: House) -> None:
    a_released(house, stelsel=by_two())
    vrijgeven.release(house, as_role("aob"), None, None)

    with pytest.raises(Unusable, match=r"^aob ging al akkoord met deze 4 berichten; een tweede, andere rol moet vrijgeven.$"):
        vrijgeven.release(house, as_role("aob"), None, None)
    with pytest.raises(UnknownSlug, match="Er is geen rol 'aob-2'"):
        vrijgeven.release(house, as_role("aob-2"), None, None)

    assert freed(house) == {} and agreed(house) == {"aob"}


def test_what_changed_after_the_first_agreement_needs_two_again(house: House) -> None:
    a_released(house, stelsel=by_two())
    vrijgeven.release(house, as_role("aob"), None, None)

    move(house, "2026-03-20", "2026-05-29")
    after = agreed(house)
    again = vrijgeven.release(house, as_role("secretaris-av"), None, None)

    assert after == {None} and again == Vrijgave(0, 4) and freed(house) == {}
    assert vrijgeven.release(house, as_role("aob"), None, None) == Vrijgave(4, 0)


def test_a_second_role_gives_free_what_was_agreed_and_agrees_with_the_rest(house: House) -> None:
    a_released(house, stelsel=by_two())
    only = Klaar("uitkomst", "griffie-almere", 3, "x", {"ontvanger_naam": "griffie van Almere"}, needs_release=True)
    vrijgeven.release(house, as_role("aob"), None, None)
    with writing(house.engine) as connection:
        outbox.put(connection, "mra", outbox.GEEN_DOSSIER, [only], "x" * 64, house.moment())

    mixed = vrijgeven.release(house, as_role("secretaris-av"), None, None)

    assert mixed == Vrijgave(4, 1) and agreed(house) == {"secretaris-av"}
    assert vrijgeven.said(mixed).startswith("4 berichten vrijgegeven. Uw akkoord met 1 bericht is vastgelegd;")


def test_a_message_of_no_dossier_is_given_free_like_any_other(house: House) -> None:
    a_released(house)
    only = Klaar("maandbericht", "leden-almere", 202603, "-", {"ontvanger_naam": "leden"}, needs_release=True)
    with writing(house.engine) as connection:
        outbox.put(connection, "mra", outbox.GEEN_DOSSIER, [only], "x" * 64, house.moment())

    done = vrijgeven.release(house, an_actor("2026-03-20"), None, "maandbericht")

    assert done == Vrijgave(1, 0) and list(freed(house)) == ["leden-almere"]


def test_a_dossier_that_is_stuck_stops_no_other_and_is_named(house: House) -> None:
    a_released(house)
    stray = Klaar("uitkomst", "griffie-almere", 3, "x", {"ontvanger_naam": "griffie van Almere"}, needs_release=True)
    with writing(house.engine) as connection:
        outbox.put(connection, "mra", "a-verdwenen", [stray], "x" * 64, house.moment())

    with pytest.raises(Refused, match=r"^4 berichten vrijgegeven\. Niet elk dossier kon verder\. a-verdwenen: "):
        vrijgeven.release(house, an_actor("2026-03-20"), None, None)

    assert sorted(freed(house)) == GRIFFIES


def test_a_message_that_cannot_be_made_does_not_hide_the_list(sqlite_house: House) -> None:
    a_released(sqlite_house)
    broken = Klaar("uitkomst", "griffie-almere", 3, "x", {"ontvanger_naam": "griffie van Almere"}, needs_release=True)
    with writing(sqlite_house.engine) as connection:
        outbox.put(connection, "mra", SLUG, [broken], "x" * 64, sqlite_house.moment())

    klaar = vrijgeven.look(sqlite_house, DAY, soort="uitkomst")

    assert klaar.aantal == 1 and klaar.voorbeeld is not None and klaar.voorbeeld.tekst.startswith("Dit bericht is niet te maken")


def test_a_template_that_fails_on_what_people_wrote_does_not_hide_the_list(sqlite_house: House) -> None:
    a_released(sqlite_house)
    bronnen = json.loads(template_set().bronnen) | {"inbrengmoment-geopend.txt.j2": "{{ 1 / (titel|length - titel|length) }}"}
    with writing(sqlite_house.engine) as connection:
        outbox.keep_sjablonen(connection, "mra", "eigen", json.dumps(bronnen))
        connection.execute(update(tables.berichten).values(sjablonen="eigen"))

    klaar = vrijgeven.look(sqlite_house, DAY)

    assert klaar.voorbeeld is not None and klaar.voorbeeld.tekst.startswith("Dit bericht is niet te maken (ZeroDivisionError)")


TRAP = "Nota <img src=x onerror=alert(1)> | {{ 7*7 }} \u202e **vet** [hier](http://kwaad.example)"


def test_the_page_shows_everything_and_what_was_typed_becomes_no_markup(sqlite_house: House) -> None:
    a_released(sqlite_house, titel=TRAP.replace("\u202e", ""), stelsel=by_two())
    vrijgeven.release(sqlite_house, as_role("aob"), None, None)

    klaar = vrijgeven.look(sqlite_house, DAY, SLUG)
    page = release_page(with_trap(klaar), f"alle berichten van {SLUG}")

    for text in (
        "4 berichten staan klaar. 1 ontvanger hoort dit niet.",
        "| Opening | 4 |",
        "Twee rollen",
        "| griffie van Laren | nota-2026 | aob |",
    ):
        assert text in page
    assert klaar.verzending in page and "met 'Geef vrij' aan" in page
    outside = [line for line in page.splitlines() if not line.startswith("    ")]
    assert any("<img" in line for line in page.splitlines()) and not any(re.search(r"(?<!\\)(<|\]\(|\*\*)", line) for line in outside)
    assert "\u202e" not in page and "\\*\\*vet\\*\\*" in page


def with_trap(klaar: Klaarstaand) -> Klaarstaand:
    """The same list, with somebody who is called like a trap and a mail that holds one over several lines."""
    assert klaar.voorbeeld is not None
    mail = replace(klaar.voorbeeld, tekst=f"{klaar.voorbeeld.tekst}\r\n# {TRAP}\u2028<b>")
    gemist = vrijgeven.Gemiste(SLUG, "x", TRAP.replace("\u202e", ""), "Er is geen adres van x.")
    return replace(klaar, voorbeeld=mail, ontbreekt=(gemist,))


def test_the_end_is_given_free_like_the_opening(sqlite_house: House) -> None:
    a_released(sqlite_house)
    let_arrive(sqlite_house)
    list(use_cases.daily_round(sqlite_house, a_day("2026-05-18"), "cli"))
    a_besluit(sqlite_house, "2026-06-26", "av")

    klaar = vrijgeven.look(sqlite_house, a_day("2026-06-26"))

    assert {b.soort for b in klaar.berichten} == {"uitkomst"} and klaar.hoort_niet == ()
    assert vrijgeven.release(sqlite_house, an_actor("2026-06-26"), None, "uitkomst").vrijgegeven == klaar.aantal > 0


def test_the_command_shows_the_list_first_and_gives_free_only_what_was_seen(released: Kader, tmp_path: Path) -> None:
    look = f"bericht vrijgeef --dossier {SHIPPED} --op 2027-03-20"
    shown, data = released(look), released(f"{look} --json").data

    refused = [released(f"{look} --ja --gezien 00000000"), released(f"{look} --gezien {data['gezien']}"), released(f"{look} --soort onzin")]
    given = released(f"{look} --ja --gezien {data['gezien'].upper()} --json")

    assert f"Per soort: Opening {data['aantal']}." in shown.out and "Elke ontvanger op deze lijst is te bereiken." in shown.out
    assert f"\n{data['verzending']}\n" in shown.out and f"met --gezien {data['gezien']} alleen deze lijst." in shown.out
    assert "Zo leest griffie van " in shown.out
    assert [said.code for said in refused] == [2, 2, 2] and [said.out for said in refused] == [""] * 3
    for said, why in zip(
        refused, ("Sinds u keek is de lijst veranderd", "--gezien hoort bij --ja", "geen soort bericht 'onzin'"), strict=True
    ):
        assert why in said.err and len(said.err.splitlines()) == 1
    zips = {path.stem for path in (tmp_path / "openbaar" / "dossier" / SHIPPED).glob("*.zip")}
    assert given.data == {"vrijgegeven": data["aantal"], "akkoord": 0, "pakketten": len(zips)} and "raad-almere" in zips


def test_the_form_lets_choose_from_the_kinds_that_wait_for_a_person(mra: Stelsel) -> None:
    field = Vrijgeven.model_json_schema()["properties"]["soort"]

    assert field["enum"] == [soort.slug for soort in mra.berichten if soort.vrijgave] and "default" not in field
    assert Vrijgeven.model_validate({"als": "aob", "soort": " "}).waarvan == "alle berichten van elk dossier"


def test_facts_that_cannot_be_read_keep_no_form_from_being_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KADER_STELSEL", str(tmp_path))

    assert Vrijgeven.model_json_schema()["properties"]["soort"]["type"] == "string"
