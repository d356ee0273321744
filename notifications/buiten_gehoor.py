"""Who is asked in a ronde and will not hear of it: nothing waits for them and nothing reached them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from dossiers.outbox import PENDING, TOLD, Status, Told
from notifications.inbrengmomenten import open_rondes
from notifications.kijk import OF_A_MOMENT, OPENED, Kijk, Verschil, onderwerp
from statemachines.berichten import CONTACT
from statemachines.dossier import Dossier
from statemachines.facts import Ontvanger
from statemachines.ronde import ANSWERED
from statemachines.stelsel import Stelsel


def left_out(dossier: Dossier, op: date, told: Sequence[Told], feiten: Stelsel) -> Iterator[tuple[Ontvanger, str]]:
    """Every recipient of the open ronde that will not hear what is true of it on ``op``, with the reason in Dutch; each once.

    ``told`` is everything in the outbox of this dossier, ``feiten`` are the facts of now. Who answered has nothing to hear.
    """
    ronde = dossier.ronde
    if ronde is None or not ronde.open or op > ronde.sluit_op:
        return
    kijk = Kijk(dossier, op, [row for row in told if row.status is not Status.INGETROKKEN], feiten)
    about = onderwerp(ronde.stap, ronde.bezoek)
    rows = [row for row in kijk.live if row.soort in OF_A_MOMENT and row.onderwerp == about]
    hears = {row.ontvanger for row in rows if row.status in PENDING | TOLD}
    broken = {row.ontvanger for row in rows if row.status is Status.MISLUKT} - hears
    missing = Verschil()
    open_rondes(kijk, missing)
    off = {klaar.ontvanger: _is_off(kijk, klaar.soort) for klaar in missing.klaar if _is_off(kijk, klaar.soort)}
    soort = kijk.soort(OPENED)
    said = set()
    for slug, stand in ronde.standen.items():
        wie, contact = dossier.stelsel.orgaan(slug).ontvanger, dossier.stelsel.contact_of(slug)
        if wie.slug in said or stand.staat in ANSWERED or not dossier.stelsel.exists(slug, op):
            continue
        waarom = off.get(wie.slug, "")
        if not waarom and wie.slug in broken:
            waarom = "Een eerder bericht hierover kwam niet aan."
        if not waarom and wie.slug not in hears and soort is not None and CONTACT not in soort.wie and contact not in soort.wie:
            waarom = f"De soort '{soort.naam}' gaat niet naar '{contact}'."
        if waarom:
            said.add(wie.slug)
            yield wie, waarom


def _is_off(kijk: Kijk, slug: str) -> str:
    """In Dutch that a kind is switched off; empty when it is told."""
    soort = kijk.soort(slug)
    return "" if soort is not None and soort.aan else f"De soort '{slug if soort is None else soort.naam}' staat uit."
