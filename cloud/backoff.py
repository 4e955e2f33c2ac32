"""How long to wait before something that failed is tried again. Pure; `spread` in 0..1 keeps many apart."""

from typing import Final

_MOST_DOUBLINGS: Final = 20


def wait_ms(failures: int, first_ms: int, longest_ms: int, spread: float) -> int:
    """Return the pause after so many failures before this one: twice as long each time, and up to a quarter more."""
    pause_ms = min(first_ms << min(failures, _MOST_DOUBLINGS), longest_ms)
    return pause_ms + int(pause_ms * spread / 4)
