"""What differs between the systems that take requests: the words for their states, and how their numbers look."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from catalogue.routes import Protocol
from cloud.requests.outside import (
    CIVIC_1022,
    HOSPITAL,
    NATIONAL_PORTAL,
    REFERRALS,
    SOCIAL_INSURANCE,
    Vocabulary,
)
from cloud.requests.tracking import MAX_LENGTH, parse_case_number

_REFERENCE: Final = re.compile(r"[A-Z0-9][A-Z0-9./-]{3,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Dialect:
    """`number` returns a number as it is compared, None when the text is none."""

    words: Vocabulary
    number: Callable[[str], str | None]


def _case_number(text: str) -> str | None:
    found = parse_case_number(text)
    return None if found is None else str(found)


def _reference(text: str) -> str | None:
    folded = text.strip().upper() if len(text) <= MAX_LENGTH else ""
    return folded if _REFERENCE.fullmatch(folded) else None


CASES: Final = Dialect(Vocabulary(NATIONAL_PORTAL), _case_number)

DIALECTS: Final[Mapping[Protocol, Dialect]] = MappingProxyType(
    {
        Protocol.CASES: CASES,
        Protocol.INSURANCE: Dialect(Vocabulary(SOCIAL_INSURANCE), _reference),
        Protocol.BOOKINGS: Dialect(Vocabulary(HOSPITAL), _reference),
        Protocol.REFERRALS: Dialect(Vocabulary(REFERRALS), _reference),
        Protocol.REPORTS: Dialect(Vocabulary(CIVIC_1022), _reference),
    }
)
"""By what the catalogue says is spoken with a connector; every protocol that takes requests has one."""
