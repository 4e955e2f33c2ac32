"""Keep what each order pays for, and what whoever bills said of it."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"


def upgrade() -> None:
    """Create the table as cloud.store.schema had it at this revision."""
    op.create_table(
        "payment_for",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False, comment="which it pays for"),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column(
            "account",
            sa.Text(),
            nullable=True,
            comment="of a bill: the customer's code; deleted with what is sealed of the request",
        ),
        sa.Column("bill", sa.Text(), nullable=True, comment="null: a fee"),
        sa.Column("receipt", sa.Text(), nullable=True, comment="number given by whoever bills"),
        sa.Column("invoice", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_try_ms",
            sa.BigInteger(),
            nullable=True,
            comment="when whoever bills is told next; null: nothing to tell (any more)",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name=op.f("payment_for_order_id_fk")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("payment_for_pk")),
    )
    op.create_index("payment_for_request_ix", "payment_for", ["request"], unique=False)
    op.create_index("payment_for_next_ix", "payment_for", ["next_try_ms"], unique=False)
