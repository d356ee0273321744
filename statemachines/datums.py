"""Deciding on dates of a running dossier: moving them, with haste, or giving some organs more time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import DossierEnded, NotAsked, Refused
from statemachines.journal import Draft, Kind
from statemachines.kalender import written
from statemachines.opening import moved_ronde, moved_zitting, refuse_no_werkdag
from statemachines.payloads import DatumsGezet, Uitstel, Verwijzing


def decide_datums(dossier: Dossier, naar: date, reden: Verwijzing, op: date, spoed: str | None = None) -> Draft:
    """Moves the sluitingsdatum of the open ronde, or the vergadering of the current stap, to the day ``naar``.

    ``spoed`` is the role that allowed a vergadering outside the calendar.
    """
    stap = dossier.route.stap(dossier.fase)
    if stap is None or dossier.opening is None:
        raise DossierEnded(f"Dossier {dossier.slug} is afgesloten; er is geen datum meer om te verzetten.")
    if dossier.opening.ronde is not None:
        opent = moved_ronde(dossier.stelsel, dossier.opening, naar, op)
    else:
        opent = moved_zitting(dossier.stelsel, stap, dossier.opening, naar, op, spoed is not None)
    if opent == dossier.opening:
        raise Refused(f"{written(naar)} is al de datum; er verandert niets.")
    payload = DatumsGezet(opent=opent, reden=reden, toegestaan_door=spoed)
    return Draft(Kind.DATUMS_GEZET, op, stap.slug, dossier.bezoek, stap.gremium, payload)


def decide_uitstel(
    dossier: Dossier, organen: Sequence[str], tot_en_met: date, reden: Verwijzing, op: date, *, opnieuw: bool = False
) -> Draft:
    """Gives some organs of the last ronde until ``tot_en_met`` (a werkdag, included), or asks them again until then.

    That is possible until the next besluit after the ronde. A ronde that is open waits for who has uitstel and has not answered; one
    that has closed does not open again, but what is given in time counts.
    """
    ronde, opening = dossier.ronde, dossier.opening
    if ronde is None or opening is None:
        raise NotAsked(f"Bij dossier {dossier.slug} loopt geen ronde; er is niemand om uitstel te geven.")
    naam = dossier.route.naam_van(ronde.stap)
    if ronde.besloten:
        raise Refused(f"Na '{naam}' is al een besluit genomen; wie nu nog iets geeft, wordt als te laat bewaard.")
    refuse_no_werkdag(dossier.stelsel, tot_en_met)
    if tot_en_met < op or tot_en_met < ronde.van:
        raise Refused(f"{written(tot_en_met)} ligt voor {written(max(op, ronde.van))}; kies een datum die nog komt.")
    if opnieuw and ronde.open and tot_en_met < ronde.tot_en_met:
        raise Refused(f"De sluitingsdatum is {written(ronde.tot_en_met)}; wie opnieuw wordt gevraagd, krijgt ten minste tot die dag.")
    for orgaan in organen:
        if orgaan not in ronde.standen:
            raise NotAsked(f"'{orgaan}' is niet gevraagd in '{naam}' van dossier {dossier.slug}.")
        if not opnieuw and tot_en_met <= ronde.until(orgaan):
            wie, tot = dossier.stelsel.orgaan(orgaan).naam, written(ronde.until(orgaan))
            raise Refused(f"{wie} heeft al tot en met {tot}; uitstel geeft een latere datum.")
    if not organen:
        raise Refused("Zeg met --voor welke deelnemers uitstel krijgen; alle tegelijk gaat met 'kader ronde verzet'.")
    uitstel = Uitstel(stap=ronde.stap, bezoek=ronde.bezoek, organen=tuple(dict.fromkeys(organen)), tot_en_met=tot_en_met, opnieuw=opnieuw)
    payload = DatumsGezet(opent=opening, reden=reden, uitstel=uitstel)
    return Draft(Kind.DATUMS_GEZET, op, ronde.stap, ronde.bezoek, ronde.kring.value, payload)
