"""What can go wrong with an outside system, sorted by what to do about it."""


class ConnectorError(Exception):
    """Root; the text names the system and the kind of trouble, never what was sent or answered."""


class OutOfReachError(ConnectorError):
    """No usable answer came; whether the request arrived is not known. The same request, same key, later."""


class BreakerOpenError(OutOfReachError):
    """Nobody was asked: the system failed too often just now."""


class AnswerError(ConnectorError):
    """It answered with what is not an answer to the question; asking again at once is of no use."""
