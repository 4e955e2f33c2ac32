"""What systems say and how their numbers look, beside what the simulated ones say."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.routes import Protocol
from cloud.connectors.dialects import DIALECTS
from cloud.connectors.simulators.manners import MANNERS
from cloud.requests.request import Decision
from cloud.requests.tracking import MAX_LENGTH

TAKEN = [each for each in Protocol if each.takes_requests]


def test_every_system_that_takes_requests_is_spoken_to_and_simulated() -> None:
    assert [*DIALECTS] == [*MANNERS] == TAKEN


@pytest.mark.parametrize("protocol", TAKEN)
def test_no_far_end_says_a_word_that_is_not_known(protocol: Protocol) -> None:
    manner, words = MANNERS[protocol], DIALECTS[protocol].words
    said = {manner.first, *manner.steps, *(step.status for step in manner.steps.values())}
    for word in said | set(manner.after.values()):
        assert words.meaning(word) is not None, word


@pytest.mark.parametrize("protocol", TAKEN)
def test_what_a_far_end_does_by_itself_comes_to_an_end(protocol: Protocol) -> None:
    steps = MANNERS[protocol].steps
    for word in steps:
        seen = [word]
        while seen[-1] in steps and len(seen) <= len(steps) + 1:
            seen.append(steps[seen[-1]].status)
        assert len(set(seen)) == len(seen), "in a circle"
    assert all(step.decision in {None, *Decision} for step in steps.values())


@pytest.mark.parametrize("protocol", TAKEN)
def test_the_numbers_of_a_far_end_are_read_however_they_are_typed(protocol: Protocol) -> None:
    number = MANNERS[protocol].number.format(day=dt.date(2026, 11, 23), serial=7)
    read = DIALECTS[protocol].number
    assert read(number) == read(f" {number.lower()} ") == number


@given(st.sampled_from(TAKEN), st.text(max_size=2 * MAX_LENGTH))
def test_a_number_that_is_read_is_short_plain_and_read_as_itself(protocol: Protocol, text: str) -> None:
    read = DIALECTS[protocol].number
    number = read(text)
    assert number is None or (number.isascii() and len(number) <= MAX_LENGTH and read(number) == number)
