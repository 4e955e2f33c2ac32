import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.payments.errors import AmountError
from cloud.payments.reference import MAX_MEMO_LENGTH, MAX_SERIAL, find_reference, is_reference, reference_of

serials = st.integers(0, MAX_SERIAL)
NUMBER = reference_of(1_234_567_890)


@given(serials)
def test_a_reference_is_recognised_and_found_in_what_banks_make_of_it(serial: int) -> None:
    reference = reference_of(serial)
    assert is_reference(reference)
    assert len(reference) == 16
    for memo in (
        reference,
        f"MBVCB.123456.{reference}.CT tu 0011001234567 NGUYEN VAN AN toi TCDS",
        f"nop le phi {reference.lower()}",
        f"{reference[:7]} {reference[7:]}",
        f"{reference} 0901234567",
        f"{reference}-{reference}",
    ):
        assert find_reference(memo) == reference


@given(serials, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_never_another_order(serial: int, at: int, by: int) -> None:
    digits = reference_of(serial)[4:]
    wrong = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert not is_reference(f"TCDS{wrong}")
    assert find_reference(f"TCDS{wrong}") is None


@given(serials, st.integers(0, 10))
def test_two_digits_in_the_wrong_order_are_never_another_order(serial: int, at: int) -> None:
    digits = reference_of(serial)[4:]
    swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert is_reference(f"TCDS{swapped}") == (swapped == digits)


@given(st.text(max_size=80))
def test_any_memo_is_survived_and_what_is_found_is_a_reference(memo: str) -> None:
    found = find_reference(memo)
    assert found is None or is_reference(found)


def test_a_memo_of_two_orders_names_none() -> None:
    assert find_reference(f"{NUMBER} {reference_of(5)}") is None


def test_only_the_beginning_of_a_long_memo_is_looked_at() -> None:
    assert find_reference("x" * (MAX_MEMO_LENGTH - 16) + NUMBER) == NUMBER
    assert find_reference("x" * MAX_MEMO_LENGTH + NUMBER) is None


@pytest.mark.parametrize("text", ["", "TCDS", "TCDS000123", f"{NUMBER}0", f" {NUMBER}", NUMBER.lower()])
def test_what_is_nearly_a_reference_is_none(text: str) -> None:
    assert not is_reference(text)


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert not is_reference(NUMBER.translate({ord("1"): "\u0661"}))


@pytest.mark.parametrize("serial", [-1, MAX_SERIAL + 1])
def test_a_serial_number_has_ten_digits(serial: int) -> None:
    with pytest.raises(AmountError):
        reference_of(serial)
