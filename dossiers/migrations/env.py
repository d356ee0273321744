"""Run by Alembic."""

from alembic import context

from dossiers.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
