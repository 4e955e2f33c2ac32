"""A complete backend for bleak over bumble: scanning, connecting, GATT and bonds, without any radio.

Errors are those that BlueZ gives: a peer that lost its key ends a connect with "br-connection-canceled".
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar, Final, Protocol

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDBusError, BleakDeviceNotFoundError, BleakError
from bleak.uuids import normalize_uuid_str
from bumble import core, hci
from bumble.att import ATT_Error, ErrorCode
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.gatt import Characteristic
from bumble.gatt_client import CharacteristicProxy

GATT_TIMEOUT_S: Final = 5.0
_PROPERTIES: Final[dict[Characteristic.Properties, CharacteristicPropertyName]] = {
    Characteristic.Properties.READ: "read",
    Characteristic.Properties.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Characteristic.Properties.WRITE: "write",
    Characteristic.Properties.NOTIFY: "notify",
    Characteristic.Properties.INDICATE: "indicate",
}
_UNENCRYPTED: Final = frozenset(
    {
        ErrorCode.INSUFFICIENT_AUTHENTICATION,
        ErrorCode.INSUFFICIENT_ENCRYPTION,
        ErrorCode.INSUFFICIENT_AUTHORIZATION,
    }
)


class Antenna(Protocol):
    """The station's radio as its backends see it."""

    @property
    def device(self) -> Device:
        """The host over the station's controller; BleakError while the adapter is gone."""

    def signal_dbm(self, address: str) -> int:
        """How strongly that device is received."""


