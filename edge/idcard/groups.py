"""The files of the application (ICAO Doc 9303-10, 4.7) and the fields of Vietnam's own data group 13."""

from enum import Enum, IntEnum, StrEnum
from typing import Final

AID: Final = bytes.fromhex("A0000002471001")


class File(Enum):
    """An elementary file: its file identifier, short identifier and outermost tag."""

    COM = (0x011E, 0x1E, 0x60)
    SOD = (0x011D, 0x1D, 0x77)
    CARD_ACCESS = (0x011C, 0x1C, 0x31)
    DG1 = (0x0101, 0x01, 0x61)
    DG2 = (0x0102, 0x02, 0x75)
    DG13 = (0x010D, 0x0D, 0x6D)
    DG14 = (0x010E, 0x0E, 0x6E)
    DG15 = (0x010F, 0x0F, 0x6F)

    def __init__(self, fid: int, sfi: int, tag: int) -> None:
        self.fid = fid
        self.sfi = sfi
        self.tag = tag


class Group(IntEnum):
    """A data group by its number; the signed list of hashes goes by it."""

    DG1 = 1
    """The machine-readable zone."""
    DG2 = 2
    """The face."""
    DG13 = 13
    """Vietnam's own: who the citizen is, with diacritics."""
    DG14 = 14
    """What the chip can do: Chip Authentication."""
    DG15 = 15
    """The key of Active Authentication."""

    @property
    def file(self) -> File:
        """The file that holds it."""
        return File[self.name]


class Field(StrEnum):
    """What can be asked of a card; all but PHOTO stand in DG13, under the INTEGER that `dg13` knows."""

    NUMBER = "number"
    NAME = "name"
    BIRTH = "birth"
    SEX = "sex"
    NATIONALITY = "nationality"
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    ORIGIN = "origin"
    RESIDENCE = "residence"
    MARKS = "marks"
    ISSUED = "issued"
    EXPIRES = "expires"
    PARENTS = "parents"
    SPOUSE = "spouse"
    OLD_NUMBER = "old-number"
    CARD_ID = "card-id"
    PHOTO = "photo"


NEVER_SENT: Final = frozenset(
    {
        Field.ETHNICITY,
        Field.RELIGION,
        Field.MARKS,
        Field.PARENTS,
        Field.SPOUSE,
        Field.OLD_NUMBER,
        Field.CARD_ID,
        Field.PHOTO,
    }
)
"""What no service may take from a card (Decree 356/2025/ND-CP: sensitive, or of other people): it is only ever shown."""
