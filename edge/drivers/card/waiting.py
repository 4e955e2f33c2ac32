"""Waiting for a card without a loop, for the command line."""

import time
from collections.abc import Callable

from edge.drivers.card.errors import READER_GONE, PcscError
from edge.drivers.card.pcsc import NEW_READER, Context, ReaderState
from edge.idcard.errors import GoneError, ReaderGoneError


def wait_for_card(wanted: str, timeout_s: float, *, say: Callable[[str], None]) -> ReaderState:
    """Return the first card on a reader with `wanted` in its name; `say` is told once what is waited for.

    ReaderGoneError when there is no such reader or no pcscd, GoneError when no card comes in time.
    """
    deadline_s = time.monotonic() + timeout_s
    with Context() as context:
        states = look_at_all(context, wanted)
        if not states:
            raise ReaderGoneError(missing_reader(wanted, context.readers()))
        if not any(state.is_present for state in states):
            say(f"Lay the card on {states[0].name} ...")
        while not any(state.is_present for state in states):
            left_ms = int((deadline_s - time.monotonic()) * 1000)
            if left_ms <= 0:
                raise GoneError
            states = _next(context, states, left_ms)
    return next(state for state in states if state.is_present)


def look_at_all(context: Context, wanted: str) -> list[ReaderState]:
    """Return how the readers with `wanted` in their names are; those that can be used."""
    states = [context.look(name) for name in context.readers() if wanted in name]
    return [state for state in states if state.is_usable]


def missing_reader(wanted: str, others: tuple[str, ...]) -> str:
    """Return what to say where no reader fits."""
    if others:
        return f"no reader with {wanted!r} in its name; there are: {', '.join(others)}"
    return "no reader"


def _next(context: Context, states: list[ReaderState], left_ms: int) -> list[ReaderState]:
    try:
        seen = context.wait([*states, ReaderState(NEW_READER)], left_ms)
    except PcscError as error:
        if error.code not in READER_GONE:
            raise
        raise ReaderGoneError("the reader was unplugged") from error
    return list(seen[: len(states)])
