"""What of a text is compared: its words, pairs of words, and the letters within words.

Letters (2, 3 and 4 in a row, the word's borders among them) find the misspelt word; pairs tell "tiền điện" from "điện
thoại". Words and pairs are taken folded ('=', '+') or with their accents ('^', '~'), letters always folded: somebody who
writes accents means them ("tiền đô" is not "tiến độ"), and a wrong accent still leaves the letters.
"""

from collections import Counter
from itertools import pairwise
from typing import Final

from edge.guide.folding import Spelling

LETTERS: Final = (2, 3, 4)
LETTERS_WEIGHT: Final = 0.3
"""A word has a dozen pieces; each says that much less than the word itself."""


def asked_grams(spelling: Spelling) -> dict[str, float]:
    """Return the features of what somebody says, and how often each occurs, weighted."""
    return _letters(spelling.folded) | (
        _words(spelling.exact, "^", "~") if spelling.is_accented else _words(spelling.folded, "=", "+")
    )


def learnt_grams(spelling: Spelling) -> dict[str, float]:
    """Return the features of a phrase to learn: with accents and without, since it may be asked for in both ways."""
    both = _words(spelling.folded, "=", "+") | _words(spelling.exact, "^", "~")
    return _letters(spelling.folded) | both


def _letters(folded: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for word in folded.split():
        bordered = f" {word} "
        for size in LETTERS:
            for at in range(len(bordered) - size + 1):
                counts[bordered[at : at + size]] += 1
    return {piece: LETTERS_WEIGHT * count for piece, count in counts.items()}


def _words(text: str, word_sign: str, pair_sign: str) -> dict[str, float]:
    words = text.split()
    counts = Counter(f"{word_sign}{word}" for word in words)
    counts.update(f"{pair_sign}{first} {second}" for first, second in pairwise(words))
    return {name: float(count) for name, count in counts.items()}
