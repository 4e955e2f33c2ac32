"""A station to try by hand: the real daemon, on a board that exists on the screen only.

Without settings it has no broker, so presses stay recorded and one sees what the station does on its own.
"""

import asyncio
import os
import sys
import tempfile
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from edge.logs import start_logging
from edge.sd_notify import Notifier
from edge.settings import BoardSettings, Settings, read_settings
from edge.station import run_station
from edge.virtual_board import VirtualBoard
from firmware_bridge.board import LineState

HELP: Final = (
    "1, 2: press a button   w: cut or mend a wire   t: open or close the case   u: pull or plug   q: end"
)
PRESS_S: Final = 0.3
REFRESH_S: Final = 0.1


def run_simulation(settings: Settings | None) -> None:
    """Run until q, Ctrl-C or SIGTERM. `settings` give the broker; board and journal are made for this run."""
    with tempfile.TemporaryDirectory(prefix="tcds-station-") as name:
        directory = Path(name)
        log = directory / "daemon.log"
        print(HELP, f"The daemon's log: {log}", sep="\n")  # noqa: T201 - it talks to a person
        with log.open("w", encoding="utf-8") as stream:
            start_logging("info", stream)
            asyncio.run(_simulate(_prepared(settings, directory), directory / "board"))


async def _simulate(settings: Settings, port: Path) -> None:
    stop = asyncio.Event()
    async with VirtualBoard(port) as board, asyncio.TaskGroup() as tasks:
        screen = tasks.create_task(_show(board), name="screen")
        with _keys(lambda key: _act(board, key, stop)):
            await run_station(settings, Notifier({}), stop=stop)
        screen.cancel()


def _act(board: VirtualBoard, key: str, stop: asyncio.Event) -> None:
    match key:
        case "1" | "2":
            _push(board, int(key) - 1)
        case "w":
            (board.restore_wire if board.line(0) is LineState.CUT else board.cut_wire)()
        case "t":
            (board.close_lid if board.is_open else board.tamper)()
        case "u":
            (board.unplug if board.is_plugged else board.plug)()
        case "q" | "\x03":
            stop.set()


def _push(board: VirtualBoard, button: int) -> None:
    """Press a button as a finger does; a button whose wire is cut cannot be heard."""
    if board.line(button) is LineState.IDLE:
        board.press(button)
        asyncio.get_running_loop().call_later(PRESS_S, _let_go, board, button)


def _let_go(board: VirtualBoard, button: int) -> None:
    if board.line(button) is LineState.PRESSED:
        board.release(button)


async def _show(board: VirtualBoard) -> None:
    """Print a line whenever what a person sees or hears has changed."""
    before = ""
    while True:
        cable = "" if board.is_plugged else "   (cable pulled)"
        line = f"lamp {board.lamp.name:<9} siren {'ON' if board.siren else 'off'}{cable}"
        if line != before:
            print(line, flush=True)  # noqa: T201 - same
            before = line
        await asyncio.sleep(REFRESH_S)


@contextmanager
def _keys(act: Callable[[str], None]) -> Iterator[None]:
    """Call `act` with each key; also where stdin is no terminal, until it ends."""
    fd = sys.stdin.fileno()
    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(fd) if os.isatty(fd) else None
    if before is not None:
        tty.setcbreak(fd)

    def read() -> None:
        data = os.read(fd, 64)
        if not data:
            loop.remove_reader(fd)
        for byte in data:
            act(chr(byte))

    loop.add_reader(fd, read)
    try:
        yield
    finally:
        loop.remove_reader(fd)
        if before is not None:
            termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _prepared(settings: Settings | None, directory: Path) -> Settings:
    """Return settings with a board and a journal of this run; the modem stays out of it."""
    mine = read_settings(
        {
            "station": {"id": "simulated", "name": "Trạm thử", "place": "Màn hình"},
            "broker": {"host": "127.0.0.1", "port": 1, "ca": "none", "certificate": "none", "key": "none"},
            "journal": {"path": "journal.db", "max_bytes": 64 << 20, "reserve_bytes": 1 << 20},
            "board": {"port": str(directory / "board")},
        },
        directory,
    )
    if settings is None:
        return mine
    board = BoardSettings(port=mine.board.port, button_names=settings.board.button_names)
    return msgspec.structs.replace(settings, board=board, journal=mine.journal, modem=None)
