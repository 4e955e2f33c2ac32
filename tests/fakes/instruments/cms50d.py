"""Contec's finger oximeters on a pty, with both firmwares. Frames are made from Contec's protocol papers."""

from pathlib import Path
from typing import Final

from tests.fakes.instruments.pty import PtyInstrument, Vitals, pleth

FRAME_S: Final = 1 / 60
LISTENER_S: Final = 10.0
"""Firmware 4.6 stops when it has not been told for so long that somebody listens."""


class _Oximeter(PtyInstrument):
    def __init__(self, path: Path | str, person: Vitals | None = None, *, pace: float = 1.0) -> None:
        super().__init__(path, person, pace=pace)
        self.is_on = True
        self.signal = 7
        self._phase = 0.0

    def switch_off(self) -> None:
        """As it does by itself some seconds after the finger has gone."""
        self.is_on = False

    def switch_on(self) -> None:
        self.is_on = True

    def finger_out(self) -> None:
        self.person.finger_in = False

    def _advance(self) -> float:
        self._phase = (self._phase + self.person.pulse_bpm / 60 * FRAME_S) % 1
        return pleth(self._phase) if self._sees_pulse() else 0.0

    def _sees_pulse(self) -> bool:
        return self.person.finger_in and self.person.has_pulse


class VirtualCms50d(_Oximeter):
    """Old firmware: streams whenever it is switched on."""

    def _start(self) -> None:
        self._every("stream", FRAME_S, self._stream)

    def _stream(self) -> None:
        if self.is_on:
            self.say(self.frame(round(127 * self._advance())))

    def frame(self, sample: int) -> bytes:
        person = self.person
        pulse, oxygen = (person.pulse_bpm, person.oxygen_percent) if self._sees_pulse() else (0, 0)
        first = 0x80 | (self.signal if person.finger_in else 0) | (0 if person.finger_in else 0x10)
        third = (0x20 if person.finger_in and not person.has_pulse else 0) | (pulse & 0x80) >> 1
        return bytes((first, sample, third, pulse & 0x7F, oxygen))


class VirtualCms50dV46(_Oximeter):
    """Firmware 4.6: streams when asked to, as long as somebody says that they listen."""

    def __init__(self, path: Path | str, person: Vitals | None = None, *, pace: float = 1.0) -> None:
        super().__init__(path, person, pace=pace)
        self.commands: list[int] = []
        self.is_streaming = False
        self._listener_s = 0.0
        self._unread = b""

    def switch_off(self) -> None:
        super().switch_off()
        self.is_streaming = False

    def _start(self) -> None:
        self.is_streaming = False
        self._unread = b""
        self._every("stream", FRAME_S, self._stream)

    def _hear(self, data: bytes) -> None:
        self._unread += data
        while len(self._unread) >= 9:
            raw, self._unread = self._unread[:9], self._unread[9:]
            assert raw[:2] == b"\x7d\x81", f"no command: {raw.hex()}"
            assert raw[3:] == b"\x80" * 6, f"no command: {raw.hex()}"
            if self.is_on:
                self._obey(raw[2])

    def _obey(self, command: int) -> None:
        self.commands.append(command)
        self._listener_s = self._loop.time()
        if command in {0xA1, 0xA2}:
            self.is_streaming = command == 0xA1

    def _stream(self) -> None:
        if self._loop.time() - self._listener_s > LISTENER_S * self.pace:
            self.is_streaming = False
        if self.is_streaming:
            self.say(self.frame(round(127 * self._advance())))

    def frame(self, sample: int) -> bytes:
        person = self.person
        seen = self._sees_pulse()
        data = (
            (self.signal if person.finger_in else 0) | (0 if person.finger_in else 0x80),
            sample | (0x80 if person.finger_in and not person.has_pulse else 0),
            sample // 9 | 0x10,
            person.pulse_bpm if seen else 0xFF,
            person.oxygen_percent if seen else 0x7F,
            0x20,
            0x03,
        )
        highs = sum((byte >> 7) << at for at, byte in enumerate(data))
        return bytes((0x01, 0x80 | highs, *(byte | 0x80 for byte in data)))
