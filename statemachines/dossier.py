"""A dossier as its journal tells it: replay is a fold over the entries and needs nothing else but the frozen facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from statemachines.errors import RecordDamaged
from statemachines.facts import Kring
from statemachines.inbreng import ADVIEZEN, OF_THE_RAAD, Inbreng, InbrengSoort
from statemachines.journal import GENESIS, Entry, Kind, in_force, revoked
from statemachines.nota import Antwoorden, Gegeven, Punten, unanswered
from statemachines.payloads import (
    Besluit,
    DatumsGezet,
    Gecorrigeerd,
    Geopend,
    Namens,
    Opening,
    Payload,
    Planning,
    Uitstel,
    Verlopen,
    Verwijzing,
)
from statemachines.ronde import ANSWERED, Deelname, Naast, Ronde, Stand, answer, lapse
from statemachines.route import MOVES_NOTHING, Route, Sluiting
from statemachines.stelsel import Stelsel
from statemachines.stukken import Aanvraag, Stuk, Stukken, with_versie, with_verzoek
from statemachines.verslag import Verslag, with_besluit


@dataclass(frozen=True)
class Dossier:
    """One kaderdocument on its route.

    ``fase`` is a stap or an ending, ``sinds`` the day on which it got there, ``opening`` the frozen dates of the current stap and
    ``datumversie`` the number of the entry that last set them. ``ronde`` is the last ronde, open or closed, and ``eerdere_rondes``
    those before it, oldest first. ``nr``, ``hash`` and ``vastgelegd`` are those of the last entry.
    ``laatste_zet`` is the number of the last entry
    that moved the dossier and is not revoked, ``zet_soort`` its kind, and ``gebracht_door`` the gremium, organ or kring of that
    entry. ``reden_datums`` says why the dates were last moved, ``planning`` what was last agreed for the stappen to come,
    ``verlaten`` the day on which each stap was last left, ``na`` the dossier that comes first, ``trekker`` the role that carries it.
    ``naast`` is what runs beside the besluit of the current stap. ``stukken`` are its documents, ``verzoeken`` the requests for papers
    by number, ``gegeven`` the inbreng that can be answered, ``punten`` the points of the Nota van Beantwoording. ``slotbesluit`` is the
    besluit with which the route ended. ``reden_zet`` is why the last besluit that moved the dossier did so, ``herroepen_om`` why one was
    revoked since. ``verslagen`` are the besluiten of which the verslag still has to be adopted.
    """

    stelsel: Stelsel
    slug: str
    route: Route
    soort: str
    titel: Verwijzing
    geopend: date
    fase: str
    sinds: date
    opening: Opening | None
    datumversie: int
    nr: int
    hash: str
    laatste_zet: int
    zet_soort: Kind
    gebracht_door: str
    reden_datums: Verwijzing | None = None
    ronde: Ronde | None = None
    eerdere_rondes: tuple[Ronde, ...] = ()
    bezoeken: Mapping[str, int] = field(default_factory=dict)
    planning: Planning | None = None
    verlaten: Mapping[str, date] = field(default_factory=dict)
    na: str | None = None
    trekker: str | None = None
    naast: Naast | None = None
    stukken: Stukken = field(default_factory=dict)
    verzoeken: Mapping[int, Aanvraag] = field(default_factory=dict)
    gegeven: tuple[Gegeven, ...] = ()
    punten: Punten = field(default_factory=dict)
    slotbesluit: Besluit | None = None
    reden_zet: Verwijzing | None = None
    herroepen_om: Verwijzing | None = None
    planning_nr: int = 0
    reden_planning: Verwijzing | None = None
    vastgelegd: str = ""
    verslagen: tuple[Verslag, ...] = ()

    @property
    def ended(self) -> bool:
        """No stap follows."""
        return self.route.is_einde(self.fase)

    @property
    def bezoek(self) -> int:
        """How often the dossier has come to the stap where it is; 1 the first time."""
        return self.opening.bezoek if self.opening else 1

    @property
    def rondes(self) -> tuple[Ronde, ...]:
        """Every ronde so far, the last one first."""
        return (*([self.ronde] if self.ronde else []), *reversed(self.eerdere_rondes))

    @property
    def open_ronde(self) -> Ronde | None:
        """The ronde in which deelnemers can still answer, by the journal."""
        return self.ronde if self.ronde is not None and self.ronde.open else None

    @property
    def open_punten(self) -> tuple[str, ...]:
        """The points of inbreng that still lack an answer."""
        return unanswered(self.gegeven, self.punten)


def replay(entries: Iterable[Entry], stelsel: Stelsel) -> Dossier:
    """The dossier after these entries of one journal, in order, each as it was corrected later. A revoked entry has no effect.

    Raises RecordDamaged when there are no entries or the first does not open the dossier.
    """
    entries = in_force(list(entries))
    without = revoked(entries)
    if not entries or not isinstance(entries[0].payload, Geopend):
        raise RecordDamaged("Dit journaal begint niet met het openen van een dossier.")
    dossier = _opened(entries[0], entries[0].payload, stelsel)
    for entry in entries[1:]:
        dossier = replace(
            dossier if entry.nr in without else apply(dossier, entry), nr=entry.nr, hash=entry.hash, vastgelegd=entry.vastgelegd
        )
    return dossier


def extended(dossier: Dossier, entries: list[Entry]) -> Dossier:
    """The dossier of ``entries``, of which all but the last are in it already: the same as replay, at the cost of one entry."""
    last = entries[-1]
    if isinstance(last.payload, Gecorrigeerd):
        return replay(entries, dossier.stelsel)
    return replace(apply(dossier, last), nr=last.nr, hash=last.hash, vastgelegd=last.vastgelegd)


def _opened(entry: Entry, payload: Geopend, stelsel: Stelsel) -> Dossier:
    route = stelsel.route(payload.route)
    blank = Dossier(
        stelsel=stelsel,
        slug=entry.slug,
        route=route,
        soort=payload.soort,
        titel=payload.titel,
        geopend=entry.datum,
        fase=entry.stap,
        sinds=entry.datum,
        opening=None,
        datumversie=0,
        nr=0,
        hash=GENESIS,
        laatste_zet=entry.nr,
        zet_soort=entry.soort,
        gebracht_door=entry.orgaan,
        na=payload.na,
        trekker=payload.trekker,
    )
    return replace(_move(blank, entry, payload.naar, payload.opent, None), nr=entry.nr, hash=entry.hash, vastgelegd=entry.vastgelegd)


def apply(dossier: Dossier, entry: Entry) -> Dossier:
    """The dossier after one more entry; kinds that move nothing leave it as it is."""
    match entry.payload:
        case Besluit() as besluit if dossier.ronde is not None and dossier.ronde.concerns(entry.orgaan):
            return _answered(dossier, entry, Deelname.BESLUIT, besluit.naar, besluit.opent)
        case Besluit() as besluit if dossier.naast is not None and _waits_for_others(dossier.naast, entry, besluit):
            verslagen = with_besluit(dossier.verslagen, entry, besluit)
            return replace(dossier, naast=_decided(dossier.naast, entry, besluit), verslagen=verslagen)
        case Besluit() as besluit:
            waits = besluit.uitkomst in MOVES_NOTHING
            ronde = replace(dossier.ronde, open=False, besloten=dossier.ronde.besloten or not waits) if dossier.ronde else None
            dossier = replace(dossier, verslagen=with_besluit(dossier.verslagen, entry, besluit))
            return _move(dossier, entry, besluit.naar, besluit.opent, ronde)
        case Inbreng() as inbreng if inbreng.soort in ADVIEZEN:
            return _advised(dossier, entry, inbreng.soort)
        case Inbreng() as inbreng if inbreng.bundelt:
            telt = dossier.ronde is None or (not dossier.ronde.besloten and entry.datum <= dossier.ronde.sluit_op)
            return replace(dossier, gegeven=(*dossier.gegeven, _given(dossier, entry, inbreng, telt)))
        case Inbreng() as inbreng:
            return _answered(dossier, entry, ANSWER_OF.get(inbreng.soort), inbreng.naar, inbreng.opent)
        case Verlopen() as verlopen if dossier.ronde is not None and verlopen.over_naar is not None:
            return replace(dossier, ronde=_passed_on(dossier.ronde, entry.orgaan, verlopen.over_naar))
        case Verlopen() as verlopen if dossier.ronde is not None:
            standen = {slug: lapse(stand) for slug, stand in dossier.ronde.standen.items()}
            ronde = replace(dossier.ronde, open=False, standen=standen)
            return _move(dossier, entry, verlopen.naar, verlopen.opent, ronde)
        case DatumsGezet() as gezet if gezet.uitstel is not None:
            *earlier, last = (r and _with_uitstel(r, gezet.uitstel, gezet.reden, entry) for r in (*dossier.eerdere_rondes, dossier.ronde))
            return replace(dossier, ronde=last, eerdere_rondes=tuple(r for r in earlier if r is not None))
        case DatumsGezet() as gezet:
            ronde = dossier.ronde
            if gezet.opent.ronde is not None and ronde is not None:
                until = gezet.opent.ronde
                ronde = replace(ronde, tot_en_met=until.tot_en_met, waarom=until.waarom, **_dated(entry))
            if gezet.planning is not None:
                dossier = replace(dossier, planning=gezet.planning, planning_nr=entry.nr, reden_planning=gezet.reden)
            here = dossier.opening
            if here is None or (gezet.opent.stap, gezet.opent.bezoek) != (here.stap, here.bezoek) or gezet.opent == here:
                # Dates of a visit that was revoked have no effect, and agreeing on stappen to come sets no new date for this
                # one: nobody hears of it again.
                return dossier
            return replace(dossier, opening=gezet.opent, datumversie=entry.nr, ronde=ronde, reden_datums=gezet.reden)
        case Gecorrigeerd() as gecorrigeerd if gecorrigeerd.herroepen:
            # What was told under the old number may have been withdrawn; a new number lets it be told again.
            ronde = replace(dossier.ronde, **_dated(entry)) if dossier.ronde else None
            return replace(dossier, datumversie=entry.nr, ronde=ronde, herroepen_om=gecorrigeerd.reden)
        case Stuk() as stuk if stuk.verzoek is not None:
            return replace(dossier, verzoeken=with_verzoek(dossier.verzoeken, stuk, entry.nr, entry.datum, entry.orgaan))
        case Stuk() as stuk:
            return replace(dossier, stukken=with_versie(dossier.stukken, stuk, entry.nr, entry.datum))
        case Antwoorden() as antwoorden:
            return replace(dossier, punten={**dossier.punten, **{punt.slug: punt for punt in antwoorden.punten}})
        case _:
            return dossier


def _passed_on(ronde: Ronde, orgaan: str, heir: str) -> Ronde:
    """The ronde after the place of one organ passed to another, which gets its uitstel and what was known of the handling."""
    standen = {slug: stand for slug, stand in ronde.standen.items() if slug != orgaan}
    gone, own = ronde.standen[orgaan], standen.get(heir, Stand(heir))
    longer = gone.uitstel is not None and (own.uitstel is None or own.uitstel < gone.uitstel)
    standen[heir] = replace(
        own,
        uitstel=gone.uitstel if longer else own.uitstel,
        reden=gone.reden if longer else own.reden,
        behandelwijze=own.behandelwijze or gone.behandelwijze,
        geagendeerd_op=own.geagendeerd_op or gone.geagendeerd_op,
    )
    return replace(ronde, standen=standen, overgenomen={**ronde.overgenomen, orgaan: heir})


def _waits_for_others(naast: Naast, entry: Entry, besluit: Besluit) -> bool:
    """Whether a gremium decided while the document waits for those beside it."""
    return entry.orgaan in naast.gremia and besluit.naar == entry.stap and besluit.opent is None


def _decided(naast: Naast, entry: Entry, besluit: Besluit) -> Naast:
    if besluit.uitkomst in MOVES_NOTHING:
        return naast
    stand = answer(naast.gremia[entry.orgaan], Deelname.BESLUIT, True, entry.nr, entry.datum, besluit.uitkomst)
    return replace(naast, gremia={**naast.gremia, entry.orgaan: stand})


def _advised(dossier: Dossier, entry: Entry, soort: InbrengSoort) -> Dossier:
    """The dossier after an advice, or after one was asked for; one for a stap that was left already changes nothing any more."""
    naast, opening = dossier.naast, dossier.opening
    if naast is None or opening is None or (entry.stap, entry.bezoek) != (opening.stap, opening.bezoek):
        return dossier
    stand = naast.adviezen.get(entry.orgaan, Stand(entry.orgaan))
    if soort is InbrengSoort.ADVIES:
        stand = answer(stand, Deelname.REACTIE, True, entry.nr, entry.datum)
    return replace(dossier, naast=replace(naast, adviezen={**naast.adviezen, entry.orgaan: stand}))


def _with_uitstel(ronde: Ronde, uitstel: Uitstel, reden: Verwijzing, entry: Entry) -> Ronde:
    if (ronde.stap, ronde.bezoek) != (uitstel.stap, uitstel.bezoek):
        return ronde
    standen = {slug: ronde.standen[slug] for slug in uitstel.organen if slug in ronde.standen}
    changed = {
        slug: replace(stand, uitstel=uitstel.tot_en_met, opnieuw=entry.datum if uitstel.opnieuw else stand.opnieuw, reden=reden)
        for slug, stand in standen.items()
    }
    return replace(ronde, standen={**ronde.standen, **changed}, **_dated(entry))


def _dated(entry: Entry) -> dict[str, Any]:
    """By which entry the dates of a ronde were last set, and when that was written."""
    return {"datumversie": entry.nr, "vastgelegd": entry.vastgelegd}


def _given(dossier: Dossier, entry: Entry, inbreng: Inbreng, telt: bool) -> Gegeven:
    """Inbreng as the Nota van Beantwoording will answer it."""
    wie = entry.orgaan if inbreng.bundelt else dossier.stelsel.orgaan(entry.orgaan).deelnemer
    namens = inbreng.namens.value if inbreng.namens else None
    known = (entry.nr, entry.orgaan, wie, entry.stap, entry.bezoek, namens, telt, inbreng.tekst, inbreng.bundelt)
    return Gegeven(*known, vervangt=inbreng.vervangt)


ANSWER_OF = {InbrengSoort.REACTIE: Deelname.REACTIE, InbrengSoort.GEEN_OPVATTING: Deelname.GEEN_OPVATTING}
"""What inbreng makes of a standing; the other kinds only tell how far a deelnemer is."""


def _weaker(stand: Stand, payload: Payload) -> bool:
    """Whether this speaks only for a college, commissie or fractie while the raad itself has spoken already."""
    if not isinstance(payload, Inbreng) or payload.namens is None or payload.namens in OF_THE_RAAD:
        return False
    return stand.staat in ANSWERED and (stand.namens is None or Namens(stand.namens) in OF_THE_RAAD)


def _told(stand: Stand, inbreng: Inbreng, entry: Entry) -> Stand:
    """The standing with what an entry tells besides the answer."""
    return replace(
        stand,
        namens=(inbreng.namens.value if inbreng.namens else None) if stand.nr == entry.nr else stand.namens,
        ontvangen=stand.ontvangen or entry.datum,
        behandelwijze=inbreng.behandelwijze.value if inbreng.behandelwijze else stand.behandelwijze,
        geagendeerd_op=inbreng.geagendeerd_op or stand.geagendeerd_op,
        concept=entry.datum if inbreng.soort is InbrengSoort.CONCEPT else stand.concept,
    )


def _answered(dossier: Dossier, entry: Entry, given: Deelname | None, naar: str | None, opent: Opening | None) -> Dossier:
    rondes = [*dossier.eerdere_rondes, *([dossier.ronde] if dossier.ronde else [])]
    i = next((i for i, r in enumerate(rondes) if (r.stap, r.bezoek) == (entry.stap, entry.bezoek) and r.concerns(entry.orgaan)), None)
    if i is None:
        return dossier
    heir = rondes[i].overgenomen.get(entry.orgaan)
    counts = rondes[i].counts(entry.datum, heir or entry.orgaan)
    if isinstance(entry.payload, Inbreng) and entry.payload.soort is InbrengSoort.REACTIE:
        dossier = replace(dossier, gegeven=(*dossier.gegeven, _given(dossier, entry, entry.payload, counts)))
    if heir is not None:
        return dossier
    stand = rondes[i].standen[entry.orgaan]
    if given is not None and not _weaker(stand, entry.payload):
        uitkomst = entry.payload.uitkomst if isinstance(entry.payload, Besluit) else None
        stand = answer(stand, given, counts, entry.nr, entry.datum, uitkomst)
    if isinstance(entry.payload, Inbreng):
        stand = _told(stand, entry.payload, entry)
    rondes[i] = ronde = replace(rondes[i], standen={**rondes[i].standen, entry.orgaan: stand})
    if i < len(dossier.eerdere_rondes):
        return replace(dossier, eerdere_rondes=tuple(rondes[: len(dossier.eerdere_rondes)]))
    answered = max((stand.datum for stand in ronde.standen.values() if stand.datum is not None), default=entry.datum)
    if naar is None or naar == entry.stap or not ronde.open:
        # The last answer to a ronde that waits for all can be registered after its termijn has lapsed: then it ended with that answer.
        early = dossier.zet_soort is Kind.VERLOPEN and ronde.sluit is Sluiting.ALLEN and ronde.complete and not ronde.besloten
        return replace(dossier, ronde=ronde, sinds=min(dossier.sinds, answered) if early else dossier.sinds)
    return replace(_move(dossier, entry, naar, opent, replace(ronde, open=False)), sinds=answered)


def _move(dossier: Dossier, entry: Entry, naar: str, opent: Opening | None, ronde: Ronde | None) -> Dossier:
    bezoeken = dossier.bezoeken if opent is None else {**dossier.bezoeken, opent.stap: opent.bezoek}
    opens = opent is not None and opent.ronde is not None
    verlaten = dossier.verlaten if naar == dossier.fase else {**dossier.verlaten, entry.stap: entry.datum}
    return replace(
        dossier,
        fase=naar,
        sinds=entry.datum,
        opening=opent,
        datumversie=entry.nr,
        laatste_zet=entry.nr,
        zet_soort=entry.soort,
        gebracht_door=entry.orgaan,
        reden_datums=None,
        bezoeken=bezoeken,
        verlaten=verlaten,
        naast=_beside(dossier, opent),
        reden_zet=_reason(entry.payload),
        herroepen_om=None,
        slotbesluit=entry.payload if isinstance(entry.payload, Besluit) and dossier.route.is_einde(naar) else None,
        ronde=_ronde(dossier, entry, opent) if opens else ronde,
        eerdere_rondes=(*dossier.eerdere_rondes, ronde) if opens and ronde is not None else dossier.eerdere_rondes,
    )


def _reason(payload: Payload) -> Verwijzing | None:
    """The reason that a besluit gives, else that of its afwijking."""
    if not isinstance(payload, Besluit):
        return None
    return payload.reden or (payload.afwijking.reden if payload.afwijking else None)


def _beside(dossier: Dossier, opent: Opening | None) -> Naast | None:
    """What runs beside the besluit of the stap that opens; holding it over leaves what was given there."""
    if opent is None:
        return None
    here = dossier.opening
    if here is not None and (here.stap, here.bezoek) == (opent.stap, opent.bezoek):
        return dossier.naast
    return Naast(
        gremia={slug: Stand(slug) for slug in opent.naast},
        adviezen={asked.gremium: Stand(asked.gremium) for asked in opent.adviezen},
        verplicht=frozenset(asked.gremium for asked in opent.adviezen if asked.verplicht),
    )


def _ronde(dossier: Dossier, entry: Entry, opent: Opening | None) -> Ronde:
    stap = dossier.route.stap(opent.stap) if opent is not None else None
    if stap is None or stap.ronde is None or opent is None or opent.ronde is None:
        raise RecordDamaged(f"Het journaal van {dossier.slug} opent bij regel {entry.nr} een ronde die de route niet heeft.")
    return Ronde(
        stap=opent.stap,
        bezoek=opent.bezoek,
        kring=Kring(opent.ronde.kring),
        antwoord=stap.ronde.antwoord,
        sluit=stap.ronde.sluit,
        van=opent.ronde.van,
        tot_en_met=opent.ronde.tot_en_met,
        waarom=opent.ronde.waarom,
        **_dated(entry),
        standen={orgaan: Stand(orgaan) for orgaan in opent.ronde.gevraagd},
    )
