"""What the rules refuse."""

from enum import StrEnum


class SosError(Exception):
    """Root of what cloud.sos can refuse; the text never holds personal data."""


class RefusedCode(StrEnum):
    """Why an action was refused; stable, consoles translate it."""

    STALE = "stale"
    NOT_ALLOWED = "not-allowed"
    INVALID = "invalid"


class RefusedError(SosError):
    """An action that the incident's state, or its own form, does not allow; `code` says which."""

    def __init__(self, code: RefusedCode, text: str) -> None:
        super().__init__(text)
        self.code = code


class PlanError(SosError):
    """An escalation plan that would leave somebody waiting."""
