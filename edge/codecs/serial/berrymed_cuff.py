"""Which blood pressure frames of the PM6750 belong to the measurement that was begun.

A frame (PM6750 Patient Monitor Protocol V3.2, "NIBP"): status, cuff pressure / 2, systolic, mean, diastolic. Bits 2 to 5
of the status tell how the measurement stands. The module keeps the values of the last person: they are told only after
it was seen to measure for this one.
"""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from edge.codecs.instrument import Failed, InstrumentEvent, Live, Taken, Trouble
from wire.entries import VitalKind

_FINISHED: Final = 0
_STOPPED: Final = 2
_WORKING: Final = frozenset({1, 9, 10})
"""Measuring, initialising, initialised."""
_TROUBLES: Final = MappingProxyType(
    {
        3: Trouble.OVERPRESSURE,
        4: Trouble.CUFF_LOOSE,
        5: Trouble.TIMED_OUT,
        6: Trouble.BROKEN,
        7: Trouble.MOTION,
        8: Trouble.NO_PULSE,
    }
)
_CREDIBLE: Final = 2
"""So many working frames in a row prove that it is ours: of one just stopped, one may still be on its way."""


class Cuff:
    """One measurement at a time."""

    __slots__ = ("_is_wanted", "_working")

    def __init__(self) -> None:
        self._is_wanted = False
        self._working = 0

    @property
    def is_working(self) -> bool:
        """Whether the module last said that it measures."""
        return self._working > 0

    @property
    def works_for_nobody(self) -> bool:
        """Whether it must be stopped."""
        return self.is_working and not self._is_wanted

    def begin(self) -> None:
        """Wait for a measurement that starts now."""
        self._is_wanted = True
        self._working = 0

    def cancel(self) -> None:
        """Take nothing any more."""
        self._is_wanted = False
        self._working = 0

    def hear(self, body: bytes) -> list[InstrumentEvent]:
        """Take one frame: length, type, then five bytes as above."""
        status, half_cuff, systolic, mean, diastolic = body[2:7]
        state = status >> 2 & 0x0F
        if state in _WORKING:
            self._working += 1
            pressure = {"cuff-pressure": Decimal(2 * half_cuff)}
            return [Live(VitalKind.BLOOD_PRESSURE, pressure)] if self._is_wanted else []
        worked, self._working = self._working, 0
        needed = _CREDIBLE if state in {_FINISHED, _STOPPED} else 1
        if not self._is_wanted or worked < needed:
            return []
        self._is_wanted = False
        if state == _FINISHED and systolic and diastolic:
            return [_taken(systolic, mean, diastolic, body)]
        trouble = Trouble.NO_PULSE if state == _FINISHED else _TROUBLES.get(state, Trouble.BROKEN)
        return [Failed(VitalKind.BLOOD_PRESSURE, trouble, body)]


def _taken(systolic: int, mean: int, diastolic: int, body: bytes) -> Taken:
    values = {
        "systolic-pressure": Decimal(systolic),
        "diastolic-pressure": Decimal(diastolic),
        "mean-arterial-pressure": Decimal(mean) if mean else None,
    }
    return Taken(VitalKind.BLOOD_PRESSURE, values, body)
