"""What people agreed to at the card reader, and what they sent, sealed for a recipient and unreadable here.

That a card is read and that something is sent are two agreements, so a share needs no consent that came before: it
carries its own. One whose consent is not here was sent all the same, and its recipient waits for it, so it is kept.

What is sealed goes when it is handed over or its time is over; the record of what was sent to whom stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import BindParameter, Connection, bindparam, func, null, or_, select, update

from cloud.store.schema import IDENTITY_CONSENT as C
from cloud.store.schema import IDENTITY_SHARE as S
from cloud.store.upsert import insert_new
from wire.entries import CloneCheck, IdentityConsented, IdentityShared, IssuerCheck

AnyBody = IdentityConsented | IdentityShared


class Told(NamedTuple):
    """One entry of lane `request`: whose, when it arrived (cloud's clock), when it happened (station's clock), what."""

    station: str
    received_at_ms: int
    at_ms: int
    body: AnyBody


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Somebody agreed to their card being read; `consented_at_ms` by the station's clock."""

    session: str
    purpose: str
    station: str
    text_version: str
    consented_at_ms: int
    received_at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What waits for its recipient; `fields` are names, `shared_at_ms` is by the station's clock."""

    share: str
    session: str
    station: str
    purpose: str
    text_version: str
    recipient: str
    fields: tuple[str, ...]
    issuer: IssuerCheck
    clone_check: CloneCheck
    shared_at_ms: int
    received_at_ms: int
    sealed: bytes = field(repr=False)


class Tally(NamedTuple):
    """How much of one recipient's waits, was handed over, and was not fetched in time."""

    recipient: str
    waiting: int
    fetched: int
    lapsed: int


def record(connection: Connection, told: Sequence[Told], *, keep_ms: int) -> None:
    """Keep entries; repeating any of them changes nothing. What is sealed waits for `keep_ms` from its receipt."""
    consented = [_consent_row(each, each.body) for each in told if isinstance(each.body, IdentityConsented)]
    shared = [_share_row(each, each.body, keep_ms) for each in told if isinstance(each.body, IdentityShared)]
    # By their names, so that two workers never wait in a circle.
    if consented:
        rows = sorted(consented, key=lambda row: (str(row["session"]), str(row["purpose"])))
        connection.execute(insert_new(connection.dialect.name, C), rows)
    if shared:
        rows = sorted(shared, key=lambda row: str(row["share"]))
        connection.execute(insert_new(connection.dialect.name, S), rows)


def consents(connection: Connection, session: str) -> list[Consent]:
    """Return what was agreed to in one session, oldest first."""
    rows = connection.execute(_CONSENTS, {"the_session": session}).mappings()
    return [Consent(**row) for row in rows]


def waiting(connection: Connection, recipient: str, now_ms: int, limit: int) -> list[Share]:
    """Return up to `limit` shares that wait for a recipient, oldest first; none whose time is over."""
    rows = connection.execute(_WAITING, {"the_recipient": recipient, "now_ms": now_ms, "most": limit})
    return [msgspec.convert({name: row[name] for name in _SHARE}, Share) for row in rows.mappings()]


def mark_fetched(connection: Connection, shares: Iterable[str], now_ms: int) -> None:
    """Note that shares were handed over, and delete what was sealed; the first time of it is kept."""
    rows = [{"the_share": share, "now_ms": now_ms} for share in sorted(shares)]
    if rows:
        connection.execute(_FETCHED, rows)


def tally(connection: Connection, now_ms: int) -> list[Tally]:
    """Count the shares of every recipient there are records of, by name."""
    return [Tally(*row) for row in connection.execute(_TALLY, {"now_ms": now_ms})]


def _consent_row(told: Told, body: IdentityConsented) -> dict[str, object]:
    return {
        "session": body.session,
        "purpose": body.purpose,
        "station": told.station,
        "text_version": body.text_version,
        "consented_at_ms": told.at_ms,
        "received_at_ms": told.received_at_ms,
    }


def _share_row(told: Told, body: IdentityShared, keep_ms: int) -> dict[str, object]:
    return {
        "share": body.share,
        "session": body.session,
        "station": told.station,
        "purpose": body.purpose,
        "text_version": body.text_version,
        "recipient": body.recipient,
        "fields": body.fields,
        "issuer": body.issuer.value,
        "clone_check": body.clone_check.value,
        "shared_at_ms": told.at_ms,
        "received_at_ms": told.received_at_ms,
        "keep_until_ms": told.received_at_ms + keep_ms,
        "sealed": body.sealed,
    }


_SHARE: Final = Share.__slots__
_NOW: Final[BindParameter[int]] = bindparam("now_ms")
_CONSENTS: Final = (
    select(C).where(C.c.session == bindparam("the_session")).order_by(C.c.received_at_ms, C.c.purpose)
)
_WAITS: Final = S.c.keep_until_ms > _NOW
_WAITING: Final = (
    select(*(S.c[name] for name in _SHARE))
    .where(S.c.recipient == bindparam("the_recipient"), _WAITS)
    .order_by(S.c.received_at_ms, S.c.share)
    .limit(bindparam("most"))
)
_FETCHED: Final = (
    update(S)
    .where(S.c.share == bindparam("the_share"))
    .values(fetched_at_ms=func.coalesce(S.c.fetched_at_ms, _NOW), sealed=null(), keep_until_ms=null())
)
_IS_FETCHED: Final = S.c.fetched_at_ms.is_not(None)
_TALLY: Final = (
    select(
        S.c.recipient,
        func.count().filter(_WAITS),
        func.count().filter(_IS_FETCHED),
        func.count().filter(~_IS_FETCHED & or_(S.c.keep_until_ms.is_(None), S.c.keep_until_ms <= _NOW)),
    )
    .group_by(S.c.recipient)
    .order_by(S.c.recipient)
)
