"""The technician's desk: find, pair, test, change and forget the instruments of a station.

The service page and the command line both work here. Whatever is changed stands in the registry before it is told, and
the rack takes it up by itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import UNSET, UnsetType

from edge.codecs.instrument import About
from edge.drivers.serial_ports import PortFound, list_ports
from edge.errors import EdgeError
from edge.instrument import Readiness
from edge.rack import MAX_INSTRUMENTS, Rack
from edge.registry import Label, PairedDevice, Registry
from wire.entries import VitalKind

if TYPE_CHECKING:  # a station without a radio shall not load the library of one
    from edge.drivers.ble.discovery import Found, Paired
    from edge.drivers.ble.ports import PairingAnswers

BLE: Final = "ble"
"""The driver of everything that was paired by Bluetooth."""
SCAN_S: Final = 10.0
TEST_S: Final = 30.0
"""How long a technician has to switch a wireless instrument on."""
_LOOK_S: Final = 0.1

ScanAir = Callable[[float], Awaitable[Sequence["Found"]]]
PairByAir = Callable[[str, "PairingAnswers"], Awaitable["Paired"]]


class DeviceProblem(StrEnum):
    """Why a technician's wish cannot be done; each has one thing that he can do."""

    UNSUPPORTED = "unsupported"
    """No driver for it, or it measures nothing that a cabin knows."""
    NO_RADIO = "radio"
    ALREADY_PAIRED = "already-paired"
    FULL = "full"
    INVALID = "invalid"
    """One of the words that he wrote."""
    UNKNOWN_DEVICE = "not-found"


class DeviceError(EdgeError):
    """What a technician asked for cannot be done; the text says what would help."""

    def __init__(self, text: str, problem: DeviceProblem) -> None:
        super().__init__(text)
        self.problem = problem


class UnknownDeviceError(DeviceError):
    """No device of that name is paired."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no device is called {name}", DeviceProblem.UNKNOWN_DEVICE)


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What may be changed of a paired device; what is left out stays."""

    place: Label | UnsetType = UNSET
    serial_number: Label | UnsetType = UNSET
    calibrated_on: date | UnsetType | None = UNSET
    calibration_due_on: date | UnsetType | None = UNSET


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be paired: wireless devices that were heard, strongest first, and serial ports."""

    found: Sequence["Found"]
    paired: frozenset[str]
    """Addresses that are paired already."""
    ports: Sequence[PortFound]


@dataclass(frozen=True, slots=True)
class TestResult:
    """Whether an instrument answered within the time, and what it said of itself."""

    is_ok: bool
    about: About | None
    battery: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Air:
    """The radio as the desk uses it."""

    scan: ScanAir
    pair: PairByAir


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a technician says of a device to be paired; `kinds` only where the driver leaves a choice."""

    name: str
    driver: str
    address: str
    place: str = ""
    kinds: frozenset[VitalKind] = field(default_factory=frozenset)


