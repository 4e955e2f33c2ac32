from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.codecs.gatt.ieee11073 import decode_float, decode_sfloat
from tests.edge.codecs.gatt.cases import sfloats, unhurried
from tests.fakes.ble.encode import INFINITE, NAN, NRES, long_float, sfloat


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0x0000, "0"),
        (0x0078, "120"),
        (0xF0BD, "18.9"),
        (0xF4F6, "127.0"),
        (0xB06F, "0.00111"),
        (0x0201, "513"),
        (0xFE01, "-51.1"),
        (0x07FD, "2045"),
        (0x0803, "-2045"),
        (0xF7FF, "204.7"),
        (0x17FF, "20470"),
        (0xF800, "-204.8"),
        (0x7001, "10000000"),
        (0x8001, "0.00000001"),
    ],
)
def test_an_sfloat_is_mantissa_and_power_of_ten(raw: int, value: str) -> None:
    assert decode_sfloat(raw) == Decimal(value)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0xFF00016C, "36.4"),
        (0xFE000EB0, "37.60"),
        (0xFE000D97, "34.79"),
        (0xFE000E71, "36.97"),
        (0x04030201, "1971210000"),
        (0xFC03FE01, "26.1633"),
        (0x04FD02FF, "-1958410000"),
        (0xFF7FFFFF, "838860.7"),
        (0x7F000001, "1e127"),
        (0x80000001, "1e-128"),
    ],
)
def test_a_float_is_the_same_with_more_digits(raw: int, value: str) -> None:
    assert decode_float(raw) == Decimal(value)


@pytest.mark.parametrize("raw", [0x07FE, 0x07FF, 0x0800, 0x0801, 0x0802])
def test_an_sfloat_that_is_no_number_is_no_value(raw: int) -> None:
    assert decode_sfloat(raw) is None


@pytest.mark.parametrize("raw", [0x007FFFFE, 0x007FFFFF, 0x00800000, 0x00800001, 0x00800002])
def test_a_float_that_is_no_number_is_no_value(raw: int) -> None:
    assert decode_float(raw) is None


@pytest.mark.parametrize("special", [NAN, NRES, INFINITE, -INFINITE])
def test_a_devices_own_specials_are_no_value(special: Decimal) -> None:
    assert decode_sfloat(int.from_bytes(sfloat(special), "little")) is None
    assert decode_float(int.from_bytes(long_float(special), "little")) is None


def test_only_five_patterns_of_all_are_no_value() -> None:
    silent = [raw for raw in range(1 << 16) if decode_sfloat(raw) is None]
    assert silent == [0x07FE, 0x07FF, 0x0800, 0x0801, 0x0802]


@unhurried
@given(sfloats)
def test_every_sfloat_comes_back_as_it_was_sent(value: Decimal) -> None:
    assert decode_sfloat(int.from_bytes(sfloat(value), "little")) == value


@unhurried
@given(st.integers(-8388605, 8388605), st.integers(-128, 127))
def test_every_float_comes_back_as_it_was_sent(mantissa: int, exponent: int) -> None:
    value = Decimal(mantissa).scaleb(exponent)
    assert decode_float(int.from_bytes(long_float(value), "little")) == value


@unhurried
@given(st.integers(0, 2**32 - 1))
def test_whatever_32_bits_hold_is_a_finite_number_or_no_value(raw: int) -> None:
    value = decode_float(raw)
    assert value is None or value.is_finite()
