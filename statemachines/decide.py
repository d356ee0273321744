"""Deciding: a command against a dossier gives one entry to write, or is refused in one sentence and nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from statemachines.dossier import ANSWER_OF, Dossier
from statemachines.errors import BesluitOutOfTurn, DatedAfter, DatedBefore, DossierEnded, NotAsked, Refused, UnknownSlug
from statemachines.inbreng import ADVIEZEN, OF_THE_RAAD, Behandelwijze, Inbreng, InbrengSoort
from statemachines.journal import Draft, Kind
from statemachines.kalender import written
from statemachines.naast import Gevolg, answered_advice, decide_advies, last_day, moving_uitkomst
from statemachines.opening import enter, hold_over
from statemachines.payloads import Afwijking, Besluit, BesluitBron, Geopend, Namens, Standpunt, Versie, Verwijzing
from statemachines.ronde import RONDE_UITKOMSTEN, Deelname, Ronde
from statemachines.route import MOVES_NOTHING, REGISTERED, Antwoord, Stap, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.verloop import closing
from statemachines.voorwaarden import answers_ready, conclusion_explained, meeting_of, promises_kept

REASON_NEEDED = frozenset({Uitkomst.TERUGVERWIJZEN, Uitkomst.INTREKKEN, Uitkomst.NIET_INGESTEMD})
"""Uitkomsten that change the route; whoever reads the dossier later must find why."""


@dataclass(frozen=True)
class Beslissing:
    """What somebody registers: ``orgaan`` is a gremium, or an organ of a deelnemer in a ronde of besluiten."""

    orgaan: str
    uitkomst: Uitkomst
    datum: date
    bron: BesluitBron
    reden: Verwijzing | None = None
    stap: str | None = None
    afwijking: Afwijking | None = None
    standpunten: tuple[Standpunt, ...] = ()
    adviezen: tuple[Gevolg, ...] = ()


def decide_open(
    stelsel: Stelsel,
    route_slug: str,
    titel: Verwijzing,
    datum: date,
    op: date,
    *,
    eerst: Dossier | None = None,
    trekker: str | None = None,
) -> Draft:
    """Puts a kaderdocument in routing on ``datum``; that is a registration by the gremium of the first stap.

    ``eerst`` is the dossier that it follows; Refused when its route is not one that this route follows. ``trekker`` is the role that
    carries it; raises UnknownSlug.
    """
    _not_after(datum, op)
    route = stelsel.route(route_slug)
    if datum < route.geldig_vanaf:
        raise DatedBefore(f"Route {route.slug} geldt vanaf {written(route.geldig_vanaf)}; {written(datum)} ligt daarvoor.")
    if eerst is not None and (route.volgt_op is None or eerst.route.slug != route.volgt_op.route):
        kan = f"alleen op {route.volgt_op.route}" if route.volgt_op else "op geen andere route"
        raise Refused(f"Route {route.slug} volgt niet op {eerst.slug} (route {eerst.route.slug}), maar {kan}.")
    eerste = route.stappen[0]
    soort = next((soort.slug for soort in stelsel.documentsoorten if soort.route == route.slug), route.slug)
    naar = stelsel.main_line(route.slug).fire(eerste.slug, REGISTERED)
    opent = enter(stelsel, route, {}, naar, datum, van=eerste.slug) if naar else None
    if naar is None or opent is None:
        raise Refused(f"Route {route.slug} heeft geen stap na '{eerste.slug}'.")
    payload = Geopend(
        route=route.slug,
        soort=soort,
        titel=titel,
        digest=stelsel.digest,
        naar=naar,
        opent=opent,
        na=eerst.slug if eerst else None,
        trekker=stelsel.ontvanger_van_rol(trekker).slug if trekker else None,
    )
    return Draft(Kind.GEOPEND, datum, eerste.slug, 1, eerste.gremium, payload)


def decide_besluit(dossier: Dossier, wat: Beslissing, op: date) -> Draft:
    """Registers a besluit; the route moves at once, also when the verslag is not adopted yet."""
    _not_after(wat.datum, op)
    ronde = _ronde_of_besluit(dossier, wat)
    if ronde is not None:
        return _besluit_in_ronde(dossier, ronde, wat)
    if dossier.ended:
        einde = dossier.route.naam_van(dossier.fase)
        raise DossierEnded(f"Dossier {dossier.slug} is sinds {written(dossier.sinds)} afgesloten ({einde}); er kan geen besluit meer bij.")
    stap = _stap_of(dossier, wat)
    if wat.reden is None and wat.uitkomst in REASON_NEEDED:
        raise Refused(f"Geef bij '{wat.uitkomst.label}' een reden: dit verandert de route van dossier {dossier.slug}.")
    if stap.slug != dossier.fase and wat.uitkomst in MOVES_NOTHING:
        raise BesluitOutOfTurn(f"'{wat.uitkomst.label}' laat een stuk waar het is, en dit stuk is niet bij '{stap.naam}'.")
    if wat.datum < dossier.geopend or (wat.datum < dossier.sinds and wat.afwijking is None):
        hier = dossier.route.naam_van(dossier.fase)
        raise DatedBefore(
            f"Het besluit van {written(wat.datum)} ligt voor {written(dossier.sinds)}, toen dossier {dossier.slug} bij '{hier}' kwam."
        )
    naar = dossier.stelsel.main_line(dossier.route.slug).fire(stap.slug, wat.uitkomst.value)
    if naar is None:
        kan = ", ".join(uitkomst.label for uitkomst in stap.possible)
        raise BesluitOutOfTurn(f"'{wat.uitkomst.label}' kan niet bij '{stap.naam}'; mogelijk is: {kan}.")
    bezoek = dossier.bezoek if stap.slug == dossier.fase else dossier.bezoeken.get(stap.slug, 0) + 1
    naast = dossier.naast if stap.slug == dossier.fase else None
    opvolging = answered_advice(dossier, naast, wat.uitkomst, wat.adviezen, wat.afwijking is not None) if naast else ()
    uitkomst: Uitkomst | None = wat.uitkomst
    if naast is not None and wat.orgaan in naast.gremia and wat.afwijking is None:
        uitkomst = moving_uitkomst(naast, stap, wat.orgaan, wat.uitkomst)
    if uitkomst is not None and wat.afwijking is None:
        promises_kept(dossier, uitkomst, wat.datum)
        answers_ready(dossier, stap, uitkomst)
        conclusion_explained(dossier, stap, uitkomst, wat.reden)
    if uitkomst is None:
        naar, opent = stap.slug, None
    elif uitkomst in MOVES_NOTHING:
        planned = dossier.opening.zitting.vergadering if dossier.opening and dossier.opening.zitting else None
        opent = hold_over(dossier.stelsel, stap, bezoek, max(wat.datum, planned or wat.datum))
    else:
        naar, ready = stap.uitkomsten[uitkomst], last_day(naast, wat.datum)
        opent = enter(dossier.stelsel, dossier.route, dossier.bezoeken, naar, ready, van=stap.slug, planning=dossier.planning)
    payload = Besluit(
        uitkomst=wat.uitkomst,
        bron=wat.bron,
        vergadering=meeting_of(dossier, stap, wat.bron, wat.datum),
        naar=naar,
        opent=opent,
        reden=wat.reden,
        afwijking=wat.afwijking,
        standpunten=checked_standpunten(dossier, wat.standpunten, wat.datum),
        adviezen=opvolging,
    )
    return Draft(Kind.BESLUIT, wat.datum, stap.slug, bezoek, wat.orgaan, payload)


def _ronde_of_besluit(dossier: Dossier, wat: Beslissing) -> Ronde | None:
    """The last ronde of besluiten in which this organ was asked and that had begun on the day of the besluit, also when it has closed."""
    asked = [ronde for ronde in dossier.rondes if ronde.concerns(wat.orgaan) and ronde.antwoord is Antwoord.BESLUIT]
    return _begun(asked, wat.datum)


def _stap_of(dossier: Dossier, wat: Beslissing) -> Stap:
    """The stap at which this besluit is taken: where the dossier is, or with an afwijking another stap of the gremium."""
    hier = dossier.route.stap(dossier.fase)
    assert hier is not None
    own = [stap for stap in dossier.route.stappen if wat.orgaan in (stap.gremium, *stap.naast, stap.combi) and stap.uitkomsten]
    if wat.stap is not None:
        own = [stap for stap in own if stap.slug == wat.stap]
    if hier in own:
        return hier
    if wat.afwijking is None or not own:
        raise BesluitOutOfTurn(_out_of_turn(dossier, hier, wat))
    if len(own) > 1:
        stappen = ", ".join(stap.slug for stap in own)
        raise BesluitOutOfTurn(f"{dossier.stelsel.gremium(wat.orgaan).naam} komt vaker voor in deze route; kies met --stap: {stappen}.")
    return own[0]


def _out_of_turn(dossier: Dossier, hier: Stap, wat: Beslissing) -> str:
    wie = dossier.stelsel.naam_van(wat.orgaan)
    ronde = dossier.open_ronde
    if ronde is not None:
        kan = f"daar wordt gereageerd tot en met {written(ronde.tot_en_met)}"
    else:
        kan = f"daar beslist {dossier.stelsel.gremium(hier.gremium).naam} ({', '.join(u.label for u in hier.possible)})"
    return f"{wie} is nu niet aan de beurt: dossier {dossier.slug} staat bij '{hier.naam}' en {kan}."


def _besluit_in_ronde(dossier: Dossier, ronde: Ronde, wat: Beslissing) -> Draft:
    naam = dossier.stelsel.orgaan(wat.orgaan).naam
    if wat.uitkomst not in RONDE_UITKOMSTEN:
        kan = ", ".join(uitkomst.label for uitkomst in Uitkomst if uitkomst in RONDE_UITKOMSTEN)
        raise BesluitOutOfTurn(f"'{wat.uitkomst.label}' van {naam} is nog geen besluit in deze ronde; mogelijk is: {kan}.")
    if wat.adviezen:
        raise Refused(f"Een advies hoort bij het besluit van een gremium; {naam} beslist in deze ronde voor zichzelf.")
    if wat.standpunten:
        raise Refused(f"Een minderheidsstandpunt hoort bij een besluit van een gremium; {naam} beslist in deze ronde voor zichzelf.")
    _not_before_ronde(ronde, wat.datum)
    _existed(dossier, wat.orgaan, wat.datum)
    naar, opent = closing(dossier, ronde, wat.orgaan, Deelname.BESLUIT, wat.datum)
    payload = Besluit(uitkomst=wat.uitkomst, bron=wat.bron, naar=naar or ronde.stap, opent=opent, reden=wat.reden, afwijking=wat.afwijking)
    return Draft(Kind.BESLUIT, wat.datum, ronde.stap, ronde.bezoek, wat.orgaan, payload)


def decide_inbreng(dossier: Dossier, orgaan: str, inbreng: Inbreng, datum: date, op: date) -> Draft:
    """Registers what a deelnemer gives; after the termijn it is kept as too late, never refused for being late."""
    _not_after(datum, op)
    consistent(inbreng, datum)
    checked_plek(dossier, inbreng.stuk, inbreng.versie, inbreng.onderdelen)
    if inbreng.soort in ADVIEZEN:
        return decide_advies(dossier, orgaan, inbreng, datum)
    if dossier.ronde is None:
        hier = dossier.route.naam_van(dossier.fase)
        raise NotAsked(f"Bij dossier {dossier.slug} is nog niemand om inbreng gevraagd; het staat bij '{hier}'.")
    if any(deelregio.slug == orgaan for deelregio in dossier.stelsel.deelregios):
        return _bundled(dossier, dossier.ronde, orgaan, inbreng, datum)
    ronde = _ronde_of(dossier, orgaan, datum)
    if inbreng.bundelt or inbreng.over:
        raise Refused("Alleen een deelregio bundelt inbreng van anderen, en alleen een advies gaat over proces of inhoud.")
    if ronde is None:
        naam = dossier.stelsel.orgaan(orgaan).naam
        raise NotAsked(f"{naam} is niet gevraagd in '{dossier.route.naam_van(dossier.ronde.stap)}' van {dossier.slug}.")
    given = ANSWER_OF.get(inbreng.soort)
    if ronde.antwoord is not Antwoord.INBRENG and given is not None:
        raise NotAsked(f"In '{dossier.route.naam_van(ronde.stap)}' van {dossier.slug} wordt een besluit gevraagd, geen inbreng.")
    _not_before_ronde(ronde, datum)
    _existed(dossier, orgaan, datum)
    if inbreng.geagendeerd_op is not None and inbreng.geagendeerd_op < dossier.geopend:
        raise DatedBefore(f"{written(inbreng.geagendeerd_op)} ligt voor {written(dossier.geopend)}, toen dossier {dossier.slug} begon.")
    fits_speaker(dossier, orgaan, inbreng)
    naar, opent = (None, None) if given is None else closing(dossier, ronde, orgaan, given, datum)
    payload = inbreng.model_copy(update={"naar": naar, "opent": opent})
    return Draft(Kind.INBRENG, datum, ronde.stap, ronde.bezoek, orgaan, payload)


def _bundled(dossier: Dossier, ronde: Ronde, deelregio: str, inbreng: Inbreng, datum: date) -> Draft:
    """Inbreng of a deelregio, which brings together what its deelnemers gave; each of those stays what it is."""
    naam = next(d.naam for d in dossier.stelsel.deelregios if d.slug == deelregio)
    if inbreng.soort is not InbrengSoort.REACTIE or ronde.antwoord is not Antwoord.INBRENG:
        raise Refused(f"Deelregio {naam} kan alleen een reactie bundelen, in een ronde van inbreng.")
    if not inbreng.bundelt:
        raise Refused(f"Noem met --bundelt de regels van de inbreng die deelregio {naam} samenbrengt.")
    given = {g.nr: g for g in dossier.gegeven if not g.bundelt}
    bundled = {nr for g in dossier.gegeven for nr in g.bundelt}
    for nr in inbreng.bundelt:
        if nr in bundled:
            raise Refused(f"Regel {nr} is al gebundeld; een deelregio brengt inbreng een keer samen.")
        if nr not in given or dossier.stelsel.deelnemer(given[nr].wie).deelregio != deelregio:
            own = ", ".join(str(g.nr) for g in given.values() if dossier.stelsel.deelnemer(g.wie).deelregio == deelregio)
            raise Refused(f"Regel {nr} is geen inbreng van een deelnemer in deelregio {naam}; wel: {own or 'nog geen enkele'}.")
    _not_before_ronde(ronde, datum)
    return Draft(Kind.INBRENG, datum, ronde.stap, ronde.bezoek, deelregio, inbreng)


def _existed(dossier: Dossier, orgaan: str, datum: date) -> None:
    """Raises NotAsked for an organ whose deelnemer did not exist any more on ``datum``, with the one that took its place."""
    if dossier.stelsel.exists(orgaan, datum):
        return
    heir = dossier.stelsel.heir(orgaan, datum)
    volgt = f"; {heir.naam} nam de plaats over" if heir is not None else ""
    raise NotAsked(f"{dossier.stelsel.orgaan(orgaan).naam} bestond op {written(datum)} niet meer{volgt}.")


def fits_speaker(dossier: Dossier, orgaan: str, inbreng: Inbreng) -> None:
    """Raises Refused when an organ cannot speak so, or replaces inbreng that is not its own."""
    wie = dossier.stelsel.orgaan(orgaan)
    of_staten = orgaan.startswith("staten-")
    if (inbreng.namens is Namens.STATEN and not of_staten) or (inbreng.namens is Namens.RAAD and of_staten):
        raise Refused(f"{wie.naam} spreekt namens {'de Staten' if of_staten else 'de raad'}, niet namens '{inbreng.namens.value}'.")
    own = [g.nr for g in dossier.gegeven if g.orgaan == orgaan]
    if inbreng.vervangt is not None and inbreng.vervangt not in own:
        wel = ", ".join(map(str, own)) or "nog geen enkele"
        raise Refused(f"Regel {inbreng.vervangt} is geen eerdere inbreng van {wie.naam}; wel: {wel}.")


def consistent(inbreng: Inbreng, datum: date) -> None:
    """Raises Refused when what was typed contradicts itself."""
    if inbreng.soort is InbrengSoort.BEHANDELING and inbreng.behandelwijze is None and inbreng.geagendeerd_op is None:
        raise Refused("Geef bij een behandeling de behandelwijze, de dag waarop het geagendeerd is, of allebei.")
    if inbreng.behandelwijze is Behandelwijze.NIET_GEAGENDEERD and inbreng.geagendeerd_op is not None:
        raise Refused("'niet-geagendeerd' gaat niet samen met een dag waarop het geagendeerd is; kies een van beide.")
    if inbreng.vastgesteld_op is not None and inbreng.vastgesteld_op > datum:
        raise DatedAfter(f"De inbreng is vastgesteld op {written(inbreng.vastgesteld_op)}, na {written(datum)}, toen zij binnenkwam.")
    if inbreng.soort is InbrengSoort.GEEN_OPVATTING and inbreng.namens is not None and inbreng.namens not in OF_THE_RAAD:
        raise Refused(
            f"Geen opvatting is een besluit van de raad of Staten zelf; leg wat een {inbreng.namens.value} vindt vast als reactie."
        )
    if inbreng.vervangt is not None and inbreng.soort is not InbrengSoort.REACTIE:
        raise Refused("Alleen een reactie kan een eerdere vervangen.")
    if inbreng.namens is not None and inbreng.bundelt:
        raise Refused("Een deelregio spreekt niet namens een raad of college; laat 'namens' weg.")
    if inbreng.soort in (InbrengSoort.ONTVANGEN, InbrengSoort.BEHANDELING) and (inbreng.tekst or inbreng.namens or inbreng.vorm):
        raise Refused(f"Bij '{inbreng.soort.value}' hoort geen tekst, namens of vorm: het is nog geen inbreng.")


def _ronde_of(dossier: Dossier, orgaan: str, datum: date) -> Ronde | None:
    """The last ronde in which this deelnemer was asked and that had begun on ``datum``; else the last in which it was asked."""
    asked = [ronde for ronde in dossier.rondes if ronde.concerns(orgaan)]
    if asked and asked[0] is dossier.open_ronde and datum >= dossier.sinds:
        return asked[0]
    return _begun(asked, datum)


def _begun(rondes: list[Ronde], datum: date) -> Ronde | None:
    """The last of these that had begun on ``datum``; else the last."""
    return next((ronde for ronde in rondes if ronde.van <= datum), rondes[0] if rondes else None)


def checked_plek(dossier: Dossier, stuk: str | None, versie: Versie | None, onderdelen: tuple[str, ...]) -> None:
    """Raises Refused when a stuk, versie or onderdeel is named that the dossier does not have."""
    if stuk is None:
        if versie is not None:
            raise Refused("Noem bij een versie ook het stuk.")
        return
    versies = dossier.stukken.get(stuk)
    if versies is None:
        raise UnknownSlug(f"Dossier {dossier.slug} heeft geen stuk '{stuk}'; wel: {', '.join(dossier.stukken) or 'nog geen enkel'}.")
    found = next((v for v in versies if v.versie is versie), None) if versie is not None else None
    if found is None:
        raise Refused(f"Noem bij stuk '{stuk}' een versie die er is: {', '.join(v.versie.value for v in versies)}.")
    for onderdeel in onderdelen:
        if onderdeel not in found.onderdelen:
            wel = ", ".join(found.onderdelen) or "geen enkel"
            raise Refused(f"'{onderdeel}' is geen onderdeel van {stuk} ({found.versie.value}); wel: {wel}.")


def checked_standpunten(dossier: Dossier, standpunten: tuple[Standpunt, ...], datum: date) -> tuple[Standpunt, ...]:
    """Minority positions, each of one who is deelnemer on ``datum`` or of a deelregio, and of each at most one per regime."""
    stelsel = dossier.stelsel
    possible = {d.slug for d in stelsel.deelnemers if d.takes_part(datum)} | {deelregio.slug for deelregio in stelsel.deelregios}
    seen = set()
    for standpunt in standpunten:
        checked_plek(dossier, standpunt.stuk, standpunt.versie, standpunt.onderdelen)
        if standpunt.van not in possible:
            raise UnknownSlug(
                f"'{standpunt.van}' is op {written(datum)} geen deelnemer en geen deelregio; een standpunt heeft een van beide."
            )
        if (standpunt.van, standpunt.regime) in seen:
            raise Refused(f"Van '{standpunt.van}' staat er al een {standpunt.regime.value} standpunt; voeg ze samen.")
        seen.add((standpunt.van, standpunt.regime))
    return standpunten


def _not_after(datum: date, op: date) -> None:
    if datum > op:
        raise DatedAfter(f"{written(datum)} ligt na {written(op)}; leg het vast als het gebeurd is, of kies met --op een latere dag.")


def _not_before_ronde(ronde: Ronde, datum: date) -> None:
    if datum < ronde.van:
        raise DatedBefore(f"{written(datum)} ligt voor het begin van de reactietermijn op {written(ronde.van)}.")
