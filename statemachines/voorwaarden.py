"""What must hold before a gremium can decide: a day on which it meets, promises to raden, answers, and a reason for a conclusion."""

from __future__ import annotations

from datetime import date

from statemachines.dossier import Dossier
from statemachines.errors import Refused
from statemachines.kalender import enumerated, written
from statemachines.opening import meets
from statemachines.payloads import BesluitBron, Verwijzing
from statemachines.ronde import Deelname
from statemachines.route import MOVES_NOTHING, Antwoord, Stap, Uitkomst

AT_A_MEETING = frozenset({BesluitBron.BESLUITENLIJST, BesluitBron.VERSLAG})


def meeting_of(dossier: Dossier, stap: Stap, bron: BesluitBron, datum: date) -> date | None:
    """The vergadering at which a gremium decided, as far as it is known. Raises Refused for one on a day on which nobody meets."""
    werk = dossier.stelsel.werkkalender
    if bron not in AT_A_MEETING:
        return None
    if werk.knows(datum) and not werk.is_werkdag(datum):
        dag = werk.feestdag(datum) or "in het weekend"
        raise Refused(f"Op {written(datum)} ({dag}) is er geen vergadering; kies de dag van de vergadering, of --bron schriftelijke-ronde.")
    planned = dossier.opening.zitting.vergadering if dossier.opening and dossier.opening.zitting else None
    return datum if datum == planned or meets(dossier.stelsel, stap, datum) else None


def promises_kept(dossier: Dossier, uitkomst: Uitkomst, datum: date) -> None:
    """Raises Refused for a besluit after which the answer of who still has uitstel would not count."""
    ronde = dossier.ronde
    if ronde is None or ronde.besloten or uitkomst in MOVES_NOTHING:
        return
    promised = [stand for stand in ronde.standen.values() if stand.waiting and stand.uitstel is not None and stand.uitstel >= datum]
    if promised:
        until = max(stand.uitstel for stand in promised if stand.uitstel is not None)
        wie = enumerated([dossier.stelsel.orgaan(stand.orgaan).naam for stand in promised])
        raise Refused(
            f"{wie} {'heeft' if len(promised) == 1 else 'hebben'} uitstel tot en met {written(until)}; wacht daarop, of geef met"
            " --afwijking en --toegestaan-door waarom er nu al wordt besloten."
        )


def conclusion_explained(dossier: Dossier, stap: Stap, uitkomst: Uitkomst, reden: Verwijzing | None) -> None:
    """Raises Refused for a conclusion without a reason when not every deelnemer agreed; no besluit is never consent."""
    ronde = dossier.ronde
    if ronde is None or ronde.antwoord is not Antwoord.BESLUIT or reden is not None or not dossier.route.adopts(stap, uitkomst):
        return
    given = [stand.uitkomst for stand in ronde.standen.values() if stand.staat is Deelname.BESLUIT]
    yes = sum(besluit is not Uitkomst.NIET_INGESTEMD for besluit in given)
    if yes < len(ronde.standen):
        raise Refused(
            f"Van de {len(ronde.standen)} die een besluit is gevraagd, stemden er {yes} in en {len(given) - yes} niet;"
            f" {len(ronde.standen) - len(given)} namen geen besluit. Geef met --reden waarom dit toch de conclusie is."
        )


def answers_ready(dossier: Dossier, stap: Stap, uitkomst: Uitkomst) -> None:
    """Raises Refused for an adoption while inbreng has no answer."""
    open_punten = dossier.open_punten if dossier.route.adopts(stap, uitkomst) else ()
    if open_punten:
        some = f"{', '.join(open_punten[:5])}{' en meer' if open_punten[5:] else ''}"
        hoe = "1 punt" if len(open_punten) == 1 else f"{len(open_punten)} punten"
        raise Refused(
            f"Bij {hoe} van de inbreng staat nog geen antwoord ({some}); beantwoord ze met 'kader nota {dossier.slug}', of geef met"
            " --afwijking en --toegestaan-door de reden waarom het zonder kan."
        )
