"""bluetoothd on a private bus: its objects, agent manager and errors as BlueZ 5.66 has them, and no radio.

It answers and signals what its sources do (src/adapter.c, src/agent.c, gdbus/object.c); what a test does with it is
what happens to a station: the service killed, the adapter unplugged, a device that asks for its pairing.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dbus_fast import DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER = "/org/bluez/hci0"
PROPERTIES = "org.freedesktop.DBus.Properties"
OBJECTS = "org.freedesktop.DBus.ObjectManager"
Interfaces = dict[str, dict[str, Variant]]


@dataclass
class PrivateBus:
    """A dbus-daemon of the test's own; `services` is where it finds what it can start."""

    address: str
    services: Path
    daemon: subprocess.Popen[str]

    def end(self) -> None:
        """End the bus while everybody is on it."""
        self.daemon.terminate()
        self.daemon.wait(10)


@contextmanager
def private_bus(folder: Path) -> Iterator[PrivateBus]:
    """Run dbus-daemon on a socket in `folder`, whose path must be short."""
    services = folder / "dbus-1" / "services"
    services.mkdir(parents=True)
    command = ["dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:path={folder}/s"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": "/usr/bin:/bin", "XDG_DATA_HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
    ) as daemon:
        assert daemon.stdout is not None
        bus = PrivateBus(daemon.stdout.readline().strip(), services, daemon)
        try:
            yield bus
        finally:
            bus.end()


@dataclass
class Faults:
    """What is wrong now; everything may be changed at any time."""

    power_error: str = ""
    """Switching the adapter on is refused with this D-Bus error."""
    agent_error: str = ""
    """Registering an agent is refused with this D-Bus error."""
    stays_off: bool = False
    """Switching on is answered, and nothing happens."""
    mute: bool = False
    """Reads and says nothing."""


