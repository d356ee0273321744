"""Deciding on what moves no dossier: its documents, requests for papers, and the answers to inbreng."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import DatedAfter, DatedBefore, Refused, UnknownSlug
from statemachines.journal import Draft, Kind
from statemachines.kalender import written
from statemachines.nota import Antwoorden, Punt, Punten, living, numbered, wrong_reference
from statemachines.payloads import Payload, Versie
from statemachines.stukken import Stuk, Stukstatus, StukVersie, Verzoekstaat


def decide_stuk(dossier: Dossier, stuk: Stuk, datum: date, op: date) -> Draft:
    """Registers a versie of a document, or says anew what holds for one that is there."""
    _dated(dossier, datum, op)
    known = dossier.stukken.get(stuk.stuk, ())
    same = next((found for found in known if found.versie is stuk.versie), None)
    before = [found for found in known if found is not same]
    order = list(Versie)
    if stuk.versie is None or stuk.status is None:
        raise Refused(f"Noem van stuk '{stuk.stuk}' de versie en de status.")
    later = [v.versie for v in before if v.versie is not Versie.NOTA and order.index(v.versie) > order.index(stuk.versie)]
    if same is None and later:
        raise Refused(f"Van '{stuk.stuk}' is er al een latere versie ({later[-1].value}); een {stuk.versie.value} komt daarvoor.")
    if stuk.status is Stukstatus.ONDER_EMBARGO and stuk.openbaar_vanaf is None:
        raise Refused(f"Stuk '{stuk.stuk}' is onder embargo; geef ook de dag waarop het openbaar wordt.")
    if stuk.status is not Stukstatus.ONDER_EMBARGO and stuk.openbaar_vanaf is not None:
        raise Refused("Een dag waarop een stuk openbaar wordt, hoort alleen bij een stuk onder embargo.")
    if same is not None and same.openbaar_op is not None and same.openbaar_op <= op and stuk.status is not Stukstatus.OPENBAAR:
        raise Refused(f"'{stuk.stuk}' ({stuk.versie.value}) is al openbaar; dat kan niet worden teruggenomen.")
    _parts(stuk, before)
    return _beside(dossier, Kind.STUK, datum, _of_stap(dossier), stuk)


def _parts(stuk: Stuk, before: Sequence[StukVersie]) -> None:
    """Raises Refused when parts are named twice, or said to be changed that an earlier versie does not have."""
    if len(set(stuk.onderdelen)) < len(stuk.onderdelen):
        raise Refused(f"Stuk '{stuk.stuk}' heeft onderdelen met dezelfde naam; geef elk een eigen naam.")
    if not stuk.wijzigt:
        return
    earlier = {part for found in before for part in found.onderdelen}
    unknown = [part for part in stuk.wijzigt if part not in earlier]
    if unknown:
        wel = ", ".join(sorted(earlier)) or "geen enkel"
        raise Refused(f"'{unknown[0]}' is geen onderdeel van een eerdere versie van '{stuk.stuk}'; wel: {wel}.")


def decide_verzoek(dossier: Dossier, orgaan: str, stuk: Stuk, datum: date, op: date) -> Draft:
    """Registers a request for papers by ``orgaan`` (a deelnemer's organ or a gremium), or what became of one."""
    _dated(dossier, datum, op)
    verzoek = stuk.verzoek
    assert verzoek is not None
    dossier.stelsel.ontvanger_van_rol(verzoek.eigenaar)
    if verzoek.uiterlijk is not None and verzoek.uiterlijk < datum:
        raise Refused(f"Het verzoek van {written(datum)} kan niet uiterlijk op {written(verzoek.uiterlijk)} klaar zijn.")
    if verzoek.nr is None:
        dossier.stelsel.naam_van(orgaan)
        return _beside(dossier, Kind.STUK, datum, orgaan, stuk)
    asked = dossier.verzoeken.get(verzoek.nr)
    if asked is None:
        wel = ", ".join(str(nr) for nr in dossier.verzoeken) or "nog geen enkel"
        raise UnknownSlug(f"Regel {verzoek.nr} van dossier {dossier.slug} is geen verzoek om stukken; wel: {wel}.")
    if asked.staat is not Verzoekstaat.GEVRAAGD:
        raise Refused(f"Het verzoek van regel {asked.nr} is al {asked.staat.value}.")
    if verzoek.staat is Verzoekstaat.AFGEWEZEN and verzoek.toelichting is None:
        raise Refused("Geef de reden waarom het verzoek is afgewezen.")
    return _beside(dossier, Kind.STUK, datum, asked.orgaan, stuk.model_copy(update={"stuk": asked.stuk}))


def decide_antwoorden(dossier: Dossier, punten: Sequence[Punt], datum: date, op: date) -> Draft:
    """Records how inbreng is split into points, and their answers. Points that stay the same are left out."""
    _dated(dossier, datum, op)
    changed = tuple(punt for punt in punten if dossier.punten.get(punt.slug) != punt)
    if not changed:
        raise Refused(f"In de Nota van Beantwoording van {dossier.slug} staat dat al zo; er verandert niets.")
    for _, refusal in objections(dossier, changed):
        raise refusal
    return _beside(dossier, Kind.ANTWOORD, datum, _of_stap(dossier), Antwoorden(punten=changed))


def objections(dossier: Dossier, changed: Sequence[Punt]) -> Iterator[tuple[str, Refused]]:
    """Everything for which these points cannot be recorded, each with the slug of its point."""
    after = {**dossier.punten, **{punt.slug: punt for punt in changed}}
    wie = {given.nr: given.wie for given in dossier.gegeven}
    whole = numbered(dossier.gegeven, dossier.punten)
    for punt in changed:
        for zin in (_misplaced(dossier, punt, wie.get(punt.inbreng), whole, after), _unanswerable(punt)):
            if zin is not None:
                yield punt.slug, Refused(zin)
    for punt in living(after):
        if (zin := wrong_reference(punt, after)) is not None:
            yield punt.slug, Refused(zin)


def _misplaced(dossier: Dossier, punt: Punt, wie: str | None, whole: Mapping[int, str], after: Punten) -> str | None:
    """Why a point cannot have its name and its inbreng."""
    known = dossier.punten.get(punt.slug)
    if wie is None or (known is not None and known.inbreng != punt.inbreng):
        hoort = f"hoort bij regel {known.inbreng}" if known is not None else "hoort bij inbreng"
        return f"Punt {punt.slug} {hoort} van dossier {dossier.slug}, niet bij regel {punt.inbreng}."
    start, _, number = punt.slug.rpartition("-")
    if start != wie or not number.isdecimal():
        return f"Punt '{punt.slug}' hoort te heten naar wie het gaf, zoals {wie}-1."
    owner = next((nr for nr, slug in whole.items() if slug == punt.slug), punt.inbreng)
    if owner != punt.inbreng:
        return f"Punt {punt.slug} is de inbreng van regel {owner} van dossier {dossier.slug}, niet die van regel {punt.inbreng}."
    if punt.inbreng in whole and whole[punt.inbreng] not in after:
        return f"De inbreng van regel {punt.inbreng} heet punt {whole[punt.inbreng]}; leg bij het splitsen ook dat punt vast."
    return None


def _unanswerable(punt: Punt) -> str | None:
    """Why the answer of a point is not whole, or is one too many."""
    if punt.gelijkluidend is not None and (punt.oordeel, punt.antwoord, punt.effect) != (None, None, None):
        return f"Punt {punt.slug} is gelijkluidend met {punt.gelijkluidend} en heeft dus geen eigen antwoord."
    if (punt.oordeel is None) != (punt.antwoord is None):
        return f"Geef bij punt {punt.slug} allebei: het oordeel (overgenomen, deels of niet) en het antwoord met de reden."
    if punt.effect is not None and punt.oordeel is None:
        return f"Punt {punt.slug} heeft een effect op het stuk en nog geen antwoord; geef ook het oordeel en het antwoord."
    return None


def _of_stap(dossier: Dossier) -> str:
    stap = dossier.route.stap(dossier.fase)
    return stap.gremium if stap is not None else dossier.gebracht_door


def _beside(dossier: Dossier, soort: Kind, datum: date, orgaan: str, payload: Payload) -> Draft:
    """An entry that leaves the dossier where it is."""
    return Draft(soort, datum, dossier.fase, dossier.bezoek, orgaan, payload)


def _dated(dossier: Dossier, datum: date, op: date) -> None:
    if datum > op:
        raise DatedAfter(f"{written(datum)} ligt na {written(op)}; leg het vast als het gebeurd is, of kies met --op een latere dag.")
    if datum < dossier.geopend:
        raise DatedBefore(f"{written(datum)} ligt voor {written(dossier.geopend)}, toen dossier {dossier.slug} begon.")
