"""Vietnamese as it is typed, brought to one spelling: no accents, no case, no punctuation, no long numbers.

`fold("Tôi muốn ĐÓNG tiền điện!")`, `fold("toi muon dong tien dien")` and `fold("ddongs tieenf ddieenj")` end in the same
words. Accents are taken off by Unicode's canonical decomposition (UAX 15, NFD) and đ by hand, since it has none. What a
keyboard left behind (Telex letters, VNI digits) is taken off only where a syllable that Vietnamese can have comes out.
Numbers of four digits and more are left out: they say who somebody is, never what is wanted.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from edge.guide.spelling import KEPT, SHORT, SPOKEN

MAX_TEXT: Final = 400
"""Characters that are looked at: half a minute of speech."""
MAX_WORD: Final = 24
"""Characters of a word that are looked at: no word is longer, but a sleeve on the keyboard is."""
ACCENTED_SHARE: Final = 0.4
"""Of the words of a text, from which on its writer puts accents; three in four words of written Vietnamese have one."""

_WORD: Final = re.compile(r"[^\W_]+")
_LONG_NUMBER: Final = re.compile(r"\d[\d .\-]{2,}\d")
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(?:uye|uyu|uya|uoi|uou|uay|oai|oay|oao|oeo|ieu|yeu"
    r"|a[iouy]?|e[ou]?|i[aeu]?|o[aei]?|u[aeiouy]?|y[e]?)"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_TELEX_MARKS: Final = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("w", ""))
_TELEX_TONE: Final = re.compile(r"[sfrxj]$")
"""At the end, where it is typed; within a word it would make a "tài" of a "taxi"."""
_DIGITS: Final = re.compile(r"\d")
_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""Grave, acute, tilde, hook above, dot below."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The words of a text, folded, and as they are accented; both separated by one space.

    `exact` writes the tone behind its word, since "hoá" and "hóa" are the same. `is_accented` False: its writer puts no
    accents, and `exact` tells no more than `folded`.
    """

    folded: str = field(repr=False)
    exact: str = field(repr=False)
    is_accented: bool


def spell(text: str) -> Spelling:
    """Return the words of `text` (its first MAX_TEXT characters)."""
    lowered = unicodedata.normalize("NFC", text[:MAX_TEXT]).lower()
    typed = [word[:MAX_WORD] for word in _WORD.findall(_LONG_NUMBER.sub(" ", lowered))]
    words = " ".join(map(written_out, typed)).split()
    accented = sum(not word.isascii() for word in typed)
    return Spelling(
        folded=" ".join(map(_without_accents, words)),
        exact=" ".join(map(_exact, words)),
        is_accented=accented > 0 and accented >= ACCENTED_SHARE * len(typed),
    )


def fold(text: str) -> str:
    """Return the folded words of `text` alone."""
    return spell(text).folded


def is_syllable(word: str) -> bool:
    """Tell whether Vietnamese can have the folded syllable `word`."""
    return _SYLLABLE.fullmatch(word) is not None


def written_out(word: str) -> str:
    """Return the word, or words, that lower-case `word` stands for."""
    known = SPOKEN.get(word) or SHORT.get(word)
    if known is not None:
        return known
    word = _RUN.sub(r"\1", word)
    plain = _without_keys(_without_accents(word))
    return SHORT.get(plain, plain if word.isascii() else word)


def _without_accents(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).replace("đ", "d")


def _exact(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in decomposed if letter in _TONES)
    return "".join(letter for letter in decomposed if letter not in _TONES) + tones


def _without_keys(word: str) -> str:
    """Return the syllable that a Telex or VNI keyboard meant by `word`, or `word` when there is none."""
    if word in KEPT or is_syllable(word):
        return word
    for candidate in (_DIGITS.sub("", word), _without_telex(word)):
        if is_syllable(candidate):
            return candidate
    return word


def _without_telex(word: str) -> str:
    for typed, meant in _TELEX_MARKS:
        word = word.replace(typed, meant)
    return _TELEX_TONE.sub("", word)
