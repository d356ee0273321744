"""Dates of a running dossier: moved, with haste, or more time for some deelnemers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from flows.gezegd import keep_tekst
from flows.house import House
from flows.use_cases import Actor, Gedaan, organ_of, write
from statemachines.datums import decide_datums, decide_uitstel
from statemachines.dossier import Dossier
from statemachines.inbreng import InbrengSoort
from statemachines.journal import Draft


def move_datum(house: House, actor: Actor, slug: str, naar: date, reden: str, *, spoed: str | None = None) -> Gedaan:
    """Moves the sluitingsdatum or vergadering of the current stap; who was told the old date is told the new one.

    ``spoed`` is the role that allowed a vergadering outside the calendar.
    """

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        if spoed is not None:
            dossier.stelsel.ontvanger_van_rol(spoed)
        return decide_datums(dossier, naar, keep_tekst(connection, house, slug, reden, "reden"), actor.op, spoed)

    return write(house, actor, slug, decide)


def give_uitstel(
    house: House, actor: Actor, slug: str, voor: Sequence[str], tot_en_met: date, reden: str, *, opnieuw: bool = False
) -> Gedaan:
    """Gives some deelnemers until ``tot_en_met`` in the last ronde, or asks them again until then; they are told, with the reason."""

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        organen = [organ_of(dossier, van, InbrengSoort.REACTIE) for van in voor]
        kept = keep_tekst(connection, house, slug, reden, "reden")
        return decide_uitstel(dossier, organen, tot_en_met, kept, actor.op, opnieuw=opnieuw)

    return write(house, actor, slug, decide)
