"""The journal of a dossier as sentences: what happened, why, and what may be told to anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from statemachines.dossier import Dossier
from statemachines.facts import Laag
from statemachines.inbreng import ADVIEZEN, Inbreng, InbrengSoort, speaker
from statemachines.journal import Entry, only_agreed, without_effect
from statemachines.kalender import enumerated, written
from statemachines.nota import Antwoorden
from statemachines.payloads import (
    Besluit,
    DatumsGezet,
    Gecorrigeerd,
    Geopend,
    Gewist,
    Opening,
    Opvolging,
    Standpunt,
    Vaststelling,
    Verlopen,
    Versie,
    Verwijzing,
)
from statemachines.route import MOVES_NOTHING, Antwoord, Uitkomst
from statemachines.stukken import Stuk, Verzoekstaat, changed_since

IN_PREPARATION = "de voorbereiding"
"""How a stap of an ambtelijk gremium is called where anybody may read."""


@dataclass(frozen=True)
class Gebeurtenis:
    """One entry as a sentence, as it was corrected later; ``tekst`` is what was written with it.

    ``standpunten`` are the minority positions and ``adviezen`` what was done with advice, as sentences. ``eerst`` and ``nu`` are the old
    and new day where it moved one. ``verwijzingen`` are the ids of erasable texts. ``zin_openbaar`` is what anybody may read; empty for
    what is internal, and ``stuk`` names the document whose status decides that.
    """

    nr: int
    datum: date
    zin: str
    door: str
    herroepen: bool
    zin_openbaar: str
    tekst: str = ""
    standpunten: tuple[str, ...] = ()
    adviezen: tuple[str, ...] = ()
    eerst: date | None = None
    nu: date | None = None
    stuk: tuple[str, str] | None = None
    verwijzingen: tuple[str, ...] = ()


def geschiedenis(
    dossier: Dossier, entries: Sequence[Entry], kept: Mapping[int, tuple[str, ...]], texts: Mapping[str, str]
) -> Iterator[Gebeurtenis]:
    """Every entry in order; ``kept`` are the ids of its texts, corrected ones included."""
    without, agreed = without_effect(entries), only_agreed(entries)
    ambtelijk = {g.slug for g in dossier.stelsel.gremia if g.laag is Laag.AMBTELIJK}
    here: Opening | None = None
    for entry in entries:
        opent = getattr(entry.payload, "opent", None)
        eerst, nu = _moved(entry, here, opent)
        here = here if opent is None or entry.nr in without else opent
        plan = entry.nr in agreed
        besluit = entry.payload if isinstance(entry.payload, Besluit) else None
        apart = {v.id for v in _apart(besluit)}
        zin = "Plan afgesproken voor de stappen die komen" if plan else sentence(dossier, entry, dossier.route.naam_van)
        openbaar = not plan and entry.orgaan not in ambtelijk and may_be_told(entry)
        yield Gebeurtenis(
            nr=entry.nr,
            datum=entry.datum,
            zin=zin,
            door=entry.door,
            herroepen=entry.nr in without,
            zin_openbaar=sentence(dossier, entry, _public_name(dossier, ambtelijk)) if openbaar else "",
            tekst="; ".join(texts[v.id] for v in references(entry) if v.id not in apart),
            standpunten=tuple(_standpunt(dossier, standpunt, texts) for standpunt in (besluit.standpunten if besluit else ())),
            adviezen=tuple(_opvolging(dossier, o, texts) for o in (besluit.adviezen if besluit else ()) if o.gremium not in ambtelijk),
            eerst=eerst,
            nu=nu,
            stuk=(entry.payload.stuk, entry.payload.versie.value) if isinstance(entry.payload, Stuk) and entry.payload.versie else None,
            verwijzingen=kept[entry.nr],
        )


def may_be_told(entry: Entry) -> bool:
    """Whether anybody may read this kind of entry; a document by its own status, uitstel and requests for papers never."""
    match entry.payload:
        case Stuk() as stuk:
            return stuk.verzoek is None
        case DatumsGezet() as gezet:
            return gezet.uitstel is None
        case Inbreng() as inbreng:
            return inbreng.soort is not InbrengSoort.ADVIESVRAAG
        case payload:
            return isinstance(payload, Besluit | Verlopen)


def references(entry: Entry) -> Iterator[Verwijzing]:
    """Every erasable text or name that an entry holds."""
    match entry.payload:
        case Geopend() as p:
            yield p.titel
        case DatumsGezet() as p:
            yield p.reden
        case Gecorrigeerd() as p:
            yield p.reden
        case Besluit() as p:
            yield from (v for v in (p.reden, p.afwijking.reden if p.afwijking else None) if v is not None)
            yield from _apart(p)
        case Inbreng() as p:
            yield from (v for v in (p.tekst, p.indiener) if v is not None)
        case Stuk() as p:
            yield from (v for v in (p.titel, p.verzoek.toelichting if p.verzoek else None) if v is not None)
        case Antwoorden() as p:
            yield from (v for punt in p.punten for v in (punt.tekst, punt.antwoord, punt.effect) if v is not None)


def _apart(besluit: Besluit | None) -> Iterator[Verwijzing]:
    """The texts of a besluit that are shown in a place of their own."""
    if besluit is not None:
        yield from (standpunt.tekst for standpunt in besluit.standpunten)
        yield from (opvolging.reden for opvolging in besluit.adviezen if opvolging.reden is not None)


def corrected(entry: Entry) -> Iterator[str]:
    """The ids of the texts that a correction put in the place of others."""
    velden = entry.payload.velden if isinstance(entry.payload, Gecorrigeerd) else None
    if velden is not None:
        yield from (verwijzing.id for verwijzing in (velden.reden, velden.tekst) if verwijzing is not None)
        yield from (standpunt.tekst.id for standpunt in velden.standpunten or ())
        yield from (opvolging.reden.id for opvolging in velden.adviezen or () if opvolging.reden is not None)


def day_of(opening: Opening | None) -> date | None:
    """The vergadering or sluitingsdatum of a stap."""
    if opening is None:
        return None
    return opening.ronde.tot_en_met if opening.ronde else opening.zitting.vergadering if opening.zitting else None


def _moved(entry: Entry, here: Opening | None, opent: Opening | None) -> tuple[date | None, date | None]:
    """The old and the new day of an entry that holds over, sends back or sets dates."""
    back = isinstance(entry.payload, Besluit) and entry.payload.uitkomst in (*MOVES_NOTHING, Uitkomst.TERUGVERWIJZEN)
    dated = isinstance(entry.payload, DatumsGezet) and entry.payload.uitstel is None
    return (day_of(here), day_of(opent)) if (back or dated) and opent is not None else (None, None)


def _public_name(dossier: Dossier, ambtelijk: set[str]) -> Callable[[str], str]:
    def naam(fase: str) -> str:
        stap = dossier.route.stap(fase)
        return IN_PREPARATION if stap is not None and stap.gremium in ambtelijk else dossier.route.naam_van(fase)

    return naam


def sentence(dossier: Dossier, entry: Entry, naam: Callable[[str], str]) -> str:
    """What an entry says; ``naam`` says how a stap or ending is called."""
    stelsel = dossier.stelsel
    match entry.payload:
        case Geopend() as p:
            trekker = f"; trekker {stelsel.ontvanger_van_rol(p.trekker).naam}" if p.trekker else ""
            return f"In routing gebracht door {stelsel.naam_van(entry.orgaan)}; naar '{naam(p.naar)}'{trekker}"
        case Besluit() as p:
            return _besluit(dossier, entry, p, naam)
        case Inbreng() as p if p.soort in ADVIEZEN:
            over = f" over {'het proces' if p.over.value == 'proces' else 'de inhoud'}" if p.over else ""
            return f"{stelsel.naam_van(entry.orgaan)}: {p.soort.value}{over}{_plek(dossier, p)}"
        case Inbreng() as p:
            return _inbreng(dossier, entry, p)
        case Verlopen() as p if p.over_naar is not None:
            was, wordt = stelsel.orgaan(entry.orgaan).naam, stelsel.orgaan(p.over_naar).naam
            return f"{was} bestaat niet meer; {wordt} neemt de plaats over"
        case Verlopen() as p:
            stap = dossier.route.stap(entry.stap)
            decides = stap is not None and stap.ronde is not None and stap.ronde.antwoord is Antwoord.BESLUIT
            wat = "Termijn" if decides else "Reactietermijn"
            return f"{wat} van '{naam(entry.stap)}' afgelopen; naar '{naam(p.naar)}'"
        case DatumsGezet() as p if p.uitstel is not None:
            wie = enumerated([stelsel.orgaan(orgaan).naam for orgaan in p.uitstel.organen])
            return f"{'Opnieuw gevraagd: ' if p.uitstel.opnieuw else 'Uitstel voor '}{wie}, tot en met {written(p.uitstel.tot_en_met)}"
        case DatumsGezet() as p:
            day = day_of(p.opent)
            spoed = f" (met spoed, toegestaan door {p.toegestaan_door})" if p.toegestaan_door else ""
            return f"Datum van '{naam(entry.stap)}' verzet naar {written(day) if day else 'onbekend'}{spoed}"
        case Stuk() as p:
            return _stuk(dossier, entry, p)
        case Antwoorden() as p:
            punten = "1 punt" if len(p.punten) == 1 else f"{len(p.punten)} punten"
            return f"Nota van Beantwoording: {punten} bijgewerkt ({enumerated([punt.slug for punt in p.punten])})"
        case Gecorrigeerd() as p if p.velden is not None:
            return f"Regel {p.nr} gecorrigeerd: {', '.join(sorted(p.velden.model_fields_set))}"
        case Gecorrigeerd() as p:
            return f"Regel {p.nr} herroepen"
        case Gewist() as p:
            return f"Tekst {p.id} gewist: {p.grond}"
        case _:
            return entry.soort.value


_VERSLAG = {Vaststelling.VASTGESTELD: " (verslag vastgesteld)", Vaststelling.GEWIJZIGD: " (verslag gewijzigd vastgesteld)"}


def _besluit(dossier: Dossier, entry: Entry, p: Besluit, naam: Callable[[str], str]) -> str:
    extra = f" (afwijking, toegestaan door {p.afwijking.toegestaan_door})" if p.afwijking else ""
    extra += _VERSLAG.get(p.vaststelling, "")
    volgt = f"; naar '{naam(p.naar)}'" if p.naar != entry.stap else ""
    if not volgt and p.opent is None and entry.orgaan not in (dossier.ronde.standen if dossier.ronde else ()):
        volgt = "; het stuk wacht op de andere gremia"
    return f"{dossier.stelsel.naam_van(entry.orgaan)}: {p.uitkomst.label}{extra}{volgt}"


def _inbreng(dossier: Dossier, entry: Entry, p: Inbreng) -> str:
    hoe = [
        f"namens {speaker(p.namens.value)}" if p.namens else None,
        p.vorm and p.vorm.value,
        p.behandelwijze and p.behandelwijze.value.replace("-", " "),
        f"vastgesteld op {written(p.vastgesteld_op)}" if p.vastgesteld_op else None,
        f"geagendeerd op {written(p.geagendeerd_op)}" if p.geagendeerd_op else None,
        f"bundelt de inbreng van regel {enumerated(list(map(str, p.bundelt)))}" if p.bundelt else None,
    ]
    meer = ", ".join(part for part in hoe if part)
    wie = dossier.stelsel.afzender(entry.orgaan)
    return f"{wie}: {p.soort.value.replace('-', ' ')}{f' ({meer})' if meer else ''}{_plek(dossier, p)}"


def _plek(dossier: Dossier, p: Inbreng) -> str:
    if p.stuk is None or p.versie is None:
        return ""
    return f", over {_place(dossier, p.stuk, p.versie, p.onderdelen)}"


def _place(dossier: Dossier, stuk: str, versie: Versie, onderdelen: Sequence[str]) -> str:
    """What a position is about; a person has to say that a later versie changes it before it counts as one on an earlier versie."""
    later = changed_since(dossier.stukken, stuk, versie, onderdelen)
    deel = f"{enumerated(onderdelen)} van " if onderdelen else ""
    return f"{deel}{stuk} ({versie.value}{f'; op eerdere versie, veranderd in {later.value}' if later else ''})"


def _stuk(dossier: Dossier, entry: Entry, p: Stuk) -> str:
    if p.verzoek is None:
        assert p.versie is not None and p.status is not None
        vanaf = f" tot {written(p.openbaar_vanaf)}" if p.openbaar_vanaf else ""
        nieuw = f"; gewijzigd: {enumerated(p.wijzigt)}" if p.wijzigt else ""
        return f"Stuk {p.stuk}: {p.versie.value} ({p.status.value.replace('-', ' ')}{vanaf}){nieuw}"
    wie, zorgt = dossier.stelsel.naam_van(entry.orgaan), dossier.stelsel.ontvanger_van_rol(p.verzoek.eigenaar).naam
    if p.verzoek.nr is None:
        uiterlijk = f", uiterlijk {written(p.verzoek.uiterlijk)}" if p.verzoek.uiterlijk else ""
        return f"{wie} vraagt om {p.stuk}; {zorgt} zorgt ervoor{uiterlijk}"
    loopt = f"loopt nog; {zorgt} zorgt ervoor" if p.verzoek.staat is Verzoekstaat.GEVRAAGD else p.verzoek.staat.value
    return f"Verzoek van {wie} om {p.stuk} (regel {p.verzoek.nr}): {loopt}"


def _opvolging(dossier: Dossier, opvolging: Opvolging, texts: Mapping[str, str]) -> str:
    gedaan = "gevolgd" if opvolging.gevolgd else "niet gevolgd"
    waarom = f", want: {texts[opvolging.reden.id]}" if opvolging.reden is not None else ""
    return f"advies van {dossier.stelsel.naam_van(opvolging.gremium)} (regel {opvolging.nr}): {gedaan}{waarom}"


def _standpunt(dossier: Dossier, standpunt: Standpunt, texts: Mapping[str, str]) -> str:
    """A minority position as anybody reads it."""
    stelsel = dossier.stelsel
    named = {d.slug: d.naam for d in stelsel.deelnemers} | {d.slug: f"deelregio {d.naam}" for d in stelsel.deelregios}
    if standpunt.stuk is not None and standpunt.versie is not None:
        waarover = f", over {_place(dossier, standpunt.stuk, standpunt.versie, standpunt.onderdelen)}"
    else:
        waarover = f", over {enumerated(standpunt.onderdelen)}" if standpunt.onderdelen else ""
    return f"{named.get(standpunt.van, standpunt.van)} ({standpunt.regime.value}{waarover}): {texts[standpunt.tekst.id]}"
