"""Find the requests of a person without reading all of them: somebody waits at a screen."""

from typing import Final

from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    """Create the index as cloud.store.schema had it at this revision."""
    op.create_index(op.f("request_submitted_by_ix"), "request", ["submitted_by"], unique=False)
