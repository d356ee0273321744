"""What a message says: the frozen context of each kind, made from facts that may be told and nothing else.

Ambtelijke stops, slack and feasibility have no place in a context, so no template can leak them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from statemachines.dossier import Dossier
from statemachines.facts import Laag, Status
from statemachines.ronde import Ronde
from statemachines.route import Antwoord, Route
from statemachines.stelsel import Stelsel
from statemachines.zetels import Plaats, seats_along

Context = Mapping[str, object]


def inbrengmoment(dossier: Dossier, ronde: Ronde, orgaan: str, eerder: str | None) -> Context:
    """An inbrengmoment as one recipient hears of it; ``eerder`` is the sluitingsdatum that it was told before, if any."""
    stelsel, route = dossier.stelsel, dossier.route
    wie = stelsel.orgaan(orgaan)
    stap = route.stap(ronde.stap)
    assert stap is not None and stap.ronde is not None
    zwijgen = "Ontvangen wij geen reactie? Dan staat dat zo in de Nota van Beantwoording." if ronde.antwoord is Antwoord.INBRENG else None
    return {
        **_common(dossier),
        "stap": stap.naam,
        "grondslag": stap.ronde.grondslag,
        "antwoord": ronde.antwoord.value,
        "orgaan": wie.naam,
        "aanhef": wie.ontvanger.aanhef,
        "ontvanger_naam": wie.ontvanger.naam,
        "van": ronde.van.isoformat(),
        "tot_en_met": ronde.tot_en_met.isoformat(),
        "waarom": ronde.waarom,
        "besluit_door": stelsel.naam_van(dossier.gebracht_door) if _may_be_named(stelsel, dossier.gebracht_door) else None,
        "besluit_op": dossier.sinds.isoformat(),
        "vervolg": _public_path(stelsel, route, stap.ronde.volgt),
        "zetels": _public_seats(stelsel, seats_along(stelsel, route, stap.ronde.volgt, wie.deelnemer, ronde.van)),
        "stilte": zwijgen,
        "eerder": eerder,
        "reden": {"tekst": dossier.reden_datums.id} if eerder and dossier.reden_datums else None,
    }


def herinnering(dossier: Dossier) -> Context:
    """The vergadering for which papers or a besluit are expected."""
    stap = dossier.route.stap(dossier.fase)
    zitting = dossier.opening.zitting if dossier.opening else None
    assert stap is not None and zitting is not None and zitting.vergadering is not None and zitting.aanleverdatum is not None
    secretaris = dossier.stelsel.ontvanger_van_rol(dossier.stelsel.gremium(stap.gremium).secretaris)
    return {
        **_common(dossier),
        "stap": stap.naam,
        "gremium": dossier.stelsel.gremium(stap.gremium).naam,
        "aanhef": secretaris.aanhef,
        "ontvanger_naam": secretaris.naam,
        "vergadering": zitting.vergadering.isoformat(),
        "aanleverdatum": zitting.aanleverdatum.isoformat(),
        "waarom": zitting.waarom,
        "waarom_aanleverdatum": zitting.waarom_aanleverdatum,
    }


def _common(dossier: Dossier) -> Context:
    mail = dossier.stelsel.mail
    return {
        "titel": {"tekst": dossier.titel.id},
        "dossier": dossier.slug,
        "website": mail.website,
        "antwoord_aan": mail.antwoord_aan,
        "afzender": mail.afzender,
        "afzender_naam": mail.afzender_naam,
        "lijst_id": mail.lijst_id,
        "voorbeeld": any(kalender.status is Status.VOORBEELD for kalender in dossier.stelsel.kalenders),
    }


def _may_be_named(stelsel: Stelsel, orgaan: str) -> bool:
    return any(g.slug == orgaan and g.laag is not Laag.AMBTELIJK for g in stelsel.gremia)


def _public_seats(stelsel: Stelsel, plaatsen: Iterable[Plaats]) -> list[str]:
    """Who sits where, without the ambtelijke stops."""
    return [plaats.zin for plaats in plaatsen if stelsel.gremium(plaats.gremium).laag is not Laag.AMBTELIJK]


def _public_path(stelsel: Stelsel, route: Route, vanaf: str) -> list[str]:
    """What follows, without the ambtelijke stops."""
    return [stap.naam for stap in route.main_path(vanaf) if stelsel.gremium(stap.gremium).laag is not Laag.AMBTELIJK]
