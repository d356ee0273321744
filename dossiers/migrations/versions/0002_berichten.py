"""Addresses keep what they were, a mail can carry several messages, a release can need two persons, and people can sign off.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("adressen", "adressen_oud")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE adressen_oud RENAME CONSTRAINT pk_adressen TO pk_adressen_oud")
    op.create_table(
        "adressen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("nr", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("adres", sa.String(length=320), nullable=True),
        sa.Column("notitie", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=60), nullable=False),
        sa.Column("vastgelegd", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "ontvanger", "nr", name="pk_adressen"),
    )
    op.execute(
        "INSERT INTO adressen (stelsel, ontvanger, nr, status, adres, notitie, door, vastgelegd) "
        "SELECT stelsel, ontvanger, 1, 'voorbeeld', adres, bron, 'systeem', '' FROM adressen_oud"
    )
    op.drop_table("adressen_oud")
    _guard_adressen()
    op.create_table(
        "afmeldingen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("soort", sa.String(length=40), nullable=False),
        sa.Column("door", sa.String(length=60), nullable=False),
        sa.Column("vastgelegd", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "ontvanger", "soort", name="pk_afmeldingen"),
    )
    with op.batch_alter_table("berichten") as berichten:
        berichten.add_column(sa.Column("akkoord_door", sa.String(length=60), nullable=True))
        berichten.add_column(sa.Column("mail", sa.String(length=64), nullable=True))
        berichten.add_column(sa.Column("adres_nr", sa.Integer(), nullable=True))
    op.create_index("ix_berichten_stelsel_ontvanger", "berichten", ["stelsel", "ontvanger"], unique=False)
    _termijnen_by_datumversie()


def _termijnen_by_datumversie() -> None:
    """Two besluiten of one gremium can both wait for their verslag."""
    op.drop_index("ix_termijnen_stelsel_vanaf", "termijnen")
    op.rename_table("termijnen", "termijnen_oud")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE termijnen_oud RENAME CONSTRAINT pk_termijnen TO pk_termijnen_oud")
    op.create_table(
        "termijnen",
        sa.Column("stelsel", sa.String(length=60), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("wat", sa.String(length=40), nullable=False),
        sa.Column("ontvanger", sa.String(length=80), nullable=False),
        sa.Column("vanaf", sa.Date(), nullable=False),
        sa.Column("tot_en_met", sa.Date(), nullable=True),
        sa.Column("datumversie", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("stelsel", "slug", "wat", "ontvanger", "datumversie", name="pk_termijnen"),
    )
    op.execute(
        "INSERT INTO termijnen (stelsel, slug, wat, ontvanger, vanaf, tot_en_met, datumversie) "
        "SELECT stelsel, slug, wat, ontvanger, vanaf, tot_en_met, datumversie FROM termijnen_oud"
    )
    # The round looks every day at a ronde that is open; 'kader herbouw' makes this row as the program does.
    op.execute(
        "INSERT INTO termijnen (stelsel, slug, wat, ontvanger, vanaf, tot_en_met, datumversie) "
        "SELECT o.stelsel, o.slug, 'ronde-loopt', '', s.sinds, NULL, o.datumversie FROM termijnen_oud o "
        "JOIN stand s ON s.stelsel = o.stelsel AND s.slug = o.slug WHERE o.wat = 'verlopen'"
    )
    op.drop_table("termijnen_oud")
    op.create_index("ix_termijnen_stelsel_vanaf", "termijnen", ["stelsel", "vanaf"], unique=False)


def _guard_adressen() -> None:
    """What was known of an address stays; only the address itself can be erased."""
    kept = ("stelsel", "ontvanger", "nr", "status", "notitie", "door", "vastgelegd")
    new, old = (f"({', '.join(f'{row}.{column}' for column in kept)})" for row in ("NEW", "OLD"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION kader_adres_blijft() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF NEW.adres IS NULL AND {new} IS NOT DISTINCT FROM {old} THEN RETURN NEW; END IF; "
            "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
        op.execute("CREATE TRIGGER adressen_wis BEFORE UPDATE ON adressen FOR EACH ROW EXECUTE FUNCTION kader_adres_blijft()")
        op.execute("CREATE TRIGGER adressen_blijft BEFORE DELETE ON adressen FOR EACH ROW EXECUTE FUNCTION kader_blijft()")
        op.execute("CREATE TRIGGER adressen_leeg BEFORE TRUNCATE ON adressen FOR EACH STATEMENT EXECUTE FUNCTION kader_blijft()")
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'adressen is append-only'); END"
    op.execute(f"CREATE TRIGGER adressen_update BEFORE UPDATE ON adressen WHEN NEW.adres IS NOT NULL OR {new} IS NOT {old} {refuse}")
    op.execute(f"CREATE TRIGGER adressen_delete BEFORE DELETE ON adressen {refuse}")
    same = " AND ".join(f"{column} = NEW.{column}" for column in ("stelsel", "ontvanger", "nr"))
    op.execute(f"CREATE TRIGGER adressen_insert BEFORE INSERT ON adressen WHEN EXISTS (SELECT 1 FROM adressen WHERE {same}) {refuse}")
