"""What can go wrong in the cabin, sorted by who must act."""

from enum import StrEnum

from edge.errors import EdgeError


class Refusal(StrEnum):
    """Why an order was not carried out."""

    NOT_NOW = "not-now"
    """Its action is not among those that the view lists."""
    KINDS = "kinds"
    """Nothing to measure, something twice, or something that no instrument here can measure now."""
    TEXT_VERSION = "text-version"
    """A consent without the name of the text that was agreed to."""
    VALUE = "value"
    """A typed value of another measure, or one that nobody can have."""
    SUBJECT = "subject"
    """No pseudonym, or nobody has come so far as to be asked for consent, or it is too late to add one."""


class CabinError(EdgeError):
    """Root: the cabin cannot do what was asked. Never carries a value or a name."""


class ActionRefusedError(CabinError):
    """The screen's fault, or it was a moment too late: nothing has changed. `reason` is one of `Refusal`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason
