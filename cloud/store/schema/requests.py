"""What people submitted, how it goes on, and what is on its way to other systems."""

from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from cloud.store.schema.base import METADATA, Ms, Serial

REQUEST: Final = Table(
    "request",
    METADATA,
    Column("id", Text, primary_key=True, comment="minted where it is made: repeating it changes nothing"),
    Column("tracking", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False, comment="cloud.requests Kind"),
    Column("service", Text, nullable=False),
    Column("service_version", Integer, nullable=False),
    Column("station", Text, nullable=False),
    Column("ward", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("category", Text),
    Column("text_version", Text, nullable=False, comment="of the text agreed to when submitting"),
    Column("recipients", JSON, nullable=False, comment="who can open what is sealed"),
    Column("fields", JSON, nullable=False, comment="names, never values"),
    Column("is_anonymous", Boolean, nullable=False),
    Column("submitted_by", Text, index=True, comment="a pseudonym"),
    Column("proof", Text, comment="of the word on the receipt"),
    Column("submitted_at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="number of events so far"),
    Column("decided_version", Integer, nullable=False),
    Column("opened_at_ms", Ms, nullable=False),
    Column("entered_at_ms", Ms, nullable=False, comment="when it came into this state"),
    Column("updated_at_ms", Ms, nullable=False),
    Column("due_at_ms", Ms, comment="what was promised; null: it is over"),
    Column("wake_at_ms", Ms, comment="when the clock has something to do"),
    Column("late_since_ms", Ms),
    Column("ended_at_ms", Ms),
    Column("reason", Text, comment="key of a text"),
    Column("decision", Text),
    Column("duplicate_of", Text),
    Column("assignee", Text),
    Column("rating", Integer),
    Column("rounds", Integer, nullable=False),
    Column("new_dates", Integer, nullable=False),
    Column("case_number", Text),
    Column("payment_order", Text),
    Column("slots", JSON, nullable=False, comment="list of [start, end]"),
    Column("slot", JSON(none_as_null=True), comment="[start, end]"),
    Column("desk", Text, comment="who answers for it; null: nobody has been asked yet"),
    Column("connector", Text, comment="by which it was sent on; null: by none"),
    Column("outside", Text, comment="under which the other system knows it"),
    Column("poll_at_ms", Ms, comment="when the other system is asked next"),
    Column("told_version", Integer, nullable=False, comment="the newest that its station has confirmed"),
    Column("blobs", JSON, nullable=False, comment="list of [sha256, bytes]"),
    Column("contact", LargeBinary, comment="an age file for whoever sends messages; null: none, or gone"),
    Column("sealed", LargeBinary, comment="an age file for the recipients; null: it is gone"),
    CheckConstraint("(due_at_ms IS NULL) = (ended_at_ms IS NOT NULL)", name="has_deadline_while_open"),
    CheckConstraint("wake_at_ms IS NULL OR ended_at_ms IS NULL", name="sleeps_when_ended"),
    CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rated_1_to_5"),
)
Index("request_wake_ix", REQUEST.c.wake_at_ms)
Index("request_poll_ix", REQUEST.c.poll_at_ms)
Index("request_desk_ix", REQUEST.c.desk, REQUEST.c.due_at_ms)
Index("request_ended_ix", REQUEST.c.ended_at_ms)
Index(
    "request_unrouted_ix",
    REQUEST.c.received_at_ms,
    sqlite_where=REQUEST.c.desk.is_(None),
    postgresql_where=REQUEST.c.desk.is_(None),
)

REQUEST_EVENT: Final = Table(
    "request_event",
    METADATA,
    Column("seq", Serial, primary_key=True, comment="in order of commit"),
    Column("request", Text, ForeignKey("request.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", Ms, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text),
    Column("verb", Text, nullable=False),
    Column("state", Text, nullable=False, comment="after it"),
    Column("key", Text, nullable=False, comment="idempotency key"),
    Column("data", JSON, nullable=False),
    Column("text", Text, comment="key of what the person is told beside the state"),
    UniqueConstraint("request", "version"),
    UniqueConstraint("request", "key"),
    sqlite_autoincrement=True,
)

REQUEST_AMENDMENT: Final = Table(
    "request_amendment",
    METADATA,
    Column("id", Text, primary_key=True, comment="minted where it is made"),
    Column("request", Text, nullable=False, index=True, comment="which may come later, from another station"),
    Column("station", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("seen_version", Integer, comment="which the person saw"),
    Column("made_by", Text, comment="a pseudonym"),
    Column("proof", Text, comment="of the word on the receipt"),
    Column("reason", Text),
    Column("rating", Integer),
    Column("slot_start_ms", Ms),
    Column("made_at_ms", Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", Ms, nullable=False),
    Column("applied_at_ms", Ms, comment="null: it waits for its request"),
    Column("outcome", Text, comment="done, or cloud.requests RefusedCode"),
    Column("blobs", JSON, nullable=False, comment="list of [sha256, bytes]"),
    Column("sealed", LargeBinary, comment="an age file for the recipients of the request"),
)
Index(
    "request_amendment_waiting_ix",
    REQUEST_AMENDMENT.c.received_at_ms,
    sqlite_where=REQUEST_AMENDMENT.c.applied_at_ms.is_(None),
    postgresql_where=REQUEST_AMENDMENT.c.applied_at_ms.is_(None),
)

ERRAND: Final = Table(
    "errand",
    METADATA,
    Column("id", Serial, primary_key=True),
    Column("request", Text, ForeignKey("request.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="submit, amend or message"),
    Column("subject", Text, nullable=False, comment="of an amendment its id, of a message the version told"),
    Column("channel", Text, nullable=False, comment="the connector, or how messages go"),
    Column("state", Text, nullable=False, comment="pending, done or dead"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at_ms", Ms, comment="null: nothing more to do"),
    Column("created_at_ms", Ms, nullable=False),
    Column("ended_at_ms", Ms),
    Column("detail", Text, nullable=False, default=""),
    UniqueConstraint("request", "kind", "subject", "channel"),
    sqlite_autoincrement=True,
)
Index("errand_due_ix", ERRAND.c.next_at_ms)
Index(
    "errand_dead_ix",
    ERRAND.c.ended_at_ms,
    sqlite_where=ERRAND.c.state == "dead",
    postgresql_where=ERRAND.c.state == "dead",
)
