"""Why something was not done on the page that follows a request."""

from edge.errors import EdgeError


class OrderRefusedError(EdgeError):
    """The page does not offer this now (`not-now`), or the person is to be asked once more (`not-sure`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"following: {reason}")
        self.reason = reason
