"""Calls for help, and everything that was done about them."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from cloud.store.schema.base import METADATA, Ms, Serial

INCIDENT: Final = Table(
    "incident",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("station", Text, ForeignKey("station.station"), nullable=False),
    Column("ward", Text, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("resolution", Text),
    Column("duplicate_of", Text),
    Column("version", Integer, nullable=False, comment="number of events so far"),
    Column(
        "decided_version", Integer, nullable=False, comment="version of the last change of state or owner"
    ),
    Column("level", Integer, nullable=False),
    Column("round", Integer, nullable=False, comment="how often people were called"),
    Column("owner", Text),
    Column("opened_at_ms", Ms, nullable=False),
    Column("alarm_since_ms", Ms, nullable=False, comment="when the running escalation began"),
    Column("acknowledged_at_ms", Ms, comment="first acknowledgement"),
    Column("last_press_at_ms", Ms, nullable=False),
    Column("press_count", Integer, nullable=False),
    Column("next_deadline_ms", Ms),
    Column("plan", JSON, nullable=False, comment="the escalation plan as it was when the incident opened"),
    Column("shown_stage", Text, comment="what the station confirmed that it shows"),
    Column("shown_version", Integer, nullable=False, default=0),
    Column("shown_at_ms", Ms),
    Column("seen_at_ms", Ms),
    Column("resolved_at_ms", Ms),
    Column("updated_at_ms", Ms, nullable=False),
    CheckConstraint("(state = 'resolved') = (next_deadline_ms IS NULL)", name="has_deadline_while_open"),
)
Index(
    "incident_open_ix",
    INCIDENT.c.station,
    sqlite_where=INCIDENT.c.next_deadline_ms.is_not(None),
    postgresql_where=INCIDENT.c.next_deadline_ms.is_not(None),
)
Index("incident_deadline_ix", INCIDENT.c.next_deadline_ms)
Index("incident_opened_ix", INCIDENT.c.opened_at_ms)

PRESS: Final = Table(
    "press",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False, index=True),
    Column("button", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("at_ms", Ms, nullable=False, comment="station's clock"),
    Column("ago_ms", Ms, nullable=False),
    Column("sent_at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
    Column("committed_at_ms", Ms, nullable=False),
)

INCIDENT_EVENT: Final = Table(
    "incident_event",
    METADATA,
    Column("seq", Serial, primary_key=True, comment="in order of commit: the id of the live feed"),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", Ms, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_login", Text),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("idempotency_key", Text),
    UniqueConstraint("incident", "version"),
    UniqueConstraint("incident", "idempotency_key"),
    sqlite_autoincrement=True,
)
