"""Plans and what-ifs as pages in Prefect: the verdict first, then the picture, then the tables."""

from __future__ import annotations

from collections.abc import Sequence

from flows.opmaak import markdown_table, plain, short_day
from flows.pictures import as_image
from flows.planbeeld import plan_svg
from flows.plannen import WatAls
from flows.planzinnen import shift, touched, verdict
from statemachines.kalender import Moment, Onbekend
from statemachines.planning.plan import Plan, Rondeplan, Stapplan
from statemachines.planning.raden import counted
from statemachines.planning.scenario import Gevoelig
from statemachines.stelsel import Stelsel


def plan_page(plan: Plan, feiten: Stelsel, kept: bool) -> str:
    """A plan for planners and directors: internal, with slack and what each raad can make."""
    wat = "Terugblik" if plan.terugblik else "Afgesproken plan" if kept else "Geprobeerd plan (niet vastgelegd)"
    lines = [f"# {wat}: {plain(plan.slug)}", "", f"**{plain(verdict(plan))}**", ""]
    picture = plan_svg(plan, feiten.kalenderfeiten.recessen, feiten.verkiezingen)
    lines += [as_image(picture, f"Plan van {plan.slug}"), "", "## Stappen", ""]
    head = ("Stap", "Gepland", "Stukken", "Uiterlijk", "Speling in vergaderingen", "Werkdagen", "Waarom")
    lines += markdown_table(head, map(_step, plan.stappen))
    for ronde in plan.rondes:
        lines += _ronde(ronde)
    return "\n".join(lines)


def what_if_page(found: WatAls) -> str:
    """What a scenario does to the running dossiers."""
    lines = [f"# Wat als? {plain(found.zin)}", "", touched(found), "", "Er is niets vastgelegd.", ""]
    rows = (
        (g.slug, short_day(g.einde_was), short_day(g.einde_wordt), "ja" if g.mist else "", str(len(g.vallen_af)), str(len(g.komen_erbij)))
        for g in found.gevolgen
    )
    lines += markdown_table(("Dossier", "Einde was", "Einde wordt", "Mist de vaststelling", "Raden vallen af", "Raden erbij"), rows)
    lines += ["", "## Wat schuift", ""]
    moves = ((g.slug, v.naam, short_day(v.was), short_day(v.wordt)) for g in found.gevolgen for v in g.verschoven)
    lines += markdown_table(("Dossier", "Stap", "Was", "Wordt"), moves)
    lines += ["", "## Raden", ""]
    raden = ((g.slug, ", ".join(g.vallen_af), ", ".join(g.komen_erbij)) for g in found.gevolgen if g.vallen_af or g.komen_erbij)
    return "\n".join([*lines, *markdown_table(("Dossier", "Kunnen niet meer", "Kunnen nu wel"), raden)])


def sensitivity_page(rows: Sequence[Gevoelig]) -> str:
    """For every coming vergadering what happens when it falls out."""
    lines = ["# Als een vergadering uitvalt", ""]
    in_order = sorted(rows, key=lambda row: (row.datum, row.gremium))
    cells = ((short_day(r.datum), r.naam, ", ".join(r.missen), ", ".join(r.schuiven)) for r in in_order)
    return "\n".join([*lines, *markdown_table(("Datum", "Gremium", "Missen de vaststelling", "Schuiven"), cells)])


def _step(stap: Stapplan) -> tuple[str, ...]:
    gepland = _moment(stap.gepland)
    return (
        stap.naam + (" (kritiek)" if stap.kritiek else ""),
        f"{_moment(stap.van)} t/m {gepland}" if stap.van else gepland,
        _moment(stap.aanleverdatum),
        _moment(stap.uiterlijk),
        "" if stap.speling is None else str(stap.speling),
        "" if stap.speling_werkdagen is None else str(stap.speling_werkdagen),
        stap.gepland.waarom,
    )


def _moment(moment: Moment | Onbekend | None) -> str:
    if moment is None:
        return ""
    return short_day(moment.datum) if isinstance(moment, Moment) else "onbekend"


def _ronde(ronde: Rondeplan) -> list[str]:
    aantallen = ", ".join(f"{n} {oordeel.value}" for oordeel, n in counted(ronde.raden).items())
    lines = ["", f"## {plain(ronde.naam)}: {short_day(ronde.van)} tot en met {short_day(ronde.tot_en_met)}", ""]
    lines += [f"Van de {len(ronde.raden)}: {aantallen}.", ""]
    lines += [f"- Let op: {plain(waarschuwing.zin)}" for waarschuwing in ronde.waarschuwingen]
    lines += [f"- Wat helpt: {plain(shift(verschuiving))}" for verschuiving in ronde.verschuivingen]
    rows = (
        (
            raad.naam,
            raad.oordeel.value,
            f"{raad.niveau.value}, {raad.status.value}" if raad.status else raad.niveau.value,
            next((short_day(schakel.laatste) for schakel in reversed(raad.schakels) if schakel.laatste), ""),
            "; ".join(part for part in (raad.breekt, raad.opmerking) if part),
        )
        for raad in ronde.raden
    )
    return [*lines, "", *markdown_table(("Wie", "Kan het?", "Weten wij uit", "Laatste raad", "Opmerking"), rows)]
