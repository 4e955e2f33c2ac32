"""What can go wrong with an identity session. No text carries anything of a card or a person."""

from enum import StrEnum

from edge.errors import EdgeError


class Refusal(StrEnum):
    """Why an order was not carried out."""

    NOT_NOW = "not-now"
    """Its action is not among those that the view lists."""
    PURPOSE = "purpose"
    """Nothing that the card can be used for here and now."""
    TEXT_VERSION = "text-version"
    """A consent without the name of the text that was agreed to."""
    NUMBER = "number"
    """Neither twelve digits that a citizen can have, nor six."""
    CODE = "code"
    """What was scanned is not the code of a citizen's card."""
    DATES = "dates"
    """No two days, or an expiry before the birth."""
    FIELD = "field"
    """Not a field that is shown, or one that the purpose cannot do without."""


class IdentityError(EdgeError):
    """Root of the package."""


class OrderRefusedError(IdentityError):
    """The screen's fault, or it was a moment too late: nothing has changed. `reason` is one of `Refusal`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason


class SecretError(IdentityError):
    """A key of the station is missing or no key; the text names the file, for whoever set it up."""
