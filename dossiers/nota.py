"""The Nota van Beantwoording of one dossier as policy staff and councils read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from dossiers import journal, stelsels
from dossiers.teksten import read_teksten
from statemachines.dossier import Dossier, replay
from statemachines.facts import Status
from statemachines.inbreng import speaker
from statemachines.nota import Gegeven, Punt, living, number_of, numbered
from statemachines.payloads import Verwijzing
from statemachines.ronde import Deelname


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
class Nota:
    """Every point of the inbreng of a dossier, in order of the inbreng, seen at journal entry ``nr``.

    ``stil`` names who was asked in a ronde that closed and gave nothing, ``open`` the points that still lack an answer.
    """

    dossier: str
    titel: str
    route: str
    nr: int
    punten: tuple[Notapunt, ...]
    stil: tuple[str, ...]
    open: tuple[str, ...]
    voorbeeld: bool


def nota(connection: Connection, stelsel: str, slug: str) -> Nota:
    """The Nota van Beantwoording of a dossier; inbreng that nobody split yet is one point. Raises UnknownSlug."""
    entries = journal.read(connection, stelsel, slug)
    dossier = replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))
    return nota_of(dossier, read_teksten(connection, stelsel, nota_teksten(dossier)))


def nota_teksten(dossier: Dossier) -> Iterator[str]:
    """The ids of every text that the Nota of a dossier shows."""
    yield dossier.titel.id
    for given in dossier.gegeven:
        if given.tekst is not None:
            yield given.tekst.id
    for punt in living(dossier.punten):
        yield from (v.id for v in (punt.tekst, punt.antwoord, punt.effect) if v is not None)


def nota_of(dossier: Dossier, teksten: Mapping[str, str]) -> Nota:
    """The Nota of a replayed dossier."""
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
    )


def _of(given: Gegeven, split: list[Punt]) -> list[Punt | None]:
    """The points of one inbreng; None when nobody split it yet."""
    return [punt for punt in split if punt.inbreng == given.nr] or [None]


def _punt(dossier: Dossier, given: Gegeven, punt: Punt | None, slug: str, teksten: Mapping[str, str]) -> Notapunt:
    def text(verwijzing: Verwijzing | None) -> str:
        return "" if verwijzing is None else teksten[verwijzing.id]

    return Notapunt(
        punt=punt.slug if punt else slug,
        inbreng=given.nr,
        orgaan=given.orgaan,
        van=dossier.stelsel.afzender(given.orgaan),
        spreekt=f"deelregio, bundelt regel {', '.join(map(str, given.bundelt))}" if given.bundelt else speaker(given.namens),
        tekst=text(punt.tekst if punt else given.tekst),
        onderdeel=punt.onderdeel if punt else "",
        oordeel=punt.oordeel.value if punt and punt.oordeel else "",
        antwoord=text(punt.antwoord if punt else None),
        effect=text(punt.effect if punt else None),
        gelijkluidend=(punt.gelijkluidend or "") if punt else "",
        te_laat=not given.telt,
    )
