"""TaiDoc's meters on a pty: they measure by themselves, keep what they measured, and answer questions while awake."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.fakes.instruments.pty import PtyInstrument, Vitals


def frame(command: int, data: bytes = bytes(4), direction: int = 0xA5) -> bytes:
    body = bytes((0x51, command, *data, direction))
    return body + bytes((sum(body) % 256,))


def packed(at: datetime) -> bytes:
    """Return date and time as the meters have them."""
    date = (at.year - 2000) << 9 | at.month << 5 | at.day
    return bytes((date & 0xFF, date >> 8, at.minute, at.hour))


class VirtualTaidoc(PtyInstrument):
    """A glucose meter, or with `is_cuff` a blood pressure meter; `measure` is what the person does with it."""

    def __init__(
        self, path: Path | str, person: Vitals | None = None, *, is_cuff: bool = False, pace: float = 1.0
    ) -> None:
        super().__init__(path, person, pace=pace)
        self.is_cuff = is_cuff
        self.is_awake = True
        self.clock_error = timedelta()
        self.records: list[tuple[bytes, bytes]] = []
        """Time and value, oldest first."""
        self.questions: list[int] = []
        self._unread = b""

    @property
    def clock(self) -> datetime:
        return datetime.now() + self.clock_error  # noqa: DTZ005  # a meter knows no zone

    def measure(self, *, ago: timedelta = timedelta(), control: bool = False, error: int = 0) -> None:
        """Measure the person; the record may be of some time ago, of a control solution, or an error."""
        stamp = bytearray(packed(self.clock - ago))
        person = self.person
        if not self.is_cuff:
            meal = 0xC0 if control else 0x00
            self.records.append((bytes(stamp), person.glucose_mg_dl.to_bytes(2, "little") + bytes((0, meal))))
            return
        stamp[2] |= 0x80 | (0x40 if person.has_arrhythmia else 0)
        pulse = error or person.pulse_bpm
        value = bytes((person.systolic_mmhg, person.mean_mmhg, person.diastolic_mmhg, pulse))
        self.records.append((bytes(stamp), value))

    def _start(self) -> None:
        self._unread = b""

    def _hear(self, data: bytes) -> None:
        self._unread += data
        while len(self._unread) >= 8:
            raw, self._unread = self._unread[:8], self._unread[8:]
            assert raw == frame(raw[1], raw[2:6], 0xA3), f"no question: {raw.hex()}"
            self.questions.append(raw[1])
            if self.is_awake:
                self._answer(raw[1], raw[2:6])

    def _answer(self, command: int, data: bytes) -> None:
        answers = {
            0x22: bytes(4),
            0x23: packed(self.clock),
            0x24: bytes((0x28, 0x31, 0, 0)) if self.is_cuff else bytes((0x77, 0x42, 0, 0)),
            0x2B: len(self.records).to_bytes(2, "little") + b"\xff\xff",
        }
        number = int.from_bytes(data[:2], "little")
        if command in {0x25, 0x26} and number < len(self.records):
            answers[command] = self.records[-1 - number][command - 0x25]
        if command == 0x33:
            self._set_clock(data)
            answers[command] = data
        if command in answers:
            self.say(frame(command, answers[command]))

    def _set_clock(self, data: bytes) -> None:
        date = int.from_bytes(data[:2], "little")
        told = datetime(2000 + (date >> 9), date >> 5 & 15, date & 31, data[3], data[2])  # noqa: DTZ001  # as above
        self.clock_error = told - datetime.now()  # noqa: DTZ005  # as above
