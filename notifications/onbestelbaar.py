"""A person is told of every message that did not arrive, or of which nobody knows whether it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from itertools import count

from sqlalchemy import Connection, select

from dossiers import outbox
from dossiers.outbox import Bericht, Klaar, Status
from dossiers.tables import berichten
from notifications.render import template_set
from statemachines.berichten import Aanleiding, Berichtsoort, at, kind
from statemachines.facts import Kring
from statemachines.stelsel import Stelsel

_FROM_THE_MESSAGE = ("titel", "dossier", "website", "antwoord_aan", "afzender", "afzender_naam", "lijst_id", "voorbeeld")
_ZEKERHEID = {Status.MISLUKT: "niet aangekomen", Status.ONBEKEND: "onbekend of het aankwam"}


def tell_failure(connection: Connection, stelsel: Stelsel, bericht: Bericht, status: Status, melding: str, now: datetime) -> None:
    """Puts in the outbox, for every role that the catalogue names, that this message is ``mislukt`` or ``onbekend``; each once.

    Its datumversie is a number from the key and the status of the message that failed, so that a second look tells nothing twice;
    ``onderwerp`` holds the same in full. A message that tells of a failure and fails itself is not told again.
    """
    soorten = at(stelsel, Aanleiding.ONBESTELBAAR)
    if status not in _ZEKERHEID or bericht.key.soort in {soort.slug for soort in soorten}:
        return
    rollen = {rol.slug for rol in stelsel.rollen}
    for soort in soorten:
        for rol in soort.wie:
            if rol in rollen:
                _tell(connection, stelsel, soort, rol, bericht, status, melding, now)


def _tell(
    connection: Connection, stelsel: Stelsel, soort: Berichtsoort, rol: str, bericht: Bericht, status: Status, melding: str, now: datetime
) -> None:
    onderwerp = sha256(f"{bericht.key}/{status.value}".encode()).hexdigest()
    told = select(berichten.c.datumversie, berichten.c.onderwerp).where(
        berichten.c.stelsel == stelsel.kop.slug,
        berichten.c.slug == bericht.key.slug,
        berichten.c.soort == soort.slug,
        berichten.c.ontvanger == rol,
    )
    taken = {nr: what for nr, what in connection.execute(told)}
    nr = next(nr for nr in count(int(onderwerp[:7], 16)) if taken.get(nr, onderwerp) == onderwerp)
    if nr in taken:
        return
    sjablonen = template_set(stelsel.sjablonen)
    outbox.keep_sjablonen(connection, stelsel.kop.slug, sjablonen.digest, sjablonen.bronnen)
    context = {**_context(connection, stelsel, rol, bericht, status, melding), "sjabloon": soort.sjabloon}
    klaar = Klaar(soort.slug, rol, nr, onderwerp, context, soort.vrijgave)
    outbox.put(connection, stelsel.kop.slug, bericht.key.slug, [klaar], sjablonen.digest, now.isoformat())


def _context(connection: Connection, stelsel: Stelsel, rol: str, bericht: Bericht, status: Status, melding: str) -> Mapping[str, object]:
    ontvanger, mail = stelsel.ontvanger_van_rol(rol), stelsel.mail
    known = kind(stelsel, bericht.key.soort)
    return {
        "titel": bericht.key.slug,
        "dossier": bericht.key.slug,
        "website": mail.website,
        "antwoord_aan": mail.antwoord_aan,
        "afzender": mail.afzender,
        "afzender_naam": mail.afzender_naam,
        "lijst_id": mail.lijst_id,
        "voorbeeld": False,
        **{name: bericht.context[name] for name in _FROM_THE_MESSAGE if name in bericht.context},
        "aanhef": ontvanger.aanhef,
        "ontvanger_naam": ontvanger.naam,
        "wie": bericht.context.get("ontvanger_naam", bericht.key.ontvanger),
        "soort_naam": known.naam if known is not None else bericht.key.soort,
        "melding": melding,
        "zekerheid": _ZEKERHEID[status],
        "nog_eens": status is Status.ONBEKEND and not bericht.may_have_arrived,
        "ook_verteld": _also_told(connection, stelsel, bericht),
    }


def _also_told(connection: Connection, stelsel: Stelsel, bericht: Bericht) -> list[str]:
    """Who else of the same deelnemer was told of the same thing, by name."""
    others = _beside(stelsel, bericht.key.ontvanger)
    query = select(berichten.c.ontvanger).where(
        berichten.c.stelsel == stelsel.kop.slug,
        berichten.c.slug == bericht.key.slug,
        berichten.c.onderwerp == bericht.onderwerp,
        berichten.c.ontvanger.in_(others),
        berichten.c.status == Status.VERZONDEN.value,
    )
    return sorted({others[wie] for wie in connection.execute(query).scalars()})


def _beside(stelsel: Stelsel, ontvanger: str) -> dict[str, str]:
    """The other contacts of the deelnemers for which this one hears, with their names."""
    found: dict[str, str] = {}
    for deelnemer in stelsel.deelnemers:
        organen = [orgaan for kring in Kring if (orgaan := stelsel.orgaan_van(deelnemer.slug, kring)) is not None]
        if any(orgaan.ontvanger.slug == ontvanger for orgaan in organen):
            found |= {orgaan.ontvanger.slug: orgaan.ontvanger.naam for orgaan in organen}
    return {slug: naam for slug, naam in found.items() if slug != ontvanger}
