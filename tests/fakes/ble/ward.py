"""A station's radio without a radio, and the room of virtual devices around it.

`VirtualRadio` is what the station sees: backends for bleak, and the two ports that BlueZ otherwise answers.
`VirtualWard` adds the air and the devices, all in this process's loop; with a transport's name in place of the air the
devices may live in another process (bumble's controllers).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Final, Self

from bleak.exc import BleakError
from bumble.device import Device
from bumble.pairing import PairingConfig, PairingDelegate

from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.ports import PairingAnswers, PresenceListener
from tests.fakes.ble.air import Air, powered_device
from tests.fakes.ble.backend import backends
from tests.fakes.ble.devices import (
    VirtualCuff,
    VirtualGlucoseMeter,
    VirtualHeartStrap,
    VirtualOximeter,
    VirtualScale,
    VirtualThermometer,
)
from tests.fakes.ble.peripheral import Bonding, VirtualDevice

STATION_ADDRESS: Final = "F0:00:00:00:00:01"
_DEFAULT_SIGNAL_DBM: Final = -60


class VirtualLinkWatch:
    """Sees a refusal when a test says so; the backend itself names it otherwise."""

    def __init__(self) -> None:
        self.refusal = asyncio.Event()

    async def refused(self) -> None:
        await self.refusal.wait()


class VirtualHost:
    """The machine's Bluetooth service, which a test may take away (`Host`)."""

    def __init__(self, forget: Callable[[str], None]) -> None:
        self._forget = forget
        self._listeners: list[PresenceListener] = []
        self._is_present = True
        self.power_cycles = 0
        self.removed: list[str] = []
        self.watched: list[VirtualLinkWatch] = []
        self.is_mendable = True
        """Whether a power cycle helps."""

    @property
    def is_present(self) -> bool:
        return self._is_present

    def watch(self, listener: PresenceListener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def power_cycle(self) -> None:
        self.power_cycles += 1
        if not (self._is_present and self.is_mendable):
            raise RadioGoneError("the adapter does not come back")

    async def remove_bond(self, address: str) -> None:
        self.removed.append(address)
        self._forget(address)

    @asynccontextmanager
    async def watching_links(self, address: str) -> AsyncIterator[VirtualLinkWatch]:  # noqa: ARG002  # any
        watch = VirtualLinkWatch()
        self.watched.append(watch)
        try:
            yield watch
        finally:
            self.watched.remove(watch)

    def become(self, *, present: bool) -> None:
        """Take the adapter away, or bring it back."""
        if present is not self._is_present:
            self._is_present = present
            for listener in list(self._listeners):
                listener(present)


class _StationDelegate(PairingDelegate):
    """Asks the person who pairs, and refuses when nobody does."""

    def __init__(self, pairing: "VirtualPairing", address: str) -> None:
        keys = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
        super().__init__(PairingDelegate.DISPLAY_OUTPUT_AND_KEYBOARD_INPUT, keys, keys)
        self._pairing = pairing
        self._address = address

    async def confirm(self, auto: bool = False) -> bool:  # noqa: ARG002, FBT001, FBT002  # bumble's
        return self._pairing.answers_for(self._address) is not None

    async def get_number(self) -> int | None:
        answers = self._pairing.answers_for(self._address)
        return None if answers is None else await answers.passkey()

    async def compare_numbers(self, number: int, digits: int) -> bool:  # noqa: ARG002  # bumble's
        answers = self._pairing.answers_for(self._address)
        return answers is not None and await answers.confirm(number)


class VirtualPairing:
    """Whoever bumble asks while it pairs (`PairingHost`)."""

    def __init__(self) -> None:
        self._current: tuple[str, PairingAnswers] | None = None

    def answers_for(self, address: str) -> PairingAnswers | None:
        current = self._current
        return current[1] if current is not None and current[0] == address else None

    @asynccontextmanager
    async def answering(self, address: str, answers: PairingAnswers) -> AsyncIterator[None]:
        self._current = (address, answers)
        try:
            yield
        finally:
            self._current = None

    def config(self, device_address: str) -> PairingConfig:
        return PairingConfig(
            sc=True, mitm=True, bonding=True, delegate=_StationDelegate(self, device_address)
        )


class VirtualRadio:
    """The station's adapter: `async with VirtualRadio(air) as radio`, then hand over its four parts."""

    def __init__(self, air: Air | str) -> None:
        self._air = air
        self._device: Device | None = None
        self._stack = AsyncExitStack()
        self._signals: dict[str, int] = {}
        self.scanner, self.client = backends(self)
        self.pairing = VirtualPairing()
        self.host = VirtualHost(self._forget)

    async def __aenter__(self) -> Self:
        self._stack.enter_context(_hushed())
        self._device = await self._stack.enter_async_context(
            powered_device(self._air, "station", STATION_ADDRESS)
        )
        self._device.pairing_config_factory = lambda connection: self.pairing.config(
            connection.peer_address.to_string(with_type_qualifier=False)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        self._device = None

    @property
    def device(self) -> Device:
        if self._device is None or not self.host.is_present:
            raise BleakError("No powered Bluetooth adapters found.")
        return self._device

    def signal_dbm(self, address: str) -> int:
        return self._signals.get(address, _DEFAULT_SIGNAL_DBM)

    def receives(self, address: str, signal_dbm: int) -> None:
        """Say how strongly a device is received."""
        self._signals[address] = signal_dbm

    async def unplug(self) -> None:
        """Pull the adapter: all links break at once, and nothing answers."""
        device = self.device
        self.host.become(present=False)
        for connection in list(device.connections.values()):
            await connection.disconnect()
        if device.is_scanning:
            await device.stop_scanning()

    def plug_in(self) -> None:
        """Put it back."""
        self.host.become(present=True)

    def _forget(self, address: str) -> None:
        keys = None if self._device is None else self._device.keystore
        for name in [name for name in getattr(keys, "all_keys", {}) if name.startswith(address)]:
            del keys.all_keys[name]  # type: ignore[union-attr]  # a memory key store


class VirtualWard:
    """A room with the station's radio and devices in it, on one loop."""

    def __init__(self, devices: Iterable[VirtualDevice] = ()) -> None:
        self.air = Air()
        self.radio = VirtualRadio(self.air)
        self.devices = list(devices)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.radio)
        for device in self.devices:
            await self._take_in(device)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @asynccontextmanager
    async def holding(self, device: VirtualDevice) -> AsyncIterator[VirtualDevice]:
        """Have one more device for a while."""
        self.radio.receives(device.address, device.signal_dbm)
        async with device.in_air(self.air):
            yield device

    async def _take_in(self, device: VirtualDevice) -> None:
        await self._stack.enter_async_context(self.holding(device))


def cabin_devices(pace: float = 1.0) -> dict[str, VirtualDevice]:
    """Return one of each, by a name that it may be paired under, for the demo."""
    return {
        "cuff": VirtualCuff("F0:00:00:00:01:01", name="Vòng bít", pace=pace),
        "thermometer": VirtualThermometer("F0:00:00:00:01:02", name="Nhiệt kế", pace=pace),
        "oximeter": VirtualOximeter("F0:00:00:00:01:03", name="Kẹp SpO2", pace=pace),
        "scale": VirtualScale("F0:00:00:00:01:04", name="Cân", pace=pace),
        "strap": VirtualHeartStrap("F0:00:00:00:01:05", name="Đai ngực", pace=pace),
        "glucose-meter": VirtualGlucoseMeter(
            "F0:00:00:00:01:06", name="Đường huyết", bonding=Bonding.PASSKEY, pace=pace
        ),
    }


class _hushed:  # noqa: N801  # read as a verb where it is used
    """Have the emulator say only what is grave: its warnings tell of what tests do on purpose."""

    def __enter__(self) -> None:
        self._logger = logging.getLogger("bumble")
        self._level = self._logger.level
        self._logger.setLevel(logging.CRITICAL)

    def __exit__(self, *_error: object) -> None:
        self._logger.setLevel(self._level)
