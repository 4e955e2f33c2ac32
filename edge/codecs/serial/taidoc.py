"""TaiDoc's meters on a cable: glucose (TD-42xx) and blood pressure (TD-31xx), asked for their newest record.

The meter measures on its own and keeps what it measured; the station asks once a second what the newest record is. Told is
only what was certainly measured since `begin`: a record that was not there when the meter was asked after `begin`, or one
that is younger, by the meter's own clock, than the time since `begin`.

Published (glucometer-protocols, "TaiDoc TD-42xx"; FORA's and other readers): 19200 8N1, one question at a time, commands 22
connect (answered by 22, 24 or 54), 24 model, 23 and 33 read and set the time, 2B number of records, 25 and 26 time and value
of record n, 0 being the newest. Two bytes of the model are its digits, low byte first.
Assumed: TD-31xx on a cable uses the same frames at the same rate (published for its radio), and record 0 of user 0 is the
newest of any user; a meter that is asleep answers nothing.
"""

from collections import deque
from typing import Final

from edge.codecs.instrument import (
    About,
    Damage,
    DeviceTime,
    InstrumentEvent,
    Live,
)
from edge.codecs.serial.protocol import Traits
from edge.codecs.serial.taidoc_frames import Frame, FrameCutter, decode_time, encode, encode_time, minutes
from edge.codecs.serial.taidoc_record import Record, is_newer, is_older, read
from wire.entries import VitalKind

CONNECT: Final = 0x22
CLOCK: Final = 0x23
MODEL: Final = 0x24
STAMP: Final = 0x25
VALUE: Final = 0x26
COUNT: Final = 0x2B
SET_CLOCK: Final = 0x33
_CONNECTED: Final = frozenset({CONNECT, MODEL, 0x54})

ANSWER_MS: Final = 500
"""A meter answers within some ten milliseconds; without an answer the round is given up."""
ROUND_MS: Final = 1_000
IDLE_ROUND_MS: Final = 15_000
"""While nobody measures it is asked now and then, to know what it held before."""
MAX_MISSES: Final = 3
"""After so many rounds without an answer it may be another meter that answers next."""
MAX_CLOCK_ERROR_MINUTES: Final = 2


class Taidoc:
    """One meter that measures `kind` (edge.codecs.serial.protocol.SerialProtocol)."""

    def __init__(self, kind: VitalKind) -> None:
        self.traits: Final = Traits(
            baud=19_200, kinds=frozenset({kind}), patience_ms=30_000, quiet_ms=30_000, sleeps=True
        )
        self.frames = 0
        self.next_poll_ms = 0
        self._kind = kind
        self._cutter = FrameCutter()
        self._questions: deque[int] = deque()
        self._asked: int | None = None
        self._polled_ms = 0
        self._misses = 0
        self._is_model_known = False
        self._clock: Frame | None = None
        self._clock_ms = 0
        self._wall_minutes: int | None = None
        self._count = 0
        self._stamp: Frame | None = None
        self._newest: Record | None = None
        self._begun_ms: int | None = None
        self._is_heard_since = False

    def open(self, now_ms: int) -> bytes:
        """Start a new round; it may be another meter."""
        self._cutter = FrameCutter()
        self._is_model_known = False
        self._is_heard_since = False
        self._leave_round(now_ms)
        return b""

    def begin(self, kind: VitalKind, since_ms: int) -> bytes:
        """Ask at once what the meter holds already; a round under way began too early and is left."""
        del kind
        self._begun_ms = since_ms
        self._is_heard_since = False
        self._leave_round(since_ms)
        return b""

    def cancel(self, kind: VitalKind) -> bytes:
        """Go on asking, tell nothing."""
        del kind
        self._begun_ms = None
        return b""

    def poll(self, now_ms: int, wall: DeviceTime) -> bytes:
        """Return the next question when it is time for one."""
        if now_ms < self.next_poll_ms:
            return b""
        self._polled_ms = now_ms
        if self._asked is not None:
            self._miss(now_ms)
            return b""
        if not self._questions:
            self._questions.extend(
                (CONNECT, CLOCK, COUNT) if self._is_model_known else (CONNECT, MODEL, CLOCK, COUNT)
            )
        self._asked = self._questions.popleft()
        self.next_poll_ms = now_ms + ANSWER_MS
        if self._asked == CLOCK:
            self._clock_ms, self._wall_minutes = now_ms, minutes(wall)
        return encode(self._asked, encode_time(wall) if self._asked == SET_CLOCK else bytes(4))

    def feed(self, data: bytes) -> list[InstrumentEvent]:
        """Take the next bytes and return what they complete."""
        events: list[InstrumentEvent] = []
        for piece in self._cutter.feed(data):
            if isinstance(piece, Damage):
                events.append(piece)
            else:
                self.frames += 1
                events += self._hear(piece)
        return events

    def _leave_round(self, next_ms: int) -> None:
        self._asked = None
        self._questions.clear()
        self.next_poll_ms = next_ms

    def _miss(self, now_ms: int) -> None:
        self._misses += 1
        if self._misses >= MAX_MISSES:
            self._is_heard_since = False
            self._is_model_known = False
        self._leave_round(now_ms + self._pause_ms)

    @property
    def _pause_ms(self) -> int:
        return IDLE_ROUND_MS if self._begun_ms is None else ROUND_MS

    def _hear(self, frame: Frame) -> list[InstrumentEvent]:
        """Take the answer to what was asked; anything else is late or of the meter's own accord."""
        asked = self._asked
        if asked is None or frame.command not in (_CONNECTED if asked == CONNECT else {asked}):
            return []
        self._asked = None
        self._misses = 0
        events = self._take(asked, frame)
        self.next_poll_ms = 0 if self._questions else self._polled_ms + self._pause_ms
        return events

    def _take(self, asked: int, frame: Frame) -> list[InstrumentEvent]:
        if asked == MODEL:
            self._is_model_known = True
            return [About(manufacturer="TaiDoc", model=f"TD-{frame.data[1]:02X}{frame.data[0]:02X}")]
        if asked == COUNT:
            return self._count_records(int.from_bytes(frame.data[:2], "little"))
        if asked == CLOCK:
            self._clock = frame
        elif asked == STAMP:
            self._stamp = frame
        elif asked == VALUE and self._stamp is not None:
            return self._conclude(Record(self._count, self._stamp, frame))
        return []

    def _count_records(self, count: int) -> list[InstrumentEvent]:
        self._count = count
        if count:
            self._questions.extend((STAMP, VALUE))
        if self._is_clock_wrong():
            self._questions.append(SET_CLOCK)
        return [] if count else self._conclude(None)

    def _conclude(self, record: Record | None) -> list[InstrumentEvent]:
        """Return what the newest record means for the person who sits there now."""
        known, self._newest = self._newest, record
        if self._begun_ms is None or self._clock is None:
            return []
        was_heard, self._is_heard_since = self._is_heard_since, True
        elapsed_ms = self._clock_ms - self._begun_ms
        told: list[InstrumentEvent] = []
        if record is not None and record != known:
            is_ours = (
                not is_older(record, self._clock, elapsed_ms)
                if was_heard
                else is_newer(record, self._clock, elapsed_ms)
            )
            told = read(self._kind, record) if is_ours else []
        if told:
            self._begun_ms = None
        return told or [Live(self._kind)]

    def _is_clock_wrong(self) -> bool:
        at = None if self._clock is None else decode_time(self._clock.data)
        shown = None if at is None else minutes(at)
        if self._wall_minutes is None:
            return False
        return shown is None or abs(shown - self._wall_minutes) > MAX_CLOCK_ERROR_MINUTES
