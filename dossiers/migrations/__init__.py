"""Numbered migrations, run by Alembic on a connection that is already open. The journal is never altered in batch mode."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def configuration(connection: Connection) -> Config:
    """How Alembic finds these migrations; it runs them in the transaction of ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Brings the database to the newest schema."""
    command.upgrade(configuration(connection), "head")
