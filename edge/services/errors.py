"""What can go wrong with a services session. No text carries anything that a person answered."""

from enum import StrEnum

from edge.errors import EdgeError


class Refusal(StrEnum):
    """Why an order was not carried out."""

    NOT_NOW = "not-now"
    """Its action is not among those that the view lists."""
    NEED = "need"
    """No group of the start screen, or one that is empty here."""
    SERVICE = "service"
    """Not a service that this station offers."""
    QUESTION = "question"
    """Not the question that is asked, or not one that it can be done to."""
    PICTURE = "picture"
    """A picture that is not held, or one more than there may be."""
    TEXT_VERSION = "text-version"
    """A submission without the name of the text that was agreed to."""


class ServicesError(EdgeError):
    """Root of the package."""


class OrderRefusedError(ServicesError):
    """The screen's fault, or it was a moment too late: nothing has changed. `reason` is one of `Refusal`."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"refused: {reason}")
        self.reason = reason


class NumbersError(ServicesError):
    """The disk does not take the number that would be given out, so none is."""


class DraftsError(ServicesError):
    """The disk does not take a draft, or cannot be asked for one."""


class NoRoomError(DraftsError):
    """As many drafts are kept as there is room for; none of them is over."""

    def __init__(self) -> None:
        super().__init__("no room for another draft")


class DamagedDraftError(DraftsError):
    """A draft that cannot be read any more; it was removed."""

    def __init__(self) -> None:
        super().__init__("a draft was damaged")


class WardsError(ServicesError):
    """The list of wards cannot be used; the text names the file, for whoever set it up."""
