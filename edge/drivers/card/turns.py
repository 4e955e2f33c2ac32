"""Which card it is the turn of: a pure account of insertions over what the readers show.

Each insertion has a number of its own, so that nobody takes one card for another that was laid there meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from edge.drivers.card.pcsc import ReaderState


@dataclass(frozen=True, slots=True)
class Inserted:
    """A card lies on a reader. `turn` grows and names this very insertion; a mute card gives no answer to reset."""

    reader: str
    turn: int
    is_mute: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The card of `turn` lies there no longer, or its reader is gone."""

    reader: str
    turn: int


CardNews = Inserted | Removed


class Turns:
    """Has one card at a time: the first that is seen, and after it the first of those that lie on other readers."""

    def __init__(self) -> None:
        self._turn = 0
        self._current: ReaderState | None = None

    @property
    def is_present(self) -> bool:
        """Whether there is a card whose turn it is."""
        return self._current is not None

    def insertion(self, turn: int) -> ReaderState | None:
        """Return the reader's state at the insertion `turn`, or None when that card is gone."""
        return self._current if turn == self._turn else None

    def see(self, states: Sequence[ReaderState]) -> list[CardNews]:
        """Take how all readers are now; return what has happened to the card. Without readers: an empty sequence."""
        news: list[CardNews] = []
        current = self._current
        if current is not None and not any(_is_same(state, current) for state in states):
            self._current = None
            news.append(Removed(current.name, self._turn))
        waiting = next((state for state in states if state.is_usable and state.is_present), None)
        if self._current is None and waiting is not None:
            self._turn += 1
            self._current = waiting
            news.append(Inserted(waiting.name, self._turn, waiting.is_mute))
        return news


def _is_same(state: ReaderState, insertion: ReaderState) -> bool:
    is_there = state.is_usable and state.is_present
    return is_there and (state.name, state.events) == (insertion.name, insertion.events)
