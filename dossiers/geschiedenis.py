"""The journal of a dossier as sentences for planners: what happened, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dossiers.rondom import Rondom, day_of, rondom
from statemachines.dossier import ANSWER_OF, Dossier
from statemachines.facts import Kring
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
    Opvolging,
    Standpunt,
    Vaststelling,
    Verlopen,
    Versie,
    Verwijzing,
)
from statemachines.route import Antwoord
from statemachines.stukken import Stuk, Verzoekstaat, changed_since

Naming = Callable[[str], str]
"""How a stap or ending is called."""


@dataclass(frozen=True)
class Gebeurtenis:
    """One entry as a sentence, as it was corrected later; ``tekst`` is what was written with it.

    ``standpunten`` are the minority positions and ``adviezen`` what was done with advice, as sentences. ``eerst`` and ``nu`` are the old
    and new day where it moved one. ``staat_in`` says where a besluit is recorded and at which vergadering it was taken. ``verwijzingen``
    are the ids of erasable texts.
    """

    nr: int
    datum: date
    zin: str
    door: str
    herroepen: bool
    tekst: str = ""
    standpunten: tuple[str, ...] = ()
    adviezen: tuple[str, ...] = ()
    eerst: date | None = None
    nu: date | None = None
    staat_in: str = ""
    verwijzingen: tuple[str, ...] = ()


def geschiedenis(
    dossier: Dossier, entries: Sequence[Entry], kept: Mapping[int, tuple[str, ...]], texts: Mapping[str, str]
) -> Iterator[Gebeurtenis]:
    """Every entry in order; ``kept`` are the ids of its texts, corrected ones included."""
    without, agreed, around = without_effect(entries), only_agreed(entries), rondom(dossier, entries)
    for entry in entries:
        plan, beside = entry.nr in agreed, around[entry.nr]
        besluit = entry.payload if isinstance(entry.payload, Besluit) else None
        apart = {v.id for v in _apart(besluit)}
        zin = "Plan afgesproken voor de stappen die komen" if plan else _sentence(dossier, entry, beside)
        yield Gebeurtenis(
            nr=entry.nr,
            datum=entry.datum,
            zin=zin,
            door=entry.door,
            herroepen=entry.nr in without,
            tekst="; ".join(texts[v.id] for v in references(entry) if v.id not in apart),
            standpunten=tuple(_standpunt(dossier, standpunt, texts) for standpunt in (besluit.standpunten if besluit else ())),
            adviezen=tuple(_opvolging(dossier, o, texts) for o in (besluit.adviezen if besluit else ())),
            eerst=beside.eerst,
            nu=beside.nu,
            staat_in=_recorded(besluit) if besluit is not None else "",
            verwijzingen=kept[entry.nr],
        )


def _recorded(besluit: Besluit) -> str:
    bron = besluit.bron.value.replace("-", " ")
    return bron if besluit.vergadering is None else f"{bron}, vergadering van {written(besluit.vergadering)}"


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


def _sentence(dossier: Dossier, entry: Entry, beside: Rondom) -> str:
    """What an entry says."""
    stelsel, naam = dossier.stelsel, dossier.route.naam_van
    match entry.payload:
        case Geopend() as p:
            trekker = f"; trekker {stelsel.ontvanger_van_rol(p.trekker).naam}" if p.trekker else ""
            return f"In routing gebracht door {stelsel.naam_van(entry.orgaan)}; naar '{naam(p.naar)}'{trekker}"
        case Besluit() as p:
            return besluit_zin(dossier, entry, p, naam, beside)
        case Inbreng() as p if p.soort in ADVIEZEN:
            return f"{advies_zin(dossier, entry, p, beside)}{_plek(dossier, p)}"
        case Inbreng() as p:
            return _inbreng(dossier, entry, p)
        case Verlopen() as p:
            return verlopen_zin(dossier, entry, p, naam)
        case DatumsGezet() as p if p.uitstel is not None:
            wie = enumerated([stelsel.orgaan(orgaan).naam for orgaan in p.uitstel.organen])
            return f"{'Opnieuw gevraagd: ' if p.uitstel.opnieuw else 'Uitstel voor '}{wie}, tot en met {written(p.uitstel.tot_en_met)}"
        case DatumsGezet() as p:
            return verzet_zin(entry, p, naam)
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


def besluit_zin(dossier: Dossier, entry: Entry, p: Besluit, naam: Naming, beside: Rondom) -> str:
    """What was decided, and where that brings the document; ``naam`` says how a stap or ending is called."""
    noem = dossier.stelsel.naam_van
    extra = f" (afwijking, toegestaan door {p.afwijking.toegestaan_door})" if p.afwijking else ""
    extra += _VERSLAG.get(p.vaststelling, "")
    volgt = f"; naar '{naam(p.naar)}'" if p.naar != entry.stap else ""
    if beside.wacht_op:
        volgt = f"; het stuk wacht op {enumerated([noem(slug) for slug in beside.wacht_op])}"
    if beside.leidt:
        volgt = f"; het stuk gaat verder met de uitkomst van {noem(beside.leidt)}, naar '{naam(p.naar)}'"
    return f"{noem(entry.orgaan)}: {p.uitkomst.label}{extra}{volgt}"


def advies_zin(dossier: Dossier, entry: Entry, p: Inbreng, beside: Rondom) -> str:
    """Who gave an advice, asked or unasked, or was asked for one."""
    over = f" over {'het proces' if p.over.value == 'proces' else 'de inhoud'}" if p.over else ""
    hoe = "" if p.soort is InbrengSoort.ADVIESVRAAG else "gevraagd " if beside.gevraagd else "ongevraagd "
    return f"{dossier.stelsel.naam_van(entry.orgaan)}: {hoe}{p.soort.value}{over}"


def verlopen_zin(dossier: Dossier, entry: Entry, p: Verlopen, naam: Naming) -> str:
    """Which termijn ended, or which organ took the place of another."""
    if p.over_naar is not None:
        was, wordt = dossier.stelsel.orgaan(entry.orgaan).naam, dossier.stelsel.orgaan(p.over_naar).naam
        return f"{was} bestaat niet meer; {wordt} neemt de plaats over"
    stap = dossier.route.stap(entry.stap)
    decides = stap is not None and stap.ronde is not None and stap.ronde.antwoord is Antwoord.BESLUIT
    wat = "Termijn" if decides else "Reactietermijn"
    return f"{wat} van '{naam(entry.stap)}' afgelopen; naar '{naam(p.naar)}'"


def verzet_zin(entry: Entry, p: DatumsGezet, naam: Naming) -> str:
    """Which date was moved to which day."""
    day = day_of(p.opent)
    spoed = f" (met spoed, toegestaan door {p.toegestaan_door})" if p.toegestaan_door else ""
    return f"Datum van '{naam(entry.stap)}' verzet naar {written(day) if day else 'onbekend'}{spoed}"


def namens_wie(dossier: Dossier, entry: Entry, p: Inbreng) -> str:
    """On whose behalf inbreng speaks; for what may be the raad's and may be not, that nobody said it."""
    if p.namens is not None:
        return f"namens {speaker(p.namens.value)}"
    answers = p.soort in ANSWER_OF and not p.bundelt and dossier.stelsel.orgaan(entry.orgaan).kring is Kring.RADEN_STATEN
    return "namens wie is niet vermeld" if answers else ""


def _inbreng(dossier: Dossier, entry: Entry, p: Inbreng) -> str:
    hoe = [
        namens_wie(dossier, entry, p),
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
    later = next(changed_since(dossier.stukken, stuk, versie, onderdelen), None)
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


def wie_van(dossier: Dossier, standpunt: Standpunt) -> str:
    """Whose minority position it is."""
    stelsel = dossier.stelsel
    named = {d.slug: d.naam for d in stelsel.deelnemers} | {d.slug: f"deelregio {d.naam}" for d in stelsel.deelregios}
    return named.get(standpunt.van, standpunt.van)


def _standpunt(dossier: Dossier, standpunt: Standpunt, texts: Mapping[str, str]) -> str:
    if standpunt.stuk is not None and standpunt.versie is not None:
        waarover = f", over {_place(dossier, standpunt.stuk, standpunt.versie, standpunt.onderdelen)}"
    else:
        waarover = f", over {enumerated(standpunt.onderdelen)}" if standpunt.onderdelen else ""
    return f"{wie_van(dossier, standpunt)} ({standpunt.regime.value}{waarover}): {texts[standpunt.tekst.id]}"
