"""What the screen asks of an identity session: one `Order` per touch, as JSON by msgspec."""

from typing import Annotated, Final

from msgspec import Meta, Struct

from edge.idcard.groups import Field
from edge.identity.view import Action

MAX_SCAN: Final = 1_024
"""Characters of a printed code; honest ones have about two hundred."""

Day = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that the person did; which members belong to which action, the machine checks.

    `purpose`: OPEN (optional), CHOOSE. `text_version`: AGREE, SEND. `number`: NUMBER (6 or 12 digits), DATES (12).
    `text`: SCAN. `birth`, `expiry`: DATES. `field`: SHOW, HIDE, REMOVE, RESTORE.
    """

    action: Action
    purpose: Annotated[str, Meta(max_length=64)] = ""
    text_version: Annotated[str, Meta(max_length=64)] = ""
    number: Annotated[str, Meta(max_length=12)] = ""
    text: Annotated[str, Meta(max_length=MAX_SCAN)] = ""
    birth: Day | None = None
    expiry: Day | None = None
    field: Field | None = None

    def __repr__(self) -> str:
        """Tell what was done, never what was typed."""
        return f"Order({self.action!s})"
