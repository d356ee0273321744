"""What must hold between rhythms, calendars and elections of raden and the other facts; every breach becomes a problem with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from config.checking import check_run, without_work
from config.sections import Found, Item
from statemachines.facts import Kring, Raadritme, Raadskalender, Schakelsoort, Uitzondering, Verkiezing
from statemachines.kalender import Werkkalender, written
from statemachines.planning.raadsweg import Raadsweg


def check_raden(found: Found) -> None:
    """Notes everything in the rhythms, calendars and elections that contradicts itself or names what does not exist."""
    werk = None if found.kalenderfeiten is None else Werkkalender(found.kalenderfeiten)
    _verkiezingen(found, werk)
    _raadskalenders(found, werk)
    for item, ritme in found.ritmes.used:
        found.deelnemers.require(ritme.deelnemer, item, "deelnemer")
        if werk is None:
            continue
        if ritme.geldig_vanaf is not None and not werk.knows(ritme.geldig_vanaf):
            item.refuse(f"Van een ritme dat geldt vanaf {ritme.geldig_vanaf} is geen dag bekend: {werk.onbekend()}.", "geldig_vanaf")
        else:
            _uitzonderingen(found, item, ritme, werk)


def _uitzonderingen(found: Found, item: Item[Raadritme], ritme: Raadritme, werk: Werkkalender) -> None:
    for soort in Schakelsoort:
        own = [(i, uitzondering) for i, uitzondering in enumerate(ritme.uitzonderingen) if uitzondering.soort is soort]
        if own and soort not in {schakel.soort for schakel in ritme.schakels}:
            wel = ", ".join(schakel.soort for schakel in ritme.schakels)
            item.refuse(f"Dit ritme heeft geen {soort}, dus ook geen uitzondering daarop; wel: {wel}.", "uitzonderingen", own[0][0])
        elif own:
            usual = _usual(found, ritme, soort, werk)
            for i, zin in _wrong_exceptions(own, usual, werk):
                item.refuse(zin, "uitzonderingen", i)


def _usual(found: Found, ritme: Raadritme, soort: Schakelsoort, werk: Werkkalender) -> set[date] | None:
    """The days of one schakel without its own exceptions; None when the deelnemer could not be read."""
    deelnemer = found.deelnemers.get(ritme.deelnemer)
    if deelnemer is None:
        return None
    other = tuple(uitzondering for uitzondering in ritme.uitzonderingen if uitzondering.soort is not soort)
    weg = Raadsweg(deelnemer, ritme.model_copy(update={"uitzonderingen": other}), (), found.verkiezingen.values, werk, werk.vanaf)
    return {date.fromordinal(day) for rij in weg.schakels[Kring.RADEN_STATEN] if rij.soort is soort for day in rij.m}


def _wrong_exceptions(own: list[tuple[int, Uitzondering]], usual: set[date] | None, werk: Werkkalender) -> Iterator[tuple[int, str]]:
    vervallen: set[date] = set()
    extra: set[date] = set()
    for i, uitzondering in own:
        gone, added = uitzondering.vervalt, uitzondering.extra
        if gone is None and added is None:
            yield i, "Een uitzondering zegt welke vergadering 'vervalt', welke er 'extra' is, of allebei (dan is hij verplaatst)."
        for day, seen in ((gone, vervallen), (added, extra)):
            if day is not None and day in seen:
                yield i, f"De uitzondering op {written(day)} staat er twee keer; laat er een staan."
            if day is not None:
                seen.add(day)
        if both := {day for day in (gone, added) if day in vervallen and day in extra}:
            yield i, f"De vergadering op {written(min(both))} kan niet zowel vervallen als extra zijn."
        elif gone is not None and usual is not None and gone not in usual:
            yield i, f"Op {written(gone)} is er volgens dit ritme geen vergadering ({uitzondering.soort}), dus er kan er geen vervallen."
        elif added is not None and usual is not None and added in usual:
            yield i, f"Op {written(added)} is er volgens dit ritme al een vergadering ({uitzondering.soort}); die is niet extra."
        if added is not None and (vrij := without_work(added, werk)):
            yield i, f"De extra vergadering op {written(added)} kan niet: dat is {vrij}."
        elif added is not None and not werk.knows(added):
            yield i, f"De extra vergadering op {written(added)} kan niet: {werk.onbekend()}."


def _confirmed_by(found: Found, item: Item[Raadskalender], kalender: Raadskalender) -> None:
    deelnemer = found.deelnemers.get(kalender.deelnemer)
    contacts = found.contacts_of(deelnemer) if deelnemer else set()
    rollen = {rol.naam for rol in found.rollen.items}
    if deelnemer is None or not contacts or not found.rollen.complete or kalender.bevestigd_door in contacts | rollen:
        return
    wel = ", ".join(sorted(contacts))
    item.refuse(
        f"'{kalender.bevestigd_door}' is geen contact van {deelnemer.naam} en geen rol; wel kan: {wel}, of een rol als aob.",
        "bevestigd_door",
    )


def _raadskalenders(found: Found, werk: Werkkalender | None) -> None:
    dagen: dict[tuple[str, date], str] = {}
    whole: dict[str, list[tuple[Raadskalender, str]]] = {}
    for item, kalender in found.raadskalenders.used:
        van = f"{kalender.deelnemer} ({kalender.soort})"
        found.deelnemers.require(kalender.deelnemer, item, "deelnemer")
        _confirmed_by(found, item, kalender)
        if werk is not None:
            check_run(item, kalender, van, werk, dagen)
            if not werk.knows(kalender.bevestigd_op):
                item.refuse(f"De dag van bevestigen, {kalender.bevestigd_op}, kan niet: {werk.onbekend()}.", "bevestigd_op")
        if not kalender.volledig:
            continue
        for other, here in whole.get(van, []):
            if kalender.vanaf <= other.tot_en_met and other.vanaf <= kalender.tot_en_met:
                item.refuse(f"Er is al een volledige kalender van {van} voor een deel van deze dagen ({here}).", "vanaf")
        whole.setdefault(van, []).append((kalender, item.here))


def _verkiezingen(found: Found, werk: Werkkalender | None) -> None:
    seen: dict[tuple[date, str], str] = {}
    for item, verkiezing in found.verkiezingen.used:
        _verkiezing(found, item, verkiezing)
        if werk is not None and (vrij := without_work(verkiezing.datum, werk)):
            item.refuse(f"De verkiezing op {written(verkiezing.datum)} kan niet: dat is {vrij}.", "datum")
        for voor in (*verkiezing.soorten, *verkiezing.deelnemers):
            first = seen.setdefault((verkiezing.datum, voor), item.here)
            if first != item.here:
                item.refuse(f"De verkiezing op {written(verkiezing.datum)} voor {voor} staat er al ({first}).")


def _verkiezing(found: Found, item: Item[Verkiezing], verkiezing: Verkiezing) -> None:
    for i, soort in enumerate(verkiezing.soorten):
        found.soorten.require(soort, item, "soorten", i)
    for i, deelnemer in enumerate(verkiezing.deelnemers):
        found.deelnemers.require(deelnemer, item, "deelnemers", i)
    if not (verkiezing.soorten or verkiezing.deelnemers):
        item.refuse("Een verkiezing is voor 'soorten' deelnemers (zoals gemeente), voor 'deelnemers', of voor allebei.")
    if not verkiezing.reces_vanaf <= verkiezing.datum <= verkiezing.reces_tot_en_met:
        reces = f"{verkiezing.reces_vanaf} tot en met {verkiezing.reces_tot_en_met}"
        item.refuse(f"Het reces van {reces} ligt niet om de verkiezing op {verkiezing.datum} heen.", "reces_vanaf")
