"""A line to the centre that is down: nobody is connected, no question has an answer."""

from typing import Final, NoReturn

from edge.clock import SystemClock
from edge.uplink.errors import LinkLostError
from edge.uplink.questions import Questions
from wire.asking import Question


def _refuse(_question: Question) -> NoReturn:
    raise LinkLostError("down")


class LostLine:
    """What a station's uplink is while it is not connected."""

    connected = False

    def __init__(self) -> None:
        self.questions: Final = Questions("st-1", SystemClock(), _refuse)
