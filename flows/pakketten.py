"""Griffiepakketten: for the raden or colleges that are asked in the open ronde of a dossier, the ZIP with their own dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dossiers import stand, stelsels, teksten
from dossiers.database import reading
from flows.house import House
from notifications.eigen_data import Eigen, eigen_data
from notifications.gehoor import Gehoor, Hoedanigheid
from notifications.griffiepakket.inhoud import inhoud, public_stukken
from notifications.griffiepakket.maken import griffiepakket
from notifications.messages import inbrengmoment
from statemachines.dossier import Dossier
from statemachines.errors import NotAsked, Refused, Unusable
from statemachines.planning.planner import Planner
from statemachines.ronde import Ronde

OPENBAAR = "openbaar"
"""The folder in KADER_MAP that the website of the stelsel serves."""
SJABLONEN = "sjablonen"
"""The folder in that of a stelsel in which a region keeps templates of its own."""


@dataclass(frozen=True)
class Pakket:
    """The files of one organ: until when it can answer, its own dates, and the ``bytes`` of the ZIP."""

    orgaan: str
    naam: str
    tot_en_met: date
    eigen: tuple[Eigen, ...]
    zip: bytes


def pakketten(house: House, slug: str, op: date, raad: str | None = None) -> Iterator[Pakket]:
    """The pakket of everyone who is asked now, or only of ``raad`` (a deelnemer or one of its organs), seen from ``op``.

    Raises UnknownSlug for the dossier, and NotAsked when no ronde is open or this raad is not asked in it.
    """
    with reading(house.engine) as connection:
        dossier = stand.load(connection, house.stelsel, slug)
        ronde = _open_ronde(dossier, op)
        organen = [_asked(dossier, ronde, raad)] if raad is not None else list(ronde.standen)
        feiten = stelsels.current(connection, house.stelsel, max(op, dossier.geopend))
        titles = [versie.titel.id for _, versie in public_stukken(dossier, op) if versie.titel is not None]
        texts = teksten.read_teksten(connection, house.stelsel, [dossier.titel.id, *titles])
    planner, sjablonen = Planner(feiten, op), house.settings.stelsel / SJABLONEN
    for orgaan in organen:
        wie, eigen = dossier.stelsel.orgaan(orgaan), eigen_data(planner, ronde, orgaan)
        moment = inbrengmoment(dossier, ronde, Gehoor(wie.ontvanger, Hoedanigheid.CONTACT, (orgaan,)), None)
        words = inhoud(dossier, ronde, orgaan, moment, eigen, texts, op)
        yield Pakket(orgaan, wie.naam, ronde.until(orgaan), eigen, griffiepakket(words, wie.deelnemer, ronde.van, sjablonen))


def write_pakketten(house: House, slug: str, op: date, raad: str | None = None, naar: Path | None = None) -> Iterator[tuple[Pakket, Path]]:
    """Writes every pakket as ``<naar>/<slug>/<orgaan>.zip``, where an older one is replaced; raises Unusable when that cannot be.

    Without ``naar`` in the folder that the website serves, at the path that the mails link.
    """
    folder = (naar or house.settings.map / OPENBAAR / "dossier") / slug
    for pakket in pakketten(house, slug, op, raad):
        target = folder / f"{pakket.orgaan}.zip"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(pakket.zip)
        except OSError as error:
            raise Unusable(f"'{target}' is niet te schrijven ({type(error).__name__}); kies met --naar een andere map.") from None
        yield pakket, target


def publish_pakketten(house: House, op: date) -> int:
    """Puts the pakketten of every open ronde where the mails link them; gives the number that was made.

    Those of a ronde are made again when its dates or the accepted facts changed.
    """
    with reading(house.engine) as connection:
        slugs = list(stand.with_open_ronde(connection, house.stelsel))
    return sum(_publish(house, slug, op) for slug in slugs)


def _publish(house: House, slug: str, op: date) -> int:
    with reading(house.engine) as connection:
        dossier = stand.load(connection, house.stelsel, slug)
        digest = stelsels.current_digest(connection, house.stelsel, max(op, dossier.geopend))
    ronde = dossier.open_ronde
    if ronde is None or op < dossier.sinds:
        return 0
    made = f"{ronde.stap}/{ronde.bezoek}/{ronde.datumversie}/{digest}"
    marker = house.settings.map / OPENBAAR / "dossier" / slug / ".gemaakt"
    if marker.is_file() and marker.read_text(encoding="utf-8") == made:
        return 0
    count = sum(1 for _ in write_pakketten(house, slug, op))
    marker.write_text(made, encoding="utf-8")
    return count


def _open_ronde(dossier: Dossier, op: date) -> Ronde:
    ronde = dossier.open_ronde
    if ronde is None:
        naam = dossier.route.naam_van(dossier.fase)
        raise NotAsked(f"Dossier {dossier.slug} staat bij '{naam}'; een pakket is er alleen als een ronde open is.")
    if op < dossier.sinds:
        raise Refused(f"De ronde opende pas op {dossier.sinds:%d-%m-%Y}; kies met --op een dag vanaf dan.")
    return ronde


def _asked(dossier: Dossier, ronde: Ronde, raad: str) -> str:
    own = dossier.stelsel.orgaan_van(raad, ronde.kring)
    orgaan = raad if own is None else own.slug
    if orgaan not in ronde.standen:
        wie = ", ".join(dossier.stelsel.orgaan(slug).deelnemer for slug in ronde.standen)
        raise NotAsked(f"'{raad[:80]}' is niet gevraagd in de ronde van {dossier.slug}; wel: {wie}.")
    return orgaan
