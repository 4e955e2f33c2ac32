"""When a message is tried again, and when its target is left in peace."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.notify.policy import MAX_ATTEMPTS, MIN_GAP_MS, hold_until_ms, retry_at_ms
from cloud.sos.plan import Channel

NOW_MS = 1_000_000


def test_attempts_come_further_and_further_apart_and_end() -> None:
    waits = [retry_at_ms(attempts, NOW_MS) for attempts in range(1, MAX_ATTEMPTS + 1)]
    assert [wait and (wait - NOW_MS) // 1000 for wait in waits] == [1, 2, 4, 8, 16, 30, 30, None]


def test_what_is_final_is_not_tried_again() -> None:
    assert retry_at_ms(1, NOW_MS, is_final=True) is None


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.PUSH])
def test_a_target_that_has_just_had_one_is_left_in_peace(channel: Channel) -> None:
    free_ms = NOW_MS + MIN_GAP_MS[channel]
    assert hold_until_ms(channel, NOW_MS, NOW_MS + 1, is_first=False) == free_ms
    assert hold_until_ms(channel, NOW_MS, free_ms, is_first=False) is None


def test_who_was_never_sent_anything_waits_for_nothing() -> None:
    assert hold_until_ms(Channel.SMS, None, NOW_MS, is_first=False) is None


def test_the_log_is_patient() -> None:
    assert hold_until_ms(Channel.LOG, NOW_MS, NOW_MS, is_first=False) is None


@given(st.sampled_from(list(Channel)), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_first_message_of_an_incident_is_never_held_back(
    channel: Channel, sent_ms: int, now_ms: int
) -> None:
    assert hold_until_ms(channel, sent_ms, now_ms, is_first=True) is None
