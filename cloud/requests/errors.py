"""What the rules refuse."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloud.requests.request import Request


class RequestsError(Exception):
    """Root of what cloud.requests can refuse; the text never holds personal data."""


class RefusedCode(StrEnum):
    """Why an action was refused; stable, screens translate it."""

    STALE = "stale"
    NOT_ALLOWED = "not-allowed"
    TOO_OFTEN = "too-often"
    INVALID = "invalid"
    NOT_YOURS = "not-yours"


class RefusedError(RequestsError):
    """An action that the request's state, or its own form, does not allow; `code` says which, `fresh` what it is now."""

    def __init__(self, code: RefusedCode, text: str, fresh: "Request | None" = None) -> None:
        super().__init__(text)
        self.code = code
        self.fresh = fresh


class CalendarError(RequestsError):
    """A term that no calendar can count."""


class RoutingError(RequestsError):
    """A routing table that would lose somebody's request, or send it two ways."""
