"""Sets of sequence numbers as a few inclusive ranges: what a receipt tells and what the inbox remembers.

A lane's sequence numbers start at 1 and are dense, so the set of what was committed is nearly always one range. Every
hole in it is something that was sent and has not arrived: the gap detector is the shape of the set itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self

from wire.errors import MessageError

_TEXT: Final = re.compile(r"(?:[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class SequenceSet:
    """Sorted, disjoint, non-adjacent inclusive ranges of integers >= 1."""

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int]]) -> Self:
        """Merge ranges in any order; raise MessageError for one that is empty or starts below 1."""
        merged: list[tuple[int, int]] = []
        for first, last in sorted(ranges):
            if not 1 <= first <= last:
                raise MessageError("range: first and last, 1 <= first <= last")
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    @classmethod
    def of_numbers(cls, numbers: Iterable[int]) -> Self:
        """Collect single numbers."""
        return cls.of((number, number) for number in numbers)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str()` wrote, e.g. `1-40,42`."""
        if _TEXT.fullmatch(text) is None:
            raise MessageError("ranges: numbers like 1-40,42")
        spans = (part.partition("-") for part in text.split(",") if part)
        return cls.of((int(first), int(last or first)) for first, _, last in spans)

    def __str__(self) -> str:
        return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in self.ranges)

    def __contains__(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.ranges)

    def __iter__(self) -> Iterator[int]:
        for first, last in self.ranges:
            yield from range(first, last + 1)

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.ranges)

    def __or__(self, other: "SequenceSet") -> "SequenceSet":
        return SequenceSet.of((*self.ranges, *other.ranges))

    def holes(self) -> "SequenceSet":
        """Everything from 1 to the highest number that is not in the set."""
        edges = ((0, 0), *self.ranges)
        return SequenceSet.of(
            (left[1] + 1, right[0] - 1) for left, right in pairwise(edges) if right[0] > left[1] + 1
        )
