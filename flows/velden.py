"""What the forms of the deployments are made of: kinds of field as Prefect draws them, and what every form asks."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from config.loading import load_stelsel
from config.settings import from_environment
from statemachines.berichten import known_kinds
from statemachines.errors import Refused
from statemachines.inbreng import ADVIEZEN, Behandelwijze, InbrengSoort
from statemachines.payloads import BesluitBron, Namens, Regime, Vaststelling, Versie, Vorm
from statemachines.route import AdviesOver, Uitkomst
from statemachines.stukken import Stukstatus, Verzoekstaat

Slug = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
"""A name as typed; whether it exists is for the use case to say, in Dutch."""


def _list(values: Iterable[StrEnum]) -> WithJsonSchema:
    """A closed list as the form draws it, without the English words of the code."""
    return WithJsonSchema({"type": "string", "enum": [value.value for value in values]})


KiesUitkomst = Annotated[Uitkomst, _list(Uitkomst)]
KiesBron = Annotated[BesluitBron, _list(BesluitBron)]
KiesSoort = Annotated[InbrengSoort, _list(soort for soort in InbrengSoort if soort not in ADVIEZEN)]
KiesNamens = Annotated[Namens | None, _list(Namens)]
KiesVorm = Annotated[Vorm | None, _list(Vorm)]
KiesBehandelwijze = Annotated[Behandelwijze | None, _list(Behandelwijze)]
KiesRegime = Annotated[Regime, _list(Regime)]
KiesVaststelling = Annotated[Vaststelling | None, _list(Vaststelling)]
KiesVersie = Annotated[Versie, _list(Versie)]
KiesVersieOfNiets = Annotated[Versie | None, _list(Versie)]
KiesStatus = Annotated[Stukstatus, _list(Stukstatus)]
KiesOver = Annotated[AdviesOver | None, _list(AdviesOver)]
KiesBronOfNiets = Annotated[BesluitBron | None, _list(BesluitBron)]
KiesStaat = Annotated[Verzoekstaat, _list(Verzoekstaat)]


class _Berichtsoorten:
    """The kinds of the catalogue that wait for a person, as a closed list; read when a form is drawn, for they are data."""

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> dict[str, Any]:
        try:
            soorten = known_kinds(load_stelsel(from_environment(os.environ).stelsel))
        except Refused:
            # Facts that cannot be read are named by 'kader controleer'; the form must not keep the service from starting.
            return {"type": "string"}
        return {"type": "string", "enum": [soort.slug for soort in soorten if soort.vrijgave]}


KiesBerichtsoort = Annotated[
    str | None, StringConstraints(strip_whitespace=True), AfterValidator(lambda text: text or None), _Berichtsoorten()
]


# A schema without "or null" and without a default draws an empty field; the UI draws a choice between types otherwise.
Dag = Annotated[date | None, WithJsonSchema({"type": "string", "format": "date"})]
Nummer = Annotated[int | None, WithJsonSchema({"type": "integer"})]
Tekst = Annotated[
    str | None, StringConstraints(strip_whitespace=True), AfterValidator(lambda text: text or None), WithJsonSchema({"type": "string"})
]


def nothing() -> None:
    """A default that the schema does not show."""
    return None


def last_seen() -> Any:
    """The field for the last entry that this person saw."""
    return Field(
        default_factory=nothing,
        title="Laatste regel die u zag",
        description="Staat er intussen meer in het journaal, dan gebeurt er niets.",
    )


def dossier_veld() -> Any:
    """The field for the dossier."""
    return Field(title="Dossier", description="De naam, zoals voortgangsnota-2026.")


def datum_veld(titel: str) -> Any:
    """The field for the day on which it happened."""
    return Field(default_factory=nothing, title=titel, description="Leeg is vandaag.")


def stuk_veld() -> Any:
    """The field for the stuk that something is about."""
    return Field(default_factory=nothing, title="Over welk stuk?", description="Zoals voortgangsnota; leeg is in het algemeen.")


def versie_veld() -> Any:
    """The field for the versie of that stuk."""
    return Field(default_factory=nothing, title="Versie van dat stuk", description="Nodig als u een stuk noemt.")


def onderdelen_veld() -> Any:
    """The field for the parts of that stuk."""
    return Field(default_factory=list, title="Onderdelen van dat stuk", description="Zoals deel 2; leeg is het hele stuk.")


def uitleg(zin: str) -> ConfigDict:
    """What a form says above its fields; without it the form shows the English of the code."""
    return ConfigDict(extra="forbid", json_schema_extra={"description": zin})


class Invulling(BaseModel):
    """What somebody filled in. A day that cannot be read does not stop the run in English: it is kept, to be refused in Dutch."""

    _onleesbaar: str | None = PrivateAttr(None)

    @property
    def onleesbaar(self) -> str | None:
        """The refusal of what cannot be read; None when all can. Nothing may be done with a form that has one."""
        return self._onleesbaar

    @model_validator(mode="wrap")
    @classmethod
    def _keep_unreadable(cls, given: Any, read: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return read(given)
        except ValidationError as error:
            wrong = {str(e["loc"][0]): e["input"] for e in error.errors() if len(e["loc"]) == 1 and e["type"].startswith("date_")}
            if not isinstance(given, dict) or len(wrong) != error.error_count():
                raise
            form = read({**given, **dict.fromkeys(wrong, date.min)})
            names = ((cls.model_fields[name].title, str(value)[:80]) for name, value in wrong.items())
            form._onleesbaar = " ".join(f"Bij '{naam}' is '{value}' geen datum; schrijf hem als 2027-03-12." for naam, value in names)
            return form


class Formulier(Invulling):
    """What every form asks that writes something."""

    als: Slug = Field(title="Wie legt dit vast?", description="De rol, zoals aob of secretaris-bestuur.")
    op: Dag = Field(default_factory=nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")
