"""All paired instruments of a station as one: kept running, offered to the cabin, and told of to the centre.

What is paired stands in the registry, which a technician may change beside the running daemon: the rack looks whether
the file is another and takes up what is new. Each instrument runs under `supervise` of its own.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import msgspec

from edge.cabin.ports import CALM_ORDER, Offer
from edge.clock import Clock
from edge.instrument import Absence, Gone, Instrument, InstrumentNews, Listener, Readiness
from edge.logs import Log
from edge.registry import PairedDevice, Registry
from edge.supervise import Backoff, supervise
from wire.entries import Reading, VitalKind
from wire.messages import DeviceHealth

LOOK_INTERVAL_S: Final = 2.0
"""How soon a change of the registry by another process is seen."""
MAX_INSTRUMENTS: Final = 16
"""Half of what a heartbeat can name."""
BACKOFF: Final = Backoff(first_s=0.2, limit_s=10.0, healthy_after_s=10.0)

_PREFERENCE: Final = (Readiness.READY, Readiness.ASLEEP, Readiness.MISSING)

_log: Final = Log(__name__)

Build = Callable[[PairedDevice, Listener], Instrument]
"""Makes the instrument of a paired device; KeyError for a driver that this station has not."""


@dataclass(frozen=True, slots=True)
class _Slot:
    device: PairedDevice
    instrument: Instrument
    task: asyncio.Task[None]


class Rack:
    """The instruments of one station (edge.cabin.ports.Instruments). Run `run` under `supervise`."""

    def __init__(self, registry: Registry, clock: Clock, build: Build) -> None:
        self._registry = registry
        self._clock = clock
        self._build = build
        self._slots: dict[str, _Slot] = {}
        self._running: dict[VitalKind, Instrument] = {}
        self._listeners: list[Listener] = []
        self._changed = asyncio.Event()

    def attach(self, listener: Listener) -> None:
        """Tell `listener` everything from now on."""
        self._listeners.append(listener)

    def offers(self) -> list[Offer]:
        """Return what can be measured here, in a calm order."""
        today = self.today()
        return [
            Offer(kind, slot.instrument.readiness, slot.device.name, slot.device.is_overdue(today))
            for kind in CALM_ORDER
            if (slot := self._best(kind)) is not None
        ]

    def begin(self, kind: VitalKind) -> None:
        """Start one measurement with the readiest instrument; without any nothing comes."""
        self.cancel(kind)
        slot = self._best(kind)
        if slot is not None:
            self._running[kind] = slot.instrument
            slot.instrument.begin(kind)

    def cancel(self, kind: VitalKind) -> None:
        """End it at once."""
        instrument = self._running.pop(kind, None)
        if instrument is not None:
            instrument.cancel(kind)

    async def run(self) -> None:
        """Keep what is paired running; ends with all of it."""
        mark = None
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    if mark != (mark := self._registry.mark):
                        self._take_up(tasks, await asyncio.to_thread(self._registry.devices))
                    await self._wait()
        finally:
            self._slots.clear()
            self._running.clear()

    def look(self) -> None:
        """Look at the registry now: something was paired, changed or forgotten."""
        self._changed.set()

    def instrument(self, name: str) -> Instrument | None:
        """Return the running instrument of that name."""
        slot = self._slots.get(name)
        return None if slot is None else slot.instrument

    def health(self) -> list[DeviceHealth]:
        """Return how all of them are, for the heartbeat."""
        today = self.today()
        return [
            msgspec.structs.replace(slot.instrument.health, calibration_overdue=slot.device.is_overdue(today))
            for slot in self._slots.values()
        ]

    def readings(self) -> Iterator[Reading]:
        """Return what they say of their charge and signal, for telemetry."""
        for name, slot in self._slots.items():
            for measure, value in (
                ("battery-level", slot.instrument.battery),
                ("signal-strength", slot.instrument.signal_dbm),
            ):
                if value is not None:
                    yield Reading(measure=measure, value=value, sensor=name)

    def today(self) -> date:
        """Return the day that calibrations are judged by."""
        return datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC).date()

    async def _wait(self) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(LOOK_INTERVAL_S):
                await self._changed.wait()
        except TimeoutError:
            return

    def _take_up(self, tasks: asyncio.TaskGroup, devices: list[PairedDevice]) -> None:
        """Start what is new, end what is gone; what was changed is both, save for words that no driver reads."""
        wanted = {device.name: device for device in devices}
        for name, slot in list(self._slots.items()):
            if name not in wanted or _essence(wanted[name]) != _essence(slot.device):
                self._end(name)
        for name, device in wanted.items():
            if name in self._slots:
                self._slots[name] = _Slot(device, self._slots[name].instrument, self._slots[name].task)
            elif len(self._slots) < MAX_INSTRUMENTS:
                self._start(tasks, device)
            else:
                _log.error("too many devices are paired", device=name, most=MAX_INSTRUMENTS)

    def _start(self, tasks: asyncio.TaskGroup, device: PairedDevice) -> None:
        try:
            instrument = self._build(device, self._hear)
        except KeyError:
            _log.error(
                "this station has no driver for a paired device", device=device.name, driver=device.driver
            )
            return
        task = tasks.create_task(supervise(device.name, instrument.run, BACKOFF), name=device.name)
        self._slots[device.name] = _Slot(device, instrument, task)

    def _end(self, name: str) -> None:
        slot = self._slots.pop(name)
        slot.task.cancel()
        for kind in [kind for kind, running in self._running.items() if running is slot.instrument]:
            del self._running[kind]
            self._hear(Gone(name, kind, Absence.LOST))

    def _hear(self, news: InstrumentNews) -> None:
        for listener in self._listeners:
            listener(news)

    def _best(self, kind: VitalKind) -> _Slot | None:
        """Return the readiest of those that measure `kind`, the first by name among equals."""
        able = [slot for slot in self._slots.values() if kind in slot.instrument.kinds]
        return min(able, key=lambda slot: _PREFERENCE.index(slot.instrument.readiness), default=None)


def _essence(device: PairedDevice) -> Mapping[str, object]:
    """Return what a driver is made from; place and dates may change while it runs."""
    return {
        name: getattr(device, name)
        for name in ("name", "driver", "address", "kinds", "model", "serial_number")
    }
