"""What a status word means while an access key is tried (ICAO Doc 9303-11, 4.3.4.2 and 4.4.4; ISO/IEC 7816-4:2020, table 6)."""

from typing import Final, NoReturn

from edge.idcard.errors import BlockedError, RefusedError, WrongKeyError

NO_TRIES_LEFT: Final = 0x63C0

_BLOCKED: Final = frozenset({NO_TRIES_LEFT, 0x6983, 0x6984})
_WRONG_KEY: Final = frozenset({0x6982, 0x6985, 0x6988, 0x6A80})
"""Security status not satisfied, conditions not satisfied, wrong data object, wrong data: cards differ in what they say."""
_VERIFICATION_FAILED: Final = 0x63


def raise_for_key(sw: int, doing: str) -> NoReturn:
    """Raise for the refusal of the step in which the chip sees whether the key is right."""
    if sw not in _BLOCKED and (sw >> 8 == _VERIFICATION_FAILED or sw in _WRONG_KEY):
        raise WrongKeyError
    raise_for_blocked(sw, doing)


def raise_for_blocked(sw: int, doing: str) -> NoReturn:
    """Raise for the refusal of a step that does not depend on the key."""
    if sw in _BLOCKED:
        raise BlockedError
    raise RefusedError(doing, sw)
