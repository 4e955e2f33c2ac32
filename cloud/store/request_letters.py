"""Dead letters as a desk sees them: what could not be carried to another system or to a person, and of which request."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from cloud.store import request_desks
from cloud.store.errands import ErrandKind, ErrandState
from cloud.store.request_desks import DeskRow, Wanted
from cloud.store.schema import ERRAND as T
from cloud.store.schema import REQUEST as R


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One errand that was given up; `detail` says why in a few words, `attempts` how often it was tried."""

    number: int
    kind: ErrandKind
    channel: str
    attempts: int
    ended_at_ms: int
    detail: str
    row: DeskRow


def letters(connection: Connection, sight: Wanted, limit: int) -> list[Letter]:
    """Return what was given up of the requests of these desks and wards, newest first."""
    statement = _DEAD.where(*request_desks.places(sight)).order_by(T.c.ended_at_ms.desc(), T.c.id.desc())
    found = connection.execute(statement.limit(limit)).all()
    return [
        Letter(
            number=number,
            kind=ErrandKind(kind),
            channel=channel,
            attempts=attempts,
            ended_at_ms=ended_at_ms,
            detail=detail,
            row=request_desks.require_row(connection, request),
        )
        for number, request, kind, channel, attempts, ended_at_ms, detail in found
    ]


def request_of(connection: Connection, number: int) -> str | None:
    """Return of which request a dead letter is; None when there is none of this number (any more)."""
    return connection.execute(_REQUEST, {"key": number}).scalar()


_IS_DEAD: Final = T.c.state == ErrandState.DEAD.value
_DEAD: Final = (
    select(T.c.id, T.c.request, T.c.kind, T.c.channel, T.c.attempts, T.c.ended_at_ms, T.c.detail)
    .join(R, R.c.id == T.c.request)
    .where(_IS_DEAD)
)
_REQUEST: Final = select(T.c.request).where(T.c.id == bindparam("key"), _IS_DEAD)
