"""What other systems call their states."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.requests.booking import BOOKING
from cloud.requests.dossier import DOSSIER
from cloud.requests.flow import Flow
from cloud.requests.outside import (
    CIVIC_1022,
    HOSPITAL,
    MAX_WORD_LENGTH,
    NATIONAL_PORTAL,
    REFERRALS,
    SOCIAL_INSURANCE,
    Meaning,
    Vocabulary,
)
from cloud.requests.referral import REFERRAL
from cloud.requests.report import REPORT
from cloud.requests.request import Decision, State

PORTAL = Vocabulary(NATIONAL_PORTAL)


@pytest.mark.parametrize("word", NATIONAL_PORTAL)
def test_every_public_state_of_the_portal_is_one_of_a_dossier(word: str) -> None:
    meaning = PORTAL.meaning(word)
    assert meaning == NATIONAL_PORTAL[word]
    assert meaning is not None
    assert meaning.state in DOSSIER.states


@pytest.mark.parametrize(
    ("words", "flow"),
    [(SOCIAL_INSURANCE, DOSSIER), (HOSPITAL, BOOKING), (REFERRALS, REFERRAL), (CIVIC_1022, REPORT)],
)
def test_what_a_far_end_says_is_a_state_of_its_kind_and_it_can_say_every_end(
    words: dict[str, Meaning], flow: Flow
) -> None:
    states = {meaning.state for meaning in words.values()}
    assert states <= flow.states
    assert flow.ends <= states
    assert len({word.casefold() for word in words}) == len(words)


def test_the_insurances_last_word_says_what_was_decided() -> None:
    insurance = Vocabulary(SOCIAL_INSURANCE)
    assert insurance.meaning("đã cấp thẻ") == Meaning(State.DELIVERED, Decision.GRANTED)
    assert insurance.meaning("Từ chối cấp thẻ") == Meaning(State.DELIVERED, Decision.DENIED)


@pytest.mark.parametrize("word", NATIONAL_PORTAL)
def test_case_blanks_and_composition_make_no_difference(word: str) -> None:
    typed = f"  {unicodedata.normalize('NFD', word.upper())}\n".replace(" ", "  ")
    assert PORTAL.meaning(typed) == NATIONAL_PORTAL[word]


def test_states_that_people_confuse_are_kept_apart() -> None:
    assert PORTAL.meaning("Được tiếp nhận") == Meaning(State.RECEIVED)
    assert PORTAL.meaning("Không được tiếp nhận") == Meaning(State.REFUSED)
    assert PORTAL.meaning("Đã xử lý xong") != PORTAL.meaning("Đang xử lý")


@pytest.mark.parametrize("word", ["", "Duoc tiep nhan", "Tạm dừng", "Đang xử lý " * 20])
def test_an_unknown_word_means_nothing(word: str) -> None:
    assert PORTAL.meaning(word) is None


@given(st.text(max_size=3 * MAX_WORD_LENGTH))
def test_no_word_is_guessed(word: str) -> None:
    assert PORTAL.meaning(word) is None or len(word) <= MAX_WORD_LENGTH
