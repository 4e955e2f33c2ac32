"""What the fake board adds to the model: a cable, faults, and a price low enough for hundreds."""

import asyncio
import os
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from firmware_bridge.frames import Damage
from firmware_bridge.link import BoardUp
from firmware_bridge.messages import ResetCause
from tests.fakes.board import FakeBoard
from tests.firmware_bridge.host import Host


async def test_an_unplugged_board_fails_the_host_and_comes_back_at_its_path(fake: FakeBoard) -> None:
    port = os.open(fake.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    fake.unplug()
    assert os.read(port, 4_096) == b""
    with pytest.raises(OSError, match="Input/output error"):
        os.write(port, b"\0")
    os.close(port)
    assert not fake.path.exists()

    pressed = fake.press()
    fake.plug()
    async with Host(fake.path) as host:
        await host.until(lambda: fake.pending == 0)

    assert [event.id for event in host.presses()] == [pressed]


async def test_lost_acknowledgements_are_lost_at_the_board(fake: FakeBoard) -> None:
    async with Host(fake.path) as host:
        fake.lose_acks(2)
        fake.press()
        await host.told_more_than(0)
        assert fake.pending == 1
        await host.until(lambda: fake.pending == 0, timeout_s=1)

    assert len(host.presses()) == 1


async def test_noise_reaches_the_host_as_damage(fake: FakeBoard) -> None:
    async with Host(fake.path) as host:
        fake.noise(b"\0noise\0")
        await host.until(lambda: bool(host.all(Damage)), timeout_s=1)


async def test_each_press_has_the_time_of_its_first_byte(fake: FakeBoard) -> None:
    async with Host(fake.path) as host:
        await host.up()
        before_ns = time.monotonic_ns()
        pressed = fake.press()
        after_ns = time.monotonic_ns()
        fake.release()
        await host.told_more_than(1)

    assert pressed is not None
    assert list(fake.first_byte_ns) == [pressed]
    assert before_ns <= fake.first_byte_ns[pressed] <= after_ns


async def test_a_button_that_is_down_cannot_be_pressed(fake: FakeBoard) -> None:
    assert fake.press() is not None
    assert fake.press() is None


async def test_a_held_button_is_told_anew_after_a_reset(fake: FakeBoard) -> None:
    async with Host(fake.path) as host:
        await host.up()
        fake.press()
        await host.told_more_than(0)
        fake.reset(ResetCause.BROWN_OUT)
        await host.told_more_than(1)

    assert [event.id.boot_count for event in host.presses()] == [1, 2]
    assert host.all(BoardUp)[-1].hello.reset_cause is ResetCause.BROWN_OUT


async def test_two_hundred_boards_cost_little(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        boards = [await stack.enter_async_context(FakeBoard(tmp_path / str(nth), nth)) for nth in range(200)]
        started_s = time.process_time()
        await asyncio.sleep(2)
        used_s = time.process_time() - started_s

    assert len(boards) == 200
    assert used_s < 0.5
