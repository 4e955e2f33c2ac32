"""Which question about a service is asked, whether a cry for help is in it, and how the guide's question is answered.

First by pattern, then by likeness, so that a misspelt "bao lau" is heard as well. Nothing here knows any service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz, process

from catalogue.answers import Topic
from edge.guide.folding import Spelling, spell
from edge.guide.lexicon import EMERGENCY, EMERGENCY_AS_WRITTEN, NO_EMERGENCY, POLITE, REPLIES, TOPICS, Reply
from edge.guide.wording import GAP, Found, Wording, without

ALIKE_FROM: Final = 92.5
"""rapidfuzz's ratio (0 to 100), from which on some words are a misspelt pattern: one letter in ten."""
ALIKE_LETTERS: Final = 7
"""Shorter patterns are like too much; English ones have no likeness, Vietnamese without accents is full of them."""

MAX_ALIKE_WORDS: Final = 25
"""The last words of a text are looked at for misspelt patterns: the slow part, and questions come at the end."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and in which words it was."""

    topic: Topic
    found: Found


class Listener:
    """Built once; immutable."""

    def __init__(self) -> None:
        self._topics = {topic: Wording(patterns) for topic, patterns in TOPICS.items()}
        self._alike = [
            (topic, spell(pattern))
            for topic, patterns in TOPICS.items()
            for pattern in patterns
            if GAP not in pattern and len(pattern) >= ALIKE_LETTERS and not pattern.isascii()
        ]
        self._emergency = Wording(EMERGENCY)
        self._emergency_as_written = Wording(EMERGENCY_AS_WRITTEN, as_written=True)
        self._no_emergency = Wording(NO_EMERGENCY)
        self._replies = {reply: Wording(patterns, as_written=True) for reply, patterns in REPLIES.items()}

    def question(self, said: Spelling) -> Question | None:
        """Return what is asked; of several questions the one of most words."""
        found = [(topic, place) for topic, wording in self._topics.items() if (place := wording.find(said))]
        if found:
            return Question(*max(found, key=lambda each: each[1].size))
        return self._misspelt(said)

    def is_emergency(self, said: Spelling) -> bool:
        """Tell whether somebody may be in danger. It errs on the side of the button."""
        while (harmless := self._no_emergency.find(said)) is not None:
            said = without(said, harmless)
        return self._emergency.find(said) is not None or self._emergency_as_written.find(said) is not None

    def reply(self, said: Spelling) -> Reply | None:
        """Return the answer to a question of the guide, when what is said is hardly more than that."""
        found = [(reply, place) for reply, wording in self._replies.items() if (place := wording.find(said))]
        if not found:
            return None
        reply, place = max(found, key=lambda each: each[1].size)
        around = without(said, place).folded.split()
        return reply if reply is Reply.PERSON or POLITE.issuperset(around) else None

    def _misspelt(self, said: Spelling) -> Question | None:
        words = (said.exact if said.is_accented else said.folded).split()
        skipped = max(0, len(words) - MAX_ALIKE_WORDS)
        windows = _Windows(words[skipped:])
        best, found = ALIKE_FROM, None
        for topic, spelling in self._alike:
            pattern = spelling.exact if said.is_accented else spelling.folded
            size = pattern.count(" ") + 1
            near = process.extractOne(pattern, windows.of(size), scorer=fuzz.ratio, score_cutoff=best)
            if near is not None and near[1] > best:
                best, found = near[1], Question(topic, Found(skipped + near[2], skipped + near[2] + size))
        return found


class _Windows:
    """Some words in a row, from each word on."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._found: dict[int, list[str]] = {}

    def of(self, size: int) -> list[str]:
        if size not in self._found:
            starts = range(len(self._words) - size + 1)
            self._found[size] = [" ".join(self._words[start : start + size]) for start in starts]
        return self._found[size]
