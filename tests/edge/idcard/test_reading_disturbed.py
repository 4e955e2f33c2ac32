"""A card that is pulled, garbled or late at every single APDU of a reading: always a typed error, never a word of the person."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.idcard.blocks import Blocks
from edge.idcard.card import AccessKey
from edge.idcard.errors import (
    CardError,
    ClonedError,
    GarbledError,
    GoneError,
    OtherCardError,
    RefusedError,
    SilentError,
    UnreadableError,
    WrongKeyError,
)
from tests.edge.idcard.cards import assert_tells_nothing, assert_whole, can_of, fields_of, mrz_key_of, read
from tests.fakes.idcard.issuing import IssuedCard, Personalisation, issue
from tests.fakes.idcard.manners import Answers, Manners, noise
from tests.fakes.idcard.people import AN

DISTURBED = (GarbledError, RefusedError, WrongKeyError, ClonedError, OtherCardError, UnreadableError)
"""What noise may be taken for; nothing else says to the citizen what is not so."""
KINDS = [
    pytest.param(Personalisation(), can_of(AN), id="pace"),
    pytest.param(Personalisation(pace=False, ca=False, aa="rsa"), mrz_key_of(AN), id="bac"),
]


def flipped(answer: bytes) -> bytes:
    """One bit of the data, or of the status where there is none."""
    return bytes([answer[0] ^ 1]) + answer[1:]


def silent(_answer: bytes) -> bytes:
    raise SilentError("no answer in time")


GARBLES: list[Callable[[bytes], bytes]] = [
    noise,
    flipped,
    lambda _answer: b"",
    lambda _answer: b"\x90",
    lambda _answer: b"\x90\x00",
    lambda _answer: b"\x6f\x00",
    lambda _answer: b"\x61\x10",
    lambda _answer: b"\x6c\x10",
    lambda answer: answer[:-3] + answer[-2:],
    lambda answer: answer + answer,
    lambda answer: answer.ljust(70_000, b"\x30"),
]
GARBLE_NAMES = ["noise", "bit", "empty", "half", "only-9000", "6F00", "6110", "6C10", "cut", "twice", "huge"]


def apdus_of_a_whole_reading(plan: Personalisation, *, extended: bool) -> int:
    card = issue(plan, Manners(extended=extended))
    return read(card, mrz_key_of(AN), blocks=blocks_for(extended=extended), with_mrz=True).apdus


def blocks_for(*, extended: bool) -> Blocks:
    """A reader that says how long its answers may be, so that nothing has to be tried."""
    return Blocks(None if extended else 256)


def outcome(card: IssuedCard, key: AccessKey, blocks: Blocks | None = None) -> type[CardError] | None:
    """The error's type, None for a reading that came to a good end after all."""
    try:
        found = read(card, key, blocks=blocks, with_mrz=True)
    except CardError as error:
        assert_tells_nothing(error, card.person)
        return type(error)
    assert found.fields == fields_of(card.person)
    assert found.photo is not None
    return None


@pytest.mark.parametrize(("plan", "key"), KINDS)
@pytest.mark.parametrize("extended", [True, False])
def test_a_card_that_is_pulled_at_any_apdu_is_gone(
    plan: Personalisation, key: AccessKey, *, extended: bool
) -> None:
    for at in range(1, apdus_of_a_whole_reading(plan, extended=extended) + 1):
        card = issue(plan, Manners(extended=extended, pulled_at=at))
        assert outcome(card, key, blocks_for(extended=extended)) is GoneError
        assert card.chip.apdus == at


@pytest.mark.parametrize(("plan", "key"), KINDS)
def test_a_card_that_does_not_answer_at_some_apdu_is_silent_or_read_in_shorter_pieces(
    plan: Personalisation, key: AccessKey
) -> None:
    for at in range(1, apdus_of_a_whole_reading(plan, extended=True) + 1):
        card = issue(plan, Manners(garbage_at=at, garble=silent))
        assert outcome(card, key) in {SilentError, None}


@pytest.mark.parametrize("garble", GARBLES, ids=GARBLE_NAMES)
@pytest.mark.parametrize(("plan", "key"), KINDS)
def test_garbage_at_any_apdu_never_gives_a_wrong_reading(
    plan: Personalisation, key: AccessKey, garble: Callable[[bytes], bytes]
) -> None:
    for at in range(1, apdus_of_a_whole_reading(plan, extended=True) + 1):
        card = issue(plan, Manners(garbage_at=at, garble=garble))
        found = outcome(card, key)
        assert found is None or issubclass(found, DISTURBED)


def test_garbage_in_the_middle_of_a_photo_in_short_pieces_is_garbage() -> None:
    whole = apdus_of_a_whole_reading(Personalisation(), extended=False)
    for at in range(whole // 2, whole + 1, 7):
        card = issue(manners=Manners(extended=False, garbage_at=at))
        assert outcome(card, can_of(AN), blocks_for(extended=False)) is GarbledError


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_octets_at_any_apdu_give_an_error_or_the_right_reading(data: st.DataObject) -> None:
    at = data.draw(st.integers(1, 25), label="at")
    said = data.draw(st.binary(max_size=300) | st.binary(max_size=40).map(lambda body: body + b"\x90\x00"))
    manners = Manners(garbage_at=at, garble=lambda _answer: said, answers=data.draw(st.sampled_from(Answers)))
    found = outcome(issue(manners=manners), mrz_key_of(AN))
    assert found is None or issubclass(found, DISTURBED)


def test_the_same_card_is_read_whole_after_it_was_pulled_and_laid_down_again() -> None:
    card = issue(manners=Manners(pulled_at=9))
    assert outcome(card, can_of(AN)) is GoneError
    card.chip.reset()
    assert_whole(read(card, with_mrz=True), card)
