"""The breaker around real calls: a time-out for each attempt, a few attempts, pauses with jitter, never while open."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from cloud.connectors.breaker import Breaker, Policy, admit, failed, new_breaker, pay_retry, succeeded
from cloud.connectors.errors import AnswerError, BreakerOpenError, OutOfReachError

ATTEMPTS: Final = 3
FIRST_PAUSE_S: Final = 0.2

T = TypeVar("T")


def _uptime_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Guard:
    """One for each outside system, shared by all that ask it. `name` stands in errors."""

    def __init__(
        self,
        name: str,
        *,
        timeout_s: float,
        policy: Policy | None = None,
        clock: Callable[[], int] = _uptime_ms,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._name = name
        self._timeout_s = timeout_s
        self._policy = policy or Policy()
        self._breaker = new_breaker(self._policy)
        self._clock = clock
        self._pause = pause
        self._jitter = jitter

    @property
    def breaker(self) -> Breaker:
        """How the system did so far."""
        return self._breaker

    async def call(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Return what `attempt` gives; it is repeated after OutOfReachError, so what it asks must bear repeating.

        BreakerOpenError when nobody is let through, OutOfReachError when the last attempt failed. AnswerError means
        that the system is there: it is passed on, and does not open the breaker.
        """
        for number in range(ATTEMPTS):
            try:
                return await self._once(attempt)
            except BreakerOpenError:
                raise
            except OutOfReachError:
                if number + 1 == ATTEMPTS or not self._may_retry():
                    raise
            await self._pause(FIRST_PAUSE_S * 2**number * (0.5 + self._jitter()))
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, attempt: Callable[[], Awaitable[T]]) -> T:
        admitted = admit(self._breaker, self._policy, self._clock())
        if admitted is None:
            raise BreakerOpenError(f"{self._name}: failed too often, not asked now")
        self._breaker = admitted
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await attempt()
        except (TimeoutError, OutOfReachError) as error:
            self._breaker = failed(self._breaker, self._policy, self._clock())
            raise OutOfReachError(f"{self._name}: no answer") from error
        except AnswerError:
            self._breaker = succeeded(self._breaker, self._policy)
            raise
        self._breaker = succeeded(self._breaker, self._policy)
        return answer

    def _may_retry(self) -> bool:
        paid = pay_retry(self._breaker)
        if paid is not None:
            self._breaker = paid
        return paid is not None
