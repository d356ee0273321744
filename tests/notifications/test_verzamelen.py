"""One mail a day per person for what can wait, on the hours of the facts; and a person hears of every failure once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from config.settings import Post
from dossiers import adressen as addresses
from dossiers import outbox, verzamelpost
from dossiers.adressen import Adresstatus
from dossiers.database import writing
from dossiers.outbox import Bericht, Klaar, Status
from flows import use_cases
from flows.house import House
from notifications.deliver import Bezorgd, closed_until, deliver
from notifications.render import template_set
from notifications.verzendtijd import Verzendtijd, day_of, verzendtijd
from statemachines.berichten import Verzending
from statemachines.stelsel import Stelsel
from tests.conftest import Clock
from tests.makers import FACT, a_stelsel
from tests.notifications.post_office import DROP, PostOffice, running_post_office
from tests.notifications.telling import adressen, an_actor, as_read, rows

MONDAY = datetime(2026, 2, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def a_soort(slug: str, bij: str, *wie: str, tempo: str = "verzameld", **rest: Any) -> dict[str, Any]:
    return {
        "slug": slug,
        "naam": slug.replace("-", " ").capitalize(),
        "wie": wie or ("secretaris",),
        "bij": bij,
        "wanneer": "in een test",
        "sjabloon": slug,
        "tempo": tempo,
        "vrijgave": False,
        **FACT,
        **rest,
    }


def a_catalogue(**changes: Any) -> Stelsel:
    return a_stelsel(
        berichten=[
            a_soort("stukken-verwacht", "stukken-verwacht", werkdagen=5),
            a_soort("besluit-verwacht", "besluit-verwacht", werkdagen=1),
            a_soort("melding", "ronde-vervallen", "griffie", tempo="meteen"),
            a_soort("onbestelbaar", "onbestelbaar", "aob"),
        ],
        **changes,
    )


HOURS = {"vanaf": "08:30", "tot": "17:00", "bewaar_maanden": 12, **FACT}


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with running_post_office() as office:
        yield office


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    return begun(house, clock)


@pytest.fixture
def sqlite_house(sqlite_house: House, clock: Clock) -> House:
    return begun(sqlite_house, clock)


def begun(house: House, clock: Clock, feiten: Stelsel | None = None) -> House:
    clock.at = MONDAY
    use_cases.accept_facts(house, an_actor("2026-01-02"), feiten or a_catalogue(), adressen(), "begin")
    return house


def put(house: House, wie: str, *slugs: str, soort: str = "stukken-verwacht", titel: str = "De nota", nr: int = 1) -> None:
    """A message of a kind for ``wie`` about each of these dossiers, free to go."""
    sjablonen = template_set()
    context = {
        "sjabloon": "stukken-verwacht",
        "website": "https://kaderroute.example",
        "antwoord_aan": "antwoord@kaderroute.example",
        "afzender": "route@kaderroute.example",
        "afzender_naam": "Test",
        "lijst_id": "kader.kaderroute.example",
        "voorbeeld": True,
        "aanhef": f"Beste {wie}",
        "ontvanger_naam": wie,
        "stap": "Vrijgave",
        "gremium": "Bestuur",
        "vergadering": "2026-03-20",
        "aanleverdatum": "2026-03-06",
        "waarom_aanleverdatum": "tien werkdagen eerder",
    }
    with writing(house.engine) as connection:
        outbox.keep_sjablonen(connection, "mra", sjablonen.digest, sjablonen.bronnen)
        for slug in slugs:
            klaar = Klaar(soort, wie, nr, "vrijgave/1", context | {"dossier": slug, "titel": f"{titel} {slug}"}, False)
            outbox.put(connection, "mra", slug, [klaar], sjablonen.digest, house.moment())


def sent(house: House, office: PostOffice, eigenaar: str = "een", **rest: Any) -> list[Bezorgd]:
    return list(deliver(house.engine, "mra", Post(office.smtp), house.now, eigenaar, **rest))


def mails(office: PostOffice) -> list[EmailMessage]:
    return [message_from_bytes(raw, policy=default) for _, raw in office.taken]


def text_of(mail: EmailMessage, subtype: str = "plain") -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content())


def state(house: House) -> dict[str, tuple[str, str]]:
    return {b.key.slug: (b.key.ontvanger, b.status.value) for b in rows(house)}


def test_what_waits_for_one_person_travels_in_one_mail_that_says_all_of_it(house: House, office: PostOffice) -> None:
    put(house, "secretaris-av", "nota", "plan")
    put(house, "secretaris-av", "agenda", soort="besluit-verwacht", titel="Het plan")
    put(house, "secretaris-bestuur", "nota")

    done = sent(house, office)

    joined, alone = sorted(mails(office), key=lambda mail: str(mail["To"]))
    assert len(done) == 4 and {b.status for b in done} == {Status.VERZONDEN}
    assert joined["Subject"] == "3 berichten over kaderdocumenten" and joined["X-Kader-Soort"] == "verzameld"
    assert alone["Subject"] == "Stukken voor De nota nota uiterlijk vrijdag 6 maart 2026"
    for subtype in ("plain", "html"):
        body = text_of(joined, subtype)
        assert body.count("VOORBEELD") == 1 and body.count("Beste secretaris-av,") == 1
        assert body.count("U krijgt deze mail als secretaris-av.") == 1
        for bericht in rows(house):
            if bericht.key.ontvanger == "secretaris-av":
                assert as_read(house, bericht).onderwerp in body


def test_what_goes_at_once_joins_nothing(sqlite_house: House, office: PostOffice) -> None:
    put(sqlite_house, "griffie-almere", "nota", "plan", soort="melding")
    put(sqlite_house, "griffie-almere", "nota")

    sent(sqlite_house, office)

    assert len(office.taken) == 3 and len({mail["Message-ID"] for mail in mails(office)}) == 3


def test_two_roles_at_one_address_are_one_person(sqlite_house: House, office: PostOffice) -> None:
    with writing(sqlite_house.engine) as connection:
        for wie, adres in (("aob", "Samen@post.example"), ("secretaris-av", "samen@post.example")):
            addresses.add(connection, "mra", wie, Adresstatus.OPGEGEVEN, adres, "test", "aob", sqlite_house.moment())
    put(sqlite_house, "aob", "nota")
    put(sqlite_house, "secretaris-av", "plan")

    sent(sqlite_house, office)

    [mail] = mails(office)
    assert "De nota nota" in text_of(mail) and "De nota plan" in text_of(mail)
    assert "als aob." in text_of(mail) and "als secretaris-av." in text_of(mail)


def test_who_got_a_mail_today_hears_the_rest_the_next_day(house: House, office: PostOffice, clock: Clock) -> None:
    put(house, "secretaris-av", "nota")
    sent(house, office)
    put(house, "secretaris-av", "plan", "agenda")

    clock.at = MONDAY.replace(hour=22, minute=59)  # a minute before midnight in Amsterdam
    assert sent(house, office) == []
    clock.at += timedelta(minutes=1)
    assert len(sent(house, office)) == 2

    assert len(office.taken) == 2 and set(state(house).values()) == {("secretaris-av", "verzonden")}


def test_the_demo_and_a_hurried_tester_wait_for_no_next_day(sqlite_house: House, office: PostOffice) -> None:
    put(sqlite_house, "secretaris-av", "nota")
    sent(sqlite_house, office)
    put(sqlite_house, "secretaris-av", "plan")
    assert sent(sqlite_house, office) == []

    assert [b.bericht.key.slug for b in sent(sqlite_house, office, nu=True)] == ["plan"]


def test_a_mail_that_is_tried_again_is_the_same_mail_and_nothing_new_joins_it(house: House, office: PostOffice, clock: Clock) -> None:
    put(house, "secretaris-av", "nota", "plan")
    office.dot = "451 Probeer het later"
    sent(house, office)
    put(house, "secretaris-av", "agenda")
    office.dot = "250 Bewaard"

    clock.at += timedelta(minutes=1)
    again = sent(house, office)
    clock.at += DAY
    rest = sent(house, office)

    first, second, third = office.taken
    assert first == second != third
    assert [sorted(b.bericht.key.slug for b in done) for done in (again, rest)] == [["nota", "plan"], ["agenda"]]


def test_a_mail_of_which_one_message_was_withdrawn_goes_without_it_under_its_own_name(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    put(sqlite_house, "secretaris-av", "nota", "plan")
    office.dot = "451 Probeer het later"
    sent(sqlite_house, office)
    with writing(sqlite_house.engine) as connection:
        gone = next(b.key for b in rows(sqlite_house) if b.key.slug == "nota")
        outbox.withdraw(connection, "mra", [gone], "niet meer waar", sqlite_house.moment())
    office.dot = "250 Bewaard"

    clock.at += timedelta(minutes=1)
    sent(sqlite_house, office)

    first, second = mails(office)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"] == "Stukken voor De nota plan uiterlijk vrijdag 6 maart 2026" and "De nota nota" not in text_of(second)


def test_a_deliverer_that_died_between_claim_and_send_leaves_the_whole_mail_to_the_next(
    house: House, office: PostOffice, clock: Clock
) -> None:
    put(house, "secretaris-av", "nota", "plan")
    with writing(house.engine) as connection:
        soorten = {"stukken-verwacht", "besluit-verwacht"}
        lease = timedelta(minutes=30)
        [mail] = verzamelpost.new_mails(connection, "mra", soorten, {}, day_of(clock.at), "dood", clock.at, lease, 50)
    put(house, "secretaris-av", "agenda")
    assert sent(house, office) == []

    clock.at += timedelta(minutes=31)
    sent(house, office)

    [arrived] = mails(office)
    names = {b.key.slug: b.mail for b in rows(house)}
    assert len(mail) == 2 and arrived["Subject"] == "2 berichten over kaderdocumenten"
    assert names == {"nota": mail[0].mail, "plan": mail[0].mail, "agenda": None}


def test_who_has_another_address_by_now_gets_the_own_messages_in_another_mail(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    with writing(sqlite_house.engine) as connection:
        for wie in ("aob", "secretaris-av"):
            addresses.add(connection, "mra", wie, Adresstatus.OPGEGEVEN, "samen@post.example", "test", "aob", sqlite_house.moment())
    put(sqlite_house, "aob", "nota")
    put(sqlite_house, "secretaris-av", "plan")
    office.dot = "451 Probeer het later"
    sent(sqlite_house, office)
    with writing(sqlite_house.engine) as connection:
        addresses.add(connection, "mra", "secretaris-av", Adresstatus.OPGEGEVEN, "apart@post.example", "test", "aob", sqlite_house.moment())
    office.dot, office.taken[:] = "250 Bewaard", []

    clock.at += timedelta(minutes=1)
    sent(sqlite_house, office)

    assert {adres: "De nota plan" in text_of(mail) for (adres, _), mail in zip(office.taken, mails(office), strict=True)} == {
        "samen@post.example": False,
        "apart@post.example": True,
    }


def test_one_message_that_cannot_be_made_keeps_the_rest_of_the_mail_from_nobody(sqlite_house: House, office: PostOffice) -> None:
    put(sqlite_house, "secretaris-av", "nota", "plan", "agenda")
    with writing(sqlite_house.engine) as connection:
        connection.exec_driver_sql("""UPDATE berichten SET context = replace(context, '"stap"', '"weg"') WHERE slug = 'plan'""")

    sent(sqlite_house, office)

    [mail] = [mail for mail in mails(office) if mail["X-Kader-Soort"] == "verzameld"]
    assert mail["Subject"] == "2 berichten over kaderdocumenten"
    found = {b.key.slug: b.status for b in rows(sqlite_house, "stukken-verwacht")}
    assert found == {"nota": Status.VERZONDEN, "plan": Status.MISLUKT, "agenda": Status.VERZONDEN}


def test_a_title_is_text_and_nothing_else_in_a_joined_mail(sqlite_house: House, office: PostOffice) -> None:
    nasty = "<b>vet</b> {{ 7*7 }} & co"
    put(sqlite_house, "secretaris-av", "nota", "plan", titel=nasty)

    sent(sqlite_house, office)

    [mail] = mails(office)
    assert nasty in text_of(mail) and "<b>" not in text_of(mail, "html")
    assert "&lt;b&gt;vet&lt;/b&gt; {{ 7*7 }} &amp; co nota" in text_of(mail, "html") and "&amp;lt;" not in text_of(mail, "html")


def told_of_failure(house: House) -> list[Bericht]:
    return rows(house, "onbestelbaar")


def test_a_person_is_told_once_of_a_message_that_did_not_arrive(house: House, office: PostOffice, clock: Clock) -> None:
    put(house, "adviseur-almere", "nota", soort="melding")
    sent(house, office)
    put(house, "griffie-almere", "nota", soort="melding")
    office.rcpt["griffie-almere@post.example"] = "550 5.1.1 Onbekend"

    sent(house, office)
    clock.at += DAY
    sent(house, office)

    [told] = told_of_failure(house)
    assert (told.key.slug, told.key.ontvanger, told.status) == ("nota", "aob", Status.VERZONDEN)
    read = as_read(house, told)
    assert read.onderwerp == "Bericht aan griffie-almere over De nota nota: niet aangekomen"
    for part in (read.tekst, read.html):
        assert "550 5.1.1 Onbekend" in part and "adviseur van Almere" in part and "Melding" in part


def test_of_a_lost_answer_a_person_is_told_once_and_again_only_when_it_is_sure(
    sqlite_house: House, office: PostOffice, clock: Clock
) -> None:
    put(sqlite_house, "griffie-almere", "nota", "plan", soort="melding")
    office.dot = DROP
    sent(sqlite_house, office)
    assert [b.context["zekerheid"] for b in told_of_failure(sqlite_house)] == ["onbekend of het aankwam"] * 2

    office.dot = "550 Weg"
    clock.at += DAY
    sent(sqlite_house, office)

    assert sorted(str(b.context["zekerheid"]) for b in told_of_failure(sqlite_house)) == [
        *["niet aangekomen"] * 2,
        *["onbekend of het aankwam"] * 2,
    ]


def test_a_failure_to_tell_of_a_failure_is_not_told(sqlite_house: House, office: PostOffice) -> None:
    put(sqlite_house, "griffie-almere", "nota", soort="melding")
    office.rcpt |= {"griffie-almere@post.example": "550 Onbekend", "aob@post.example": "550 Onbekend"}

    sent(sqlite_house, office)
    sent(sqlite_house, office)

    assert [b.status for b in told_of_failure(sqlite_house)] == [Status.MISLUKT]


def test_nothing_goes_outside_the_hours_and_it_is_said_when_it_does(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    feiten = a_catalogue(verzending=HOURS)
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), feiten, adressen(), "uren")
    put(sqlite_house, "secretaris-av", "nota")
    put(sqlite_house, "griffie-almere", "nota", soort="melding")

    clock.at = datetime(2026, 4, 2, 15, 0, tzinfo=UTC)  # 17:00 in Amsterdam, the day before Good Friday
    assert sent(sqlite_house, office) == []
    assert closed_until(sqlite_house.engine, "mra", clock.at) == (
        "Er gaat nu niets: berichten gaan op werkdagen tussen 8:30 en 17:00 uur. Het volgende moment is dinsdag 7 april 2026, 8:30 uur."
    )
    clock.at = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)

    assert closed_until(sqlite_house.engine, "mra", clock.at) is None
    assert [b.status for b in sent(sqlite_house, office)] == [Status.VERZONDEN] * 2


def test_in_the_proof_what_is_asked_for_now_goes_now(sqlite_house: House, office: PostOffice, clock: Clock) -> None:
    use_cases.accept_facts(sqlite_house, an_actor("2026-01-02"), a_catalogue(verzending=HOURS), adressen(), "uren")
    put(sqlite_house, "secretaris-av", "nota")
    clock.at = datetime(2026, 4, 4, 23, 0, tzinfo=UTC)

    assert len(sent(sqlite_house, office, nu=True)) == 1


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-02-02T07:29:59", "2026-02-02T08:30"),  # winter: an hour behind Amsterdam
        ("2026-02-02T07:30:00", None),
        ("2026-02-02T15:59:59", None),
        ("2026-02-02T16:00:00", "2026-02-03T08:30"),
        ("2026-02-06T16:00:00", "2026-02-09T08:30"),
        ("2026-07-01T06:30:00", None),  # summer: two hours behind
        ("2026-12-24T16:00:00", "2026-12-28T08:30"),
        ("2028-01-01T12:00:00", "2028-01-03T08:30"),  # beyond the calendar: weekdays
    ],
)
def test_mail_goes_on_werkdagen_within_the_hours_in_amsterdam(moment: str, opens: str | None) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    tijd = Verzendtijd(Verzending.model_validate(HOURS), a_stelsel().werkkalender)

    assert tijd.is_open(at) is (opens is None)
    assert opens is None or tijd.next_opening(at).isoformat().startswith(opens)


def test_facts_without_hours_let_mail_go_at_any_moment() -> None:
    assert verzendtijd(a_stelsel()).why_not(datetime(2026, 1, 1, 3, tzinfo=UTC)) is None
