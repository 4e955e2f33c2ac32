import pytest

from cloud.payments.errors import NoticeError
from cloud.payments.money import MAX_DONG
from cloud.payments.notice import MAX_TXN_LENGTH
from tests.cloud.payments.samples import taken


@pytest.mark.parametrize("txn", ["", "x" * (MAX_TXN_LENGTH + 1), "a\nb", "a\x00"])
def test_money_has_a_usable_number(txn: str) -> None:
    with pytest.raises(NoticeError):
        taken(txn)


@pytest.mark.parametrize("amount_dong", [0, -1, MAX_DONG + 1])
def test_money_has_a_usable_amount(amount_dong: int) -> None:
    with pytest.raises(NoticeError):
        taken("t1", amount_dong)


def test_the_largest_of_both_is_taken() -> None:
    largest = taken("x" * MAX_TXN_LENGTH, MAX_DONG)
    assert (len(largest.key.txn), largest.amount_dong) == (64, 999_999_999_999)
