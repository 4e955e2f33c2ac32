"""What can go wrong with the way to the cloud."""

from edge.errors import EdgeError


class UplinkError(EdgeError):
    """Root of this package's errors."""


class LinkLostError(UplinkError):
    """There is no connection (any more): refused, broken, or silent for too long. Trying again is all there is to do."""


class NoAnswerError(UplinkError):
    """A question has no answer: no connection, nobody who answers, or too late. It can be asked again."""
