"""What travels together: the rows of the outbox that one person hears in one mail.

A mail has a name of its own from its first attempt on; the rows in it keep that name, and nothing joins them later, so a retry is
the same mail. A row that is withdrawn between two attempts stays out, and the mail keeps its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, and_, func, literal, or_, select

from dossiers.database import lock
from dossiers.outbox import Bericht, Key, Status, as_bericht, may_go, take
from dossiers.tables import berichten

MOST_IN_ONE = 100
"""More messages than this do not travel in one mail; the rest goes the next day."""
_ORDER = (berichten.c.aangemaakt, berichten.c.slug, berichten.c.soort, berichten.c.ontvanger, berichten.c.datumversie)
_LATER_TODAY = (Status.VERZONDEN.value, Status.ONBEKEND.value)


@dataclass(frozen=True)
class Dag:
    """The day in Amsterdam on which is delivered: its first moment and that of the next, in UTC.

    With ``ongeacht`` it does not matter what a person got today already.
    """

    begin: datetime
    morgen: datetime
    ongeacht: bool = False


def mail_name(keys: Collection[Key]) -> str:
    """How the mail is called in which these messages travel; always the same for the same messages."""
    return sha256("\n".join(sorted(map(str, keys))).encode()).hexdigest()


def begun_mails(connection: Connection, stelsel: str, eigenaar: str, now: datetime, lease: timedelta, limit: int) -> list[list[Bericht]]:
    """Takes up to ``limit`` mails that were tried before and may go now, each with the messages that are still in it.

    A mail of which somebody else holds a message at this moment waits: two halves would bear one Message-ID, and be one to a reader.
    """
    lock(connection, stelsel, "verzamelpost")
    ready = and_(berichten.c.stelsel == stelsel, berichten.c.mail.is_not(None), may_go(now.isoformat()))
    names = [name for (name,) in connection.execute(select(berichten.c.mail).where(ready).distinct().limit(limit))]
    if not names:
        return []
    query = select(berichten).where(ready, berichten.c.mail.in_(names)).order_by(*_ORDER).with_for_update(skip_locked=True)
    mails: dict[str, list[Bericht]] = defaultdict(list)
    for row in connection.execute(query):
        mails[row.mail].append(as_bericht(row))
    counted = select(berichten.c.mail, func.count()).where(ready, berichten.c.mail.in_(names)).group_by(berichten.c.mail)
    whole = [mails[name] for name, count in connection.execute(counted) if len(mails.get(name, ())) == count]
    for mail in whole:
        take(connection, stelsel, [b.key for b in mail], eigenaar, now, lease)
    return whole


def new_mails(
    connection: Connection,
    stelsel: str,
    soorten: Collection[str],
    personen: Mapping[str, str],
    dag: Dag,
    eigenaar: str,
    now: datetime,
    lease: timedelta,
    limit: int,
) -> list[list[Bericht]]:
    """Takes for up to ``limit`` persons all that may go of these kinds, one mail for each.

    ``personen`` says by recipient which person it is; who is not in it is a person alone. Who got such a mail today, or is about to,
    hears the rest from the next day on.
    """
    lock(connection, stelsel, "verzamelpost")
    text = now.isoformat()
    waits = or_(berichten.c.niet_voor.is_(None), berichten.c.niet_voor <= text, and_(literal(dag.ongeacht), berichten.c.pogingen == 0))
    ready = and_(
        berichten.c.stelsel == stelsel,
        berichten.c.status == Status.VRIJGEGEVEN.value,
        berichten.c.mail.is_(None),
        berichten.c.soort.in_(soorten),
        waits,
    )
    first = select(berichten.c.ontvanger).where(ready).group_by(berichten.c.ontvanger)
    first = first.order_by(func.min(berichten.c.aangemaakt), berichten.c.ontvanger).limit(limit)
    roles: dict[str, list[str]] = defaultdict(list)
    for ontvanger, persoon in personen.items():
        roles[persoon].append(ontvanger)
    while chosen := {personen.get(o, o) for (o,) in connection.execute(first)}:
        everyone = {ontvanger: persoon for persoon in chosen for ontvanger in roles.get(persoon, [persoon])}
        served = {everyone[o] for o in _served(connection, stelsel, soorten, everyone, dag)}
        mine = and_(ready, berichten.c.ontvanger.in_([o for o, persoon in everyone.items() if persoon in served]))
        connection.execute(berichten.update().where(mine).values(niet_voor=dag.morgen.isoformat()))
        theirs = and_(ready, berichten.c.ontvanger.in_([o for o, persoon in everyone.items() if persoon not in served]))
        mails: dict[str, list[Bericht]] = defaultdict(list)
        for row in connection.execute(select(berichten).where(theirs).order_by(*_ORDER).with_for_update(skip_locked=True)):
            mails[everyone[row.ontvanger]].append(as_bericht(row))
        taken = []
        for mail in mails.values():
            keys = [b.key for b in mail[:MOST_IN_ONE]]
            name = mail_name(keys)
            take(connection, stelsel, keys, eigenaar, now, lease, name)
            taken.append([replace(b, mail=name) for b in mail[:MOST_IN_ONE]])
        if taken or not served:
            return taken
    return []


def _served(connection: Connection, stelsel: str, soorten: Collection[str], ontvangers: Collection[str], dag: Dag) -> set[str]:
    """Who got a mail of these kinds today, or has one that is under way."""
    if dag.ongeacht:
        return set()
    today = and_(berichten.c.status.in_(_LATER_TODAY), berichten.c.afgehandeld >= dag.begin.isoformat())
    busy = and_(berichten.c.mail.is_not(None), berichten.c.status.in_([Status.BEZIG.value, Status.VRIJGEGEVEN.value]))
    query = select(berichten.c.ontvanger).where(
        berichten.c.stelsel == stelsel, berichten.c.ontvanger.in_(ontvangers), berichten.c.soort.in_(soorten), or_(today, busy)
    )
    return set(connection.execute(query.distinct()).scalars())
