"""What the mail about an ending says: how it ended, and for each organ of the recipient what it gave and what was done with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from notifications.gehoor import Gehoor, Hoedanigheid
from notifications.messages import Context, common, may_be_named
from statemachines.dossier import Dossier
from statemachines.facts import Kring, Laag, Orgaan
from statemachines.inbreng import speaker
from statemachines.kalender import enumerated, written
from statemachines.nota import Gegeven, living, replaced
from statemachines.payloads import Standpunt
from statemachines.ronde import Deelname, Ronde, Stand
from statemachines.route import Antwoord

_PARTS = {
    "besluit": "het besluit",
    "standpunten": "wie er anders over denkt",
    "reacties": "wat er van u is vastgelegd",
    "antwoorden": "wat er met uw inbreng is gedaan",
}
_ONLY = {"college": "Het college", "commissie": "Een commissie", "fractie": "Een fractie"}
_KINDS = {
    "gemeenteraad": "raad",
    "Provinciale": "Staten",
    "Gedeputeerde": "Gedeputeerde Staten",
    "regioraad": "regioraad",
    "college": "college",
    "dagelijks": "dagelijks bestuur",
}
"""By the first word of its name, how a mail speaks to an organ: uw raad."""


def _is_public(dossier: Dossier, standpunt: Standpunt) -> bool:
    """Whether the document that a minority position is about was public when the dossier ended; in general it is about none."""
    versies = dossier.stukken.get(standpunt.stuk or "", ())
    versie = next((v for v in versies if v.versie is standpunt.versie), None)
    return standpunt.stuk is None or (versie is not None and versie.openbaar_op is not None and versie.openbaar_op <= dossier.sinds)


def uitkomst(dossier: Dossier, gehoor: Gehoor, op: date) -> Context:
    """How a dossier ended, as one recipient hears it on ``op``, with what its own organs gave and the answers to that."""
    stelsel, besluit = dossier.stelsel, dossier.slotbesluit
    organen = gehoor.organen
    mine = [g for g in dossier.gegeven if g.orgaan in organen]
    bundled = [g for g in dossier.gegeven if set(g.bundelt) & {given.nr for given in mine}]
    antwoorden = [answer for given in (*mine, *bundled) for answer in _answers(dossier, given, _from(dossier, given.orgaan, organen, op))]
    standing = [punt for punt in antwoorden if not punt["vervangen"]]
    return {
        **common(dossier),
        "als": gehoor.als.value,
        "orgaan": _organs(dossier, organen, op),
        "aanhef": gehoor.ontvanger.aanhef,
        "ontvanger_naam": gehoor.ontvanger.naam,
        "besluit": {
            "einde": dossier.route.naam_van(dossier.fase),
            "door": stelsel.naam_van(dossier.gebracht_door) if besluit and may_be_named(stelsel, dossier.gebracht_door) else None,
            "uitkomst": besluit.uitkomst.label if besluit else None,
            "op": dossier.sinds.isoformat(),
            "reden": {"tekst": besluit.reden.id} if besluit and besluit.reden else None,
            "afwijking": {"tekst": besluit.afwijking.reden.id} if besluit and besluit.afwijking else None,
        },
        "standpunten": [
            {
                "van": _names(dossier).get(s.van, s.van),
                "regime": s.regime.value,
                "onderdelen": enumerated(s.onderdelen if _is_public(dossier, s) else ()),
                "wat": {"tekst": s.tekst.id},
            }
            for s in (besluit.standpunten if besluit else ())
        ],
        "reacties": list(_reactions(dossier, organen, op)),
        "antwoorden": antwoorden,
        "beantwoord": bool(standing) and all(punt["oordeel"] for punt in standing),
        "product": dossier.route.product,
        "herroepen": False,
        "anders": "",
        "reden": None,
    }


def no_uitkomst(dossier: Dossier, told: Context) -> Context:
    """That what a recipient was told of the end does not hold any more, for its besluit was revoked."""
    ronde = dossier.open_ronde
    here = dossier.route.stap(dossier.fase)
    public = here is not None and dossier.stelsel.gremium(here.gremium).laag is not Laag.AMBTELIJK
    return {
        "als": Hoedanigheid.CONTACT.value,
        **told,
        "eerder": told["besluit"],
        "besluit": None,
        "standpunten": [],
        "antwoorden": [],
        "herroepen": True,
        "reden": {"tekst": dossier.herroepen_om.id} if dossier.herroepen_om else None,
        "staat_bij": dossier.route.naam_van(dossier.fase) if public or ronde is not None else "in voorbereiding",
    }


def corrected(told: Context, now: Context) -> Context:
    """The outcome, with what is different from what was told."""
    return {**now, "anders": enumerated([_PARTS[part] for part in _changed(told, now)])}


def same_end(told: Context, now: Context) -> bool:
    """Whether a recipient was told this ending, as far as a message said it when it was made."""
    return not _changed(told, now)


def _changed(told: Context, now: Context) -> list[str]:
    return [part for part in _PARTS if part in told and not _said(told[part], now.get(part))]


def _said(told: object, now: object) -> bool:
    """Whether ``now`` says all that was told; what a message could not yet say when it was made is no change."""
    if isinstance(told, Mapping) and isinstance(now, Mapping):
        return all(_said(value, now.get(key)) for key, value in told.items())
    if isinstance(told, list) and isinstance(now, list):
        return len(told) == len(now) and all(_said(a, b) for a, b in zip(told, now, strict=True))
    return told == now


def _names(dossier: Dossier) -> dict[str, str]:
    """How who holds a standpunt is called; a gemeente goes before a deelregio with the same slug."""
    deelregios = {slug: f"deelregio {d.naam}" for d in dossier.stelsel.deelregios for slug in (d.slug, f"deelregio-{d.slug}")}
    return deelregios | {d.slug: d.naam for d in dossier.stelsel.deelnemers}


def _organs(dossier: Dossier, organen: Sequence[str], op: date) -> str:
    """For whom the recipient is the contact; who exists no more comes after who took its place."""
    stelsel = dossier.stelsel
    heirs = dict.fromkeys(heir.naam for slug in organen if (heir := stelsel.heir(slug, op)) is not None)
    gone = [stelsel.deelnemer(stelsel.orgaan(slug).deelnemer).naam for slug in organen if not stelsel.exists(slug, op)]
    return enumerated(list(heirs)) + (f" (ook voor {enumerated(gone)})" if gone else "")


def _from(dossier: Dossier, slug: str, organen: Sequence[str], op: date) -> str | None:
    """The organ, where "uw" would not say which one it is."""
    if slug not in organen:
        return None
    naam = dossier.stelsel.orgaan(slug).naam
    if not dossier.stelsel.exists(slug, op):
        return f"{naam}, waarvan u de plaats overnam"
    return naam if len(organen) > 1 else None


def _reactions(dossier: Dossier, organen: Sequence[str], op: date) -> Iterator[str]:
    """What each organ did in each ronde, the first ronde first; inbreng that has its answers below is not told twice."""
    asked = [(ronde, slug) for ronde in reversed(dossier.rondes) for slug in organen if slug in ronde.standen]
    several = len({(ronde.stap, ronde.bezoek) for ronde, _ in asked}) > 1
    for ronde, slug in asked:
        wie = dossier.stelsel.orgaan(slug)
        zin = _reaction(ronde, ronde.standen[slug], wie, _from(dossier, slug, organen, op))
        if zin:
            keer = f" ({ronde.bezoek}e keer)" if ronde.bezoek > 1 else ""
            yield f"{dossier.route.naam_van(ronde.stap)}{keer}: {zin}" if several else zin


def _reaction(ronde: Ronde, stand: Stand, wie: Orgaan, van: str | None) -> str | None:
    soort = _KINDS.get(wie.naam.split()[0], "orgaan")
    zij = f"{van[0].upper()}{van[1:]}{',' if ', ' in van else ''}" if van else f"Uw {soort}"
    staten = "Staten" in soort
    op = written(stand.datum) if stand.datum else ""
    only = stand.namens in _ONLY and ronde.kring is Kring.RADEN_STATEN
    decides = ronde.antwoord is Antwoord.BESLUIT
    match stand.staat:
        case Deelname.REACTIE:
            return None
        case Deelname.GEEN_OPVATTING if only and stand.namens is not None:
            bij = f" van {van}" if van else ""
            return f"{_ONLY[stand.namens]} liet weten geen opvatting te hebben ({op}); dat is geen standpunt van de {soort}{bij}."
        case Deelname.GEEN_OPVATTING:
            return f"{zij} {'lieten' if staten else 'liet'} weten geen opvatting te hebben ({op})."
        case Deelname.BESLUIT:
            return f"{zij} {'besloten' if staten else 'besloot'}: {stand.uitkomst.label if stand.uitkomst else ''} ({op})."
        case Deelname.TE_LAAT:
            wat = ("besluit" if decides else "reactie") if van is None else ("Het besluit van " if decides else "De reactie van ") + van
            until = ronde.until(wie.slug)
            late = stand.datum is None or stand.datum > until
            hoe = f"kwam na de sluitingsdatum ({written(until)})" if late else "is pas vastgelegd toen al was besloten"
            return f"{wat if van else f'Uw {wat}'} {hoe}; {'het' if decides else 'zij'} is bewaard."
        case _ if decides:
            return f"Van {van or wie.naam} is geen besluit ontvangen. Dat geldt niet als instemming."
        case _:
            return f"Van {van or wie.naam} is geen reactie ontvangen."


def _answers(dossier: Dossier, given: Gegeven, van: str | None) -> Iterator[Mapping[str, object]]:
    """Every point of one inbreng with its answer; a point that says the same as another has the answer of that one.

    Inbreng that nobody split is one point without an answer; ``zonder`` says why a point has none.
    """
    vervangen = given.nr in replaced(dossier.gegeven)
    same: dict[str, object] = {
        "spreekt": dossier.stelsel.afzender(given.orgaan) if given.bundelt else speaker(given.namens),
        "van": van,
        "vervangen": vervangen,
        "zonder": _unanswered(dossier, given, vervangen, van),
    }
    own = [punt for punt in living(dossier.punten) if punt.inbreng == given.nr]
    for punt in own:
        source = dossier.punten[punt.gelijkluidend] if punt.gelijkluidend else punt
        yield {
            **same,
            "punt": punt.slug,
            "wat": {"tekst": punt.tekst.id},
            "oordeel": source.oordeel.value.replace("-", " ") if source.oordeel else None,
            "antwoord": {"tekst": source.antwoord.id} if source.antwoord else None,
            "effect": {"tekst": source.effect.id} if source.effect else None,
        }
    if not own:
        tekst = {"tekst": given.tekst.id} if given.tekst else None
        yield {**same, "punt": None, "wat": tekst, "oordeel": None, "antwoord": None, "effect": None}


def _unanswered(dossier: Dossier, given: Gegeven, vervangen: bool, van: str | None) -> str:
    """Why inbreng has no answer at the end; never that one will come."""
    if not given.telt:
        return "Dit kwam te laat. Het is bewaard en niet apart beantwoord."
    if vervangen:
        return "Dit is vervangen door een latere reactie." if van else "Dit is vervangen door uw latere reactie."
    if dossier.slotbesluit is not None and dossier.slotbesluit.afwijking is not None:
        return "Hierop is geen antwoord vastgelegd: er is besloten zonder alle antwoorden. De reden daarvan staat hierboven."
    return "Hierop is geen antwoord vastgelegd."
