"""The whole story of one dossier, once, for everyone who shows it.

The planners' story holds everything; ``openbaar`` builds the public half from what may be public, so that nothing else can
slip in: no ambtelijke stops, no reasons of planning, no documents before their day, and who has not reacted, or what was answered, only
when the dossier has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dossiers import journal, stelsels
from dossiers.geschiedenis import Gebeurtenis, corrected, geschiedenis, references
from dossiers.nota import Notapunt, nota_of, nota_teksten
from dossiers.publiek import OpenbaarFeit, Publiek, feiten, publiek
from dossiers.rondom import rondom
from dossiers.stappen import Stapregel, stapregels
from dossiers.teksten import read_teksten
from statemachines.dossier import Dossier, replay
from statemachines.due import volgende
from statemachines.inbreng import speaker
from statemachines.journal import Entry, in_force
from statemachines.payloads import Namens
from statemachines.ronde import ANSWERED, Deelname, Stand
from statemachines.route import Antwoord
from statemachines.stukken import StukVersie


@dataclass(frozen=True)
class Deelnemerregel:
    """Where one deelnemer stands in the last ronde; ``tot_en_met`` is its own sluitingsdatum, uitstel included."""

    orgaan: str
    naam: str
    staat: str
    datum: date | None
    uitkomst: str | None
    tot_en_met: date
    behandelwijze: str = ""
    geagendeerd_op: date | None = None


@dataclass(frozen=True)
class Naastregel:
    """A gremium beside the besluit of the current stap: that decides too (``wat`` besluit), or advises; ``nodig``: not without it."""

    gremium: str
    naam: str
    wat: str
    staat: str
    datum: date | None
    nodig: bool


@dataclass(frozen=True)
class Stukregel:
    """A versie of a document; ``openbaar_op`` is the first day on which anybody may see it, None while it is internal."""

    stuk: str
    titel: str
    versie: str
    datum: date
    status: str
    openbaar_op: date | None
    onderdelen: tuple[str, ...]
    wijzigt: tuple[str, ...]
    link: str
    sha256: str


@dataclass(frozen=True)
class Verzoekregel:
    """A request for papers: by whom, who sees to it, by when, how far it is, and the entries of its log."""

    nr: int
    stuk: str
    van: str
    datum: date
    eigenaar: str
    uiterlijk: date | None
    staat: str
    regels: tuple[int, ...]


@dataclass(frozen=True)
class Overzicht:
    """A dossier with its route, last ronde, documents, answers and history; ``publiek`` is what of that may ever be told to anybody."""

    slug: str
    titel: str
    route: str
    stelselversie: str
    trekker: str
    fase: str
    fase_naam: str
    sinds: date
    geeindigd: bool
    wie: str
    moment: date | None
    wat: str
    waarom: str
    stappen: tuple[Stapregel, ...]
    ronde: tuple[Deelnemerregel, ...]
    naast: tuple[Naastregel, ...]
    stukken: tuple[Stukregel, ...]
    verzoeken: tuple[Verzoekregel, ...]
    punten: tuple[Notapunt, ...]
    open_punten: tuple[str, ...]
    geschiedenis: tuple[Gebeurtenis, ...]
    publiek: tuple[Publiek, ...]


@dataclass(frozen=True)
class OpenbareStap:
    """A stap as anybody sees it."""

    naam: str
    gremium: str
    status: str
    van: date | None
    moment: date | None


@dataclass(frozen=True)
class OpenbareReactie:
    """Where one deelnemer stands, as anybody sees it."""

    naam: str
    staat: str
    datum: date | None


@dataclass(frozen=True)
class Openbaar:
    """What councils and the public may see of a dossier."""

    slug: str
    titel: str
    route: str
    stap: str
    stappen: tuple[OpenbareStap, ...]
    ronde: tuple[OpenbareReactie, ...]
    stukken: tuple[Stukregel, ...]
    punten: tuple[Notapunt, ...]
    geschiedenis: tuple[OpenbaarFeit, ...]


def overzicht(connection: Connection, stelsel: str, slug: str) -> Overzicht:
    """Everything that planners see of a dossier; raises UnknownSlug."""
    written_down = journal.read(connection, stelsel, slug)
    entries = in_force(written_down)
    dossier = replay(entries, stelsels.by_digest(connection, stelsel, journal.digest_of(entries)))
    shown = {entry.nr: [v.id for v in references(entry)] for entry in entries}
    kept = {e.nr: tuple(dict.fromkeys([*(v.id for v in references(e)), *shown[e.nr], *corrected(e)])) for e in written_down}
    texts = read_teksten(connection, stelsel, [*(ident for ids in kept.values() for ident in ids), *nota_teksten(dossier)])
    straks, nota = volgende(dossier), nota_of(dossier, texts)
    return Overzicht(
        slug=slug,
        titel=texts[dossier.titel.id],
        route=dossier.route.naam,
        stelselversie=dossier.stelsel.digest,
        trekker=dossier.stelsel.ontvanger_van_rol(dossier.trekker).naam if dossier.trekker else "",
        fase=dossier.fase,
        fase_naam=dossier.route.naam_van(dossier.fase),
        sinds=dossier.sinds,
        geeindigd=dossier.ended,
        wie=straks.wie,
        moment=straks.moment,
        wat=straks.wat,
        waarom=straks.waarom,
        stappen=tuple(stapregels(dossier, entries, texts)),
        ronde=tuple(_ronde(dossier)),
        naast=tuple(_naast(dossier, entries)),
        stukken=tuple(_stuk(stuk, versie, texts) for stuk, versies in dossier.stukken.items() for versie in versies),
        verzoeken=tuple(_verzoeken(dossier)),
        punten=nota.punten,
        open_punten=nota.open,
        geschiedenis=tuple(geschiedenis(dossier, entries, kept, texts)),
        publiek=tuple(publiek(dossier, entries, texts)),
    )


def openbaar(whole: Overzicht, op: date) -> Openbaar:
    """The public half, as anybody may read it on the day ``op``: nothing that happened later."""
    public = {(stuk.stuk, stuk.versie): stuk.openbaar_op for stuk in whole.stukken if stuk.openbaar_op and stuk.openbaar_op <= op}
    ended = whole.geeindigd and whole.sinds <= op
    stappen = [_stap_at(stap, op) if op < whole.sinds else _openbare_stap(stap) for stap in whole.stappen if stap.openbaar]
    return Openbaar(
        slug=whole.slug,
        titel=whole.titel,
        route=whole.route,
        stap=whole.fase_naam if ended else next((stap.naam for stap in stappen if stap.status == "nu"), "in voorbereiding"),
        stappen=tuple(stappen),
        ronde=tuple(_openbare_reactie(d, ended) for d in whole.ronde if ended or (d.datum is not None and d.datum <= op)),
        stukken=tuple(stuk for stuk in whole.stukken if (stuk.stuk, stuk.versie) in public),
        punten=whole.punten if ended else (),
        geschiedenis=feiten(whole.publiek, public, op, ended),
    )


def _openbare_stap(stap: Stapregel) -> OpenbareStap:
    return OpenbareStap(stap.naam, stap.gremium, stap.status, stap.van, stap.moment)


def _stap_at(stap: Stapregel, op: date) -> OpenbareStap:
    """A stap as it stood on a day from before the dossier came where it is now; a day that was set later is not told."""
    visit = next((bezoek for bezoek in reversed(stap.bezoeken) if bezoek.sinds <= op), None)
    if visit is None:
        return OpenbareStap(stap.naam, stap.gremium, "straks", None, None)
    van = stap.van if visit == stap.bezoeken[-1] else None
    if visit.tot is None or visit.tot > op:
        return OpenbareStap(stap.naam, stap.gremium, "nu", van, stap.moment if van else None)
    return OpenbareStap(stap.naam, stap.gremium, "overgeslagen" if stap.status == "overgeslagen" else "geweest", van, visit.tot)


def _openbare_reactie(regel: Deelnemerregel, ended: bool) -> OpenbareReactie:
    """Where a deelnemer stands; what it decided is told after the end."""
    besloot = f"besloot: {regel.uitkomst}" if ended and regel.uitkomst else regel.staat
    return OpenbareReactie(regel.naam, besloot, regel.datum)


def _ronde(dossier: Dossier) -> Iterator[Deelnemerregel]:
    ronde = dossier.ronde
    for slug, stand in (ronde.standen if ronde else {}).items():
        assert ronde is not None
        yield Deelnemerregel(
            orgaan=slug,
            naam=dossier.stelsel.orgaan(slug).naam,
            staat=staat_of(stand, ronde.antwoord),
            datum=stand.datum,
            uitkomst=stand.uitkomst.label if stand.uitkomst else None,
            tot_en_met=ronde.until(slug),
            behandelwijze=(stand.behandelwijze or "").replace("-", " "),
            geagendeerd_op=stand.geagendeerd_op,
        )


_GIVEN = {
    Deelname.GEEN_OPVATTING: "geen opvatting van {}; geen standpunt van de raad",
    Deelname.TE_LAAT: "reactie van {} te laat ontvangen; geen standpunt van de raad",
}
_SPEAKERS = {Namens.COLLEGE: "het college", Namens.COMMISSIE: "een commissie", Namens.FRACTIE: "een fractie"}
_BESLUITEN = {Deelname.GEEN_REACTIE: "geen besluit ontvangen", Deelname.TE_LAAT: "besluit te laat ontvangen"}


def staat_of(stand: Stand, antwoord: Antwoord) -> str:
    """Where a deelnemer stands; what somebody else than the raad or Staten gave never passes for theirs."""
    wie = _SPEAKERS.get(Namens(stand.namens)) if stand.namens is not None else None
    if wie is not None and stand.staat is Deelname.REACTIE:
        return f"reactie van {speaker(stand.namens)}"
    if wie is not None and stand.staat in _GIVEN:
        return _GIVEN[stand.staat].format(wie)
    label = _BESLUITEN.get(stand.staat, stand.staat.label) if antwoord is Antwoord.BESLUIT else stand.staat.label
    waiting = stand.staat in (Deelname.UITGENODIGD, Deelname.GEEN_REACTIE)
    if stand.concept is not None and waiting:
        return f"{label}; wel een concept onder voorbehoud"
    if stand.opnieuw is not None and waiting:
        return f"{label}; opnieuw gevraagd"
    return label


def _naast(dossier: Dossier, entries: Sequence[Entry]) -> Iterator[Naastregel]:
    naast, naam = dossier.naast, dossier.stelsel.naam_van
    around = rondom(dossier, entries)
    for slug, stand in (naast.gremia if naast else {}).items():
        staat = stand.uitkomst.label if stand.uitkomst else "besluit verwacht"
        yield Naastregel(slug, naam(slug), "besluit", staat, stand.datum, True)
    for slug, stand in (naast.adviezen if naast else {}).items():
        asked = stand.nr is None or around[stand.nr].gevraagd
        staat = f"{'gevraagd' if asked else 'ongevraagd'} advies ontvangen" if stand.staat in ANSWERED else "advies gevraagd"
        yield Naastregel(slug, naam(slug), "advies", staat, stand.datum, naast is not None and slug in naast.verplicht)


def _stuk(stuk: str, versie: StukVersie, texts: Mapping[str, str]) -> Stukregel:
    return Stukregel(
        stuk=stuk,
        titel=texts[versie.titel.id] if versie.titel else "",
        versie=versie.versie.value,
        datum=versie.datum,
        status=versie.status.value.replace("-", " "),
        openbaar_op=versie.openbaar_op,
        onderdelen=versie.onderdelen,
        wijzigt=versie.wijzigt,
        link=versie.link or "",
        sha256=versie.sha256 or "",
    )


def _verzoeken(dossier: Dossier) -> Iterator[Verzoekregel]:
    for verzoek in dossier.verzoeken.values():
        yield Verzoekregel(
            nr=verzoek.nr,
            stuk=verzoek.stuk,
            van=dossier.stelsel.naam_van(verzoek.orgaan),
            datum=verzoek.datum,
            eigenaar=dossier.stelsel.ontvanger_van_rol(verzoek.eigenaar).naam,
            uiterlijk=verzoek.uiterlijk,
            staat=verzoek.staat.value,
            regels=verzoek.regels,
        )
