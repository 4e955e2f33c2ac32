"""Keeps a driver running: whatever ends it is logged, waited out and started again, and never reaches its siblings.

The wait grows from one failure to the next and carries jitter, so that a fleet does not come back in one beat; a run
that lasted is forgiven what went before. Cancelling the supervisor cancels the run and ends both.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from edge.errors import EdgeError
from edge.logs import Log

_log: Final = Log(__name__)


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait after the n-th failure in a row: `first_s`, doubled each time, never above `limit_s`.

    `jitter` is the share by which a wait may be shorter. A run of `healthy_after_s` starts the count anew.
    """

    first_s: float = 0.5
    limit_s: float = 30.0
    jitter: float = 0.3
    healthy_after_s: float = 30.0

    def wait_s(self, failures: int, chance: float) -> float:
        """Return the wait after `failures` >= 1 failures in a row; `chance` is uniform in [0, 1)."""
        full_s = self.first_s * (1 << min(failures - 1, 16))
        return min(full_s, self.limit_s) * (1 - self.jitter * chance)


async def supervise(
    name: str,
    run: Callable[[], Awaitable[None]],
    backoff: Backoff,
    *,
    fatal: tuple[type[Exception], ...] = (),
) -> None:
    """Run `run` for ever; return never, raise CancelledError and what is `fatal` only.

    A failure that repeats itself is logged at its first, second, fourth, eighth... time.
    """
    failures = repeats = 0
    last = ""
    while True:
        started_s = time.monotonic()
        reason = await _run_once(name, run, fatal)
        if time.monotonic() - started_s >= backoff.healthy_after_s:
            failures = repeats = 0
        failures += 1
        repeats = repeats + 1 if reason == last else 1
        last = reason
        wait_s = backoff.wait_s(failures, random.random())
        if repeats & (repeats - 1) == 0:
            _log.warning("restarting", part=name, reason=reason, wait_s=round(wait_s, 2), times=repeats)
        await asyncio.sleep(wait_s)


async def _run_once(name: str, run: Callable[[], Awaitable[None]], fatal: tuple[type[Exception], ...]) -> str:
    """Return why the run ended; an expected error is one line, a mistake of ours has its traceback."""
    try:
        await run()
    except Exception as error:
        cause = first_cause(error)
        if isinstance(cause, fatal):
            raise
        if isinstance(cause, EdgeError | OSError):
            return f"{type(cause).__name__}: {cause}"
        _log.exception("unexpected failure", part=name)
        return type(cause).__name__
    return "it returned"


def first_cause(error: BaseException) -> BaseException:
    """Return what a task group wrapped."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
