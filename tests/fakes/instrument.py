"""An instrument that does what a test says."""

import asyncio

from edge.codecs.instrument import About, InstrumentEvent
from edge.instrument import Absence, Back, Gone, Heard, Listener, Readiness
from edge.registry import PairedDevice
from wire.entries import DeviceState, VitalKind
from wire.messages import DeviceHealth


class FakeInstrument:
    """An `Instrument` of a paired device; `runs` counts its lives, `log` what was asked of it."""

    def __init__(self, device: PairedDevice, hear: Listener) -> None:
        self.device = device
        self.readiness = Readiness.READY
        self.battery: int | None = None
        self.signal_dbm: int | None = None
        self.about: About | None = None
        self.runs = 0
        self.is_running = False
        self.log: list[str] = []
        self._hear = hear
        self._failure = asyncio.Event()

    @property
    def name(self) -> str:
        return self.device.name

    @property
    def kinds(self) -> frozenset[VitalKind]:
        return frozenset(self.device.kinds)

    @property
    def health(self) -> DeviceHealth:
        state = DeviceState.LOST if self.readiness is Readiness.MISSING else DeviceState.OK
        return DeviceHealth(device=self.name, state=state)

    def begin(self, kind: VitalKind) -> None:
        self.log.append(f"begin {kind}")

    def cancel(self, kind: VitalKind) -> None:
        self.log.append(f"cancel {kind}")

    def say(self, event: InstrumentEvent) -> None:
        self._hear(Heard(self.name, event))

    def leave(self, kind: VitalKind, absence: Absence = Absence.LOST) -> None:
        self._hear(Gone(self.name, kind, absence))

    def come_back(self, kind: VitalKind) -> None:
        self._hear(Back(self.name, kind))

    def fail(self) -> None:
        """End this life of it as an unplugged cable does."""
        self._failure.set()

    async def run(self) -> None:
        self.runs += 1
        self.is_running = True
        try:
            await self._failure.wait()
            self._failure.clear()
            raise OSError(5, "unplugged")
        finally:
            self.is_running = False
