"""The modem on its AT line: the station's own way to call for help when no receipt comes.

It is probed, watched and written to by one task, one command at a time. Whatever is not answered in time ends this life
of the port: after a lost answer nobody knows which command the next one belongs to, so the port is opened anew.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.clock import Clock
from edge.codecs.at import ESCAPE, SUBMIT, AtEvent, AtParser, Failed, Info, Noise, Ok, Pdu, Prompt, Text
from edge.codecs.sms import Delivery, read_report, submit_pdu
from edge.drivers.device import Device
from edge.drivers.serial_port import PortError, SerialPort, open_port
from edge.errors import EdgeError
from edge.logs import Log
from edge.settings import ModemSettings
from edge.supervise import Backoff
from wire.entries import DeviceChanged

BACKOFF: Final = Backoff(first_s=1.0, limit_s=30.0, healthy_after_s=60.0)

HELLO_TIMEOUT_S: Final = 1.0
HELLO_TRIES: Final = 5
"""A modem that wakes up, or one that waits at a prompt for the rest of somebody's message, misses the first ones."""
ANSWER_TIMEOUT_S: Final = 5.0
PROMPT_TIMEOUT_S: Final = 10.0
SUBMIT_TIMEOUT_S: Final = 60.0
"""TS 27.005 leaves it open; networks take up to a minute."""
WATCH_INTERVAL_S: Final = 30.0
MAX_ORDERS: Final = 8
"""SMS that wait for the modem; one more is refused at once."""
MAX_ANSWERS: Final = 64
"""Events of one command; the rest is dropped, and the command runs into its time limit."""

_REGISTERED: Final = frozenset({"1", "5"})
"""Home and roaming (TS 27.007, section 7.2)."""

_log: Final = Log(__name__)


class ModemError(EdgeError):
    """The modem does not do what it should; the text never holds a number or a message."""


class ModemRefusedError(ModemError):
    """The modem or the network said no."""


class ModemSilentError(ModemError):
    """No answer in time."""


@dataclass(frozen=True, slots=True)
class _Order:
    number: str
    text: str
    done: asyncio.Future[int]

    def take(self, reference: int) -> None:
        """Tell the sender that it went out, unless he has gone."""
        if not self.done.done():
            self.done.set_result(reference)

    def fail(self, error: ModemError) -> None:
        """Tell the sender why it did not go out; what was told before stands."""
        if not self.done.done():
            self.done.set_exception(error)


class ModemDriver:
    """One modem. Run `run` under `supervise`; `send` may be called at any time."""

    def __init__(
        self,
        settings: ModemSettings,
        clock: Clock,
        *,
        note: Callable[[DeviceChanged], None],
        on_delivery: Callable[[Delivery], None],
    ) -> None:
        self._settings = settings
        self._device = Device("modem", clock, note)
        self._on_delivery = on_delivery
        self._orders: asyncio.Queue[_Order] = asyncio.Queue(MAX_ORDERS)
        self._is_pin_wrong = False

    @property
    def device(self) -> Device:
        """The modem's health."""
        return self._device

    async def send(self, number: str, text: str) -> int:
        """Send one SMS, return its reference in the status report; waits for the modem, so bound it.

        Raise ModemError when it did not go out, SmsError for a text or number that is no SMS.
        """
        submit_pdu(number, text)
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            self._orders.put_nowait(_Order(number, text, done))
        except asyncio.QueueFull:
            raise ModemError("too many SMS wait") from None
        return await done

    async def run(self) -> None:
        """Serve the port until it fails; raises PortError or ModemError."""
        try:
            async with (
                open_port(self._settings.port, self._settings.baud) as port,
                asyncio.TaskGroup() as tasks,
            ):
                line = _Line(port, self._report)
                tasks.create_task(line.listen(), name="modem-listen")
                await self._serve(line)
        except* (ModemError, PortError) as group:
            self._device.lost(str(group.exceptions[0]))
            raise

    async def _serve(self, line: "_Line") -> None:
        await line.hello()
        await self._unlock(line)
        for command in ("AT+CMGF=0", "AT+CNMI=2,0,0,1,0"):
            await line.try_ask(command)
        while True:
            await self._watch(line)
            try:
                async with asyncio.timeout(WATCH_INTERVAL_S):
                    order = await self._orders.get()
            except TimeoutError:
                continue
            await self._obey(line, order)

    async def _unlock(self, line: "_Line") -> None:
        """Get past the SIM's PIN. A wrong one is never tried twice: the third try locks the card."""
        state = await line.ask("AT+CPIN?", "+CPIN")
        if state == "SIM PIN" and self._settings.pin and not self._is_pin_wrong:
            try:
                await line.ask(f'AT+CPIN="{self._settings.pin}"')
            except ModemRefusedError:
                self._is_pin_wrong = True
                raise
        elif state != "READY":
            raise ModemRefusedError(f"SIM: {state or 'no answer'}")

    async def _watch(self, line: "_Line") -> None:
        registration = await line.try_ask("AT+CREG?", "+CREG") or ""
        signal = await line.try_ask("AT+CSQ", "+CSQ") or "99"
        detail = f"signal {signal.partition(',')[0]}"
        if registration.split(",")[-1].strip() in _REGISTERED:
            self._device.ok(detail)
        else:
            self._device.seen()
            self._device.fault(f"not in the network, {detail}")

    async def _obey(self, line: "_Line", order: _Order) -> None:
        if order.done.done():
            return
        error: ModemError = ModemError("the modem was lost")
        try:
            order.take(await line.submit(*submit_pdu(order.number, order.text)))
        except ModemRefusedError as refusal:
            error = refusal
        except ModemSilentError as silence:
            error = silence
            raise
        finally:
            order.fail(error)

    def _report(self, pdu: bytes) -> None:
        delivery = read_report(pdu)
        if delivery is not None:
            self._on_delivery(delivery)


