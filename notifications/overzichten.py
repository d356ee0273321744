"""Berichten that are about no single dossier: overviews of a week or a month, and what waits for a person to give it free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from urllib.parse import quote

from sqlalchemy import Connection, select

from dossiers import outbox
from dossiers.afmeldingen import signed_off
from dossiers.lijst import Regel, lijst, titel_ids
from dossiers.outbox import GEEN_DOSSIER, TOLD, Bericht, Key, Klaar, Status
from dossiers.tables import berichten
from notifications.kijk import MOVED, NOT_ANNOUNCED, OF_A_MOMENT, OF_A_PLAN, OF_THE_END, OPENED
from notifications.messages import Context
from statemachines.berichten import LEDEN, SECRETARIS, Aanleiding, Berichtsoort, at, known_kinds
from statemachines.dossier import Dossier
from statemachines.facts import Kring, Ontvanger, Orgaan
from statemachines.facts import Status as Zekerheid
from statemachines.kalender import DAY, Onbekend
from statemachines.stelsel import Stelsel

Load = Callable[[str], Dossier]


def overviews(connection: Connection, feiten: Stelsel, op: date, load: Load) -> Iterator[Klaar]:
    """Every overview of the week and the month of ``op`` that has something in it, from the first werkdag on; ``load`` gives a dossier.

    The number of its period is its version, so that each is put once, whichever round comes first; what comes after that round
    waits for the next period.
    """
    off = signed_off(connection, feiten.kop.slug)
    for bij, first, version in ((Aanleiding.ELKE_WEEK, week_of(op), _week(op)), (Aanleiding.ELKE_MAAND, op.replace(day=1), _month(op))):
        due = feiten.werkkalender.roll(first)
        if isinstance(due, Onbekend) or op < due:
            continue
        for soort in at(feiten, bij):
            if _is_put(connection, feiten, soort, version):
                continue
            for ontvanger, context in _filled(connection, feiten, soort, op, load):
                if (ontvanger.slug, soort.slug) not in off:
                    whole = {
                        **_sender(feiten, ontvanger),
                        **context,
                        "sjabloon": soort.sjabloon,
                        "afmelden": _sign_off(feiten, soort, ontvanger),
                    }
                    yield Klaar(soort.slug, ontvanger.slug, version, GEEN_DOSSIER, whole, needs_release=soort.vrijgave)


def _is_put(connection: Connection, feiten: Stelsel, soort: Berichtsoort, version: int) -> bool:
    about = (berichten.c.stelsel == feiten.kop.slug, berichten.c.slug == GEEN_DOSSIER, berichten.c.soort == soort.slug)
    return connection.execute(select(berichten.c.soort).where(*about, berichten.c.datumversie == version).limit(1)).first() is not None


def waits_for_release(connection: Connection, feiten: Stelsel, op: date, local: Callable[[str], date], load: Load) -> Iterator[Klaar]:
    """That berichten wait longer than they may, to the secretaris of the gremium that decided and who else hears it.

    Once for all that were made until a day. ``local`` turns a moment of the outbox into the day in the stelsel's own time.
    """
    werk = feiten.werkkalender
    for soort in at(feiten, Aanleiding.WACHT_OP_VRIJGAVE):
        waiting: dict[str, Counter[str]] = {}
        newest: dict[str, date] = {}
        for bericht in outbox.rows(connection, feiten.kop.slug, status=Status.KLAARGEZET):
            if bericht.key.slug == GEEN_DOSSIER:
                continue
            day = local(bericht.aangemaakt)
            until = werk.after(day, soort.werkdagen or 0) if werk.knows(day) else day
            if isinstance(until, Onbekend) or until <= op:
                naam = next((s.naam for s in feiten.berichten if s.slug == bericht.key.soort), bericht.key.soort)
                waiting.setdefault(bericht.key.slug, Counter())[naam] += 1
                newest[bericht.key.slug] = max(day, newest.get(bericht.key.slug, day))
        told: dict[str, list[str]] = {}
        for slug in waiting:
            for rol in dict.fromkeys(_secretaris(load(slug)) if wie == SECRETARIS else wie for wie in soort.wie):
                told.setdefault(rol, []).append(slug)
        for rol, slugs in told.items():
            ontvanger = feiten.ontvanger_van_rol(rol)
            rows = [
                {"titel": {"tekst": load(slug).titel.id}, "dossier": slug, "soort": naam, "aantal": aantal}
                for slug in slugs
                for naam, aantal in sorted(waiting[slug].items())
            ]
            context = {**_sender(feiten, ontvanger), "wachtend": rows, "sjabloon": soort.sjabloon}
            version = _day(max(newest[slug] for slug in slugs))
            yield Klaar(soort.slug, rol, version, GEEN_DOSSIER, context, needs_release=soort.vrijgave)


def settled(connection: Connection, feiten: Stelsel) -> list[Key]:
    """Reminders to give free that did not go yet, while nothing of what they name waits any more."""
    stelsel, slugs = feiten.kop.slug, {soort.slug for soort in known_kinds(feiten) if soort.bij is Aanleiding.WACHT_OP_VRIJGAVE}
    going = [b for b in outbox.rows(connection, stelsel, GEEN_DOSSIER, status=Status.VRIJGEGEVEN) if b.key.soort in slugs]
    waiting = {b.key.slug for b in outbox.rows(connection, stelsel, status=Status.KLAARGEZET)} if going else set()
    return [b.key for b in going if not any(rij["dossier"] in waiting for rij in _waiting_in(b.context))]


def _waiting_in(context: Context) -> list[Mapping[str, object]]:
    rijen = context["wachtend"]
    return rijen if isinstance(rijen, list) else []


def week_of(op: date) -> date:
    """The Monday of the week of ``op``."""
    return op - op.weekday() * DAY


def _filled(
    connection: Connection, feiten: Stelsel, soort: Berichtsoort, op: date, load: Load
) -> Iterator[tuple[Ontvanger, Mapping[str, object]]]:
    """Who hears an overview, with what stands in it; nobody for whom it would be empty."""
    for wie in soort.wie:
        if wie == LEDEN:
            for orgaan in feiten.organen(Kring.RADEN_STATEN, op):
                content = _of_council(connection, feiten, orgaan, op, load)
                if any(content[part] for part in ("nu", "straks", "voorbij")):
                    yield feiten.leden(orgaan.slug), {"orgaan": orgaan.naam, **content}
            continue
        running = [regel for regel in lijst(connection, feiten.kop.slug, op) if not regel.geeindigd]
        if wie == SECRETARIS:
            by_role: dict[str, list[Regel]] = {}
            for regel in running:
                by_role.setdefault(_secretaris_of_stap(load(regel.slug)), []).append(regel)
            yield from (
                (feiten.ontvanger_van_rol(rol), _of_dossiers(connection, feiten, regels)) for rol, regels in sorted(by_role.items())
            )
        elif running:
            yield feiten.ontvanger_van_rol(wie), _of_dossiers(connection, feiten, running)


def _of_dossiers(connection: Connection, feiten: Stelsel, regels: list[Regel]) -> Mapping[str, object]:
    """Where dossiers stand, and what waits or did not arrive."""
    slugs, titels = {regel.slug for regel in regels}, titel_ids(connection, feiten.kop.slug)
    counted: Counter[str] = Counter()
    for status in (Status.KLAARGEZET, Status.MISLUKT, Status.ONBEKEND):
        counted[status.value] = sum(b.key.slug in slugs for b in outbox.rows(connection, feiten.kop.slug, status=status))
    return {
        "dossiers": [
            {
                "titel": {"tekst": titels[regel.slug]},
                "dossier": regel.slug,
                "stap": regel.stap,
                "moment": regel.moment.isoformat() if regel.moment else None,
                "wat": regel.wat,
                "op_tijd": regel.op_tijd,
                "gegeven": regel.gegeven,
                "gevraagd": regel.gevraagd,
            }
            for regel in regels
        ],
        "wacht": counted[Status.KLAARGEZET.value],
        "niet_bezorgd": counted[Status.MISLUKT.value] + counted[Status.ONBEKEND.value],
    }


def _of_council(connection: Connection, feiten: Stelsel, orgaan: Orgaan, op: date, load: Load) -> Mapping[str, list[object]]:
    """What the griffie of a council was told: what is open now, what was announced, and what ended since a month ago."""
    nu: dict[tuple[str, str], Mapping[str, object]] = {}
    straks: dict[tuple[str, str], Mapping[str, object]] = {}
    voorbij: dict[str, Mapping[str, object]] = {}
    for bericht in outbox.rows(connection, feiten.kop.slug, ontvanger=orgaan.ontvanger.slug):
        if bericht.status not in TOLD:
            continue
        context, about = bericht.context, (bericht.key.slug, bericht.onderwerp)
        if bericht.key.soort in OF_A_MOMENT:
            straks.pop(about, None)
            nu.pop(about, None)
            until = _until(context, orgaan) if bericht.key.soort in (OPENED, MOVED) else None
            if until is not None and until >= op.isoformat() and _still_asked(load(bericht.key.slug), orgaan):
                nu[about] = {"titel": context["titel"], "dossier": bericht.key.slug, "grondslag": context["grondslag"], "tot_en_met": until}
        elif bericht.key.soort in OF_A_PLAN:
            straks.pop(about, None)
            if bericht.key.soort != NOT_ANNOUNCED and str(context["van"]) > op.isoformat() and orgaan.naam in str(context["orgaan"]):
                straks[about] = {key: context[key] for key in ("wat", "van", "tot_en_met")}
        elif bericht.key.soort in OF_THE_END and _since(bericht, op) and isinstance(context["besluit"], Mapping):
            besluit = context["besluit"]
            voorbij[bericht.key.slug] = {
                "titel": context["titel"],
                "dossier": bericht.key.slug,
                "einde": besluit["einde"],
                "op": besluit["op"],
            }
    return {"nu": list(nu.values()), "straks": list(straks.values()), "voorbij": list(voorbij.values())}


def _since(bericht: Bericht, op: date) -> bool:
    """Whether this went out in the month before that of ``op``, or later."""
    previous = (op.replace(day=1) - DAY).replace(day=1)
    return (bericht.afgehandeld or bericht.aangemaakt) >= previous.isoformat()


def _until(context: Context, orgaan: Orgaan) -> str | None:
    data = context.get("data")
    rows = data if isinstance(data, list) else []
    return next((str(row["tot_en_met"]) for row in rows if row["orgaan"] == orgaan.naam), None)


def _still_asked(dossier: Dossier, orgaan: Orgaan) -> bool:
    stand = dossier.ronde.standen.get(orgaan.slug) if dossier.ronde is not None else None
    return stand is not None and stand.waiting


def _secretaris(dossier: Dossier) -> str:
    """The secretaris of the gremium that last decided, else of the stap where the dossier is."""
    stelsel = dossier.stelsel
    if any(gremium.slug == dossier.gebracht_door for gremium in stelsel.gremia):
        return stelsel.gremium(dossier.gebracht_door).secretaris
    return _secretaris_of_stap(dossier)


def _secretaris_of_stap(dossier: Dossier) -> str:
    stap = dossier.route.stap(dossier.fase) or dossier.route.stappen[-1]
    return dossier.stelsel.gremium(stap.gremium).secretaris


def _sender(feiten: Stelsel, ontvanger: Ontvanger) -> Context:
    mail = feiten.mail
    return {
        "website": mail.website,
        "antwoord_aan": mail.antwoord_aan,
        "afzender": mail.afzender,
        "afzender_naam": mail.afzender_naam,
        "lijst_id": mail.lijst_id,
        "aanhef": ontvanger.aanhef,
        "ontvanger_naam": ontvanger.naam,
        "voorbeeld": any(kalender.status is Zekerheid.VOORBEELD for kalender in feiten.kalenders),
    }


def _sign_off(feiten: Stelsel, soort: Berichtsoort, ontvanger: Ontvanger) -> Mapping[str, object] | None:
    """How to get this no more; a person of the secretariat records it."""
    if not soort.uit_te_zetten:
        return None
    return {"mailto": f"mailto:{feiten.mail.antwoord_aan}?subject={quote(f'Afmelden {soort.slug} {ontvanger.slug}')}", "https": None}


def _week(op: date) -> int:
    year, week, _ = op.isocalendar()
    return year * 100 + week


def _month(op: date) -> int:
    return op.year * 100 + op.month


def _day(op: date) -> int:
    return op.year * 10_000 + op.month * 100 + op.day
