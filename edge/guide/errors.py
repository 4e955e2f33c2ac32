"""What can go wrong with the guide. No text carries what a person said."""

from enum import StrEnum

from edge.errors import EdgeError


class Refusal(StrEnum):
    """Why an order was not carried out."""

    TEXT = "text"
    """Nothing was said."""
    SERVICE = "service"
    """Not a service that this station offers."""
    TOPIC = "topic"
    """A question without its topic."""
    NOT_READY = "not-ready"
    """The guide has not learnt to understand words yet."""
    OVERTAKEN = "overtaken"
    """Something else happened, or all was forgotten, before the words were understood."""


class GuideError(EdgeError):
    """Root of the package."""


class PhrasesError(GuideError):
    """What the guide was to learn from is too much, empty, or no text; the text names the service or the file."""


class EndpointError(GuideError):
    """The endpoint for a second opinion is set up wrongly; the text says how, and holds neither address nor key."""


class OrderRefusedError(GuideError):
    """The screen's fault, or it was a moment too early or too late: nothing has changed. `reason` is one of `Refusal`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason
