"""Opening a stap: which vergadering or which termijn follows, frozen with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from statemachines.errors import NoVergaderingInTime, Refused
from statemachines.kalender import Moment, Onbekend, written
from statemachines.payloads import AdviesGevraagd, Opening, Planning, RondeGezet, StapGepland, ZittingGezet
from statemachines.planning.traject import planned_zitting, reeksen_of, traject_of
from statemachines.reeks import Reeks, Zitting
from statemachines.route import Route, Stap
from statemachines.stelsel import Stelsel


def open_stap(stelsel: Stelsel, stap: Stap, bezoek: int, ready: date, planning: Planning | None = None) -> Opening:
    """What the stap uses when the document is ready for it on ``ready``; what was agreed in a ``planning`` holds where it can.

    A ronde asks everyone who is deelnemer on the day of the verzending, and is never shorter than agreed. Raises
    NoVergaderingInTime when the end of the termijn lies outside the calendar: a termijn without an end cannot be published.
    """
    agreed = planning.stap(stap.slug) if planning else None
    if stap.ronde is None:
        return _opening(stap, bezoek, _zitting(stelsel, stap, ready, agreed))
    termijn = stap.ronde.termijn
    if agreed is not None and agreed.weken is not None:
        termijn = termijn.model_copy(update={"weken": agreed.weken})
    minstens = (agreed.tot_en_met - agreed.van).days if agreed and agreed.van and agreed.tot_en_met else 0
    venster = stelsel.werkkalender.reactietermijn(ready, termijn, minstens)
    if isinstance(venster, Onbekend):
        raise NoVergaderingInTime(f"De reactietermijn van '{stap.naam}' heeft geen einddatum: {venster.waarom}. Vul eerst de kalender aan.")
    van, einde = venster.van.datum, venster.tot_en_met
    if agreed is not None and agreed.tot_en_met is not None and agreed.tot_en_met > einde.datum:
        einde = Moment(agreed.tot_en_met, "de sluitingsdatum die is afgesproken")
    gevraagd = tuple(orgaan.slug for orgaan in stelsel.organen(stap.ronde.kring, van))
    eerder = stap.ronde.deelregio_werkdagen_eerder
    binnen = stelsel.werkkalender.before(einde.datum, eerder) if eerder else None
    ronde = RondeGezet(
        kring=stap.ronde.kring,
        gevraagd=gevraagd,
        van=van,
        tot_en_met=einde.datum,
        waarom=einde.waarom,
        bron=termijn.bron,
        deelregio_tot_en_met=binnen if isinstance(binnen, date) else None,
    )
    return Opening(stap=stap.slug, bezoek=bezoek, ronde=ronde)


def _opening(stap: Stap, bezoek: int, zitting: Zitting | Onbekend) -> Opening:
    """The opening of a stap with a vergadering: who decides side by side, and which advice is asked for."""
    return Opening(
        stap=stap.slug,
        bezoek=bezoek,
        zitting=frozen(zitting),
        naast=(stap.gremium, *stap.naast) if stap.naast else (),
        adviezen=tuple(AdviesGevraagd(gremium=a.gremium, over=a.over, verplicht=a.verplicht) for a in stap.adviezen),
    )


def _zitting(stelsel: Stelsel, stap: Stap, ready: date, agreed: StapGepland | None) -> Zitting | Onbekend:
    """The agreed vergadering when the papers can be ready for it, else the first for which they can."""
    first = traject_of(stelsel, stap).forward(ready.toordinal())
    day = agreed.vergadering if agreed else None
    if day is not None and first is not None and day.toordinal() >= first and meets(stelsel, stap, day):
        first = day.toordinal()
    return planned_zitting(stelsel, stap, ready.toordinal(), first)


def hold_over(stelsel: Stelsel, stap: Stap, bezoek: int, after: date) -> Opening:
    """The same visit, at the next vergadering after the day on which it was held over."""
    found = [reeks.following(after) for reeks in reeksen_of(stelsel, stap, combi=True)]
    known = [zitting for zitting in found if not isinstance(zitting, Onbekend)]
    following = min(known, key=lambda zitting: zitting.vergadering.datum) if known else found[0]
    return _opening(stap, bezoek, following)


def enter(
    stelsel: Stelsel, route: Route, bezoeken: Mapping[str, int], naar: str, done: date, *, van: str, planning: Planning | None = None
) -> Opening | None:
    """The opening of the stap ``naar`` as a new visit after the stap ``van`` was done, or None for an ending."""
    stap, left = route.stap(naar), route.stap(van)
    if stap is None:
        return None
    ready = stelsel.werkkalender.after(done, left.verwerking_werkdagen if left else 0)
    if isinstance(ready, Onbekend) and stap.ronde is None:
        return _opening(stap, bezoeken.get(naar, 0) + 1, ready)
    if isinstance(ready, Onbekend):
        raise NoVergaderingInTime(f"Wanneer het stuk klaar is voor '{stap.naam}' is {ready}. Vul eerst de kalender aan.")
    return open_stap(stelsel, stap, bezoeken.get(naar, 0) + 1, ready, planning)


def frozen(zitting: Zitting | Onbekend) -> ZittingGezet:
    """A planned vergadering as an entry keeps it."""
    if isinstance(zitting, Onbekend):
        return ZittingGezet(vergadering=None, aanleverdatum=None, waarom=zitting.waarom)
    return ZittingGezet(
        vergadering=zitting.vergadering.datum,
        aanleverdatum=zitting.aanleverdatum.datum,
        waarom=zitting.vergadering.waarom,
        waarom_aanleverdatum=zitting.aanleverdatum.waarom,
    )


def moved_ronde(stelsel: Stelsel, opening: Opening, tot_en_met: date, datum: date) -> Opening:
    """The same ronde with another sluitingsdatum, which must be a werkdag that still lies ahead on ``datum``."""
    ronde = opening.ronde
    if ronde is None:
        raise Refused("Bij deze stap loopt geen reactietermijn; er is dus geen sluitingsdatum om te verzetten.")
    refuse_no_werkdag(stelsel, tot_en_met)
    if tot_en_met < max(datum, ronde.van):
        raise Refused(f"De sluitingsdatum {written(tot_en_met)} ligt voor {written(max(datum, ronde.van))}; kies een datum die nog komt.")
    if tot_en_met == ronde.tot_en_met:
        raise Refused(f"{written(tot_en_met)} is al de sluitingsdatum; er verandert niets.")
    dates: dict[str, object] = {"tot_en_met": tot_en_met, "waarom": f"verzet op {written(datum)}; eerst {written(ronde.tot_en_met)}"}
    if ronde.deelregio_tot_en_met is not None:
        werk = stelsel.werkkalender
        eerder = werk.werkdagen_between(ronde.deelregio_tot_en_met.toordinal(), ronde.tot_en_met.toordinal())
        binnen = werk.before(tot_en_met, eerder)
        dates["deelregio_tot_en_met"] = binnen if isinstance(binnen, date) else None
    return opening.model_copy(update={"ronde": ronde.model_copy(update=dates)})


def refuse_no_werkdag(stelsel: Stelsel, day: date, wat: str = "sluitingsdatum") -> None:
    """Raises Refused when a sluitingsdatum or vergadering is on no werkdag, with the first one that is."""
    werk = stelsel.werkkalender
    if not werk.knows(day):
        raise Refused(f"De {wat} {written(day)} is {werk.onbekend()}; kies een datum binnen de kalender.")
    if not werk.is_werkdag(day):
        raise Refused(f"De {wat} {written(day)} is geen werkdag; {_proposal(werk.roll(day))}.")


def _proposal(later: date | Onbekend) -> str:
    return "kies een werkdag" if isinstance(later, Onbekend) else f"de eerste werkdag daarna is {written(later)}"


def moved_zitting(stelsel: Stelsel, stap: Stap, opening: Opening, vergadering: date, datum: date, spoed: bool = False) -> Opening:
    """The same visit planned for another vergadering of the gremium, which must not lie before ``datum``.

    It must be in the calendar, unless it is urgent: then the gremium meets extra, or decides in writing, on that day.
    """
    reeksen = reeksen_of(stelsel, stap, combi=True)
    zitting = next((found for found in (reeks.on(vergadering) for reeks in reeksen) if found is not None), None)
    if zitting is None and spoed and vergadering >= datum:
        refuse_no_werkdag(stelsel, vergadering, "vergadering")
        extra = ZittingGezet(vergadering=vergadering, aanleverdatum=datum, waarom="met spoed, buiten de vergaderkalender")
        return opening.model_copy(update={"zitting": extra})
    if zitting is None:
        raise NoVergaderingInTime(no_meeting(reeksen[0], vergadering))
    if vergadering < datum:
        raise NoVergaderingInTime(f"De vergadering van {written(vergadering)} is al geweest; kies er een op of na {written(datum)}.")
    return opening.model_copy(update={"zitting": frozen(zitting)})


def meets(stelsel: Stelsel, stap: Stap, day: date) -> bool:
    """Whether a gremium that can handle this stap meets on ``day``."""
    return any(reeks.index_on(day) is not None for reeks in reeksen_of(stelsel, stap, combi=True))


def no_meeting(reeks: Reeks, day: date) -> str:
    """That a gremium does not meet on ``day``, and when it does."""
    eerder = [dag for dag in reeks.dagen if dag < day][-1:]
    later = [dag for dag in reeks.dagen if dag > day][:1]
    wel = " en ".join([*(f"daarvoor op {written(dag)}" for dag in eerder), *(f"daarna op {written(dag)}" for dag in later)])
    return f"{reeks.gremium.naam} vergadert niet op {written(day)}; wel {wel or 'op geen enkele dag die bekend is'}."
