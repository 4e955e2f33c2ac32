"""The tracking code: what a station prints for a person, before anybody else knows of the request.

Twelve characters in three groups (`K7QM-3VXP-2HFD`) of 31 that nobody confuses by eye or ear: no I, L, O, 0, 1. Eleven of
them carry the station (as 6 digits to base 31 of a hash of its id) and its own running number (5 digits), scrambled so
that neighbours look different; the twelfth is a check. 31 is prime and the weights differ, so every single wrong character
and every exchange of two, neighbours or not, is noticed.

A code is no secret: it can be guessed, finds a request, and shows of it no more than its state. Who wants to change something
shows a word that stands on the receipt beside it; what travels and is kept is a proof of it, never the word.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from wire.errors import IdError
from wire.ids import require_station

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TRACKING_PATTERN: Final = rf"^[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}$"
NUMBERS: Final = 31**5
"""A station has so many: one a minute for 54 years."""

FIRST_DAY_MS: Final = 1_767_225_600_000
"""2026-01-01 00:00 UTC, from which `next_number` counts minutes."""

MAX_TYPED_LENGTH: Final = 40

WORD_LENGTH: Final = 6
"""31^6 words: who tries ten in five minutes needs eight centuries."""

_BASE: Final = len(ALPHABET)
_STATION_PARTS: Final = 31**6
_ALL: Final = NUMBERS * _STATION_PARTS
_LENGTH: Final = 12
_MINUTE_MS: Final = 60_000
_SCRAMBLE: Final = 13_497_916_348_352_689
"""Coprime to 31, so that multiplying by it modulo 31^11 moves every code to a place of its own."""

_UNSCRAMBLE: Final = pow(_SCRAMBLE, -1, _ALL)
_DIGITS: Final = {character: digit for digit, character in enumerate(ALPHABET)}


def tracking_code(station: str, number: int) -> str:
    """Return the code of a station's running number, 0 to NUMBERS - 1; IdError for anything else."""
    if not 0 <= number < NUMBERS:
        raise IdError(f"tracking number: 0 to {NUMBERS - 1}")
    value = (station_part(station) * NUMBERS + number) * _SCRAMBLE % _ALL
    digits: list[int] = []
    for _ in range(_LENGTH - 1):
        value, digit = divmod(value, _BASE)
        digits.append(digit)
    digits.append(_check(digits))
    text = "".join(ALPHABET[digit] for digit in digits)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def next_number(last: int | None, at_ms: int) -> int:
    """Return the number after `last`; a station that has lost it goes on from the minute that its clock shows.

    So a station that was set up anew gives out no code again, unless it gave out more than one a minute all its life.
    """
    minute = max(0, (at_ms - FIRST_DAY_MS) // _MINUTE_MS)
    return minute % NUMBERS if last is None else max(last + 1, minute) % NUMBERS


def read_tracking(typed: str) -> str | None:
    """Return the code in its one form, from what somebody typed or scanned; None when it is none, or mistyped."""
    if len(typed) > MAX_TYPED_LENGTH:
        return None
    text = _squeezed(typed)
    if len(text) != _LENGTH or any(character not in _DIGITS for character in text):
        return None
    digits = [_DIGITS[character] for character in text]
    if _check(digits[:-1]) != digits[-1]:
        return None
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


class Receipt(NamedTuple):
    """What stands on a receipt; `word` is empty when somebody typed the code alone."""

    code: str
    word: str = ""

    def __repr__(self) -> str:
        """Tell everything but the word."""
        return f"Receipt({self.code!r})"


def receipt_text(receipt: Receipt) -> str:
    """Return what the receipt's QR code holds."""
    return f"{receipt.code}/{receipt.word}" if receipt.word else receipt.code


def read_receipt(typed: str) -> Receipt | None:
    """Return what somebody typed or scanned; None when it is none, or mistyped."""
    first, _, second = typed.partition("/")
    code, word = read_tracking(first), read_word(second)
    if code is None or (word is None and second.strip()):
        return None
    return Receipt(code, word or "")


def read_word(typed: str) -> str | None:
    """Return the word in its one form; None when it is none."""
    if len(typed) > MAX_TYPED_LENGTH:
        return None
    text = _squeezed(typed)
    return text if len(text) == WORD_LENGTH and _DIGITS.keys() >= set(text) else None


def proof_of(receipt: Receipt) -> str:
    """Return what proves to the centre that somebody holds the receipt: a SHA-256 in hex, of code and word."""
    return hashlib.sha256(f"tcds-receipt:{receipt.code}:{receipt.word}".encode("ascii")).hexdigest()


def parts_of(code: str) -> tuple[int, int]:
    """Return the station part and the running number of a code; IdError when it is none."""
    if read_tracking(code) is None:
        raise IdError("tracking code: mistyped, or none at all")
    value = 0
    for character in reversed(code.replace("-", "")[:-1]):
        value = value * _BASE + _DIGITS[character]
    return divmod(value * _UNSCRAMBLE % _ALL, NUMBERS)


def station_part(station: str) -> int:
    """Return what stands for a station in its codes: 0 to 31^6 - 1, by SHA-256 of its id."""
    digest = hashlib.sha256(require_station(station).encode("ascii")).digest()
    return int.from_bytes(digest[:16]) % _STATION_PARTS


def clashing(stations: Iterable[str]) -> list[tuple[str, ...]]:
    """Return groups of stations that would give out the same codes; whoever enrols a station must find none.

    Among 10,000 stations there is such a pair with a chance of one in twenty.
    """
    by_part: defaultdict[int, set[str]] = defaultdict(set)
    for station in stations:
        by_part[station_part(station)].add(station)
    return sorted(tuple(sorted(group)) for group in by_part.values() if len(group) > 1)


def _squeezed(typed: str) -> str:
    """Return what was typed in capitals and without what people put between groups."""
    return "".join(character for character in typed.upper() if character not in " -.\t\n")


def _check(digits: list[int]) -> int:
    """Return the digit that brings the weighted sum to a multiple of 31: weights 1 to 11, and 30 for itself."""
    return sum(weight * digit for weight, digit in enumerate(digits, 1)) % _BASE
