"""The ledger of berichten: who was told what, when and how it went. It never holds an address, not even in the words of a mail server."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from dossiers.outbox import Key, Status
from dossiers.tables import berichten

_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")
_DAYS = ("van", "tot_en_met", "eerder_van", "eerder", "opnieuw", "laatste", "via_deelregio", "vergadering", "aanleverdatum", "besluit_op")
"""The days that a frozen context can name, under their own names."""
_KEY = (berichten.c.slug, berichten.c.soort, berichten.c.ontvanger, berichten.c.datumversie)
_ORDER = (berichten.c.aangemaakt, *_KEY)


@dataclass(frozen=True)
class Orgaandatum:
    """Until when one organ was told that it can answer (ISO), and what it was told before."""

    orgaan: str
    tot_en_met: str
    eerder: str | None


@dataclass(frozen=True)
class Boeking:
    """One bericht in the ledger. Moments are ISO text in UTC, ``data`` are days (ISO) that stand in it.

    ``bericht`` is the key as people type it. ``afgehandeld`` is when it was sent, failed or was withdrawn. ``mail`` names the mail in
    which it travelled with others, ``adres_nr`` which address of the recipient was used, ``sjablonen`` the version of the templates.
    """

    bericht: str
    key: Key
    naam: str
    onderwerp: str
    status: Status
    klaargezet: str
    vrijgegeven: str | None
    vrijgegeven_door: str | None
    akkoord_door: str | None
    pogingen: int
    niet_voor: str | None
    afgehandeld: str | None
    bezorgd: bool
    melding: str | None
    sjabloon: str
    sjablonen: str
    data: Mapping[str, str]
    per_orgaan: tuple[Orgaandatum, ...]
    als: str | None
    orgaan: str | None
    mail: str | None
    adres_nr: int | None


def boekingen(
    connection: Connection,
    stelsel: str,
    dossier: str | None = None,
    soort: str | None = None,
    ontvangers: Collection[str] | None = None,
    status: Status | None = None,
) -> Iterator[Boeking]:
    """The berichten in order of making, streamed; ``ontvangers`` None for everyone."""
    query = select(berichten).where(berichten.c.stelsel == stelsel).order_by(*_ORDER)
    wanted = {berichten.c.slug: dossier, berichten.c.soort: soort, berichten.c.status: status.value if status else None}
    for column, value in wanted.items():
        if value is not None:
            query = query.where(column == value)
    if ontvangers is not None:
        query = query.where(berichten.c.ontvanger.in_(sorted(ontvangers)))
    for row in connection.execute(query.execution_options(yield_per=500)):
        yield _boeking(row)


def in_mail(connection: Connection, stelsel: str, mail: str) -> list[Boeking]:
    """Everything that travels in one mail, in the order in which it was made."""
    query = select(berichten).where(berichten.c.stelsel == stelsel, berichten.c.mail == mail).order_by(*_ORDER)
    return [_boeking(row) for row in connection.execute(query)]


def _boeking(row: Row[Any]) -> Boeking:
    context = json.loads(row.context)
    key, status, data = Key(row.slug, row.soort, row.ontvanger, row.datumversie), Status(row.status), context.get("data")
    return Boeking(
        bericht=str(key),
        key=key,
        naam=context.get("ontvanger_naam", row.ontvanger),
        onderwerp=row.onderwerp,
        status=status,
        klaargezet=row.aangemaakt,
        vrijgegeven=row.vrijgegeven,
        vrijgegeven_door=row.vrijgegeven_door,
        akkoord_door=row.akkoord_door,
        pogingen=row.pogingen,
        niet_voor=row.niet_voor,
        afgehandeld=row.afgehandeld,
        bezorgd=status is Status.VERZONDEN,
        melding=_ADDRESS.sub("(adres)", row.melding) if row.melding else None,
        sjabloon=context.get("sjabloon", row.soort),
        sjablonen=row.sjablonen,
        data={name: context[name] for name in _DAYS if isinstance(context.get(name), str)},
        per_orgaan=tuple(Orgaandatum(d["orgaan"], d["tot_en_met"], d.get("eerder")) for d in data) if isinstance(data, list) else (),
        als=context.get("als"),
        orgaan=context.get("orgaan") or context.get("gremium"),
        mail=row.mail,
        adres_nr=row.adres_nr,
    )
