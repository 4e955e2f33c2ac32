"""A height rod on a pty: says a line with the height, or with the range from where it is mounted, 7.5 times a second."""

from pathlib import Path
from typing import Final

from tests.fakes.instruments.pty import PtyInstrument, Vitals

LINE_S: Final = 1 / 7.5
NOTHING_SEEN_MM: Final = 5_000
GREETING: Final = (
    b"HRXL-MaxSonar-WR\rPN:MB7360\rCopyright 2011-2013\rMaxBotix Inc.\rRoHS 1.8b090  0713\rTempI\r"
)


class VirtualHeightRod(PtyInstrument):
    """With `mounting_mm` the line is the range from there, without it the height."""

    def __init__(
        self,
        path: Path | str,
        person: Vitals | None = None,
        *,
        mounting_mm: int | None = None,
        pace: float = 1.0,
    ) -> None:
        super().__init__(path, person, pace=pace)
        self.mounting_mm = mounting_mm

    def _start(self) -> None:
        self.say(GREETING)
        self._every("lines", LINE_S, lambda: self.say(self.line()))

    def line(self) -> bytes:
        height = self.person.height_mm
        if not self.person.is_there:
            return b"R%04d\r" % NOTHING_SEEN_MM
        return b"R%04d\r" % (height if self.mounting_mm is None else self.mounting_mm - height)
