"""The small stelsel and the real one, played far enough that somebody must hear of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import func, select

from dossiers import outbox
from dossiers.database import reading, writing
from dossiers.outbox import Bericht, Status
from dossiers.tables import journaal
from flows import datums, use_cases, vrijgeven
from flows.house import House
from flows.use_cases import Actor
from notifications.render import Rendered
from notifications.verzamelen import preview
from statemachines.facts import Adres
from statemachines.route import Uitkomst
from statemachines.stelsel import Stelsel
from tests.makers import FACT, a_day, a_stelsel

SLUG = "nota-2026"
CLOSES = "2026-05-15"
GRIFFIES = ["griffie-almere", "griffie-diemen", "griffie-flevoland", "griffie-laren"]
ADVISEURS = ["adviseur-almere", "adviseur-diemen", "adviseur-flevoland", "adviseur-laren"]


def an_actor(op: str | date) -> Actor:
    return Actor("aob", "cli", str(uuid4()), a_day(op) if isinstance(op, str) else op)


def adressen(**changes: str) -> tuple[Adres, ...]:
    """An address under .example for everyone in the small stelsel; ``changes`` replace some (griffie_almere="...")."""
    wie = [*GRIFFIES, *ADVISEURS, "secretaris-bestuur", "secretaris-av", "aob"]
    return tuple(
        Adres.model_validate({"ontvanger": w, "adres": changes.get(w.replace("-", "_"), f"{w}@post.example"), **FACT})
        for w in wie
        if changes.get(w.replace("-", "_")) != "geen"
    )


def an_opened(house: House, titel: str = "De nota", route: str = "nota", stelsel: Stelsel | None = None) -> None:
    """In routing since 10 February; the Bestuur decides on 20 March."""
    use_cases.accept_facts(house, an_actor("2026-01-02"), stelsel or a_stelsel(), adressen(), "begin")
    use_cases.open_dossier(house, an_actor("2026-02-10"), SLUG, route, titel, a_day("2026-02-10"))


def a_released(house: House, titel: str = "De nota", stelsel: Stelsel | None = None) -> None:
    """Four griffies are asked until and including 15 May."""
    an_opened(house, titel, stelsel=stelsel)
    a_besluit(house, "2026-03-20", "bestuur")


def a_told(house: House) -> None:
    """The four griffies were told of 15 May."""
    a_released(house)
    let_arrive(house)


def a_besluit(house: House, op: str, van: str, uitkomst: Uitkomst = Uitkomst.AKKOORD, **rest: str) -> int:
    return use_cases.register_besluit(house, an_actor(op), SLUG, van, uitkomst, a_day(op), **rest).nr  # type: ignore[arg-type]


def move(house: House, op: str, naar: str, reden: str = "De Raadtafel vraagt meer tijd") -> int:
    """Moves the sluitingsdatum; gives the number of messages put in the outbox."""
    return datums.move_datum(house, an_actor(op), SLUG, a_day(naar), reden).klaargezet


def round_on(house: House, op: str) -> int:
    """The daily round; gives the number of messages put in the outbox."""
    return sum(gedaan.klaargezet + gedaan.vanzelf for gedaan in use_cases.daily_round(house, a_day(op), "cli"))


def let_arrive(house: House, status: Status = Status.VERZONDEN) -> None:
    """A person gives everything free on the day of the last entry, and it goes out, without mail."""
    with reading(house.engine) as connection:
        latest = connection.execute(select(func.max(journaal.c.datum))).scalar()
    vrijgeven.release(house, an_actor(latest or "2026-01-02"), None, None)
    with writing(house.engine) as connection:
        for bericht in outbox.claim(connection, "mra", "post", house.now(), timedelta(minutes=5), 1000):
            assert outbox.mark(connection, "mra", bericht.key, "post", status, None, house.now())


def rows(house: House, soort: str | None = None, status: Status | None = None) -> list[Bericht]:
    with reading(house.engine) as connection:
        return list(outbox.rows(connection, "mra", soort=soort, status=status))


def tally(house: House) -> dict[tuple[str, str], int]:
    """How many messages there are per soort and status."""
    return Counter((b.key.soort, b.status.value) for b in rows(house))


def as_read(house: House, bericht: Bericht) -> Rendered:
    with reading(house.engine) as connection:
        return preview(connection, "mra", bericht)


def all_as_read(house: House) -> Iterator[tuple[Bericht, Rendered]]:
    return ((bericht, as_read(house, bericht)) for bericht in rows(house))
