"""Whether the radio can be counted on, and what is done when it cannot: scan anew, power-cycle, say that it is gone."""

import asyncio
from collections.abc import Callable
from typing import Final

from edge.drivers.ble.errors import RadioGoneError
from edge.drivers.ble.ladder import Ladder, Step
from edge.drivers.ble.patience import Patience
from edge.drivers.ble.ports import Host, PresenceListener
from edge.logs import Log

_log: Final = Log(__name__)


class Presence:
    """Adapter `adapter` of `host`, as it proves itself by scanning."""

    def __init__(self, adapter: str, host: Host, patience: Patience) -> None:
        self._adapter = adapter
        self._host = host
        self._patience = patience
        self._listeners: list[PresenceListener] = []
        self._cannot_start = False
        self._is_deaf = False
        self._was_present = host.is_present
        self._starting = Ladder()
        self._hearing = Ladder()

    @property
    def is_present(self) -> bool:
        """Whether devices can be heard and reached, as far as is known."""
        return self._host.is_present and not (self._cannot_start or self._is_deaf)

    @property
    def has_host(self) -> bool:
        """Whether it is worth while to try."""
        return self._host.is_present

    def watch(self, listener: PresenceListener) -> Callable[[], None]:
        """Call `listener` at each change of `is_present`; return what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self) -> None:
        """Say whether the radio is there, when that is news."""
        if self.is_present is not self._was_present:
            self._was_present = self.is_present
            _log.info("radio back" if self._was_present else "radio gone", adapter=self._adapter)
            for listener in tuple(self._listeners):
                listener(self._was_present)

    def started(self) -> None:
        """Take that a scan has begun."""
        self._starting.recover()
        self._cannot_start = False
        self.tell()

    def heard(self) -> None:
        """Take that anybody at all was heard."""
        self._hearing.recover()
        if self._is_deaf:
            self._is_deaf = False
            self.tell()

    async def cannot_start(self) -> None:
        """Take that a scan did not begin; without a host there is nothing to mend."""
        if self._host.is_present:
            step = self._starting.stumble()
            self._cannot_start = self._cannot_start or step is Step.GIVE_UP
            await self._take(step, "the adapter does not scan")

    async def hears_nobody(self) -> None:
        """Take that a scan heard nobody for a long time, after it was ended."""
        step = self._hearing.stumble()
        self._is_deaf = self._is_deaf or step is Step.GIVE_UP
        await self._take(step, "the adapter hears nobody")

    async def _take(self, step: Step, complaint: str) -> None:
        _log.warning(complaint, adapter=self._adapter, step=step.name.lower())
        if step is Step.POWER_CYCLE:
            try:
                async with asyncio.timeout(self._patience.power_cycle_s):
                    await self._host.power_cycle()
            except (RadioGoneError, TimeoutError) as error:
                self._cannot_start = True
                _log.error(
                    "the adapter does not come back", adapter=self._adapter, reason=type(error).__name__
                )
        self.tell()
