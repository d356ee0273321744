"""How a ronde ends and what falls due by itself: the last answer, a termijn that is over, a place that passes to a successor."""

from __future__ import annotations

from datetime import date, timedelta

from statemachines.dossier import Dossier
from statemachines.journal import Draft, Kind
from statemachines.opening import enter
from statemachines.payloads import Opening, Verlopen
from statemachines.ronde import ANSWERED, Deelname, Ronde
from statemachines.route import CLOSED, Sluiting

DAY = timedelta(days=1)


def closing(dossier: Dossier, ronde: Ronde, orgaan: str, given: Deelname, datum: date) -> tuple[str | None, Opening | None]:
    """Where the dossier goes when this answer is the last one that a ronde waits for."""
    if ronde is not dossier.ronde:
        return None, None
    others = not any(stand.waiting for slug, stand in ronde.standen.items() if slug != orgaan)
    if not (ronde.open and ronde.sluit is Sluiting.ALLEN and given in ANSWERED and others and ronde.counts(datum, orgaan)):
        return None, None
    earlier = (stand.datum for slug, stand in ronde.standen.items() if slug != orgaan and stand.datum is not None)
    return _close(dossier, ronde, max(datum, *earlier, datum))


def _close(dossier: Dossier, ronde: Ronde, ready: date) -> tuple[str, Opening | None]:
    naar = dossier.stelsel.main_line(dossier.route.slug).fire(ronde.stap, CLOSED)
    assert naar is not None
    return naar, enter(dossier.stelsel, dossier.route, dossier.bezoeken, naar, ready, van=ronde.stap, planning=dossier.planning)


def lapse_day(dossier: Dossier) -> date | None:
    """The first day on which the termijn of the open ronde is over: the last sluitingsdatum itself still counts in full."""
    return dossier.open_ronde.sluit_op + DAY if dossier.open_ronde else None


def due_day(dossier: Dossier) -> date | None:
    """The first day on which something must be written that nobody decides: a place that passes, or a termijn that is over."""
    lapse, passing = lapse_day(dossier), passing_place(dossier)
    return passing[0] if passing is not None and lapse is not None and passing[0] <= lapse else lapse


def passing_place(dossier: Dossier) -> tuple[date, str, str] | None:
    """The next organ in the open ronde whose deelnemer ends before it answered: on which day, which organ, and which one takes over."""
    ronde = dossier.open_ronde
    found = []
    for deelnemer in dossier.stelsel.ending if ronde is not None else ():
        assert ronde is not None and deelnemer.geldig_tot is not None
        own, heir = (dossier.stelsel.orgaan_van(slug, ronde.kring) for slug in (deelnemer.slug, deelnemer.opgevolgd_door or ""))
        stand = ronde.standen.get(own.slug) if own is not None else None
        if own is not None and heir is not None and stand is not None and stand.staat not in ANSWERED:
            found.append((deelnemer.geldig_tot + DAY, own.slug, heir.slug))
    return min(found, default=None)


def decide_due(dossier: Dossier) -> Draft:
    """Passes the place of a deelnemer that exists no more, or closes the open ronde on the day after its sluitingsdatum."""
    ronde, passing = dossier.open_ronde, passing_place(dossier)
    assert ronde is not None
    if passing is not None and passing[0] == due_day(dossier):
        datum, orgaan, heir = passing
        return Draft(Kind.VERLOPEN, datum, ronde.stap, ronde.bezoek, orgaan, Verlopen(naar=ronde.stap, over_naar=heir))
    datum = ronde.sluit_op + DAY
    naar, opent = _close(dossier, ronde, datum)
    return Draft(Kind.VERLOPEN, datum, ronde.stap, ronde.bezoek, ronde.kring.value, Verlopen(naar=naar, opent=opent))
