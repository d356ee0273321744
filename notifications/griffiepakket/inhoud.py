"""What stands in the files of one council: words and dates that may be told to it, and nothing else.

As in the messages, ambtelijke stops, slack, feasibility and documents that are not public have no place here, so no template can leak them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from notifications.eigen_data import Eigen
from notifications.messages import may_be_named
from statemachines.dossier import Dossier
from statemachines.facts import Kring, Orgaan
from statemachines.kalender import written
from statemachines.lidwoord import met_lidwoord
from statemachines.payloads import Namens, Vorm
from statemachines.planning.raadsweg import Niveau
from statemachines.ronde import RONDE_UITKOMSTEN, Ronde
from statemachines.route import Antwoord, Uitkomst
from statemachines.stelsel import Stelsel
from statemachines.stukken import StukVersie

Inhoud = Mapping[str, object]

DIRECTIE = "mra-directie"
"""Who answers for the content of a dossier without trekker, where the stelsel has this role."""

_NAMENS = {
    Namens.COLLEGE_MEDE_NAMENS_RAAD: "{bestuur}, mede namens {aan}",
    Namens.COLLEGE: "alleen {bestuur}",
    Namens.COMMISSIE: "een commissie",
    Namens.FRACTIE: "een fractie",
}


def inhoud(
    dossier: Dossier, ronde: Ronde, orgaan: str, moment: Mapping[str, object], eigen: Sequence[Eigen], teksten: Mapping[str, str], op: date
) -> Inhoud:
    """The words of the files of one organ, as seen from ``op``.

    ``moment`` is what the mail about this inbrengmoment says to it, ``eigen`` are its own dates, ``teksten`` the texts of title and
    public documents by id.
    """
    stelsel, wie = dossier.stelsel, dossier.stelsel.orgaan(orgaan)
    aan, bestuur = met_lidwoord(wie.naam), _bestuur(stelsel, wie)
    rollen = {rol.slug: rol.naam for rol in stelsel.rollen}
    proces = rollen.get(_secretaris(dossier, ronde), rollen.get("aob", "het secretariaat"))
    raden = ronde.kring is Kring.RADEN_STATEN
    uitkomsten = [uitkomst.label for uitkomst in Uitkomst if uitkomst in RONDE_UITKOMSTEN]
    until = written(ronde.until(orgaan))
    return {
        "titel": one_line(teksten[dossier.titel.id]),
        "dossier": dossier.slug,
        "regio": stelsel.kop.voluit,
        "regio_kort": stelsel.kop.naam,
        "orgaan": wie.naam,
        "aan": aan,
        "deelnemer": stelsel.deelnemer(wie.deelnemer).naam,
        "bestuur": bestuur,
        "aanhef": wie.ontvanger.aanhef,
        "raden": raden,
        "besluit": ronde.antwoord is Antwoord.BESLUIT,
        "grondslag": moment["grondslag"],
        "besluit_door": moment["besluit_door"],
        "besluit_op": written(date.fromisoformat(str(moment["besluit_op"]))),
        "van": written(ronde.van),
        "tot_en_met": until,
        "data": list(_data(ronde, until, moment, [(row.wat, row.zin) for row in eigen])),
        "data_concept": list(_data(ronde, until, moment, [(row.wat, _in_concept(row)) for row in eigen])),
        "eigen": any(row.niveau is not Niveau.BEVESTIGD for row in eigen),
        "zetels": moment["zetels"],
        "vervolg": moment["vervolg"],
        "stilte": moment["stilte"],
        "ook_via": moment["ook_via"],
        "stukken": list(_stukken(dossier, teksten, op)),
        "namens": [aan, *(text.format(bestuur=bestuur, aan=aan) for text in _NAMENS.values())] if raden else [aan],
        "vormen": [vorm.value for vorm in Vorm] if raden else ["besluit", "brief"],
        "uitkomsten": " / ".join(uitkomsten),
        "uitkomsten_lijst": uitkomsten,
        "contact_proces": proces,
        "contact_inhoud": rollen.get(dossier.trekker or DIRECTIE, proces),
        "voorzitter": rollen.get("voorzitter", "voorzitter"),
        "antwoord_aan": moment["antwoord_aan"],
        "website": moment["website"],
        "voorbeeld": moment["voorbeeld"],
    }


def public_stukken(dossier: Dossier, op: date) -> Iterator[tuple[str, StukVersie]]:
    """The versies of documents that anybody may see on ``op``, by the slug of their document."""
    for stuk, versies in dossier.stukken.items():
        yield from ((stuk, versie) for versie in versies if versie.openbaar_op is not None and versie.openbaar_op <= op)


def one_line(text: str) -> str:
    """A text on one line that a Word file can hold: without control characters or those that turn its direction around."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable() or char == "\u200d")


def _bestuur(stelsel: Stelsel, wie: Orgaan) -> str:
    college = stelsel.orgaan_van(wie.deelnemer, Kring.COLLEGES)
    return met_lidwoord(college.naam.partition(" van ")[0]) if college is not None else "het college"


def _secretaris(dossier: Dossier, ronde: Ronde) -> str:
    """The role to ask about the process: the secretaris of the gremium that released, or of the one that comes next."""
    if may_be_named(dossier.stelsel, dossier.gebracht_door):
        return dossier.stelsel.gremium(dossier.gebracht_door).secretaris
    stap = dossier.route.stap(ronde.stap)
    follows = dossier.route.stap(stap.onward or "") if stap is not None else None
    return dossier.stelsel.gremium(follows.gremium).secretaris if follows is not None else ""


def _data(ronde: Ronde, until: str, moment: Mapping[str, object], eigen: Iterable[tuple[str, str]]) -> Iterator[dict[str, str]]:
    asked = "besluiten" if ronde.antwoord is Antwoord.BESLUIT else "reageren"
    yield {"wat": f"{asked.capitalize()} kan vanaf", "wanneer": written(ronde.van)}
    yield {"wat": f"Laatste dag om te {asked}", "wanneer": f"{until} (deze dag telt mee)"}
    if moment["via_deelregio"]:
        inner = written(date.fromisoformat(str(moment["via_deelregio"])))
        yield {"wat": "Als u via uw deelregio antwoordt", "wanneer": f"bij uw deelregio uiterlijk {inner}"}
    yield from ({"wat": wat, "wanneer": wanneer} for wat, wanneer in eigen)


def _in_concept(row: Eigen) -> str:
    """An own date in what a council reads later: what nobody confirmed must be checked first."""
    return row.zin if row.niveau is Niveau.BEVESTIGD else f"[{written(row.dag)}: controleren voor gebruik]"


def _stukken(dossier: Dossier, teksten: Mapping[str, str], op: date) -> Iterator[str]:
    for stuk, versie in public_stukken(dossier, op):
        naam = one_line(teksten[versie.titel.id]) if versie.titel is not None else stuk
        yield f"{naam} ({versie.versie.value}){f': {one_line(versie.link)}' if versie.link else ''}"
