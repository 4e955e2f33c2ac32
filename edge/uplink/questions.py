"""Questions to the cloud while a person waits: each has its answer within its time, or none. Nothing of it is kept."""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from edge.tokens import new_token
from edge.uplink.errors import LinkLostError, NoAnswerError
from wire.asking import Answer, AnyAnswer, AnyQuestion, Question

MAX_OPEN: Final = 16
ANSWER_TIMEOUT_S: Final = 8.0
"""A far end that bills is asked within it; the person sees that somebody is being asked."""


class Questions:
    """What is being asked now; `send` hands a question to the connection and raises LinkLostError when there is none."""

    def __init__(self, station: str, clock: Clock, send: Callable[[Question], None]) -> None:
        self._station = station
        self._clock = clock
        self._send = send
        self._open: dict[str, asyncio.Future[AnyAnswer]] = {}

    async def ask(self, body: AnyQuestion, timeout_s: float = ANSWER_TIMEOUT_S) -> AnyAnswer:
        """Return the cloud's answer; NoAnswerError when none came, for whatever reason."""
        if len(self._open) >= MAX_OPEN:
            raise NoAnswerError("question: too many are open")
        identity = new_token()
        answer: asyncio.Future[AnyAnswer] = asyncio.get_running_loop().create_future()
        self._open[identity] = answer
        try:
            self._send(
                Question(station=self._station, id=identity, asked_at_ms=self._clock.wall_ms(), body=body)
            )
            async with asyncio.timeout(timeout_s):
                return await answer
        except (LinkLostError, TimeoutError) as error:
            raise NoAnswerError("question: no answer") from error
        finally:
            del self._open[identity]

    def take(self, answer: Answer) -> None:
        """Hand an answer to whoever asked; one that nobody waits for any more is let go."""
        waiting = self._open.get(answer.id)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer.body)
