"""Keep what proves that somebody holds a receipt: a tracking code can be guessed."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"


def upgrade() -> None:
    """Add the columns as cloud.store.schema had them at this revision."""
    for table in ("request", "request_amendment"):
        op.add_column(
            table, sa.Column("proof", sa.Text(), nullable=True, comment="of the word on the receipt")
        )
