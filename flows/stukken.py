"""Documents of a dossier: a versie is registered, papers are asked for, and a request is answered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from flows.gezegd import clean, keep_tekst
from flows.house import House
from flows.use_cases import Actor, Gedaan, write
from statemachines.bijdragen import decide_stuk, decide_verzoek
from statemachines.dossier import Dossier
from statemachines.errors import Refused, Unusable
from statemachines.facts import Kring
from statemachines.journal import Draft
from statemachines.kalender import written
from statemachines.payloads import Versie
from statemachines.stukken import Stuk, Stukstatus, Verzoek, Verzoekstaat


@dataclass(frozen=True)
class Beschrijving:
    """What somebody says of a versie of a document; ``sha256`` is that of its file, where there is one."""

    stuk: str
    versie: Versie
    status: Stukstatus
    titel: str | None = None
    link: str | None = None
    sha256: str | None = None
    onderdelen: Sequence[str] = ()
    wijzigt: Sequence[str] = ()
    openbaar_vanaf: date | None = None


def register_stuk(house: House, actor: Actor, slug: str, wat: Beschrijving, datum: date) -> Gedaan:
    """Registers a versie of a document, or says anew what holds for one that is there."""

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        if wat.status is Stukstatus.ONDER_EMBARGO and wat.openbaar_vanaf is not None and wat.openbaar_vanaf < datum:
            raise Refused(
                f"{written(wat.openbaar_vanaf)} ligt voor {written(datum)}: '{wat.stuk}' is dan al openbaar; kies status openbaar."
            )
        stuk = Stuk(
            stuk=_slug(wat.stuk),
            versie=wat.versie,
            titel=None if wat.titel is None else keep_tekst(connection, house, slug, wat.titel, "titel van het stuk"),
            link=_link(wat.link),
            sha256=_sha256(wat.sha256),
            onderdelen=tuple(clean(deel, "naam van een onderdeel", longest=100) for deel in wat.onderdelen),
            wijzigt=tuple(clean(deel, "naam van een onderdeel", longest=100) for deel in wat.wijzigt),
            status=wat.status,
            openbaar_vanaf=wat.openbaar_vanaf,
        )
        return decide_stuk(dossier, stuk, datum, actor.op)

    return write(house, actor, slug, decide)


def ask_papers(
    house: House, actor: Actor, slug: str, van: str, stuk: str, eigenaar: str, uiterlijk: date, datum: date, toelichting: str | None = None
) -> Gedaan:
    """Registers that ``van`` (a deelnemer, an organ or a gremium) asks for papers, which ``eigenaar`` must see to by ``uiterlijk``."""

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        kept = None if toelichting is None else keep_tekst(connection, house, slug, toelichting, "toelichting")
        verzoek = Verzoek(staat=Verzoekstaat.GEVRAAGD, eigenaar=eigenaar, uiterlijk=uiterlijk, toelichting=kept)
        return decide_verzoek(dossier, _asker(dossier, van), Stuk(stuk=_slug(stuk), verzoek=verzoek), datum, actor.op)

    return write(house, actor, slug, decide)


def answer_verzoek(
    house: House,
    actor: Actor,
    slug: str,
    nr: int,
    staat: Verzoekstaat,
    datum: date,
    *,
    eigenaar: str | None = None,
    toelichting: str | None = None,
) -> Gedaan:
    """Registers what became of the request of entry ``nr``: given, refused with a reason, or passed to another owner."""

    def decide(connection: Connection, dossier: Dossier) -> Draft:
        asked = dossier.verzoeken.get(nr)
        owner = eigenaar or (asked.eigenaar if asked is not None else actor.door)
        kept = None if toelichting is None else keep_tekst(connection, house, slug, toelichting, "toelichting")
        verzoek = Verzoek(staat=staat, eigenaar=owner, nr=nr, toelichting=kept)
        return decide_verzoek(dossier, "", Stuk(stuk=asked.stuk if asked else "onbekend", verzoek=verzoek), datum, actor.op)

    return write(house, actor, slug, decide)


def sha256_of(path: Path) -> str:
    """The sha256 of a file; raises Unusable when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        raise Unusable(f"Het bestand '{path}' is niet te lezen.") from None


def _asker(dossier: Dossier, van: str) -> str:
    """The organ of a deelnemer, or the gremium, that asks; raises UnknownSlug."""
    own = dossier.stelsel.orgaan_van(van, Kring.RADEN_STATEN)
    return van if own is None else own.slug


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text) or len(text) > 60:
        raise Unusable(f"'{text[:80]}' kan geen naam van een stuk zijn; gebruik kleine letters, cijfers en streepjes.")
    return text


def _link(text: str | None) -> str | None:
    if text is None:
        return None
    link = clean(text, "link", longest=500)
    parts = urlsplit(link)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(char.isspace() for char in link):
        raise Unusable(f"'{link[:80]}' is geen link; een link begint met https://.")
    if parts.username or parts.password:
        raise Unusable("In een link hoort geen gebruikersnaam of wachtwoord.")
    return link


def _sha256(text: str | None) -> str | None:
    if text is not None and not re.fullmatch(r"[0-9a-f]{64}", text.strip().lower()):
        raise Unusable(f"'{text[:80]}' is geen sha256; dat zijn 64 tekens van 0 tot en met 9 en a tot en met f.")
    return None if text is None else text.strip().lower()
