"""The history of a dossier as anybody may read it: what happened and why, each line with the day from which it may be told.

Nothing internal enters here: no ambtelijke stops, no reasons of planning, no requests for papers, not how a raad handles a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dossiers.geschiedenis import Naming, advies_zin, besluit_zin, namens_wie, verlopen_zin, verzet_zin, wie_van
from dossiers.rondom import Rondom, rondom
from statemachines.dossier import Dossier
from statemachines.facts import Laag
from statemachines.inbreng import ADVIEZEN, Inbreng, InbrengSoort
from statemachines.journal import Entry, only_agreed, revoked, without_effect
from statemachines.kalender import enumerated, written
from statemachines.payloads import Besluit, DatumsGezet, Gecorrigeerd, Opvolging, Standpunt, Verlopen, Versie
from statemachines.ronde import Deelname
from statemachines.route import Uitkomst
from statemachines.stukken import Stuk, Stukstatus, changed_since

IN_PREPARATION = "de voorbereiding"
"""How a stap of an ambtelijk gremium is called where anybody may read."""

EXPLAINED = frozenset({Uitkomst.AANHOUDEN, Uitkomst.TERUGVERWIJZEN, Uitkomst.INTREKKEN, Uitkomst.NIET_INGESTEMD})
"""Uitkomsten of which anybody may read the reason."""

Openbaarheid = Mapping[tuple[str, str], date]
"""Document and versie to the first day on which anybody may see it; what is internal is not in it."""


@dataclass(frozen=True)
class Plek:
    """The place in a document that something is about, and the later versies that change it."""

    stuk: str
    versie: str
    onderdelen: tuple[str, ...]
    veranderd_in: tuple[str, ...]


@dataclass(frozen=True)
class Uiting:
    """A sentence that names its place, between ``kop`` and ``staart``, only when that versie is public."""

    kop: str
    plek: Plek | None = None
    staart: str = ""

    def shown(self, public: Openbaarheid) -> str:
        """As it is read when these documents are public."""
        plek = self.plek
        if plek is None or (plek.stuk, plek.versie) not in public:
            return f"{self.kop}{self.staart}"
        later = next((versie for versie in plek.veranderd_in if (plek.stuk, versie) in public), "")
        deel = f"{enumerated(plek.onderdelen)} van " if plek.onderdelen else ""
        veranderd = f"; op eerdere versie, veranderd in {later}" if later else ""
        return f"{self.kop}, over {deel}{plek.stuk} ({plek.versie}{veranderd}){self.staart}"


@dataclass(frozen=True)
class Toelichting:
    """A sentence that belongs with a line, from the day on which it was true."""

    vanaf: date
    zin: str


@dataclass(frozen=True)
class Publiek:
    """One line of the public history.

    ``afloop`` says that it is told only after the end of the dossier (true) or only before it (false). ``stuk`` is the document that it
    is about, and whose day decides; ``herroepen`` says when and why it lost its effect.
    """

    nr: int
    datum: date
    uiting: Uiting
    toelichting: tuple[Toelichting, ...] = ()
    standpunten: tuple[Uiting, ...] = ()
    adviezen: tuple[str, ...] = ()
    herroepen: Toelichting | None = None
    stuk: tuple[str, str] | None = None
    afloop: bool | None = None


@dataclass(frozen=True)
class OpenbaarFeit:
    """Something that happened, as anybody reads it; ``toelichting`` says why, and what was mended in it later."""

    datum: date
    zin: str
    toelichting: tuple[str, ...]
    standpunten: tuple[str, ...]
    adviezen: tuple[str, ...]


def feiten(lines: Iterable[Publiek], public: Openbaarheid, op: date, ended: bool) -> tuple[OpenbaarFeit, ...]:
    """The lines that may be read on the day ``op``, when these documents are public, in order of their day."""
    told = {}
    for line in lines:
        if (line.stuk is not None and line.stuk not in public) or line.afloop not in (None, ended):
            continue
        datum = max(line.datum, public[line.stuk]) if line.stuk is not None else line.datum
        if datum > op:
            continue
        gone = line.herroepen is not None and line.herroepen.vanaf <= op
        why = [line.herroepen] if gone else line.toelichting
        fact = OpenbaarFeit(
            datum=datum,
            zin=line.uiting.shown(public),
            toelichting=tuple(reason.zin for reason in why if reason is not None and reason.vanaf <= op),
            standpunten=() if gone else tuple(standpunt.shown(public) for standpunt in line.standpunten),
            adviezen=() if gone else line.adviezen,
        )
        told[(datum if line.stuk else line.nr, fact.zin)] = fact
    return tuple(sorted(told.values(), key=lambda fact: fact.datum))


def publiek(dossier: Dossier, entries: Sequence[Entry], texts: Mapping[str, str]) -> Iterator[Publiek]:
    """Every entry that anybody may ever read, in order; ``entries`` are as they were corrected later."""
    return _Verteller(dossier, entries, texts).lines()


class _Verteller:
    """Tells the entries of one journal to anybody."""

    def __init__(self, dossier: Dossier, entries: Sequence[Entry], texts: Mapping[str, str]) -> None:
        self.dossier, self.entries, self.texts = dossier, entries, texts
        self.ambtelijk = {g.slug for g in dossier.stelsel.gremia if g.laag is Laag.AMBTELIJK}
        self.around = rondom(dossier, entries)
        self.organen = {orgaan for ronde in dossier.rondes for orgaan in ronde.standen}
        late = {s.nr for r in dossier.rondes for s in r.standen.values() if s.staat is Deelname.TE_LAAT}
        self.late = late | {given.nr for given in dossier.gegeven if not given.telt}

    def lines(self) -> Iterator[Publiek]:
        """One line or more for each entry that may be told; what a revoked besluit brought along is left out with it."""
        agreed, gone = only_agreed(self.entries), without_effect(self.entries) - revoked(self.entries)
        for entry in self.entries:
            if entry.nr not in agreed and entry.nr not in gone and self._public_stap(entry.stap) and entry.orgaan not in self.ambtelijk:
                yield from self._told(entry, self.around[entry.nr])

    def _told(self, entry: Entry, beside: Rondom) -> Iterator[Publiek]:
        match entry.payload:
            case Besluit() as besluit:
                yield from self._besluit(entry, besluit, beside)
            case Inbreng(soort=InbrengSoort.ADVIES) as advies:
                kop = advies_zin(self.dossier, entry, advies, beside)
                yield Publiek(entry.nr, entry.datum, Uiting(kop, self._plek(advies)), (*self._advies(entry, advies), *self._mended(entry)))
            case Inbreng(soort=soort) as inbreng if soort not in (*ADVIEZEN, InbrengSoort.ONTVANGEN, InbrengSoort.BEHANDELING):
                afloop = True if soort is InbrengSoort.CONCEPT else None
                uiting = Uiting(self._inbreng(entry, inbreng), self._plek(inbreng))
                yield Publiek(entry.nr, entry.datum, uiting, tuple(self._mended(entry)), afloop=afloop)
            case Verlopen() as verlopen:
                yield Publiek(entry.nr, entry.datum, Uiting(verlopen_zin(self.dossier, entry, verlopen, self._naam)))
            case DatumsGezet() as gezet if gezet.uitstel is None:
                # With a plan the reason is one of planning, and stays with the planners.
                waarom = () if gezet.planning is not None else (Toelichting(entry.datum, self.texts[gezet.reden.id]),)
                moved = (*self._moved(entry, beside), *waarom)
                yield Publiek(entry.nr, entry.datum, Uiting(verzet_zin(entry, gezet, self._naam)), moved)
            case Stuk(verzoek=None, versie=Versie() as versie) as stuk if stuk.status is not Stukstatus.INTERN:
                nieuw = f"; gewijzigd: {enumerated(stuk.wijzigt)}" if stuk.wijzigt else ""
                uiting = Uiting(f"Stuk {stuk.stuk}: {versie.value} (openbaar){nieuw}")
                yield Publiek(entry.nr, entry.datum, uiting, stuk=(stuk.stuk, versie.value))

    def _besluit(self, entry: Entry, besluit: Besluit, beside: Rondom) -> Iterator[Publiek]:
        """A besluit with its reasons; what an organ of a deelnemer decided is told after the end, before it only that it did."""
        reason = besluit.reden if besluit.uitkomst in EXPLAINED else None
        deviates = besluit.afwijking.reden if besluit.afwijking else None
        why = [self.texts[reason.id]] if reason else []
        why += [f"afwijking: {self.texts[deviates.id]}"] if deviates else []
        in_ronde = entry.orgaan in self.organen
        late = " (te laat)" if entry.nr in self.late else ""
        yield Publiek(
            nr=entry.nr,
            datum=entry.datum,
            uiting=Uiting(f"{besluit_zin(self.dossier, entry, besluit, self._naam, beside)}{late}"),
            toelichting=(*self._moved(entry, beside), *(Toelichting(entry.datum, zin) for zin in why), *self._mended(entry)),
            standpunten=tuple(self._standpunt(standpunt) for standpunt in besluit.standpunten),
            adviezen=tuple(self._opvolging(o) for o in besluit.adviezen if o.gremium not in self.ambtelijk),
            herroepen=self._herroepen(entry),
            afloop=True if in_ronde else None,
        )
        if in_ronde:
            zin = f"{self.dossier.stelsel.naam_van(entry.orgaan)}: besluit genomen{late}"
            yield Publiek(entry.nr, entry.datum, Uiting(zin), herroepen=self._herroepen(entry), afloop=False)

    def _inbreng(self, entry: Entry, inbreng: Inbreng) -> str:
        bundled = {e.orgaan: self.dossier.stelsel.afzender(e.orgaan) for e in self.entries if e.nr in inbreng.bundelt}
        hoe = [
            namens_wie(self.dossier, entry, inbreng),
            inbreng.vorm and inbreng.vorm.value,
            f"vastgesteld op {written(inbreng.vastgesteld_op)}" if inbreng.vastgesteld_op else None,
            f"bundelt de inbreng van {enumerated(list(bundled.values()))}" if bundled else None,
            "te laat" if entry.nr in self.late else None,
        ]
        meer = ", ".join(part for part in hoe if part)
        return f"{self.dossier.stelsel.afzender(entry.orgaan)}: {inbreng.soort.value.replace('-', ' ')}{f' ({meer})' if meer else ''}"

    def _advies(self, entry: Entry, advies: Inbreng) -> Iterator[Toelichting]:
        """The text of an advice, from the day of the besluit that it stood beside."""
        gone = without_effect(self.entries)
        besluit = next((e for e in self.entries if e.nr > entry.nr and e.nr not in gone and self._answers(e, entry)), None)
        if besluit is not None and advies.tekst is not None:
            yield Toelichting(besluit.datum, self.texts[advies.tekst.id])

    @staticmethod
    def _answers(besluit: Entry, advies: Entry) -> bool:
        payload, same = besluit.payload, (besluit.stap, besluit.bezoek) == (advies.stap, advies.bezoek)
        return isinstance(payload, Besluit) and same and payload.naar != besluit.stap

    def _moved(self, entry: Entry, beside: Rondom) -> Iterator[Toelichting]:
        opent = getattr(entry.payload, "opent", None)
        if beside.eerst != beside.nu and opent is not None and self._public_stap(opent.stap):
            eerst, nu = (written(day) if day else "onbekend" for day in (beside.eerst, beside.nu))
            yield Toelichting(entry.datum, f"van {eerst} naar {nu}")

    def _mended(self, entry: Entry) -> Iterator[Toelichting]:
        """What was corrected in an entry, but for what nobody can read of it."""
        for later in self.entries:
            mend = later.payload
            if isinstance(mend, Gecorrigeerd) and mend.nr == entry.nr and mend.velden is not None:
                hidden = mend.velden.model_fields_set == {"adviezen"} and all(
                    o.gremium in self.ambtelijk for o in mend.velden.adviezen or ()
                )
                if not hidden:
                    yield Toelichting(later.datum, f"gecorrigeerd op {written(later.datum)}: {self.texts[mend.reden.id]}")

    def _herroepen(self, entry: Entry) -> Toelichting | None:
        for later in self.entries:
            if isinstance(later.payload, Gecorrigeerd) and later.payload.nr == entry.nr and later.payload.herroepen:
                return Toelichting(later.datum, f"herroepen op {written(later.datum)}: {self.texts[later.payload.reden.id]}")
        return None

    def _plek(self, said: Inbreng | Standpunt) -> Plek | None:
        if said.stuk is None or said.versie is None:
            return None
        later = changed_since(self.dossier.stukken, said.stuk, said.versie, said.onderdelen)
        return Plek(said.stuk, said.versie.value, said.onderdelen, tuple(versie.value for versie in later))

    def _standpunt(self, standpunt: Standpunt) -> Uiting:
        named = standpunt.onderdelen if standpunt.stuk is None else ()
        over = f", over {enumerated(named)}" if named else ""
        kop = f"{wie_van(self.dossier, standpunt)} ({standpunt.regime.value}{over}"
        return Uiting(kop, self._plek(standpunt), f"): {self.texts[standpunt.tekst.id]}")

    def _opvolging(self, opvolging: Opvolging) -> str:
        gedaan = "gevolgd" if opvolging.gevolgd else "niet gevolgd"
        waarom = f", want: {self.texts[opvolging.reden.id]}" if opvolging.reden is not None else ""
        return f"advies van {self.dossier.stelsel.naam_van(opvolging.gremium)}: {gedaan}{waarom}"

    @property
    def _naam(self) -> Naming:
        return lambda fase: self.dossier.route.naam_van(fase) if self._public_stap(fase) else IN_PREPARATION

    def _public_stap(self, slug: str) -> bool:
        stap = self.dossier.route.stap(slug)
        return stap is None or stap.gremium not in self.ambtelijk
