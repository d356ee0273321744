"""Besluiten of which the verslag still has to be adopted, by the next vergadering of the gremium."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from statemachines.journal import Entry
from statemachines.payloads import Besluit, BesluitBron, Vaststelling
from statemachines.route import MOVES_NOTHING

_MINUTED = frozenset({BesluitBron.BESLUITENLIJST, BesluitBron.VERSLAG})


@dataclass(frozen=True)
class Verslag:
    """A besluit (entry ``nr``) of a gremium at a vergadering of which the verslag is not known to be adopted."""

    nr: int
    gremium: str
    vergadering: date


def with_besluit(verslagen: tuple[Verslag, ...], entry: Entry, besluit: Besluit) -> tuple[Verslag, ...]:
    """What has to be adopted after one more besluit; one in writing, by mandaat or about nothing has no verslag."""
    waits = besluit.vaststelling is Vaststelling.CONCEPT and besluit.bron in _MINUTED and besluit.uitkomst not in MOVES_NOTHING
    if not waits or besluit.vergadering is None:
        return verslagen
    return (*verslagen, Verslag(entry.nr, entry.orgaan, besluit.vergadering))
