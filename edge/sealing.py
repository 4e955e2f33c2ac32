"""Sealing what a person sends for the one authority that may read it (age-encryption.org/v1, X25519).

The station and the centre have only public keys: what is sealed here, nobody on the way can open. One door to pyrage.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import pyrage

from edge.errors import EdgeError
from wire.entries import Name

MAX_RECIPIENTS: Final = 200
MAX_KEY_FILE_BYTES: Final = 4_096
SUFFIX: Final = ".age.pub"


class RecipientsError(EdgeError):
    """A public key is missing or no key; the text names the file, for whoever set it up."""


class Recipients:
    """The authorities that may be sent something, by name."""

    def __init__(self, keys: Mapping[str, pyrage.x25519.Recipient]) -> None:
        self._keys = keys

    def __contains__(self, name: object) -> bool:
        """Tell whether `name` can be sent something."""
        return name in self._keys

    def seal(self, recipient: str, document: bytes) -> bytes:
        """Return `document` as an age file for `recipient`, which must be one of these."""
        return pyrage.encrypt(document, [self._keys[recipient]])


def load_recipients(directory: Path) -> Recipients:
    """Read every `<name>.age.pub` of `directory`, one public key each; RecipientsError names what cannot be used."""
    if not directory.is_dir():
        raise RecipientsError(f"{directory}: is no directory")
    paths = sorted(directory.glob(f"*{SUFFIX}"))
    if len(paths) > MAX_RECIPIENTS:
        raise RecipientsError(f"{directory}: more than {MAX_RECIPIENTS} recipients")
    return Recipients(dict(_load(path) for path in paths))


def _load(path: Path) -> tuple[str, pyrage.x25519.Recipient]:
    try:
        name = msgspec.convert(path.name.removesuffix(SUFFIX), Name)
        text = _read(path)
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        (key,) = lines
        return name, pyrage.x25519.Recipient.from_str(key.strip())
    except msgspec.ValidationError:
        raise RecipientsError(f"{path}: its name must be of a-z, 0-9, '.' and '-'") from None
    except OSError as error:
        raise RecipientsError(f"{path}: {error.strerror}") from error
    except (ValueError, pyrage.RecipientError):
        raise RecipientsError(f"{path}: must hold one public key, age1...") from None


def _read(path: Path) -> str:
    with path.open(encoding="ascii") as file:
        return file.read(MAX_KEY_FILE_BYTES)
