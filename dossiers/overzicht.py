"""The whole story of one dossier, once, for everyone who shows it.

The planners' story holds everything; ``openbaar`` builds the public half from what may be public, so that nothing else can
slip in: no ambtelijke stops, no reasons of planning, and who has not reacted only when the dossier has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dossiers import journal, stelsels
from dossiers.teksten import read_teksten
from statemachines.dossier import Dossier, replay
from statemachines.due import volgende
from statemachines.facts import Laag
from statemachines.inbreng import OF_THE_RAAD, Inbreng, Namens
from statemachines.journal import Entry, in_force, only_agreed, without_effect
from statemachines.kalender import enumerated, written
from statemachines.payloads import (
    Besluit,
    DatumsGezet,
    Gecorrigeerd,
    Geopend,
    Gewist,
    Opening,
    Standpunt,
    Vaststelling,
    Verlopen,
    Verwijzing,
)
from statemachines.ronde import Deelname, Stand
from statemachines.route import Antwoord


@dataclass(frozen=True)
class Stapregel:
    """One stap of the route: ``status`` is geweest, nu, straks or einde; the dates are those of its last visit."""

    slug: str
    naam: str
    gremium: str
    rol: str
    status: str
    openbaar: bool
    van: date | None = None
    moment: date | None = None
    aanleverdatum: date | None = None
    uitkomst: str = ""
    waarom: str = ""


@dataclass(frozen=True)
class Deelnemerregel:
    """Where one deelnemer stands in the last ronde."""

    orgaan: str
    naam: str
    staat: str
    datum: date | None
    uitkomst: str | None
    behandelwijze: str = ""
    geagendeerd_op: date | None = None


@dataclass(frozen=True)
class Gebeurtenis:
    """One entry as a sentence, as it was corrected later; ``tekst`` is what was written with it.

    ``standpunten`` are the minority positions as sentences, ``verwijzingen`` the ids of erasable texts.
    """

    nr: int
    datum: date
    zin: str
    door: str
    herroepen: bool
    openbaar: bool
    tekst: str = ""
    standpunten: tuple[str, ...] = ()
    verwijzingen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overzicht:
    """A dossier with its route, last ronde and history."""

    slug: str
    titel: str
    route: str
    stelselversie: str
    fase: str
    fase_naam: str
    sinds: date
    geeindigd: bool
    wie: str
    moment: date | None
    wat: str
    waarom: str
    stappen: tuple[Stapregel, ...]
    ronde: tuple[Deelnemerregel, ...]
    geschiedenis: tuple[Gebeurtenis, ...]


@dataclass(frozen=True)
class Openbaar:
    """What councils and the public may see of a dossier."""

    slug: str
    titel: str
    route: str
    stap: str
    stappen: tuple[tuple[str, str, str, date | None, date | None], ...]
    ronde: tuple[tuple[str, str, date | None], ...]
    geschiedenis: tuple[tuple[date, str, tuple[str, ...]], ...]


def overzicht(connection: Connection, stelsel: str, slug: str) -> Overzicht:
    """Everything that planners see of a dossier; raises UnknownSlug."""
    written_down = journal.read(connection, stelsel, slug)
    entries = in_force(written_down)
    dossier = replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))
    references = {entry.nr: tuple(v.id for v in _references(entry)) for entry in entries}
    kept = {e.nr: tuple(dict.fromkeys([*(v.id for v in _references(e)), *references[e.nr], *_corrected(e)])) for e in written_down}
    texts = read_teksten(connection, stelsel, [ident for ids in kept.values() for ident in ids])
    straks = volgende(dossier)
    return Overzicht(
        slug=slug,
        titel=texts[dossier.titel.id],
        route=dossier.route.naam,
        stelselversie=dossier.stelsel.digest,
        fase=dossier.fase,
        fase_naam=dossier.route.naam_van(dossier.fase),
        sinds=dossier.sinds,
        geeindigd=dossier.ended,
        wie=straks.wie,
        moment=straks.moment,
        wat=straks.wat,
        waarom=straks.waarom,
        stappen=tuple(_stappen(dossier, entries)),
        ronde=tuple(_ronde(dossier)),
        geschiedenis=tuple(_geschiedenis(dossier, entries, references, kept, texts)),
    )


def openbaar(whole: Overzicht) -> Openbaar:
    """The public half."""
    return Openbaar(
        slug=whole.slug,
        titel=whole.titel,
        route=whole.route,
        stap=next(
            (s.naam for s in whole.stappen if s.status == "nu" and s.openbaar),
            "in voorbereiding" if not whole.geeindigd else whole.fase_naam,
        ),
        stappen=tuple((s.naam, s.gremium, s.status, s.van, s.moment) for s in whole.stappen if s.openbaar),
        ronde=tuple((d.naam, d.staat, d.datum) for d in whole.ronde if whole.geeindigd or d.datum is not None),
        geschiedenis=tuple((g.datum, g.zin, g.standpunten) for g in whole.geschiedenis if g.openbaar and not g.herroepen),
    )


def _references(entry: Entry) -> Iterator[Verwijzing]:
    match entry.payload:
        case Geopend() as p:
            yield p.titel
        case DatumsGezet() as p:
            yield p.reden
        case Gecorrigeerd() as p:
            yield p.reden
        case Besluit() as p:
            yield from (v for v in (p.reden, p.afwijking.reden if p.afwijking else None) if v is not None)
            yield from (standpunt.tekst for standpunt in p.standpunten)
        case Inbreng() as p:
            yield from (v for v in (p.tekst, p.indiener) if v is not None)


def _corrected(entry: Entry) -> Iterator[str]:
    """The ids of the texts that a correction put in the place of others."""
    velden = entry.payload.velden if isinstance(entry.payload, Gecorrigeerd) else None
    if velden is not None:
        yield from (verwijzing.id for verwijzing in (velden.reden, velden.tekst) if verwijzing is not None)
        yield from (standpunt.tekst.id for standpunt in velden.standpunten or ())


def _stappen(dossier: Dossier, entries: list[Entry]) -> Iterator[Stapregel]:
    openings: dict[str, Opening] = {}
    done: dict[str, tuple[date, str]] = {}
    without = without_effect(entries)
    for entry in (e for e in entries if e.nr not in without):
        opent = getattr(entry.payload, "opent", None)
        if opent is not None:
            openings[opent.stap] = opent
        naar = getattr(entry.payload, "naar", None)
        if naar is not None and naar != entry.stap:
            of_ronde = any(stap.slug == entry.stap and stap.ronde is not None for stap in dossier.route.stappen)
            uitkomst = entry.payload.uitkomst.label if isinstance(entry.payload, Besluit) and not of_ronde else "gesloten"
            done[entry.stap] = (entry.datum, "in routing gebracht" if isinstance(entry.payload, Geopend) else uitkomst)
    for stap in dossier.route.stappen:
        gremium = dossier.stelsel.gremium(stap.gremium)
        opening = openings.get(stap.slug)
        zitting, ronde = (opening.zitting, opening.ronde) if opening else (None, None)
        now = stap.slug == dossier.fase
        datum, uitkomst = done.get(stap.slug, (None, ""))
        yield Stapregel(
            slug=stap.slug,
            naam=stap.naam,
            gremium=gremium.naam,
            rol=stap.rol.value,
            status="nu" if now else "geweest" if datum else "straks" if not dossier.ended else "overgeslagen",
            openbaar=gremium.laag is not Laag.AMBTELIJK,
            van=ronde.van if ronde else None,
            moment=(ronde.tot_en_met if ronde else None) or (zitting.vergadering if zitting and now else None) or datum,
            aanleverdatum=zitting.aanleverdatum if zitting else None,
            uitkomst="" if now else uitkomst,
            waarom=(f"{ronde.waarom} ({ronde.bron})" if ronde else zitting.waarom if zitting else ""),
        )


def _ronde(dossier: Dossier) -> Iterator[Deelnemerregel]:
    for slug, stand in (dossier.ronde.standen if dossier.ronde else {}).items():
        yield Deelnemerregel(
            orgaan=slug,
            naam=dossier.stelsel.orgaan(slug).naam,
            staat=_staat(stand),
            datum=stand.datum,
            uitkomst=stand.uitkomst.label if stand.uitkomst else None,
            behandelwijze=(stand.behandelwijze or "").replace("-", " "),
            geagendeerd_op=stand.geagendeerd_op,
        )


def _staat(stand: Stand) -> str:
    """Where a deelnemer stands; what somebody else than the raad or Staten gave never passes for theirs."""
    if stand.staat is Deelname.REACTIE and stand.namens is not None and Namens(stand.namens) not in OF_THE_RAAD:
        return f"reactie van {stand.namens.replace('-', ' ')}; geen standpunt van de raad"
    if stand.concept is not None and stand.staat in (Deelname.UITGENODIGD, Deelname.GEEN_REACTIE):
        return f"{stand.staat.label}; wel een concept onder voorbehoud"
    return stand.staat.label


def _geschiedenis(
    dossier: Dossier,
    entries: list[Entry],
    references: Mapping[int, tuple[str, ...]],
    kept: Mapping[int, tuple[str, ...]],
    texts: Mapping[str, str],
) -> Iterator[Gebeurtenis]:
    without = without_effect(entries)
    agreed = only_agreed(entries)
    ambtelijk = {g.slug for g in dossier.stelsel.gremia if g.laag is Laag.AMBTELIJK}
    for entry in entries:
        shown = entry.orgaan not in ambtelijk and isinstance(entry.payload, Besluit | DatumsGezet | Verlopen | Inbreng)
        standpunten = entry.payload.standpunten if isinstance(entry.payload, Besluit) else ()
        apart = {standpunt.tekst.id for standpunt in standpunten}
        tekst = "; ".join(texts[ident] for ident in references[entry.nr] if ident not in apart)
        yield Gebeurtenis(
            nr=entry.nr,
            datum=entry.datum,
            zin=_zin(dossier, entry) if entry.nr not in agreed else "Plan afgesproken voor de stappen die komen",
            door=entry.door,
            herroepen=entry.nr in without,
            openbaar=shown and entry.nr not in agreed,
            tekst=tekst,
            standpunten=tuple(_standpunt(dossier, standpunt, texts) for standpunt in standpunten),
            verwijzingen=kept[entry.nr],
        )


def _zin(dossier: Dossier, entry: Entry) -> str:
    naam = dossier.route.naam_van
    match entry.payload:
        case Geopend() as p:
            return f"In routing gebracht door {dossier.stelsel.naam_van(entry.orgaan)}; naar '{naam(p.naar)}'"
        case Besluit() as p:
            wie = dossier.stelsel.naam_van(entry.orgaan)
            extra = f" (afwijking, toegestaan door {p.afwijking.toegestaan_door})" if p.afwijking else ""
            extra += {Vaststelling.VASTGESTELD: " (verslag vastgesteld)", Vaststelling.GEWIJZIGD: " (verslag gewijzigd vastgesteld)"}.get(
                p.vaststelling, ""
            )
            return f"{wie}: {p.uitkomst.label}{extra}" + (f"; naar '{naam(p.naar)}'" if p.naar != entry.stap else "")
        case Inbreng() as p:
            hoe = [
                p.namens and f"namens {p.namens.value.replace('-', ' ')}",
                p.vorm and p.vorm.value,
                p.behandelwijze and p.behandelwijze.value,
            ]
            hoe += [f"vastgesteld op {written(p.vastgesteld_op)}" if p.vastgesteld_op else None]
            hoe += [f"geagendeerd op {written(p.geagendeerd_op)}" if p.geagendeerd_op else None]
            meer = ", ".join(part.replace("-", " ") for part in hoe if part)
            return f"{dossier.stelsel.orgaan(entry.orgaan).naam}: {p.soort.value.replace('-', ' ')}{f' ({meer})' if meer else ''}"
        case Verlopen() as p if p.over_naar is not None:
            was, wordt = dossier.stelsel.orgaan(entry.orgaan).naam, dossier.stelsel.orgaan(p.over_naar).naam
            return f"{was} bestaat niet meer; {wordt} neemt de plaats over"
        case Verlopen() as p:
            wat = "Reactietermijn" if dossier.ronde is None or dossier.ronde.antwoord is Antwoord.INBRENG else "Termijn"
            return f"{wat} van '{naam(entry.stap)}' afgelopen; naar '{naam(p.naar)}'"
        case DatumsGezet() as p:
            moment = p.opent.ronde.tot_en_met if p.opent.ronde else p.opent.zitting.vergadering if p.opent.zitting else None
            return f"Datum van '{naam(entry.stap)}' verzet naar {written(moment) if moment else 'onbekend'}"
        case Gecorrigeerd() as p if p.velden is not None:
            return f"Regel {p.nr} gecorrigeerd: {', '.join(sorted(p.velden.model_fields_set))}"
        case Gecorrigeerd() as p:
            return f"Regel {p.nr} herroepen"
        case Gewist() as p:
            return f"Tekst {p.id} gewist: {p.grond}"
        case _:
            return entry.soort.value


def _standpunt(dossier: Dossier, standpunt: Standpunt, texts: Mapping[str, str]) -> str:
    """A minority position as anybody reads it."""
    stelsel = dossier.stelsel
    named = {d.slug: d.naam for d in stelsel.deelnemers} | {d.slug: f"deelregio {d.naam}" for d in stelsel.deelregios}
    waarover = f", over {enumerated(standpunt.onderdelen)}" if standpunt.onderdelen else ""
    return f"{named.get(standpunt.van, standpunt.van)} ({standpunt.regime.value}{waarover}): {texts[standpunt.tekst.id]}"
