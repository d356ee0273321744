"""The forms of the deployments, in Dutch. Prefect draws them from these models; the flows validate once more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from flows.gezegd import Gezegd, Opgevolgd
from statemachines.inbreng import ADVIEZEN, Behandelwijze, Inbreng, InbrengSoort, Namens, Vorm
from statemachines.payloads import BesluitBron, Regime, Vaststelling, Versie
from statemachines.route import AdviesOver, Uitkomst
from statemachines.stukken import Stukstatus

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


# A schema without "or null" and without a default draws an empty field; the UI draws a choice between types otherwise.
Dag = Annotated[date | None, WithJsonSchema({"type": "string", "format": "date"})]
Nummer = Annotated[int | None, WithJsonSchema({"type": "integer"})]
Tekst = Annotated[
    str | None, StringConstraints(strip_whitespace=True), AfterValidator(lambda text: text or None), WithJsonSchema({"type": "string"})
]


def _nothing() -> None:
    return None


def _last_seen() -> Any:
    return Field(
        default_factory=_nothing,
        title="Laatste regel die u zag",
        description="Staat er intussen meer in het journaal, dan gebeurt er niets.",
    )


class Formulier(BaseModel):
    """What every form of a besluit or inbreng asks."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "Vul in wat er is gebeurd."})

    als: Slug = Field(title="Wie legt dit vast?", description="De rol, zoals aob of secretaris-bestuur.")
    op: Dag = Field(default_factory=_nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")


class Openen(Formulier):
    """A kaderdocument goes in routing."""

    dossier: Slug = Field(title="Naam van het dossier", description="Kleine letters, cijfers en streepjes, zoals voortgangsnota-2026.")
    route: Slug = Field(title="Route", description="Zoals voortgangsnota, jaarplan-begroting of mra-agenda.")
    titel: str = Field(title="Titel", description="Zoals raden die lezen.")
    trekker: Tekst = Field(default_factory=_nothing, title="Trekker", description="De rol die het stuk trekt, zoals mra-directie.")
    datum: Dag = Field(default_factory=_nothing, title="In routing gebracht op", description="Leeg is vandaag.")


class Minderheid(BaseModel):
    """A minority position."""

    model_config = ConfigDict(extra="forbid")

    van: Slug = Field(title="Van wie?", description="Een deelnemer of deelregio, zoals zandvoort.")
    regime: KiesRegime = Field(title="Waarover?")
    tekst: str = Field(title="Openbare tekst", description="Geen namen of adressen van personen.")
    stuk: Tekst = Field(default_factory=_nothing, title="Over welk stuk?", description="Zoals voortgangsnota; leeg is in het algemeen.")
    versie: KiesVersieOfNiets = Field(default_factory=_nothing, title="Versie van dat stuk")
    onderdelen: list[str] = Field(default_factory=list, title="Onderdelen van het stuk")


class AdviesGedaan(BaseModel):
    """What was done with an advice."""

    model_config = ConfigDict(extra="forbid")

    gremium: Slug = Field(title="Advies van", description="Zoals raadtafel.")
    gevolgd: bool = Field(title="Gevolgd")
    reden: Tekst = Field(default_factory=_nothing, title="Reden", description="Nodig als het advies niet is gevolgd.")


class Besluiten(Formulier):
    """A gremium, or a deelnemer in a ronde, decided."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    van: Slug = Field(title="Wie besloot?", description="Het gremium, zoals bestuur of av. In een ronde het orgaan, zoals college-almere.")
    uitkomst: KiesUitkomst = Field(title="Uitkomst")
    datum: Dag = Field(default_factory=_nothing, title="Datum van het besluit", description="Leeg is vandaag.")
    bron: KiesBron = Field(default=BesluitBron.BESLUITENLIJST, title="Waar staat het?")
    reden: Tekst = Field(default_factory=_nothing, title="Reden", description="Nodig als het besluit de route verandert.")
    stap: Tekst = Field(default_factory=_nothing, title="Stap", description="Alleen als het gremium vaker voorkomt.")
    afwijking: Tekst = Field(
        default_factory=_nothing, title="Reden van afwijking", description="Alleen als er van de route wordt afgeweken."
    )
    toegestaan_door: Tekst = Field(default_factory=_nothing, title="Afwijking toegestaan door", description="De rol, zoals voorzitter.")
    standpunten: list[Minderheid] = Field(default_factory=list, title="Minderheidsstandpunten", description="Iedereen kan ze lezen.")
    adviezen: list[AdviesGedaan] = Field(default_factory=list, title="Wat is er met adviezen gedaan?")
    verwacht: Nummer = _last_seen()


class Corrigeren(Formulier):
    """What an entry said is replaced, which moves nothing; or the last besluit is revoked."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    regel: int = Field(title="Regel van het journaal")
    reden: str = Field(title="Reden", description="Waarom dit wordt gecorrigeerd, zoals: verslag van 5 juni.")
    vaststelling: KiesVaststelling = Field(default_factory=_nothing, title="Verslag van het besluit")
    bron: KiesBronOfNiets = Field(default_factory=_nothing, title="Waar staat het besluit?")
    waarom: Tekst = Field(default_factory=_nothing, title="Reden van het besluit zelf")
    tekst: Tekst = Field(default_factory=_nothing, title="Openbare tekst van de inbreng")
    standpunten: list[Minderheid] = Field(default_factory=list, title="Minderheidsstandpunten")
    adviezen: list[AdviesGedaan] = Field(default_factory=list, title="Wat is er met adviezen gedaan?")
    herroepen: bool = Field(
        default=False, title="Herroep het besluit", description="Alleen het laatste besluit. Laat dan de andere velden leeg."
    )
    verwacht: Nummer = _last_seen()

    @property
    def replaces(self) -> bool:
        """Whether something comes in the place of what the entry says."""
        fields = (self.vaststelling, self.bron, self.waarom, self.tekst, self.standpunten, self.adviezen)
        return any(field not in (None, []) for field in fields)


class Inbrengen(Formulier):
    """A raad, Staten or regioraad gave inbreng."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    van: Slug = Field(title="Van wie?", description="De deelnemer, zoals almere of noord-holland.")
    soort: KiesSoort = Field(default=InbrengSoort.REACTIE, title="Wat is het?")
    datum: Dag = Field(default_factory=_nothing, title="Datum van de inbreng", description="Leeg is vandaag.")
    tekst: Tekst = Field(
        default_factory=_nothing, title="Openbare tekst van de inbreng", description="Geen namen of adressen van personen."
    )
    namens: KiesNamens = Field(default_factory=_nothing, title="Wie spreekt?")
    vorm: KiesVorm = Field(default_factory=_nothing, title="Vorm")
    vastgesteld_op: Dag = Field(default_factory=_nothing, title="Vastgesteld op")
    behandelwijze: KiesBehandelwijze = Field(default_factory=_nothing, title="Behandelwijze", description="Hoe de raad het behandelt.")
    geagendeerd_op: Dag = Field(default_factory=_nothing, title="Geagendeerd op")
    stuk: Tekst = Field(default_factory=_nothing, title="Over welk stuk?", description="Zoals voortgangsnota; leeg is in het algemeen.")
    versie: KiesVersieOfNiets = Field(default_factory=_nothing, title="Versie van dat stuk")
    onderdelen: list[str] = Field(default_factory=list, title="Onderdelen van dat stuk")
    bundelt: list[int] = Field(
        default_factory=list, title="Van een deelregio: welke regels bundelt zij?", description="Regels van het journaal."
    )
    verwacht: Nummer = _last_seen()

    def given(self) -> Inbreng:
        """The inbreng as it is registered, without its text."""
        return Inbreng(
            soort=self.soort,
            namens=self.namens,
            vorm=self.vorm,
            vastgesteld_op=self.vastgesteld_op,
            behandelwijze=self.behandelwijze,
            geagendeerd_op=self.geagendeerd_op,
            stuk=self.stuk,
            versie=self.versie,
            onderdelen=tuple(self.onderdelen),
            bundelt=tuple(self.bundelt),
        )


class Adviseren(Formulier):
    """A gremium advises beside a besluit, or is asked to."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    van: Slug = Field(title="Wie adviseert?", description="Het gremium, zoals raadtafel.")
    alleen_gevraagd: bool = Field(default=False, title="Alleen gevraagd", description="Aan: het advies is gevraagd en nog niet binnen.")
    over: KiesOver = Field(default_factory=_nothing, title="Waarover?")
    tekst: Tekst = Field(
        default_factory=_nothing, title="Openbare tekst van het advies", description="Geen namen of adressen van personen."
    )
    datum: Dag = Field(default_factory=_nothing, title="Datum van het advies", description="Leeg is vandaag.")
    stuk: Tekst = Field(default_factory=_nothing, title="Over welk stuk?", description="Zoals voortgangsnota; leeg is in het algemeen.")
    versie: KiesVersieOfNiets = Field(default_factory=_nothing, title="Versie van dat stuk")
    onderdelen: list[str] = Field(default_factory=list, title="Onderdelen van dat stuk")
    verwacht: Nummer = _last_seen()

    def given(self) -> Inbreng:
        """The advice as it is registered, without its text."""
        soort = InbrengSoort.ADVIESVRAAG if self.alleen_gevraagd else InbrengSoort.ADVIES
        return Inbreng(soort=soort, over=self.over, stuk=self.stuk, versie=self.versie, onderdelen=tuple(self.onderdelen))


class Stukken(Formulier):
    """A versie of a document is registered."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    stuk: Slug = Field(title="Naam van het stuk", description="Zoals voortgangsnota of oplegger.")
    versie: KiesVersie = Field(title="Versie")
    status: KiesStatus = Field(title="Wie mag het zien?")
    openbaar_vanaf: Dag = Field(default_factory=_nothing, title="Openbaar vanaf", description="Alleen bij een stuk onder embargo.")
    titel: Tekst = Field(default_factory=_nothing, title="Titel", description="Zoals raden die lezen.")
    link: Tekst = Field(default_factory=_nothing, title="Link", description="Waar het stuk te vinden is.")
    sha256: Tekst = Field(default_factory=_nothing, title="Sha256 van het bestand")
    onderdelen: list[str] = Field(default_factory=list, title="Onderdelen")
    wijzigt: list[str] = Field(
        default_factory=list, title="Gewijzigde onderdelen", description="Onderdelen die anders zijn dan in de vorige versie."
    )
    datum: Dag = Field(default_factory=_nothing, title="Datum", description="Leeg is vandaag.")
    verwacht: Nummer = _last_seen()


class Uitstellen(Formulier):
    """Some deelnemers get more time, or are asked again."""

    dossier: Slug = Field(title="Dossier", description="Zoals voortgangsnota-2026.")
    voor: list[Slug] = Field(title="Voor wie?", description="Deelnemers, zoals almere. Leeg is iedereen.", default_factory=list)
    tot_en_met: date = Field(title="Reageren kan tot en met")
    reden: str = Field(title="Reden", description="Wordt bewaard en verteld.")
    opnieuw: bool = Field(default=False, title="Opnieuw vragen", description="Aan: zij worden opnieuw om een reactie gevraagd.")
    verwacht: Nummer = _last_seen()


class Plannen(Formulier):
    """A plan is tried, or kept."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "Probeer een plan, of leg het vast."})

    wat: Slug = Field(title="Wat wilt u plannen?", description="Een route zoals voortgangsnota, of een dossier zoals voortgangsnota-2026.")
    vaststelling: Dag = Field(default_factory=_nothing, title="Vergadering die moet vaststellen", description="Leeg is de eerste die kan.")
    vanaf: Dag = Field(default_factory=_nothing, title="Stuk klaar vanaf", description="Alleen bij een route. Leeg is vandaag.")
    weken: Nummer = Field(default_factory=_nothing, title="Reactietermijn in weken", description="Leeg is die van de route.")
    zet: Tekst = Field(
        default_factory=_nothing, title="Zet stappen op een dag", description="Zoals av-vrijgave=2027-03-19, met spaties ertussen."
    )
    na: Tekst = Field(default_factory=_nothing, title="Na dossier", description="Alleen als dit stuk op een ander volgt.")
    vastleggen: bool = Field(default=False, title="Vastleggen", description="Uit: alleen proberen. Aan: zo is het afgesproken.")
    reden: Tekst = Field(default_factory=_nothing, title="Reden", description="Nodig bij vastleggen.")


class WatAls(BaseModel):
    """One thing that could be otherwise."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "Vul een ding in. Er wordt niets vastgelegd."})

    op: Dag = Field(default_factory=_nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")
    gremium: Tekst = Field(default_factory=_nothing, title="Gremium", description="Zoals bestuur of av.")
    van: Dag = Field(default_factory=_nothing, title="Vergadering van", description="De vergadering die schuift of uitvalt.")
    naar: Dag = Field(default_factory=_nothing, title="Gaat naar", description="Leeg: zij valt uit.")
    weken: Nummer = Field(default_factory=_nothing, title="Of: reactietermijn in weken")
    route: Tekst = Field(default_factory=_nothing, title="Alleen deze route", description="Bij een andere reactietermijn.")
    reces_van: Dag = Field(default_factory=_nothing, title="Of: reces erbij van")
    reces_tot_en_met: Dag = Field(default_factory=_nothing, title="Reces erbij tot en met")
    gevoeligheid: bool = Field(default=False, title="Of: elke vergadering eens laten uitvallen")


class Ronde(BaseModel):
    """A daily round or a delivery; without a day it is today."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"description": "Voor welke dag?"})

    op: Dag = Field(default_factory=_nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")


def followed(adviezen: list[AdviesGedaan]) -> tuple[Opgevolgd, ...]:
    """What was done with advice, from a form."""
    return tuple(Opgevolgd(a.gremium, a.gevolgd, a.reden) for a in adviezen)


def said(standpunten: list[Minderheid]) -> tuple[Gezegd, ...]:
    """Minority positions from a form."""
    return tuple(Gezegd(s.van, s.regime, s.tekst, tuple(s.onderdelen), s.stuk, s.versie) for s in standpunten)
