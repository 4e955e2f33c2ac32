"""The machine-readable zone of a card (TD1: three lines of 30), as it is printed and as data group 1 holds it.

Sources: ICAO Doc 9303-5, 4.2 (TD1); 9303-3, 4.9 (check digits), 4.6 (names); 9303-10, 4.7.1 (DG1). Vietnam's own: the optional
data of line 1 are the twelve digits, two fillers and a check digit over those fourteen; the document number is the last nine.
No error tells a character of what was read.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import File
from edge.idcard.number import CitizenNumber, Sex, check_number

_FILE: Final = "MRZ"
_DG1: Final = "DG1"
_ZONE: Final = 0x5F1F
LINE_CHARACTERS: Final = 30
_ZONE_CHARACTERS: Final = 3 * LINE_CHARACTERS
_MAX_CHARACTERS: Final = _ZONE_CHARACTERS + 8
"""Line ends and spaces around them included."""
_ALPHABET: Final = re.compile(r"[A-Z0-9<]{90}")
_DIGITS: Final = re.compile(r"[0-9]{6}")
_FILLER: Final = "<"
_WEIGHTS: Final = (7, 3, 1)
_SEXES: Final = {"M": Sex.MALE, "F": Sex.FEMALE, _FILLER: None}
_THIS_CENTURY: Final = 2000
_DOCUMENT_NUMBER_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrz:
    """What the zone says, all check digits right. Names are without diacritics, cut where the line ends."""

    document_number: str = field(repr=False)
    """Nine characters, fillers at its end left out."""
    number: str = field(repr=False)
    """The twelve digits."""
    birth: date = field(repr=False)
    sex: Sex | None = field(repr=False)
    expiry: date | None = field(repr=False)
    """None: the zone has fillers in its place."""
    nationality: str = field(repr=False)
    surname: str = field(repr=False)
    given: str = field(repr=False)

    @property
    def is_name_cut(self) -> bool:
        """Whether the names fill the line, and so may have been longer (9303-3, 4.6)."""
        given = f"<<{self.given}" if self.given else ""
        return len(f"{self.surname}{given}") >= LINE_CHARACTERS


def check_digit(text: str) -> str:
    """Return the check digit over digits, capital letters and fillers (9303-3, 4.9)."""
    return str(sum(_value(one) * _WEIGHTS[at % 3] for at, one in enumerate(text)) % 10)


def document_number_of(number: str) -> str:
    """Return the document number that belongs to the twelve digits; UnreadableError when they are not twelve."""
    return check_number(number).digits[-_DOCUMENT_NUMBER_DIGITS:]


def parse_td1(text: str) -> Mrz:
    """Read the zone, its lines one after the other or one below the other; UnreadableError when it is not built so."""
    zone = "".join(text.split()) if len(text) <= _MAX_CHARACTERS else ""
    if not _ALPHABET.fullmatch(zone):
        raise UnreadableError(
            f"{_FILE}: not three lines of {LINE_CHARACTERS} characters A to Z, 0 to 9 and <"
        )
    upper, middle, lower = (
        zone[at : at + LINE_CHARACTERS] for at in range(0, _ZONE_CHARACTERS, LINE_CHARACTERS)
    )
    _check("document number", upper[5:14], upper[14])
    _check("optional data", upper[15:29], upper[29])
    _check("birth", middle[:6], middle[6])
    _check_expiry(middle[8:14], middle[14])
    _check("whole", upper[5:] + middle[:7] + middle[8:15] + middle[18:29], middle[29])
    number = _number(upper[15:29])
    surname, _, given = lower.rstrip(_FILLER).partition(_FILLER * 2)
    return Mrz(
        document_number=upper[5:14].rstrip(_FILLER),
        number=number.digits,
        birth=_day("birth", middle[:6], number.century),
        sex=_sex(middle[7]),
        expiry=None if _is_filler(middle[8:14]) else _day("expiry", middle[8:14], _THIS_CENTURY),
        nationality=middle[15:18].rstrip(_FILLER),
        surname=_name(surname),
        given=_name(given),
    )


def parse_dg1(data: bytes) -> Mrz:
    """Read data group 1; UnreadableError when it is not built so."""
    fields = der.parse(data, _DG1).expect(File.DG1.tag).children()
    zone = fields.take(_ZONE).content
    fields.end()
    if not zone.isascii():
        raise UnreadableError(f"{_DG1}: characters that are not ASCII")
    return parse_td1(zone.decode("ascii"))


def _value(character: str) -> int:
    return 0 if character == _FILLER else int(character, 36)


def _check(what: str, text: str, digit: str) -> None:
    if check_digit(text) != digit:
        raise UnreadableError(f"{_FILE}: the check digit of the {what} is wrong")


def _check_expiry(text: str, digit: str) -> None:
    """Check it like the others; where there is no expiry its digit may be a filler as well."""
    if not (_is_filler(text) and digit == _FILLER):
        _check("expiry", text, digit)


def _number(optional: str) -> CitizenNumber:
    try:
        return check_number(optional.rstrip(_FILLER))
    except UnreadableError:
        raise UnreadableError(f"{_FILE}: the optional data are not twelve digits") from None


def _day(what: str, text: str, century: int) -> date:
    if not _DIGITS.fullmatch(text):
        raise UnreadableError(f"{_FILE}: the day of {what} is not six digits")
    year, month, day = (int(text[at : at + 2]) for at in (0, 2, 4))
    try:
        return date(century + year, month, day)
    except ValueError:
        raise UnreadableError(f"{_FILE}: the day of {what} is none") from None


def _sex(character: str) -> Sex | None:
    if character not in _SEXES:
        raise UnreadableError(f"{_FILE}: the sex is neither M, F nor <")
    return _SEXES[character]


def _is_filler(text: str) -> bool:
    return not text.strip(_FILLER)


def _name(text: str) -> str:
    return " ".join(text.replace(_FILLER, " ").split())
