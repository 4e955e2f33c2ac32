"""The QR code that is printed on the card. It is signed by nobody: it supplies the access number, and proves nothing.

UTF-8, fields between bars: number | old number | name | birth ddmmyyyy | sex | address | issued ddmmyyyy; newer cards may
append more. A scanner that poses as a keyboard garbles diacritics, so no field but the number has to be right.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.idcard.errors import UnreadableError
from edge.idcard.number import CitizenNumber, check_number

MAX_CHARACTERS: Final = 1024
_MIN_FIELDS: Final = 7
_BIRTH: Final = 3
_DAY: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """What the reading needs of it. `birth` None: not told, or garbled."""

    number: CitizenNumber
    birth: date | None = field(default=None, repr=False)


def parse_printed_code(text: str) -> PrintedCode:
    """Read a scanned code, or twelve digits that were typed; UnreadableError, without the text, when it is neither."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(f"printed code: more than {MAX_CHARACTERS} characters")
    fields = text.lstrip("\ufeff").strip().split("|")
    if len(fields) == 1:
        return PrintedCode(check_number(fields[0]))
    if len(fields) < _MIN_FIELDS:
        raise UnreadableError(f"printed code: fewer than {_MIN_FIELDS} fields")
    return PrintedCode(check_number(fields[0].strip()), _day(fields[_BIRTH].strip()))


def _day(text: str) -> date | None:
    told = _DAY.fullmatch(text)
    if told is None:
        return None
    day, month, year = map(int, told.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
