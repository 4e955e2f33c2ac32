"""Keep cabin sessions and what was measured in them, and nothing of a person's measurements anywhere else."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Create both tables, and forget copies of vitals that came before anybody could consent."""
    create_tables()
    forget_copies()


def create_tables() -> None:
    """Create tables and indexes as cloud.store.schema had them at this revision."""
    op.create_table(
        "cabin_session",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column(
            "pseudonym",
            sa.Text(),
            nullable=True,
            comment="the person's, else the session itself; null while no consent is known",
        ),
        sa.Column(
            "scope",
            sa.Text(),
            nullable=True,
            comment="wire ConsentScope; null: nobody is known to have agreed",
        ),
        sa.Column("text_version", sa.Text(), nullable=True),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False, comment="first heard of"),
        sa.Column("consented_at_ms", sa.BigInteger(), nullable=True, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=True, comment="when the consent arrived"),
        sa.Column("withdrawn_at_ms", sa.BigInteger(), nullable=True, comment="when the withdrawal arrived"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="wire SessionOutcome"),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True, comment="station's clock"),
        sa.Column(
            "keep_until_ms",
            sa.BigInteger(),
            nullable=True,
            comment="of the measurements; null: they are gone, and none is taken any more",
        ),
        sa.PrimaryKeyConstraint("session", name=op.f("cabin_session_pk")),
    )
    op.create_index("cabin_session_due_ix", "cabin_session", ["keep_until_ms"], unique=False)
    op.create_index("cabin_session_opened_ix", "cabin_session", ["opened_at_ms"], unique=False)
    op.create_table(
        "vital",
        sa.Column("measurement", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="wire VitalKind"),
        sa.Column("quantities", sa.JSON(), nullable=False, comment="list of wire Quantity"),
        sa.Column("flags", sa.JSON(), nullable=False, comment="list of wire Flag"),
        sa.Column("sensor", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False, comment="what the device sent, as hex"),
        sa.Column("at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["cabin_session.session"], name=op.f("vital_session_fk")),
        sa.PrimaryKeyConstraint("measurement", name=op.f("vital_pk")),
    )
    op.create_index(op.f("vital_session_ix"), "vital", ["session"], unique=False)


def forget_copies() -> None:
    """Delete batches, events and bytes of lane `vitals`: on the wire of 0001 nobody could agree to their being kept."""
    op.execute("DELETE FROM reading_batch WHERE lane = 'vitals'")
    op.execute("DELETE FROM station_event WHERE lane = 'vitals'")
    nothing = sa.bindparam("nothing", b"", sa.LargeBinary())
    op.execute(sa.text("UPDATE aside SET payload = :nothing WHERE lane = 'vitals'").bindparams(nothing))
    op.execute(
        sa.text("UPDATE quarantine SET payload = :nothing WHERE topic LIKE '%/up/vitals'").bindparams(nothing)
    )
