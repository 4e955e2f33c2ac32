"""Frames of the PM6750, the same in both directions: `55 AA N A1 .. An SUM`.

N counts itself, the data and the sum; SUM is the inverted low byte of N + A1 + .. + An (PM6750 Patient Monitor
Protocol V3.2, section 3), so that everything from N to SUM adds up to 0xFF.
"""

from typing import Final

from edge.codecs.instrument import Damage, DamageReason
from edge.codecs.serial.protocol import Noise

HEAD: Final = b"\x55\xaa"
_ALL: Final = 0xFF
MIN_LENGTH: Final = 3
MAX_LENGTH: Final = 40
"""The longest frame that is used has 11 bytes; a version may have a line of text. A false head waits no longer."""


def command(number: int, value: int) -> bytes:
    """Return the frame of a command with its one parameter."""
    return frame(bytes((number, value)))


def frame(data: bytes) -> bytes:
    """Return `data` (type or command first) as it goes over the line."""
    length = len(data) + 2
    return HEAD + bytes((length,)) + data + bytes((~(length + sum(data)) & 0xFF,))


class FrameCutter:
    """Cuts a stream into bodies: length, type, data, sum. Holds less than one frame."""

    __slots__ = ("_held", "_noise")

    def __init__(self) -> None:
        self._held = b""
        self._noise = Noise()

    def feed(self, data: bytes) -> list[bytes | Damage]:
        """Take the next bytes and return the bodies and damages that they complete, in order."""
        held = self._held + data
        found: list[bytes | Damage] = []
        at = 0
        while (start := held.find(HEAD, at)) >= 0:
            if start > at:
                found += self._noise.add(start - at)
                at = start
            end = start + 2 + held[start + 2] if start + 2 < len(held) else len(held) + 1
            body = held[start + 2 : end]
            if body and not MIN_LENGTH <= body[0] <= MAX_LENGTH:
                found += self._noise.add(len(HEAD))
                at = start + len(HEAD)
            elif end > len(held):
                break
            else:
                found += self._noise.end()
                if sum(body) & _ALL == _ALL:
                    found.append(body)
                    at = end
                else:
                    at = _resume(held, start, end)
                    found.append(Damage(DamageReason.CHECKSUM, at - start))
        else:
            rest = len(held) - (1 if held.endswith(HEAD[:1]) and len(held) > at else 0)
            found += self._noise.add(rest - at)
            at = rest
        self._held = held[at:]
        return found


def _resume(held: bytes, start: int, end: int) -> int:
    """Return where the frame after a damaged one may begin: a lost byte must not cost the next frame, too."""
    after = held.find(HEAD, start + len(HEAD), end)
    if after >= 0:
        return after
    return end - 1 if held[end - 1] == HEAD[0] else end
