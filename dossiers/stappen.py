"""The stappen of a route as one dossier passed them: when, why, and why one was skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from statemachines.dossier import Dossier
from statemachines.facts import Laag
from statemachines.journal import Entry, without_effect
from statemachines.kalender import enumerated
from statemachines.payloads import Besluit, Geopend, Opening
from statemachines.route import Stap


@dataclass(frozen=True)
class Bezoek:
    """A visit to a stap: on which day the dossier came, and on which it left."""

    sinds: date
    tot: date | None


@dataclass(frozen=True)
class Stapregel:
    """One stap of the route: ``status`` is geweest, nu, straks or overgeslagen; the dates are those of its last visit.

    ``gremium`` names who decides there: those side by side, or the combi-overleg that decided instead of them. ``waarom`` says why this
    date, ``toelichting`` why the stap is there, ``overgeslagen`` why it was skipped. ``bezoeken`` are all its visits.
    """

    slug: str
    naam: str
    gremium: str
    rol: str
    status: str
    openbaar: bool
    toelichting: str
    van: date | None = None
    moment: date | None = None
    aanleverdatum: date | None = None
    uitkomst: str = ""
    waarom: str = ""
    overgeslagen: str = ""
    bezoeken: tuple[Bezoek, ...] = ()


@dataclass
class _Seen:
    """What the entries tell of the stappen."""

    openings: dict[str, Opening]
    done: dict[str, tuple[date, str]]
    skipped: dict[str, str]
    visits: dict[str, list[Bezoek]]
    combi: set[str]


def stapregels(dossier: Dossier, entries: Sequence[Entry], texts: Mapping[str, str]) -> Iterator[Stapregel]:
    """Every stap of the route, in order."""
    seen = _seen(dossier, entries, texts)
    for stap in dossier.route.stappen:
        gremium = dossier.stelsel.gremium(stap.gremium)
        opening = seen.openings.get(stap.slug)
        zitting, ronde = (opening.zitting, opening.ronde) if opening else (None, None)
        now = stap.slug == dossier.fase
        datum, uitkomst = seen.done.get(stap.slug, (None, ""))
        reason = "" if datum or now else seen.skipped.get(stap.slug, "")
        if not (reason or datum or now) and dossier.ended:
            reason = f"de route eindigde met '{dossier.route.naam_van(dossier.fase)}'"
        yield Stapregel(
            slug=stap.slug,
            naam=stap.naam,
            gremium=dossier.stelsel.naam_van(stap.combi) if stap.combi and stap.slug in seen.combi else _gremia(dossier, stap),
            rol=stap.rol.value,
            status="nu" if now else "geweest" if datum else "overgeslagen" if reason else "straks",
            openbaar=gremium.laag is not Laag.AMBTELIJK,
            toelichting=stap.toelichting,
            van=ronde.van if ronde else None,
            moment=(ronde.tot_en_met if ronde else None) or (zitting.vergadering if zitting and now else None) or datum,
            aanleverdatum=zitting.aanleverdatum if zitting else None,
            uitkomst="" if now else uitkomst,
            waarom=(f"{ronde.waarom} ({ronde.bron})" if ronde else zitting.waarom if zitting else ""),
            overgeslagen=reason,
            bezoeken=tuple(seen.visits.get(stap.slug, ())),
        )


def _gremia(dossier: Dossier, stap: Stap) -> str:
    return enumerated([dossier.stelsel.gremium(slug).naam for slug in (stap.gremium, *stap.naast)])


def _seen(dossier: Dossier, entries: Sequence[Entry], texts: Mapping[str, str]) -> _Seen:
    seen = _Seen({}, {}, {}, {}, set())
    without, here = without_effect(entries), ""
    leads: dict[str, str] = {}
    for entry in (e for e in entries if e.nr not in without):
        besluit = entry.payload if isinstance(entry.payload, Besluit) else None
        stap = dossier.route.stap(entry.stap)
        if besluit is not None and stap is not None and entry.orgaan == stap.gremium:
            leads[stap.slug] = besluit.uitkomst.label
        passed: list[str] = []
        if besluit is not None and besluit.afwijking is not None and entry.stap != here:
            passed = list(_passed(dossier, here, entry.stap, besluit.naar))
            seen.skipped |= dict.fromkeys(passed, f"afwijking: {texts[besluit.afwijking.reden.id]}")
        opent = getattr(entry.payload, "opent", None)
        if opent is not None:
            seen.openings[opent.stap] = opent
        naar = getattr(entry.payload, "naar", None)
        if naar is not None and naar != entry.stap:
            _leave(seen, here, naar, entry.datum)
            here = naar
            seen.done[entry.stap] = (entry.datum, _how(entry, stap, leads))
            for slug in passed:
                seen.done.pop(slug, None)
            for ahead in dossier.route.main_path(naar):
                seen.skipped.pop(ahead.slug, None)
            if stap is not None and stap.combi is not None:
                (seen.combi.add if entry.orgaan == stap.combi else seen.combi.discard)(stap.slug)
    return seen


def _leave(seen: _Seen, van: str, naar: str, datum: date) -> None:
    """Ends the visit to ``van`` and begins one to ``naar``."""
    if visits := seen.visits.get(van):
        visits[-1] = replace(visits[-1], tot=datum)
    seen.visits.setdefault(naar, []).append(Bezoek(datum, None))


def _how(entry: Entry, stap: Stap | None, leads: Mapping[str, str]) -> str:
    """With what a stap was left; of gremia side by side that is the uitkomst of the one that leads."""
    if isinstance(entry.payload, Geopend):
        return "in routing gebracht"
    if not isinstance(entry.payload, Besluit) or (stap is not None and stap.ronde is not None):
        return "gesloten"
    return leads.get(entry.stap, entry.payload.uitkomst.label) if stap is not None and stap.naast else entry.payload.uitkomst.label


def _passed(dossier: Dossier, van: str, beslist: str, naar: str) -> Iterator[str]:
    """The stappen between where a dossier was and where it went forward to, but for the one that decided; going back skips nothing."""
    path = [stap.slug for stap in dossier.route.main_path(van)]
    end = beslist if dossier.route.is_einde(naar) else naar
    if end in path:
        yield from (slug for slug in path[: path.index(end)] if slug != beslist)
