"""All tables, as SQLAlchemy Core; the same on SQLite and PostgreSQL.

Times are integer milliseconds since 1970 UTC by the cloud's clock, except where a column says it is the station's.
Ids are lower-case hex. Text of enumerations is the enumeration's own value (wire, cloud.sos).
"""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISION: Final = "0005"
"""The newest migration; the numbers are ordered as text, so an older release recognises a newer schema."""

METADATA: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ck": "%(table_name)s_%(constraint_name)s_ck",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    }
)

_Ms = BigInteger
_Serial = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows itself only when the key is declared INTEGER."""

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
    Column("seen_at_ms", _Ms),
    Column("birth_at_ms", _Ms),
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
    Column("updated_at_ms", _Ms, nullable=False),
)

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
    Column("opened_at_ms", _Ms, nullable=False),
    Column("alarm_since_ms", _Ms, nullable=False, comment="when the running escalation began"),
    Column("acknowledged_at_ms", _Ms, comment="first acknowledgement"),
    Column("last_press_at_ms", _Ms, nullable=False),
    Column("press_count", Integer, nullable=False),
    Column("next_deadline_ms", _Ms),
    Column("plan", JSON, nullable=False, comment="the escalation plan as it was when the incident opened"),
    Column("shown_stage", Text, comment="what the station confirmed that it shows"),
    Column("shown_version", Integer, nullable=False, default=0),
    Column("shown_at_ms", _Ms),
    Column("seen_at_ms", _Ms),
    Column("resolved_at_ms", _Ms),
    Column("updated_at_ms", _Ms, nullable=False),
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
    Column("at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("ago_ms", _Ms, nullable=False),
    Column("sent_at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
    Column("committed_at_ms", _Ms, nullable=False),
)

INCIDENT_EVENT: Final = Table(
    "incident_event",
    METADATA,
    Column("seq", _Serial, primary_key=True, comment="in order of commit: the id of the live feed"),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", _Ms, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_login", Text),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("idempotency_key", Text),
    UniqueConstraint("incident", "version"),
    UniqueConstraint("incident", "idempotency_key"),
    sqlite_autoincrement=True,
)

READING_BATCH: Final = Table(
    "reading_batch",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("station", Text, nullable=False),
    Column("journal", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("received_at_ms", _Ms, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

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
    Column("opened_at_ms", _Ms, nullable=False, comment="first heard of"),
    Column("consented_at_ms", _Ms, comment="station's clock"),
    Column("received_at_ms", _Ms, comment="when the consent arrived"),
    Column("withdrawn_at_ms", _Ms, comment="when the withdrawal arrived"),
    Column("outcome", Text, comment="wire SessionOutcome"),
    Column("ended_at_ms", _Ms, comment="station's clock"),
    Column(
        "keep_until_ms", _Ms, comment="of the measurements; null: they are gone, and none is taken any more"
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
    Column("at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
)

IDENTITY_CONSENT: Final = Table(
    "identity_consent",
    METADATA,
    Column("session", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("station", Text, nullable=False),
    Column("text_version", Text, nullable=False),
    Column("consented_at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
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
    Column("shared_at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
    Column("fetched_at_ms", _Ms, comment="when it was handed over; null: not yet, or never"),
    Column("keep_until_ms", _Ms, comment="of what is sealed; null: it is gone"),
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

PAYMENT_ORDER: Final = Table(
    "payment_order",
    METADATA,
    Column(
        "id", Text, primary_key=True, comment="minted where the order is made: repeating it changes nothing"
    ),
    Column("reference", Text, unique=True, comment="null: a stray, of money that names no order"),
    Column("subject", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("amount_dong", BigInteger, nullable=False),
    Column("created_at_ms", _Ms, nullable=False),
    Column("expires_at_ms", _Ms, nullable=False),
    Column("version", Integer, nullable=False, comment="number of events so far"),
    Column("shown", JSON, nullable=False, comment="providers whose way to pay somebody saw"),
    Column("is_expired", Boolean, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("settled_at_ms", _Ms),
    Column("payments", JSON, nullable=False, comment="list of cloud.payments.order.Payment"),
    Column("state", Text, nullable=False, comment="follows from the others; for finding"),
    Column("due_dong", BigInteger, nullable=False, comment="follows from payments; for finding"),
    Column("is_refunding", Boolean, nullable=False, comment="a refund of it is on its way"),
    Column("next_poll_ms", _Ms, comment="when a provider is asked next; null: nothing more is expected"),
    Column("updated_at_ms", _Ms, nullable=False),
    CheckConstraint("due_dong >= 0", name="owes_nothing_negative"),
)
Index(
    "payment_order_settled_ix",
    PAYMENT_ORDER.c.subject,
    unique=True,
    sqlite_where=PAYMENT_ORDER.c.settled_at_ms.is_not(None),
    postgresql_where=PAYMENT_ORDER.c.settled_at_ms.is_not(None),
)
Index(
    "payment_order_due_ix",
    PAYMENT_ORDER.c.updated_at_ms,
    sqlite_where=PAYMENT_ORDER.c.due_dong > 0,
    postgresql_where=PAYMENT_ORDER.c.due_dong > 0,
)
Index("payment_order_poll_ix", PAYMENT_ORDER.c.next_poll_ms)
Index("payment_order_expiry_ix", PAYMENT_ORDER.c.expires_at_ms)

PAYMENT_EVENT: Final = Table(
    "payment_event",
    METADATA,
    Column("seq", _Serial, primary_key=True),
    Column("order_id", Text, ForeignKey("payment_order.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", _Ms, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("provider", Text, comment="of money that came or went, as the next three"),
    Column("txn", Text, comment="the provider's number; of a refund our own key"),
    Column("amount_dong", BigInteger, comment="negative: sent back"),
    Column("moved_at_ms", _Ms, comment="the provider's clock"),
    UniqueConstraint("order_id", "version"),
    UniqueConstraint("provider", "txn"),
    sqlite_autoincrement=True,
)
Index("payment_event_moved_ix", PAYMENT_EVENT.c.moved_at_ms)

LEDGER_POSTING: Final = Table(
    "ledger_posting",
    METADATA,
    Column("seq", _Serial, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("provider", Text, nullable=False),
    Column("place", Text, nullable=False, comment="cloud.payments.ledger.Place"),
    Column("amount_dong", BigInteger, nullable=False),
    Column("at_ms", _Ms, nullable=False),
    ForeignKeyConstraint(["order_id", "version"], ["payment_event.order_id", "payment_event.version"]),
    UniqueConstraint("order_id", "version", "provider", "place"),
    sqlite_autoincrement=True,
)

PROVIDER_NOTICE: Final = Table(
    "provider_notice",
    METADATA,
    Column("provider", Text, primary_key=True),
    Column("txn", Text, primary_key=True, comment="the provider's number: one payment for ever"),
    Column("order_id", Text, ForeignKey("payment_order.id"), comment="null only within the transaction"),
    Column("reference", Text, comment="as the provider named it, if it is one of ours"),
    Column("amount_dong", BigInteger, nullable=False),
    Column("taken_at_ms", _Ms, nullable=False, comment="the provider's clock"),
    Column("received_at_ms", _Ms, nullable=False, comment="first heard of"),
    Column("notified_at_ms", _Ms, comment="first told or answered by the provider itself"),
    Column("stated_at_ms", _Ms, comment="first read in a statement"),
    Column("contradicted_dong", BigInteger, comment="another amount under the same number, told later"),
)
Index("provider_notice_taken_ix", PROVIDER_NOTICE.c.taken_at_ms)

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
    Column("submitted_by", Text, comment="a pseudonym"),
    Column("submitted_at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, comment="number of events so far"),
    Column("decided_version", Integer, nullable=False),
    Column("opened_at_ms", _Ms, nullable=False),
    Column("entered_at_ms", _Ms, nullable=False, comment="when it came into this state"),
    Column("updated_at_ms", _Ms, nullable=False),
    Column("due_at_ms", _Ms, comment="what was promised; null: it is over"),
    Column("wake_at_ms", _Ms, comment="when the clock has something to do"),
    Column("late_since_ms", _Ms),
    Column("ended_at_ms", _Ms),
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
    Column("poll_at_ms", _Ms, comment="when the other system is asked next"),
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
    Column("seq", _Serial, primary_key=True, comment="in order of commit"),
    Column("request", Text, ForeignKey("request.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", _Ms, nullable=False),
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
    Column("reason", Text),
    Column("rating", Integer),
    Column("slot_start_ms", _Ms),
    Column("made_at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
    Column("applied_at_ms", _Ms, comment="null: it waits for its request"),
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
    Column("id", _Serial, primary_key=True),
    Column("request", Text, ForeignKey("request.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="submit, amend or message"),
    Column("subject", Text, nullable=False, comment="of an amendment its id, of a message the version told"),
    Column("channel", Text, nullable=False, comment="the connector, or how messages go"),
    Column("state", Text, nullable=False, comment="pending, done or dead"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at_ms", _Ms, comment="null: nothing more to do"),
    Column("created_at_ms", _Ms, nullable=False),
    Column("ended_at_ms", _Ms),
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

STATION_EVENT: Final = Table(
    "station_event",
    METADATA,
    Column("station", Text, primary_key=True),
    Column("journal", Text, primary_key=True),
    Column("lane", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", _Ms, nullable=False, comment="station's clock"),
    Column("received_at_ms", _Ms, nullable=False),
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
    Column("at_ms", _Ms, nullable=False),
)

QUARANTINE: Final = Table(
    "quarantine",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("payload", LargeBinary, nullable=False, comment="capped"),
    Column("at_ms", _Ms, nullable=False),
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
    Column("issued_at_ms", _Ms, nullable=False),
    Column("expires_at_ms", _Ms, nullable=False),
    Column("next_send_at_ms", _Ms, comment="null: settled"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("outcome", Text, comment="wire Outcome, or superseded"),
    Column("outcome_at_ms", _Ms),
    Column("detail", Text, nullable=False, default=""),
)
Index("command_due_ix", COMMAND.c.next_send_at_ms)

ACCOUNT: Final = Table(
    "account",
    METADATA,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("wards", JSON, nullable=False, default=list),
    Column("phone", Text),
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
    Column("created_at_ms", _Ms, nullable=False),
)

WEB_SESSION: Final = Table(
    "web_session",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("login", Text, ForeignKey("account.login", ondelete="CASCADE"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at_ms", _Ms, nullable=False),
    Column("expires_at_ms", _Ms, nullable=False),
    Column("seen_at_ms", _Ms, nullable=False),
)

LOGIN_ATTEMPT: Final = Table(
    "login_attempt",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("subject", Text, nullable=False, comment="a login or an address, each throttled for itself"),
    Column("at_ms", _Ms, nullable=False),
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
    Column("expires_at_ms", _Ms, nullable=False),
)

NOTIFICATION: Final = Table(
    "notification",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("incident", Text, ForeignKey("incident.id"), nullable=False),
    Column("level", Integer, nullable=False),
    Column("round", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False, comment="pending, sent, dead or dropped (no longer needed)"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at_ms", _Ms, comment="null: nothing more to do"),
    Column("created_at_ms", _Ms, nullable=False),
    Column("sent_at_ms", _Ms),
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
    Column("created_at_ms", _Ms, nullable=False),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", _Serial, primary_key=True),
    Column("at_ms", _Ms, nullable=False),
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
    Column("at_ms", _Ms, nullable=False),
)
