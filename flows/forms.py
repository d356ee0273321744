"""The forms of the deployments, in Dutch. Prefect draws them from these models; the flows validate once more."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from flows.gezegd import Gezegd, Opgevolgd
from flows.velden import (
    Dag,
    Formulier,
    Invulling,
    KiesBehandelwijze,
    KiesBerichtsoort,
    KiesBron,
    KiesBronOfNiets,
    KiesNamens,
    KiesOver,
    KiesRegime,
    KiesSoort,
    KiesStaat,
    KiesStatus,
    KiesUitkomst,
    KiesVaststelling,
    KiesVersie,
    KiesVersieOfNiets,
    KiesVorm,
    Nummer,
    Slug,
    Tekst,
    datum_veld,
    dossier_veld,
    last_seen,
    nothing,
    onderdelen_veld,
    stuk_veld,
    uitleg,
    versie_veld,
)
from statemachines.inbreng import Inbreng, InbrengSoort
from statemachines.payloads import BesluitBron


class Openen(Formulier):
    """A kaderdocument goes in routing."""

    model_config = uitleg("Breng een kaderdocument in routing.")

    dossier: Slug = Field(title="Naam van het dossier", description="Kleine letters, cijfers en streepjes, zoals voortgangsnota-2026.")
    route: Slug = Field(title="Route", description="Zoals voortgangsnota, jaarplan-begroting of mra-agenda.")
    titel: str = Field(title="Titel", description="Zoals raden die lezen.")
    trekker: Tekst = Field(default_factory=nothing, title="Trekker", description="De rol die het stuk trekt, zoals mra-directie.")
    na: Tekst = Field(default_factory=nothing, title="Na dossier", description="Alleen als dit stuk op een ander volgt: die naam.")
    datum: Dag = datum_veld("In routing gebracht op")


class Minderheid(BaseModel):
    """A minority position."""

    model_config = uitleg("Een standpunt van een minderheid. Iedereen kan het lezen.")

    van: Slug = Field(title="Van wie?", description="Een deelnemer of deelregio, zoals zandvoort.")
    regime: KiesRegime = Field(title="Waarover?", description="Organisatorisch of inhoudelijk.")
    tekst: str = Field(title="Openbare tekst", description="Geen namen of adressen van personen.")
    stuk: Tekst = stuk_veld()
    versie: KiesVersieOfNiets = versie_veld()
    onderdelen: list[str] = onderdelen_veld()


class Vervallen(BaseModel):
    """A minority position that does not belong in a besluit."""

    model_config = uitleg("Een standpunt dat er niet hoort.")

    van: Slug = Field(title="Van wie?", description="Een deelnemer of deelregio, zoals zandvoort.")
    regime: KiesRegime = Field(title="Waarover?", description="Organisatorisch of inhoudelijk.")


class AdviesGedaan(BaseModel):
    """What was done with an advice."""

    model_config = uitleg("Wat er met een advies is gedaan.")

    gremium: Slug = Field(title="Advies van", description="Zoals raadtafel.")
    gevolgd: bool = Field(title="Gevolgd", description="Aan: het advies is gevolgd.")
    reden: Tekst = Field(default_factory=nothing, title="Reden", description="Nodig als het advies niet is gevolgd.")


class Besluiten(Formulier):
    """A gremium, or a deelnemer in a ronde, decided."""

    model_config = uitleg("Leg vast wat een gremium of college besloot.")

    dossier: Slug = dossier_veld()
    van: Slug = Field(title="Wie besloot?", description="Het gremium, zoals bestuur of av. In een ronde het orgaan, zoals college-almere.")
    uitkomst: KiesUitkomst = Field(title="Uitkomst", description="Wat er is besloten.")
    datum: Dag = datum_veld("Datum van het besluit")
    bron: KiesBron = Field(default=BesluitBron.BESLUITENLIJST, title="Waar staat het?", description="Waar het besluit te lezen is.")
    reden: Tekst = Field(default_factory=nothing, title="Reden", description="Nodig als het besluit de route verandert.")
    stap: Tekst = Field(default_factory=nothing, title="Stap", description="Alleen als het gremium vaker voorkomt.")
    afwijking: Tekst = Field(
        default_factory=nothing, title="Reden van afwijking", description="Alleen als er van de route wordt afgeweken."
    )
    toegestaan_door: Tekst = Field(default_factory=nothing, title="Afwijking toegestaan door", description="De rol, zoals voorzitter.")
    standpunten: list[Minderheid] = Field(default_factory=list, title="Minderheidsstandpunten", description="Iedereen kan ze lezen.")
    adviezen: list[AdviesGedaan] = Field(
        default_factory=list, title="Wat is er met adviezen gedaan?", description="Voor elk advies dat binnen is."
    )
    verwacht: Nummer = last_seen()


class Corrigeren(Formulier):
    """What an entry said is replaced, which moves nothing; or the last besluit is revoked."""

    model_config = uitleg("Corrigeer wat een regel zegt, stel een verslag vast, of herroep het laatste besluit.")

    dossier: Slug = dossier_veld()
    regel: int = Field(title="Regel van het journaal", description="Het nummer van de regel, zoals 7.")
    reden: str = Field(title="Reden", description="Waarom dit wordt gecorrigeerd, zoals: verslag van 5 juni.")
    vaststelling: KiesVaststelling = Field(
        default_factory=nothing, title="Verslag van het besluit", description="Vastgesteld of gewijzigd vastgesteld."
    )
    bron: KiesBronOfNiets = Field(default_factory=nothing, title="Waar staat het besluit?", description="Waar het te lezen is.")
    waarom: Tekst = Field(
        default_factory=nothing, title="Reden van het besluit zelf", description="Komt in de plaats van de reden die er staat."
    )
    tekst: Tekst = Field(default_factory=nothing, title="Openbare tekst van de inbreng", description="Geen namen of adressen van personen.")
    standpunten: list[Minderheid] = Field(default_factory=list, title="Minderheidsstandpunten", description="Iedereen kan ze lezen.")
    adviezen: list[AdviesGedaan] = Field(default_factory=list, title="Wat is er met adviezen gedaan?", description="Alleen wat anders is.")
    vervallen: list[Vervallen] = Field(
        default_factory=list, title="Standpunten die vervallen", description="Standpunten die er niet horen."
    )
    namens: KiesNamens = Field(default_factory=nothing, title="Wie sprak?", description="Bij inbreng. Geen naam van een persoon.")
    vorm: KiesVorm = Field(default_factory=nothing, title="Vorm van de inbreng", description="Hoe de inbreng is gegeven.")
    vastgesteld_op: Dag = Field(default_factory=nothing, title="Inbreng vastgesteld op", description="De dag waarop de raad besloot.")
    datum: Dag = Field(
        default_factory=nothing,
        title="Datum van de correctie",
        description="Zoals de vergadering die het verslag vaststelde. Leeg is vandaag.",
    )
    herroepen: bool = Field(
        default=False, title="Herroep het besluit", description="Alleen het laatste besluit. Laat dan de andere velden leeg."
    )
    verwacht: Nummer = last_seen()

    @property
    def replaces(self) -> bool:
        """Whether something comes in the place of what the entry says."""
        besluit = (self.vaststelling, self.bron, self.waarom, self.standpunten, self.vervallen, self.adviezen)
        fields = (*besluit, self.tekst, self.namens, self.vorm, self.vastgesteld_op, self.datum)
        return any(field not in (None, []) for field in fields)


class Inbrengen(Formulier):
    """A raad, Staten or regioraad gave inbreng."""

    model_config = uitleg("Leg vast wat een raad, Staten of regioraad meegeeft, of hoe ver die is.")

    dossier: Slug = dossier_veld()
    van: Slug = Field(title="Van wie?", description="De deelnemer, zoals almere of noord-holland.")
    soort: KiesSoort = Field(default=InbrengSoort.REACTIE, title="Wat is het?", description="Een reactie, of hoe ver de raad is.")
    datum: Dag = datum_veld("Datum van de inbreng")
    tekst: Tekst = Field(default_factory=nothing, title="Openbare tekst van de inbreng", description="Geen namen of adressen van personen.")
    namens: KiesNamens = Field(default_factory=nothing, title="Wie spreekt?", description="Geen naam van een persoon.")
    vorm: KiesVorm = Field(default_factory=nothing, title="Vorm", description="Hoe de inbreng is gegeven.")
    vastgesteld_op: Dag = Field(default_factory=nothing, title="Vastgesteld op", description="De dag waarop de raad besloot.")
    behandelwijze: KiesBehandelwijze = Field(default_factory=nothing, title="Behandelwijze", description="Hoe de raad het behandelt.")
    geagendeerd_op: Dag = Field(default_factory=nothing, title="Geagendeerd op", description="De dag van de agenda.")
    stuk: Tekst = stuk_veld()
    versie: KiesVersieOfNiets = versie_veld()
    onderdelen: list[str] = onderdelen_veld()
    bundelt: list[int] = Field(
        default_factory=list, title="Van een deelregio: welke regels bundelt zij?", description="Regels van het journaal."
    )
    vervangt: Nummer = Field(
        default_factory=nothing, title="Vervangt regel", description="Eerdere inbreng van dezelfde raad die hierdoor vervalt."
    )
    verwacht: Nummer = last_seen()

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
            vervangt=self.vervangt,
        )


class Adviseren(Formulier):
    """A gremium advises beside a besluit, or is asked to."""

    model_config = uitleg("Leg een advies vast, of dat het is gevraagd.")

    dossier: Slug = dossier_veld()
    van: Slug = Field(title="Wie adviseert?", description="Het gremium, zoals raadtafel.")
    alleen_gevraagd: bool = Field(default=False, title="Alleen gevraagd", description="Aan: het advies is gevraagd en nog niet binnen.")
    over: KiesOver = Field(default_factory=nothing, title="Waarover?", description="Proces of inhoud.")
    tekst: Tekst = Field(default_factory=nothing, title="Openbare tekst van het advies", description="Geen namen of adressen van personen.")
    datum: Dag = datum_veld("Datum van het advies")
    stuk: Tekst = stuk_veld()
    versie: KiesVersieOfNiets = versie_veld()
    onderdelen: list[str] = onderdelen_veld()
    verwacht: Nummer = last_seen()

    def given(self) -> Inbreng:
        """The advice as it is registered, without its text."""
        soort = InbrengSoort.ADVIESVRAAG if self.alleen_gevraagd else InbrengSoort.ADVIES
        return Inbreng(soort=soort, over=self.over, stuk=self.stuk, versie=self.versie, onderdelen=tuple(self.onderdelen))


class Stukken(Formulier):
    """A versie of a document is registered."""

    model_config = uitleg("Leg een versie van een stuk vast, of wat er nu voor een versie geldt.")

    dossier: Slug = dossier_veld()
    stuk: Slug = Field(title="Naam van het stuk", description="Zoals voortgangsnota of oplegger.")
    versie: KiesVersie = Field(title="Versie", description="Hoe ver het stuk is.")
    status: KiesStatus = Field(title="Wie mag het zien?", description="Intern, onder embargo of openbaar.")
    openbaar_vanaf: Dag = Field(default_factory=nothing, title="Openbaar vanaf", description="Alleen bij een stuk onder embargo.")
    titel: Tekst = Field(default_factory=nothing, title="Titel", description="Zoals raden die lezen.")
    link: Tekst = Field(default_factory=nothing, title="Link", description="Waar het stuk te vinden is.")
    sha256: Tekst = Field(
        default_factory=nothing,
        title="Sha256 van het bestand",
        description="Een kenmerk van 64 tekens; het bestand zelf wordt niet bewaard.",
    )
    onderdelen: list[str] = Field(default_factory=list, title="Onderdelen", description="Alle onderdelen van het stuk, zoals deel 1.")
    wijzigt: list[str] = Field(
        default_factory=list, title="Gewijzigde onderdelen", description="Onderdelen die anders zijn dan in de vorige versie."
    )
    datum: Dag = datum_veld("Datum")
    verwacht: Nummer = last_seen()


class Opvragen(Formulier):
    """Papers are asked for."""

    model_config = uitleg("Leg een verzoek vast om stukken die bij de directie liggen.")

    dossier: Slug = dossier_veld()
    stuk: Slug = Field(title="Naam van het stuk", description="Kleine letters, cijfers en streepjes, zoals kaarten.")
    van: Slug = Field(title="Wie vraagt het?", description="Een deelnemer of gremium, zoals almere.")
    uiterlijk: date = Field(title="Uiterlijk", description="De laatste dag om te antwoorden.")
    eigenaar: Slug = Field(default="mra-directie", title="Wie zorgt ervoor?", description="Een rol, zoals mra-directie.")
    toelichting: Tekst = Field(
        default_factory=nothing, title="Toelichting", description="Wat er precies wordt gevraagd. Geen namen van personen."
    )
    datum: Dag = datum_veld("Gevraagd op")
    verwacht: Nummer = last_seen()


class VerzoekAntwoord(Formulier):
    """What became of a request for papers."""

    model_config = uitleg("Leg vast wat er met een verzoek om stukken is gedaan.")

    dossier: Slug = dossier_veld()
    regel: int = Field(title="Regel van het verzoek", description="Het nummer van de regel, zoals 4.")
    staat: KiesStaat = Field(title="Wat is ermee gedaan?", description="Gevraagd: het loopt nog.")
    eigenaar: Tekst = Field(default_factory=nothing, title="Wie zorgt er nu voor?", description="Alleen als dat een andere rol is.")
    toelichting: Tekst = Field(default_factory=nothing, title="Toelichting", description="Nodig als het verzoek is afgewezen.")
    datum: Dag = datum_veld("Datum van het antwoord")
    verwacht: Nummer = last_seen()


class Uitstellen(Formulier):
    """Some deelnemers get more time, or are asked again."""

    model_config = uitleg("Geef deelnemers meer tijd in een ronde, of vraag hen opnieuw.")

    dossier: Slug = dossier_veld()
    voor: list[Slug] = Field(
        default_factory=list,
        title="Voor wie?",
        description="Deelnemers, zoals almere. Leeg is iedereen in de ronde die loopt; bij opnieuw vragen noemt u ze altijd.",
    )
    tot_en_met: date = Field(title="Reageren kan tot en met", description="Een werkdag; die dag telt nog mee.")
    reden: str = Field(title="Reden", description="Wordt bewaard en verteld.")
    opnieuw: bool = Field(default=False, title="Opnieuw vragen", description="Aan: zij worden opnieuw om een reactie gevraagd.")
    verwacht: Nummer = last_seen()


class Verzetten(Formulier):
    """A vergadering or sluitingsdatum is moved."""

    model_config = uitleg("Verzet de vergadering waar een dossier staat, of de sluitingsdatum van de ronde die loopt.")

    dossier: Slug = dossier_veld()
    naar: date = Field(title="Nieuwe datum", description="De vergadering, of de laatste dag om te reageren.")
    reden: str = Field(title="Reden", description="Wordt bewaard en verteld.")
    spoed: Tekst = Field(
        default_factory=nothing,
        title="Spoed toegestaan door",
        description="Alleen bij een vergadering buiten de kalender: de rol, zoals voorzitter.",
    )
    verwacht: Nummer = last_seen()


class Plannen(Formulier):
    """A plan is tried, or kept."""

    model_config = uitleg("Probeer een plan, of leg het vast.")

    wat: Slug = Field(title="Wat wilt u plannen?", description="Een route zoals voortgangsnota, of een dossier zoals voortgangsnota-2026.")
    vaststelling: Dag = Field(default_factory=nothing, title="Vergadering die moet vaststellen", description="Leeg is de eerste die kan.")
    vanaf: Dag = Field(default_factory=nothing, title="Stuk klaar vanaf", description="Alleen bij een route. Leeg is vandaag.")
    weken: Nummer = Field(default_factory=nothing, title="Reactietermijn in weken", description="Leeg is die van de route.")
    zet: Tekst = Field(
        default_factory=nothing, title="Zet stappen op een dag", description="Zoals av-vrijgave=2027-03-19, met spaties ertussen."
    )
    na: Tekst = Field(default_factory=nothing, title="Na dossier", description="Alleen als dit stuk op een ander volgt.")
    vastleggen: bool = Field(default=False, title="Vastleggen", description="Uit: alleen proberen. Aan: zo is het afgesproken.")
    reden: Tekst = Field(default_factory=nothing, title="Reden", description="Nodig bij vastleggen.")


class WatAls(Invulling):
    """One thing that could be otherwise."""

    model_config = uitleg("Vul een ding in. Er wordt niets vastgelegd.")

    op: Dag = Field(default_factory=nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")
    gremium: Tekst = Field(default_factory=nothing, title="Gremium", description="Zoals bestuur of av.")
    van: Dag = Field(default_factory=nothing, title="Vergadering van", description="De vergadering die schuift of uitvalt.")
    naar: Dag = Field(default_factory=nothing, title="Gaat naar", description="Leeg: zij valt uit.")
    weken: Nummer = Field(default_factory=nothing, title="Of: reactietermijn in weken", description="Wat als raden zo veel weken krijgen?")
    route: Tekst = Field(default_factory=nothing, title="Alleen deze route", description="Bij een andere reactietermijn.")
    reces_van: Dag = Field(default_factory=nothing, title="Of: reces erbij van", description="De eerste dag.")
    reces_tot_en_met: Dag = Field(default_factory=nothing, title="Reces erbij tot en met", description="De laatste dag.")
    gevoeligheid: bool = Field(
        default=False, title="Of: elke vergadering eens laten uitvallen", description="Laat zien waar het kwetsbaar is."
    )


class Vrijgeven(Formulier):
    """Messages are looked at, or given free."""

    model_config = uitleg("Bekijk welke berichten klaarstaan. Vul het daarna nog een keer in om ze vrij te geven.")

    dossier: Tekst = Field(default_factory=nothing, title="Dossier", description="Leeg is elk dossier.")
    soort: KiesBerichtsoort = Field(default_factory=nothing, title="Soort bericht", description="Leeg is elke soort.")
    geef_vrij: bool = Field(default=False, title="Geef vrij", description="Uit: alleen bekijken. Aan: geef vrij wat u bekeek.")

    @property
    def waarvan(self) -> str:
        """What was asked for, in words."""
        return f"{self.soort or 'alle berichten'} van {self.dossier or 'elk dossier'}"


class Ronde(Invulling):
    """A daily round or a delivery; without a day it is today."""

    model_config = uitleg("Voor welke dag?")

    op: Dag = Field(default_factory=nothing, title="Gezien vanaf", description="De dag vanaf waar u kijkt. Leeg is vandaag.")


def followed(adviezen: list[AdviesGedaan]) -> tuple[Opgevolgd, ...]:
    """What was done with advice, from a form."""
    return tuple(Opgevolgd(a.gremium, a.gevolgd, a.reden) for a in adviezen)


def said(standpunten: list[Minderheid]) -> tuple[Gezegd, ...]:
    """Minority positions from a form."""
    return tuple(Gezegd(s.van, s.regime, s.tekst, tuple(s.onderdelen), s.stuk, s.versie) for s in standpunten)
