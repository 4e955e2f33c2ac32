"""Data group 13, Vietnam's own: who the citizen is, with diacritics.

6D { SEQUENCE { INTEGER version, OBJECT IDENTIFIER, SET { SEQUENCE { INTEGER n, value... } ... } } }. There is no published
specification: this is how several readers found it. They differ in how the values of an entry stand after its INTEGER (as
strings, each string in a SEQUENCE of its own, all in one SEQUENCE), so all strings after it are taken, in their order.
What is not wanted is not even decoded.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Final

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import Field, File

_FILE: Final = "DG13"
MAX_ENTRIES: Final = 64
MAX_STRINGS: Final = 8
"""In one entry; both parents are two."""
MAX_STRING_BYTES: Final = 1024
_MAX_DEPTH: Final = 3
_BETWEEN: Final = "; "
_DAY: Final = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")

_FIELDS: Final = MappingProxyType(
    {
        1: Field.NUMBER,
        2: Field.NAME,
        3: Field.BIRTH,
        4: Field.SEX,
        5: Field.NATIONALITY,
        6: Field.ETHNICITY,
        7: Field.RELIGION,
        8: Field.ORIGIN,
        9: Field.RESIDENCE,
        10: Field.MARKS,
        11: Field.ISSUED,
        12: Field.EXPIRES,
        13: Field.PARENTS,
        14: Field.SPOUSE,
        15: Field.OLD_NUMBER,
        16: Field.CARD_ID,
    }
)
_STRINGS: Final = frozenset({der.UTF8_STRING, der.PRINTABLE_STRING, der.IA5_STRING})
_DAYS: Final = frozenset({Field.BIRTH, Field.ISSUED})


def parse_dg13(data: bytes, wanted: frozenset[Field]) -> dict[Field, str]:
    """Return the wanted fields that have a value, in NFC; several strings of one entry are joined by "; ".

    UnreadableError when the file is not built so, an entry stands there twice, a string is too long or has control
    characters, or a day is none (dd/mm/yyyy; `Field.EXPIRES` may be words as well).
    """
    body = der.parse(data, _FILE).expect(File.DG13.tag).children()
    content = body.take().sequence()
    body.end()
    content.take().integer()
    content.take().oid()
    entries = content.take(der.SET).children().rest()
    if len(entries) > MAX_ENTRIES:
        raise UnreadableError(f"{_FILE}: more than {MAX_ENTRIES} entries")
    found: dict[Field, str] = {}
    seen: set[int] = set()
    for entry in entries:
        parts = entry.sequence()
        number = parts.take().integer()
        if number in seen:
            raise UnreadableError(f"{_FILE}: an entry stands there twice")
        seen.add(number)
        told = _FIELDS.get(number)
        if told in wanted and (text := _text(parts.rest())):
            found[told] = _checked(told, text)
    return found


def _text(values: tuple[der.Element, ...]) -> str:
    strings = list(_strings(values, 0))
    if len(strings) > MAX_STRINGS:
        raise UnreadableError(f"{_FILE}: more than {MAX_STRINGS} strings in an entry")
    return _BETWEEN.join(string for string in strings if string)


def _strings(values: tuple[der.Element, ...], depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        raise UnreadableError(f"{_FILE}: values are nested too deeply")
    for value in values:
        if value.tag == der.SEQUENCE:
            yield from _strings(value.children().rest(), depth + 1)
        elif value.tag in _STRINGS:
            yield _decoded(value.content)
        elif value.tag != der.NULL:
            raise UnreadableError(f"{_FILE}: a value that is no string")


def _decoded(content: bytes) -> str:
    if len(content) > MAX_STRING_BYTES:
        raise UnreadableError(f"{_FILE}: a string of more than {MAX_STRING_BYTES} bytes")
    try:
        text = unicodedata.normalize("NFC", content.decode()).strip()
    except UnicodeDecodeError:
        raise UnreadableError(f"{_FILE}: a string that is not UTF-8") from None
    if any(unicodedata.category(one)[0] == "C" or one in "\u2028\u2029" for one in text):
        raise UnreadableError(f"{_FILE}: a string with control characters")
    return text


def _checked(told: Field, text: str) -> str:
    day = _DAY.fullmatch(text)
    if day is None and told in _DAYS:
        raise UnreadableError(f"{_FILE}: the day of {told} is not dd/mm/yyyy")
    if day is not None and (told in _DAYS or told is Field.EXPIRES) and day_of(text) is None:
        raise UnreadableError(f"{_FILE}: the day of {told} is none")
    return text


def day_of(text: str) -> date | None:
    """Return the day that dd/mm/yyyy tells; None when the text is no such day."""
    told = _DAY.fullmatch(text)
    if told is None:
        return None
    day, month, year = map(int, told.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
