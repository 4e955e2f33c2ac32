"""An instrument of the cabin on a serial line: one driver for all protocols of edge.codecs.serial.

It keeps the line open, tells what was begun and nothing else, and says when an instrument that is waited for does not
come: `SILENT` after the protocol's patience or quiet time, `LOST` when the cable is out. What was begun is begun again as
soon as the line is open again. One task reads; one timer asks, thins, and watches the silence.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from edge.clock import Clock
from edge.codecs.instrument import (
    About,
    Battery,
    Damage,
    DeviceTime,
    Failed,
    InstrumentEvent,
    Live,
    Taken,
    Wave,
)
from edge.drivers.begun import Begun
from edge.drivers.device import Device
from edge.drivers.pace import Allowance, Pace
from edge.drivers.serial_drivers import SERIAL_DRIVERS
from edge.drivers.serial_port import PortError, SerialPort, open_port
from edge.instrument import Absence, Heard, Listener, Readiness
from edge.logs import Log
from edge.registry import PairedDevice
from edge.supervise import Backoff
from wire.entries import DeviceChanged, VitalKind
from wire.messages import DeviceHealth

__all__ = ["BACKOFF", "SERIAL_DRIVERS", "InstrumentSilentError", "SerialInstrument"]

BACKOFF: Final = Backoff(first_s=0.2, limit_s=5.0, healthy_after_s=10.0)
"""A person sits and waits; five seconds are what they watch a cable for."""
LINE_HEADROOM: Final = 2
"""A USB device may speak so many times as fast as its line would carry; the rest is dropped."""
BABBLE_PAUSE_S: Final = 0.01
"""So long nothing is read from one that goes beyond it: dropping costs next to nothing."""
BITS_A_BYTE: Final = 10

_log: Final = Log(__name__)


class InstrumentSilentError(PortError):
    """The line is open and nothing that makes sense comes over it."""


class SerialInstrument:
    """One paired device on a serial line (edge.instrument.Instrument). Run `run` under `supervise`.

    Raise KeyError for a driver that SERIAL_DRIVERS does not have.
    """

    battery: Final = None
    signal_dbm: Final = None

    def __init__(
        self,
        device: PairedDevice,
        clock: Clock,
        hear: Listener,
        note: Callable[[DeviceChanged], None],
    ) -> None:
        self._paired = device
        self._clock = clock
        self._hear = hear
        self._protocol = SERIAL_DRIVERS[device.driver]()
        self._traits = self._protocol.traits
        self._device = Device(device.name, clock, note)
        self._pace = Pace()
        self._begun = Begun(
            device.name, hear, patience_ms=self._traits.patience_ms, quiet_ms=self._traits.quiet_ms
        )
        self._port: SerialPort | None = None
        self._absence = Absence.LOST
        self._timer: asyncio.TimerHandle | None = None
        self._about: About | None = None
        self._heard_ms: int | None = None
        self._stale_ms = 0

    @property
    def name(self) -> str:
        """The name that it was paired under."""
        return self._paired.name

    @property
    def kinds(self) -> frozenset[VitalKind]:
        """What its protocol measures, and of that what it was paired for, if anything was named."""
        able = self._traits.kinds
        return able & frozenset(self._paired.kinds) if self._paired.kinds else able

    @property
    def readiness(self) -> Readiness:
        """READY while it is heard; ASLEEP while only its cable is there and the person switches it on."""
        if self._port is None:
            return Readiness.MISSING
        if self._heard_ms is not None and self._clock.uptime_ms() - self._heard_ms <= self._traits.quiet_ms:
            return Readiness.READY
        return Readiness.ASLEEP if self._traits.sleeps else Readiness.MISSING

    @property
    def health(self) -> DeviceHealth:
        """How it is, for the heartbeat."""
        return self._device.health

    @property
    def about(self) -> About | None:
        """What it has said of itself."""
        return self._about

    def begin(self, kind: VitalKind) -> None:
        """Start one measurement; without a line it is told as LOST, as soon as the caller has returned."""
        if kind not in self.kinds:
            return
        now_ms = self._clock.uptime_ms()
        self._pace.forget(kind)
        self._begun.begin(kind, now_ms)
        if self._port is None:
            asyncio.get_running_loop().call_soon(self._watch, now_ms)
            return
        self._send(self._protocol.begin(kind, now_ms))
        self._arm(now_ms)

    def cancel(self, kind: VitalKind) -> None:
        """End it at once: a cuff deflates, nothing is told afterwards."""
        self._pace.forget(kind)
        self._begun.end(kind)
        if kind in self.kinds:
            self._send(self._protocol.cancel(kind))

    async def run(self) -> None:
        """Serve the line until it fails; raises PortError. However it ends, a cuff is told to deflate."""
        traits = self._traits
        try:
            async with open_port(self._paired.address, traits.baud, traits.parity) as port:
                self._opened(port)
                try:
                    await self._serve(port)
                finally:
                    self._stop(port)
        except PortError as error:
            self._failed(error)
            raise
        finally:
            self._port = None
            if self._timer is not None:
                self._timer.cancel()

    async def _serve(self, port: SerialPort) -> None:
        allowance = Allowance(LINE_HEADROOM * self._traits.baud // BITS_A_BYTE)
        while True:
            data = await port.read()
            allowed = allowance.take(len(data), self._clock.uptime_ms())
            self._take(data[len(data) - allowed :])
            if allowed < len(data):
                _log.debug("faster than its line", device=self.name, dropped=len(data) - allowed)
                await asyncio.sleep(BABBLE_PAUSE_S)

    def _opened(self, port: SerialPort) -> None:
        """Start the protocol anew, and with it what was begun."""
        now_ms = self._clock.uptime_ms()
        self._port = port
        self._heard_ms = None
        self._stale_ms = now_ms + self._traits.patience_ms
        self._send(self._protocol.open(now_ms))
        self._begun.restart(now_ms)
        for kind, since_ms in self._begun:
            self._send(self._protocol.begin(kind, since_ms))
        if self._traits.sleeps:
            self._device.ok("its cable is there")
        self._tick()

    def _stop(self, port: SerialPort) -> None:
        for kind, _ in self._begun:
            with suppress(PortError):
                port.write(self._protocol.cancel(kind))

    def _failed(self, error: PortError) -> None:
        """Tell whoever waits; a line that was silent is not called lost just because it is opened anew."""
        self._port = None
        self._absence = Absence.SILENT if isinstance(error, InstrumentSilentError) else Absence.LOST
        self._device.lost(str(error))
        self._watch(self._clock.uptime_ms())

    def _send(self, data: bytes) -> None:
        if self._port is None or not data:
            return
        try:
            self._port.write(data)
        except PortError as error:
            self._port.give_up(error)

    def _take(self, data: bytes) -> None:
        now_ms = self._clock.uptime_ms()
        before = self._protocol.frames
        events = self._protocol.feed(data)
        if self._protocol.frames != before:
            self._heard_ms = now_ms
            self._stale_ms = now_ms + self._traits.quiet_ms
            self._device.ok(self._describe())
        for event in events:
            self._notice(event, now_ms)
        self._tick()

    def _describe(self) -> str:
        about = self._about
        return "" if about is None else f"{about.manufacturer} {about.model} {about.firmware}".strip()

    def _notice(self, event: InstrumentEvent, now_ms: int) -> None:
        match event:
            case Live(kind) if self._begun.expects(kind, now_ms):
                self._pace.hold(event)
            case Wave() if VitalKind.OXYGEN in self._begun:
                self._pace.hold(event)
            case Taken(kind) | Failed(kind) if self._begun.expects(kind, now_ms):
                self._begun.end(kind)
                self._pace.forget(kind)
                self._hear(Heard(self.name, event))
            case About():
                self._about = event
            case Damage(reason, size):
                _log.debug("damaged bytes", device=self.name, reason=reason.value, size=size)
            case Battery() | Live() | Wave() | Taken() | Failed():
                return

    def _tick(self) -> None:
        """Do what is due: tell what was held, notice silence, ask."""
        now_ms = self._clock.uptime_ms()
        for event in self._pace.due(now_ms):
            self._hear(Heard(self.name, event))
        self._watch(now_ms)
        poll_ms = self._protocol.next_poll_ms
        if poll_ms is not None and poll_ms <= now_ms:
            self._send(self._protocol.poll(now_ms, _local_time(self._clock.wall_ms())))
        self._arm(now_ms)

    def _watch(self, now_ms: int) -> None:
        """Notice who is not there; a cuff that says nothing any more is told to deflate."""
        if self._port is None:
            self._begun.lose(self._absence)
            return
        for kind in self._begun.watch(now_ms):
            if not self._traits.sleeps:
                self._send(self._protocol.cancel(kind))
        if not self._traits.sleeps and now_ms >= self._stale_ms:
            self._port.give_up(InstrumentSilentError(f"{self._port.path}: nothing that makes sense is heard"))

    def _arm(self, now_ms: int) -> None:
        """Let the next tick come when the first of what waits is due."""
        if self._timer is not None:
            self._timer.cancel()
        if self._port is None:
            return
        stale_ms = None if self._traits.sleeps else self._stale_ms
        waiting = (self._begun.next_ms, self._protocol.next_poll_ms, self._pace.next_ms, stale_ms)
        times = [at_ms for at_ms in waiting if at_ms is not None]
        if times:
            wait_ms = max(1, min(times) - now_ms)
            self._timer = asyncio.get_running_loop().call_later(wait_ms / 1000, self._tick)


def _local_time(wall_ms: int) -> DeviceTime:
    at = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone()
    return DeviceTime(at.year, at.month, at.day, at.hour, at.minute, at.second)
