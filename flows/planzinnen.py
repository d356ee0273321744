"""What a plan comes down to, in a sentence."""

from __future__ import annotations

from flows.plannen import WatAls
from statemachines.kalender import Moment, written
from statemachines.planning.plan import Plan
from statemachines.planning.verschuiving import Verschuiving


def verdict(plan: Plan) -> str:
    """Whether the doel is met; if not, the stap that breaks it and the first vergadering that works."""
    if not isinstance(plan.doel, Moment):
        return f"Wanneer dit klaar is, is onbekend: {plan.doel.waarom}."
    laatste = plan.stappen[-1]
    if plan.vervallen is not None:
        weg = f"De afgesproken vergadering van {written(plan.vervallen)} staat niet meer in de kalender."
        return f"{weg} Nu: {laatste.gremium_naam} op {written(plan.doel.datum)}."
    doel = f"{laatste.gremium_naam} op {written(plan.doel.datum)}"
    if plan.haalt is None:
        return f"Of {doel} gehaald wordt, is onbekend."
    if plan.haalt:
        return f"Haalt {doel}."
    breekt = plan.stap(plan.breekt or "")
    waar = ""
    if breekt is not None and isinstance(breekt.gepland, Moment):
        moest = f", en dat moest uiterlijk op {written(breekt.uiterlijk.datum)}" if isinstance(breekt.uiterlijk, Moment) else ""
        waar = f": '{breekt.naam}' kan op zijn vroegst op {written(breekt.gepland.datum)}{moest}"
    kan = f" De eerste die wel kan: {written(plan.eerste_mogelijk.datum)}." if isinstance(plan.eerste_mogelijk, Moment) else ""
    return f"Haalt {doel} niet{waar}.{kan}"


def touched(found: WatAls) -> str:
    """How many dossiers were looked at, how many a scenario touches, and how many then miss their last vergadering."""
    missed = sum(gevolg.mist for gevolg in found.gevolgen)
    bekeken = "1 lopend dossier" if found.dossiers == 1 else f"{found.dossiers} lopende dossiers"
    return f"{bekeken} bekeken; {len(found.gevolgen)} geraakt, {missed} {'mist' if missed == 1 else 'missen'} de vaststelling."


def shift(verschuiving: Verschuiving) -> str:
    """A shift as one sentence: what to do, who then takes part, what it costs."""
    wat = {
        "eerder vrijgeven": f"eerder vrijgeven, op {written(verschuiving.vrijgave)}",
        "later vrijgeven": f"later vrijgeven, op {written(verschuiving.vrijgave)}",
    }.get(verschuiving.soort.value, f"de termijn laten lopen tot en met {written(verschuiving.tot_en_met)}")
    mee = f"dan kunnen {verschuiving.doen_mee} van de {verschuiving.bekend} van wie wij iets weten meedoen"
    if verschuiving.doel is None or verschuiving.vergaderingen_later is None:
        return f"{wat}; {mee}; wat dat kost is onbekend."
    dag, n = written(verschuiving.doel), verschuiving.vergaderingen_later
    if n == 0:
        return f"{wat}; {mee}; het kost niets, {dag} blijft haalbaar."
    hoeveel = "1 vergadering" if abs(n) == 1 else f"{abs(n)} vergaderingen"
    return f"{wat}; {mee}; het einde wordt {dag}, {hoeveel} {'later' if n > 0 else 'eerder'}."
