"""Opening a stap: which vergadering or which termijn follows, frozen with its reason."""

from __future__ import annotations

from datetime import date

from statemachines.errors import NoVergaderingInTime, Refused
from statemachines.journal import Opening, RondeGezet, ZittingGezet
from statemachines.kalender import Onbekend, Zitting, written
from statemachines.route import Route, Stap
from statemachines.stelsel import Stelsel


def open_stap(stelsel: Stelsel, stap: Stap, bezoek: int, ready: date) -> Opening:
    """What the stap uses when the document is ready for it on ``ready``.

    A ronde asks everyone who is deelnemer on the day of the verzending. Raises NoVergaderingInTime when the end of the termijn
    lies outside the calendar: a termijn without an end cannot be published.
    """
    if stap.ronde is None:
        return Opening(stap=stap.slug, bezoek=bezoek, zitting=frozen(stelsel.vergaderingen(stap.gremium).next_for(ready)))
    venster = stelsel.werkkalender.reactietermijn(ready, stap.ronde.termijn)
    if isinstance(venster, Onbekend):
        raise NoVergaderingInTime(f"De reactietermijn van '{stap.naam}' heeft geen einddatum: {venster.waarom}. Vul eerst de kalender aan.")
    van, tot_en_met = venster.van.datum, venster.tot_en_met.datum
    gevraagd = tuple(orgaan.slug for orgaan in stelsel.organen(stap.ronde.kring, van))
    ronde = RondeGezet(
        kring=stap.ronde.kring,
        gevraagd=gevraagd,
        van=van,
        tot_en_met=tot_en_met,
        waarom=venster.tot_en_met.waarom,
        bron=stap.ronde.termijn.bron,
    )
    return Opening(stap=stap.slug, bezoek=bezoek, ronde=ronde)


def hold_over(stelsel: Stelsel, stap: Stap, bezoek: int, after: date) -> Opening:
    """The same visit, at the next vergadering after the day on which it was held over."""
    return Opening(stap=stap.slug, bezoek=bezoek, zitting=frozen(stelsel.vergaderingen(stap.gremium).following(after)))


def enter(stelsel: Stelsel, route: Route, bezoeken: dict[str, int], naar: str, ready: date) -> Opening | None:
    """The opening of the stap ``naar`` as a new visit, or None for an ending."""
    stap = route.stap(naar)
    return None if stap is None else open_stap(stelsel, stap, bezoeken.get(naar, 0) + 1, ready)


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
    werk = stelsel.werkkalender
    if not werk.knows(tot_en_met):
        raise Refused(f"De sluitingsdatum {written(tot_en_met)} is {werk.onbekend()}; kies een datum binnen de kalender.")
    if not werk.is_werkdag(tot_en_met):
        later = werk.roll(tot_en_met)
        raise Refused(f"De sluitingsdatum {written(tot_en_met)} is geen werkdag; {_proposal(later)}.")
    if tot_en_met < max(datum, ronde.van):
        raise Refused(f"De sluitingsdatum {written(tot_en_met)} ligt voor {written(max(datum, ronde.van))}; kies een datum die nog komt.")
    waarom = f"verzet op {written(datum)}; eerst {written(ronde.tot_en_met)}"
    return opening.model_copy(update={"ronde": ronde.model_copy(update={"tot_en_met": tot_en_met, "waarom": waarom})})


def _proposal(later: date | Onbekend) -> str:
    return "kies een werkdag" if isinstance(later, Onbekend) else f"de eerste werkdag daarna is {written(later)}"


def moved_zitting(stelsel: Stelsel, stap: Stap, opening: Opening, vergadering: date, datum: date) -> Opening:
    """The same visit planned for another vergadering of the gremium, which must be in its calendar and not lie before ``datum``."""
    reeks = stelsel.vergaderingen(stap.gremium)
    zitting = reeks.on(vergadering)
    if zitting is None:
        volgende = reeks.following(vergadering)
        kan = (
            f"de eerstvolgende is {volgende}" if isinstance(volgende, Onbekend) else f"daarna wel op {written(volgende.vergadering.datum)}"
        )
        raise NoVergaderingInTime(f"{reeks.gremium.naam} vergadert niet op {written(vergadering)}; {kan}.")
    if vergadering < datum:
        raise NoVergaderingInTime(f"De vergadering van {written(vergadering)} is al geweest; kies er een op of na {written(datum)}.")
    return opening.model_copy(update={"zitting": frozen(zitting)})
