"""The agenda of one meeting in words: its parts, as tables with a sentence above them, the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flows.agenda import Agenda
from flows.agendapunten import Advies, Agendapunt, Conceptagenda, Zekerheid
from flows.knelpunten import Rondezorg
from flows.openstaand import Actiesoort
from flows.opmaak import short_day
from flows.sindsdien import Verandering
from statemachines.facts import Status
from statemachines.kalender import written

INTERN = "Intern: voor wie deze vergadering voorbereidt. Niet voor raden of het publiek."
NOBODY = "trekker onbekend"


@dataclass(frozen=True)
class Blok:
    """A table with the sentences above it; ``breedtes`` says how wide its columns are compared to each other."""

    kop: str
    zinnen: tuple[str, ...]
    kolommen: tuple[str, ...]
    breedtes: tuple[int, ...]
    rijen: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Deel:
    """A part of the agenda; without ``blokken`` the sentence ``leeg`` says so."""

    kop: str
    leeg: str
    blokken: tuple[Blok, ...]


def title(agenda: Agenda) -> str:
    """What it is: the gremium and the day."""
    return f"{agenda.naam}: {written(agenda.datum)}"


def opening(agenda: Agenda) -> tuple[str, ...]:
    """The sentences at the top: from which day, since which day, and what to know about these days."""
    sinds = f" Vorige vergadering: {written(agenda.vorige)}{_label(agenda.vorige_status)}." if agenda.vorige else ""
    return (INTERN, f"Gezien vanaf {written(agenda.op)}.{sinds}", *agenda.let_op)


def invented(agenda: Agenda) -> bool:
    """Whether days in it come from a calendar that is an example."""
    return Status.VOORBEELD in (agenda.status, agenda.vorige_status, *(ag.status for ag in agenda.vergaderingen))


def parts(agenda: Agenda) -> tuple[Deel, ...]:
    """The five parts, in the order in which a meeting is prepared."""
    sinds = f"sinds {written(agenda.vorige)}" if agenda.vorige else "tot nu toe"
    return (
        Deel("1. Wat er is veranderd", f"Er is {sinds} niets veranderd.", tuple(_changed(agenda))),
        Deel("2. Nu te beslissen", "Er is niets nieuws, er zijn geen uitzonderingen en er botst niets.", tuple(_to_decide(agenda, sinds))),
        Deel("3. Conceptagenda", "Er is geen komende vergadering bekend.", tuple(_agenda(ag) for ag in agenda.vergaderingen)),
        Deel("4. Raden in de knel", "Van geen enkele ronde is bekend dat een raad haar niet haalt.", tuple(map(_ronde, agenda.rondes))),
        Deel("5. Openstaande acties", "Er staan geen acties open.", tuple(_actions(agenda))),
    )


def _label(status: Status) -> str:
    return "" if status is Status.BRON else f" ({status.value})"


def _changed(agenda: Agenda) -> Iterator[Blok]:
    for (_, titel), news in groupby(agenda.veranderd, key=lambda change: (change.dossier, change.titel)):
        rows = tuple((short_day(v.datum), str(v.nr), _sentence(v), v.toelichting) for v in news)
        yield Blok(titel, (), ("Datum", "Nr", "Wat er gebeurde", "Toelichting"), (12, 5, 46, 37), rows)


def _sentence(change: Verandering) -> str:
    extra = "; herroepen" if change.herroepen else ""
    extra += f"; later gecorrigeerd in regel {change.gecorrigeerd_in}" if change.gecorrigeerd_in else ""
    extra += "; later vastgelegd" if change.nagekomen else ""
    return change.zin + extra


def _to_decide(agenda: Agenda, sinds: str) -> Iterator[Blok]:
    new = tuple(
        (i.titel, f"{i.route}; in routing door {i.door} op {short_day(i.datum)}", i.trekker or NOBODY, i.staat_bij)
        for i in agenda.ingebracht
    )
    allowed = tuple((u.titel, f"{u.soort}, {short_day(u.datum)}: {u.zin}", u.reden, u.toegestaan_door) for u in agenda.uitzonderingen)
    clash = tuple((" en ".join(b.titels), b.soort.value, b.zin) for b in agenda.botsingen)
    here = {p.dossier for ag in agenda.vergaderingen if (ag.gremium, ag.datum) == (agenda.gremium, agenda.datum) for p in ag.punten}
    unanswered = tuple((a.titel, a.zin) for a in agenda.acties if a.soort is Actiesoort.PUNTEN and a.dossier in here)
    if unanswered:
        yield Blok("Nog zonder antwoord", (), ("Stuk", "Wat ontbreekt"), (30, 70), unanswered)
    if not (new or allowed or clash):
        return
    yield _table(f"Nieuw {sinds}", "Er is niets nieuw ingebracht.", ("Stuk", "Route", "Trekker", "Staat bij"), (30, 30, 18, 22), new)
    no = "Er zijn geen afwijkingen en er is geen spoed."
    yield _table("Uitzonderingen", no, ("Stuk", "Wat", "Reden", "Toegestaan door"), (24, 32, 28, 16), allowed)
    yield _table("Wat botst of niet past", "Er botst niets.", ("Stuk", "Wat", "Toelichting"), (26, 16, 58), clash)


def _table(kop: str, leeg: str, kolommen: tuple[str, ...], breedtes: tuple[int, ...], rijen: tuple[tuple[str, ...], ...]) -> Blok:
    return Blok(kop, () if rijen else (leeg,), kolommen, breedtes, rijen)


def _agenda(ag: Conceptagenda) -> Blok:
    columns = ("Stuk", "Doel", "Trekker", "Aanleveren", "Oplegger", "Advies", "Hoe zeker")
    widths = (25, 16, 14, 14, 12, 14, 11)
    if ag.datum is None:
        return Blok(f"{ag.naam}: geen verdere vergadering bekend", (f"Want {ag.waarom}.",), columns, widths, ())
    kop = f"{ag.naam}: {written(ag.datum)}{_label(ag.status)}"
    zinnen = (f"{ag.waarom.capitalize()}.",) if ag.waarom else ()
    rows = tuple(_item(punt) for punt in ag.punten)
    return Blok(kop, zinnen if rows else (*zinnen, "Er ligt nog niets voor deze vergadering."), columns, widths, rows)


def _item(punt: Agendapunt) -> tuple[str, ...]:
    advies = "; ".join(map(_advice, punt.adviezen)) or "geen gevraagd"
    oplegger = "nee" if punt.oplegger is None else f"ja, {punt.oplegger.replace('-', ' ')}"
    return (
        f"{punt.titel} ({punt.stap_naam})",
        punt.doel,
        punt.trekker or NOBODY,
        short_day(punt.aanleverdatum) if punt.zekerheid is not Zekerheid.BEHANDELD else "",
        oplegger,
        advies,
        punt.zekerheid.value,
    )


def _advice(advies: Advies) -> str:
    op = f" op {short_day(advies.datum)}" if advies.datum else ""
    return f"{advies.naam}: {advies.stand.value}{op}"


def _ronde(zorg: Rondezorg) -> Blok:
    dagen = f"{written(zorg.van)} tot en met {written(zorg.tot_en_met)} ({'loopt' if zorg.loopt else 'gepland'})"
    asked = "moeten nog antwoorden" if zorg.loopt else "worden gevraagd"
    counts = [
        f"{dagen[0].upper()}{dagen[1:]}: {zorg.gevraagd} {asked}, {len(zorg.raden)} {_verb(len(zorg.raden), 'haalt', 'halen')} het niet"
    ]
    counts += [f"{zorg.moet_nu} {_verb(zorg.moet_nu, 'moet', 'moeten')} nu iets doen"] if zorg.moet_nu else []
    counts += [f"van {zorg.onbekend} is te weinig bekend"] if zorg.onbekend else []
    how = f" Van iedereen ziet u het met 'kader ronde toon {zorg.dossier}'." if zorg.loopt else ""
    zinnen = (f"{', '.join(counts)}.{how}",)
    rows = tuple((raad.naam, raad.soort.value, raad.reden) for raad in zorg.raden)
    return Blok(f"{zorg.titel}: {zorg.naam}", zinnen, ("Wie", "Stand", "Waarom"), (28, 10, 62), rows)


def _verb(number: int, one: str, more: str) -> str:
    return one if number == 1 else more


def _actions(agenda: Agenda) -> Iterator[Blok]:
    rows = tuple(
        (f"{short_day(a.voor) if a.voor else ''}{' (te laat)' if a.te_laat else ''}", a.eigenaar, a.soort.value, a.titel, a.zin)
        for a in agenda.acties
    )
    if rows:
        yield Blok("", (), ("Voor", "Wie", "Wat", "Stuk", "Toelichting"), (11, 17, 14, 25, 33), rows)
