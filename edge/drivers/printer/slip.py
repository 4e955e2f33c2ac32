"""A slip of paper as data: what stands on it from top to bottom, without fonts or dots."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

MAX_BLOCKS: Final = 100
MAX_TEXT: Final = 400
MAX_CODE_BYTES: Final = 700


class Size(StrEnum):
    """How large a text is, at 8 dots a millimetre."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"


class Align(StrEnum):
    """Where a text stands."""

    LEFT = "left"
    CENTRE = "centre"


Line = Annotated[str, Meta(max_length=MAX_TEXT)]


class Text(Struct, frozen=True, kw_only=True, tag="text"):
    """Words, wrapped at the paper's width; an item has a mark before it and stands a little to the right."""

    text: Line
    size: Size = Size.NORMAL
    is_bold: bool = False
    is_item: bool = False
    align: Align = Align.LEFT


class Value(Struct, frozen=True, kw_only=True, tag="value"):
    """A value that is read at arm's length, its unit beside it and what it is called before it."""

    label: Line
    value: Line
    unit: Line


class Rule(Struct, frozen=True, kw_only=True, tag="rule"):
    """A line across the paper."""


class Gap(Struct, frozen=True, kw_only=True, tag="gap"):
    """Empty paper."""

    height_mm: Annotated[int, Meta(ge=1, le=50)]


class Code(Struct, frozen=True, kw_only=True, tag="code"):
    """A QR code in the middle; `level` is its error correction, L, M, Q or H."""

    text: Annotated[str, Meta(max_length=MAX_CODE_BYTES)]
    level: Annotated[str, Meta(pattern="^[LMQH]$")]


class Slip(Struct, frozen=True, kw_only=True):
    """One slip; `width_mm` is the paper's, of which a little is left white."""

    width_mm: Annotated[int, Meta(ge=58, le=80)]
    blocks: Annotated[list[Text | Value | Rule | Gap | Code], Meta(min_length=1, max_length=MAX_BLOCKS)]
