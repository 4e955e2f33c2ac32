"""What every parser is tried with: bytes of all kinds, of which none may end in anything but a value or a CardError."""

from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from edge.idcard.errors import CardError

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes is the machine's mood, not the parser's."""


def damaged(right: bytes) -> st.SearchStrategy[bytes]:
    """`right` with a byte or some changed, cut out or put in; and bytes that never were right."""
    return st.one_of(
        st.binary(max_size=200), st.builds(_change, st.just(right), _places, _places, st.binary(max_size=6))
    )


_places = st.floats(0, 1, allow_nan=False)


def _change(right: bytes, where: float, upto: float, by: bytes) -> bytes:
    first = int(where * len(right))
    last = min(first + int(upto * 8), len(right))
    return right[:first] + by + right[last:]


def gives_a_value_or_a_card_error(parse: Callable[[bytes], object], data: bytes) -> None:
    with suppress(CardError):
        parse(data)


def assert_no_front_piece_passes(parse: Callable[[bytes], object], right: bytes) -> None:
    """Each front piece of what is right is refused, and so is anything behind it."""
    parse(right)
    for wrong in (*(right[:length] for length in range(len(right))), right + b"\0"):
        try:
            parse(wrong)
        except CardError:
            continue
        raise AssertionError(f"{len(wrong)} bytes passed for {len(right)}")
