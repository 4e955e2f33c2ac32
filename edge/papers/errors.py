"""What can go wrong with papers, sorted by who must act. No text carries anything of a picture."""

from edge.errors import EdgeError


class PapersError(EdgeError):
    """Root of the package."""


class NoPictureError(PapersError):
    """The screen's fault: it is no JPEG, or larger than one may be."""


class TooManyError(PapersError):
    """The person's to decide: as many papers as a request can have are held; one has to go first."""


class LaneFullError(PapersError):
    """More papers wait for the line than may; nothing was written. It heals by itself when they are sent."""


class LostPaperError(PapersError):
    """A request names a paper that is not held: it must not be submitted, since the paper would never come."""
