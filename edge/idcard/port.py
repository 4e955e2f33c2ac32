"""The one thing that is asked of a reader."""

from typing import Protocol


class Port(Protocol):
    """A card that lies on a reader."""

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command APDU and return the response, SW1 SW2 at its end (ISO/IEC 7816-4, 5.1).

        GoneError when the card was taken away, SilentError when it does not answer in time. It may block.
        """
