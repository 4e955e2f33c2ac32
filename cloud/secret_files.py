"""Tokens and keys that stand in files of their own, one line each; never in the settings, the log or an error."""

from pathlib import Path
from typing import Final

from cloud.settings import SettingsError

MAX_TOKEN_BYTES: Final = 4_096


def read_token(key: str, path: Path) -> str:
    """Return the one line of a token file; SettingsError, by the key's name, when there is none."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_TOKEN_BYTES + 1)
    except OSError as error:
        raise SettingsError([f"{key}: {path}: {error.strerror}"]) from error
    token = text.strip()
    if len(text) > MAX_TOKEN_BYTES or not token or any(byte <= 0x20 or byte >= 0x7F for byte in token):  # noqa: PLR2004  printable ASCII
        raise SettingsError([f"{key}: {path}: must hold one token, printable and without blanks"])
    return token.decode("ascii")
