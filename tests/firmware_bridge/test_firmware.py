"""The firmware by itself: its frame code on this machine, its numbers, and what its inputs do under simavr."""

import asyncio
import ctypes
import re
from collections.abc import Callable
from enum import IntEnum, IntFlag
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge import board, frames, messages
from firmware_bridge.frames import MAX_BODY, Damage, Frame, FrameDecoder, encode
from firmware_bridge.link import BoardUp, CommandFailed, CommandFault
from firmware_bridge.messages import Beat, BoardState, EventKind, Lamp, LampPattern, ResetCause
from tests.firmware_bridge.host import Host
from tests.sim.simboard import SimBoard

HEADER = (Path(board.__file__).parent / "firmware" / "protocol.h").read_text()
NUMBERS = {
    name: int(value, 0) for name, value in re.findall(r"(\w+) =? ?(0x[0-9A-F]+|\d+)(?:UL)?[,\n]", HEADER)
}

BOOT_RING_AT, BOOT_SIZE = 16, 8
SLOTS_AT, SLOT_SIZE = 256, 16


class CDecoder(ctypes.Structure):
    """`struct frame_decoder` of frame.h."""

    _fields_ = (
        ("body", ctypes.c_uint8 * MAX_BODY),
        ("size", ctypes.c_uint8),
        ("left", ctypes.c_uint8),
        ("zero_due", ctypes.c_bool),
        ("started", ctypes.c_bool),
        ("bad", ctypes.c_bool),
        ("damaged", ctypes.c_uint16),
    )


class CFrames:
    """The firmware's frame code."""

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        self._library.frame_decode.restype = ctypes.c_bool
        self._library.frame_encode.restype = ctypes.c_uint8

    def encode(self, frame: Frame) -> bytes:
        out = (ctypes.c_uint8 * (MAX_BODY + 3))()
        size = self._library.frame_encode(frame.kind, frame.payload, len(frame.payload), out)
        return bytes(out[:size])

    def decode(self, stream: bytes) -> tuple[list[Frame], int]:
        decoder = CDecoder()
        decoded = [
            Frame(decoder.body[0], bytes(decoder.body[1 : decoder.size]))
            for byte in stream
            if self._library.frame_decode(ctypes.byref(decoder), byte)
        ]
        return decoded, decoder.damaged


@pytest.fixture(scope="session")
def c_frames(frame_library: Path) -> CFrames:
    return CFrames(frame_library)


FRAMES = st.builds(Frame, st.integers(0, 255), st.binary(max_size=MAX_BODY - 3))


@given(frame=FRAMES)
def test_both_sides_encode_alike(c_frames: CFrames, frame: Frame) -> None:
    assert c_frames.encode(frame) == encode(frame)


@given(pieces=st.lists(FRAMES.map(encode) | st.binary(max_size=100), max_size=8))
def test_both_sides_decode_alike(c_frames: CFrames, pieces: list[bytes]) -> None:
    stream = b"".join(pieces)
    results = FrameDecoder().feed(stream)

    decoded, damaged = c_frames.decode(stream)

    assert decoded == [result for result in results if isinstance(result, Frame)]
    assert damaged == sum(isinstance(result, Damage) for result in results)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROTOCOL", messages.PROTOCOL),
        ("LINES", messages.LINES),
        ("BAUD", frames.BAUD),
        ("MAX_BODY", frames.MAX_BODY),
        *((name, getattr(board, name)) for name in ("RESEND_MS", "BEAT_MS", "OWN_ALARM_MS", "SIREN_CAP_MS")),
        *((name, getattr(board, name)) for name in ("HOST_SILENT_MS", "PENDING_MAX")),
        *zip(("FIRMWARE_MAJOR", "FIRMWARE_MINOR", "FIRMWARE_PATCH"), board.FIRMWARE, strict=True),
    ],
)
def test_the_header_has_the_same_limits(name: str, value: int) -> None:
    assert NUMBERS[name] == value


@pytest.mark.parametrize(
    ("prefix", "enumeration"), [("EVENT_", EventKind), ("LAMP_", LampPattern), ("STATE_", BoardState)]
)
def test_the_header_has_the_same_enumerations(prefix: str, enumeration: type[IntEnum | IntFlag]) -> None:
    ours = {prefix + member.name: member.value for member in enumeration if member.name and member.value}
    known = {name: NUMBERS[name] for name in ours if name in NUMBERS}

    assert known == {name: value for name, value in ours.items() if name != "STATE_LINE_1_FAULT"}


