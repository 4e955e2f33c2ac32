"""Between the feed and one console's connection: what is sent when it opens, then whatever comes, and a steady beat.

hello     how far the feed is; on a first connection it carries the id from which a later one is replayed
incident  id and card, also for each incident that changed while the console was away
station, presence
beat      every two seconds, so that a console knows within seconds that it hears nothing any more
resync    reload the lists: too much was missed to tell it singly
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Final

import structlog
from fastapi.sse import format_sse_event

from cloud.api.context import Context
from cloud.api.sessions import Visitor
from cloud.api.shapes.incidents import Card
from cloud.api.shapes.stations import Station
from cloud.feed import Replay
from cloud.news import CardNews, News, PresenceNews, StationNews, Taken
from cloud.store.errors import StoreError
from cloud.store.presence import CITY

BEAT_S: Final = 2.0
RECONNECT_MS: Final = 500

_UNKNOWN: Final = 2**62
"""Stands for an id that this feed never gave: beyond every real one, so that it leads to a resync."""

log = structlog.get_logger(__name__)


async def events(context: Context, visitor: Visitor, last_event_id: str | None) -> AsyncIterator[bytes]:
    """Yield the stream's bytes until the session, the process or the connection ends."""
    feed = context.feed
    subscription = feed.subscribe(visitor.wards, visitor.login, visitor.session.token_hash)
    told = _Telling(context, visitor)
    try:
        replay = await asyncio.to_thread(feed.replay, _parse(last_event_id), visitor.wards)
        yield told.opening(replay, is_first=last_event_id is None)
        loop = asyncio.get_running_loop()
        next_beat = loop.time() + BEAT_S
        while not (taken := await subscription.take(next_beat - loop.time())).is_over:
            is_due = loop.time() >= next_beat
            if is_due:
                next_beat = loop.time() + BEAT_S
            yield told.news(taken) + (told.beat() if is_due else b"")
    except StoreError as error:
        log.warning("stream.unopened", error=type(error).__name__)  # the browser comes again by itself
    finally:
        feed.unsubscribe(subscription)


class _Telling:
    """Says things to one visitor."""

    def __init__(self, context: Context, visitor: Visitor) -> None:
        self._context = context
        self._visitor = visitor

    def opening(self, replay: Replay, *, is_first: bool) -> bytes:
        """Hello, who watches, what was missed."""
        hello = {"last_event_id": replay.last_event_id, "server_time_ms": self._context.clock()}
        # Whoever comes back keeps its own last id until it has what it missed: the connection may be cut again.
        first_id = str(replay.last_event_id) if is_first else None
        said = [
            format_sse_event(event="hello", data_str=json.dumps(hello), id=first_id, retry=RECONNECT_MS),
            self._one(self._context.feed.presence),
            self.beat(),
        ]
        if replay.news is None:
            said.append(_event("resync", {}, str(replay.last_event_id)))
        else:
            said += [self._one(news) for news in replay.news]
        return b"".join(said)

    def news(self, taken: Taken) -> bytes:
        """Return what was taken; after a gap the reload comes first."""
        gap = [_event("resync", {})] if taken.has_gap else []
        return b"".join([*gap, *(self._one(news) for news in taken.news)])

    def beat(self) -> bytes:
        """Return the time, and whether those work without whom nobody is called."""
        watch = self._context.feed.watch()
        ages = {"escalate_age_ms": watch.escalate_age_ms, "ingest_age_ms": watch.ingest_age_ms}
        return _event("beat", {"server_time_ms": self._context.clock(), "watch": {"ok": watch.ok, **ages}})

    def _one(self, news: News) -> bytes:
        names = self._context.names
        if isinstance(news, CardNews):
            card = Card.of(news.card, names).model_dump_json()
            return format_sse_event(event="incident", data_str=card, id=str(news.seq))
        if isinstance(news, StationNews):
            station = Station.of(news.station, names).model_dump_json()
            return format_sse_event(event="station", data_str=station)
        if isinstance(news, PresenceNews):
            return _event("presence", {"wards": self._presence(news)})
        return b""  # desks have a stream of their own

    def _presence(self, news: PresenceNews) -> list[dict[str, object]]:
        """Return every ward that the visitor sees, also those that nobody watches, and the city desk."""
        wards = [*(code for code in self._context.names if self._visitor.sees(code)), CITY]
        return [{"ward": ward, "armed": news.armed.get(ward, 0)} for ward in wards]


def _parse(last_event_id: str | None) -> int | None:
    if last_event_id is None:
        return None
    return int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else _UNKNOWN  # noqa: PLR2004  # digits of 64 bits


def _event(name: str, data: Mapping[str, object], seq: str | None = None) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data), id=seq)
