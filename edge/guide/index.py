"""Phrases as weighted vectors: which of them a text is near to. Flat arrays, so that a thousand phrases cost a few MiB.

A feature weighs as much as it is rare (inverse document frequency) and as it tells services apart (one minus the
normalised entropy of the services that use it): "tôi muốn" occurs with every service and says nothing of which one.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from edge.guide.folding import Spelling
from edge.guide.grams import asked_grams, learnt_grams

MIN_WEIGHT: Final = 1.0
"""Features below it are dropped: they take most of the time and change nothing (measured)."""
UNSEEN_SHARE: Final = 0.5
"""A feature of the text that no phrase has weighs half as much as the rarest one: it makes the text less alike."""


class Index:
    """Built once from (label, folded phrase) pairs, each pair once; `labels[i]` and `texts[i]` are those of phrase i."""

    def __init__(self, phrases: Sequence[tuple[str, Spelling]]) -> None:
        self.labels: Final = [label for label, _ in phrases]
        self.texts: Final = [spelling.folded for _, spelling in phrases]
        self._numbers: dict[str, int] = {}
        """Of each feature; one dictionary instead of one for each list, which would be half of all memory."""
        self._weights = array("f")
        for number, (feature, weight) in enumerate(_weights(phrases)):
            self._numbers[feature] = number
            self._weights.append(weight)
        self._unseen = math.log(len(phrases) + 1) * UNSEEN_SHARE
        self._starts = array("L", [0])
        """Where each feature's phrases begin, and after the last one where they end."""
        self._phrases = array("H")
        self._shares = array("f")
        self.norms: Final = self._learn(phrases)
        """By label, the length of the sum of its phrases: their cosines' sum over it is the cosine to their middle."""

    def cosines(self, asked: Spelling) -> list[float]:
        """Return how alike `asked` is to each phrase, 0 to 1."""
        found = [0.0] * len(self.texts)
        for feature, share in self._vector(asked_grams(asked)).items():
            number = self._numbers.get(feature)
            if number is None:
                continue
            start, end = self._starts[number : number + 2]
            for phrase, other in zip(self._phrases[start:end], self._shares[start:end], strict=True):
                found[phrase] += share * other
        return found

    def _vector(self, features: Mapping[str, float]) -> dict[str, float]:
        vector = {}
        for feature, count in features.items():
            number = self._numbers.get(feature)
            weight = self._unseen if number is None else self._weights[number]
            if weight >= MIN_WEIGHT:
                vector[feature] = weight * (1 + math.log(count) if count > 1 else count)
        return _normed(vector)

    def _learn(self, phrases: Iterable[tuple[str, Spelling]]) -> dict[str, float]:
        """Lay out the phrases one by one, so that building takes little more memory than what stays."""
        postings = [(array("H"), array("f")) for _ in self._numbers]
        middles: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        for phrase, (label, spelling) in enumerate(phrases):
            for feature, share in self._vector(learnt_grams(spelling)).items():
                numbers, shares = postings[self._numbers[feature]]
                numbers.append(phrase)
                shares.append(share)
                middles[label][feature] += share
        for numbers, shares in postings:
            self._phrases.extend(numbers)
            self._shares.extend(shares)
            self._starts.append(len(self._phrases))
        return {label: math.hypot(*middle.values()) or 1.0 for label, middle in middles.items()}


def _weights(phrases: Sequence[tuple[str, Spelling]]) -> Iterator[tuple[str, float]]:
    """Give each feature and its weight."""
    sizes = Counter(label for label, _ in phrases)
    uses: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for label, spelling in phrases:
        for feature in learnt_grams(spelling):
            used = uses[feature]
            used[label] = used.get(label, 0) + 1
    for feature, used in uses.items():
        rare = math.log((len(phrases) + 1) / (sum(used.values()) + 0.5))
        yield feature, rare * _telling(used, sizes)


def _telling(used: Mapping[str, int], sizes: Mapping[str, int]) -> float:
    """Return 1 for a feature of one label, towards 0 for one that all labels use alike."""
    shares = [count / sizes[label] for label, count in used.items()]
    total = sum(shares)
    entropy = -sum(share / total * math.log(share / total) for share in shares)
    return 1 - entropy / math.log(max(2, len(sizes)))


def _normed(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.hypot(*vector.values()) or 1.0
    return {feature: value / length for feature, value in vector.items()}