class VirtualScanner(BaseBleakScanner):
    """Scans with `antenna`, which a subclass names."""

    antenna: ClassVar[Antenna]

    def __init__(
        self,
        detection_callback: Callable[[BLEDevice, AdvertisementData], None] | None,
        service_uuids: list[str] | None,
        *_mode: str,
        **_options: object,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        """Listen, actively."""
        device = self.antenna.device
        self.seen_devices = {}
        device.on(Device.EVENT_ADVERTISEMENT, self._hear)
        await device.start_scanning(active=True)

    async def stop(self) -> None:
        """Listen no more."""
        device = self.antenna.device
        if device.listeners(Device.EVENT_ADVERTISEMENT):
            device.remove_listener(Device.EVENT_ADVERTISEMENT, self._hear)
        await device.stop_scanning()

    def _hear(self, advertisement: Advertisement) -> None:
        address = _text(advertisement.address)
        name = advertisement.data.get(core.AdvertisingData.Type.COMPLETE_LOCAL_NAME)
        services = advertisement.data.get(
            core.AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS
        )
        told = AdvertisementData(
            local_name=None if name is None else str(name),
            manufacturer_data={},
            service_data={},
            service_uuids=[_uuid(uuid) for uuid in services or ()],
            tx_power=None,
            rssi=self.antenna.signal_dbm(address),
            platform_data=(),
        )
        found = self.create_or_update_device(address, address, told.local_name, advertisement.address, told)
        self.call_detection_callbacks(found, told)


class VirtualClient(BaseBleakClient):
    """Talks to one peer through `antenna`, which a subclass names."""

    antenna: ClassVar[Antenna]

    def __init__(self, address_or_ble_device: BLEDevice | str, **options: Any) -> None:
        options = {key: options.get(key) for key in ("disconnected_callback", "timeout")}
        super().__init__(address_or_ble_device, **options)
        self._connection: Connection | None = None
        self._proxies: dict[int, CharacteristicProxy[bytes]] = {}
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        """The peer's address, which is what BlueZ says without a name."""
        return self.address

    @property
    def mtu_size(self) -> int:
        """The size of an ATT packet."""
        return 23 if self._connection is None else int(self._connection.att_mtu)

    @property
    def is_connected(self) -> bool:
        """Whether the link is up."""
        return self._connection is not None

    async def connect(self, pair: bool, **kwargs: Any) -> None:  # noqa: FBT001  # bleak's own signature
        """Connect, encrypt where there is a key, find all services."""
        device = self.antenna.device
        connection = await self._reach(device, float(kwargs.get("timeout", 10.0)))
        connection.on(connection.EVENT_DISCONNECTION, self._lose)
        self._connection = connection
        try:
            if pair:
                await self.pair()
            elif await self._key_of(device, connection) is not None:
                await _bounded(connection.encrypt())
            self.services = await self._discover(connection)
        except BaseException as error:
            await self.disconnect()
            raise _as_bluez(error) from error

    async def disconnect(self) -> None:
        """Let go of the peer; nothing to do when it has gone."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.remove_listener(connection.EVENT_DISCONNECTION, self._lose)
            try:
                await _bounded(connection.disconnect())
            except (core.BaseBumbleError, TimeoutError):
                return
            if self._disconnected_callback is not None:
                self._disconnected_callback()

    async def pair(self, *_args: object, **_options: object) -> None:
        """Make a bond, unless there is one that works."""
        connection = self._require()
        if await self._key_of(self.antenna.device, connection) is None:
            await connection.pair()
        else:
            await _bounded(connection.encrypt())

    async def unpair(self) -> None:
        """Drop our half of the bond."""
        keys = self.antenna.device.keystore
        assert keys is not None
        await keys.delete(str(hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS)))

    async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_options: object) -> bytearray:
        """Read it from the peer."""
        self._require()
        try:
            return bytearray(await _bounded(self._proxies[characteristic.handle].read_value()))
        except core.BaseBumbleError as error:
            raise _as_bluez(error) from error

    async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_options: object) -> bytearray:
        """No part of the station reads descriptors."""
        raise NotImplementedError

    async def write_gatt_char(
        self,
        characteristic: BleakGATTCharacteristic,
        data: SizedBuffer,
        response: bool,  # noqa: FBT001  # bleak's own signature
    ) -> None:
        """Write it to the peer."""
        self._require()
        proxy = self._proxies[characteristic.handle]
        try:
            await _bounded(proxy.write_value(bytes(data), with_response=response))
        except core.BaseBumbleError as error:
            raise _as_bluez(error) from error

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        """No part of the station writes descriptors."""
        raise NotImplementedError

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_options: object
    ) -> None:
        """Subscribe to notifications or indications."""
        self._require()

        def hear(value: bytes) -> None:
            callback(bytearray(value))

        self._subscribers[characteristic.handle] = hear
        try:
            await _bounded(self._proxies[characteristic.handle].subscribe(hear))
        except core.BaseBumbleError as error:
            raise _as_bluez(error) from error

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        """Subscribe no longer."""
        hear = self._subscribers.pop(characteristic.handle, None)
        await _bounded(self._proxies[characteristic.handle].unsubscribe(hear))

    def _require(self) -> Connection:
        if self._connection is None:
            raise BleakError("Not connected")
        return self._connection

    async def _reach(self, device: Device, timeout_s: float) -> Connection:
        address = hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS)
        try:
            return await device.connect(address, timeout=timeout_s)
        except asyncio.CancelledError:
            with suppress(core.BaseBumbleError):
                await device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
            raise
        except (core.BaseBumbleError, TimeoutError) as error:
            raise BleakDeviceNotFoundError(self.address, "not reached") from error

    @staticmethod
    async def _key_of(device: Device, connection: Connection) -> object:
        assert device.keystore is not None
        return await device.keystore.get(str(connection.peer_address))

    def _lose(self, _reason: int) -> None:
        self._connection = None
        if self._disconnected_callback is not None:
            self._disconnected_callback()

    async def _discover(self, connection: Connection) -> BleakGATTServiceCollection:
        peer = Peer(connection)
        await _bounded(peer.request_mtu(247))
        found = BleakGATTServiceCollection()
        for proxy in await _bounded(peer.discover_services()):
            service = BleakGATTService(proxy, proxy.handle, _uuid(proxy.uuid))
            found.add_service(service)
            for characteristic in await _bounded(peer.discover_characteristics(service=proxy)):
                self._proxies[characteristic.handle] = characteristic
                found.add_characteristic(_described(characteristic, service))
        return found


def _described(proxy: CharacteristicProxy[bytes], service: BleakGATTService) -> BleakGATTCharacteristic:
    properties = [name for bit, name in _PROPERTIES.items() if proxy.properties & bit]
    return BleakGATTCharacteristic(proxy, proxy.handle, _uuid(proxy.uuid), properties, lambda: 20, service)


async def _bounded(awaitable: Any) -> Any:
    async with asyncio.timeout(GATT_TIMEOUT_S):
        return await awaitable


def _as_bluez(error: BaseException) -> BaseException:
    """Say it as bleak over BlueZ does."""
    match error:
        case ATT_Error(error_code=code) if code in _UNENCRYPTED:
            return BleakDBusError("org.bluez.Error.NotPermitted", [f"ATT error: 0x{int(code):02x}"])
        case hci.HCI_Error(error_code=hci.HCI_ErrorCode.PIN_OR_KEY_MISSING_ERROR):
            return BleakDBusError("org.bluez.Error.Failed", ["br-connection-canceled"])
        case core.ProtocolError(error_namespace="smp"):
            return BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"])
        case core.BaseBumbleError():
            return BleakError(str(error))
    return error


def _uuid(uuid: core.UUID) -> str:
    return normalize_uuid_str(str(uuid.to_hex_str("-")))


def _text(address: hci.Address) -> str:
    return address.to_string(with_type_qualifier=False)


def backends(antenna: Antenna) -> tuple[type[BaseBleakScanner], type[BaseBleakClient]]:
    """Return classes for bleak's `backend=` that use `antenna`."""

    class Scanner(VirtualScanner):
        pass

    class Client(VirtualClient):
        pass

    Scanner.antenna = Client.antenna = antenna
    return Scanner, Client
