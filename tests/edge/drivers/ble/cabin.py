"""A cabin's radio and instruments over virtual devices, with everything that was said kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from edge.codecs.gatt.characteristics import kinds_of
from edge.codecs.instrument import Failed, Live, Taken
from edge.drivers.ble.discovery import pair
from edge.drivers.ble.instrument import BleInstrument
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.radio import Radio
from edge.instrument import Back, Gone, Heard, InstrumentNews, Readiness
from edge.registry import PairedDevice
from edge.supervise import Backoff, supervise
from tests.edge.conftest import SetClock
from tests.edge.waiting import eventually
from tests.fakes.ble.peripheral import PASSKEY, VirtualDevice
from tests.fakes.ble.ward import VirtualRadio, VirtualWard
from wire.entries import DeviceChanged, DeviceState, VitalKind

QUICK = Patience(
    start_s=2.0,
    stop_s=2.0,
    connect_s=20.0,
    gatt_s=5.0,
    records_s=5.0,
    pair_s=10.0,
    retry_s=0.05,
    rest_s=0.05,
    bond_rest_s=0.3,
    hold_s=0.15,
    ask_s=0.2,
    pace=0.01,
)
PACE = 0.004
"""A virtual cuff is done in about 150 ms."""


class Technician:
    """Types what he was told to, and says yes."""

    def __init__(self, passkey: int = PASSKEY, *, agrees: bool = True) -> None:
        self._passkey = passkey
        self._agrees = agrees
        self.compared: int | None = None
        self.times_asked = 0

    async def passkey(self) -> int:
        self.times_asked += 1
        return self._passkey

    async def confirm(self, passkey: int) -> bool:
        self.compared = passkey
        return self._agrees


@dataclass
class Seat:
    """One instrument, and all that it said."""

    instrument: BleInstrument
    device: VirtualDevice
    news: list[InstrumentNews]
    notes: list[DeviceChanged]
    task: "asyncio.Task[None]"

    @property
    def kind(self) -> VitalKind:
        (kind,) = self.instrument.kinds
        return kind

    @property
    def taken(self) -> list[Taken]:
        return [item.event for item in self.news if isinstance(item, Heard) and isinstance(item.event, Taken)]

    @property
    def live(self) -> list[Live]:
        return [item.event for item in self.news if isinstance(item, Heard) and isinstance(item.event, Live)]

    @property
    def failed(self) -> list[Failed]:
        return [
            item.event for item in self.news if isinstance(item, Heard) and isinstance(item.event, Failed)
        ]

    @property
    def comings_and_goings(self) -> list[str]:
        """`back`, and the reason of each absence, in order."""
        return [
            "back" if isinstance(item, Back) else item.absence.value
            for item in self.news
            if isinstance(item, Back | Gone)
        ]

    def readiness(self) -> Readiness:
        return self.instrument.readiness

    def state(self) -> DeviceState:
        return self.instrument.health.state

    def battery(self) -> int | None:
        return self.instrument.battery

    def begin(self) -> None:
        self.instrument.begin(self.kind)

    async def ready(self) -> None:
        await eventually(lambda: self.instrument.readiness is Readiness.READY)

    async def asleep(self) -> None:
        await eventually(lambda: self.instrument.readiness is Readiness.ASLEEP)


@dataclass
class Cabin:
    """The station's side."""

    ward: VirtualWard
    virtual: VirtualRadio
    radio: Radio
    clock: SetClock
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    async def pair(self, device: VirtualDevice, technician: Technician | None = None) -> None:
        """Make a bond, and leave the device switched off."""
        await device.switch_on()
        await pair(self.radio, device.address, technician or Technician())
        await device.switch_off()

    def seat(self, device: VirtualDevice, *, name: str = "device", serial_number: str = "") -> Seat:
        """Run the instrument of a device that is paired already."""
        paired = PairedDevice(
            name=name,
            driver="ble",
            address=device.address,
            kinds=sorted(kinds_of(device.SERVICES)),
            serial_number=serial_number,
        )
        news: list[InstrumentNews] = []
        notes: list[DeviceChanged] = []
        instrument = BleInstrument(paired, self.radio, self.clock, news.append, notes.append)
        task = asyncio.create_task(instrument.run(), name=name)
        self.tasks.append(task)
        return Seat(instrument, device, news, notes, task)

    async def seated(self, device: VirtualDevice, *, serial_number: str = "") -> Seat:
        """Pair a device and run its instrument."""
        await self.pair(device)
        return self.seat(device, serial_number=serial_number)


@asynccontextmanager
async def cabin(*devices: VirtualDevice, **patience: float) -> AsyncIterator[Cabin]:
    """Have a ward with devices in it, and a radio that listens."""
    clock = SetClock()
    async with VirtualWard(devices) as ward:
        radio = radio_of(ward.radio, clock, replace(QUICK, **patience))
        run = asyncio.create_task(supervise("radio", radio.run, Backoff(0.05, 0.2)), name="radio")
        built = Cabin(ward, ward.radio, radio, clock, [run])
        try:
            yield built
        finally:
            for task in built.tasks:
                task.cancel()
            await asyncio.gather(*built.tasks, return_exceptions=True)


def radio_of(virtual: VirtualRadio, clock: SetClock, patience: Patience = QUICK) -> Radio:
    return Radio(
        "hci0",
        clock,
        host=virtual.host,
        pairing=virtual.pairing,
        scanner=virtual.scanner,
        client=virtual.client,
        patience=patience,
    )
