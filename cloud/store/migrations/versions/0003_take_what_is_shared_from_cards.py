"""Take what people agree to and send from the chip of their card, and keep no copy that an older release set aside."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    """Create both tables, and forget the bytes of entries that a newer station sent before this release came."""
    create_tables()
    forget_copies()


def create_tables() -> None:
    """Create tables and indexes as cloud.store.schema had them at this revision."""
    op.create_table(
        "identity_consent",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("consented_at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session", "purpose", name=op.f("identity_consent_pk")),
    )
    op.create_index("identity_consent_received_ix", "identity_consent", ["received_at_ms"], unique=False)
    op.create_table(
        "identity_share",
        sa.Column("share", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False, comment="of the text agreed to when sending"),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="names, never values"),
        sa.Column("issuer", sa.Text(), nullable=False, comment="wire IssuerCheck"),
        sa.Column("clone_check", sa.Text(), nullable=False, comment="wire CloneCheck"),
        sa.Column("shared_at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column(
            "fetched_at_ms",
            sa.BigInteger(),
            nullable=True,
            comment="when it was handed over; null: not yet, or never",
        ),
        sa.Column(
            "keep_until_ms", sa.BigInteger(), nullable=True, comment="of what is sealed; null: it is gone"
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="an age file for the recipient; null: handed over, or not fetched in time",
        ),
        sa.CheckConstraint(
            "(sealed IS NULL) = (keep_until_ms IS NULL)",
            name=op.f("identity_share_has_an_end_while_sealed_ck"),
        ),
        sa.PrimaryKeyConstraint("share", name=op.f("identity_share_pk")),
    )
    op.create_index(
        "identity_share_waiting_ix", "identity_share", ["recipient", "keep_until_ms"], unique=False
    )
    op.create_index("identity_share_due_ix", "identity_share", ["keep_until_ms"], unique=False)
    op.create_index("identity_share_received_ix", "identity_share", ["received_at_ms"], unique=False)


def forget_copies() -> None:
    """Empty what was set aside of lane `request`: the station, which was told so, still has it."""
    nothing = sa.bindparam("nothing", b"", sa.LargeBinary())
    op.execute(sa.text("UPDATE aside SET payload = :nothing WHERE lane = 'request'").bindparams(nothing))
    op.execute(
        sa.text("UPDATE quarantine SET payload = :nothing WHERE topic LIKE '%/up/request'").bindparams(
            nothing
        )
    )
