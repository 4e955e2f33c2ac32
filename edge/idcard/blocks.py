"""How much is asked for at once: as much as reader and chip let through, found out by trying and then remembered.

Long (extended) answers make a photo some three times faster, but neither every reader nor every chip gives them, and neither
says so reliably. One object per reader, kept as long as the reader: it holds nothing of a card.
"""

from enum import IntEnum
from typing import Final

from edge.idcard.apdu import MAX_LE, MAX_SHORT_LE

LONG_BYTES: Final = 4096
"""Larger ones save next to nothing, and buffers of chips end about here."""
PROTECTION_BYTES: Final = 64
"""What secure messaging adds to a long answer, and more."""
HEAD_BYTES: Final = 8
"""Holds the tag and length of any file."""

_SHORTEST_LONG: Final = MAX_SHORT_LE * 2


class Manner(IntEnum):
    """From the fastest that may fail to what every chip does."""

    CAREFUL = 0
    """The length of a file first, then never more than it has."""
    SHORT = 1
    LONG = 2


class Blocks:
    """`capacity_bytes`: the longest answer that the reader says it takes (PCSCv2 part 10, dwMaxAPDUDataSize); None: not said."""

    def __init__(self, capacity_bytes: int | None = None) -> None:
        capacity = MAX_LE if capacity_bytes is None else capacity_bytes
        self._long_bytes = min(LONG_BYTES, capacity - PROTECTION_BYTES)
        self._manner = Manner.LONG if self._long_bytes >= _SHORTEST_LONG else Manner.SHORT
        self._asked_bytes = 0
        self._longest_bytes = 0
        self._may_ask_beyond = False
        self._before: Manner | None = None

    @property
    def manner(self) -> Manner:
        """How files are read now."""
        return self._manner

    @property
    def is_long(self) -> bool:
        """Whether answers of more than 256 bytes are asked for."""
        return self._manner is Manner.LONG

    def first_bytes(self, overhead: int) -> int:
        """Return how much to ask for while the length of the file is not known."""
        return HEAD_BYTES if self._manner is Manner.CAREFUL else self.bytes_at_once(overhead)

    def bytes_at_once(self, overhead: int) -> int:
        """Return how much to ask for at most, where so many bytes of a short answer are lost to protection."""
        return self._long_bytes if self.is_long else MAX_SHORT_LE - overhead

    def asking(self, count: int) -> None:
        """Take note that so many bytes are being asked for."""
        self._asked_bytes = count

    def passed(self, count: int) -> None:
        """Remember that an answer of so many bytes came through."""
        self._longest_bytes = max(self._longest_bytes, count)
        self._may_ask_beyond |= count < self._asked_bytes
        self._before = None

    def step_down(self, *, refused: bool) -> bool:
        """Take what became of the last question for a sign to ask for less from now on; `refused`: by a status word.

        False when as much has already come through, or there is nothing below: then it was something else.
        """
        if self._manner is Manner.LONG:
            may_be_length = self._asked_bytes > self._longest_bytes
        else:
            may_be_length = self._manner is Manner.SHORT and refused and not self._may_ask_beyond
        if may_be_length:
            self._before = self._before or self._manner
            self._manner = Manner(self._manner - 1)
        return may_be_length

    def give_up(self) -> None:
        """Forget the last step down, as it did not help either: the card lay badly, or was taken away."""
        self._manner, self._before = self._before or self._manner, None
