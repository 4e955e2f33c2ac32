"""What the screen asks of a services session: one `Order` per touch, as JSON by msgspec."""

from typing import Annotated

from msgspec import Meta, Struct

from catalogue.model import Need
from edge.services.view import Action

Id = Annotated[str, Meta(max_length=48)]


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that the person did; which members belong to which action, the machine checks.

    `need`: OPEN. `service`: CHOOSE. `question`: ANSWER, SKIP, CHANGE, SHOW, HIDE. `value`: ANSWER, JSON as
    catalogue.answering describes it. `text_version`: SUBMIT. `code`: UNLOCK, as it was typed.
    """

    action: Action
    need: Need | None = None
    service: Id = ""
    question: Id = ""
    value: object = None
    text_version: Annotated[str, Meta(max_length=64)] = ""
    code: Id = ""

    def __repr__(self) -> str:
        """Tell what was done, never what was typed."""
        return f"Order({self.action!s})"
