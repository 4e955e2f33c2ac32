"""The pairing agent: whoever BlueZ asks while a device is paired (BlueZ's doc/agent-api.txt, org.bluez.Agent1).

Without one even Just Works fails. Ours answers for the one device that a technician pairs right now and refuses every
other, so that nobody in front of a station can pair with it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from dbus_fast import DBusError
from dbus_fast.annotations import DBusObjectPath, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method

from edge.drivers.ble.errors import PairingError, RadioGoneError
from edge.drivers.ble.ports import PairingAnswers
from edge.drivers.ble.system_bus import BusError, SystemBus
from edge.errors import EdgeError
from edge.logs import Log

BLUEZ: Final = "org.bluez"
AGENT_PATH: Final = "/vn/tcds/agent"
CAPABILITY: Final = "KeyboardDisplay"
"""A technician sits at the screen: he can type a passkey and compare one. A device that can do neither gets Just Works."""
ANSWER_TIMEOUT_S: Final = 55.0
"""Before BlueZ stops waiting for its agent (60 s). A device usually gives up after 30 s of silence (SMP, Vol 3 Part H, 3.4)."""
MAX_PASSKEY: Final = 999_999
_MANAGER: Final = "org.bluez.AgentManager1"
_ALREADY_EXISTS: Final = "org.bluez.Error.AlreadyExists"

_log: Final = Log(__name__)
Answer = TypeVar("Answer")


def path_part(address: str) -> str:
    """Return how BlueZ writes a device's address at the end of its object's path: `dev_AA_BB_CC_DD_EE_FF`."""
    return f"dev_{address.upper().replace(':', '_')}"


@dataclass(slots=True)
class _Turn:
    """The one pairing that goes on; `take_back` ends what the technician is being asked right now."""

    part: str
    answers: PairingAnswers
    take_back: Callable[[], object] | None = None

    def drop(self) -> None:
        """Ask no longer."""
        if self.take_back is not None:
            self.take_back()


class PairingAgent:
    """Answers BlueZ's questions. BluezHost brings it onto the bus and registers it whenever bluetoothd comes (back)."""

    def __init__(self) -> None:
        self._bus: SystemBus | None = None
        self._turn: _Turn | None = None
        self._is_registered = False

    @property
    def is_registered(self) -> bool:
        """Whether BlueZ asks this agent."""
        return self._is_registered

    @asynccontextmanager
    async def answering(self, address: str, answers: PairingAnswers) -> AsyncIterator[None]:
        """Answer for `address` with `answers` while inside; RadioGoneError when BlueZ is not there to ask.

        PairingError when another device is being paired.
        """
        if not self._is_registered:
            raise RadioGoneError("no Bluetooth service to pair with")
        if self._turn is not None:
            raise PairingError("another device is being paired")
        self._turn = turn = _Turn(path_part(address), answers)
        try:
            yield
        finally:
            self._turn = None
            turn.drop()

    def enter(self, bus: SystemBus, may_call: Callable[[str], bool]) -> None:
        """Be there on `bus` for the callers that `may_call` lets in, until the bus is left."""
        bus.export(AGENT_PATH, _Agent1(self), may_call)
        self._bus = bus

    async def register(self) -> None:
        """Make BlueZ ask this agent for every device; BusError when it does not want to."""
        bus = self._bus
        if bus is None:
            raise BusError("D-Bus is gone")
        try:
            await bus.call(BLUEZ, "/org/bluez", f"{_MANAGER}.RegisterAgent", "os", [AGENT_PATH, CAPABILITY])
        except BusError as error:
            if error.name != _ALREADY_EXISTS:
                raise
        await bus.call(BLUEZ, "/org/bluez", f"{_MANAGER}.RequestDefaultAgent", "o", [AGENT_PATH])
        self._is_registered = True

    def released(self) -> None:
        """Take note that BlueZ is gone, or asks no longer: what was being asked is over."""
        self._is_registered = False
        self.cancelled()

    def cancelled(self) -> None:
        """Take back what the technician is being asked: the device or BlueZ has given up."""
        if self._turn is not None:
            self._turn.drop()

    async def passkey(self, device: str) -> int:
        """Return the number that `device` (an object path) shows."""
        passkey = await self._ask(device, lambda answers: answers.passkey())
        if not 0 <= passkey <= MAX_PASSKEY:
            raise _rejected("no passkey")
        return passkey

    async def confirm(self, device: str, passkey: int) -> None:
        """Return when the technician has seen `passkey` on `device` too."""
        if not await self._ask(device, lambda answers: answers.confirm(passkey)):
            raise _rejected("another number")

    def authorize(self, device: str) -> None:
        """Let `device` pair without a number: the technician began it, and there is nothing to compare."""
        self._turn_of(device)

    async def show(self, device: str, passkey: int) -> None:
        """Put `passkey` before the technician, who types it into `device`; told anew for each digit typed.

        His "no" ends the pairing; BlueZ takes no answer to this.
        """
        turn = self._turn_of(device)
        if turn.take_back is None and not await self._ask(device, lambda answers: answers.confirm(passkey)):
            await self._cancel_pairing(device)

    def _turn_of(self, device: str) -> _Turn:
        turn = self._turn
        if turn is None or device.rpartition("/")[2] != turn.part:
            _log.warning("pairing refused", reason="nobody pairs this device")
            raise _rejected("nobody pairs this device")
        return turn

    async def _ask(self, device: str, question: Callable[[PairingAnswers], Awaitable[Answer]]) -> Answer:
        """Ask the technician one thing; what he does not answer, or BlueZ takes back, is cancelled."""
        turn = self._turn_of(device)
        if turn.take_back is not None:
            raise _rejected("one question at a time")
        asked = asyncio.ensure_future(question(turn.answers))
        turn.take_back = asked.cancel
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await asked
        except (asyncio.CancelledError, TimeoutError):
            raise DBusError("org.bluez.Error.Canceled", "not answered") from None
        except EdgeError as error:
            raise _rejected(str(error)) from error
        finally:
            turn.take_back = None

    async def _cancel_pairing(self, device: str) -> None:
        with suppress(BusError):  # over in some other way
            if self._bus is not None:
                await self._bus.call(BLUEZ, device, "org.bluez.Device1.CancelPairing")