@dataclass
class FakeBluez:
    """`async with FakeBluez(address) as bluez`: runs, with adapter hci0, switched off, until killed or left."""

    address: str
    faults: Faults = field(default_factory=Faults)
    objects: dict[str, Interfaces] = field(default_factory=dict)
    agents: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path and capability by unique name, as registered."""
    default_agent: str = ""
    """Its unique name."""
    calls: list[str] = field(default_factory=list)
    """Members called, in order, without reading properties."""

    async def __aenter__(self) -> Self:
        self._bus: MessageBus | None = None
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def start(self, *, has_adapter: bool = True) -> None:
        """Start bluetoothd; what it knew of agents it has forgotten, its bonds are on disk."""
        self.agents, self.default_agent = {}, ""
        if has_adapter:
            self._add_adapter()
        self._bus = await MessageBus(bus_address=self.address).connect()
        self._bus.add_message_handler(self._take)
        await self._bus.request_name("org.bluez")

    async def kill(self) -> None:
        """End it as SIGKILL does: it says goodbye to nobody."""
        if self._bus is not None:
            bus, self._bus = self._bus, None
            bus.disconnect()
            with suppress(OSError, EOFError):  # its bus may have ended before it
                await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
        self.objects.pop(ADAPTER, None)

    def plug(self) -> None:
        """Put the adapter in; it starts switched off."""
        self._add_adapter()
        self._signal("/", f"{OBJECTS}.InterfacesAdded", "oa{sa{sv}}", [ADAPTER, self.objects[ADAPTER]])

    def unplug(self) -> None:
        """Pull the adapter out, and with it the objects of its devices."""
        for path in [path for path in self.objects if path.startswith(ADAPTER)]:
            self._remove(path)

    def set_adapter(self, **properties: bool) -> None:
        """Change properties of the adapter and tell everybody."""
        self._change(ADAPTER, "org.bluez.Adapter1", properties)

    def set_device(self, path: str, **properties: bool) -> None:
        """Change properties of the device at `path` and tell everybody."""
        self._change(path, "org.bluez.Device1", properties)

    def add_device(self, address: str, *, is_bonded: bool) -> str:
        """Have the adapter know a device; return its path."""
        path = f"{ADAPTER}/dev_{address.replace(':', '_')}"
        flags = {"Paired": Variant("b", is_bonded), "Bonded": Variant("b", is_bonded)}
        self.objects[path] = {"org.bluez.Device1": {"Address": Variant("s", address), **flags}}
        self._signal("/", f"{OBJECTS}.InterfacesAdded", "oa{sa{sv}}", [path, self.objects[path]])
        return path

    @property
    def is_powered(self) -> bool:
        """Whether the adapter is there and on."""
        adapter = self.objects.get(ADAPTER)
        return adapter is not None and bool(adapter["org.bluez.Adapter1"]["Powered"].value)

    async def ask(self, member: str, signature: str = "", *body: object) -> list[Any]:
        """Call the default agent, as BlueZ does for a device that pairs; DBusError when it refuses."""
        assert self._bus is not None
        path, _ = self.agents[self.default_agent]
        reply = await self._bus.call(
            Message(
                destination=self.default_agent,
                path=path,
                interface="org.bluez.Agent1",
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        if reply.message_type is MessageType.ERROR:
            raise DBusError._from_message(reply)
        return reply.body

    def _add_adapter(self) -> None:
        switches = {name: Variant("b", value=False) for name in ("Powered", "Discovering")}
        self.objects[ADAPTER] = {
            "org.bluez.Adapter1": {"Address": Variant("s", "C0:FF:EE:00:00:01"), **switches}
        }

    def _change(self, path: str, interface: str, properties: dict[str, bool]) -> None:
        changed = {name: Variant("b", value) for name, value in properties.items()}
        self.objects[path][interface].update(changed)
        self._signal(path, f"{PROPERTIES}.PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def _remove(self, path: str) -> None:
        names = list(self.objects.pop(path))
        self._signal("/", f"{OBJECTS}.InterfacesRemoved", "oas", [path, names])

    def _signal(self, path: str, name: str, signature: str, body: list[Any]) -> None:
        if self._bus is None:
            return
        interface, _, member = name.rpartition(".")
        self._bus.send(
            Message.new_signal(path=path, interface=interface, member=member, signature=signature, body=body)
        )

    def _take(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        if self.faults.mute:
            return True
        if message.interface != PROPERTIES:
            self.calls.append(message.member or "")
        answers = {
            f"{OBJECTS}.GetManagedObjects": self._managed,
            f"{PROPERTIES}.GetAll": self._get_all,
            f"{PROPERTIES}.Set": self._set,
            "org.bluez.AgentManager1.RegisterAgent": self._register_agent,
            "org.bluez.AgentManager1.RequestDefaultAgent": self._request_default_agent,
            "org.bluez.Adapter1.RemoveDevice": self._remove_device,
            "org.bluez.Device1.CancelPairing": self._cancel_pairing,
        }
        answer = answers.get(f"{message.interface}.{message.member}")
        if answer is None:
            raise DBusError("org.freedesktop.DBus.Error.UnknownMethod", "no such method")
        return answer(message)

    def _managed(self, message: Message) -> Message:
        return Message.new_method_return(message, "a{oa{sa{sv}}}", [self.objects])

    def _get_all(self, message: Message) -> Message:
        [interface] = message.body
        return Message.new_method_return(message, "a{sv}", [self._object(message)[interface]])

    def _set(self, message: Message) -> Message:
        self._object(message)
        _, name, value = message.body
        self.calls.append(f"Set {name} {'on' if value.value else 'off'}")
        if value.value and self.faults.power_error:
            raise DBusError(self.faults.power_error, "not now")
        if not (value.value and self.faults.stays_off):
            self.set_adapter(**{name: value.value})
        return Message.new_method_return(message)

    def _object(self, message: Message) -> Interfaces:
        try:
            return self.objects[message.path or ""]
        except KeyError:
            raise DBusError("org.freedesktop.DBus.Error.UnknownObject", "no such object") from None

    def _register_agent(self, message: Message) -> Message:
        if self.faults.agent_error:
            raise DBusError(self.faults.agent_error, "no")
        sender = message.sender or ""
        if sender in self.agents:
            raise DBusError("org.bluez.Error.AlreadyExists", "Already Exists")
        self.agents[sender] = (message.body[0], message.body[1])
        return Message.new_method_return(message)

    def _request_default_agent(self, message: Message) -> Message:
        if message.sender not in self.agents:
            raise DBusError("org.bluez.Error.DoesNotExist", "Does Not Exist")
        self.default_agent = message.sender
        return Message.new_method_return(message)

    def _remove_device(self, message: Message) -> Message:
        self._object(message)
        [path] = message.body
        if path not in self.objects:
            raise DBusError("org.bluez.Error.DoesNotExist", "Does Not Exist")
        self._remove(path)
        return Message.new_method_return(message)

    def _cancel_pairing(self, message: Message) -> Message:
        self._object(message)
        return Message.new_method_return(message)
