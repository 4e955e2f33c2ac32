"""How the cloud itself is doing, in a few cheap counts: for monitoring and for the consoles' watch light."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, or_, select

from cloud.sos.incident import State
from cloud.store.beats import beats
from cloud.store.schema import ASIDE, IDENTITY_SHARE, INBOX, INCIDENT, QUARANTINE, STATION
from cloud.store.vitals import count_unconsented
from wire.ranges import SequenceSet

_OPEN: Final = (
    select(INCIDENT.c.state, INCIDENT.c.drill, func.count())
    .where(INCIDENT.c.next_deadline_ms.is_not(None))
    .group_by(INCIDENT.c.state, INCIDENT.c.drill)
)
_UNANSWERED: Final = select(func.min(INCIDENT.c.alarm_since_ms)).where(
    INCIDENT.c.next_deadline_ms.is_not(None), INCIDENT.c.state == State.NEW.value
)
_OVERDUE: Final = select(func.min(INCIDENT.c.next_deadline_ms)).where(
    INCIDENT.c.next_deadline_ms.is_not(None)
)
_STATIONS: Final = select(STATION.c.state, func.count()).group_by(STATION.c.state)
_ASIDE: Final = select(func.count()).select_from(ASIDE)
_QUARANTINE: Final = select(func.count()).select_from(QUARANTINE)
_UNFETCHED: Final = select(func.min(IDENTITY_SHARE.c.received_at_ms)).where(
    IDENTITY_SHARE.c.keep_until_ms.is_not(None)
)
_IS_DENSE: Final = or_(INBOX.c.ranges == "1", INBOX.c.ranges.startswith("1-")) & ~INBOX.c.ranges.contains(",")
_HOLED: Final = select(INBOX.c.lane, INBOX.c.ranges).where(~_IS_DENSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts, and times in ms since 1970; `unanswered_since_ms` and `deadline_ms` are the oldest, None without any.

    `holes` counts, for each lane, entries that were sent before others that have arrived, and have not arrived.
    `unconsented` counts measurements whose consent has not come. `share_since_ms` is when the oldest share arrived that
    its recipient has not fetched, None without any.
    """

    open_incidents: Mapping[tuple[str, bool], int]
    unanswered_since_ms: int | None
    deadline_ms: int | None
    beats: Mapping[str, int]
    stations: Mapping[str, int]
    aside: int
    quarantine: int
    holes: Mapping[str, int]
    unconsented: int
    share_since_ms: int | None


def figures(connection: Connection) -> Figures:
    """Count everything."""
    return Figures(
        open_incidents={(state, drill): count for state, drill, count in connection.execute(_OPEN)},
        unanswered_since_ms=connection.execute(_UNANSWERED).scalar(),
        deadline_ms=connection.execute(_OVERDUE).scalar(),
        beats=beats(connection),
        stations={row[0]: row[1] for row in connection.execute(_STATIONS)},
        aside=connection.execute(_ASIDE).scalar_one(),
        quarantine=connection.execute(_QUARANTINE).scalar_one(),
        holes=_holes(connection),
        unconsented=count_unconsented(connection),
        share_since_ms=connection.execute(_UNFETCHED).scalar(),
    )


def _holes(connection: Connection) -> dict[str, int]:
    found: dict[str, int] = {}
    for lane, ranges in connection.execute(_HOLED):
        found[lane] = found.get(lane, 0) + len(SequenceSet.parse(ranges).holes())
    return found
