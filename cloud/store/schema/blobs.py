"""Papers and pictures that belong to requests, sealed, in the parts in which stations send them."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, LargeBinary, Table, Text

from cloud.store.schema.base import METADATA, Ms

BLOB: Final = Table(
    "blob",
    METADATA,
    Column("request", Text, primary_key=True, comment="which may come later"),
    Column("sha256", Text, primary_key=True, comment="of the whole content, an age file"),
    Column("station", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False, comment="of the whole, as its first part said"),
    Column("received_at_ms", Ms, nullable=False, comment="when its first part came"),
    Column("whole_at_ms", Ms, comment="when all of it was here and its digest was right; null: not yet"),
    Column("fault", Text, comment="cloud.store.blobs Fault; null: none"),
    CheckConstraint("whole_at_ms IS NULL OR fault IS NULL", name="is_whole_or_faulty"),
)
Index("blob_received_ix", BLOB.c.received_at_ms)
Index(
    "blob_faulty_ix",
    BLOB.c.received_at_ms,
    sqlite_where=BLOB.c.fault.is_not(None),
    postgresql_where=BLOB.c.fault.is_not(None),
)

BLOB_PART: Final = Table(
    "blob_part",
    METADATA,
    Column("request", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("at", Integer, primary_key=True, comment="offset in bytes"),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(["request", "sha256"], [BLOB.c.request, BLOB.c.sha256]),
)
