"""Corrections: what is on record stays on record, and later entries say what it should have been."""

from __future__ import annotations

from datetime import date

from statemachines.decide import checked_standpunten, consistent, fits_speaker
from statemachines.dossier import Dossier
from statemachines.errors import NotCorrectable, Refused
from statemachines.inbreng import ADVIEZEN, Inbreng
from statemachines.journal import Draft, Entry, Kind
from statemachines.kalender import written
from statemachines.naast import Gevolg
from statemachines.payloads import Gecorrigeerd, Opvolging, Vaststelling, Velden, Verwijzing

_CORRECTABLE: dict[Kind, frozenset[str]] = {
    Kind.BESLUIT: frozenset({"bron", "reden", "vaststelling", "standpunten", "adviezen"}),
    Kind.INBRENG: frozenset({"tekst", "namens", "vorm", "vastgesteld_op"}),
}
"""What a correction can replace in each kind of entry; everything else would move a dossier."""


def decide_correct(dossier: Dossier, entry: Entry, velden: Velden, reden: Verwijzing, datum: date, op: date) -> Draft:
    """Replaces what an entry said, as far as that moves nothing; ``entry`` is as earlier corrections have it.

    ``datum`` is the day on which it was mended: that of the vergadering which adopted a verslag. Raises NotCorrectable for an entry or
    field that cannot be corrected, and Refused when nothing changes.
    """
    if not entry.datum <= datum <= op:
        raise Refused(f"Een correctie van regel {entry.nr} ligt op of na {written(entry.datum)} en niet na {written(op)}.")
    changes = {name: getattr(velden, name) for name in velden.model_fields_set}
    can = _CORRECTABLE.get(entry.soort, frozenset())
    wrong = sorted(changes.keys() - can)
    if not can or wrong:
        wel = f"wel: {', '.join(sorted(can))}" if can else "in zo'n regel kan niets worden gecorrigeerd"
        wat = ", ".join(wrong) or "dit"
        raise NotCorrectable(f"In regel {entry.nr} van dossier {dossier.slug} kan {wat} niet worden gecorrigeerd; {wel}.")
    if velden.vaststelling is Vaststelling.CONCEPT:
        raise NotCorrectable("Een vastgesteld verslag wordt niet weer concept; mogelijk is: vastgesteld, gewijzigd.")
    if isinstance(entry.payload, Inbreng):
        spoken = entry.payload.model_copy(update=changes)
        consistent(spoken, entry.datum)
        if spoken.soort not in ADVIEZEN and not spoken.bundelt:
            fits_speaker(dossier, entry.orgaan, spoken)
    if velden.standpunten is not None:
        checked_standpunten(dossier, velden.standpunten, entry.datum)
    if not changes or all(getattr(entry.payload, name) == value for name, value in changes.items()):
        raise Refused(f"In regel {entry.nr} van dossier {dossier.slug} staat dat al zo; er verandert niets.")
    payload = Gecorrigeerd(nr=entry.nr, reden=reden, herroepen=False, velden=velden)
    return Draft(Kind.GECORRIGEERD, datum, entry.stap, entry.bezoek, entry.orgaan, payload)


def corrected_advice(gevolg: Gevolg, was: Opvolging | None) -> Opvolging:
    """What was done with an advice, in the place of what was said before. Raises NotCorrectable when it did not stand with the besluit."""
    if was is None:
        raise NotCorrectable(f"Bij dat besluit staat geen advies van '{gevolg.gremium}'; een correctie voegt geen advies toe.")
    if not gevolg.gevolgd and gevolg.reden is None:
        raise Refused(f"Geef de reden waarom het advies van '{gevolg.gremium}' niet is gevolgd.")
    return Opvolging(nr=was.nr, gremium=gevolg.gremium, gevolgd=gevolg.gevolgd, reden=gevolg.reden)


def decide_revoke(dossier: Dossier, nr: int, reden: Verwijzing, op: date) -> Draft:
    """Revokes a besluit, only while it is the last entry that moved the dossier and nobody has answered to what it opened."""
    if nr != dossier.laatste_zet or nr == 1:
        raise NotCorrectable(
            f"Regel {nr} van dossier {dossier.slug} kan niet worden herroepen; dat kan alleen met het laatste besluit dat het dossier"
            f" verplaatste (regel {dossier.laatste_zet}). Leg anders een nieuw besluit vast."
        )
    if dossier.zet_soort is not Kind.BESLUIT:
        raise NotCorrectable(f"Regel {nr} van dossier {dossier.slug} is geen besluit; alleen een besluit kan worden herroepen.")
    ronde = dossier.ronde
    if ronde is not None and ronde.open and any(stand.nr or stand.ontvangen for stand in ronde.standen.values()):
        raise NotCorrectable(
            f"Regel {nr} opende een reactietermijn en er is al inbreng; leg een nieuw besluit vast in plaats van te herroepen."
        )
    stap = dossier.opening.stap if dossier.opening else dossier.fase
    return Draft(Kind.GECORRIGEERD, op, stap, dossier.bezoek, "systeem", Gecorrigeerd(nr=nr, reden=reden, herroepen=True))
