"""The one root of everything that can be wrong with what a peer sent."""

from enum import StrEnum


class RefuseReason(StrEnum):
    """Why a whole payload could not be read."""

    MALFORMED = "malformed"
    OVERSIZED = "oversized"
    WRONG_VERSION = "wrong-version"
    NOT_YOURS = "not-yours"


class WireError(ValueError):
    """Something on the wire breaks its contract.

    The text names the rule that was broken and where; it never repeats the value, which may be personal.
    """


class IdError(WireError):
    """An id is not of its form."""


class TopicError(WireError):
    """A topic is not one of the scheme's, or cannot be built."""


class MessageError(WireError):
    """A payload is not the message that its topic promises; `reason` is fit for a Refusal."""

    def __init__(self, text: str, reason: RefuseReason = RefuseReason.MALFORMED) -> None:
        super().__init__(text)
        self.reason = reason
