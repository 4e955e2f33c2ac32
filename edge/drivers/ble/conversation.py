"""What is said over one link, from its first second to its last: listened to at once, and told once it can be judged."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from edge.clock import Clock
from edge.codecs.gatt.characteristics import BATTERY_LEVEL, READ_ONCE, RECORD_ACCESS, SUBSCRIBED, events_of
from edge.codecs.gatt.device_information import merged
from edge.codecs.gatt.errors import CodecError
from edge.codecs.gatt.joiner import Joiner
from edge.codecs.instrument import About, Battery, InstrumentEvent
from edge.drivers.ble.clockwork import tend_clock
from edge.drivers.ble.errors import LinkError, SwappedError
from edge.drivers.ble.link import Link
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.records import Records
from edge.drivers.ble.sieve import Sieve, Told
from edge.logs import Log

MAX_EARLY: Final = 256
"""Values that wait until the clock is known; more are dropped and counted as damage."""
MAX_VALUES_A_SECOND: Final = 200
"""Meters send stored records at some fifty a second, everything else a few."""
MAX_SERIAL_NUMBER: Final = 60
"""Longer ones are cut in the registry."""

_log: Final = Log(__name__)
Tell = Callable[[Told], None]


class Conversation:
    """One link. `open` it, then `collect` until it is over; what passes `sieve` goes to `tell`.

    `damaged` counts values that made no sense or found no place.
    """

    def __init__(self, link: Link, clock: Clock, sieve: Sieve, patience: Patience, tell: Tell) -> None:
        self._link = link
        self._clock = clock
        self._sieve = sieve
        self._patience = patience
        self._tell = tell
        self._joiner = Joiner()
        self._records = Records(link, patience)
        self._early: list[tuple[int, bytes, int]] = []
        self._is_open = False
        self._is_over = False
        self._news = asyncio.Event()
        self._heard_ms = clock.uptime_ms()
        self._asked_ms: int | None = None
        self._second = self._in_second = 0
        self.about: About | None = None
        self.battery: int | None = None
        self.damaged = 0

    async def open(self, serial_number: str) -> None:
        """Listen to everything, get to know the device, set its clock, ask for its records.

        LinkError, BondLostError; SwappedError when it has another serial number than `serial_number` (empty: any).
        """
        self._sieve.connected(self._clock.uptime_ms())
        for number in sorted(SUBSCRIBED | {BATTERY_LEVEL}):
            await self._listen_to(number)
        await self._introduce()
        self._check_serial_number(serial_number)
        await tend_clock(self._link, self._clock, self._sieve)
        self._is_open = True
        early, self._early = self._early, []
        for number, value, at_ms in early:
            self._feed(number, value, at_ms)
        await self._fetch()

    async def collect(self, is_wanted: Callable[[], bool]) -> None:
        """Take what comes until the link ends, `stop`, or nobody wants it any more and it is silent; LinkError."""
        lost = asyncio.create_task(self._link.lost(), name="ble-link-lost")
        lost.add_done_callback(lambda _task: self.wake())
        try:
            while self._link.is_up and not self._is_over:
                self._news.clear()
                now_ms = self._clock.uptime_ms()
                wants = is_wanted()
                if not wants and now_ms - self._heard_ms >= self._patience.idle_s * 1000:
                    return
                if wants and self._may_ask(now_ms):
                    await self._fetch()
                self._let_go(now_ms)
                await self._nap(now_ms)
        finally:
            lost.cancel()
            self._let_go(self._clock.uptime_ms(), is_last=True)

    def wake(self) -> None:
        """Look again at what is wanted."""
        self._news.set()

    def stop(self) -> None:
        """End it: the radio is gone, or nobody may use the device."""
        self._is_over = True
        self._news.set()

    async def _listen_to(self, number: int) -> None:
        """Subscribe to one characteristic where there is one; a device may refuse some and be of use."""
        if not self._link.can(number, "notify", "indicate"):
            return
        try:
            await self._link.subscribe(number, partial(self._hear, number))
        except LinkError as error:
            if not self._link.is_up:
                raise
            _log.warning("a characteristic is not listened to", number=f"{number:04x}", reason=error)

    async def _introduce(self) -> None:
        """Read what the device says of itself; what it does not let read is left out."""
        for number in sorted(READ_ONCE):
            if self._link.can(number, "read"):
                try:
                    value = await self._link.read(number)
                except LinkError:
                    if not self._link.is_up:
                        raise
                    continue
                self._learn(number, value)

    def _check_serial_number(self, expected: str) -> None:
        told = "" if self.about is None else self.about.serial_number
        if expected and told and told[:MAX_SERIAL_NUMBER] != expected:
            raise SwappedError("another device answers at this address: its serial number differs")

    async def _fetch(self) -> None:
        """Ask for new records, if it keeps any; one that does not answer may still send them by itself."""
        if not self._records.are_kept:
            return
        self._asked_ms = self._clock.uptime_ms()
        try:
            if await self._records.fetch(self._sieve.newest_sequence):
                self._sieve.records_read(self._clock.uptime_ms())
        except LinkError as error:
            if not self._link.is_up:
                raise
            _log.warning("a meter does not send its records", reason=error)

    def _may_ask(self, now_ms: int) -> bool:
        return self._asked_ms is not None and now_ms - self._asked_ms >= self._patience.ask_s * 1000

    def _hear(self, number: int, value: bytes) -> None:
        self._heard_ms = self._clock.uptime_ms()
        if self._is_flood(self._heard_ms):
            self.damaged += 1
        elif self._is_open or number in {RECORD_ACCESS, BATTERY_LEVEL}:
            self._feed(number, value, self._heard_ms)
        elif len(self._early) < MAX_EARLY:
            self._early.append((number, value, self._heard_ms))
        else:
            self.damaged += 1

    def _is_flood(self, now_ms: int) -> bool:
        """Tell whether the device says more in this second than anything measured can need."""
        second = now_ms // 1000
        if second != self._second:
            self._second, self._in_second = second, 0
        self._in_second += 1
        return self._in_second > MAX_VALUES_A_SECOND

    def _feed(self, number: int, value: bytes, at_ms: int) -> None:
        try:
            events = self._joiner.feed(number, value)
        except CodecError:
            self.damaged += 1
            return
        for event in events:
            self._pass_on(number, event, at_ms)
        if number == RECORD_ACCESS:
            self._records.hear(value)
        if self._sieve.deadline_ms is not None:
            self._news.set()

    def _learn(self, number: int, value: bytes) -> None:
        try:
            events = events_of(number, value)
        except CodecError:
            self.damaged += 1
            return
        for event in events:
            self._pass_on(number, event, self._heard_ms)

    def _pass_on(self, number: int, event: InstrumentEvent, at_ms: int) -> None:
        if isinstance(event, Battery):
            self.battery = event.percent
        if isinstance(event, About):
            self.about = merged(self.about or About(), event)
        passed = self._sieve.feed(number, event, at_ms)
        if passed is not None:
            self._tell(passed)

    def _let_go(self, now_ms: int, *, is_last: bool = False) -> None:
        """Tell what has waited long enough for its like, or for its other half."""
        if is_last or now_ms - self._heard_ms >= self._patience.hold_s * 1000:
            for event in self._joiner.finish():
                self._pass_on(0, event, now_ms)
        for taken in self._sieve.due(now_ms):
            self._tell(taken)

    async def _nap(self, now_ms: int) -> None:
        limit_s = min(self._patience.hold_s, self._patience.idle_s)
        deadline_ms = self._sieve.deadline_ms
        if deadline_ms is not None:
            limit_s = min(limit_s, max(0.001, (deadline_ms - now_ms) / 1000))
        try:
            async with asyncio.timeout(limit_s):
                await self._news.wait()
        except TimeoutError:
            return
