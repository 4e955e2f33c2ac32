"""The one thread that writes: takes everything queued, commits it as a group, and only then answers.

Order within a group: presses, then the rest as it came; deletions and memories come between groups.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from edge.journal.errors import JournalBusyError, JournalError
from edge.journal.keeper import Keeper
from edge.journal.records import Appended, NewEntry
from edge.logs import Log
from wire.topics import Lane

MAX_GROUP_ENTRIES: Final = 500
MAX_QUEUED: Final = 4_096
"""Appends that may wait for the disk; further ones are refused at once."""
RESERVED_PLACES: Final = 256
"""Beyond `MAX_QUEUED`, for presses and for tasks (deletions, memories): each has as many."""
HEAL_INTERVAL_S: Final = 1.0

_log: Final = Log(__name__)
Answer = TypeVar("Answer")
_Delivery = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """An entry in the queue, and who waits for it."""

    entry: NewEntry
    done: asyncio.Future[Appended]


class Writer:
    """Runs a `Keeper` in a thread of its own; its methods belong to the event loop that made it."""

    def __init__(self, keeper: Keeper, on_new: Callable[[], None]) -> None:
        self._keeper = keeper
        self._on_new = on_new
        self._loop = asyncio.get_running_loop()
        self._changed = threading.Condition()
        self._presses: deque[_Waiting] = deque()
        self._others: deque[_Waiting] = deque()
        self._tasks: deque[Callable[[], _Delivery]] = deque()
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="journal-writer")
        self._thread.start()

    def append(self, entry: NewEntry) -> asyncio.Future[Appended]:
        """Queue an entry; the future is done when it is on disk. Raises JournalBusyError at once when too many wait."""
        is_press = entry.lane is Lane.SOS
        queue = self._presses if is_press else self._others
        if len(self._presses) + len(self._others) >= MAX_QUEUED + (RESERVED_PLACES if is_press else 0):
            raise JournalBusyError("journal: too many appends wait for the disk")
        waiting = _Waiting(entry, self._loop.create_future())
        with self._changed:
            self._require_open()
            queue.append(waiting)
            self._changed.notify()
        return waiting.done

    def run(self, task: Callable[[], Answer]) -> asyncio.Future[Answer]:
        """Queue a task for the writing thread; the future has its answer or its JournalError."""
        if len(self._tasks) >= RESERVED_PLACES:
            raise JournalBusyError("journal: too many tasks wait for the disk")
        done: asyncio.Future[Answer] = self._loop.create_future()
        with self._changed:
            self._require_open()
            self._tasks.append(partial(_carry_out, task, done))
            self._changed.notify()
        return done

    async def close(self) -> None:
        """Write what is queued, then end the thread."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        await asyncio.to_thread(self._thread.join)

    def _require_open(self) -> None:
        if self._is_closing:
            raise JournalError("journal: closed")

    def _run(self) -> None:
        while self._wait():
            if group := self._take_group():
                self._deliver(self._commit(group))
            if self._tasks:
                self._deliver([self._tasks.popleft()()])
        self._keeper.close()

    def _wait(self) -> bool:
        """Sleep until there is work; False when there is none left and none will come."""
        with self._changed:
            while not (self._presses or self._others or self._tasks):
                if self._is_closing:
                    return False
                timeout_s = HEAL_INTERVAL_S if self._keeper.needs_healing else None
                if not self._changed.wait(timeout_s):
                    self._heal()
        return True

    def _heal(self) -> None:
        try:
            self._keeper.heal()
        except Exception:  # noqa: BLE001 - the thread must live; who appends next is told what is wrong
            _log.exception("healing failed")

    def _take_group(self) -> list[_Waiting]:
        with self._changed:
            group = [self._presses.popleft() for _ in range(min(len(self._presses), MAX_GROUP_ENTRIES))]
            places = min(len(self._others), MAX_GROUP_ENTRIES - len(group))
            return group + [self._others.popleft() for _ in range(places)]

    def _commit(self, group: list[_Waiting]) -> list[_Delivery]:
        try:
            answers = self._keeper.append([waiting.entry for waiting in group])
        except Exception as error:  # noqa: BLE001 - the thread must live; those who wait are told
            return [partial(_fail, waiting.done, error) for waiting in group]
        return [
            self._on_new,
            *(partial(_answer, waiting.done, answer) for waiting, answer in zip(group, answers, strict=True)),
        ]

    def _deliver(self, deliveries: list[_Delivery]) -> None:
        try:
            self._loop.call_soon_threadsafe(_deliver_all, deliveries)
        except RuntimeError:
            # The loop was closed without closing the journal: what is written is written.
            return


def _deliver_all(deliveries: list[_Delivery]) -> None:
    for deliver in deliveries:
        deliver()


def _carry_out(task: Callable[[], Answer], done: asyncio.Future[Answer]) -> _Delivery:
    try:
        return partial(_answer, done, task())
    except Exception as error:  # noqa: BLE001 - the thread must live; who waits is told
        return partial(_fail, done, error)


def _answer(done: asyncio.Future[Answer], answer: Answer | JournalError) -> None:
    if isinstance(answer, JournalError):
        _fail(done, answer)
    elif not done.done():
        done.set_result(answer)


def _fail(done: asyncio.Future[Answer], error: Exception) -> None:
    if not isinstance(error, JournalError):
        _log.error("unexpected failure", error=type(error).__name__)
        error = JournalError(f"journal: unexpected {type(error).__name__}")
    if not done.done():
        done.set_exception(error)
