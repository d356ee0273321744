"""The ZIP of one council: every Word template that belongs in it filled in, and a plain text that says what is what.

Templates run sandboxed and escape what they are given. The same words give the same bytes: no clock and no order of a disk enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from notifications.griffiepakket.inhoud import Inhoud
from statemachines.errors import Refused

FOLDER = Path(__file__).parent.parent / "templates" / "griffiepakket"

FOR_COLLEGES = ("aanbiedingsbrief", "oplegger", "antwoordformulier")
FOR_RADEN = ("aanbiedingsbrief", "oplegger", "concept-raadsvoorstel", "raadsinformatiebrief", "antwoordformulier")

WHAT_FOR = {
    "aanbiedingsbrief": "de brief waarmee het stuk wordt aangeboden (niet getekend)",
    "oplegger": "een blad met alles wat u moet weten: wat kan, tot wanneer, wie er voor u zit",
    "concept-raadsvoorstel": "een voorstel dat u kunt aanpassen",
    "raadsinformatiebrief": "een informatiebrief die u kunt aanpassen",
    "antwoordformulier": "om uw antwoord mee te sturen",
}

UNREADABLE = (PackageNotFoundError, BadZipFile, SyntaxError, LookupError, ValueError, OSError)
"""What a file that is no Word file raises."""

UNFILLABLE = (TemplateError, SyntaxError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a template that somebody made can raise, whatever stands between its signs."""


class _CompilesOnce(SandboxedEnvironment):
    """Every council fills in the same templates: each is compiled once."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self._compiled: dict[str, Template] = {}

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        """The template of this source."""
        if source not in self._compiled:
            self._compiled[source] = super().from_string(source)
        return self._compiled[source]


@cache
def _environment() -> _CompilesOnce:
    return _CompilesOnce()


def griffiepakket(inhoud: Inhoud, deelnemer: str, gemaakt: date, eigen: Path | None = None) -> bytes:
    """The ZIP with the files of one organ of ``deelnemer`` (a slug), dated ``gemaakt``.

    A template in the folder ``eigen`` goes before the one as shipped that has its name. Raises Refused for one that cannot be filled in.
    """
    templates = FOR_RADEN if inhoud["raden"] else FOR_COLLEGES
    namen = {template: f"{nr}-{_called(template, inhoud)}-{deelnemer}.docx" for nr, template in enumerate(templates, 1)}
    files = {"lees-mij.txt": read_me(inhoud, namen).encode("utf-8")}
    for template, naam in namen.items():
        files[naam] = _filled(_template(template, eigen), inhoud, gemaakt)
    return _zipped(files.items(), gemaakt)


def read_me(inhoud: Inhoud, namen: Mapping[str, str]) -> str:
    """The plain text that comes first: the files, the dates, and whom to ask; ``namen`` are the files by template."""
    return "\r\n".join(_lines(inhoud, namen)) + "\r\n"


def _lines(inhoud: Inhoud, namen: Mapping[str, str]) -> Iterator[str]:
    if inhoud["voorbeeld"]:
        yield from ("VOORBEELD: de data en namen in deze bestanden zijn (deels) verzonnen. Niet gebruiken.", "")
    yield from (f"{inhoud['titel']}: bestanden voor {inhoud['aan']}", f"Dossier {inhoud['dossier']}, {inhoud['grondslag']}", "")
    yield from ("In dit pakket:", *(f"- {naam}: {WHAT_FOR[template]}" for template, naam in namen.items()), "")
    data = inhoud["data"]
    assert isinstance(data, list)
    yield from ("Data:", *(f"- {row['wat']}: {row['wanneer']}" for row in data))
    if inhoud["raden"]:
        yield "Uw agendacommissie beslist over uw agenda."
    yield from ("", str(inhoud["stilte"]), "")
    yield from ("Vragen:", f"- over het proces en de data: {inhoud['contact_proces']}", f"- over de inhoud: {inhoud['contact_inhoud']}")
    yield f"Bereikbaar via {inhoud['antwoord_aan']}. Stuur ook uw antwoord daarheen."


def _called(template: str, inhoud: Inhoud) -> str:
    """How a file is called for this organ: Staten have no raadsvoorstel."""
    return template.replace("raads", "staten") if str(inhoud["orgaan"])[0].isupper() else template


def _template(template: str, eigen: Path | None) -> Path:
    own = eigen / f"{template}.docx" if eigen is not None else None
    return own if own is not None and own.is_file() else FOLDER / f"{template}.docx"


def _filled(path: Path, inhoud: Inhoud, gemaakt: date) -> bytes:
    filled, template = BytesIO(), DocxTemplate(path)
    try:
        template.init_docx()
    except UNREADABLE as error:
        raise Refused(f"Het sjabloon '{path.name}' is geen bruikbaar Word-bestand ({type(error).__name__}); maak het opnieuw.") from None
    try:
        template.render(dict(inhoud), _environment())
    except UNFILLABLE as error:
        raise Refused(f"Het sjabloon '{path.name}' is niet in te vullen: {error}. Verbeter het, of haal het weg.") from None
    properties = template.docx.core_properties
    properties.created = properties.modified = datetime(gemaakt.year, gemaakt.month, gemaakt.day, tzinfo=UTC)
    properties.last_modified_by, properties.revision = properties.author, 1
    template.save(filled)
    with ZipFile(filled) as parts:
        names = sorted(parts.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        return _zipped(((name, parts.read(name)) for name in names), gemaakt)


def _zipped(files: Iterable[tuple[str, bytes]], gemaakt: date) -> bytes:
    kept = BytesIO()
    with ZipFile(kept, "w") as target:
        for naam, content in files:
            entry = ZipInfo(naam, (gemaakt.year, gemaakt.month, gemaakt.day, 0, 0, 0))
            # A Word file is compressed already.
            entry.compress_type, entry.create_system = ZIP_STORED if naam.endswith(".docx") else ZIP_DEFLATED, 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return kept.getvalue()
