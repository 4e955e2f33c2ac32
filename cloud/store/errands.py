"""What has to be carried on: submissions, amendments and paid fees to other systems, messages to people who left a contact.

An outbox like the others: claimed for a while, done, and settled. What was given up stays, in state dead, as a dead letter
that the desk sees and may send again. What came later is claimed when its submission and whatever came before it are done,
also when one of them is dead: nothing overtakes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, bindparam, exists, func, or_, select, update

from cloud.store.schema import ERRAND as T
from cloud.store.schema import REQUEST as R
from cloud.store.upsert import insert_new

MESSAGES: Final = "sms"
"""The channel of messages to people."""

SUPERSEDED: Final = "superseded"
MAX_DETAIL_LENGTH: Final = 200


class ErrandKind(StrEnum):
    """What is carried."""

    SUBMIT = "submit"
    AMEND = "amend"
    PAID = "paid"
    """The fee that it wanted has been paid."""
    MESSAGE = "message"


class ErrandState(StrEnum):
    """How far it came."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One errand; `subject` is an amendment's id, of a fee its order, of a message the version told; `attempts` so far."""

    id: int
    request: str
    kind: ErrandKind
    subject: str
    channel: str
    attempts: int
    created_at_ms: int
    ended_at_ms: int | None = None
    detail: str = ""


def submit(connection: Connection, sent: Sequence[tuple[str, str]], now_ms: int) -> None:
    """Have requests (id, connector) submitted; repeating it changes nothing."""
    _add(connection, [(request, ErrandKind.SUBMIT, "", channel) for request, channel in sent], now_ms)


def amend(connection: Connection, sent: Sequence[tuple[str, str, str]], now_ms: int) -> None:
    """Have amendments (request, amendment, connector) sent after them; repeating it changes nothing."""
    _add(connection, [(request, ErrandKind.AMEND, subject, to) for request, subject, to in sent], now_ms)


def pay(connection: Connection, paid: Sequence[tuple[str, str, str]], now_ms: int) -> None:
    """Have connectors told that fees (request, order, connector) were paid; repeating it changes nothing."""
    _add(connection, [(request, ErrandKind.PAID, subject, to) for request, subject, to in paid], now_ms)


def message(connection: Connection, told: Sequence[tuple[str, int]], now_ms: int) -> None:
    """Send a message about requests (id, version) whose owner left a contact, in place of what was not sent yet."""
    ids = [request for request, _ in told]
    if not ids:
        return
    reachable = set(connection.execute(_REACHABLE, {"ids": ids}).scalars())
    if reachable:
        connection.execute(_REPLACE, {"ids": sorted(reachable), "now_ms": now_ms})
        rows = [
            (request, ErrandKind.MESSAGE, str(version), MESSAGES)
            for request, version in told
            if request in reachable
        ]
        _add(connection, rows, now_ms)


def _add(connection: Connection, errands: Sequence[tuple[str, ErrandKind, str, str]], now_ms: int) -> None:
    rows = [
        {
            "request": request,
            "kind": kind.value,
            "subject": subject,
            "channel": channel,
            "state": ErrandState.PENDING.value,
            "next_at_ms": now_ms,
            "created_at_ms": now_ms,
        }
        for request, kind, subject, channel in errands
    ]
    if rows:
        connection.execute(insert_new(connection.dialect.name, T), rows)


def any_due(connection: Connection, channel: str, now_ms: int) -> bool:
    """Whether `claim` would find any; cheap."""
    return connection.execute(_ANY, {"the_channel": channel, "now_ms": now_ms}).first() is not None


def claim(connection: Connection, channel: str, now_ms: int, limit: int, *, lease_ms: int) -> list[Errand]:
    """Take up to `limit` errands of a channel that are due; nobody else gets them within `lease_ms`."""
    values = {"the_channel": channel, "now_ms": now_ms, "most": limit, "back_at_ms": now_ms + lease_ms}
    rows = connection.execute(_CLAIM, values).mappings()
    return sorted((_errand(row) for row in rows), key=lambda errand: errand.id)


def mark_done(connection: Connection, identity: int, now_ms: int, detail: str = "") -> None:
    """Note that it was carried."""
    _settle(connection, identity, ErrandState.DONE, None, now_ms, detail)


