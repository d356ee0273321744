"""The outbox: what must be told, committed with the entry that made it true, and what became of it.

A row holds the id of a recipient and a frozen context, never an address. Its key (stelsel, dossier, soort, ontvanger,
datumversie) is the idempotency: the same thing is put here once, whatever happens.

    klaargezet -> vrijgegeven -> bezig -> verzonden | mislukt | onbekend
    klaargezet, vrijgegeven -> ingetrokken
    bezig -> vrijgegeven, not before a later moment: a failure that may pass, or a deliverer that stopped and gave it back
    onbekend -> bezig -> verzonden | mislukt | onbekend: once, a day later, for the mail server may have taken it; not when its
        recipient is told meanwhile that it is otherwise

What is ``bezig`` belongs to one deliverer until its lease ends; then another may take it over. A row that was ``onbekend`` keeps
``afgehandeld`` while it is tried again, so it never counts as not told.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from dossiers.tables import berichten, sjablonen
from statemachines.errors import RecordDamaged

SYSTEEM = "systeem"
"""Who gave a message free that needs nobody."""
GEEN_DOSSIER = "-"
"""In the place of a dossier for a message that is about none or about several."""


class Status(StrEnum):
    """Where a message is. ``onbekend``: the mail server may have taken it and its answer was lost; that counts as told."""

    KLAARGEZET = "klaargezet"
    VRIJGEGEVEN = "vrijgegeven"
    BEZIG = "bezig"
    VERZONDEN = "verzonden"
    MISLUKT = "mislukt"
    ONBEKEND = "onbekend"
    INGETROKKEN = "ingetrokken"


PENDING = frozenset({Status.KLAARGEZET, Status.VRIJGEGEVEN})
"""Not told yet, and still to be withdrawn."""

TOLD = frozenset({Status.BEZIG, Status.VERZONDEN, Status.ONBEKEND})
"""The recipient has heard it, or may have. Who could not be reached has heard nothing."""


@dataclass(frozen=True)
class Key:
    """Which message of a stelsel this is."""

    slug: str
    soort: str
    ontvanger: str
    datumversie: int

    def __str__(self) -> str:
        return f"{self.slug}/{self.soort}/{self.ontvanger}/{self.datumversie}"


@dataclass(frozen=True)
class Klaar:
    """A message to be put in the outbox; ``onderwerp`` is the stap and visit that it is about."""

    soort: str
    ontvanger: str
    datumversie: int
    onderwerp: str
    context: Mapping[str, object]
    needs_release: bool


@dataclass(frozen=True)
class Told:
    """What a recipient was told of a dossier, or will be; ``afgehandeld`` is the moment (ISO, UTC) on which it was sent or given up."""

    key: Key
    onderwerp: str
    status: Status
    context: Mapping[str, object]
    afgehandeld: str | None = None

    @property
    def soort(self) -> str:
        """What kind of message."""
        return self.key.soort

    @property
    def ontvanger(self) -> str:
        """Who hears it."""
        return self.key.ontvanger

    @property
    def datumversie(self) -> int:
        """The entry that set the dates in it."""
        return self.key.datumversie


@dataclass(frozen=True)
class Bericht:
    """A whole row of the outbox. Moments are ISO text in UTC.

    ``mail`` names the mail in which it travels with others; ``adres_nr`` is the address that was used.
    """

    key: Key
    onderwerp: str
    status: Status
    context: Mapping[str, object]
    sjablonen: str
    aangemaakt: str
    vrijgegeven_door: str | None
    pogingen: int
    afgehandeld: str | None
    melding: str | None
    vrijgegeven: str | None = None
    mail: str | None = None
    adres_nr: int | None = None

    @property
    def may_have_arrived(self) -> bool:
        """Whether an earlier attempt ended without an answer of the mail server."""
        return self.afgehandeld is not None and self.status in (Status.BEZIG, Status.ONBEKEND)


_KEY = (berichten.c.slug, berichten.c.soort, berichten.c.ontvanger, berichten.c.datumversie)


_TOLD = select(*_KEY, berichten.c.onderwerp, berichten.c.status, berichten.c.context, berichten.c.afgehandeld).where(
    berichten.c.stelsel == bindparam("stelsel"), berichten.c.slug == bindparam("slug")
)


def put(connection: Connection, stelsel: str, slug: str, klaar: Iterable[Klaar], sjablonen_digest: str, aangemaakt: str) -> int:
    """Puts messages in the outbox; one that is there already is left alone. Gives the number that is new."""
    rows = [
        {
            "stelsel": stelsel,
            "slug": slug,
            "soort": k.soort,
            "ontvanger": k.ontvanger,
            "datumversie": k.datumversie,
            "onderwerp": k.onderwerp,
            "status": (Status.KLAARGEZET if k.needs_release else Status.VRIJGEGEVEN).value,
            "context": json.dumps(k.context, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
            "sjablonen": sjablonen_digest,
            "aangemaakt": aangemaakt,
            "vrijgegeven": None if k.needs_release else aangemaakt,
            "vrijgegeven_door": None if k.needs_release else SYSTEEM,
            "pogingen": 0,
        }
        for k in klaar
    ]
    if not rows:
        return 0
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(berichten).values(rows).on_conflict_do_nothing().returning(berichten.c.ontvanger)
    return len(connection.execute(new).all())


def told(connection: Connection, stelsel: str, slug: str) -> list[Told]:
    """Everything in the outbox of one dossier, whatever its status."""
    rows = connection.execute(_TOLD, {"stelsel": stelsel, "slug": slug})
    return [Told(Key(*row[:4]), row.onderwerp, Status(row.status), json.loads(row.context), row.afgehandeld) for row in rows]


def withdraw(connection: Connection, stelsel: str, keys: Iterable[Key], melding: str, moment: str) -> int:
    """Withdraws messages that became untrue before they were sent; the row stays as a trace. Gives the number withdrawn."""
    statement = (
        berichten.update()
        .where(_among(stelsel, keys), berichten.c.status.in_([s.value for s in PENDING]))
        .values(status=Status.INGETROKKEN.value, melding=melding, afgehandeld=moment)
    )
    return connection.execute(statement).rowcount


def let_rest(connection: Connection, stelsel: str, slug: str, ontvangers: Collection[str]) -> int:
    """Tries no message of this dossier again of which nobody knows whether these recipients got it; it stays ``onbekend``.

    For who is told that it is otherwise: the old mail must not come after the new one. Gives the number of messages.
    """
    doubtful = (berichten.c.status == Status.ONBEKEND.value, berichten.c.niet_voor.is_not(None))
    theirs = (berichten.c.stelsel == stelsel, berichten.c.slug == slug, berichten.c.ontvanger.in_(sorted(ontvangers)))
    return connection.execute(berichten.update().where(*theirs, *doubtful).values(niet_voor=None)).rowcount if ontvangers else 0


def release(connection: Connection, stelsel: str, keys: Iterable[Key], door: str, moment: str) -> int:
    """Gives those of these messages free that still wait for it; gives the number."""
    statement = (
        berichten.update()
        .where(_among(stelsel, keys), berichten.c.status == Status.KLAARGEZET.value)
        .values(status=Status.VRIJGEGEVEN.value, vrijgegeven=moment, vrijgegeven_door=door)
    )
    return connection.execute(statement).rowcount


def rows(
    connection: Connection,
    stelsel: str,
    dossier: str | None = None,
    soort: str | None = None,
    ontvanger: str | None = None,
    status: Status | None = None,
) -> Iterator[Bericht]:
    """Messages in order of making, streamed."""
    query = select(berichten).where(_chosen(stelsel, dossier, soort, ontvanger, status)).order_by(berichten.c.aangemaakt, *_KEY)
    for row in connection.execute(query.execution_options(yield_per=500)):
        yield as_bericht(row)


def _chosen(stelsel: str, dossier: str | None, soort: str | None, ontvanger: str | None, status: Status | None) -> Any:
    wanted = {
        berichten.c.slug: dossier,
        berichten.c.soort: soort,
        berichten.c.ontvanger: ontvanger,
        berichten.c.status: status.value if status else None,
    }
    return and_(berichten.c.stelsel == stelsel, *(column == value for column, value in wanted.items() if value is not None))


def as_bericht(row: Row[Any]) -> Bericht:
    """A row of the table as it is read."""
    return Bericht(
        key=Key(row.slug, row.soort, row.ontvanger, row.datumversie),
        onderwerp=row.onderwerp,
        status=Status(row.status),
        context=json.loads(row.context),
        sjablonen=row.sjablonen,
        aangemaakt=row.aangemaakt,
        vrijgegeven_door=row.vrijgegeven_door,
        pogingen=row.pogingen,
        afgehandeld=row.afgehandeld,
        melding=row.melding,
        vrijgegeven=row.vrijgegeven,
        mail=row.mail,
        adres_nr=row.adres_nr,
    )


def counts(connection: Connection, stelsel: str) -> list[tuple[str, str, int]]:
    """How many messages there are, per kind and status."""
    query = select(berichten.c.soort, berichten.c.status, func.count()).where(berichten.c.stelsel == stelsel)
    found = connection.execute(query.group_by(berichten.c.soort, berichten.c.status).order_by(berichten.c.soort, berichten.c.status))
    return [(soort, status, count) for soort, status, count in found]


def may_go(text: str) -> ColumnElement[bool]:
    """Which rows a deliverer may take at this moment (ISO text in UTC)."""
    free = and_(berichten.c.status == Status.VRIJGEGEVEN.value, or_(berichten.c.niet_voor.is_(None), berichten.c.niet_voor <= text))
    lost = and_(berichten.c.status == Status.BEZIG.value, berichten.c.lease_tot < text)
    doubtful = and_(berichten.c.status == Status.ONBEKEND.value, berichten.c.niet_voor <= text)
    return or_(free, lost, doubtful)


def claim(
    connection: Connection,
    stelsel: str,
    eigenaar: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    verzameld: Collection[str] | None = None,
) -> list[Bericht]:
    """Takes up to ``limit`` messages that may go now for one deliverer, until the lease ends; expired leases are taken over.

    With ``verzameld``, the kinds that travel together, only what travels alone; see `dossiers.verzamelpost` for the others.
    """
    query = select(berichten).where(berichten.c.stelsel == stelsel, may_go(now.isoformat()))
    if verzameld is not None:
        begun = berichten.c.status != Status.VRIJGEGEVEN.value
        query = query.where(berichten.c.mail.is_(None), or_(begun, berichten.c.soort.not_in(verzameld)))
    query = query.order_by(berichten.c.aangemaakt, *_KEY).limit(limit).with_for_update(skip_locked=True)
    taken = [as_bericht(row) for row in connection.execute(query)]
    take(connection, stelsel, [b.key for b in taken], eigenaar, now, lease)
    return taken


def take(
    connection: Connection, stelsel: str, keys: Sequence[Key], eigenaar: str, now: datetime, lease: timedelta, mail: str | None = None
) -> None:
    """Makes these rows, which this transaction holds, the business of one deliverer; ``mail`` is kept with them."""
    if keys:
        values: dict[str, Any] = {"status": Status.BEZIG.value, "eigenaar": eigenaar, "lease_tot": (now + lease).isoformat()}
        if mail is not None:
            values["mail"] = mail
        connection.execute(berichten.update().where(_among(stelsel, keys)).values(**values, pogingen=berichten.c.pogingen + 1))


def hand_back(connection: Connection, stelsel: str, keys: Collection[Key], eigenaar: str, uit_mail: bool = False) -> None:
    """Gives back what this deliverer took and did not send, as it was; ``uit_mail``: it will travel in another mail."""
    if not keys:
        return
    was = case((berichten.c.afgehandeld.is_(None), Status.VRIJGEGEVEN.value), else_=Status.ONBEKEND.value)
    values: dict[str, Any] = {"status": was, "eigenaar": None, "lease_tot": None, "pogingen": berichten.c.pogingen - 1}
    if uit_mail:
        values["mail"] = None
    held = (berichten.c.status == Status.BEZIG.value, berichten.c.eigenaar == eigenaar)
    connection.execute(berichten.update().where(_among(stelsel, keys), *held).values(**values))


def _among(stelsel: str, keys: Iterable[Key]) -> ColumnElement[bool]:
    return and_(berichten.c.stelsel == stelsel, tuple_(*_KEY).in_([(k.slug, k.soort, k.ontvanger, k.datumversie) for k in keys]))


def renew(connection: Connection, stelsel: str, eigenaar: str, keys: Iterable[Key], now: datetime, lease: timedelta) -> set[Key]:
    """Lengthens the lease of claimed messages; gives those that this deliverer still holds."""
    statement = (
        berichten.update()
        .where(_among(stelsel, keys))
        .where(berichten.c.status == Status.BEZIG.value, berichten.c.eigenaar == eigenaar)
        .values(lease_tot=(now + lease).isoformat())
        .returning(*_KEY)
    )
    return {Key(*row) for row in connection.execute(statement)}


def mark(
    connection: Connection,
    stelsel: str,
    key: Key,
    eigenaar: str,
    status: Status,
    melding: str | None,
    now: datetime,
    niet_voor: datetime | None = None,
    adres_nr: int | None = None,
) -> bool:
    """Says what became of a claimed message; False when another deliverer has taken it over meanwhile."""
    statement = (
        berichten.update()
        .where(berichten.c.stelsel == stelsel, tuple_(*_KEY) == (key.slug, key.soort, key.ontvanger, key.datumversie))
        .where(berichten.c.status == Status.BEZIG.value, berichten.c.eigenaar == eigenaar)
        .values(
            status=status.value,
            melding=melding,
            niet_voor=niet_voor.isoformat() if niet_voor else None,
            afgehandeld=None if status is Status.VRIJGEGEVEN else now.isoformat(),
            eigenaar=None,
            lease_tot=None,
            adres_nr=adres_nr,
        )
    )
    return bool(connection.execute(statement).rowcount)


def keep_sjablonen(connection: Connection, stelsel: str, digest: str, bronnen: str) -> None:
    """Keeps the templates with which a message is made, so that a retry after an upgrade is the same mail."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(sjablonen).values(stelsel=stelsel, digest=digest, bronnen=bronnen).on_conflict_do_nothing())


def read_sjablonen(connection: Connection, stelsel: str, digest: str) -> str:
    """The templates with this digest; raises RecordDamaged when they were not kept."""
    query = select(sjablonen.c.bronnen).where(sjablonen.c.stelsel == stelsel, sjablonen.c.digest == digest)
    bronnen = connection.execute(query).scalar()
    if bronnen is None:
        raise RecordDamaged(f"De sjablonen {digest[:12]} waarmee dit bericht is klaargezet, staan niet in de database.")
    return str(bronnen)
