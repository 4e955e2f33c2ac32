"""A virtual health cabin: instruments on wires and in the air, a printer, and somebody who does what the screen says.

The station cannot tell it from a real one: its own drivers talk to ptys and, through bleak, to emulated radios.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from edge.booth import RadioParts, make_devices, make_rack
from edge.clock import Clock, SystemClock
from edge.devices import BLE, Change, NewDevice
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.radio import Radio
from edge.kiosk.service import hash_pin
from edge.registry import Registry
from edge.settings import BluetoothSettings
from edge.supervise import Backoff
from tests.fakes.ble.devices import VirtualCuff, VirtualGlucoseMeter, VirtualScale, VirtualThermometer
from tests.fakes.ble.peripheral import PASSKEY, Bonding, VirtualDevice
from tests.fakes.ble.ward import VirtualWard
from tests.fakes.instruments.height_rod import VirtualHeightRod
from tests.fakes.instruments.pm6750 import VirtualPm6750
from tests.fakes.printer import FakePrinter
from wire.entries import VitalKind

PLACES: Final = {
    "cuff": "Ngăn 1",
    "thermometer": "Ngăn 2",
    "scale": "Dưới chân",
    "glucose-meter": "Ngăn 3",
    "module": "Trên tường",
    "height-rod": "Cột đo",
}
PAGES: Final = Path("dashboards/dist").resolve()
SERVICE_PIN: Final = "274915"
QUICK: Final = Backoff(first_s=0.1, limit_s=1.0)
_LIFE_YEARS: Final = 2


def cabin_sections(directory: Path, kiosk: int, rest_s: int = 1) -> str:
    """Return the settings of a cabin whose room is at `directory`."""
    return f"""
[bluetooth]
adapter = "hci0"
[cabin]
rest_s = {rest_s}
[kiosk]
port = {kiosk}
pages = "{PAGES}"
service_pin = "{hash_pin(SERVICE_PIN)}"
[printer]
port = "{directory}/printer"
baud = 115200
"""


def screen_section(_directory: Path, kiosk: int) -> str:
    """Return the settings of a screen alone."""
    return f"""
[kiosk]
port = {kiosk}
pages = "{PAGES}"
"""


class _Technician:
    """Reads the number that a virtual device shows."""

    async def passkey(self) -> int:
        return PASSKEY

    async def confirm(self, passkey: int) -> bool:
        return passkey >= 0


class Room:
    """`async with Room(directory) as room`; `pair` once, then a station with the room's radio may run.

    `pace` hurries everything below 1. Wired are a PM6750 (oxygen, and blood pressure unless there is a cuff) and a
    height rod; wireless a thermometer, a scale, a glucose meter and, if asked for, a cuff.
    """

    def __init__(self, directory: Path, *, pace: float = 1.0, has_cuff: bool = False) -> None:
        self.directory = directory
        self.pace = pace
        self.module = VirtualPm6750(directory / "module", pace=pace)
        self.rod = VirtualHeightRod(directory / "height-rod", pace=pace)
        self.printer = FakePrinter(directory / "printer")
        self.wireless: dict[str, VirtualDevice] = {
            "thermometer": VirtualThermometer("F0:00:00:00:01:02", name="Nhiệt kế", pace=pace),
            "scale": VirtualScale("F0:00:00:00:01:04", name="Cân", pace=pace),
            "glucose-meter": VirtualGlucoseMeter(
                "F0:00:00:00:01:06", name="Đường huyết", bonding=Bonding.PASSKEY, pace=pace
            ),
        }
        if has_cuff:
            self.wireless["cuff"] = VirtualCuff("F0:00:00:00:01:01", name="Vòng bít", pace=pace)
        self.ward = VirtualWard(self.wireless.values())
        self.patience = Patience(pace=pace, retry_s=0.2)
        self._stack = AsyncExitStack()

    @property
    def used_by(self) -> Mapping[VitalKind, VirtualDevice]:
        """Return the wireless device that a person uses for a kind of measurement."""
        kinds = {
            VitalKind.BLOOD_PRESSURE: "cuff",
            VitalKind.TEMPERATURE: "thermometer",
            VitalKind.WEIGHT: "scale",
            VitalKind.GLUCOSE: "glucose-meter",
        }
        return {kind: self.wireless[name] for kind, name in kinds.items() if name in self.wireless}

    def make_radio(self, settings: BluetoothSettings, clock: Clock) -> RadioParts:
        """Return the station's radio in this room (edge.booth.MakeRadio)."""
        virtual = self.ward.radio
        radio = Radio(
            settings.adapter,
            clock,
            host=virtual.host,
            pairing=virtual.pairing,
            scanner=virtual.scanner,
            client=virtual.client,
            patience=self.patience,
        )
        return RadioParts(radio, (("radio", radio.run, QUICK),))

    async def pair(self, registry_path: Path) -> None:
        """Pair everything as a technician does: switch on, find, answer, write down place and calibration."""
        registry, clock = Registry(registry_path), SystemClock()
        air = self.make_radio(BluetoothSettings(), clock)
        rack = make_rack(registry, clock, lambda _: None, air)
        desk = make_devices(registry, rack, air)
        radio = asyncio.create_task(air.radio.run(), name="pairing-radio")
        try:
            for name, device in self.wireless.items():
                await device.switch_on()
                await desk.pair(NewDevice(name, BLE, device.address, PLACES[name]), _Technician())
                await device.switch_off()
            for new in self._wired():
                await desk.pair(new, _Technician())
            today = rack.today()
            for paired in await desk.listing():
                due = date(today.year + _LIFE_YEARS, today.month, 1)
                await desk.change(paired.name, Change(calibrated_on=today, calibration_due_on=due))
        finally:
            radio.cancel()
            await asyncio.gather(radio, return_exceptions=True)

    def _wired(self) -> list[NewDevice]:
        kinds = {VitalKind.OXYGEN}
        if "cuff" not in self.wireless:
            kinds.add(VitalKind.BLOOD_PRESSURE)
        module, rod = str(self.module.path), str(self.rod.path)
        return [
            NewDevice("module", "berrymed-pm6750", module, PLACES["module"], frozenset(kinds)),
            NewDevice("height-rod", "height-rod", rod, PLACES["height-rod"]),
        ]

    async def __aenter__(self) -> Self:
        for part in (self.module, self.rod, self.printer, self.ward):
            await self._stack.enter_async_context(part)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
