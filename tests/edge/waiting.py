"""Waiting for something that another task, thread or process brings about."""

import asyncio
from collections.abc import Callable


async def eventually(condition: Callable[[], object], timeout_s: float = 10.0) -> None:
    """Return as soon as `condition()` is true; TimeoutError when it does not become so in time."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - what is waited for may live outside this loop
            await asyncio.sleep(0.002)
