"""Why somebody got a bericht, and how it went: the rule, as what, what made it true, who gave it free, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dossiers.grootboek import Boeking
from dossiers.outbox import SYSTEEM, Status
from notifications.gehoor import Hoedanigheid
from notifications.kijk import OF_A_MOMENT, OF_A_PLAN, OF_THE_END
from notifications.verzendtijd import AMSTERDAM
from statemachines.berichten import CONTACT, Berichtsoort
from statemachines.kalender import enumerated, written
from statemachines.lidwoord import met_lidwoord

FAMILIES = (OF_A_MOMENT, OF_A_PLAN, OF_THE_END)
"""Kinds that follow one another to one recipient about one thing."""

_AS = {
    Hoedanigheid.CONTACT: "{naam} hoort het als contact van {orgaan}.",
    Hoedanigheid.ADVISEUR: "{naam} hoort het als adviseur van het college, dezelfde dag als de griffie. De vraag is aan {orgaan}.",
    Hoedanigheid.DEELREGIO: "{naam} hoort het als secretaris van de deelregio waarlangs {orgaan} kan reageren.",
}
_DAYS = {
    "van": "vanaf {}",
    "tot_en_met": "tot en met {}",
    "eerder": "eerder verteld: tot en met {}",
    "laatste": "laatste dag die past: {}",
    "vergadering": "vergadering van {}",
    "aanleverdatum": "stukken uiterlijk {}",
}


@dataclass(frozen=True)
class Oorzaak:
    """The entry of a journal that made a bericht true, as a sentence."""

    nr: int
    datum: date
    zin: str
    door: str
    herroepen: bool


@dataclass(frozen=True)
class Rondom:
    """What stood around a bericht. ``moment`` is now; ``samen`` are the keys that travel in the same mail.

    ``gevolgd`` are later berichten to the same recipient about the same, oldest first. ``geen_adres`` and ``gesloten`` say in Dutch why
    nothing can go there now, and that nothing goes at this hour; empty when it can.
    """

    moment: datetime
    oorzaak: Oorzaak | None = None
    samen: tuple[str, ...] = ()
    gevolgd: tuple[Boeking, ...] = ()
    geen_adres: str = ""
    gesloten: str = ""


def waarom(boeking: Boeking, soort: Berichtsoort | None, rondom: Rondom) -> list[str]:
    """The sentences that explain a bericht, in the order in which it came about; ``soort`` None when the catalogue lost its kind."""
    return [
        *_rule(boeking, soort),
        *_cause(boeking, rondom),
        *_put(boeking),
        *_release(boeking, soort),
        *_outcome(boeking),
        *(_waits(boeking, rondom) if boeking.status is Status.VRIJGEGEVEN else ()),
        *_travelled(boeking, rondom),
        *_followed(boeking, rondom),
    ]


def follows(boeking: Boeking, earlier: Boeking) -> bool:
    """Whether this bericht came after the other one, to the same recipient about the same thing."""
    family = next((f for f in FAMILIES if earlier.key.soort in f), (earlier.key.soort,))
    about = family is OF_THE_END or boeking.onderwerp == earlier.onderwerp
    mine, theirs = ((b.klaargezet, b.key.datumversie) for b in (boeking, earlier))
    same = (boeking.key.slug, boeking.key.ontvanger) == (earlier.key.slug, earlier.key.ontvanger)
    return same and about and boeking.key.soort in family and mine > theirs


def who_hears(soort: Berichtsoort) -> str:
    """For whom a kind is, as people read it."""
    return enumerated(["het contact van wie gevraagd wordt" if wie == CONTACT else wie.replace("-", " ") for wie in soort.wie])


def clock(moment: str) -> str:
    """A moment (ISO text in UTC) as people in Amsterdam write it."""
    local = datetime.fromisoformat(moment).astimezone(AMSTERDAM)
    return f"{written(local.date())} om {local.hour}:{local.minute:02d} uur"


def _rule(boeking: Boeking, soort: Berichtsoort | None) -> Iterator[str]:
    if soort is None:
        yield f"De soort '{boeking.key.soort}' staat niet meer in de catalogus; bij het klaarzetten stond hij er wel in."
    else:
        yield f"De regel: '{soort.naam}' gaat uit {soort.wanneer}. Dit is voor {who_hears(soort)}."
        if not soort.aan:
            yield "Deze soort staat nu uit; er komen geen nieuwe bij."
    if boeking.als in set(Hoedanigheid) and boeking.orgaan:
        yield _capital(_AS[Hoedanigheid(boeking.als)].format(naam=boeking.naam, orgaan=met_lidwoord(boeking.orgaan)))
    elif boeking.orgaan:
        yield f"{_capital(boeking.naam)}: dit gaat over {met_lidwoord(boeking.orgaan)}."


def _cause(boeking: Boeking, rondom: Rondom) -> Iterator[str]:
    oorzaak = rondom.oorzaak
    if oorzaak is None:
        yield "Het hangt niet aan een regel van een journaal."
        return
    zin = f"Regel {oorzaak.nr} van het journaal maakte het waar ({written(oorzaak.datum)}, vastgelegd door {oorzaak.door}): {oorzaak.zin}."
    yield f"{zin} Die regel geldt niet meer." if oorzaak.herroepen else zin


def _put(boeking: Boeking) -> Iterator[str]:
    yield f"Klaargezet op {clock(boeking.klaargezet)}, met sjabloon '{boeking.sjabloon}' (versie {boeking.sjablonen[:12]})."
    days = [shape.format(written(date.fromisoformat(boeking.data[name]))) for name, shape in _DAYS.items() if name in boeking.data]
    if days:
        yield f"Data erin: {'; '.join(days)}."


def _release(boeking: Boeking, soort: Berichtsoort | None) -> Iterator[str]:
    if boeking.vrijgegeven_door == SYSTEEM:
        yield "Dit gaat vanzelf; niemand hoeft het vrij te geven."
    elif boeking.vrijgegeven_door is not None and boeking.vrijgegeven is not None:
        tweede = f" {_capital(boeking.akkoord_door)} was akkoord." if boeking.akkoord_door else ""
        yield f"Vrijgegeven door {boeking.vrijgegeven_door} op {clock(boeking.vrijgegeven)}.{tweede}"
    elif boeking.status is Status.KLAARGEZET:
        akkoord = f" Alleen {boeking.akkoord_door} is akkoord; er is nog een ander nodig." if boeking.akkoord_door else ""
        yield f"Nog niemand gaf het vrij; het wacht sinds {clock(boeking.klaargezet)}.{akkoord} Geef vrij met 'kader bericht vrijgeef'."
    else:
        yield "Niemand gaf het vrij."


def _outcome(boeking: Boeking) -> Iterator[str]:
    keer = "1 poging" if boeking.pogingen == 1 else f"{boeking.pogingen} pogingen"
    op = clock(boeking.afgehandeld) if boeking.afgehandeld else ""
    match boeking.status:
        case Status.VERZONDEN:
            yield f"Verzonden op {op}, na {keer}."
        case Status.MISLUKT:
            yield f"Mislukt op {op}, na {keer}. Er gaat niets meer vanzelf."
        case Status.ONBEKEND:
            yield f"Onbekend sinds {op}, na {keer}: de mailserver kan het hebben aangenomen. Het telt als verteld."
        case Status.INGETROKKEN:
            yield f"Ingetrokken op {op}, voordat het verzonden was. De reden: {boeking.melding or 'niet vastgelegd'}"
            return
        case Status.BEZIG:
            yield f"Het wordt nu bezorgd (poging {boeking.pogingen})."
        case _ if boeking.pogingen:
            yield f"Nog niet aangekomen, na {keer}."
    if boeking.melding:
        yield f"De uitkomst in woorden: {boeking.melding}"


def _waits(boeking: Boeking, rondom: Rondom) -> Iterator[str]:
    """Why something that is free did not go yet."""
    later = boeking.niet_voor if boeking.niet_voor and datetime.fromisoformat(boeking.niet_voor) > rondom.moment else None
    if rondom.geen_adres:
        yield f"Zo kan het niet aankomen: {rondom.geen_adres}"
    if later is not None and boeking.pogingen:
        yield f"De volgende poging is niet voor {clock(later)}."
    elif later is not None:
        yield f"Deze persoon kreeg die dag al een mail; dit reist mee vanaf {clock(later)}."
    if rondom.gesloten:
        yield rondom.gesloten
    elif later is None:
        yield "Het gaat mee met de volgende bezorging."


def _travelled(boeking: Boeking, rondom: Rondom) -> Iterator[str]:
    if boeking.mail is not None:
        samen = f"samen met {enumerated(rondom.samen)}" if rondom.samen else "alleen"
        yield f"Het reist in mail {boeking.mail[:12]}, {samen}."
    elif boeking.status in (Status.VERZONDEN, Status.ONBEKEND):
        yield "Het was een mail op zichzelf."


def _followed(boeking: Boeking, rondom: Rondom) -> Iterator[str]:
    if rondom.gevolgd:
        rest = enumerated([f"{b.bericht} ({b.status.value})" for b in rondom.gevolgd])
        yield f"In de plaats kwam {rest}." if boeking.status is Status.INGETROKKEN else f"Daarna kwam {rest}."
    elif boeking.status is Status.INGETROKKEN:
        yield "Er kwam niets voor in de plaats."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
