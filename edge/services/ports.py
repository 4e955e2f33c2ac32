"""What a services session asks of the station around it; the composition root hands over whoever does it."""

from typing import Protocol


class Around(Protocol):
    """The rest of the same station."""

    @property
    def is_online(self) -> bool:
        """Whether the line to the centre is open now."""

    def open_payment(self, request: str, service: str, account: str) -> None:
        """Let the person pay a bill of `account`, which they have just submitted as `request`."""

    def open_card(self, service: str) -> None:
        """Let the person lay their card on the reader, for this service; does nothing when somebody is at it."""
