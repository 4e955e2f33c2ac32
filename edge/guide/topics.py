"""Which question about a service is asked, whether a cry for help is in it, and how the guide's question is answered.

First by pattern, then by likeness, so that a misspelt "bao lau" is heard as well. Nothing here knows any service.
"""

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from catalogue.answers import Topic
from edge.guide.folding import Spelling, spell
from edge.guide.lexicon import EMERGENCY, EMERGENCY_AS_WRITTEN, NO_EMERGENCY, POLITE, REPLIES, TOPICS, Reply
from edge.guide.wording import GAP, Found, Wording, without

ALIKE_FROM: Final = 92.5
"""rapidfuzz's ratio (0 to 100), from which on some words are a misspelt pattern: one letter in ten."""
ALIKE_LETTERS: Final = 7
"""Shorter patterns are like too much; English ones have no likeness, Vietnamese without accents is full of them."""


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
        words = _as_written(said).split()
        best, found = ALIKE_FROM, None
        for topic, spelling in self._alike:
            pattern = spelling.exact if said.is_accented else spelling.folded
            size = pattern.count(" ") + 1
            for start in range(len(words) - size + 1):
                ratio = fuzz.ratio(pattern, " ".join(words[start : start + size]), score_cutoff=best)
                if ratio > best:
                    best, found = ratio, Question(topic, Found(start, start + size))
        return found


def _as_written(said: Spelling) -> str:
    return said.exact if said.is_accented else said.folded
