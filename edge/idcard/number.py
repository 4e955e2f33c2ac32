"""The twelve digits: province of the birth's registration (3), century and sex (1), year of birth (2), chance (6).

Sources: Decree 137/2015/ND-CP, article 13; Circular 59/2021/TT-BCA; Law on Identification 26/2023/QH15, article 12. There is no
check digit. The merging of provinces in 2025 renumbers nobody.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from edge.idcard.card import Can
from edge.idcard.errors import UnreadableError

_TWELVE_DIGITS: Final = re.compile(r"[0-9]{12}")
_CAN_DIGITS: Final = 6
_FIRST_CENTURY: Final = 1900

_PROVINCES: Final = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 "
    "038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 "
    "080 082 083 084 086 087 089 091 092 093 094 095 096"
)
PROVINCES: Final = frozenset(_PROVINCES.split())
"""The 63 provinces of before July 2025. Births abroad have a country's code, which is not listed here."""


class Sex(StrEnum):
    """As the machine-readable zone writes it."""

    MALE = "M"
    FEMALE = "F"


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """A number that is built right; whose it is, it does not prove. Shown in no repr."""

    digits: str = field(repr=False)

    @property
    def is_province_known(self) -> bool:
        """Whether the first three digits are one of the provinces; a hint only."""
        return self.digits[:3] in PROVINCES

    @property
    def sex(self) -> Sex:
        """The sex at registration: an even fourth digit is male."""
        return Sex.FEMALE if int(self.digits[3]) & 1 else Sex.MALE

    @property
    def century(self) -> int:
        """The first year of the century of birth: 1900 for 0 and 1, 2000 for 2 and 3, to 2300."""
        return _FIRST_CENTURY + 100 * (int(self.digits[3]) // 2)

    @property
    def birth_year(self) -> int:
        """The year of birth."""
        return self.century + int(self.digits[4:6])


def check_number(text: str) -> CitizenNumber:
    """Take twelve ASCII digits and nothing else; UnreadableError, without the text, for all other."""
    if not _TWELVE_DIGITS.fullmatch(text):
        raise UnreadableError("citizen number: not twelve digits")
    return CitizenNumber(text)


def can_of(number: CitizenNumber) -> Can:
    """Return the card access number, which no Vietnamese card prints: the last six digits."""
    return Can(number.digits[-_CAN_DIGITS:])
