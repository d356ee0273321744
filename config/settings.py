"""Settings from the environment (``KADER_*``); every one has a default that works on a laptop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import MRA
from statemachines.errors import Refused


@dataclass(frozen=True)
class Settings:
    """Where things are.

    ``map`` holds everything that is made; ``database`` is an SQLAlchemy address; ``stelsel`` the folder of facts, whose name is the
    slug of the stelsel; ``smtp`` the host:port of the mailbox in proof mode.
    """

    map: Path
    database: str
    stelsel: Path
    smtp: str

    @property
    def stelsel_slug(self) -> str:
        """The slug of the stelsel."""
        return self.stelsel.name


def from_environment(environ: Mapping[str, str], database: str | None = None, stelsel: Path | None = None) -> Settings:
    """Settings with what the caller says going before the environment. Raises Refused for a mode that does not exist."""
    modus = environ.get("KADER_MODUS", "proef")
    if modus != "proef":
        raise Refused(f"KADER_MODUS '{modus}' bestaat niet; alleen 'proef' is mogelijk: alle post gaat naar het postvak op deze computer.")
    folder = Path(environ.get("KADER_MAP", ".kaderroute")).absolute()
    return Settings(
        map=folder,
        database=database or environ.get("KADER_DATABASE") or f"sqlite:///{folder / 'kader.db'}",
        stelsel=(stelsel or Path(environ.get("KADER_STELSEL") or MRA)).absolute(),
        smtp=environ.get("KADER_SMTP", "127.0.0.1:8025"),
    )
