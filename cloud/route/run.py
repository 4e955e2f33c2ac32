"""The role `route`: a few loops beside each other, none of which a fault of another can stop."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from cloud.clock import now_ms, pause
from cloud.connectors.port import Connector
from cloud.requests.offices import Offices
from cloud.requests.routing import Routing
from cloud.route.assign import assign, run_clock
from cloud.route.carrier import Carrier
from cloud.route.messenger import Messenger
from cloud.route.retry import FIRST_POLL_MS
from cloud.store.engine import Store
from cloud.store.errors import StoreError

_log = structlog.get_logger(__name__)

IDLE_S: Final = 1.0
"""So long nobody looks when no bell rings: retries and promises come due without one."""

GAP_S: Final = 0.1
"""Between two looks: the bell rings for everything that stations send, most of which is no request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """All that requests go by: the table, the connectors by their names, and who sends messages.

    `first_poll_ms` after a change an outside system is asked for news.
    """

    routing: Routing
    offices: Offices
    connectors: Mapping[str, Connector]
    messenger: Messenger
    first_poll_ms: int = FIRST_POLL_MS


async def run_routing(
    store: Store, roads: Roads, stop: asyncio.Event, clock: Callable[[], int] = now_ms
) -> None:
    """Route, carry, ask for news and send messages until `stop` is set."""
    steps: dict[str, Callable[[], Awaitable[int]]] = {
        "assign": lambda: asyncio.to_thread(assign, store, roads.routing, roads.connectors, clock()),
        "clock": lambda: asyncio.to_thread(run_clock, store, roads.offices, clock()),
        "messages": lambda: asyncio.to_thread(roads.messenger.send_due),
    }
    for name, connector in roads.connectors.items():
        carrier = Carrier(store, connector, roads.offices, clock, first_poll_ms=roads.first_poll_ms)
        steps[f"carry-{name}"] = carrier.carry_due
        steps[f"poll-{name}"] = carrier.poll_due
    bells = {name: asyncio.Event() for name in steps}
    async with asyncio.TaskGroup() as group:
        group.create_task(_listen(store, bells.values(), stop), name="bell")
        for name, step in steps.items():
            guarded = partial(_guarded, name, step)
            group.create_task(_repeat(guarded, bells[name], stop), name=name)


async def _listen(store: Store, bells: Collection[asyncio.Event], stop: asyncio.Event) -> None:
    """Wake all loops when the store's bell rings, and now and then without; one thread waits for all of them."""
    with store.bell() as bell:
        while not stop.is_set():
            await asyncio.to_thread(bell.wait, IDLE_S)
            for each in bells:
                each.set()
            await pause(stop, GAP_S)
    for each in bells:
        each.set()


async def _repeat(step: Callable[[], Awaitable[int]], bell: asyncio.Event, stop: asyncio.Event) -> None:
    """Work as long as there is any, then wait for the bell."""
    while not stop.is_set():
        bell.clear()
        if not await step() and not stop.is_set():
            await bell.wait()


async def _guarded(name: str, step: Callable[[], Awaitable[int]]) -> int:
    try:
        return await step()
    except StoreError as error:
        _log.warning("route.interrupted", loop=name, error=str(error))
    except Exception:  # noqa: BLE001  # it must not end the loops beside it
        _log.exception("route.fault", loop=name)
    await asyncio.sleep(IDLE_S)
    return 0
