"""Who can get mail: the contacts of the deelnemers, and the roles."""

from __future__ import annotations

from datetime import date

from statemachines.errors import UnknownSlug
from statemachines.facts import Kring
from statemachines.stelsel import Stelsel


def names(feiten: Stelsel) -> dict[str, str]:
    """How every recipient is called that the facts know on any day."""
    contacts = {slug: naam for of_one in _contacts(feiten).values() for slug, naam in of_one.items()}
    deelregios = (feiten.secretaris_van_deelregio(deelregio.slug) for deelregio in feiten.deelregios)
    return contacts | {o.slug: o.naam for o in deelregios} | {rol.slug: rol.naam for rol in feiten.rollen}


def of_today(feiten: Stelsel, op: date) -> list[str]:
    """The recipients of the day ``op``, each once: the contacts of its deelnemers, the members of raden, deelregiosecretarissen, roles."""
    organen = [orgaan for kring in Kring for orgaan in feiten.organen(kring, op)]
    contacts = [orgaan.ontvanger.slug for orgaan in organen]
    leden = [feiten.leden(orgaan.slug).slug for orgaan in organen if orgaan.kring is Kring.RADEN_STATEN]
    deelregios = [feiten.secretaris_van_deelregio(deelregio.slug).slug for deelregio in feiten.deelregios]
    return list(dict.fromkeys([*contacts, *leden, *deelregios, *(rol.slug for rol in feiten.rollen)]))


def beside(feiten: Stelsel, ontvanger: str) -> set[str]:
    """The other recipients of the deelnemers for which this one hears."""
    return {wie for contacts in _contacts(feiten).values() if ontvanger in contacts for wie in contacts} - {ontvanger}


def require(feiten: Stelsel, ontvanger: str) -> None:
    """Raises UnknownSlug for who is no recipient, with those who may be meant."""
    known = names(feiten)
    if ontvanger not in known:
        _, _, deelnemer = f"-{ontvanger}".rpartition("-")
        near = [slug for slug in known if deelnemer and deelnemer in slug] or ["griffie-almere", "adviseur-almere"]
        raise UnknownSlug(f"Er is geen ontvanger '{ontvanger[:80]}'; bedoelde u {' of '.join(near[:3])}? Zie 'kader adres lijst'.")


def _contacts(feiten: Stelsel) -> dict[str, dict[str, str]]:
    """The contacts of every deelnemer, and the members of its raad, with their names."""
    found: dict[str, dict[str, str]] = {}
    for deelnemer in feiten.deelnemers:
        organen = {kring: orgaan for kring in Kring if (orgaan := feiten.orgaan_van(deelnemer.slug, kring)) is not None}
        wie = [orgaan.ontvanger for orgaan in organen.values()]
        if Kring.RADEN_STATEN in organen:
            wie.append(feiten.leden(organen[Kring.RADEN_STATEN].slug))
        found[deelnemer.slug] = {o.slug: o.naam for o in wie}
    return found
