"""How a device that has lost its key looks on D-Bus: links that end as soon as they are made, one after the other.

The device answers the encryption with "PIN or key missing" (Core, vol. 1, part F, 2.6) and the kernel ends the link. BlueZ
5.66 tells nobody why: it connects again and again, about once a second, while its `Connect` neither returns nor fails
(measured, tests/bluez). What it does tell is `Connected`, there and gone within a tenth of a second. Newer ones have a
signal `Disconnected` with a reason.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from dbus_fast import Message

SHORT_LINK_S: Final = 2.0
"""A link that lives longer was encrypted, or ended for another reason; machines may be slow."""
REFUSALS: Final = 6
"""So many short links in a row, each right after the device advertised, are no accident of the radio."""


class ShortLinks:
    """Counts the links to the device at object `path` that ended at once, without a longer one between them."""

    def __init__(self, path: str, now_s: Callable[[], float]) -> None:
        self._path = path
        self._now_s = now_s
        self._since_s: float | None = None
        self._count = 0
        self._is_enough = asyncio.Event()

    @property
    def count(self) -> int:
        """How many there were in a row."""
        return self._count

    async def refused(self) -> None:
        """Wait until there were REFUSALS of them; bound it, a healthy device never gets there."""
        await self._is_enough.wait()

    def hear(self, message: Message) -> None:
        """Take a PropertiesChanged of the device."""
        if message.path != self._path or message.member != "PropertiesChanged":
            return
        changed = message.body[1]
        if "ServicesResolved" in changed and changed["ServicesResolved"].value:
            self._since_s, self._count = None, 0
        if "Connected" in changed:
            self._turn(is_connected=bool(changed["Connected"].value))

    def _turn(self, *, is_connected: bool) -> None:
        if is_connected:
            self._since_s = self._now_s()
            return
        since_s, self._since_s = self._since_s, None
        if since_s is None:
            return
        self._count = self._count + 1 if self._now_s() - since_s < SHORT_LINK_S else 0
        if self._count >= REFUSALS:
            self._is_enough.set()
