"""Whether what a message says is so on the day on which it arrives, by the dossier as its journal tells it on that day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from dossiers.outbox import Bericht
from notifications.kijk import (
    ANNOUNCED,
    ANNOUNCED_OTHERWISE,
    CORRECTED,
    MOVED,
    NOT_ANNOUNCED,
    OPENED,
    OUTCOME,
    WITHDRAWN,
)
from statemachines.dossier import Dossier
from statemachines.ronde import ANSWERED
from statemachines.stelsel import Stelsel


def untrue(dossier: Dossier, bericht: Bericht, op: date, feiten: Stelsel) -> Iterator[str]:
    """Every reason why this message should not have arrived on this day."""
    match bericht.key.soort:
        case "inbrengmoment-geopend" | "datum-gewijzigd" | "herinnering":
            yield from _of_a_ronde(dossier, bericht, op)
        case "aankondiging" | "aankondiging-gewijzigd":
            yield from _of_a_plan(dossier, bericht, op)
        case "aankondiging-ingetrokken":
            if bericht.onderwerp in dict(_planned(dossier)) and not _left(dossier, bericht):
                yield "de ronde is nog gepland"
        case "ingetrokken":
            if dossier.open_ronde is not None and _about(dossier) == bericht.onderwerp:
                yield "de ronde is open"
        case "uitkomst" if not dossier.ended:
            yield "het dossier is niet afgesloten"
        case "stukken-verwacht" | "stukken-te-laat" | "besluit-verwacht":
            if bericht.onderwerp != f"{dossier.fase}/{dossier.bezoek}":
                yield "het dossier is verder"
        case _:
            return


KINDS = {OPENED, MOVED, WITHDRAWN, OUTCOME, CORRECTED, ANNOUNCED, ANNOUNCED_OTHERWISE, NOT_ANNOUNCED, "herinnering"}
"""What councils and those beside them hear of one dossier."""


def _about(dossier: Dossier) -> str:
    return "" if dossier.ronde is None else f"{dossier.ronde.stap}/{dossier.ronde.bezoek}"


def _of_a_ronde(dossier: Dossier, bericht: Bericht, op: date) -> Iterator[str]:
    ronde, data = dossier.ronde, bericht.context["data"]
    assert isinstance(data, list) and data
    if ronde is None or _about(dossier) != bericht.onderwerp:
        yield "deze ronde is er niet meer"
        return
    standen = {dossier.stelsel.orgaan(slug).naam: stand for slug, stand in ronde.standen.items()}
    mine = [standen[row["orgaan"]] for row in data if row["orgaan"] in standen]
    if not any(op <= ronde.until(stand.orgaan) for stand in mine) or (not ronde.open and not any(s.uitstel for s in mine)):
        yield "niemand kan nog reageren"
    for row in data:
        stand = standen.get(row["orgaan"])
        if stand is not None and row["tot_en_met"] != ronde.until(stand.orgaan).isoformat():
            yield f"{row['orgaan']} heeft tot {ronde.until(stand.orgaan)}"
    if bericht.key.soort == "herinnering":
        if any(stand.staat in ANSWERED or stand.behandelwijze for stand in mine):
            yield "er is al een reactie of een behandelwijze"
        if str(bericht.context["laatste"]) < op.isoformat():
            yield "de laatste datum is voorbij"


def _planned(dossier: Dossier) -> Iterator[tuple[str, tuple[date, date]]]:
    """Rondes that are agreed and did not open, with their days."""
    here = [stap.slug for stap in dossier.route.main_path(dossier.fase)] if not dossier.ended else []
    for agreed in dossier.planning.stappen if dossier.planning else ():
        if agreed.van is not None and agreed.tot_en_met is not None and agreed.stap in here and agreed.stap != dossier.fase:
            yield f"{agreed.stap}/{dossier.bezoeken.get(agreed.stap, 0) + 1}", (agreed.van, agreed.tot_en_met)


def _of_a_plan(dossier: Dossier, bericht: Bericht, op: date) -> Iterator[str]:
    planned, context = dict(_planned(dossier)).get(bericht.onderwerp), bericht.context
    if planned is None:
        yield "dit is niet gepland"
        return
    if (context["van"], context["tot_en_met"]) != tuple(day.isoformat() for day in planned):
        yield f"gepland is {planned[0]} tot {planned[1]}"
    if bericht.key.soort == ANNOUNCED and op > planned[0] - relativedelta(weeks=8):
        yield "dit is minder dan acht weken vooraf"
    if isinstance(context["titel"], dict) or "Titel" in str(context["titel"]):
        yield "de titel staat erin"


def _left(dossier: Dossier, bericht: Bericht) -> bool:
    """Whether none of its organs will be asked any more."""
    van = dict(_planned(dossier))[bericht.onderwerp][0]
    organen = bericht.context["organen"]
    return isinstance(organen, list) and not any(dossier.stelsel.exists(slug, van) for slug in organen)
