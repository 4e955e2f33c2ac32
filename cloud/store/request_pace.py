"""How fast desks are: what they ended lately, and how long it took from the submission on."""

from collections import defaultdict
from statistics import median_low
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from cloud.store import request_desks
from cloud.store.request_desks import Wanted
from cloud.store.schema import REQUEST as R

MOST: Final = 5_000
"""So many of the newest ends are counted; more would say the same."""


class Pace(NamedTuple):
    """How many requests a desk ended, and the time within which half of them were."""

    ended: int
    median_ms: int


def paces(connection: Connection, sight: Wanted, since_ms: int) -> dict[str, Pace]:
    """Return the pace of each desk that ended any since then."""
    took_ms: dict[str, list[int]] = defaultdict(list)
    statement = _ENDED.where(*request_desks.places(sight))
    for desk, opened_at_ms, ended_at_ms in connection.execute(statement, {"since_ms": since_ms}):
        took_ms[desk].append(ended_at_ms - opened_at_ms)
    return {desk: Pace(len(times), median_low(times)) for desk, times in took_ms.items()}


_ENDED: Final = (
    select(R.c.desk, R.c.opened_at_ms, R.c.ended_at_ms)
    .where(R.c.desk.is_not(None), R.c.ended_at_ms >= bindparam("since_ms"))
    .order_by(R.c.ended_at_ms.desc())
    .limit(MOST)
)
