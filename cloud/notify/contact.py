"""Opening the telephone number that somebody left with a request; only here, only to send a message, kept nowhere.

It is an age file (age-encryption.org/v1) for the key of whoever sends messages. One door to pyrage.
"""

import re
from pathlib import Path
from typing import Final, Protocol

import pyrage

MAX_KEY_FILE_BYTES: Final = 4_096
_PHONE: Final = re.compile(rb"\+?[0-9]{8,15}")


class ContactError(Exception):
    """The key that opens contacts cannot be used; the text never holds it."""


class ContactOpener(Protocol):
    """Whoever can open contacts."""

    def open(self, sealed: bytes) -> str | None:
        """Return the telephone number; None when it is for somebody else, or none at all."""


class AgeContacts:
    """Opens with the secret key of a file (`AGE-SECRET-KEY-1...`); ContactError when there is none."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                text = file.read(MAX_KEY_FILE_BYTES + 1)
        except OSError as error:
            raise ContactError(f"{path}: {error.strerror}") from error
        self._identity = _identity(path, text)

    def open(self, sealed: bytes) -> str | None:
        """Return the telephone number; None when it is for somebody else, or none at all."""
        try:
            opened = pyrage.decrypt(sealed, [self._identity])
        except pyrage.DecryptError:
            return None
        return opened.decode("ascii") if _PHONE.fullmatch(opened) else None


def _identity(path: Path, text: bytes) -> pyrage.x25519.Identity:
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(b"#")]
    try:
        (line,) = lines
        return pyrage.x25519.Identity.from_str(line.decode("ascii"))
    except (ValueError, pyrage.IdentityError):
        raise ContactError(f"{path}: must hold one secret key, AGE-SECRET-KEY-1...") from None
