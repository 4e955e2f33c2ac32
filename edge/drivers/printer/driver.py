"""The receipt printer on its serial line: a slip is printed when the printer itself has said so.

A slip goes out in pieces that end at a command. After each the printer is asked how it is, in real time: the answer
tells paper and cover, and holds the next piece back until this one has arrived. The slip is drawn by a program of its
own (edge.drivers.printer.job), since fonts and pictures cost memory and time that the daemon must not spend.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from edge.clock import Clock
from edge.drivers.device import Device
from edge.drivers.printer.slip import Slip
from edge.drivers.printer.status import ASK_IN_TURN, CLEAR, Query, State, ask, is_in_turn, is_status, judge
from edge.drivers.program import ProgramError, run_program
from edge.drivers.serial_port import PortError, SerialPort, open_port
from edge.errors import EdgeError
from edge.logs import Log
from edge.settings import PrinterSettings
from edge.supervise import Backoff
from wire.entries import DeviceChanged

BACKOFF: Final = Backoff(first_s=5.0, limit_s=60.0)
CHECK_INTERVAL_S: Final = 30.0
"""How often an idle printer is asked how it is."""
ANSWER_LIMIT_S: Final = 1.0
ANSWER_TRIES: Final = 3
QUIET_S: Final = 0.1
FINISH_LIMIT_S: Final = 10.0
"""What a slow printer still holds and prints after the last byte, the knife included."""
DRAW_LIMIT_S: Final = 20.0
MAX_DRAWN_BYTES: Final = 400_000
"""Half a metre of the wider paper."""

_BITS_PER_BYTE: Final = 10
_log: Final = Log(__name__)
_read_pieces: Final = msgspec.msgpack.Decoder(list[bytes]).decode

Draw = Callable[[Slip], Awaitable[list[bytes]]]


class PrinterError(EdgeError):
    """The slip is not, or not completely, on paper."""


class PrinterSilentError(PrinterError):
    """The printer is not there, or does not answer."""


class PrinterBusyError(PrinterError):
    """Another slip is being printed."""


class NoPaperError(PrinterError):
    """The roll is used up."""


class PrinterFaultError(PrinterError):
    """The cover is open, or something else is wrong that a technician sees at the printer or in the log."""


async def draw_in_process(slip: Slip) -> list[bytes]:
    """Return the commands for a slip, in pieces that each end at a command; PrinterFaultError when it cannot be drawn."""
    command = (sys.executable, "-m", "edge.drivers.printer.job")
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    try:
        drawn = await run_program(
            command,
            msgspec.json.encode(slip),
            limit_s=DRAW_LIMIT_S,
            max_bytes=MAX_DRAWN_BYTES,
            environment=environment,
        )
        return _read_pieces(drawn)
    except (ProgramError, msgspec.DecodeError) as error:
        raise PrinterFaultError(f"slip not drawn: {error}") from error


class PrinterDriver:
    """One printer. Run `run` under `supervise`; it only watches, `print` opens the port itself."""

    def __init__(
        self,
        settings: PrinterSettings,
        clock: Clock,
        note: Callable[[DeviceChanged], None],
        *,
        draw: Draw = draw_in_process,
    ) -> None:
        self._settings = settings
        self._device = Device("printer", clock, note)
        self._draw = draw
        self._turn = asyncio.Lock()

    @property
    def device(self) -> Device:
        """The printer's health."""
        return self._device

    @property
    def width_mm(self) -> int:
        """The paper's width."""
        return self._settings.width_mm

    async def print(self, slip: Slip) -> None:
        """Print a slip and return when it is out; raise PrinterError with the reason when it is not."""
        if self._turn.locked():
            raise PrinterBusyError("a slip is being printed")
        async with self._turn:
            pieces = await self._draw(slip)
            try:
                async with open_port(self._settings.port, self._settings.baud) as port:
                    await self._send(_Line(port, self._settings.baud), pieces)
            except PortError as error:
                self._device.lost(str(error))
                raise PrinterSilentError(str(error)) from error
            except PrinterSilentError as error:
                self._device.lost(str(error))
                raise

    async def run(self) -> None:
        """Ask the printer every now and then how it is, so that an empty roll is known before somebody needs it."""
        while True:
            async with self._turn:
                await self._check()
            await asyncio.sleep(CHECK_INTERVAL_S)

    async def _check(self) -> None:
        try:
            async with open_port(self._settings.port, self._settings.baud) as port:
                self._tell(await _Line(port, self._settings.baud).look())
        except (PortError, PrinterSilentError) as error:
            self._device.lost(str(error))

    async def _send(self, line: "_Line", pieces: list[bytes]) -> None:
        try:
            self._require(await line.look())
            for piece in pieces:
                await line.send(piece)
                self._require(await line.look())
            await line.finish()
            self._require(await line.look())
        except PrinterError:
            line.clear()
            raise

    def _require(self, state: State) -> None:
        """Raise unless it can go on."""
        self._tell(state)
        if state is State.NO_PAPER:
            raise NoPaperError(state)
        if state in {State.COVER_OPEN, State.FAULT}:
            raise PrinterFaultError(state)

    def _tell(self, state: State) -> None:
        if state in {State.READY, State.NEAR_END}:
            self._device.ok("" if state is State.READY else state)
        else:
            self._device.seen()
            self._device.fault(state)


class _Line:
    """Sending to one open printer, and asking it."""

    def __init__(self, port: SerialPort, baud: int) -> None:
        self._port = port
        self._baud = baud

    async def look(self) -> State:
        """Ask how the printer is; PrinterSilentError when it does not say."""
        answers = [await self._ask(query) for query in Query]
        return judge(*answers)

    async def send(self, piece: bytes) -> None:
        """Send one piece and give the line the time that it takes."""
        self._port.write(piece)
        await asyncio.sleep(len(piece) * _BITS_PER_BYTE / self._baud)

    async def finish(self) -> None:
        """Wait until everything is printed. Some cheap printers know no such question; those have said all they can."""
        self._port.write(ASK_IN_TURN)
        try:
            async with asyncio.timeout(FINISH_LIMIT_S):
                await self._hear(is_in_turn)
        except TimeoutError:
            _log.debug("the printer does not tell when it is done")

    def clear(self) -> None:
        """Drop what the printer has not printed yet, as far as it can still be told."""
        try:
            self._port.write(CLEAR)
        except PortError:
            return

    async def _ask(self, query: Query) -> int:
        for _ in range(ANSWER_TRIES):
            self._port.write(ask(query))
            try:
                async with asyncio.timeout(ANSWER_LIMIT_S):
                    return await self._hear(is_status)
            except TimeoutError:
                await self._settle()
        raise PrinterSilentError(f"{self._port.path}: does not answer")

    async def _settle(self) -> None:
        """Let answers that come too late go by: they must not be taken for those to the next question."""
        try:
            while True:
                async with asyncio.timeout(QUIET_S):
                    await self._port.read()
        except TimeoutError:
            return

    async def _hear(self, fits: Callable[[int], bool]) -> int:
        """Return the last fitting byte of what comes: the answer is what was said last."""
        while True:
            fitting = [byte for byte in await self._port.read() if fits(byte)]
            if fitting:
                return fitting[-1]
