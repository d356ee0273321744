"""What a message says: the frozen context of each kind, made from facts that may be told and nothing else.

Ambtelijke stops, slack and feasibility have no place in a context, so no template can leak them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from statemachines.dossier import Dossier
from statemachines.facts import Laag, Orgaan, Status
from statemachines.inbreng import speaker
from statemachines.kalender import enumerated
from statemachines.nota import Gegeven, living
from statemachines.ronde import Ronde
from statemachines.route import Antwoord, Route
from statemachines.stelsel import Stelsel
from statemachines.zetels import Plaats, seats_along

Context = Mapping[str, object]


def inbrengmoment(dossier: Dossier, ronde: Ronde, organen: Sequence[str], eerder: str | None) -> Context:
    """An inbrengmoment as one recipient hears of it, for all its organs; ``eerder`` is the sluitingsdatum that it was told before.

    ``termijnen`` names the sluitingsdatum of each organ when they differ; ``tot_en_met`` is the first of them.
    """
    stelsel, route = dossier.stelsel, dossier.route
    own = [stelsel.orgaan(orgaan) for orgaan in organen]
    stap = route.stap(ronde.stap)
    assert stap is not None and stap.ronde is not None
    seats = [seat for wie in own for seat in seats_along(stelsel, route, stap.ronde.volgt, wie.deelnemer, ronde.van)]
    zwijgen = "Ontvangen wij geen reactie? Dan staat dat zo in de Nota van Beantwoording." if ronde.antwoord is Antwoord.INBRENG else None
    until = {wie.naam: ronde.until(wie.slug).isoformat() for wie in own}
    standen = [ronde.standen[wie.slug] for wie in own]
    more = next((s for s in standen if s.uitstel is not None and s.reden is not None and ronde.until(s.orgaan) == s.uitstel), None)
    reden = more.reden if more is not None else dossier.reden_datums
    return {
        **_common(dossier),
        "stap": stap.naam,
        "grondslag": stap.ronde.grondslag,
        "antwoord": ronde.antwoord.value,
        "orgaan": enumerated([wie.naam for wie in own]),
        "aanhef": own[0].ontvanger.aanhef,
        "ontvanger_naam": own[0].ontvanger.naam,
        "van": ronde.van.isoformat(),
        "tot_en_met": min(until.values()),
        "termijnen": until if len(set(until.values())) > 1 else {},
        "opnieuw": max((s.opnieuw.isoformat() for s in standen if s.opnieuw is not None), default=None),
        "ook_via": _reached_twice(stelsel, ronde, own),
        "waarom": ronde.waarom,
        "besluit_door": stelsel.naam_van(dossier.gebracht_door) if _may_be_named(stelsel, dossier.gebracht_door) else None,
        "besluit_op": dossier.sinds.isoformat(),
        "vervolg": _public_path(stelsel, route, stap.ronde.volgt),
        "zetels": _public_seats(stelsel, seats),
        "stilte": zwijgen,
        "eerder": eerder,
        "reden": {"tekst": reden.id} if eerder and reden else None,
    }


def _reached_twice(stelsel: Stelsel, ronde: Ronde, own: Sequence[Orgaan]) -> str | None:
    """Through which other organ of this ronde the same people are reached too; None for nobody."""
    asked = {stelsel.orgaan(slug).deelnemer: slug for slug in ronde.standen}
    mine = {wie.deelnemer for wie in own}
    over = [slug for deelnemer, slug in asked.items() if deelnemer not in mine and mine & set(stelsel.deelnemer(deelnemer).leden)]
    under = [lid for deelnemer in mine for lid in stelsel.deelnemer(deelnemer).leden if lid in asked and lid not in mine]
    if over:
        return f"Ook gevraagd: {enumerated([stelsel.orgaan(slug).naam for slug in over])}. Daar zit u ook in; het zijn twee reacties."
    if under:
        return f"Ook gevraagd: de raden van uw {len(under)} gemeenten, elk voor zich. Het zijn aparte reacties."
    return None


def uitkomst(dossier: Dossier, organen: Sequence[str]) -> Context:
    """How a dossier ended, as one recipient hears it, with the answers to the inbreng of its own organs."""
    stelsel, besluit = dossier.stelsel, dossier.slotbesluit
    names = {d.slug: d.naam for d in stelsel.deelnemers} | {d.slug: f"deelregio {d.naam}" for d in stelsel.deelregios}
    last = stelsel.heir(organen[0], dossier.sinds) or stelsel.orgaan(organen[0])
    mine = [g for g in dossier.gegeven if g.orgaan in organen]
    bundled = [g for g in dossier.gegeven if set(g.bundelt) & {given.nr for given in mine}]
    return {
        **_common(dossier),
        "orgaan": enumerated([stelsel.orgaan(orgaan).naam for orgaan in organen]),
        "aanhef": last.ontvanger.aanhef,
        "ontvanger_naam": last.ontvanger.naam,
        "besluit": {
            "einde": dossier.route.naam_van(dossier.fase),
            "door": stelsel.naam_van(dossier.gebracht_door) if besluit and _may_be_named(stelsel, dossier.gebracht_door) else None,
            "uitkomst": besluit.uitkomst.label if besluit else None,
            "op": dossier.sinds.isoformat(),
            "reden": {"tekst": besluit.reden.id} if besluit and besluit.reden else None,
        },
        "standpunten": [
            {"van": names.get(s.van, s.van), "regime": s.regime.value, "onderdelen": enumerated(s.onderdelen), "wat": {"tekst": s.tekst.id}}
            for s in (besluit.standpunten if besluit else ())
        ],
        "antwoorden": [answer for given in (*mine, *bundled) for answer in _answers(dossier, given)],
        "gaf_inbreng": bool(mine),
        "product": dossier.route.product,
        "herroepen": False,
    }


def no_uitkomst(dossier: Dossier, told: Context) -> Context:
    """That what a recipient was told of the end does not hold any more, for its besluit was revoked."""
    ronde = dossier.open_ronde
    here = dossier.route.stap(dossier.fase)
    public = here is not None and dossier.stelsel.gremium(here.gremium).laag is not Laag.AMBTELIJK
    return {
        **told,
        "eerder": told["besluit"],
        "besluit": None,
        "standpunten": [],
        "antwoorden": [],
        "herroepen": True,
        "staat_bij": dossier.route.naam_van(dossier.fase) if public or ronde is not None else "in voorbereiding",
    }


def _answers(dossier: Dossier, given: Gegeven) -> Iterator[Mapping[str, object]]:
    """Every point of one inbreng with its answer; a point that says the same as another has the answer of that one.

    Inbreng that nobody split is one point without an answer.
    """
    spreekt = dossier.stelsel.afzender(given.orgaan) if given.bundelt else speaker(given.namens)
    own = [punt for punt in living(dossier.punten) if punt.inbreng == given.nr]
    for punt in own:
        source = dossier.punten[punt.gelijkluidend] if punt.gelijkluidend else punt
        yield {
            "punt": punt.slug,
            "spreekt": spreekt,
            "wat": {"tekst": punt.tekst.id},
            "oordeel": source.oordeel.value.replace("-", " ") if source.oordeel else None,
            "antwoord": {"tekst": source.antwoord.id} if source.antwoord else None,
            "effect": {"tekst": source.effect.id} if source.effect else None,
        }
    if not own:
        tekst = {"tekst": given.tekst.id} if given.tekst else None
        yield {"punt": None, "spreekt": spreekt, "wat": tekst, "oordeel": None, "antwoord": None, "effect": None}


def herinnering(dossier: Dossier, ontvanger: str) -> Context:
    """The vergadering for which papers or a besluit are expected, as the ``ontvanger`` (a role) hears it."""
    stap = dossier.route.stap(dossier.fase)
    zitting = dossier.opening.zitting if dossier.opening else None
    assert stap is not None and zitting is not None and zitting.vergadering is not None and zitting.aanleverdatum is not None
    secretaris = dossier.stelsel.ontvanger_van_rol(ontvanger)
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