class Devices:
    """The desk of one station; without `air` there is no radio. `drivers` are the serial ones and what each measures."""

    def __init__(
        self,
        registry: Registry,
        rack: Rack,
        drivers: Mapping[str, frozenset[VitalKind]],
        air: Air | None = None,
    ) -> None:
        self._registry = registry
        self._rack = rack
        self._drivers = drivers
        self._air = air

    @property
    def rack(self) -> Rack:
        """The instruments themselves."""
        return self._rack

    @property
    def drivers(self) -> list[str]:
        """Return the names of what can be paired here."""
        return [*([BLE] if self._air else []), *sorted(self._drivers)]

    async def listing(self) -> list[PairedDevice]:
        """Return all that are paired, by name."""
        return await asyncio.to_thread(self._registry.devices)

    async def look_around(self, seconds: float = SCAN_S) -> Surroundings:
        """Listen for `seconds` and look at the serial ports; what is switched off is not heard."""
        found = await self._air.scan(seconds) if self._air else ()
        paired = frozenset(device.address.upper() for device in await self.listing())
        return Surroundings(found, paired, await asyncio.to_thread(list_ports))

    async def pair(self, new: NewDevice, answers: "PairingAnswers") -> PairedDevice:
        """Pair a device and keep it; DeviceError, or BleError when the device or the answer is at fault."""
        await self._require_room(new)
        if new.driver == BLE:
            device = await self._pair_by_air(new, answers)
        elif new.driver in self._drivers:
            device = _checked(new, kinds=self._drivers[new.driver])
        else:
            raise DeviceError(
                f"no driver {new.driver}; there are {', '.join(self.drivers)}", DeviceProblem.UNSUPPORTED
            )
        await asyncio.to_thread(self._registry.pair, device)
        self._rack.look()
        return device

    async def change(self, name: str, change: Change) -> PairedDevice:
        """Change what is said of a device; it goes on running."""
        changes = {
            key: value for key in change.__struct_fields__ if (value := getattr(change, key)) is not UNSET
        }
        device = msgspec.structs.replace(await self._known(name), **changes)
        await asyncio.to_thread(self._registry.pair, device)
        self._rack.look()
        return device

    async def forget(self, name: str) -> None:
        """Drop a device from the station. The bond stays with the radio: pairing it again replaces it."""
        await self._known(name)
        await asyncio.to_thread(self._registry.forget_device, name)
        self._rack.look()

    async def test(self, name: str, timeout_s: float = TEST_S) -> TestResult:
        """Wait until the instrument answers, at most `timeout_s`; a wireless one has to be switched on meanwhile."""
        await self._known(name)
        try:
            async with asyncio.timeout(timeout_s):
                while not self._answers(name):  # noqa: ASYNC110  # readiness is the driver's own, without an event
                    await asyncio.sleep(_LOOK_S)
        except TimeoutError:
            return self._result(name, is_ok=False)
        return self._result(name, is_ok=True)

    def _answers(self, name: str) -> bool:
        instrument = self._rack.instrument(name)
        return instrument is not None and instrument.readiness is Readiness.READY

    def _result(self, name: str, *, is_ok: bool) -> TestResult:
        instrument = self._rack.instrument(name)
        if instrument is None:
            return TestResult(
                is_ok=False, about=None, battery=None, detail="this station has no driver for it"
            )
        return TestResult(is_ok, instrument.about, instrument.battery, instrument.health.detail)

    async def _require_room(self, new: NewDevice) -> None:
        others = [device for device in await self.listing() if device.name != new.name]
        if len(others) >= MAX_INSTRUMENTS:
            raise DeviceError(
                f"{MAX_INSTRUMENTS} devices are paired already: forget one first", DeviceProblem.FULL
            )
        for device in others:
            if device.address.upper() == new.address.upper():
                raise DeviceError(
                    f"this device is paired already, as {device.name}", DeviceProblem.ALREADY_PAIRED
                )

    async def _pair_by_air(self, new: NewDevice, answers: "PairingAnswers") -> PairedDevice:
        if self._air is None:
            raise DeviceError(
                "this station has no radio: write the section [bluetooth]", DeviceProblem.NO_RADIO
            )
        paired = await self._air.pair(new.address, answers)
        if not paired.kinds:
            raise DeviceError(
                "this device offers no measurement that a cabin knows", DeviceProblem.UNSUPPORTED
            )
        return _checked(new, kinds=paired.kinds, about=paired.about)

    async def _known(self, name: str) -> PairedDevice:
        for device in await self.listing():
            if device.name == name:
                return device
        raise UnknownDeviceError(name)


def _checked(new: NewDevice, *, kinds: frozenset[VitalKind], about: About | None = None) -> PairedDevice:
    """Return the device as the registry keeps it; DeviceError names what is wrong with its words."""
    wanted = {
        "name": new.name,
        "driver": new.driver,
        "address": new.address,
        "place": new.place,
        "kinds": sorted(new.kinds & kinds or kinds),
        "manufacturer": about.manufacturer[:60] if about else "",
        "model": about.model[:60] if about else "",
        "serial_number": about.serial_number[:60] if about else "",
    }
    try:
        return msgspec.convert(wanted, PairedDevice)
    except msgspec.ValidationError as error:
        key = str(error).rpartition("$.")[2].strip("`")
        raise DeviceError(_WRONG.get(key, str(error)), DeviceProblem.INVALID) from error


_WRONG: Final = {
    "name": "a name is 1 to 64 of a-z, 0-9, dot and hyphen",
    "address": "an address has at most 200 characters",
    "place": "a place has at most 60 characters",
}
