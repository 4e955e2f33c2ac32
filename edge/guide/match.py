"""Which service a person means, by likeness to phrases and by whole words; or that it is probably none.

A service's score is the likeness to its nearest phrases, to the middle of all its phrases, and rapidfuzz's token_set_ratio
to the nearest ones; what is said of other things (weather, football, offices elsewhere) is learnt as one label beside the
services, and a text that is as near to it is not known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz import fuzz

from edge.guide.errors import PhrasesError
from edge.guide.folding import Spelling, spell
from edge.guide.index import Index

MAX_CANDIDATES: Final = 3
MAX_SERVICES: Final = 500
MAX_PHRASES: Final = 200
"""Of one service."""
MAX_UNRELATED: Final = 1_000
MAX_ALL: Final = 50_000

NEAREST: Final = (0.70, 0.15, 0.15)
"""What the nearest phrases count; the second and third keep one odd phrase from deciding alone."""
WORDS_WEIGHT: Final = 0.35
WORDS_AMONG: Final = 6
"""Services whose words are compared: the slow part, and a service beyond was never the right one."""
UNRELATED_WEIGHT: Final = 0.8
KNOWN_FROM: Final = 0.25
"""Score over the weighted one of unrelated talk; from where both kinds of error are rarest together (bench/guide)."""

_UNRELATED: Final = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service and how people ask for it: names, search words, whole ways of saying it; any spelling."""

    service: str
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that may be meant; `score` grows with likeness (0 to about 2.4) and compares within one text only."""

    service: str
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """The likeliest services, best first, at most MAX_CANDIDATES; `is_known` False: probably none of them is meant."""

    candidates: tuple[Candidate, ...] = field(repr=False)
    is_known: bool


class Matcher:
    """Immutable; `match` may be called from any thread."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @classmethod
    def build(cls, entries: Iterable[Entry], unrelated: Iterable[str] = ()) -> "Matcher":
        """Learn from `entries` and from what is not meant for any of them; PhrasesError when it is too much."""
        pairs: dict[tuple[str, Spelling], None] = {}
        counts: dict[str, int] = {}
        for entry in entries:
            counts[entry.service] = counts.get(entry.service, 0) + len(entry.phrases)
            if not entry.service or not 0 < counts[entry.service] <= MAX_PHRASES:
                raise PhrasesError(
                    f"{entry.service or 'a service without a name'}: 1 to {MAX_PHRASES} phrases"
                )
            pairs.update(((entry.service, spell(phrase)), None) for phrase in entry.phrases)
        if len(counts) > MAX_SERVICES or len(pairs) > MAX_ALL:
            raise PhrasesError(f"at most {MAX_SERVICES} services and {MAX_ALL} phrases")
        others = {(_UNRELATED, spell(text)): None for text in unrelated}
        if len(others) > MAX_UNRELATED:
            raise PhrasesError(f"at most {MAX_UNRELATED} unrelated sayings")
        return cls(Index([pair for pair in (pairs | others) if pair[1].folded]))

    def match(self, said: str | Spelling) -> Match:
        """Propose services for what a person said or typed; of a long text its first 400 characters count."""
        asked = spell(said) if isinstance(said, str) else said
        nearest = self._nearest(self._index.cosines(asked))
        first = sorted(nearest, key=lambda label: nearest[label].likeness, reverse=True)[:WORDS_AMONG]
        scores = {
            label: nearest[label].likeness + self._words(asked.folded, nearest[label]) for label in first
        }
        unrelated = scores.pop(_UNRELATED, 0.0)
        ranked = sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:MAX_CANDIDATES]
        candidates = tuple(Candidate(service, score) for service, score in ranked)
        return Match(candidates, bool(candidates) and _is_known(candidates[0].score, unrelated))

    def _nearest(self, cosines: Sequence[float]) -> dict[str, "_Nearest"]:
        alike: dict[str, list[tuple[float, int]]] = {}
        for phrase, cosine in enumerate(cosines):
            if cosine:
                alike.setdefault(self._index.labels[phrase], []).append((cosine, phrase))
        found = {}
        for label, phrases in alike.items():
            middle = sum(cosine for cosine, _ in phrases) / self._index.norms[label]
            best = sorted(phrases, reverse=True)[: len(NEAREST)]
            near = sum(weight * cosine for weight, (cosine, _) in zip(NEAREST, best, strict=False))
            found[label] = _Nearest(near + middle, tuple(phrase for _, phrase in best))
        return found

    def _words(self, folded: str, nearest: "_Nearest") -> float:
        ratios = (fuzz.token_set_ratio(folded, self._index.texts[phrase]) for phrase in nearest.phrases)
        return WORDS_WEIGHT * max(ratios) / 100


def _is_known(score: float, unrelated: float) -> bool:
    return score > unrelated and score - UNRELATED_WEIGHT * unrelated >= KNOWN_FROM


@dataclass(frozen=True, slots=True)
class _Nearest:
    likeness: float
    phrases: tuple[int, ...]
