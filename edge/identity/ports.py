"""What an identity session asks of the station around it; the composition root hands over whoever does it."""

from collections.abc import Callable
from typing import Protocol

from edge.idcard.card import AccessKey, CardRead, Step
from edge.idcard.groups import Field


class CardDesk(Protocol):
    """The reader, and the trust store behind it."""

    async def read(
        self, turn: int, key: AccessKey, fields: frozenset[Field], tell: Callable[[Step], None]
    ) -> CardRead:
        """Read the card of insertion `turn`; CardError. `tell` is called on the loop. Cancelling lets the card be."""


class Surroundings(Protocol):
    """Who else uses the same screen."""

    @property
    def is_free(self) -> bool:
        """Whether nobody does: a card that is laid on may take the screen."""

    @property
    def can_bind(self) -> bool:
        """Whether somebody in the cabin is just being asked for consent."""

    def bind(self, subject: str) -> bool:
        """Tie the cabin's session to a pseudonym; False: it is too late."""

    def touched(self) -> None:
        """Say that the person of the cabin is busy with their card."""
