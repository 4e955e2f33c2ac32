"""The chip's end of secure messaging (ICAO Doc 9303-11, 9.8)."""

import hmac
from dataclasses import replace
from typing import Final

from tests.fakes.idcard import ber
from tests.fakes.idcard.apdus import Command, RefusedError
from tests.fakes.idcard.keys import FOR_ENCRYPTION, FOR_MAC, Suite, unpad

CRYPTOGRAM: Final = 0x87
CRYPTOGRAM_PLAIN_TAG: Final = 0x85
LE: Final = 0x97
STATUS: Final = 0x99
CHECKSUM: Final = 0x8E
OBJECTS_MISSING: Final = 0x6987
OBJECTS_WRONG: Final = 0x6988
_STATUS_AND_CHECKSUM: Final = 14
_CHECKSUM_OCTETS: Final = 10


class Channel:
    """One session: keys from a secret, and a counter that grows with each command and each answer."""

    def __init__(self, suite: Suite, secret: bytes, counter: bytes = b"\0") -> None:
        self.suite = suite
        self.key_enc = suite.derive(secret, FOR_ENCRYPTION)
        self.key_mac = suite.derive(secret, FOR_MAC)
        self._counter = int.from_bytes(counter)

    def open(self, command: Command) -> Command:
        """The command that was protected; RefusedError (6987, 6988) ends the session."""
        self._counter += 1
        protected, checksum = command.data[:-_CHECKSUM_OCTETS], command.data[-_CHECKSUM_OCTETS:]
        if checksum[:2] != bytes([CHECKSUM, 8]):
            raise RefusedError(OBJECTS_MISSING)
        covered = self.suite.pad(command.header)
        expected = self._mac(covered + (self.suite.pad(protected) if protected else b""))
        if not hmac.compare_digest(expected, checksum[2:]):
            raise RefusedError(OBJECTS_WRONG)
        try:
            return self._opened(command, dict(ber.items(protected)))
        except (ValueError, IndexError) as damage:
            raise RefusedError(OBJECTS_WRONG) from damage

    def seal(self, command: Command, data: bytes, sw: int) -> bytes:
        """The answer without its trailing status word: what is told of data and status, and its checksum."""
        self._counter += 1
        told = self._cryptogram(command, data) if data else b""
        told += ber.tlv(STATUS, sw.to_bytes(2))
        return told + ber.tlv(CHECKSUM, self._mac(self.suite.pad(told)))

    def room(self, octets: int) -> int:
        """How much data an answer of so many octets, status word not counted, can carry."""
        length_octets = 2 if octets <= 256 else 4  # DO'87' with 81 LL, or with 82 LL LL and one to spare
        cipher = octets - _STATUS_AND_CHECKSUM - length_octets - 2
        return cipher // self.suite.block_octets * self.suite.block_octets - 1

    def _opened(self, command: Command, objects: dict[int, bytes]) -> Command:
        expected = objects.get(LE)
        tag = CRYPTOGRAM_PLAIN_TAG if command.ins & 1 else CRYPTOGRAM
        if objects.keys() - {tag, LE}:
            raise ValueError("an object that has no place here")
        data = self._decrypted(objects[tag], tag) if tag in objects else b""
        largest = 256 if len(expected or b"") == 1 else 65_536
        return replace(
            command,
            cla=command.cla & ~0x0C,
            data=data,
            expected=None if expected is None else int.from_bytes(expected) or largest,
        )

    def _decrypted(self, value: bytes, tag: int) -> bytes:
        if tag == CRYPTOGRAM:
            if value[0] != 1:
                raise ValueError("another way of padding")
            value = value[1:]
        return unpad(self.suite.decrypt(self.key_enc, value, self._iv()))

    def _cryptogram(self, command: Command, data: bytes) -> bytes:
        encrypted = self.suite.encrypt(self.key_enc, self.suite.pad(data), self._iv())
        if command.ins & 1:
            return ber.tlv(CRYPTOGRAM_PLAIN_TAG, encrypted)
        return ber.tlv(CRYPTOGRAM, b"\1", encrypted)

    def _iv(self) -> bytes | None:
        if self.suite is Suite.TRIPLE_DES:
            return None
        return self.suite.block(self.key_enc, self._counter_octets())

    def _counter_octets(self) -> bytes:
        size = self.suite.block_octets
        return (self._counter % (1 << 8 * size)).to_bytes(size)

    def _mac(self, blocks: bytes) -> bytes:
        """Over the counter and whole blocks, which are not padded once more."""
        return self.suite.mac_of_blocks(self.key_mac, self._counter_octets() + blocks)
