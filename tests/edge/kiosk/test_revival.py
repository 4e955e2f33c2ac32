"""How often a screen that does not come back is started anew, by a clock that the test holds."""

from itertools import pairwise

from edge.kiosk.revival import PATIENCE, Revival
from edge.supervise import Backoff

STEP_MS = 1000
HOUR_S = 3600


def _restarts(revival: Revival, seconds: range) -> list[int]:
    """Return the seconds at which a screen that is silent all the time is restarted."""
    return [second for second in seconds if revival.is_due(second * STEP_MS)]


def test_a_silent_screen_is_restarted_at_once_and_then_ever_more_rarely() -> None:
    assert _restarts(Revival(), range(700)) == [0, 30, 90, 210, 450]


def test_a_screen_that_never_comes_back_is_tried_every_ten_minutes_for_ever() -> None:
    tried = _restarts(Revival(), range(4 * HOUR_S))
    gaps = [after - before for before, after in pairwise(tried)]
    assert gaps[-5:] == [PATIENCE.limit_s] * 5


def test_a_screen_that_lived_for_a_minute_is_restarted_at_once_again() -> None:
    revival = Revival()
    assert len(_restarts(revival, range(300))) == 4
    for second in range(300, 361, 5):
        revival.lives(second * STEP_MS)
    assert revival.tries == 0
    assert _restarts(revival, range(391, 393)) == [391]


def test_a_screen_that_only_shows_up_and_dies_again_is_no_recovery() -> None:
    revival = Revival(Backoff(first_s=30, limit_s=600, jitter=0, healthy_after_s=60))
    tried = []
    for second in range(1200):
        if second % 100 == 99:
            revival.lives(second * STEP_MS)
        elif revival.is_due(second * STEP_MS):
            tried.append(second)
    assert tried == [0, 30, 90, 210, 450, 930]
