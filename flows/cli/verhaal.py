"""The whole story of a dossier as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.cli.output import say, shown, table

if TYPE_CHECKING:
    from dossiers.geschiedenis import Gebeurtenis
    from dossiers.overzicht import Openbaar, Overzicht


def show_story(verhaal: Overzicht) -> None:
    """Where it stands, its route, who is beside the besluit, its documents, the answers, and what happened, in order."""
    say(f"{verhaal.titel} ({verhaal.route}), sinds {verhaal.sinds:%d-%m-%Y}: {verhaal.fase_naam}")
    if not verhaal.geeindigd:
        moment = f"{verhaal.moment:%d-%m-%Y}" if verhaal.moment else "onbekend"
        say(f"Volgende: {verhaal.wie}, {verhaal.wat} {moment}" + (f" ({verhaal.waarom})" if verhaal.waarom else ""))
    if verhaal.trekker:
        say(f"Trekker: {verhaal.trekker}")
    stappen = [(s.naam, s.gremium, s.status, s.moment, s.uitkomst, s.overgeslagen or s.waarom) for s in verhaal.stappen]
    table("Route", ["Stap", "Gremium", "Status", "Moment", "Uitkomst", "Waarom"], stappen)
    if verhaal.naast:
        rows = [(n.naam, n.wat, n.staat, n.datum, "ja" if n.nodig else "") for n in verhaal.naast]
        table("Naast het besluit", ["Gremium", "Wat", "Stand", "Op", "Nodig"], rows)
    if verhaal.stukken:
        stukken = [(s.stuk, s.versie, s.status, s.openbaar_op, ", ".join(s.wijzigt)) for s in verhaal.stukken]
        table("Stukken", ["Stuk", "Versie", "Status", "Openbaar op", "Gewijzigd"], stukken)
    for verzoek in verhaal.verzoeken:
        tot = f", uiterlijk {verzoek.uiterlijk:%d-%m-%Y}" if verzoek.uiterlijk else ""
        say(f"Verzoek om {verzoek.stuk} van {verzoek.van}: {verzoek.staat} ({verzoek.eigenaar}{tot})")
    if verhaal.punten:
        beantwoord = sum(bool(punt.oordeel or punt.gelijkluidend) for punt in verhaal.punten)
        say(f"Nota van Beantwoording: {beantwoord} van {len(verhaal.punten)} punten beantwoord; zie 'kader nota {verhaal.slug}'.")
    happened = [(g.nr, g.datum, g.zin + (" [herroepen]" if g.herroepen else ""), _more(g), g.door) for g in verhaal.geschiedenis]
    table("Wat er gebeurde", ["Nr", "Datum", "Wat", "Toelichting", "Door"], happened)


def _more(gebeurtenis: Gebeurtenis) -> str:
    """What belongs with an entry: where it is recorded, the day that it moved, its texts, and what was done with advice."""
    moved = gebeurtenis.eerst != gebeurtenis.nu
    verzet = f"van {shown(gebeurtenis.eerst) or 'onbekend'} naar {shown(gebeurtenis.nu) or 'onbekend'}" if moved else ""
    return "\n".join(filter(None, (gebeurtenis.staat_in, verzet, gebeurtenis.tekst, *gebeurtenis.standpunten, *gebeurtenis.adviezen)))


def show_public(publiek: Openbaar) -> None:
    """What councils and the public may see."""
    say(f"{publiek.titel} ({publiek.route}): {publiek.stap}")
    table("", ["Stap", "Gremium", "Status", "Van", "Moment"], [(s.naam, s.gremium, s.status, s.van, s.moment) for s in publiek.stappen])
    if publiek.ronde:
        table("Reacties", ["Deelnemer", "Stand", "Op"], [(r.naam, r.staat, r.datum) for r in publiek.ronde])
    if publiek.stukken:
        table("Stukken", ["Stuk", "Versie", "Openbaar op", "Link"], [(s.stuk, s.versie, s.openbaar_op, s.link) for s in publiek.stukken])
    if publiek.geschiedenis:
        rows = [(f.datum, f.zin, "\n".join((*f.toelichting, *f.standpunten, *f.adviezen))) for f in publiek.geschiedenis]
        table("Wat er gebeurde", ["Datum", "Wat", "Toelichting"], rows)
