"""Bringing a database's schema to this release's, by Alembic, without a configuration file."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config

from cloud.store.engine import open_engine, revision_of
from cloud.store.errors import SchemaError
from cloud.store.schema import REVISION

SCRIPTS: Final = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Create or upgrade the schema of `url`; nothing happens when it is current, SchemaError when it is newer.

    Everything happens in one transaction: a migration that fails leaves the schema as it was.
    """
    engine = open_engine(url)
    try:
        with engine.execution_options(writing=True).begin() as connection:
            found = revision_of(connection)
            if found is not None and found > REVISION:
                raise SchemaError(f"store: schema {found} is newer than this release knows ({REVISION})")
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
            command.upgrade(config, "head")
    finally:
        engine.dispose()
