"""What an identity session asks of the station around it; the composition root hands over whoever does it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from edge.idcard.card import AccessKey, CardRead, Proof, Step
from edge.idcard.groups import Field
from edge.identity.purposes import Purpose


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


class Filling(Protocol):
    """The service that somebody is filling in on the same screen."""

    @property
    def is_free(self) -> bool:
        """Whether nobody does."""

    def touched(self) -> None:
        """Say that the person is busy with their card."""

    @property
    def wished(self) -> Purpose | None:
        """What it would take from the card now, a purpose that gives PREFILL; None: nothing."""

    def take(self, purpose: Purpose, fields: Mapping[Field, str], proof: Proof) -> bool:
        """Hand over what the person left in; False: it is too late, or something is lacking."""
