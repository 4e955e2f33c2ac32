"""Who answers which question, how often a station may ask, and how long an answer may take."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from cloud.store.errors import StoreError
from wire.asking import Answer, AnyAnswer, NotAnswered, Question

Handler = Callable[[str, Any], Awaitable[AnyAnswer]]
"""Answers one kind of question of a station; what it raises is told as `out-of-reach`."""

ANSWER_TIMEOUT_S: Final = 7.0
"""Less than a station waits, so that it hears why there is no answer."""

BURST: Final = 30
PER_S: Final = 3.0
"""A screen that shows a QR code asks once in two seconds; nobody types faster than this."""

MAX_STATIONS: Final = 20_000
OUT_OF_REACH: Final = NotAnswered(code="out-of-reach")
TOO_OFTEN: Final = NotAnswered(code="too-often")
NOT_YOURS: Final = NotAnswered(code="not-yours")
UNKNOWN: Final = NotAnswered(code="unknown")
NOT_OFFERED: Final = NotAnswered(code="not-offered")

_log = structlog.get_logger(__name__)


class Allowance:
    """How often each station may do something: `burst` times at once, `per_s` in the long run. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float], burst: int = BURST, per_s: float = PER_S) -> None:
        self._clock = clock
        self._burst = float(burst)
        self._per_s = per_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, station: str) -> bool:
        """Tell whether the station may do it now, and count it."""
        now_s = self._clock()
        left = self._now(station, now_s)
        may = left >= 1
        self._left.pop(station, None)
        self._left[station] = (left - 1 if may else left, now_s)
        if len(self._left) > MAX_STATIONS:
            self._left.popitem(last=False)
        return may

    def is_left(self, station: str) -> bool:
        """Tell whether the station may do it now, without counting."""
        return self._now(station, self._clock()) >= 1

    def _now(self, station: str, now_s: float) -> float:
        left, at_s = self._left.get(station, (self._burst, now_s))
        return min(self._burst, left + (now_s - at_s) * self._per_s)


class Desk:
    """The handlers, by the kind of question that they answer."""

    def __init__(self, handlers: Mapping[type, Handler], allowance: Allowance) -> None:
        self._handlers = handlers
        self._allowance = allowance

    async def answer(self, question: Question) -> Answer:
        """Answer, whatever happens; nothing of the question's content reaches the log."""
        body = await self._answered(question)
        return Answer(station=question.station, id=question.id, body=body)

    async def _answered(self, question: Question) -> AnyAnswer:
        kind = type(question.body)
        handler = self._handlers.get(kind)
        if handler is None:
            return NOT_OFFERED
        if not self._allowance.take(question.station):
            _log.warning("counter.too_often", station=question.station, kind=kind.__name__)
            return TOO_OFTEN
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await handler(question.station, question.body)
        except (TimeoutError, StoreError) as error:
            _log.warning("counter.no_answer", kind=kind.__name__, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001  a traceback could hold what was asked; the next question must be answered
            _log.error("counter.fault", kind=kind.__name__, error=type(error).__name__)
        return OUT_OF_REACH
