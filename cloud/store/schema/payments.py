"""Orders, what happened to their money, and the books."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from cloud.store.schema.base import METADATA, Ms, Serial

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
    Column("created_at_ms", Ms, nullable=False),
    Column("expires_at_ms", Ms, nullable=False),
    Column("version", Integer, nullable=False, comment="number of events so far"),
    Column("shown", JSON, nullable=False, comment="providers whose way to pay somebody saw"),
    Column("is_expired", Boolean, nullable=False),
    Column("is_closed", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),
    Column("settled_at_ms", Ms),
    Column("payments", JSON, nullable=False, comment="list of cloud.payments.order.Payment"),
    Column("state", Text, nullable=False, comment="follows from the others; for finding"),
    Column("due_dong", BigInteger, nullable=False, comment="follows from payments; for finding"),
    Column("is_refunding", Boolean, nullable=False, comment="a refund of it is on its way"),
    Column("next_poll_ms", Ms, comment="when a provider is asked next; null: nothing more is expected"),
    Column("updated_at_ms", Ms, nullable=False),
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
    Column("seq", Serial, primary_key=True),
    Column("order_id", Text, ForeignKey("payment_order.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at_ms", Ms, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("provider", Text, comment="of money that came or went, as the next three"),
    Column("txn", Text, comment="the provider's number; of a refund our own key"),
    Column("amount_dong", BigInteger, comment="negative: sent back"),
    Column("moved_at_ms", Ms, comment="the provider's clock"),
    UniqueConstraint("order_id", "version"),
    UniqueConstraint("provider", "txn"),
    sqlite_autoincrement=True,
)
Index("payment_event_moved_ix", PAYMENT_EVENT.c.moved_at_ms)

LEDGER_POSTING: Final = Table(
    "ledger_posting",
    METADATA,
    Column("seq", Serial, primary_key=True),
    Column("order_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("provider", Text, nullable=False),
    Column("place", Text, nullable=False, comment="cloud.payments.ledger.Place"),
    Column("amount_dong", BigInteger, nullable=False),
    Column("at_ms", Ms, nullable=False),
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
    Column("taken_at_ms", Ms, nullable=False, comment="the provider's clock"),
    Column("received_at_ms", Ms, nullable=False, comment="first heard of"),
    Column("notified_at_ms", Ms, comment="first told or answered by the provider itself"),
    Column("stated_at_ms", Ms, comment="first read in a statement"),
    Column("contradicted_dong", BigInteger, comment="another amount under the same number, told later"),
)
Index("provider_notice_taken_ix", PROVIDER_NOTICE.c.taken_at_ms)

PAYMENT_FOR: Final = Table(
    "payment_for",
    METADATA,
    Column("order_id", Text, ForeignKey("payment_order.id"), primary_key=True),
    Column("request", Text, nullable=False, index=True, comment="which it pays for"),
    Column("service", Text, nullable=False),
    Column(
        "account", Text, comment="of a bill: the customer's code; deleted with what is sealed of the request"
    ),
    Column("bill", Text, comment="null: a fee"),
    Column("receipt", Text, comment="number given by whoever bills"),
    Column("invoice", Text),
    Column("attempts", Integer, nullable=False),
    Column("next_try_ms", Ms, comment="when whoever bills is told next; null: nothing to tell (any more)"),
)
Index("payment_for_next_ix", PAYMENT_FOR.c.next_try_ms)
