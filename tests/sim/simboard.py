"""The real firmware under simavr, with the same handles as the fake board."""

import asyncio
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

_HERE = Path(__file__).parent
_FIRMWARE = _HERE.parents[1] / "firmware_bridge" / "firmware"
_PACKAGES = "simavr libsimavr-dev libelf-dev gcc gcc-avr binutils-avr avr-libc make"
_HOST = "-O2 -Wall -Wextra -Werror -I/usr/include/simavr -I/usr/include/simavr/parts"
_LIBRARIES = "-lsimavr -lelf -lutil -lm"

_IDLE_MV, _PRESSED_MV, _CUT_MV, _SHORT_MV = 2_500, 1_210, 5_000, 0
_TAMPER_BIT = 4


def build(folder: Path) -> tuple[Path, Path]:
    """Build simulator and firmware into `folder`; fails, never skips, where a Debian package is missing."""
    if shutil.which("avr-gcc") is None or not Path("/usr/include/simavr/sim_avr.h").exists():
        pytest.fail(f"the firmware cannot be tested; run: apt-get install -y {_PACKAGES}", pytrace=False)
    host = folder / "simboard"
    _run("gcc", *_HOST.split(), "-o", str(host), str(_HERE / "simboard.c"), *_LIBRARIES.split())
    _run("make", "-C", str(_FIRMWARE), f"BUILD={folder}")
    return host, folder / "sos.elf"


def build_frame_library(folder: Path) -> Path:
    """Build the firmware's frame code for this machine."""
    library = folder / "libframe.so"
    _run(
        "gcc",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "-o",
        str(library),
        str(_FIRMWARE / "frame.c"),
    )
    return library


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        pytest.fail(f"{command[0]} failed:\n{done.stdout}{done.stderr}", pytrace=False)


class SimBoard:
    """`async with SimBoard(host, elf) as board`: the board's pty is `board.path`."""

    def __init__(self, host: Path, elf: Path, serial: int = 1) -> None:
        self._command = (str(host), str(elf), str(serial))
        self.path = Path()
        self.siren = False
        self.lamp_level = 0

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe)
        async with asyncio.timeout(5):
            while not self.path.name:
                self._note(await self._read_line())
        self._listener = asyncio.create_task(self._listen(), name="simboard-listener")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._say("quit")
        async with asyncio.timeout(5):
            await self._listener
            await self._process.wait()

    def press(self, button: int = 0) -> None:
        self.set_line(button, _PRESSED_MV)

    def release(self, button: int = 0) -> None:
        self.set_line(button, _IDLE_MV)

    def cut_wire(self, button: int = 0) -> None:
        self.set_line(button, _CUT_MV)

    def short_wire(self, button: int = 0) -> None:
        self.set_line(button, _SHORT_MV)

    def restore_wire(self, button: int = 0) -> None:
        self.set_line(button, _IDLE_MV)

    def tamper(self) -> None:
        self._say(f"pin {_TAMPER_BIT} 1")

    def close_lid(self) -> None:
        self._say(f"pin {_TAMPER_BIT} 0")

    def reset(self) -> None:
        self._say("reset")

    def hang(self) -> None:
        """Catch the program in an endless loop, interrupts running: only the watchdog helps."""
        self._say("hang")

    def set_eeprom(self, address: int, byte: int) -> None:
        self._say(f"eeprom {address} {byte}")

    def set_line(self, button: int, millivolts: int) -> None:
        self._say(f"adc {button} {millivolts}")

    def wait(self, simulated_ms: int) -> None:
        """Hold back the commands that follow, by the board's own clock."""
        self._say(f"wait {simulated_ms}")

    def warp(self, simulated_s: int) -> None:
        """Let that much of the board's time pass as fast as the machine can."""
        self._say(f"warp {simulated_s * 1_000}")

    def _say(self, command: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n".encode())

    async def _read_line(self) -> str:
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode()

    async def _listen(self) -> None:
        while line := await self._read_line():
            self._note(line)

    def _note(self, line: str) -> None:
        match line.split():
            case ["pty", path]:
                self.path = Path(path)
            case ["siren", level]:
                self.siren = level == "1"
            case ["lamp", level]:
                self.lamp_level = int(level)
            case []:
                pytest.fail("the simulator ended")
