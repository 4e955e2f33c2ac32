"""What the screen sends when the person pays."""

from typing import Annotated

from msgspec import Meta, Struct

from edge.paying.view import Action


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Do `action`; `bill` belongs to choose."""

    action: Action
    bill: Annotated[str, Meta(max_length=64)] = ""
