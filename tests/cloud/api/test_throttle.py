"""The arithmetic of waiting."""

from hypothesis import given
from hypothesis import strategies as st

from cloud.api.throttle import Subject, subjects, wait_ms

SUBJECT = Subject("address:x", 5, 600_000)


def test_the_wait_doubles_up_to_ten_minutes() -> None:
    waits = [wait_ms(SUBJECT, failures, 0, 0) // 1000 for failures in range(20)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600, 600, 600]


@given(failures=st.integers(0, 10**6), last=st.integers(0, 10**9), later=st.integers(0, 10**7))
def test_waiting_ends(failures: int, last: int, later: int) -> None:
    left = wait_ms(SUBJECT, failures, last, last + later)
    assert 0 <= left <= 600_000
    assert left == 0 or later < 600_000


def test_what_was_typed_as_login_does_not_stand_in_the_name() -> None:
    login, address = subjects("mật khẩu", "10.1.2.3")
    assert "mật" not in login.name
    assert address.name == "address:10.1.2.3"
    assert address.free > login.free


def test_a_login_waits_a_minute_at_most_so_that_nobody_is_kept_out() -> None:
    login, address = subjects("x", "10.1.2.3")
    assert wait_ms(login, 1_000, 0, 0) == 60_000
    assert wait_ms(address, 1_000, 0, 0) == 600_000


def test_an_ipv6_network_counts_as_one() -> None:
    first, second = (subjects("x", f"2001:db8::{tail}")[1] for tail in ("1", "ffff"))
    assert first == second == Subject("address:2001:db8::/64", 30, 600_000)


def test_an_unknown_address_is_still_throttled() -> None:
    assert subjects("x", "")[1].name == "address:unknown"
