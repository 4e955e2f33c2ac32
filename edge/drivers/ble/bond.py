"""Whether a device has lost its half of the bond: told from evidence alone, since a healthy bond must never be removed.

A device that was reset refuses the station's key. BlueZ tells that in so many words at best; 5.66 ends the connect with
"br-connection-canceled" (measured), which other mishaps cause too. So words are evidence at once, that pattern only when
it repeats itself, each time right after the device advertised. Timeouts and absence are no evidence of anything. Pure.
"""

from enum import Enum, auto
from typing import Final

CANCELLED_ROUNDS: Final = 2
"""Rounds of connecting, of several attempts each, that all end in the pattern."""

_WORDS: Final = (
    "key missing",
    "keymissing",
    "insufficient authentication",
    "insufficient encryption",
    "att error: 0x05",
    "att error: 0x0f",
    "att error: 0x0c",
    "authenticationfailed",
    "authentication failed",
    "not paired",
)
_PATTERN: Final = "br-connection-canceled"


class Evidence(Enum):
    """What an error says of the bond."""

    REFUSED = auto()
    """The device or the host says itself that the key is missing, or the link cannot be encrypted."""
    CANCELLED = auto()
    """The connect broke the way it does when the key is missing, among other reasons."""


def evidence_in(error: str) -> Evidence | None:
    """Return what the text of an error of bleak's or the host's says of the bond."""
    text = error.lower()
    if any(words in text for words in _WORDS):
        return Evidence.REFUSED
    return Evidence.CANCELLED if _PATTERN in text else None


class BondWatch:
    """Weighs one device's connects."""

    def __init__(self) -> None:
        self._cancelled = 0
        self._is_lost = False

    @property
    def is_lost(self) -> bool:
        """Whether there is proof; stands until a connect works."""
        return self._is_lost

    def failed(self, evidence: Evidence | None) -> None:
        """Take a round of connecting that failed right after the device advertised."""
        self._cancelled = self._cancelled + 1 if evidence is Evidence.CANCELLED else 0
        if evidence is Evidence.REFUSED or self._cancelled >= CANCELLED_ROUNDS:
            self._is_lost = True

    def worked(self) -> None:
        """Take an encrypted exchange: the bond is healthy."""
        self._cancelled = 0
        self._is_lost = False
