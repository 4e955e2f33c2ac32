"""What stations have confirmed to know of the requests that were submitted there, and telling it again."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from cloud.requests.request import Request
from cloud.store import request_lists, request_rows
from cloud.store.schema import REQUEST as R
from wire.messages import RequestChanged

MAX_NEWS: Final = 200


def mark_told(connection: Connection, station: str, news: RequestChanged) -> None:
    """Note what the station that submitted it has confirmed to know."""
    connection.execute(_TOLD, {"key": news.request, "at_station": station, "known": news.version})


def tell_again(connection: Connection, stations: Sequence[str], now_ms: int) -> int:
    """Tell stations that have just come (back) what they have not confirmed; return how many news."""
    if not stations:
        return 0
    rows = connection.execute(_UNTOLD, {"stations": list(stations), "most": MAX_NEWS}).mappings()
    untold = [request_rows.to_request(row) for row in rows]
    news = newest(connection, untold)
    told = [(each.station, now) for each, now in zip(untold, news, strict=True)]
    request_rows.tell(connection, told, now_ms)
    return len(told)


def newest(connection: Connection, requests: Sequence[Request]) -> list[RequestChanged]:
    """Return what a station may know of each request now, in their order."""
    return [request_rows.news_of(each, request_lists.events(connection, each.id)[-1]) for each in requests]


_TOLD: Final = (
    update(R)
    .where(
        R.c.id == bindparam("key"),
        R.c.station == bindparam("at_station"),
        R.c.told_version < bindparam("known"),
    )
    .values(told_version=bindparam("known"))
)
_UNTOLD: Final = (
    select(*request_rows.COLUMNS)
    .where(R.c.station.in_(bindparam("stations", expanding=True)), R.c.told_version < R.c.version)
    .order_by(R.c.updated_at_ms.desc())
    .limit(bindparam("most"))
)
