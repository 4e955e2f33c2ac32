"""Times as VNPAY writes them, `yyyyMMddHHmmss` in Vietnam (UTC+7, no summer time), and Vietnam's days."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from cloud.payments.errors import NoticeError

VIETNAM: Final = timezone(timedelta(hours=7))
_FORMAT: Final = "%Y%m%d%H%M%S"
_DIGITS: Final = re.compile(r"[0-9]{14}", re.ASCII)
_MS: Final = timedelta(milliseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def compact(at_ms: int) -> str:
    """Return `20261122091530` of ms since 1970 UTC."""
    return moment(at_ms).strftime(_FORMAT)


def from_compact(text: str) -> int:
    """Return ms since 1970 UTC; NoticeError for anything else than such a time."""
    if not _DIGITS.fullmatch(text):
        raise NoticeError("notice: no usable time")
    try:
        at = datetime.strptime(text, _FORMAT).replace(tzinfo=VIETNAM)
    except ValueError:
        raise NoticeError("notice: no usable time") from None
    return (at - _EPOCH) // _MS


def moment(at_ms: int) -> datetime:
    """Return the wall time in Vietnam."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(VIETNAM)


def day_ms(day: date) -> tuple[int, int]:
    """Return the first ms of a day in Vietnam, and the first of the next."""
    start = (datetime(day.year, day.month, day.day, tzinfo=VIETNAM) - _EPOCH) // _MS
    return start, start + timedelta(days=1) // _MS
