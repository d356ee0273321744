"""A plan as people read it: every stap, every date with its reason, and for each council whether it can make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from statemachines.facts import Laag
from statemachines.kalender import Moment, Onbekend, weeks_between, written
from statemachines.planning.planner import Opgelost, Planner
from statemachines.planning.raden import Raadplan, raden_of
from statemachines.planning.traject import planned_zitting, reeksen_of
from statemachines.planning.verschuiving import Verschuiving, verschuivingen
from statemachines.planning.waarschuwing import Waarschuwing, waarschuwingen
from statemachines.route import Stap, StapRol


@dataclass(frozen=True)
class Stapplan:
    """One stap of a plan. ``status`` is geweest, nu or straks.

    ``gepland`` is the vergadering (or the sluitingsdatum of a ronde, which then also has ``van``), ``uiterlijk`` the last one with which
    the doel can still be met; both with the day on which papers are due. ``speling`` counts the later vergaderingen that still
    meet the doel, ``speling_vrij`` those that move no other stap; slack is shared along the route. ``speling_werkdagen`` are the werkdagen
    between planned and last; ``marge_aanleveren`` the werkdagen between the papers being ready and due. ``kritiek``: the first possible
    vergadering is also the last.
    """

    stap: str
    naam: str
    gremium: str
    gremium_naam: str
    rol: StapRol
    ambtelijk: bool
    status: str
    is_ronde: bool
    gepland: Moment | Onbekend
    van: Moment | None = None
    aanleverdatum: Moment | Onbekend | None = None
    uiterlijk: Moment | Onbekend | None = None
    uiterlijk_aanleverdatum: Moment | Onbekend | None = None
    speling: int | None = None
    speling_vrij: int | None = None
    speling_werkdagen: int | None = None
    marge_aanleveren: int | None = None
    kritiek: bool = False


@dataclass(frozen=True)
class Rondeplan:
    """A ronde of a plan: its days, the weeks outside recess, what to watch, and the way of everyone who is asked."""

    stap: str
    naam: str
    van: date
    tot_en_met: date
    weken: int
    netto_weken: float
    waarschuwingen: tuple[Waarschuwing, ...]
    raden: tuple[Raadplan, ...]
    verschuivingen: tuple[Verschuiving, ...]


@dataclass(frozen=True)
class Plan:
    """When a document must be where.

    ``haalt`` says whether ``doel`` is met; if not, ``breekt`` is the stap that does not fit and ``eerste_mogelijk`` the first
    vergadering that works. ``weken`` are the whole weeks from the vrijgave to the end as planned. ``terugblik``: the doel lies
    before ``op``, so nothing of it can be kept. ``vervallen`` is the day that was agreed for the doel when nobody meets on it any more.
    """

    slug: str
    route: str
    route_naam: str
    op: date
    digest: str
    terugblik: bool
    doel: Moment | Onbekend
    haalt: bool | None
    breekt: str | None
    eerste_mogelijk: Moment | Onbekend
    weken: int | None
    stappen: tuple[Stapplan, ...]
    rondes: tuple[Rondeplan, ...]
    vervallen: date | None = None

    def stap(self, slug: str) -> Stapplan | None:
        """One stap of the plan."""
        return next((stap for stap in self.stappen if stap.stap == slug), None)


def explained(planner: Planner, opgelost: Opgelost) -> Plan:
    """The plan in dates, each with its reason."""
    vraag, laatste = opgelost.vraag, opgelost.vraag.laatste
    breaks = opgelost.breaks
    coming = tuple(_stap(planner, opgelost, i) for i in range(len(opgelost.stappen)))
    first = planner.earliest(opgelost) if vraag.doel else opgelost
    doel = coming[laatste].gepland
    on = None if vraag.doel is None else planner.stelsel.vergaderingen(opgelost.stappen[laatste].gremium).on(vraag.doel)
    if on is not None:
        doel = on.vergadering
    return Plan(
        slug=vraag.slug,
        route=vraag.route.slug,
        route_naam=vraag.route.naam,
        op=planner.op,
        digest=planner.stelsel.digest,
        terugblik=isinstance(doel, Moment) and doel.datum < planner.op,
        doel=doel,
        vervallen=vraag.doel if vraag.doel is not None and on is None else None,
        haalt=False if breaks is not None else None if None in opgelost.gedaan[: laatste + 1] else True,
        weken=_weeks(coming, coming[laatste].gepland),
        breekt=None if breaks is None else opgelost.stappen[breaks].slug,
        eerste_mogelijk=_stap(planner, first, laatste).gepland,
        stappen=(*_past(planner, opgelost), *coming),
        rondes=tuple(_rondes(planner, opgelost)),
    )


def _weeks(coming: Sequence[Stapplan], einde: Moment | Onbekend) -> int | None:
    vrijgave = next((stap.gepland for stap in coming if stap.rol is StapRol.VRIJGEVEN), None)
    return weeks_between(vrijgave.datum, einde.datum) if isinstance(vrijgave, Moment) and isinstance(einde, Moment) else None


def _past(planner: Planner, opgelost: Opgelost) -> Iterator[Stapplan]:
    for stap in opgelost.vraag.route.stappen:
        day = opgelost.vraag.geweest.get(stap.slug)
        if day is not None and stap not in opgelost.stappen:
            yield _stapplan(planner, stap, "geweest", Moment(day, "zo is het gegaan"))


def _stapplan(planner: Planner, stap: Stap, status: str, gepland: Moment | Onbekend) -> Stapplan:
    gremium = planner.stelsel.gremium(stap.gremium)
    return Stapplan(
        stap=stap.slug,
        naam=stap.naam,
        gremium=gremium.slug,
        gremium_naam=gremium.naam,
        rol=stap.rol,
        ambtelijk=gremium.laag is Laag.AMBTELIJK,
        status=status,
        is_ronde=stap.ronde is not None,
        gepland=gepland,
    )


def _stap(planner: Planner, opgelost: Opgelost, i: int) -> Stapplan:
    stap, done, last = opgelost.stappen[i], opgelost.gedaan[i], opgelost.gedaan_uiterlijk[i]
    status = "nu" if i == 0 and opgelost.vraag.geweest else "straks"
    known = done is not None and last is not None
    werkdagen = planner.werk.werkdagen_between(done, last) if done is not None and last is not None else None
    if stap.ronde is not None:
        return _ronde_stap(planner, opgelost, i, status, werkdagen)
    ready = opgelost.klaar[i]
    zitting = planned_zitting(planner.stelsel, stap, ready, done)
    gepland, papers = (zitting, zitting) if isinstance(zitting, Onbekend) else (zitting.vergadering, zitting.aanleverdatum)
    latest, latest_papers = _last_meeting(planner, stap, last)
    choices = opgelost.choices(i)
    marge = None
    if isinstance(papers, Moment) and ready is not None:
        marge = planner.werk.werkdagen_between(ready, papers.datum.toordinal())
    return replace(
        _stapplan(planner, stap, status, gepland),
        aanleverdatum=papers,
        uiterlijk=latest,
        uiterlijk_aanleverdatum=latest_papers,
        speling=choices if werkdagen is not None and werkdagen >= 0 else None,
        speling_vrij=_free(planner, opgelost, i),
        speling_werkdagen=werkdagen,
        marge_aanleveren=marge,
        kritiek=known and choices == 0,
    )


def _ronde_stap(planner: Planner, opgelost: Opgelost, i: int, status: str, werkdagen: int | None) -> Stapplan:
    stap, window = opgelost.stappen[i], planner.venster(opgelost, i)
    if window is None:
        ready = opgelost.klaar[i]
        waarom = "de stap daarvoor heeft nog geen datum" if ready is None else planner.werk.onbekend().waarom
        return _stapplan(planner, stap, status, Onbekend(waarom))
    last = opgelost.gedaan_uiterlijk[i]
    van, einde = _reasons(planner, opgelost, i, window)
    uiterlijk = None if last is None else Moment(date.fromordinal(last - 1), "dan is het stuk nog op tijd klaar voor de volgende stap")
    return replace(
        _stapplan(planner, stap, status, einde),
        van=van,
        uiterlijk=uiterlijk,
        speling_werkdagen=werkdagen,
        kritiek=werkdagen == 0,
    )


def _reasons(planner: Planner, opgelost: Opgelost, i: int, window: tuple[int, int]) -> tuple[Moment, Moment]:
    stap = opgelost.stappen[i]
    fixed = opgelost.vraag.vensters.get(stap.slug)
    if fixed is not None:
        return fixed.van, fixed.tot_en_met
    ready, termijn, einde = opgelost.klaar[i], opgelost.vraag.termijn(stap), date.fromordinal(window[1])
    assert ready is not None and termijn is not None
    venster = planner.werk.reactietermijn(date.fromordinal(ready), termijn, opgelost.vraag.minstens.get(stap.slug, 0))
    assert not isinstance(venster, Onbekend)
    bron = f"{venster.tot_en_met.waarom} ({termijn.bron})"
    if venster.tot_en_met.datum == einde:
        return venster.van, Moment(einde, bron)
    return venster.van, Moment(einde, f"zo afgesproken; zonder die afspraak {written(venster.tot_en_met.datum)}: {bron}")


def _last_meeting(planner: Planner, stap: Stap, last: int | None) -> tuple[Moment | Onbekend | None, Moment | Onbekend | None]:
    """The last vergadering with which the doel can still be met, and its paper date."""
    if last is None:
        return None, None
    reeksen = reeksen_of(planner.stelsel, stap, combi=True)
    found = [reeks.zitting(i) for reeks in reeksen if (i := reeks.back_index(last)) is not None]
    if not found:
        unknown = reeksen[0].onbekend(date.fromordinal(last))
        return unknown, unknown
    best = max(found, key=lambda zitting: zitting.vergadering.datum)
    return best.vergadering, best.aanleverdatum


def _free(planner: Planner, opgelost: Opgelost, i: int) -> int | None:
    """How many later vergaderingen of this stap leave the next stap where it is."""
    done = opgelost.gedaan[i]
    if done is None or i + 1 >= len(opgelost.stappen):
        choices = opgelost.choices(i)
        return choices if choices is None or choices >= 0 else None
    after = opgelost.gedaan[i + 1]
    ready = None if after is None else opgelost.trajecten[i + 1].back(after)
    last = None if ready is None else planner.werk.after_inverse(ready, opgelost.stappen[i].verwerking_werkdagen)
    return None if last is None else max(opgelost.trajecten[i].choices(done, last) or 0, 0)


def _rondes(planner: Planner, opgelost: Opgelost) -> Iterator[Rondeplan]:
    for i, stap in enumerate(opgelost.stappen):
        window = planner.venster(opgelost, i)
        if stap.ronde is None or window is None:
            continue
        van, einde = (date.fromordinal(day) for day in window)
        termijn = opgelost.vraag.termijn(stap)
        assert termijn is not None
        yield Rondeplan(
            stap=stap.slug,
            naam=stap.naam,
            van=van,
            tot_en_met=einde,
            weken=termijn.weken,
            netto_weken=planner.werk.net_weeks(van, einde),
            waarschuwingen=tuple(waarschuwingen(planner, opgelost.vraag, stap, van, einde)),
            raden=tuple(raden_of(planner, stap.ronde.kring, window)),
            verschuivingen=tuple(verschuivingen(planner, opgelost, i)),
        )
