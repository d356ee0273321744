"""Settings from the environment (``KADER_*``); every one has a default that works on a laptop. Secrets stand nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

from config import MRA
from statemachines.errors import Refused

E = TypeVar("E", bound=StrEnum)
KANAAL = "KADER_KANAAL_"
LOCAL = "127.0.0.1:8025"
MOST_CONNECTIONS = 20


class Modus(StrEnum):
    """``proef``: all mail goes to the mailbox on this machine. ``echt``: to confirmed addresses, and nothing is dated but today."""

    PROEF = "proef"
    ECHT = "echt"


class Beveiliging(StrEnum):
    """How the connection with the mail server is kept private."""

    GEEN = "geen"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Post:
    """How mail goes out: through which server (host:port), with how many connections at once, and as whom.

    ``kanalen`` are Apprise addresses by role: who has one is told there instead of by e-mail; only in mode ``echt``.
    """

    smtp: str
    modus: Modus = Modus.PROEF
    beveiliging: Beveiliging = Beveiliging.GEEN
    gebruiker: str = ""
    wachtwoord: str = field(default="", repr=False)
    verbindingen: int = 2
    kanalen: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Settings:
    """Where things are.

    ``map`` holds everything that is made; ``database`` is an SQLAlchemy address; ``stelsel`` the folder of facts, whose name is the
    slug of the stelsel.
    """

    map: Path
    database: str
    stelsel: Path
    post: Post

    @property
    def stelsel_slug(self) -> str:
        """The slug of the stelsel."""
        return self.stelsel.name


def from_environment(environ: Mapping[str, str], database: str | None = None, stelsel: Path | None = None) -> Settings:
    """Settings with what the caller says going before the environment. Raises Refused for a value that is not possible."""
    folder = Path(environ.get("KADER_MAP", ".kaderroute")).absolute()
    return Settings(
        map=folder,
        database=database or environ.get("KADER_DATABASE") or f"sqlite:///{folder / 'kader.db'}",
        stelsel=(stelsel or Path(environ.get("KADER_STELSEL") or MRA)).absolute(),
        post=_post(environ),
    )


def _post(environ: Mapping[str, str]) -> Post:
    modus = _one_of(Modus, environ, "KADER_MODUS", Modus.PROEF)
    smtp = environ.get("KADER_SMTP") or LOCAL
    if modus is Modus.ECHT and not environ.get("KADER_SMTP"):
        raise Refused("In KADER_MODUS 'echt' moet KADER_SMTP de mailserver noemen, zoals KADER_SMTP=mail.uw-organisatie.nl:587.")
    host = _host(smtp)
    usual = Beveiliging.STARTTLS if modus is Modus.ECHT else Beveiliging.GEEN
    beveiliging = _one_of(Beveiliging, environ, "KADER_SMTP_BEVEILIGING", usual)
    if modus is Modus.ECHT and beveiliging is Beveiliging.GEEN and not _on_this_machine(host):
        raise Refused("KADER_SMTP_BEVEILIGING 'geen' kan in 'echt' alleen met een mailserver op deze computer; gebruik starttls of tls.")
    gebruiker, wachtwoord = environ.get("KADER_SMTP_GEBRUIKER", ""), environ.get("KADER_SMTP_WACHTWOORD", "")
    if bool(gebruiker) != bool(wachtwoord):
        raise Refused("Geef KADER_SMTP_GEBRUIKER en KADER_SMTP_WACHTWOORD allebei, of geen van beide.")
    return Post(
        smtp=smtp,
        modus=modus,
        beveiliging=beveiliging,
        gebruiker=gebruiker,
        wachtwoord=wachtwoord,
        verbindingen=_number(environ, "KADER_SMTP_VERBINDINGEN", 2, MOST_CONNECTIONS),
        kanalen={_role(name): _url(name, url) for name, url in environ.items() if name.startswith(KANAAL)},
    )


def _host(smtp: str) -> str:
    """The host of host:port. Raises Refused."""
    host, _, port = smtp.rpartition(":")
    if not host or not port.isdecimal() or len(port) > 5 or not 0 <= int(port) <= 65535 or any(c.isspace() or c in "/@" for c in host):
        raise Refused(f"KADER_SMTP '{smtp.rpartition('@')[2]}' is niet te lezen; schrijf host:poort, zoals mail.uw-organisatie.nl:587.")
    return host.strip("[]")


def _on_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _role(name: str) -> str:
    role = name.removeprefix(KANAAL).lower().replace("_", "-")
    if not role.strip("-"):
        raise Refused(f"{name} noemt geen rol; schrijf bijvoorbeeld {KANAAL}SECRETARIS_AV.")
    return role


def _url(name: str, url: str) -> str:
    """An Apprise address; it can hold a secret, so it is never repeated."""
    if not url.partition("://")[0] or not url.partition("://")[2]:
        raise Refused(f"{name} is geen adres van Apprise; dat begint met het soort kanaal, zoals mmosts://...")
    return url


def _one_of(soort: type[E], environ: Mapping[str, str], name: str, usual: E) -> E:
    value = environ.get(name, usual.value)
    try:
        return soort(value)
    except ValueError:
        raise Refused(f"{name} '{value[:40]}' bestaat niet; mogelijk is: {', '.join(one.value for one in soort)}.") from None


def _number(environ: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = environ.get(name) or str(usual)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most or len(text) > 9:
        raise Refused(f"{name} '{text[:40]}' kan niet; het is een getal van 1 tot en met {most}.")
    return int(text)