async def test_a_bouncing_contact_is_one_press(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        await host.up()
        bounce(sim, sim.press, sim.release)
        await host.told_more_than(0)
        bounce(sim, sim.release, sim.press)
        await host.told_more_than(1)
        await asyncio.sleep(0.2)

    assert host.kinds() == [(EventKind.PRESS, 0), (EventKind.RELEASE, 0)]


def bounce(sim: SimBoard, to: Callable[[], None], back: Callable[[], None]) -> None:
    for _ in range(5):
        to()
        sim.wait(10)
        back()
        sim.wait(10)
    to()


async def test_a_voltage_between_the_bands_changes_nothing(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        await host.up()
        for millivolts in (2_100, 1_900, 1_750, 3_200, 4_200):
            sim.set_line(0, millivolts)
            await asyncio.sleep(0.08)
        sim.set_line(0, 1_650)
        await host.told_more_than(0)
        sim.set_line(0, 1_900)
        await asyncio.sleep(0.08)
        sim.set_line(0, 600)
        await asyncio.sleep(0.08)

    assert host.kinds() == [(EventKind.PRESS, 0)]


async def test_the_lamp_has_light(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        host.light(LampPattern.ON_WAY)
        await host.until(lambda: sim.lamp_level == 3, timeout_s=1)
        await asyncio.sleep(0.5)
        assert sim.lamp_level == 3
        host.light(LampPattern.OFF)
        await host.until(lambda: sim.lamp_level == 0, timeout_s=1)


async def test_the_hosts_siren_is_capped(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        await host.up()
        host.sound(255)
        await host.until(lambda: sim.siren, timeout_s=1)
        sim.warp(58)
        await host.until(lambda: any(beat.uptime_s > 54 for beat in host.all(Beat)), timeout_s=20)
        assert sim.siren
        await host.until(lambda: not sim.siren, timeout_s=8)


async def test_the_own_siren_is_capped_and_the_lamp_goes_on(sim: SimBoard) -> None:
    async with Host(sim.path, confirms=False) as host:
        await host.up()
        sim.press()
        await host.told_more_than(0)
        sim.warp(60)
        await host.until(lambda: sim.siren)
        await host.until(lambda: not sim.siren, timeout_s=20)
        beat = await host.next_beat()

    assert beat.uptime_s >= 62
    assert beat.state & (BoardState.OWN_ALARM | BoardState.SIREN_ON) == BoardState.OWN_ALARM


async def test_boots_are_counted_past_their_sixteen_places(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        for _ in range(20):
            sim.wait(60)
            sim.reset()
        await host.until(lambda: [up.hello.boot_count for up in host.all(BoardUp)][-1:] == [21])


async def test_a_spoilt_boot_record_never_brings_a_number_back(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        for nth in range(2, 5):
            sim.wait(60)
            sim.set_eeprom(BOOT_RING_AT + BOOT_SIZE * (nth - 2), 0x55)
            sim.reset()
            await host.until(lambda nth=nth: len(host.all(BoardUp)) >= nth)  # type: ignore[misc]

    counts = [up.hello.boot_count for up in host.all(BoardUp)]
    assert counts == sorted(set(counts))
    assert len(counts) == 4


async def test_a_spoilt_event_is_not_told(sim: SimBoard) -> None:
    async with Host(sim.path, confirms=False) as host:
        await host.up()
        sim.press()
        await host.told_more_than(0)
        sim.release()
        await host.told_more_than(1)
        await asyncio.sleep(0.15)
        sim.set_eeprom(SLOTS_AT + SLOT_SIZE * 1 + 4, 0x55)
        sim.reset()
        await host.until(lambda: len(host.all(BoardUp)) == 2)
        beat = await host.next_beat()

    assert (beat.boot_count, beat.pending, len(host.presses())) == (2, 0, 1)


async def test_an_unknown_pattern_is_refused(sim: SimBoard) -> None:
    async with Host(sim.path) as host:
        await host.up()
        order = Lamp(200, 7)  # type: ignore[arg-type]  # what a newer host might say
        host.link._command(order, 0, reported=True)
        await host.until(lambda: CommandFailed(order, CommandFault.REFUSED) in host.told, timeout_s=1)


async def test_a_reset_while_the_eeprom_is_written_leaves_no_half_event(sim: SimBoard) -> None:
    """The write takes 44 ms; whatever the moment of the reset, there is the event or none, never another."""
    async with Host(sim.path, confirms=False) as host:
        await host.up()
        for nth in range(1, 6):
            sim.press()
            await host.until(lambda nth=nth: len(host.presses()) >= nth)  # type: ignore[misc]
            sim.release()
            await asyncio.sleep(0.01 * nth)
            sim.reset()
            await host.until(lambda nth=nth: len(host.all(BoardUp)) > nth)  # type: ignore[misc]
        told = {event.id for event in host.presses()}
    async with Host(sim.path) as second:
        await second.up()
        await asyncio.sleep(0.5)

    assert second.all(BoardUp)[0].hello.boot_count == 6
    assert second.all(BoardUp)[0].hello.reset_cause is ResetCause.EXTERNAL
    assert second.presses()
    assert {event.id for event in second.presses()} <= told
