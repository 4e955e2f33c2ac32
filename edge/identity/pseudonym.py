"""A keyed code of a citizen's number, by which the centre knows somebody again without knowing who it is.

HMAC-SHA-256 under the fleet's key, cut to 128 bits (RFC 2104, section 5). A bare hash would be no secret: there are few
enough numbers to try them all. Whoever has the key can do so too, which is why it is a file of its own.
"""

import hashlib
import hmac
from pathlib import Path
from typing import Final

from edge.identity.errors import SecretError

_CONTEXT: Final = b"tcds subject 1\0"
_TOKEN_BYTES: Final = 16
KEY_BYTES: Final = 32


class Pseudonyms:
    """Makes pseudonyms with one key of KEY_BYTES bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise SecretError(f"a pseudonym key has {KEY_BYTES} bytes")
        self._key = key

    def of(self, number: str) -> str:
        """Return the pseudonym of a 12-digit number: 32 hex digits."""
        digest = hmac.digest(self._key, _CONTEXT + number.encode("ascii"), hashlib.sha256)
        return digest[:_TOKEN_BYTES].hex()


def load_pseudonyms(path: Path) -> Pseudonyms:
    """Read the key, 64 hex digits, from `path`; SecretError."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise SecretError(f"{path}: {error.strerror}") from error
    except ValueError:
        raise SecretError(f"{path}: must hold {2 * KEY_BYTES} hex digits") from None
    try:
        return Pseudonyms(key)
    except SecretError as error:
        raise SecretError(f"{path}: {error}") from None
