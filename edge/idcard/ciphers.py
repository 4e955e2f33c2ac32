"""The four suites of a card's channel: their block cipher in CBC mode, their MAC, and how keys are derived for them.

Source: ICAO Doc 9303-11, 9.7.1 (key derivation), 9.8.6 and 9.8.7 (3DES and AES in secure messaging); ISO/IEC 9797-1, algorithm 3
and padding method 2.
"""

from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha1, sha256
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from edge.idcard.errors import GarbledError

MAC_BYTES: Final = 8

_DES_KEY: Final = 8
_PAD: Final = 0x80


class Suite(Enum):
    """Bytes of a key and of a block; the values end the object identifiers of PACE and Chip Authentication."""

    TDES = (1, 16, 8)
    AES_128 = (2, 16, 16)
    AES_192 = (3, 24, 16)
    AES_256 = (4, 32, 16)

    def __init__(self, number: int, key_bytes: int, block_bytes: int) -> None:
        self.number = number
        self.key_bytes = key_bytes
        self.block_bytes = block_bytes


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What an agreement gives: a key to encrypt with, a key to authenticate with."""

    suite: Suite
    enc: bytes = field(repr=False)
    mac: bytes = field(repr=False)

    @classmethod
    def derive(cls, suite: Suite, secret: bytes) -> "SessionKeys":
        """Derive both from a shared secret, with the counters 1 and 2."""
        return cls(suite, derive_key(suite, secret, 1), derive_key(suite, secret, 2))


def derive_key(suite: Suite, secret: bytes, counter: int) -> bytes:
    """KDF(secret, counter); the parity bits of DES keys are set as the standard's examples have them."""
    seed = secret + counter.to_bytes(4)
    if suite in {Suite.AES_192, Suite.AES_256}:
        return sha256(seed).digest()[: suite.key_bytes]
    key = sha1(seed, usedforsecurity=False).digest()[: suite.key_bytes]
    return bytes(map(_with_odd_parity, key)) if suite is Suite.TDES else key


def encrypt(suite: Suite, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Encrypt whole blocks in CBC mode."""
    encryptor = _cbc(suite, key, iv).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def decrypt(suite: Suite, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Decrypt whole blocks in CBC mode. GarbledError when they are not whole."""
    if not data or len(data) % suite.block_bytes:
        raise GarbledError("a cryptogram is not made of whole blocks")
    decryptor = _cbc(suite, key, iv).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def mac(suite: Suite, key: bytes, data: bytes) -> bytes:
    """Authenticate data in 8 bytes: retail MAC over whole blocks for 3DES, the front of a CMAC for AES."""
    if suite is not Suite.TDES:
        cmac = CMAC(AES(key))
        cmac.update(data)
        return cmac.finalize()[:MAC_BYTES]
    first, second = key[:_DES_KEY], key[_DES_KEY:]
    zero = bytes(_DES_KEY)
    last = encrypt(Suite.TDES, first + first, zero, data)[-_DES_KEY:]
    return encrypt(Suite.TDES, first + first, zero, decrypt(Suite.TDES, second + second, zero, last))


def pad(suite: Suite, data: bytes) -> bytes:
    """Add 80 and as many 00 as a whole block needs (padding method 2)."""
    return data + bytes([_PAD]) + bytes(-(len(data) + 1) % suite.block_bytes)


def unpad(data: bytes) -> bytes:
    """Take the padding off. GarbledError when there is none."""
    stripped = data.rstrip(b"\0")
    if not stripped or stripped[-1] != _PAD:
        raise GarbledError("a cryptogram has no padding")
    return stripped[:-1]


def _cbc(suite: Suite, key: bytes, iv: bytes) -> Cipher[modes.CBC]:
    # With both halves equal the three DES undo each other to one, which is how single DES is had.
    algorithm = TripleDES(key + key[:_DES_KEY]) if suite is Suite.TDES else AES(key)
    return Cipher(algorithm, modes.CBC(iv))


def _with_odd_parity(byte: int) -> int:
    return byte ^ 1 if byte.bit_count() % 2 == 0 else byte
