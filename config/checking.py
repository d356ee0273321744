"""What must hold between the facts of a stelsel; every breach becomes a problem with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath
from string import Formatter

from config.sections import Found, Item, Place
from statemachines.berichten import DEELREGIO, LEDEN
from statemachines.facts import Deelnemer, Kalenderfeiten, Kring, Raadskalender, Vergaderkalender
from statemachines.kalender import Werkkalender, written
from statemachines.route import Route
from statemachines.soundness import unsound

DAY = timedelta(days=1)
MAILADRES = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
"""One address as mail servers take it: no name before it, no list, no sign that means something in a header."""
_NAMED = re.compile(r"^Stap ([a-z0-9-]+):|'([a-z0-9-]+)'")
_WEEKEND = {5: "een zaterdag", 6: "een zondag"}


def check_references(found: Found) -> None:
    """Notes everything in ``found`` that contradicts itself or names what does not exist."""
    for kop, value in found.kop.used:
        if value.slug != found.map_naam:
            kop.refuse(f"Het stelsel heet '{value.slug}', maar de map heet '{found.map_naam}'; geef ze dezelfde naam.", "slug")
    for section in found.named:
        section.refuse_twice()
    _mail(found)
    _soorten(found)
    _deelnemers(found)
    _gremia(found)
    _documentsoorten(found)
    _adressen(found)
    _routes(found)
    if found.kalenderfeiten is not None:
        _kalenders(found, found.kalenderfeiten)


def _mail(found: Found) -> None:
    for mail, value in found.mail.used:
        for key, adres in (("afzender", value.afzender), ("antwoord_aan", value.antwoord_aan)):
            if not MAILADRES.fullmatch(adres):
                mail.refuse(f"'{adres}' is geen mailadres.", key)


def _soorten(found: Found) -> None:
    for item, soort in found.soorten.used:
        for kring in Kring:
            if kring not in soort.organen:
                item.refuse(f"Soort '{soort.slug}' heeft geen orgaan voor de kring '{kring}'.", "organen")
        if len({vorm.voorvoegsel for vorm in soort.organen.values()}) < len(soort.organen):
            item.refuse(f"De organen van soort '{soort.slug}' hebben hetzelfde voorvoegsel.", "organen")
        for kring, vorm in soort.organen.items():
            for key, text in (("naam", vorm.naam), ("aanhef", vorm.aanhef), ("contact_naam", vorm.contact_naam)):
                if not _fills_in(text):
                    item.refuse(f"In '{key}' kan tussen accolades alleen {{naam}} staan.", "organen", kring.value, key)


def _fills_in(text: str) -> bool:
    try:
        return all(name in (None, "naam") and not spec and not how for _, name, spec, how in Formatter().parse(text))
    except ValueError:
        return False


def _deelnemers(found: Found) -> None:
    for item, deelnemer in found.deelnemers.used:
        found.soorten.require(deelnemer.soort, item, "soort")
        found.deelregios.require(deelnemer.deelregio, item, "deelregio")
        if found.deelregios.get(deelnemer.slug) is not None:
            item.refuse(f"'{deelnemer.slug}' is ook een deelregio; geef die een eigen naam, zoals deelregio-{deelnemer.slug}.", "slug")
        found.deelnemers.require(deelnemer.opgevolgd_door, item, "opgevolgd_door")
        found.deelnemers.require(deelnemer.griffie_bij, item, "griffie_bij")
        for i, lid in enumerate(deelnemer.leden):
            found.deelnemers.require(lid, item, "leden", i)
        if deelnemer.slug in (*deelnemer.leden, deelnemer.griffie_bij):
            item.refuse(f"{deelnemer.naam} kan niet bij zichzelf horen.")
        tot = deelnemer.geldig_tot
        if tot is not None and tot < deelnemer.geldig_vanaf:
            item.refuse(f"{deelnemer.naam} doet mee tot en met {tot}, dat is voor het begin op {deelnemer.geldig_vanaf}.", "geldig_tot")
        if deelnemer.opgevolgd_door is not None:
            _successor(found, item, deelnemer)


def _successor(found: Found, item: Item[Deelnemer], deelnemer: Deelnemer) -> None:
    opvolger, tot = found.deelnemers.get(deelnemer.opgevolgd_door or ""), deelnemer.geldig_tot
    if tot is None:
        item.refuse(f"{deelnemer.naam} heeft een opvolger maar geen 'geldig_tot'.", "opgevolgd_door")
    elif opvolger is not None and (opvolger is deelnemer or tot == date.max or not opvolger.takes_part(tot + DAY)):
        item.refuse(f"{opvolger.naam} volgt {deelnemer.naam} op, maar is de dag na {tot} zelf geen deelnemer.", "opgevolgd_door")


def _gremia(found: Found) -> None:
    for item, gremium in found.gremia.used:
        found.rollen.require(gremium.secretaris, item, "secretaris")
        for i, zetel in enumerate(gremium.zetels):
            at = ("zetels", i)
            found.deelnemers.require(zetel.vanuit, item, *at, "vanuit")
            found.deelregios.require(zetel.namens, item, *at, "namens")
            if zetel.vanuit is None and zetel.namens is None:
                item.refuse("Een zetel is 'vanuit' een deelnemer of 'namens' een deelregio.", *at)
            if zetel.geldig_tot is not None and zetel.geldig_tot < zetel.geldig_vanaf:
                item.refuse(f"Deze zetel eindigt op {zetel.geldig_tot}, voor het begin op {zetel.geldig_vanaf}.", *at, "geldig_tot")
            deelnemer = found.deelnemers.get(zetel.vanuit or "")
            if deelnemer is not None and deelnemer.geldig_tot is not None and (zetel.geldig_tot or date.max) > deelnemer.geldig_tot:
                item.refuse(f"Deze zetel blijft bestaan na {deelnemer.geldig_tot}, de laatste dag van {deelnemer.naam}.", *at)


def _documentsoorten(found: Found) -> None:
    for item, soort in found.documentsoorten.used:
        found.routes.require(soort.route, item, "route")


def _recipients(found: Found) -> set[str]:
    roles = {item.naam for item in found.rollen.items} | {f"{DEELREGIO}-{item.naam}" for item in found.deelregios.items}
    return roles.union(*({f"{LEDEN}-{d.slug}", *found.contacts_of(d)} for d in found.deelnemers.values))


def _adressen(found: Found) -> None:
    complete = all(len(s.values) == len(s.items) and s.complete for s in (found.soorten, found.deelnemers, found.rollen, found.deelregios))
    known = _recipients(found)
    for item, adres in found.adressen.used:
        if complete and adres.ontvanger not in known:
            item.refuse(
                f"Ontvanger '{adres.ontvanger}' bestaat niet: het is geen rol, geen deelregio en geen contact van een deelnemer.",
                "ontvanger",
            )
        if not MAILADRES.fullmatch(adres.adres):
            item.refuse(f"'{adres.adres}' is geen mailadres.", "adres")


def _routes(found: Found) -> None:
    for item, route in found.routes.used:
        if PurePosixPath(item.source.bestand).name != f"{route.slug}.yaml":
            item.refuse(f"De route heet '{route.slug}'; geef het bestand dezelfde naam.", "slug")
        for i, stap in enumerate(route.stappen):
            found.gremia.require(stap.gremium, item, "stappen", i, "gremium")
            found.gremia.require(stap.combi, item, "stappen", i, "combi")
            for j, gremium in enumerate(stap.naast):
                found.gremia.require(gremium, item, "stappen", i, "naast", j)
            for j, advies in enumerate(stap.adviezen):
                found.gremia.require(advies.gremium, item, "stappen", i, "adviezen", j, "gremium")
                if advies.gremium in (stap.gremium, *stap.naast, stap.combi):
                    item.refuse(f"Stap {stap.slug}: {advies.gremium} beslist daar zelf en adviseert dus niet.", "stappen", i, "adviezen", j)
            if (stap.combi or stap.naast or stap.adviezen) and not stap.uitkomsten:
                item.refuse(f"Stap {stap.slug}: 'combi', 'naast' en 'adviezen' horen bij een stap met uitkomsten.", "stappen", i)
            together = [stap.gremium, *stap.naast, *([stap.combi] if stap.combi else [])]
            if len(set(together)) < len(together) or len({a.gremium for a in stap.adviezen}) < len(stap.adviezen):
                item.refuse(f"Stap {stap.slug}: een gremium staat hier meer dan een keer.", "stappen", i)
            if stap.ronde is not None:
                found.begrippen.require(stap.ronde.grondslag, item, "stappen", i, "ronde", "grondslag")
        if route.volgt_op is not None:
            found.routes.require(route.volgt_op.route, item, "volgt_op", "route")
            if route.volgt_op.route == route.slug:
                item.refuse(f"Route {route.slug} kan niet op zichzelf volgen.", "volgt_op", "route")
        for zin in unsound(route):
            item.refuse(zin, *_place(route, zin))


def _place(route: Route, zin: str) -> tuple[str | int, ...]:
    """Where in the file the stap or ending stands that a sentence names."""
    named = _NAMED.search(zin.partition(": ")[2]) if zin.startswith("Route ") else _NAMED.search(zin)
    slug = next((group for group in named.groups() if group), "") if named else ""
    i = next((i for i, deel in enumerate(route.delen) if deel.slug == slug), None)
    if i is None:
        return ()
    return ("stappen", i) if i < len(route.stappen) else ("eindes", i - len(route.stappen))


def _kalenders(found: Found, feiten: Kalenderfeiten) -> None:
    werk = Werkkalender(feiten)
    dagen: dict[tuple[str, date], str] = {}
    for item, kalender in found.kalenders.used:
        found.gremia.require(kalender.gremium, item, "gremium")
        check_run(item, kalender, kalender.gremium, werk, dagen)


def check_run(
    item: Place, kalender: Vergaderkalender | Raadskalender, van: str, werk: Werkkalender, dagen: dict[tuple[str, date], str]
) -> None:
    """Notes what is wrong with the days of a run of vergaderingen of ``van``; ``dagen`` keeps where each day stood first."""
    if kalender.tot_en_met < kalender.vanaf:
        item.refuse(f"Deze kalender eindigt op {kalender.tot_en_met}, voor het begin op {kalender.vanaf}.", "tot_en_met")
        return
    if not (werk.knows(kalender.vanaf) and werk.knows(kalender.tot_en_met)):
        item.refuse(f"Van deze kalender zijn niet alle werkdagen bekend: {werk.onbekend()}.", "tot_en_met")
    for i, zin in _wrong_days(kalender, van, werk):
        item.refuse(zin, "vergaderingen", i)
    for i, vergadering in enumerate(kalender.vergaderingen):
        here = Place(item.source, (*item.where, "vergaderingen", i)).here
        first = dagen.setdefault((van, vergadering.datum), here)
        if first != here:
            item.refuse(f"Deze vergadering staat er al ({first}).", "vergaderingen", i)


def without_work(dag: date, werk: Werkkalender) -> str | None:
    """What makes this a day on which nobody meets: the weekend or the name of a feestdag."""
    return _WEEKEND.get(dag.weekday()) or werk.feestdag(dag)


def _wrong_days(kalender: Vergaderkalender | Raadskalender, van: str, werk: Werkkalender) -> Iterator[tuple[int, str]]:
    for i, vergadering in enumerate(kalender.vergaderingen):
        dag = vergadering.datum
        if (vrij := without_work(dag, werk)) and not vergadering.ook_vrij:
            yield i, f"De vergadering van {van} op {written(dag)} kan niet: dat is {vrij}."
        if not kalender.vanaf <= dag <= kalender.tot_en_met:
            yield i, f"De vergadering op {written(dag)} ligt niet tussen {kalender.vanaf} en {kalender.tot_en_met}."
        if vergadering.aanleverdatum is not None and vergadering.aanleverdatum > dag:
            yield i, f"De aanleverdatum {written(vergadering.aanleverdatum)} ligt na de vergadering op {written(dag)}."


def check_horizon(found: Found, op: date) -> None:
    """Notes every calendar that ends within a year seen from the day ``op``: of a gremium its last complete run that covers ``op``."""
    edge = date.max if op.year == date.max.year else date(op.year + 1, op.month, min(op.day, 28) if op.month == 2 else op.day)
    for kalender, bestand in found.kalender.used:
        last = bestand.bibliotheek.tot_en_met
        if last < edge:
            kalender.refuse(f"De werkdagenkalender loopt tot en met {written(last)}; dat is binnen een jaar.", "bibliotheek", "tot_en_met")
    for gremium in dict.fromkeys(kalender.gremium for kalender in found.kalenders.values):
        runs = sorted(
            ((value.vanaf, value.tot_en_met, item) for item, value in found.kalenders.used if value.gremium == gremium and value.volledig),
            key=lambda run: run[:2],
        )
        if not runs:
            continue
        joined = runs[:1]
        for vanaf, tot_en_met, item in runs[1:]:
            first, last, _ = joined[-1]
            if vanaf - last > DAY:
                joined.append((vanaf, tot_en_met, item))
            elif tot_en_met > last:
                joined[-1] = (first, tot_en_met, item)
        _, tot, item = next((run for run in joined if run[0] <= op <= run[1]), joined[-1])
        if tot < edge:
            item.refuse(f"De vergaderkalender van {gremium} loopt tot en met {written(tot)}; dat is binnen een jaar.", "tot_en_met")
