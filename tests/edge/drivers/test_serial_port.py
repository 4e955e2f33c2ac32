"""The transport on real ptys: the other end is the pty's master."""

import asyncio
import os
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.drivers.serial_port import (
    MAX_UNREAD_BYTES,
    MAX_UNSENT_BYTES,
    PortError,
    PortLostError,
    PortStuckError,
    SerialPort,
    open_port,
)
from tests.edge.waiting import eventually

BAUD = 57_600


@dataclass
class Pty:
    master: int
    slave: int
    path: str

    def close_master(self) -> None:
        os.close(self.master)
        self.master = -1


@pytest.fixture
def pty() -> Iterator[Pty]:
    master, slave = os.openpty()
    tty.setraw(slave)
    pair = Pty(master, slave, os.ttyname(slave))
    yield pair
    os.close(slave)
    if pair.master >= 0:
        os.close(pair.master)


def write_until_stuck(port: SerialPort, piece: bytes) -> None:
    """Write until the port refuses; the error's note says how many pieces it took."""
    for count in range(100_000):
        try:
            port.write(piece)
        except PortStuckError as error:
            error.add_note(str(count))
            raise


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_bytes_go_both_ways(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        port.write(b"\x00to the board\xff")
        assert os.read(pty.master, 100) == b"\x00to the board\xff"
        os.write(pty.master, b"\x00\x11\x13\r\n\xff")
        assert await port.read() == b"\x00\x11\x13\r\n\xff"


async def test_the_port_is_ours_alone(pty: Pty) -> None:
    async with open_port(pty.path, BAUD):
        with pytest.raises(PortError, match="in use by another program"):
            async with open_port(pty.path, BAUD):
                pass


async def test_closing_does_not_reset_the_board(pty: Pty) -> None:
    async with open_port(pty.path, BAUD):
        assert not termios.tcgetattr(pty.slave)[2] & termios.HUPCL


async def test_a_port_that_is_not_there_is_named() -> None:
    with pytest.raises(PortError, match=r"^/dev/nowhere: No such file or directory$"):
        async with open_port("/dev/nowhere", BAUD):
            pass


async def test_a_file_is_no_port(tmp_path: object) -> None:
    with pytest.raises(PortError, match=r"^pyproject.toml: "):
        async with open_port("pyproject.toml", BAUD):
            pass


async def test_an_unplugged_port_is_seen_at_once(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        reading = asyncio.create_task(port.read())
        await asyncio.sleep(0)
        started = time.perf_counter()
        pty.close_master()
        with pytest.raises(PortLostError):
            await reading
        assert time.perf_counter() - started < 0.1
        with pytest.raises(PortLostError):
            port.write(b"x")


async def test_what_arrived_before_the_end_can_still_be_read(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        os.write(pty.master, b"last words")
        assert await port.read() == b"last words"
        pty.close_master()
        with pytest.raises(PortLostError):
            await port.read()


async def test_a_peer_that_stops_reading_never_blocks(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        started = time.perf_counter()
        with pytest.raises(PortStuckError):
            write_until_stuck(port, bytes(1_000))
        assert time.perf_counter() - started < 1.0
        assert len(port._unsent) <= MAX_UNSENT_BYTES


async def test_what_the_peer_could_not_take_follows_when_it_reads_again(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        piece = bytes(range(100))
        with pytest.raises(PortStuckError) as stuck:
            write_until_stuck(port, piece)
        sent = int(stuck.value.__notes__[0])
        os.set_blocking(pty.master, False)
        received = bytearray()
        while len(received) < sent * 100:
            await asyncio.sleep(0.001)
            try:
                received += os.read(pty.master, 65_536)
            except BlockingIOError:
                continue
        assert received == piece * sent
        port.write(b"again")
        assert os.read(pty.master, 10) == b"again"


async def test_a_flood_that_nobody_reads_is_bounded_and_nothing_of_it_is_lost(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        os.set_blocking(pty.master, False)
        flood = bytes(range(256)) * 1_024
        written = 0

        def is_full() -> bool:
            nonlocal written
            with suppress(BlockingIOError):
                written += os.write(pty.master, flood[written : written + 8_192])
            return port._is_paused

        await eventually(is_full)
        assert MAX_UNREAD_BYTES <= len(port._unread) < MAX_UNREAD_BYTES + 4_096
        received = bytearray()
        async with asyncio.timeout(5):
            while len(received) < written:
                received += await port.read()
        assert received == flood[:written]


async def test_a_port_given_up_tells_its_reader_why(pty: Pty) -> None:
    async with open_port(pty.path, BAUD) as port:
        reading = asyncio.create_task(port.read())
        await asyncio.sleep(0)
        port.give_up(PortStuckError("nobody reads"))
        with pytest.raises(PortStuckError, match="nobody reads"):
            await reading


async def test_after_the_context_the_descriptor_is_free(pty: Pty) -> None:
    before = open_descriptors()
    for _ in range(3):
        async with open_port(pty.path, BAUD) as port:
            reading = asyncio.create_task(port.read())
            await asyncio.sleep(0)
        with pytest.raises(PortLostError):
            await reading
    assert open_descriptors() == before
