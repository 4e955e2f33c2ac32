"""Keys from shared secrets (ICAO Doc 9303-11, 9.7) and the two families of ciphers that secure messaging has (9.8)."""

import hashlib
from enum import Enum
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import cmac
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

FOR_ENCRYPTION: Final = 1
FOR_MAC: Final = 2
FOR_NONCE: Final = 3


class Suite(Enum):
    """A cipher with its MAC: the last arc of its protocol's identifier, octets of key and of block."""

    TRIPLE_DES = (1, 16, 8)
    AES_128 = (2, 16, 16)
    AES_192 = (3, 24, 16)
    AES_256 = (4, 32, 16)

    def __init__(self, arc: int, key_octets: int, block_octets: int) -> None:
        self.arc = arc
        self.key_octets = key_octets
        self.block_octets = block_octets

    def derive(self, secret: bytes, purpose: int) -> bytes:
        """The key for a purpose: SHA-1 for keys up to 128 bits, SHA-256 above."""
        seed = secret + purpose.to_bytes(4)
        digest = hashlib.sha1(seed) if self.key_octets == 16 else hashlib.sha256(seed)
        key = digest.digest()[: self.key_octets]
        return odd_parity(key) if self is Suite.TRIPLE_DES else key

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks."""
        return _run(self._cbc(key, iv).encryptor(), data)

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC over whole blocks; ValueError when they are not whole."""
        return _run(self._cbc(key, iv).decryptor(), data)

    def _cbc(self, key: bytes, iv: bytes | None) -> "Cipher[CBC]":
        mode = CBC(iv or bytes(self.block_octets))
        return Cipher(TripleDES(key + key[:8]) if self is Suite.TRIPLE_DES else AES(key), mode)

    def block(self, key: bytes, data: bytes) -> bytes:
        """One block of AES by itself."""
        return _run(Cipher(AES(key), ECB()).encryptor(), data)

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Eight octets over data that is not yet padded: ISO/IEC 9797-1 algorithm 3 pads, CMAC does so by itself."""
        return self.mac_of_blocks(key, self.pad(data) if self is Suite.TRIPLE_DES else data)

    def mac_of_blocks(self, key: bytes, blocks: bytes) -> bytes:
        """Eight octets over what is padded already."""
        if self is Suite.TRIPLE_DES:
            return _retail_mac(key, blocks)
        over = cmac.CMAC(AES(key))
        over.update(blocks)
        return over.finalize()[:8]

    def pad(self, data: bytes) -> bytes:
        """Method 2 of ISO/IEC 9797-1: 80, then zeros to whole blocks."""
        return data + b"\x80" + bytes(-(len(data) + 1) % self.block_octets)


def unpad(data: bytes) -> bytes:
    """What stood before the padding; ValueError when there is none."""
    content, mark, zeros = data.rpartition(b"\x80")
    if not mark or any(zeros):
        raise ValueError("not padded")
    return content


def odd_parity(key: bytes) -> bytes:
    """Each octet's lowest bit set so that it has an odd number of ones."""
    return bytes(octet & 0xFE | (octet >> 1).bit_count() % 2 ^ 1 for octet in key)


def _retail_mac(key: bytes, blocks: bytes) -> bytes:
    """ISO/IEC 9797-1, algorithm 3: DES in CBC with the first half, the last block once more with both."""
    first = TripleDES(key[:8] * 3)
    second = TripleDES(key[8:] * 3)
    last = _run(Cipher(first, CBC(bytes(8))).encryptor(), blocks)[-8:]
    return _run(Cipher(first, ECB()).encryptor(), _run(Cipher(second, ECB()).decryptor(), last))


def _run(context: CipherContext, data: bytes) -> bytes:
    return context.update(data) + context.finalize()