class _Agent1(ServiceInterface):
    """What BlueZ sees. Requests of the older radio (PIN codes, services) are no instrument's: refused."""

    def __init__(self, agent: PairingAgent) -> None:
        super().__init__("org.bluez.Agent1")
        self._agent = agent

    @dbus_method("Release")
    def release(self) -> None:
        self._agent.released()

    @dbus_method("Cancel")
    def cancel(self) -> None:
        self._agent.cancelled()

    @dbus_method("RequestPasskey")
    async def request_passkey(self, device: DBusObjectPath) -> DBusUInt32:
        return await self._agent.passkey(device)

    @dbus_method("DisplayPasskey")
    async def display_passkey(
        self, device: DBusObjectPath, passkey: DBusUInt32, _entered: DBusUInt16
    ) -> None:
        await self._agent.show(device, passkey)

    @dbus_method("RequestConfirmation")
    async def request_confirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:
        await self._agent.confirm(device, passkey)

    @dbus_method("RequestAuthorization")
    def request_authorization(self, device: DBusObjectPath) -> None:
        self._agent.authorize(device)

    @dbus_method("RequestPinCode")
    def request_pin_code(self, _device: DBusObjectPath) -> DBusStr:
        raise _rejected("no PIN codes")

    @dbus_method("DisplayPinCode")
    def display_pin_code(self, _device: DBusObjectPath, _pin_code: DBusStr) -> None:
        raise _rejected("no PIN codes")

    @dbus_method("AuthorizeService")
    def authorize_service(self, _device: DBusObjectPath, _uuid: DBusStr) -> None:
        raise _rejected("no services")


def _rejected(text: str) -> DBusError:
    return DBusError("org.bluez.Error.Rejected", text)
