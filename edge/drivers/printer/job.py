"""The program that draws one slip: JSON of a Slip on stdin, its commands on stdout as MessagePack, a list of pieces.

It is a process of its own so that Pillow, fonts and python-escpos never live in the daemon. White paper is fed instead
of sent, and each band of print only as far to the right as there is ink: at 19200 baud a full picture takes a minute.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from PIL import Image, ImageChops

from edge.drivers.printer.page import Page
from edge.drivers.printer.slip import Slip

MAX_PIECE_BYTES: Final = 2_000
"""What a printer may still hold of a slip when its paper ends; also far below what the serial port takes."""
MIN_FEED_DOTS: Final = 3
"""Fewer white rows are cheaper sent than fed."""
_MAX_FEED_DOTS: Final = 255
_BITS: Final = 8
_DLE: Final = 0x10
_REAL_TIME: Final = frozenset((0x04, 0x05, 0x14))
"""DLE EOT, DLE ENQ and DLE DC4 are obeyed wherever they stand, also within a picture: one can open a cash drawer."""
_HARMLESS_DOT: Final = 0x08


class _Escpos(Protocol):
    """What is used of python-escpos' printer into memory."""

    output: bytes

    def hw(self, hw: str) -> None: ...
    def image(self, img_source: Image.Image) -> None: ...
    def cut(self) -> None: ...
    def clear(self) -> None: ...
    def _raw(self, msg: bytes) -> None: ...


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows `top` to `bottom` of the picture, the last one not included."""

    top: int
    bottom: int
    is_white: bool


def main() -> int:
    """Draw the slip on stdin; the exit status tells whether it worked."""
    slip = msgspec.json.decode(sys.stdin.buffer.read(), type=Slip)
    sys.stdout.buffer.write(msgspec.msgpack.encode(commands(Page().picture(slip))))
    return 0


def commands(picture: Image.Image) -> list[bytes]:
    """Return the ESC/POS commands for a picture of one bit a pixel: reset, bands and feeds, cut."""
    printer = _printer()
    printer.hw("INIT")
    pieces = [_taken(printer)]
    for band in _bands(picture):
        if band.is_white:
            printer._raw(b"\x1bJ" + bytes((band.bottom - band.top,)))  # noqa: SLF001  # ESC J has no method there
        else:
            with redirect_stdout(None):  # python-escpos prints a warning with each picture
                printer.image(_cropped(picture.crop((0, band.top, picture.width, band.bottom))))
        pieces.append(harmless(_taken(printer)))
    printer.cut()
    return [*pieces, _taken(printer)]


def harmless(piece: bytes) -> bytes:
    """Add a dot wherever the picture would spell a real-time command."""
    dots = bytearray(piece)
    for at in range(len(dots) - 1):
        if dots[at] == _DLE and dots[at + 1] in _REAL_TIME:
            dots[at + 1] |= _HARMLESS_DOT
    return bytes(dots)


def _printer() -> _Escpos:
    """Return python-escpos' printer into memory; at its import it leaves a directory behind, which must not stay."""
    with tempfile.TemporaryDirectory() as directory:
        tempfile.tempdir = directory
        from escpos.printer import Dummy  # type: ignore[import-untyped]  # noqa: PLC0415 - has no stubs; see above

        tempfile.tempdir = None
        printer: _Escpos = Dummy()
        return printer


def _taken(printer: _Escpos) -> bytes:
    said = printer.output
    printer.clear()
    return said


def _bands(picture: Image.Image) -> Iterator[_Band]:
    """Cut the picture into what is printed and what is only fed."""
    is_white = [not row for row in _ink(picture)]
    rows_per_piece = MAX_PIECE_BYTES // (picture.width // _BITS)
    top = 0
    while top < picture.height:
        white = _run(is_white, top, _MAX_FEED_DOTS)
        if white >= MIN_FEED_DOTS:
            yield _Band(top, top + white, is_white=True)
            top += white
            continue
        bottom = top + 1
        while (
            bottom < min(top + rows_per_piece, picture.height)
            and _run(is_white, bottom, MIN_FEED_DOTS) < MIN_FEED_DOTS
        ):
            bottom += 1
        yield _Band(top, bottom, is_white=False)
        top = bottom


def _ink(picture: Image.Image) -> list[bool]:
    """Return for each row whether anything is printed there."""
    data, stride = picture.convert("1").tobytes(), (picture.width + _BITS - 1) // _BITS
    white = Image.new("1", (picture.width, 1), 1).tobytes()
    return [data[at : at + stride] != white for at in range(0, len(data), stride)]


def _run(is_white: list[bool], start: int, limit: int) -> int:
    """Return how many rows from `start` on are white, at most `limit`."""
    count = 0
    while count < limit and start + count < len(is_white) and is_white[start + count]:
        count += 1
    return count


def _cropped(band: Image.Image) -> Image.Image:
    """Return the band without the white to its right, in whole bytes."""
    box = ImageChops.invert(band.convert("L")).getbbox()
    right = _BITS if box is None else box[2]
    return band.crop((0, 0, min(band.width, -(-right // _BITS) * _BITS), band.height))


if __name__ == "__main__":
    sys.exit(main())
