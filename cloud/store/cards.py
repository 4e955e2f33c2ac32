"""What consoles read of incidents: cards, details, and the events by which they learn that something changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
)

from cloud.sos.custody import Hop, Trace, custody
from cloud.sos.errors import RefusedCode
from cloud.sos.incident import EventKind, Resolution, State
from cloud.store.errors import MissingError, StoreError
from cloud.store.schema import ACCOUNT, INCIDENT, INCIDENT_EVENT, PRESS, STATION
from wire.messages import SosStage

RECENT_MS: Final = 24 * 3_600_000
MAX_CARDS: Final = 1000


class Scope(StrEnum):
    """Which incidents: those that are open, or also those that were opened or resolved within the last day."""

    OPEN = "open"
    RECENT = "recent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """One incident as a console shows it; `last_event_seq` is the id of its last event in the live feed."""

    id: str
    version: int
    state: State
    resolution: Resolution | None
    duplicate_of: str | None
    drill: bool
    ward: str
    station: str
    station_name: str
    station_ward: str
    address: str
    block: str
    floor: str
    lat: float | None
    lon: float | None
    station_state: str
    opened_at_ms: int
    last_press_at_ms: int
    press_count: int
    level: int
    next_deadline_ms: int | None
    owner: str | None
    owner_name: str | None
    shown_stage: SosStage | None
    shown_at_ms: int | None
    seen_at_ms: int | None
    resolved_at_ms: int | None
    updated_at_ms: int
    last_event_seq: int

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Build a card from a row of `_CARDS`."""
        values = dict(row)
        values["state"] = State(values["state"])
        values["resolution"] = values["resolution"] and Resolution(values["resolution"])
        values["shown_stage"] = values["shown_stage"] and SosStage(values["shown_stage"])
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event of an incident; `name` is that of the officer `login`."""

    seq: int
    incident: str
    version: int
    at_ms: int
    actor_kind: str
    login: str | None
    name: str | None
    kind: EventKind
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRow:
    """One press; `at_ms`, `sent_at_ms` by the station's clock, the others by the cloud's."""

    journal: str
    seq: int
    button: str
    drill: bool
    at_ms: int
    ago_ms: int
    sent_at_ms: int
    received_at_ms: int
    committed_at_ms: int

    @property
    def clock_offset_ms(self) -> int:
        """How far the station's clock is behind the cloud's (the way of the message included)."""
        return self.received_at_ms - self.sent_at_ms


@dataclass(frozen=True, slots=True)
class DetailRow:
    """Everything about one incident."""

    card: CardRow
    custody: tuple[Hop, ...]
    events: tuple[EventRow, ...]
    presses: tuple[PressRow, ...]


class ActionRefusedError(StoreError):
    """An action was refused, `code` says why; `card` is the incident as it is."""

    def __init__(self, code: RefusedCode, card: CardRow) -> None:
        super().__init__(f"action: {code}")
        self.code = code
        self.card = card


def cards(connection: Connection, scope: Scope, wards: Collection[str] | None, now_ms: int) -> list[CardRow]:
    """Return the cards of these wards (None: of the city), oldest first, at most MAX_CARDS: the newest of them."""
    statement = _CARDS.where(_in_scope(scope, now_ms), _in_wards(wards))
    newest = statement.order_by(INCIDENT.c.opened_at_ms.desc(), INCIDENT.c.id).limit(MAX_CARDS)
    return [CardRow.of(row) for row in reversed(connection.execute(newest).mappings().all())]


def cards_of(connection: Connection, identities: Iterable[str]) -> list[CardRow]:
    """Return the cards of these incidents, in the order of their last events."""
    rows = connection.execute(_CARDS_OF, {"keys": list(identities)})
    return [CardRow.of(row) for row in rows.mappings()]


def require_card(connection: Connection, identity: str) -> CardRow:
    """Return one card; MissingError when there is no such incident."""
    found = cards_of(connection, [identity])
    if not found:
        raise MissingError("incident: there is none of this id")
    return found[0]


def detail(connection: Connection, identity: str) -> DetailRow:
    """Return everything about one incident; MissingError when there is none."""
    card = require_card(connection, identity)
    events = tuple(_event(row) for row in connection.execute(_EVENTS_OF, {"key": identity}).mappings())
    presses = tuple(PressRow(**row) for row in connection.execute(_PRESSES_OF, {"key": identity}).mappings())
    return DetailRow(card, _custody(events, presses), events, presses)


def events_since(connection: Connection, seq: int, limit: int) -> list[EventRow]:
    """Return up to `limit` events after `seq` in their order; none is ever added before one that was returned."""
    rows = connection.execute(_EVENTS_SINCE, {"after": seq, "most": limit})
    return [_event(row) for row in rows.mappings()]


def last_event_seq(connection: Connection) -> int:
    """Return the id of the newest event; 0 when there is none."""
    return connection.execute(_LAST).scalar() or 0


def _custody(events: Sequence[EventRow], presses: Sequence[PressRow]) -> tuple[Hop, ...]:
    first = presses[0]
    trace = Trace(
        pressed_at_ms=first.at_ms - first.ago_ms + first.clock_offset_ms,
        recorded_at_ms=first.at_ms + first.clock_offset_ms,
        received_at_ms=first.received_at_ms,
        committed_at_ms=first.committed_at_ms,
        events=tuple((event.kind, event.at_ms, event.data) for event in events),
    )
    return custody(trace)


def _in_scope(scope: Scope, now_ms: int) -> ColumnElement[bool]:
    is_open = INCIDENT.c.next_deadline_ms.is_not(None)
    if scope is Scope.OPEN:
        return is_open
    since = now_ms - RECENT_MS
    return or_(is_open, INCIDENT.c.opened_at_ms >= since, INCIDENT.c.resolved_at_ms >= since)


def _in_wards(wards: Collection[str] | None) -> ColumnElement[bool]:
    return true() if wards is None else INCIDENT.c.ward.in_(list(wards))


def _event(row: RowMapping) -> EventRow:
    values = dict(row)
    values["kind"] = EventKind(values["kind"])
    return EventRow(**values)


_CARDS: Final[Select[tuple[object, ...]]] = select(
    *(
        INCIDENT.c[name]
        for name in (
            "id", "version", "state", "resolution", "duplicate_of", "drill", "ward", "station", "opened_at_ms",
            "last_press_at_ms", "press_count", "level", "next_deadline_ms", "owner", "shown_stage", "shown_at_ms",
            "seen_at_ms", "resolved_at_ms", "updated_at_ms",
        )
    ),
    *(STATION.c[name] for name in ("address", "block", "floor", "lat", "lon")),
    STATION.c.name.label("station_name"),
    STATION.c.ward.label("station_ward"),
    STATION.c.state.label("station_state"),
    ACCOUNT.c.name.label("owner_name"),
    INCIDENT_EVENT.c.seq.label("last_event_seq"),
).select_from(
    INCIDENT.join(STATION, STATION.c.station == INCIDENT.c.station)
    .join(
        INCIDENT_EVENT,
        and_(INCIDENT_EVENT.c.incident == INCIDENT.c.id, INCIDENT_EVENT.c.version == INCIDENT.c.version),
    )
    .outerjoin(ACCOUNT, ACCOUNT.c.login == INCIDENT.c.owner)
)  # fmt: skip
_CARDS_OF: Final = _CARDS.where(INCIDENT.c.id.in_(bindparam("keys", expanding=True))).order_by(
    INCIDENT_EVENT.c.seq
)
_EVENTS: Final = select(
    INCIDENT_EVENT.c.seq,
    INCIDENT_EVENT.c.incident,
    INCIDENT_EVENT.c.version,
    INCIDENT_EVENT.c.at_ms,
    INCIDENT_EVENT.c.actor_kind,
    INCIDENT_EVENT.c.actor_login.label("login"),
    ACCOUNT.c.name,
    INCIDENT_EVENT.c.kind,
    INCIDENT_EVENT.c.data,
).select_from(INCIDENT_EVENT.outerjoin(ACCOUNT, ACCOUNT.c.login == INCIDENT_EVENT.c.actor_login))
_EVENTS_OF: Final = _EVENTS.where(INCIDENT_EVENT.c.incident == bindparam("key")).order_by(
    INCIDENT_EVENT.c.version
)
_EVENTS_SINCE: Final = (
    _EVENTS.where(INCIDENT_EVENT.c.seq > bindparam("after"))
    .order_by(INCIDENT_EVENT.c.seq)
    .limit(bindparam("most"))
)
_LAST: Final = select(func.max(INCIDENT_EVENT.c.seq))
_PRESSES_OF: Final = (
    select(
        *(
            PRESS.c[name]
            for name in (
                "journal", "seq", "button", "drill", "at_ms", "ago_ms", "sent_at_ms", "received_at_ms",
                "committed_at_ms",
            )
        )
    )
    .where(PRESS.c.incident == bindparam("key"))
    .order_by(PRESS.c.received_at_ms, PRESS.c.journal, PRESS.c.seq)
)  # fmt: skip
