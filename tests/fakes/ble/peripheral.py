"""What all virtual health devices have in common: a body with a battery, a clock, a bond, and ways to fail."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from bumble import core, hci
from bumble.att import Attribute, AttributeValue
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, Service
from bumble.pairing import PairingConfig, PairingDelegate

from edge.codecs.instrument import About, DeviceTime
from tests.fakes.ble import frames
from tests.fakes.ble.air import Air, powered_device

PASSKEY: Final = 123456
_Properties = Characteristic.Properties
_Permissions = Attribute.Permissions
_DEVICE_INFORMATION: Final = ("2A29", "2A24", "2A25", "2A26")


class Bonding(StrEnum):
    """How a device pairs."""

    OPEN = "open"
    """Not at all: anybody may read it."""
    JUST_WORKS = "just-works"
    PASSKEY = "passkey"
    """It shows `PASSKEY`, which the other side has to type."""
    NUMERIC = "numeric"
    """Both show a number, and both have to agree."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented, as instruments see him."""

    systolic: int = 128
    diastolic: int = 82
    pulse: int = 71
    saturation: int = 97
    temperature_tenths: int = 366
    weight_grams: int = 62_500
    fat_tenths: int = 234
    glucose_mg_dl: int = 99


class DeviceClock:
    """A device's own clock: right until something happens to it."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The device's local time, without a zone."""
        return datetime.now().astimezone().replace(tzinfo=None) + self.offset

    def set(self, to: datetime) -> None:
        self.offset += to - self.now()

    def reset(self) -> None:
        """Begin at the first of January 2000 again, as after a change of batteries."""
        self.set(datetime(2000, 1, 1))  # noqa: DTZ001  # a device's clock knows no zone

    def stamp(self) -> DeviceTime:
        """Now, as a characteristic has it."""
        return stamp_of(self.now())


def stamp_of(at: datetime) -> DeviceTime:
    return DeviceTime(at.year, at.month, at.day, at.hour, at.minute, at.second)


class _Delegate(PairingDelegate):
    def __init__(self, owner: "VirtualDevice") -> None:
        capability = {
            Bonding.PASSKEY: PairingDelegate.DISPLAY_OUTPUT_ONLY,
            Bonding.NUMERIC: PairingDelegate.DISPLAY_OUTPUT_AND_YES_NO_INPUT,
        }.get(owner.bonding, PairingDelegate.NO_OUTPUT_NO_INPUT)
        keys = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
        super().__init__(capability, keys, keys)
        self._owner = owner

    async def accept(self) -> bool:
        return self._owner.is_pairable

    async def compare_numbers(self, number: int, digits: int) -> bool:  # noqa: ARG002  # bumble's
        self._owner.shown = number
        return True

    async def generate_passkey(self) -> int:
        return PASSKEY


