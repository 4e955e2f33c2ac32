"""The running number behind each tracking code: on disk before the code is given out, so that none is given out twice.

One small file beside the journal holds the last number. Whoever loses it goes on from the minute that the clock shows
(wire.tracking.next_number), far beyond every number of a station that gives out fewer than one a minute.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from edge.logs import Log
from edge.services.disk import replace_durably
from edge.services.errors import NumbersError
from wire.tracking import NUMBERS, next_number, tracking_code

MAX_FILE_BYTES: Final = 64
_log: Final = Log(__name__)


class Numbers:
    """Gives out tracking codes of one station; `wall_ms` is its clock. Blocking, and safe from any thread."""

    def __init__(self, path: Path, station: str, wall_ms: Callable[[], int]) -> None:
        self._path = path
        self._station = station
        self._wall_ms = wall_ms
        self._turn = Lock()

    def mint(self) -> str:
        """Return a code that was never given out; NumbersError when the disk does not take its number."""
        with self._turn:
            try:
                number = next_number(self._last(), self._wall_ms())
                replace_durably(self._path, b"%d\n" % number)
            except OSError as error:
                raise NumbersError(f"{self._path.name}: {error.strerror or 'cannot be written'}") from error
            return tracking_code(self._station, number)

    def _last(self) -> int | None:
        """Return the number that was given out last; None when there is none, or none that can be read."""
        try:
            with self._path.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        text = content.strip()
        if text.isdigit() and len(content) <= MAX_FILE_BYTES and int(text) < NUMBERS:
            return int(text)
        self._path.replace(self._path.with_suffix(".damaged"))
        _log.error("last tracking number damaged, moved aside")
        return None
