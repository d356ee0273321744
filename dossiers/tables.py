"""The tables. Every key begins with ``stelsel``; journal rows hold slugs, codes, dates and digests only.

Days are kept as DATE (calendar day in Amsterdam), moments as ISO text in UTC, payloads as canonical JSON text.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

SCHEMA = "0002"
"""The migration at which this program works."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

journaal = Table(
    "journaal",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("slug", String(60), primary_key=True),
    Column("nr", Integer, primary_key=True, autoincrement=False),
    Column("v", Integer, nullable=False),
    Column("soort", String(20), nullable=False),
    Column("datum", Date, nullable=False),
    Column("vastgelegd", String(40), nullable=False),
    Column("door", String(60), nullable=False),
    Column("via", String(20), nullable=False),
    Column("opdracht", String(36), nullable=False),
    Column("stap", String(60), nullable=False),
    Column("bezoek", Integer, nullable=False),
    Column("orgaan", String(80), nullable=False),
    Column("payload", Text, nullable=False),
    Column("vorige", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("stelsel", "opdracht"),
)

teksten = Table(
    "teksten",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("slug", String(60), nullable=False),
    Column("zout", String(32), nullable=False),
    Column("tekst", Text, nullable=False),
)

personen = Table(
    "personen",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("slug", String(60), nullable=False),
    Column("zout", String(32), nullable=False),
    Column("naam", Text, nullable=False),
)

stelselversies = Table(
    "stelselversies",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("nr", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("vanaf", Date, nullable=False),
    Column("door", String(60), nullable=False),
    Column("reden", Text, nullable=False),
    Column("vastgelegd", String(40), nullable=False),
    Column("feiten", Text, nullable=False),
    Index(None, "stelsel", "digest"),
)

adressen = Table(
    "adressen",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("ontvanger", String(80), primary_key=True),
    Column("nr", Integer, primary_key=True, autoincrement=False),
    Column("status", String(20), nullable=False),
    Column("adres", String(320)),
    Column("notitie", Text, nullable=False),
    Column("door", String(60), nullable=False),
    Column("vastgelegd", String(40), nullable=False),
)

afmeldingen = Table(
    "afmeldingen",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("ontvanger", String(80), primary_key=True),
    Column("soort", String(40), primary_key=True),
    Column("door", String(60), nullable=False),
    Column("vastgelegd", String(40), nullable=False),
)

stand = Table(
    "stand",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("slug", String(60), primary_key=True),
    Column("nr", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("route", String(60), nullable=False),
    Column("route_naam", String(200), nullable=False),
    Column("titel", String(32), nullable=False),
    Column("fase", String(60), nullable=False),
    Column("fase_naam", String(200), nullable=False),
    Column("bezoek", Integer, nullable=False),
    Column("wie", String(200), nullable=False),
    Column("sinds", Date, nullable=False),
    Column("geeindigd", Boolean, nullable=False),
    Column("moment", Date),
    Column("moment_wat", String(200), nullable=False),
    Column("waarom", Text, nullable=False),
    Column("gevraagd", Integer, nullable=False),
    Column("gegeven", Integer, nullable=False),
    Index(None, "stelsel", "geeindigd"),
)

termijnen = Table(
    "termijnen",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("slug", String(60), primary_key=True),
    Column("wat", String(40), primary_key=True),
    Column("ontvanger", String(80), primary_key=True),
    Column("vanaf", Date, nullable=False),
    Column("tot_en_met", Date),
    Column("datumversie", Integer, primary_key=True, autoincrement=False),
    Index(None, "stelsel", "vanaf"),
)

berichten = Table(
    "berichten",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("slug", String(60), primary_key=True),
    Column("soort", String(40), primary_key=True),
    Column("ontvanger", String(80), primary_key=True),
    Column("datumversie", Integer, primary_key=True, autoincrement=False),
    Column("onderwerp", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("context", Text, nullable=False),
    Column("sjablonen", String(64), nullable=False),
    Column("aangemaakt", String(40), nullable=False),
    Column("vrijgegeven", String(40)),
    Column("vrijgegeven_door", String(60)),
    Column("eigenaar", String(60)),
    Column("lease_tot", String(40)),
    Column("pogingen", Integer, nullable=False),
    Column("niet_voor", String(40)),
    Column("afgehandeld", String(40)),
    Column("melding", Text),
    Column("akkoord_door", String(60)),
    Column("mail", String(64)),
    Column("adres_nr", Integer),
    Index(None, "stelsel", "status"),
    Index(None, "stelsel", "ontvanger"),
)

sjablonen = Table(
    "sjablonen",
    metadata,
    Column("stelsel", String(60), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("bronnen", Text, nullable=False),
)
