"""How often a wrong key may be offered."""

from tests.fakes.idcard.apdus import RefusedError

BLOCKED = 0x6983


class Tries:
    """Counts wrong keys in a row; a card remembers them without power. None: it never blocks."""

    def __init__(self, blocks_after: int | None) -> None:
        self._blocks_after = blocks_after
        self.wrong = 0

    def check(self) -> None:
        """RefusedError (6983) when there were too many."""
        if self._blocks_after is not None and self.wrong >= self._blocks_after:
            raise RefusedError(BLOCKED)

    def was_wrong(self) -> None:
        self.wrong += 1

    def was_right(self) -> None:
        self.wrong = 0
