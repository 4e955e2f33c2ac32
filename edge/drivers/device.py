"""The health of one device: kept for the heartbeat, and told to the journal whenever it changes."""

from collections.abc import Callable
from typing import Final

from edge.clock import Clock
from wire.entries import DeviceChanged, DeviceState
from wire.messages import DeviceHealth

MAX_DETAIL: Final = 200
"""The wire's bound of a note."""


class Device:
    """One device under the name `name`, which starts unknown: the first state, good or bad, is news."""

    def __init__(self, name: str, clock: Clock, note: Callable[[DeviceChanged], None]) -> None:
        self._name = name
        self._clock = clock
        self._note = note
        self._state: DeviceState | None = None
        self._detail = ""
        self._seen_at_ms: int | None = None

    @property
    def health(self) -> DeviceHealth:
        """The device as the heartbeat tells it; what was never heard of is lost."""
        return DeviceHealth(
            device=self._name,
            state=self._state or DeviceState.LOST,
            seen_at_ms=self._seen_at_ms,
            detail=self._detail,
        )

    def seen(self) -> None:
        """Say that it proved to be alive."""
        self._seen_at_ms = self._clock.wall_ms()

    def ok(self, detail: str = "") -> None:
        """Say that it works."""
        self.seen()
        self._become(DeviceState.OK, detail)

    def presumed_ok(self, detail: str = "") -> None:
        """Say that nothing is known against it any more, although it has not proved itself since."""
        self._become(DeviceState.OK, detail)

    def fault(self, detail: str) -> None:
        """Say that it is there and does not do its work."""
        self._become(DeviceState.FAULT, detail)

    def lost(self, detail: str) -> None:
        """Say that it is not there."""
        self._become(DeviceState.LOST, detail)

    def _become(self, state: DeviceState, detail: str) -> None:
        self._detail = detail[:MAX_DETAIL]
        if state is not self._state:
            self._state = state
            self._note(DeviceChanged(device=self._name, state=state, detail=self._detail))
