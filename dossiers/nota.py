"""The Nota van Beantwoording of one dossier as policy staff and councils read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dossiers import journal, stelsels
from dossiers.teksten import read_teksten
from statemachines.dossier import Dossier, replay
from statemachines.facts import Kring, Status
from statemachines.inbreng import OF_THE_RAAD, Inbreng, InbrengSoort, speaker
from statemachines.journal import Entry, in_force
from statemachines.nota import Antwoorden, Gegeven, Punt, living, number_of, numbered, replaced
from statemachines.payloads import Gecorrigeerd, Namens, Verwijzing
from statemachines.ronde import Deelname, Stand


@dataclass(frozen=True)
class Notapunt:
    """One point with its answer; empty where nothing was said yet.

    ``inbreng`` is the number of the entry that holds the inbreng, ``van`` who gave it and ``spreekt`` on whose behalf, so that the view
    of a college, commissie or fractie never passes for that of the raad. ``te_laat`` inbreng may be answered too.
    """

    punt: str
    inbreng: int
    orgaan: str
    van: str
    spreekt: str
    tekst: str
    onderdeel: str
    oordeel: str
    antwoord: str
    effect: str
    gelijkluidend: str
    te_laat: bool


@dataclass(frozen=True)
class Ingebracht:
    """How the inbreng of entry ``nr`` came; ``vorm`` is empty when nobody said, ``vervangen_door`` the entry in its place."""

    nr: int
    datum: date
    vorm: str
    vervangen_door: int | None


@dataclass(frozen=True)
class GeenOpvatting:
    """Who said to have no opvatting, ``van`` and ``spreekt`` as in a Notapunt, and in what words."""

    orgaan: str
    van: str
    spreekt: str
    datum: date
    tekst: str
    te_laat: bool


@dataclass(frozen=True)
class Nota:
    """Every point of the inbreng of a dossier, in order of the inbreng, seen at journal entry ``nr``; ``stand_op`` is its last day.

    ``stil`` names who was asked in a ronde that closed and gave nothing, ``open`` the points that still lack an answer. ``nagaan`` are
    the points of inbreng whose text was corrected after they were last recorded.
    """

    dossier: str
    titel: str
    route: str
    nr: int
    punten: tuple[Notapunt, ...]
    stil: tuple[str, ...]
    open: tuple[str, ...]
    voorbeeld: bool
    stand_op: date
    ingebracht: tuple[Ingebracht, ...] = ()
    geen_opvatting: tuple[GeenOpvatting, ...] = ()
    nagaan: tuple[str, ...] = ()


def nota(connection: Connection, stelsel: str, slug: str) -> Nota:
    """The Nota van Beantwoording of a dossier; inbreng that nobody split yet is one point. Raises UnknownSlug."""
    entries = journal.read(connection, stelsel, slug)
    dossier = replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))
    entries = in_force(entries)
    return nota_of(dossier, read_teksten(connection, stelsel, nota_teksten(dossier, entries)), entries)


def nota_teksten(dossier: Dossier, entries: Sequence[Entry] = ()) -> Iterator[str]:
    """The ids of every text that the Nota of a dossier shows."""
    yield dossier.titel.id
    for given in dossier.gegeven:
        if given.tekst is not None:
            yield given.tekst.id
    for punt in living(dossier.punten):
        yield from (v.id for v in (punt.tekst, punt.antwoord, punt.effect) if v is not None)
    for _, inbreng in _without_opvatting(dossier, entries):
        if inbreng.tekst is not None:
            yield inbreng.tekst.id


def nota_of(dossier: Dossier, teksten: Mapping[str, str], entries: Sequence[Entry] = ()) -> Nota:
    """The Nota of a replayed dossier; without its ``entries`` it is no more than the points."""
    whole = numbered(dossier.gegeven, dossier.punten)
    split = sorted(living(dossier.punten), key=lambda punt: number_of(punt.slug))
    gave = {given.orgaan for given in dossier.gegeven}
    silent = [stand for ronde in dossier.rondes for stand in ronde.standen.values() if stand.staat is Deelname.GEEN_REACTIE]
    return Nota(
        dossier=dossier.slug,
        titel=teksten[dossier.titel.id],
        route=dossier.route.naam,
        nr=dossier.nr,
        punten=tuple(
            _punt(dossier, given, punt, whole.get(given.nr, ""), teksten) for given in dossier.gegeven for punt in _of(given, split)
        ),
        stil=tuple(dict.fromkeys(dossier.stelsel.orgaan(stand.orgaan).naam for stand in silent if stand.orgaan not in gave)),
        open=dossier.open_punten,
        voorbeeld=any(kalender.status is Status.VOORBEELD for kalender in dossier.stelsel.kalenders),
        stand_op=max((entry.datum for entry in entries), default=dossier.sinds),
        ingebracht=tuple(_came(dossier, entries)),
        geen_opvatting=tuple(
            GeenOpvatting(
                orgaan=stand.orgaan,
                van=_from(dossier, stand.orgaan, inbreng.namens),
                spreekt=_speaks(dossier, stand.orgaan, inbreng.namens),
                datum=stand.datum or dossier.sinds,
                tekst=teksten[inbreng.tekst.id] if inbreng.tekst else "",
                te_laat=stand.staat is Deelname.TE_LAAT,
            )
            for stand, inbreng in _without_opvatting(dossier, entries)
        ),
        nagaan=tuple(_corrected_since(dossier, entries)),
    )


def _came(dossier: Dossier, entries: Sequence[Entry]) -> Iterator[Ingebracht]:
    gone = replaced(dossier.gegeven)
    known = {given.nr for given in dossier.gegeven}
    for entry in entries:
        if entry.nr in known and isinstance(entry.payload, Inbreng):
            vorm = entry.payload.vorm
            yield Ingebracht(entry.nr, entry.datum, vorm.value if vorm else "", gone.get(entry.nr))


def _without_opvatting(dossier: Dossier, entries: Sequence[Entry]) -> Iterator[tuple[Stand, Inbreng]]:
    """Who said to have no opvatting and said nothing else since, the first ronde first."""
    said = {entry.nr: entry.payload for entry in entries}
    for ronde in reversed(dossier.rondes):
        for stand in ronde.standen.values():
            inbreng = said.get(stand.nr or 0)
            if isinstance(inbreng, Inbreng) and inbreng.soort is InbrengSoort.GEEN_OPVATTING:
                yield stand, inbreng


def _corrected_since(dossier: Dossier, entries: Sequence[Entry]) -> Iterator[str]:
    """The points that were last recorded before the text of their inbreng was corrected."""
    recorded: dict[str, int] = {}
    corrected: dict[int, int] = {}
    for entry in entries:
        match entry.payload:
            case Antwoorden(punten=punten):
                recorded |= {punt.slug: entry.nr for punt in punten}
            case Gecorrigeerd(nr=nr, velden=velden) if velden is not None and velden.tekst is not None:
                corrected[nr] = entry.nr
    return (punt.slug for punt in living(dossier.punten) if corrected.get(punt.inbreng, 0) > recorded.get(punt.slug, dossier.nr))


def _from(dossier: Dossier, orgaan: str, namens: Namens | None) -> str:
    """Who gave inbreng: the organ that was asked, or its college, commissie or fractie when only that spoke."""
    naam = dossier.stelsel.afzender(orgaan)
    if namens is None or namens in OF_THE_RAAD:
        return naam
    if namens is Namens.COLLEGE:
        college = dossier.stelsel.orgaan_van(dossier.stelsel.orgaan(orgaan).deelnemer, Kring.COLLEGES)
        return college.naam if college is not None else naam
    return f"{namens.value} in {'de ' if naam[:1].islower() else ''}{naam}"


def _speaks(dossier: Dossier, orgaan: str, namens: Namens | None) -> str:
    if namens is None and dossier.stelsel.orgaan(orgaan).kring is Kring.RADEN_STATEN:
        return "niet vermeld namens wie"
    return speaker(namens.value if namens else None)


def _of(given: Gegeven, split: list[Punt]) -> list[Punt | None]:
    """The points of one inbreng; None when nobody split it yet."""
    return [punt for punt in split if punt.inbreng == given.nr] or [None]


def _punt(dossier: Dossier, given: Gegeven, punt: Punt | None, slug: str, teksten: Mapping[str, str]) -> Notapunt:
    def text(verwijzing: Verwijzing | None) -> str:
        return "" if verwijzing is None else teksten[verwijzing.id]

    namens = Namens(given.namens) if given.namens else None
    return Notapunt(
        punt=punt.slug if punt else slug,
        inbreng=given.nr,
        orgaan=given.orgaan,
        van=dossier.stelsel.afzender(given.orgaan) if given.bundelt else _from(dossier, given.orgaan, namens),
        spreekt=f"deelregio, bundelt regel {', '.join(map(str, given.bundelt))}"
        if given.bundelt
        else _speaks(dossier, given.orgaan, namens),
        tekst=text(punt.tekst if punt else given.tekst),
        onderdeel=punt.onderdeel if punt else "",
        oordeel=punt.oordeel.value if punt and punt.oordeel else "",
        antwoord=text(punt.antwoord if punt else None),
        effect=text(punt.effect if punt else None),
        gelijkluidend=(punt.gelijkluidend or "") if punt else "",
        te_laat=not given.telt,
    )
