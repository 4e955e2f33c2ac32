"""A PM6750 on a pty: silent until it is switched on, inflates, measures, and keeps its last values.

Frames are made from the maker's protocol paper, independently of the codec.
"""

from pathlib import Path
from typing import Final

from tests.fakes.instruments.pty import PtyInstrument, Vitals, pleth

PLETH_S: Final = 1 / 50
CUFF_S: Final = 1 / 2
PUMP_MMHG: Final = 14
"""More in the cuff at each frame while it pumps, and less (by `BLEED_MMHG`) while it measures."""
BLEED_MMHG: Final = 4
FIRST_MMHG: Final = 150

MEASURING: Final = 1
FINISHED: Final = 0
STOPPED: Final = 2
TOO_HIGH: Final = 3
LOOSE: Final = 4
DISTURBED: Final = 7
NO_RESULT: Final = 8
INITIALISING: Final = 9


def frame(*data: int) -> bytes:
    """55 AA, length, data, inverted sum."""
    length = len(data) + 2
    checksum = 255 - (length + sum(data)) % 256
    return bytes((0x55, 0xAA, length, *data, checksum))


class VirtualPm6750(PtyInstrument):
    """`cuff_mmhg` is what the person's arm feels; `inflations` counts starts; a `pace` below 1 hurries the cuff."""

    def __init__(self, path: Path | str, person: Vitals | None = None, *, pace: float = 1.0) -> None:
        super().__init__(path, person, pace=pace)
        self.cuff_mmhg = 0
        self.inflations = 0
        self.commands: list[tuple[int, int]] = []
        self.probe_plugged = True
        self.repeats_result = False
        """Goes on telling its last values while nothing is measured."""
        self.ignores_stop = False
        self.is_cuff_mute = False
        """Never says anything of its cuff."""
        self._last: tuple[int, int, int] = (0, 0, 0)
        self._on: dict[int, bool] = {}
        self._is_pumping = False
        self._phase = 0.0
        self._ticks = 0
        self._unread = b""

    @property
    def is_measuring(self) -> bool:
        return "cuff" in self._timers

    def finger_out(self) -> None:
        self.person.finger_in = False

    def _start(self) -> None:
        self._on = {}
        self.cuff_mmhg = 0
        self._unread = b""
        self._every("streams", PLETH_S, self._stream)
        if self.repeats_result:
            self._every("result", CUFF_S, self._repeat_result)

    def _hear(self, data: bytes) -> None:
        self._unread += data
        while len(self._unread) >= 6:
            raw, self._unread = self._unread[:6], self._unread[6:]
            assert raw == frame(raw[3], raw[4]), f"no command: {raw.hex()}"
            self.commands.append((raw[3], raw[4]))
            self._obey(raw[3], raw[4])

    def _obey(self, command: int, value: int) -> None:
        if command == 0x02:
            self._begin() if value else self._end()
        elif command == 0xFC:
            self.say(frame(0xFC, *b"V3.2"))
        else:
            self._on[command] = bool(value)

    def _stream(self) -> None:
        self._ticks += 1
        self._phase = (self._phase + self.person.pulse_bpm / 60 * PLETH_S) % 1
        if self._on.get(0xFE) and self._on.get(0x03):
            height = round(100 * pleth(self._phase)) if self._sees_pulse() else 0
            self.say(frame(0xFE, height))
        if self._ticks % 50 == 15:
            self._tell_numbers()

    def _sees_pulse(self) -> bool:
        return self.probe_plugged and self.person.finger_in and self.person.has_pulse

    def _tell_numbers(self) -> None:
        person = self.person
        if self._on.get(0x03):
            status = (
                1 if not self.probe_plugged else 2 if not person.finger_in else 0 if person.has_pulse else 3
            )
            values = (person.oxygen_percent, person.pulse_bpm) if status == 0 else (127, 255)
            self.say(frame(0x04, status, *values))
        if self._on.get(0x04):
            tenths = round(person.temperature_c * 10)
            self.say(frame(0x05, 0x02, tenths // 10, tenths % 10, 0, 0))

    def _begin(self) -> None:
        self.inflations += 1
        self._is_pumping = True
        self._stop("result")
        self._tell_cuff(INITIALISING)
        self._every("cuff", CUFF_S * self.pace, self._pump)

    def _end(self) -> None:
        if self.is_measuring and not self.ignores_stop:
            self._finish(STOPPED)

    def _pump(self) -> None:
        if self._is_pumping:
            self.cuff_mmhg += PUMP_MMHG if self.person.cuff_on else 1
            self._is_pumping = self.cuff_mmhg < max(FIRST_MMHG, self.person.systolic_mmhg + 30)
        else:
            self.cuff_mmhg -= BLEED_MMHG
        if not self.person.cuff_on and self.cuff_mmhg > 8:
            self._finish(LOOSE)
        elif self.cuff_mmhg > 300:
            self._finish(TOO_HIGH)
        elif not self._is_pumping and self.person.moves:
            self._finish(DISTURBED)
        elif not self._is_pumping and self.cuff_mmhg < self.person.diastolic_mmhg - 20:
            self._finish(FINISHED if self.person.has_pulse else NO_RESULT)
        else:
            self._tell_cuff(MEASURING)

    def _finish(self, state: int) -> None:
        self._stop("cuff")
        self.cuff_mmhg = 0
        person = self.person
        if state == FINISHED:
            self._last = (person.systolic_mmhg, person.mean_mmhg, person.diastolic_mmhg)
        self._tell_cuff(state, self._last if state == FINISHED else (0, 0, 0))
        if self.repeats_result:
            self._every("result", CUFF_S, self._repeat_result)

    def _repeat_result(self) -> None:
        self._tell_cuff(FINISHED, self._last)

    def _tell_cuff(self, state: int, values: tuple[int, int, int] = (0, 0, 0)) -> None:
        if not self.is_cuff_mute:
            self.say(frame(0x03, state << 2, self.cuff_mmhg // 2, *values))
