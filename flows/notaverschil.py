"""What a work sheet of the Nota van Beantwoording changes in its dossier; nobody's change is lost under another's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dossiers.nota import Nota
from flows.beantwoorden import Puntregel
from flows.notabestand import Rij, Werkblad
from flows.notatabel import KOLOMMEN, cells_of
from statemachines.errors import JournalMovedOn, Refused, Unusable

Tekst = Mapping[str, str]
"""What stands in a row, by the field of a Notapunt."""
NIEUW = "nieuw-"
"""So begins the name that a new row can have until it is kept."""
_FREE = tuple(kolom for kolom in KOLOMMEN if kolom.vrij)
_OWNER = tuple(kolom for kolom in KOLOMMEN if kolom.veld in ("inbreng", "van", "spreekt"))


@dataclass(frozen=True)
class Wijziging:
    """What a row changes in one column; ``punt`` is empty for a new punt, ``naam`` how its writer calls that for now."""

    rij: int
    punt: str
    naam: str
    inbreng: int
    kolom: str
    was: str
    wordt: str


@dataclass(frozen=True)
class Verschil:
    """What a work sheet changes. ``regels`` are the rows to keep.

    ``weggelaten`` are the punten that it has no row for: they stay, but for those that ``vervalt``.
    """

    wijzigingen: tuple[Wijziging, ...]
    regels: tuple[Puntregel, ...]
    weggelaten: tuple[str, ...]
    vervalt: tuple[str, ...]

    @property
    def veranderd(self) -> int:
        """How many known punten change."""
        return len({w.punt for w in self.wijzigingen if w.punt})

    @property
    def nieuw(self) -> int:
        """How many punten are new."""
        return len({w.rij for w in self.wijzigingen if not w.punt})


def compare(blad: Werkblad, nota: Nota, vervalt: Sequence[str] = ()) -> Verschil:
    """Compares what each punt was when the work sheet was made, what it says now, and what the dossier says now.

    ``vervalt`` are punten without a row that must fall away. Raises what ``compared`` finds wrong, all of it in one message.
    """
    verschil, wrong = compared(blad, nota, vervalt)
    if len(wrong) == 1:
        raise wrong[0][1]
    if wrong:
        raise Unusable("\n".join(str(refusal) for _, refusal in wrong))
    return verschil


def compared(blad: Werkblad, nota: Nota, vervalt: Sequence[str] = ()) -> tuple[Verschil, list[tuple[Rij, Refused]]]:
    """As ``compare``, with the rows that cannot be kept beside the difference that the others make.

    A row that its writer left as it was changes nothing, whatever happened to the punt since. Unusable is a row that fits
    nowhere, JournalMovedOn a row whose punt somebody else changed too. The same work sheet a second time changes nothing.
    """
    if nota.nr < blad.nr:
        raise Unusable(
            f"'{blad.bestand}' is gemaakt na regel {blad.nr} van dossier {nota.dossier}, maar dat is hier pas bij regel {nota.nr};"
            " is dit de goede database?"
        )
    nu = {punt.punt: cells_of(punt) for punt in nota.punten}
    since = {punt: tekst for punt, tekst in nu.items() if punt not in blad.eerst}
    rijen = _with_known_names(blad, since)
    names = {naam for rij in rijen if (naam := _own_name(rij, blad))}
    changed: list[tuple[Rij, Tekst]] = []
    fresh: list[Rij] = []
    wrong: list[tuple[Rij, Refused]] = []
    seen: dict[tuple[str, ...], int] = {}
    for rij in rijen:
        try:
            if not rij.tekst["punt"] or _own_name(rij, blad):
                _fits(rij, nu, names)
                if _is_new(rij, since.values(), seen):
                    fresh.append(rij)
            elif (was := _was(rij, blad, nota, nu, names)) is not None:
                changed.append((rij, was))
        except Refused as refusal:
            wrong.append((rij, refusal))
    there = {rij.tekst["punt"]: rij.nr for rij in blad.rijen}
    _refuse_kept(vervalt, there, blad, nota, nu)
    sent = [rij for rij, _ in changed]
    verschil = Verschil(
        wijzigingen=tuple(change for rij, was in [*changed, *((rij, None) for rij in fresh)] for change in _changes(rij, was, blad)),
        regels=(
            *_whole({*vervalt, *(rij.tekst["punt"] for rij in sent)}, fresh, nu),
            *(_regel(rij.tekst, rij.nr, _own_name(rij, blad)) for rij in [*sent, *fresh]),
        ),
        weggelaten=tuple(punt for punt in blad.eerst if punt not in there and punt in nu and punt not in vervalt),
        vervalt=tuple(punt for punt in dict.fromkeys(vervalt) if punt in nu),
    )
    return verschil, wrong


def _own_name(rij: Rij, blad: Werkblad) -> str:
    """What the writer of a new row calls its punt for now; empty for other rows."""
    punt = rij.tekst["punt"]
    return punt if punt.startswith(NIEUW) and punt not in blad.eerst else ""


def _with_known_names(blad: Werkblad, since: Mapping[str, Tekst]) -> list[Rij]:
    """The rows, in which a name for now is that of its punt where an earlier reading made one of the row."""
    made = {_said(tekst): punt for punt, tekst in since.items()}
    real = {naam: made[_said(rij.tekst)] for rij in blad.rijen if (naam := _own_name(rij, blad)) and _said(rij.tekst) in made}
    return [
        Rij(rij.nr, {**rij.tekst, "gelijkluidend": real.get(rij.tekst["gelijkluidend"], rij.tekst["gelijkluidend"])}) for rij in blad.rijen
    ]


def _said(tekst: Tekst) -> tuple[str, ...]:
    return (tekst["inbreng"], *(tekst[kolom.veld] for kolom in _FREE))


def _refuse_kept(vervalt: Sequence[str], there: Mapping[str, int], blad: Werkblad, nota: Nota, nu: Mapping[str, Tekst]) -> None:
    """Refuses to let a punt fall away that has a row still, that the work sheet does not know, or that changed since."""
    for punt in vervalt:
        if punt in there:
            raise Unusable(f"Rij {there[punt]}: punt {punt} staat nog in het werkblad; haal de rij weg als het moet vervallen.")
        if punt not in blad.eerst:
            raise Unusable(f"'{punt[:80]}' is geen punt van dit werkblad en kan dus niet vervallen.")
        if punt in nu and _moved(nu[punt], blad.eerst[punt]):
            raise _moved_on(f"Punt {punt}", blad, nota)


def _was(rij: Rij, blad: Werkblad, nota: Nota, nu: Mapping[str, Tekst], names: Collection[str]) -> Tekst | None:
    """The punt of a row as it stands in the dossier, when the row changes it; else None."""
    punt = rij.tekst["punt"]
    eerst = blad.eerst.get(punt)
    if eerst is None:
        raise Unusable(
            f"Rij {rij.nr}: '{punt[:80]}' is geen punt van dit werkblad; laat 'Punt' leeg voor een nieuw punt, of noem het {NIEUW}1."
        )
    for kolom in _OWNER:
        if rij.tekst[kolom.veld] != eerst[kolom.veld]:
            raise Unusable(
                f"Rij {rij.nr}: bij '{kolom.kop}' hoort '{eerst[kolom.veld]}' en er staat '{rij.tekst[kolom.veld][:80]}';"
                " dat staat vast. Zijn de rijen verschoven, sorteer dan altijd het hele blad."
            )
    if not _differ(rij.tekst, eerst):
        return None
    _filled(rij, nu, names)
    now = nu.get(punt)
    if now is not None and not _differ(rij.tekst, now):
        return None
    if now is None or _moved(now, eerst):
        raise _moved_on(f"Rij {rij.nr}: punt {punt}", blad, nota)
    return now


def _moved(now: Tekst, eerst: Tekst) -> bool:
    return _differ(now, eerst) or now["inbreng"] != eerst["inbreng"]


def _moved_on(wat: str, blad: Werkblad, nota: Nota) -> JournalMovedOn:
    return JournalMovedOn(
        f"{wat} is intussen ook door iemand anders veranderd (dit werkblad is van na regel {blad.nr}, het dossier is bij regel {nota.nr});"
        f" maak het opnieuw met 'kader nota {nota.dossier} --als xlsx --naar BESTAND' en neem uw tekst daarin over."
    )


def _differ(one: Tekst, other: Tekst) -> bool:
    return any(one[kolom.veld] != other[kolom.veld] for kolom in _FREE)


def _fits(rij: Rij, nu: Mapping[str, Tekst], names: Collection[str]) -> None:
    """Refuses a new row that belongs to no inbreng of the dossier, or that says it is of somebody else."""
    inbreng = rij.tekst["inbreng"]
    if not inbreng:
        raise Unusable(f"Rij {rij.nr}: vul bij 'Inbreng (regel)' in bij welke inbreng dit nieuwe punt hoort.")
    same = next((tekst for tekst in nu.values() if tekst["inbreng"] == inbreng), None)
    if same is None:
        possible = ", ".join(dict.fromkeys(tekst["inbreng"] for tekst in nu.values())) or "geen"
        raise Unusable(f"Rij {rij.nr}: regel {inbreng[:20]} is geen inbreng van dit dossier; wel: {possible}.")
    for kolom in _OWNER[1:]:
        if rij.tekst[kolom.veld] not in ("", same[kolom.veld]):
            raise Unusable(
                f"Rij {rij.nr}: regel {inbreng} is van '{same[kolom.veld]}' en bij '{kolom.kop}' staat '{rij.tekst[kolom.veld][:80]}';"
                " laat dat leeg of zet het goed."
            )
    _filled(rij, nu, names)


def _filled(rij: Rij, nu: Mapping[str, Tekst], names: Collection[str]) -> None:
    """Refuses a row that changes something without saying what the punt is, or that points to nothing."""
    if not rij.tekst["tekst"]:
        raise Unusable(f"Rij {rij.nr}: 'Punt van de inbreng' is leeg; vul in wat de deelnemer zegt.")
    if (same := rij.tekst["gelijkluidend"]) and same not in nu and same not in names:
        raise Unusable(f"Rij {rij.nr}: '{same[:80]}' bij 'Gelijkluidend met' is geen punt van dit dossier en geen nieuw punt in dit blad.")
    if same == rij.tekst["punt"] != "":
        raise Unusable(f"Rij {rij.nr}: bij 'Gelijkluidend met' staat het punt zelf; noem een ander punt, of geef hier het antwoord.")


def _is_new(rij: Rij, since: Iterable[Tekst], seen: dict[tuple[str, ...], int]) -> bool:
    """Whether the dossier does not know a new row yet: a work sheet that is read again adds nothing twice."""
    said = _said(rij.tekst)
    if said in seen:
        raise Unusable(f"Rij {rij.nr} is gelijk aan rij {seen[said]}; een van de twee is te veel.")
    seen[said] = rij.nr
    return said not in map(_said, since)


def _changes(rij: Rij, was: Tekst | None, blad: Werkblad) -> Iterator[Wijziging]:
    naam = _own_name(rij, blad)
    for kolom in _FREE:
        old, new = was[kolom.veld] if was else "", rij.tekst[kolom.veld]
        if old != new:
            yield Wijziging(rij.nr, "" if naam else rij.tekst["punt"], naam, int(rij.tekst["inbreng"]), kolom.kop, old, new)


def _regel(tekst: Tekst, rij: int = 0, naam: str = "") -> Puntregel:
    cells = {kolom.veld: tekst[kolom.veld] for kolom in _FREE}
    return Puntregel("" if naam else tekst["punt"], int(tekst["inbreng"]), **cells, naam=naam, rij=rij)


def _whole(sent: set[str], fresh: Sequence[Rij], nu: Mapping[str, Tekst]) -> Iterator[Puntregel]:
    """The punten as they are of every inbreng that is split further, so that none of them is lost by what is added."""
    split = {rij.tekst["inbreng"] for rij in fresh}
    for punt, tekst in nu.items():
        if tekst["inbreng"] in split and punt not in sent:
            yield _regel(tekst)
