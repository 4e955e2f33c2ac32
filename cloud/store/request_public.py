"""Reports as anybody may see them: those that a desk has accepted, under a number of their own.

The number is that of the event that opened the report. A request's id would let its reader act on it, and a tracking code
names the station.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from cloud.requests.report import PublicReport, public_view
from cloud.requests.request import OPENING_VERSION, Kind, State
from cloud.store import request_rows
from cloud.store.schema import REQUEST as R
from cloud.store.schema import REQUEST_EVENT as E


class PublicRow(NamedTuple):
    """One report under its public number."""

    number: int
    report: PublicReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which reports: opened within [from_ms, to_ms), in one of `states` and about one of `topics` (None: any).

    A topic is a service with a category of it, or without one.
    """

    from_ms: int
    to_ms: int
    states: Collection[State] | None = None
    topics: Collection[tuple[str, str | None]] | None = None


def public_reports(connection: Connection, window: Window, secret_desk: str, limit: int) -> list[PublicRow]:
    """Return the newest reports of a window; what is at `secret_desk`, or at none yet, is nobody's business."""
    conditions = [R.c.opened_at_ms >= window.from_ms, R.c.opened_at_ms < window.to_ms]
    if window.states is not None:
        conditions.append(R.c.state.in_([state.value for state in window.states]))
    if window.topics is not None:
        conditions.append(or_(*(_is_about(*topic) for topic in window.topics)))
    return _found(connection, conditions, secret_desk, limit)


def numbered(connection: Connection, numbers: Sequence[int], secret_desk: str) -> list[PublicRow]:
    """Return those reports of these numbers that the public may see, newest first."""
    return _found(connection, [E.c.seq.in_(list(numbers))], secret_desk, len(numbers))


def _found(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], secret_desk: str, limit: int
) -> list[PublicRow]:
    statement = _PUBLIC.where(R.c.desk != secret_desk, *conditions).order_by(E.c.seq.desc()).limit(limit)
    return [
        PublicRow(row["number"], public_view(request_rows.to_request(row)))
        for row in connection.execute(statement).mappings()
    ]


def _is_about(service: str, category: str | None) -> ColumnElement[bool]:
    # A report without a category is shown under its service.
    return and_(R.c.service == service, func.coalesce(R.c.category, service) == (category or service))


SECRET: Final = (State.NEW, State.REFUSED, State.WITHDRAWN)
"""Nobody has looked at it yet, or it is none."""

_PUBLIC: Final = (
    select(*request_rows.COLUMNS, E.c.seq.label("number"))
    .join(E, and_(E.c.request == R.c.id, E.c.version == OPENING_VERSION))
    .where(R.c.kind == Kind.REPORT.value, R.c.state.not_in([state.value for state in SECRET]))
)
