"""Let accounts answer for desks."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Add the column; nobody answers for a desk until an operator says so."""
    op.add_column("account", sa.Column("desks", sa.JSON(), nullable=False, server_default="[]"))
