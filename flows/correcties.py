"""Mending the record: correct what an entry said, revoke a besluit, erase a text. What was written stays to be found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from dossiers import journal, teksten
from flows.gezegd import Gezegd, Opgevolgd, clean, keep_gevolgen, keep_standpunten, keep_tekst
from flows.house import House
from flows.use_cases import SYSTEM, Actor, Gedaan, write
from statemachines.correctie import corrected_advice, decide_correct, decide_revoke
from statemachines.dossier import Dossier
from statemachines.errors import NotCorrectable
from statemachines.journal import Draft, Kind, in_force
from statemachines.payloads import BesluitBron, Gewist, Namens, Regime, Vaststelling, Velden, Vorm


def correct(
    house: House,
    actor: Actor,
    slug: str,
    nr: int,
    reden: str,
    *,
    bron: BesluitBron | None = None,
    waarom: str | None = None,
    vaststelling: Vaststelling | None = None,
    standpunten: Sequence[Gezegd] = (),
    adviezen: Sequence[Opgevolgd] = (),
    vervallen: Sequence[tuple[str, Regime]] = (),
    tekst: str | None = None,
    namens: Namens | None = None,
    vorm: Vorm | None = None,
    vastgesteld_op: date | None = None,
    datum: date | None = None,
) -> Gedaan:
    """Replaces what an entry said, as far as that moves nothing: the bron, reason or vaststelling of a besluit; who gave inbreng and how.

    ``standpunten`` come in the place of those of the same deelnemer and regime, and beside the others, but for those that are
    ``vervallen``; ``adviezen`` in the place of what was said to be done with the advice of the same gremium. ``datum`` is the day on
    which it was mended, such as that of the vergadering which adopted the verslag; today when it is not said.
    """

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        entry = next((e for e in in_force(journal.read(connection, house.stelsel, slug)) if e.nr == nr), None)
        if entry is None:
            raise NotCorrectable(f"Dossier {slug} heeft geen regel {nr}; het journaal gaat tot en met regel {dossier.nr}.")
        new: dict[str, object] = {}
        if bron is not None:
            new["bron"] = bron
        if vaststelling is not None:
            new["vaststelling"] = vaststelling
        if waarom is not None:
            new["reden"] = keep_tekst(connection, house, slug, waarom, "reden")
        if tekst is not None:
            new["tekst"] = keep_tekst(connection, house, slug, tekst, "tekst")
        new |= {k: v for k, v in (("namens", namens), ("vorm", vorm), ("vastgesteld_op", vastgesteld_op)) if v is not None}
        if standpunten or vervallen:
            added = {(s.van, s.regime): s for s in keep_standpunten(connection, house, slug, standpunten)}
            there = {(s.van, s.regime): s for s in getattr(entry.payload, "standpunten", ())}
            new["standpunten"] = tuple(({k: s for k, s in there.items() if k not in vervallen} | added).values())
        if adviezen:
            given = {o.gremium: o for o in getattr(entry.payload, "adviezen", ())}
            gevolgen = keep_gevolgen(connection, house, slug, adviezen)
            new["adviezen"] = tuple((given | {g.gremium: corrected_advice(g, given.get(g.gremium)) for g in gevolgen}).values())
        why = keep_tekst(connection, house, slug, reden, "reden")
        return decide_correct(dossier, entry, Velden.model_validate(new), why, datum or actor.op, actor.op)

    return write(house, actor, slug, decide)


def revoke_besluit(house: House, actor: Actor, slug: str, nr: int, reden: str) -> Gedaan:
    """Revokes the last besluit; it stays in the record."""
    return write(
        house,
        actor,
        slug,
        lambda c, dossier: decide_revoke(dossier, nr, keep_tekst(c, house, slug, reden, "reden"), actor.op),
        lapse_first=False,
    )


def erase(house: House, actor: Actor, slug: str, ident: str, grond: str) -> Gedaan:
    """Erases a text or person of a dossier and records on which grond; the chain still verifies."""

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        teksten.erase(connection, house.stelsel, slug, ident)
        stap = dossier.opening.stap if dossier.opening else dossier.fase
        return Draft(Kind.GEWIST, actor.op, stap, dossier.bezoek, SYSTEM, Gewist(id=ident, grond=clean(grond, "grond", longest=200)))

    return write(house, actor, slug, decide)
