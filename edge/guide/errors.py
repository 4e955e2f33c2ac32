"""What can go wrong with the guide. No text carries what a person said."""

from edge.errors import EdgeError


class GuideError(EdgeError):
    """Root of the package."""


class PhrasesError(GuideError):
    """What the guide was to learn from is too much, empty, or no text; the text names the service or the file."""


class EndpointError(GuideError):
    """The endpoint for a second opinion is set up wrongly; the text says how, and holds neither address nor key."""
