"""The role `counter`, put together."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

from cloud.alive import keep_beating
from cloud.clock import now_ms
from cloud.counter.desk import Allowance, Desk, Handler
from cloud.counter.line import listen
from cloud.settings import Settings, SettingsError
from cloud.store.engine import Store

NAME: Final = "counter"


async def run_counter(
    settings: Settings,
    store: Store,
    stop: asyncio.Event,
    clock: Callable[[], int] = now_ms,
) -> None:
    """Answer what stations ask until `stop` is set; SettingsError when it has no certificate."""
    chosen = settings.counter
    if chosen is None:
        raise SettingsError(["counter: missing: it names the certificate that the role connects with"])
    desk = Desk(_handlers(), Allowance(time.monotonic))
    async with asyncio.TaskGroup() as group:
        group.create_task(keep_beating(NAME, store, stop, clock), name="beat")
        listening = group.create_task(
            listen(settings.broker, chosen.certificate, chosen.key, desk.answer), name="listening"
        )
        await stop.wait()
        listening.cancel()


def _handlers() -> Mapping[type, Handler]:
    return {}
