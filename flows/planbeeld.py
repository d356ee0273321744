"""A plan and a year as pictures along a time axis, a lane per gremium; internal, for planners: they show slack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from babel.dates import format_date

from flows.planzinnen import verdict
from flows.tijdas import LEFT, RIGHT, Tijdas, Upright, Vel, axis_over, measured, shortened
from statemachines.facts import Kring, Verkiezing, Vrij
from statemachines.kalender import DAY, Moment, Onbekend, written
from statemachines.planning.jaar import Jaarplan, Jaarronde, Jaarzitting
from statemachines.planning.plan import Plan, Stapplan
from statemachines.route import StapRol

_RED, _PURPLE, _BROWN = "#b00020", "#6b3fa0", "#7a4a00"
_MOST = 20
_BESLUIT = frozenset({StapRol.VRIJGEVEN, StapRol.VASTSTELLEN, StapRol.BEKRACHTIGEN})


def plan_svg(plan: Plan, recessen: Sequence[Vrij], verkiezingen: Sequence[Verkiezing]) -> str:
    """The stappen of a plan in lanes, with the days on which papers are due and the slack; an unknown day stands below, as text."""
    axis = axis_over([day for stap in plan.stappen for day in _days(stap)] + _dated(plan.doel) or [plan.op])
    vel = Vel(axis, f"{'Terugblik op' if plan.terugblik else 'Plan van'} {plan.slug}: {plan.route_naam}", verdict(plan))
    marks = [_plan_mark(axis, stap) for stap in plan.stappen if isinstance(stap.gepland, Moment)]
    for gremium, naam in {stap.gremium: stap.gremium_naam for stap in plan.stappen}.items():
        vel.lane(naam, [mark for mark in marks if mark["gremium"] == gremium])
    uprights = [Upright(axis.mid(v.datum), v.naam, "verkiezing", _PURPLE) for v in verkiezingen if axis.shows(v.datum)]
    shown = {key for mark in marks for key in mark["legend"]} | {upright.kind for upright in uprights}
    if axis.shows(plan.op):
        uprights.append(Upright(axis.mid(plan.op), "peildatum", "peildatum", _BROWN))
    for day in _dated(plan.doel):
        uprights.append(Upright(axis.mid(day), f"doel {format_date(day, 'd MMMM y', locale='nl')}", "doel", _RED))
    return vel.render(
        "plan.svg.j2",
        uprights=uprights,
        recessen=[(reces.naam, reces.vanaf, reces.tot_en_met) for reces in recessen],
        shown=shown,
        notes=list(_unknown(plan.stappen)),
        told=[mark["words"] for mark in marks],
        marks=marks,
        links=[{"x1": a["right"], "y1": a["y"], "x2": b["left"], "y2": b["y"]} for a, b in pairwise(marks)],
    )


def year_svg(jaar: Jaarplan) -> str:
    """The agendas of a year in lanes, the reactietermijnen below them, and where two of these ask the same raden at once."""
    axis = Tijdas(date(jaar.jaar, 1, 1), date(jaar.jaar + 1, 1, 1))
    vel = Vel(axis, f"Jaarplanning {jaar.jaar}", _year_sentence(jaar))
    marks = [_year_mark(axis, zitting) for zitting in jaar.zittingen]
    for gremium, naam in {zitting.gremium: zitting.naam for zitting in jaar.zittingen}.items():
        vel.lane(naam, [mark for mark in marks if mark["gremium"] == gremium])
    bars = [_bar(axis, ronde) for ronde in jaar.rondes]
    if bars:
        vel.lane("Reactietermijnen", bars)
    clashes = [
        {"left": axis.x(b.van), "right": axis.x(b.tot_en_met + DAY), "rows": rows, "words": _clash_words(b.eerste, b.tweede, b.raden)}
        for b in jaar.botsingen
        if (rows := sorted(bar["y"] for bar in bars if bar["slug"] in (b.eerste, b.tweede) and bar["van"] <= b.van <= bar["tot_en_met"]))
    ]
    elections = [(v.naam, axis.x(v.van), axis.x(v.tot_en_met + DAY)) for v in jaar.verkiezingen]
    edges = [Upright(x, label, "verkiezing", _PURPLE) for naam, left, right in elections for x, label in ((left, ""), (right, naam))]
    return vel.render(
        "jaar.svg.j2",
        uprights=edges,
        recessen=[(reces.naam, reces.van, reces.tot_en_met) for reces in jaar.recessen],
        shown={mark["shape"] for mark in marks + bars} | ({"botsing"} if clashes else set()) | ({"verkiezingstijd"} if edges else set()),
        notes=_undated(jaar),
        told=[part["words"] for part in (*(mark for mark in marks if mark["shape"] == "gevuld"), *bars, *clashes)],
        marks=marks,
        bars=bars,
        clashes=clashes,
        elections=[{"words": naam, "left": left, "right": right} for naam, left, right in elections],
    )


# --- what stands in the lanes ---


def _plan_mark(axis: Tijdas, stap: Stapplan) -> dict[str, Any]:
    """Where one stap stands; ``left`` and ``right`` are its edges for the lines between stappen, ``span`` all that it takes."""
    gepland = _dated(stap.gepland)[0]
    shape = "ronde" if stap.is_ronde else "besluit" if stap.rol in _BESLUIT else "overleg"
    left, right = axis.mid(gepland), axis.mid(gepland)
    if stap.van is not None:
        left, right = axis.x(stap.van.datum), axis.x(gepland + DAY)
    papers, last = _dated(stap.aanleverdatum), _dated(stap.uiterlijk)
    slack = "" if not last or last[0] == gepland else "speling" if last[0] > gepland else "te-laat"
    drawn = [left, right, *map(axis.mid, papers), *map(axis.mid, last)]
    states = [key for key, so in (("geweest", stap.status == "geweest"), ("kritiek", stap.kritiek)) if so]
    return {
        "stap": stap.stap,
        "gremium": stap.gremium,
        "shape": shape,
        "left": left,
        "right": right,
        "papers": axis.mid(papers[0]) if papers else None,
        "last": axis.mid(last[0]) if slack else None,
        "slack": slack,
        "geweest": stap.status == "geweest",
        "kritiek": stap.kritiek,
        "span": (min(drawn) - 12, max(drawn) + 12),
        "legend": [shape, *states, *(["stukken"] if papers else []), *([slack] if slack else [])],
        "words": _plan_words(stap),
    }


def _year_mark(axis: Tijdas, zitting: Jaarzitting) -> dict[str, Any]:
    count, x = len(zitting.punten), axis.mid(zitting.datum)
    size = 8 + min(count, 8) * 0.5 if count else 4
    stukken = ", ".join(f"{punt.slug}: {punt.naam}" for punt in zitting.punten) or "nog geen stukken"
    return {
        "gremium": zitting.gremium,
        "shape": "gevuld" if count else "leeg",
        "x": x,
        "size": size,
        "count": "99+" if count > 99 else str(count),
        "span": (x - size - 1, x + size + 1),
        "words": f"{zitting.naam}, {written(zitting.datum)}, aanleveren {written(zitting.aanleverdatum)}: {stukken}",
    }


def _bar(axis: Tijdas, ronde: Jaarronde) -> dict[str, Any]:
    """A reactietermijn with its slug inside, or beside it where it is too short for that."""
    left, right = axis.x(ronde.van), axis.x(ronde.tot_en_met + DAY)
    slug = shortened(ronde.slug, (RIGHT - LEFT) / 2 - 12, 11)
    wide = measured(slug, 11) + 12
    place = "in" if wide <= right - left else "na" if right + wide <= RIGHT else "voor"
    days = f"{written(ronde.van)} tot en met {written(ronde.tot_en_met)}"
    wie = "colleges" if ronde.kring is Kring.COLLEGES else "raden en Staten"
    return {
        "shape": "colleges" if ronde.kring is Kring.COLLEGES else "raden",
        "slug": ronde.slug,
        "label": slug,
        "place": place,
        "van": ronde.van,
        "tot_en_met": ronde.tot_en_met,
        "left": left,
        "right": right,
        "span": (left - (wide if place == "voor" else 2), right + (wide if place == "na" else 2)),
        "words": f"{ronde.slug}: {ronde.naam}, {days}, {ronde.gevraagd} {wie} gevraagd",
    }


# --- the words ---


def _plan_words(stap: Stapplan) -> str:
    """One stap with its days, for people who cannot see the picture."""
    van = f"van {written(stap.van.datum)} tot en met " if stap.van is not None else ""
    words = f"{stap.naam} ({stap.gremium_naam}): {van}{written(_dated(stap.gepland)[0])}"
    words += "".join(f", stukken {written(day)}" for day in _dated(stap.aanleverdatum))
    words += "".join(f", uiterlijk {written(day)}" for day in _dated(stap.uiterlijk))
    return words + (", geweest" if stap.status == "geweest" else "") + (", kritiek" if stap.kritiek else "")


def _unknown(stappen: Sequence[Stapplan]) -> Iterator[str]:
    """Every day that is not known, with the reason; stappen with the same reason in one line."""
    kinds = {"Datum onbekend": "gepland", "Aanleverdatum onbekend": "aanleverdatum", "Uiterste datum onbekend": "uiterlijk"}
    for words, field in kinds.items():
        reasons: dict[str, list[str]] = {}
        for stap in stappen:
            moment = getattr(stap, field)
            if isinstance(moment, Onbekend) and (field == "gepland" or isinstance(stap.gepland, Moment)):
                reasons.setdefault(moment.waarom, []).append(f"{stap.naam} ({stap.gremium_naam})")
        for reason, names in reasons.items():
            yield f"{words}: {', '.join(names)}. Reden: {reason}."


def _undated(jaar: Jaarplan) -> list[str]:
    """Per dossier the stappen that have no day; of a long list the first."""
    stappen: dict[str, list[str]] = {}
    for stap in jaar.onbepaald:
        stappen.setdefault(stap.slug, []).append(stap.naam)
    lines = [f"Datum onbekend in {slug}: {', '.join(namen)}." for slug, namen in stappen.items()]
    return lines if len(lines) <= _MOST else [*lines[:_MOST], f"En in nog {_counted(len(lines) - _MOST, 'dossier', 'dossiers')}."]


def _year_sentence(jaar: Jaarplan) -> str:
    punten = _counted(sum(len(zitting.punten) for zitting in jaar.zittingen), "agendapunt", "agendapunten")
    termijnen = _counted(len(jaar.rondes), "reactietermijn", "reactietermijnen")
    sentence = f"{_counted(len(jaar.zittingen), 'vergadering', 'vergaderingen')} met {punten}; {termijnen}"
    clashing = _counted(len(jaar.botsingen), "botsing", "botsingen")
    return f"{sentence}, {clashing}." if jaar.rondes else f"{sentence}."


def _clash_words(eerste: str, tweede: str, raden: int) -> str:
    return f"botsing: {eerste} en {tweede} vragen tegelijk iets van {_counted(raden, 'deelnemer', 'deelnemers')}"


def _counted(n: int, one: str, more: str) -> str:
    return f"{n} {one if n == 1 else more}"


def _dated(moment: Moment | Onbekend | None) -> list[date]:
    """The day as a list of one, or of none when there is no day."""
    return [moment.datum] if isinstance(moment, Moment) else []


def _days(stap: Stapplan) -> list[date]:
    if not isinstance(stap.gepland, Moment):
        return []
    return [day for moment in (stap.gepland, stap.van, stap.aanleverdatum, stap.uiterlijk) for day in _dated(moment)]
