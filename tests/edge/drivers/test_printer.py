"""The receipt printer on a pty: what is drawn is what comes out, and a slip is never called printed when it is not."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image, ImageChops

from edge.clock import SystemClock
from edge.drivers.printer import driver as module
from edge.drivers.printer.driver import (
    NoPaperError,
    PrinterBusyError,
    PrinterDriver,
    PrinterError,
    PrinterFaultError,
    PrinterSilentError,
    draw_in_process,
)
from edge.drivers.printer.job import MAX_PIECE_BYTES, commands, harmless
from edge.drivers.printer.page import WIDTH_DOTS, Page
from edge.drivers.printer.slip import Align, Code, Gap, Rule, Size, Slip, Text, Value
from edge.drivers.serial_port import MAX_UNSENT_BYTES, open_port
from edge.settings import PrinterSettings
from tests.edge.waiting import eventually
from tests.fakes.printer import FakePrinter
from wire.entries import DeviceChanged, DeviceState

SLIP = Slip(
    width_mm=80,
    blocks=[
        Text(text="Trạm công dân số thử", size=Size.LARGE, is_bold=True, align=Align.CENTRE),
        Rule(),
        Value(label="Huyết áp", value="132/84", unit="mmHg"),
        Text(text="Có cử động khi đo.", size=Size.SMALL, is_item=True),
        Gap(height_mm=3),
        Code(text="Huyết áp: 132/84 mmHg", level="M"),
    ],
)
PIECES = [
    b"\x1b@",
    *(b"\x1dv0\0" + b"\x08\0\x20\0" + bytes([0x81]) * 256 for _ in range(12)),
    b"\x1bd\x06\x1dV\0",
]
"""A short slip that needs no drawing: twelve bands of 64 x 32 dots."""


async def drawn(slip: Slip) -> list[bytes]:
    assert slip is SLIP
    return PIECES


@pytest.fixture
async def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakePrinter]:
    monkeypatch.setattr(module, "ANSWER_LIMIT_S", 0.2)
    monkeypatch.setattr(module, "QUIET_S", 0.02)
    async with FakePrinter(tmp_path / "printer") as fake:
        yield fake


@pytest.fixture
def notes() -> list[DeviceChanged]:
    return []


@pytest.fixture
def driver(printer: FakePrinter, notes: list[DeviceChanged]) -> PrinterDriver:
    settings = PrinterSettings(port=str(printer.path), baud=921_600)
    return PrinterDriver(settings, SystemClock(), notes.append, draw=drawn)


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    """Where the black dots are: left, top, right, bottom."""
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


def picture(*blocks: Text | Value | Rule | Gap | Code, width_mm: int = 80) -> Image.Image:
    return Page().picture(Slip(width_mm=width_mm, blocks=list(blocks)))


@pytest.mark.parametrize("width_mm", [58, 80])
async def test_the_paper_shows_exactly_what_was_drawn(printer: FakePrinter, width_mm: int) -> None:
    printer.width = WIDTH_DOTS[width_mm]
    slip = msgspec.structs.replace(SLIP, width_mm=width_mm)
    settings = PrinterSettings(port=str(printer.path), baud=921_600)
    await PrinterDriver(settings, SystemClock(), lambda _: None).print(slip)
    (paper,) = printer.slips
    expected = Page().picture(slip)
    assert paper.width == expected.width == WIDTH_DOTS[width_mm]
    same = paper.crop((0, 0, expected.width, expected.height))
    assert ImageChops.difference(same.convert("L"), expected.convert("L")).getbbox() is None
    assert paper.height - expected.height == 6 * 30, "fed to the knife"
    assert (printer.cuts, bytes(printer.unknown), printer.pulses) == (1, b"", 0)


def test_ink_is_where_the_words_are() -> None:
    page = picture(Gap(height_mm=2), Text(text="x"), Gap(height_mm=5), Rule(), Text(text="x"))
    assert ink(page.crop((0, 16, page.width, 51)))[2] < 30, "a letter at the left"
    assert ImageChops.invert(page.crop((0, 0, page.width, 16)).convert("L")).getbbox() is None, "a white gap"
    assert ink(page.crop((0, 90, page.width, 115))) == (0, 15, page.width, 17), "a rule across the paper"


def test_vietnamese_letters_keep_both_marks() -> None:
    heights = {letter: ink(picture(Text(text=letter, size=Size.HUGE)))[1] for letter in "eêế"}
    assert heights["ế"] < heights["ê"] < heights["e"]
    composed, decomposed = picture(Text(text="ế")), picture(Text(text="e\u0302\u0301"))
    assert composed.tobytes() == decomposed.tobytes()
    below = ink(picture(Text(text="ẹ", size=Size.HUGE)))[3]
    assert below > ink(picture(Text(text="e", size=Size.HUGE)))[3]


def test_every_vietnamese_letter_is_in_the_font() -> None:
    box = picture(Text(text="\u2fff"), width_mm=58).tobytes()  # no font has it
    for letter in "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ°²•":
        assert picture(Text(text=letter), width_mm=58).tobytes() != box, letter


@pytest.mark.parametrize("width_mm", [58, 80])
def test_no_line_is_wider_than_the_paper_also_an_endless_word(width_mm: int) -> None:
    page = picture(
        Text(text="Nghiêng " * 20), Text(text="x" * 200, size=Size.LARGE, is_item=True), width_mm=width_mm
    )
    left, _, right, _ = ink(page)
    assert left >= 0
    assert right <= WIDTH_DOTS[width_mm]
    assert page.height > 300


def test_centred_words_stand_in_the_middle_in_lines_of_like_length() -> None:
    page = picture(
        Text(text="Trạm công dân số Đào Kim Cương", size=Size.LARGE, is_bold=True, align=Align.CENTRE)
    )
    left, _, right, _ = ink(page)
    assert abs(left - (page.width - right)) < 12
    second = ink(page.crop((0, page.height // 2, page.width, page.height)))
    assert second[2] - second[0] > page.width // 3, "not one lost word"


def test_a_value_stands_beside_its_label_where_there_is_room_else_below() -> None:
    value = Value(label="Huyết áp", value="182/104", unit="mmHg")
    wide, narrow = picture(value), picture(value, width_mm=58)
    assert ink(wide)[2] > 560
    assert narrow.height > wide.height
    long = picture(Value(label="Một cái tên rất dài của phép đo", value="182/104", unit="mmHg"))
    assert long.height > wide.height


def test_a_code_has_its_quiet_zone_and_half_a_millimetre_a_module() -> None:
    page = picture(Code(text="x" * 500, level="M"), width_mm=58)
    left, top, right, bottom = ink(page)
    modules = (right - left) // 4
    assert (modules - 17) % 4 == 0
    assert right - left == bottom - top == modules * 4
    assert top >= 16
    assert left >= 6


def test_what_cannot_be_printed_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        picture(Code(text="x" * 699, level="H"), width_mm=58)
    with pytest.raises(ValueError, match="longer than a metre"):
        picture(*[Gap(height_mm=50)] * 21)


def test_pieces_are_small_and_white_paper_is_fed_instead_of_sent() -> None:
    page = picture(Text(text="x"), Gap(height_mm=50), Text(text="x"))
    pieces = commands(page)
    assert sum(map(len, pieces)) < 400
    full = commands(Page().picture(SLIP))
    assert max(map(len, full)) <= MAX_PIECE_BYTES < MAX_UNSENT_BYTES / 2


async def test_a_picture_cannot_spell_a_command(printer: FakePrinter, driver: PrinterDriver) -> None:
    dots = bytes([0x10, 0x04, 0x01, 0x10, 0x14, 0x01, 0x10, 0x05]) * 8
    page = Image.frombytes("1", (64, 8), bytes(255 - byte for byte in dots))
    pieces = commands(page)
    for sequence in (b"\x10\x04", b"\x10\x14", b"\x10\x05"):
        assert sequence not in b"".join(pieces)
    assert harmless(b"\x10\x04\x10\x10\x05") == b"\x10\x0c\x10\x10\x0d"

    async def given(_: Slip) -> list[bytes]:
        return pieces

    driver._draw = given
    await driver.print(SLIP)
    assert (printer.pulses, printer.cuts) == (0, 1)


async def test_the_fake_obeys_pictures_sent_as_columns_too(printer: FakePrinter) -> None:
    async with open_port(str(printer.path), 921_600) as port:
        port.write(b"\x1b*\x00\x03\x00" + b"\x80\x01\xff" + b"\x1dV\0")
        await eventually(lambda: printer.cuts)
    (paper,) = printer.slips
    columns = ["".join("#" if paper.getpixel((x, y)) == 0 else "." for y in range(8)) for x in range(4)]
    assert columns == ["#.......", ".......#", "########", "........"]


async def test_a_slip_is_out_when_it_is_said_to_be_and_the_printer_is_well(
    printer: FakePrinter, driver: PrinterDriver, notes: list[DeviceChanged]
) -> None:
    await driver.print(SLIP)
    assert len(printer.slips) == 1
    assert [note.state for note in notes] == [DeviceState.OK]
    printer.faults.near_end = True
    await driver.print(SLIP)
    assert driver.device.health.detail == "paper near its end"
    assert driver.device.health.state is DeviceState.OK


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"rows_left": 0}, NoPaperError),
        ({"cover_open": True}, PrinterFaultError),
        ({"knife_stuck": True}, PrinterFaultError),
    ],
)
async def test_a_printer_that_cannot_print_is_told_apart_before_anything_is_sent(
    printer: FakePrinter,
    driver: PrinterDriver,
    notes: list[DeviceChanged],
    fault: dict[str, object],
    error: type[PrinterError],
) -> None:
    for name, value in fault.items():
        setattr(printer.faults, name, value)
    with pytest.raises(error):
        await driver.print(SLIP)
    assert printer.received < 20
    assert [note.state for note in notes] == [DeviceState.FAULT]


async def test_paper_that_ends_in_the_middle_leaves_nothing_for_the_next_person(
    printer: FakePrinter, driver: PrinterDriver
) -> None:
    printer.faults.rows_left = 150
    with pytest.raises(NoPaperError):
        await driver.print(SLIP)
    assert printer.cuts == 0
    await eventually(lambda: not printer._held)
    before = printer.hanging.height
    printer.new_roll()
    assert printer.hanging.height == before, "the rest was dropped, not held back"
    await driver.print(SLIP)
    assert printer.cuts == 1


async def test_a_printer_that_says_nothing_is_silent(
    printer: FakePrinter, driver: PrinterDriver, notes: list[DeviceChanged]
) -> None:
    printer.faults.silent = True
    with pytest.raises(PrinterSilentError):
        await driver.print(SLIP)
    assert [note.state for note in notes] == [DeviceState.LOST]
    assert not printer.slips


async def test_a_printer_that_is_not_there_or_is_unplugged_is_silent_too(
    printer: FakePrinter, driver: PrinterDriver, notes: list[DeviceChanged]
) -> None:
    printing = asyncio.create_task(driver.print(SLIP))
    await eventually(lambda: printer.received > 600)
    printer.unplug()
    with pytest.raises(PrinterSilentError):
        await printing
    with pytest.raises(PrinterSilentError):
        await driver.print(SLIP)
    printer.plug()
    await driver.print(SLIP)
    assert [note.state for note in notes] == [DeviceState.OK, DeviceState.LOST, DeviceState.OK]


async def test_a_late_answer_is_not_taken_for_the_next_one(
    printer: FakePrinter, driver: PrinterDriver
) -> None:
    printer.faults.late_answers = 1
    await driver.print(SLIP)
    assert printer.cuts == 1


async def test_a_cheap_printer_that_never_says_when_it_is_done_prints_all_the_same(
    printer: FakePrinter, driver: PrinterDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FINISH_LIMIT_S", 0.05)
    printer.faults.knows_in_turn = False
    await driver.print(SLIP)
    assert printer.cuts == 1


async def test_two_slips_at_once_are_one_too_many(printer: FakePrinter, driver: PrinterDriver) -> None:
    first = asyncio.create_task(driver.print(SLIP))
    await asyncio.sleep(0)
    with pytest.raises(PrinterBusyError):
        await driver.print(SLIP)
    await first
    assert printer.cuts == 1


async def test_an_empty_roll_is_known_before_anybody_needs_it(
    printer: FakePrinter, driver: PrinterDriver, notes: list[DeviceChanged], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECK_INTERVAL_S", 0.01)
    watching = asyncio.create_task(driver.run())
    await eventually(lambda: len(notes) == 1)
    printer.faults.rows_left = 0
    await eventually(lambda: len(notes) == 2)
    printer.unplug()
    await eventually(lambda: len(notes) == 3)
    watching.cancel()
    await asyncio.wait([watching])
    assert [note.state for note in notes] == [DeviceState.OK, DeviceState.FAULT, DeviceState.LOST]
    assert notes[1].detail == "no paper"


async def test_a_slip_that_cannot_be_drawn_is_a_fault_and_says_nothing_of_it() -> None:
    with pytest.raises(PrinterFaultError) as error:
        await draw_in_process(Slip(width_mm=58, blocks=[Code(text="secret" * 116, level="H")]))
    assert "secret" not in str(error.value)


def test_the_daemon_never_loads_what_draws() -> None:
    program = "import sys, edge.drivers.printer.driver; print([m for m in ('PIL', 'escpos', 'segno') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"


def test_drawing_leaves_no_file_behind(tmp_path: Path) -> None:
    given = msgspec.json.encode(Slip(width_mm=58, blocks=[Text(text="x")]))
    command = [sys.executable, "-m", "edge.drivers.printer.job"]
    said = subprocess.run(
        command, input=given, check=True, capture_output=True, env={"TMPDIR": str(tmp_path)}
    ).stdout
    assert msgspec.msgpack.decode(said, type=list[bytes])[0] == b"\x1b@"
    assert list(tmp_path.iterdir()) == []
