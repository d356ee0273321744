"""Options that many commands share, and how their values are read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID, uuid4

import typer

if TYPE_CHECKING:
    from flows.gezegd import Gezegd, Opgevolgd
    from flows.house import House
    from flows.use_cases import Actor


def day(text: str) -> date:
    """A day typed as 2027-03-12."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is geen datum; schrijf hem als 2027-03-12.") from None


def opdracht(text: str) -> str:
    """A UUID."""
    try:
        return str(UUID(text))
    except ValueError:
        raise typer.BadParameter(f"'{text}' is geen UUID, zoals 8f14e45f-ceea-467f-9f3a-0d1b2c3d4e5f.") from None


def regel(text: str) -> int:
    """The number of a line of a journal."""
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"'{text}' is geen regel van een journaal; dat is een getal vanaf 1.")
    return int(text)


def rol(text: str) -> str:
    """The slug of a role."""
    from flows.gezegd import role_slug
    from statemachines.errors import Unusable

    try:
        return role_slug(text)
    except Unusable as refusal:
        raise typer.BadParameter(str(refusal)) from None


def choice(text: str, possible: list[str], wat: str) -> str:
    """One of a closed list, typed with spaces or dashes."""
    slug = text.strip().lower().replace(" ", "-")
    if slug not in possible:
        raise typer.BadParameter(f"'{text}' is geen {wat}; mogelijk is: {', '.join(possible)}.")
    return slug


def uitkomst(text: str) -> str:
    """An uitkomst of a besluit."""
    from statemachines.route import Uitkomst

    return choice(text, [u.value for u in Uitkomst], "uitkomst")


def inbrengsoort(text: str) -> str:
    """A kind of inbreng."""
    from statemachines.inbreng import ADVIEZEN, InbrengSoort

    return choice(text, [s.value for s in InbrengSoort if s not in ADVIEZEN], "soort inbreng")


def besluitbron(text: str) -> str:
    """Where a besluit is recorded."""
    from statemachines.payloads import BesluitBron

    return choice(text, [b.value for b in BesluitBron], "bron van een besluit")


def vaststelling(text: str) -> str:
    """Whether the verslag of a besluit was adopted."""
    from statemachines.payloads import Vaststelling

    return choice(text, [v.value for v in Vaststelling], "stand van een verslag")


def namens(text: str) -> str:
    """Who speaks."""
    from statemachines.payloads import Namens

    return choice(text, [n.value for n in Namens], "spreker")


def vorm(text: str) -> str:
    """In what form inbreng came."""
    from statemachines.payloads import Vorm

    return choice(text, [v.value for v in Vorm], "vorm van inbreng")


def behandelwijze(text: str) -> str:
    """How a raad handles a document."""
    from statemachines.inbreng import Behandelwijze

    return choice(text, [b.value for b in Behandelwijze], "behandelwijze")


def adviesover(text: str) -> str:
    """What an advice is about."""
    from statemachines.route import AdviesOver

    return choice(text, [o.value for o in AdviesOver], "onderwerp van een advies")


def versie(text: str) -> str:
    """How far a document is."""
    from statemachines.payloads import Versie

    return choice(text, [v.value for v in Versie], "versie")


def read_gevolgen(words: list[str] | None) -> tuple[Opgevolgd, ...]:
    """What was done with advice, typed as raadtafel:gevolgd or raadtafel:niet-gevolgd:the reason."""
    from flows.gezegd import Opgevolgd
    from statemachines.errors import Unusable

    found = []
    for word in words or ():
        gremium, _, rest = word.partition(":")
        gevolgd, _, reden = rest.partition(":")
        if gevolgd not in ("gevolgd", "niet-gevolgd"):
            raise Unusable(
                f"'{word[:80]}' zegt niet wat er met een advies is gedaan; schrijf raadtafel:gevolgd of raadtafel:niet-gevolgd:reden."
            )
        found.append(Opgevolgd(gremium, gevolgd == "gevolgd", reden.strip() or None))
    return tuple(found)


