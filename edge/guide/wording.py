"""Finds given wordings in what somebody said: whole words, with gaps, with accents or without."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from edge.guide.folding import Spelling, spell

GAP: Final = "..."
MAX_GAP: Final = 4
"""Words that may stand in a gap."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a wording stands: the words from `start` up to `end`, not included."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many words it takes."""
        return self.end - self.start


class Wording:
    """Some patterns. With `as_written`, accents count where somebody writes them."""

    def __init__(self, patterns: Iterable[str], *, as_written: bool = False) -> None:
        spelt = [[spell(part) for part in pattern.split(GAP)] for pattern in patterns]
        self._folded = _compile([part.folded for part in parts] for parts in spelt)
        self._exact = _compile([part.exact for part in parts] for parts in spelt) if as_written else None

    def find(self, said: Spelling) -> Found | None:
        """Return the longest place, the first of equally long ones; None when no pattern is there."""
        if self._exact is not None and said.is_accented:
            return _longest(self._exact, said.exact)
        return _longest(self._folded, said.folded)


def without(said: Spelling, found: Found) -> Spelling:
    """Return what is said without the words of a place."""

    def cut(text: str) -> str:
        words = text.split()
        return " ".join(words[: found.start] + words[found.end :])

    return Spelling(cut(said.folded), cut(said.exact), said.is_accented)


def _compile(patterns: Iterable[list[str]]) -> re.Pattern[str]:
    gap = rf"(?: \S+){{0,{MAX_GAP}}} "
    written = sorted((gap.join(map(re.escape, parts)) for parts in patterns), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(written)})(?!\S)")


def _longest(pattern: re.Pattern[str], text: str) -> Found | None:
    found = [
        Found(text.count(" ", 0, place.start()), text.count(" ", 0, place.end()) + 1)
        for place in pattern.finditer(text)
    ]
    return max(found, key=lambda place: (place.size, -place.start), default=None)
