"""The sheet for the person's own phone: plain Vietnamese text in a QR code, no server and no link involved.

A phone at arm's length, held by any hand, reads a code of up to version 17 (85 modules): on paper of 58 mm each module
is then half a millimetre. What does not fit is left out in this order: the notes on how a value was measured (whether
it is doubtful stays), the place, the other values of a row, the offer of help; values and "no diagnosis" always stay.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

import segno

from edge.cabin.view import SheetView
from edge.kiosk.results import Result, date_and_time, results
from edge.kiosk.words import WORDS, Language, Words
from edge.settings import StationSettings

CAPACITY: Final = (("M", 504), ("L", 644))
"""Bytes that version 17 holds (ISO/IEC 18004, table 7), the sturdiest level first."""
QUIET_MODULES: Final = 4


@dataclass(frozen=True, slots=True)
class CodeText:
    """A text and the strongest error correction that it leaves room for."""

    text: str
    level: str


@dataclass(frozen=True, slots=True)
class _Parts:
    """The text in pieces, so that some can be left out."""

    words: Words
    head: str
    place: str
    when: str
    rows: tuple[Result, ...]
    help: str

    def text(self) -> str:
        lines = [self.head, self.place, self.when, *map(_line, self.rows), self.help, self.words.no_diagnosis]
        return "\n".join(line for line in lines if line).replace("\u00a0", " ")


def sheet_text(sheet: SheetView, station: StationSettings) -> str:
    """Return the sheet as text that fits the code."""
    words = WORDS[Language.VIETNAMESE]
    parts = _Parts(
        words=words,
        head=f"{words.title}: {station.name or station.id}",
        place=station.place,
        when=date_and_time(sheet.at_ms),
        rows=tuple(results(sheet, words)),
        help=words.help if sheet.news2 is not None and sheet.news2.is_high else "",
    )
    shorter: Sequence[Callable[[_Parts], _Parts]] = (
        _without_notes,
        lambda parts: replace(parts, place=""),
        _without_extras,
        lambda parts: replace(parts, help=""),
    )
    for leave_out in shorter:
        if _fits(parts.text()):
            break
        parts = leave_out(parts)
    return parts.text()


def fitting(text: str) -> CodeText:
    """Return `text` with the strongest level that version 17 has room for."""
    size = len(text.encode())
    return CodeText(text, next((level for level, most in CAPACITY if size <= most), "L"))


def svg(text: str) -> bytes:
    """Return the code as an SVG image on white, its quiet zone included: it must be read in the dark theme, too."""
    code = fitting(text)
    image = BytesIO()
    segno.make_qr(code.text, error=code.level, encoding="utf-8").save(
        image,
        kind="svg",
        border=QUIET_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
    )
    return image.getvalue()


def _fits(text: str) -> bool:
    return len(text.encode()) <= CAPACITY[-1][1]


def _without_notes(parts: _Parts) -> _Parts:
    doubtful = parts.words.doubtful
    rows = tuple(replace(row, notes=(doubtful,) if doubtful in row.notes else ()) for row in parts.rows)
    return replace(parts, rows=rows)


def _without_extras(parts: _Parts) -> _Parts:
    return replace(parts, rows=tuple(replace(row, extras=()) for row in parts.rows))


def _line(row: Result) -> str:
    value = f"{row.label}: {row.value} {row.unit}"
    return ". ".join((", ".join((value, *row.extras)), *(note.rstrip(".") for note in row.notes)))
