"""Between a request's rows and cloud.requests: reading one for a decision, writing what was decided.

One change is written as a whole: the request as it is now, its event, what stations are to be told, and who is to be sent
a message. The caller holds the turn (`engine.take_turn`), so what was read is still true when it is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Final, cast

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from cloud.requests.act import LATE_TEXT
from cloud.requests.flows import FLOWS
from cloud.requests.options import open_to_person
from cloud.requests.request import ActorKind, Change, Decision, Event, Kind, Request, Slot, State, Verb
from cloud.store import commands, errands
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E
from wire.entries import RequestAction
from wire.messages import AmendmentRefused, RequestChanged

_FIELDS: Final = tuple(column.name for column in fields(Request))
COLUMNS: Final = tuple(R.c[name] for name in _FIELDS)
"""What `to_request` needs, in no particular order."""

# What a request was opened with never changes.
_FIXED: Final = frozenset(
    {
        *("id", "tracking", "kind", "service", "service_version", "station", "ward", "opened_at_ms"),
        *("category", "is_anonymous", "submitted_by", "proof", "fields"),
    }
)


def to_request(row: RowMapping) -> Request:
    """Build a request from a row with COLUMNS."""
    values = {name: row[name] for name in _FIELDS}
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    values["decision"] = None if values["decision"] is None else Decision(values["decision"])
    values["fields"] = tuple(values["fields"])
    values["slots"] = tuple(Slot(*slot) for slot in values["slots"])
    values["slot"] = None if values["slot"] is None else Slot(*values["slot"])
    return Request(**values)


def to_row(request: Request) -> dict[str, object]:
    """Return the columns of a request."""
    values: dict[str, object] = {name: getattr(request, name) for name in _FIELDS}
    values["kind"], values["state"] = request.kind.value, request.state.value
    values["decision"] = None if request.decision is None else request.decision.value
    values["fields"] = list(request.fields)
    values["slots"] = [[slot.start_ms, slot.end_ms] for slot in request.slots]
    values["slot"] = None if request.slot is None else [request.slot.start_ms, request.slot.end_ms]
    return values


def load(connection: Connection, identity: str) -> Request | None:
    """Read one request."""
    row = connection.execute(_ONE, {"key": identity}).mappings().one_or_none()
    return None if row is None else to_request(row)


def load_all(connection: Connection, identities: Iterable[str]) -> dict[str, Request]:
    """Read several requests by their ids."""
    rows = connection.execute(_SEVERAL, {"keys": list(identities)}).mappings()
    return {row["id"]: to_request(row) for row in rows}


def is_done(connection: Connection, identity: str, key: str) -> bool:
    """Whether an event of this request already carries the key."""
    return connection.execute(_KEY, {"of": identity, "the_key": key}).first() is not None


def event_row(event: Event) -> dict[str, object]:
    """Return an event as a row."""
    return {
        "request": event.request,
        "version": event.sequence,
        "at_ms": event.at_ms,
        "actor_kind": event.actor.kind.value,
        "actor_name": event.actor.name,
        "verb": event.verb.value,
        "state": event.state.value,
        "key": event.key,
        "data": dict(event.data),
        "text": event.text,
    }


def write(
    connection: Connection, changes: Sequence[Change], now_ms: int, *, also_tell: Sequence[str] = ()
) -> None:
    """Write changes, at most one of each request; tell its station, and `also_tell`, where somebody acted."""
    if not changes:
        return
    connection.execute(_CHANGE, [_update_row(change.request) for change in changes])
    connection.execute(_EVENT, [event_row(change.event) for change in changes])
    told = [
        (station, news_of(change.request, change.event))
        for change in changes
        for station in dict.fromkeys((change.request.station, *also_tell))
    ]
    tell(connection, told, now_ms)
    errands.message(connection, [_message(change) for change in changes if _is_message(change)], now_ms)


def tell(connection: Connection, told: Sequence[tuple[str, RequestChanged]], now_ms: int) -> None:
    """Put news for stations into the outbox of commands, in place of older news of the same request."""
    if told:
        replaced = [(news.request, station) for station, news in told if news.refused is None]
        commands.supersede_requests(connection, replaced, now_ms)
        commands.enqueue_rows(
            connection, [commands.order_row(station, news, now_ms) for station, news in told]
        )


def news_of(
    request: Request, event: Event | None = None, refused: AmendmentRefused | None = None
) -> RequestChanged:
    """Return what a station may know of a request; `event` is the newest, for what only it says."""
    data = {} if event is None else event.data
    return RequestChanged(
        request=request.id,
        tracking=request.tracking,
        version=request.version,
        state=request.state.value,
        at_ms=request.updated_at_ms,
        due_at_ms=request.due_at_ms,
        is_late=request.late_since_ms is not None,
        reason=request.reason,
        text=_text(request, event),
        note=str(data.get("note", "")),
        wanted=list(cast("list[str]", data.get("wanted", []))),
        slots=[(slot.start_ms, slot.end_ms) for slot in request.slots],
        case_number=request.case_number,
        allowed=[RequestAction(verb.value) for verb in open_to_person(FLOWS[request.kind], request)],
        is_owned=request.submitted_by is not None,
        refused=refused,
    )


def _text(request: Request, event: Event | None) -> str | None:
    """Return the text beside the state; an apology that may not have been heard is repeated while it is true."""
    if event is not None and event.text is not None:
        return event.text
    is_late_now = request.late_since_ms is not None and request.late_since_ms == request.due_at_ms
    return LATE_TEXT if is_late_now else None


def _is_message(change: Change) -> bool:
    return change.event.actor.kind is not ActorKind.CITIZEN and change.event.verb is not Verb.SUBMIT


def _message(change: Change) -> tuple[str, int]:
    return change.request.id, change.request.version


def _update_row(request: Request) -> dict[str, object]:
    values = {name: value for name, value in to_row(request).items() if name not in _FIXED}
    return {**values, "key": request.id}


_SELECT: Final = select(*COLUMNS)
_ONE: Final = _SELECT.where(R.c.id == bindparam("key"))
_SEVERAL: Final = _SELECT.where(R.c.id.in_(bindparam("keys", expanding=True)))
_KEY: Final = select(E.c.seq).where(E.c.request == bindparam("of"), E.c.key == bindparam("the_key"))
_EVENT: Final = insert(E)
_CHANGE: Final = (
    update(R)
    .where(R.c.id == bindparam("key"))
    .values({name: bindparam(name) for name in _FIELDS if name not in _FIXED})
)
