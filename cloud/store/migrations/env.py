"""Alembic's entry: runs the migrations on the connection that cloud.store.migration hands over."""

from alembic import context

from cloud.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
