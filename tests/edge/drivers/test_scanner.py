"""The QR scanner: whole lines however they are cut, over a real pty."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.clock import SystemClock
from edge.drivers.scanner import MAX_TEXT_BYTES, Lines, ScannerDriver
from edge.drivers.serial_port import PortError
from tests.edge.waiting import eventually
from wire.entries import DeviceChanged, DeviceState

CODE = "079203001234||Nguyễn Văn An|17052003|Nam|12 Nguyễn Duy Trinh|01012022"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\n\n"])
def test_a_line_ends_as_the_scanner_ends_it(end: str) -> None:
    assert Lines().feed(f"{CODE}{end}".encode()) == [CODE]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), min_size=1), max_size=5),
    st.data(),
)
def test_any_chunking_gives_the_same_lines(texts: list[str], data: st.DataObject) -> None:
    stream = "".join(f"{text}\r" for text in texts).encode()
    lines, told, at = Lines(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, len(stream) - at))
        told += lines.feed(stream[at : at + size])
        at += size
    assert told == [text for text in texts if len(text.encode()) <= MAX_TEXT_BYTES]


def test_a_line_beyond_all_measure_is_dropped_to_its_end_and_counted() -> None:
    lines = Lines()
    assert lines.feed(b"x" * (MAX_TEXT_BYTES + 1)) == []
    assert lines.feed(b"more\rnext\r") == ["next"]
    assert lines.dropped == 1


def test_the_longest_honest_line_is_whole() -> None:
    assert Lines().feed(b"x" * MAX_TEXT_BYTES + b"\r") == ["x" * MAX_TEXT_BYTES]


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert Lines().feed(b"0792\xff\r") == ["0792�"]


async def test_what_is_scanned_is_handed_on_and_never_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    notes: list[DeviceChanged] = []
    heard: list[str] = []
    master, slave = os.openpty()
    driver = ScannerDriver(os.ttyname(slave), 9_600, SystemClock(), note=notes.append, hear=heard.append)
    task = asyncio.create_task(driver.run(), name="scanner")
    await eventually(lambda: driver.device.health.state is DeviceState.OK)
    os.write(master, CODE.encode()[:20])
    os.write(master, CODE.encode()[20:] + b"\r\n")
    await eventually(lambda: heard == [CODE])
    os.close(slave)
    os.close(master)
    with pytest.raises(PortError):
        await task
    assert [note.state for note in notes] == [DeviceState.OK, DeviceState.LOST]
    assert "0792" not in caplog.text + repr(notes)


async def test_a_scanner_that_is_not_there_is_a_lost_device(tmp_path: Path) -> None:
    notes: list[DeviceChanged] = []
    driver = ScannerDriver(
        str(tmp_path / "none"), 9_600, SystemClock(), note=notes.append, hear=lambda _: None
    )
    with pytest.raises(PortError):
        await driver.run()
    assert [note.state for note in notes] == [DeviceState.LOST]
