"""Keep orders of payment, what providers told of them, and a ledger that only grows."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Create the tables, and let the database itself refuse to change what the ledger has."""
    create_orders()
    create_events()
    create_postings()
    create_notices()
    refuse_changes("payment_event")
    refuse_changes("ledger_posting")


def create_orders() -> None:
    """Create payment_order as cloud.store.schema had it at this revision."""
    op.create_table(
        "payment_order",
        sa.Column(
            "id",
            sa.Text(),
            nullable=False,
            comment="minted where the order is made: repeating it changes nothing",
        ),
        sa.Column(
            "reference", sa.Text(), nullable=True, comment="null: a stray, of money that names no order"
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="number of events so far"),
        sa.Column("shown", sa.JSON(), nullable=False, comment="providers whose way to pay somebody saw"),
        sa.Column("is_expired", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("settled_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("payments", sa.JSON(), nullable=False, comment="list of cloud.payments.order.Payment"),
        sa.Column("state", sa.Text(), nullable=False, comment="follows from the others; for finding"),
        sa.Column("due_dong", sa.BigInteger(), nullable=False, comment="follows from payments; for finding"),
        sa.Column("is_refunding", sa.Boolean(), nullable=False, comment="a refund of it is on its way"),
        sa.Column(
            "next_poll_ms",
            sa.BigInteger(),
            nullable=True,
            comment="when a provider is asked next; null: nothing more is expected",
        ),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("due_dong >= 0", name=op.f("payment_order_owes_nothing_negative_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("payment_order_pk")),
        sa.UniqueConstraint("reference", name=op.f("payment_order_reference_uq")),
    )
    op.create_index(op.f("payment_order_subject_ix"), "payment_order", ["subject"], unique=False)
    op.create_index(
        "payment_order_settled_ix",
        "payment_order",
        ["subject"],
        unique=True,
        sqlite_where=sa.text("settled_at_ms IS NOT NULL"),
        postgresql_where=sa.text("settled_at_ms IS NOT NULL"),
    )
    op.create_index(
        "payment_order_due_ix",
        "payment_order",
        ["updated_at_ms"],
        unique=False,
        sqlite_where=sa.text("due_dong > 0"),
        postgresql_where=sa.text("due_dong > 0"),
    )
    op.create_index("payment_order_poll_ix", "payment_order", ["next_poll_ms"], unique=False)
    op.create_index("payment_order_expiry_ix", "payment_order", ["expires_at_ms"], unique=False)


def create_events() -> None:
    """Create payment_event as cloud.store.schema had it at this revision."""
    op.create_table(
        "payment_event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column(
            "provider", sa.Text(), nullable=True, comment="of money that came or went, as the next three"
        ),
        sa.Column("txn", sa.Text(), nullable=True, comment="the provider's number; of a refund our own key"),
        sa.Column("amount_dong", sa.BigInteger(), nullable=True, comment="negative: sent back"),
        sa.Column("moved_at_ms", sa.BigInteger(), nullable=True, comment="the provider's clock"),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name=op.f("payment_event_order_id_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("payment_event_pk")),
        sa.UniqueConstraint("order_id", "version", name=op.f("payment_event_order_id_version_uq")),
        sa.UniqueConstraint("provider", "txn", name=op.f("payment_event_provider_txn_uq")),
        sqlite_autoincrement=True,
    )
    op.create_index("payment_event_moved_ix", "payment_event", ["moved_at_ms"], unique=False)


def create_postings() -> None:
    """Create ledger_posting as cloud.store.schema had it at this revision."""
    op.create_table(
        "ledger_posting",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="cloud.payments.ledger.Place"),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id", "version"],
            ["payment_event.order_id", "payment_event.version"],
            name=op.f("ledger_posting_order_id_version_fk"),
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("ledger_posting_pk")),
        sa.UniqueConstraint(
            "order_id",
            "version",
            "provider",
            "place",
            name=op.f("ledger_posting_order_id_version_provider_place_uq"),
        ),
        sqlite_autoincrement=True,
    )


def create_notices() -> None:
    """Create provider_notice as cloud.store.schema had it at this revision."""
    op.create_table(
        "provider_notice",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("txn", sa.Text(), nullable=False, comment="the provider's number: one payment for ever"),
        sa.Column("order_id", sa.Text(), nullable=True, comment="null only within the transaction"),
        sa.Column(
            "reference", sa.Text(), nullable=True, comment="as the provider named it, if it is one of ours"
        ),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("taken_at_ms", sa.BigInteger(), nullable=False, comment="the provider's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False, comment="first heard of"),
        sa.Column(
            "notified_at_ms",
            sa.BigInteger(),
            nullable=True,
            comment="first told or answered by the provider itself",
        ),
        sa.Column("stated_at_ms", sa.BigInteger(), nullable=True, comment="first read in a statement"),
        sa.Column(
            "contradicted_dong",
            sa.BigInteger(),
            nullable=True,
            comment="another amount under the same number, told later",
        ),
        sa.ForeignKeyConstraint(["order_id"], ["payment_order.id"], name=op.f("provider_notice_order_id_fk")),
        sa.PrimaryKeyConstraint("provider", "txn", name=op.f("provider_notice_pk")),
    )
    op.create_index("provider_notice_taken_ix", "provider_notice", ["taken_at_ms"], unique=False)


def refuse_changes(table: str) -> None:
    """Let the database refuse to change or delete a row of `table`."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: rows are never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
