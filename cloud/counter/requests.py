"""Answers about requests: how the one of a tracking code stands, and which ones are of a card's person.

Both tell no more than what the station that submitted it is told anyway: a code is no secret. Whoever tries codes that nobody
was given is slowed down, at each station for itself.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from cloud.counter.desk import TOO_OFTEN, UNKNOWN, Allowance
from cloud.requests.request import Request
from cloud.store import request_lists, request_news
from cloud.store.engine import Store
from wire.asking import MAX_FOUND, AskOwn, AskRequest, NotAnswered, RequestFound, RequestsFound
from wire.entries import RequestKind
from wire.messages import RequestChanged

GUESSES: Final = 10
GUESSES_PER_S: Final = 1 / 60
"""Who mistypes is told so by the code's check digit; a code that passes it and is unknown is seldom an accident."""


class Requests:
    """The handlers. `guesses` counts, for each station, codes that nobody was given."""

    def __init__(self, store: Store, guesses: Allowance) -> None:
        self._store = store
        self._guesses = guesses

    async def by_code(self, station: str, asked: AskRequest) -> RequestsFound | NotAnswered:
        """Return how the request of a code stands; all of them where two stations gave out the same code."""
        if not self._guesses.is_left(station):
            return TOO_OFTEN
        found = await asyncio.to_thread(self._tracked, asked.tracking)
        if found:
            return RequestsFound(requests=found)
        self._guesses.take(station)
        return UNKNOWN

    async def of_person(self, _station: str, asked: AskOwn) -> RequestsFound:
        """Return the newest requests of a pseudonym; none is an answer too."""
        return await asyncio.to_thread(self._own, asked.by)

    def _tracked(self, code: str) -> list[RequestFound]:
        with self._store.reading() as connection:
            requests = request_lists.find_by_tracking(connection, code)
            return _told(requests, request_news.newest(connection, requests))

    def _own(self, pseudonym: str) -> RequestsFound:
        with self._store.reading() as connection:
            requests, count = request_lists.of_person(connection, pseudonym, MAX_FOUND)
            told = _told(requests, request_news.newest(connection, requests))
        return RequestsFound(requests=told, more=count - len(requests))


def _told(requests: Sequence[Request], news: Sequence[RequestChanged]) -> list[RequestFound]:
    return [
        RequestFound(
            service=each.service,
            request_kind=RequestKind(each.kind.value),
            submitted_at_ms=each.opened_at_ms,
            now=now,
        )
        for each, now in zip(requests, news, strict=True)
    ]
