"""What stations are and say, and what of it could not be used."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from cloud.store.schema.base import METADATA, Ms, Serial

STATION: Final = Table(
    "station",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("ward", Text, nullable=False, comment="ward code; empty: not configured, the city desk answers"),
    Column("address", Text, nullable=False, default=""),
    Column("block", Text, nullable=False, default=""),
    Column("floor", Text, nullable=False, default=""),
    Column("lat", Float),
    Column("lon", Float),
    Column("state", Text, nullable=False, default="unknown", comment="online, offline or unknown"),
    Column("journal", Text),
    Column("boot", Text),
    Column("release", Text),
    Column("seen_at_ms", Ms),
    Column("birth_at_ms", Ms),
    Column("devices", JSON, nullable=False, default=list),
    Column("lanes", JSON, nullable=False, default=list),
    Column("health", JSON, nullable=False, default=dict),
)

INBOX: Final = Table(
    "inbox",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("ranges", Text, nullable=False, comment="str() of a wire.ranges.SequenceSet"),
    Column("updated_at_ms", Ms, nullable=False),
)

STATION_EVENT: Final = Table(
    "station_event",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", JSON, nullable=False),
)
Index("station_event_received_ix", STATION_EVENT.c.station, STATION_EVENT.c.received_at_ms)

ASIDE: Final = Table(
    "aside",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("reason", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("at_ms", Ms, nullable=False),
)

QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False, comment="capped"),
    Column("at_ms", Ms, nullable=False),
    sqlite_autoincrement=True,
)

COMMAND: Final = Table(
    "command",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("station", Text, nullable=False),
    Column("incident", Text, ForeignKey("incident.id"), index=True),
    Column("request", Text, index=True, comment="of which request it is the news; a newer one replaces it"),
    Column("version", Integer, nullable=False, default=0, comment="of the incident, for ShowSos"),
    Column("body", LargeBinary, nullable=False, comment="JSON of wire.messages.Command.body"),
    Column("issued_at_ms", Ms, nullable=False),
    Column("expires_at_ms", Ms, nullable=False),
    Column("next_send_at_ms", Ms, comment="null: settled"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("outcome", Text, comment="wire Outcome, or superseded"),
    Column("outcome_at_ms", Ms),
    Column("detail", Text, nullable=False, default=""),
)
Index("command_due_ix", COMMAND.c.next_send_at_ms)

READING_BATCH: Final = Table(
    "reading_batch",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("station", Text, nullable=False),
    Column("journal", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("received_at_ms", Ms, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
