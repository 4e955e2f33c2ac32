"""One thread that watches all readers and tells how they are, until it is ended or pcscd is."""

import threading
from collections.abc import Callable
from typing import Final

from edge.drivers.card.errors import READER_GONE, Code, PcscError
from edge.drivers.card.pcsc import NEW_READER, Context, ReaderState

LOOK_AGAIN_MS: Final = 10_000
"""After so long without news the readers are listed anew: one may have been plugged in between list and wait."""
PAUSE_S: Final = 0.02
"""Between two looks: a reader with a bad contact does not flood anybody."""
_END_TRIES: Final = 40
_END_INTERVAL_S: Final = 0.05


class Status:
    """`tell` is called in the thread, with every look: how each reader is, none when there is none."""

    def __init__(self, tell: Callable[[tuple[ReaderState, ...]], None]) -> None:
        self._tell = tell
        self._over = threading.Event()
        self._done = threading.Event()
        self._context: Context | None = None

    def run(self) -> None:
        """Watch until `end`; PcscError when pcscd does not run or was ended."""
        try:
            with Context() as context:
                self._context = context
                self._watch(context)
        except PcscError as error:
            if error.code != Code.CANCELLED:
                raise
        finally:
            self._done.set()

    def end(self) -> bool:
        """Let `run` end; tell whether it has. It may block, so call it in a thread.

        Cancelling is repeated, since PC/SC forgets it when the other thread was not yet waiting.
        """
        self._over.set()
        for _ in range(_END_TRIES):
            if self._context is not None:
                self._context.cancel()
            if self._done.wait(_END_INTERVAL_S):
                return True
        return False

    def _watch(self, context: Context) -> None:
        states: tuple[ReaderState, ...] = ()
        while not self._over.is_set():
            states = self._look(context, states)
            self._tell(states)
            self._over.wait(PAUSE_S)

    def _look(self, context: Context, before: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
        """Return how the readers are, as soon as that is news; tell at once of those that are not there any more."""
        names = context.readers()
        kept = [state for state in before if state.name in names]
        if len(kept) < len(before) or not names:
            self._tell(tuple(kept))
        known = {state.name for state in kept}
        asked = [*kept, *(ReaderState(name) for name in names if name not in known)]
        try:
            states = context.wait([*asked, ReaderState(NEW_READER)], LOOK_AGAIN_MS)
        except PcscError as error:
            if error.code not in READER_GONE:
                raise
            return tuple(kept)
        return states[: len(asked)]
