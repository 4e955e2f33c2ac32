"""What the screen asks of the cabin: one `Order` per touch, as JSON by msgspec."""

from typing import Annotated

from msgspec import Meta, Struct

from edge.cabin.view import Action
from wire.entries import ConsentScope, VitalKind


class Order(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that the person did.

    `kinds` belongs to BEGIN. `scope` (None: keep nothing, only show it here) and `text_version` belong to CONSENT.
    `measure` and `value`, in the measure's unit, belong to ENTER.
    """

    action: Action
    kinds: Annotated[list[VitalKind], Meta(max_length=len(VitalKind))] = []
    scope: ConsentScope | None = None
    text_version: Annotated[str, Meta(max_length=64)] = ""
    measure: Annotated[str, Meta(max_length=32)] = ""
    value: float | None = None
