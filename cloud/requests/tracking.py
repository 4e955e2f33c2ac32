"""Numbers under which authorities keep a case.

`<agency code>-<yymmdd>-<4 digits or more>`, in which the agency code is of QD 28/2018 (000.00.01.H29) or of QD 20/2020
(H29.13.5); H29 is Ho Chi Minh City. Our own tracking code is wire.tracking: stations give it out while nobody else is there.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 40

_CASE: Final = re.compile(
    r"(?P<agency>(?:\d{2,3}\.){1,3}[A-Z]\d{2}|[A-Z]\d{2}(?:\.\d{1,3}){0,4})-(?P<day>\d{6})-(?P<serial>\d{4,12})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number, taken apart."""

    agency: str
    day: dt.date
    serial: int

    def __str__(self) -> str:
        return f"{self.agency}-{self.day:%y%m%d}-{self.serial:04d}"


def parse_case_number(text: str) -> CaseNumber | None:
    """Read a case number as people type it (blanks around it, lower case); None when it is none, or of no real day."""
    if len(text) > MAX_LENGTH:
        return None
    found = _CASE.fullmatch(text.strip().upper())
    if found is None:
        return None
    day = found["day"]
    try:
        received_on = dt.date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    return CaseNumber(found["agency"], received_on, int(found["serial"]))
