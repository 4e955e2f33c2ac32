"""What to do about a radio that stumbles: ever more, and at last say that it is gone. Pure."""

from enum import Enum, auto


class Step(Enum):
    """One thing to do."""

    RESTART = auto()
    """Scan anew."""
    POWER_CYCLE = auto()
    """Switch the adapter off and on: this ends all links."""
    GIVE_UP = auto()
    """Say that the radio is gone, and go on trying."""


class Ladder:
    """Remembers how often in a row something went wrong."""

    def __init__(self) -> None:
        self._stumbles = 0

    def stumble(self) -> Step:
        """Return what to do now; after giving up every fourth try is a power cycle again."""
        self._stumbles += 1
        if self._stumbles % 4 == 2:  # noqa: PLR2004  # the second of each four
            return Step.POWER_CYCLE
        return Step.RESTART if self._stumbles == 1 else Step.GIVE_UP

    def recover(self) -> None:
        """Forget everything: it works."""
        self._stumbles = 0
