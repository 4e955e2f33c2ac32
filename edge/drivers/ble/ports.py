"""What the radio asks of the machine that it runs on, and what pairing asks of a technician.

BlueZ answers both over D-Bus (bluez.py, agent.py); tests and the demo have a host of virtual controllers.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

PresenceListener = Callable[[bool], None]
"""Takes `is_present` as it now is; called from the event loop, must not block or raise."""


class LinkWatch(Protocol):
    """Watches one device while it is connected to."""

    async def refused(self) -> None:
        """Return when the host has seen that the device refuses the key; never for a healthy one, so bound it."""


class Host(Protocol):
    """The machine's Bluetooth service and one adapter of it."""

    @property
    def is_present(self) -> bool:
        """Whether the service runs and the adapter is there and powered."""

    def watch(self, listener: PresenceListener) -> Callable[[], None]:
        """Call `listener` at each change of `is_present`, not for the present state; return what ends that."""

    async def power_cycle(self) -> None:
        """Switch the adapter off and on again; RadioGoneError when it does not come back. Ends within 10 s."""

    async def remove_bond(self, address: str) -> None:
        """Forget the device and its keys; one that is not known is forgotten already. RadioGoneError, within 5 s.

        Never for a healthy bond: the device keeps its half and refuses every later key.
        """

    def watching_links(self, address: str) -> AbstractAsyncContextManager[LinkWatch]:
        """While inside, watch the links to `address`; RadioGoneError on entering when there is no service.

        A host may retry for ever where a device has lost its key, and neither connect nor fail.
        """


class PairingAnswers(Protocol):
    """The person who pairs a device; both may take as long as he does, and are cancelled when the device gives up."""

    async def passkey(self) -> int:
        """Return the number that the device shows, 0 to 999999."""

    async def confirm(self, passkey: int) -> bool:
        """Tell whether the device shows `passkey` too."""


class PairingHost(Protocol):
    """Whoever the host asks while it pairs (org.bluez.Agent1)."""

    def answering(self, address: str, answers: PairingAnswers) -> AbstractAsyncContextManager[None]:
        """While inside, answer for `address` with `answers` and refuse every other device; one at a time.

        RadioGoneError on entering when there is no host to answer to. Outside of it everything is refused.
        """
