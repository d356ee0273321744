"""Plans, comparisons and years as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from flows.cli.output import say, shown, table

if TYPE_CHECKING:
    from flows.plannen import Slip, WatAls
    from statemachines.kalender import Moment, Onbekend
    from statemachines.planning.jaar import Jaarplan
    from statemachines.planning.plan import Plan, Rondeplan, Stapplan
    from statemachines.planning.raden import Raadplan
    from statemachines.planning.scenario import Gevoelig


def show_plan(plan: Plan, kort: bool) -> None:
    """The verdict first, then the stappen and each ronde; unless ``kort`` also every deelnemer, and the reason of every date."""
    from flows.planzinnen import verdict
    from statemachines.kalender import written

    soort = "Terugblik" if plan.terugblik else "Plan"
    say(f"{soort} voor {plan.slug} ({plan.route_naam}), gezien vanaf {written(plan.op)}.")
    say(verdict(plan))
    if plan.weken is not None:
        say(f"Tussen vrijgave en einde liggen {plan.weken} weken.")
    say("")
    head = ["Stap", "Gepland", "Stukken", "Uiterlijk", "Stukken dan", "Speling", "Vrij", "Dagen", "Marge", ""]
    table("", head, (_step(stap) for stap in plan.stappen))
    say("Speling en Vrij tellen vergaderingen, Dagen hoeveel werkdagen later een stap klaar mag zijn; stappen na elkaar delen de speling.")
    say("Marge telt de werkdagen tussen klaar en aanleveren.")
    for ronde in plan.rondes:
        _show_ronde(ronde, kort)
    if kort:
        return
    say("")
    table("Waarom deze data", ["Stap", "Wat", "Datum", "Waarom"], _reasons(plan))


def _step(stap: Stapplan) -> tuple[object, ...]:
    gepland = _datum(stap.gepland)
    if stap.van is not None:
        gepland = f"{shown(_datum(stap.van))}\nt/m {shown(gepland)}"
    over = stap.status == "geweest"
    return (
        stap.naam,
        gepland,
        _datum(stap.aanleverdatum),
        _datum(stap.uiterlijk),
        _datum(stap.uiterlijk_aanleverdatum),
        stap.speling,
        stap.speling_vrij,
        stap.speling_werkdagen,
        stap.marge_aanleveren,
        "is geweest" if over else "kritiek" if stap.kritiek else "",
    )


def _datum(moment: Moment | Onbekend | None) -> object:
    if moment is None:
        return ""
    return getattr(moment, "datum", "onbekend")


def _show_ronde(ronde: Rondeplan, kort: bool) -> None:
    from flows.planzinnen import shift
    from statemachines.kalender import written
    from statemachines.planning.raden import counted

    say("")
    say(f"{ronde.naam}: {written(ronde.van)} tot en met {written(ronde.tot_en_met)}, {_number(ronde.netto_weken)} weken buiten het reces.")
    aantallen = ", ".join(f"{n} {oordeel.value}" for oordeel, n in counted(ronde.raden).items())
    say(f"Van de {len(ronde.raden)}: {aantallen}.")
    for waarschuwing in ronde.waarschuwingen:
        say(f"Let op: {waarschuwing.zin}")
    for verschuiving in ronde.verschuivingen:
        say(f"Wat helpt: {shift(verschuiving)}")
    if kort:
        return
    head = ["Wie", "Kan het?", "Weten wij uit", "College", "Aanleveren", "Agenda", "Commissie", "Raad", "Weken", "Opmerking"]
    table("Laatste data per deelnemer", head, (_raad(raad) for raad in ronde.raden))


def _raad(raad: Raadplan) -> tuple[object, ...]:
    from statemachines.facts import Schakelsoort

    found = {schakel.soort: schakel.laatste for schakel in raad.schakels}
    last = (found.get(soort) for soort in Schakelsoort)
    return (
        raad.naam,
        raad.oordeel.value,
        f"{raad.niveau.value}\n({raad.status.value})" if raad.status and raad.status.value != "bron" else raad.niveau.value,
        *last,
        _number(raad.netto_weken),
        "; ".join(part for part in (raad.breekt, raad.opmerking) if part),
    )


def _reasons(plan: Plan) -> Iterator[tuple[str, str, object, str]]:
    for stap in plan.stappen:
        kinds = (
            ("begin", stap.van),
            ("sluitingsdatum" if stap.is_ronde else "gepland", stap.gepland),
            ("stukken", stap.aanleverdatum),
            ("uiterlijk", stap.uiterlijk),
            ("stukken uiterlijk", stap.uiterlijk_aanleverdatum),
        )
        for wat, moment in kinds:
            if moment is not None:
                yield stap.naam, wat, _datum(moment), moment.waarom


def show_slips(slug: str, slips: Sequence[Slip]) -> None:
    """What was agreed first against what holds now."""
    rows = (
        (s.naam, s.eerst, s.nu if s.nu else "onbekend", "is geweest" if s.gebeurd else "", s.werkdagen or "", "; ".join(s.redenen))
        for s in slips
    )
    table(f"{slug}: eerst afgesproken en nu", ["Stap", "Eerst afgesproken", "Nu", "", "Werkdagen later", "Reden"], rows)


def show_what_if(found: WatAls) -> None:
    """What a scenario does, a line per dossier and then each stap that moves."""
    from flows.planzinnen import touched

    say(found.zin)
    say(touched(found))
    if not found.gevolgen:
        return
    rows = (
        (
            g.slug,
            g.doel,
            g.einde_was,
            g.einde_wordt or "onbekend",
            "mist de vaststelling" if g.mist else "",
            len(g.vallen_af),
            len(g.komen_erbij),
        )
        for g in found.gevolgen
    )
    table("Dossiers", ["Dossier", "Doel", "Einde was", "Einde wordt", "Mist vaststelling", "Raden vallen af", "Raden erbij"], rows)
    moves = ((g.slug, v.naam, v.was or "onbekend", v.wordt or "onbekend") for g in found.gevolgen for v in g.verschoven)
    table("Wat schuift", ["Dossier", "Stap", "Was", "Wordt"], moves)
    raden = [(g.slug, ", ".join(g.vallen_af), ", ".join(g.komen_erbij)) for g in found.gevolgen if g.vallen_af or g.komen_erbij]
    if raden:
        table("Raden", ["Dossier", "Kunnen niet meer", "Kunnen nu wel"], raden)


def show_sensitive(rows: Sequence[Gevoelig]) -> None:
    """For every coming vergadering what happens when it falls out."""
    if not rows:
        say("Er is geen komende vergadering waarvan een dossier afhangt.")
        return
    cells = ((r.datum, r.naam, ", ".join(r.missen), ", ".join(r.schuiven)) for r in sorted(rows, key=lambda r: (r.datum, r.gremium)))
    table("Als deze vergadering uitvalt", ["Datum", "Gremium", "Missen de vaststelling", "Schuiven"], cells)


def show_year(jaar: Jaarplan) -> None:
    """The vergaderingen with what is on them, the termijnen, and what clashes."""
    if not jaar.zittingen:
        say(f"Van {jaar.jaar} is geen enkele vergadering bekend.")
        return
    rows = [(z.datum, z.naam, z.aanleverdatum, len(z.punten), "; ".join(f"{p.slug} ({p.naam})" for p in z.punten)) for z in jaar.zittingen]
    table(f"Vergaderingen in {jaar.jaar}", ["Datum", "Gremium", "Stukken", "Aantal", "Wat er ligt"], rows)
    if jaar.rondes:
        table(
            "Termijnen",
            ["Dossier", "Ronde", "Van", "Tot en met", "Gevraagd"],
            ((r.slug, r.naam, r.van, r.tot_en_met, r.gevraagd) for r in jaar.rondes),
        )
    for b in jaar.botsingen:
        say(f"Botsing: {b.eerste} en {b.tweede} vragen {b.raden} raden tegelijk, {_kort(b.van)} tot en met {_kort(b.tot_en_met)}.")
    for periode in (*jaar.verkiezingen, *jaar.recessen):
        say(f"{periode.naam}: {_kort(periode.van)} tot en met {_kort(periode.tot_en_met)}.")
    for los in jaar.onbepaald:
        say(f"Nog zonder datum: {los.slug}, '{los.naam}'.")


def _kort(dag: date) -> str:
    return f"{dag.day}-{dag.month}-{dag.year}"


def _number(weken: float) -> str:
    return f"{weken:g}".replace(".", ",")