def mark_failed(
    connection: Connection, identity: int, now_ms: int, detail: str, *, again_at_ms: int | None
) -> None:
    """Note why it could not be carried; try again then, or (None) give up: it is a dead letter."""
    state = ErrandState.DEAD if again_at_ms is None else ErrandState.PENDING
    _settle(connection, identity, state, again_at_ms, None if again_at_ms else now_ms, detail)


def revive(connection: Connection, identity: int, now_ms: int) -> bool:
    """Try a dead letter again from the start; False when it is none (any more)."""
    return connection.execute(_REVIVE, {"key": identity, "now_ms": now_ms}).rowcount == 1


def dead_letters(connection: Connection, limit: int) -> list[Errand]:
    """Return what was given up, newest first."""
    return [_errand(row) for row in connection.execute(_DEAD, {"most": limit}).mappings()]


def count_by_state(connection: Connection) -> dict[tuple[str, ErrandState], int]:
    """Return how many errands of each channel are in which state; dead ones are an alarm."""
    rows = connection.execute(select(T.c.channel, T.c.state, func.count()).group_by(T.c.channel, T.c.state))
    return {(row[0], ErrandState(row[1])): row[2] for row in rows}


def _errand(row: RowMapping) -> Errand:
    values = {name: row[name] for name in _COLUMNS}
    values["kind"] = ErrandKind(values["kind"])
    return Errand(**values)


def _settle(
    connection: Connection,
    identity: int,
    state: ErrandState,
    again_at_ms: int | None,
    ended_at_ms: int | None,
    detail: str,
) -> None:
    values = {
        "key": identity,
        "how": state.value,
        "again": again_at_ms,
        "ended": ended_at_ms,
        "note": detail[:MAX_DETAIL_LENGTH],
    }
    connection.execute(_SETTLE, values)


_COLUMNS: Final = Errand.__slots__
_SELECTED: Final = tuple(T.c[name] for name in _COLUMNS)
_PENDING: Final = T.c.state == ErrandState.PENDING.value
_REACHABLE: Final = select(R.c.id).where(
    R.c.id.in_(bindparam("ids", expanding=True)), R.c.contact.is_not(None)
)
_REPLACE: Final = (
    update(T)
    .where(
        T.c.request.in_(bindparam("ids", expanding=True)),
        T.c.kind == ErrandKind.MESSAGE.value,
        _PENDING,
    )
    .values(state=ErrandState.DONE.value, next_at_ms=None, ended_at_ms=bindparam("now_ms"), detail=SUPERSEDED)
)
_OLDER: Final = T.alias("older")
_IS_OLDEST: Final = or_(
    T.c.kind.not_in([ErrandKind.AMEND.value, ErrandKind.PAID.value]),
    ~exists().where(
        _OLDER.c.request == T.c.request,
        _OLDER.c.channel == T.c.channel,
        _OLDER.c.state != ErrandState.DONE.value,
        or_(_OLDER.c.id < T.c.id, and_(_OLDER.c.kind == ErrandKind.SUBMIT.value, _OLDER.c.id != T.c.id)),
    ),
)
_IS_DUE: Final = and_(
    T.c.next_at_ms <= bindparam("now_ms"), T.c.channel == bindparam("the_channel"), _PENDING, _IS_OLDEST
)
_ANY: Final = select(T.c.id).where(_IS_DUE).limit(1)
_CLAIM: Final = (
    update(T)
    .where(
        T.c.id.in_(
            select(T.c.id)
            .where(_IS_DUE)
            .order_by(T.c.next_at_ms, T.c.id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(next_at_ms=bindparam("back_at_ms"))
    .returning(*_SELECTED)
)
_SETTLE: Final = (
    update(T)
    .where(T.c.id == bindparam("key"), _PENDING)
    .values(
        state=bindparam("how"),
        next_at_ms=bindparam("again"),
        ended_at_ms=bindparam("ended"),
        attempts=T.c.attempts + 1,
        detail=bindparam("note"),
    )
)
_REVIVE: Final = (
    update(T)
    .where(T.c.id == bindparam("key"), T.c.state == ErrandState.DEAD.value)
    .values(
        state=ErrandState.PENDING.value,
        next_at_ms=bindparam("now_ms"),
        ended_at_ms=None,
        attempts=0,
        detail="",
    )
)
_DEAD: Final = (
    select(*_SELECTED)
    .where(T.c.state == ErrandState.DEAD.value)
    .order_by(T.c.ended_at_ms.desc(), T.c.id.desc())
    .limit(bindparam("most"))
)