class VirtualDevice:
    """One device in the air, or behind a transport. Use `async with device.in_air(air)`, then `switch_on`."""

    SERVICES: ClassVar[tuple[str, ...]] = ()
    """What it advertises."""
    STAYS_ON: ClassVar[bool] = True
    """Whether it advertises again after a link ended."""

    def __init__(
        self,
        address: str,
        *,
        name: str = "",
        serial_number: str = "A-1001",
        bonding: Bonding = Bonding.JUST_WORKS,
        pace: float = 1.0,
        battery: int = 90,
        signal_dbm: int = -55,
    ) -> None:
        self.address = address
        self.name = name or type(self).__name__
        self.about = About("Ví dụ", type(self).__name__, serial_number, "1.2")
        self.bonding = bonding
        self.pace = pace
        self.battery = battery
        self.signal_dbm = signal_dbm
        self.person = Person()
        self.clock = DeviceClock()
        self.is_pairable = True
        self.is_silent = False
        self.is_on = False
        self.is_measuring = False
        self.shown: int | None = None
        self.connects = 0
        self._device: Device | None = None
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._battery_level = self.characteristic("2A19", "notify", read=lambda: bytes((self.battery,)))

    @asynccontextmanager
    async def in_air(self, air: Air | str) -> AsyncIterator["VirtualDevice"]:
        """Have its radio powered, and still silent."""
        async with powered_device(air, self.name, self.address) as device:
            self._device = device
            device.pairing_config_factory = self._pairing_config
            device.advertising_data = self._advertisement()
            device.add_services(self._services())
            device.on(Device.EVENT_CONNECTION, self._connected)
            try:
                yield self
            finally:
                self.is_on = False
                async with self._turn:
                    for task in list(self._tasks):
                        task.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)
                self._device = None

    async def switch_on(self) -> None:
        """Advertise until connected; with an empty battery nothing happens."""
        if self.battery > 0 and not self.is_on:
            self.is_on = True
            await self._advertise()

    async def switch_off(self) -> None:
        """End the link and say nothing more."""
        await self._vanish(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)

    async def walk_away(self) -> None:
        """Go out of range: the link times out."""
        await self._vanish(hci.HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR)

    async def die(self) -> None:
        """Run out of battery."""
        self.battery = 0
        await self.walk_away()

    async def forget_bond(self) -> None:
        """Lose all keys, as after a reset."""
        assert self._radio.keystore is not None
        await self._radio.keystore.delete_all()

    async def measure(self) -> None:
        """Measure `person` once; what is measured while nobody is connected is kept and sent later."""
        self.is_measuring = True
        try:
            await self._measure()
        finally:
            self.is_measuring = False

    async def tell_battery(self, percent: int) -> None:
        """Change the charge, and say so to whoever listens."""
        self.battery = percent
        await self.send(self._battery_level, bytes((percent,)))

    @property
    def is_connected(self) -> bool:
        return bool(self._device and self._device.connections)

    async def _measure(self) -> None:
        raise NotImplementedError

    def services(self) -> Iterable[Service]:
        """What the device measures with; common services come by themselves."""
        raise NotImplementedError

    async def rest(self, seconds: float) -> None:
        """Let the time of one step pass, at the device's pace."""
        await asyncio.sleep(seconds * self.pace)

    def soon(self, work: Any) -> None:
        """Do something beside, for as long as the device is in the air."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self.name}-work")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def listeners(self, characteristic: "Characteristic[bytes]") -> list[Connection]:
        """Return whom a value may be sent to: subscribed, and encrypted where a bond is asked for."""
        if self._device is None or self.is_silent:
            return []
        subscribers = self._device.gatt_server.subscribers
        return [
            connection
            for connection in self._device.connections.values()
            if any(subscribers.get(connection, {}).get(characteristic.handle, b""))
            and (self.bonding is Bonding.OPEN or connection.is_encrypted)
        ]

    async def send(self, characteristic: "Characteristic[bytes]", value: bytes) -> bool:
        """Notify or indicate; tell whether anybody got it."""
        listeners = self.listeners(characteristic)
        sent = False
        for connection in listeners:
            with suppress(core.BaseBumbleError, TimeoutError, KeyError):
                if characteristic.properties & _Properties.INDICATE:
                    await self._radio.gatt_server.indicate_subscriber(connection, characteristic, value)
                else:
                    await self._radio.gatt_server.notify_subscriber(connection, characteristic, value)
                sent = True
        return sent

    def characteristic(
        self,
        uuid: str,
        properties: str = "",
        *,
        read: Any = None,
        write: Any = None,
        is_guarded: bool = False,
    ) -> "Characteristic[bytes]":
        """Make one; `read()` and `write(value)` may be coroutines, `is_guarded` asks for the bond."""
        allowed = [name for name, able in (("READ", read), ("WRITE", write)) if able]
        flags = _Properties.from_string(",".join([*allowed, *filter(None, properties.upper().split(","))]))
        guarded = is_guarded and self.bonding is not Bonding.OPEN
        permissions = _Permissions(0)
        if read:
            permissions |= _Permissions.READABLE
            permissions |= _Permissions.READ_REQUIRES_ENCRYPTION if guarded else _Permissions(0)
        if write:
            permissions |= _Permissions.WRITEABLE
            permissions |= _Permissions.WRITE_REQUIRES_ENCRYPTION if guarded else _Permissions(0)
        return Characteristic(
            uuid,
            flags,
            permissions,
            AttributeValue(
                read=(lambda _connection: read()) if read else None,
                write=(lambda _connection, value: write(value)) if write else None,
            ),
        )

    def date_time(self) -> "Characteristic[bytes]":
        """2A08, readable and writable by who is bonded."""
        return self.characteristic(
            "2A08",
            read=lambda: frames.date_time(self.clock.stamp()),
            write=self._set_clock,
            is_guarded=True,
        )

    def current_time(self) -> Service:
        """The Current Time Service."""
        time = self.characteristic(
            "2A2B",
            read=lambda: frames.current_time(self.clock.stamp()),
            write=self._set_clock,
            is_guarded=True,
        )
        return Service("1805", [time])

    @property
    def _radio(self) -> Device:
        assert self._device is not None, "the device is not in the air"
        return self._device

    def _set_clock(self, value: bytes) -> None:
        year, month, day, hour, minute, second = int.from_bytes(value[:2], "little"), *value[2:7]
        self.clock.set(datetime(year, month, day, hour, minute, second))  # noqa: DTZ001  # no zone

    def _services(self) -> list[Service]:
        told = (self.about.manufacturer, self.about.model, self.about.serial_number, self.about.firmware)
        information = [
            self.characteristic(uuid, read=lambda text=text: text.encode())
            for uuid, text in zip(_DEVICE_INFORMATION, told, strict=True)
        ]
        return [*self.services(), Service("180A", information), Service("180F", [self._battery_level])]

    def _advertisement(self) -> bytes:
        kinds = core.AdvertisingData.Type
        services = b"".join(bytes.fromhex(uuid)[::-1] for uuid in self.SERVICES)
        return bytes(
            core.AdvertisingData(
                [
                    (kinds.FLAGS, bytes((6,))),
                    (kinds.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, services),
                    (kinds.COMPLETE_LOCAL_NAME, self.name.encode()[:20].decode(errors="ignore").encode()),
                ]
            )
        )

    def _pairing_config(self, _connection: Connection) -> PairingConfig:
        asks = self.bonding in {Bonding.PASSKEY, Bonding.NUMERIC}
        return PairingConfig(sc=True, mitm=asks, bonding=True, delegate=_Delegate(self))

    def _connected(self, connection: Connection) -> None:
        self.connects += 1
        connection.on(connection.EVENT_DISCONNECTION, self._disconnected)

    def _disconnected(self, _reason: int) -> None:
        if self.is_on and self.STAYS_ON:
            self.soon(self._advertise())
        else:
            self.is_on = False

    async def _vanish(self, reason: hci.HCI_ErrorCode) -> None:
        self.is_on = False
        for connection in list(self._radio.connections.values()):
            with suppress(core.BaseBumbleError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await connection.disconnect(reason)
        await self._advertise()

    async def _advertise(self) -> None:
        """Have what is on, and free, advertise, and nothing else; one change at a time, bumble minds."""
        async with self._turn:
            if self.is_on and not self._radio.connections:
                await self._radio.start_advertising()
            elif not self.is_on:
                await self._radio.stop_advertising()
