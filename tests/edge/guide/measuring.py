"""How well utterances are understood: each is judged by a matcher that never saw it."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge.guide.folding import fold
from edge.guide.learning import UNRELATED, join
from edge.guide.match import Entry, Match, Matcher

FOLDER: Final = Path(__file__).parent / "utterances"
UNSEEN: Final = Path(__file__).parent / "unseen"
"""Written after everything else was settled: sayings, weights and threshold were never changed for them."""
NONE: Final = "none"
FOLDS: Final = 5

Texts = Mapping[str, tuple[str, ...]]
Judge = Callable[[str], Match]
Builder = Callable[[Sequence[Entry], Sequence[str]], Judge]


@dataclass(frozen=True, slots=True)
class Judged:
    """An utterance, the service it is for (NONE: none), and what was made of it."""

    text: str
    service: str
    match: Match

    @property
    def place(self) -> int | None:
        """At which place the right service stands, from 0; None where it is not among the candidates."""
        found = [candidate.service for candidate in self.match.candidates]
        return found.index(self.service) if self.service in found else None


@dataclass(frozen=True, slots=True)
class Score:
    """Shares, 0 to 1: right at the first place, among three, known of those for a service, not known of the rest."""

    top_1: float
    top_3: float
    known: float
    none: float
    asked: int
    unrelated: int


def utterances(folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """Return the utterances by service, and those for none under NONE."""
    return {path.stem: tuple(path.read_text().splitlines()) for path in sorted(folder.glob("*.txt"))}


def build(entries: Sequence[Entry], unrelated: Sequence[str]) -> Judge:
    return Matcher.build(entries, unrelated).match


def held_out(words: Texts, sayings: Texts, said: Texts, builder: Builder = build) -> list[Judged]:
    """Judge every utterance by what is learnt from words and sayings alone."""
    return _judge(words, sayings, said, builder)


def cross_validated(words: Texts, sayings: Texts, said: Texts, builder: Builder = build) -> list[Judged]:
    """Judge each fifth by what is learnt from words, sayings and the other four."""
    judged = []
    for fold_number in range(FOLDS):
        asked, known = {}, dict(sayings)
        for service, texts in said.items():
            asked[service] = _parts(service, texts)[fold_number]
            rest = tuple(text for text in texts if text not in asked[service])
            learnt_as = UNRELATED if service == NONE else service
            known[learnt_as] = known.get(learnt_as, ()) + rest
        judged += _judge(words, known, asked, builder)
    return judged


def score(judged: Sequence[Judged]) -> Score:
    asked = [each for each in judged if each.service != NONE]
    rest = [each for each in judged if each.service == NONE]
    return Score(
        top_1=_share(each.place == 0 for each in asked),
        top_3=_share(each.place is not None for each in asked),
        known=_share(each.match.is_known for each in asked),
        none=_share(not each.match.is_known for each in rest),
        asked=len(asked),
        unrelated=len(rest),
    )


def _share(found: Iterable[bool]) -> float:
    flags = list(found)
    return sum(flags) / len(flags)


def _parts(service: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the texts in FOLDS parts, the same each time."""
    shuffled = random.Random(service).sample(texts, len(texts))
    return [tuple(shuffled[number::FOLDS]) for number in range(FOLDS)]


def _judge(words: Texts, sayings: Texts, said: Texts, builder: Builder) -> list[Judged]:
    entries, unrelated = join(words, sayings), sayings.get(UNRELATED, ())
    judge = builder(entries, unrelated)
    learnt = {fold(phrase) for entry in entries for phrase in entry.phrases} | set(map(fold, unrelated))
    return [
        Judged(text, service, judge(text))
        for service, texts in said.items()
        for text in texts
        if fold(text) not in learnt
    ]
