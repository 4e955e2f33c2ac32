"""Why something was not done on the page that pays."""

from edge.errors import EdgeError


class OrderRefusedError(EdgeError):
    """The page does not offer this now, or what was named is not on it."""

    def __init__(self) -> None:
        super().__init__("paying: not now")
        self.reason = "not-now"
