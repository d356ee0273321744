"""Feestdagen and school holidays of a region, asked of the library ``holidays``; what it does not know is never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from holidays import country_holidays
from pydantic import Field

from config.sources import Source, Where
from statemachines.facts import Fact, Kalenderfeiten, Model, Vrij

DAY = timedelta(days=1)
LONGEST = timedelta(days=366 * 60)
WITHOUT_FEESTDAG = timedelta(days=300)
WITHOUT_RECES = timedelta(days=100)
"""No year goes so long without a feestdag or school holiday: such a gap means that the library stops knowing."""


class Bibliotheek(Fact):
    """What is asked of the library: country, region, from when to when (both days included), and which categories."""

    land: str = Field(min_length=2, max_length=3)
    regio: str | None = None
    vanaf: date
    tot_en_met: date
    feestdagen: tuple[str, ...] = Field(min_length=1)
    recessen: tuple[str, ...] = ()


class Kalenderbestand(Model):
    """The file that says where working days and recess come from."""

    bibliotheek: Bibliotheek
    extra_dagen: tuple[Vrij, ...]
    extra_recessen: tuple[Vrij, ...]


def build(source: Source, bestand: Kalenderbestand) -> Kalenderfeiten | None:
    """The feestdagen and recessen from the library with those of the stelsel, or None with the problems noted."""
    vraag = bestand.bibliotheek
    at: Where = ("bibliotheek", "tot_en_met")
    if vraag.tot_en_met < vraag.vanaf or vraag.tot_en_met - vraag.vanaf > LONGEST:
        source.refuse(at, f"De kalender moet vooruit lopen, hoogstens zestig jaar; nu van {vraag.vanaf} tot en met {vraag.tot_en_met}.")
        return None
    before = len(source.problems)
    for key, extra in (("extra_dagen", bestand.extra_dagen), ("extra_recessen", bestand.extra_recessen)):
        for i, vrij in enumerate(extra):
            if not vraag.vanaf <= vrij.vanaf <= vrij.tot_en_met <= vraag.tot_en_met:
                zin = f"'{vrij.naam}' eindigt voor het begin, of ligt niet binnen {vraag.vanaf} tot en met {vraag.tot_en_met}."
                source.refuse((key, i), zin)
    try:
        feestdagen = _ask(vraag, vraag.feestdagen)
        recessen = _ask(vraag, vraag.recessen) if vraag.recessen else ()
    except (NotImplementedError, ValueError):
        source.refuse(
            ("bibliotheek",),
            f"De bibliotheek holidays kent land '{vraag.land}', regio '{vraag.regio or '-'}' of een van deze soorten dagen niet; "
            "voor Nederland kan: NL, met Noord, Midden of Zuid, en public, optional en school.",
        )
        return None
    for wat, dagen, gap in (("feestdagen", feestdagen, WITHOUT_FEESTDAG), ("schoolvakanties", recessen, WITHOUT_RECES)):
        asked = vraag.feestdagen if wat == "feestdagen" else vraag.recessen
        if asked and (last := _known_to(vraag, dagen, gap)) < vraag.tot_en_met:
            source.refuse(at, f"De bibliotheek holidays kent na {last} niet alle {wat}; kies een eerdere datum of een nieuwere versie.")
    if len(source.problems) > before:
        return None
    return Kalenderfeiten(
        vanaf=vraag.vanaf,
        tot_en_met=vraag.tot_en_met,
        feestdagen=(*feestdagen, *bestand.extra_dagen),
        recessen=(*recessen, *bestand.extra_recessen),
        bron=vraag.bron,
        status=vraag.status,
    )


def _ask(vraag: Bibliotheek, soorten: tuple[str, ...]) -> tuple[Vrij, ...]:
    years = range(vraag.vanaf.year, vraag.tot_en_met.year + 1)
    known = country_holidays(vraag.land, subdiv=vraag.regio, years=years, categories=soorten, language="nl")
    days = sorted((day, naam) for day, naam in known.items() if vraag.vanaf <= day <= vraag.tot_en_met)
    return tuple(Vrij(naam=naam, vanaf=van, tot_en_met=tot, bron=vraag.bron, status=vraag.status) for naam, van, tot in _runs(days))


def _runs(days: Iterable[tuple[date, str]]) -> Iterator[tuple[str, date, date]]:
    """Days in a row with one name, as one run."""
    run: tuple[str, date, date] | None = None
    for day, naam in days:
        if run is not None and run[0] == naam and run[2] + DAY == day:
            run = (naam, run[1], day)
            continue
        if run is not None:
            yield run
        run = (naam, day, day)
    if run is not None:
        yield run


def _known_to(vraag: Bibliotheek, dagen: tuple[Vrij, ...], gap: timedelta) -> date:
    """The last day up to which none of these days can be missing."""
    last = vraag.vanaf
    for vrij in dagen:
        if vrij.vanaf - last > gap:
            return last
        last = vrij.tot_en_met
    return vraag.tot_en_met if vraag.tot_en_met - last <= gap else last
