"""A card on a reader as the port that edge.idcard speaks through (edge.idcard.port.Port)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from edge.drivers.card.errors import Code, PcscError, card_error
from edge.drivers.card.features import max_apdu_bytes
from edge.drivers.card.pcsc import TRANSMITTING, Connection, Context, ReaderState
from edge.idcard.blocks import Blocks
from edge.idcard.errors import CardError, GoneError

REMOVAL_LIMIT_S: Final = 0.6
"""A reader that is polled notices within 0.4 s that a card was taken away; until then it only says that it gave no answer."""
_UNDECIDED: Final = frozenset({Code.NOT_TRANSACTED, Code.UNRESPONSIVE_CARD, Code.UNPOWERED_CARD})


class CardPort:
    """One insertion of a card, connected. What is sent after `stop` was set is not sent any more: GoneError."""

    def __init__(
        self, context: Context, connection: Connection, insertion: ReaderState, stop: threading.Event
    ) -> None:
        self._context = context
        self._connection = connection
        self._insertion = insertion
        self._stop = stop

    def transmit(self, apdu: bytes) -> bytes:
        """Send one command APDU; GoneError, SilentError or, without reader or pcscd, ReaderGoneError."""
        if self._stop.is_set():
            raise GoneError
        try:
            response = self._connection.transmit(apdu)
        except PcscError as error:
            raise _judged(self._context, self._insertion, error) from error
        if not response:  # some drivers take the end of the connection for an answer
            raise _judged(self._context, self._insertion, PcscError(TRANSMITTING, Code.NOT_TRANSACTED))
        return response

    def capacity_bytes(self) -> int | None:
        """Return how many bytes of data the reader says an APDU may have, 0: only short ones; None: it does not say."""
        return max_apdu_bytes(self._connection)

    def blocks(self) -> Blocks:
        """Return block sizes as this reader allows them, with nothing tried yet."""
        return Blocks(self.capacity_bytes())


@contextmanager
def open_port(insertion: ReaderState, stop: threading.Event) -> Iterator[CardPort]:
    """Connect to exactly the card that `insertion` tells of; let go of it at the end.

    GoneError when it lies there no longer, although another one may; SilentError when it is mute or in use.
    """
    with Context() as context, _connected(context, insertion) as connection:
        if not _is_there(context.look(insertion.name), insertion):
            raise GoneError
        yield CardPort(context, connection, insertion, stop)


def _connected(context: Context, insertion: ReaderState) -> Connection:
    try:
        return context.connect(insertion.name)
    except PcscError as error:
        raise _judged(context, insertion, error) from error


def _judged(context: Context, insertion: ReaderState, error: PcscError) -> CardError:
    """Return what a failure means; the same code says that the card was pulled and that it is silent."""
    if error.code in _UNDECIDED and _is_removed(context, insertion):
        return GoneError()
    return card_error(error)


def _is_removed(context: Context, insertion: ReaderState) -> bool:
    """Give the reader the time that it needs to notice a removal."""
    deadline_s = time.monotonic() + REMOVAL_LIMIT_S
    try:
        state = context.look(insertion.name)
        while _is_there(state, insertion):
            left_ms = int((deadline_s - time.monotonic()) * 1000)
            if left_ms <= 0:
                return False
            (state,) = context.wait([state], left_ms)
    except PcscError:
        return False
    return True


def _is_there(state: ReaderState, insertion: ReaderState) -> bool:
    return state.is_present and state.events == insertion.events
