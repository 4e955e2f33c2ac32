"""EF.COM: which data groups the chip says it has. It is signed by nobody; what counts is the list in EF.SOD.

Source: ICAO Doc 9303-10, 4.6.1.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from edge.idcard import der
from edge.idcard.errors import UnreadableError
from edge.idcard.groups import File

_FILE: Final = "EF.COM"
_LDS_VERSION: Final = 0x5F01
_UNICODE_VERSION: Final = 0x5F36
_TAGS: Final = 0x5C
_VERSION_DIGITS: Final = 4
_NUMBERS: Final = MappingProxyType(
    {tag: 1 + at for at, tag in enumerate(bytes.fromhex("61 75 63 76 65 66 67 68 69 6A 6B 6C 6D 6E 6F 70"))}
)
"""The number of a data group by its tag."""


@dataclass(frozen=True, slots=True)
class Com:
    """`lds_version` is four digits, such as "0107"; `groups` are the numbers of the data groups."""

    lds_version: str
    groups: frozenset[int]


def parse_com(data: bytes) -> Com:
    """Read EF.COM; tags that no data group has are passed over. UnreadableError when it is not built so."""
    fields = der.parse(data, _FILE).expect(File.COM.tag).children()
    version = fields.take(_LDS_VERSION).content
    if len(version) != _VERSION_DIGITS or not version.isdigit():
        raise UnreadableError(f"{_FILE}: the version of the data structure is not four digits")
    fields.take(_UNICODE_VERSION)
    tags = fields.take(_TAGS).content
    return Com(version.decode("ascii"), frozenset(_NUMBERS[tag] for tag in tags if tag in _NUMBERS))
