"""A slip as a picture: one column of text in black on white, one dot of the paper a pixel. Pillow draws it.

Code pages of cheap printers have no Vietnamese, so nothing is sent as characters; the font is Debian's DejaVu, which
has every letter with both of its marks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never
from unicodedata import normalize

import segno
from PIL import Image, ImageDraw, ImageFont

from edge.drivers.printer.slip import Align, Code, Gap, Rule, Size, Slip, Text, Value

DOTS_PER_MM: Final = 8
WIDTH_DOTS: Final = {58: 384, 80: 576}
"""What a head can print: 48 of 58 mm, 72 of 80 mm."""
MAX_HEIGHT_DOTS: Final = 8_000
"""A metre: more is a mistake."""

FONTS: Final = Path("/usr/share/fonts/truetype/dejavu")
_REGULAR: Final = "DejaVuSans.ttf"
_BOLD: Final = "DejaVuSans-Bold.ttf"
_EM_DOTS: Final = {Size.SMALL: 22, Size.NORMAL: 26, Size.LARGE: 34, Size.HUGE: 58}
_LEADING: Final = {Size.SMALL: 1.32, Size.NORMAL: 1.36, Size.LARGE: 1.3, Size.HUGE: 1.16}
"""Line heights; letters with two marks above need more room than English ones."""
_UNIT_GAP: Final = 10
_RULE_MARGIN: Final = 14
_RULE_DOTS: Final = 2
_MODULE_DOTS: Final = 4
_SMALLEST_MODULE_DOTS: Final = 3
_ITEM_DOTS: Final = 20
"""How far the words of an item stand from its mark."""
_STACKED_BELOW_DOTS: Final = 500
"""On narrower paper every value stands below its label: a mix of both is hard to read down."""
_QUIET_MODULES: Final = 4

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the next block begins."""

    draw: ImageDraw.ImageDraw
    width: int
    top: int


class Page:
    """Draws slips; fonts are loaded once. OSError when they are not installed."""

    def __init__(self, fonts: Path = FONTS) -> None:
        self._fonts = {
            (size, is_bold): ImageFont.truetype(str(fonts / (_BOLD if is_bold else _REGULAR)), em)
            for size, em in _EM_DOTS.items()
            for is_bold in (False, True)
        }

    def picture(self, slip: Slip) -> Image.Image:
        """Return the slip as a picture of one bit a pixel, 0 is black; ValueError when it does not fit the paper."""
        width = WIDTH_DOTS[slip.width_mm]
        canvas = Image.new("1", (width, MAX_HEIGHT_DOTS), 1)
        draw = ImageDraw.Draw(canvas)
        draw.fontmode = "1"
        top = 0
        for block in slip.blocks:
            top = self._block(_Place(draw, width, top), block)
            if top > MAX_HEIGHT_DOTS:
                raise ValueError("the slip is longer than a metre")
        return canvas.crop((0, 0, width, top))

    def _block(self, at: _Place, block: Text | Value | Rule | Gap | Code) -> int:
        """Draw one block and return where the next one begins."""
        match block:
            case Text():
                return self._text(at, block)
            case Value():
                return self._value(at, block)
            case Rule():
                return _rule(at)
            case Gap():
                return at.top + block.height_mm * DOTS_PER_MM
            case Code():
                return _code(at, block)
        assert_never(block)

    def _text(self, at: _Place, text: Text) -> int:
        font = self._fonts[text.size, text.is_bold]
        indent = _ITEM_DOTS if text.is_item else 0
        words = normalize("NFC", text.text)
        is_centred = text.align is Align.CENTRE
        lines = (balance if is_centred else wrap)(words, font, at.width - indent)
        if text.is_item:
            at.draw.text((0, at.top), "•", font=font, fill=0)
        top = at.top
        for line in lines:
            left = (at.width - round(font.getlength(line))) // 2 if is_centred else indent
            at.draw.text((left, top), line, font=font, fill=0)
            top += _line_height(text.size)
        return top

    def _value(self, at: _Place, value: Value) -> int:
        """Put label and value on one line where the paper is wide enough, else the value below its label."""
        value_font, unit_font = self._fonts[Size.HUGE, True], self._fonts[Size.NORMAL, False]
        label, unit = normalize("NFC", value.label), normalize("NFC", value.unit)
        value_width = round(value_font.getlength(value.value))
        left = at.width - value_width - _UNIT_GAP - round(unit_font.getlength(unit))
        top = at.top
        baseline = top + value_font.getmetrics()[0]
        label_font = self._fonts[Size.LARGE, True]
        if at.width < _STACKED_BELOW_DOTS or label_font.getlength(label) + 2 * _UNIT_GAP > left:
            top = self._text(at, Text(text=label, size=Size.LARGE, is_bold=True))
            baseline, left = top + value_font.getmetrics()[0], 0
        else:
            at.draw.text((0, baseline), label, font=label_font, fill=0, anchor="ls")
        at.draw.text((left, baseline), value.value, font=value_font, fill=0, anchor="ls")
        at.draw.text((left + value_width + _UNIT_GAP, baseline), unit, font=unit_font, fill=0, anchor="ls")
        return top + _line_height(Size.HUGE)


def wrap(text: str, font: Font, width: int) -> list[str]:
    """Break at spaces (not at no-break spaces) so that no line is wider than `width`.

    A longer word is broken where it must be.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        for piece in _pieces(word, font, width):
            longer = f"{line} {piece}" if line else piece
            if font.getlength(longer) <= width:
                line = longer
            else:
                lines.append(line)
                line = piece
    return [*lines, line]


def balance(text: str, font: Font, width: int) -> list[str]:
    """Wrap into as few lines as `wrap`, of about the same length: centred, a last line of one word looks lost."""
    lines = wrap(text, font, width)
    for narrower in range(width - _UNIT_GAP, width // 2, -_UNIT_GAP):
        tried = wrap(text, font, narrower)
        if len(tried) > len(lines):
            break
        lines = tried
    return lines


def _pieces(word: str, font: Font, width: int) -> list[str]:
    pieces = [""]
    for character in word:
        if font.getlength(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _line_height(size: Size) -> int:
    return round(_EM_DOTS[size] * _LEADING[size])


def _rule(at: _Place) -> int:
    top = at.top + _RULE_MARGIN
    at.draw.rectangle((0, top, at.width - 1, top + _RULE_DOTS - 1), fill=0)
    return top + _RULE_DOTS + _RULE_MARGIN


def _code(at: _Place, code: Code) -> int:
    """Draw a QR code with its quiet zone, each module as large as the paper allows; ValueError when that is too small."""
    rows = [bytes(row) for row in segno.make_qr(code.text, error=code.level, encoding="utf-8").matrix]
    modules = len(rows) + 2 * _QUIET_MODULES
    scale = min(_MODULE_DOTS, at.width // modules)
    if scale < _SMALLEST_MODULE_DOTS:
        raise ValueError("the QR code does not fit the paper")
    left = (at.width - modules * scale) // 2 + _QUIET_MODULES * scale
    top = at.top + _QUIET_MODULES * scale
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            if is_dark:
                corner = (left + x * scale, top + y * scale)
                at.draw.rectangle((*corner, corner[0] + scale - 1, corner[1] + scale - 1), fill=0)
    return at.top + modules * scale
