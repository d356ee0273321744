"""Flow: what an entry said is corrected, or the last besluit is revoked."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows import correcties
from flows.forms import Corrigeren, followed, said
from flows.house import House
from flows.running import fill_in
from flows.use_cases import Actor, Gedaan
from statemachines.errors import Unusable


@flow(name="correctie-vastleggen", flow_run_name="{formulier.dossier}: correctie van regel {formulier.regel}", persist_result=False)
async def correctie_vastleggen(formulier: Corrigeren) -> State[Any]:
    """Corrigeer wat een regel zegt, stel een verslag vast, of herroep het laatste besluit."""
    return await fill_in(formulier, lambda house, actor: _mend(house, actor, formulier), f"dossier:{formulier.dossier}")


def _mend(house: House, actor: Actor, formulier: Corrigeren) -> Gedaan:
    slug, nr, reden = formulier.dossier, formulier.regel, formulier.reden
    if formulier.herroepen:
        if formulier.replaces:
            raise Unusable("Herroepen en verbeteren gaan niet tegelijk; laat de andere velden leeg, of zet 'Herroep het besluit' uit.")
        return correcties.revoke_besluit(house, actor, slug, nr, reden)
    return correcties.correct(
        house,
        actor,
        slug,
        nr,
        reden,
        bron=formulier.bron,
        waarom=formulier.waarom,
        vaststelling=formulier.vaststelling,
        standpunten=said(formulier.standpunten),
        adviezen=followed(formulier.adviezen),
        vervallen=[(found.van, found.regime) for found in formulier.vervallen],
        tekst=formulier.tekst,
        namens=formulier.namens,
        vorm=formulier.vorm,
        vastgesteld_op=formulier.vastgesteld_op,
        datum=formulier.datum,
    )
