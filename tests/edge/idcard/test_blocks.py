import pytest

from edge.idcard.blocks import HEAD_BYTES, LONG_BYTES, PROTECTION_BYTES, Blocks, Manner

AES_OVERHEAD = 33


def test_long_answers_are_tried_while_nothing_is_known() -> None:
    blocks = Blocks()
    assert blocks.is_long
    assert blocks.first_bytes(AES_OVERHEAD) == blocks.bytes_at_once(AES_OVERHEAD) == LONG_BYTES


@pytest.mark.parametrize(
    ("capacity", "asked"),
    [(65_536, LONG_BYTES), (1024, 1024 - PROTECTION_BYTES), (576, 512), (575, 223), (272, 223), (0, 223)],
)
def test_no_more_is_asked_than_the_reader_says_it_takes(capacity: int, asked: int) -> None:
    blocks = Blocks(capacity)
    assert blocks.bytes_at_once(AES_OVERHEAD) == asked
    assert blocks.is_long == (asked > 256)


def test_a_long_answer_that_fails_makes_them_short_for_good() -> None:
    blocks = Blocks()
    blocks.asking(LONG_BYTES)
    assert blocks.step_down(refused=False)
    assert blocks.manner is Manner.SHORT
    assert blocks.bytes_at_once(AES_OVERHEAD) == blocks.first_bytes(AES_OVERHEAD) == 223


def test_a_failure_of_what_has_already_come_through_is_something_else() -> None:
    blocks = Blocks()
    blocks.asking(LONG_BYTES)
    blocks.passed(LONG_BYTES)
    assert not blocks.step_down(refused=True)
    assert blocks.is_long


def test_a_short_answer_to_a_long_question_proves_nothing_about_long_answers() -> None:
    blocks = Blocks()
    blocks.asking(LONG_BYTES)
    blocks.passed(95)
    assert blocks.step_down(refused=True)
    assert not blocks.is_long


def test_a_chip_that_refuses_to_be_asked_beyond_the_end_is_asked_with_care() -> None:
    blocks = Blocks(0)
    blocks.asking(223)
    assert blocks.step_down(refused=True)
    assert blocks.manner is Manner.CAREFUL
    assert blocks.first_bytes(AES_OVERHEAD) == HEAD_BYTES
    assert blocks.bytes_at_once(AES_OVERHEAD) == 223
    assert not blocks.step_down(refused=True)


def test_a_garbled_short_answer_is_no_reason_for_care() -> None:
    blocks = Blocks(0)
    blocks.asking(223)
    assert not blocks.step_down(refused=False)


def test_a_refusal_is_no_reason_for_care_once_a_file_ended_early_without_one() -> None:
    blocks = Blocks(0)
    blocks.asking(223)
    blocks.passed(95)
    blocks.asking(223)
    assert not blocks.step_down(refused=True)
    assert blocks.manner is Manner.SHORT


def test_a_step_down_that_did_not_help_either_is_forgotten() -> None:
    blocks = Blocks()
    blocks.asking(LONG_BYTES)
    assert blocks.step_down(refused=True)
    blocks.asking(223)
    assert blocks.step_down(refused=True)
    blocks.give_up()
    assert blocks.is_long


def test_a_step_down_that_helped_stays() -> None:
    blocks = Blocks()
    blocks.asking(LONG_BYTES)
    assert blocks.step_down(refused=True)
    blocks.asking(223)
    blocks.passed(223)
    blocks.give_up()
    assert blocks.manner is Manner.SHORT


def test_giving_up_changes_nothing_where_nothing_was_tried() -> None:
    for capacity, manner in ((None, Manner.LONG), (0, Manner.SHORT)):
        blocks = Blocks(capacity)
        blocks.give_up()
        assert blocks.manner is manner
