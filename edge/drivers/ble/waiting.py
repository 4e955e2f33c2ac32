"""What is begun on one instrument, and what the person is told of its coming and going."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from edge.instrument import Absence, Back, Gone, InstrumentNews
from wire.entries import VitalKind

Tell = Callable[[InstrumentNews], None]


@dataclass(slots=True)
class _Begun:
    absence: Absence | None = None
    is_done: bool = False
    timer: asyncio.TimerHandle | None = None

    def stop(self) -> None:
        """Wait no longer."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


class Waiting:
    """The measurements begun on instrument `device`, each with its time limit; news goes to `tell`, never at once."""

    def __init__(self, device: str, tell: Tell) -> None:
        self._device = device
        self._tell = tell
        self._begun: dict[VitalKind, _Begun] = {}

    @property
    def is_wanted(self) -> bool:
        """Whether anything is begun that has no result yet."""
        return any(not begun.is_done for begun in self._begun.values())

    def __contains__(self, kind: VitalKind) -> bool:
        return kind in self._begun

    def begin(self, kind: VitalKind, limit_s: float, absence: Absence | None) -> None:
        """Wait for `kind`, `limit_s` at most until it is called silent; `absence` is what keeps it away already."""
        self.cancel(kind)
        self._begun[kind] = begun = _Begun()
        if absence is None:
            self._arm(kind, begun, limit_s)
        else:
            begun.timer = asyncio.get_running_loop().call_later(0, self._go, kind, absence)

    def cancel(self, kind: VitalKind) -> None:
        """Wait no longer; nothing is told afterwards."""
        begun = self._begun.pop(kind, None)
        if begun is not None:
            begun.stop()

    def clear(self) -> None:
        """Wait for nothing."""
        for kind in tuple(self._begun):
            self.cancel(kind)

    def heard(self, kind: VitalKind, limit_s: float, *, is_result: bool) -> None:
        """Take that the device said something of `kind`, which ends an absence; a result ends the waiting too."""
        begun = self._begun[kind]
        begun.absence = None
        begun.is_done = begun.is_done or is_result
        begun.stop()
        if not begun.is_done:
            self._arm(kind, begun, limit_s)

    def appeared(self, limit_s: float) -> None:
        """Say that the device is there, to all that wait for it."""
        for kind, begun in tuple(self._begun.items()):
            if not begun.is_done:
                begun.absence = None
                self._arm(kind, begun, limit_s)
                self._tell(Back(self._device, kind))

    def vanished(self, absence: Absence, kinds: frozenset[VitalKind] | None = None) -> None:
        """Say why the device does not come, to all (or those of `kinds`) that wait for it and do not know it yet."""
        for kind in tuple(self._begun):
            if kinds is None or kind in kinds:
                self._go(kind, absence)

    def rearm(self, limit_s: float) -> None:
        """Give the device that long to appear again."""
        for kind, begun in self._begun.items():
            if not begun.is_done and begun.absence is None:
                self._arm(kind, begun, limit_s)

    def _arm(self, kind: VitalKind, begun: _Begun, limit_s: float) -> None:
        begun.stop()
        begun.timer = asyncio.get_running_loop().call_later(limit_s, self._go, kind, Absence.SILENT)

    def _go(self, kind: VitalKind, absence: Absence) -> None:
        begun = self._begun.get(kind)
        if begun is None or begun.is_done or begun.absence is absence:
            return
        begun.absence = absence
        begun.stop()
        self._tell(Gone(self._device, kind, absence))
