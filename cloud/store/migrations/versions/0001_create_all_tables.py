"""Create all tables, and keep what is written for ever from being changed."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Create everything."""
    create_tables()
    protect("audit")
    protect("incident_event")


def create_tables() -> None:
    """Create tables and indexes as cloud.store.schema had them at this revision."""
    op.create_table(
        "account",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("wards", sa.JSON(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("account_pk")),
    )
    op.create_table(
        "aside",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station", "journal", "lane", "seq", name=op.f("aside_pk")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False, comment="canonical JSON: the bytes that were hashed"),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("audit_pk")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("beat_pk")),
    )
    op.create_table(
        "inbox",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("ranges", sa.Text(), nullable=False, comment="str() of a wire.ranges.SequenceSet"),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("station", "journal", "lane", name=op.f("inbox_pk")),
    )
    op.create_table(
        "login_attempt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="a login or an address, each throttled for itself"
        ),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("login_attempt_pk")),
        sqlite_autoincrement=True,
    )
    op.create_index("login_attempt_subject_ix", "login_attempt", ["subject", "at_ms"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="capped"),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("quarantine_pk")),
        sa.UniqueConstraint("digest", name=op.f("quarantine_digest_uq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reading_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("reading_batch_pk")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "station",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "ward",
            sa.Text(),
            nullable=False,
            comment="ward code; empty: not configured, the city desk answers",
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("block", sa.Text(), nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False, comment="online, offline or unknown"),
        sa.Column("journal", sa.Text(), nullable=True),
        sa.Column("boot", sa.Text(), nullable=True),
        sa.Column("release", sa.Text(), nullable=True),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("birth_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("lanes", sa.JSON(), nullable=False),
        sa.Column("health", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("station", name=op.f("station_pk")),
    )
    op.create_table(
        "station_event",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("station", "journal", "lane", "seq", name=op.f("station_event_pk")),
    )
    op.create_index("station_event_received_ix", "station_event", ["station", "received_at_ms"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("ward", sa.Text(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="number of events so far"),
        sa.Column(
            "decided_version",
            sa.Integer(),
            nullable=False,
            comment="version of the last change of state or owner",
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False, comment="how often people were called"),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.Column(
            "alarm_since_ms", sa.BigInteger(), nullable=False, comment="when the running escalation began"
        ),
        sa.Column("acknowledged_at_ms", sa.BigInteger(), nullable=True, comment="first acknowledgement"),
        sa.Column("last_press_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("press_count", sa.Integer(), nullable=False),
        sa.Column("next_deadline_ms", sa.BigInteger(), nullable=True),
        sa.Column(
            "plan",
            sa.JSON(),
            nullable=False,
            comment="the escalation plan as it was when the incident opened",
        ),
        sa.Column(
            "shown_stage", sa.Text(), nullable=True, comment="what the station confirmed that it shows"
        ),
        sa.Column("shown_version", sa.Integer(), nullable=False),
        sa.Column("shown_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(state = 'resolved') = (next_deadline_ms IS NULL)",
            name=op.f("incident_has_deadline_while_open_ck"),
        ),
        sa.ForeignKeyConstraint(["station"], ["station.station"], name=op.f("incident_station_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("incident_pk")),
    )
    op.create_index("incident_deadline_ix", "incident", ["next_deadline_ms"], unique=False)
    op.create_index(
        "incident_open_ix",
        "incident",
        ["station"],
        unique=False,
        sqlite_where=sa.text("next_deadline_ms IS NOT NULL"),
        postgresql_where=sa.text("next_deadline_ms IS NOT NULL"),
    )
    op.create_index("incident_opened_ix", "incident", ["opened_at_ms"], unique=False)
    op.create_table(
        "presence",
        sa.Column("console", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("wards", sa.JSON(), nullable=False, comment="ward codes; null: all of the city"),
        sa.Column("armed", sa.Boolean(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("presence_login_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("console", name=op.f("presence_pk")),
    )
    op.create_table(
        "push_subscription",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("push_subscription_login_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("endpoint", name=op.f("push_subscription_pk")),
    )
    op.create_index(op.f("push_subscription_login_ix"), "push_subscription", ["login"], unique=False)
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("seen_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["login"], ["account.login"], name=op.f("web_session_login_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("web_session_pk")),
    )
    op.create_index(op.f("web_session_login_ix"), "web_session", ["login"], unique=False)
    op.create_table(
        "command",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("incident", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the incident, for ShowSos"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="JSON of wire.messages.Command.body"),
        sa.Column("issued_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("next_send_at_ms", sa.BigInteger(), nullable=True, comment="null: settled"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True, comment="wire Outcome, or superseded"),
        sa.Column("outcome_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("command_incident_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("command_pk")),
    )
    op.create_index("command_due_ix", "command", ["next_send_at_ms"], unique=False)
    op.create_index(op.f("command_incident_ix"), "command", ["incident"], unique=False)
    op.create_table(
        "incident_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="in order of commit: the id of the live feed",
        ),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_login", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("incident_event_incident_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("incident_event_pk")),
        sa.UniqueConstraint(
            "incident", "idempotency_key", name=op.f("incident_event_incident_idempotency_key_uq")
        ),
        sa.UniqueConstraint("incident", "version", name=op.f("incident_event_incident_version_uq")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="pending, sent, dead or dropped (no longer needed)"
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at_ms", sa.BigInteger(), nullable=True, comment="null: nothing more to do"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("notification_incident_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("notification_pk")),
        sa.UniqueConstraint(
            "incident",
            "level",
            "round",
            "channel",
            "target",
            name=op.f("notification_incident_level_round_channel_target_uq"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("notification_due_ix", "notification", ["next_at_ms"], unique=False)
    op.create_index("notification_target_ix", "notification", ["target", "sent_at_ms"], unique=False)
    op.create_table(
        "press",
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("journal", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Text(), nullable=False),
        sa.Column("button", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("ago_ms", sa.BigInteger(), nullable=False),
        sa.Column("sent_at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("committed_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("press_incident_fk")),
        sa.PrimaryKeyConstraint("station", "journal", "seq", name=op.f("press_pk")),
    )
    op.create_index(op.f("press_incident_ix"), "press", ["incident"], unique=False)


def protect(table: str) -> None:
    """Let rows of `table` be added and read, never changed or deleted."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: rows are never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )
