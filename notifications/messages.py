"""What a message says: the frozen context of an inbrengmoment and of a herinnering, made from facts that may be told and nothing else.

Ambtelijke stops, slack and feasibility have no place in a context, so no template can leak them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from notifications.eigen_data import GRIFFIE, Eigen, eigen_data
from notifications.gehoor import Gehoor, Hoedanigheid
from notifications.kijk import Kijk
from statemachines.dossier import Dossier
from statemachines.facts import Laag, Orgaan, Status
from statemachines.kalender import Onbekend, enumerated, written
from statemachines.payloads import Verwijzing
from statemachines.planning.raadsweg import Niveau
from statemachines.ronde import ANSWERED, Deelname, Ronde, Stand
from statemachines.route import Antwoord, Route
from statemachines.stelsel import Stelsel
from statemachines.verslag import Verslag
from statemachines.zetels import Plaats, seats_along

Context = Mapping[str, object]


def inbrengmoment(dossier: Dossier, ronde: Ronde, gehoor: Gehoor, told: Context | None) -> Context:
    """An inbrengmoment as one recipient hears of it, for all its organs; ``told`` is what it heard of this moment before.

    ``data`` has the sluitingsdatum of each organ. ``nu`` are those that this message is about: all of them, or only those that are
    different from what was told; ``tot_en_met`` and ``eerder`` are the first of these.
    """
    stelsel, route = dossier.stelsel, dossier.route
    own = [stelsel.orgaan(orgaan) for orgaan in gehoor.organen]
    stap = route.stap(ronde.stap)
    assert stap is not None and stap.ronde is not None
    contact = gehoor.als is Hoedanigheid.CONTACT
    seats = [seat for wie in own for seat in seats_along(stelsel, route, stap.ronde.volgt, wie.deelnemer, ronde.van)] if contact else []
    data = [_date(stelsel, ronde, wie, told) for wie in own]
    opnieuw = max((s.opnieuw.isoformat() for wie in own if (s := ronde.standen[wie.slug]).opnieuw is not None), default=None)
    again = told is not None and opnieuw is not None and told.get("opnieuw") != opnieuw
    concerned = [
        wie
        for wie, day in zip(own, data, strict=True)
        if day["tot_en_met"] != day["eerder"] or (again and _is_opnieuw(ronde, wie, opnieuw))
    ]
    about = concerned if told is not None and concerned else own
    nu = [day for wie, day in zip(own, data, strict=True) if wie in about]
    reden = _reason(dossier, ronde, about)
    first = min(nu, key=lambda day: str(day["tot_en_met"]))
    inner = inner_day(dossier, ronde) if any(stelsel.deelnemer(wie.deelnemer).deelregio for wie in own) else None
    return {
        **common(dossier),
        "als": gehoor.als.value,
        "stap": stap.naam,
        "grondslag": stap.ronde.grondslag,
        "antwoord": ronde.antwoord.value,
        "kring": ronde.kring.value,
        "orgaan": enumerated([wie.naam for wie in own]),
        "aanhef": gehoor.ontvanger.aanhef,
        "ontvanger_naam": gehoor.ontvanger.naam,
        "van": ronde.van.isoformat(),
        "tot_en_met": first["tot_en_met"],
        "data": data,
        "nu": nu,
        "per_raad": len({(day["tot_en_met"], day["eerder"]) for day in nu}) > 1 or (len(nu) < len(data) and contact),
        "ongewijzigd": enumerated([wie.naam for wie in own if wie not in about]),
        "opnieuw": opnieuw,
        "vraagt_opnieuw": again,
        "ook_via": _reached_twice(stelsel, ronde, own) if contact else None,
        "waarom": ronde.waarom,
        "besluit_door": stelsel.naam_van(dossier.gebracht_door) if may_be_named(stelsel, dossier.gebracht_door) else None,
        "besluit_op": dossier.sinds.isoformat(),
        "via_deelregio": inner.isoformat() if inner is not None else None,
        "vervolg": _public_path(stelsel, route, stap.ronde.volgt),
        "zetels": _public_seats(stelsel, seats),
        "stilte": _silence(route, ronde, about, several=len(own) > 1) if contact else "",
        "eerder": first["eerder"],
        "reden": {"tekst": reden.id} if told is not None and reden else None,
    }


def inner_day(dossier: Dossier, ronde: Ronde) -> date | None:
    """Until when who answers through its deelregio must have answered there; None when this ronde has no such day."""
    opened = dossier.opening.ronde if dossier.opening is not None and ronde is dossier.open_ronde else None
    return opened.deelregio_tot_en_met if opened is not None else None


def with_own_dates(kijk: Kijk, ronde: Ronde, gehoor: Gehoor, context: Context) -> Context:
    """The same, with what is known of the own vergaderingen of each organ, its files, and the item for an agenda.

    Only for a message that is really put: the way of a council takes longer to find than all the rest.
    """
    dossier, contact = kijk.dossier, gehoor.als is Hoedanigheid.CONTACT
    planner = kijk.planner() if contact else None
    own = [kijk.dossier.stelsel.orgaan(slug) for slug in gehoor.organen]
    known = [planner.stelsel.orgaan_van(wie.deelnemer, wie.kring) for wie in own] if planner is not None else []
    rows = [(wie, eigen_data(planner, ronde, wie.slug)) for wie in known if wie is not None and planner is not None]
    site = f"{dossier.stelsel.mail.website}/dossier/{dossier.slug}"
    return {
        **context,
        "eigen": [
            {
                "kort": dossier.stelsel.deelnemer(wie.deelnemer).naam,
                "past": _meetings([e for e in eigen if e.wat != GRIFFIE], wie),
                "aanleveren": next((e.zin for e in eigen if e.wat == GRIFFIE), None),
                "vraag": any(e.niveau is not Niveau.BEVESTIGD for e in eigen),
            }
            for wie, eigen in rows
            if eigen
        ],
        "pakketten": [
            {"kort": dossier.stelsel.deelnemer(wie.deelnemer).naam, "link": f"{site}/{wie.slug}.zip"} for wie in (own if contact else ())
        ],
        "agenda": {
            "uid_van": ronde.stap if ronde.bezoek == 1 else f"{ronde.stap}/{ronde.bezoek}",
            "sequence": ronde.datumversie,
            "vastgelegd": ronde.vastgelegd,
            "titel": context["titel"],
            "wat": "Besluiten" if ronde.antwoord is Antwoord.BESLUIT else "Reageren",
            "vervallen": False,
            "organen": [{"slug": wie.slug, "naam": wie.naam, "tot_en_met": ronde.until(wie.slug).isoformat()} for wie in own],
        },
    }


def _in_a_row(wat: str, wie: Orgaan) -> str:
    """The name of a meeting after others: with a capital only where its organ is written with one (Provinciale Staten)."""
    return wat if wie.naam.startswith(wat) else f"{wat[:1].lower()}{wat[1:]}"


def _meetings(eigen: Sequence[Eigen], wie: Orgaan) -> str:
    """Its own vergaderingen in a row; what holds for all of them is said once."""
    doubts = {e.zin.partition(written(e.dag))[2] for e in eigen}
    if len(eigen) > 1 and len(doubts) == 1 and all(e.niveau is Niveau.RITME for e in eigen):
        return f"waarschijnlijk {enumerated([f'{_in_a_row(e.wat, wie)} uiterlijk {written(e.dag)}' for e in eigen])}{doubts.pop()}"
    return ", ".join(f"{_in_a_row(e.wat, wie)} {e.zin}" for e in eigen)


def withdrawn(dossier: Dossier, told: Context) -> Context:
    """That what a recipient was told of an inbrengmoment does not hold any more, and why."""
    reden = dossier.herroepen_om or dossier.reden_zet
    agenda = told.get("agenda")
    gone = {"sequence": dossier.nr, "vastgelegd": dossier.vastgelegd, "vervallen": True}
    return {
        "als": Hoedanigheid.CONTACT.value,
        **told,
        "agenda": {**agenda, **gone} if isinstance(agenda, Mapping) else None,
        "data": told.get("data") or [{"orgaan": told["orgaan"], "kort": told["orgaan"], "tot_en_met": told["tot_en_met"]}],
        "eerder": told["tot_en_met"],
        "reden": {"tekst": reden.id} if reden else None,
    }


def told_until(told: Context, orgaan: str) -> str:
    """Until when an organ was told that it can answer; messages from before ``data`` name one day for all or one for each."""
    data, termijnen = told.get("data"), told.get("termijnen")
    found = {str(day["orgaan"]): str(day["tot_en_met"]) for day in data} if isinstance(data, list) else termijnen
    return str(found.get(orgaan, told["tot_en_met"])) if isinstance(found, Mapping) else str(told["tot_en_met"])


def names_in(told: Context) -> set[str]:
    """For which organs a recipient was told a date."""
    data = told.get("data")
    return {str(day["orgaan"]) for day in data} if isinstance(data, list) else {str(told["orgaan"])}


def last_told(told: Context) -> str:
    """The last day on which a recipient was told that it can answer."""
    data = told.get("data")
    return max(str(day["tot_en_met"]) for day in data) if isinstance(data, list) else str(told["tot_en_met"])


def same_moment(told: Context, context: Context) -> bool:
    """Whether a recipient was told this moment: the same date for each of its organs, and not asked again since."""
    data = context["data"]
    assert isinstance(data, list)
    asked = context["opnieuw"] in (None, told.get("opnieuw"))
    return asked and all(told_until(told, str(day["orgaan"])) == day["tot_en_met"] for day in data)


def _date(stelsel: Stelsel, ronde: Ronde, wie: Orgaan, told: Context | None) -> dict[str, object]:
    return {
        "orgaan": wie.naam,
        "kort": stelsel.deelnemer(wie.deelnemer).naam,
        "tot_en_met": ronde.until(wie.slug).isoformat(),
        "eerder": None if told is None else told_until(told, wie.naam),
    }


def _is_opnieuw(ronde: Ronde, wie: Orgaan, opnieuw: str | None) -> bool:
    asked = ronde.standen[wie.slug].opnieuw
    return asked is not None and asked.isoformat() == opnieuw


def _reason(dossier: Dossier, ronde: Ronde, about: Sequence[Orgaan]) -> Verwijzing | None:
    """Why the dates are as they are now: the reason of the uitstel where that decides, else that of the last move."""
    standen = [ronde.standen[wie.slug] for wie in about]
    more = next((s for s in standen if s.uitstel is not None and s.reden is not None and ronde.until(s.orgaan) == s.uitstel), None)
    return more.reden if more is not None else dossier.reden_datums


def _silence(route: Route, ronde: Ronde, about: Sequence[Orgaan], several: bool) -> str:
    """What happens when nothing comes: what was given stays as it is, and silence is told as silence."""
    kept = [_kept(ronde.standen[wie.slug], wie.naam if several else None) for wie in about if ronde.standen[wie.slug].staat in ANSWERED]
    if len(kept) == len(about):
        return " ".join(kept)
    if ronde.antwoord is Antwoord.BESLUIT:
        return " ".join([*kept, "Ontvangen wij geen besluit? Dan staat dat zo in het overzicht; het geldt niet als instemming."])
    waar = route.product if route.product.startswith("Nota ") else ""
    return " ".join([*kept, f"Ontvangen wij geen reactie? Dan staat dat zo in {f'de {waar}' if waar else 'het overzicht'}."])


def _kept(stand: Stand, naam: str | None) -> str:
    wat = {Deelname.BESLUIT: "besluit", Deelname.GEEN_OPVATTING: "bericht (geen opvatting)"}.get(stand.staat, "reactie")
    op = f" van {written(stand.datum)}" if stand.datum else ""
    if naam is not None:
        return f"{naam[0].upper()}{naam[1:]}: {'de' if wat == 'reactie' else 'het'} eerdere {wat}{op} blijft staan als u niets stuurt."
    return f"Uw eerdere {wat}{op} blijft staan als u niets stuurt."


def _reached_twice(stelsel: Stelsel, ronde: Ronde, own: Sequence[Orgaan]) -> str | None:
    """Through which other organ of this ronde the same people are reached too; None for nobody."""
    asked = {stelsel.orgaan(slug).deelnemer: slug for slug in ronde.standen}
    mine = {wie.deelnemer for wie in own}
    over = [slug for deelnemer, slug in asked.items() if deelnemer not in mine and mine & set(stelsel.deelnemer(deelnemer).leden)]
    under = [lid for deelnemer in mine for lid in stelsel.deelnemer(deelnemer).leden if lid in asked and lid not in mine]
    apart = "besluiten" if ronde.antwoord is Antwoord.BESLUIT else "reacties"
    if over:
        return f"Ook gevraagd: {enumerated([stelsel.orgaan(slug).naam for slug in over])}. Daar zit u ook in; het zijn aparte {apart}."
    if under:
        return f"Ook gevraagd: de raden van uw {len(under)} gemeenten, elk voor zich. Het zijn aparte {apart}."
    return None


def herinnering(dossier: Dossier, ontvanger: str) -> Context:
    """The vergadering for which papers or a besluit are expected, as the ``ontvanger`` (a role) hears it."""
    stap = dossier.route.stap(dossier.fase)
    zitting = dossier.opening.zitting if dossier.opening else None
    assert stap is not None and zitting is not None and zitting.vergadering is not None and zitting.aanleverdatum is not None
    secretaris = dossier.stelsel.ontvanger_van_rol(ontvanger)
    return {
        **common(dossier),
        "stap": stap.naam,
        "gremium": dossier.stelsel.gremium(stap.gremium).naam,
        "aanhef": secretaris.aanhef,
        "ontvanger_naam": secretaris.naam,
        "vergadering": zitting.vergadering.isoformat(),
        "aanleverdatum": zitting.aanleverdatum.isoformat(),
        "waarom": zitting.waarom,
        "waarom_aanleverdatum": zitting.waarom_aanleverdatum,
    }


def verslag(dossier: Dossier, ontvanger: str, over: Verslag) -> Context:
    """That the verslag of a vergadering is to be adopted, as the ``ontvanger`` (a role) hears it."""
    stelsel = dossier.stelsel
    following = stelsel.vergaderingen(over.gremium).following(over.vergadering)
    secretaris = stelsel.ontvanger_van_rol(ontvanger)
    return {
        **common(dossier),
        "gremium": stelsel.gremium(over.gremium).naam,
        "aanhef": secretaris.aanhef,
        "ontvanger_naam": secretaris.naam,
        "vergadering": over.vergadering.isoformat(),
        "volgende": None if isinstance(following, Onbekend) else following.vergadering.datum.isoformat(),
        "regel": over.nr,
    }


def common(dossier: Dossier) -> Context:
    """What every message says: the title, the dossier and who sends."""
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


def may_be_named(stelsel: Stelsel, orgaan: str) -> bool:
    """Whether this is a gremium that is no ambtelijke stop."""
    return any(g.slug == orgaan and g.laag is not Laag.AMBTELIJK for g in stelsel.gremia)


def _public_seats(stelsel: Stelsel, plaatsen: Iterable[Plaats]) -> list[str]:
    """Who sits where, each gremium once, without the ambtelijke stops."""
    found: dict[str, Plaats] = {}
    for plaats in plaatsen:
        if stelsel.gremium(plaats.gremium).laag is not Laag.AMBTELIJK:
            found[plaats.gremium] = _together(found[plaats.gremium], plaats) if plaats.gremium in found else plaats
    return [plaats.zin for plaats in found.values()]


def _together(one: Plaats, other: Plaats) -> Plaats:
    """The seats of two deelnemers in one gremium, with the weakest status."""
    weakest = max((p.status for p in (one, other) if p.status is not None), key=list(Status).index, default=None)
    return replace(one, functies=tuple(dict.fromkeys((*one.functies, *other.functies))), status=weakest)


def _public_path(stelsel: Stelsel, route: Route, vanaf: str) -> list[str]:
    """What follows, without the ambtelijke stops."""
    return [stap.naam for stap in route.main_path(vanaf) if stelsel.gremium(stap.gremium).laag is not Laag.AMBTELIJK]
