"""A role's sign of life in the store, which the metrics show the age of."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from cloud.clock import pause
from cloud.store import beats
from cloud.store.engine import Store
from cloud.store.errors import StoreError

BEAT_S: Final = 5.0

_log = structlog.get_logger(__name__)


async def keep_beating(name: str, store: Store, stop: asyncio.Event, clock: Callable[[], int]) -> None:
    """Say again and again that `name` works, until `stop` is set; a store that is away is no reason to end."""
    while not stop.is_set():
        try:
            await asyncio.to_thread(_beat, store, name, clock())
        except StoreError as error:
            _log.warning("alive.silent", name=name, error=str(error))
        await pause(stop, BEAT_S)


def _beat(store: Store, name: str, at_ms: int) -> None:
    with store.writing() as connection:
        beats.beat(connection, name, at_ms)
