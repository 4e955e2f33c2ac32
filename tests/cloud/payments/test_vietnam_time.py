from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import NoticeError
from cloud.payments.vietnam_time import compact, day_ms, from_compact, moment


def test_a_time_is_written_as_vnpay_has_it() -> None:
    assert from_compact("20261122091530") == 1_795_313_730_000
    assert compact(1_795_313_730_999) == "20261122091530"


@given(st.integers(0, 4_000_000_000))
def test_what_is_written_is_read(at_s: int) -> None:
    assert from_compact(compact(at_s * 1000)) == at_s * 1000


@pytest.mark.parametrize(
    "text", ["", "2026112209153", "202611220915300", "20261322091530", "2026112209153x", "٢٠٢٦١١٢٢٠٩١٥٣٠"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NoticeError):
        from_compact(text)


def test_a_day_is_vietnams() -> None:
    start, end = day_ms(date(2026, 11, 22))
    assert (moment(start).isoformat(), moment(end).isoformat()) == (
        "2026-11-22T00:00:00+07:00",
        "2026-11-23T00:00:00+07:00",
    )
