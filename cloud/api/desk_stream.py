"""Between the feed and one desk's page: which of its requests have changed, and a steady beat.

hello     the server's time; what changed before it is learned by loading the list, which a page does on each hello
requests  ids of requests that changed, came to the desk or left it; their content is asked for as usual
beat      every two seconds, so that a page knows within seconds that it hears nothing any more
resync    reload everything: too much was missed to tell it singly
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping

from fastapi.sse import format_sse_event

from cloud.api.context import Context
from cloud.api.desks import sight_of
from cloud.api.sessions import Visitor
from cloud.api.stream import BEAT_S, RECONNECT_MS
from cloud.news import DeskSubscription, RequestNews, Taken


async def events(context: Context, visitor: Visitor) -> AsyncIterator[bytes]:
    """Yield the stream's bytes until the session, the process or the connection ends."""
    sight = sight_of(context, visitor)
    desks = None if sight.desks is None else frozenset(sight.desks)
    subscription = DeskSubscription(visitor.wards, visitor.login, visitor.session.token_hash, desks)
    context.feed.join(subscription)
    try:
        yield _event("hello", {"server_time_ms": context.clock()}, RECONNECT_MS)
        loop = asyncio.get_running_loop()
        next_beat = loop.time() + BEAT_S
        while not (taken := await subscription.take(next_beat - loop.time())).is_over:
            said = _told(taken)
            if loop.time() >= next_beat:
                next_beat = loop.time() + BEAT_S
                said += _event("beat", {"server_time_ms": context.clock()})
            yield said
    finally:
        context.feed.unsubscribe(subscription)


def _told(taken: Taken) -> bytes:
    changed = dict.fromkeys(news.request for news in taken.news if isinstance(news, RequestNews))
    gap = _event("resync", {}) if taken.has_gap else b""
    return gap + (_event("requests", {"ids": list(changed)}) if changed else b"")


def _event(name: str, data: Mapping[str, object], retry_ms: int | None = None) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data), retry=retry_ms)
