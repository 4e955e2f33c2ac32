"""Walking through DER, element by element: what a file must hold is asked for in its order, and nothing else may stand there.

Source: ITU-T X.690, 8.1 (BER), 10 (DER). Two liberties are taken, and harmless, because hashes and signatures go over the bytes
as they are: a length may be written longer than needed, as cards do, and the order within a SET is not looked at.
Every error is an UnreadableError that names the file and the rule, never the content.
"""

from dataclasses import dataclass, field
from typing import Final

from edge.idcard.errors import GarbledError, UnreadableError
from edge.idcard.tlv import read_head

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
UTF8_STRING: Final = 0x0C
PRINTABLE_STRING: Final = 0x13
IA5_STRING: Final = 0x16
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

MAX_CHILDREN: Final = 1024
"""In one element; a data group has a dozen, a certificate fewer."""
MAX_INTEGER_BYTES: Final = 1025
"""An RSA modulus of 8,192 bits and its sign."""
MAX_OID_BYTES: Final = 32
_MAX_HEAD_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its tag as it is written (7F61 is 0x7F61), its content, and itself as a whole."""

    file: str
    """Where it stands, for errors."""
    tag: int
    content: bytes = field(repr=False)
    whole: bytes = field(repr=False)

    def children(self) -> "Children":
        """Return what the content is made of."""
        found: list[Element] = []
        at = 0
        while at < len(self.content):
            if len(found) == MAX_CHILDREN:
                raise UnreadableError(f"{self.file}: more than {MAX_CHILDREN} elements in one")
            found.append(_read(self.content, at, self.file))
            at += len(found[-1].whole)
        return Children(self.file, tuple(found))

    def sequence(self) -> "Children":
        """Return what a SEQUENCE is made of; UnreadableError when this is none."""
        return self.expect(SEQUENCE).children()

    def expect(self, tag: int) -> "Element":
        """Return the element itself; UnreadableError when it has another tag."""
        if self.tag != tag:
            raise UnreadableError(f"{self.file}: an element {tag:02X} was expected, {self.tag:02X} is there")
        return self

    def integer(self) -> int:
        """Return the value of an INTEGER (X.690, 8.3)."""
        octets = self.expect(INTEGER).content
        if not 0 < len(octets) <= MAX_INTEGER_BYTES:
            raise UnreadableError(f"{self.file}: an INTEGER is empty or too long")
        return int.from_bytes(octets, signed=True)

    def oid(self) -> str:
        """Return an OBJECT IDENTIFIER in dots (X.690, 8.19)."""
        octets = self.expect(OID).content
        if not 0 < len(octets) <= MAX_OID_BYTES or octets[-1] & 0x80:
            raise UnreadableError(f"{self.file}: an OBJECT IDENTIFIER is empty, too long or cut short")
        arcs, arc = [], 0
        for octet in octets:
            arc = arc << 7 | octet & 0x7F
            if not octet & 0x80:
                arcs.append(arc)
                arc = 0
        first = min(arcs[0] // 40, 2)
        return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))

    def bits(self) -> bytes:
        """Return a BIT STRING of whole bytes (X.690, 8.6)."""
        octets = self.expect(BIT_STRING).content
        if octets[:1] != b"\0":
            raise UnreadableError(f"{self.file}: a BIT STRING is not of whole bytes")
        return octets[1:]


class Children:
    """The elements of an element, taken in their order."""

    def __init__(self, file: str, elements: tuple[Element, ...]) -> None:
        self._file = file
        self._elements = elements
        self._at = 0

    def take(self, tag: int | None = None) -> Element:
        """Take the next; UnreadableError when there is none, or it has another tag."""
        if self._at == len(self._elements):
            raise UnreadableError(f"{self._file}: an element is missing")
        element = self._elements[self._at]
        self._at += 1
        return element if tag is None else element.expect(tag)

    def maybe(self, tag: int) -> Element | None:
        """Take the next if it has this tag."""
        if self._at == len(self._elements) or self._elements[self._at].tag != tag:
            return None
        return self.take()

    def rest(self) -> tuple[Element, ...]:
        """Take all that is left."""
        left = self._elements[self._at :]
        self._at = len(self._elements)
        return left

    def end(self) -> None:
        """Insist that nothing is left."""
        if self._at != len(self._elements):
            raise UnreadableError(f"{self._file}: an element too many")


def parse(data: bytes, file: str) -> Element:
    """Read the one element that `data` is; nothing may follow it."""
    element = _read(data, 0, file)
    if len(element.whole) != len(data):
        raise UnreadableError(f"{file}: something follows the end")
    return element


def _read(data: bytes, start: int, file: str) -> Element:
    try:
        head = read_head(data[start : start + _MAX_HEAD_BYTES], file)
    except GarbledError as error:
        # what a card sent whole, its checksum right, was built wrongly and not disturbed
        raise UnreadableError(str(error)) from None
    at = start + head.size
    end = at + head.length
    if end > len(data):
        raise UnreadableError(f"{file}: an element is longer than what it stands in")
    return Element(file, head.tag, data[at:end], data[start:end])
