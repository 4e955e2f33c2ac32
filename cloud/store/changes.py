"""Between an incident's rows and cloud.sos: reading one for a decision, writing what was decided.

One change is written as a whole: the incident as it is now, its event, what the station is to be told and who is to be
called. The caller holds the turn (`engine.take_turn`), so what was read is still true when it is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, insert, or_, select, update

from cloud.sos.incident import OPENING_VERSION, Change, Incident, Resolution, State, stage_of
from cloud.sos.plan import Plan
from cloud.store import commands
from cloud.store.schema import INCIDENT, INCIDENT_EVENT
from wire.messages import ShowSos, SosStage

_FIELDS: Final = tuple(column.name for column in fields(Incident))
COLUMNS: Final = tuple(INCIDENT.c[name] for name in _FIELDS)
"""What `to_incident` needs, in no particular order."""

_SELECT: Final = select(*COLUMNS)
_ONE: Final = _SELECT.where(INCIDENT.c.id == bindparam("key"))
_JOINABLE: Final = _SELECT.where(
    INCIDENT.c.station.in_(bindparam("stations", expanding=True)),
    INCIDENT.c.next_deadline_ms.is_not(None),
    INCIDENT.c.last_press_at_ms >= bindparam("since_ms"),
).order_by(INCIDENT.c.last_press_at_ms)
_UNWATCHED: Final = and_(
    INCIDENT.c.next_deadline_ms.is_not(None),
    INCIDENT.c.state == State.NEW.value,
    INCIDENT.c.level == 0,
    INCIDENT.c.ward.not_in(bindparam("watched", expanding=True)),
)
_ALARMED: Final = or_(INCIDENT.c.next_deadline_ms <= bindparam("now_ms"), _UNWATCHED)
_ANY_DUE: Final = select(INCIDENT.c.id).where(_ALARMED).limit(1)
_DUE: Final = _SELECT.where(_ALARMED).order_by(INCIDENT.c.next_deadline_ms).limit(bindparam("most"))
_NEXT_DEADLINE: Final = select(func.min(INCIDENT.c.next_deadline_ms))
_KEY: Final = select(INCIDENT_EVENT.c.seq).where(
    INCIDENT_EVENT.c.incident == bindparam("key"),
    INCIDENT_EVENT.c.idempotency_key == bindparam("idempotency_key"),
)
_OPENING: Final = insert(INCIDENT)
_EVENT: Final = insert(INCIDENT_EVENT)
# What an incident was opened with never changes.
_FIXED: Final = frozenset({"id", "station", "ward", "drill", "plan", "opened_at_ms"})
_CHANGE: Final = (
    update(INCIDENT)
    .where(INCIDENT.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _FIELDS if name not in _FIXED})
)


def load(connection: Connection, identity: str) -> Incident | None:
    """Read one incident."""
    row = connection.execute(_ONE, {"key": identity}).mappings().one_or_none()
    return None if row is None else to_incident(row)


def load_joinable(connection: Connection, stations: Iterable[str], since_ms: int) -> list[Incident]:
    """Read the open incidents of these stations that were pressed since then, latest press last."""
    rows = connection.execute(_JOINABLE, {"stations": list(stations), "since_ms": since_ms})
    return [to_incident(row) for row in rows.mappings()]


def load_due(connection: Connection, now_ms: int, watched_wards: Iterable[str], limit: int) -> list[Incident]:
    """Read the open incidents of which the deadline has passed, or which only unwatched consoles were told of."""
    asked = {"now_ms": now_ms, "watched": list(watched_wards), "most": limit}
    return [to_incident(row) for row in connection.execute(_DUE, asked).mappings()]


def any_due(connection: Connection, now_ms: int, watched_wards: Iterable[str]) -> bool:
    """Whether `load_due` would find any."""
    asked = {"now_ms": now_ms, "watched": list(watched_wards)}
    return connection.execute(_ANY_DUE, asked).first() is not None


def next_deadline_ms(connection: Connection) -> int | None:
    """Return the earliest deadline of all; None when no incident is open."""
    return connection.execute(_NEXT_DEADLINE).scalar()


def to_incident(row: RowMapping) -> Incident:
    """Build an incident from a row with COLUMNS."""
    values = {name: row[name] for name in _FIELDS}
    values["state"] = State(values["state"])
    values["resolution"] = None if values["resolution"] is None else Resolution(values["resolution"])
    values["shown_stage"] = None if values["shown_stage"] is None else SosStage(values["shown_stage"])
    values["plan"] = Plan.from_json(values["plan"])
    return Incident(**values)


def is_done(connection: Connection, identity: str, idempotency_key: str) -> bool:
    """Whether an event of this incident already carries the key."""
    row = connection.execute(_KEY, {"key": identity, "idempotency_key": idempotency_key}).first()
    return row is not None


def write(
    connection: Connection, changes: Sequence[Change], now_ms: int, *, idempotency_key: str | None = None
) -> None:
    """Write changes in their order; of several to one incident the last holds what it is now."""
    latest = {change.incident.id: change.incident for change in changes}
    opened = {change.incident.id for change in changes if change.incident.version == OPENING_VERSION}
    openings = [_opening_row(latest[identity]) for identity in opened]
    updates = [_update_row(incident) for incident in latest.values() if incident.id not in opened]
    if openings:
        connection.execute(_OPENING, openings)
    if updates:
        connection.execute(_CHANGE, updates)
    connection.execute(_EVENT, [_event_row(change, idempotency_key, now_ms) for change in changes])
    told = {change.incident.id for change in changes if change.tells}
    _tell(connection, [latest[identity] for identity in told], opened, now_ms)


def _tell(connection: Connection, incidents: Sequence[Incident], opened: set[str], now_ms: int) -> None:
    if not incidents:
        return
    told_before = [incident.id for incident in incidents if incident.id not in opened]
    if told_before:
        commands.supersede(connection, told_before, now_ms)
    commands.enqueue_rows(connection, [_show_row(incident, now_ms) for incident in incidents])


def _show_row(incident: Incident, now_ms: int) -> dict[str, object]:
    body = ShowSos(incident=incident.id, version=incident.version, stage=stage_of(incident))
    return commands.order_row(incident.station, body, now_ms)


def _event_row(change: Change, idempotency_key: str | None, now_ms: int) -> Mapping[str, object]:
    return {
        "incident": change.incident.id,
        "version": change.incident.version,
        "at_ms": now_ms,
        "actor_kind": change.actor.kind.value,
        "actor_login": change.actor.login,
        "kind": change.kind.value,
        "data": dict(change.data),
        "idempotency_key": idempotency_key,
    }


def _opening_row(incident: Incident) -> dict[str, object]:
    return {**_values(incident), "plan": incident.plan.to_json()}


def _update_row(incident: Incident) -> dict[str, object]:
    values = {name: value for name, value in _values(incident).items() if name not in _FIXED}
    return {**values, "key": incident.id}


def _values(incident: Incident) -> dict[str, object]:
    return {name: getattr(incident, name) for name in _FIELDS}
