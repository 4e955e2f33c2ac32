"""Answers about requests: how the one of a tracking code stands, and which ones are of a card's person.

Both tell no more than what the station that submitted it is told anyway: a code is no secret. Whoever tries codes that nobody
was given, or words of receipts, is slowed down, at each station for itself.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import Final

from cloud.counter.desk import NOT_YOURS, TOO_OFTEN, UNKNOWN, Allowance
from cloud.requests.holding import is_theirs
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
        found = await asyncio.to_thread(self._tracked, asked)
        if not found or not _may_see(asked, found):
            self._guesses.take(station)
            return NOT_YOURS if found else UNKNOWN
        return RequestsFound(requests=found)

    async def of_person(self, _station: str, asked: AskOwn) -> RequestsFound:
        """Return the newest requests of a pseudonym; none is an answer too."""
        return await asyncio.to_thread(self._own, asked.by)

    def _tracked(self, asked: AskRequest) -> list[RequestFound]:
        """Return the requests of a code; the one whose receipt is held comes first."""
        with self._store.reading() as connection:
            requests = request_lists.find_by_tracking(connection, asked.tracking)
            held = {each.id for each in requests if is_theirs(each, proof=asked.proof)}
            requests = sorted(requests, key=lambda each: each.id not in held)
            return _told(requests, request_news.newest(connection, requests), held)

    def _own(self, pseudonym: str) -> RequestsFound:
        with self._store.reading() as connection:
            requests, count = request_lists.of_person(connection, pseudonym, MAX_FOUND)
            told = _told(requests, request_news.newest(connection, requests), {each.id for each in requests})
        return RequestsFound(requests=told, more=count - len(requests))


def _may_see(asked: AskRequest, found: Sequence[RequestFound]) -> bool:
    """Whether the proof is right, or none was given, or none counts: a card is asked for."""
    return asked.proof is None or any(each.is_holder or each.now.is_owned for each in found)


def _told(
    requests: Sequence[Request], news: Sequence[RequestChanged], held: Collection[str]
) -> list[RequestFound]:
    return [
        RequestFound(
            service=each.service,
            request_kind=RequestKind(each.kind.value),
            submitted_at_ms=each.opened_at_ms,
            now=now,
            is_holder=each.id in held,
        )
        for each, now in zip(requests, news, strict=True)
    ]
