"""The first schema: journal, texts, facts, projection and outbox; what is written once cannot be changed.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = {"journaal": "stelsel slug nr", "stelselversies": "stelsel nr"}
"""Tables whose rows never change, with their key."""


def upgrade() -> None:
    op.create_table(
        "adressen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("adres", sa.String(length=320), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("bron", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "ontvanger", name="pk_adressen"),
    )
    op.create_table(
        "berichten",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("soort", sa.String(length=40), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("datumversie", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("onderwerp", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("sjablonen", sa.String(length=64), nullable=False),
        sa.Column("aangemaakt", sa.String(length=40), nullable=False),
        sa.Column("vrijgegeven", sa.String(length=40), nullable=True),
        sa.Column("vrijgegeven_door", sa.String(length=60), nullable=True),
        sa.Column("eigenaar", sa.String(length=60), nullable=True),
        sa.Column("lease_tot", sa.String(length=40), nullable=True),
        sa.Column("pogingen", sa.Integer(), nullable=False),
        sa.Column("niet_voor", sa.String(length=40), nullable=True),
        sa.Column("afgehandeld", sa.String(length=40), nullable=True),
        sa.Column("melding", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("stelsel", "slug", "soort", "ontvanger", "datumversie", name="pk_berichten"),
    )
    op.create_index("ix_berichten_stelsel_status", "berichten", ["stelsel", "status"], unique=False)
    op.create_table(
        "journaal",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("soort", sa.String(length=20), nullable=False),
        sa.Column("datum", sa.Date(), nullable=False),
        sa.Column("vastgelegd", sa.String(length=40), nullable=False),
        sa.Column("door", sa.String(length=60), nullable=False),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("opdracht", sa.String(length=36), nullable=False),
        sa.Column("stap", sa.String(length=60), nullable=False),
        sa.Column("bezoek", sa.Integer(), nullable=False),
        sa.Column("orgaan", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("vorige", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "slug", "nr", name="pk_journaal"),
        sa.UniqueConstraint("stelsel", "opdracht", name="uq_journaal_stelsel_opdracht"),
    )
    op.create_table(
        "personen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("zout", sa.String(length=32), nullable=False),
        sa.Column("naam", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "id", name="pk_personen"),
    )
    op.create_table(
        "sjablonen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("bronnen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "digest", name="pk_sjablonen"),
    )
    op.create_table(
        "stand",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("nr", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=60), nullable=False),
        sa.Column("route_naam", sa.String(length=200), nullable=False),
        sa.Column("titel", sa.String(length=32), nullable=False),
        sa.Column("fase", sa.String(length=60), nullable=False),
        sa.Column("fase_naam", sa.String(length=200), nullable=False),
        sa.Column("bezoek", sa.Integer(), nullable=False),
        sa.Column("wie", sa.String(length=200), nullable=False),
        sa.Column("sinds", sa.Date(), nullable=False),
        sa.Column("geeindigd", sa.Boolean(), nullable=False),
        sa.Column("moment", sa.Date(), nullable=True),
        sa.Column("moment_wat", sa.String(length=200), nullable=False),
        sa.Column("waarom", sa.Text(), nullable=False),
        sa.Column("gevraagd", sa.Integer(), nullable=False),
        sa.Column("gegeven", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "slug", name="pk_stand"),
    )
    op.create_index("ix_stand_stelsel_geeindigd", "stand", ["stelsel", "geeindigd"], unique=False)
    op.create_table(
        "stelselversies",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("door", sa.String(length=60), nullable=False),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("vastgelegd", sa.String(length=40), nullable=False),
        sa.Column("feiten", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "nr", name="pk_stelselversies"),
    )
    op.create_index("ix_stelselversies_stelsel_digest", "stelselversies", ["stelsel", "digest"], unique=False)
    op.create_table(
        "teksten",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("zout", sa.String(length=32), nullable=False),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "id", name="pk_teksten"),
    )
    op.create_table(
        "termijnen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("wat", sa.String(length=40), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("tot_en_met", sa.Date(), nullable=True),
        sa.Column("datumversie", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "slug", "wat", "ontvanger", name="pk_termijnen"),
    )
    op.create_index("ix_termijnen_stelsel_vanaf", "termijnen", ["stelsel", "vanaf"], unique=False)
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for table, key in APPEND_ONLY.items():
        guard(table, key.split())
    _guard_texts()


def _guard_texts() -> None:
    """A text or name can be erased, never rewritten."""
    for table in ("teksten", "personen"):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"CREATE TRIGGER {table}_blijft BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION kader_blijft()")
        else:
            op.execute(f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def _guard_sqlite(table: str, key: list[str]) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for verb in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} {refuse}")
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    op.execute(f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}")


def _guard_postgresql(table: str, key: list[str]) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION kader_blijft() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute(f"CREATE TRIGGER {table}_blijft BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION kader_blijft()")
    op.execute(f"CREATE TRIGGER {table}_leeg BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kader_blijft()")
