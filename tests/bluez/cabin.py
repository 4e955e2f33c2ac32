"""The station's wireless instruments in the tiny machine: the real radio over bleak's BlueZ backend, and a technician."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from edge.clock import SystemClock
from edge.codecs.instrument import Taken
from edge.drivers.ble.discovery import Paired, pair
from edge.drivers.ble.instrument import BleInstrument
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.radio import Radio
from edge.instrument import Gone, Heard, InstrumentNews, Readiness
from edge.registry import PairedDevice
from edge.supervise import Backoff, supervise
from tests.bluez.inside import Station, until
from tests.fakes.ble.peripheral import PASSKEY, VirtualDevice
from wire.entries import VitalKind

PACE: Final = 0.1
"""How much faster than real ones the virtual devices measure."""
PATIENCE: Final = Patience(
    connect_s=60.0, stale_s=30.0, gatt_s=20.0, answer_s=120.0, rest_s=1.0, bond_rest_s=1.0, pace=PACE
)
"""A machine without acceleration takes its time."""
_BACKOFF: Final = Backoff(first_s=0.5, limit_s=2.0)


@dataclass(slots=True)
class Technician:
    """Answers what the station asks while he pairs."""

    number: int = PASSKEY
    agrees: bool = True
    asked: list[str] = field(default_factory=list)

    async def passkey(self) -> int:
        """Type the number."""
        self.asked.append("passkey")
        return self.number

    async def confirm(self, passkey: int) -> bool:
        """Compare the numbers."""
        self.asked.append(f"confirm {passkey:06}")
        return self.agrees


@dataclass(slots=True)
class Cabin:
    """A radio and what is heard over it."""

    station: Station
    radio: Radio
    news: list[InstrumentNews] = field(default_factory=list)

    async def pair(self, device: VirtualDevice, technician: Technician) -> Paired:
        """Pair a device that is switched on, as a technician does; PairingError when it does not work."""
        return await pair(self.radio, device.address, technician)

    @asynccontextmanager
    async def instrument(
        self, name: str, device: VirtualDevice, kind: VitalKind
    ) -> AsyncIterator[BleInstrument]:
        """Have a paired device as an instrument."""
        paired = PairedDevice(
            name=name, driver="ble", address=device.address, kinds=[kind], calibrated_on=date(2026, 1, 2)
        )
        instrument = BleInstrument(
            paired,
            self.radio,
            SystemClock(),
            self.news.append,
            print,
        )
        task = asyncio.create_task(supervise(name, instrument.run, _BACKOFF), name=name)
        try:
            yield instrument
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def measure(self, instrument: BleInstrument, device: VirtualDevice) -> dict[str, Any]:
        """Measure once, from the wish to the result: the values by measure."""
        [kind] = instrument.kinds
        before = len(self.news)
        instrument.begin(kind)
        await until(lambda: instrument.readiness is Readiness.READY)
        await device.measure()
        await until(lambda: self.results(instrument, before))
        instrument.cancel(kind)
        taken = self.results(instrument, before)[-1]
        return {measure: None if value is None else float(value) for measure, value in taken.values.items()}

    def results(self, instrument: BleInstrument, since: int = 0) -> list[Taken]:
        """What it has measured."""
        return [
            item.event
            for item in self.news[since:]
            if isinstance(item, Heard) and item.device == instrument.name and isinstance(item.event, Taken)
        ]

    def absences(self, instrument: BleInstrument) -> list[str]:
        """Why it did not come, in order."""
        return [
            str(item.absence)
            for item in self.news
            if isinstance(item, Gone) and item.device == instrument.name
        ]


@asynccontextmanager
async def running_cabin(station: Station) -> AsyncIterator[Cabin]:
    """Listen with the station's adapter."""
    radio = Radio("hci0", SystemClock(), host=station.host, pairing=station.agent, patience=PATIENCE)
    task = asyncio.create_task(supervise("radio", radio.run, _BACKOFF), name="radio")
    try:
        yield Cabin(station, radio)
    finally:
        task.cancel()
        await asyncio.wait([task])
