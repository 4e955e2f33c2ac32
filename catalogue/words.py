"""The smallest parts of the catalogue: bounded text, names of things, and what a person reads in both languages."""

from typing import Annotated

from msgspec import Meta, Struct

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of text."""

Caption = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line that fits a button or a heading."""

Prose = Annotated[str, Meta(min_length=1, max_length=1_200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""A few sentences; in YAML write `>-` and fold the lines."""

Slug = Annotated[str, Meta(min_length=1, max_length=48, pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
"""The name of a thing: `[a-z0-9]` and single inner hyphens, so that it stands in topics, URLs and file names alike."""

WARD: str = r"^[0-9]{5}$"
"""Commune-level code of the General Statistics Office; the same form as wire.ids.WARD_PATTERN."""


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A name, a heading or a button."""

    vi: Caption
    en: Caption


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences that a person reads."""

    vi: Prose
    en: Prose
