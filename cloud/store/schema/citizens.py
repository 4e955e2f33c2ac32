"""What people let the platform keep, under pseudonyms or sealed."""

from typing import Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
)

from cloud.store.schema.base import METADATA, Ms

CABIN_SESSION: Final = Table(
    "cabin_session",
    METADATA,
    Column("session", Text, primary_key=True),
    Column("station", Text, nullable=False),
    Column(
        "pseudonym", Text, comment="the person's, else the session itself; null while no consent is known"
    ),
    Column("scope", Text, comment="wire ConsentScope; null: nobody is known to have agreed"),
    Column("text_version", Text),
    Column("opened_at_ms", Ms, nullable=False, comment="first heard of"),
    Column("consented_at_ms", Ms, comment="station's clock"),
    Column("received_at_ms", Ms, comment="when the consent arrived"),
    Column("withdrawn_at_ms", Ms, comment="when the withdrawal arrived"),
    Column("outcome", Text, comment="wire SessionOutcome"),
    Column("ended_at_ms", Ms, comment="station's clock"),
    Column(
        "keep_until_ms", Ms, comment="of the measurements; null: they are gone, and none is taken any more"
    ),
)
Index("cabin_session_due_ix", CABIN_SESSION.c.keep_until_ms)
Index("cabin_session_opened_ix", CABIN_SESSION.c.opened_at_ms)

VITAL: Final = Table(
    "vital",
    METADATA,
    Column("measurement", Text, primary_key=True),
    Column("session", Text, ForeignKey("cabin_session.session"), nullable=False, index=True),
    Column("station", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="wire VitalKind"),
    Column("quantities", JSON, nullable=False, comment="list of wire Quantity"),
    Column("flags", JSON, nullable=False, comment="list of wire Flag"),
    Column("sensor", Text, nullable=False),
    Column("raw", Text, nullable=False, comment="what the device sent, as hex"),
    Column("at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
)

IDENTITY_CONSENT: Final = Table(
    "identity_consent",
    METADATA,
    Column("session", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("station", Text, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("consented_at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
)
Index("identity_consent_received_ix", IDENTITY_CONSENT.c.received_at_ms)

IDENTITY_SHARE: Final = Table(
    "identity_share",
    METADATA,
    Column("share", Text, primary_key=True),
    Column("session", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("text_version", Text, nullable=False, comment="of the text agreed to when sending"),
    Column("recipient", Text, nullable=False),
    Column("fields", JSON, nullable=False, comment="names, never values"),
    Column("issuer", Text, nullable=False, comment="wire IssuerCheck"),
    Column("clone_check", Text, nullable=False, comment="wire CloneCheck"),
    Column("shared_at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
    Column("fetched_at_ms", Ms, comment="when it was handed over; null: not yet, or never"),
    Column("keep_until_ms", Ms, comment="of what is sealed; null: it is gone"),
    Column(
        "sealed",
        LargeBinary,
        comment="an age file for the recipient; null: handed over, or not fetched in time",
    ),
    CheckConstraint("(sealed IS NULL) = (keep_until_ms IS NULL)", name="has_an_end_while_sealed"),
)
Index("identity_share_waiting_ix", IDENTITY_SHARE.c.recipient, IDENTITY_SHARE.c.keep_until_ms)
Index("identity_share_due_ix", IDENTITY_SHARE.c.keep_until_ms)
Index("identity_share_received_ix", IDENTITY_SHARE.c.received_at_ms)
