"""The machine's D-Bus, as far as Bluetooth needs it: calls with a time limit, signals, and one object of our own.

Whatever does not go as asked is a BusError. Its text names the D-Bus error and never what that error says: BlueZ puts
names and addresses of devices there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from dbus_fast import BusType, DBusError, DBusFastError, ErrorType, Message, MessageFlag, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface
from dbus_fast.unpack import unpack_variants

from edge.drivers.ble.errors import RadioGoneError

BUS: Final = "org.freedesktop.DBus"
BUS_PATH: Final = "/org/freedesktop/DBus"
CONNECT_TIMEOUT_S: Final = 5.0
CALL_TIMEOUT_S: Final = 5.0
"""bluetoothd answers in milliseconds; the calls that wait for a radio bring their own limit."""
CLOSE_TIMEOUT_S: Final = 1.0


class BusError(RadioGoneError):
    """D-Bus, or who was called over it, did not do it; `name` is that of the D-Bus error, empty when no answer came."""

    def __init__(self, text: str, name: str = "") -> None:
        super().__init__(text)
        self.name = name


@asynccontextmanager
async def open_bus(address: str | None) -> AsyncIterator["SystemBus"]:
    """Connect to the bus at `address`, None: the system bus; BusError when there is none."""
    try:
        connection = MessageBus(bus_address=address, bus_type=BusType.SYSTEM, auth_timeout=CONNECT_TIMEOUT_S)
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            await connection.connect()
    except (OSError, DBusFastError) as error:
        raise BusError(f"no D-Bus: {type(error).__name__}") from error
    ended = asyncio.create_task(_end_of(connection), name="bus-end")
    try:
        yield SystemBus(connection, ended)
    finally:
        connection.disconnect()
        await asyncio.wait([ended], timeout=CLOSE_TIMEOUT_S)


async def _end_of(connection: MessageBus) -> None:
    with suppress(OSError, EOFError, DBusFastError):
        await connection.wait_for_disconnect()  # type: ignore[no-untyped-call]


class SystemBus:
    """One connection; made by `open_bus`."""

    def __init__(self, connection: MessageBus, ended: asyncio.Task[None]) -> None:
        self._connection = connection
        self._ended = ended
        self._awaited: dict[int, asyncio.Future[Message]] = {}
        connection.add_message_handler(self._take_reply)

    async def call(
        self,
        destination: str,
        path: str,
        method: str,
        signature: str = "",
        body: Sequence[object] = (),
        *,
        timeout_s: float = CALL_TIMEOUT_S,
    ) -> list[object]:
        """Call `method` (interface and member, with a dot between) and return its answer; no service is started by it."""
        interface, _, member = method.rpartition(".")
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=member,
            flags=MessageFlag.NO_AUTOSTART,
            signature=signature,
            body=list(body),
        )
        reply = await self._exchange(message, timeout_s)
        if reply.message_type is MessageType.ERROR:
            name = reply.error_name or ErrorType.FAILED.value
            raise BusError(f"{member}: {name}", name)
        answer: list[object] = unpack_variants(reply.body)
        return answer

    async def _exchange(self, message: Message, timeout_s: float) -> Message:
        """Send `message` and wait for its reply; the library's own way never ends when the bus does meanwhile."""
        if not self._connection.connected:
            raise BusError("D-Bus is gone")
        message.serial = self._connection.next_serial()
        reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._awaited[message.serial] = reply
        try:
            async with asyncio.timeout(timeout_s):
                await self._connection.send(message)
                waited: set[asyncio.Future[Any]] = {reply, self._ended}
                await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError as error:
            raise BusError(f"{message.member}: no answer") from error
        except OSError as error:
            raise BusError("D-Bus is gone") from error
        finally:
            del self._awaited[message.serial]
        if not reply.done():
            raise BusError("D-Bus is gone")
        return reply.result()

    def _take_reply(self, message: Message) -> bool:
        reply = self._awaited.get(message.reply_serial or 0)
        if reply is not None and not reply.done():
            reply.set_result(message)
        return reply is not None

    async def owner(self, name: str) -> str:
        """Return the unique name of whoever owns `name`, empty when nobody does."""
        try:
            [owner] = await self.call(BUS, BUS_PATH, f"{BUS}.GetNameOwner", "s", [name])
        except BusError as error:
            if error.name == ErrorType.NAME_HAS_NO_OWNER.value:
                return ""
            raise
        return str(owner)

    async def start(self, name: str, *, timeout_s: float) -> None:
        """Have the machine start the service that owns `name`; BusError when nobody knows how."""
        await self.call(BUS, BUS_PATH, f"{BUS}.StartServiceByName", "su", [name, 0], timeout_s=timeout_s)

    @asynccontextmanager
    async def listening(self, rules: Sequence[str], hear: Callable[[Message], None]) -> AsyncIterator[None]:
        """Call `hear` with each signal that fits one of `rules` (D-Bus match rules), and others, while inside."""

        def take(message: Message) -> None:
            if message.message_type is MessageType.SIGNAL:
                hear(message)

        wanted = [f"type='signal',{rule}" for rule in rules]
        self._connection.add_message_handler(take)
        try:
            for rule in wanted:
                await self.call(BUS, BUS_PATH, f"{BUS}.AddMatch", "s", [rule])
            yield
        finally:
            self._connection.remove_message_handler(take)
            with suppress(BusError):  # the bus forgets with the connection
                for rule in wanted:
                    await self.call(BUS, BUS_PATH, f"{BUS}.RemoveMatch", "s", [rule])

    def export(self, path: str, interface: ServiceInterface, may_call: Callable[[str], bool]) -> None:
        """Offer `interface` at `path` to the callers (unique names) that `may_call` lets in, until the connection ends."""

        def guard(message: Message) -> None:
            is_call = message.message_type is MessageType.METHOD_CALL and message.path == path
            if is_call and not may_call(message.sender or ""):
                raise DBusError(ErrorType.ACCESS_DENIED, "not for you")

        self._connection.add_message_handler(guard)
        self._connection.export(path, interface)

    async def closed(self) -> None:
        """Wait until the connection ends of itself, which is a BusError."""
        await asyncio.wait([self._ended])
        raise BusError("D-Bus is gone")
