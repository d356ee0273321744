"""What runs beside the besluit of a stap: gremia that decide side by side, and advice that must be followed or answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import DatedBefore, DossierEnded, Refused
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.journal import Draft, Kind
from statemachines.kalender import enumerated, written
from statemachines.payloads import Opvolging, Verwijzing
from statemachines.ronde import Naast
from statemachines.route import MOVES_NOTHING, ONWARD, AdviesOver, Stap, Uitkomst

ANSWERS_ADVICE = frozenset({*ONWARD, Uitkomst.NIET_INGESTEMD})
"""Uitkomsten that say what is done with the advice; one that holds over, sends back or withdraws leaves that for later."""


@dataclass(frozen=True)
class Gevolg:
    """What somebody registers of an advice: followed, or the reason why not."""

    gremium: str
    gevolgd: bool
    reden: Verwijzing | None = None


def moving_uitkomst(naast: Naast, stap: Stap, orgaan: str, uitkomst: Uitkomst) -> Uitkomst | None:
    """The uitkomst with which the document goes on after a besluit of one of the gremia side by side; None while it waits.

    It waits for all of them, and goes on with the uitkomst of the gremium that leads; that one can also hold it over, send it back or
    withdraw it at once.
    """
    leads = orgaan == stap.gremium
    if leads and uitkomst not in ONWARD:
        return uitkomst
    if uitkomst in MOVES_NOTHING or any(slug != orgaan for slug in naast.waiting):
        return None
    return uitkomst if leads else naast.gremia[stap.gremium].uitkomst


def _waarover(over: AdviesOver | None) -> str:
    return "de inhoud" if over is AdviesOver.INHOUD else "het proces"


def last_day(naast: Naast | None, datum: date) -> date:
    """The day on which the last of the gremia side by side decided."""
    return max([datum, *(stand.datum for stand in naast.gremia.values() if stand.datum)] if naast else [datum])


def answered_advice(dossier: Dossier, naast: Naast, uitkomst: Uitkomst, gevolgen: Sequence[Gevolg], free: bool) -> tuple[Opvolging, ...]:
    """What a besluit does with each advice that is in. Raises Refused when one is missing that is required, or one is passed over.

    ``free`` says that an afwijking allows to decide without required advice.
    """
    said = {gevolg.gremium: gevolg for gevolg in gevolgen}
    naam = dossier.stelsel.naam_van
    for slug in said.keys() - naast.given.keys():
        wel = enumerated([naam(g) for g in naast.given]) or "niemand"
        raise Refused(f"Van {naam(slug)} is bij deze stap geen advies vastgelegd; wel van: {wel}.")
    if uitkomst in ANSWERS_ADVICE and naast.missing and not free:
        raise Refused(
            f"Het advies van {enumerated([naam(slug) for slug in naast.missing])} is hier nodig en ontbreekt; leg het vast met"
            " 'kader advies', of geef met --afwijking de reden waarom het zonder kan."
        )
    passed = [slug for slug in naast.given if slug not in said]
    if uitkomst in ANSWERS_ADVICE and passed:
        raise Refused(
            f"Zeg wat er met het advies van {enumerated([naam(slug) for slug in passed])} is gedaan: --advies {passed[0]}:gevolgd, of"
            f" --advies '{passed[0]}:niet-gevolgd:de reden'."
        )
    for gevolg in gevolgen:
        if not gevolg.gevolgd and gevolg.reden is None:
            raise Refused(f"Geef de reden waarom het advies van {naam(gevolg.gremium)} niet is gevolgd.")
    return tuple(Opvolging(nr=naast.given[g.gremium].nr or 0, gremium=g.gremium, gevolgd=g.gevolgd, reden=g.reden) for g in gevolgen)


def decide_advies(dossier: Dossier, gremium: str, advies: Inbreng, datum: date) -> Draft:
    """Registers an advice beside the besluit of the current stap, asked or unasked, or that it is asked for. It never decides."""
    stelsel, naast = dossier.stelsel, dossier.naast
    naam, stap = stelsel.gremium(gremium).naam, dossier.route.stap(dossier.fase)
    if naast is None or stap is None:
        raise DossierEnded(f"Dossier {dossier.slug} is afgesloten; er valt niets meer over te adviseren.")
    if gremium in (stap.gremium, *stap.naast, stap.combi):
        raise Refused(f"{naam} beslist zelf bij '{stap.naam}'; leg daar een besluit vast.")
    if datum < dossier.geopend:
        raise DatedBefore(f"{written(datum)} ligt voor {written(dossier.geopend)}, toen dossier {dossier.slug} begon.")
    if advies.soort is InbrengSoort.ADVIES and (advies.tekst is None or advies.over is None):
        raise Refused("Een advies heeft een tekst, en gaat over het proces of over de inhoud.")
    asked = next((a for a in dossier.opening.adviezen if a.gremium == gremium and a.verplicht), None) if dossier.opening else None
    if asked is not None and advies.over not in (None, asked.over):
        raise Refused(
            f"Van {naam} is bij '{stap.naam}' een advies over {_waarover(asked.over)} nodig; dit gaat over {_waarover(advies.over)}."
        )
    if advies.soort is InbrengSoort.ADVIESVRAAG and gremium in naast.adviezen:
        raise Refused(f"Het advies van {naam} is bij '{stap.naam}' al gevraagd of gegeven.")
    if advies.namens or advies.vorm or advies.behandelwijze or advies.vastgesteld_op or advies.geagendeerd_op or advies.bundelt:
        raise Refused("Bij een advies horen alleen een tekst, waarover het gaat en welk stuk.")
    return Draft(Kind.INBRENG, datum, stap.slug, dossier.bezoek, gremium, advies)
