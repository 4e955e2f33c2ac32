"""What a card can be used for: which fields are read, which of them cannot be left out, and what leaves the station.

The data groups follow from the fields. A field of `NEVER_SENT` may be shown to its person and nothing more.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from edge.idcard.groups import Field


class Gives(StrEnum):
    """What leaves the station when the person agrees."""

    NOTHING = "nothing"
    PSEUDONYM = "pseudonym"
    """A keyed code of the number, for the session in the cabin."""
    SEALED = "sealed"
    """The fields that the person saw and left in, readable for the recipient only."""
    PREFILL = "prefill"
    """Nothing leaves: the fields that the person left in go over to the service that they are just filling in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One use of the card; `fields` in the order of the screen, `needed` among them, `recipient` of what is sealed."""

    name: str
    gives: Gives
    fields: tuple[Field, ...]
    needed: frozenset[Field] = frozenset({Field.NUMBER})
    recipient: str = ""


CABIN_HISTORY: Final = Purpose(name="cabin-history", gives=Gives.PSEUDONYM, fields=(Field.NUMBER,))
"""Ties the measurements of this visit to the ones before."""
TEMPORARY_RESIDENCE: Final = Purpose(
    name="temporary-residence",
    gives=Gives.SEALED,
    fields=(Field.NUMBER, Field.NAME, Field.BIRTH, Field.SEX, Field.NATIONALITY, Field.RESIDENCE),
    needed=frozenset({Field.NUMBER, Field.NAME, Field.BIRTH}),
    recipient="ward-police",
)
"""The person's part of procedure 1.004194, registration of temporary residence."""
CARD_CHECK: Final = Purpose(
    name="card-check",
    gives=Gives.NOTHING,
    fields=(
        Field.NUMBER,
        Field.NAME,
        Field.BIRTH,
        Field.SEX,
        Field.NATIONALITY,
        Field.ORIGIN,
        Field.RESIDENCE,
        Field.ISSUED,
        Field.EXPIRES,
        Field.PHOTO,
    ),
)
"""Lets a person see what their chip says, and that it is genuine."""

PURPOSES: Final = MappingProxyType(
    {purpose.name: purpose for purpose in (CABIN_HISTORY, TEMPORARY_RESIDENCE, CARD_CHECK)}
)
