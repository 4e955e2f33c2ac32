"""Between the cabin and one page's connection: what is shown now, then what changes, and a steady beat.

view      the cabin's newest view; a slow page misses the ones between
identity  the newest view of the identity session, likewise
services  the newest view of the services session, likewise
paying    the newest view of a payment, likewise
wave      a piece of the pleth wave; pieces that would come too late are dropped, oldest first
status    whether the station is connected, and how far an SOS is
beat      every two seconds, so that a page knows within seconds that it hears nothing any more
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import ExitStack
from types import MappingProxyType
from typing import Final

import msgspec

from edge.cabin.view import View, WaveView
from edge.clock import Clock
from edge.identity.view import IdentityView
from edge.kiosk.ports import CabinDesk, IdentityDesk, Link, PayingDesk, ServicesDesk, SosDesk
from edge.logs import Log
from edge.paying.view import PayingView
from edge.services.view import ServicesView
from wire.messages import SosStage

BEAT_S: Final = 2.0
LOOK_S: Final = 0.25
"""How often connection and SOS are looked at; both are in memory."""
RECONNECT_MS: Final = 500
MAX_STREAMS: Final = 4
"""One screen has one; a fifth ends the oldest, which is most likely a page that was left."""
MAX_WAVES: Final = 16
"""Pieces that wait for one page."""

Item = View | IdentityView | ServicesView | PayingView | WaveView
_NAMES: Final = MappingProxyType(
    {View: "view", IdentityView: "identity", ServicesView: "services", PayingView: "paying", WaveView: "wave"}
)

_log: Final = Log(__name__)


class Outbox:
    """What waits for one page, bounded by its nature: one view of each kind and the latest pieces of the wave."""

    def __init__(self) -> None:
        self.is_over = False
        self._views: dict[str, View | IdentityView | ServicesView | PayingView] = {}
        self._waves: deque[WaveView] = deque(maxlen=MAX_WAVES)
        self._news = asyncio.Event()

    def put(self, item: Item) -> None:
        """Take the newest; never waits."""
        if isinstance(item, WaveView):
            self._waves.append(item)
        else:
            self._views[_NAMES[type(item)]] = item
        self._news.set()

    def end(self) -> None:
        """Let the page's connection end at once."""
        self.is_over = True
        self._news.set()

    async def take(self, wait_s: float) -> list[Item]:
        """Return what waits, the views first; nothing when nothing comes within `wait_s`."""
        try:
            async with asyncio.timeout(max(0.0, wait_s)):
                await self._news.wait()
        except TimeoutError:
            return []
        self._news.clear()
        taken: list[Item] = [*self._views.values(), *self._waves]
        self._views.clear()
        self._waves.clear()
        return taken


class Streams:
    """All pages that listen now. `end_all` is for ever: each run of the server has its own."""

    def __init__(
        self,
        cabin: CabinDesk | None,
        identity: IdentityDesk | None,
        sos: SosDesk,
        link: Link,
        clock: Clock,
        *,
        services: ServicesDesk | None = None,
        paying: PayingDesk | None = None,
    ) -> None:
        self._paying = paying
        self._services = services
        self._cabin = cabin
        self._identity = identity
        self._sos = sos
        self._link = link
        self._clock = clock
        self._open: list[Outbox] = []
        self._is_over = False

    @property
    def count(self) -> int:
        """How many pages listen."""
        return len(self._open)

    def end_all(self) -> None:
        """End every stream at once, and those that come."""
        self._is_over = True
        for outbox in self._open:
            outbox.end()

    async def events(self) -> AsyncIterator[bytes]:
        """Yield one page's stream until it, the cabin or the daemon ends."""
        outbox = self._admit()
        watcher = asyncio.create_task(self._watch(outbox), name="kiosk-stream")
        try:
            with ExitStack() as following:
                if self._identity is not None:
                    following.enter_context(self._identity.follow(outbox.put))
                if self._services is not None:
                    following.enter_context(self._services.follow(outbox.put))
                if self._paying is not None:
                    following.enter_context(self._paying.follow(outbox.put))
                yield f"retry: {RECONNECT_MS}\n\n".encode()
                async for said in self._talk(outbox):
                    yield said
        finally:
            watcher.cancel()
            if outbox in self._open:
                self._open.remove(outbox)

    def _admit(self) -> Outbox:
        outbox = Outbox()
        outbox.is_over = self._is_over
        self._open.append(outbox)
        if len(self._open) > MAX_STREAMS:
            self._open.pop(0).end()
        return outbox

    async def _talk(self, outbox: Outbox) -> AsyncIterator[bytes]:
        """Yield what there is to say; what nothing happens with is looked at again soon."""
        loop = asyncio.get_running_loop()
        told: tuple[bool, SosStage | None] | None = None
        beat_at = 0.0
        while not outbox.is_over:
            said: list[bytes] = []
            if told != (told := (self._link.connected, self._sos.stage)):
                said.append(self._status(*told))
            if loop.time() >= beat_at:
                beat_at = loop.time() + BEAT_S
                said.append(_event("beat", {}))
            if said:
                yield b"".join(said)
            for item in await outbox.take(min(LOOK_S, beat_at - loop.time())):
                yield _event(_NAMES[type(item)], item)

    async def _watch(self, outbox: Outbox) -> None:
        """Bring the cabin's news into the outbox; when the cabin stops telling, the page comes again by itself."""
        if self._cabin is None:
            return
        try:
            with self._cabin.watch() as news:
                async for item in news:
                    outbox.put(item)
        except Exception:  # noqa: BLE001 - nobody awaits this task
            _log.exception("the cabin's stream failed")
        outbox.end()

    def _status(self, connected: bool, stage: SosStage | None) -> bytes:  # noqa: FBT001 - as it is compared
        sos = None if stage is None else {"stage": stage}
        return _event("status", {"online": connected, "sos": sos, "at_ms": self._clock.wall_ms()})


def _event(name: str, data: object) -> bytes:
    """Return one event (HTML, 9.2.6): JSON never holds a line break."""
    return b"event: " + name.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
