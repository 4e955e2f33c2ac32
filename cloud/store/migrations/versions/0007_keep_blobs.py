"""Keep the papers and pictures of requests, and no part of one that an older release noted among a station's events."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"


def upgrade() -> None:
    """Create both tables as cloud.store.schema had them at this revision."""
    op.create_table(
        "blob",
        sa.Column("request", sa.Text(), nullable=False, comment="which may come later"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="of the whole content, an age file"),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False, comment="of the whole, as its first part said"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False, comment="when its first part came"),
        sa.Column(
            "whole_at_ms",
            sa.BigInteger(),
            nullable=True,
            comment="when all of it was here and its digest was right; null: not yet",
        ),
        sa.Column("fault", sa.Text(), nullable=True, comment="cloud.store.blobs Fault; null: none"),
        sa.CheckConstraint("whole_at_ms IS NULL OR fault IS NULL", name=op.f("blob_is_whole_or_faulty_ck")),
        sa.PrimaryKeyConstraint("request", "sha256", name=op.f("blob_pk")),
    )
    op.create_index("blob_received_ix", "blob", ["received_at_ms"], unique=False)
    faulty = sa.text("fault IS NOT NULL")
    op.create_index(
        "blob_faulty_ix",
        "blob",
        ["received_at_ms"],
        unique=False,
        sqlite_where=faulty,
        postgresql_where=faulty,
    )
    op.create_table(
        "blob_part",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False, comment="offset in bytes"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("request", "sha256", "at", name=op.f("blob_part_pk")),
        sa.ForeignKeyConstraint(
            ["request", "sha256"],
            ["blob.request", "blob.sha256"],
            name=op.f("blob_part_request_sha256_fk"),
        ),
    )
    op.execute("DELETE FROM station_event WHERE kind = 'blob-part'")
