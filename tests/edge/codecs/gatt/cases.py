"""What every characteristic is tried with: each combination of its optional fields, and each front piece of a value."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from edge.codecs.gatt.errors import CodecError
from edge.codecs.instrument import DamageReason, DeviceTime

AT = DeviceTime(2026, 11, 22, 8, 5, 59)

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes is the machine's mood, not the codec's."""

sfloats = st.builds(
    lambda mantissa, exponent: Decimal(mantissa).scaleb(exponent),
    st.integers(-2045, 2045),
    st.integers(-8, 7),
)

times = st.one_of(
    st.datetimes().map(
        lambda at: DeviceTime(max(at.year, 1582), at.month, min(at.day, 28), at.hour, at.minute, at.second)
    ),
    st.builds(
        DeviceTime,
        year=st.none(),
        month=st.none() | st.integers(1, 12),
        day=st.none() | st.integers(1, 29),
        hour=st.integers(0, 23),
        minute=st.integers(0, 59),
        second=st.integers(0, 59),
    ),
)


def subsets(optional: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every choice of optional fields, from none to all."""
    names = list(optional)
    chosen = chain.from_iterable(combinations(names, count) for count in range(len(names) + 1))
    return ({name: optional[name] for name in names_chosen} for names_chosen in chosen)


def assert_no_front_piece_passes(decode: Callable[[bytes], object], frame: bytes) -> None:
    """Cut `frame` anywhere: each piece is said to be cut, with its size."""
    for size in range(len(frame)):
        with pytest.raises(CodecError) as caught:
            decode(frame[:size])
        assert caught.value.damage.reason is DamageReason.TRUNCATED
        assert caught.value.damage.size == size


def assert_what_follows_is_ignored(decode: Callable[[bytes], object], frame: bytes) -> None:
    """Append what a later revision could: the value stays the same, up to the longest that is taken."""
    assert decode(frame + b"\xff\x00") == decode(frame)
    with pytest.raises(CodecError) as caught:
        decode(frame.ljust(513, b"\x00"))
    assert caught.value.damage.reason is DamageReason.TOO_LONG
