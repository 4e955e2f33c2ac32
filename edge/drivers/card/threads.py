"""Blocking work in a thread of its own.

PC/SC may block for as long as pcscd likes, so such a thread is not waited for at the program's end, and takes no place in a
pool from anybody.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TypeVar

T = TypeVar("T")


def in_thread(name: str, work: Callable[[], T]) -> asyncio.Future[T]:
    """Start `work`; return the future of what comes of it. Cancelling the future does not end the thread."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell(settle: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if future.done() else settle())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - whoever waits has it
            tell(partial(future.set_exception, error))
        else:
            tell(partial(future.set_result, result))

    future.add_done_callback(_retrieve)
    threading.Thread(target=run, name=name, daemon=True).start()
    return future


def _retrieve(future: asyncio.Future[T]) -> None:
    """Look at the failure: whoever was to wait for it may have been cancelled."""
    if not future.cancelled():
        future.exception()
