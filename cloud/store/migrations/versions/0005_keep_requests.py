"""Keep what people submit, what becomes of it, and what has to be carried on to other systems."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    """Create the tables, and let a command say of which request it is the news."""
    create_requests()
    create_events()
    create_amendments()
    create_errands()
    name_requests_in_commands()


def create_requests() -> None:
    """Create request as cloud.store.schema had it at this revision."""
    op.create_table(
        "request",
        sa.Column(
            "id", sa.Text(), nullable=False, comment="minted where it is made: repeating it changes nothing"
        ),
        sa.Column("tracking", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="cloud.requests Kind"),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("service_version", sa.Integer(), nullable=False),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("ward", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("text_version", sa.Text(), nullable=False, comment="of the text agreed to when submitting"),
        sa.Column("recipients", sa.JSON(), nullable=False, comment="who can open what is sealed"),
        sa.Column("fields", sa.JSON(), nullable=False, comment="names, never values"),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("submitted_by", sa.Text(), nullable=True, comment="a pseudonym"),
        sa.Column("submitted_at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="number of events so far"),
        sa.Column("decided_version", sa.Integer(), nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("entered_at_ms", sa.BigInteger(), nullable=False, comment="when it came into this state"),
        sa.Column("updated_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=True, comment="what was promised; null: it is over"),
        sa.Column("wake_at_ms", sa.BigInteger(), nullable=True, comment="when the clock has something to do"),
        sa.Column("late_since_ms", sa.BigInteger(), nullable=True),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True, comment="key of a text"),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("new_dates", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("payment_order", sa.Text(), nullable=True),
        sa.Column("slots", sa.JSON(), nullable=False, comment="list of [start, end]"),
        sa.Column("slot", sa.JSON(none_as_null=True), nullable=True, comment="[start, end]"),
        sa.Column(
            "desk", sa.Text(), nullable=True, comment="who answers for it; null: nobody has been asked yet"
        ),
        sa.Column("connector", sa.Text(), nullable=True, comment="by which it was sent on; null: by none"),
        sa.Column("outside", sa.Text(), nullable=True, comment="under which the other system knows it"),
        sa.Column(
            "poll_at_ms", sa.BigInteger(), nullable=True, comment="when the other system is asked next"
        ),
        sa.Column(
            "told_version", sa.Integer(), nullable=False, comment="the newest that its station has confirmed"
        ),
        sa.Column("blobs", sa.JSON(), nullable=False, comment="list of [sha256, bytes]"),
        sa.Column(
            "contact",
            sa.LargeBinary(),
            nullable=True,
            comment="an age file for whoever sends messages; null: none, or gone",
        ),
        sa.Column(
            "sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="an age file for the recipients; null: it is gone",
        ),
        sa.CheckConstraint(
            "(due_at_ms IS NULL) = (ended_at_ms IS NOT NULL)", name=op.f("request_has_deadline_while_open_ck")
        ),
        sa.CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("request_rated_1_to_5_ck")),
        sa.CheckConstraint(
            "wake_at_ms IS NULL OR ended_at_ms IS NULL", name=op.f("request_sleeps_when_ended_ck")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("request_pk")),
    )
    op.create_index("request_desk_ix", "request", ["desk", "due_at_ms"], unique=False)
    op.create_index("request_ended_ix", "request", ["ended_at_ms"], unique=False)
    op.create_index("request_poll_ix", "request", ["poll_at_ms"], unique=False)
    op.create_index(op.f("request_tracking_ix"), "request", ["tracking"], unique=False)
    op.create_index(
        "request_unrouted_ix",
        "request",
        ["received_at_ms"],
        unique=False,
        sqlite_where=sa.text("desk IS NULL"),
        postgresql_where=sa.text("desk IS NULL"),
    )
    op.create_index("request_wake_ix", "request", ["wake_at_ms"], unique=False)


def create_events() -> None:
    """Create request_event as cloud.store.schema had it at this revision."""
    op.create_table(
        "request_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="in order of commit",
        ),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="after it"),
        sa.Column("key", sa.Text(), nullable=False, comment="idempotency key"),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column(
            "text", sa.Text(), nullable=True, comment="key of what the person is told beside the state"
        ),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("request_event_request_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("request_event_pk")),
        sa.UniqueConstraint("request", "key", name=op.f("request_event_request_key_uq")),
        sa.UniqueConstraint("request", "version", name=op.f("request_event_request_version_uq")),
        sqlite_autoincrement=True,
    )


def create_amendments() -> None:
    """Create request_amendment as cloud.store.schema had it at this revision."""
    op.create_table(
        "request_amendment",
        sa.Column("id", sa.Text(), nullable=False, comment="minted where it is made"),
        sa.Column("request", sa.Text(), nullable=False, comment="which may come later, from another station"),
        sa.Column("station", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=True, comment="which the person saw"),
        sa.Column("made_by", sa.Text(), nullable=True, comment="a pseudonym"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("slot_start_ms", sa.BigInteger(), nullable=True),
        sa.Column("made_at_ms", sa.BigInteger(), nullable=False, comment="station's clock"),
        sa.Column("received_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("applied_at_ms", sa.BigInteger(), nullable=True, comment="null: it waits for its request"),
        sa.Column("outcome", sa.Text(), nullable=True, comment="done, or cloud.requests RefusedCode"),
        sa.Column("blobs", sa.JSON(), nullable=False, comment="list of [sha256, bytes]"),
        sa.Column(
            "sealed", sa.LargeBinary(), nullable=True, comment="an age file for the recipients of the request"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("request_amendment_pk")),
    )
    op.create_index(op.f("request_amendment_request_ix"), "request_amendment", ["request"], unique=False)
    op.create_index(
        "request_amendment_waiting_ix",
        "request_amendment",
        ["received_at_ms"],
        unique=False,
        sqlite_where=sa.text("applied_at_ms IS NULL"),
        postgresql_where=sa.text("applied_at_ms IS NULL"),
    )


def create_errands() -> None:
    """Create errand as cloud.store.schema had it at this revision."""
    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="submit, amend or message"),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="of an amendment its id, of a message the version told",
        ),
        sa.Column("channel", sa.Text(), nullable=False, comment="the connector, or how messages go"),
        sa.Column("state", sa.Text(), nullable=False, comment="pending, done or dead"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at_ms", sa.BigInteger(), nullable=True, comment="null: nothing more to do"),
        sa.Column("created_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request"], ["request.id"], name=op.f("errand_request_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("errand_pk")),
        sa.UniqueConstraint(
            "request", "kind", "subject", "channel", name=op.f("errand_request_kind_subject_channel_uq")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "errand_dead_ix",
        "errand",
        ["ended_at_ms"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index("errand_due_ix", "errand", ["next_at_ms"], unique=False)


def name_requests_in_commands() -> None:
    """Add the column by which a newer change of a request replaces an older one."""
    op.add_column(
        "command",
        sa.Column(
            "request",
            sa.Text(),
            nullable=True,
            comment="of which request it is the news; a newer one replaces it",
        ),
    )
    op.create_index(op.f("command_request_ix"), "command", ["request"], unique=False)
