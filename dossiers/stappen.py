"""The stappen of a route as one dossier passed them: when, why, and why one was skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from statemachines.dossier import Dossier
from statemachines.facts import Laag
from statemachines.journal import Entry, without_effect
from statemachines.payloads import Besluit, Geopend, Opening
from statemachines.route import Stap


@dataclass(frozen=True)
class Stapregel:
    """One stap of the route: ``status`` is geweest, nu, straks or overgeslagen; the dates are those of its last visit.

    ``waarom`` says why this date, ``toelichting`` why the stap is there, ``overgeslagen`` why it was skipped.
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


@dataclass
class _Seen:
    """What the entries tell of the stappen."""

    openings: dict[str, Opening]
    done: dict[str, tuple[date, str]]
    skipped: dict[str, str]


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
            gremium=gremium.naam,
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
        )


def _seen(dossier: Dossier, entries: Sequence[Entry], texts: Mapping[str, str]) -> _Seen:
    seen = _Seen({}, {}, {})
    without, here = without_effect(entries), ""
    leads: dict[str, str] = {}
    for entry in (e for e in entries if e.nr not in without):
        besluit = entry.payload if isinstance(entry.payload, Besluit) else None
        stap = dossier.route.stap(entry.stap)
        if besluit is not None and stap is not None and entry.orgaan == stap.gremium:
            leads[stap.slug] = besluit.uitkomst.label
        if besluit is not None and besluit.afwijking is not None and entry.stap != here:
            seen.skipped |= dict.fromkeys(_passed(dossier, here, entry.stap), f"afwijking: {texts[besluit.afwijking.reden.id]}")
        opent = getattr(entry.payload, "opent", None)
        if opent is not None:
            seen.openings[opent.stap] = opent
        naar = getattr(entry.payload, "naar", None)
        if naar is not None and naar != entry.stap:
            here = naar
            seen.done[entry.stap] = (entry.datum, _how(entry, stap, leads))
    return seen


def _how(entry: Entry, stap: Stap | None, leads: Mapping[str, str]) -> str:
    """With what a stap was left; of gremia side by side that is the uitkomst of the one that leads."""
    if isinstance(entry.payload, Geopend):
        return "in routing gebracht"
    if not isinstance(entry.payload, Besluit) or (stap is not None and stap.ronde is not None):
        return "gesloten"
    return leads.get(entry.stap, entry.payload.uitkomst.label) if stap is not None and stap.naast else entry.payload.uitkomst.label


def _passed(dossier: Dossier, van: str, naar: str) -> Iterator[str]:
    """The stappen from where a dossier was up to where somebody decided instead."""
    for stap in dossier.route.main_path(van):
        if stap.slug == naar:
            return
        yield stap.slug
