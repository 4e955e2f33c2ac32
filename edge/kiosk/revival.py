"""When a silent screen is started anew: at once, then ever more rarely until it has lived for a while. Pure."""

from typing import Final

from edge.supervise import Backoff

PATIENCE: Final = Backoff(first_s=30.0, limit_s=600.0, jitter=0.0, healthy_after_s=60.0)
"""A browser needs half a minute to show its page; what a restart does not mend is not mended by many."""


class Revival:
    """Counts the restarts of a screen that does not come back; `tries` since it last lived for a while."""

    def __init__(self, patience: Backoff = PATIENCE) -> None:
        self._patience = patience
        self._lives_since_ms: int | None = None
        self._next_ms = 0
        self.tries = 0

    def lives(self, now_ms: int) -> None:
        """Take a sign of life; a page that dies again soon is no recovery."""
        if self._lives_since_ms is None:
            self._lives_since_ms = now_ms
        if now_ms - self._lives_since_ms >= self._patience.healthy_after_s * 1000:
            self.tries = 0

    def is_due(self, now_ms: int) -> bool:
        """Tell whether the screen, silent now, is to be restarted; True counts as done."""
        self._lives_since_ms = None
        if self.tries and now_ms < self._next_ms:
            return False
        self.tries += 1
        self._next_ms = now_ms + round(self._patience.wait_s(self.tries, 0.0) * 1000)
        return True