class _Line:
    """One life of the AT line: commands out, answers and notices in."""

    def __init__(self, port: SerialPort, on_pdu: Callable[[bytes], None]) -> None:
        self._port = port
        self._on_pdu = on_pdu
        self._parser = AtParser()
        self._answers: asyncio.Queue[AtEvent] = asyncio.Queue(MAX_ANSWERS)

    async def listen(self) -> None:
        """Take what the modem says until the port is lost."""
        while True:
            for event in self._parser.feed(await self._port.read()):
                match event:
                    case Pdu(data):
                        self._on_pdu(data)
                    case Text() | Noise():
                        continue
                    case _ if not self._answers.full():
                        self._answers.put_nowait(event)

    async def hello(self) -> None:
        """Find the modem's attention, whatever it was doing, and make it talk as we need it."""
        for _ in range(HELLO_TRIES):
            self._port.write(ESCAPE + b"\r")
            try:
                await self.ask("ATE0", timeout_s=HELLO_TIMEOUT_S)
                await self.ask("AT+CMEE=1")
            except ModemError as error:
                reason = error
            else:
                return
        raise reason

    async def ask(self, command: str, name: str | None = None, *, timeout_s: float = ANSWER_TIMEOUT_S) -> str:
        """Send a command, return the value of the `Info` called `name` (or nothing).

        Raise ModemRefusedError for an error, ModemSilentError without an answer.
        """
        self._forget_answers()
        self._port.write(f"{command}\r".encode())
        return await self._answer(command, name, timeout_s)

    async def try_ask(self, command: str, name: str | None = None) -> str | None:
        """Do as `ask`, but return None where the modem says no: not every modem knows every command."""
        try:
            return await self.ask(command, name)
        except ModemRefusedError as error:
            _log.debug("modem refused", command=command, reason=error)
            return None

    async def submit(self, pdu: bytes, length: int) -> int:
        """Hand over one PDU, return the message's reference."""
        self._forget_answers()
        self._port.write(f"AT+CMGS={length}\r".encode())
        await self._prompt()
        self._port.write(pdu.hex().upper().encode() + SUBMIT)
        reference = await self._answer("AT+CMGS", "+CMGS", SUBMIT_TIMEOUT_S)
        return int(reference) if reference.isdecimal() else 0

    async def _prompt(self) -> None:
        try:
            async with asyncio.timeout(PROMPT_TIMEOUT_S):
                while True:
                    match await self._answers.get():
                        case Prompt():
                            return
                        case Failed() as failure:
                            raise ModemRefusedError(f"AT+CMGS: {failure}")
        except TimeoutError:
            self._port.write(ESCAPE)
            raise ModemSilentError(f"no prompt within {PROMPT_TIMEOUT_S:g} s") from None

    async def _answer(self, command: str, name: str | None, timeout_s: float) -> str:
        value = ""
        what = command.partition("=")[0]
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    match await self._answers.get():
                        case Ok():
                            return value
                        case Failed() as failure:
                            raise ModemRefusedError(f"{what}: {failure}")
                        case Info(heard, found) if heard == name:
                            value = found
        except TimeoutError:
            raise ModemSilentError(f"{what}: no answer within {timeout_s:g} s") from None

    def _forget_answers(self) -> None:
        while not self._answers.empty():
            self._answers.get_nowait()
