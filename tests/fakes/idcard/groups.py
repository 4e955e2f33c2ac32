"""The files of the application as an issuer writes them (ICAO Doc 9303-10, 4.6 and 4.7; DG13 as Vietnamese cards have it)."""

from collections.abc import Callable, Collection
from enum import Enum
from typing import Final

from tests.fakes.idcard import ber
from tests.fakes.idcard.people import UNLIMITED, Person
from tests.fakes.idcard.portrait import HEIGHT, WIDTH

GROUP_TAGS: Final = {1: 0x61, 2: 0x75, 3: 0x63, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F}
ISO_10646_UTF8: Final = "1.0.10646.1.0.8"


def com(numbers: Collection[int]) -> bytes:
    """EF.COM: LDS 1.7, Unicode 4.0.0, and the tags of the groups that are there."""
    tags = bytes(GROUP_TAGS[number] for number in numbers)
    return ber.tlv(0x60, ber.tlv(0x5F01, b"0107"), ber.tlv(0x5F36, b"040000"), ber.tlv(0x5C, tags))


def dg1(mrz: str) -> bytes:
    return ber.tlv(0x61, ber.tlv(0x5F1F, mrz.encode("ascii")))


def dg2(jpeg: bytes, *, constructed_tag: bool = False) -> bytes:
    """One face: CBEFF (ISO/IEC 7816-11) around a record of ISO/IEC 19794-5. The block's tag is 5F2E or 7F2E."""
    header = ber.tlv(
        0xA1,
        ber.tlv(0x80, b"\1\1"),
        ber.tlv(0x81, b"\2"),
        ber.tlv(0x87, b"\1\1"),
        ber.tlv(0x88, b"\0\x08"),
    )
    block = ber.tlv(0x7F2E if constructed_tag else 0x5F2E, _face_record(jpeg))
    return ber.tlv(0x75, ber.tlv(0x7F61, ber.tlv(0x02, b"\1"), ber.tlv(0x7F60, header, block)))


def _face_record(jpeg: bytes) -> bytes:
    """ISO/IEC 19794-5, 5.3 to 5.7: no feature points, a full frontal image, JPEG."""
    image = b"\1\0" + WIDTH.to_bytes(2) + HEIGHT.to_bytes(2) + b"\1\2" + bytes(4) + jpeg
    face = (20 + len(image)).to_bytes(4) + bytes(16) + image
    return b"FAC\0" + b"010\0" + (14 + len(face)).to_bytes(4) + (1).to_bytes(2) + face


def dg3() -> bytes:
    """Stands for fingerprints; no terminal here may read it."""
    return ber.tlv(0x63, ber.tlv(0x7F61, ber.tlv(0x02, b"\0")))


class Nesting(Enum):
    """How the names stand after the INTEGER; the published parsers do not agree, so each is met."""

    SIBLINGS = "each in a SEQUENCE of its own"
    NESTED = "all in one SEQUENCE"
    PLAIN = "bare strings"


def _siblings(names: tuple[str, ...]) -> bytes:
    return b"".join(ber.sequence(ber.utf8(name)) for name in names)


def _nested(names: tuple[str, ...]) -> bytes:
    return ber.sequence(*map(ber.utf8, names))


def _plain(names: tuple[str, ...]) -> bytes:
    return b"".join(map(ber.utf8, names))


_NAMES: Final[dict[Nesting, Callable[[tuple[str, ...]], bytes]]] = {
    Nesting.SIBLINGS: _siblings,
    Nesting.NESTED: _nested,
    Nesting.PLAIN: _plain,
}


def dg13(person: Person, nesting: Nesting = Nesting.SIBLINGS) -> bytes:
    """SEQUENCE { version, character set, SET { SEQUENCE { n, value... } } }; what there is not is an entry without value."""
    names = _NAMES[nesting]
    values = (
        ber.printable(person.number),
        ber.utf8(person.name),
        ber.printable(f"{person.birth:%d/%m/%Y}"),
        ber.utf8(person.sex),
        ber.utf8("Việt Nam"),
        ber.utf8(person.ethnicity),
        ber.utf8(person.religion),
        ber.utf8(person.origin.strip()),
        ber.utf8(person.residence.strip()),
        ber.utf8(person.marks),
        ber.printable(f"{person.issued:%d/%m/%Y}"),
        ber.utf8(f"{person.expires:%d/%m/%Y}" if person.expires else UNLIMITED),
        names(person.parents),
        names((person.spouse,)) if person.spouse else b"",
        ber.printable(person.old_number) if person.old_number else b"",
        ber.printable(person.card_id),
    )
    entries = [ber.sequence(ber.integer(place), value) for place, value in enumerate(values, start=1)]
    # as the cards have it: in the order of the numbers, not in that of DER
    content = ber.sequence(ber.integer(1), ber.oid(ISO_10646_UTF8), ber.tlv(0x31, *entries))
    return ber.tlv(0x6D, content)
