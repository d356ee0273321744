"""The forms of the deployments, in Dutch. Prefect draws them from these models; the flows validate once more."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from statemachines.journal import BesluitBron, InbrengSoort
from statemachines.route import Uitkomst


Slug = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True)]
"""A name as typed; whether it exists is for the use case to say, in Dutch."""


class Formulier(BaseModel):
    """What every form of a besluit or inbreng asks."""

    model_config = ConfigDict(extra="forbid", title="Formulier")

    als: Slug = Field(title="Wie legt dit vast?", description="De rol, zoals aob of secretaris-bestuur.")
    op: date | None = Field(default=None, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")


class Openen(Formulier):
    """A kaderdocument goes in routing."""

    dossier: Slug = Field(title="Naam van het dossier", description="Kleine letters, cijfers en streepjes, zoals voortgangsnota-2026.")
    route: Slug = Field(title="Route", description="Zoals voortgangsnota, jaarplan-begroting of mra-agenda.")
    titel: str = Field(title="Titel", description="Zoals raden die lezen.")
    datum: date | None = Field(default=None, title="In routing gebracht op", description="Leeg is vandaag.")


class Besluiten(Formulier):
    """A gremium, or a deelnemer in a ronde, decided."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    van: Slug = Field(title="Wie besloot?", description="Het gremium, zoals bestuur of av. In een ronde het orgaan, zoals college-almere.")
    uitkomst: Uitkomst = Field(title="Uitkomst")
    datum: date | None = Field(default=None, title="Datum van het besluit", description="Leeg is vandaag.")
    bron: BesluitBron = Field(default=BesluitBron.BESLUITENLIJST, title="Waar staat het?")
    reden: str | None = Field(default=None, title="Reden", description="Nodig als het besluit de route verandert.")
    stap: Slug | None = Field(default=None, title="Stap", description="Alleen als het gremium vaker voorkomt.")
    afwijking: str | None = Field(default=None, title="Reden van afwijking", description="Alleen als er van de route wordt afgeweken.")
    toegestaan_door: Slug | None = Field(default=None, title="Afwijking toegestaan door", description="De rol, zoals voorzitter.")
    verwacht: int | None = Field(
        default=None, title="Laatste regel die u zag", description="Staat er intussen meer in het journaal, dan gebeurt er niets."
    )


class Inbrengen(Formulier):
    """A raad, Staten or regioraad gave inbreng."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    van: Slug = Field(title="Van wie?", description="De deelnemer, zoals almere of noord-holland.")
    soort: InbrengSoort = Field(default=InbrengSoort.REACTIE, title="Wat is het?")
    datum: date | None = Field(default=None, title="Datum van de inbreng", description="Leeg is vandaag.")
    tekst: str | None = Field(default=None, title="Openbare tekst van de inbreng", description="Geen namen of adressen van personen.")
    verwacht: int | None = Field(
        default=None, title="Laatste regel die u zag", description="Staat er intussen meer in het journaal, dan gebeurt er niets."
    )


class Ronde(BaseModel):
    """A daily round or a delivery; without a day it is today."""

    model_config = ConfigDict(extra="forbid", title="Formulier")

    op: date | None = Field(default=None, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")
