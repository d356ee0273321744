"""Why somebody did not get a bericht: which condition of its kind is not met on the day that is looked at, and what has to happen first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dossiers.outbox import TOLD, Told
from notifications import messages
from notifications.audience import difference
from notifications.gehoor import Gehoor, hearers
from notifications.herinneren import reminded_between
from notifications.kijk import OF_A_MOMENT, OF_A_PLAN, OF_THE_END, Kijk, onderwerp
from notifications.waarom import who_hears
from statemachines.berichten import LEDEN, SECRETARIS, Aanleiding, Berichtsoort
from statemachines.due import reminders
from statemachines.facts import Kring
from statemachines.gepland import announced_between, planned_rondes
from statemachines.kalender import enumerated, written
from statemachines.lidwoord import met_lidwoord
from statemachines.ronde import Ronde, Stand
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Wie:
    """Who did not get it; ``afgemeld`` says that somebody signed it off from the kind, ``geen_adres`` in Dutch why no mail can go there."""

    ontvanger: str
    afgemeld: bool = False
    geen_adres: str = ""


def waarom_niet(kijk: Kijk, soort: Berichtsoort, wie: Wie) -> list[str]:
    """The sentences that explain why there is no bericht of this kind about this dossier for this recipient."""
    found = _never(kijk.feiten, soort, wie) or list(_not_now(kijk, soort, wie.ontvanger))
    return [*found, *([f"Er kan nu ook geen mail naartoe: {wie.geen_adres}"] if wie.geen_adres else [])]


def zonder_dossier(feiten: Stelsel, soort: Berichtsoort, wie: Wie) -> list[str]:
    """The same for a kind that is about no single dossier."""
    found = _never(feiten, soort, wie) or [
        f"'{soort.naam}' gaat niet over een dossier apart: het gaat uit {soort.wanneer}. Dat was niet zo."
    ]
    return [*found, *([f"Er kan nu ook geen mail naartoe: {wie.geen_adres}"] if wie.geen_adres else [])]


def may_hear(feiten: Stelsel, soort: Berichtsoort, ontvanger: str) -> bool:
    """Whether this recipient can ever hear of a kind, by its role."""
    organen = [orgaan.slug for d in feiten.deelnemers for kring in Kring if (orgaan := feiten.orgaan_van(d.slug, kring)) is not None]
    known = {*soort.wie, *hearers(feiten, soort, organen, via_deelregio=True)}
    if SECRETARIS in soort.wie:
        known |= {gremium.secretaris for gremium in feiten.gremia}
    if LEDEN in soort.wie:
        known |= {feiten.leden(slug).slug for slug in organen if feiten.orgaan(slug).kring is Kring.RADEN_STATEN}
    return ontvanger in known


def _never(feiten: Stelsel, soort: Berichtsoort, wie: Wie) -> list[str]:
    if not soort.aan:
        return [f"'{soort.naam}' staat uit in de catalogus (aan: false); niemand hoort het."]
    if not may_hear(feiten, soort, wie.ontvanger):
        return [f"'{soort.naam}' is voor {who_hears(soort)}; {wie.ontvanger} hoort daar niet bij."]
    return [f"{wie.ontvanger} is afgemeld voor '{soort.naam}'."] if wie.afgemeld else []


def _not_now(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    klaar = difference(kijk.dossier, kijk.op, kijk.live, kijk.feiten).klaar
    if any((k.soort, k.ontvanger) == (soort.slug, ontvanger) for k in klaar):
        yield f"Op {written(kijk.op)} is er wel reden voor: de volgende dagronde zet het klaar."
        return
    reasons = _REASONS.get(soort.bij)
    if reasons is None:
        yield f"'{soort.naam}' gaat niet over een dossier apart: het gaat uit {soort.wanneer}."
    else:
        yield from reasons(kijk, soort, ontvanger)


def _of_a_plan(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    planned = list(planned_rondes(kijk.dossier))
    if not planned:
        yield f"Er is geen ronde afgesproken die nog open moet gaan; {_place(kijk)}. Afspreken kan met 'kader plan --vast'."
    for ronde in planned:
        organen = [orgaan.slug for orgaan in kijk.dossier.stelsel.organen(ronde.kring, ronde.van)]
        if ontvanger not in hearers(kijk.dossier.stelsel, soort, organen, via_deelregio=False):
            yield f"{ontvanger} wordt niet gevraagd in '{ronde.naam}', die opengaat op {written(ronde.van)}."
            continue
        vanaf, uiterlijk = announced_between(soort, ronde.van)
        if kijk.op < vanaf:
            yield f"Het is te vroeg: '{ronde.naam}' opent op {written(ronde.van)}, en aankondigen kan vanaf {written(vanaf)}."
        elif kijk.op > uiterlijk:
            yield (
                f"Het is te laat: '{ronde.naam}' opent op {written(ronde.van)}, en aankondigen kon tot en met {written(uiterlijk)}. "
                "De opening vertelt het."
            )
        else:
            yield f"De aankondiging van '{ronde.naam}' is al klaargezet of verteld."


def _plan_changed(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    told = next((row for row in kijk.told(OF_A_PLAN, ontvanger) if row.status in TOLD), None)
    if told is None:
        yield f"{ontvanger} kreeg geen aankondiging; wie niets hoorde, hoort niet dat het verandert."
    elif soort.bij is Aanleiding.PLAN_GEWIJZIGD:
        yield f"De planning is niet anders dan {ontvanger} hoorde: {_days(told)}."
    else:
        yield "De aangekondigde ronde is nog gepland, of hij is opengegaan."


def _opened(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    found = _asked(kijk, soort, ontvanger)
    if isinstance(found, str):
        yield found
        return
    ronde, gehoor = found
    for slug in gehoor.organen:
        stand = ronde.standen.get(slug)
        yield _why_not_open(kijk, ronde, slug, stand)


def _why_not_open(kijk: Kijk, ronde: Ronde, slug: str, stand: Stand | None) -> str:
    naam, until = _naam(kijk, slug), ronde.until(slug)
    if stand is None or not kijk.dossier.stelsel.exists(slug, kijk.op):
        return f"De deelnemer van {naam} bestaat niet meer; een ander nam de plaats over."
    if not stand.waiting:
        return f"{_answered(naam, stand)}; wie al antwoordde, hoort de opening niet meer."
    if kijk.op < ronde.van:
        return f"De ronde opent pas op {written(ronde.van)}."
    if not ronde.open or kijk.op > until:
        return f"De ronde is voorbij: {naam} kon reageren tot en met {written(until)}."
    return f"{naam} kan reageren tot en met {written(until)}, en hoorde dat al met een ander bericht over deze ronde."


def _moved(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    told = _told_of_a_moment(kijk, ontvanger)
    if told is None:
        yield f"{ontvanger} hoorde niets van een reactietermijn; wie de opening niet kreeg, hoort niet dat de datum verandert."
    else:
        until = written(date.fromisoformat(messages.last_told(told.context)))
        yield f"De sluitingsdatum is niet anders dan {ontvanger} hoorde ({until}), of de ronde is voorbij."


def _withdrawn(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    if _told_of_a_moment(kijk, ontvanger) is None:
        yield f"{ontvanger} hoorde niets van een reactietermijn; er is niets om in te trekken."
    elif kijk.dossier.open_ronde is not None:
        yield "De ronde is open en niet vervallen."
    else:
        yield "De ronde is niet vervallen: hij liep tot het einde."


def _silent(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    found = _asked(kijk, soort, ontvanger)
    if isinstance(found, str):
        yield found
        return
    ronde, gehoor = found
    if not ronde.open or all(kijk.op > ronde.until(slug) for slug in gehoor.organen):
        yield f"De ronde is voorbij: reageren kon tot en met {written(max(ronde.until(slug) for slug in gehoor.organen))}."
        return
    quiet = [slug for slug in gehoor.organen if (stand := ronde.standen.get(slug)) is not None and _is_silent(stand)]
    if not quiet:
        for slug in gehoor.organen:
            yield _known(kijk, slug, ronde.standen.get(slug))
        return
    about = onderwerp(ronde.stap, ronde.bezoek)
    if not any(row.status in TOLD for row in kijk.told(OF_A_MOMENT, ontvanger, about)):
        yield f"{ontvanger} hoorde nog niet van de opening; wie niets hoorde, krijgt geen herinnering."
        return
    days = reminded_between(kijk, soort, ronde, Gehoor(gehoor.ontvanger, gehoor.als, tuple(quiet)))
    if days is None:
        yield "De werkkalender reikt niet ver genoeg om de dag van de herinnering te weten."
    elif kijk.op < days[0]:
        yield f"Het is te vroeg: de herinnering gaat uit vanaf {written(days[0])}. De laatste dag die past, is {written(days[1])}."
    else:
        yield f"Het is te laat: de laatste dag die past, was {written(days[1])}."


def _known(kijk: Kijk, slug: str, stand: Stand | None) -> str:
    """Why who is asked needs no reminder."""
    naam = _naam(kijk, slug)
    if stand is None:
        return f"De plaats van {naam} is door een ander overgenomen."
    if not stand.waiting:
        return f"{_answered(naam, stand)}; dan volgt geen herinnering."
    if stand.concept is not None:
        return f"Van {naam} is een concept onder voorbehoud binnen ({written(stand.concept)}); dan volgt geen herinnering."
    if stand.behandelwijze is None and stand.geagendeerd_op is not None:
        return f"Het staat op de agenda van {naam} ({written(stand.geagendeerd_op)}); dan volgt geen herinnering."
    return f"Van {naam} is de behandelwijze bekend ({str(stand.behandelwijze).replace('-', ' ')}); dan volgt geen herinnering."


def _ended(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    if not kijk.dossier.ended:
        yield f"Het dossier is nog niet afgesloten: het staat bij '{kijk.dossier.route.naam_van(kijk.dossier.fase)}'."
    elif next((row for row in kijk.told(OF_THE_END, ontvanger) if row.status in TOLD), None) is not None:
        yield f"{ontvanger} hoorde de uitkomst al."
    else:
        yield f"{ontvanger} hoorde niets van een ronde van dit dossier en gaf ook niets; de uitkomst is voor wie gevraagd was."


def _corrected(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    if next((row for row in kijk.told(OF_THE_END, ontvanger) if row.status in TOLD), None) is None:
        yield f"{ontvanger} hoorde nog geen uitkomst; dan is er niets te verbeteren."
    else:
        yield f"Over de uitkomst is niets anders waar dan {ontvanger} hoorde."


def _of_a_gremium(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> Iterator[str]:
    mine = [due for due in reminders(kijk.dossier) if (due.wat, due.ontvanger) == (soort.slug, ontvanger)]
    if not mine:
        yield f"Er is nu niets van {ontvanger} te verwachten; {_place(kijk)}."
    for due in mine:
        if kijk.op < due.vanaf:
            yield f"Het is te vroeg: dit gaat uit vanaf {written(due.vanaf)}."
        elif due.tot_en_met is not None and kijk.op > due.tot_en_met:
            yield f"Het is te laat: dit kon tot en met {written(due.tot_en_met)}."
        else:
            yield "Hierover is al een bericht klaargezet of verteld."


_REASONS: dict[Aanleiding, Callable[[Kijk, Berichtsoort, str], Iterator[str]]] = {
    Aanleiding.RONDE_GEPLAND: _of_a_plan,
    Aanleiding.PLAN_GEWIJZIGD: _plan_changed,
    Aanleiding.PLAN_VERVALLEN: _plan_changed,
    Aanleiding.RONDE_GEOPEND: _opened,
    Aanleiding.DATUM_GEWIJZIGD: _moved,
    Aanleiding.RONDE_VERVALLEN: _withdrawn,
    Aanleiding.RONDE_ZONDER_REACTIE: _silent,
    Aanleiding.BESLOTEN: _ended,
    Aanleiding.BESLUIT_GECORRIGEERD: _corrected,
    Aanleiding.STUKKEN_VERWACHT: _of_a_gremium,
    Aanleiding.STUKKEN_TE_LAAT: _of_a_gremium,
    Aanleiding.BESLUIT_VERWACHT: _of_a_gremium,
    Aanleiding.VERSLAG_VERWACHT: _of_a_gremium,
}


def _asked(kijk: Kijk, soort: Berichtsoort, ontvanger: str) -> tuple[Ronde, Gehoor] | str:
    """The last ronde in which this recipient hears for somebody, with for whom; or in Dutch that there is none."""
    for ronde in kijk.dossier.rondes:
        organen = [*ronde.standen, *ronde.overgenomen]
        via = messages.inner_day(kijk.dossier, ronde) is not None
        gehoor = hearers(kijk.dossier.stelsel, soort, organen, via).get(ontvanger)
        if gehoor is not None:
            return ronde, gehoor
    rondes = [f"'{kijk.dossier.route.naam_van(ronde.stap)}'" for ronde in reversed(kijk.dossier.rondes)]
    if not rondes:
        straks = next(planned_rondes(kijk.dossier), None)
        meer = "" if straks is None else f" Afgesproken is dat '{straks.naam}' opengaat op {written(straks.van)}."
        return f"In dit dossier is nog geen ronde geopend; {_place(kijk)}.{meer}"
    return f"{ontvanger} is niet gevraagd in {enumerated(list(dict.fromkeys(rondes)))} van dit dossier."


def _told_of_a_moment(kijk: Kijk, ontvanger: str) -> Told | None:
    return next((row for row in kijk.told(OF_A_MOMENT, ontvanger) if row.status in TOLD), None)


def _is_silent(stand: Stand) -> bool:
    return stand.waiting and stand.behandelwijze is None and stand.geagendeerd_op is None and stand.concept is None


def _answered(naam: str, stand: Stand) -> str:
    op = f" op {written(stand.datum)}" if stand.datum is not None else ""
    return f"Van {naam} is er al een antwoord{op} ({stand.staat.label})"


def _naam(kijk: Kijk, slug: str) -> str:
    return met_lidwoord(kijk.dossier.stelsel.orgaan(slug).naam)


def _days(told: Told) -> str:
    van, tot = (written(date.fromisoformat(str(told.context[name]))) for name in ("van", "tot_en_met"))
    return f"{van} tot en met {tot}"


def _place(kijk: Kijk) -> str:
    dossier = kijk.dossier
    naam = dossier.route.naam_van(dossier.fase)
    return f"het dossier is afgesloten ('{naam}')" if dossier.ended else f"het dossier staat bij '{naam}'"
