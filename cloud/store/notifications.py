"""Messages to people: an outbox that escalation fills and the pager empties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, func, select, update

from cloud.sos.incident import Change, Incident
from cloud.sos.plan import Channel
from cloud.store.roster import OPERATOR, Roster
from cloud.store.schema import INCIDENT, PUSH_SUBSCRIPTION, STATION
from cloud.store.schema import NOTIFICATION as T
from cloud.store.upsert import insert_new


class NoticeState(StrEnum):
    """How far a message came. `needless`: somebody acknowledged before it went out."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message that is to go out: to whom, by which way, and what little it may say.

    `keys` are a push subscription's p256dh and auth, when it still exists. `is_first`: this target was sent nothing of
    this incident yet; `target_sent_at_ms`: when it was last sent anything at all.
    """

    id: int
    incident: str
    level: int
    round: int
    channel: Channel
    target: str
    attempts: int
    created_at_ms: int
    station: str
    station_name: str
    ward: str
    drill: bool
    keys: tuple[str, str] | None
    is_first: bool
    target_sent_at_ms: int | None


def call(connection: Connection, changes: Sequence[Change], roster: Roster, now_ms: int) -> int:
    """Write the messages that these changes ask for; return how many.

    When a call reaches nobody by any way, the operators' log is told. What an earlier round could not yet deliver to
    the same target is replaced by this one.
    """
    rows = [row for change in changes for row in _rows(change, roster, now_ms)]
    if rows:
        replaced = [{name: row[name] for name in ("incident", "channel", "target")} for row in rows]
        connection.execute(
            _REPLACE, [{f"the_{name}": value for name, value in row.items()} for row in replaced]
        )
        connection.execute(insert_new(connection.dialect.name, T), rows)
    return len(rows)


def _rows(change: Change, roster: Roster, now_ms: int) -> Iterable[dict[str, object]]:
    if change.call is None:
        return
    for channel, target in sorted(_targets(change.incident, change.call.level, roster)):
        yield {
            "incident": change.incident.id,
            "level": change.call.level,
            "round": change.call.round,
            "channel": channel.value,
            "target": target,
            "state": NoticeState.PENDING.value,
            "next_at_ms": now_ms,
            "created_at_ms": now_ms,
        }


def _targets(incident: Incident, level: int, roster: Roster) -> set[tuple[Channel, str]]:
    if level not in roster.reachable(incident.plan, incident.ward):
        return {(Channel.LOG, OPERATOR)}
    return {
        (target.channel, address)
        for target in incident.plan.levels[level].targets
        for address in roster.targets(target, incident.ward)
    }


def drop_pending(connection: Connection, incident: str) -> None:
    """Send nothing more of what was to be sent: somebody has taken over."""
    connection.execute(_DROP, {"the_incident": incident})


def claim(
    connection: Connection, channel: Channel, now_ms: int, limit: int, *, lease_ms: int
) -> list[Notice]:
    """Take up to `limit` messages of a way that are due; nobody else gets them within `lease_ms`.

    First ones of an incident to their target come first. A message whose sender dies comes back after the lease.
    """
    taken = connection.execute(
        _CLAIM,
        {"the_channel": channel.value, "now_ms": now_ms, "most": limit, "back_at_ms": now_ms + lease_ms},
    )
    ids = [row[0] for row in taken]
    notices = [_notice(row) for row in connection.execute(_NOTICES, {"ids": ids}).mappings()] if ids else []
    return sorted(notices, key=lambda notice: (not notice.is_first, notice.id))


def next_at_ms(connection: Connection, channel: Channel) -> int | None:
    """Return when the next message of a way is due; None when nothing waits."""
    return connection.execute(_NEXT, {"the_channel": channel.value}).scalar()


def mark_sent(connection: Connection, identity: int, now_ms: int) -> None:
    """Note that the channel has taken it."""
    values = {
        "key": identity,
        "how": NoticeState.SENT.value,
        "sent": now_ms,
        "again": None,
        "more": 1,
        "note": "",
    }
    connection.execute(_SETTLE, values)


def mark_failed(connection: Connection, identity: int, detail: str, *, again_at_ms: int | None) -> None:
    """Note why it could not be sent; try again then, or (None) give up: it is dead and stays visible as such."""
    state = NoticeState.DEAD if again_at_ms is None else NoticeState.PENDING
    values = {
        "key": identity,
        "how": state.value,
        "sent": None,
        "again": again_at_ms,
        "more": 1,
        "note": detail[:200],
    }
    connection.execute(_SETTLE, values)


def postpone(connection: Connection, identity: int, again_at_ms: int) -> None:
    """Send it later: its target has just been sent something else. Counts as no attempt."""
    values = {
        "key": identity,
        "how": NoticeState.PENDING.value,
        "sent": None,
        "again": again_at_ms,
        "more": 0,
        "note": "",
    }
    connection.execute(_SETTLE, values)


def count_by_state(connection: Connection, since_ms: int) -> dict[NoticeState, int]:
    """Return how many messages that were written since then are in which state; DEAD ones are an alarm."""
    rows = connection.execute(
        select(T.c.state, func.count()).where(T.c.created_at_ms >= since_ms).group_by(T.c.state)
    )
    return {NoticeState(row[0]): row[1] for row in rows}


def _notice(row: RowMapping) -> Notice:
    values = dict(row)
    p256dh, auth = values.pop("p256dh"), values.pop("auth")
    values["keys"] = None if p256dh is None else (p256dh, auth)
    values["channel"] = Channel(values["channel"])
    values["is_first"] = values.pop("sent_before") == 0
    return Notice(**values)


_PENDING: Final = T.c.state == NoticeState.PENDING.value
_REPLACE: Final = (
    update(T)
    .where(
        T.c.incident == bindparam("the_incident"),
        T.c.channel == bindparam("the_channel"),
        T.c.target == bindparam("the_target"),
        _PENDING,
    )
    .values(state=NoticeState.NEEDLESS.value, next_at_ms=None)
)
_DROP: Final = (
    update(T)
    .where(T.c.incident == bindparam("the_incident"), _PENDING)
    .values(state=NoticeState.NEEDLESS.value, next_at_ms=None)
)
_CLAIM: Final = (
    update(T)
    .where(
        T.c.id.in_(
            select(T.c.id)
            .where(T.c.next_at_ms <= bindparam("now_ms"), T.c.channel == bindparam("the_channel"), _PENDING)
            .order_by(T.c.round, T.c.id)
            .limit(bindparam("most"))
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
    )
    .values(next_at_ms=bindparam("back_at_ms"))
    .returning(T.c.id)
)
_NEXT: Final = select(func.min(T.c.next_at_ms)).where(T.c.channel == bindparam("the_channel"), _PENDING)
_SETTLE: Final = (
    update(T)
    .where(T.c.id == bindparam("key"), _PENDING)
    .values(
        state=bindparam("how"),
        sent_at_ms=bindparam("sent"),
        next_at_ms=bindparam("again"),
        attempts=T.c.attempts + bindparam("more"),
        detail=bindparam("note"),
    )
)
_OTHER: Final = T.alias("other")
_NOTICES: Final = (
    select(
        *(
            T.c[name]
            for name in ("id", "incident", "level", "round", "channel", "target", "attempts", "created_at_ms")
        ),
        INCIDENT.c.station,
        INCIDENT.c.ward,
        INCIDENT.c.drill,
        STATION.c.name.label("station_name"),
        PUSH_SUBSCRIPTION.c.p256dh,
        PUSH_SUBSCRIPTION.c.auth,
        select(func.count(_OTHER.c.sent_at_ms))
        .where(_OTHER.c.target == T.c.target, _OTHER.c.incident == T.c.incident)
        .scalar_subquery()
        .label("sent_before"),
        select(func.max(_OTHER.c.sent_at_ms))
        .where(_OTHER.c.target == T.c.target)
        .scalar_subquery()
        .label("target_sent_at_ms"),
    )
    .select_from(
        T.join(INCIDENT, INCIDENT.c.id == T.c.incident)
        .join(STATION, STATION.c.station == INCIDENT.c.station)
        .outerjoin(PUSH_SUBSCRIPTION, PUSH_SUBSCRIPTION.c.endpoint == T.c.target)
    )
    .where(T.c.id.in_(bindparam("ids", expanding=True)))
)
