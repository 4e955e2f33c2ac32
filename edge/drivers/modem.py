"""The modem on its AT line: the station's own way to call for help when no receipt comes.

It is probed, watched and written to by one task, one command at a time. Whatever is not answered in time ends this life
of the port: after a lost answer nobody knows which command the next one belongs to, so the port is opened anew.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.clock import Clock
from edge.codecs.sms import Delivery, read_report, submit_pdu
from edge.drivers.at_line import AtLine, ModemError, ModemRefusedError, ModemSilentError
from edge.drivers.device import Device
from edge.drivers.serial_port import PortError, open_port
from edge.settings import ModemSettings
from edge.supervise import Backoff
from wire.entries import DeviceChanged

BACKOFF: Final = Backoff(first_s=1.0, limit_s=30.0, healthy_after_s=60.0)

WATCH_INTERVAL_S: Final = 30.0
MAX_ORDERS: Final = 8
"""SMS that wait for the modem; one more is refused at once."""
_REGISTERED: Final = frozenset({"1", "5"})
"""Home and roaming (TS 27.007, section 7.2)."""


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
                line = AtLine(port, self._report)
                tasks.create_task(line.listen(), name="modem-listen")
                await self._serve(line)
        except* (ModemError, PortError) as group:
            self._device.lost(str(group.exceptions[0]))
            raise

    async def _serve(self, line: AtLine) -> None:
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

    async def _unlock(self, line: AtLine) -> None:
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

    async def _watch(self, line: AtLine) -> None:
        registration = await line.try_ask("AT+CREG?", "+CREG") or ""
        signal = await line.try_ask("AT+CSQ", "+CSQ") or "99"
        detail = f"signal {signal.partition(',')[0]}"
        if registration.split(",")[-1].strip() in _REGISTERED:
            self._device.ok(detail)
        else:
            self._device.seen()
            self._device.fault(f"not in the network, {detail}")

    async def _obey(self, line: AtLine, order: _Order) -> None:
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
