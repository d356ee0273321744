"""Flow: some deelnemers, or all, get more time in a ronde."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from sqlalchemy import Connection

from flows import datums
from flows.forms import Uitstellen
from flows.gezegd import keep_tekst
from flows.house import House
from flows.running import fill_in
from flows.use_cases import Actor, Gedaan, write
from statemachines.datums import decide_datums
from statemachines.dossier import Dossier
from statemachines.errors import NotAsked, Unusable
from statemachines.journal import Draft


@flow(name="uitstel-geven", flow_run_name="{formulier.dossier}: uitstel", persist_result=False)
async def uitstel_geven(formulier: Uitstellen) -> State[Any]:
    """Geef deelnemers uitstel, of vraag hen opnieuw."""
    return await fill_in(formulier, lambda house, actor: _more_time(house, actor, formulier), f"dossier:{formulier.dossier}")


def _more_time(house: House, actor: Actor, formulier: Uitstellen) -> Gedaan:
    """More time for who is named, or for everyone who is asked now; never another day for a vergadering."""
    slug, tot, reden = formulier.dossier, formulier.tot_en_met, formulier.reden
    if formulier.voor:
        return datums.give_uitstel(house, actor, slug, formulier.voor, tot, reden, opnieuw=formulier.opnieuw)
    if formulier.opnieuw:
        raise Unusable("Noem bij 'Voor wie?' de deelnemers die u opnieuw vraagt.")

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        if dossier.opening is None or dossier.opening.ronde is None:
            raise NotAsked(
                f"Er loopt geen ronde bij dossier {slug}; een vergadering verzet u met het formulier 'Datum verzetten' of met"
                f" 'kader ronde verzet {slug}'."
            )
        return decide_datums(dossier, tot, keep_tekst(connection, house, slug, reden, "reden"), actor.op)

    return write(house, actor, slug, decide)
