"""Leaves a far end alone that fails again and again. Pure; seconds are those of any steady clock."""

from typing import Final

FAILURES: Final = 3
"""In a row; then nobody waits for it any more."""
REST_S: Final = 60.0
"""Then one try; if that fails too, as long again."""


class Breaker:
    """Closed at first; open for REST_S after FAILURES in a row."""

    def __init__(self) -> None:
        self._failures = 0
        self._open_until_s = 0.0

    def may_try(self, now_s: float) -> bool:
        """Tell whether the far end may be asked."""
        return self._failures < FAILURES or now_s >= self._open_until_s

    def failed(self, now_s: float) -> None:
        """Count a failure."""
        self._failures += 1
        if self._failures >= FAILURES:
            self._open_until_s = now_s + REST_S

    def succeeded(self) -> None:
        """Forget the failures."""
        self._failures = 0