def read_standpunten(words: list[str] | None) -> tuple[Gezegd, ...]:
    """Minority positions typed as zandvoort:inhoudelijk:text, or with parts as zandvoort:inhoudelijk:deel 3::text.

    A part can begin with the stuk and versie that it is of: nota@concept, deel 3.
    """
    from flows.gezegd import Gezegd
    from statemachines.errors import Unusable
    from statemachines.payloads import Regime, Versie

    found = []
    for word in words or ():
        van, _, rest = word.partition(":")
        regime, _, rest = rest.partition(":")
        deel, sep, tekst = rest.partition("::")
        onderdelen, tekst = (tuple(part.strip() for part in deel.split(",")), tekst) if sep else ((), deel)
        if regime not in [r.value for r in Regime] or not tekst.strip():
            raise Unusable(
                f"'{word[:80]}' is geen standpunt; schrijf het als zandvoort:inhoudelijk:de tekst, of met onderdelen als"
                " zandvoort:inhoudelijk:deel 3, bijlage 1::de tekst (regime: organisatorisch of inhoudelijk)."
            )
        stuk, of, naam = (onderdelen[0] if onderdelen else "").partition("@")
        if of and naam not in [v.value for v in Versie]:
            raise Unusable(f"'{naam}' is geen versie van een stuk; mogelijk is: {', '.join(v.value for v in Versie)}.")
        if of:
            found.append(Gezegd(van, Regime(regime), tekst, onderdelen[1:], stuk, Versie(naam)))
        else:
            found.append(Gezegd(van, Regime(regime), tekst, onderdelen))
    return tuple(found)


Standpunten = Annotated[
    list[str] | None,
    typer.Option(
        "--standpunt",
        metavar="WIE:REGIME:TEKST",
        help="Een minderheidsstandpunt, als zandvoort:inhoudelijk:tekst; mag vaker.",
        show_default=False,
    ),
]
Slug = Annotated[str, typer.Argument(metavar="DOSSIER", help="De naam van het dossier, zoals voortgangsnota-2026.", show_default=False)]
Op = Annotated[
    date | None,
    typer.Option(
        "--op", metavar="DATUM", parser=day, help="De dag vanaf waar u kijkt, als 2027-03-12; gewoon vandaag.", show_default=False
    ),
]
Datum = Annotated[
    date | None,
    typer.Option("--datum", metavar="DATUM", parser=day, help="De dag waarop het gebeurde; gewoon de dag van --op.", show_default=False),
]
Als = Annotated[
    str | None,
    typer.Option(
        "--als",
        metavar="ROL",
        parser=rol,
        envvar="KADER_ALS",
        help="Wie dit vastlegt: de naam van een rol, zoals aob.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Uitvoer voor programma's.")]
Database = Annotated[
    str | None,
    typer.Option(
        "--database", metavar="ADRES", envvar="KADER_DATABASE", help="sqlite:///pad of postgresql+psycopg://...", show_default=False
    ),
]
Stelsel = Annotated[
    Path | None,
    typer.Option("--stelsel", metavar="MAP", envvar="KADER_STELSEL", help="De map met feiten; gewoon die van de MRA.", show_default=False),
]
Opdracht = Annotated[
    str | None,
    typer.Option(
        "--opdracht",
        metavar="UUID",
        parser=opdracht,
        help="Kenmerk van deze opdracht; hetzelfde kenmerk schrijft nooit twee keer.",
        show_default=False,
    ),
]
Verwacht = Annotated[
    int | None,
    typer.Option(
        "--verwacht",
        metavar="NR",
        parser=regel,
        help="De laatste regel van het journaal die u zag; staat er meer, dan gebeurt er niets.",
        show_default=False,
    ),
]


def house_for(database: str | None, stelsel: Path | None) -> House:
    """The house that a command works in."""
    from flows.house import build_house

    return build_house(database, stelsel)


def actor_for(house: House, als: str | None, op: date | None, opdracht: str | None, verwacht: int | None = None) -> Actor:
    """Who gives this command; a writing command must say so."""
    from flows.use_cases import Actor
    from statemachines.errors import Unusable

    if not als:
        raise Unusable("Zeg met --als (of KADER_ALS) in welke rol u dit doet, bijvoorbeeld --als aob.")
    return Actor(als, "cli", opdracht or str(uuid4()), house.writing_day(op), verwacht)
