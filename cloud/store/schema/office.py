"""Who works with the platform, what they are told, and what they did."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from cloud.store.schema.base import METADATA, Ms, Serial

ACCOUNT: Final = Table(
    "account",
    METADATA,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("wards", JSON, nullable=False, default=list),
    Column("desks", JSON, nullable=False, default=list, server_default="[]"),
    Column("phone", Text),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at_ms", Ms, nullable=False),
)

WEB_SESSION: Final = Table(
    "web_session",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("login", Text, ForeignKey("account.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at_ms", Ms, nullable=False),
    Column("expires_at_ms", Ms, nullable=False),
    Column("seen_at_ms", Ms, nullable=False),
)

LOGIN_ATTEMPT: Final = Table(
    "login_attempt",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("subject", Text, nullable=False, comment="a login or an address, each throttled for itself"),
    Column("at_ms", Ms, nullable=False),
    sqlite_autoincrement=True,
)
Index("login_attempt_subject_ix", LOGIN_ATTEMPT.c.subject, LOGIN_ATTEMPT.c.at_ms)

PRESENCE: Final = Table(
    "presence",
    METADATA,
    Column("console", Text, primary_key=True),
    Column("login", Text, ForeignKey("account.login", ondelete="CASCADE"), nullable=False),
    Column("wards", JSON, nullable=False, comment="ward codes; null: all of the city"),
    Column("armed", Boolean, nullable=False),
    Column("expires_at_ms", Ms, nullable=False),
)

NOTIFICATION: Final = Table(
    "notification",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False),
    Column("level", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False, comment="pending, sent, dead or dropped (no longer needed)"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at_ms", Ms, comment="null: nothing more to do"),
    Column("created_at_ms", Ms, nullable=False),
    Column("sent_at_ms", Ms),
    Column("detail", Text, nullable=False, default=""),
    UniqueConstraint("incident", "level", "round", "channel", "target"),
    sqlite_autoincrement=True,
)
Index("notification_due_ix", NOTIFICATION.c.next_at_ms)
Index("notification_target_ix", NOTIFICATION.c.target, NOTIFICATION.c.sent_at_ms)

PUSH_SUBSCRIPTION: Final = Table(
    "push_subscription",
    METADATA,
    Column("endpoint", Text, primary_key=True),
    Column("login", Text, ForeignKey("account.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("created_at_ms", Ms, nullable=False),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", Serial, primary_key=True),
    Column("at_ms", Ms, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False, comment="canonical JSON: the bytes that were hashed"),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_autoincrement=True,
)

BEAT: Final = Table(
    "beat",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("at_ms", Ms, nullable=False),
)
