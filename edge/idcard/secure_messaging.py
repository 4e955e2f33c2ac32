"""Secure messaging: commands and answers encrypted and authenticated, counted so that none can be repeated.

Source: ICAO Doc 9303-11, 9.8; ISO/IEC 7816-4:2020, clause 10. The status of an answer is the one that its MAC covers (DO'99').
"""

from typing import Final

from cryptography.hazmat.primitives.constant_time import bytes_eq

from edge.idcard.apdu import MAX_LE, MAX_SHORT_LE, Command, Response
from edge.idcard.ciphers import MAC_BYTES, SessionKeys, Suite, decrypt, encrypt, mac, pad, unpad
from edge.idcard.errors import GarbledError
from edge.idcard.tlv import encode_object, read_objects

_PROTECTED: Final = 0x0C
_DATA: Final = 0x87
_DATA_ODD: Final = 0x85
_LE: Final = 0x97
_STATUS: Final = 0x99
_MAC: Final = 0x8E
_PADDED: Final = b"\x01"
_MAC_OBJECT_BYTES: Final = 2 + MAC_BYTES
_STATUS_BYTES: Final = 2
_STATUS_AND_MAC_BYTES: Final = 2 + _STATUS_BYTES + _MAC_OBJECT_BYTES
_DATA_HEAD_BYTES: Final = 4


class SecureMessaging:
    """An open channel (edge.idcard.exchange.Channel). `ssc`: the send sequence counter that it begins with, 0 but for BAC."""

    def __init__(self, keys: SessionKeys, *, ssc: int = 0) -> None:
        self._keys = keys
        self._suite = keys.suite
        self._ssc = ssc
        self._answers = 0

    @property
    def answers(self) -> int:
        """How many answers it has opened: each proves that the card has these keys."""
        return self._answers

    @property
    def overhead(self) -> int:
        """How many of the 256 bytes of a short answer are no plaintext: 25 with 3DES, 33 with AES."""
        room = MAX_SHORT_LE - _STATUS_AND_MAC_BYTES - _DATA_HEAD_BYTES
        return MAX_SHORT_LE - (room - room % self._suite.block_bytes - 1)

    def protect(self, command: Command) -> Command:
        """Return the command as it is sent; with extended lengths where its data or answer would not fit else."""
        self._count()
        header = bytes((command.cla | _PROTECTED, command.ins, command.p1, command.p2))
        objects = self._data_object(command) + _le_object(command)
        objects += encode_object(_MAC, self._mac(pad(self._suite, header) + objects))
        wants_more = command.le is not None and command.le > MAX_SHORT_LE - self.overhead
        # 256 exactly is a short command's "as much as there is": the card cuts it to what fits.
        extended = wants_more and command.le != MAX_SHORT_LE
        cla, ins, p1, p2 = header
        return Command(cla, ins, p1, p2, objects, MAX_LE if extended else MAX_SHORT_LE)

    def open(self, response: Response) -> Response:
        """Return the answer that was protected. GarbledError when the MAC is wrong, or an object missing or too many."""
        self._count()
        body, end = response.data[:-_MAC_OBJECT_BYTES], response.data[-_MAC_OBJECT_BYTES:]
        if not body or not bytes_eq(end, encode_object(_MAC, self._mac(body))):
            raise GarbledError("a protected answer has a wrong MAC, or none")
        objects = read_objects(body, "a protected answer")
        status = objects.pop().value if objects[-1].tag == _STATUS else b""
        if len(status) != _STATUS_BYTES or len(objects) > 1:
            raise GarbledError("a protected answer lacks its status, or has more than data before it")
        data = self._decrypt(objects[0].tag, objects[0].value) if objects else b""
        self._answers += 1
        return Response(data, int.from_bytes(status))

    def _data_object(self, command: Command) -> bytes:
        if not command.data:
            return b""
        data = encrypt(self._suite, self._keys.enc, self._iv(), pad(self._suite, command.data))
        if command.ins & 1:
            return encode_object(_DATA_ODD, data)
        return encode_object(_DATA, _PADDED + data)

    def _decrypt(self, tag: int, value: bytes) -> bytes:
        if tag == _DATA and value[:1] == _PADDED:
            value = value[1:]
        elif tag != _DATA_ODD:
            raise GarbledError("a protected answer has data of an unknown kind")
        return unpad(decrypt(self._suite, self._keys.enc, self._iv(), value))

    def _count(self) -> None:
        self._ssc = (self._ssc + 1) % (1 << 8 * self._suite.block_bytes)

    def _counter(self) -> bytes:
        return self._ssc.to_bytes(self._suite.block_bytes)

    def _iv(self) -> bytes:
        zero = bytes(self._suite.block_bytes)
        if self._suite is Suite.TDES:
            return zero
        return encrypt(self._suite, self._keys.enc, zero, self._counter())

    def _mac(self, data: bytes) -> bytes:
        return mac(self._suite, self._keys.mac, pad(self._suite, self._counter() + data))


def _le_object(command: Command) -> bytes:
    if command.le is None:
        return b""
    width = 2 if command.le > MAX_SHORT_LE else 1
    return encode_object(_LE, (command.le % (1 << 8 * width)).to_bytes(width))
