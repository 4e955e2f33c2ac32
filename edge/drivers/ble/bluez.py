"""BlueZ as the host of the radio: bluetoothd and one adapter, watched and kept switched on over D-Bus.

bluetoothd may be killed or restarted and a USB adapter unplugged at any moment; D-Bus says so at once
(NameOwnerChanged of org.bluez, ObjectManager's signals, `Powered`; BlueZ's doc/adapter-api.txt). Signals only note
what they say; one task, `run`, acts: it registers the pairing agent, switches the adapter on and starts a service that
is gone.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from dbus_fast import Message, Variant

from edge.drivers.ble.agent import BLUEZ, PairingAgent, path_part
from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.ports import PresenceListener
from edge.drivers.ble.short_links import ShortLinks
from edge.drivers.ble.system_bus import BUS, BusError, SystemBus, open_bus
from edge.logs import Log
from edge.supervise import Backoff

BACKOFF: Final = Backoff(first_s=0.5, limit_s=15.0, healthy_after_s=30.0)

LOOK_INTERVAL_S: Final = 10.0
"""How often a service or adapter that is not there, or does not switch on, is tried again without news of it."""
CALM_S: Final = 0.05
"""News comes in bursts: a starting bluetoothd tells three things, an ending bus tells of bluetoothd before of itself."""
SWITCH_TIMEOUT_S: Final = 5.0
"""The kernel gives a silent controller 2 s a command (HCI_CMD_TIMEOUT); switching on takes a few of them."""
SETTLE_TIMEOUT_S: Final = 2.0
SETTLE_INTERVAL_S: Final = 0.05
POWER_CYCLE_TIMEOUT_S: Final = 10.0
START_TIMEOUT_S: Final = 5.0
_ADAPTER: Final = "org.bluez.Adapter1"
_DEVICE: Final = "org.bluez.Device1"
_PROPERTIES: Final = "org.freedesktop.DBus.Properties"
_OBJECTS: Final = "org.freedesktop.DBus.ObjectManager"
_BUSY: Final = "org.bluez.Error.Busy"
_DOES_NOT_EXIST: Final = "org.bluez.Error.DoesNotExist"
_ADDRESS: Final = re.compile(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}")

_log: Final = Log(__name__)


class BluezHost:
    """bluetoothd with adapter `adapter` (hci0), and `agent` registered with it. Run `run` under `supervise`.

    `bus_address` None is the system bus.
    """

    def __init__(self, adapter: str, agent: PairingAgent, *, bus_address: str | None = None) -> None:
        self._path = f"/org/bluez/{adapter}"
        self._agent = agent
        self._bus_address = bus_address
        self._bus: SystemBus | None = None
        self._owner = ""
        self._is_powered: bool | None = None
        self._is_discovering = False
        self._was_present = False
        self._complaint = ""
        self._heard = 0
        self._news = asyncio.Event()
        self._switching = asyncio.Lock()
        self._listeners: list[PresenceListener] = []

    @property
    def is_present(self) -> bool:
        """Whether bluetoothd runs and the adapter is there and powered."""
        return self._is_powered is True

    @property
    def is_discovering(self) -> bool:
        """Whether the adapter scans, for whomever."""
        return self.is_present and self._is_discovering

    def watch(self, listener: PresenceListener) -> Callable[[], None]:
        """Call `listener` at each change of `is_present`; return what ends that, which may be called twice."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    async def run(self) -> None:
        """Watch and tend bluetoothd and the adapter; BusError (in a group) when D-Bus or bluetoothd no longer answers."""
        try:
            async with open_bus(self._bus_address) as bus:
                self._bus = bus
                self._agent.enter(bus, lambda caller: caller == self._owner)
                async with bus.listening(self._rules(), self._hear), asyncio.TaskGroup() as tasks:
                    tasks.create_task(bus.closed(), name="bluez-bus")
                    await self._tend(bus)
        finally:
            self._bus = None
            self._lose_service()

    async def power_cycle(self) -> None:
        """Switch the adapter off and on; RadioGoneError when it is not back within POWER_CYCLE_TIMEOUT_S."""
        bus = self._bus_or_gone()
        try:
            async with asyncio.timeout(POWER_CYCLE_TIMEOUT_S), self._switching:
                await self._switch(bus, is_on=False)
                await self._switch(bus, is_on=True)
        except TimeoutError as error:
            raise RadioGoneError("the adapter does not come back") from error

    async def remove_bond(self, address: str) -> None:
        """Forget the device and its keys, which nobody can undo; an unknown one is forgotten already."""
        if not _ADDRESS.fullmatch(address):
            return
        device = f"{self._path}/{path_part(address)}"
        try:
            await self._bus_or_gone().call(BLUEZ, self._path, f"{_ADAPTER}.RemoveDevice", "o", [device])
        except BusError as error:
            if error.name != _DOES_NOT_EXIST:
                raise

    @asynccontextmanager
    async def watching_links(self, address: str) -> AsyncIterator[ShortLinks]:
        """Watch, while inside, for connections to `address` that end at once: the device refuses its key.

        RadioGoneError on entering when there is no service.
        """
        path = f"{self._path}/{path_part(address)}"
        links = ShortLinks(path, asyncio.get_running_loop().time)
        rule = f"sender='{BLUEZ}',interface='{_PROPERTIES}',path='{path}',arg0='{_DEVICE}'"
        async with self._bus_or_gone().listening([rule], links.hear):
            yield links

    async def bonded(self) -> frozenset[str]:
        """Return the addresses (AA:BB:CC:DD:EE:FF) that this adapter has keys for; RadioGoneError."""
        [objects] = await self._bus_or_gone().call(BLUEZ, "/", f"{_OBJECTS}.GetManagedObjects")
        assert isinstance(objects, dict)
        devices = (
            interfaces[_DEVICE]
            for path, interfaces in objects.items()
            if path.startswith(f"{self._path}/") and _DEVICE in interfaces
        )
        return frozenset(
            str(device["Address"]) for device in devices if device.get("Bonded", device.get("Paired"))
        )

    def _rules(self) -> tuple[str, ...]:
        """Only what is told of the service and this adapter: a scan makes a hundred other signals a second."""
        return (
            f"sender='{BUS}',member='NameOwnerChanged',arg0='{BLUEZ}'",
            f"sender='{BLUEZ}',interface='{_OBJECTS}',member='InterfacesAdded',arg0path='{self._path}'",
            f"sender='{BLUEZ}',interface='{_OBJECTS}',member='InterfacesRemoved',arg0path='{self._path}'",
            f"sender='{BLUEZ}',interface='{_PROPERTIES}',path='{self._path}',arg0='{_ADAPTER}'",
        )

    def _hear(self, message: Message) -> None:
        body = message.body
        match message.member:
            case "NameOwnerChanged" if message.sender == BUS and body[0] == BLUEZ:
                self._lose_service()
                self._owner = body[2]
            case _ if message.sender != self._owner:
                return
            case "InterfacesAdded" if body[0] == self._path and _ADAPTER in body[1]:
                self._learn(body[1][_ADAPTER])
            case "InterfacesRemoved" if body[0] == self._path and _ADAPTER in body[1]:
                self._become(is_powered=None)
            case "PropertiesChanged" if message.path == self._path and body[0] == _ADAPTER:
                self._learn(body[1])
            case _:
                return
        self._heard += 1
        self._news.set()

    def _learn(self, properties: dict[str, Variant]) -> None:
        if "Discovering" in properties:
            self._is_discovering = bool(properties["Discovering"].value)
        if "Powered" in properties:
            self._become(is_powered=bool(properties["Powered"].value))

    def _lose_service(self) -> None:
        self._owner = ""
        self._agent.released()
        self._become(is_powered=None)

    def _become(self, *, is_powered: bool | None) -> None:
        self._is_powered = is_powered
        if self.is_present is self._was_present:
            return
        self._was_present = self.is_present
        _log.info("adapter back" if self.is_present else "adapter gone")
        for listener in tuple(self._listeners):
            listener(self.is_present)

    async def _tend(self, bus: SystemBus) -> None:
        """Do what is to be done, at each news and now and then; a call without any answer ends it."""
        while True:
            self._news.clear()
            try:
                await self._mend(bus)
                self._complaint = ""
            except BusError as error:
                if not error.name:
                    raise
                self._complain(str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_INTERVAL_S):
                    await self._news.wait()
            await asyncio.sleep(CALM_S)

    async def _mend(self, bus: SystemBus) -> None:
        heard = self._heard
        owner = await bus.owner(BLUEZ)
        if not owner:
            await bus.start(BLUEZ, timeout_s=START_TIMEOUT_S)
            return
        if heard == self._heard:
            self._owner = owner
        if not self._agent.is_registered:
            await self._agent.register()
        async with self._switching:
            await self._look(bus)
            if self._is_powered is False:
                await self._switch(bus, is_on=True)

    async def _look(self, bus: SystemBus) -> None:
        """Read the adapter's state, unless a signal that came meanwhile knows better."""
        heard = self._heard
        try:
            [properties] = await bus.call(BLUEZ, self._path, f"{_PROPERTIES}.GetAll", "s", [_ADAPTER])
        except BusError:
            if heard == self._heard:
                self._become(is_powered=None)
            raise
        assert isinstance(properties, dict)
        if heard == self._heard:
            self._is_discovering = properties.get("Discovering") is True
            self._become(is_powered=properties.get("Powered") is True)

    async def _switch(self, bus: SystemBus, *, is_on: bool) -> None:
        """Switch the adapter and wait until it says so too; BusError when it refuses."""
        body = [_ADAPTER, "Powered", Variant("b", is_on)]
        try:
            await bus.call(BLUEZ, self._path, f"{_PROPERTIES}.Set", "ssv", body, timeout_s=SWITCH_TIMEOUT_S)
        except BusError as error:
            if error.name != _BUSY:  # a starting bluetoothd is at it already
                raise
        try:
            async with asyncio.timeout(SETTLE_TIMEOUT_S):
                while self.is_present is not is_on:
                    await self._look(bus)
                    await asyncio.sleep(SETTLE_INTERVAL_S)
        except TimeoutError as error:
            raise BusError("the adapter does not switch", _DOES_NOT_EXIST) from error

    def _complain(self, reason: str) -> None:
        """Log what keeps the radio from working, once for as long as it stays the same."""
        if reason != self._complaint:
            self._complaint = reason
            _log.warning("no radio", adapter=self._path.rpartition("/")[2], reason=reason)

    def _bus_or_gone(self) -> SystemBus:
        if self._bus is None or not self._owner:
            raise RadioGoneError("no Bluetooth service")
        return self._bus
